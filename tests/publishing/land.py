"""A small region: schools of every size, and everyone who reads figures of them.

Nobody of it is in the database: what is kept of a period is a branch's exact table, and the tests
make those up. So an attack can be held against what is true.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field
from random import Random
from typing import Any
from uuid import UUID, uuid4

from domain import clock
from domain.aggregates.measures import MEASURES
from domain.aggregates.rounding.shape import ABSENCE, SEXES, YEAR_GROUPS, Scale
from domain.aggregates.rounding.shape import KINDS as KINDS_OF_ABSENCE
from domain.aggregates.tables import Counts
from domain.clock import Moment
from domain.database import Database, Login, ask
from domain.organisations import directory, services
from domain.organisations.directory import Fictional
from domain.organisations.models import OrganisationKind
from domain.reference.directory import (
    DirectoryBranch,
    DirectoryMunicipality,
    Postcode,
    SupportAlliance,
    TransitionRegion,
)
from permissions.decide import purposes_of
from permissions.vocabulary import Actor, Purpose, Role

REGION = "99"
MUNICIPALITIES = ("9901", "9902", "9903")
ALLIANCES = {"PO": "PO9901", "VO": "VO9901"}
WEIGHTS = (60, 18, 12, 4, 2, 4)
"""How many in a hundred pupils are in each category of absence."""

SPLIT = ("below_10", "above_10", "unknown")
"""What the bands of absence and its kinds say alike of a pupil."""

Exact = Mapping[str, Mapping[str, Counts]]
"""What is true, by measure and branch: pupils by category, year group and sex."""


@dataclass(frozen=True, slots=True)
class School:
    """A branch: its board, sector, municipality and number of pupils."""

    code: str
    board: str
    sector: str
    municipality: str
    pupils: int


SCHOOLS = (
    School("99LA00", "first", "PO", "9901", 14),
    School("99LA01", "first", "PO", "9901", 64),
    School("99LB00", "second", "PO", "9901", 210),
    School("99LB01", "second", "VO", "9901", 420),
    School("99LC00", "third", "VO", "9901", 27),
    School("99LC01", "third", "PO", "9901", 7),
    School("99LA02", "first", "PO", "9902", 95),
    School("99LB02", "second", "VO", "9902", 330),
    School("99LC02", "third", "PO", "9902", 41),
    School("99LC03", "third", "VO", "9903", 150),
)
"""Schools of every size; one of them, and one municipality, is too small to be told alone."""

KINDS = {
    "first": OrganisationKind.SCHOOL_BOARD,
    "second": OrganisationKind.SCHOOL_BOARD,
    "third": OrganisationKind.SCHOOL_BOARD,
    "office": OrganisationKind.ATTENDANCE_OFFICE,
    "other_office": OrganisationKind.ATTENDANCE_OFFICE,
    "alliance": OrganisationKind.SUPPORT_ALLIANCE,
    "inspectorate": OrganisationKind.INSPECTORATE,
    "ministry": OrganisationKind.MINISTRY,
}
MANDATES = {
    "office": ("municipality", "9901"),
    "other_office": ("municipality", "9902"),
    "alliance": ("alliance", ALLIANCES["VO"]),
    "inspectorate": ("national", "NL"),
    "ministry": ("national", "NL"),
}
STAFF = {
    "analyst_first": ("first", Role.BOARD_ANALYST),
    "analyst_second": ("second", Role.BOARD_ANALYST),
    "analyst_third": ("third", Role.BOARD_ANALYST),
    "adviser": ("office", Role.ATTENDANCE_ADVISER),
    "other_adviser": ("other_office", Role.ATTENDANCE_ADVISER),
    "alliance_analyst": ("alliance", Role.ALLIANCE_ANALYST),
    "inspector": ("inspectorate", Role.INSPECTOR),
    "policy_maker": ("ministry", Role.POLICY_MAKER),
}


@dataclass
class Land:
    """The region: its database, the ids in it, and who reads figures there."""

    database: Database
    moment: Moment
    operator: Actor
    organisations: dict[str, UUID] = field(default_factory=dict[str, UUID])
    branches: dict[str, UUID] = field(default_factory=dict[str, UUID])
    actors: dict[str, Actor] = field(default_factory=dict[str, Actor])

    async def act(self, actor: Actor, service: Any, login: Login = Login.APP, **inputs: Any) -> Any:
        """Do one act in a transaction of its own."""
        async with self.database.acting(ask(actor, moment=self.moment), login) as session:
            return await service(session, actor, **inputs)

    def unit(self, name: str) -> str:
        """Return how the figures of a board are asked for."""
        return f"board:{self.organisations[name]}"


async def build_land(database: Database) -> Land:
    """Register the region in an empty, migrated database."""
    platform = uuid4()
    operator = _actor(uuid4(), platform, Role.PLATFORM_OPERATOR)
    land = Land(database, clock.now(), operator)

    async def run(service: Any, **inputs: Any) -> Any:
        return await land.act(operator, service, Login.JOBS, **inputs)

    await run(services.found_platform, name="Platform", platform_id=platform)
    await run(_list)
    for name, kind in KINDS.items():
        land.organisations[name] = await run(
            services.register_organisation, kind=kind, name=name.replace("_", " ").title()
        )
    for school in SCHOOLS:
        land.branches[school.code] = await run(
            services.register_branch,
            organisation_id=land.organisations[school.board],
            branch_code=school.code,
            name=f"School {school.code}",
            sector=school.sector,
            municipality_code=school.municipality,
            alliance_code=ALLIANCES[school.sector],
        )
    await _mandate(land, run)
    await _staff(land, run)
    return land


async def _mandate(land: Land, run: Any) -> None:
    boards = [name for name, kind in KINDS.items() if kind is OrganisationKind.SCHOOL_BOARD]
    mandates: Mapping[str, tuple[str, str]] = MANDATES | {
        name: ("board", str(land.organisations[name])) for name in boards
    }
    for name in ("office", "other_office"):
        await run(
            services.serve_municipality,
            organisation_id=land.organisations[name],
            municipality_code=MANDATES[name][1],
        )
    for name, (level, code) in mandates.items():
        await run(
            services.grant_mandate_for_figures,
            organisation_id=land.organisations[name],
            unit_level=level,
            unit_code=code,
        )
    for name in boards:
        client = await run(
            services.register_client,
            organisation_id=land.organisations[name],
            client_id=f"figures-{name}",
            public_key={"kty": "OKP", "crv": "Ed25519", "x": "A" * 43},
            reporting=True,
        )
        land.actors[f"client_{name}"] = _actor(
            client, land.organisations[name], Role.REPORTING_CLIENT
        )


async def _staff(land: Land, run: Any) -> None:
    administrators: dict[str, Actor] = {}
    for name, organisation in land.organisations.items():
        made = await run(
            services.appoint_first_administrator,
            organisation_id=organisation,
            name=f"Administrator of {name}",
        )
        administrators[name] = _actor(made.staff_id, organisation, Role.ORGANISATION_ADMINISTRATOR)
    for key, (name, role) in STAFF.items():
        appointed = await land.act(
            administrators[name], services.appoint_staff, name=key, role=role
        )
        land.actors[key] = _actor(appointed.staff_id, land.organisations[name], role)
    adviser = land.actors["adviser"]
    await land.act(
        administrators["office"],
        services.appoint_staff,
        name="adviser",
        role=Role.ATTENDANCE_OFFICER,
        staff_id=adviser.id,
    )
    land.actors["officer"] = _actor(adviser.id, adviser.organisation, Role.ATTENDANCE_OFFICER)
    for school in SCHOOLS:
        head = await land.act(
            administrators[school.board],
            services.appoint_staff,
            name=f"Head of {school.code}",
            role=Role.HEAD_OF_SCHOOL,
            branch_id=land.branches[school.code],
        )
        land.actors[f"head_{school.code}"] = _actor(
            head.staff_id, land.organisations[school.board], Role.HEAD_OF_SCHOOL
        )


def _actor(key: UUID, organisation: UUID | None, role: Role) -> Actor:
    purpose = Purpose.OPERATION if role is Role.PLATFORM_OPERATOR else purposes_of(role)[0]
    return Actor(id=key, organisation=organisation, role=role, purpose=purpose, client="tests")


async def _list(session: Any, operator: Actor) -> int:
    return await directory.add_missing(session, operator, _listed(), national=False)


def _listed() -> Fictional:
    return Fictional(
        regions=(TransitionRegion(REGION, "Region"),),
        municipalities=tuple(
            DirectoryMunicipality(code, f"Municipality {code}", "Schakelland", REGION)
            for code in MUNICIPALITIES
        ),
        alliances=tuple(SupportAlliance(code, sector) for sector, code in ALLIANCES.items()),
        postcodes=tuple(
            Postcode(pc4, code, ALLIANCES["PO"], ALLIANCES["VO"])
            for pc4, code in zip(("3681", "3682", "3683"), MUNICIPALITIES, strict=True)
        ),
        branches=tuple(
            DirectoryBranch(
                branch_code=school.code, brin=school.code[:4], name=f"School {school.code}",
                sector=school.sector, school_type="School", place="Place", postcode="3681AA",
                municipality_code=school.municipality, board_number="99001",
            )
            for school in SCHOOLS
        ),
        board_names={"99001": "Board"},
    )  # fmt: skip


def exact_counts(seed: int) -> Exact:
    """Return what is true of each school in a period, by measure: made up, and always the same."""
    random = Random(seed)
    found: dict[str, dict[str, dict[tuple[str, str, str], int]]] = {
        name: {school.code: {} for school in SCHOOLS} for name in MEASURES
    }
    for school in SCHOOLS:
        for _ in range(school.pupils):
            year = random.choice(YEAR_GROUPS[school.sector])
            sex = random.choice(SEXES)
            told: dict[str, str] = {}
            for name, scale in MEASURES.items():
                weights = WEIGHTS if name == "absence" else _weights(len(scale.categories))
                (category,) = random.choices(scale.categories, weights)
                category = told[name] = _of_the_same_pupil(scale, category, told)
                counts = found[name][school.code]
                counts[category, year, sex] = counts.get((category, year, sex), 0) + 1
    return found


def _of_the_same_pupil(scale: Scale, category: str, told: Mapping[str, str]) -> str:
    """Return a category that can be true beside what was told: nothing delivered is so of all."""
    if scale is KINDS_OF_ABSENCE:
        band = ABSENCE.categories.index(told[ABSENCE.name])
        part = next(name for name in SPLIT if band in ABSENCE.spans[name])
        within = [scale.categories[at] for at in scale.spans[part]]
        return category if category in within else within[band % len(within)]
    first = next((told[name] for name in told if MEASURES[name].shared == scale.shared), category)
    rare = "none" if "none" in scale.categories else "unknown"
    if rare in (first, category) and first != category:
        return rare if first == rare else next(each for each in scale.categories if each != rare)
    return category


def _weights(categories: int) -> list[int]:
    return [60, *(12 - 2 * at for at in range(categories - 1))]
