"""What a school presumes of an absence, apart from what it established."""

from __future__ import annotations

from datetime import timedelta

import pytest

from domain import clock
from domain.imports.receipts import ReceiptState
from tests.domain.imports.school import (
    School,
    absent,
    complete,
    lines,
    pools,
    pupil,
    roster,
    schedule,
    school,
)

__all__ = ["pools", "school"]
pytestmark = pytest.mark.asyncio(loop_scope="session")

ILL = {"presumedCategory": "authorised", "presumedReason": "ILLNESS"}
AROUND = (schedule("1", "2026-W36"), complete("2026-W36"))


def missed(category: str = "unauthorised", *reason: str) -> dict[str, object]:
    """Return an absence of two lessons."""
    return dict(absent("A1", "1", "2026-09-04", 3, 2, 100, category, *reason))


def presumed(school: School) -> list[str]:
    """Return what is presumed, with its class, and whether the version it is of stands."""
    return school.rows(
        "select p.about, p.code, p.data_class, a.replaced_at is null from absence_presumed p"
        " join absence a on a.id = p.absence_id and a.day = p.day"
        f" where p.controller_id = '{school.board}' order by p.about"
    )


def counted(school: School) -> list[list[str]]:
    """Return everything that is counted of marks: weeks, sides of absence and signals."""
    where = f"where controller_id = '{school.board}'"
    return [
        school.rows(f"select attended_minutes, attended_units from pupil_week {where} order by 1"),
        school.rows(f"select dimension, minutes, times from dimension_week {where} order by 1"),
        school.rows(f"select kind, amount from signal {where} order by 1, 2"),
        school.rows(f"select category, data_class from absence {where}"),
        school.rows(f"select code from absence_reason {where}"),
    ]


async def test_presumed_is_kept_apart(school: School) -> None:
    """What is presumed is stored under its own class, counts in nothing, and comes once."""
    await school.roster(roster(school, [pupil("1")]))
    await school.attendance(lines(*AROUND, missed()))
    without = counted(school)
    school.now = clock.at(school.now.instant + timedelta(minutes=5))
    outcome = await school.attendance(lines(*AROUND, missed() | ILL))
    assert outcome.counts["exceptions"] == {"new": 0, "changed": 1, "unchanged": 0}
    assert presumed(school) == [
        "category|authorised|attendance.authorised|t",
        "reason|ILLNESS|attendance.reason.health.fact|t",
    ]
    after = counted(school)
    assert after[:3] == without[:3]
    assert set(after[3]) == set(without[3]) == {"unauthorised|attendance.unauthorised"}
    assert after[4] == []
    again = await school.attendance(lines(*AROUND, missed() | ILL))
    assert again.counts["exceptions"] == {"new": 0, "changed": 0, "unchanged": 1}


async def test_established_by_a_correction(school: School) -> None:
    """The version that establishes what it was presumes nothing; what was presumed stays known."""
    await school.roster(roster(school, [pupil("1")]))
    await school.attendance(lines(*AROUND, missed("unauthorised", "UNKNOWN") | ILL))
    school.now = clock.at(school.now.instant + timedelta(minutes=5))
    outcome = await school.attendance(lines(*AROUND, missed("authorised", "ILLNESS")))
    assert outcome.counts["exceptions"] == {"new": 0, "changed": 1, "unchanged": 0}
    assert [row.rsplit("|", 1)[1] for row in presumed(school)] == ["f", "f"]
    current = (
        "select a.category, r.code from absence a join absence_reason r on r.absence_id = a.id"
        f" where a.controller_id = '{school.board}' and a.replaced_at is null"
    )
    assert school.rows(current) == ["authorised|ILLNESS"]


@pytest.mark.parametrize(
    ("line", "field"),
    [
        (missed() | {"presumedCategory": "unauthorised"}, "presumedCategory"),
        (missed() | {"presumedReason": "NO_SUCH"}, "presumedReason"),
        (missed() | {"presumedReason": "ILLNESS"}, "presumedReason"),
        (missed("unauthorised", "TRUANCY") | ILL, "presumedReason"),
        (missed() | {"presumedCategory": "present"}, "presumedCategory"),
    ],
)
async def test_refused(school: School, line: dict[str, object], field: str) -> None:
    """What is presumed has to be a code that goes with the rest, and not be established already."""
    await school.roster(roster(school, [pupil("1")]))
    outcome = await school.attendance(lines(*AROUND, line))
    assert outcome.state == ReceiptState.REFUSED
    assert {problem.field for problem in outcome.problems} == {field}
    assert presumed(school) == []
