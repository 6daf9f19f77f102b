"""The formats that are taken in: one reader each, and the kind of delivery it reads.

A reader turns the delivered files into what is stored: a roster, lines and marks of attendance, or
the totals of a transfer dossier. It refuses what breaks its format, stores nothing and knows
neither the database nor who delivers. To take in another format: a module with a `read`, a word in
`DeliveryKind`, a line in `READERS`, and a page in the description of deliveries.
"""

from collections.abc import Callable, Iterator, Mapping, Sequence
from dataclasses import dataclass
from typing import Final, TypeAlias

from domain.imports import edexml, edfi, eduarte, ndjson, oneroster, oso, somtoday
from domain.imports.files import File, only
from domain.imports.marks import Mark
from domain.imports.ndjson_lines import Line
from domain.imports.oso import Transfer
from domain.imports.problems import Problems
from domain.imports.receipts import DeliveryKind
from domain.imports.roster_records import Roster


@dataclass(frozen=True, slots=True)
class RosterReader:
    """Reads who is enrolled, where and in which class.

    Raises:
        Refused: from `read`, when the files break a rule of the format.
    """

    read: Callable[[Sequence[File]], Roster]


@dataclass(frozen=True, slots=True)
class AttendanceReader:
    """Reads attendance one line at a time, in bounded memory.

    What is yielded before a refusal may not be kept. `Problems` gets the warnings of a file that
    is taken in. A mark that has no minutes or lesson units is measured later: see `marks`. A reader
    that `streams` yields lines alone, warns of nothing, and is read while its lines are stored.

    Raises:
        Refused: from the iterator, at the end, when the files break a rule of the format.
    """

    read: Callable[[Sequence[File], Problems], Iterator[Line | Mark]]
    streams: bool = False


@dataclass(frozen=True, slots=True)
class TransferReader:
    """Reads what a former school says of a pupil's attendance.

    Raises:
        Refused: from `read`, when the file breaks a rule of the format.
    """

    read: Callable[[Sequence[File]], Transfer]


Reader: TypeAlias = RosterReader | AttendanceReader | TransferReader


def _edexml(files: Sequence[File]) -> Roster:
    return edexml.read(only(files))


def _ndjson(files: Sequence[File], said: Problems) -> Iterator[Line | Mark]:
    del said  # every line is taken as it is delivered
    return ndjson.read(only(files))


READERS: Final[Mapping[DeliveryKind, Reader]] = {
    DeliveryKind.ROSTER_EDEXML: RosterReader(_edexml),
    DeliveryKind.ROSTER_ONEROSTER: RosterReader(oneroster.read),
    DeliveryKind.TRANSFER_OSO: TransferReader(oso.read),
    DeliveryKind.ATTENDANCE_NDJSON: AttendanceReader(_ndjson, streams=True),
    DeliveryKind.ATTENDANCE_SOMTODAY: AttendanceReader(somtoday.read),
    DeliveryKind.ATTENDANCE_EDUARTE: AttendanceReader(eduarte.read),
    DeliveryKind.ATTENDANCE_EDFI: AttendanceReader(edfi.read),
}
