"""From a view and a selection to expressions: masks, nested lists and keysets.

Nothing here guesses: a field that the view does not have, or a tie that cannot be expressed on
a row, raises, and the request is refused.
"""

from collections.abc import Sequence
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
)
from sqlalchemy.dialects.postgresql import ARRAY
from sqlalchemy.types import Uuid

from domain.reach import Kind, kinds_of, predicate_source
from domain.reading.jsonic import (
    Unreadable,
    first_of,
    json_object,
    public_id,
    quoted,
    text_array,
)
from domain.reading.keyset import PAGE, beyond, ordering
from domain.reading.selection import Selection
from domain.reading.view import Derived, Many, One, View
from permissions.decide import rules_for
from permissions.vocabulary import Activity, DataClass, Purpose, Role, Rule, Tie


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
        kind = kind_on(rule, view)
        if kind is None:
            return None
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
        if view.kept_for is None or view.kept_for[1] is self.purpose:
            return self.given(view, row)
        return and_(~row.c[view.kept_for[0]], self.given(view, row))

    def given(self, view: View, row: FromClause) -> ColumnElement[bool]:
        """Return whether any class of a row makes it visible."""
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

    def tells(self, view: View, *columns: str) -> None:
        """Let a list be ordered or filtered by columns, if that tells nothing withheld.

        Judged by the shape of the rules, never by the rows: a column behind a field that some rule
        could withhold on some row would let the order, or what is left out, tell its value.

        Raises:
            Unreadable: a field that the column is behind could be withheld.
        """
        for name, found in view.fields.items():
            guard = found.data_class
            if guard is not None and found.column in columns and not self.same_ties(guard, view):
                message = f"{view.name} cannot be ordered or filtered by {name}: it is withheld"
                raise Unreadable(message)

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
            parts += [literal_column(quoted(asked.key)), self.value_of(view, row, asked)]
        return json_object(parts)

    def value_of(self, view: View, row: FromClause, asked: Selection) -> ColumnElement[Any]:
        """Return the expression of one asked-for field of a row."""
        if asked.name == "__typename":
            return literal_column(quoted(view.name))
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
                body = self.object_of(relation.view, child, asked.fields)
                if relation.many:
                    body = func.coalesce(func.json_agg(body), literal_column("'[]'::json"))
                return (
                    select(body)
                    .select_from(child)
                    .where(self.visible(relation.view, child))
                    .correlate(row)
                    .scalar_subquery()
                )
            case One():
                child = self.row(relation.view)
                where = and_(relation.on(row, child), self.visible(relation.view, child))
                if relation.data_class is not None:
                    where = and_(where, self.may_see(relation.data_class, view, row))
                return (
                    select(self.object_of(relation.view, child, asked.fields))
                    .select_from(child)
                    .where(where)
                    .limit(1)
                    .correlate(row)
                    .scalar_subquery()
                )
            case Many():
                child = self.row(relation.view)
                where = and_(relation.on(row, child), self.visible(relation.view, child))
                if relation.among is not None:
                    where = and_(where, relation.among(child, arguments))
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
        self.tells(relation.view, *relation.view.order)
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
        self.tells(view, *view.order)
        after = asked.argument("after")
        if after is not None:
            where = and_(where, beyond(view, row, after))
        parts: list[ColumnElement[Any]] = []
        for key, fields in page_objects(asked):
            parts += [literal_column(quoted(key)), self.object_of(view, row, fields)]
        kept = [] if view.feed is None else [view.feed.at]
        keyset = func.json_build_array(*(row.c[column] for column in (*view.order, *kept)))
        body = json_object([literal_column("'/'"), keyset, *parts])
        ordered = ordering(view, row)
        columns: list[ColumnElement[Any]] = [
            body.label("body"),
            func.row_number().over(order_by=ordered).label("position"),
        ]
        if view.subject is not None:
            columns.append(row.c[view.subject].label("subject"))
        columns.append(self.grounds_of(view, row).label("grounds"))
        first = asked.argument("first")
        limit: ColumnElement[int] = (
            bindparam(first, type_=Integer) + literal_column("1")
            if first is not None
            else literal_column(str(PAGE + 1), Integer)
        )
        return select(*columns).select_from(row).where(where).order_by(*ordered).limit(limit)

    # --- why ------------------------------------------------------------------------------

    def alternatives(self, view: View) -> list[Tie]:
        """Return the ties that can each make a row visible, where there are several."""
        ties = dict.fromkeys(
            rule.tie
            for data_class in view.row_classes
            for rule in self.speaking(data_class)
            if kind_on(rule, view) is not None
        )
        return list(ties) if len(ties) > 1 else []

    def grounds_of(self, view: View, row: FromClause) -> ColumnElement[int]:
        """Return which of several ties hold for a row, as bits in the order of `alternatives`.

        The trace then names the rules that held, not all that were asked.
        """
        bits: ColumnElement[int] = literal_column("0", Integer)
        for position, tie in enumerate(self.alternatives(view)):
            rules = (
                rule
                for data_class in view.row_classes
                for rule in self.speaking(data_class)
                if rule.tie is tie
            )
            held = [tied for rule in rules if (tied := self.tied(rule, view, row)) is not None]
            bit = case((or_(false(), *held), literal_column(str(1 << position), Integer)), else_=0)
            bits = bits.op("|")(bit)
        return bits

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
            func.array_remove(
                cast(func.array_cat(nothing, text_array(withheld)), ARRAY(Text)), null()
            )
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
        return all(kind_on(rule, view) is not None for rule in self.speaking(data_class))

    def end_of(self, rule: Rule, view: View, row: FromClause) -> ColumnElement[Any]:
        """Return when the tie of a rule ends for a row; null while that is open."""
        kind = kind_on(rule, view)
        source = None if kind is None else predicate_source(rule.tie, kind)
        if kind is None or source is None:
            return null()
        facts = source.subquery()
        return (
            select(func.to_json(func.max(facts.c.until)))
            .where(facts.c.object == row.c[view.keys[kind]])
            .correlate(row)
            .scalar_subquery()
        )


def kind_on(rule: Rule, view: View) -> Kind | None:
    """Return the kind of object by which a rule can be judged on a view's rows, if there is one."""
    for kind in kinds_of(rule.may, rule.what):
        if kind in view.keys and predicate_source(rule.tie, kind) is not None:
            return kind
    return None


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
