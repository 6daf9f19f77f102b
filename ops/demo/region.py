"""Who there is in the demo region: fictional places, organisations, schools and named staff.

Everything here is fixed: names, codes and ids are the same in every database, whatever the seed, so
that a persona is always the same actor. The seed makes pupils, other staff and attendance. No code
or postcode here belongs to a real place: BRIN `99..`, municipality 9901, region 99 and the
postcodes 3681-3686 are not in use (compared with the national directory of November 2024).
"""

from dataclasses import dataclass
from typing import Final
from uuid import UUID, uuid5

from domain.organisations.directory import Fictional
from domain.reference.directory import (
    DirectoryBranch,
    DirectoryMunicipality,
    Postcode,
    SupportAlliance,
    TransitionRegion,
)

_KEYS: Final = UUID("3d0f6a86-4f2e-5b57-8f3c-51d6b1c9e9a7")

MUNICIPALITY: Final = "9901"
ALLIANCES: Final = {"PO": "PO9901", "VO": "VO9901"}
PLACE: Final = "Schakelstad"
POSTCODES: Final = ("3681", "3682", "3683", "3684", "3685", "3686")


def key(*parts: str) -> UUID:
    """Return the id of a thing of the demo region, from its name within it."""
    return uuid5(_KEYS, ":".join(parts))


@dataclass(frozen=True, slots=True)
class Office:
    """An organisation of the region that is no school board; `kind` as in `OrganisationKind`."""

    code: str
    kind: str
    name: str

    @property
    def id(self) -> UUID:
        """The organisation's id."""
        return key("organisation", self.code)


@dataclass(frozen=True, slots=True)
class Board:
    """A school board, its number in the directory and the client id of its school system."""

    code: str
    name: str
    number: str

    @property
    def id(self) -> UUID:
        """The organisation's id."""
        return key("organisation", self.code)

    @property
    def client_id(self) -> str:
        """The name by which its school system asks for tokens."""
        return f"school-system-{self.code}"

    @property
    def client_actor(self) -> UUID:
        """The id under which its school system acts."""
        return key("client", self.code)


@dataclass(frozen=True, slots=True)
class Town:
    """A municipality of the region: its code, where people live, and its alliances by sector."""

    municipality: str
    name: str
    postcodes: tuple[str, ...]
    alliance_po: str
    alliance_vo: str

    def alliance(self, sector: str) -> str:
        """Return the alliance of its schools of a sector."""
        return self.alliance_po if sector == "PO" else self.alliance_vo

    @property
    def directory(self) -> DirectoryMunicipality:
        """The municipality as the directory has it."""
        return DirectoryMunicipality(self.municipality, self.name, "Schakelland", "99")


TOWN: Final = Town(MUNICIPALITY, PLACE, POSTCODES, ALLIANCES["PO"], ALLIANCES["VO"])
"""Where the story is."""


@dataclass(frozen=True, slots=True)
class School:
    """A branch of the region; `share` is its part of the pupils of all schools of the story."""

    branch_code: str
    board: Board
    name: str
    sector: str
    school_type: str
    postcode: str
    share: float
    town: Town = TOWN

    @property
    def id(self) -> UUID:
        """The branch's id."""
        return key("branch", self.branch_code)

    @property
    def branch_key(self) -> str:
        """The `vestiging key` of the branch in the board's rosters."""
        return f"V{self.branch_code[4:]}"

    @property
    def directory(self) -> DirectoryBranch:
        """The branch as the directory has it."""
        return DirectoryBranch(
            branch_code=self.branch_code,
            brin=self.branch_code[:4],
            name=self.name,
            sector=self.sector,
            school_type=self.school_type,
            place=self.town.name,
            postcode=self.postcode,
            municipality_code=self.town.municipality,
            board_number=self.board.number,
        )


PRIMARY: Final = Board("po", "Stichting Primair Onderwijs Schakelstad", "99001")
SECONDARY: Final = Board("vo", "Stichting Voortgezet Onderwijs Schakelstad", "99002")
BOARDS: Final = (PRIMARY, SECONDARY)

SCHOOLS: Final = (
    School("99AA00", PRIMARY, "De Ketting", "PO", "Basisonderwijs", "3681AA", 0.13),
    School("99AB00", PRIMARY, "Het Anker", "PO", "Basisonderwijs", "3682AB", 0.12),
    School("99AC00", PRIMARY, "De Brug", "PO", "Basisonderwijs", "3684AC", 0.10),
    School("99AD00", SECONDARY, "Schakelcollege Centrum", "VO", "HAVO/VWO", "3681AD", 0.36),
    School("99AD01", SECONDARY, "Schakelcollege Zuid", "VO", "VBO/MAVO", "3686AD", 0.29),
)

ATTENDANCE_OFFICE: Final = Office("office", "attendance_office", "Bureau Leerplicht Schakelstad")
PRIMARY_ALLIANCE: Final = Office(
    "alliance-po", "support_alliance", "Samenwerkingsverband PO Schakelstad"
)
SECONDARY_ALLIANCE: Final = Office(
    "alliance-vo", "support_alliance", "Samenwerkingsverband VO Schakelstad"
)
YOUTH_CARE: Final = Office("youth-care", "youth_care_provider", "Jeugdhulp Schakelstad")
REGISTER: Final = Office("register", "absence_register", "Verzuimregister (zandbak)")
OFFICES: Final = (
    ATTENDANCE_OFFICE,
    PRIMARY_ALLIANCE,
    SECONDARY_ALLIANCE,
    YOUTH_CARE,
    REGISTER,
)
NEIGHBOUR: Final = Office("neighbour", "attendance_office", "Bureau Leerplicht De Overkant")
"""An office that serves nobody here: what is everybody else's must stay invisible to it."""
LAST: Final = Office("youth-care-elsewhere", "youth_care_provider", "Jeugdhulp De Overkant")
"""Registered when everything else is there: its presence says that the region is built."""

STORY_SCHOOL: Final = SCHOOLS[3]
STORY_GROUP: Final = "2A"
"""The first pupil of this class misses much without leave; the parent persona is this child's."""

DIRECTORY: Final = Fictional(
    regions=(TransitionRegion("99", "Schakelstreek"),),
    municipalities=(TOWN.directory,),
    alliances=tuple(SupportAlliance(code, sector) for sector, code in ALLIANCES.items()),
    postcodes=tuple(
        Postcode(pc4, MUNICIPALITY, ALLIANCES["PO"], ALLIANCES["VO"]) for pc4 in POSTCODES
    ),
    branches=tuple(school.directory for school in SCHOOLS),
    board_names={board.number: board.name for board in BOARDS},
)
"""What the national directory is given besides its real entries."""
