from collections import defaultdict
from itertools import combinations, product

from hypothesis import given, settings
from hypothesis import strategies as st

from domain.aggregates.rounding.shape import (
    ABSENCE,
    ALL,
    Scale,
    Table,
    groups_of,
    regrouped,
    scale,
)
from domain.aggregates.rounding.topdown import round_table

KEY = b"a secret of the school year 2025, for tests"
YEARS = ("1_2", "3_4")
GROUPS = groups_of(YEARS)
SMALL = scale("small", below=["0_5", "5_10"], above=["10_20", "20_plus"])


def rounded(table: Table, key: bytes = KEY, unit: str = "99AA00", school_year: int = 2025) -> Table:
    """Round a table of a branch of the tests."""
    return round_table(table, secret=key, school_year=school_year, unit=unit)


def keys(number: int) -> list[bytes]:
    """Return secrets of as many school years."""
    return [f"key {at} of a school year, for tests only".encode() for at in range(number)]


@st.composite
def tables(draw: st.DrawFn, groups: int = len(GROUPS), highest: int = 30) -> Table:
    """Draw a table of which half the cells are small."""
    cells = draw(
        st.lists(
            st.lists(
                st.one_of(st.integers(0, 6), st.integers(0, highest)),
                min_size=groups,
                max_size=groups,
            ),
            min_size=len(ABSENCE.categories),
            max_size=len(ABSENCE.categories),
        )
    )
    return Table(ABSENCE, GROUPS[:groups], tuple(map(tuple, cells)))


@given(tables(), st.binary(min_size=32, max_size=40))
@settings(max_examples=80, deadline=None)
def test_every_count_is_none_or_five_and_parents_are_kept(table: Table, key: bytes) -> None:
    """No cell, part or group of a rounded table has one to four pupils, and the total is kept."""
    found = rounded(table, key)
    assert all(count == 0 or count >= 5 for row in found.cells for count in row)
    if table.total >= 5 or table.total == 0:
        assert found.total == table.total
        assert found.by_group == regrouped(table, found.groups).by_group
    for name in ABSENCE.spans:
        assert found.part(name) == 0 or found.part(name) >= 5


@given(tables(), st.binary(min_size=32, max_size=40))
@settings(max_examples=60, deadline=None)
def test_what_is_published_could_be_the_truth(table: Table, key: bytes) -> None:
    """A rounded table is left as it is, by the same key and by any other."""
    found = rounded(table)
    assert rounded(found) == found
    assert rounded(found, key, "99ZZ00", 2031) == found


@given(tables(groups=1))
@settings(max_examples=80, deadline=None)
def test_a_zero_stands_for_four_at_most(table: Table) -> None:
    """Of a whole unit no part with five pupils or more is shown as 0, and none without as five."""
    found = rounded(table)
    if table.total < 5:
        return
    for name in ABSENCE.spans:
        assert (found.part(name) == 0) <= (table.part(name) < 5)
        assert (found.part(name) >= 5) <= (table.part(name) >= 1)


def test_the_same_is_rounded_the_same() -> None:
    """A table's rounding depends on its counts, the key, the year, the unit and the scale alone."""
    table = Table(ABSENCE, GROUPS, ((9, 8, 7, 9), (3, 2, 4, 1), (1, 2, 1, 3), (1, 0, 2, 0),
                                    (0, 1, 0, 0), (0, 0, 0, 1)))  # fmt: skip
    assert rounded(table) == rounded(table)
    differing = [
        {rounded(table, key) for key in keys(20)},
        {rounded(table, unit=f"99AA{at:02}") for at in range(20)},
        {rounded(table, school_year=year) for year in range(2020, 2040)},
    ]
    assert all(len(found) > 1 for found in differing)


def test_an_unchanged_count_keeps_its_answer_while_others_change() -> None:
    """Whether a small count becomes five does not depend on the small counts beside it."""
    for key in keys(40):
        answers = {
            rounded(Table(SMALL, ALL, ((60,), (other,), (20,), (2,))), key).cells[3][0]
            for other in (6, 7, 12, 30)
        }
        assert len(answers) == 1


def test_a_group_that_cannot_be_kept_is_joined() -> None:
    """Where no table of zeros and fives has the groups' totals, groups are joined and kept so."""
    table = Table(SMALL, GROUPS[:2], ((4, 4), (3, 3), (3, 3), (0, 0)))
    found = {rounded(table, key) for key in keys(50)}
    assert all(each.by_group == regrouped(table, each.groups).by_group for each in found)
    assert {len(each.groups) for each in found} == {1}


def test_nothing_is_recovered_from_any_tiny_table() -> None:
    """Over every truth of 12 pupils and many keys, no count or sum is known to be one to four.

    The attacker knows the code and the total and tries every key; it still finds two values for
    every count that may be under five.
    """
    truths = [cells for cells in product(range(13), repeat=4) if sum(cells) == 12]
    behind = defaultdict[tuple[int, ...], set[tuple[int, ...]]](set)
    for cells in truths:
        table = Table(SMALL, ALL, tuple((count,) for count in cells))
        for key in keys(15):
            behind[rounded(table, key).by_category].add(cells)
    sets = [each for size in (1, 2, 3) for each in combinations(range(4), size)]
    for shown, possible in behind.items():
        assert shown in possible
        for subset in sets:
            values = {sum(cells[at] for at in subset) for cells in possible}
            assert not values <= {1, 2, 3, 4}
            assert len(values) > 1 or min(values) >= 5


def test_any_declared_hierarchy_is_rounded() -> None:
    """A scale of another measure, of three tiers and one category alone, is divided alike."""
    tiers = scale("tier_of_truancy", none=["tier_0"], some=["tier_1", "tier_2", "tier_3"])
    assert isinstance(tiers, Scale)
    assert tiers.categories == ("tier_0", "tier_1", "tier_2", "tier_3")
    for key in keys(30):
        found = rounded(Table(tiers, ALL, ((180,), (4,), (3,), (2,))), key)
        assert found.total == 189
        assert all(count == 0 or count >= 5 for (count,) in found.cells)
        assert found.part("some") >= 5
