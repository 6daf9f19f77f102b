"""Filling the boards around the story: each whole, several at a time, in processes of their own.

A board's files are made, read and stored by one process, so that as many boards go on at once as
there are processors; a board that is there already is left alone.
"""

from __future__ import annotations

import asyncio
import os
from collections.abc import AsyncIterator, Awaitable, Callable, Sequence
from concurrent.futures import ProcessPoolExecutor
from dataclasses import dataclass
from multiprocessing import get_context
from typing import TYPE_CHECKING

import domain.ties
from domain.database import Database
from domain.imports.receipts import DeliveryKind
from domain.interpreter import keep_what_is_loaded, take_turns
from domain.jobs import make_access_log
from ops.demo.growth import land_of
from ops.demo.guardians import register_at
from ops.demo.plan import Region, region_of
from ops.demo.region import Board, School
from ops.demo.sending import missing, send_attendance, send_roster
from ops.demo.staffing import appoint_at

if TYPE_CHECKING:
    from datetime import date

    from api.settings import Settings


@dataclass(frozen=True, slots=True)
class Order:
    """One board to fill, of the region that these numbers give; `code` is the board's."""

    pupils: int
    seed: int
    today: date
    code: str

    @property
    def board(self) -> Board:
        """The board."""
        return next(board for board in land_of(self.pupils).boards if board.code == self.code)

    @property
    def count(self) -> int:
        """How many pupils the board has."""
        counts = land_of(self.pupils).counts
        return sum(count for school, count in counts.items() if school.board.code == self.code)


Fill = Callable[[Sequence[Order]], AsyncIterator[Order]]
"""Fills boards and yields each when it is done."""


def here(database: Database) -> Fill:
    """Return what fills one board after the other in this process."""

    async def fill(orders: Sequence[Order]) -> AsyncIterator[Order]:
        """Fill each, with the pools that are there."""
        for order in orders:
            await fill_board(database, order)
            yield order

    return fill


def in_processes(settings: Settings, workers: int | None = None) -> Fill:
    """Return what fills boards in processes of their own, one for each processor."""

    async def fill(orders: Sequence[Order]) -> AsyncIterator[Order]:
        """Give each board to whichever process is free, the largest first."""
        loop = asyncio.get_running_loop()
        pool = ProcessPoolExecutor(
            min(workers or os.cpu_count() or 1, max(len(orders), 1)), get_context("spawn")
        )
        try:
            waiting: list[Awaitable[Order]] = [
                loop.run_in_executor(pool, _fill_apart, settings, order)
                for order in sorted(orders, key=lambda order: -order.count)
            ]
            for done in asyncio.as_completed(waiting):
                yield await done
        finally:
            pool.shutdown(wait=True, cancel_futures=True)

    return fill


def _fill_apart(settings: Settings, order: Order) -> Order:
    from api.app import configure, database_of

    async def run() -> None:
        """Fill with pools of this process's own."""
        configure(settings)
        domain.ties.load_all()
        take_turns()
        keep_what_is_loaded()
        database = database_of(settings)
        try:
            await fill_board(database, order)
        finally:
            await database.close()

    asyncio.run(run())
    return order


async def fill_board(database: Database, order: Order) -> None:
    """Deliver, appoint and register what a board has not yet.

    Attendance comes last, school by school: where nothing of it is missing, nothing else is.
    """
    plan = region_of(order.pupils, order.seed, order.today)
    board = order.board
    schools = [school for school in plan.land.grown if school.board == board]
    waiting = [
        school
        for school in schools
        if await missing(database, plan, school, DeliveryKind.ATTENDANCE_NDJSON)
    ]
    for school in waiting:
        await _fill_school(database, plan, board, school)
    await make_access_log(database)


async def _fill_school(database: Database, plan: Region, board: Board, school: School) -> None:
    for year in await missing(database, plan, school, DeliveryKind.ROSTER_EDEXML):
        await send_roster(database, plan, school, year)
    await appoint_at(database, board, plan.year, {school: plan.pupils[school]})
    await register_at(database, school, plan.pupils[school])
    for year in await missing(database, plan, school, DeliveryKind.ATTENDANCE_NDJSON):
        await send_attendance(database, plan, school, year)
