"""What a school and a court's institution register of a family, over GraphQL."""

from __future__ import annotations

from datetime import timedelta
from uuid import uuid4

import pytest

from domain import clock
from permissions.vocabulary import Role
from tests.api.chain.conftest import Line, opaque

pytestmark = pytest.mark.asyncio

SEEN = "givenName residence { postcode } enrolments { validFrom }"


async def test_protection_begins_and_ends_at_once(line: Line) -> None:
    """The father's token shows where she is, then not, then again."""
    chain = line.chain
    [open_to_father] = await line.nodes(chain.guardian, "pupils", SEEN)
    assert open_to_father["residence"] == {"postcode": "9999ZZ"}
    await line.done(chain.coordinator, "protectWhereabouts", pupilId=line.pupil)
    [hidden] = await line.nodes(chain.guardian, "pupils", SEEN)
    assert hidden == {"givenName": "Noor", "residence": None, "enrolments": []}
    told = await line.refused(chain.coordinator, "protectWhereabouts", pupilId=line.pupil)
    assert told == ("CONFLICT", ["pupilId"])
    for actor in (chain.guardian, chain.head, chain.neighbour):
        told = await line.refused(actor, "endProtection", pupilId=line.pupil)
        assert told == ("NOT_FOUND", ["pupilId"])
    await line.done(chain.coordinator, "endProtection", pupilId=line.pupil)
    assert await line.nodes(chain.guardian, "pupils", SEEN) == [open_to_father]


async def test_a_parent_without_authority(line: Line) -> None:
    """Sees who the child is while registered and not limited by a court."""
    chain = line.chain
    parent = {"pupilId": line.pupil, "guardianId": opaque("guardian", chain.other_parent.id)}
    assert await line.nodes(chain.other_parent, "pupils", SEEN) == []
    for limited in (True, False):
        await line.done(chain.coordinator, "registerParent", **parent, limitedByCourt=limited)
        told = await line.refused(chain.coordinator, "registerParent", **parent)
        assert told == ("CONFLICT", ["guardianId"])
        seen = await line.nodes(chain.other_parent, "pupils", SEEN)
        shown = {"givenName": "Noor", "residence": None, "enrolments": []}
        assert seen == ([] if limited else [shown])
        await line.done(chain.coordinator, "endParent", **parent)
        assert await line.nodes(chain.other_parent, "pupils", SEEN) == []
    unknown = parent | {"guardianId": opaque("guardian", 7)}
    told = await line.refused(chain.coordinator, "registerParent", **unknown)
    assert told == ("NOT_FOUND", ["guardianId"])


async def test_authority_ends(line: Line) -> None:
    """The father's token shows nothing any more; to others there is no such pupil."""
    chain = line.chain
    authority = {"pupilId": line.pupil, "guardianId": opaque("guardian", chain.guardian.id)}
    for actor in (chain.guardian, chain.head, chain.neighbour):
        told = await line.refused(actor, "endGuardian", **authority)
        assert told == ("NOT_FOUND", ["pupilId"])
    await line.done(chain.coordinator, "endGuardian", **authority)
    assert await line.nodes(chain.guardian, "pupils", SEEN) == []
    told = await line.refused(chain.coordinator, "endGuardian", **authority)
    assert told == ("CONFLICT", ["guardianId"])


async def test_an_own_account(line: Line) -> None:
    """The young person's token shows her record while the account is registered."""
    chain = line.chain
    child = chain.own(uuid4(), Role.YOUNG_PERSON)
    account = {"pupilId": line.pupil, "accountId": str(child.id)}
    for wrong in ("me", "", "pupil_x"):
        told = await line.refused(
            chain.coordinator, "registerOwnAccount", **account | {"accountId": wrong}
        )
        assert told == ("NOT_FOUND", ["accountId"])
    assert await line.nodes(child, "pupils", "givenName") == []
    await line.done(chain.coordinator, "registerOwnAccount", **account)
    assert await line.nodes(child, "pupils", "givenName") == [{"givenName": "Noor"}]
    told = await line.refused(chain.coordinator, "registerOwnAccount", **account)
    assert told == ("CONFLICT", ["pupilId"])
    await line.done(chain.coordinator, "endOwnAccount", pupilId=line.pupil)
    assert await line.nodes(child, "pupils", "givenName") == []


async def test_a_measure_opens_the_case(line: Line) -> None:
    """The worker's token shows the case from the registration on; an end has a time zone."""
    chain = line.chain
    await chain.joined(await chain.opened(), chain.protector)
    administrator = chain.administrators[chain.institution]
    until = clock.now().instant + timedelta(days=365)
    given = {
        "youngPersonId": line.young_person,
        "kind": "supervision",
        "until": until.isoformat(),
    }
    assert await line.nodes(chain.protector, "cases", "state") == []
    naive = given | {"until": until.replace(tzinfo=None).isoformat()}
    assert await line.refused(administrator, "registerMeasure", **naive) == ("INVALID", ["until"])
    for wanted in (opaque("youngperson", chain.another_child()), opaque("youngperson", 7), "x"):
        told = await line.refused(
            administrator, "registerMeasure", **given | {"youngPersonId": wanted}
        )
        assert told == ("NOT_FOUND", ["youngPersonId"])
    await line.done(administrator, "registerMeasure", **given)
    assert await line.nodes(chain.protector, "cases", "state") == [{"state": "open"}]
