"""Steps of the same read, measured in turns so that whatever else the machine does meets all."""

from __future__ import annotations

import asyncio
import statistics
import time
from collections.abc import Awaitable, Callable, Sequence
from contextlib import AbstractAsyncContextManager, AsyncExitStack
from dataclasses import dataclass, field
from itertools import cycle

from ops.benches.processor import seconds_of, seconds_of_children
from ops.benches.reads import Target

CONNECTIONS = 8

Ask = Callable[[Target], Awaitable[object]]
"""Asks once, on a connection of its own."""


@dataclass(frozen=True, slots=True)
class Step:
    """One way to read: opens a connection that asks that way.

    `web` is the process that stands between the client and the database, if there is one.
    """

    name: str
    open: Callable[[], AbstractAsyncContextManager[Ask]]
    web: int | None = None


@dataclass(frozen=True, slots=True)
class Sample:
    """What one step did in one round; processor time is that of all that worked for it."""

    requests: int
    seconds: float
    database_seconds: float
    web_seconds: float

    @property
    def rate(self) -> float:
        """Requests a second."""
        return self.requests / self.seconds

    @property
    def database_each(self) -> float:
        """Processor milliseconds of the database for one request."""
        return 1000 * self.database_seconds / self.requests

    @property
    def web_each(self) -> float:
        """Processor milliseconds of the web server for one request."""
        return 1000 * self.web_seconds / self.requests


@dataclass(slots=True)
class Measured:
    """All samples of the steps of one read, by the name of the step, a sample for each round."""

    samples: dict[str, list[Sample]] = field(default_factory=dict[str, list[Sample]])

    def rate(self, step: str) -> float:
        """Return the median of requests a second."""
        return statistics.median(sample.rate for sample in self.samples[step])

    def database_each(self, step: str) -> float:
        """Return the median of the database's processor milliseconds for one request."""
        return statistics.median(sample.database_each for sample in self.samples[step])

    def web_each(self, step: str) -> float:
        """Return the median of the web server's processor milliseconds for one request."""
        return statistics.median(sample.web_each for sample in self.samples[step])

    def ratio(self, step: str, floor: str) -> float:
        """Return the median of the rounds' ratios of a step's throughput to that of another."""
        pairs = zip(self.samples[step], self.samples[floor], strict=True)
        return statistics.median(sample.rate / other.rate for sample, other in pairs)


async def measure(
    steps: Sequence[Step],
    targets: Sequence[Target],
    *,
    postmaster: int,
    rounds: int,
    seconds: float,
    advance: Callable[[], None],
) -> Measured:
    """Run every step in every round, each round beginning with another one."""
    found = Measured({step.name: [] for step in steps})
    for number in range(rounds):
        first = number % len(steps)
        for step in (*steps[first:], *steps[:first]):
            found.samples[step.name].append(await _sample(step, targets, postmaster, seconds))
            advance()
    return found


async def _sample(step: Step, targets: Sequence[Target], postmaster: int, seconds: float) -> Sample:
    async with AsyncExitStack() as stack:
        asks = [await stack.enter_async_context(step.open()) for _ in range(CONNECTIONS)]
        # What is done once for a connection is not what is measured.
        await asyncio.gather(*(_ask_each(ask, targets[:_WARM]) for ask in asks))
        database, web = seconds_of_children(postmaster), seconds_of(step.web)
        began = time.perf_counter()
        counts = await asyncio.gather(
            *(
                _ask_on(ask, targets[index * _APART :], began + seconds)
                for index, ask in enumerate(asks)
            )
        )
        return Sample(
            sum(counts),
            time.perf_counter() - began,
            seconds_of_children(postmaster) - database,
            seconds_of(step.web) - web,
        )


_APART = 5
"""Connections begin at different targets, so that they do not read the same in step."""
_WARM = 7
"""From the sixth time on the database may keep one plan for all values."""


async def _ask_each(ask: Ask, targets: Sequence[Target]) -> None:
    for target in targets:
        await ask(target)


async def _ask_on(ask: Ask, targets: Sequence[Target], until: float) -> int:
    count = 0
    for target in cycle(targets):
        await ask(target)
        count += 1
        if time.perf_counter() >= until:
            break
    return count
