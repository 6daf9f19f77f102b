"""Asking for the quality of a branch's registration: its own weeks, or only the score.

The school itself sees the weeks behind the score. Whoever holds a mandate for figures sees the
scores with which months were closed, and asks a login that can read no table about a person.
"""

from dataclasses import dataclass
from datetime import date
from typing import Final
from uuid import UUID

from sqlalchemy import Date, DateTime, Integer, column, func, select
from sqlalchemy.ext.asyncio import AsyncSession

from domain.aggregates.models import BranchPeriod, PeriodKind
from domain.aggregates.periods import WEEK, YEARS
from domain.attendance.quality import Quality, WeekCounts, measure
from domain.database import ask_of
from domain.errors import Invalid, NotFound
from domain.organisations.models import SchoolBranch
from domain.reach import Kind, require
from domain.reference.calendar import (
    holiday_region,
    monday_of,
    school_year_of,
    teaching_calendar,
)
from domain.reference.models import DirectoryMunicipality
from domain.reference.quality import QualityRules, quality_rules
from domain.trace import Act, record
from permissions.decide import rules_for
from permissions.vocabulary import Activity, Actor, DataClass

USUAL_WEEKS: Final = 8
MOST_WEEKS: Final = 60
FEWEST_PUPILS: Final = 10
"""A branch under this many pupils has no score that others see."""


@dataclass(frozen=True, slots=True)
class MonthScore:
    """The score of a closed month, 0 to 100; None when the group is too small to publish."""

    month: date
    score: float | None


@dataclass(frozen=True, slots=True)
class Asked:
    """What somebody may know of a branch: `quality` for itself, `months` for who has a mandate."""

    first: date
    last: date
    rules: QualityRules
    quality: Quality | None
    months: tuple[MonthScore, ...] | None

    @property
    def score(self) -> float | None:
        """Return the score of the period, or of the last closed month in it."""
        if self.quality is not None:
            return self.quality.score
        return self.months[-1].score if self.months else None


async def data_quality(
    session: AsyncSession,
    actor: Actor,
    *,
    branch_id: UUID,
    first: date | None = None,
    last: date | None = None,
) -> Asked:
    """Return what the actor may know of the quality of a branch's registration.

    Args:
        session: a transaction of the actor's.
        actor: somebody of the branch, or of an organisation with a mandate for its figures.
        branch_id: the branch.
        first: a day of the first week, by default eight weeks back.
        last: a day of the last week, by default last week.

    Raises:
        NotFound: there is no such branch, or not for this actor.
        Invalid: the period is turned round, longer than sixty weeks, or outside `YEARS`.
    """
    for name, day in (("from", first), ("until", last)):
        # Before anything is looked up, so that it says nothing about the branch.
        if day is not None and day.year not in YEARS:
            raise Invalid(f"Name a day in {YEARS[0]} to {YEARS[-1]}.", path=(name,))
    branch = await session.get(SchoolBranch, branch_id)
    if branch is None:
        raise NotFound("branchId")
    today = ask_of(session).moment.today
    until = monday_of(last or today - WEEK)
    since = monday_of(first or until - (USUAL_WEEKS - 1) * WEEK)
    rules = quality_rules(today)
    if rules_for(actor.role, actor.purpose, Activity.READ, DataClass.QUALITY_BRANCH):
        rule = await require(
            session, actor, Activity.READ, DataClass.QUALITY_BRANCH,
            kind=Kind.BRANCH, reached=branch_id, path=("branchId",),
        )  # fmt: skip
        _sensible(since, until)
        weeks = await weeks_of(session, branch_id, since, until)
        teaching = await teaching_weeks(session, branch, since, until)
        found = measure(rules, weeks, teaching=teaching, today=today)
        await record(session, actor, rule, Act.READ, subjects=(), about=branch_id)
        return Asked(since, until, rules, found, None)
    unit = f"branch:{branch.branch_code}"
    await require(
        session, actor, Activity.READ, DataClass.AGGREGATE_BRANCH,
        kind=Kind.UNIT, reached=unit, path=("branchId",),
    )  # fmt: skip
    _sensible(since, until)
    return Asked(since, until, rules, None, await _months(session, unit, since, until))


def _sensible(since: date, until: date) -> None:
    if until < since:
        raise Invalid("The last week lies before the first.", path=("until",))
    if until - since > MOST_WEEKS * WEEK:
        raise Invalid(f"Ask for at most {MOST_WEEKS} weeks at once.", path=("from",))


async def weeks_of(
    session: AsyncSession, branch_id: UUID, first: date, last: date
) -> list[WeekCounts]:
    """Return the counts of each week from one Monday to another; none for whoever may not ask."""
    found = func.reach.quality_weeks(branch_id, first, last).table_valued(
        column("monday", Date),
        column("pupils", Integer),
        column("delivered_at", DateTime(timezone=True)),
        column("absences", Integer),
        column("judged", Integer),
        column("unknown_reasons", Integer),
        column("whole_days", Integer),
        column("most_of_one_code", Integer),
        column("corrections", Integer),
    )
    return [WeekCounts(**row) for row in (await session.execute(select(found))).mappings()]


async def teaching_weeks(
    session: AsyncSession, branch: SchoolBranch, first: date, last: date
) -> frozenset[date] | None:
    """Return the teaching weeks of the calendar where the branch stands; None if not known."""
    province = await session.scalar(
        select(DirectoryMunicipality.province).where(
            DirectoryMunicipality.code == branch.municipality_code
        )
    )
    region = None if province is None else holiday_region(branch.municipality_code, province)
    if region is None:
        return None
    years = range(school_year_of(first), school_year_of(last) + 1)
    known = [found for year in years if (found := teaching_calendar(year, region))]
    return frozenset(monday for one in known for monday in one.teaching_weeks) if known else None


async def _months(
    session: AsyncSession, unit: str, since: date, until: date
) -> tuple[MonthScore, ...]:
    rows = await session.execute(
        select(BranchPeriod.first_day, BranchPeriod.score)
        .where(
            BranchPeriod.unit == unit,
            BranchPeriod.kind == str(PeriodKind.MONTH),
            BranchPeriod.first_day.between(since.replace(day=1), until),
        )
        .order_by(BranchPeriod.first_day)
    )
    return tuple(MonthScore(row.first_day, row.score) for row in rows)


def whole(score: float | None, pupils: int) -> int | None:
    """Return a score as others see it: in whole points, and None under ten pupils."""
    return None if score is None or pupils < FEWEST_PUPILS else round(score)
