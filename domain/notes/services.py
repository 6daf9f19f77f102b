"""Acts on notes: add one. A note is never changed, and its text is sealed before it is kept."""

from uuid import UUID, uuid4

from sqlalchemy import select
from sqlalchemy.dialects.postgresql import insert
from sqlalchemy.ext.asyncio import AsyncSession

from domain.cases.queries import hold, open_case_file, speaking_part
from domain.cases.writing import changed, text_of
from domain.database import ask_of
from domain.errors import Invalid, NotFound
from domain.notes.models import Note
from domain.notes.sealing import Place, sealer
from domain.organisations.models import Staff
from domain.outbox import Change, How, Thing, announce
from domain.reach import Kind, require
from domain.trace import Act, record
from permissions.vocabulary import Activity, Actor, DataClass, Tie

TEXT = 10_000
"""How many characters a note has at most."""

CLASSES = (DataClass.NOTE_GENERAL, DataClass.NOTE_SUPPORT, DataClass.NOTE_YOUTH_CARE)
"""The classes of notes within a case; a note of enforcement belongs to a report."""


async def add_note(
    session: AsyncSession, actor: Actor, *, case_id: UUID, data_class: DataClass, text: str
) -> UUID:
    """Add a note to a case the actor takes part in, and return its id.

    A mentor takes no part of their own: what they add is the school's, under its part. The note
    says who wrote it: the writer's role, with the name shown in the case or, of a mentor, at work.

    Raises:
        NotFound: the case does not exist, or the actor may not write such notes in it.
        Invalid: the data class is none of notes, or the text is empty or over 10,000 characters.
        Conflict: the case is closed.
    """
    at = ("caseId",)
    if data_class not in CLASSES:
        raise Invalid(f"Choose one of: {', '.join(CLASSES)}.", path=("dataClass",))
    await hold(session, case_id)
    rule = await require(
        session, actor, Activity.WRITE, data_class, kind=Kind.CASE, reached=case_id, path=at
    )
    of_school = rule.tie is Tie.CLASS_ASSIGNMENT
    if not of_school:  # a mentor does not see the head of the case; its parts end when it closes
        await open_case_file(session, case_id, *at)
    part = await speaking_part(session, case_id, *at, of_school=of_school)
    name = part.display_name
    if of_school:
        name = await session.scalar(select(Staff.name).where(Staff.id == actor.id))
    if name is None:
        raise NotFound(*at)
    said = text_of(text, "text", most=TEXT)
    note_id = uuid4()
    place = Place(part.controller_id, case_id, note_id, str(data_class))
    await changed(
        session,
        insert(Note)
        .inline()
        .values(
            id=note_id,
            case_id=case_id,
            controller_id=part.controller_id,
            young_person_id=part.young_person_id,
            data_class=str(data_class),
            author_id=part.id,
            writer_role=str(actor.role),
            writer_name=name,
            sealed=sealer().seal(said, place),
            recorded_at=ask_of(session).moment.instant,
        ),
    )
    await announce(
        session,
        [
            Change(
                kind=Thing.NOTE,
                object_id=note_id,
                how=How.CREATED,
                data_class=data_class,
                young_person_id=part.young_person_id,
                case_id=case_id,
                note_id=note_id,
            )
        ],
        controller_id=part.controller_id,
    )
    await record(
        session, actor, rule, Act.NOTE_ADDED, subjects=[part.young_person_id], about=note_id
    )
    return note_id
