"""Guardians of the demo region, registered by the attendance coordinator of each school."""

import asyncio
from collections.abc import Mapping, Sequence
from itertools import islice
from pathlib import Path
from typing import Final
from uuid import UUID

from sqlalchemy import exists, select

from domain.database import Database, Login, ask
from domain.pupils import services
from domain.pupils.bulk import one_of
from domain.pupils.models import Pupil, PupilContact
from domain.pupils.services import NewGuardian, comes_of_age
from domain.trace import Act, record
from ops.demo.people import Child, story_child
from ops.demo.region import STORY_SCHOOL, School
from ops.demo.staffing import school_actor
from ops.personas import keep_parent
from ops.progress import Step
from permissions.decide import rules_for
from permissions.vocabulary import Activity, Actor, DataClass, Purpose, Role

_BATCH: Final = 500


async def register_guardians(
    database: Database,
    pupils: Mapping[School, Sequence[Child]],
    folder: Path,
    step: Step,
) -> None:
    """Register the guardians of every pupil who has none, and keep who the parent persona is."""
    await asyncio.gather(
        *(register_at(database, school, children, step) for school, children in pupils.items())
    )
    child = story_child(pupils[STORY_SCHOOL])
    actor = _coordinator(STORY_SCHOOL)
    async with database.acting(ask(actor), Login.APP) as session:
        found = (
            await session.execute(
                select(PupilContact.guardian_id, PupilContact.name, Pupil.young_person_id)
                .join(Pupil, Pupil.id == PupilContact.pupil_id)
                .where(
                    Pupil.external_id == child.key,
                    PupilContact.name == child.parents[0].person.full_name,
                )
            )
        ).one()
        rules = rules_for(actor.role, actor.purpose, Activity.READ, DataClass.PUPIL_CONTACT)
        await record(session, actor, rules, Act.READ, subjects=[found.young_person_id])
    keep_parent(folder, found.guardian_id, found.name)


def _coordinator(school: School) -> Actor:
    return school_actor(school, Role.ATTENDANCE_COORDINATOR, Purpose.DAILY_GUIDANCE)


async def register_at(
    database: Database, school: School, children: Sequence[Child], step: Step | None = None
) -> None:
    """Register the guardians of every pupil of a school who has none."""
    actor = _coordinator(school)
    ids = await _without_guardians(database, actor, school, children)
    waiting = iter([child for child in children if child.key in ids])
    if step is not None:
        step.advance(len(children) - len(ids))
    while batch := list(islice(waiting, _BATCH)):
        request = ask(actor)
        async with database.acting(request, Login.APP) as session:
            await services.register_guardians(
                session,
                actor,
                guardians=[
                    NewGuardian(
                        pupil_id=ids[child.key],
                        name=parent.person.full_name,
                        relation=parent.relation,
                        phone=parent.phone,
                        email=parent.email,
                        has_authority=(until := comes_of_age(child.birth_date)) is None
                        or until > request.moment.instant,
                    )
                    for child in batch
                    for parent in child.parents
                ],
            )
        if step is not None:
            step.advance(len(batch))


async def _without_guardians(
    database: Database, actor: Actor, school: School, children: Sequence[Child]
) -> dict[str, UUID]:
    """Return the pupils of a school who have no contact person, by the school's own key."""
    async with database.acting(ask(actor), Login.APP) as session:
        rows = await session.execute(
            select(Pupil.external_id, Pupil.id, Pupil.young_person_id)
            .where(Pupil.controller_id == school.board.id)
            .where(one_of(Pupil.external_id, [child.key for child in children]))
            .where(~exists().where(PupilContact.pupil_id == Pupil.id))
        )
        found = rows.all()
        if found:
            rules = [
                *rules_for(actor.role, actor.purpose, Activity.READ, DataClass.PUPIL_IDENTITY),
                *rules_for(actor.role, actor.purpose, Activity.READ, DataClass.PUPIL_CONTACT),
            ]
            await record(
                session, actor, rules, Act.READ, subjects=[row.young_person_id for row in found]
            )
    return {row.external_id: row.id for row in found}
