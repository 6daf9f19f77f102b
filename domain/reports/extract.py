"""The frozen extract: what a report tells about a pupil, and nothing it need not tell.

Leerplichtwet 1969 art. 21a and the Besluit register onderwijsdeelnemers (art. 13-14): who it is
about, whom to call, at which school, and how much was missed without a valid reason. Absence for
a valid reason and every coded reason stay at the school.

Whom to call stands in rows of its own (`ReportContact`): a parent reads the report, and not the
other parent's telephone.

The keys of the extract:

- `givenName`, `infix` (or null), `familyName`, `birthDate` (`YYYY-MM-DD` or null);
- `branchId`, `branchCode` (BRIN and two digits), `branchName`;
- `period`: `from`, the first Monday of the window, `until`, the day the threshold was reached;
- `amount` in `unit` (`lesson_units`, `minutes`, `school_days` or `events`): as in the signal;
- `weeks`: a list of `monday`, `lessonUnits`, `minutes` missed; a lesson that was missed in part
  (late, sent out) adds its minutes and no lesson unit, as the rule set counts it.
"""

from collections import defaultdict
from datetime import date, timedelta
from typing import Any

from sqlalchemy import select
from sqlalchemy.ext.asyncio import AsyncSession

from domain.attendance.models import Absence, Signal
from domain.organisations.models import SchoolBranch
from domain.pupils.bulk import one_of
from domain.pupils.models import Pupil, PupilContact
from domain.reference.rulesets import rule_named
from domain.reference.ruleshapes import Measure
from permissions.vocabulary import DataClass


async def extract_of(session: AsyncSession, signal: Signal, pupil: Pupil) -> dict[str, Any]:
    """Return the extract of a signal about a pupil, as it stands now."""
    branch = (
        await session.scalars(select(SchoolBranch).where(SchoolBranch.id == signal.branch_id))
    ).one()
    return {
        "givenName": pupil.given_name,
        "infix": pupil.infix,
        "familyName": pupil.family_name,
        "birthDate": None if pupil.birth_date is None else pupil.birth_date.isoformat(),
        "branchId": str(branch.id),
        "branchCode": branch.branch_code,
        "branchName": branch.name,
        "period": {
            "from": signal.first_week.isoformat(),
            "until": signal.reached_on.isoformat(),
        },
        "amount": signal.amount,
        "unit": signal.unit,
        "weeks": await weeks_of(session, signal),
    }


async def contacts_of(session: AsyncSession, pupil: Pupil) -> list[dict[str, Any]]:
    """Return the guardians of a pupil and how to reach them, in the order of their names.

    Each has `position` (from 0), `name`, `relation`, `phone` and `email` (None when unknown).
    """
    found = await session.scalars(
        select(PupilContact)
        .where(PupilContact.pupil_id == pupil.id)
        .order_by(PupilContact.name, PupilContact.id)
    )
    return [
        {
            "position": position,
            "name": contact.name,
            "relation": contact.relation,
            "phone": contact.phone,
            "email": contact.email,
        }
        for position, contact in enumerate(found)
    ]


async def weeks_of(session: AsyncSession, signal: Signal) -> list[dict[str, Any]]:
    """Return what was missed without a valid reason, week by week, of the marks a signal rests on.

    Raises:
        LookupError: no rule set knows the rule that raised the signal.
    """
    rule = rule_named(signal.rule_set, signal.kind)
    if rule is None:
        message = f"rule {signal.kind} of {signal.rule_set} is not known"
        raise LookupError(message)
    marks = await session.scalars(
        select(Absence).where(
            Absence.pupil_id == signal.pupil_id,
            Absence.branch_id == signal.branch_id,
            Absence.data_class == str(DataClass.ATTENDANCE_UNAUTHORISED),
            one_of(Absence.id, signal.marks),
        )
    )
    totals: defaultdict[date, list[int]] = defaultdict(lambda: [0, 0])
    for mark in marks:
        whole = rule.counts.get(mark.category) is Measure.LESSON_UNITS
        week = totals[mark.day - timedelta(days=mark.day.weekday())]
        week[0] += mark.lesson_units if whole else 0
        week[1] += mark.minutes
    return [
        {"monday": monday.isoformat(), "lessonUnits": units, "minutes": minutes}
        for monday, (units, minutes) in sorted(totals.items())
    ]
