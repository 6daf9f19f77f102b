"""Who plays: the demo's partners, and a school of the tour's own that nobody knows yet."""

from __future__ import annotations

from dataclasses import dataclass, field
from typing import TYPE_CHECKING, Any
from uuid import UUID, uuid4

from joserfc.jwk import RSAKey

from domain import clock
from domain.database import Database, Login, ask
from domain.organisations import services
from domain.organisations.directory import Fictional, load
from domain.organisations.models import OrganisationKind
from domain.reference.directory import DirectoryBranch
from ops.demo import region
from ops.demo.tour_school import (
    BRANCH_CODE,
    BRANCH_KEY,
    NAME,
    SECTOR,
    TourSchool,
    tour_school,
)
from ops.personas import find, folder_of, operator
from ops.tour.stage import Person
from permissions.vocabulary import Role

if TYPE_CHECKING:
    from api.settings import Settings

CLIENT_ID = "school-system-tour"

_LISTED = DirectoryBranch(
    branch_code=BRANCH_CODE,
    brin=BRANCH_CODE[:4],
    name=NAME,
    sector=SECTOR,
    school_type="HAVO/VWO",
    place=region.PLACE,
    postcode="3681ZT",
    municipality_code=region.MUNICIPALITY,
    board_number=None,
)


@dataclass(slots=True)
class Cast:
    """Everyone and everything that the chapters hand on to each other."""

    school: TourSchool
    branch_id: UUID
    system_key: RSAKey
    system: Person
    administrator: Person
    officer: Person
    adviser: Person
    neighbour_officer: Person
    consultant: Person
    analyst: Person
    youth_care_worker: Person
    people: dict[str, Person] = field(default_factory=dict[str, Person])
    found: dict[str, Any] = field(default_factory=dict[str, Any])

    @property
    def organisation_ids(self) -> dict[str, str]:
        """The public ids of the organisations that are invited."""
        return {
            name: f"organisation_{person.organisation.hex}"
            for name, person in (
                ("school", self.administrator),
                ("alliance", self.consultant),
                ("youth care", self.youth_care_worker),
            )
            if person.organisation is not None
        }


async def prepare(database: Database, settings: Settings) -> Cast:
    """Register the tour's board and branch, its system and its administrator, as the operator."""
    school = tour_school(clock.now().today)
    board, branch, system, administrator = uuid4(), uuid4(), uuid4(), uuid4()
    key = RSAKey.generate_key(2048, {"kid": "tour", "use": "sig", "alg": "RS256"}, private=True)
    actor = operator()
    await load(database, actor, Fictional(branches=(_LISTED,)))
    async with database.acting(ask(actor), Login.JOBS) as session:
        await services.register_organisation(
            session,
            actor,
            kind=OrganisationKind.SCHOOL_BOARD,
            name="Stichting De Rondleiding",
            id=board,
        )
        await services.register_branch(
            session,
            actor,
            organisation_id=board,
            branch_code=BRANCH_CODE,
            name=NAME,
            sector=SECTOR,
            municipality_code=region.MUNICIPALITY,
            alliance_code=region.ALLIANCES[SECTOR],
            id=branch,
        )
        await services.register_client(
            session,
            actor,
            organisation_id=board,
            client_id=CLIENT_ID,
            public_key=key.as_dict(private=False),
            actor_id=system,
        )
        await services.agree_delivery(
            session, actor, client_actor_id=system, branch_id=branch, branch_key=BRANCH_KEY
        )
        await services.appoint_first_administrator(
            session, actor, organisation_id=board, name="Noor Beheer", new_id=administrator
        )
    folder = folder_of(settings)

    def persona(name: str) -> Person:
        """Return a persona of the demo as someone in the story."""
        found = find(folder, name)
        return Person(
            f"{found.name} ({found.title_en})", found.role, found.organisation, found.actor_id
        )

    return Cast(
        school=school,
        branch_id=branch,
        system_key=key,
        system=Person("The school's system", Role.SCHOOL_SYSTEM, board, system),
        administrator=Person(
            "Noor Beheer (administrator)", Role.ORGANISATION_ADMINISTRATOR, board, administrator
        ),
        officer=persona("officer"),
        adviser=persona("adviser"),
        neighbour_officer=persona("neighbour_officer"),
        consultant=persona("consultant"),
        analyst=persona("analyst"),
        youth_care_worker=persona("youth_care_worker"),
    )
