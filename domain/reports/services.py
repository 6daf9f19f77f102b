"""Acts on reports (verzuimmelding): prepare and send at school, take on and close at the office."""

from datetime import date
from uuid import UUID, uuid4

from sqlalchemy import func, select, update
from sqlalchemy.dialects.postgresql import insert
from sqlalchemy.ext.asyncio import AsyncSession

from domain.attendance.models import Signal
from domain.cases.writing import changed, one_of
from domain.database import ask_of
from domain.errors import Conflict, Invalid, NotFound
from domain.outbox import Change, How, Thing, announce
from domain.pupils.models import Pupil, PupilResidence
from domain.reach import Kind, require
from domain.reference.rulesets import rule_named
from domain.reports.extract import contacts_of, extract_of
from domain.reports.models import (
    TRANSITIONS,
    Report,
    ReportAllocation,
    ReportContact,
    ReportExtract,
    ReportOutcome,
    ReportState,
)
from domain.trace import Act, record
from permissions.vocabulary import Activity, Actor, DataClass, Rule

TAKEN_OVER = (
    DataClass.PUPIL_IDENTITY,
    DataClass.PUPIL_CONTACT,
    DataClass.PUPIL_WHEREABOUTS,
    DataClass.ATTENDANCE_UNAUTHORISED,
)
"""The classes that an extract is made from, beside the signal's own; the trace names them all."""

FIRST_MONTH = 8
"""The school year runs from 1 August to 31 July (WPO art. 1, WVO 2020 art. 1.1)."""


def retention_end(recorded_on: date) -> date:
    """Return the last day of the school year after the one in which a report was recorded.

    Wet register onderwijsdeelnemers art. 30: absence data is kept in the school year of recording
    and the next one.
    """
    ends = recorded_on.year + (recorded_on.month >= FIRST_MONTH)
    return date(ends + 1, FIRST_MONTH - 1, 31)


def whole_years(born: date | None, on: date) -> int | None:
    """Return somebody's age in whole years on a day; None when the date of birth is not known."""
    if born is None:
        return None
    return on.year - born.year - ((on.month, on.day) < (born.month, born.day))


async def prepare_report(session: AsyncSession, actor: Actor, *, signal_id: UUID) -> UUID:
    """Prepare the report that a signal asks for, and return its id; what it says is frozen.

    Raises:
        NotFound: the signal does not exist, or not for this actor.
        Invalid: no law knows a report of what the signal tells, or the pupil's municipality of
            residence is unknown or abroad.
        Conflict: the signal was withdrawn, or has a report already.
    """
    at = ("signalId",)
    signal = await session.scalar(select(Signal).where(Signal.id == signal_id))
    if signal is None:
        raise NotFound(*at)
    pupil_id = signal.pupil_id
    rules = [
        await require(
            session, actor, Activity.PREPARE, DataClass.REPORT,
            kind=Kind.BRANCH, reached=signal.branch_id, path=at,
        ),
        await require(
            session, actor, Activity.PREPARE, DataClass.REPORT,
            kind=Kind.PUPIL, reached=pupil_id, path=at,
        ),
    ]  # fmt: skip
    rules = list(dict.fromkeys(rules)) + [
        await require(
            session, actor, Activity.READ, taken, kind=Kind.PUPIL, reached=pupil_id, path=at
        )
        for taken in (DataClass(signal.data_class), *TAKEN_OVER)
    ]
    if signal.withdrawn_at is not None:
        raise Conflict(
            "This signal was withdrawn after the school corrected its attendance; there is "
            "nothing to report. Look at the pupil's current signals.",
            path=at,
        )
    kind = report_kind(signal)
    pupil = (await session.scalars(select(Pupil).where(Pupil.id == pupil_id))).one()
    municipality = await municipality_of_residence(session, pupil_id)
    moment = ask_of(session).moment
    report_id = uuid4()
    made = await changed(
        session,
        insert(Report)
        .inline()
        .values(
            id=report_id,
            controller_id=signal.controller_id,
            branch_id=signal.branch_id,
            pupil_id=pupil_id,
            young_person_id=pupil.young_person_id,
            signal_id=signal.id,
            kind=kind,
            rule_set=signal.rule_set,
            state=str(ReportState.DRAFT),
            municipality_code=municipality,
            age=whole_years(pupil.birth_date, moment.today),
            prepared_by=actor.id,
            prepared_at=moment.instant,
            retained_until=retention_end(moment.today),
        )
        .on_conflict_do_nothing(),
    )
    if made == 0:
        raise Conflict("A report was already prepared for this signal; open that one.", path=at)
    await changed(
        session,
        insert(ReportExtract)
        .inline()
        .values(
            report_id=report_id,
            controller_id=signal.controller_id,
            young_person_id=pupil.young_person_id,
            birth_date=pupil.birth_date,
            extract=await extract_of(session, signal, pupil),
        ),
    )
    await add_contacts(session, pupil, report_id=report_id, controller_id=signal.controller_id)
    await announce(
        session,
        [of_report(report_id, How.CREATED, pupil.young_person_id)],
        controller_id=signal.controller_id,
    )
    await record(
        session,
        actor,
        rules,
        Act.REPORT_PREPARED,
        subjects=[pupil.young_person_id],
        about=report_id,
    )
    return report_id


def report_kind(signal: Signal) -> str:
    """Return the kind of report (verzuimsoort) that a signal may become.

    Raises:
        Invalid: no law knows one. Illness and the share of all absence are for the school, the
            family and the youth doctor; they are never reported.
    """
    rule = rule_named(signal.rule_set, signal.kind)
    if rule is None or rule.report_kind is None:
        raise Invalid(
            "No law asks for a report of this signal. It is meant for talking with the pupil and "
            "the parents, and for asking help in time. Report a signal of unauthorised absence.",
            path=("signalId",),
        )
    return rule.report_kind


async def add_contacts(
    session: AsyncSession, pupil: Pupil, *, report_id: UUID, controller_id: UUID
) -> None:
    """Add whom to call to a report that was just prepared, as the school knows them now."""
    recorded_at = ask_of(session).moment.instant
    rows = [
        {
            "id": uuid4(),
            "controller_id": controller_id,
            "report_id": report_id,
            "recorded_at": recorded_at,
            **contact,
        }
        for contact in await contacts_of(session, pupil)
    ]
    if rows:
        await changed(session, insert(ReportContact).inline().values(rows))


async def municipality_of_residence(session: AsyncSession, pupil_id: UUID) -> str:
    """Return the CBS code of the municipality that a report about the pupil goes to.

    Raises:
        Invalid: it is unknown: no postcode, or one that no Dutch municipality has.
    """
    code = await session.scalar(
        select(PupilResidence.municipality_code).where(PupilResidence.pupil_id == pupil_id)
    )
    if code is None:
        raise Invalid(
            "The municipality of residence is unknown or abroad, so no attendance office can "
            "receive this report. Register the pupil's Dutch postcode in the school's own system, "
            "deliver the roster again, then prepare the report.",
            path=("signalId",),
        )
    return code


async def send_report(session: AsyncSession, actor: Actor, *, report_id: UUID) -> UUID:
    """Send a prepared report to the absence register, on the head's mandate.

    Raises:
        NotFound: the report does not exist, or the actor has no mandate for its branch.
        Conflict: it was sent already.
    """
    rule = await reached(session, actor, Activity.SEND, report_id)
    moment = ask_of(session).moment
    young_person_id = await moved(
        session, report_id, ReportState.SENT, sent_by=actor.id, sent_at=moment.instant
    )
    await record(session, actor, rule, Act.REPORT_SENT, subjects=[young_person_id], about=report_id)
    return report_id


async def take_on_report(session: AsyncSession, actor: Actor, *, report_id: UUID) -> UUID:
    """Take on a report that was allocated to the actor's office; from then on it is the actor's.

    Raises:
        NotFound: the report does not exist, or is not allocated to the actor's office.
        Conflict: somebody took it on already.
    """
    rule = await reached(session, actor, Activity.TAKE_ON, report_id)
    moment = ask_of(session).moment
    young_person_id = await moved(
        session, report_id, ReportState.TAKEN_ON, taken_on_by=actor.id, taken_on_at=moment.instant
    )
    await record(
        session, actor, rule, Act.REPORT_TAKEN_ON, subjects=[young_person_id], about=report_id
    )
    return report_id


async def close_report(
    session: AsyncSession, actor: Actor, *, report_id: UUID, outcome: str
) -> UUID:
    """Close a report the actor took on; its allocation ends, and with it what the office may see.

    Raises:
        NotFound: the report does not exist, or is not allocated to the actor's office.
        Invalid: the outcome is none of `ReportOutcome`.
        Conflict: the actor did not take it on, or it is closed.
    """
    rule = await reached(session, actor, Activity.CLOSE, report_id)
    result = one_of(ReportOutcome, outcome, "outcome")
    moment = ask_of(session).moment
    taker = await session.scalar(select(Report.taken_on_by).where(Report.id == report_id))
    if taker not in (None, actor.id):
        raise Conflict(
            "A colleague took this report on; only that colleague can close it.",
            path=("reportId",),
        )
    young_person_id = await moved(
        session, report_id, ReportState.CLOSED, closed_at=moment.instant, outcome=str(result)
    )
    # After the report, not before: the allocation is what ties the actor to it.
    await changed(
        session,
        update(ReportAllocation)
        .where(ReportAllocation.report_id == report_id, ReportAllocation.valid_until.is_(None))
        .values(valid_until=func.greatest(ReportAllocation.valid_from, moment.instant)),
    )
    await record(
        session, actor, rule, Act.REPORT_CLOSED, subjects=[young_person_id], about=report_id
    )
    return report_id


async def reached(session: AsyncSession, actor: Actor, activity: Activity, report_id: UUID) -> Rule:
    """Return the rule by which the actor does this to the report."""
    return await require(
        session, actor, activity, DataClass.REPORT,
        kind=Kind.REPORT, reached=report_id, path=("reportId",),
    )  # fmt: skip


HINTS = {
    ReportState.SENT: "This report was sent already; there is nothing left to send.",
    ReportState.TAKEN_ON: "Somebody at your office took this report on already; look it up.",
    ReportState.CLOSED: "Only a report that was taken on, and is not closed, can be closed.",
}


async def moved(session: AsyncSession, report_id: UUID, to: ReportState, **values: object) -> UUID:
    """Move a report to a state, if it is in one that may come before, and return its subject.

    Raises:
        Conflict: it is in another state, or another act came first.
    """
    before = [str(state) for state, after in TRANSITIONS.items() if to in after]
    found = (
        await session.execute(
            select(Report.young_person_id, Report.controller_id).where(Report.id == report_id)
        )
    ).one_or_none()
    done = await changed(
        session,
        update(Report)
        .where(Report.id == report_id, Report.state.in_(before))
        .values(state=str(to), **values),
    )
    if found is None or done == 0:
        raise Conflict(HINTS[to], path=("reportId",))
    young_person_id: UUID = found.young_person_id
    # Here, and not when the act is done: closing ends the allocation that ties the actor to it.
    await announce(
        session,
        [of_report(report_id, How.CHANGED, young_person_id)],
        controller_id=found.controller_id,
    )
    return young_person_id


def of_report(report_id: UUID, how: How, young_person_id: UUID) -> Change:
    """Return what the outbox says when the head of a report came or changed."""
    return Change(
        kind=Thing.REPORT,
        object_id=report_id,
        how=how,
        data_class=DataClass.REPORT_HEAD,
        young_person_id=young_person_id,
        report_id=report_id,
    )
