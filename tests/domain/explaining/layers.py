"""What the database alone says that an actor reaches, and what it shows, per young person."""

import json
from collections.abc import AsyncIterator, Callable, Iterator
from contextlib import asynccontextmanager
from dataclasses import dataclass, replace
from functools import cached_property
from uuid import UUID

from sqlalchemy import text

import domain.ties
from domain.clock import Moment
from domain.database import Ask, Login, ask, login_for
from domain.explaining.about import about_one
from domain.explaining.services import Explanation, answered
from domain.reach import Kind, kinds_of
from permissions.decide import purposes_of
from permissions.vocabulary import Activity, Actor, DataClass
from tests.conftest import TestDatabase
from tests.filled import pools_of
from tests.world import World, build_world

CLASSES = tuple(what for what in DataClass if about_one(what))
"""Every class that is about one young person."""

FUNCTIONS = {
    Kind.PUPIL: "pupils",
    Kind.CONTACT: "contacts",
    Kind.YOUNG_PERSON: "young_persons",
    Kind.REPORT: "reports",
    Kind.CASE: "cases",
    Kind.INVITATION: "invitations",
    Kind.NOTE: "notes",
    Kind.REFERRAL: "referrals",
    Kind.CONTROLLER: "controllers",
    Kind.BRANCH: "branches",
    Kind.LEAVE: "leaves",
    Kind.UNIT: "units",
    Kind.EXEMPTION: "exemptions",
    Kind.NON_ENROLMENT: "non_enrolments",
    Kind.ADVICE: "advices",
}
"""The database's own account of reach, by kind of object."""

WHOSE = """
select json_object_agg(key, young_person_id) from (
    select id as key, young_person_id from pupil
    union all select c.id, p.young_person_id from pupil_contact c join pupil p on p.id = c.pupil_id
    union all select id, young_person_id from report
    union all select id, young_person_id from case_file
    union all select id, young_person_id from participation
    union all select id, young_person_id from note
    union all select id, young_person_id from referral
    union all select l.id, p.young_person_id from leave_request l join pupil p on p.id = l.pupil_id
    union all select id, young_person_id from exemption
    union all select id, young_person_id from non_enrolment
    union all select id, id from young_person) objects
"""

CLASS_OF = "select json_object_agg(id, data_class) from exemption"
"""The class that an exemption's row names: what reaches one reaches those of every class."""


@asynccontextmanager
async def built(new_database: Callable[[], TestDatabase]) -> AsyncIterator["Explained"]:
    """Build a filled world in a database of its own."""
    made = new_database()
    database = pools_of(made)
    domain.ties.load_all()
    try:
        yield Explained(await build_world(database), made)
    finally:
        await database.close()


@dataclass(frozen=True)
class Explained:
    """A world, and the database it lies in."""

    world: World
    database: TestDatabase

    def everyone(self) -> Iterator[tuple[str, Actor]]:
        """Give everybody in the world and every stranger, for each purpose of their role."""
        for kind, people in (("actor", self.world.actors), ("stranger", self.world.strangers)):
            for name, actor in people.items():
                if login_for(actor) is Login.JOBS:
                    continue
                for purpose in purposes_of(actor.role):
                    yield f"{kind} {name} {purpose}", replace(actor, purpose=purpose)

    @cached_property
    def whose(self) -> dict[str, str]:
        """Return the young person that each object is about, by its key: past the rules."""
        found: dict[str, str] = json.loads(self.database.run_sql(WHOSE)[0])
        return found

    @cached_property
    def class_of(self) -> dict[str, str]:
        """Return the class that the rows of exemptions name, by key: past the rules."""
        found: dict[str, str] = json.loads(self.database.run_sql(CLASS_OF)[0])
        return found

    async def said(
        self, actor: Actor, young_person_id: UUID, moment: Moment | None = None
    ) -> tuple[Explanation, ...]:
        """Return the explanation of every class for an actor, without a trace."""
        request = self.asking(actor, moment)
        async with self.world.database.acting(request, login_for(actor)) as session:
            return await answered(session, request, young_person_id, tuple(DataClass))

    async def reached(
        self, actor: Actor, moment: Moment | None = None
    ) -> dict[DataClass, set[str]]:
        """Return whom the database lets an actor read each class about, or for what if no one."""
        asked = [
            (what, kind)
            for what in DataClass
            for kind in kinds_of(Activity.READ, what)
            if kind in FUNCTIONS
        ]
        columns = ", ".join(
            # Keys of units are text, all others are ids.
            f"array(select reach.{FUNCTIONS[kind]}('read', '{what}'))::text[]"
            for what, kind in asked
        )
        async with self.world.database.acting(
            self.asking(actor, moment), login_for(actor)
        ) as session:
            row = (await session.execute(text(f"select {columns}"))).one()
        found: dict[DataClass, set[str]] = {what: set() for what in DataClass}
        for (what, _), keys in zip(asked, row, strict=True):
            found[what] |= {
                self.whose[key] if about_one(what) else key
                for key in keys
                if self.class_of.get(key, what) == what
            }
        return found

    async def agree(self, moment: Moment | None = None) -> tuple[int, int]:
        """Hold explanations against the database's own account, for everyone, about half of all.

        Returns:
            How many were compared, and how many of those about one person are permitted.
        """
        compared = permitted = 0
        for name, actor in self.everyone():
            reached = await self.reached(actor, moment)
            for number, person in enumerate(self.world.young_persons[::2]):
                for said in await self.said(actor, person, moment):
                    keys = reached[said.data_class]
                    expected = str(person) in keys if said.about_one else bool(keys)
                    assert said.permitted == expected, f"{name} {number} {said.data_class}"
                    compared += 1
                    permitted += expected and said.about_one
        return compared, permitted

    def asking(self, actor: Actor, moment: Moment | None = None) -> Ask:
        """Return a request of an actor, at the moment of the world if none is given."""
        return ask(actor, moment=moment or self.world.moment)
