"""Items of one JSON document: what one value may take, and that its length is all that is bounded.

What the items become is told where the formats are.
"""

from __future__ import annotations

import json
import tracemalloc
from io import BytesIO

import pytest

from domain.imports.json_items import LONGEST_VALUE, MOST_NAMES, items
from domain.imports.problems import Problem, Refused

MEBIBYTE = 1024 * 1024


def values(data: bytes) -> list[object]:
    """Return the items of a document."""
    found = items(BytesIO(data), limit_bytes=64 * MEBIBYTE, lists=("lists",))
    return [item.value for item in found]


def problem_of(data: bytes) -> Problem:
    """Return why a document is refused."""
    with pytest.raises(Refused) as refused:
        values(data)
    (problem,) = refused.value.problems
    assert problem.advice
    return problem


@pytest.mark.parametrize("shape", ['{"x":[%s],"items":[]}', '{"items":[\n[%s]]}'])
def test_a_huge_value_is_refused_before_it_is_a_tree(shape: str) -> None:
    """An item and a member that nobody asked for take a few megabytes at the most."""
    data = (shape % ("{}," * (5 * MEBIBYTE) + "{}")).encode()
    tracemalloc.start()
    try:
        problem = problem_of(data)
        peak = tracemalloc.get_traced_memory()[1]
    finally:
        tracemalloc.stop()
    assert (problem.line, problem.field) == (1 + shape.count("\n"), "file")
    assert "longer than" in problem.rule
    assert peak < 2 * len(data) + 24 * MEBIBYTE


def test_a_million_names_are_refused() -> None:
    """The names of what is passed over are counted too."""
    names = ",".join(f'"{number}":0' for number in range(MOST_NAMES + 1))
    assert "fields" in problem_of(f'{{{names},"items":[]}}'.encode()).rule
    assert "fields" in problem_of(f'{{"lists":{{{names}}}}}'.encode()).rule


@pytest.mark.parametrize("length", [4_000, 32_700, LONGEST_VALUE - 100])
@pytest.mark.parametrize("letter", ["a", "é", "😀", '"', "\\", "\n"])
def test_values_of_every_length_arrive_whole(length: int, letter: str) -> None:
    """Wherever a window ends, in a letter, an escape or a number, the value is the same."""
    for ascii_ in (True, False):
        size = len(json.dumps(letter, ensure_ascii=ascii_).encode()) - 2
        for shift in range(7):
            item = {"x" * shift: letter * (length // size - 30), "n": -123456.5, "t": [True, None]}
            given = [item, shift, item]
            data = json.dumps({"items": given}, ensure_ascii=ascii_).encode()
            assert values(data) == given


@pytest.mark.parametrize("before", [0, 4_090, 4_096, 32_768 - 3])
def test_what_is_not_json_is_told_as_that(before: int) -> None:
    """An error near the end of a window, and a number over it, is no value that is too long."""
    spaces = " " * before
    for wrong in ("nope", "[1 2]", "NaN", '"a\tb"', '{"a" 1}', "1" * 5_000):
        data = f'{{"items":[[{spaces}{wrong}]]}}{" " * 300_000}'.encode()
        assert "not JSON" in problem_of(data).rule
    twice = f'{{"items":[[{spaces}{{"a":1,"a":2}}]]}}'.encode()
    assert "twice" in problem_of(twice).rule
