"""The one shape of a mutation: act, remember the key, read back, commit, answer."""

import hashlib
from collections.abc import Awaitable, Callable, Mapping
from typing import Any
from uuid import UUID

import orjson
import strawberry
from sqlalchemy.ext.asyncio import AsyncSession
from strawberry.types import Info

from api.context import context_of
from api.problems import problem
from domain import errors
from domain.accountability.keys import done_before, remember
from permissions.vocabulary import Actor

Act = Callable[[AsyncSession, Actor], Awaitable[UUID]]
Shows = Callable[[UUID], Mapping[str, UUID | str | None]]


async def perform(
    info: Info[Any, Any],
    success: str,
    act: Act,
    shows: Shows,
    *,
    given: object = None,
    key: str | None = None,
) -> Any:  # noqa: ANN401 - a member of the mutation's union
    """Do one act and return the member of its union that tells what came of it.

    Args:
        info: of the mutation's root field.
        success: the name of the member for success.
        act: does it, and returns the key of what was made or changed.
        shows: for each field of the success, the key of the row it shows, or a text.
        given: the input, whose digest a repeated key is held against.
        key: the client's idempotency key; the same key and input do nothing new.
    """
    context = context_of(info)
    operation = info.field_name
    try:
        async with context.act() as (session, actor):
            made = None
            digest = _digest(given)
            if key is not None:
                made = await done_before(
                    session, actor, operation=operation, key=key, digest=digest
                )
            if made is None:
                made = await act(session, actor)
                if key is not None:
                    await remember(
                        session, actor, operation=operation, key=key, digest=digest, made=made
                    )
            return await context.read_back(info, session, success, **shows(made))
    except errors.Problem as refused:
        return problem(refused)


def _digest(given: object) -> bytes:
    plain = strawberry.asdict(given) if given is not None else {}
    return hashlib.sha256(orjson.dumps(plain, option=orjson.OPT_SORT_KEYS, default=str)).digest()
