"""What Python does of a delivery beside the database, on threads of its own."""

import asyncio
from collections.abc import AsyncGenerator, Iterator
from typing import TypeVar, cast

T = TypeVar("T")


async def ahead(made: Iterator[T]) -> AsyncGenerator[T]:
    """Give what an iterator makes, each on another thread while the one before it is worked on.

    Close it (`aclosing`): its thread is then done, for it may be reading a file, whether the work
    went well, failed or was cancelled. Only a second cancellation does not wait.
    """
    end = object()
    following = asyncio.create_task(asyncio.to_thread(next, made, end))
    try:
        while (one := await asyncio.shield(following)) is not end:
            following = asyncio.create_task(asyncio.to_thread(next, made, end))
            yield cast("T", one)
    finally:
        await asyncio.gather(following, return_exceptions=True)
