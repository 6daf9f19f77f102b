"""What may be read: every field of a bound type has a data class that the policy knows."""

from __future__ import annotations

from collections.abc import Iterator

import graphql
import pytest

import domain.ties  # noqa: F401 - registers every tie with reach
from api.binding import VIEWS
from api.schema import make_schema
from domain.reach import Kind, predicate_source
from domain.reading import Derived, One, View
from permissions.table import TABLE
from permissions.vocabulary import Activity, DataClass

SCHEMA = make_schema()._schema
READ = {rule.what for rule in TABLE if rule.may is Activity.READ}
PERMITTED = {rule.what for rule in TABLE}
NOT_READ_YET = {
    DataClass.ATTENDANCE_REASON_HEALTH: "kept for youth health, which is not a role yet",
    DataClass.ATTENDANCE_REASON_BELIEF: "kept for the head's decisions on leave, not made yet",
}
"""Classes that a row may hold and nobody reads: delivered, kept, shown to none."""


def every_view() -> Iterator[View]:
    """Give each view that a type is bound to, and each that one of them leads to, once."""
    waiting, met = list(VIEWS.values()), set[int]()
    while waiting:
        view = waiting.pop()
        if id(view) not in met:
            met.add(id(view))
            yield view
            waiting += [relation.view for relation in view.relations.values()]


EVERY_VIEW = sorted(every_view(), key=lambda view: view.name)
COMPUTED = {
    relation.view.name
    for view in EVERY_VIEW
    for relation in view.relations.values()
    if isinstance(relation, Derived)
}
LISTED = [view for view in EVERY_VIEW if view.name not in COMPUTED]


@pytest.mark.parametrize("name", sorted(VIEWS))
def test_every_field_of_a_bound_type_is_guarded(name: str) -> None:
    """A field is of its own class, of the row's, of a related view's, or of a public view."""
    view = VIEWS[name]
    declared = SCHEMA.type_map[name]
    assert isinstance(declared, graphql.GraphQLObjectType)
    for field in declared.fields:
        if field in {"id", "access"}:
            guards = view.row_classes
        elif field in view.relations:
            related = view.relations[field].view
            assert related.public or related.row_classes, f"{name}.{field}: nothing guards it"
            continue
        else:
            own = view.fields[field].data_class
            guards = view.row_classes if own is None else (own,)
        assert view.public or guards, f"{name}.{field}: nothing guards it"
        assert set(guards) <= PERMITTED


@pytest.mark.parametrize("view", EVERY_VIEW, ids=lambda view: view.name)
def test_every_class_of_a_view_can_be_read_by_somebody(view: View) -> None:
    """A class that no rule reads is an oversight, unless it is written down here why."""
    unread = set(view.classes) - READ
    assert unread <= set(NOT_READ_YET)


@pytest.mark.parametrize("view", EVERY_VIEW, ids=lambda view: view.name)
def test_a_view_is_guarded_in_exactly_one_way(view: View) -> None:
    """A view is public, or of one class, or each of its rows names its class; never two."""
    ways = (view.public, view.row_class is not None, view.guarded_by is not None)
    assert sum(ways) == 1
    assert not view.public or (view.subject is None and not view.keys)


@pytest.mark.parametrize("view", EVERY_VIEW, ids=lambda view: view.name)
def test_a_rule_that_reads_a_class_can_be_judged_on_its_rows(view: View) -> None:
    """Some tie of some rule reaches the rows of every view; else nobody could ever see one."""
    reaching = {
        rule.what
        for rule in TABLE
        if rule.may is Activity.READ
        and any(predicate_source(rule.tie, kind) is not None for kind in view.keys)
    }
    assert set(view.row_classes) - set(NOT_READ_YET) <= reaching


@pytest.mark.parametrize("view", LISTED, ids=lambda view: view.name)
def test_a_list_is_ordered_by_columns_of_the_row_alone(view: View) -> None:
    """The order of a list tells nothing of a withheld field, and is total."""
    guarded = {
        field.column
        for field in view.fields.values()
        if field.data_class is not None and isinstance(field.column, str)
    }
    assert view.order
    assert not guarded & set(view.order)
    assert set(view.order) <= set(view.table.c.keys())


@pytest.mark.parametrize("view", EVERY_VIEW, ids=lambda view: view.name)
def test_what_a_tie_reaches_is_a_column_of_the_row(view: View) -> None:
    """Every key and the subject of a view are columns of its table."""
    columns = set(view.table.c.keys())
    assert set(view.keys.values()) <= columns
    assert view.subject is None or view.subject in columns
    assert all(isinstance(kind, Kind) for kind in view.keys)


ABOUT_NOBODY = {Kind.UNIT, Kind.RECEIPT, Kind.ADVICE}
"""What figures, deliveries and advice to schools are found by."""


def test_reading_about_a_person_is_traced() -> None:
    """A list or object that a root field gives about persons names whom it is about."""
    roots = SCHEMA.query_type
    assert roots is not None
    for name, field in roots.fields.items():
        for view in views_of(graphql.get_named_type(field.type)):
            if not view.public and not ABOUT_NOBODY & set(view.keys):
                named = view.subject is not None or view.traced
                assert named or nobody_young(view), f"{name}: {view.name}"


def nobody_young(view: View) -> bool:
    """Return whether rows are about staff, or are the log of an organisation."""
    return set(view.row_classes) <= {DataClass.STAFF, DataClass.LOG_ORGANISATION}


def views_of(named: graphql.GraphQLNamedType) -> Iterator[View]:
    """Give the views of a root field's type, looking through connections and interfaces."""
    if named.name in VIEWS:
        yield VIEWS[named.name]
    elif isinstance(named, graphql.GraphQLInterfaceType):
        for possible in SCHEMA.get_possible_types(named):
            yield from views_of(possible)
    elif isinstance(named, graphql.GraphQLObjectType) and "nodes" in named.fields:
        yield from views_of(graphql.get_named_type(named.fields["nodes"].type))


@pytest.mark.parametrize("name", sorted(VIEWS))
def test_what_a_type_promises_its_table_has(name: str) -> None:
    """A type with an id is read from rows with an id; one with `access` is guarded by rules."""
    view = VIEWS[name]
    declared = SCHEMA.type_map[name]
    assert isinstance(declared, graphql.GraphQLObjectType)
    assert "id" not in declared.fields or "id" in view.table.c
    assert "access" not in declared.fields or not view.public


@pytest.mark.parametrize("name", sorted(VIEWS))
def test_a_withheld_field_can_be_null(name: str) -> None:
    """A field or a related object of another class than its row is null when it is withheld."""
    view = VIEWS[name]
    declared = SCHEMA.type_map[name]
    assert isinstance(declared, graphql.GraphQLObjectType)
    for field_name, field in declared.fields.items():
        relation = view.relations.get(field_name)
        own = view.fields.get(field_name)
        single = (
            isinstance(relation, One | Derived)
            and not (isinstance(relation, Derived) and relation.many)
            and not relation.view.public
            and not set(relation.view.row_classes) <= set(view.row_classes)
        )
        if single or (own is not None and own.data_class is not None):
            assert not graphql.is_non_null_type(field.type), f"{name}.{field_name}"
