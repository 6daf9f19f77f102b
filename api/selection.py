"""From a GraphQL selection to a domain one: fragments spread, directives judged, values apart."""

from collections.abc import Iterable, Mapping
from datetime import UTC, datetime
from typing import Any, cast

from graphql import (
    FieldNode,
    FragmentSpreadNode,
    GraphQLInterfaceType,
    GraphQLNamedType,
    GraphQLObjectType,
    GraphQLResolveInfo,
    GraphQLUnionType,
    InlineFragmentNode,
    SelectionSetNode,
    get_named_type,
)
from graphql.execution.values import (
    VariableValues,
    get_argument_values,
    get_directive_values,
)
from graphql.type import GraphQLIncludeDirective, GraphQLSkipDirective

from domain.reading import Asked, Selection


class Asker:
    """Walks the selection of one root field; parameters are named in the order they are met."""

    def __init__(self, info: GraphQLResolveInfo[Any]) -> None:
        """Take what graphql-core knows of the field that is being resolved."""
        self._info = info
        given: Any = info.variable_values
        # strawberry hands on the coerced values alone.
        self._variables = (
            given if isinstance(given, VariableValues) else VariableValues({}, dict(given))
        )
        self.values: dict[str, Any] = {}

    def root(self, type_name: str) -> Selection:
        """Return the root field with everything asked inside it, as far as it fits the type.

        For a field that may give several types, only what is asked of `type_name` is kept.
        """
        node = self._info.field_nodes[0]
        definition = self._info.parent_type.fields[self._info.field_name]
        declared = cast("GraphQLNamedType", get_named_type(definition.type))
        if isinstance(declared, GraphQLInterfaceType | GraphQLUnionType):
            concrete = self._object(type_name)
        else:
            concrete = self._object(declared.name)
        arguments = get_argument_values(definition, node, self._variables)
        kept = {key: arguments[key] for key in ("first", "after") if key in arguments}
        sets = [n.selection_set for n in self._info.field_nodes if n.selection_set]
        return Selection(
            name=self._info.field_name,
            key=str(self._info.path.key),
            arguments=self._parameters(kept),
            fields=self._fields(concrete, sets),
        )

    def within(self, type_name: str) -> list[Selection]:
        """Return what is asked of one member of a union, a selection for each answered key."""
        sets = [n.selection_set for n in self._info.field_nodes if n.selection_set]
        return list(self._fields(self._object(type_name), sets))

    def _object(self, name: str) -> GraphQLObjectType:
        found = self._info.schema.type_map[name]
        if not isinstance(found, GraphQLObjectType):
            message = f"{name} is not an object type"
            raise TypeError(message)
        return found

    def _fields(
        self, parent: GraphQLObjectType, sets: Iterable[SelectionSetNode]
    ) -> tuple[Selection, ...]:
        grouped: dict[str, list[FieldNode]] = {}
        for selections in sets:
            self._collect(parent, selections, grouped)
        return tuple(self._field(parent, key, nodes) for key, nodes in grouped.items())

    def _field(self, parent: GraphQLObjectType, key: str, nodes: list[FieldNode]) -> Selection:
        name = nodes[0].name.value
        if name == "__typename":
            return Selection(name, key)
        definition = parent.fields[name]
        arguments = get_argument_values(definition, nodes[0], self._variables)
        inner = cast("GraphQLNamedType", get_named_type(definition.type))
        sets = [node.selection_set for node in nodes if node.selection_set]
        fields = self._fields(inner, sets) if isinstance(inner, GraphQLObjectType) else ()
        return Selection(name, key, self._parameters(arguments), fields)

    def _parameters(self, arguments: Mapping[str, Any]) -> tuple[tuple[str, str], ...]:
        named: list[tuple[str, str]] = []
        for name, value in arguments.items():
            if value is None:
                continue
            parameter = f"p{len(self.values)}"
            self.values[parameter] = in_utc(value) if isinstance(value, datetime) else value
            named.append((name, parameter))
        return tuple(named)

    def _collect(
        self,
        parent: GraphQLObjectType,
        selections: SelectionSetNode,
        grouped: dict[str, list[FieldNode]],
    ) -> None:
        for node in selections.selections:
            if not self._included(node):
                continue
            if isinstance(node, FieldNode):
                key = node.alias.value if node.alias else node.name.value
                grouped.setdefault(key, []).append(node)
            elif isinstance(node, InlineFragmentNode):
                if self._fits(
                    parent, node.type_condition.name.value if node.type_condition else None
                ):
                    self._collect(parent, node.selection_set, grouped)
            elif isinstance(node, FragmentSpreadNode):
                fragment = self._info.fragments[node.name.value]
                definition = getattr(fragment, "definition", fragment)
                if self._fits(parent, definition.type_condition.name.value):
                    self._collect(parent, definition.selection_set, grouped)

    def _fits(self, parent: GraphQLObjectType, condition: str | None) -> bool:
        if condition is None or condition == parent.name:
            return True
        wanted = self._info.schema.type_map[condition]
        return isinstance(
            wanted, GraphQLInterfaceType | GraphQLUnionType
        ) and self._info.schema.is_sub_type(wanted, parent)

    def _included(self, node: Any) -> bool:  # noqa: ANN401 - any selection node
        skip = get_directive_values(GraphQLSkipDirective, node, self._variables)
        if skip and skip["if"]:
            return False
        include = get_directive_values(GraphQLIncludeDirective, node, self._variables)
        return not include or bool(include["if"])


def in_utc(given: datetime) -> datetime:
    """Return an instant in UTC, which it is taken to be in when it has no offset.

    An offset that leads out of the calendar, before the year 1 or after 9999, is left out.
    """
    if given.tzinfo is None:
        return given.replace(tzinfo=UTC)
    try:
        return given.astimezone(UTC)
    except OverflowError:
        return given.replace(tzinfo=UTC)


def asked(info: GraphQLResolveInfo[Any], type_name: str) -> Asked:
    """Return what a root field was asked for, of one type."""
    asker = Asker(info)
    return Asked(asker.root(type_name), asker.values)
