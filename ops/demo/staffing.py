"""Staff of the demo region, appointed by the administrator of each organisation."""

from collections.abc import Mapping, Sequence
from contextlib import suppress
from dataclasses import dataclass
from uuid import UUID

from sqlalchemy import select
from sqlalchemy.ext.asyncio import AsyncSession

from domain.database import Database, Login, ask
from domain.errors import Conflict
from domain.organisations import queries, services
from domain.organisations.models import ClassGroup
from ops.demo.people import Child, person, stream
from ops.demo.region import BOARDS, Board, Office, School, key
from ops.demo.rosters import groups_of, lines_of
from ops.personas import ADMINISTRATORS, CLIENT, STAFF, Persona, administrator
from permissions.vocabulary import Actor, Purpose, Role

AT_EVERY_SCHOOL = (
    Role.ATTENDANCE_COORDINATOR,
    Role.SUPPORT_COORDINATOR,
    Role.HEAD_OF_SCHOOL,
)
_AT_OFFICES: Mapping[str, tuple[Role, ...]] = {
    "attendance_office": (Role.ATTENDANCE_OFFICER, Role.ATTENDANCE_ADVISER),
    "support_alliance": (Role.ALLIANCE_CONSULTANT, Role.ALLIANCE_ANALYST),
}


@dataclass(frozen=True, slots=True)
class Post:
    """Someone to be appointed: at a branch when there is one, for a class when there is one."""

    staff_id: UUID
    name: str
    role: Role
    school: School | None = None
    group: str | None = None


def school_staff_id(school: School, role: Role) -> UUID:
    """Return who has a role at a school, whether a persona or not."""
    return _persona_at(school, role) or key("staff", school.branch_code, str(role))


def school_actor(school: School, role: Role, purpose: Purpose) -> Actor:
    """Return whoever has a role at a school as an actor."""
    return Actor(
        id=school_staff_id(school, role),
        organisation=school.board.id,
        role=role,
        purpose=purpose,
        client=CLIENT,
    )


async def appoint_everyone(
    database: Database, year: int, pupils: Mapping[School, Sequence[Child]]
) -> None:
    """Appoint all staff of the story's organisations, and give the coordinators their mandates."""
    boards = {board.id for board in BOARDS}
    for persona in ADMINISTRATORS:
        if persona.organisation not in boards:
            posts = [
                Post(other.actor_id, other.name, other.role)
                for other in STAFF
                if other.organisation == persona.organisation
            ]
            await _appoint(database, persona, posts, year)
    for board in BOARDS:
        await appoint_at(
            database, board, year, {s: found for s, found in pupils.items() if s.board is board}
        )


async def appoint_at(
    database: Database, board: Board, year: int, pupils: Mapping[School, Sequence[Child]]
) -> None:
    """Appoint the staff of a board's schools that is not there yet, and mandate coordinators."""
    posts = [post for school in pupils for post in _posts(school, year, pupils[school])]
    await _appoint(database, administrator_of(board), posts, year)
    for school in pupils:
        head = school_actor(school, Role.HEAD_OF_SCHOOL, Purpose.DAILY_GUIDANCE)
        with suppress(Conflict):
            async with database.acting(ask(head), Login.APP) as session:
                await services.grant_head_mandate(
                    session,
                    head,
                    branch_id=school.id,
                    coordinator_id=school_staff_id(school, Role.ATTENDANCE_COORDINATOR),
                )


async def appoint_at_office(database: Database, office: Office, year: int) -> None:
    """Appoint who works at an office that is not the story's."""
    posts = [
        Post(key("staff", office.code, str(role)), _named_by_chance(office.code, role), role)
        for role in _AT_OFFICES[office.kind]
    ]
    await _appoint(database, administrator_of(office), posts, year)


def administrator_of(organisation: Board | Office) -> Persona:
    """Return who administers an organisation: a persona at the story's, elsewhere somebody."""
    for persona in ADMINISTRATORS:
        if persona.organisation == organisation.id:
            return persona
    name = _named_by_chance(organisation.code, Role.ORGANISATION_ADMINISTRATOR)
    return administrator(organisation, name)


def _named_by_chance(code: str, role: Role) -> str:
    return person(stream("staff", code, role)).full_name


def _persona_at(school: School, role: Role, group: str | None = None) -> UUID | None:
    persona = _named(school, role, group)
    return persona.actor_id if persona is not None else None


def _named(school: School, role: Role, group: str | None) -> Persona | None:
    where = (school.branch_code, role, group)
    return next((p for p in STAFF if (p.school, p.role, p.group) == where), None)


def _posts(school: School, year: int, pupils: Sequence[Child]) -> list[Post]:
    chance = stream("staff", school.branch_code)
    found: list[Post] = []
    for role in AT_EVERY_SCHOOL:
        persona = _named(school, role, None)
        name = persona.name if persona is not None else person(chance).full_name
        found.append(Post(school_staff_id(school, role), name, role, school))
    for group in groups_of(lines_of(pupils, before=False), school.branch_code, year):
        persona = _named(school, Role.MENTOR, group.key)
        found.append(
            Post(
                persona.actor_id
                if persona is not None
                else key("staff", school.branch_code, str(Role.MENTOR), group.key),
                persona.name if persona is not None else group.teacher.full_name,
                Role.MENTOR,
                school,
                group.key,
            )
        )
    return found


async def _appoint(
    database: Database, administrator: Persona, posts: Sequence[Post], year: int
) -> None:
    """Appoint the staff of one organisation, in one transaction."""
    actor = administrator.actor()
    async with database.acting(ask(actor), Login.APP) as session:
        classes = await _classes(session, year)
        for post in posts:
            there = await queries.staff(
                session, post.staff_id, administrator.organisation or post.staff_id
            )
            with suppress(Conflict):
                await services.appoint_staff(
                    session,
                    actor,
                    name=post.name,
                    role=post.role,
                    branch_id=post.school.id if post.school else None,
                    class_group_id=classes[post.school.id, post.group]
                    if post.school and post.group
                    else None,
                    staff_id=post.staff_id if there is not None else None,
                    new_id=post.staff_id,
                )


async def _classes(session: AsyncSession, year: int) -> dict[tuple[UUID, str], UUID]:
    rows = await session.execute(
        select(ClassGroup.branch_id, ClassGroup.external_id, ClassGroup.id).where(
            ClassGroup.school_year == year
        )
    )
    return {(branch_id, group): key_ for branch_id, group, key_ in rows}
