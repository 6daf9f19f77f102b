"""Acts on advice: the adviser records it, the school answers, the adviser follows up and closes."""

from dataclasses import dataclass
from datetime import date, timedelta
from typing import Final
from uuid import UUID, uuid4

from sqlalchemy import select, update
from sqlalchemy.dialects.postgresql import insert
from sqlalchemy.ext.asyncio import AsyncSession

from domain.advice.models import (
    TRANSITIONS,
    Advice,
    AdviceMeasure,
    AdviceOutcome,
    AdviceState,
)
from domain.advice.wording import about_a_school
from domain.cases.writing import changed, one_of
from domain.database import ask_of
from domain.errors import Conflict, Invalid, NotFound
from domain.organisations.models import SchoolBranch
from domain.reach import Kind, require
from domain.trace import Act, record
from permissions.vocabulary import Activity, Actor, DataClass, Rule

MOST_SEEN: Final = 1_000
MOST_TEXT: Final = 4_000
MOST_FUNCTION: Final = 200
LONGEST: Final = timedelta(days=366)
OLDEST: Final = timedelta(days=5 * 366)
FURTHEST: Final = timedelta(days=2 * 366)


@dataclass(frozen=True, slots=True, kw_only=True)
class Development:
    """What was seen in published figures: a measure, the period (within it), and a short text."""

    measure: str
    first_day: date
    last_day: date
    seen: str


@dataclass(frozen=True, slots=True, kw_only=True)
class Promise:
    """What the school will do, by which function there, and by when."""

    will_do: str
    done_by: str
    do_by: date


async def record_advice(
    session: AsyncSession, actor: Actor, *, branch_id: UUID, development: Development, text: str
) -> UUID:
    """Record advice to a branch on its absence policy (verzuimbeleid), and return its id.

    Raises:
        NotFound: the branch does not exist, or the actor may not advise it.
        Invalid: no such measure, a period that is not over or makes no sense, or a text that is
            empty, too long, or may hold the number of a pupil.
    """
    at = ("branchId",)
    code = await session.scalar(
        select(SchoolBranch.branch_code).where(SchoolBranch.id == branch_id)
    )
    if code is None or actor.organisation is None:
        raise NotFound(*at)
    rule = await require(
        session, actor, Activity.ADVISE, DataClass.AGGREGATE_BRANCH,
        kind=Kind.UNIT, reached=f"branch:{code}", path=at,
    )  # fmt: skip
    moment = ask_of(session).moment
    measure = one_of(AdviceMeasure, development.measure, "measure")
    _check_period(development.first_day, development.last_day, moment.today)
    advice_id = uuid4()
    await changed(
        session,
        insert(Advice)
        .inline()
        .values(
            id=advice_id,
            controller_id=actor.organisation,
            branch_id=branch_id,
            measure=str(measure),
            first_day=development.first_day,
            last_day=development.last_day,
            seen=about_a_school(development.seen, "seen", most=MOST_SEEN),
            advised=about_a_school(text, "text", most=MOST_TEXT),
            state=str(AdviceState.RECORDED),
            recorded_by=actor.id,
            recorded_at=moment.instant,
        ),
    )
    await record(session, actor, rule, Act.ADVICE_RECORDED, subjects=(), about=advice_id)
    return advice_id


def _check_period(first_day: date, last_day: date, today: date) -> None:
    if last_day < first_day:
        raise Invalid("The last day lies before the first.", path=("lastDay",))
    if last_day >= today:
        raise Invalid("Name a period that is over.", path=("lastDay",))
    if last_day - first_day > LONGEST:
        raise Invalid("Name a period of at most a year.", path=("lastDay",))
    if today - first_day > OLDEST:
        raise Invalid("Name a period of the last five years.", path=("firstDay",))


async def answer_advice(
    session: AsyncSession, actor: Actor, *, advice_id: UUID, answer: str, promise: Promise | None
) -> UUID:
    """Answer advice for the branch: what the school makes of it, and what it will do, if anything.

    Raises:
        NotFound: there is no such advice, or it is for another branch.
        Invalid: a text that is empty, too long, or may hold the number of a pupil; a day that is
            past or more than two years away.
        Conflict: it was answered or closed.
    """
    found, rule = await _reached(session, actor, Activity.ANSWER, advice_id)
    moment = ask_of(session).moment
    promised: dict[str, object] = {}
    if promise is not None:
        if not moment.today <= promise.do_by <= moment.today + FURTHEST:
            raise Invalid("Name a day from today to two years from now.", path=("promise", "doBy"))
        promised = {
            "will_do": about_a_school(promise.will_do, "promise", "willDo", most=MOST_TEXT),
            "done_by": about_a_school(promise.done_by, "promise", "doneBy", most=MOST_FUNCTION),
            "do_by": promise.do_by,
        }
    await _move(
        session, found, AdviceState.ANSWERED,
        answer=about_a_school(answer, "answer", most=MOST_TEXT),
        answered_by=actor.id, answered_at=moment.instant, **promised,
    )  # fmt: skip
    await record(session, actor, rule, Act.ADVICE_ANSWERED, subjects=(), about=advice_id)
    return advice_id


async def follow_up_advice(
    session: AsyncSession, actor: Actor, *, advice_id: UUID, note: str
) -> UUID:
    """Write down what the figures after an answered advice show, and what was agreed on it.

    Raises:
        NotFound: there is no such advice, another office gave it, or the mandate has ended.
        Invalid: a text that is empty, too long, or may hold the number of a pupil.
        Conflict: the school has not answered, or it was followed up or closed.
    """
    found, rule = await _reached(session, actor, Activity.REVIEW, advice_id)
    await _move(
        session, found, AdviceState.FOLLOWED_UP,
        follow_up=about_a_school(note, "note", most=MOST_TEXT),
        followed_up_by=actor.id, followed_up_at=ask_of(session).moment.instant,
    )  # fmt: skip
    await record(session, actor, rule, Act.ADVICE_FOLLOWED_UP, subjects=(), about=advice_id)
    return advice_id


async def close_advice(
    session: AsyncSession, actor: Actor, *, advice_id: UUID, outcome: str
) -> UUID:
    """Close an advice with what came of it.

    Raises:
        NotFound: there is no such advice, another office gave it, or the mandate has ended.
        Invalid: the outcome is none of `AdviceOutcome`, or the school did answer.
        Conflict: it was closed.
    """
    found, rule = await _reached(session, actor, Activity.CLOSE, advice_id)
    result = one_of(AdviceOutcome, outcome, "outcome")
    if result is AdviceOutcome.UNANSWERED and found.answered_at is not None:
        raise Invalid("The school answered this advice.", path=("outcome",))
    await _move(
        session, found, AdviceState.CLOSED,
        outcome=str(result), closed_by=actor.id, closed_at=ask_of(session).moment.instant,
    )  # fmt: skip
    await record(session, actor, rule, Act.ADVICE_CLOSED, subjects=(), about=advice_id)
    return advice_id


async def _reached(
    session: AsyncSession, actor: Actor, activity: Activity, advice_id: UUID
) -> tuple[Advice, Rule]:
    at = ("adviceId",)
    rule = await require(
        session, actor, activity, DataClass.ADVICE, kind=Kind.ADVICE, reached=advice_id, path=at
    )
    found = await session.scalar(select(Advice).where(Advice.id == advice_id))
    if found is None:
        raise NotFound(*at)
    return found, rule


_HINTS: Final = {
    AdviceState.ANSWERED: "This advice was answered or closed already. Read it again.",
    AdviceState.FOLLOWED_UP: "Only an advice that the school has answered is followed up, once.",
    AdviceState.CLOSED: "This advice was closed already.",
}


async def _move(session: AsyncSession, found: Advice, to: AdviceState, **values: object) -> None:
    """Move an advice to a state, if its own may come before and no other act came first."""
    done = 0
    if to in TRANSITIONS[AdviceState(found.state)]:
        done = await changed(
            session,
            update(Advice)
            .where(Advice.id == found.id, Advice.state == found.state)
            .values(state=str(to), **values),
        )
    if done == 0:
        raise Conflict(_HINTS[to], path=("adviceId",))
