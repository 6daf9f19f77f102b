"""The school's summary of attendance for a case: a band and a trend, never a mark or a reason."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date, timedelta
from fractions import Fraction
from uuid import UUID, uuid4

from sqlalchemy import select
from sqlalchemy.dialects.postgresql import insert
from sqlalchemy.ext.asyncio import AsyncSession

from domain.attendance.models import PupilWeek
from domain.cases.models import AbsenceBand, AbsenceTrend, AttendanceSummary, Participation
from domain.cases.queries import hold
from domain.cases.ties import school_in_case
from domain.cases.writing import changed
from domain.database import ask_of
from domain.errors import Invalid, NotFound
from domain.outbox import Change, How, Thing, announce
from domain.pupils.models import Pupil
from domain.reach import Kind, require
from domain.trace import Act, record
from permissions.vocabulary import Activity, Actor, DataClass

BANDS = (
    (Fraction(50, 100), AbsenceBand.FROM_50),
    (Fraction(20, 100), AbsenceBand.FROM_20_TO_50),
    (Fraction(10, 100), AbsenceBand.FROM_10_TO_20),
    (Fraction(5, 100), AbsenceBand.FROM_5_TO_10),
    (Fraction(0), AbsenceBand.UNDER_5),
)
TREND_WEEKS = 4
STABLE_WITHIN = Fraction(2, 100)
FIRST_MONTH = 8


@dataclass(frozen=True, slots=True)
class Week:
    """A delivered teaching week: scheduled minutes, more than none, and those attended."""

    monday: date
    scheduled: int
    attended: int


def absent(weeks: Sequence[Week]) -> Fraction:
    """Return the part of the scheduled minutes that was missed, for whatever reason."""
    scheduled = sum(week.scheduled for week in weeks)
    return Fraction(scheduled - sum(week.attended for week in weeks), scheduled)


def band_of(weeks: Sequence[Week]) -> AbsenceBand:
    """Return the band of the absence in these weeks; a bound belongs to the band above it."""
    part = absent(weeks)
    return next(band for least, band in BANDS if part >= least)


def trend_of(weeks: Sequence[Week]) -> AbsenceTrend:
    """Compare the last four weeks with the four before; two percentage points are no change.

    Weeks are in the order of time. With fewer than eight the trend is unknown.
    """
    if len(weeks) < 2 * TREND_WEEKS:
        return AbsenceTrend.UNKNOWN
    change = absent(weeks[-TREND_WEEKS:]) - absent(weeks[-2 * TREND_WEEKS : -TREND_WEEKS])
    if change > STABLE_WITHIN:
        return AbsenceTrend.WORSENING
    return AbsenceTrend.IMPROVING if change < -STABLE_WITHIN else AbsenceTrend.STABLE


async def offer_summary(session: AsyncSession, actor: Actor, *, case_id: UUID) -> UUID:
    """Offer the summary of the actor's own pupil to a case the school takes part in.

    It is made from the delivered teaching weeks of the current school year, authorised absence
    included. A later offer stands beside an earlier one.

    Raises:
        NotFound: the case does not exist, or the actor's branch takes no part in it.
        Invalid: no week of this school year was delivered for the pupil.
    """
    at = ("caseId",)
    await hold(session, case_id)
    rule = await require(
        session, actor, Activity.OFFER, DataClass.ATTENDANCE_SUMMARY,
        kind=Kind.CASE, reached=case_id, path=at,
    )  # fmt: skip
    request = ask_of(session)
    ours = (
        await session.execute(
            school_in_case()
            .where(Participation.case_id == case_id, Participation.ended_at.is_(None))
            .add_columns(Participation.young_person_id, Participation.branch_id, Pupil.id)
            .order_by(Pupil.id)
            .limit(1),
            request.parameters,
        )
    ).one_or_none()
    if ours is None or actor.organisation is None:
        raise NotFound(*at)
    seen = await require(
        session, actor, Activity.READ, DataClass.ATTENDANCE_RATE,
        kind=Kind.PUPIL, reached=ours.id, path=at,
    )  # fmt: skip
    weeks = await delivered_weeks(session, ours.id, ours.branch_id)
    if not weeks:
        raise Invalid(
            "No week of this school year was delivered for this pupil, so there is nothing to "
            "summarise. Deliver the attendance of the past weeks first.",
            path=at,
        )
    summary_id = uuid4()
    await changed(
        session,
        insert(AttendanceSummary)
        .inline()
        .values(
            id=summary_id,
            case_id=case_id,
            controller_id=actor.organisation,
            young_person_id=ours.young_person_id,
            band=str(band_of(weeks)),
            trend=str(trend_of(weeks)),
            period_from=weeks[0].monday,
            period_until=weeks[-1].monday + timedelta(days=6),
            offered_at=request.moment.instant,
        ),
    )
    await announce(
        session,
        [
            Change(
                kind=Thing.SUMMARY,
                object_id=summary_id,
                how=How.CREATED,
                data_class=DataClass.ATTENDANCE_SUMMARY,
                young_person_id=ours.young_person_id,
                case_id=case_id,
            )
        ],
        controller_id=actor.organisation,
    )
    await record(
        session,
        actor,
        (rule, seen),
        Act.SUMMARY_OFFERED,
        subjects=[ours.young_person_id],
        about=summary_id,
    )
    return summary_id


async def delivered_weeks(session: AsyncSession, pupil_id: UUID, branch_id: UUID) -> list[Week]:
    """Return the pupil's delivered teaching weeks of the current school year, in order of time."""
    today = ask_of(session).moment.today
    begun = date(today.year - (today.month < FIRST_MONTH), FIRST_MONTH, 1)
    found = await session.execute(
        select(PupilWeek.monday, PupilWeek.scheduled_minutes, PupilWeek.attended_minutes)
        .where(
            PupilWeek.pupil_id == pupil_id,
            PupilWeek.branch_id == branch_id,
            PupilWeek.replaced_at.is_(None),
            PupilWeek.monday.between(begun, today),
            PupilWeek.scheduled_minutes > 0,
            PupilWeek.attended_minutes.is_not(None),
        )
        .order_by(PupilWeek.monday)
    )
    return [Week(monday, scheduled, attended or 0) for monday, scheduled, attended in found]
