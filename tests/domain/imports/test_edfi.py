"""Ed-Fi 5.2 attendance events: what they become, and which are refused."""

from __future__ import annotations

from collections import Counter
from datetime import date
from fractions import Fraction
from pathlib import Path

import pytest
from lxml import etree  # pyright: ignore[reportAttributeAccessIssue]

from domain.imports.problems import Problems, Refused
from domain.imports.receipts import DeliveryKind
from domain.reference.mappings import table
from tests.domain.imports.samples import EDFI, LATE, edfi, event, read_marks, where

KIND = DeliveryKind.ATTENDANCE_EDFI
DAY = "2026-10-05"


def test_events_become_marks() -> None:
    """A day, some minutes of a lateness, and nothing for who was there."""
    day, late, other = read_marks(KIND, EDFI)
    assert (day.pupil, day.day, day.category, day.minutes, day.share) == (
        "1001",
        date(2026, 10, 5),
        "authorised",
        None,
        Fraction(1),
    )
    assert (late.category, late.minutes, late.start_unit, late.line) == ("late", 10, 2, 4)
    assert (other.category, other.school) == ("unauthorised", "MAIN")


def test_a_corrected_category_is_the_same_event() -> None:
    """Excused where it was unexcused, the day of a pupil keeps its key; another day has another."""
    before, after, later = read_marks(KIND, edfi(
        event("1", DAY, "Unexcused Absence"), event("1", DAY, "Excused Absence"),
        event("1", "2026-10-06", "Excused Absence"),
    ))  # fmt: skip
    assert before.key == after.key != later.key


@pytest.mark.parametrize(
    ("share", "extra", "minutes", "part"),
    [
        ("0.5", "", None, Fraction(1, 2)),
        ("1.0", "", None, Fraction(1)),
        ("", "", None, Fraction(1)),
        ("1", "<SchoolAttendanceDuration>45</SchoolAttendanceDuration>", 45, Fraction(1)),
    ],
)
def test_the_length_is_as_told(share: str, extra: str, minutes: int | None, part: Fraction) -> None:
    """Minutes go before a part of the day; an absence without either is the whole day."""
    absent = edfi(event("1", DAY, "Excused Absence", "", extra, share))
    (mark,) = read_marks(KIND, absent)
    assert (mark.minutes, mark.share) == (minutes, part)


def test_a_saturday_is_taken_and_said() -> None:
    """The source says there was school, so the mark stays; the receipt names its line."""
    said = Problems()
    (mark,) = read_marks(KIND, edfi(event("1", "2026-10-10", "Excused Absence")), said)
    assert mark.day == date(2026, 10, 10)
    assert [(p.line, p.field, p.severity) for p in said.listed()] == [(3, "EventDate", "warning")]


BAD: dict[str, tuple[bytes, str]] = {
    "another version": (edfi(event("1", DAY, "Tardy"), version="4.0"), "file"),
    "no events": (edfi(), "file"),
    "another kind of event": (edfi("<StudentSectionAttendanceEvent/>"), "file"),
    "unknown category": (edfi(event("1", DAY, "Teleported")), "AttendanceEventCategory"),
    "partial without a reason": (edfi(event("1", DAY, "Partial")), "AttendanceEventCategory"),
    "partial of a whole day": (
        edfi(event("1", DAY, "Partial", "Absent excused")), "SchoolAttendanceDuration"),
    "late by no minutes": (
        edfi(event("1", DAY, "Tardy", "", "", "")), "SchoolAttendanceDuration"),
    "before the codes": (edfi(event("1", "1999-10-05", "Tardy")), "AttendanceEventCategory"),
    "no such day": (edfi(event("1", "2026-02-29", "Tardy")), "EventDate"),
    "no date": (EDFI.replace(b"<EventDate>2026-10-06</EventDate>", b"", 1), "EventDate"),
    "no pupil": (edfi(event("", DAY, "Excused Absence")), "StudentUniqueId"),
    "pupil of a page": (edfi(event("9" * 300, DAY, "Excused Absence")), "StudentUniqueId"),
    "no school": (edfi(event("1", DAY, "Excused Absence", school="")), "SchoolId"),
    "two days long": (edfi(event("1", DAY, "Excused Absence", share="2")), "EventDuration"),
    "no part of a day": (edfi(event("1", DAY, "Excused Absence", share="0")), "EventDuration"),
    "minutes over a day": (
        edfi(event("1", DAY, "Tardy", "", LATE.replace("10<", "1441<"))),
        "SchoolAttendanceDuration"),
    "minutes twice": (edfi(event("1", DAY, "Tardy", "", LATE + LATE)), "SchoolAttendanceDuration"),
    "no such time": (
        edfi(event("1", DAY, "Tardy", "", LATE.replace("13:", "25:"))), "ArrivalTime"),
    "an entity": (
        EDFI.replace(b"<Inter", b"<!DOCTYPE x [<!ENTITY a SYSTEM 'file:///etc/passwd'>]><Inter"),
        "file"),
}  # fmt: skip


@pytest.mark.parametrize("name", BAD)
def test_a_bad_event_refuses_the_file_by_line_and_field(name: str) -> None:
    """One wrong event is enough, and its field is the format's own name."""
    data, field = BAD[name]
    with pytest.raises(Refused) as refused:
        read_marks(KIND, data)
    (line, found), *_ = where(refused.value.problems)
    assert found == field
    assert line is not None or name == "no events"


def test_every_leap_day_is_a_day() -> None:
    """A mark of 29 February stays on it."""
    (mark,) = read_marks(KIND, edfi(event("1", "2024-02-29", "Excused Absence")))
    assert mark.day == date(2024, 2, 29)


def test_all_events_of_the_sample_are_marks(edfi_sample: Path) -> None:
    """1,917 events of 227 pupils: 1,850 whole days, 67 with minutes, three on a Sunday."""
    said = Problems()
    marks = read_marks(KIND, (edfi_sample / "StudentSchoolAttendance.xml").read_bytes(), said)
    assert (len(marks), len({mark.key for mark in marks})) == (1_917, 1_917)
    assert len({mark.pupil for mark in marks}) == 227
    assert Counter((mark.category, mark.by_the_day) for mark in marks) == {
        ("authorised", True): 1_077,
        ("unauthorised", True): 773,
        ("late", False): 66,
        ("authorised", False): 1,
    }
    assert len(said.listed()) == 3


def test_the_table_knows_every_category_of_the_descriptors(edfi_sample: Path) -> None:
    """Each descriptor of the standard's sample has an entry, alone or with a reason."""
    found = etree.parse(edfi_sample / "AttendanceEventCategoryDescriptor.xml")
    namespace = "{http://ed-fi.org/5.2.0}"
    words = {
        f"{entry.findtext(f'{namespace}Namespace')}#{entry.findtext(f'{namespace}CodeValue')}"
        for entry in found.getroot()
    }
    assert len(words) == 7
    assert words == {code for _, code, _ in table("edfi-5.2")}
