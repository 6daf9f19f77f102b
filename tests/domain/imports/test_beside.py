"""Work on threads beside the database's: in order, one step ahead, and over when it is left."""

from __future__ import annotations

import asyncio
import threading
from collections.abc import Iterator
from contextlib import aclosing

import pytest

from domain.imports.beside import ahead

pytestmark = pytest.mark.asyncio


async def test_one_is_made_while_the_one_before_it_is_worked_on() -> None:
    """They come in order, made elsewhere; never more than one waits."""
    made: list[int] = []
    threads: set[int] = set()

    def numbers() -> Iterator[int]:
        for number in range(4):
            threads.add(threading.get_ident())
            made.append(number)
            yield number

    async with aclosing(ahead(numbers())) as found:
        async for number in found:
            await asyncio.sleep(0.05)
            assert made == list(range(min(4, number + 2)))
    assert made == [0, 1, 2, 3]
    assert threading.get_ident() not in threads


@pytest.mark.parametrize("leaving", ["an error", "a cancellation while it waits"])
async def test_whoever_leaves_waits_for_the_thread(leaving: str) -> None:
    """Whether the work fails or is cancelled, nothing is made any more when it is left."""
    begun, go_on = threading.Event(), threading.Event()
    finished: list[int] = []

    def numbers() -> Iterator[int]:
        yield 0
        begun.set()
        assert go_on.wait(10)
        finished.append(1)
        yield 1

    async def work() -> None:
        async with aclosing(ahead(numbers())) as found:
            async for _ in found:
                await asyncio.to_thread(begun.wait, 10)
                if leaving == "an error":
                    raise LookupError

    working = asyncio.create_task(work())
    await asyncio.to_thread(begun.wait, 10)
    await asyncio.sleep(0.05)
    if leaving != "an error":
        working.cancel()
        await asyncio.sleep(0.05)
    assert not working.done()
    go_on.set()
    with pytest.raises((LookupError, asyncio.CancelledError)):
        await working
    assert finished == [1]


async def test_what_cannot_be_made_is_an_error_where_it_is_asked_for() -> None:
    """An error of the thread comes to whoever waits for the next."""

    def numbers() -> Iterator[int]:
        yield 0
        raise LookupError

    async with aclosing(ahead(numbers())) as given:
        assert await anext(given) == 0
        with pytest.raises(LookupError):
            await anext(given)
