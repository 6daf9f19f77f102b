from hypothesis import given, settings

from domain.aggregates.rounding.bounds import bounds
from domain.aggregates.rounding.levels import EVERYBODY, TOGETHER, By, Level, Row, publish
from domain.aggregates.rounding.merging import Area, Unit
from domain.aggregates.rounding.minutes import PRESENT, is_dominated, round_minutes
from domain.aggregates.rounding.shape import ABSENCE, SEXES, Group, Table, groups_of, regrouped
from domain.aggregates.rounding.showing import Form, show
from tests.domain.aggregates.test_rounding import GROUPS, KEY, rounded, tables

APART = groups_of(("1_2",))
JOINED = (Group(("1_2",), SEXES),)


def unit(code: str, place: str, board: str = "B1") -> Unit:
    """Return a primary school."""
    return Unit(code, (code,), "PO", place, board, "R1", "A1")


def row(*counts: int, units: int = 1) -> Row:
    """Return the row of everybody in a branch."""
    return Row(Level.BRANCH, "99AA00", By.NOTHING, EVERYBODY, ABSENCE, counts, units)


def rows(*, whole_year: bool) -> dict[tuple[str, str, str, str], tuple[int, ...]]:
    """Publish two municipalities, one of three schools and one of a single school."""
    cells = ((300, 290), (90, 80), (20, 10), (5, 0), (0, 0), (0, 0))
    apart = Table(ABSENCE, APART, cells)
    found = publish(
        [
            (unit("S1", "M1"), apart),
            (unit("S2", "M1", "B2"), apart),
            (unit("S3", "M1"), regrouped(apart, JOINED)),
            (unit("S4", "M2"), apart),
        ],
        [Area("M1+M2", ("M1", "M2"), only_by_year=True)],
        whole_year=whole_year,
    )
    return {(each.level, each.code, each.by, each.label): each.counts for each in found}


def test_a_branch_and_a_board_are_told_nothing_of_sex_or_year() -> None:
    """Of a branch and a board only the bands are published; from a municipality on also by sex."""
    found = rows(whole_year=False)
    by = {level: {key[2] for key in found if key[0] == level} for level in Level}
    assert by[Level.BRANCH] == {By.NOTHING}
    assert by[Level.BOARD] == {By.NOTHING, By.SECTOR}
    assert by[Level.MUNICIPALITY] == by[Level.COUNTRY] == set(By)


def test_who_is_not_told_apart_is_published_together() -> None:
    """Pupils of joined groups are a row of their own, so that the rows add up to the total."""
    found = rows(whole_year=False)
    sexes = [found[Level.MUNICIPALITY, "M1", By.SEX, label] for label in (*SEXES, TOGETHER)]
    whole = found[Level.MUNICIPALITY, "M1", By.NOTHING, EVERYBODY]
    assert tuple(map(sum, zip(*sexes, strict=True))) == whole
    assert sexes[2] == (590, 170, 30, 5, 0, 0)


def test_a_municipality_with_one_school_is_published_by_school_year_with_its_neighbour() -> None:
    """In a month it has no row; in a school year it has one together with its neighbour's."""
    month = {key[1] for key in rows(whole_year=False) if key[0] == Level.MUNICIPALITY}
    year = {key[1] for key in rows(whole_year=True) if key[0] == Level.MUNICIPALITY}
    assert (month, year) == ({"M1"}, {"M1+M2"})


def test_small_counts_and_shares_are_shown_as_words() -> None:
    """A zero, a five and a share under 5 % are told as such, and no share under fifty pupils."""
    shown = {each.part: each for each in show(row(20, 10, 5, 0, 0, 0))}
    assert (shown["10_20"].text, shown["20_50"].text, shown["0_5"].text) == ("about 5", "0-4", "20")
    assert all(each.share is None for each in shown.values())
    shown = {each.part: each for each in show(row(100, 60, 30, 8, 0, 0))}
    assert shown["20_50"].form is shown["50_plus"].form is Form.UNDER_5_PERCENT
    assert (shown["20_50"].count, shown["20_50"].share, shown["20_50"].high) == (None, None, None)
    assert shown["above_10"].share == 38 / 198


def test_a_coded_count_cannot_be_computed_from_the_others() -> None:
    """Where one count of a parent and its parts is coded, another is hidden beside it."""
    for counts in ((100, 60, 30, 12, 0, 0), (190, 0, 5, 5, 0, 0), (97, 97, 6, 0, 0, 0)):
        shown = {each.part: each.coded for each in show(row(*counts))}
        for family in (
            ("known", "below_10", "above_10"),
            ("below_10", "0_5", "5_10"),
            ("above_10", "10_20", "20_50", "50_plus"),
        ):
            assert sum(shown[name] for name in family) != 1


def test_a_rare_thing_is_a_number_where_many_are_left() -> None:
    """A share under 5 % of a whole country is told, for it is of many."""
    shown = {each.part: each for each in show(row(50000, 20000, 8000, 900, 300, 0, units=900))}
    assert (shown["50_plus"].text, shown["50_plus"].form) == ("300", Form.NUMBER)
    assert shown["50_plus"].share == 300 / 79200


@given(tables(groups=1, highest=12))
@settings(max_examples=100, deadline=None)
def test_the_truth_lies_within_the_bounds_of_a_branch(table: Table) -> None:
    """What rounding may have made of a true count is told without knowing any."""
    found = rounded(table)
    within, certain = bounds(row(*found.by_category))
    assert certain
    if table.total < 5:
        return
    for name, (low, high) in within.items():
        assert low <= table.part(name) <= high, (name, found.by_category)


# --- minutes ------------------------------------------------------------------------------


def test_a_total_that_one_pupil_dominates_is_not_shown() -> None:
    """The others, without two who tell theirs, have to have missed a tenth of what the most did."""
    assert is_dominated([6000, 50, 50, *[10] * 8])
    assert not is_dominated([600, 500, 400, *[30] * 8])
    assert is_dominated([600, 500, 400, 300, 300])


def test_time_is_told_in_whole_pupils() -> None:
    """Classes of time add up to what was scheduled; a dominated one is in fives."""
    scheduled = [6000] * 200
    absent = {"authorised": [300] * 200, "unauthorised": [5000, *[0] * 199]}
    seen = set[int]()
    for year in range(60):
        found = round_minutes(
            absent, scheduled, of=200, secret=KEY, school_year=2000 + year, unit="99AA00"
        )
        assert sum(found.steps.values()) == found.of == 200
        assert found.steps["authorised"] == 10
        assert found.steps[PRESENT] == 190 - found.steps["unauthorised"]
        seen.add(found.steps["unauthorised"])
    assert seen == {0, 5}


def test_one_pupil_more_changes_at_most_one_step() -> None:
    """Whoever compares two totals that differ by a pupil sees at most one step of difference."""
    for missed in (0, 60, 3000, 6000):
        of = [
            round_minutes(
                {"authorised": [400] * 60 + more}, [6000] * (60 + len(more)),
                of=60 + len(more), secret=KEY, school_year=2025, unit="99AA00",
            ).steps["authorised"]
            for more in ([], [missed])
        ]  # fmt: skip
        assert of[1] - of[0] in {0, 1}


def test_groups_of_the_tests_are_the_finest() -> None:
    """The tables that are drawn are told apart by year and sex."""
    assert GROUPS[:2] == APART
