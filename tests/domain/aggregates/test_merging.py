from domain.aggregates.rounding.merging import (
    Branch,
    Unit,
    merge_branches,
    merge_groups,
    merge_municipalities,
)
from domain.aggregates.rounding.shape import SEXES, YEAR_GROUPS, Group, groups_of

YEARS = YEAR_GROUPS["PO"]


def pupils(*numbers: int) -> dict[Group, int]:
    """Return pupils by finest group, girls before boys."""
    return dict(zip(groups_of(YEARS), numbers, strict=True))


def branch(code: str, number: int, board: str = "B1", pc: str = "1000AA") -> Branch:
    """Return a primary school of one municipality."""
    return Branch(code, "PO", pc, "M1", board, "R1", "A1", number)


def test_sexes_are_joined_before_years() -> None:
    """A year group with too few of one sex is counted without sex; one too small at all joins."""
    found = merge_groups(pupils(12, 9, 20, 20, 2, 3, 15, 12), YEARS)
    assert found == (
        Group(("1_2",), SEXES),
        Group(("3_4",), ("f",)),
        Group(("3_4",), ("m",)),
        Group(("5_6", "7_8"), SEXES),
    )


def test_a_group_without_pupils_needs_no_other() -> None:
    """What nobody is in hides nobody, so it is not joined."""
    found = merge_groups(pupils(0, 30, 0, 25, 0, 22, 0, 0), YEARS)
    assert found == groups_of(YEARS)


def test_what_was_together_stays_together_all_year() -> None:
    """Groups are joined further when they shrink, and never parted when they grow."""
    first = merge_groups(pupils(12, 9, 20, 20, 20, 20, 20, 20), YEARS)
    grown = merge_groups(pupils(30, 30, 20, 20, 20, 20, 20, 20), YEARS, before=first)
    shrunk = merge_groups(pupils(30, 30, 20, 9, 20, 20, 20, 20), YEARS, before=grown)
    assert grown == first
    assert shrunk[:2] == (Group(("1_2",), SEXES), Group(("3_4",), SEXES))


def test_a_tiny_branch_joins_its_own_board_first_and_then_the_nearest() -> None:
    """A branch under ten is published with one of its board and municipality, else the nearest."""
    own = merge_branches([
        branch("99AA00", 6), branch("99BB00", 80, board="B2"), branch("99CC00", 90, pc="9000AA"),
    ])  # fmt: skip
    assert [unit.members for unit in own] == [("99BB00",), ("99CC00", "99AA00")]
    near = merge_branches([
        branch("99AA00", 6), branch("99BB00", 80, "B2", pc="1010AA"), branch("99CC00", 90, "B3"),
    ])  # fmt: skip
    assert [unit.members for unit in near] == [("99BB00",), ("99CC00", "99AA00")]


def test_units_only_ever_grow_within_a_year() -> None:
    """A branch that was joined stays so when it grows, and another that shrinks joins then."""
    first = merge_branches([branch("99AA00", 6), branch("99BB00", 80), branch("99CC00", 50)])
    later = merge_branches(
        [branch("99AA00", 60), branch("99BB00", 80), branch("99CC00", 4)], before=first
    )
    assert [unit.members for unit in first] == [("99BB00", "99AA00"), ("99CC00",)]
    assert [unit.members for unit in later] == [("99BB00", "99AA00", "99CC00")]


def test_a_municipality_of_two_schools_is_published_with_a_neighbour() -> None:
    """Municipalities of fewer than three units are joined until there are three."""
    units = [
        Unit(f"{place}{at}", (f"{place}{at}",), "PO", place, None, "R1", None)
        for place, number in (("M1", 1), ("M2", 1), ("M3", 4), ("M4", 3))
        for at in range(number)
    ]
    found = merge_municipalities(units, {"M1": ["M2"], "M2": ["M9", "M1", "M3"]})
    assert [(area.code, area.only_by_year) for area in found] == [
        ("M1+M2+M3", True),
        ("M4", False),
    ]
