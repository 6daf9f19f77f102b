"""Views: what may be read of a table, field by field, and which data class each field is."""

from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass, field
from datetime import timedelta
from typing import Any

from sqlalchemy import ColumnElement, FromClause

from domain.reach import Kind
from permissions.vocabulary import DataClass, Purpose

Expression = Callable[[FromClause], ColumnElement[Any]]
Arguments = Mapping[str, ColumnElement[Any]]


@dataclass(frozen=True, slots=True)
class Field:
    """A readable field.

    Args:
        column: the name of a column, or a function of the row that returns an expression.
        data_class: the class that guards it; None means the row's own class.
        after: work on the value that the database cannot do (unsealing a note).
    """

    column: str | Expression
    data_class: DataClass | None = None
    after: Callable[[Any], Any] | None = None

    def expression(self, row: FromClause) -> ColumnElement[Any]:
        """Return the expression of the field on a row."""
        return row.c[self.column] if isinstance(self.column, str) else self.column(row)


@dataclass(frozen=True, slots=True)
class One:
    """A related object, or null. `on` connects the parent's row to the related row.

    `data_class` guards the connection itself, where who sees both ends may not see that they meet.
    """

    view: "View"
    on: Callable[[FromClause, FromClause], ColumnElement[bool]]
    data_class: DataClass | None = None


@dataclass(frozen=True, slots=True)
class Many:
    """Related objects: a plain list of at most `limit`, or pages when `paged`.

    `among` says which of them are meant by the arguments of the field, such as the versions that
    stood at an instant.
    """

    view: "View"
    on: Callable[[FromClause, FromClause], ColumnElement[bool]]
    paged: bool = False
    limit: int = 100
    among: Callable[[FromClause, Arguments], ColumnElement[bool]] | None = None


@dataclass(frozen=True, slots=True)
class Derived:
    """A related object computed from rows, such as a rate over a period; or `many` of them.

    `source` returns a SELECT that refers to the parent's row and the arguments: of one row, or of
    a short list in the order in which it is given.
    """

    view: "View"
    source: Callable[[FromClause, Arguments], FromClause]
    many: bool = False


Relation = One | Many | Derived


@dataclass(frozen=True, slots=True)
class Feed:
    """What makes a list one that can be followed: its cursors lead on to what comes later.

    Args:
        horizon: everything whose first column of order is smaller has come, and nothing before it
            will; the view's own table gives no row beyond it.
        at: the column of the instant from which on a row is kept.
        kept: how long; a cursor is good until then, for what follows it is still there.
    """

    horizon: ColumnElement[int]
    at: str
    kept: timedelta


@dataclass(slots=True, eq=False)
class View:
    """What may be read of one table.

    Args:
        name: names the type, and starts every id (`pupil_0f3c…`).
        table: the table (or any FROM clause) the rows come from; for `Derived` it is replaced.
        keys: for each kind of object a tie can reach, the column that holds its key on a row.
        row_class: the data class that makes a row visible; None with `guarded_by` or `public`.
        guarded_by: the column that names each row's own data class, with the classes it may hold.
        kept_for: a column that says of a row that it is kept for one purpose alone, and which.
        subject: the column of the young person a row is about; None for rows about nobody.
        traced: of rows about nobody, whether reading them is traced: small counts point to persons.
        order: columns of the row's own class that order a list; the last one is unique.
        descending: whether the whole order runs backwards.
        public: rows about no person, open to everyone.
        feed: of a list that grows at its end and is followed from there.
    """

    name: str
    table: FromClause
    keys: Mapping[Kind, str] = field(default_factory=dict[Kind, str])
    row_class: DataClass | None = None
    guarded_by: tuple[str, tuple[DataClass, ...]] | None = None
    kept_for: tuple[str, Purpose] | None = None
    subject: str | None = None
    traced: bool = False
    order: Sequence[str] = ("id",)
    descending: bool = False
    public: bool = False
    feed: Feed | None = None
    fields: dict[str, Field] = field(default_factory=dict[str, Field])
    relations: dict[str, Relation] = field(default_factory=dict[str, Relation])

    def __post_init__(self) -> None:
        """Refuse a view that nothing guards."""
        if not self.public and self.row_class is None and self.guarded_by is None:
            message = f"{self.name}: a view has a row class, names one per row, or is public"
            raise ValueError(message)

    def extend(self, **relations: Relation) -> None:
        """Add relations from a higher capability; a name is given once."""
        for name, relation in relations.items():
            if name in self.relations or name in self.fields:
                message = f"{self.name}.{name} exists"
                raise ValueError(message)
            self.relations[name] = relation

    @property
    def row_classes(self) -> tuple[DataClass, ...]:
        """Return the classes that can make a row visible."""
        if self.guarded_by is not None:
            return self.guarded_by[1]
        return () if self.row_class is None else (self.row_class,)

    @property
    def classes(self) -> tuple[DataClass, ...]:
        """Return every class a field of a row can have, the row's own first."""
        own = [f.data_class for f in self.fields.values() if f.data_class is not None]
        own += [
            relation.data_class
            for relation in self.relations.values()
            if isinstance(relation, One) and relation.data_class is not None
        ]
        related = [
            data_class
            for relation in self.relations.values()
            for data_class in relation.view.row_classes
            if set(relation.view.keys) <= set(self.keys)
        ]
        return tuple(dict.fromkeys([*self.row_classes, *own, *related]))
