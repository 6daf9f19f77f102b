"""Which rows of which tables each login role gives an actor: what it must, and what it may.

What it must give is what the classes of its rows say. Beyond that it may show facts that ties are
made of, to whom they tie or whose they are, for the first layer has to see them too.
"""

from collections.abc import Callable, Iterable
from dataclasses import dataclass, field
from typing import Any

from domain.reach import Kind
from permissions.vocabulary import Activity, DataClass
from tests.proof import facts_of_work as w
from tests.proof.evaluate import Seer
from tests.proof.facts import Fact
from tests.proof.ties_of_organisations import land_of

A, C, K = Activity, DataClass, Kind
Rows = set[object]
Shown = Callable[[Seer], Rows]


@dataclass(frozen=True)
class Table:
    """A table as one login role sees it.

    `key` is the SQL of a row's key and `name` the Python of the same; `must` and `may` return keys.
    """

    kind: type[Fact]
    must: Shown
    may: Shown = field(default=lambda _: set())
    key: str = "id"

    def key_of(self, fact: Any) -> object:
        """Return the key of a row as the statement returns it."""
        return key_of(fact, self.key)


def key_of(fact: Any, key: str) -> object:
    """Return the key of a fact: one value, or several joined by a stroke as the SQL does."""
    names = key.split(" || '/' || ")
    if len(names) == 1:
        return getattr(fact, key)
    return "/".join(str(getattr(fact, name)) for name in names)


def joined(*names: str) -> str:
    """Return the SQL of a key of several columns."""
    return " || '/' || ".join(names)


def chosen(
    kind: type[Fact], which: Callable[[Seer, Any], bool], key: str = "id"
) -> Callable[[Seer], Rows]:
    """Return the keys of the facts for which something holds."""
    return lambda me: {key_of(fact, key) for fact in me.world[kind] if which(me, fact)}


def read(
    kind: type[Fact], data_class: DataClass, about: Kind, column: str, key: str = "id"
) -> Table:
    """A table whose rows are all of one class, about what a column says."""
    return Table(kind, within(kind, [(A.READ, data_class, about, column)], key), key=key)


def within(
    kind: type[Fact], ways: Iterable[tuple[Activity, DataClass, Kind, str]], key: str
) -> Shown:
    """Return the keys of the rows that any way of reaching them reaches."""

    def shown(me: Seer) -> Rows:
        reached = [
            (column, objects)
            for activity, data_class, about, column in ways
            if (objects := me.objects(activity, data_class, about))
        ]
        if not reached:
            return set()
        return {
            key_of(fact, key)
            for fact in me.world[kind]
            if any(getattr(fact, column) in objects for column, objects in reached)
        }

    return shown


def by_class(
    kind: type[Fact], activity: Activity, about: Kind, column: str, key: str = "id"
) -> Shown:
    """Return the keys of the rows whose own class is reached on what a column says."""
    return chosen(
        kind,
        lambda me, row: (
            getattr(row, column) in me.objects(activity, DataClass(row.data_class), about)
        ),
        key,
    )


def receipts(me: Seer) -> Rows:
    """Receipts of deliveries the client started, for branches it delivers for."""
    branches = me.reads(C.IMPORT_RECEIPT, K.BRANCH)
    return {
        r.id for r in me.world[w.Receipt] if r.client_id == me.actor.id and r.branch_id in branches
    }


def progresses(me: Seer) -> Rows:
    """How far the deliveries are whose receipts are seen."""
    seen = receipts(me)
    return {p.receipt_id for p in me.world[w.Progress] if p.receipt_id in seen}


def releases(me: Seer) -> Rows:
    """Every release; what is in one is guarded row by row."""
    return {x.id for x in land_of(me.world).releases}


def mine(kind: type[Fact], column: str, key: str = "id") -> Shown:
    """Rows that name the actor."""
    return chosen(kind, lambda me, row: getattr(row, column) == me.actor.id, key)


def both(one: Shown, other: Shown) -> Shown:
    """Rows that either gives."""
    return lambda me: one(me) | other(me)


def nothing(_: Seer) -> Rows:
    """No row at all."""
    return set()


WEEK = joined("branch_id", "pupil_id", "monday", "version")
