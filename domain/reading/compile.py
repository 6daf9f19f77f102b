"""From a view and a selection to expressions: masks, nested lists and keysets.

Nothing here guesses: a field that the view does not have, or a tie that cannot be expressed on
a row, raises, and the request is refused.
"""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from typing import Any

from sqlalchemy import (
    CTE,
    ColumnElement,
    FromClause,
    Integer,
    Select,
    Text,
    and_,
    any_,
    bindparam,
    case,
    cast,
    false,
    func,
    literal,
    literal_column,
    null,
    or_,
    select,
    true,
    tuple_,
)
from sqlalchemy.dialects.postgresql import ARRAY, array
from sqlalchemy.types import Uuid

from domain.reach import Kind, predicate_source
from domain.reading.selection import Selection
from domain.reading.view import Derived, Many, One, View
from permissions.decide import rules_for
from permissions.vocabulary import Activity, DataClass, Purpose, Role, Rule, Tie

PAGE = 50
MOST_ARGUMENTS = 100


class Unreadable(Exception):  # noqa: N818 - a statement that cannot be built, not a refusal
    """The view cannot answer the selection; a mistake in code, never in a request."""


@dataclass(slots=True)
class Compiler:
    """Compiles one statement for one role and purpose."""

    role: Role
    purpose: Purpose
    claimed: CTE | None
    ties: dict[tuple[Tie, Kind], CTE] = field(default_factory=dict[tuple[Tie, Kind], CTE])
    rules: dict[str, Rule] = field(default_factory=dict[str, Rule])
    classes: dict[DataClass, None] = field(default_factory=dict[DataClass, None])
    _aliases: int = 0

    # --- who may ------------------------------------------------------------------------

    def speaking(self, data_class: DataClass) -> tuple[Rule, ...]:
        """Return the rules by which this role reads the class for this purpose."""
        return rules_for(self.role, self.purpose, Activity.READ, data_class)

    def reached(self, tie: Tie, kind: Kind) -> CTE:
        """Return the array of keys that a tie reaches, computed once, after the claims are set."""
        if (tie, kind) not in self.ties:
            source = predicate_source(tie, kind)
            if source is None or self.claimed is None:
                message = f"{tie} reaches no {kind}"
                raise Unreadable(message)
            keys = source.subquery()
            self.ties[tie, kind] = (
                select(func.array(select(keys.c.object).scalar_subquery()).label("keys"))
                .select_from(self.claimed)
                .where(self.claimed.c.claims.is_not(None))
                .cte(f"{tie}_{kind}")
                .prefix_with("MATERIALIZED", dialect="postgresql")
            )
        return self.ties[tie, kind]

    def tied(self, rule: Rule, view: View, row: FromClause) -> ColumnElement[bool] | None:
        """Return whether the tie of a rule holds for a row; None when it reaches no such row."""
        kinds = [kind for kind in view.keys if predicate_source(rule.tie, kind) is not None]
        if not kinds:
            return None
        kind = kinds[0]
        keys = self.reached(rule.tie, kind)
        array_type = ARRAY(Text) if kind is Kind.UNIT else ARRAY(Uuid)
        return row.c[view.keys[kind]] == any_(
            cast(select(keys.c["keys"]).scalar_subquery(), array_type)
        )

    def may_see(
        self, data_class: DataClass, view: View, row: FromClause, *, used: bool = True
    ) -> ColumnElement[bool]:
        """Return whether the class is given on a row: false where no rule speaks."""
        held: list[ColumnElement[bool]] = []
        for rule in self.speaking(data_class):
            tied = self.tied(rule, view, row)
            if tied is None:
                continue
            if used:
                self.rules[rule.id] = rule
                self.classes[data_class] = None
            held.append(tied)
        return or_(false(), *held) if held else false()

    def visible(self, view: View, row: FromClause) -> ColumnElement[bool]:
        """Return whether a row is there at all."""
        if view.public:
            return true()
        if view.guarded_by is not None:
            column, classes = view.guarded_by
            return or_(
                false(),
                *(
                    and_(row.c[column] == str(data_class), self.may_see(data_class, view, row))
                    for data_class in classes
                    if self.speaking(data_class)
                ),
            )
        if view.row_class is None:
            message = f"{view.name}: nothing guards its rows"
            raise Unreadable(message)
        return self.may_see(view.row_class, view, row)

    def same_ties(self, data_class: DataClass, view: View) -> bool:
        """Return whether whoever sees the row sees the class: then no mask is needed."""
        if view.row_class is None:
            return False
        return {r.tie for r in self.speaking(data_class)} == {
            r.tie for r in self.speaking(view.row_class)
        }

    # --- what -----------------------------------------------------------------------------

    def row(self, view: View) -> FromClause:
        """Return the view's table under a name of its own."""
        self._aliases += 1
        return view.table.alias(f"{view.name}_{self._aliases}")

    def object_of(
        self, view: View, row: FromClause, fields: Sequence[Selection]
    ) -> ColumnElement[Any]:
        """Return the JSON object of a row with what was asked for, masked."""
        parts: list[ColumnElement[Any]] = []
        for asked in fields:
            parts += [literal_column(_quoted(asked.key)), self.value_of(view, row, asked)]
        return json_object(parts)

    def value_of(self, view: View, row: FromClause, asked: Selection) -> ColumnElement[Any]:
        """Return the expression of one asked-for field of a row."""
        if asked.name == "__typename":
            return literal_column(_quoted(view.name))
        if asked.name == "id":
            return public_id(view, row)
        if asked.name == "access":
            return self.access_of(view, row)
        if asked.name in view.fields:
            return self.masked(view, row, asked.name)
        if asked.name in view.relations:
            return self.related(view, row, asked)
        message = f"{view.name} has no field {asked.name}"
        raise Unreadable(message)

    def masked(self, view: View, row: FromClause, name: str) -> ColumnElement[Any]:
        """Return a field of a row, null where its class is not given."""
        found = view.fields[name]
        expression = found.expression(row)
        if found.data_class is None:
            return expression
        if view.public:
            message = f"{view.name}.{name}: a public view has no guarded field"
            raise Unreadable(message)
        given = self.may_see(found.data_class, view, row)
        if self.same_ties(found.data_class, view):
            return expression
        return case((given, expression), else_=null())

    def related(self, view: View, row: FromClause, asked: Selection) -> ColumnElement[Any]:
        """Return the nested object, list or page of a relation."""
        relation = view.relations[asked.name]
        arguments: dict[str, ColumnElement[Any]] = {
            name: bindparam(parameter) for name, parameter in asked.arguments
        }
        match relation:
            case Derived():
                child: FromClause = relation.source(row, arguments)
                return (
                    select(self.object_of(relation.view, child, asked.fields))
                    .select_from(child)
                    .where(self.visible(relation.view, child))
                    .correlate(row)
                    .scalar_subquery()
                )
            case One():
                child = self.row(relation.view)
                return (
                    select(self.object_of(relation.view, child, asked.fields))
                    .select_from(child)
                    .where(relation.on(row, child), self.visible(relation.view, child))
                    .limit(1)
                    .correlate(row)
                    .scalar_subquery()
                )
            case Many():
                child = self.row(relation.view)
                where = and_(relation.on(row, child), self.visible(relation.view, child))
                if relation.paged:
                    rows = self.page(relation.view, child, asked, where).correlate(row)
                else:
                    rows = self.listed(relation, child, asked, where).correlate(row)
                lateral = rows.lateral(f"list_{self._aliases}")
                body = func.coalesce(func.json_agg(lateral.c.body), literal_column("'[]'::json"))
                return select(body).select_from(lateral).correlate(row).scalar_subquery()

    def listed(
        self, relation: Many, child: FromClause, asked: Selection, where: ColumnElement[bool]
    ) -> Select[Any]:
        """Return the rows of a plain list, in the view's order."""
        return (
            select(self.object_of(relation.view, child, asked.fields).label("body"))
            .select_from(child)
            .where(where)
            .order_by(*ordering(relation.view, child))
            .limit(literal_column(str(relation.limit)))
        )

    def page(
        self, view: View, row: FromClause, asked: Selection, where: ColumnElement[bool]
    ) -> Select[Any]:
        """Return one row more than a page: an object per `nodes` and `edges`, and the keyset."""
        after = asked.argument("after")
        if after is not None:
            where = and_(where, beyond(view, row, after))
        parts: list[ColumnElement[Any]] = []
        for key, fields in page_objects(asked):
            parts += [literal_column(_quoted(key)), self.object_of(view, row, fields)]
        keyset = func.json_build_array(*(row.c[column] for column in view.order))
        body = json_object([literal_column("'/'"), keyset, *parts])
        ordered = ordering(view, row)
        columns: list[ColumnElement[Any]] = [
            body.label("body"),
            func.row_number().over(order_by=ordered).label("position"),
        ]
        if view.subject is not None:
            columns.append(row.c[view.subject].label("subject"))
        first = asked.argument("first")
        limit: ColumnElement[int] = (
            bindparam(first, type_=Integer) + literal_column("1")
            if first is not None
            else literal_column(str(PAGE + 1), Integer)
        )
        return select(*columns).select_from(row).where(where).order_by(*ordered).limit(limit)

    # --- why ------------------------------------------------------------------------------

    def access_of(self, view: View, row: FromClause) -> ColumnElement[Any]:
        """Return why a row is seen: the rule and its end, and the classes withheld on it.

        Derived from rules and ties alone, never from whether there is data.
        """
        if view.public:
            message = f"{view.name} is public and has no access"
            raise Unreadable(message)
        grounds: list[tuple[ColumnElement[bool], ColumnElement[Any]]] = []
        ends: list[tuple[ColumnElement[bool], ColumnElement[Any]]] = []
        for data_class in view.row_classes:
            for rule in self.speaking(data_class):
                tied = self.tied(rule, view, row)
                if tied is not None:
                    if view.guarded_by is not None:
                        tied = and_(row.c[view.guarded_by[0]] == str(data_class), tied)
                    grounds.append((tied, literal(rule.id, Text)))
                    ends.append((tied, self.end_of(rule, view, row)))
        withheld = [
            case((self.may_see(data_class, view, row, used=False), null()), else_=str(data_class))
            for data_class in view.classes
            if data_class not in view.row_classes and self.expressible(data_class, view)
        ]
        nothing = literal_column("'{}'::text[]", ARRAY(Text))
        hidden: ColumnElement[Any] = (
            func.array_remove(cast(func.array_cat(nothing, _array(withheld)), ARRAY(Text)), null())
            if withheld
            else nothing
        )
        return func.json_build_object(
            literal_column("'rule'"), first_of(grounds),
            literal_column("'until'"), first_of(ends),
            literal_column("'withheld'"), func.to_json(hidden),
        )  # fmt: skip

    def expressible(self, data_class: DataClass, view: View) -> bool:
        """Return whether every rule on the class can be judged on a row of the view."""
        return all(
            any(predicate_source(rule.tie, kind) is not None for kind in view.keys)
            for rule in self.speaking(data_class)
        )

    def end_of(self, rule: Rule, view: View, row: FromClause) -> ColumnElement[Any]:
        """Return when the tie of a rule ends for a row; null while that is open."""
        for kind, column in view.keys.items():
            source = predicate_source(rule.tie, kind)
            if source is not None:
                facts = source.subquery()
                return (
                    select(func.to_json(func.max(facts.c.until)))
                    .where(facts.c.object == row.c[column])
                    .correlate(row)
                    .scalar_subquery()
                )
        return null()


def json_object(parts: Sequence[ColumnElement[Any]]) -> ColumnElement[Any]:
    """Return a JSON object of keys and values in turn.

    A function takes at most a hundred arguments, so a larger object is put together of several.
    """
    if len(parts) <= MOST_ARGUMENTS:
        return func.json_build_object(*parts)
    pieces = [
        func.jsonb_build_object(*parts[start : start + MOST_ARGUMENTS])
        for start in range(0, len(parts), MOST_ARGUMENTS)
    ]
    whole: ColumnElement[Any] = pieces[0]
    for piece in pieces[1:]:
        whole = whole.op("||")(piece)
    return whole


def first_of(
    cases: Sequence[tuple[ColumnElement[bool], ColumnElement[Any]]],
) -> ColumnElement[Any]:
    """Return the value of the first case that holds; null when there is none."""
    return case(*cases, else_=null()) if cases else null()


def page_objects(asked: Selection) -> list[tuple[str, tuple[Selection, ...]]]:
    """Return the objects a page is asked for: each `nodes`, and each `node` within `edges`."""
    objects: list[tuple[str, tuple[Selection, ...]]] = []
    for part in asked.fields:
        if part.name == "nodes":
            objects.append((part.key, part.fields))
        elif part.name == "edges":
            objects += [
                (f"{part.key}/{inner.key}", inner.fields)
                for inner in part.fields
                if inner.name == "node"
            ]
    return objects


def public_id(view: View, row: FromClause) -> ColumnElement[Any]:
    """Return the opaque id of a row: the type and the random key."""
    return literal_column(_quoted(view.name + "_"), Text) + func.replace(
        cast(row.c.id, Text), literal_column("'-'"), literal_column("''")
    )


def ordering(view: View, row: FromClause) -> list[ColumnElement[Any]]:
    """Return the order of a view's lists."""
    columns: list[ColumnElement[Any]] = [row.c[column] for column in view.order]
    return [column.desc() for column in columns] if view.descending else columns


def beyond(view: View, row: FromClause, parameter: str) -> ColumnElement[bool]:
    """Return whether a row comes after the keyset whose parts the parameters `…_0`, `…_1` carry."""
    here = tuple_(*(row.c[column] for column in view.order))
    there = tuple_(
        *(
            bindparam(f"{parameter}_{position}", type_=row.c[column].type)
            for position, column in enumerate(view.order)
        )
    )
    return here < there if view.descending else here > there


def _array(parts: Sequence[ColumnElement[Any]]) -> ColumnElement[Any]:
    return array([cast(part, Text) for part in parts])


def _quoted(key: str) -> str:
    """Return a key as an SQL string; keys are GraphQL names and ids of types."""
    if not all(character.isalnum() or character in "_/" for character in key):
        message = "a key is a name"
        raise Unreadable(message)
    return f"'{key}'"


def parameters_of(view: View, parameter: str, keyset: Sequence[Any]) -> Mapping[str, Any]:
    """Return the parameters that `beyond` refers to, for the keyset of a cursor."""
    return {
        f"{parameter}_{position}": value
        for position, (_, value) in enumerate(zip(view.order, keyset, strict=True))
    }
