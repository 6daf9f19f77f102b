"""Acts on notices: notify an illness or a duty of belief, end it, withdraw it."""

from datetime import date, timedelta
from uuid import UUID, uuid4

from sqlalchemy import select, update
from sqlalchemy.dialects.postgresql import insert
from sqlalchemy.ext.asyncio import AsyncSession

from domain.cases.writing import changed, one_of
from domain.database import ask_of
from domain.errors import Conflict, Invalid, NotFound
from domain.leave.models import (
    NOTICE_TRANSITIONS,
    AbsenceNotice,
    NoticeKind,
    NoticeState,
)
from domain.pupils.models import Pupil
from domain.reach import Kind, require
from domain.reference.leave import LeaveRules, leave_rules
from domain.trace import Act, record
from permissions.vocabulary import Activity, Actor, DataClass, Rule

CLASSES = {
    NoticeKind.ILLNESS: DataClass.NOTICE_ILLNESS,
    NoticeKind.BELIEF: DataClass.NOTICE_BELIEF,
}
"""The class of each kind of notice."""

FURTHEST = timedelta(days=366)


def kept_term(rules: LeaveRules, kind: NoticeKind, first_day: date, today: date) -> bool:
    """Return whether a notice comes within the term that the law gives for its kind."""
    if kind is NoticeKind.ILLNESS:
        return (today - first_day).days <= rules.illness_within_days
    return (first_day - today).days >= rules.belief_days_before


async def notify_absence(
    session: AsyncSession,
    actor: Actor,
    *,
    pupil_id: UUID,
    kind: str,
    first_day: date,
    last_day: date | None,
) -> UUID:
    """Notify the head of an illness (art. 12) or a duty of belief (art. 13); return its id.

    A notice that comes late is kept and says so: what follows from that is for the head.

    Raises:
        NotFound: the pupil does not exist, or not for this actor.
        Invalid: no such kind, days in the wrong order or more than a year away, an illness that
            has not begun, or a duty of belief without a last day.
    """
    named = one_of(NoticeKind, kind, "kind")
    rule = await require(
        session, actor, Activity.REQUEST, CLASSES[named],
        kind=Kind.PUPIL, reached=pupil_id, path=("pupilId",),
    )  # fmt: skip
    moment = ask_of(session).moment
    _sensible(named, first_day, last_day, moment.today)
    pupil = await session.scalar(select(Pupil).where(Pupil.id == pupil_id))
    if pupil is None:
        raise NotFound("pupilId")
    rules = leave_rules(moment.today)
    notice_id = uuid4()
    await changed(
        session,
        insert(AbsenceNotice)
        .inline()
        .values(
            id=notice_id,
            controller_id=pupil.controller_id,
            pupil_id=pupil_id,
            young_person_id=pupil.young_person_id,
            data_class=str(CLASSES[named]),
            first_day=first_day,
            last_day=last_day,
            state=str(NoticeState.NOTIFIED),
            in_time=kept_term(rules, named, first_day, moment.today),
            rule_set=rules.code,
            notified_by=actor.id,
            notified_at=moment.instant,
        ),
    )
    await record(
        session, actor, rule, Act.ABSENCE_NOTIFIED,
        subjects=[pupil.young_person_id], about=notice_id,
    )  # fmt: skip
    return notice_id


def _sensible(kind: NoticeKind, first_day: date, last_day: date | None, today: date) -> None:
    if last_day is not None and last_day < first_day:
        raise Invalid("The last day lies before the first.", path=("lastDay",))
    for day, name in ((first_day, "firstDay"), (last_day, "lastDay")):
        if day is not None and abs(day - today) > FURTHEST:
            raise Invalid("Name a day within a year of today.", path=(name,))
    if kind is NoticeKind.ILLNESS and first_day > today:
        raise Invalid("An illness is notified when it has begun.", path=("firstDay",))
    if kind is NoticeKind.BELIEF and last_day is None:
        raise Invalid("Name the last day, which may be the first.", path=("lastDay",))


async def end_notice(
    session: AsyncSession, actor: Actor, *, notice_id: UUID, last_day: date
) -> UUID:
    """Say that a child is well again, and which day of illness was the last.

    Raises:
        NotFound: there is no such notice, or another guardian made it.
        Invalid: it is no illness, or the day lies before its first or after today.
        Conflict: it was ended or withdrawn.
    """
    found, rule = await _own(session, actor, notice_id)
    today = ask_of(session).moment.today
    if found.data_class != str(DataClass.NOTICE_ILLNESS):
        raise Invalid("Only an illness is ended; withdraw this notice.", path=("noticeId",))
    if not found.first_day <= last_day <= today:
        raise Invalid("Name a day from the first day of illness to today.", path=("lastDay",))
    await _settle(session, found, NoticeState.ENDED, last_day=last_day)
    await record(
        session, actor, rule, Act.NOTICE_ENDED, subjects=[found.young_person_id], about=notice_id
    )
    return notice_id


async def withdraw_notice(session: AsyncSession, actor: Actor, *, notice_id: UUID) -> UUID:
    """Withdraw a notice that one made by mistake; it stays on record as withdrawn.

    Raises:
        NotFound: there is no such notice, or another guardian made it.
        Conflict: it was ended or withdrawn.
    """
    found, rule = await _own(session, actor, notice_id)
    await _settle(session, found, NoticeState.WITHDRAWN)
    await record(
        session, actor, rule, Act.NOTICE_WITHDRAWN,
        subjects=[found.young_person_id], about=notice_id,
    )  # fmt: skip
    return notice_id


async def _own(session: AsyncSession, actor: Actor, notice_id: UUID) -> tuple[AbsenceNotice, Rule]:
    found = await session.scalar(
        select(AbsenceNotice).where(
            AbsenceNotice.id == notice_id, AbsenceNotice.notified_by == actor.id
        )
    )
    if found is None:
        raise NotFound("noticeId")
    rule = await require(
        session, actor, Activity.REQUEST, DataClass(found.data_class),
        kind=Kind.PUPIL, reached=found.pupil_id, path=("noticeId",),
    )  # fmt: skip
    return found, rule


async def _settle(
    session: AsyncSession, found: AbsenceNotice, state: NoticeState, **values: object
) -> None:
    if state not in NOTICE_TRANSITIONS[NoticeState(found.state)]:
        raise Conflict(f"This notice is {found.state} already.", path=("noticeId",))
    done = await changed(
        session,
        update(AbsenceNotice)
        .where(AbsenceNotice.id == found.id, AbsenceNotice.state == found.state)
        .values(state=str(state), settled_at=ask_of(session).moment.instant, **values),
    )
    if done == 0:
        raise Conflict("Someone settled this notice. Read it again.", path=("noticeId",))
