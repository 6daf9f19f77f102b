"""Keeps exact tables of a period as if they had been taken, and releases them with the service."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass, replace
from typing import Any
from uuid import UUID, uuid4

import pytest

from domain.aggregates import releasing
from domain.aggregates.measures import MEASURES
from domain.aggregates.periods import Period
from domain.aggregates.services import release_period
from domain.aggregates.tables import kept
from domain.database import Login, ask
from domain.jobs import job_actor
from permissions.vocabulary import Purpose
from tests.conftest import TestDatabase
from tests.publishing.land import SCHOOLS, Exact, Land


@dataclass(frozen=True, slots=True)
class Published:
    """What was released: its id, its period, and what is true of it."""

    release: UUID
    period: Period
    vintage: int
    exact: Exact


async def release(made: TestDatabase, land: Land, period: Period, exact: Exact) -> Published:
    """Release the tables of a period for the first time."""
    made.run_sql(";\n".join(_taken(land, period, exact, vintage=1)))
    return await _release(land, period, exact, again=False)


async def release_again(
    made: TestDatabase,
    land: Land,
    period: Period,
    exact: Exact,
    patch: pytest.MonkeyPatch,
) -> Published:
    """Release a period again with other tables, as after late deliveries.

    Raises:
        Conflict: what would change tells of a few pupils; nothing is left of it.
    """
    tables = ";\n".join(_taken(land, period, exact, vintage=2))

    async def counted_anew(*_of: Any) -> None:
        """Keep what would have been counted."""
        made.run_sql(tables)

    patch.setattr(releasing, "take_again", counted_anew)
    try:
        return await _release(land, period, exact, again=True)
    except BaseException:
        made.run_sql(
            "set session_replication_role = replica; delete from branch_table where vintage = 2"
            f" and kind = '{period.kind}' and first_day = '{period.first_day}'"
        )
        raise


async def _release(land: Land, period: Period, exact: Exact, *, again: bool) -> Published:
    job = await job_actor(land.database, Purpose.POLICY_STATISTICS)
    assert job is not None, "the platform was founded"
    job = replace(job, organisation=land.operator.organisation)
    async with land.database.acting(ask(job, moment=land.moment), Login.JOBS) as session:
        released = await release_period(session, job, period=period, again=again, sample=0)
    return Published(released.id, period, released.vintage, exact)


def _taken(land: Land, period: Period, exact: Exact, *, vintage: int) -> Iterable[str]:
    at = land.moment.instant.isoformat()
    for school in SCHOOLS:
        owner, branch = land.organisations[school.board], land.branches[school.code]
        yield (
            "insert into branch_period (id, controller_id, branch_id, branch_code, kind, first_day,"
            " last_day, score, weeks, missing_weeks, closed_by, closed_at, locked_at, taken_at)"
            f" values ('{uuid4()}', '{owner}', '{branch}', '{school.code}', '{period.kind}',"
            f" '{period.first_day}', '{period.last_day}', 90, 4, '{{{period.mondays[0]}}}',"
            f" '{land.actors[f'head_{school.code}'].id}', '{at}', '{at}', '{at}')"
            " on conflict do nothing"
        )
        for name, scale in MEASURES.items():
            groups, cells = kept(scale, school.sector, exact[name][school.code])
            yield (
                "insert into branch_table (id, controller_id, branch_id, branch_period_id, kind,"
                " first_day, measure, vintage, categories, groups, cells, taken_at)"
                f" select gen_random_uuid(), '{owner}', '{branch}', p.id, p.kind, p.first_day,"
                f" '{name}', {vintage}, {_array(scale.categories)}, {_array(groups)},"
                f" '{{{','.join(map(str, cells))}}}', '{at}' from branch_period p"
                f" where p.branch_id = '{branch}' and p.kind = '{period.kind}'"
                f" and p.first_day = '{period.first_day}'"
            )


def _array(texts: Iterable[str]) -> str:
    return "array[" + ", ".join(f"'{text}'" for text in texts) + "]::text[]"
