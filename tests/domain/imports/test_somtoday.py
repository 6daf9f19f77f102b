"""Absence as Somtoday's API gives it: what it becomes, and what is refused."""

from __future__ import annotations

import copy
import json
from datetime import date
from pathlib import Path
from typing import Any

import pytest

from domain.imports.marks import merged
from domain.imports.problems import Refused
from domain.imports.receipts import DeliveryKind
from tests.domain.imports.samples import NOTICE, OBSERVATION, read_marks, somtoday, where

KIND = DeliveryKind.ATTENDANCE_SOMTODAY


def changed(item: dict[str, Any], **fields: object) -> dict[str, Any]:
    """Return an item with other fields; `a__b` is the field b of a."""
    made = copy.deepcopy(item)
    for name, value in fields.items():
        at = made
        *path, last = name.split("__")
        for step in path:
            at = at[step]
        at[last] = value
    return made


def from_to(item: dict[str, Any], begin: str, end: str, **fields: object) -> dict[str, Any]:
    """Return an item with other times."""
    return changed(item, beginDatumTijd=begin, eindDatumTijd=end, **fields)


def test_a_notice_and_an_observation_become_marks() -> None:
    """Id, pupil, day, lesson hours, minutes, category and reason arrive; no name does."""
    notice, seen = read_marks(KIND, somtoday())
    assert (notice.key, notice.pupil, notice.day) == ("m71/20261005", "1001", date(2026, 10, 5))
    assert (notice.start_unit, notice.lesson_units, notice.minutes) == (1, 2, 100)
    assert (notice.category, notice.reason, notice.observed) == ("authorised", "ILLNESS", False)
    assert (seen.category, seen.reason, seen.observed) == ("unauthorised", "UNKNOWN", True)
    assert (seen.start_unit, seen.lesson_units, seen.minutes) == (4, 1, 50)


def test_the_answer_of_one_address_is_a_delivery_too() -> None:
    """The API gives each list by itself, as `items`; the type of an item tells which it is."""
    data = json.dumps({"items": [NOTICE, OBSERVATION]}).encode()
    assert [m.key for m in read_marks(KIND, data)] == ["m71/20261005", "w72/20261006"]


def test_presence_is_no_mark() -> None:
    """An observation of Aanwezig says nothing to store."""
    assert read_marks(KIND, somtoday([], [changed(OBSERVATION, waarnemingSoort="Aanwezig")])) == []


def test_what_a_notice_covers_is_told_once() -> None:
    """An observation within the lesson hours of a notice is that notice; outside it stays."""
    within = from_to(
        OBSERVATION, "2026-10-05T09:50:00.000+02:00", "2026-10-05T10:40:00.000+02:00",
        beginLesuur=2, eindLesuur=2,
    )  # fmt: skip
    marks = read_marks(KIND, somtoday([NOTICE], [within, OBSERVATION]))
    assert [mark.line for mark in merged(marks)] == [marks[0].line, marks[2].line]


def test_days_in_a_row_are_whole_days_without_the_weekend() -> None:
    """From Friday to Monday is two days, each with the notice's id and its own day as key."""
    long = from_to(NOTICE, "2026-10-09T10:00:00.000+02:00", "2026-10-12T10:00:00.000+02:00")
    marks = read_marks(KIND, somtoday([long], []))
    assert [(m.key, m.by_the_day) for m in marks] == [
        ("m71/20261009", True),
        ("m71/20261012", True),
    ]


@pytest.mark.parametrize(
    ("begin", "end", "day", "minutes"),
    [
        ("2026-10-05T22:30:00.000Z", "2026-10-06T06:30:00.000Z", date(2026, 10, 6), 480),
        ("2026-10-05T08:00:00.000+02:00", "2026-10-06T00:00:00.000+02:00", date(2026, 10, 5), 960),
        ("2026-10-23T09:00:00.000+02:00", "2026-10-23T08:00:00.000+01:00", None, None),
        ("2026-10-26T09:00:00.000+01:00", "2026-10-26T10:00:00.000+01:00", date(2026, 10, 26), 60),
        ("2026-10-26T09:00:00.000+01:00", "2026-10-26T11:00:00.000+02:00", date(2026, 10, 26), 60),
        ("2026-10-26T09:30:00.000+02:00", "2026-10-26T09:00:00.000+01:00", date(2026, 10, 26), 30),
        ("2028-02-29T09:00:00.000+01:00", "2028-02-29T09:50:00.000+01:00", date(2028, 2, 29), 50),
    ],
)
def test_the_offset_tells_the_time(
    begin: str, end: str, day: date | None, minutes: int | None
) -> None:
    """The day is Amsterdam's and minutes are those that passed, whatever the clock was set to."""
    item = from_to(NOTICE, begin, end, beginLesuur=None, eindLesuur=None)
    if day is None:
        with pytest.raises(Refused, match="ends before it begins"):
            read_marks(KIND, somtoday([item], []))
        return
    (mark,) = read_marks(KIND, somtoday([item], []))
    assert (mark.day, mark.minutes, mark.lesson_units) == (day, minutes, None)


BAD: dict[str, tuple[dict[str, Any], str]] = {
    "another type": (changed(NOTICE, **{"$type": "leerling.RLeerling"}), "$type"),
    "no id": (changed(NOTICE, links=[]), "links"),
    "an id in quotes": (changed(NOTICE, links=[{"rel": "self", "id": "71"}]), "links"),
    "no pupil": (changed(NOTICE, leerling=None), "leerling"),
    "a pupil in quotes": (changed(NOTICE, leerling__leerlingnummer="1001"), "leerlingnummer"),
    "true for a pupil": (changed(NOTICE, leerling__leerlingnummer=True), "leerlingnummer"),
    "unknown kind": (changed(NOTICE, absentieReden__absentieSoort="Weg"), "absentieSoort"),
    "unknown reason": (changed(NOTICE, absentieReden__omschrijving="Zielig"), "omschrijving"),
    "authorised in words": (changed(NOTICE, absentieReden__geoorloofd="ja"), "geoorloofd"),
    "no time zone": (changed(NOTICE, beginDatumTijd="2026-10-05T09:00:00.000"), "beginDatumTijd"),
    "no such day": (
        changed(NOTICE, beginDatumTijd="2026-02-29T09:00:00.000+01:00"), "beginDatumTijd"),
    "the clock's gap in no zone": (
        changed(NOTICE, eindDatumTijd="2026-10-05T25:00:00.000+02:00"), "eindDatumTijd"),
    "backwards": (changed(NOTICE, eindDatumTijd="2026-10-05T08:00:00.000+02:00"), "eindDatumTijd"),
    "a weekend": (
        from_to(NOTICE, "2026-10-10T09:00:00.000+02:00", "2026-10-10T10:00:00.000+02:00"),
        "beginDatumTijd"),
    "longer than a year": (
        from_to(NOTICE, "2024-10-05T09:00:00.000+02:00", "2026-10-05T10:00:00.000+02:00"),
        "beginDatumTijd"),
    "lesson hours backwards": (changed(NOTICE, beginLesuur=3), "beginDatumTijd"),
    "the hundredth lesson": (changed(NOTICE, eindLesuur=100), "eindLesuur"),
}  # fmt: skip


@pytest.mark.parametrize("name", BAD)
def test_a_bad_item_refuses_the_file_by_line_and_field(name: str) -> None:
    """The line is the one on which the item begins."""
    item, field = BAD[name]
    data = somtoday([NOTICE, item], [])
    with pytest.raises(Refused) as refused:
        read_marks(KIND, data)
    ((line, found),) = where(refused.value.problems)
    assert found == field
    assert line is not None
    assert data.splitlines()[line - 1].strip() == b"{"
    assert line > 4


@pytest.mark.parametrize(
    ("data", "rule"),
    [
        (b"", "not JSON"),
        (b"null", "not JSON"),
        (b"[]", "not JSON"),
        (b"{}", "no list"),
        (b'{"items": []}', "no item"),
        (b'{"items": [{}] trailing', "not JSON"),
        (b'{"items": [{"a": 1, "a": 2}]}', "twice"),
        (b'{"items": [], "items": []}', "twice"),
        (b'{"items": [NaN]}', "not JSON"),
        (b'{"items": [' + b"[" * 100_000, "not JSON"),
        (b'{"items": ["\xff"]}', "not UTF-8"),
        (somtoday() + b"{}", "not JSON"),
    ],
)
def test_what_is_no_document_of_items_is_refused(data: bytes, rule: str) -> None:
    """Malformed JSON of every kind is a refusal with its rule."""
    with pytest.raises(Refused) as refused:
        read_marks(KIND, data)
    assert any(rule in problem.rule for problem in refused.value.problems)


def test_the_published_shape_is_read(code_samples: Path) -> None:
    """The notice of the API's description is taken once its placeholders are times."""
    text = (code_samples / "somtoday-examples.json").read_text(encoding="utf-8")
    shape = json.loads(text)["absentiemeldingen"]
    (item,) = shape["items"]
    item["beginDatumTijd"] = "2026-10-05T09:00:00.000+02:00"
    item["eindDatumTijd"] = "2026-10-05T09:50:00.000+02:00"
    (mark,) = read_marks(KIND, json.dumps(shape).encode())
    assert (mark.category, mark.reason, mark.pupil) == ("unauthorised", "UNKNOWN", "100000")
