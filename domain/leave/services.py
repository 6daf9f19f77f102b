"""Acts on leave: request and withdraw it, hear the head, decide."""

from dataclasses import dataclass
from datetime import date, timedelta
from uuid import UUID, uuid4

from sqlalchemy import select, update
from sqlalchemy.dialects.postgresql import insert
from sqlalchemy.ext.asyncio import AsyncSession

from domain.cases.writing import changed, one_of, text_of
from domain.database import ask_of
from domain.errors import Conflict, Invalid, NotFound
from domain.leave import queries
from domain.leave.judging import Judged, judge
from domain.leave.models import (
    TRANSITIONS,
    Decider,
    HeadView,
    LeaveExplanation,
    LeaveGround,
    LeaveRequest,
    LeaveState,
)
from domain.pupils.models import Pupil
from domain.reach import Kind, require
from domain.reference.calendar import school_year_of, teaching_calendar
from domain.reference.leave import leave_rules
from domain.trace import Act, record
from permissions.vocabulary import Activity, Actor, DataClass, Rule

EXPLANATION = 2000
MOST_DAYS = 366
"""A request is for one school year; what is longer is a mistake in typing."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Wanted:
    """What leave is asked, as somebody typed it; both days are within it."""

    ground: str
    first_day: date
    last_day: date
    explanation: str


def retention_end(recorded_on: date) -> date:
    """Return the last day of the school year after the one in which a request was recorded.

    As absence data is kept (Wet register onderwijsdeelnemers art. 30; for leave to be confirmed).
    """
    return date(school_year_of(recorded_on) + 2, 7, 31)


async def request_leave(
    session: AsyncSession, actor: Actor, *, pupil_id: UUID, wanted: Wanted
) -> UUID:
    """Request leave for a child one has authority over, and return the id of the request.

    Raises:
        NotFound: the pupil does not exist, or not for this actor, or attends no school now.
        Invalid: no such ground, days in the wrong order or in two school years, a period without
            a school day, no explanation; or an officer would decide and the municipality of
            residence is not known.
    """
    at = ("pupilId",)
    rules = [
        await require(
            session, actor, Activity.REQUEST, what, kind=Kind.PUPIL, reached=pupil_id, path=at
        )
        for what in (DataClass.LEAVE_REQUEST, DataClass.LEAVE_EXPLANATION)
    ]
    ground = one_of(LeaveGround, wanted.ground, "ground")
    explanation = text_of(wanted.explanation, "explanation", most=EXPLANATION)
    _in_order(wanted)
    places = await queries.places(session, pupil_id)
    pupil = await session.scalar(select(Pupil).where(Pupil.id == pupil_id))
    if places is None or pupil is None:
        raise NotFound(*at)
    moment = ask_of(session).moment
    dated = leave_rules(moment.today)
    year = school_year_of(wanted.first_day)
    calendar = None if places.region is None else teaching_calendar(year, places.region)
    judged = judge(
        dated,
        ground,
        wanted.first_day,
        wanted.last_day,
        calendar=calendar,
        granted=await queries.granted_before(session, pupil_id, year),
    )
    if judged.school_days == 0:
        raise Invalid("There is no school on these days; no leave is needed.", path=("firstDay",))
    if judged.decider is Decider.OFFICER and places.residence is None:
        raise Invalid(
            f"Above {dated.head_decides_to} days the attendance officer of your municipality "
            "decides, and the school does not know your municipality. Ask the school to register "
            "it.",
            path=at,
        )
    leave_id = uuid4()
    await changed(
        session,
        insert(LeaveRequest)
        .inline()
        .values(
            **_whose(pupil),
            **_judged(judged),
            id=leave_id,
            given_name=pupil.given_name,
            family_name=" ".join(filter(None, (pupil.infix, pupil.family_name))),
            birth_date=pupil.birth_date,
            ground=str(ground),
            first_day=wanted.first_day,
            last_day=wanted.last_day,
            municipality_code=places.residence if judged.decider is Decider.OFFICER else None,
            rule_set=dated.code,
            state=str(LeaveState.SUBMITTED),
            submitted_by=actor.id,
            submitted_at=moment.instant,
            decide_by=moment.today + timedelta(weeks=dated.decide_within_weeks),
            retained_until=retention_end(moment.today),
        ),
    )
    await changed(
        session,
        insert(LeaveExplanation)
        .inline()
        .values(**_whose(pupil), leave_id=leave_id, explanation=explanation),
    )
    await record(
        session, actor, rules, Act.LEAVE_REQUESTED,
        subjects=[pupil.young_person_id], about=leave_id,
    )  # fmt: skip
    return leave_id


def _whose(pupil: Pupil) -> dict[str, object]:
    return {
        "controller_id": pupil.controller_id,
        "pupil_id": pupil.id,
        "young_person_id": pupil.young_person_id,
    }


def _judged(judged: Judged) -> dict[str, object]:
    return {
        "school_year": judged.school_year,
        "school_days": judged.school_days,
        "calendar_known": judged.calendar_known,
        "obstacles": [str(obstacle) for obstacle in judged.obstacles],
        "decider": str(judged.decider),
    }


def _in_order(wanted: Wanted) -> None:
    if wanted.last_day < wanted.first_day:
        raise Invalid("The last day lies before the first.", path=("lastDay",))
    if (wanted.last_day - wanted.first_day).days >= MOST_DAYS or (
        school_year_of(wanted.last_day) != school_year_of(wanted.first_day)
    ):
        raise Invalid(
            "These days lie in two school years (a new one starts on 1 August). Request leave for "
            "each year.",
            path=("lastDay",),
        )


async def _found(session: AsyncSession, leave_id: UUID) -> LeaveRequest:
    found = await session.scalar(select(LeaveRequest).where(LeaveRequest.id == leave_id))
    if found is None:
        raise NotFound("leaveId")
    return found


async def _move(
    session: AsyncSession, found: LeaveRequest, state: LeaveState, **values: object
) -> None:
    """Move a request on, if that may follow and nobody else was first."""
    follows = TRANSITIONS[Decider(found.decider)].get(LeaveState(found.state), frozenset())
    if state not in follows:
        may = ", ".join(sorted(follows)) or "nothing"
        raise Conflict(
            f"This request is {found.state}, and what may follow is: {may}.", path=("leaveId",)
        )
    done = await changed(
        session,
        update(LeaveRequest)
        .where(LeaveRequest.id == found.id, LeaveRequest.state == found.state)
        .values(state=str(state), **values),
    )
    if done == 0:
        raise Conflict("Someone moved this request on. Read it again.", path=("leaveId",))


async def withdraw_leave(session: AsyncSession, actor: Actor, *, leave_id: UUID) -> UUID:
    """Withdraw a request that one made and that was not decided on.

    Raises:
        NotFound: there is no such request, or another guardian made it.
        Conflict: it was decided on or withdrawn.
    """
    found = await _found(session, leave_id)
    rule = await require(
        session, actor, Activity.REQUEST, DataClass.LEAVE_REQUEST,
        kind=Kind.PUPIL, reached=found.pupil_id, path=("leaveId",),
    )  # fmt: skip
    if found.submitted_by != actor.id:
        raise NotFound("leaveId")
    await _move(session, found, LeaveState.WITHDRAWN)
    await record(
        session, actor, rule, Act.LEAVE_WITHDRAWN,
        subjects=[found.young_person_id], about=leave_id,
    )  # fmt: skip
    return leave_id


async def _as_head(session: AsyncSession, actor: Actor, found: LeaveRequest) -> Rule:
    return await require(
        session, actor, Activity.DECIDE, DataClass.ATTENDANCE_AUTHORISED,
        kind=Kind.PUPIL, reached=found.pupil_id, path=("leaveId",),
    )  # fmt: skip


async def give_view_on_leave(
    session: AsyncSession, actor: Actor, *, leave_id: UUID, view: str
) -> UUID:
    """Say what the head thinks of a request that the officer decides on (art. 14(3)).

    Raises:
        NotFound: there is no such request, or the actor is not the pupil's head.
        Invalid: the view is none of `HeadView`.
        Conflict: the head decides on it, or was heard, or it was withdrawn.
    """
    found = await _found(session, leave_id)
    rule = await _as_head(session, actor, found)
    said = one_of(HeadView, view, "view")
    await _move(
        session, found, LeaveState.HEARD,
        head_view=str(said), heard_by=actor.id, heard_at=ask_of(session).moment.instant,
    )  # fmt: skip
    await record(
        session, actor, rule, Act.HEAD_HEARD, subjects=[found.young_person_id], about=leave_id
    )
    return leave_id


async def decide_leave(
    session: AsyncSession, actor: Actor, *, leave_id: UUID, granted: bool
) -> UUID:
    """Decide on a request: the head up to ten days, above that the officer.

    Raises:
        NotFound: there is no such request, or another decides on it.
        Conflict: it was decided on or withdrawn, the head was not heard yet, or the law forbids
            granting it (art. 13a), also by what was granted since.
    """
    found = await _found(session, leave_id)
    if found.decider == str(Decider.HEAD):
        rule = await _as_head(session, actor, found)
        if granted:
            await _grantable(session, found)
    else:
        rule = await require(
            session, actor, Activity.DECIDE, DataClass.LEAVE_REQUEST,
            kind=Kind.LEAVE, reached=leave_id, path=("leaveId",),
        )  # fmt: skip
    state = LeaveState.GRANTED if granted else LeaveState.REFUSED
    await _move(
        session, found, state,
        decided_by=actor.id, decided_at=ask_of(session).moment.instant,
    )  # fmt: skip
    await record(
        session, actor, rule, Act.LEAVE_DECIDED, subjects=[found.young_person_id], about=leave_id
    )
    return leave_id


async def _grantable(session: AsyncSession, found: LeaveRequest) -> None:
    """Refuse to grant what the law forbids, by what is known now.

    Decisions on one pupil wait for each other: two at once would each find room for the other. What
    was requested without a calendar is judged by the school's own, and not kept: a guardian to whom
    whereabouts are protected reads what is kept.
    """
    await queries.one_at_a_time(session, found.pupil_id)
    rules = leave_rules(ask_of(session).moment.today)
    granted = await queries.granted_before(session, found.pupil_id, found.school_year, but=found.id)
    before = [one for one in granted if one.ground == found.ground]
    reasons, days = list(found.obstacles), found.school_days
    if not found.calendar_known:
        region = await queries.region_of_school(session, found.pupil_id)
        judged = judge(
            rules,
            LeaveGround(found.ground),
            found.first_day,
            found.last_day,
            calendar=None if region is None else teaching_calendar(found.school_year, region),
            granted=granted,
        )
        reasons, days = list(map(str, judged.obstacles)), judged.school_days
    if found.ground == str(LeaveGround.HOLIDAY):
        if len(before) >= rules.holiday_times_a_year:
            reasons.append("holiday_once_a_year")
    elif sum(one.school_days for one in before) + days > rules.head_decides_to:
        reasons.append("above_what_the_head_decides")
    if reasons:
        raise Conflict(
            "The law does not let the head grant this request: "
            f"{', '.join(dict.fromkeys(reasons))}. Refuse it, or have a new request made.",
            path=("leaveId",),
        )
