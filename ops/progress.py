"""Progress of whatever takes over a second: bars on a terminal, plain lines elsewhere."""

from __future__ import annotations

import time
from contextlib import contextmanager
from typing import TYPE_CHECKING, Protocol

from rich.console import Console
from rich.progress import (
    BarColumn,
    MofNCompleteColumn,
    SpinnerColumn,
    TextColumn,
    TimeElapsedColumn,
)
from rich.progress import (
    Progress as Bars,
)

if TYPE_CHECKING:
    from collections.abc import Generator

_LINE_SECONDS = 5.0


class Step(Protocol):
    """One piece of work under way."""

    def advance(self, count: int = 1) -> None:
        """Say that `count` more of the total are done."""
        ...


class Progress:
    """Shows steps one after the other on standard error."""

    def __init__(self, console: Console | None = None) -> None:
        self.console = console or Console(stderr=True, highlight=False)

    @contextmanager
    def step(self, title: str, total: int | None = None) -> Generator[Step]:
        """Show one step while the block runs; with a `total` it counts up to it."""
        began = time.monotonic()
        if self.console.is_terminal:
            with self._bars() as bars:
                yield _Bar(bars, title, total)
        else:
            self.console.print(f"{title} ...", markup=False, soft_wrap=True)
            yield _Lines(self.console, title, total)
        seconds = time.monotonic() - began
        self.console.print(f"{title}: done in {seconds:.1f} s", markup=False, soft_wrap=True)

    def say(self, text: str) -> None:
        """Print one line of plain text between the steps."""
        self.console.print(text, markup=False, soft_wrap=True)

    def _bars(self) -> Bars:
        return Bars(
            SpinnerColumn(),
            TextColumn("{task.description}"),
            BarColumn(),
            MofNCompleteColumn(),
            TimeElapsedColumn(),
            console=self.console,
            transient=True,
        )


class _Bar:
    def __init__(self, bars: Bars, title: str, total: int | None) -> None:
        self._bars = bars
        self._task = bars.add_task(title, total=total)

    def advance(self, count: int = 1) -> None:
        self._bars.advance(self._task, count)


class _Lines:
    """A line every few seconds, so that a log shows that work goes on."""

    def __init__(self, console: Console, title: str, total: int | None) -> None:
        self._console = console
        self._title = title
        self._total = total
        self._done = 0
        self._last = time.monotonic()

    def advance(self, count: int = 1) -> None:
        self._done += count
        now = time.monotonic()
        if now - self._last >= _LINE_SECONDS:
            self._last = now
            of = f" of {self._total}" if self._total is not None else ""
            self._console.print(f"{self._title}: {self._done}{of}", markup=False, soft_wrap=True)
