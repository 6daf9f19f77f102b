"""Marks that a correction moved to another pupil: whose each former version was.

A version is `moved` while its mark is another pupil's. It stays with the pupil whom it names, so
that what the school knew can be explained, and no family reads it (`ops/decisions/0026`).
"""

from collections.abc import Mapping
from uuid import UUID

from sqlalchemy import Text, Uuid, bindparam, text
from sqlalchemy.dialects.postgresql import ARRAY
from sqlalchemy.ext.asyncio import AsyncSession

from domain.attendance.rollup import Branch
from domain.pupils.bulk import planned_anew

_DELETED_BEFORE = text(
    """
    select distinct external_id from absence
    where controller_id = :controller and branch_id = :branch and replaced_at is not null
        and deleted and external_id = any (:keys)
    """
).bindparams(
    bindparam("controller", type_=Uuid),
    bindparam("branch", type_=Uuid),
    bindparam("keys", type_=ARRAY(Text)),
)

_MOVE = text(
    """
    with given as materialized (
        select * from unnest(:keys, :pupils) as g (external_id, pupil_id)
    ), turned as (
        update absence a set moved = not a.moved
        from given g
        where a.controller_id = :controller and a.branch_id = :branch
            and a.replaced_at is not null and a.external_id = g.external_id
            and a.moved = (a.pupil_id = g.pupil_id)
        returning a.id, a.day, a.moved
    ), reasons as (
        update absence_reason r set moved = t.moved
        from turned t
        where r.controller_id = :controller and r.absence_id = t.id and r.day = t.day
    )
    update absence_presumed p set moved = t.moved
    from turned t
    where p.controller_id = :controller and p.absence_id = t.id and p.day = t.day
    """
).bindparams(
    bindparam("controller", type_=Uuid),
    bindparam("branch", type_=Uuid),
    bindparam("keys", type_=ARRAY(Text)),
    bindparam("pupils", type_=ARRAY(Uuid)),
)


async def settle(
    session: AsyncSession,
    branch: Branch,
    *,
    new: Mapping[str, UUID],
    moved: Mapping[str, UUID],
) -> None:
    """Say of each former version of marks whether it was of another pupil than the mark is now.

    Args:
        session: the transaction of the delivery.
        branch: whose marks they are.
        new: the pupil of each mark, by key, of which no version stood: one that was deleted at the
            source may come back as another pupil's.
        moved: the pupil of each mark, by key, of which another pupil's version stood.
    """
    whose = dict(moved)
    if new:
        async with planned_anew(session):
            back = await session.scalars(_DELETED_BEFORE, {**branch.values, "keys": list(new)})
        whose |= {key: new[key] for key in back}
    if whose:
        values = {"keys": list(whose), "pupils": list(whose.values())}
        await session.execute(_MOVE, {**branch.values, **values})
