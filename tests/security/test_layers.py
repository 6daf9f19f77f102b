import json

import pytest
from sqlalchemy.ext.asyncio import create_async_engine

from domain.database import Login, ask, login_for
from permissions.vocabulary import Actor, Purpose, Role
from tests.security.conftest import Secured
from tests.security.layers import VIEWS, rows, shown

pytestmark = pytest.mark.asyncio

REFERRED_TO = {Role.YOUTH_DOCTOR, Role.ALLIANCE_CONSULTANT}

OWN_FACTS = {
    "participant": lambda row, actor: row["organisation_id"] == str(actor.organisation),
    "assignment": lambda row, actor: row["staff_id"] == str(actor.id),
    "staff": lambda row, actor: row["id"] == str(actor.id),
    "consent": lambda row, actor: (
        str(actor.organisation) in (row["from_organisation_id"], row["to_organisation_id"])
    ),
    "emergency": lambda row, actor: row["actor_id"] == str(actor.id),
    "classgroup": lambda _row, actor: actor.role is not Role.SCHOOL_SYSTEM,
    "enrolment": lambda _row, actor: actor.role in REFERRED_TO,
    "ownPeriod": lambda _row, actor: login_for(actor) is Login.AGGREGATE,
    "branchPeriod": lambda _row, actor: login_for(actor) is Login.APP,
}
"""Rows that the database shows beyond the views, because ties are derived from them: one's own
participation and invitations, one's own assignments and staff row, classes of reached pupils,
leave given between one's own organisation and another, one's own emergency, the enrolment that a
referral to one's own post rests on. And the periods of a branch, which one
table gives by two views: to who works there, and under a mandate."""


def everyone(secured: Secured) -> list[tuple[str, Actor]]:
    """Everybody in the world and every stranger, by name; jobs read nothing through views."""
    world = secured.world
    named = [
        *((f"actor {name}", actor) for name, actor in world.actors.items()),
        *((f"stranger {name}", actor) for name, actor in world.strangers.items()),
    ]
    return [(name, actor) for name, actor in named if login_for(actor) is not Login.JOBS]


async def test_row_level_security_stands_alone(secured: Secured) -> None:
    """With the compiled predicates replaced by *true* everyone still gets only its own rows."""
    compared = 0
    for name, actor in everyone(secured):
        for view in VIEWS:
            both = await shown(secured.pools, actor, view, compiled=True)
            alone = await shown(secured.pools, actor, view, compiled=False)
            assert both <= alone, f"{name} {view.name}"
            extra = [json.loads(row) for row in alone - both]
            allowed = OWN_FACTS.get(view.name)
            assert not extra or allowed, f"{name} sees {len(extra)} of {view.name} too many"
            assert all(allowed(row, actor) for row in extra if allowed), f"{name} {view.name}"
            compared += len(alone)
    assert compared > 500


async def test_compiled_predicates_stand_alone(secured: Secured) -> None:
    """With row-level security lifted, the compiled predicates show everyone the same rows."""
    compared = 0
    superusers = create_async_engine(
        secured.database.cluster.url("schakel_cluster", secured.database.name)
    )
    async with superusers.connect() as superuser:
        for name, actor in everyone(secured):
            # The first layer asks the database what it has to know and the actor may not read.
            await secured.pools.claim(superuser, ask(actor))
            for view in VIEWS:
                both = await shown(secured.pools, actor, view, compiled=True)
                alone = await rows(superuser, actor, view, compiled=True)
                assert alone == both, f"{name} {view.name}"
                compared += len(alone)
    await superusers.dispose()
    assert compared > 500


async def test_every_view_is_filled_for_someone(secured: Secured) -> None:
    """The world has a row of every view for somebody, or the comparison would say nothing."""
    for view in VIEWS:
        seen = [
            name
            for name, actor in everyone(secured)
            if await shown(secured.pools, actor, view, compiled=True)
        ]
        assert seen, view.name


async def test_strangers_share_nothing(secured: Secured) -> None:
    """Someone in the same role elsewhere sees not one row about a person that a peer here sees."""
    compared = 0
    for name, actor in secured.world.strangers.items():
        peer = secured.world.actors.get(name)
        for view in VIEWS if peer is not None else ():
            if view.subject is None or peer is None:
                continue
            here = await shown(secured.pools, peer, view, compiled=True)
            there = await shown(secured.pools, actor, view, compiled=True)
            assert not here & there, f"{name} {view.name}"
            compared += len(here)
    assert compared > 10


async def test_purposes_never_meet(secured: Secured) -> None:
    """An actor with a token for a purpose its role has no rule for sees nothing at all."""
    for name, actor in secured.world.actors.items():
        wrong = next(p for p in Purpose if not _speaks(actor.role, p))
        swapped = Actor(
            id=actor.id,
            organisation=actor.organisation,
            role=actor.role,
            purpose=wrong,
            client=actor.client,
        )
        for view in VIEWS:
            assert not await shown(secured.pools, swapped, view, compiled=True), (
                f"{name} {view.name}"
            )


def _speaks(role: Role, purpose: Purpose) -> bool:
    from permissions.decide import purposes_of

    return purpose in purposes_of(role)
