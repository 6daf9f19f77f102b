"""What callers build on: exported, fresh, whole and described."""

from __future__ import annotations

import json
from pathlib import Path
from typing import Any

import graphql
import pytest

from api.errors import ErrorCode
from api.http import STATUS
from api.limits import MAXIMUM
from api.schema import make_schema
from ops import export

SERVED = make_schema()
EXPORTED = graphql.build_schema(export.schema_text())


def described(schema: graphql.GraphQLSchema) -> dict[str, str | None]:
    """Return the description of everything a schema declares, by `Type.field(argument)`."""
    found: dict[str, str | None] = {}
    for name, declared in schema.type_map.items():
        if name.startswith("__") or graphql.is_specified_scalar_type(declared):
            continue
        found[name] = declared.description
        fields: dict[str, Any] = getattr(declared, "fields", {})
        for field_name, field in fields.items():
            found[f"{name}.{field_name}"] = field.description
            for argument_name, argument in getattr(field, "args", {}).items():
                found[f"{name}.{field_name}({argument_name})"] = argument.description
        for value_name, value in getattr(declared, "values", {}).items():
            found[f"{name}.{value_name}"] = value.description
    for directive in schema.directives:
        found[f"@{directive.name}"] = directive.description
    return found


@pytest.mark.parametrize(
    ("name", "text"),
    [(export.SCHEMA, export.schema_text), (export.CONTRACT, export.contract_text)],
)
def test_the_exported_contract_is_fresh(name: str, text: Any) -> None:
    """The files are what is served now: run `python -m ops.export` when they are not."""
    assert (export.FOLDER / name).read_text(encoding="utf-8") == text()


def test_everything_in_the_schema_has_a_description() -> None:
    """Every type, field, argument, input field, enum value and directive says what it is."""
    bare = [name for name, text in described(EXPORTED).items() if not (text or "").strip()]
    assert bare == []


def test_the_exported_schema_is_the_served_one() -> None:
    """Nothing that is served is missing from the file, and nothing in it is said differently."""
    assert described(EXPORTED) == described(SERVED._schema)


def test_the_exported_schema_reads_back_as_itself() -> None:
    """The file is valid schema language, and printing what was read gives the file again."""
    text = export.schema_text()
    assert graphql.validate_schema(EXPORTED) == []
    assert export._HEADING + graphql.print_schema(EXPORTED) + "\n" == text


def test_the_exported_schema_does_not_depend_on_the_order_of_the_code() -> None:
    """Types, fields, arguments and values are in alphabetical order."""
    ordered = graphql.lexicographic_sort_schema(EXPORTED)
    assert graphql.print_schema(ordered) == graphql.print_schema(EXPORTED)


def test_exporting_leaves_the_served_enums_whole() -> None:
    """An enum of the served schema still maps names to the members of the vocabulary."""
    export.schema_text()
    purpose = SERVED._schema.type_map["Purpose"]
    assert isinstance(purpose, graphql.GraphQLEnumType)
    assert purpose.serialize("youth_care") == "YOUTH_CARE"


def test_the_contract_says_every_limit_code_and_status() -> None:
    """A caller can look up each limit, each error code and the status it comes with."""
    contract = json.loads(export.contract_text())
    assert {name: contract["limits"][name] for name in MAXIMUM} == dict(MAXIMUM)
    assert contract["errorCodes"] == [code.value for code in ErrorCode]
    assert set(contract["status"]) == set(contract["errorCodes"])
    for code, (as_json, as_graphql) in STATUS.items():
        assert contract["status"][code.value] == {
            "application/json": as_json,
            "application/graphql-response+json": as_graphql,
        }


def test_the_command_writes_both_files(tmp_path: Path) -> None:
    """`python -m ops.export` writes schema.graphql and contract.json and nothing else."""
    written = export.export(tmp_path)
    assert written == [tmp_path / export.SCHEMA, tmp_path / export.CONTRACT]
    assert sorted(tmp_path.iterdir()) == sorted(written)
    assert written[0].read_text(encoding="utf-8") == export.schema_text()
