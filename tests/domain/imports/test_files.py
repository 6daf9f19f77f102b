"""Packed deliveries: what is unpacked, and every zip that is refused before it does harm."""

from __future__ import annotations

import gzip
import io
import struct
import zipfile
from collections.abc import Callable
from io import BytesIO

import pytest

from domain.imports import files
from domain.imports.files import MOST_MEMBERS, MOST_RATIO, only, opened
from domain.imports.problems import Refused
from tests.domain.imports.samples import zipped

Make = Callable[[], bytes]


def contents(data: bytes) -> list[tuple[str | None, bytes]]:
    """Unpack a delivery and read every file to its end."""
    return opened(BytesIO(data), lambda found: [(f.name, f.stream.read()) for f in found])


def rule_of(data: bytes) -> str:
    """Return the rule for which a delivery is refused."""
    with pytest.raises(Refused) as refused:
        contents(data)
    (problem,) = refused.value.problems
    assert problem.advice
    return problem.rule


def test_plain_gzip_and_zip_give_the_same_file() -> None:
    """The first bytes tell the packing; a zip gives names too."""
    assert contents(b"text") == contents(gzip.compress(b"text")) == [(None, b"text")]
    assert contents(zipped({"a.csv": "x", "b.csv": "y"})) == [("a.csv", b"x"), ("b.csv", b"y")]
    assert contents(b"") == [(None, b"")]
    assert contents(b"PK is how this text begins") == [(None, b"PK is how this text begins")]


def test_a_format_of_one_file_refuses_several() -> None:
    """Two files in a zip are no delivery of a format of one."""
    with pytest.raises(Refused, match="2 files"):
        opened(BytesIO(zipped({"a": "x", "b": "y"})), only)


def _patched(flag: int, at_local: int, at_central: int) -> bytes:
    """Return a zip whose two headers say something else at these places."""
    data = bytearray(zipped({"a.csv": "x" * 50}))
    central = data.index(b"PK\x01\x02")
    struct.pack_into("<H", data, at_local, flag)
    struct.pack_into("<H", data, central + at_central, flag)
    return bytes(data)


def _twice() -> bytes:
    made = io.BytesIO()
    with zipfile.ZipFile(made, "w") as archive:
        archive.writestr("Users.csv", "1")
        archive.writestr("users.csv", "2")
    return made.getvalue()


def _wrong_checksum() -> bytes:
    data = bytearray(zipped({"a.csv": "canary"}, stored=True))
    data[data.index(b"canary")] ^= 1
    return bytes(data)


def _lying_of_size() -> bytes:
    """Return a zip whose member unpacks into more than both headers say."""
    data = bytearray(zipped({"a.csv": "x" * 5_000_000}))
    struct.pack_into("<I", data, 22, 10)
    struct.pack_into("<I", data, data.index(b"PK\x01\x02") + 24, 10)
    return bytes(data)


def _many_entries() -> bytes:
    """Return a zip of nothing but a directory of a hundred thousand empty members."""
    entry = struct.pack("<4s6H3L5H2L", b"PK\1\2", 20, 20, *([0] * 14)) + b"a"
    entry = entry[:28] + b"\1\0" + entry[30:]
    directory = entry * 100_000
    return directory + struct.pack("<4s4H2LH", b"PK\5\6", 0, 0, 1, 1, len(directory), 0, 0)


def _many_entries_64() -> bytes:
    """Return the same with its size in a zip64 record only, and a comment after it all."""
    data = bytearray(_many_entries())
    size = len(data) - 22
    end = data[size:]
    struct.pack_into("<L", end, 12, 0)
    struct.pack_into("<H", end, 20, 7)
    large = struct.pack("<4sQ2H2L4Q", b"PK\6\6", 44, 45, 45, 0, 0, 1, 1, size, 0)
    locator = struct.pack("<4sLQL", b"PK\6\7", 0, size, 1)
    return b"PK\3\4" + data[:size] + large + locator + end + b"comment"


def _directory_larger_than_the_zip() -> bytes:
    data = bytearray(zipped({"a.csv": "x"}))
    struct.pack_into("<L", data, len(data) - 10, len(data))
    return bytes(data)


def _more_packed_than_there_is() -> bytes:
    """Return a bomb whose directory says that it is not packed at all."""
    data = bytearray(zipped({"a.csv": b"\0" * (40 << 20)}))
    struct.pack_into("<L", data, data.index(b"PK\1\2") + 20, 40 << 20)
    return bytes(data)


BAD: dict[str, tuple[Make, str]] = {
    "empty": (lambda: zipped({}), "empty"),
    "cut off": (lambda: zipped({"a.csv": "x" * 500})[:60], "broken"),
    "no end": (lambda: zipped({"a.csv": "x"})[:-10], "broken"),
    "too many members": (
        lambda: zipped({f"{n}.csv": "" for n in range(MOST_MEMBERS + 1)}), "members"),
    "a folder": (lambda: zipped({"folder/a.csv": "x"}), "folder"),
    "a way out": (lambda: zipped({"../a.csv": "x"}), "folder"),
    "an absolute name": (lambda: zipped({"/a.csv": "x"}), "folder"),
    "a name of another system": (lambda: zipped({"C:a.csv": "x"}), "folder"),
    "a name with a line break": (lambda: zipped({"a\n.csv": "x"}), "folder"),
    "a name with a zero byte": (
        lambda: zipped({"a.csv": "x"}).replace(b"a.csv", b"a\0csv"), "folder"),
    "a hidden name": (lambda: zipped({".a.csv": "x"}), "folder"),
    "a name of a page": (lambda: zipped({"a" * 200: "x"}), "folder"),
    "one name twice": (_twice, "one name"),
    "encrypted": (lambda: _patched(1, 6, 8), "encrypted"),
    "another packing": (lambda: _patched(12, 8, 10), "not taken"),
    "unknown packing": (lambda: _patched(99, 8, 10), "not taken"),
    "wrong checksum": (_wrong_checksum, "broken"),
    "another size than said": (_lying_of_size, "broken"),
    "a zip in a zip": (lambda: zipped({"a.zip": zipped({"a.csv": "x"})}), "another packed"),
    "gzip in a zip": (lambda: zipped({"a.gz": gzip.compress(b"x")}), "another packed"),
    "a zip in gzip": (lambda: gzip.compress(zipped({"a.csv": "x"})), "another packed"),
    "gzip in gzip": (lambda: gzip.compress(gzip.compress(b"x")), "another packed"),
    "a hundred thousand members": (lambda: b"PK\3\4" + _many_entries(), "members"),
    "the same in zip64": (_many_entries_64, "members"),
    "a directory larger than the zip": (_directory_larger_than_the_zip, "broken"),
    "more packed than there is": (_more_packed_than_there_is, "broken"),
    "a bomb of gzip": (lambda: gzip.compress(b"\0" * (8 << 20)), "times its size"),
    "a bomb of one member": (lambda: zipped({"a.csv": b"\0" * (40 << 20)}), "times its size"),
}  # fmt: skip


@pytest.mark.parametrize("name", BAD)
def test_a_zip_that_is_not_safe_is_refused(name: str) -> None:
    """Each is refused with its one rule, and none is an error of the server."""
    make, rule = BAD[name]
    assert rule in rule_of(make())


def test_a_bomb_of_many_members_is_refused(monkeypatch: pytest.MonkeyPatch) -> None:
    """What all members unpack into together is bounded, however well each behaves."""
    monkeypatch.setattr(files, "MOST_UNPACKED", 1_000)
    assert "more than" in rule_of(zipped({f"{n}.csv": "x" * 300 for n in range(4)}))
    assert len(contents(zipped({f"{n}.csv": "x" * 300 for n in range(3)}))) == 3


def test_a_refusal_within_the_packing_keeps_its_own_words() -> None:
    """An error of a reader is not taken for broken packing."""

    def read(found: object) -> None:
        """Fail as code with a mistake would."""
        del found
        message = "a mistake of ours"
        raise ValueError(message)

    with pytest.raises(ValueError, match="a mistake of ours"):
        opened(BytesIO(zipped({"a.csv": "x"})), read)


@pytest.mark.parametrize("name", ["a hundred thousand members", "the same in zip64"])
def test_a_directory_that_is_too_large_is_never_read(
    name: str, monkeypatch: pytest.MonkeyPatch
) -> None:
    """The end of the zip says enough: no entry of it is made into anything."""
    data = BAD[name][0]()

    def opening(*_: object) -> None:
        """Fail: the zip was opened."""
        raise AssertionError

    monkeypatch.setattr(zipfile, "ZipFile", opening)
    assert "members" in rule_of(data)


def test_real_lines_pack_well_enough() -> None:
    """Lines of attendance that differ as real ones do stay far from what is absurd."""
    lines = "".join(
        f'{{"kind": "exception", "id": "{n}", "pupil": "{n * 7919 % 1800}", "date": "2026-10-01",'
        f' "startUnit": {n % 8}, "lessonUnits": 1, "minutes": 50, "category": "late"}}\n'
        for n in range(60_000)
    ).encode()
    packed = gzip.compress(lines, 9)
    assert len(lines) > 2 * (4 << 20)
    assert contents(packed) == [(None, lines)]
    assert len(lines) < MOST_RATIO / 4 * len(packed)
