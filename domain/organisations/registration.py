"""Acts of the platform operator: who works with the platform, on each controller's instruction.

AVG art. 28. `services` offers these acts beside those of the organisations themselves.
"""

import re
from collections.abc import Mapping
from typing import Any
from uuid import UUID, uuid4

from sqlalchemy.ext.asyncio import AsyncSession

import domain.organisations.ties  # noqa: F401 # pyright: ignore[reportUnusedImport] - registers
from domain.database import ask_of
from domain.errors import Conflict, Invalid, NotFound
from domain.organisations import queries
from domain.organisations.models import (
    DeliveryAgreement,
    Mandate,
    OAuthClient,
    OfficeMunicipality,
    Organisation,
    OrganisationKind,
    SchoolBranch,
)
from domain.reach import Kind, require
from domain.trace import Act, record
from permissions.decide import purposes_of, rules_for
from permissions.vocabulary import Activity, Actor, DataClass, Role, Rule

LONGEST_NAME = 200
_LONGEST_CLIENT_ID = 128
_BRANCH_CODE = re.compile(r"[0-9]{2}[A-Z]{2}[0-9]{2}")
_SECTORS = ("PO", "VO", "SBO", "SO")
_PRIVATE_PARTS = frozenset({"d", "p", "q", "dp", "dq", "qi", "oth", "k"})
_CLIENT_ROLES = {
    OrganisationKind.SCHOOL_BOARD: Role.SCHOOL_SYSTEM,
    OrganisationKind.ABSENCE_REGISTER: Role.ABSENCE_REGISTER,
}


MANDATED: Mapping[str, tuple[OrganisationKind, ...]] = {
    "board": (OrganisationKind.SCHOOL_BOARD,),
    "municipality": (OrganisationKind.ATTENDANCE_OFFICE,),
    "alliance": (OrganisationKind.SUPPORT_ALLIANCE,),
    "region": (OrganisationKind.MINISTRY, OrganisationKind.TRANSITION_REGION),
    "national": (OrganisationKind.MINISTRY, OrganisationKind.INSPECTORATE),
}
"""Which kinds of organisation may hold a mandate for figures at a level."""


async def found_platform(
    session: AsyncSession, actor: Actor, *, name: str, platform_id: UUID
) -> UUID:
    """Register the platform's own organisation: the first of all, so no tie can hold yet.

    Raises:
        NotFound: the actor is no platform operator of the organisation that is founded.
        Conflict: there is a platform already.
    """
    rules = rules_for(actor.role, actor.purpose, Activity.REGISTER, DataClass.ORGANISATION)
    if not rules or actor.organisation != platform_id:
        raise NotFound
    if await queries.organisation_of_kind(session, OrganisationKind.PLATFORM) is not None:
        raise Conflict("The platform is registered already. There is nothing to do.")
    return await _add_organisation(
        session, actor, rules[0], platform_id, kind=OrganisationKind.PLATFORM, name=name
    )


async def register_organisation(
    session: AsyncSession,
    actor: Actor,
    *,
    kind: OrganisationKind,
    name: str,
    id: UUID | None = None,  # noqa: A002 - the organisation's own
) -> UUID:
    """Register a controller that works with the platform; return its id.

    Raises:
        NotFound: the actor is no platform operator.
        Invalid: the name is empty or too long, or the kind is the platform's own.
        Conflict: an organisation with this id is registered already.
    """
    rule = await _operate(session, actor, actor.organisation)
    if kind is OrganisationKind.PLATFORM:
        raise Invalid("There is one platform. Choose another kind of organisation.", path=("kind",))
    new_id = id or uuid4()
    if await queries.organisation(session, new_id) is not None:
        raise Conflict("This organisation is registered already.", path=("id",))
    return await _add_organisation(session, actor, rule, new_id, kind=kind, name=name)


async def register_branch(
    session: AsyncSession,
    actor: Actor,
    *,
    organisation_id: UUID,
    branch_code: str,
    name: str,
    sector: str,
    municipality_code: str,
    alliance_code: str | None = None,
    id: UUID | None = None,  # noqa: A002 - the branch's own
) -> UUID:
    """Register a branch (vestiging) of a school board; return its id.

    Raises:
        NotFound: the organisation does not exist, or the actor is no platform operator.
        Invalid: the organisation is no school board, or a code is not in the directory.
        Conflict: the branch code is registered already.
    """
    rule = await _operate(session, actor, organisation_id)
    await _of_kind(session, organisation_id, OrganisationKind.SCHOOL_BOARD)
    if _BRANCH_CODE.fullmatch(branch_code) is None:
        raise Invalid(
            "A branch code is a BRIN (two digits, two letters) and two digits.",
            path=("branchCode",),
        )
    if sector not in _SECTORS:
        raise Invalid(f"A sector is one of {', '.join(_SECTORS)}.", path=("sector",))
    await _known_municipality(session, municipality_code)
    if alliance_code is not None:
        await _known_alliance(session, alliance_code, path="allianceCode")
    if await queries.branch_by_code(session, branch_code) is not None:
        raise Conflict("This branch is registered already.", path=("branchCode",))
    branch = SchoolBranch(
        id=id or uuid4(),
        organisation_id=organisation_id,
        branch_code=branch_code,
        name=named(name),
        sector=sector,
        municipality_code=municipality_code,
        alliance_code=alliance_code,
        recorded_at=ask_of(session).moment.instant,
    )
    session.add(branch)
    await record(session, actor, rule, Act.BRANCH_REGISTERED, subjects=(), about=branch.id)
    return branch.id


async def serve_municipality(
    session: AsyncSession, actor: Actor, *, organisation_id: UUID, municipality_code: str
) -> UUID:
    """Register that an attendance office serves a municipality; return the fact's id.

    Raises:
        NotFound: the organisation does not exist, or the actor is no platform operator.
        Invalid: it is no attendance office, or the directory has no such municipality.
        Conflict: an office serves the municipality already.
    """
    rule = await _operate(session, actor, organisation_id)
    await _of_kind(session, organisation_id, OrganisationKind.ATTENDANCE_OFFICE)
    await _known_municipality(session, municipality_code)
    now = ask_of(session).moment.instant
    if await queries.office_of(session, municipality_code, now) is not None:
        raise Conflict(
            "An attendance office serves this municipality already.", path=("municipalityCode",)
        )
    served = OfficeMunicipality(
        id=uuid4(),
        organisation_id=organisation_id,
        municipality_code=municipality_code,
        valid_from=now,
        valid_until=None,
    )
    session.add(served)
    await record(session, actor, rule, Act.MUNICIPALITY_SERVED, subjects=(), about=served.id)
    return served.id


async def grant_mandate_for_figures(
    session: AsyncSession, actor: Actor, *, organisation_id: UUID, unit_level: str, unit_code: str
) -> UUID:
    """Register whose figures an organisation may see; return the mandate's id.

    A school board holds a mandate for itself (`board`; the code is its id), an attendance office
    for a `municipality`, a support alliance for an `alliance`, a ministry for a `region` or for the
    country (`national`, `NL`), an inspectorate for the country.

    Raises:
        NotFound: the organisation does not exist, or the actor is no platform operator.
        Invalid: the level does not fit the organisation, or the directory has no such unit.
    """
    rule = await _operate(session, actor, organisation_id)
    if unit_level not in MANDATED:
        raise Invalid(f"A level is one of {', '.join(MANDATED)}.", path=("unitLevel",))
    await _of_kind(session, organisation_id, *MANDATED[unit_level])
    if unit_level == "municipality":
        await _known_municipality(session, unit_code, path="unitCode")
    elif unit_level == "alliance":
        await _known_alliance(session, unit_code, path="unitCode")
    elif unit_level == "region":
        await _known_region(session, unit_code, path="unitCode")
    elif unit_code != (own := "NL" if unit_level == "national" else str(organisation_id)):
        raise Invalid(f"The code of this unit is {own}.", path=("unitCode",))
    mandate = Mandate(
        id=uuid4(),
        organisation_id=organisation_id,
        unit_level=unit_level,
        unit_code=unit_code,
        valid_from=ask_of(session).moment.instant,
        valid_until=None,
    )
    session.add(mandate)
    await record(session, actor, rule, Act.FIGURES_MANDATED, subjects=(), about=mandate.id)
    return mandate.id


async def register_client(
    session: AsyncSession,
    actor: Actor,
    *,
    organisation_id: UUID,
    client_id: str,
    public_key: Mapping[str, Any],
    actor_id: UUID | None = None,
    reporting: bool = False,
) -> UUID:
    """Register a system client and the public key it signs with; return the id it acts under.

    The role follows from the organisation: a school board's client delivers, the register's
    allocates; a reporting client of any organisation reads the figures it holds a mandate for,
    of the levels that the people of such an organisation read.

    Raises:
        NotFound: the organisation does not exist, or the actor is no platform operator.
        Invalid: this kind of organisation has no clients, or the key is not a public JWK.
        Conflict: the client id is taken.
    """
    rule = await _operate(session, actor, organisation_id)
    organisation = await queries.organisation(session, organisation_id)
    kind = OrganisationKind(organisation.kind) if organisation else None
    role = Role.REPORTING_CLIENT if reporting else kind and _CLIENT_ROLES.get(kind)
    if role is None:
        raise Invalid("This kind of organisation has no system clients.", path=("organisationId",))
    if not 0 < len(client_id) <= _LONGEST_CLIENT_ID or not client_id.isprintable():
        raise Invalid(
            f"A client id is 1 to {_LONGEST_CLIENT_ID} printable characters.", path=("clientId",)
        )
    if "kty" not in public_key or _PRIVATE_PARTS & public_key.keys():
        raise Invalid(
            "Give the public key alone, as a JWK; the private key stays with the client.",
            path=("publicKey",),
        )
    if await queries.client_named(session, client_id) is not None:
        raise Conflict("A client with this id is registered already.", path=("clientId",))
    client = OAuthClient(
        client_id=client_id,
        actor_id=actor_id or uuid4(),
        organisation_id=organisation_id,
        role=str(role),
        purpose=str(purposes_of(role)[0]),
        public_key=dict(public_key),
    )
    session.add(client)
    await record(session, actor, rule, Act.CLIENT_REGISTERED, subjects=(), about=client.actor_id)
    return client.actor_id


async def agree_delivery(
    session: AsyncSession,
    actor: Actor,
    *,
    client_actor_id: UUID,
    branch_id: UUID,
    branch_key: str | None = None,
) -> UUID:
    """Register that a client delivers for a branch of its own board; return the agreement's id.

    `branch_key` is the `vestiging key` under which the branch stands in the client's rosters.

    Raises:
        NotFound: the branch or the client does not exist, or belongs to another organisation, or
            the actor is no platform operator.
    """
    branch = await queries.branch(session, branch_id)
    if branch is None:
        raise NotFound("branchId")
    rule = await _operate(session, actor, branch.organisation_id)
    client = await queries.client(session, client_actor_id)
    if client is None or client.organisation_id != branch.organisation_id:
        raise NotFound("clientActorId")
    agreement = DeliveryAgreement(
        id=uuid4(),
        client_id=client_actor_id,
        branch_id=branch_id,
        branch_key=branch_key,
        valid_from=ask_of(session).moment.instant,
        valid_until=None,
    )
    session.add(agreement)
    await record(session, actor, rule, Act.DELIVERY_AGREED, subjects=(), about=agreement.id)
    return agreement.id


def named(name: str) -> str:
    """Return a name without spaces around it.

    Raises:
        Invalid: it is empty or too long.
    """
    stripped = name.strip()
    if not 0 < len(stripped) <= LONGEST_NAME or not stripped.isprintable():
        raise Invalid(f"A name is 1 to {LONGEST_NAME} printable characters.", path=("name",))
    return stripped


async def _operate(session: AsyncSession, actor: Actor, organisation_id: UUID | None) -> Rule:
    if organisation_id is None:
        raise NotFound
    return await require(
        session,
        actor,
        Activity.REGISTER,
        DataClass.ORGANISATION,
        kind=Kind.CONTROLLER,
        reached=organisation_id,
        path=("organisationId",),
    )


async def _add_organisation(
    session: AsyncSession,
    actor: Actor,
    rule: Rule,
    organisation_id: UUID,
    *,
    kind: OrganisationKind,
    name: str,
) -> UUID:
    session.add(
        Organisation(
            id=organisation_id,
            kind=str(kind),
            name=named(name),
            recorded_at=ask_of(session).moment.instant,
        )
    )
    act = Act.ORGANISATION_REGISTERED
    await record(session, actor, rule, act, subjects=(), about=organisation_id)
    return organisation_id


async def _of_kind(session: AsyncSession, organisation_id: UUID, *kinds: OrganisationKind) -> None:
    organisation = await queries.organisation(session, organisation_id)
    if organisation is None or organisation.kind not in kinds:
        raise Invalid(
            f"This is only for an organisation of the kind {' or '.join(kinds)}.",
            path=("organisationId",),
        )


async def _known_municipality(
    session: AsyncSession, code: str, *, path: str = "municipalityCode"
) -> None:
    if not await queries.municipality_exists(session, code):
        raise Invalid("The directory has no municipality with this CBS code.", path=(path,))


async def _known_alliance(session: AsyncSession, code: str, *, path: str) -> None:
    if not await queries.alliance_exists(session, code):
        raise Invalid("The directory has no support alliance with this code.", path=(path,))


async def _known_region(session: AsyncSession, code: str, *, path: str) -> None:
    if not await queries.region_exists(session, code):
        raise Invalid("The directory has no transition region with this code.", path=(path,))
