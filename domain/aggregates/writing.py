"""Writing a release: its head with the digest, where each branch lay, and every answer."""

from dataclasses import dataclass
from typing import Any
from uuid import UUID, uuid4

from sqlalchemy.ext.asyncio import AsyncSession

from domain.aggregates.counting import added
from domain.aggregates.digests import digest_of
from domain.aggregates.loading import ALONE, Loaded
from domain.aggregates.made import Made
from domain.aggregates.making import METHOD
from domain.aggregates.models import Published, Release, ReleaseUnit
from domain.aggregates.periods import Period
from domain.aggregates.tables import written
from domain.database import ask_of
from domain.reference.rulesets import BANDS, rule_set


@dataclass(frozen=True, slots=True)
class Released:
    """A release: what it was made of, what it holds, and its digest."""

    id: UUID
    period: Period
    vintage: int
    digest: str
    made: Made


@dataclass(frozen=True, slots=True)
class Proposed:
    """What a release of a period would be."""

    period: Period
    vintage: int
    loaded: Loaded
    made: Made


async def write(session: AsyncSession, proposed: Proposed) -> Released:
    """Write a release, all of its rows at once."""
    period, made = proposed.period, proposed.made
    head: dict[str, Any] = {
        "kind": str(period.kind),
        "first_day": period.first_day,
        "last_day": period.last_day,
        "school_year": period.school_year,
        "vintage": proposed.vintage,
        "method": METHOD,
        "rule_set": rule_set(period.last_day, BANDS).code,
        "boundaries": f"{ask_of(session).moment.today:%Y-%m-%d}",
    }
    key, digest = uuid4(), digest_of(head, made.answers)
    branches = proposed.loaded.branches
    await added(
        session,
        Release,
        [
            {
                **head,
                "id": key,
                "branches": len(branches),
                "branches_missing": sum(each.missing_weeks > 0 for each in branches),
                "released_at": ask_of(session).moment.instant,
                "digest": digest,
            }
        ],
    )
    await added(session, ReleaseUnit, _units(key, proposed))
    at = {"release_id": key} | {name: head[name] for name in ("kind", "first_day", "vintage")}
    names = proposed.loaded.names
    await added(
        session,
        Published,
        [
            {
                **at,
                "id": uuid4(),
                "level": answer.level,
                "unit_code": answer.code,
                "unit_name": names.get((answer.level, answer.code), answer.code),
                "members": list(answer.members),
                "measure": answer.measure,
                "by": answer.by,
                "labels": list(answer.labels),
                "categories": list(answer.categories),
                "cells": list(answer.cells),
                "units": answer.units,
            }
            for answer in made.answers
        ],
    )
    return Released(key, period, proposed.vintage, digest, made)


def _units(key: UUID, proposed: Proposed) -> list[dict[str, Any]]:
    made = proposed.made
    unit_of = {code: unit for unit in made.units for code in unit.members}
    area_of = {code: area.code for area in made.areas for code in area.municipalities}
    rows: list[dict[str, Any]] = []
    for each in proposed.loaded.branches:
        branch = each.branch
        unit = unit_of.get(branch.code)
        rows.append(
            {
                "id": uuid4(),
                "release_id": key,
                "branch_code": branch.code,
                "name": each.name,
                "sector": branch.sector,
                "board": branch.board,
                "municipality": branch.municipality,
                "region": branch.region or None,
                "alliance": branch.alliance,
                "published_as": unit.code if unit else ALONE,
                "area": area_of.get(branch.municipality, branch.municipality),
                "groups": [written(group) for group in made.groups[unit.code]] if unit else [],
                "weeks": each.weeks,
                "missing_weeks": each.missing_weeks,
                "closed": each.closed,
            }
        )
    return rows
