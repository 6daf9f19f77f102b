"""Following: what may be subscribed to."""

import asyncio
from collections import Counter
from collections.abc import AsyncIterator, Generator
from contextlib import contextmanager
from datetime import datetime
from typing import Any, Final
from uuid import UUID

import strawberry
from strawberry.types import Info

from api.arguments import Id
from api.context import context_of
from api.errors import ApiError, ErrorCode
from api.imports import ImportReceipt
from domain import clock
from domain.imports import views
from domain.imports.receipts import ReceiptState

MOST_OF_ONE: Final = 8
"""Streams that one client may have open at one process."""
MOST_OF_ALL: Final = 200
"""Streams that one process has open; whoever comes later can still ask by a query."""

_EVERY_SECONDS: Final = 1.0
_STATE: Final = "/state"
_open: Counter[UUID] = Counter()


@contextmanager
def a_place(actor: UUID) -> Generator[None]:
    """Take one of the places for streams, and give it back.

    Raises:
        ApiError: there is none for the actor, or none at all.
    """
    if _open[actor] >= MOST_OF_ONE:
        message = f"You follow {MOST_OF_ONE} things already. End one first."
        raise ApiError(ErrorCode.LIMIT_EXCEEDED, message, details={"maximum": MOST_OF_ONE})
    if _open.total() >= MOST_OF_ALL:
        message = "Too many things are followed here. Ask with a query, or try again later."
        raise ApiError(ErrorCode.UNAVAILABLE, message)
    _open[actor] += 1
    try:
        yield
    finally:
        _open[actor] -= 1
        if not _open[actor]:
            del _open[actor]


@strawberry.type(
    description="Following (volgen), over POST with `Accept: text/event-stream`: each answer is "
    "an event `next`, the end is an event `complete`. It ends with your token."
)
class Subscription:
    """Every root field for following."""

    @strawberry.subscription(
        description="A delivery of yours while it is taken in (voortgang): its receipt now, "
        "whenever it changed, and last as it was finished. Null when absent, or no longer for "
        "this token; then it ends."
    )
    async def import_progress(
        self, info: Info[Any, Any], receipt: Id
    ) -> AsyncIterator[ImportReceipt | None]:
        """Read the receipt again and again, each time as a query of its own.

        Every look asks anew whether it may: an agreement that ended, ends the stream.
        """
        context = context_of(info)
        before: Any = _STATE
        with a_place(context.actor.id):
            while True:
                found: Any = await context.again(
                    info, views.receipts, "ImportReceipt", receipt, besides=_STATE
                )
                if found != before:
                    yield found
                if found is None or found[_STATE] != ReceiptState.WAITING:
                    return
                before = found
                await asyncio.sleep(_EVERY_SECONDS)
                _still_valid(context.until)


def _still_valid(until: datetime | None) -> None:
    if until is not None and until <= clock.now().instant:
        raise ApiError(
            ErrorCode.UNAUTHENTICATED, "The access token has expired. Ask for a new one."
        )
