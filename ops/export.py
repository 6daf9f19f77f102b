"""Writes what callers build on: `python -m ops.export` writes the contract into frontend-contract/.

`schema.graphql` is the schema in an order that does not depend on the order of the code, so that
its diff shows what changed for callers; `contract.json` is what the schema language cannot say.
"""

from __future__ import annotations

import json
from pathlib import Path

import graphql

from api.allowances import DEFAULT_PAGE, MAXIMUM
from api.errors import ErrorCode
from api.http import STATUS
from api.problems import ProblemCode
from api.schema import make_schema
from ops.folders import ROOT

FOLDER = ROOT / "frontend-contract"
SCHEMA = "schema.graphql"
CONTRACT = "contract.json"
_HEADING = "# Made by `python -m ops.export` from the schema that is served; do not edit.\n\n"


def schema_text() -> str:
    """Return the schema in the schema language, in alphabetical order, with every description.

    A copy is put in order: putting the schema that is served in order would break its enums.
    """
    copy = graphql.build_schema(make_schema().as_str())
    return _HEADING + graphql.print_schema(graphql.lexicographic_sort_schema(copy)) + "\n"


def contract_text() -> str:
    """Return limits, error codes and their statuses as JSON, in alphabetical order.

    `status` is of an answer without data, for each of the two content types; one with data is 200.
    """
    contract = {
        "limits": {**MAXIMUM, "defaultPage": DEFAULT_PAGE},
        "errorCodes": [code.value for code in ErrorCode],
        "problemCodes": [code.value for code in ProblemCode],
        "status": {
            code.value: {
                "application/json": as_json,
                "application/graphql-response+json": as_graphql,
            }
            for code, (as_json, as_graphql) in STATUS.items()
        },
    }
    return json.dumps(contract, indent=2, sort_keys=True) + "\n"


def export(folder: Path = FOLDER) -> list[Path]:
    """Write the contract into a folder and return the files written."""
    written: list[Path] = []
    for name, text in ((SCHEMA, schema_text()), (CONTRACT, contract_text())):
        (folder / name).write_text(text, encoding="utf-8")
        written.append(folder / name)
    return written


if __name__ == "__main__":
    export()
