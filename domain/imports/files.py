"""The file of a delivery, unpacked: plain, gzip, or a zip of one or more files.

Refused, before anything of it is read: a zip that is broken, encrypted, spread over several disks
or packed in another way than deflate; with more members than any format has, with folders or
unsafe names, with one name twice; that unpacks into more than it may in all, or into absurdly much
for its size. Refused while reading: a member whose checksum or size is not what the zip says, a
gzip that unpacks into absurdly much for what was read of it, and a packed file within a packed
file. What the zip says of sizes is held against the file and against what comes out.
"""

from __future__ import annotations

import gzip
import struct
import zipfile
import zlib
from collections.abc import Callable, Generator, Iterator, Sequence
from contextlib import ExitStack, contextmanager
from dataclasses import dataclass
from io import SEEK_END, BufferedReader, RawIOBase
from typing import TYPE_CHECKING, BinaryIO, Final, NoReturn, TypeVar, cast

from domain.imports.problems import Problem, Refused
from domain.imports.zip_end import directory_of

if TYPE_CHECKING:
    from _typeshed import WriteableBuffer

T = TypeVar("T")

_MIB: Final = 1024 * 1024
MOST_MEMBERS: Final = 64
"""OneRoster has at most seventeen files; other formats have fewer."""

_LARGEST_DIRECTORY: Final = MOST_MEMBERS * 1024
"""An entry is 46 bytes, the name, and a few dozen bytes of what packers add; a KiB is ample."""

MOST_UNPACKED: Final = 256 * _MIB
"""All members of a zip together; each reader bounds what it takes of one file besides."""

MOST_RATIO: Final = 400
_RATIO_FROM: Final = 4 * _MIB
"""Of what unpacks into more than this, the ratio is looked at. Lines of attendance that differ
pack 30 to 60 times; only lines that are all the same pack over 400 times."""

_GZIP: Final = b"\x1f\x8b"
_ZIP_PARTS: Final = (b"PK\x03\x04", b"PK\x05\x06", b"PK\x07\x08")
_ENCRYPTED: Final = 0x1 | 0x40 | 0x2000
_LONGEST_NAME: Final = 100
_AT_ONCE: Final = 256 * 1024

_BROKEN: Final = (
    EOFError,
    NotImplementedError,
    OSError,
    RuntimeError,
    UnicodeError,
    ValueError,
    struct.error,
    zipfile.BadZipFile,
    zlib.error,
)
"""What the libraries raise at packed data that is not what it says."""


@dataclass(frozen=True, slots=True)
class File:
    """One delivered file, open for reading; `name` is None when it was not in a zip."""

    name: str | None
    stream: BinaryIO


def opened(stream: BinaryIO, read: Callable[[Sequence[File]], T]) -> T:
    """Read what was delivered, which its first bytes tell to be plain, gzip or a zip.

    `read` has to take all it needs before it returns: the files are closed then.

    Raises:
        Refused: the packing is broken or unsafe, or the reader refuses.
    """
    with _opening(stream) as files:
        return read(files)


def each_opened(
    stream: BinaryIO, read: Callable[[Sequence[File]], Iterator[T]]
) -> Callable[[], Iterator[T]]:
    """Return what gives the parts of a file one by one, from its start each time it is called.

    Only one of the iterators may be in use at a time. Each raises what `opened` does.
    """
    start = stream.tell()

    def parts() -> Iterator[T]:
        stream.seek(start)
        with _opening(stream) as files:
            yield from read(files)

    return parts


@contextmanager
def _opening(stream: BinaryIO) -> Generator[Sequence[File]]:
    start = stream.tell()
    head = stream.read(4)
    stream.seek(start)
    if head in _ZIP_PARTS:
        with ExitStack() as stack:
            with _refusing("zip"):
                members = list(_members(stream, stack))
            yield members
    elif head.startswith(_GZIP):
        # The mode is said, for a temporary file is open for writing too.
        with gzip.GzipFile(fileobj=stream, mode="rb") as unzipped:
            checked = _Checked(cast("BinaryIO", unzipped), "gzip", packed=stream)
            yield [File(None, _buffered(checked))]
    else:
        yield [File(None, stream)]


def only(files: Sequence[File]) -> BinaryIO:
    """Return the one file of a format that has one.

    Raises:
        Refused: there are several.
    """
    if len(files) != 1:
        _refuse("file", f"The zip holds {len(files)} files; this format is one.", "Deliver one.")
    return files[0].stream


@contextmanager
def _refusing(packing: str) -> Generator[None]:
    try:
        yield
    except _BROKEN as error:
        problem = Problem(
            None, "file", f"The {packing} compression is broken or cut off.", "Compress it anew."
        )
        raise Refused([problem]) from error


def _refuse(field: str, rule: str, advice: str) -> NoReturn:
    raise Refused([Problem(None, field, rule, advice)])


def _members(stream: BinaryIO, stack: ExitStack) -> Iterator[File]:
    # Before the zip is opened, which makes an object of every entry.
    said, entries = directory_of(stream)
    if said > MOST_MEMBERS or entries > _LARGEST_DIRECTORY:
        _too_many()
    size = stream.seek(0, SEEK_END)
    archive = stack.enter_context(zipfile.ZipFile(stream))
    found = archive.infolist()
    if not found:
        _refuse("file", "The zip is empty.", "Put the files into it.")
    if len(found) > MOST_MEMBERS:
        _too_many()
    if sum(info.compress_size for info in found) > size:
        message = "the members are larger than the zip"
        raise zipfile.BadZipFile(message)
    if sum(info.file_size for info in found) > MOST_UNPACKED:
        rule = f"The zip unpacks into more than {MOST_UNPACKED:,} bytes."
        _refuse("file", rule, "Deliver a shorter period, or one school at a time.")
    names: set[str] = set()
    for info in found:
        _check(info)
        name = info.filename.casefold()
        if name in names:
            _refuse("file", "The zip holds two members of one name.", "Keep one of them.")
        names.add(name)
    for info in found:
        unpacked = stack.enter_context(archive.open(info))
        checked = _Checked(cast("BinaryIO", unpacked), "zip", size=info.file_size)
        yield File(info.filename, _buffered(checked))


def _too_many() -> NoReturn:
    rule = f"The zip has more than {MOST_MEMBERS} members."
    _refuse("file", rule, "Deliver the files of the format and nothing else.")


def _check(info: zipfile.ZipInfo) -> None:
    """Refuse a member by what the zip says of it.

    Raises:
        Refused: its name, packing or size is not safe.
    """
    name = info.filename
    if (
        not 0 < len(name) <= _LONGEST_NAME
        or not name.isprintable()
        or any(character in name for character in '/\\:*?"<>|')
        or name.startswith(".")
        or info.orig_filename != name
    ):
        _refuse(
            "file",
            "The zip holds a folder, or a member whose name is not a plain file name.",
            "Put the files at the top of the zip, without folders.",
        )
    if info.flag_bits & _ENCRYPTED:
        _refuse("file", "The zip is encrypted.", "Deliver it without a password: the way is safe.")
    if info.compress_type not in {zipfile.ZIP_STORED, zipfile.ZIP_DEFLATED}:
        _refuse("file", "The zip is packed in a way that is not taken.", "Pack it with deflate.")
    if info.file_size > _RATIO_FROM and info.file_size > MOST_RATIO * max(info.compress_size, 1):
        _absurd("A member of the zip")


def _absurd(what: str) -> NoReturn:
    rule = f"{what} unpacks into more than {MOST_RATIO} times its size."
    _refuse("file", rule, "Deliver a real file: none packs that well.")


def _buffered(checked: _Checked) -> BinaryIO:
    """Return a packed stream that is checked a block at a time, so that lines cost nothing more."""
    return cast("BinaryIO", BufferedReader(checked, _AT_ONCE))


class _Checked(RawIOBase):
    """A packed stream that may not be packed once more, nor be longer than was said.

    `size` is the length that was said. Where none was, `packed` is the file that is unpacked: what
    was read of it, until now, bounds what may have come out.
    """

    def __init__(
        self,
        stream: BinaryIO,
        packing: str,
        *,
        size: int | None = None,
        packed: BinaryIO | None = None,
    ) -> None:
        super().__init__()
        self._stream = stream
        self._packing = packing
        self._left = size
        self._packed = packed
        self._start = 0 if packed is None else packed.tell()
        self._out = 0
        self._first = True

    def readable(self) -> bool:
        """Return that it can be read."""
        return True

    def readinto(self, buffer: WriteableBuffer, /) -> int:
        """Read at most as much as the buffer holds."""
        into = memoryview(buffer)
        with _refusing(self._packing):
            data = self._seen(self._stream.read(len(into)))
        into[: len(data)] = data
        return len(data)

    def _seen(self, data: bytes) -> bytes:
        if self._first and data.startswith((_GZIP, *_ZIP_PARTS)):
            _refuse("file", "A packed file holds another packed file.", "Pack the file once.")
        self._first = self._first and not data
        self._out += len(data)
        if self._packed is not None and self._out > _RATIO_FROM:
            read = self._packed.tell() - self._start
            if self._out > MOST_RATIO * read:
                _absurd("The file")
        if self._left is not None:
            self._left -= len(data)
            if self._left < 0:
                message = "a member is longer than the zip says"
                raise zipfile.BadZipFile(message)
        return data
