"""May the actor do this to that, now? The answer is the rule, or the refusal of absence."""

from collections.abc import Sequence
from uuid import UUID

from sqlalchemy import Integer, Select, Uuid, any_, bindparam, literal, select, union_all
from sqlalchemy.dialects.postgresql import ARRAY
from sqlalchemy.ext.asyncio import AsyncSession

from domain.database import ask_of
from domain.errors import NotFound
from domain.reach.facts import Kind, predicate_source
from domain.reach.kinds import kinds_of
from permissions.decide import rules_for
from permissions.vocabulary import Activity, Actor, DataClass, Rule


async def require(
    session: AsyncSession,
    actor: Actor,
    activity: Activity,
    data_class: DataClass,
    *,
    kind: Kind,
    reached: UUID | str,
    path: tuple[str, ...] = (),
) -> Rule:
    """Return the rule that permits the activity on the object, if one of its ties holds now.

    Raises:
        NotFound: no rule speaks for the actor, or no tie holds, or the object does not exist.
        ValueError: the activity on the class is about no such kind of object; a mistake in code.
    """
    if kind not in kinds_of(activity, data_class):
        message = f"{activity} {data_class} is about no {kind}"
        raise ValueError(message)
    candidates: list[Rule] = []
    held: list[Select[int]] = []
    for rule in rules_for(actor.role, actor.purpose, activity, data_class):
        source = predicate_source(rule.tie, kind)
        if source is None:
            continue
        tie = source.subquery()
        held.append(
            select(literal(len(candidates), Integer).label("rule")).where(tie.c.object == reached)
        )
        candidates.append(rule)
    if held:
        found = await session.scalar(
            union_all(*held).order_by("rule").limit(1), ask_of(session).parameters
        )
        if found is not None:
            return candidates[found]
    raise NotFound(*path)


async def require_all(
    session: AsyncSession,
    actor: Actor,
    activity: Activity,
    data_class: DataClass,
    *,
    kind: Kind,
    reached: Sequence[UUID],
    path: tuple[str, ...] = (),
) -> list[Rule]:
    """Return the rules that together permit the activity on every one of many objects.

    Raises:
        NotFound: for one of them no rule speaks, no tie holds, or it does not exist.
        ValueError: the activity on the class is about no such kind of object; a mistake in code.
    """
    if kind not in kinds_of(activity, data_class):
        message = f"{activity} {data_class} is about no {kind}"
        raise ValueError(message)
    wanted = set(reached)
    relied_on: list[Rule] = []
    for rule in rules_for(actor.role, actor.purpose, activity, data_class):
        source = predicate_source(rule.tie, kind)
        if source is None or not wanted:
            continue
        tie = source.subquery()
        asked = bindparam("reached", list(wanted), type_=ARRAY(Uuid))
        held = set(
            await session.scalars(
                select(tie.c.object).where(tie.c.object == any_(asked)),
                ask_of(session).parameters,
            )
        )
        if held & wanted:
            relied_on.append(rule)
        wanted -= held
    if wanted:
        raise NotFound(*path)
    return relied_on
