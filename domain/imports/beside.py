"""What Python does of a delivery beside the database, on threads of its own."""

import asyncio
import sys
from collections.abc import AsyncGenerator, Iterator
from typing import Final, TypeVar, cast

T = TypeVar("T")

_SWITCH_SECONDS: Final = 0.0005


def take_turns() -> None:
    """Let the threads of this process take turns ten times as often as they do of themselves.

    While one of them reads a file, every answer of the database waits for a turn, several times in
    each statement: at 5 ms a turn the chunk that is read holds up the chunk that is stored.
    """
    sys.setswitchinterval(_SWITCH_SECONDS)


async def ahead(made: Iterator[T]) -> AsyncGenerator[T]:
    """Give what an iterator makes, each on another thread while the one before it is worked on.

    Close it (`aclosing`): whatever happens, its thread is then done, for it may be reading a file.
    """
    end = object()
    following = asyncio.create_task(asyncio.to_thread(next, made, end))
    try:
        while (one := await asyncio.shield(following)) is not end:
            following = asyncio.create_task(asyncio.to_thread(next, made, end))
            yield cast("T", one)
    finally:
        await asyncio.gather(following, return_exceptions=True)
