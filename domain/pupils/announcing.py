"""What a roster says in the outbox: pupils, their enrolments and places in classes, new keys."""

from uuid import UUID

from sqlalchemy import SelectBase, and_, case, exists, select
from sqlalchemy.dialects.postgresql import distinct_on
from sqlalchemy.ext.asyncio import AsyncSession
from sqlalchemy.orm import aliased

from domain.outbox import How, Thing, announce_from, word
from domain.pupils.bulk import joined_in_bulk, one_of
from domain.pupils.models import ClassMembership, Enrolment, Pupil
from domain.pupils.services import Moved, Places, TakenIn
from permissions.vocabulary import DataClass


async def roster(
    session: AsyncSession, taken: TakenIn, moved: Moved, *, controller_id: UUID, receipt_id: UUID
) -> None:
    """Announce what a roster changed, in the order in which a reader needs it.

    A school that gives a pupil another key delivers a new record of the same young person, and the
    old one leaves: that is one change, from the old record's id to the new one's.
    """
    new, old = aliased(Pupil), aliased(Pupil)
    leaves = (
        select(new.id.label("new_id"), old.id.label("old_id"))
        .join(
            old,
            and_(
                old.young_person_id == new.young_person_id,
                old.controller_id == controller_id,
                old.id != new.id,
            ),
        )
        .where(
            one_of(new.id, taken.added),
            new.controller_id == controller_id,
            exists().where(
                Enrolment.pupil_id == old.id, one_of(Enrolment.id, moved.enrolments.changed)
            ),
        )
        .ext(distinct_on(new.id))
        .order_by(new.id, old.id)
        .subquery("leaves")
    )
    pupils = (
        select(
            word(Thing.PUPIL, "kind"),
            Pupil.id.label("object_id"),
            leaves.c.old_id.label("former_id"),
            case(
                (leaves.c.old_id.is_not(None), str(How.KEY_CHANGED)),
                (one_of(Pupil.id, taken.added), str(How.CREATED)),
                else_=str(How.CHANGED),
            ).label("change"),
            word(DataClass.PUPIL_IDENTITY, "data_class"),
            Pupil.young_person_id,
            Pupil.id.label("pupil_id"),
        )
        .outerjoin(leaves, leaves.c.new_id == Pupil.id)
        .where(
            one_of(Pupil.id, [*taken.added, *taken.renamed]),
            Pupil.controller_id == controller_id,
        )
    )
    sources: list[SelectBase] = [pupils] if taken.added or taken.renamed else []
    if moved.enrolments.added or moved.enrolments.changed:
        sources.append(_places(moved.enrolments, Enrolment, Thing.ENROLMENT, controller_id))
    if moved.class_places.added or moved.class_places.changed:
        sources.append(
            _places(moved.class_places, ClassMembership, Thing.CLASS_PLACE, controller_id)
        )
    # Row by row, every new pupil would be compared with every other of the board.
    async with joined_in_bulk(session):
        for source in sources:
            await announce_from(session, source, controller_id=controller_id, receipt_id=receipt_id)


def _places(
    places: Places,
    model: type[Enrolment] | type[ClassMembership],
    thing: Thing,
    controller_id: UUID,
) -> SelectBase:
    return (
        select(
            word(thing, "kind"),
            model.id.label("object_id"),
            case((one_of(model.id, places.added), str(How.CREATED)), else_=str(How.CHANGED)).label(
                "change"
            ),
            word(DataClass.PUPIL_ENROLMENT, "data_class"),
            Pupil.young_person_id,
            model.branch_id,
            model.pupil_id,
        )
        .select_from(model)
        .join(Pupil, Pupil.id == model.pupil_id)
        .where(
            one_of(model.id, [*places.added, *places.changed]),
            Pupil.controller_id == controller_id,
        )
    )
