from __future__ import annotations

from datetime import timedelta
from typing import Any
from uuid import uuid4

import pytest
from sqlalchemy import select, text

from domain import clock
from domain.database import Login, ask
from domain.errors import Conflict, Invalid, NotFound
from domain.organisations import queries, services
from domain.organisations.models import Assignment, Organisation, OrganisationKind
from domain.reach import Kind, require
from permissions.vocabulary import Activity, DataClass, Role
from tests.conftest import TestDatabase
from tests.filled import undone
from tests.world import World

pytestmark = pytest.mark.asyncio(loop_scope="session")

OPERATOR_ACTS = (
    (services.register_organisation, {"kind": OrganisationKind.SCHOOL_BOARD, "name": "New"}),
    (
        services.register_branch,
        {"branch_code": "99WX00", "name": "New", "sector": "PO", "municipality_code": "9901"},
    ),
    (services.serve_municipality, {"municipality_code": "9901"}),
    (services.grant_mandate_for_figures, {"unit_level": "municipality", "unit_code": "9901"}),
    (services.register_client, {"client_id": "new", "public_key": {"kty": "OKP"}}),
    (services.appoint_first_administrator, {"name": "New"}),
)


async def test_the_platform_is_founded_once(world: World) -> None:
    """A second platform is refused, and so is one that is not the operator's own."""
    operator = world.actors["operator"]
    async with undone(world, operator, Login.JOBS) as session:
        with pytest.raises(Conflict):
            await services.found_platform(
                session, operator, name="P", platform_id=world.organisations["platform"]
            )
        with pytest.raises(NotFound):
            await services.found_platform(session, operator, name="P", platform_id=uuid4())


@pytest.mark.parametrize(("service", "inputs"), OPERATOR_ACTS)
async def test_only_the_operator_registers(
    world: World, service: Any, inputs: dict[str, Any]
) -> None:
    """Nobody but the platform operator registers anything: for others it does not exist."""
    if service is not services.register_organisation:
        inputs = {**inputs, "organisation_id": world.organisations["board"]}
    everyone = {**world.strangers, **world.actors}
    everyone.pop("operator")
    for actor in everyone.values():
        async with undone(world, actor, Login.JOBS) as session:
            with pytest.raises(NotFound):
                await service(session, actor, **inputs)


@pytest.mark.parametrize(
    ("service", "organisation", "inputs", "problem"),
    [
        (services.register_branch, "office", {"branch_code": "99WX00"}, Invalid),
        (services.register_branch, "board", {"branch_code": "99WX0"}, Invalid),
        (services.register_branch, "board", {"municipality_code": "0000"}, Invalid),
        (services.register_branch, "board", {"alliance_code": "PO0000"}, Invalid),
        (services.register_branch, "board", {"sector": "MBO"}, Invalid),
        (services.register_branch, "board", {"name": " "}, Invalid),
        (services.register_branch, "board", {"branch_code": "99WA00"}, Conflict),
        (services.serve_municipality, "board", {}, Invalid),
        (services.serve_municipality, "other_office", {}, Conflict),
        (services.grant_mandate_for_figures, "alliance", {}, Invalid),
        (services.grant_mandate_for_figures, "office", {"unit_level": "region"}, Invalid),
        (services.grant_mandate_for_figures, "office", {"unit_code": "0000"}, Invalid),
        (services.register_client, "office", {}, Invalid),
        (services.register_client, "board", {"public_key": {"kty": "EC", "d": "x"}}, Invalid),
        (services.register_client, "board", {"client_id": ""}, Invalid),
        (services.register_client, "board", {"client_id": "system-board"}, Conflict),
        (services.appoint_first_administrator, "board", {}, Conflict),
    ],
)
async def test_what_does_not_fit_is_refused(
    world: World,
    service: Any,
    organisation: str,
    inputs: dict[str, Any],
    problem: type[Exception],
) -> None:
    """A registration that breaks a rule says which, or that it is there already."""
    operator = world.actors["operator"]
    given = next(inputs_ for service_, inputs_ in OPERATOR_ACTS if service_ is service)
    async with undone(world, operator, Login.JOBS) as session:
        with pytest.raises(problem):
            await service(
                session,
                operator,
                organisation_id=world.organisations[organisation],
                **{**given, **inputs},
            )


async def test_a_client_delivers_for_its_own_board_alone(world: World) -> None:
    """An agreement between a client and another board's branch is refused as not found."""
    operator = world.actors["operator"]
    async with undone(world, operator, Login.JOBS) as session:
        with pytest.raises(NotFound):
            await services.agree_delivery(
                session,
                operator,
                client_actor_id=world.strangers["school_system"].id,
                branch_id=world.branches["99WA00"],
            )


@pytest.mark.parametrize(
    ("role", "branch", "group", "problem"),
    [
        (Role.ATTENDANCE_OFFICER, None, None, Invalid),
        (Role.PLATFORM_OPERATOR, None, None, Invalid),
        (Role.MENTOR, "99WA00", None, Invalid),
        (Role.MENTOR, None, "7A", NotFound),
        (Role.MENTOR, "99WA01", "1A", NotFound),
        (Role.HEAD_OF_SCHOOL, None, None, Invalid),
        (Role.HEAD_OF_SCHOOL, "99WB00", None, NotFound),
        (Role.HEAD_OF_SCHOOL, "99WA00", "1A", Invalid),
        (Role.ORGANISATION_ADMINISTRATOR, "99WA00", None, Invalid),
    ],
)
async def test_a_role_has_its_own_kind_of_place(
    world: World, role: Role, branch: str | None, group: str | None, problem: type[Exception]
) -> None:
    """A role that does not fit the organisation, or whose place does not fit it, is refused."""
    administrator = world.actors["administrator"]
    async with undone(world, administrator) as session:
        with pytest.raises(problem):
            await services.appoint_staff(
                session,
                administrator,
                name="New",
                role=role,
                branch_id=world.branches[branch] if branch else None,
                class_group_id=world.class_groups[group] if group else None,
            )


async def test_staff_get_a_second_role_but_not_twice_the_same(world: World) -> None:
    """Someone who works there gets another role under the same id; the same one is refused."""
    administrator = world.actors["administrator"]
    mentor = world.actors["mentor"].id
    other_class = world.class_groups["1B"]
    async with undone(world, administrator) as session:
        given = {"name": "", "role": Role.MENTOR, "staff_id": mentor}
        made = await services.appoint_staff(
            session, administrator, class_group_id=other_class, **given
        )
        assert made.staff_id == mentor
        branch = await session.scalar(
            select(Assignment.branch_id).where(Assignment.id == made.assignment_id)
        )
        assert branch == world.branches["99WA00"]
        with pytest.raises(Conflict):
            await services.appoint_staff(
                session, administrator, class_group_id=other_class, **given
            )


async def test_nobody_appoints_themselves_nor_staff_of_another_board(world: World) -> None:
    """An administrator gives no role to herself, and none to who works elsewhere."""
    administrator = world.actors["administrator"]
    async with undone(world, administrator) as session:
        for staff_id, problem in (
            (administrator.id, Invalid),
            (world.strangers["mentor"].id, NotFound),
        ):
            with pytest.raises(problem):
                await services.appoint_staff(
                    session,
                    administrator,
                    name="",
                    role=Role.HEAD_OF_SCHOOL,
                    branch_id=world.branches["99WA00"],
                    staff_id=staff_id,
                )


async def test_ending_an_assignment_ends_its_ties_at_once(
    filled: tuple[TestDatabase, World],
) -> None:
    """With the same token a mentor reaches her class before and nobody after; twice is refused."""
    made, world = filled
    administrator = world.actors["administrator"]
    appointed = await world.act(
        administrator,
        services.appoint_staff,
        name="Passing by",
        role=Role.MENTOR,
        class_group_id=world.class_groups["1A"],
    )
    mentor = world.actors["mentor"]
    passer = type(mentor)(
        id=appointed.staff_id, organisation=mentor.organisation, role=mentor.role,
        purpose=mentor.purpose, client="tests",
    )  # fmt: skip
    later = clock.at(world.moment.instant + timedelta(seconds=1))
    after = clock.at(world.moment.instant + timedelta(seconds=2))

    async def reaches(moment: clock.Moment) -> int:
        async with world.database.acting(ask(passer, moment=moment), Login.APP) as session:
            await require(
                session, passer, Activity.READ, DataClass.PUPIL_IDENTITY,
                kind=Kind.PUPIL, reached=world.pupils[0],
            )  # fmt: skip
            return await session.scalar(text("select count(*) from pupil"))

    assert await reaches(later) == 9
    stranger = world.strangers["administrator"]
    async with world.database.acting(ask(stranger, moment=later), Login.APP) as session:
        with pytest.raises(NotFound):
            await services.end_assignment(session, stranger, assignment_id=appointed.assignment_id)
    for expected in (None, Conflict):
        async with world.database.acting(ask(administrator, moment=later), Login.APP) as session:
            end = services.end_assignment(
                session, administrator, assignment_id=appointed.assignment_id
            )
            if expected is None:
                await end
            else:
                with pytest.raises(expected):
                    await end
    with pytest.raises(NotFound):
        await reaches(after)
    assert made.run_sql("select count(*) from trace where act = 'assignment_ended'") == ["1"]


async def test_a_mandate_is_the_heads_to_give(world: World) -> None:
    """Only the head of the branch gives it, to staff of the board, and once."""
    head = world.actors["head"]
    branch = world.branches["99WA00"]
    for actor in (world.actors["coordinator"], world.strangers["head"]):
        async with undone(world, actor) as session:
            with pytest.raises(NotFound):
                await services.grant_head_mandate(
                    session, actor, branch_id=branch, coordinator_id=world.actors["coordinator"].id
                )
    async with undone(world, head) as session:
        with pytest.raises(Conflict):
            await services.grant_head_mandate(
                session, head, branch_id=branch, coordinator_id=world.actors["coordinator"].id
            )
        with pytest.raises(NotFound):
            await services.grant_head_mandate(
                session, head, branch_id=branch, coordinator_id=world.strangers["coordinator"].id
            )


async def test_every_registration_is_traced(filled: tuple[TestDatabase, World]) -> None:
    """Each thing that was registered has one trace about it, and no young person in it."""
    made, _ = filled
    for table, key, act in (
        ("organisation", "id", "organisation_registered"),
        ("school_branch", "id", "branch_registered"),
        ("office_municipality", "id", "municipality_served"),
        ("mandate", "id", "figures_mandated"),
        ("oauth_client", "actor_id", "client_registered"),
        ("delivery_agreement", "id", "delivery_agreed"),
        ("assignment", "id", "staff_appointed"),
        ("head_mandate", "id", "mandate_granted"),
    ):
        untraced = made.run_sql(
            f"select count(*) from {table} t where (select count(*) from trace"
            f" where about = t.{key} and act = '{act}' and young_persons = '{{}}') <> 1"
        )
        assert untraced == ["0"], table


async def test_a_refused_registration_leaves_nothing(world: World) -> None:
    """After an act that was undone the organisation is not there."""
    operator = world.actors["operator"]
    async with undone(world, operator, Login.JOBS) as session:
        made = await services.register_organisation(
            session, operator, kind=OrganisationKind.YOUTH_CARE_PROVIDER, name="Gone"
        )
    async with undone(world, operator, Login.JOBS) as session:
        assert await session.get(Organisation, made) is None


async def test_the_system_that_delivers_for_a_branch_is_found(world: World) -> None:
    """The operator finds client and branch by the branch code; for an unknown code nobody."""
    operator = world.actors["operator"]
    async with undone(world, operator, Login.JOBS) as session:
        found = await queries.delivering_system(session, "99WA01")
        assert found is not None
        assert (found[0].id, found[1]) == (
            world.actors["school_system"].id,
            world.branches["99WA01"],
        )
        assert await queries.delivering_system(session, "99ZZ99") is None
