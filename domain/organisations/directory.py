"""Loading the national directory: public facts, written by the platform, about no person.

The files come from `domain.reference.directory`. A key is made from the code it stands for, so that
the same branch has the same id in every database.
"""

import unicodedata
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from typing import Any
from uuid import UUID, uuid5

from sqlalchemy import func, select
from sqlalchemy.dialects.postgresql import insert
from sqlalchemy.ext.asyncio import AsyncSession
from sqlalchemy.orm import InstrumentedAttribute

import domain.organisations.ties  # noqa: F401 # pyright: ignore[reportUnusedImport] - registers
from domain.base import Base
from domain.database import Database, Login, ask
from domain.errors import NotFound
from domain.reach import Kind, require
from domain.reference import directory
from domain.reference.directory import (
    DirectoryBranch as Branch,
)
from domain.reference.directory import (
    DirectoryMunicipality as Municipality,
)
from domain.reference.directory import (
    Postcode,
    SupportAlliance,
    TransitionRegion,
)
from domain.reference.models import (
    DirectoryAlliance,
    DirectoryBranch,
    DirectoryMunicipality,
    DirectoryPostcode,
    DirectoryRegion,
)
from domain.trace import Act, record
from permissions.vocabulary import Activity, Actor, DataClass

_KEYS = UUID("7b1c5b8e-7a52-5d0c-9b0e-6f2f4a1d9c11")
Row = dict[str, Any]


@dataclass(frozen=True, slots=True)
class Fictional:
    """Entries of a fictional region, told apart from the real ones by `fictional` on a branch."""

    regions: Sequence[TransitionRegion] = ()
    municipalities: Sequence[Municipality] = ()
    alliances: Sequence[SupportAlliance] = ()
    postcodes: Sequence[Postcode] = ()
    branches: Sequence[Branch] = ()
    board_names: Mapping[str, str] | None = None


def searchable(text: str) -> str:
    """Return a text as it is searched for: lower case, without diacritics, single spaces."""
    plain = unicodedata.normalize("NFKD", text)
    kept = "".join(letter for letter in plain if not unicodedata.combining(letter))
    return " ".join(kept.casefold().split())


async def load(
    database: Database,
    operator: Actor,
    fictional: Fictional | None = None,
    *,
    national: bool = True,
) -> int:
    """Load what is missing of the directory, in one transaction; return how many rows were added.

    A second call compares codes and adds nothing. Without `national` only fictional entries are.

    Raises:
        NotFound: the actor is no platform operator of the platform.
    """
    async with database.acting(ask(operator), Login.JOBS) as session:
        return await add_missing(session, operator, fictional or Fictional(), national=national)


async def add_missing(
    session: AsyncSession, operator: Actor, fictional: Fictional, *, national: bool
) -> int:
    """Add what the directory tables lack, within a transaction of the operator's."""
    if operator.organisation is None:
        raise NotFound
    rule = await require(
        session,
        operator,
        Activity.REGISTER,
        DataClass.ORGANISATION,
        kind=Kind.CONTROLLER,
        reached=operator.organisation,
    )
    added = 0
    for model, code, rows in _tables(fictional, national=national):
        if not rows:
            continue
        codes = [row[code.key] for row in rows]
        known = await session.scalar(
            select(func.count()).select_from(model).where(code == func.any(codes))
        )
        if known == len(rows):
            continue
        keyed = [
            {"id": uuid5(_KEYS, f"{model.__tablename__}:{row[code.key]}"), **row} for row in rows
        ]
        await session.execute(insert(model).on_conflict_do_nothing(), keyed)
        added += len(rows) - (known or 0)
    if added:
        await record(session, operator, rule, Act.DIRECTORY_LOADED, subjects=())
    return added


def _tables(
    fictional: Fictional, *, national: bool
) -> Iterator[tuple[type[Base], InstrumentedAttribute[str], list[Row]]]:
    """Yield each table, the column of its code and all rows; what others refer to comes first."""
    yield (
        DirectoryRegion,
        DirectoryRegion.code,
        [
            {"code": region.code, "name": region.name}
            for region in (*(directory.regions() if national else ()), *fictional.regions)
        ],
    )
    yield (
        DirectoryMunicipality,
        DirectoryMunicipality.code,
        [
            {
                "code": municipality.code,
                "name": municipality.name,
                "search_name": searchable(municipality.name),
                "province": municipality.province,
                "region_code": municipality.region_code,
            }
            for municipality in (
                *(directory.municipalities() if national else ()),
                *fictional.municipalities,
            )
        ],
    )
    yield (
        DirectoryAlliance,
        DirectoryAlliance.code,
        [
            {"code": alliance.code, "sector": alliance.sector}
            for alliance in (*(directory.alliances() if national else ()), *fictional.alliances)
        ],
    )
    yield (
        DirectoryPostcode,
        DirectoryPostcode.pc4,
        [
            {
                "pc4": postcode.pc4,
                "municipality_code": postcode.municipality_code,
                "alliance_po": postcode.alliance_po,
                "alliance_vo": postcode.alliance_vo,
            }
            for postcode in (*(directory.postcodes() if national else ()), *fictional.postcodes)
        ],
    )
    yield (
        DirectoryBranch,
        DirectoryBranch.branch_code,
        list(_branches(fictional, national=national)),
    )


def _branches(fictional: Fictional, *, national: bool) -> Iterator[Row]:
    names = {board.number: board.name for board in directory.boards()}
    names |= fictional.board_names or {}
    real = ((branch, False) for branch in (directory.branches() if national else ()))
    invented = ((branch, True) for branch in fictional.branches)
    for branch, is_fictional in (*real, *invented):
        yield {
            "branch_code": branch.branch_code,
            "brin": branch.brin,
            "name": branch.name,
            "search_name": searchable(branch.name),
            "sector": branch.sector,
            "school_type": branch.school_type,
            "place": branch.place,
            "postcode": branch.postcode or None,
            "municipality_code": branch.municipality_code,
            "board_number": branch.board_number,
            "board_name": names.get(branch.board_number or ""),
            "fictional": is_fictional,
        }
