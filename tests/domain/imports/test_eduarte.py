"""EduArte's absence rows: what they become, and what is refused."""

from __future__ import annotations

from datetime import date
from pathlib import Path

import pytest

from domain.imports.marks import merged
from domain.imports.problems import Refused
from domain.imports.receipts import DeliveryKind
from tests.domain.imports.samples import (
    EDUARTE,
    EDUARTE_NOTICES,
    EDUARTE_OBSERVATIONS,
    read_marks,
    where,
    zipped,
)

KIND = DeliveryKind.ATTENDANCE_EDUARTE


def test_rows_become_marks() -> None:
    """A lesson with its minutes; three days in a row of which nothing more is said."""
    lesson, *days = read_marks(KIND, EDUARTE_NOTICES.encode())
    assert (lesson.pupil, lesson.day, lesson.minutes) == ("1001", date(2026, 10, 5), 45)
    assert (lesson.start_unit, lesson.lesson_units, lesson.reason) == (1, 1, "ILLNESS")
    assert [(mark.day.day, mark.by_the_day) for mark in days] == [(5, True), (6, True), (7, True)]


def test_both_kinds_come_in_one_zip() -> None:
    """What a teacher saw in an hour that was called in is told once, with the reason."""
    marks = merged(read_marks(KIND, EDUARTE))
    assert [(m.pupil, m.day.day, m.reason) for m in marks] == [
        ("1001", 5, "ILLNESS"),
        ("1002", 5, "ILLNESS"),
        ("1002", 6, "ILLNESS"),
        ("1002", 7, "ILLNESS"),
        ("1001", 6, "UNKNOWN"),
    ]


def test_a_corrected_row_is_the_same_absence() -> None:
    """Remark, end and reason are not part of the key; pupil, day and lesson hour are."""
    row = "1001;20261005;0900;20261005;0945;1;1;Z;x\n"
    (first,) = read_marks(KIND, row.encode())
    (longer,) = read_marks(KIND, row.replace("0945;1;1", "1030;1;2").encode())
    (other,) = read_marks(KIND, row.replace("20261005", "20261006").encode())
    assert first.key == longer.key != other.key


def test_a_longer_illness_keeps_the_days_that_were_told() -> None:
    """Ill for one day, then until the next: the first day keeps its key."""
    (one,) = read_marks(KIND, b"1002;20261005;;20261005;;;;Z;\n")
    first, second = read_marks(KIND, b"1002;20261005;;20261006;;1;8;Z;\n")
    assert one.key == first.key != second.key


@pytest.mark.parametrize("encoding", ["utf-8", "utf-8-sig", "cp1252"])
def test_remarks_are_read_over_in_every_encoding(encoding: str) -> None:
    """A remark with an accent is never kept and stops nothing."""
    rows = EDUARTE_NOTICES.replace("belde", "beldé: “ziek”")
    marks = read_marks(KIND, rows.encode(encoding))
    assert len(marks) == 4
    assert "bel" not in repr(marks)


BAD: dict[str, tuple[str, str]] = {
    "eight fields": ("1001;20261005;;20261005;;;;Z\n", "row"),
    "eleven fields": ("1001;20261005;;20261005;;;;;Afwezig;J;\n", "row"),
    "commas": ("1001,20261005,,20261005,,,,Z,\n", "row"),
    "no pupil": (";20261005;;20261005;;;;Z;\n", "deelnemernummer"),
    "no such day": ("1001;20260229;;20260229;;;;Z;\n", "begindatum"),
    "a day with dashes": ("1001;2026-10-05;;20261005;;;;Z;\n", "begindatum"),
    "no end": ("1001;20261005;;;;;;Z;\n", "einddatum"),
    "no such time": ("1001;20261005;2500;20261005;2600;;;Z;\n", "begintijd"),
    "one time": ("1001;20261005;0900;20261005;;;;Z;\n", "begintijd"),
    "time backwards": ("1001;20261005;1000;20261005;0900;;;Z;\n", "begindatum"),
    "days backwards": ("1001;20261006;;20261005;;;;Z;\n", "begindatum"),
    "one lesson hour": ("1001;20261005;;20261005;;1;;Z;\n", "beginlesuur"),
    "lesson hours backwards": ("1001;20261005;;20261005;;3;2;Z;\n", "begindatum"),
    "a weekend": ("1001;20261010;;20261011;;;;Z;\n", "begindatum"),
    "unknown code": ("1001;20261005;;20261005;;;;XX;\n", "reden"),
    "no code": ("1001;20261005;;20261005;;;;;\n", "reden"),
    "unknown observation": ("1001;20261005;;20261005;;;;;Weg;J\n", "waarneming"),
    "unknown code of an observation": ("1001;20261005;;20261005;;;;XX;Afwezig;J\n", "waarneming"),
    "neither J nor N": ("1001;20261005;;20261005;;;;;Afwezig;?\n", "afgehandeld"),
    "before the codes": ("1001;20091012;;20091012;;;;Z;\n", "reden"),
    "an open quote": ('1001;20261005;;20261005;;;;Z;"x\n', "file"),
    "a zero byte": ("1001;20261005;;20261005;;;;Z;\0\n", "file"),
    "a line of a page": (f"1001;20261005;;20261005;;;;Z;{'x' * 20_000}\n", "file"),
    "a field of a page": (f"1001;20261005;;20261005;;;;Z;{'x' * 5_000}\n", "file"),
}


@pytest.mark.parametrize("name", BAD)
def test_a_bad_row_refuses_the_file_by_line_and_field(name: str) -> None:
    """The line counts all lines of the file, and in a zip the field names the file."""
    row, field = BAD[name]
    with pytest.raises(Refused) as refused:
        read_marks(KIND, ("\n" + EDUARTE_NOTICES + row).encode())
    assert where(refused.value.problems) == [(4, field)]
    with pytest.raises(Refused) as refused:
        read_marks(KIND, zipped({"a.csv": EDUARTE_OBSERVATIONS, "b.csv": row}))
    assert where(refused.value.problems) == [(1, "b.csv" if field == "file" else f"b.csv/{field}")]


def test_the_supplier_s_samples_load(code_samples: Path) -> None:
    """Moved to a year in which the codes hold, eight marks become four absences."""
    files: dict[str, str | bytes] = {
        path.name: path.read_bytes().replace(b"2009", b"2026")
        for path in sorted((code_samples / "eduarte").glob("*.csv"))
    }
    marks = read_marks(KIND, zipped(files))
    assert (len(marks), len(merged(marks))) == (8, 4)
    assert {mark.reason for mark in merged(marks)} == {"ILLNESS"}
