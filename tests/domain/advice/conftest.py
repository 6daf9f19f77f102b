"""A school and its board, two offices, and everyone who might want to know of advice."""

from __future__ import annotations

import asyncio
from datetime import date
from typing import Any
from uuid import UUID

import pytest_asyncio
from sqlalchemy import Text, literal, select

from domain.advice import services
from domain.advice.views import advices
from domain.clock import Moment
from domain.database import Database, login_for
from domain.reading.compile import Compiler
from permissions.vocabulary import Actor, Purpose, Role
from tests.conftest import TestDatabase
from tests.domain.cases.acting import EARLIER, Acting, Service
from tests.domain.cases.world import pools

__all__ = ["pools"]

DEVELOPMENT = services.Development(
    measure="absence",
    first_day=date(2026, 1, 1),
    last_day=date(2026, 1, 31),
    seen="More of it than in December.",
)
MUNICIPALITY = "9001"
"""Where every branch of these tests lies."""


class Advising(Acting):
    """The world of one test."""

    def settle(self) -> None:
        """Add the organisations, their people and their mandates."""
        guidance, figures = Purpose.DAILY_GUIDANCE, Purpose.POLICY_STATISTICS
        self.board = self.organisation("school_board")
        self.other_board = self.organisation("school_board")
        self.school, self.sister = self.branch(self.board), self.branch(self.board)
        self.far = self.branch(self.other_board)
        self.office = self.organisation("attendance_office")
        self.other_office = self.organisation("attendance_office")
        self.head = self.staff(self.board, Role.HEAD_OF_SCHOOL, guidance, self.school)
        self.coordinator = self.staff(
            self.board, Role.ATTENDANCE_COORDINATOR, guidance, self.school
        )
        self.mentor = self.staff(self.board, Role.MENTOR, guidance, self.school)
        self.sister_head = self.staff(self.board, Role.HEAD_OF_SCHOOL, guidance, self.sister)
        self.far_head = self.staff(self.other_board, Role.HEAD_OF_SCHOOL, guidance, self.far)
        self.analyst = self.staff(self.board, Role.BOARD_ANALYST, figures)
        self.far_analyst = self.staff(self.other_board, Role.BOARD_ANALYST, figures)
        prevention = Purpose.PREVENTION_ADVICE
        self.adviser = self.staff(self.office, Role.ATTENDANCE_ADVISER, prevention)
        self.colleague = self.staff(self.office, Role.ATTENDANCE_ADVISER, prevention)
        self.elsewhere = self.staff(self.other_office, Role.ATTENDANCE_ADVISER, prevention)
        self.officer = self.staff(
            self.office, Role.ATTENDANCE_OFFICER, Purpose.COMPULSORY_SCHOOLING
        )
        self.mandate = self.mandated(self.office, "municipality", MUNICIPALITY)
        self.mandated(self.other_office, "municipality", "9002")
        for board in (self.board, self.other_board):
            self.mandated(board, "board", str(board))

    def mandated(self, organisation: UUID, level: str, code: str) -> UUID:
        """Give an organisation a mandate for a unit."""
        return self.add(
            "mandate", organisation_id=organisation, unit_level=level, unit_code=code,
            valid_from=EARLIER,
        )  # fmt: skip

    @property
    def everyone(self) -> tuple[Actor, ...]:
        """Return everybody of the story."""
        return tuple(one for one in vars(self).values() if isinstance(one, Actor))

    async def do(self, actor: Actor, service: Service, **inputs: Any) -> UUID:
        """Do an act at the login that serves the actor."""
        request = self.request(actor, inputs.pop("at", None))
        async with self.database.acting(request, login_for(actor)) as session:
            return await service(session, actor, **inputs)

    async def recorded(self, branch: UUID | None = None, actor: Actor | None = None) -> UUID:
        """Record advice, by default the adviser's to the school."""
        return await self.do(
            actor or self.adviser, services.record_advice,
            branch_id=branch or self.school, development=DEVELOPMENT, text="Call in week one.",
        )  # fmt: skip

    async def answered(self, advice: UUID, actor: Actor | None = None) -> UUID:
        """Answer advice, by default as the head, without promising anything."""
        return await self.do(
            actor or self.head, services.answer_advice,
            advice_id=advice, answer="We know.", promise=None,
        )  # fmt: skip

    async def followed_up(self, advice: UUID, actor: Actor | None = None) -> UUID:
        """Follow advice up, by default as the adviser."""
        return await self.do(
            actor or self.adviser, services.follow_up_advice, advice_id=advice, note="Less of it."
        )

    async def closed(
        self, advice: UUID, actor: Actor | None = None, outcome: str = "improved"
    ) -> UUID:
        """Close advice, by default as the adviser."""
        return await self.do(
            actor or self.adviser, services.close_advice, advice_id=advice, outcome=outcome
        )

    async def reads(self, actor: Actor, moment: Moment | None = None) -> set[UUID]:
        """Return which advice an actor is given through both layers."""
        compiler = Compiler(
            role=actor.role,
            purpose=actor.purpose,
            claimed=select(literal("set", Text).label("claims")).cte("claimed"),
        )
        row = compiler.row(advices)
        statement = select(row.c.id).where(compiler.visible(advices, row))
        request = self.request(actor, moment)
        async with self.database.acting(request, login_for(actor)) as session:
            return set(await session.scalars(statement, request.parameters))

    async def readers(self, advice: UUID) -> set[Actor]:
        """Return who is given an advice."""
        return {actor for actor in self.everyone if advice in await self.reads(actor)}

    def state(self, advice: UUID) -> str:
        """Return the state of an advice."""
        return self.rows(f"select state from advice where id = '{advice}'")[0]

    def traces(self, advice: UUID) -> list[str]:
        """Return act and young persons of every trace of an advice, in order."""
        return self.rows(
            "select act, cardinality(young_persons) from trace"
            f" where about = '{advice}' order by at, recorded_at"
        )

    def end(self, table: str, key: str, when: str = "2026-03-16T08:00:00Z") -> None:
        """End a fact before the story begins."""
        self.rows(f"update {table} set valid_until = '{when}' where {key}")


@pytest_asyncio.fixture(loop_scope="session")
async def advising(pools: tuple[TestDatabase, Database]) -> Advising:
    """The world of one test, before any advice."""
    made = Advising(*pools)
    made.settle()
    await asyncio.to_thread(made.put)
    return made
