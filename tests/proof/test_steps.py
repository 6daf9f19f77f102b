"""What happens in a chain, step by step: both layers follow at once, with the same tokens."""

from __future__ import annotations

import asyncio
from collections.abc import Callable, Iterator
from dataclasses import dataclass, replace
from datetime import timedelta
from typing import Any, ClassVar
from uuid import UUID

import pytest
from hypothesis import HealthCheck, settings
from hypothesis import strategies as st
from hypothesis.stateful import (
    RuleBasedStateMachine,
    initialize,
    precondition,
    rule,
    run_state_machine_as_test,
)

from permissions.vocabulary import Actor
from tests.conftest import TestDatabase
from tests.proof import compiled, required, store
from tests.proof.actors import everyone
from tests.proof.chance import DAY, Chance
from tests.proof.changing import Changing
from tests.proof.database import Difference, cells, compare_reach, compare_rows, logins_of
from tests.proof.evaluate import Seer
from tests.proof.facts import (
    Assignment,
    Authority,
    Branch,
    Enrolment,
    Filiation,
    HeadMandate,
    Mandate,
    Membership,
    OwnAccount,
    Protection,
    Pupil,
)
from tests.proof.facts_of_work import (
    Absence,
    Allocation,
    Case,
    Consent,
    Measure,
    Participation,
    Presumed,
    Reason,
    Referral,
    Report,
)
from tests.proof.ground import Ground, ground
from tests.proof.tables_of_logins import TABLES
from tests.proof.worlds import neighbours

pytestmark = pytest.mark.slow

ASKING = 4
"""How many people ask after a step, beside those whom it is about."""

RUNS, STEPS, WORLDS = 8, 12, 2

ENDING = (
    Assignment, HeadMandate, Mandate, Authority, Filiation, OwnAccount, Consent, Referral,
    Allocation, Measure,
)  # fmt: skip
"""Facts that only give: when one ends, nobody gains anything."""

NAMED_BY = ("staff_id", "coordinator_id", "guardian_id", "parent_id", "account_id", "actor_id")


@dataclass(frozen=True)
class Lost:
    """What somebody could reach before a step that can only take away."""

    me: Seer
    reached: tuple[set[object], ...]


class Chain(RuleBasedStateMachine):
    """One world, in which facts begin and end while the same people go on asking."""

    on: ClassVar[Ground]
    run_in: ClassVar[asyncio.Runner]
    counted: ClassVar[dict[str, int]] = {}

    @initialize(seed=st.integers(0, 10_000))
    def begin(self, seed: int) -> None:
        """Write a world."""
        self.chance = Chance(seed + 1)
        (world,) = neighbours([seed])
        self.run_in.run(self._written(world))
        self.tokens: list[Actor] = everyone(world)

    async def _written(self, world: Any) -> None:
        await store.empty(self.on.superuser)
        await store.write(self.on.superuser, [world])
        self.here = Changing(self.on.superuser, world)

    # --- steps -------------------------------------------------------------------------------

    @rule(kind=st.sampled_from(ENDING), place=st.integers(0, 99))
    def end(self, kind: type[Any], place: int) -> None:
        """A fact that gives something ends now: nobody gains, and both layers follow."""
        now = self.here.world.moment.instant
        lasting = [
            fact
            for fact in self.here.world[kind]
            if fact.valid_from < now and (fact.valid_until is None or fact.valid_until > now)
        ]
        if lasting:
            fact = lasting[place % len(lasting)]
            before = self._before(fact)
            self._step("ending", self.here.change(fact, valid_until=now), fact)
            self._nobody_gained(before)

    @rule(place=st.integers(0, 99))
    def leave(self, place: int) -> None:
        """A party leaves a case: nobody gains, and both layers follow."""
        held = [p for p in self.here.world[Participation] if p.accepted_at and not p.ended_at]
        if held:
            part = held[place % len(held)]
            before = self._before(part)
            now = self.here.world.moment.instant
            self._step("leaving", self.here.change(part, ended_at=now), part)
            self._nobody_gained(before)

    @rule(place=st.integers(0, 99))
    def rejoin(self, place: int) -> None:
        """Who left a case is invited again and accepts: under a new part, from now on."""
        left = [
            p
            for p in self.here.world[Participation]
            if p.ended_at is not None and p.staff_id is not None and not p.is_lead
            and not self._has_open_part(p)
        ]  # fmt: skip
        if left:
            part = left[place % len(left)]
            now = self.here.world.moment.instant
            again = replace(
                part, id=self.chance.key(), invited_at=now - timedelta(hours=1), answered_at=now,
                accepted_at=now, ended_at=None,
            )  # fmt: skip
            self._step("rejoining", self.here.add(again), part)

    def _has_open_part(self, part: Participation) -> bool:
        return any(
            other.organisation_id == part.organisation_id
            and other.role == part.role
            and other.ended_at is None
            for other in self.here.world.where(Participation, "case_id", part.case_id)
        )

    @rule(place=st.integers(0, 99), branch=st.integers(0, 99))
    def transfer(self, place: int, branch: int) -> None:
        """A pupil moves to another branch or board: enrolment and class end, others begin."""
        today = self.here.world.moment.today
        enrolled = [
            e
            for e in self.here.world[Enrolment]
            if e.valid_from < today and (e.valid_until is None or e.valid_until > today)
        ]
        if not enrolled:
            return
        old = enrolled[place % len(enrolled)]
        places = [b for b in self.here.world[Branch] if b.id != old.branch_id]
        if places:
            self._step("transfers", self._move(old, places[branch % len(places)]), old)

    async def _move(self, old: Enrolment, to: Branch) -> None:
        world, today = self.here.world, self.here.world.moment.today
        await self.here.change(old, valid_until=today)
        for place in list(world.where(Membership, "pupil_id", old.pupil_id)):
            if place.branch_id == old.branch_id and (
                place.valid_from < today
                and (place.valid_until is None or place.valid_until > today)
            ):
                await self.here.change(place, valid_until=today)
        (pupil,) = world.where(Pupil, "id", old.pupil_id)
        record = await self._record(pupil, to.organisation_id)
        await self.here.add(
            Enrolment(
                id=self.chance.key(), controller_id=to.organisation_id, pupil_id=record.id,
                branch_id=to.id, valid_from=today, valid_until=None,
            )
        )  # fmt: skip

    async def _record(self, pupil: Pupil, board: UUID) -> Pupil:
        """Return a board's record of the pupil's young person, made now if there is none."""
        known = [
            record
            for record in self.here.world.where(Pupil, "young_person_id", pupil.young_person_id)
            if record.controller_id == board
        ]
        return known[0] if known else await self.here.add(
            replace(pupil, id=self.chance.key(), controller_id=board)
        )  # fmt: skip

    @rule(place=st.integers(0, 99))
    def close_case(self, place: int) -> None:
        """A case closes and every part in it ends: nobody gains, and both layers follow."""
        cases = [case for case in self.here.world[Case] if case.state == "open"]
        if cases:
            case = cases[place % len(cases)]
            before = self._before(case)
            self._step("closing cases", self._close(case), case)
            self._nobody_gained(before)

    async def _close(self, case: Case) -> None:
        now = self.here.world.moment.instant
        for part in list(self.here.world.where(Participation, "case_id", case.id)):
            if part.ended_at is None or part.ended_at > now:
                await self.here.change(part, ended_at=now)
        await self.here.change(case, state="closed")

    @rule(place=st.integers(0, 99))
    def close_report(self, place: int) -> None:
        """An office closes a report: its allocation ends, an own file begins."""
        taken = [r for r in self.here.world[Report] if r.state == "taken_on"]
        if taken:
            report = taken[place % len(taken)]
            self._step("closing reports", self._close_report(report), report)

    async def _close_report(self, report: Report) -> None:
        now = self.here.world.moment.instant
        for allocation in list(self.here.world.where(Allocation, "report_id", report.id)):
            if allocation.valid_until is None or allocation.valid_until > now:
                await self.here.change(allocation, valid_until=now)
        await self.here.change(report, state="closed")

    @rule(place=st.integers(0, 99))
    def protect(self, place: int) -> None:
        """A young person's whereabouts become protected: of the family nobody gains."""
        pupils = self.here.world[Pupil]
        pupil = pupils[place % len(pupils)]
        before = self._before(pupil)
        made = Protection(
            id=self.chance.key(), controller_id=pupil.controller_id,
            young_person_id=pupil.young_person_id,
            valid_from=self.here.world.moment.instant, valid_until=None,
        )  # fmt: skip
        self._step("protecting", self.here.add(made), pupil)
        self._nobody_gained(before)

    @precondition(lambda self: hasattr(self, "here"))
    @rule(place=st.integers(0, 99))
    def correct(self, place: int) -> None:
        """A mark is corrected: what was, is replaced, by one of the other class."""
        marks = [mark for mark in self.here.world[Absence] if mark.replaced_at is None]
        if marks:
            mark = marks[place % len(marks)]
            self._step("corrections", self._correct(mark), mark)

    async def _correct(self, mark: Absence) -> None:
        other = {"attendance.unauthorised": "attendance.authorised"}
        turned = other.get(mark.data_class, "attendance.unauthorised")
        await self.here.change(mark, replaced_at=self.here.world.moment.instant)
        await self.here.add(
            replace(mark, id=self.chance.key(), data_class=turned, replaced_at=None)
        )

    @precondition(lambda self: hasattr(self, "here"))
    @rule(place=st.integers(0, 99), other=st.integers(0, 99))
    def move(self, place: int, other: int) -> None:
        """A mark is corrected to another pupil's: the first one's family reads it no more."""
        marks = [mark for mark in self.here.world[Absence] if mark.replaced_at is None]
        if marks:
            mark = marks[place % len(marks)]
            of_board = self.here.world.where(Pupil, "controller_id", mark.controller_id)
            self._step("moves", self._give(mark, of_board[other % len(of_board)]), mark)

    async def _give(self, mark: Absence, to: Pupil) -> None:
        now, moved = self.here.world.moment.instant, to.id != mark.pupil_id
        await self.here.change(mark, replaced_at=now, moved=moved)
        for kind in (Reason, Presumed):
            for said in list(self.here.world.where(kind, "absence_id", mark.id)):
                await self.here.change(said, moved=moved)
        await self.here.add(replace(mark, id=self.chance.key(), pupil_id=to.id, replaced_at=None))

    @rule(days=st.sampled_from([0, 1, 30, 400]), minutes=st.integers(1, 40))
    def wait(self, days: int, minutes: int) -> None:
        """Time passes, and facts begin and end by themselves."""
        self.here.pass_time(days * DAY + timedelta(minutes=minutes))
        self._step("waiting", self._nothing(), None)

    async def _nothing(self) -> None:
        """Do nothing."""

    # --- after every step ----------------------------------------------------------------------

    def _step(self, what: str, change: Any, about: Any) -> None:
        self.run_in.run(change)
        differences = self.run_in.run(self._compared(self._who(about)))
        assert not differences, "\n".join(map(str, differences[:3]))
        self.counted[what] = self.counted.get(what, 0) + 1

    def _who(self, about: Any) -> list[Actor]:
        """Return some who ask after a step, those first who are named by what it is about."""
        named = {getattr(about, name, None) for name in NAMED_BY} - {None}
        near = {getattr(about, name, None) for name in ("case_id", "id")} - {None}
        parts = [p for p in self.here.world[Participation] if p.case_id in near]
        named |= {p.staff_id for p in parts}
        first = [actor for actor in self.tokens if actor.id in named][: 2 * ASKING]
        rest = self.chance.random.sample(self.tokens, min(ASKING, len(self.tokens)))
        return list(dict.fromkeys([*first, *rest]))

    async def _compared(self, actors: list[Actor]) -> list[Difference]:
        rows = await compiled.rows_as_they_are(self.on.superuser)
        found: list[Difference] = []
        for actor in actors:
            me = Seer(self.here.world, actor)
            asked = cells(spoken_by=(actor.role, actor.purpose))
            found += compare_reach(me, asked, await self.on.asking.reach(me, asked))
            for login in logins_of(actor):
                found += compare_rows(me, TABLES[login], await self.on.asking.rows(me, login))
            async with self.on.asking.speaking(self.on.superuser, me):
                answers = await compiled.answers(self.on.superuser, me)
                found += (await required.compare_facts(self.on.superuser, me))[0]
            found += compiled.compare_views(me, rows, answers)[0]
        return found

    def _before(self, about: Any) -> list[Lost]:
        """Return what the people near a fact reach before it ends."""
        return [
            Lost(me, self._reached(me))
            for me in (Seer(self.here.world, actor) for actor in self._who(about))
        ]

    @staticmethod
    def _reached(me: Seer) -> tuple[set[object], ...]:
        spoken = cells(spoken_by=(me.actor.role, me.actor.purpose))
        return tuple(
            me.objects(activity, what, kind) for kind, activity, what in spoken if kind is not None
        )

    def _nobody_gained(self, before: list[Lost]) -> None:
        for was in before:
            now = self._reached(Seer(self.here.world, was.me.actor))
            for had, has in zip(was.reached, now, strict=True):
                assert has <= had, f"{was.me.actor} gained {has - had}"


@pytest.fixture
def chain(new_database: Callable[[], TestDatabase]) -> Iterator[type[Chain]]:
    """The steps, on a database of their own."""
    made = new_database()
    with asyncio.Runner() as runner:
        opening = ground(made.cluster, made.name)
        Chain.on = runner.run(opening.__aenter__())
        Chain.run_in = runner
        Chain.counted = {}
        try:
            yield Chain
        finally:
            runner.run(opening.__aexit__(None, None, None))


def test_both_layers_follow_every_step(chain: type[Chain]) -> None:
    """Revoked, moved, closed, joined again, protected: at the next statement all three agree.

    And whatever ends, nobody reaches more by it, with the token they had.
    """
    run_state_machine_as_test(  # pyright: ignore[reportUnknownMemberType]
        chain,
        settings=settings(
            max_examples=RUNS,
            stateful_step_count=STEPS,
            deadline=None,
            derandomize=True,
            database=None,
            suppress_health_check=[HealthCheck.too_slow, HealthCheck.filter_too_much],
        ),
    )
    assert sum(chain.counted.values()) > RUNS * STEPS / 4


def test_each_kind_of_step_is_followed(chain: type[Chain]) -> None:
    """One after the other in a world, as a case goes: each is taken, and all three agree."""
    for seed in range(WORLDS):
        here = chain()
        here.begin(seed=seed)
        for kind in ENDING:
            here.end(kind=kind, place=seed)
        here.leave(place=seed)
        here.rejoin(place=seed)
        here.transfer(place=seed, branch=seed)
        here.protect(place=seed)
        here.correct(place=seed)
        here.move(place=seed, other=seed + 1)
        here.close_case(place=seed)
        here.close_report(place=seed)
        here.wait(days=30, minutes=1)
    assert set(chain.counted) == {
        "ending", "leaving", "rejoining", "transfers", "closing cases", "closing reports",
        "protecting", "corrections", "moves", "waiting",
    }  # fmt: skip
