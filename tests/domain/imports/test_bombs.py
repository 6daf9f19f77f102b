"""Small packed files that unpack into huge ones: the work that they cost is bounded."""

from __future__ import annotations

import gzip
from collections.abc import Callable
from tempfile import TemporaryFile
from typing import BinaryIO

import pytest

from domain.imports import deliveries, edexml
from domain.imports.problems import Refused
from domain.imports.receipts import unpacked

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


@pytest.mark.slow
@pytest.mark.parametrize(
    ("read", "head", "piece", "rule"),
    [
        (deliveries.read, "", '{"kind": "delivered", "week": "2026-W36"}\n', "lines"),
        (deliveries.read, "", ABSENT, "lines"),
        (deliveries.read, "", YEAR, "weeks of pupils"),
        (deliveries.read, "", " " * 1024, "larger than"),
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
            unpacked(file, read)
    assert any(rule in problem.rule for problem in refused.value.problems), refused.value.problems


def test_a_temporary_file_may_be_packed() -> None:
    """A file that is open for writing too, as an upload is kept, is unpacked all the same."""
    with TemporaryFile() as file:
        file.write(gzip.compress(b'{"kind": "delivered", "week": "2026-W36"}\n'))
        file.seek(0)
        assert len(unpacked(file, deliveries.read).delivered) == 1
