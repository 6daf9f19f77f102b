"""The personas of the demo region: who one can be, and for which purposes.

Staff and systems are the same in every database (`ops.demo.region`). The parent is whoever the
school registered for one child; the id is kept in a private file beside the keys when the region is
built.
"""

from __future__ import annotations

import json
from dataclasses import dataclass
from pathlib import Path
from typing import TYPE_CHECKING, Final, cast
from uuid import UUID

import click

from ops.demo import region
from ops.folders import default_data_dir, write_private
from permissions.decide import purposes_of
from permissions.vocabulary import Actor, Purpose, Role

if TYPE_CHECKING:
    from rich.console import Console

    from api.settings import Settings

CLIENT: Final = "schakel-demo"
_PARENT: Final = "demo-parent.json"

MENTOR_SCHOOL: Final = region.STORY_SCHOOL
PRIMARY_SCHOOL: Final = region.SCHOOLS[0]


class UnknownPersonaError(click.ClickException):
    """There is no such persona; the text names those there are."""


@dataclass(frozen=True, slots=True)
class Persona:
    """One actor in one role; `school` is the branch code of where it works, `group` its class."""

    key: str
    title_nl: str
    title_en: str
    name: str
    role: Role
    organisation: UUID | None
    organisation_name: str
    actor_id: UUID
    school: str | None = None
    group: str | None = None
    client: str = CLIENT

    @property
    def purposes(self) -> tuple[Purpose, ...]:
        """The purposes for which the role has any rule."""
        return purposes_of(self.role)

    def actor(self, purpose: Purpose | None = None) -> Actor:
        """Return the persona as an actor, for its only or first purpose unless one is given."""
        return Actor(
            id=self.actor_id,
            organisation=self.organisation,
            role=self.role,
            purpose=purpose or self.purposes[0],
            client=self.client,
        )


def platform_id() -> UUID:
    """Return the id of the platform's own organisation."""
    return region.key("platform")


def operator() -> Actor:
    """Return the platform operator, who sets the region up."""
    return Actor(
        id=region.key("platform", "operator"),
        organisation=platform_id(),
        role=Role.PLATFORM_OPERATOR,
        purpose=Purpose.OPERATION,
        client="schakel-setup",
    )


def _school_staff(
    key: str,
    titles: tuple[str, str],
    name: str,
    role: Role,
    *,
    school: region.School = MENTOR_SCHOOL,
    group: str | None = None,
) -> Persona:
    return Persona(
        key,
        *titles,
        name,
        role,
        school.board.id,
        school.board.name,
        region.key("staff", key),
        school=school.branch_code,
        group=group,
    )


def _office_staff(
    key: str,
    titles: tuple[str, str],
    name: str,
    role: Role,
    office: region.Office,
    *,
    same: str = "",
) -> Persona:
    """Make a persona at an office; `same` is the key of the persona that is the same person."""
    return Persona(
        key, *titles, name, role, office.id, office.name, region.key("staff", same or key)
    )


STAFF: Final = (
    _school_staff(
        "mentor", ("mentor", "mentor"), "Nadia Verbeek", Role.MENTOR, group=region.STORY_GROUP
    ),
    _school_staff(
        "neighbour_mentor",
        ("mentor van de andere klas", "mentor of the other class"),
        "Joris van Dalen",
        Role.MENTOR,
        group="2B",
    ),
    _school_staff(
        "coordinator",
        ("verzuimcoördinator", "attendance coordinator"),
        "Ilse Kramer",
        Role.ATTENDANCE_COORDINATOR,
    ),
    _school_staff(
        "support_coordinator",
        ("zorgcoördinator", "support coordinator"),
        "Sefa Aydin",
        Role.SUPPORT_COORDINATOR,
    ),
    _school_staff("head", ("directeur", "head of school"), "Wim Hofstra", Role.HEAD_OF_SCHOOL),
    _school_staff(
        "primary_mentor",
        ("leerkracht basisschool", "primary school teacher"),
        "Marit de Boer",
        Role.MENTOR,
        school=PRIMARY_SCHOOL,
        group="5A",
    ),
    _school_staff(
        "primary_coordinator",
        ("verzuimcoördinator basisschool", "primary attendance coordinator"),
        "Tom Brouwer",
        Role.ATTENDANCE_COORDINATOR,
        school=PRIMARY_SCHOOL,
    ),
    _school_staff(
        "primary_support_coordinator",
        ("intern begeleider", "primary support coordinator"),
        "Rachida Amrani",
        Role.SUPPORT_COORDINATOR,
        school=PRIMARY_SCHOOL,
    ),
    _school_staff(
        "primary_head",
        ("directeur basisschool", "primary head of school"),
        "Els Jansma",
        Role.HEAD_OF_SCHOOL,
        school=PRIMARY_SCHOOL,
    ),
    _office_staff(
        "officer",
        ("leerplichtambtenaar", "attendance officer"),
        "Fatima El Idrissi",
        Role.ATTENDANCE_OFFICER,
        region.ATTENDANCE_OFFICE,
    ),
    _office_staff(
        "adviser",
        ("adviseur preventie, dezelfde leerplichtambtenaar", "adviser, the same officer"),
        "Fatima El Idrissi",
        Role.ATTENDANCE_ADVISER,
        region.ATTENDANCE_OFFICE,
        same="officer",
    ),
    _office_staff(
        "consultant",
        ("consulent samenwerkingsverband", "support alliance consultant"),
        "Bas Ruijter",
        Role.ALLIANCE_CONSULTANT,
        region.SECONDARY_ALLIANCE,
    ),
    _office_staff(
        "analyst",
        ("analist samenwerkingsverband", "support alliance analyst"),
        "Linh Nguyen",
        Role.ALLIANCE_ANALYST,
        region.SECONDARY_ALLIANCE,
    ),
    _office_staff(
        "primary_consultant",
        ("consulent samenwerkingsverband PO", "primary support alliance consultant"),
        "Geert Postma",
        Role.ALLIANCE_CONSULTANT,
        region.PRIMARY_ALLIANCE,
    ),
    _office_staff(
        "primary_analyst",
        ("analist samenwerkingsverband PO", "primary support alliance analyst"),
        "Karin Smeets",
        Role.ALLIANCE_ANALYST,
        region.PRIMARY_ALLIANCE,
    ),
    _office_staff(
        "youth_care_worker",
        ("jeugdhulpverlener", "youth care worker"),
        "Daan Visser",
        Role.YOUTH_CARE_WORKER,
        region.YOUTH_CARE,
    ),
    _office_staff(
        "neighbour_officer",
        ("leerplichtambtenaar elders", "attendance officer elsewhere"),
        "Hanneke Mulder",
        Role.ATTENDANCE_OFFICER,
        region.NEIGHBOUR,
    ),
)


def administrator(organisation: region.Board | region.Office, name: str) -> Persona:
    """Return the administrator of an organisation, who appoints everybody else there."""
    return Persona(
        f"administrator_{organisation.code.replace('-', '_')}",
        f"beheerder {organisation.name}",
        f"administrator of {organisation.name}",
        name,
        Role.ORGANISATION_ADMINISTRATOR,
        organisation.id,
        organisation.name,
        region.key("staff", "administrator", organisation.code),
    )


def system_of(board: region.Board) -> Persona:
    """Return a board's school system."""
    return Persona(
        f"school_system_{board.code}",
        f"leerlingadministratie {board.name}",
        f"school system of {board.name}",
        board.client_id,
        Role.SCHOOL_SYSTEM,
        board.id,
        board.name,
        board.client_actor,
        client=board.client_id,
    )


ADMINISTRATORS: Final = tuple(
    administrator(organisation, name)
    for organisation, name in zip(
        (*region.BOARDS, *region.OFFICES, region.NEIGHBOUR),
        (
            "Anouk Timmer",
            "Peter Zwart",
            "Mirjam Kok",
            "Omar Haddad",
            "Sanne Peeters",
            "Ruben Bos",
            "Ingrid Vos",
            "Co Dijkman",
        ),
        strict=True,
    )
)

SYSTEMS: Final = tuple(system_of(board) for board in region.BOARDS)


def folder_of(settings: Settings) -> Path:
    """Return the private folder that keys and the parent's id are kept in."""
    key = settings.development_issuer_key
    return key.parent if key is not None else default_data_dir()


def keep_parent(folder: Path, guardian_id: UUID, name: str) -> None:
    """Keep who the parent is, in a file that only its owner reads."""
    write_private(folder / _PARENT, json.dumps({"id": str(guardian_id), "name": name}) + "\n")


def parent(folder: Path) -> Persona | None:
    """Return the parent, or None where the region was not built from here."""
    try:
        kept = cast("dict[str, str]", json.loads((folder / _PARENT).read_text(encoding="utf-8")))
    except FileNotFoundError:
        return None
    return Persona(
        "parent",
        "ouder met gezag",
        "parent with authority",
        kept["name"],
        Role.GUARDIAN,
        None,
        "",
        UUID(kept["id"]),
    )


def personas(folder: Path) -> tuple[Persona, ...]:
    """Return every persona of the region whose keys are in a folder."""
    found = parent(folder)
    return (*STAFF, *((found,) if found else ()), *ADMINISTRATORS, *SYSTEMS)


def find(folder: Path, key: str) -> Persona:
    """Return one persona.

    Raises:
        UnknownPersonaError: there is none of that name.
    """
    known = {persona.key: persona for persona in personas(folder)}
    if key not in known:
        raise UnknownPersonaError(f"There is no persona {key!r}. Choose from: {', '.join(known)}.")
    return known[key]


def show(settings: Settings, console: Console) -> None:
    """Print the personas with their role, place and purposes."""
    from rich.table import Table

    table = Table(title="Personas", title_justify="left")
    for heading in ("persona", "who", "name", "works at", "purposes"):
        table.add_column(heading, overflow="fold")
    for persona in personas(folder_of(settings)):
        place = persona.organisation_name
        if persona.school is not None:
            place += f", {persona.school}" + (f" {persona.group}" if persona.group else "")
        purposes = ", ".join(persona.purposes)
        table.add_row(persona.key, persona.title_en, persona.name, place, purposes)
    console.print(table)
