"""Small packed files that unpack into huge ones: the work that they cost is bounded."""

from __future__ import annotations

import gzip
from collections.abc import Callable
from datetime import date
from tempfile import TemporaryFile
from typing import BinaryIO
from uuid import UUID

import pytest

from domain.imports import edexml, ndjson
from domain.imports.intake import Chunk, Intake
from domain.imports.problems import Refused
from domain.imports.queries import EnrolledPupil
from domain.imports.receipts import each_unpacked, unpacked

UNPACKED = 80 * 1024 * 1024

HEAD = """<?xml version="1.0" encoding="UTF-8"?>
<EDEX><school><schooljaar>2026-2027</schooljaar><brincode>99WA</brincode>
<aanmaakdatum>2026-10-01T08:00:00</aanmaakdatum><auteur>x</auteur><xsdversie>2.1</xsdversie>
</school><leerlingen>"""
PUPIL = '<leerling key="%07d"><achternaam>a</achternaam></leerling>'
ABSENT = (
    '{"kind": "exception", "id": "1", "pupil": "1", "date": "2026-10-01", "startUnit": 1,'
    ' "lessonUnits": 1, "minutes": 50, "category": "late"}\n'
)
YEAR = (
    '{"kind": "schedule", "pupil": "1", "from": "2026-W36", "until": "2027-W30",'
    ' "minutes": 1500, "lessonUnits": 30}\n'
)

Read = Callable[[BinaryIO], object]


def take_in(file: BinaryIO) -> None:
    """Take in a file of attendance of a branch with one pupil; nothing is stored."""
    pupils = {"1": EnrolledPupil(UUID(int=1), UUID(int=2), [(date(2020, 8, 1), None)])}
    intake = Intake(pupils, date(2026, 12, 1))
    lines = each_unpacked(file, ndjson.read)()
    chunk: Chunk | None = Chunk()
    while chunk is not None:
        chunk = intake.take(lines, 10_000)
    intake.finish()


@pytest.mark.slow
@pytest.mark.parametrize(
    ("read", "head", "piece", "rule"),
    [
        (take_in, "", '{"kind": "delivered", "week": "2026-W36"}\n', "weeks complete"),
        (take_in, "", ABSENT, "stands in the file before"),
        (take_in, "", ABSENT.replace('"pupil": "1"', '"pupil": "2"'), "No pupil is enrolled"),
        (take_in, "", YEAR, "weeks of pupils"),
        (take_in, "", " " * 1024, "longer than"),
        (edexml.read, HEAD, "\n", "lines"),
        (edexml.read, HEAD, "<leerling/>", "attribute is missing"),
        (edexml.read, f"{HEAD}</leerlingen><toevoegingen>", "<a/>", "elements"),
        (edexml.read, HEAD, PUPIL, "elements"),
    ],
)
def test_a_bomb_is_refused_before_it_is_unpacked(
    read: Read, head: str, piece: str, rule: str
) -> None:
    """Lines, elements and scheduled weeks are counted, and no more of them is read than may be."""
    with TemporaryFile() as file:
        with gzip.GzipFile(fileobj=file, mode="wb", compresslevel=1) as packed:
            packed.write(head.encode())
            times = UNPACKED // len(piece)
            if "%" in piece:
                packed.write("".join(piece % number for number in range(times // 4)).encode())
            else:
                packed.write(piece.encode() * times)
        file.seek(0)
        with pytest.raises(Refused) as refused:
            read(file) if read is take_in else unpacked(file, read)
    assert any(rule in problem.rule for problem in refused.value.problems), refused.value.problems


def test_a_temporary_file_may_be_packed() -> None:
    """A file that is open for writing too, as an upload is kept, is unpacked all the same."""
    with TemporaryFile() as file:
        file.write(gzip.compress(b'{"kind": "delivered", "week": "2026-W36"}\n'))
        file.seek(0)
        assert len(list(each_unpacked(file, ndjson.read)())) == 1
