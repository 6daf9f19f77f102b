"""Holds the reader and the published JSON Schema of a line together."""

import json
import re
from collections.abc import Iterator
from io import BytesIO
from pathlib import Path
from typing import Any

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from jsonschema import Draft202012Validator, ValidationError
from jsonschema.validators import extend

from domain.imports import ndjson
from domain.imports.ndjson_quick import quickly
from domain.imports.problems import Refused

# What a JSON Schema cannot say, and the reader refuses.
BEYOND_THE_SCHEMA = frozenset(
    {
        "This year has no week 53.",
        "This date does not exist.",
        "This is a Saturday or Sunday.",
        "The range ends before it begins.",
        f"The range is longer than {ndjson.MOST_WEEKS} weeks.",
    }
)

keys = st.text(st.characters(codec="utf-8", exclude_categories=["Cc", "Cs"]), min_size=1)
weeks = st.dates().map(lambda day: f"20{day.year % 100:02}-W{day.isocalendar().week:02}")
VALID = st.one_of(
    st.fixed_dictionaries(
        {
            "kind": st.just("schedule"),
            "pupil": keys,
            "from": weeks,
            "until": weeks,
            "minutes": st.integers(0, 3_000),
            "lessonUnits": st.integers(0, 100),
        }
    ),
    st.fixed_dictionaries({"kind": st.just("delivered"), "week": weeks}),
    st.fixed_dictionaries(
        {"kind": st.just("deleted"), "id": keys.map(lambda text: text[:64])},
    ),
    st.fixed_dictionaries({"kind": st.just("deleted"), "week": weeks}),
    st.fixed_dictionaries(
        {
            "kind": st.just("exception"),
            "id": keys.map(lambda text: text[:64]),
            "pupil": keys,
            "date": st.dates().map(lambda day: f"20{day.year % 100:02}-{day:%m-%d}"),
            "startUnit": st.integers(0, 40),
            "lessonUnits": st.integers(0, 40),
            "minutes": st.integers(1, 1_440),
            "category": st.sampled_from(
                ["authorised", "unauthorised", "late", "sent_out", "school_caused"]
            ),
        },
        optional={"reason": st.from_regex(r"[A-Z0-9_]{1,40}", fullmatch=True)},
    ),
)
NAMES = st.one_of(
    st.sampled_from(["kind", "pupil", "from", "until", "minutes", "lessonUnits", "week"]),
    st.sampled_from(["id", "date", "startUnit", "category", "reason", "x"]),
)
VALUES = st.one_of(
    st.none(),
    st.booleans(),
    st.sampled_from([-1, 0, 1, 40, 41, 100, 101, 1_440, 1_441, 3_000, 3_001, 10**30]),
    st.sampled_from([0.0, 1.0, 1.5, 41.0, -0.0, 1e300, float("inf")]),
    st.sampled_from(["", "a", "A", "A\n", "a" * 64, "a" * 65, "a" * 256, "a" * 257, "\x7f", "\t"]),
    st.sampled_from(["A" * 40, "A" * 41, "\ud800", "😀" * 64, "😀" * 65, "schedule", "late"]),
    st.sampled_from(["2026-W36", "2026-W36\n", "2026-W53", "2027-W53", "2026-W54", "1999-W10"]),
    st.sampled_from(["2026-09-04", "2026-09-05", "2026-02-30", "2026-9-4", "2026-09-04\n"]),
    st.just([]),
    st.just({"a": 1}),
)


def _pattern(_: Any, pattern: str, value: Any, __: Any) -> Iterator[ValidationError]:
    # JSON Schema has ECMAScript's `$`, the end of the text; Python's also allows a line end after.
    if isinstance(value, str) and re.search(pattern.removesuffix("$") + r"\Z", value) is None:
        yield ValidationError("does not match")


@pytest.fixture(scope="session")
def validator(delivery_contract: Path) -> Any:
    """The published schema, with the dialect of patterns that it is written in."""
    path = delivery_contract / "attendance-line.schema.json"
    schema = json.loads(path.read_text(encoding="utf-8"))
    Draft202012Validator.check_schema(schema)
    return extend(Draft202012Validator, {"pattern": _pattern})(schema)


def rules_broken(line: object) -> set[str]:
    """The rules that the reader finds broken in one line."""
    try:
        list(ndjson.read(BytesIO(json.dumps(line).encode())))
    except Refused as refused:
        return {problem.rule for problem in refused.problems}
    return set()


@settings(max_examples=800, deadline=None)
@given(
    line=VALID,
    changes=st.dictionaries(NAMES, VALUES, max_size=2),
    twice=st.none() | NAMES,
    ascii_only=st.booleans(),
)
def test_the_short_way_reads_as_the_careful_one(
    line: dict[str, object], changes: dict[str, object], twice: str | None, *, ascii_only: bool
) -> None:
    """What is read the short way is what the careful reader makes of it, without a rule broken."""
    text = json.dumps({**line, **changes}, ensure_ascii=ascii_only)
    if twice is not None:
        text = f'{{"{twice}": "late", {text[1:]}'
    raw = text.encode("utf-8", "surrogatepass")
    found = quickly(1, raw)
    if found is not None:
        assert found == ndjson._line(1, raw)


def check_agreement(validator: Any, line: object) -> None:
    """Reader and schema judge a line alike, but for what a schema cannot say."""
    broken = rules_broken(line)
    if validator.is_valid(line):
        assert broken <= BEYOND_THE_SCHEMA
    else:
        assert broken


@settings(max_examples=300, deadline=None)
@given(line=VALID)
def test_valid_lines_are_valid_to_both(validator: Any, line: dict[str, object]) -> None:
    """Every line that follows the documentation is taken by schema and reader."""
    assert validator.is_valid(line)
    assert rules_broken(line) <= BEYOND_THE_SCHEMA


@settings(max_examples=800, deadline=None)
@given(line=VALID, changes=st.dictionaries(NAMES, VALUES, min_size=1, max_size=2), drop=NAMES)
def test_changed_lines_are_judged_alike(
    validator: Any, line: dict[str, object], changes: dict[str, object], drop: str
) -> None:
    """Fields added, dropped or given another value are refused by both or taken by both."""
    check_agreement(validator, {**line, **changes})
    check_agreement(validator, {name: value for name, value in line.items() if name != drop})


def test_every_bound_is_the_same_on_both_sides(validator: Any) -> None:
    """Each field of each example, set to every value in turn, is judged alike."""
    edges: list[object] = [-1, 0, 1, 40, 41, 100, 101, 1_440, 1_441, 3_000, 3_001, 1.0, True, None]
    edges += ["", "a", "a" * 64, "a" * 65, "a" * 256, "a" * 257, "A" * 40, "A" * 41, "A\n"]
    for example in validator.schema["examples"]:
        assert validator.is_valid(example)
        assert not rules_broken(example)
        for name in example:
            for edge in edges:
                check_agreement(validator, {**example, name: edge})


def test_everything_in_the_schema_is_described(validator: Any) -> None:
    """Every kind of line and every field says what it means."""
    kinds = [kind for kind in validator.schema["$defs"].values() if kind["type"] == "object"]
    assert len(kinds) == 4
    for kind in kinds:
        assert kind["description"]
        assert kind["additionalProperties"] is False
        for name, field in kind["properties"].items():
            shared = validator.schema["$defs"].get(field.get("$ref", "").rpartition("/")[2], {})
            assert name == "kind" or field.get("description") or shared.get("description")
