"""How much one request may ask for.

The cost of an operation is the number of objects it asks for: at each field that gives objects,
the pages (`first` or `last`; 50 if neither is given) on the way down to it, multiplied, and added
up. A connection and its edges are not objects themselves, nor is introspection; a list without
pages counts as ten; `WEIGHTS` adds to what is more work than its selection tells; `@skip` and
`@include` change nothing.

Everything is counted over fragments as they are spread, and each fragment is
looked at once, so that a document cannot make the counting itself expensive.
"""

import math
from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from functools import lru_cache
from typing import Any, Final

import graphql
from strawberry.extensions import SchemaExtension
from strawberry.schema.validation_rules.maybe_null import MaybeNullValidationRule
from strawberry.schema.validation_rules.one_of import OneOfInputValidationRule

from api.allowances import (
    CACHED_DOCUMENTS,
    DEFAULT_PAGE,
    EXPLANATION,
    LARGEST_REPORTED_COST,
    LONGEST_CACHED_DOCUMENT,
    MAXIMUM,
    MOST_LEVELS,
    MOST_REPORTED_ERRORS,
    UNPAGED_LIST,
    WEIGHTS,
)
from api.core import core_schema
from api.errors import ErrorCode, refusal
from api.telemetry import current_observation

_ONE_ACT: Final = (
    "A mutation has exactly one root field, so that it is done as a whole or not at all."
    " Send one request for each."
)


@dataclass(slots=True)
class _Count:
    """What a selection amounts to once its fragments are spread."""

    depth: int = 0
    aliases: int = 0
    fields: int = 0
    directives: int = 0
    top: int = 0

    def add(self, other: "_Count", *, below: bool) -> None:
        """Add a part; one below a field counts as nested, one beside it as spread in place."""
        self.depth = max(self.depth, other.depth + below)
        self.aliases += other.aliases
        self.fields += other.fields
        self.directives += other.directives
        if not below:
            self.top += other.top


class _TooManyLevelsError(Exception):
    """The document is nested so deeply that walking it further is not safe."""


class _Counter:
    """Counts the selections of one document, each fragment once."""

    def __init__(self, document: graphql.DocumentNode) -> None:
        self._fragments = fragments_of(document)
        self._counted: dict[str, _Count] = {}

    def operation(self, operation: graphql.OperationDefinitionNode) -> _Count:
        """Count an operation."""
        count = self._selections(operation.selection_set, 0)
        count.directives += len(operation.directives or ())
        for variable in operation.variable_definitions or ():
            count.directives += len(variable.directives or ())
        return count

    def fragment(self, name: str, level: int = 0) -> _Count:
        """Count a fragment; an unknown or a circular one is left to the rules of the language."""
        if name not in self._fragments:
            return _Count()
        if name not in self._counted:
            self._counted[name] = _Count()
            fragment = self._fragments[name]
            count = self._selections(fragment.selection_set, level)
            count.directives += len(fragment.directives or ())
            self._counted[name] = count
        return self._counted[name]

    def _selections(self, selections: graphql.SelectionSetNode, level: int) -> _Count:
        if level > MOST_LEVELS:
            raise _TooManyLevelsError
        count = _Count()
        for selection in selections.selections:
            count.directives += len(selection.directives or ())
            if isinstance(selection, graphql.FieldNode):
                introspects = selection.name.value in {"__schema", "__type"}
                count.top += 1
                count.fields += 1
                count.aliases += selection.alias is not None
                part = _Count()
                if selection.selection_set is not None:
                    part = self._selections(selection.selection_set, level + 1)
                if introspects:
                    part.depth = 0  # graphql-core limits introspection by a rule of its own
                part.top = 0
                count.depth = max(count.depth, 1)
                count.add(part, below=True)
            elif isinstance(selection, graphql.FragmentSpreadNode):
                count.add(self.fragment(selection.name.value, level + 1), below=False)
            elif isinstance(selection, graphql.InlineFragmentNode):
                count.add(self._selections(selection.selection_set, level + 1), below=False)
        return count


def fragments_of(document: graphql.DocumentNode) -> dict[str, graphql.FragmentDefinitionNode]:
    """Give the fragments of a document by name."""
    return {
        definition.name.value: definition
        for definition in document.definitions
        if isinstance(definition, graphql.FragmentDefinitionNode)
    }


def _exceeded(limit: str) -> graphql.GraphQLError:
    maximum = MAXIMUM[limit]
    return refusal(
        ErrorCode.LIMIT_EXCEEDED,
        EXPLANATION[limit].format(f"{maximum:,}"),
        limit=limit,
        maximum=maximum,
    )


def document_refusals(document: graphql.DocumentNode) -> list[graphql.GraphQLError]:
    """Say which limits a document exceeds in itself, whatever its variables are."""
    counter = _Counter(document)
    exceeded: dict[str, graphql.GraphQLError] = {}
    refusals: list[graphql.GraphQLError] = []
    try:
        for definition in document.definitions:
            if isinstance(definition, graphql.FragmentDefinitionNode):
                # Also one that is not used, for the other rules will walk it. What it adds to an
                # operation is counted there.
                fields = counter.fragment(definition.name.value).fields
                asked = {"fields": fields}
            elif isinstance(definition, graphql.OperationDefinitionNode):
                count = counter.operation(definition)
                asked = {
                    "depth": count.depth,
                    "aliases": count.aliases,
                    "fields": count.fields,
                    "directives": count.directives,
                    "rootFields": count.top,
                }
                if definition.operation is graphql.OperationType.MUTATION and count.top > 1:
                    refusals.append(refusal(ErrorCode.INVALID_DOCUMENT, _ONE_ACT))
            else:
                continue
            exceeded |= {
                limit: _exceeded(limit)
                for limit, number in asked.items()
                if number > MAXIMUM[limit]
            }
    except _TooManyLevelsError:
        exceeded["depth"] = _exceeded("depth")
    return [*exceeded.values(), *refusals]


_WithFields = graphql.GraphQLObjectType | graphql.GraphQLInterfaceType


class _PageTooLargeError(Exception):
    """A page is asked for that is larger than a page may be, or negative."""


class _Cost:
    """Adds up the objects that one operation asks for, each fragment once.

    Only for documents that have been found valid.
    """

    def __init__(
        self,
        schema: graphql.GraphQLSchema,
        document: graphql.DocumentNode,
        operation: graphql.OperationDefinitionNode,
        variables: Mapping[str, object],
    ) -> None:
        self._schema = schema
        self._fragments = fragments_of(document)
        self._operation = operation
        self._variables = variables
        self._defaults = {
            definition.variable.name.value: definition.default_value
            for definition in operation.variable_definitions or ()
        }
        self._known: dict[str, int] = {}

    def total(self) -> int:
        """Give the number of objects; exact, and therefore as large as a document can make it."""
        root = self._schema.get_root_type(self._operation.operation)
        return self._selections(self._operation.selection_set, root)

    def _selections(
        self, selections: graphql.SelectionSetNode, parent: graphql.GraphQLNamedType | None
    ) -> int:
        total = 0
        for selection in selections.selections:
            if isinstance(selection, graphql.FragmentSpreadNode):
                total += self._fragment(selection.name.value)
            elif isinstance(selection, graphql.InlineFragmentNode):
                condition = selection.type_condition
                inner = self._schema.get_type(condition.name.value) if condition else parent
                total += self._selections(selection.selection_set, inner)
            elif isinstance(selection, graphql.FieldNode):
                total += self._field(selection, parent)
        return total

    def _fragment(self, name: str) -> int:
        if name not in self._known:
            fragment = self._fragments[name]
            condition = self._schema.get_type(fragment.type_condition.name.value)
            self._known[name] = self._selections(fragment.selection_set, condition)
        return self._known[name]

    def _field(self, node: graphql.FieldNode, parent: graphql.GraphQLNamedType | None) -> int:
        if node.selection_set is None or not isinstance(parent, _WithFields):
            return 0
        field = parent.fields.get(node.name.value)
        if field is None:
            return 0  # introspection
        kind = str(field.type)  # as the schema language writes it: [Pupil!]!
        below = self._selections(node.selection_set, self._schema.get_type(kind.strip("[]!")))
        page = self._page(field, node)
        if page is not None:
            return page * (1 + below)
        if parent.name.endswith(("Connection", "Edge")):
            return below
        weight = WEIGHTS.get((parent.name, node.name.value), 0)
        return weight + (UNPAGED_LIST if "[" in kind else 1) * (1 + below)

    def _page(self, field: graphql.GraphQLField, node: graphql.FieldNode) -> int | None:
        """Give how many objects a field is asked for, or `None` if it has no pages."""
        paging = [name for name in ("first", "last") if name in field.args]
        if not paging:
            return None
        given = {argument.name.value: argument.value for argument in node.arguments or ()}
        sizes = [self._size(given.get(name), field.args[name]) for name in paging]
        asked = [size for size in sizes if size is not None]
        if any(not 0 <= size <= MAXIMUM["page"] for size in asked):
            raise _PageTooLargeError
        return max(asked, default=DEFAULT_PAGE)

    def _size(
        self, value: graphql.ValueNode | None, argument: graphql.GraphQLArgument
    ) -> int | None:
        """Read a size; what is no number at all is refused by the coercion of variables."""
        if isinstance(value, graphql.VariableNode):
            name = value.name.value
            if name in self._variables:
                return _number(self._variables[name])
            value = self._defaults.get(name)
        if isinstance(value, graphql.IntValueNode):
            return int(value.value)
        default = argument.default_value
        return default if value is None and isinstance(default, int) else None


def _number(size: object) -> int | None:
    """Give the number that a variable amounts to: JSON may write a whole one as 7.0 or 2e9.

    A fraction is rounded up, for comparing; the coercion of variables refuses it.
    """
    if isinstance(size, bool) or not isinstance(size, int | float):
        return None
    if not math.isfinite(size):
        raise _PageTooLargeError
    return math.ceil(size)


_Verdict = tuple[graphql.DocumentNode, tuple[graphql.GraphQLError, ...]]
Rules = tuple[type[graphql.ASTValidationRule], ...]


def _judge(schema: graphql.GraphQLSchema, query: str, rules: Rules) -> _Verdict:
    """Parse and validate; the limits go first, so that no other rule meets a hostile document.

    Raises:
        graphql.GraphQLError: the text does not graphql.parse.
    """
    try:
        document = graphql.parse(
            query,
            max_lexical_tokens=MAXIMUM["tokens"],
            max_comments=MAXIMUM["comments"],
        )
    except graphql.GraphQLError as error:
        for limit in ("tokens", "comments"):
            if error.message.endswith(f" {limit}. Parsing aborted."):
                raise _exceeded(limit) from None
        raise
    refusals = document_refusals(document) or graphql.validate(
        schema,
        document,
        (*rules, MaybeNullValidationRule, OneOfInputValidationRule),
        max_errors=MOST_REPORTED_ERRORS,
        hide_suggestions=True,
    )
    return document, tuple(refusals)


_judge_once = lru_cache(maxsize=CACHED_DOCUMENTS)(_judge)


class Limits(SchemaExtension):
    """Parses, judges and prices each operation; give the class itself to the schema.

    Verdicts are kept by the text of the document and the rules, which are classes made once.
    """

    def __init__(self) -> None:
        self._refusals: tuple[graphql.GraphQLError, ...] = ()
        self._requested: int | None = None

    def on_parse(self) -> Iterator[None]:
        """Parse and judge the document, or take it from the cache."""
        context = self.execution_context
        if context.graphql_document is None and context.query:
            judge = _judge_once if len(context.query) <= LONGEST_CACHED_DOCUMENT else _judge
            context.graphql_document, self._refusals = judge(
                core_schema(context.schema), context.query, context.validation_rules
            )
        yield

    def on_validate(self) -> Iterator[None]:
        """Refuse what the document or the chosen operation asks too much."""
        context = self.execution_context
        document = context.graphql_document
        if document is not None:
            context.pre_execution_errors = list(self._refusals) or self._operation_refusals(
                document, context.variables or {}
            )
        yield

    def get_results(self) -> dict[str, Any]:
        """Tell what the operation costs and what it may cost."""
        if self._requested is None:
            return {}
        return {"cost": {"requested": self._requested, "maximum": MAXIMUM["cost"]}}

    def _operation_refusals(
        self, document: graphql.DocumentNode, variables: Mapping[str, object]
    ) -> list[graphql.GraphQLError]:
        operations = [
            d for d in document.definitions if isinstance(d, graphql.OperationDefinitionNode)
        ]
        # The public name falls back on the first operation; what counts is what was sent.
        name = self.execution_context._provided_operation_name  # noqa: SLF001 # pyright: ignore[reportPrivateUsage]
        if name is None and len(operations) > 1:
            return [
                refusal(
                    ErrorCode.INVALID_DOCUMENT,
                    "The document holds several operations. Say which with 'operationName'.",
                )
            ]
        operation = next(
            o for o in operations if name is None or (o.name is not None and o.name.value == name)
        )
        schema = core_schema(self.execution_context.schema)
        observation = current_observation()
        if observation is not None:
            chosen = None if operation.name is None else operation.name.value
            observation.name_operation(chosen, operation.operation.value)
        try:
            cost = _Cost(schema, document, operation, variables).total()
        except _PageTooLargeError:
            return [_exceeded("page")]
        self._requested = min(cost, LARGEST_REPORTED_COST)
        if observation is not None:
            observation.cost = self._requested
        return [_exceeded("cost")] if cost > MAXIMUM["cost"] else []
