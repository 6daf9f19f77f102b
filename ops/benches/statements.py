"""The same read as statements that do ever more, all from the one compiler."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, replace
from functools import cache
from typing import Any, cast

from sqlalchemy import (
    ColumnElement,
    Date,
    Executable,
    FromClause,
    Integer,
    Uuid,
    any_,
    bindparam,
    func,
    literal_column,
    select,
    true,
)
from sqlalchemy.dialects.postgresql import asyncpg

from domain.pupils.models import Enrolment
from domain.reach.facts import holds
from domain.reading.compile import Compiler
from domain.reading.run import planned
from domain.reading.statement import body_of, read_rows
from domain.reading.view import View
from ops.benches.reads import PURPOSE, ROLE, Read
from permissions.vocabulary import DataClass


@dataclass(frozen=True, slots=True)
class Statement:
    """SQL with positional parameters, as the driver takes it."""

    sql: str
    names: Sequence[str]
    fixed: Mapping[str, Any]

    def arguments(self, values: Mapping[str, Any]) -> list[Any]:
        """Return the values of the parameters in their order."""
        return [values[name] if name in values else self.fixed[name] for name in self.names]


class Unguarded(Compiler):
    """Compiles what somebody would write by hand who may see everything: no tie and no mask.

    A list is of the pupils of one branch, for a list of the whole country's compares with nothing.
    """

    def may_see(
        self, data_class: DataClass, view: View, row: FromClause, *, used: bool = True
    ) -> ColumnElement[bool]:
        """Return that the class is given."""
        del data_class, view, row, used
        return true()

    def visible(self, view: View, row: FromClause) -> ColumnElement[bool]:
        """Return that the row is there."""
        del view, row
        return true()

    def grounds_of(self, view: View, row: FromClause) -> ColumnElement[int]:
        """Return no ground: none is asked."""
        del view, row
        return literal_column("0", Integer)

    def masked(self, view: View, row: FromClause, name: str) -> ColumnElement[Any]:
        """Return a field as it is."""
        return view.fields[name].expression(row)


class OfOneBranch(Unguarded):
    """The same, with the list kept to a branch."""

    def visible(self, view: View, row: FromClause) -> ColumnElement[bool]:
        """Return whether a pupil goes to the branch; what hangs on a pupil is there."""
        if view.subject is None:
            return true()
        today = bindparam("me_today", type_=Date)
        pupils = select(Enrolment.pupil_id).where(
            Enrolment.branch_id == bindparam("branch", type_=Uuid),
            holds(Enrolment.valid_from, Enrolment.valid_until, today),
        )
        return row.c.id == any_(func.array(pupils.scalar_subquery()))


@cache
def bare(read: Read) -> Statement:
    """Return the read without masks, ties, claims and trace."""
    compiler = (OfOneBranch if read.root.paged else Unguarded)(
        role=ROLE, purpose=PURPOSE, claimed=None
    )
    rows = read_rows(compiler, read.root, read.selection).subquery("rows")
    return compiled(select(body_of(rows)))


@cache
def untraced(read: Read) -> Statement:
    """Return the read with its claims, ties and masks; a view about nobody leaves no trace."""
    untold = replace(read.root.view, subject=None)
    plan = planned(replace(read.root, view=untold), read.selection, ROLE, PURPOSE)
    return compiled(plan.statement)


@cache
def traced(read: Read) -> Statement:
    """Return the statement that the service runs."""
    return compiled(planned(read.root, read.selection, ROLE, PURPOSE).statement)


def compiled(statement: Executable) -> Statement:
    """Return a statement as the service's driver gets it."""
    dialect: Any = asyncpg.dialect()  # pyright: ignore[reportUnknownMemberType]
    made: Any = cast("Any", statement).compile(dialect=dialect)
    fixed = {name: bound.effective_value for name, bound in made.binds.items()}
    whole = made.construct_expanded_state(fixed)
    return Statement(str(whole.statement), tuple(whole.positiontup), whole.parameters)
