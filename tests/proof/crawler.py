"""One persona at a time, sending every document with every id, and comparing what comes back."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from datetime import date
from itertools import cycle
from typing import Any, TypeVar
from uuid import UUID

import asyncpg

from api import ids
from api.errors import ErrorCode
from domain.aggregates.periods import period_of
from domain.aggregates.views import releases as releases_view
from domain.explaining.services import about_one
from domain.reach import Kind
from domain.reading.view import View
from permissions.vocabulary import Activity, DataClass
from tests.proof.canaries import Canaries, found_in
from tests.proof.closure import Closure, Truth, canaries_of, unrolled
from tests.proof.crawl_compare import LEAK, MISS, Comparing, Found, opened, view_of
from tests.proof.crawl_documents import Document
from tests.proof.crawl_paths import OTHERWISE, Walker
from tests.proof.crawled import TOKENS, Crawled
from tests.proof.evaluate import Seer
from tests.proof.expecting import Row
from tests.proof.facts import Branch, Staff, World, YoungPerson
from tests.proof.facts_of_work import Trace
from tests.proof.labelled import ROW
from tests.serving import Face

NOBODY = str(UUID(int=0xFACE, version=4))
"""The key of nothing at all."""

ABSENT: Row = {
    "unit": "branch:00XX00",
    "measure": "absence",
    "periodKind": "month",
    "firstDay": "2026-01-01",
    "vintage": 1,
}
"""What is asked for where there is no row."""

T = TypeVar("T")


TRIES = 5
"""How often something is asked that the service had no time for."""


@dataclass(frozen=True)
class Extent:
    """How much each persona asks.

    Args:
        every_form: everybody sends every document; else everybody asks for lists and nodes that are
            not public, by nodes, and all other documents are shared out among them.
        others: how many ids of each type a persona asks that are public or that it may not see,
            and about how many young persons the questions; None is all there are.
    """

    every_form: bool = True
    others: int | None = None


SHORT = Extent(every_form=False, others=2)


def is_late(answer: dict[str, Any]) -> bool:
    """Return whether the service gave up for lack of time, as on a machine that is busy."""
    errors = answer.get("errors", [])
    return any(error["extensions"]["code"] == ErrorCode.DEADLINE for error in errors)


def turned(things: list[T], place: int, most: int | None) -> list[T]:
    """Return at most so many of some things, each turn beginning at another."""
    start = place % len(things) if things else 0
    return [*things[start:], *things[:start]][:most]


def _period(row: Row) -> str:
    """Return the name of the period of a row."""
    return period_of(row["periodKind"], date.fromisoformat(row["firstDay"])).name


@dataclass
class Crawler:
    """Walks every path as one actor after another."""

    face: Face
    superuser: asyncpg.Connection
    walker: Walker
    truth: Truth
    canaries: Canaries
    worlds: Sequence[World]
    extent: Extent
    result: Crawled

    def __post_init__(self) -> None:
        """Make the documents, for nested pages that hold the longest list there is."""
        self._page = self.truth.longest + 1
        self._documents = self.walker.documents(self._page)
        self._traces = [trace.id for world in self.worlds for trace in world[Trace]]

    async def walk(self, me: Seer, place: int) -> None:
        """Send what there is to send as one actor, and compare; `place` is its turn."""
        self._closure = Closure(me, self.truth)
        self._comparing = Comparing(self.walker, self._closure, self.result.filled)
        self._seen: set[str] = set()
        self._allowed: set[str] = set()
        self._named: set[str] = set()
        met: set[tuple[str, str]] = set()
        for number, document in enumerate(self._documents):
            is_first = (document.root, document.type_name) not in met
            met.add((document.root, document.type_name))
            if number % len(TOKENS) == place % len(TOKENS) or self._is_for_all(document):
                await self._send(document, place, every=is_first)
                self.result.paths |= document.paths
        self._judge()
        self.result.personas += 1
        self.result.cells += self._comparing.cells
        self.result.kinds.add((me.actor.role, me.actor.purpose))

    def _is_for_all(self, document: Document) -> bool:
        """Return whether every persona sends a document; the others are shared out among them."""
        if self.extent.every_form or document.root in OTHERWISE:
            return True
        is_wide = bool(document.form) or document.root == "node"
        return is_wide and document.is_plain and not view_of(document.part).public

    async def _send(self, document: Document, place: int, *, every: bool) -> None:
        names = {name for name, _ in document.arguments}
        if document.root in OTHERWISE:
            for given in self._questions(names, place):
                self._name(document, await self._ask(document, given))
        elif names == {"branchId", "period"}:
            await self._lists_of_branches(document, place, every=every)
        elif document.form:
            await self._list(document, {}, self._visible_of(document))
        elif {"unit", "period"} <= names:
            await self._look_up(document, names, place, every=every)
        elif names in ({"id"}, {"youngPersonId"}):
            view = unrolled(view_of(document.part))
            kind = view.name if names == {"id"} else "youngperson"
            for key in self._keys(view, place, every=every):
                given = {name: ids.encode(kind, UUID(key)) for name in names}
                self._compare_one(document, view, key, await self._ask(document, given))
        else:
            message = f"{document.root} asks for {sorted(names)}, of which nobody said what to give"
            raise LookupError(message)

    def _keys(self, view: View, place: int, *, every: bool) -> list[str]:
        """Return the keys of what is there for the actor, of nothing, and of what is hidden."""
        visible = list(self._closure.visible(view))
        hidden = sorted(set(self.truth.keys(view)) - set(visible)) if every else []
        if view.public:
            visible = turned(visible, place, self.extent.others)
        return [*visible, NOBODY, *turned(hidden, place, self.extent.others)]

    def _compare_one(self, document: Document, view: View, key: str, answer: Any) -> None:
        row = self._closure.visible(view).get(key)
        self._allow(view, [] if row is None else [row])
        for found in self._comparing.object(view, document.part, row, answer, document.start):
            self.result.note(found)

    def _visible_of(self, document: Document) -> list[Row]:
        return list(self._closure.visible(unrolled(view_of(document.part))).values())

    async def _look_up(
        self, document: Document, names: set[str], place: int, *, every: bool
    ) -> None:
        """Ask for published rows by unit, measure and period: visible, hidden and absent ones."""
        view = unrolled(view_of(document.part))
        known = {row[ROW][0]: row for group in self.truth.rows[view].values() for row in group}
        for key in self._keys(view, place, every=every):
            row = known.get(key, ABSENT)
            asked = {**row, "period": _period(row)}
            given = {name: asked[name] for name in names}
            self._compare_one(document, view, key, await self._ask(document, given))

    async def _lists_of_branches(self, document: Document, place: int, *, every: bool) -> None:
        """Read the list of each branch with rows for the actor, and of some others."""
        due: dict[tuple[str, str], list[Row]] = {}
        for row in self._visible_of(document):
            due.setdefault((row[ROW][2][Kind.BRANCH], _period(row)), []).append(row)
        branches = [str(branch.id) for world in self.worlds for branch in world[Branch]]
        others = turned(branches, place, self.extent.others) if every else []
        for branch, period in {*due, *((other, _period(ABSENT)) for other in others)}:
            given = {"branchId": ids.encode("branch", UUID(branch)), "period": period}
            await self._list(document, given, due.get((branch, period), []))

    async def _list(self, document: Document, about: dict[str, Any], due: list[Row]) -> None:
        """Read a list to its end, page by page, and compare it as a whole with what is due."""
        view, rows = unrolled(view_of(document.part)), list[Any]()
        after: str | None = None
        more = True
        while more:
            given = {**about, "first": document.first(self._page), "after": after}
            answer = await self._ask(document, given)
            if answer is None:
                break
            rows += opened(document.form, answer)
            after, more = answer["pageInfo"]["endCursor"], answer["pageInfo"]["hasNextPage"]
        self._allow(view, due)
        for found in self._comparing.rows(view, document.part, due, rows, document.start):
            self.result.note(found)

    def _questions(self, names: set[str], place: int) -> Iterator[dict[str, Any]]:
        """Yield what to ask about: nothing, or each young person with one class after another."""
        if not names:
            yield {}
            return
        if names == {"schoolYear", "region"}:
            yield {"schoolYear": 2026, "region": "CENTRAL"}
            return
        if names == {"release", "unit", "format"}:
            releases = self.truth.keys(unrolled(releases_view))
            for key in turned(releases, place, self.extent.others):
                release = ids.encode(releases_view.name, UUID(key))
                yield {"release": release, "unit": "national:NL", "format": "CSV"}
            return
        if names == {"branchId"}:
            branches = [branch.id for world in self.worlds for branch in world[Branch]]
            for branch in turned(branches, place, self.extent.others):
                yield {"branchId": ids.encode("branch", branch)}
            return
        if names != {"youngPersonId", "dataClass"}:
            message = f"nobody said what to give for {sorted(names)}"
            raise LookupError(message)
        classes = cycle(data_class for data_class in DataClass if about_one(data_class))
        persons = [person.id for world in self.worlds for person in world[YoungPerson]]
        asked = turned(persons, place, self.extent.others)
        for person, data_class in zip(asked, classes, strict=False):
            about = ids.encode("youngperson", person)
            yield {"youngPersonId": about, "dataClass": str(data_class)}

    async def _ask(self, document: Document, given: dict[str, Any]) -> Any:
        """Send a document, keep the canaries that came back, and undo what was traced."""
        variables = {**given, "page": self._page} if "$page" in document.text else given
        parsed: dict[str, Any] = {}
        for _ in range(TRIES):
            answer = await self.face.client.post(
                "/graphql",
                json={"query": document.text, "variables": variables},
                headers=self.face.headers(self._closure.me.actor),
            )
            self.result.queries += 1
            self._seen |= found_in(answer.content)
            await self.superuser.execute("delete from trace where id <> all($1)", self._traces)
            parsed = answer.json()
            if not is_late(parsed):
                break
        if "errors" in parsed:
            self._found(MISS, document.root, "an answer", str(parsed["errors"]))
        return (parsed.get("data") or {}).get(document.root)

    def _name(self, document: Document, answer: Any) -> None:
        """Allow the names of colleagues to whoever may read the log of their organisation."""
        me = self._closure.me
        organisation = me.actor.organisation
        if document.root != "whoCanSee" or answer is None:
            return
        logs = me.objects(Activity.READ, DataClass.LOG_ORGANISATION, Kind.CONTROLLER)
        if organisation not in logs:
            self._found(LEAK, document.root, "nothing", str(answer))
            return
        staff = me.world.where(Staff, "controller_id", organisation)
        own = {f"staff.name of {one.id}" for one in staff}
        self._named |= {canary for canary, where in self.canaries.places.items() if where in own}

    def _allow(self, view: View, rows: list[Row]) -> None:
        """Allow the canaries of rows that were asked for and are there for the actor."""
        for row in rows:
            self._allowed.update(canaries_of(view, row))

    def _judge(self) -> None:
        """Hold the canaries that came back against those that may, in both directions."""
        self.result.seen += len(self._seen & self._allowed)
        self.result.allowed += len(self._allowed)
        for canary in sorted(self._seen - self._allowed - self._named):
            where = self.canaries.places.get(canary, "nowhere")
            self._found(LEAK, f"canary of {where}", "not given", canary)
        for canary in sorted(self._allowed - self._seen):
            self._found(MISS, f"canary of {self.canaries.places[canary]}", canary, "not given")

    def _found(self, kind: str, path: str, expected: str, answered: str) -> None:
        me = self._closure.me
        found = Found(kind, me.world.seed, me.actor, path, "any row", expected, answered)
        self.result.note(found)
