"""What has to hold after a kill: nothing lost, nothing half done, nothing done twice.

The database must hold exactly what it held before the step or after it, the latter if the step was
acknowledged; whatever was acknowledged must be there once, with its trace; and sending everything
again must lead to what the undisturbed afternoon led to.
"""

from __future__ import annotations

import re
import time
from collections.abc import Callable, Sequence
from dataclasses import dataclass, field
from uuid import UUID

from tests.conftest import TestDatabase
from tests.durability.checks import broken
from tests.durability.dump import Dump, Row, difference, dump, rows_of
from tests.durability.script import Client, Step, Unanswered, announce, file_of

_PATIENCE_SECONDS = 30.0
_CHANGES = {"new", "changed", "ended", "withdrawn"}
_AGAIN = {"public.import_receipt", "public.outbox", "public.trace"}
"""A file that is delivered anew gets a receipt and a trace of its own."""
_ID = re.compile(r"[0-9a-f]{32}")
_TOLD_OF = ("guardian", "import_receipt", "note", "report")


@dataclass(frozen=True, slots=True)
class Point:
    """A moment to kill at: which victim, in which step, at which part of its usual time.

    Without a part it is the moment when the answer comes, which gets lost by it.
    """

    victim: str
    step: int
    part: float | None = None
    with_children: bool = False
    """Whether everything that the victim started is killed with it."""


@dataclass
class Afternoon:
    """What the undisturbed afternoon held, and how long each step of it took."""

    known: frozenset[str]
    """Every id that stood in the world before it."""
    after: dict[int, Dump] = field(default_factory=dict[int, Dump])
    """The contents after the steps that matter; -1 is the morning."""
    seconds: list[float] = field(default_factory=list[float])


@dataclass(slots=True)
class Outcome:
    """What came of one kill; `lost`, `half_done` and `differs` have to stay empty."""

    point: Point
    step: str
    acknowledged: int
    answered: bool
    """Whether the service said that it was done, even if nobody heard."""
    done: bool = False
    lost: list[str] = field(default_factory=list[str])
    half_done: list[str] = field(default_factory=list[str])
    differs: list[str] = field(default_factory=list[str])

    @property
    def holds(self) -> bool:
        """Whether everything that was promised held."""
        return not (self.lost or self.half_done or self.differs)

    @property
    def end(self) -> str:
        """How the step ended."""
        if self.answered:
            return "answer lost" if self.point.part is None else "answered"
        return "done, not answered" if self.done else "undone"

    def __str__(self) -> str:
        faults = [*self.lost, *self.half_done, *self.differs]
        victim = self.point.victim + (" with its children" if self.point.with_children else "")
        part = self.point.part
        moment = "the answer" if part is None else f"{part:.2f}"
        where = f"kill -9 {victim} at {moment} of '{self.step}': {self.end}"
        return "\n".join([where, *faults])


def judge(outcome: Outcome, client: Client, found: Dump, afternoon: Afternoon) -> None:
    """Hold what the database holds after a kill against what it may hold."""
    step = outcome.point.step
    before, after = afternoon.after[step - 1], afternoon.after[step]
    outcome.done = found == after != before
    if outcome.answered and found == before != after:
        outcome.lost.append("what was acknowledged is not stored")
    elif found not in (before, after):
        nearest = after if outcome.answered else before
        outcome.half_done.append(f"something is half done:\n{difference(found, nearest)}")
    outcome.lost += _missing(client)
    outcome.half_done += broken(client.database)


def id_of(told: str) -> str:
    """Return the id that stands in an answer, as the database writes it."""
    found = _ID.search(told)
    assert found is not None, told
    return str(UUID(hex=found[0]))


def _missing(client: Client) -> list[str]:
    """Return what somebody was told and is not there: an id, or the trace of a read."""
    missing: list[str] = []
    stands = " union all ".join(f"select id from {table}" for table in _TOLD_OF)
    for name, told in client.told.items():
        number = client.database.run_sql(
            f"select count(*) from ({stands}) t where id = '{id_of(told)}'"
        )
        if number != ["1"]:
            missing.append(f"{name} was answered with {told}, which is there {number[0]} times")
    for asked, people in client.released.items():
        traced = client.database.run_sql(
            "select distinct replace(unnest(young_persons)::text, '-', '') from trace"
            f" where act = 'read' and request_id = '{asked}'"
        )
        if set(traced) != people:
            missing.append(f"a read told of {len(people)} and its trace names {len(traced)}")
    return missing


def send_again(
    outcome: Outcome, client: Client, steps: Sequence[Step], found: Dump, afternoon: Afternoon
) -> None:
    """Send what was acknowledged again, then the rest, then both files anew."""
    step = outcome.point.step
    final = afternoon.after[len(steps) - 1]

    def compare(what: str, expected: Dump, part: Callable[[Dump], Dump] = Dump) -> None:
        now = part(dump(settled(client.database), afternoon.known))
        if now != part(expected):
            outcome.differs.append(f"{what}:\n{difference(now, part(expected))}")

    try:
        for earlier in steps[: step + outcome.answered]:
            earlier.send(client)
        compare("sending again changed something", found)
        for later in steps[step:]:
            later.find(client)
            later.send(client)
        compare("the end is another", final)
        for kind in ("roster_edexml", "attendance_ndjson"):
            _deliver_anew(outcome, client, kind)
    except (AssertionError, Unanswered) as refused:
        outcome.differs.append(f"sending again was not taken: {refused!r}")
    compare("the same files anew changed something", final, _records)
    outcome.lost += _missing(client)
    outcome.half_done += broken(client.database)


def _deliver_anew(outcome: Outcome, client: Client, kind: str) -> None:
    answer = client.upload(announce(client, kind), file_of(client, kind)).json()
    changes = {
        f"{what} {change}": number
        for what, counts in answer["counts"].items()
        for change, number in counts.items()
        if change in _CHANGES and number
    }
    if answer["state"] != "accepted" or changes:
        outcome.differs.append(f"the same {kind} anew: {answer['state']}, {changes}")


def _records(found: Dump) -> Dump:
    return Dump({text: n for text, n in found.items() if text.split(" ")[0] not in _AGAIN})


def settled(database: TestDatabase) -> list[Row]:
    """Return what the database holds once the jobs beside the service have nothing left to do."""
    waiting = (
        "select (select count(*) from trace where not expanded)"
        " + (select count(*) from report r join office_municipality m using (municipality_code)"
        " where r.state = 'sent')"
    )
    until("the jobs are done", lambda: database.run_sql(waiting) == ["0"])
    return rows_of(database)


def until(what: str, holds: Callable[[], bool]) -> None:
    """Wait until something holds.

    Raises:
        RuntimeError: it did not come.
    """
    deadline = time.monotonic() + _PATIENCE_SECONDS
    while not holds():
        if time.monotonic() > deadline:
            message = f"waited in vain until {what}"
            raise RuntimeError(message)
        time.sleep(0.05)
