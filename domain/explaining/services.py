"""Explaining access: by which rule, while what holds, until when; and who else could see.

An explanation is derived from rules and ties alone and read as the actor, so that it can say
nothing that enforcement does not act on. Where no tie holds it is the table's own words: it is the
same for a young person who is not there and for one who is not there for the actor.
"""

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass, replace
from uuid import UUID

from sqlalchemy import literal, select, text
from sqlalchemy.ext.asyncio import AsyncSession

from domain.database import Ask, Database, ask_of
from domain.errors import Invalid, NotFound
from domain.explaining.about import about_one
from domain.explaining.queries import Asked, asked_by, question
from domain.organisations.models import Assignment, Staff
from domain.reach import Kind, require
from domain.reach.facts import holds
from domain.trace import Act, record
from permissions.decide import purposes_of, rules_for
from permissions.vocabulary import Activity, Actor, DataClass, Purpose, Role, Rule

MOST_ASKED = 500
"""How many of an organisation's staff `who_can_see` asks at most, each in one role and purpose."""


@dataclass(frozen=True, slots=True)
class Ground:
    """One rule by which the actor's role reads a class, and whether its tie holds.

    `until` is when it ends as known now, as JSON has it; null while that is open.
    """

    rule: Rule
    holds: bool
    until: str | None


@dataclass(frozen=True, slots=True)
class Explanation:
    """Why an actor may read a class of data about a young person, or what is missing.

    Args:
        actor: who asked.
        data_class: which class.
        grounds: every rule that speaks for the actor's role and purpose, in the table's order.
        elsewhere: the other purposes for which the same role has a rule, from the table alone.
    """

    actor: Actor
    data_class: DataClass
    grounds: tuple[Ground, ...]
    elsewhere: tuple[Purpose, ...]

    @property
    def permitted(self) -> bool:
        """Return whether a tie of any rule holds."""
        return any(ground.holds for ground in self.grounds)

    @property
    def about_one(self) -> bool:
        """Return whether the class is about one young person at all."""
        return about_one(self.data_class)


@dataclass(frozen=True, slots=True)
class Viewer:
    """Somebody who could read the class now, for a purpose, by one rule that holds."""

    staff_id: UUID
    name: str
    role: Role
    purpose: Purpose
    ground: Ground


@dataclass(frozen=True, slots=True)
class Viewers:
    """Who could read a class about a young person; not `complete` when not all were asked."""

    viewers: tuple[Viewer, ...]
    asked: int
    complete: bool


async def explain(
    session: AsyncSession,
    actor: Actor,
    *,
    young_person_id: UUID,
    data_classes: Sequence[DataClass],
) -> tuple[Explanation, ...]:
    """Explain the actor's own access to classes of data about a young person, in one statement.

    It is traced when a tie to the young person holds. It gives no data, but that a report is
    allocated, or that somebody is still enrolled, is about a child: a family may know who was told
    so, and nobody gets a way to try out ties that leaves no line. Where nothing holds nothing was
    told, and there is no trace, as for a read that finds nothing.
    """
    request = ask_of(session)
    found = await answered(session, request, young_person_id, data_classes)
    relied_on = [
        ground.rule
        for explanation in found
        if explanation.about_one
        for ground in explanation.grounds
        if ground.holds
    ]
    if relied_on:
        await record(session, actor, relied_on, Act.ACCESS_EXPLAINED, subjects=[young_person_id])
    return found


async def who_can_see(
    session: AsyncSession,
    actor: Actor,
    *,
    database: Database,
    young_person_id: UUID,
    data_class: DataClass,
    most: int = MOST_ASKED,
) -> Viewers:
    """Return who of the privacy officer's organisation could read a class about a young person now.

    Everyone assigned in a role that the table gives the class to is asked as themselves, under
    row-level security, in a part of the transaction that can only read: the answer is what
    enforcement would do. It is one act, traced once, and about the young person when somebody was
    found; it leaves no trace of reads, for nobody read. For a young person who is not there nobody
    is found.

    Args:
        session: the transaction of the act.
        actor: the privacy officer.
        database: signs the claims of those who are asked.
        young_person_id: about whom.
        data_class: what.
        most: how many members of staff are asked at most, each in one role and for one purpose.

    Raises:
        NotFound: the actor does not read the organisation's log.
        Invalid: the class is not about one young person.
    """
    if actor.organisation is None:
        raise NotFound
    rule = await require(
        session, actor, Activity.READ, DataClass.LOG_ORGANISATION,
        kind=Kind.CONTROLLER, reached=actor.organisation,
    )  # fmt: skip
    if not about_one(data_class):
        message = "This data class is not about one young person. Ask about one that is."
        raise Invalid(message, path=("dataClass",))
    colleagues = await colleagues_with_rules(session, actor, data_class, most + 1)
    request = ask_of(session)
    connection = await session.connection()
    viewers: list[Viewer] = []
    async with session.begin_nested() as part:
        await session.execute(text("set transaction read only"))
        for colleague, name in colleagues[:most]:
            as_colleague = replace(request, actor=colleague)
            await database.claim(connection, as_colleague)
            (found,) = await answered(session, as_colleague, young_person_id, [data_class])
            viewers += (
                Viewer(colleague.id, name, colleague.role, colleague.purpose, ground)
                for ground in found.grounds
                if ground.holds
            )
        await part.rollback()  # with it the claims are the actor's again
    # Whom nobody there could see the organisation has nothing about: their log is not for it to
    # write in. That it was asked stands in its own.
    subjects = [young_person_id] if viewers else []
    await record(session, actor, rule, Act.VIEWERS_LISTED, subjects=subjects)
    return Viewers(tuple(viewers), min(len(colleagues), most), complete=len(colleagues) <= most)


async def colleagues_with_rules(
    session: AsyncSession, actor: Actor, data_class: DataClass, most: int
) -> list[tuple[Actor, str]]:
    """Return who works at the actor's organisation in a role that reads the class, with names.

    Each appears once for every purpose for which the role has a rule on the class, at most `most`
    people in one role before that.
    """
    wanted = {
        role: tuple(
            purpose
            for purpose in purposes_of(role)
            if rules_for(role, purpose, Activity.READ, data_class)
        )
        for role in Role
    }
    now = ask_of(session).moment.instant
    rows = await session.execute(
        select(Assignment.staff_id, Assignment.role, Staff.name)
        .join(Staff, Staff.id == Assignment.staff_id)
        .where(
            Assignment.organisation_id == actor.organisation,
            Assignment.role.in_([str(role) for role, purposes in wanted.items() if purposes]),
            holds(Assignment.valid_from, Assignment.valid_until, literal(now)),
        )
        .distinct()
        .order_by(Assignment.role, Staff.name, Assignment.staff_id)
        .limit(most)
    )
    return [
        (replace(actor, id=staff_id, role=Role(role), purpose=purpose), name)
        for staff_id, role, name in rows
        for purpose in wanted[Role(role)]
    ]


async def answered(
    session: AsyncSession,
    request: Ask,
    young_person_id: UUID,
    data_classes: Sequence[DataClass],
) -> tuple[Explanation, ...]:
    """Explain without a trace, for whom the claims of the transaction speak."""
    role, purpose = request.actor.role, request.actor.purpose
    rules = {
        what: rules_for(role, purpose, Activity.READ, what) for what in dict.fromkeys(data_classes)
    }
    ends = await ends_of(
        session, request, young_person_id, (rule for each in rules.values() for rule in each)
    )
    return tuple(
        Explanation(
            request.actor,
            what,
            tuple(ground_of(rule, ends.get(asked_by(rule))) for rule in speaking),
            tuple(
                other
                for other in purposes_of(role)
                if other is not purpose and rules_for(role, other, Activity.READ, what)
            ),
        )
        for what, speaking in rules.items()
    )


async def ends_of(
    session: AsyncSession, request: Ask, young_person_id: UUID, rules: Iterable[Rule]
) -> Mapping[Asked, str | bool | None]:
    """Return what the statement says of everything that rules ask.

    A tie that reaches nothing of the kind that a class is about is not asked: it never holds.
    """
    asked = tuple(dict.fromkeys(each for rule in rules if (each := asked_by(rule))))
    if not asked:
        return {}
    values = request.parameters | {"about_young_person": young_person_id}
    row = (await session.execute(question(asked), values)).one()
    return dict(zip(asked, row, strict=True))


def ground_of(rule: Rule, end: str | bool | None) -> Ground:  # noqa: FBT001 - as JSON has it
    """Return the ground that the end of a rule's tie amounts to; see `question`."""
    return Ground(rule, end is not None, end if isinstance(end, str) else None)
