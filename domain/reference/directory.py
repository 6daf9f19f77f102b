"""The national directory: public facts about schools and regions, none about a person.

The files and where they come from are described in `directory/SOURCES.md`;
`ops/build_directory.py` makes them from the originals. A code is a text, never a number: leading
zeros belong to it.
"""

import json
from collections.abc import Iterator
from dataclasses import dataclass
from typing import TypedDict, cast

from domain.reference.files import packed_rows, packed_text

_FOLDER = "directory"


@dataclass(frozen=True, slots=True)
class DirectoryBranch:
    """A school location with a vestigingscode (vestiging), as DUO published it.

    `branch_code` is the BRIN with two more digits; `sector` is `PO`, `SBO`, `SO` (special and
    secondary special education together) or `VO`; `school_type` is DUO's own word for it;
    `postcode` is four digits and two letters without a space.
    """

    branch_code: str
    brin: str
    name: str
    sector: str
    school_type: str
    place: str
    postcode: str
    municipality_code: str
    board_number: str | None


@dataclass(frozen=True, slots=True)
class DirectoryMunicipality:
    """A municipality (gemeente) of 2025 with its four-digit CBS code."""

    code: str
    name: str
    province: str
    region_code: str


@dataclass(frozen=True, slots=True)
class SupportAlliance:
    """An alliance for special needs (samenwerkingsverband) of the sector `PO` or `VO`."""

    code: str
    sector: str


@dataclass(frozen=True, slots=True)
class TransitionRegion:
    """A region that follows early leavers (Doorstroompuntregio, formerly RMC), two digits."""

    code: str
    name: str


@dataclass(frozen=True, slots=True)
class DirectoryBoard:
    """A school board (bevoegd gezag) by its number; no source of the directory gives a name."""

    number: str
    name: str | None


@dataclass(frozen=True, slots=True)
class Postcode:
    """The four digits of a postcode, their municipality and alliances.

    An alliance is None where the statute names none (the port of Rotterdam, 3197-3199).
    """

    pc4: str
    municipality_code: str
    alliance_po: str | None
    alliance_vo: str | None


@dataclass(frozen=True, slots=True)
class Surname:
    """A surname, its prefix (voorvoegsel, may be empty) and how many people had it in 2007."""

    prefix: str
    name: str
    weight: int


@dataclass(frozen=True, slots=True)
class Names:
    """Names for synthetic people: first names without frequency or sex, weighted surnames."""

    first_names: tuple[str, ...]
    surnames: tuple[Surname, ...]


class _NamesFile(TypedDict):
    first_names: list[str]
    surnames: list[tuple[str, str, int]]


def branches() -> Iterator[DirectoryBranch]:
    """Yield the 8,622 branches in the order of their code."""
    for row in packed_rows(_FOLDER, "branches.csv.gz"):
        yield DirectoryBranch(
            branch_code=row["branch_code"],
            brin=row["brin"],
            name=row["name"],
            sector=row["sector"],
            school_type=row["school_type"],
            place=row["place"],
            postcode=row["postcode"],
            municipality_code=row["municipality_code"],
            board_number=row["board_number"] or None,
        )


def municipalities() -> Iterator[DirectoryMunicipality]:
    """Yield the 342 municipalities in the order of their code."""
    for row in packed_rows(_FOLDER, "municipalities.csv.gz"):
        yield DirectoryMunicipality(row["code"], row["name"], row["province"], row["region_code"])


def alliances() -> Iterator[SupportAlliance]:
    """Yield the 76 primary and 74 secondary alliances in the order of their code."""
    for row in packed_rows(_FOLDER, "alliances.csv.gz"):
        yield SupportAlliance(row["code"], row["sector"])


def regions() -> Iterator[TransitionRegion]:
    """Yield the 40 transition regions in the order of their code."""
    for row in packed_rows(_FOLDER, "regions.csv.gz"):
        yield TransitionRegion(row["code"], row["name"])


def boards() -> Iterator[DirectoryBoard]:
    """Yield the boards that a source knows, in the order of their number as a text."""
    for row in packed_rows(_FOLDER, "boards.csv.gz"):
        yield DirectoryBoard(row["number"], row["name"] or None)


def postcodes() -> Iterator[Postcode]:
    """Yield the 4,046 postcodes of four digits in ascending order."""
    for row in packed_rows(_FOLDER, "postcodes.csv.gz"):
        yield Postcode(
            pc4=row["pc4"],
            municipality_code=row["municipality_code"],
            alliance_po=row["alliance_po"] or None,
            alliance_vo=row["alliance_vo"] or None,
        )


def names() -> Names:
    """Return the names for synthetic people."""
    content = cast("_NamesFile", json.loads(packed_text(_FOLDER, "names.json.gz")))
    return Names(
        first_names=tuple(content["first_names"]),
        surnames=tuple(Surname(*entry) for entry in content["surnames"]),
    )
