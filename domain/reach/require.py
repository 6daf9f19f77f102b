"""May the actor do this to that, now? The answer is the rule, or the refusal of absence."""

from uuid import UUID

from sqlalchemy import Integer, Select, literal, select, union_all
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
