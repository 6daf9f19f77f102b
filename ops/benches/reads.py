"""The reads that are measured: as GraphQL, as the compiler takes them, and who asks."""

from __future__ import annotations

import random
from collections.abc import Sequence
from dataclasses import dataclass
from typing import Any
from uuid import UUID

from domain.attendance.views import absences, attendance
from domain.pupils.views import pupils
from domain.reading import Asked, Root, Selection, View
from ops.benches.filled import Filled
from permissions.vocabulary import Actor, Purpose, Role

ROLE, PURPOSE = Role.ATTENDANCE_COORDINATOR, Purpose.DAILY_GUIDANCE
PAGE = 50


def _leaves(view: View, *names: str) -> tuple[Selection, ...]:
    return tuple(Selection(name, name) for name in names if name == "id" or name in view.fields)


def _nodes(*fields: Selection) -> tuple[Selection, ...]:
    return (Selection("nodes", "nodes", (), fields),)


@dataclass(frozen=True, slots=True)
class Read:
    """One kind of read."""

    name: str
    title: str
    document: str
    root: Root
    selection: Selection

    def values(self, target: Target) -> dict[str, Any]:
        """Return the statement's values but those that say who asks."""
        if self.root.paged:
            return {"p0": PAGE, "p1": _ABSENCES, "branch": target.branch}
        return {"where_id": target.pupil, "branch": target.branch}

    def asked(self, target: Target) -> Asked:
        """Return what the reader is asked for."""
        return Asked(self.selection, self.values(target))

    def body(self, target: Target) -> dict[str, Any]:
        """Return what a client posts."""
        if self.root.paged:
            return {"query": self.document}
        return {"query": self.document, "variables": {"id": f"pupil_{target.pupil.hex}"}}


@dataclass(frozen=True, slots=True)
class Target:
    """Who asks for what: a coordinator, the branch it is assigned to, and a pupil there."""

    actor: Actor
    branch: UUID
    pupil: UUID


_ABSENCES = 20
_FIELDS = ("id", "givenName", "familyName", "birthDate", "sex")
_LIST = Root(pupils, paged=True)
_FIRST = (("first", "p0"),)

READS: Sequence[Read] = (
    Read(
        "one",
        "one pupil by id",
        f"query One($id: ID!) {{ pupil(id: $id) {{ {' '.join(_FIELDS)} }} }}",
        Root(pupils, paged=False, where=(("id", "where_id"),)),
        Selection("pupil", "pupil", (), _leaves(pupils, *_FIELDS)),
    ),
    Read(
        "list",
        "50 pupils, 5 fields",
        f"query List {{ pupils(first: {PAGE}) {{ nodes {{ {' '.join(_FIELDS)} }} }} }}",
        _LIST,
        Selection("pupils", "pupils", _FIRST, _nodes(*_leaves(pupils, *_FIELDS))),
    ),
    Read(
        "nested",
        f"50 pupils, rate, {_ABSENCES} absences each",
        f"query Nested {{ pupils(first: {PAGE}) {{ nodes {{ id givenName familyName"
        " attendance { rate scheduledMinutes attendedMinutes }"
        f" absences(first: {_ABSENCES}) {{ nodes {{ day minutes category }} }} }} }} }}",
        _LIST,
        Selection("pupils", "pupils", _FIRST, _nodes(
            *_leaves(pupils, "id", "givenName", "familyName"),
            Selection("attendance", "attendance", (),
                      _leaves(attendance, "rate", "scheduledMinutes", "attendedMinutes")),
            Selection("absences", "absences", (("first", "p1"),),
                      _nodes(*_leaves(absences, "day", "minutes", "category"))),
        )),
    ),
)  # fmt: skip


_TARGETS = """\
select a.staff_id, a.organisation_id, a.branch_id, e.pupil_id
from (select * from assignment where role = 'attendance_coordinator' order by id limit 64) a,
    lateral (select pupil_id from enrolment e where e.branch_id = a.branch_id
        and e.valid_until is null order by id limit 40) e
order by e.pupil_id
"""


def targets(database: Filled) -> list[Target]:
    """Return who asks for what, in an order that every step follows alike."""
    lines = database.run_sql(_TARGETS)
    found: list[Target] = []
    for line in lines:
        staff, organisation, branch, pupil = map(UUID, line.split("|"))
        actor = Actor(
            id=staff, organisation=organisation, role=ROLE, purpose=PURPOSE, client="bench"
        )
        found.append(Target(actor, branch, pupil))
    random.Random(1).shuffle(found)  # noqa: S311 - the same order in every run
    return found
