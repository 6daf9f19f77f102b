"""What a roster that lets pupils leave does to the attendance that was delivered of them."""

from collections import defaultdict
from collections.abc import Sequence
from dataclasses import dataclass, field
from datetime import date
from typing import cast
from uuid import UUID

from sqlalchemy.ext.asyncio import AsyncSession

from domain.attendance import leaving
from domain.attendance.services import Place
from domain.errors import NotFound
from domain.imports import queries
from domain.imports.models import ImportReceipt
from domain.imports.problems import Problem
from domain.pupils.enrolling import Changes, Period
from domain.reach import Kind, require
from permissions.vocabulary import Activity, Actor, DataClass, Rule


@dataclass(slots=True)
class Left:
    """How many weeks and marks count no longer, whose, and the rules that this relied on."""

    weeks: int = 0
    marks: int = 0
    pupils: set[UUID] = field(default_factory=set[UUID])
    rules: list[Rule] = field(default_factory=list[Rule])

    @property
    def counts(self) -> dict[str, dict[str, int]]:
        """What the receipt counts as deleted, if anything was."""
        number = self.weeks + self.marks
        return {"deletions": {"new": number, "unchanged": 0}} if number else {}

    def warnings(self, leaving_field: str) -> list[Problem]:
        """Return what the school has to know: it delivered these weeks once."""
        if not self.weeks:
            return []
        return [
            Problem(
                None,
                leaving_field,
                f"Of {len(self.pupils)} pupils {self.weeks} weeks lie after they left; these and"
                f" {self.marks} exceptions in them count no longer.",
                "If a date of leaving is wrong, correct it and deliver those weeks again.",
                "warning",
            )
        ]


async def take_back(
    session: AsyncSession,
    actor: Actor,
    receipt: ImportReceipt,
    enrolled: Changes,
    stored: Sequence[Period],
) -> Left:
    """Record as deleted what stands of weeks after the last day of enrolments that now end.

    Raises:
        NotFound: the delivery agreement does not hold any more.
    """
    left, ending = Left(), _ending(enrolled)
    at_branch: defaultdict[UUID, dict[UUID, date]] = defaultdict(dict)
    for period in stored:
        if period.id in ending:
            ends = at_branch[period.branch_id]
            until = ending[period.id]
            ends[period.pupil_id] = min(until, ends.get(period.pupil_id, until))
    for branch_id, ends in at_branch.items():
        branch = await queries.branch(session, branch_id)
        if branch is None:
            raise NotFound("receipt")
        place = Place(receipt.controller_id, branch_id, branch.sector, receipt.id)
        gone = await leaving.outside(session, place, list(ends), first=min(ends.values()))
        if not gone.weeks:
            continue
        left.rules += [
            await require(
                session, actor, Activity.IMPORT, DataClass(data_class),
                kind=Kind.BRANCH, reached=branch_id, path=("receipt",),
            )
            for data_class in (DataClass.ATTENDANCE_RATE, *gone.classes, DataClass.SIGNAL)
        ]  # fmt: skip
        await leaving.take_back(session, place, gone)
        left.weeks += len(gone.weeks)
        left.marks += len(gone.marks)
        left.pupils.update(gone.pupils)
    return left


def _ending(enrolled: Changes) -> dict[UUID, date]:
    """Return the first day after each enrolment that a roster ends, or of which it says the end."""
    said = {key: cast("date | None", row["valid_until"]) for key, row in enrolled.changed.items()}
    return enrolled.ended | {key: day for key, day in said.items() if day is not None}
