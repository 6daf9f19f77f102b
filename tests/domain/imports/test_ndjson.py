import json
from contextlib import suppress
from datetime import date
from io import BytesIO
from pathlib import Path

import pytest
from hypothesis import given
from hypothesis import strategies as st

from domain.imports import ndjson
from domain.imports.ndjson import DeliveredLine, ExceptionLine, ScheduleLine, Week
from domain.imports.problems import MOST_PROBLEMS, Problem, Refused

SCHEDULE = (
    '{"kind":"schedule","pupil":"p1","from":"2026-W52","until":"2027-W02",'
    '"minutes":1500,"lessonUnits":25}'
)
DELIVERED = '{"kind":"delivered","week":"2026-W36"}'
EXCEPTION = (
    '{"kind":"exception","id":"e1","pupil":"p1","date":"2026-09-04","startUnit":3,'
    '"lessonUnits":2,"minutes":100,"category":"unauthorised","reason":"UNKNOWN"}'
)


def refused(data: str | bytes, **limits: int) -> tuple[Problem, ...]:
    """The problems of a delivery that has to be refused."""
    source = BytesIO(data.encode() if isinstance(data, str) else data)
    with pytest.raises(Refused) as refusal:
        list(ndjson.read(source, **limits))
    return refusal.value.problems


def test_the_three_kinds_of_line_are_read() -> None:
    """Schedule, delivered and exception arrive with their line numbers."""
    lines = list(ndjson.read(BytesIO(f"{SCHEDULE}\n{DELIVERED}\n{EXCEPTION}\n".encode())))
    assert lines == [
        ScheduleLine(1, "p1", Week(2026, 52), Week(2027, 2), 1500, 25),
        DeliveredLine(2, Week(2026, 36)),
        ExceptionLine(3, "e1", "p1", date(2026, 9, 4), 3, 2, 100, "unauthorised", "UNKNOWN"),
    ]


def test_a_range_of_weeks_runs_over_the_turn_of_the_year() -> None:
    """2026 has a week 53, so the range from week 52 to week 2 has four weeks."""
    (line,) = ndjson.read(BytesIO(SCHEDULE.encode()))
    assert isinstance(line, ScheduleLine)
    assert [str(week) for week in line.weeks()] == ["2026-W52", "2026-W53", "2027-W01", "2027-W02"]


def test_a_reason_may_be_left_out() -> None:
    """An exception without a reason has none; it is not guessed."""
    text = EXCEPTION.replace(',"reason":"UNKNOWN"', "")
    (line,) = ndjson.read(BytesIO(text.encode()))
    assert isinstance(line, ExceptionLine)
    assert line.reason is None


def test_lines_may_end_as_on_windows() -> None:
    """A carriage return is white space in JSON, and the last line needs no end."""
    data = f"{DELIVERED}\r\n{DELIVERED}".encode()
    assert [line.line for line in ndjson.read(BytesIO(data))] == [1, 2]


def test_the_documented_example_is_read(delivery_contract: Path) -> None:
    """What the page shows is what the reader takes."""
    page = (delivery_contract / "README.md").read_text(encoding="utf-8")
    example = page.split("```json\n")[1].split("```")[0]
    assert len(list(ndjson.read(BytesIO(example.encode())))) == 4


BROKEN: list[tuple[str, str, str, str]] = [
    (EXCEPTION, '"kind":"exception"', '"kind":"mark"', "kind"),
    (EXCEPTION, '"kind":"exception",', "", "kind"),
    (EXCEPTION, '"kind":"exception"', '"kind":["exception"]', "kind"),
    (EXCEPTION, '"id":"e1"', '"id":""', "id"),
    (EXCEPTION, '"id":"e1"', f'"id":"{"e" * 65}"', "id"),
    (EXCEPTION, '"id":"e1"', '"id":7', "id"),
    (EXCEPTION, '"id":"e1"', '"id":"e\\u0000"', "id"),
    (EXCEPTION, '"pupil":"p1"', '"pupil":"\\ud800"', "pupil"),
    (EXCEPTION, '"pupil":"p1"', '"pupil":null', "pupil"),
    (EXCEPTION, '"pupil":"p1"', '"pupil":{"a":[1]}', "pupil"),
    (EXCEPTION, '"pupil":"p1",', "", "pupil"),
    (EXCEPTION, "2026-09-04", "2026-09-05", "date"),
    (EXCEPTION, "2026-09-04", "2026-02-30", "date"),
    (EXCEPTION, "2026-09-04", "20260904", "date"),
    (EXCEPTION, "2026-09-04", "2026-09-04T00:00:00", "date"),
    (EXCEPTION, '"startUnit":3', '"startUnit":-1', "startUnit"),
    (EXCEPTION, '"startUnit":3', '"startUnit":41', "startUnit"),
    (EXCEPTION, '"lessonUnits":2', '"lessonUnits":true', "lessonUnits"),
    (EXCEPTION, '"lessonUnits":2', '"lessonUnits":1.5', "lessonUnits"),
    (EXCEPTION, '"lessonUnits":2', '"lessonUnits":"2"', "lessonUnits"),
    (EXCEPTION, '"minutes":100', '"minutes":0', "minutes"),
    (EXCEPTION, '"minutes":100', '"minutes":1441', "minutes"),
    (EXCEPTION, '"minutes":100', '"minutes":1e999', "minutes"),
    (EXCEPTION, '"minutes":100', '"minutes":NaN', "line"),
    (EXCEPTION, '"minutes":100', '"minutes":-Infinity', "line"),
    (EXCEPTION, '"minutes":100', f'"minutes":{"9" * 5_000}', "line"),
    (EXCEPTION, '"minutes":100', '"minutes":100,"minutes":1', "minutes"),
    (EXCEPTION, '"minutes":100', '"minutes":100,"name":"Zorglub"', "line"),
    (EXCEPTION, '"minutes":100', '"minutes":100,"Zorglub":1,"Zorglub":2', "line"),
    (EXCEPTION, "unauthorised", "present", "category"),
    (EXCEPTION, '"UNKNOWN"', '"unknown"', "reason"),
    (EXCEPTION, '"UNKNOWN"', f'"{"A" * 41}"', "reason"),
    (EXCEPTION, '"UNKNOWN"', "null", "reason"),
    (DELIVERED, "2026-W36", "2027-W53", "week"),
    (DELIVERED, "2026-W36", "2026-W00", "week"),
    (DELIVERED, "2026-W36", "2026-W54", "week"),
    (DELIVERED, "2026-W36", "2026-36", "week"),
    (DELIVERED, "2026-W36", "2026-W36\\n", "week"),
    (DELIVERED, "}", ',"pupil":"p1"}', "line"),
    (SCHEDULE, "2027-W02", "2026-W51", "until"),
    (SCHEDULE, "2027-W02", "2028-W02", "until"),
    (SCHEDULE, '"minutes":1500', '"minutes":3001', "minutes"),
    (SCHEDULE, '"lessonUnits":25', '"lessonUnits":101', "lessonUnits"),
    (DELIVERED, DELIVERED, "", "line"),
    (DELIVERED, DELIVERED, "  ", "line"),
    (DELIVERED, DELIVERED, "[]", "line"),
    (DELIVERED, DELIVERED, "1", "line"),
    (DELIVERED, DELIVERED, "null", "line"),
    (DELIVERED, DELIVERED, '"text"', "line"),
    (DELIVERED, DELIVERED, DELIVERED + DELIVERED, "line"),
    (DELIVERED, DELIVERED, DELIVERED[:-1], "line"),
    (DELIVERED, DELIVERED, "[" * 8_000, "line"),
    (DELIVERED, DELIVERED, '{"kind":' * 2_000, "line"),
    (DELIVERED, DELIVERED, "[" * 20_000, "line"),
    (DELIVERED, "{", "\ufeff{", "line"),
]


@pytest.mark.parametrize("broken", BROKEN, ids=lambda broken: f"{broken[3]}: {broken[2][:40]}")
def test_a_broken_rule_is_refused_with_line_and_field(broken: tuple[str, str, str, str]) -> None:
    """One bad line among good ones gives one problem at its place, and repeats no value."""
    good, old, new, field = broken
    (problem,) = refused(f"{SCHEDULE}\n{good.replace(old, new, 1)}\n{DELIVERED}\n")
    assert (problem.line, problem.field, problem.severity) == (2, field, "error")
    assert problem.rule
    assert problem.advice
    assert "Zorglub" not in str(problem)


def test_every_problem_of_a_line_is_told_at_once() -> None:
    """Nobody has to deliver five times to learn five mistakes."""
    problems = refused('{"kind":"exception","minutes":0,"colour":1}')
    assert {p.field for p in problems} == {
        "line", "id", "pupil", "date", "startUnit", "lessonUnits", "minutes", "category",
    }  # fmt: skip


def test_good_lines_are_given_and_the_refusal_comes_last() -> None:
    """The caller sees lines as they are read and learns at the end that nothing may be kept."""
    reading = ndjson.read(BytesIO(f"{SCHEDULE}\nbad\n{DELIVERED}\n".encode()))
    assert [next(reading).line, next(reading).line] == [1, 3]
    with pytest.raises(Refused):
        next(reading)


def test_encodings_other_than_plain_utf8_are_refused() -> None:
    """A byte order mark, other encodings and stray bytes each have their own words."""
    (mark,) = refused(b"\xef\xbb\xbf" + DELIVERED.encode())
    assert "byte order mark" in mark.rule
    (stray,) = refused(DELIVERED.replace("2026", "20\xe926").encode("iso-8859-1"))
    assert "not UTF-8" in stray.rule
    assert "not UTF-8" in refused(DELIVERED.encode("utf-16"))[0].rule


def test_an_empty_file_is_refused() -> None:
    """Nothing delivered is a mistake, not a delivery."""
    (problem,) = refused(b"")
    assert problem.line is None


def test_a_long_line_is_skipped_without_being_held() -> None:
    """A line over the limit is one problem, and the lines after it keep their numbers."""
    long = '{"kind":"' + "x" * 200_000 + '"}'
    problems = refused(f"{DELIVERED}\n{long}\n{DELIVERED}\nbad\n", limit_line_bytes=1_000)
    assert [problem.line for problem in problems] == [2, 4]


def test_a_line_of_exactly_the_limit_is_read() -> None:
    """The limit is the longest line that is taken, its end not counted."""
    data = f"{DELIVERED}\n{DELIVERED}".encode()
    assert len(list(ndjson.read(BytesIO(data), limit_line_bytes=len(DELIVERED)))) == 2
    assert len(refused(data, limit_line_bytes=len(DELIVERED) - 1)) == 2


def test_a_file_over_the_limit_is_refused() -> None:
    """Reading stops at the limit, also within one endless line."""
    problems = refused(f"{DELIVERED}\n" * 100, limit_bytes=1_000)
    assert "larger than 1000 bytes" in problems[-1].rule
    endless = BytesIO(b"x" * 1_000_000)
    with pytest.raises(Refused, match="larger than 50000 bytes"):
        list(ndjson.read(endless, limit_bytes=50_000))
    assert endless.tell() < 100_000


def test_a_file_of_mistakes_gets_a_bounded_answer() -> None:
    """Many broken lines give a thousand problems, the last with the count of the rest."""
    problems = refused("bad\n" * 3_000)
    assert len(problems) == MOST_PROBLEMS
    assert "2001 more" in problems[-1].rule


def test_every_truncation_within_a_line_is_refused() -> None:
    """A file cut off within its last line is never taken."""
    data = f"{SCHEDULE}\n{EXCEPTION}".encode()
    for end in range(len(SCHEDULE) + 2, len(data)):
        refused(data[:end])


@given(st.lists(st.binary(max_size=60) | st.just(EXCEPTION.encode()), max_size=6))
def test_no_bytes_raise_anything_but_a_refusal(lines: list[bytes]) -> None:
    """Whatever is delivered, the answer is lines or a refusal."""
    with suppress(Refused):
        assert list(ndjson.read(BytesIO(b"\n".join(lines))))


json_values = st.recursive(
    st.none() | st.booleans() | st.floats() | st.integers() | st.text(max_size=5),
    lambda inner: st.lists(inner, max_size=3) | st.dictionaries(st.text(max_size=5), inner),
    max_leaves=5,
)


@given(json_values)
def test_no_json_raises_anything_but_a_refusal(value: object) -> None:
    """Any JSON that is not a line of the format is refused."""
    assert refused(json.dumps(value))


def test_a_file_of_too_many_lines_is_refused() -> None:
    """Lines without end are read up to a number, however small they are packed."""
    data = f"{DELIVERED}\n" * 12
    assert len(list(ndjson.read(BytesIO(data.encode()), limit_lines=12))) == 12
    (problem,) = refused(data, limit_lines=11)
    assert "more than 11 lines" in problem.rule
