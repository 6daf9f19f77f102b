"""The end of a zip, read before the zip is opened: how much of a directory it says it has.

Opening a zip makes an object of every entry of its directory, and an entry costs 46 bytes to send.
What is read here is the record that `zipfile` goes by: the last one (APPNOTE 4.3.16), with no
comment or with one of at most 64 KiB, and its zip64 counterpart when that stands before it
(4.3.14, 4.3.15), whether or not the record refers to it.
"""

import struct
from io import SEEK_END
from typing import BinaryIO, Final, NamedTuple
from zipfile import BadZipFile

_END: Final = struct.Struct("<4s4H2LH")
_LOCATOR: Final = struct.Struct("<4sLQL")
_END_64: Final = struct.Struct("<4sQ2H2L4Q")
_LONGEST_COMMENT: Final = 1 << 16


class Directory(NamedTuple):
    """What the end of a zip says of its directory: entries, and bytes that they take."""

    entries: int
    size: int


def directory_of(stream: BinaryIO) -> Directory:
    """Return what a zip says of its directory; the place in the stream is lost.

    Raises:
        BadZipFile: it has no end, the zip64 record is not where its locator is, or the directory
            is larger than what stands before the end.
    """
    file_size = stream.seek(0, SEEK_END)
    from_ = max(file_size - _LONGEST_COMMENT - _END.size, 0)
    stream.seek(from_)
    tail = stream.read()
    at = _place(tail)
    if at < 0 or len(tail) < at + _END.size:
        message = "no end of the directory"
        raise BadZipFile(message)
    _, _, _, here, entries, size, _, _ = _END.unpack_from(tail, at)
    found = Directory(max(here, entries), size)
    found = _large(stream, from_ + at) or found
    if found.size > from_ + at:
        message = "the directory is larger than the zip"
        raise BadZipFile(message)
    return found


def _place(tail: bytes) -> int:
    """Return where the end record is in the last bytes of a file, or -1."""
    last = len(tail) - _END.size
    if last >= 0 and tail.startswith(b"PK\x05\x06", last) and tail.endswith(b"\0\0"):
        return last
    return tail.rfind(b"PK\x05\x06")


def _large(stream: BinaryIO, end: int) -> Directory | None:
    """Return what the zip64 record before the end says, if there is one."""
    begin = end - _LOCATOR.size - _END_64.size
    if begin < 0:
        return None
    stream.seek(begin)
    both = stream.read(_END_64.size + _LOCATOR.size)
    signature, *_, here, entries, size, _ = _END_64.unpack_from(both)
    if not both.startswith(b"PK\x06\x07", _END_64.size):
        return None
    if signature != b"PK\x06\x06":
        # It might be elsewhere, where one reader looks for it and another does not.
        message = "no zip64 end before its locator"
        raise BadZipFile(message)
    return Directory(max(here, entries), size)
