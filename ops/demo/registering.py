"""Registering who works with the platform in the demo region, as its operator."""

from pathlib import Path

from sqlalchemy.ext.asyncio import AsyncSession

from domain.database import Database, Login, ask
from domain.organisations import directory, queries, services
from domain.organisations.models import OrganisationKind
from ops.demo import region
from ops.demo.growth import Land, alliance_office, office_of
from ops.demo.keys import public_key
from ops.demo.region import OFFICES, SCHOOLS, Board, Office, School
from ops.demo.staffing import administrator_of
from ops.directory import load_into
from ops.personas import ADMINISTRATORS, operator

_STORY_OFFICES = (
    (region.ATTENDANCE_OFFICE, "municipality", region.MUNICIPALITY),
    (region.PRIMARY_ALLIANCE, "alliance", region.ALLIANCES["PO"]),
    (region.SECONDARY_ALLIANCE, "alliance", region.ALLIANCES["VO"]),
)


async def register(database: Database, land: Land, folder: Path) -> None:
    """Register organisations, branches, clients and first administrators of the whole region.

    Those of the story are all registered or none, and so are those of each town.
    """
    await load_into(database)
    await _register_story(database, folder)
    if not land.towns:
        return
    await directory.load(database, operator(), land.directory, national=False)
    known: set[str] = set()
    for town in land.towns:
        schools = [school for school in land.grown if school.town == town]
        alliances = {town.alliance_po, town.alliance_vo} - known
        known |= alliances
        offices = [(office_of(town), "municipality", town.municipality)]
        offices += [(alliance_office(code), "alliance", code) for code in sorted(alliances)]
        await _register_town(database, schools, offices, folder)


async def _register_town(
    database: Database,
    schools: list[School],
    offices: list[tuple[Office, str, str]],
    folder: Path,
) -> None:
    actor = operator()
    boards = list(dict.fromkeys(school.board for school in schools))
    async with database.acting(ask(actor), Login.JOBS) as session:
        if await queries.organisation(session, boards[0].id) is not None:
            return
        await _register(session, boards, [office for office, _, _ in offices], schools, folder)
        await _mandate(session, offices)
        for organisation in (*boards, *(office for office, _, _ in offices)):
            administrator = administrator_of(organisation)
            await services.appoint_first_administrator(
                session,
                actor,
                organisation_id=organisation.id,
                name=administrator.name,
                new_id=administrator.actor_id,
            )


async def _register_story(database: Database, folder: Path) -> None:
    actor = operator()
    async with database.acting(ask(actor), Login.JOBS) as session:
        if await queries.organisation(session, region.NEIGHBOUR.id) is not None:
            return
        offices = [*OFFICES, region.NEIGHBOUR]
        await _register(session, list(region.BOARDS), offices, list(SCHOOLS), folder)
        await _mandate(session, list(_STORY_OFFICES))
        for administrator in ADMINISTRATORS:
            if administrator.organisation is not None:
                await services.appoint_first_administrator(
                    session,
                    actor,
                    organisation_id=administrator.organisation,
                    name=administrator.name,
                    new_id=administrator.actor_id,
                )


async def _register(
    session: AsyncSession,
    boards: list[Board],
    offices: list[Office],
    schools: list[School],
    folder: Path,
) -> None:
    """Register boards with their systems, offices, and branches with who delivers for them."""
    actor = operator()
    for board in boards:
        await services.register_organisation(
            session, actor, kind=OrganisationKind.SCHOOL_BOARD, name=board.name, id=board.id
        )
        await services.register_client(
            session,
            actor,
            organisation_id=board.id,
            client_id=board.client_id,
            public_key=public_key(folder, board),
            actor_id=board.client_actor,
        )
    for office in offices:
        await services.register_organisation(
            session, actor, kind=OrganisationKind(office.kind), name=office.name, id=office.id
        )
    for school in schools:
        await services.register_branch(
            session,
            actor,
            organisation_id=school.board.id,
            branch_code=school.branch_code,
            name=school.name,
            sector=school.sector,
            municipality_code=school.town.municipality,
            alliance_code=school.town.alliance(school.sector),
            id=school.id,
        )
        await services.agree_delivery(
            session,
            actor,
            client_actor_id=school.board.client_actor,
            branch_id=school.id,
            branch_key=school.branch_key,
        )


async def _mandate(session: AsyncSession, offices: list[tuple[Office, str, str]]) -> None:
    """Register which municipality an office serves, and whose figures each office may see."""
    for office, level, code in offices:
        if level == "municipality":
            await services.serve_municipality(
                session, operator(), organisation_id=office.id, municipality_code=code
            )
    for office, level, code in offices:
        await services.grant_mandate_for_figures(
            session, operator(), organisation_id=office.id, unit_level=level, unit_code=code
        )
