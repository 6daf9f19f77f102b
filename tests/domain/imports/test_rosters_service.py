"""Rosters through the import login role, on a real database."""

from __future__ import annotations

from datetime import timedelta
from pathlib import Path

import pytest

from domain import clock
from domain.database import Database
from domain.imports.receipts import Outcome, ReceiptState
from tests.conftest import TestDatabase
from tests.domain.imports.school import School, new_school, pools, pupil, roster, school

__all__ = ["pools", "school"]
pytestmark = pytest.mark.asyncio(loop_scope="session")


def refused(outcome: Outcome) -> list[tuple[int | None, str]]:
    """Return line and field of each problem of a refused file."""
    assert outcome.state == ReceiptState.REFUSED
    assert outcome.counts == {}
    assert all(problem.rule and problem.advice for problem in outcome.problems)
    return [(problem.line, problem.field) for problem in outcome.problems]


def enrolments(school: School) -> list[str]:
    """Return key, branch number and period of every enrolment."""
    return school.rows(
        "select p.external_id, right(b.branch_code, 1), e.valid_from, e.valid_until"
        " from enrolment e join pupil p on p.id = e.pupil_id"
        " join school_branch b on b.id = e.branch_id"
        f" where e.controller_id = '{school.board}' order by 1, 3, 2"
    )


def memberships(school: School) -> list[str]:
    """Return key, class, school year and period of every class membership."""
    return school.rows(
        "select p.external_id, g.name, g.school_year, m.valid_from, m.valid_until"
        " from class_membership m join pupil p on p.id = m.pupil_id"
        " join class_group g on g.id = m.class_group_id"
        f" where m.controller_id = '{school.board}' order by 1, 4, 2"
    )


async def test_a_roster_is_stored_and_twice_changes_nothing(school: School) -> None:
    """A roster becomes pupils, classes and enrolments; the same one again writes no row."""
    data = roster(
        school,
        [
            pupil("1", bsn="111222333"),
            pupil("2", vestiging="SECOND", groep="G2"),
            pupil("3", vestiging=None, instroomdatum="2024-08-19"),
        ],
    )
    first = await school.roster(data)
    assert first.state == ReceiptState.ACCEPTED, first.problems
    assert first.counts["pupils"] == {"new": 3, "changed": 0, "unchanged": 0, "former": 0}
    assert first.counts["teachers"] == {"read": 1, "stored": 0}
    assert enrolments(school) == [
        "1|0|2026-08-01|",
        "2|1|2026-08-01|",
        "3|0|2024-08-19|",
    ]
    assert memberships(school) == [
        "1|1A|2026|2026-08-01|",
        "2|1B|2026|2026-08-01|",
        "3|1A|2026|2026-08-01|",
    ]
    before = school.snapshot()
    school.now = clock.at(school.now.instant + timedelta(minutes=5))
    again = await school.roster(data)
    assert again.counts["pupils"] == {"new": 0, "changed": 0, "unchanged": 3, "former": 0}
    assert again.counts["enrolments"] == {"new": 0, "changed": 0, "ended": 0, "unchanged": 3}
    assert school.snapshot() == before


async def test_a_move_ends_one_place_and_begins_another(school: School) -> None:
    """Who changed class or branch left the old one at the reference date and entered the new."""
    await school.roster(roster(school, [pupil("1"), pupil("2")]))
    moved = roster(
        school,
        [pupil("1", groep="G2"), pupil("2", vestiging="SECOND")],
        reference="2026-10-15",
    )
    await school.roster(moved)
    assert memberships(school)[:2] == ["1|1A|2026|2026-08-01|2026-10-15", "1|1B|2026|2026-10-15|"]
    assert enrolments(school)[1:] == ["2|0|2026-08-01|2026-10-15", "2|1|2026-10-15|"]
    before = school.snapshot()
    await school.roster(moved)
    assert school.snapshot() == before


async def test_who_is_no_longer_there_has_left(school: School) -> None:
    """A pupil who is not on the roster left at its reference date, and may come back later."""
    both = [pupil("1"), pupil("2")]
    await school.roster(roster(school, both))
    ended = await school.roster(roster(school, both[:1], reference="2026-10-10"))
    assert ended.counts["enrolments"]["ended"] == 1
    assert enrolments(school)[1] == "2|0|2026-08-01|2026-10-10"
    assert memberships(school)[1] == "2|1A|2026|2026-08-01|2026-10-10"
    await school.roster(roster(school, both, reference="2026-10-20"))
    assert enrolments(school)[1:] == ["2|0|2026-08-01|2026-10-10", "2|0|2026-10-20|"]


async def test_a_former_pupil_leaves_on_the_day_that_is_given(school: School) -> None:
    """A pupil of the past is stored only if known, and then leaves on the date of leaving."""
    await school.roster(roster(school, [pupil("1"), pupil("2")]))
    outcome = await school.roster(
        roster(
            school,
            [
                pupil("1"),
                pupil("2", jaargroep="H", uitstroomdatum="2026-09-20"),
                pupil("3", jaargroep="H", uitstroomdatum="2020-09-20"),
            ],
        )
    )
    assert outcome.counts["pupils"]["former"] == 2
    assert school.number("pupil") == 2
    assert enrolments(school)[1] == "2|0|2026-08-01|2026-09-20"


async def test_a_new_school_year_ends_the_classes_of_the_old(school: School) -> None:
    """Classes end with their school year; the enrolment goes on."""
    await school.roster(roster(school, [pupil("1")], year="2025-2026", reference="2025-10-01"))
    await school.roster(roster(school, [pupil("1", groep="G2")]))
    assert memberships(school) == [
        "1|1A|2025|2025-08-01|2026-08-01",
        "1|1B|2026|2026-08-01|",
    ]
    assert enrolments(school) == ["1|0|2025-08-01|"]
    late = await school.roster(
        roster(school, [pupil("1")], year="2025-2026", reference="2025-11-01")
    )
    assert refused(late) == [(None, "school/schooljaar")]


async def test_what_is_missing_stays_missing(school: School) -> None:
    """Without a postcode the residence is unknown, also when it was known, and that is said."""
    await school.roster(roster(school, [pupil("1"), pupil("2", postcodenl="9999XX")]))
    residence = (
        "select p.external_id, r.postcode, r.municipality_code from pupil_residence r"
        " join pupil p on p.id = r.pupil_id"
        f" where r.controller_id = '{school.board}' order by 1"
    )
    assert school.rows(residence) == ["1|1234AB|9901", "2|9999XX|"]
    outcome = await school.roster(
        roster(school, [pupil("1", postcodenl=None), pupil("2", postcodenl="9999XX")])
    )
    assert school.rows(residence) == ["1||", "2|9999XX|"]
    assert outcome.counts["pupils"]["changed"] == 1
    assert {p.field for p in outcome.problems if p.severity == "warning"} >= {"leerling/postcodenl"}


async def test_a_number_meets_a_young_person_of_another_board(
    school: School, database: TestDatabase, pools: Database
) -> None:
    """Two boards with one number have pupils of one young person; the number is never stored."""
    other = new_school(database, pools)
    number = "123456782"
    await school.roster(roster(school, [pupil("1", bsn=number)]))
    await other.roster(roster(other, [pupil("77", bsn=number), pupil("78")]))
    people = "select young_person_id from pupil where controller_id = '{}' and external_id = '{}'"
    assert school.rows(people.format(school.board, "1")) == school.rows(
        people.format(other.board, "77")
    )
    assert other.number("vault.national_number", "length(number_index) = 16") == 1
    changed = await other.roster(roster(other, [pupil("77"), pupil("78", bsn=number)]))
    assert any(p.line is not None and "another person" in p.rule for p in changed.problems)
    assert number not in str(changed.problems)
    assert school.rows(people.format(other.board, "78")) != school.rows(
        people.format(school.board, "1")
    )


async def test_a_number_that_fails_never_matches(
    school: School, database: TestDatabase, pools: Database
) -> None:
    """A number that fails the eleven-test, or is given twice, is a warning and matches nobody."""
    other = new_school(database, pools)
    for one in (school, other):
        outcome = await one.roster(
            roster(
                one,
                [
                    pupil("1", bsn="123456789"),
                    pupil("2", bsn="111222333"),
                    pupil("3", bsn="111222333"),
                ],
            )
        )
        assert outcome.state == ReceiptState.ACCEPTED
        warned = {p.line for p in outcome.problems if p.severity == "warning"}
        assert warned >= {6, 7, 8}
        assert one.number("vault.national_number") == 0


@pytest.mark.parametrize(
    ("change", "problem"),
    [
        ({"brin": "99ZZ"}, (None, "school/brincode")),
        ({"branches": ("MAIN", "ELSEWHERE")}, (3, "vestiging/key")),
        ({"reference": "2027-09-01"}, (None, "school/peildatum")),
    ],
)
async def test_a_roster_of_somewhere_else_is_refused(
    school: School, change: dict[str, object], problem: tuple[int | None, str]
) -> None:
    """A wrong BRIN, a branch without agreement and a wrong reference date refuse the file."""
    outcome = await school.roster(roster(school, [pupil("1")], **change))  # type: ignore[arg-type]
    assert problem in refused(outcome)
    assert school.number("pupil") == 0


@pytest.mark.parametrize(
    ("fields", "field"),
    [
        ({"instroomdatum": "2027-08-01"}, "leerling/instroomdatum"),
        ({"uitstroomdatum": "2026-07-01"}, "leerling/uitstroomdatum"),
        (
            {"instroomdatum": "2026-09-01", "uitstroomdatum": "2026-09-01"},
            "leerling/uitstroomdatum",
        ),
    ],
)
async def test_dates_that_cannot_be_are_refused(
    school: School, fields: dict[str, object], field: str
) -> None:
    """Entering after, leaving before the school year and an empty enrolment name their line."""
    outcome = await school.roster(roster(school, [pupil("1"), pupil("2", **fields)]))
    assert (7, field) in refused(outcome)
    assert school.number("pupil") == 0


async def test_an_overlapping_enrolment_is_refused(school: School) -> None:
    """A date of entry within an enrolment that has ended is refused, and nothing is changed."""
    await school.roster(roster(school, [pupil("1"), pupil("2")]))
    await school.roster(roster(school, [pupil("1")], reference="2026-10-10"))
    before = school.snapshot()
    outcome = await school.roster(
        roster(school, [pupil("1"), pupil("2", instroomdatum="2026-09-15")], reference="2026-10-20")
    )
    assert refused(outcome) == [(7, "leerling/instroomdatum")]
    assert school.snapshot() == before


async def test_samples_of_the_standard(school: School, standard_rosters: Path) -> None:
    """The Dutch sample loads with warnings; the Flemish and the invalid one are refused."""
    school.rows(
        f"update school_branch set branch_code = '99ZZ0' || right(branch_code, 1)"
        f" where organisation_id = '{school.board}';"
        "update delivery_agreement set branch_key = case branch_key when 'MAIN' then 'VH'"
        f" else 'VB' end where client_id = '{school.client.id}'"
    )
    folder = standard_rosters / "edexml-2.1"
    dutch = await school.roster((folder / "EDEXML.Voorbeeld.2.1.xml").read_bytes())
    assert dutch.state == ReceiptState.ACCEPTED, dutch.problems
    assert {problem.severity for problem in dutch.problems} == {"warning"}
    assert school.number("pupil") > 0
    flemish = await school.roster((folder / "EDEXML.Voorbeeld.2.1-Vla.xml").read_bytes())
    assert "school/brincode" in {field for _, field in refused(flemish)}
    invalid = standard_rosters / "edexml-2.1-invalid" / "EDEXML.invalid_1.xml"
    lines = {line for line, _ in refused(await school.roster(invalid.read_bytes()))}
    assert lines - {None}
