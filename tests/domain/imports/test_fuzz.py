"""Damaged and hostile files of every format: a reading or a refusal, and nothing else."""

from __future__ import annotations

import gzip
import random
import zipfile
from io import BytesIO

import pytest

from domain.imports.problems import MOST_PROBLEMS, Refused
from domain.imports.receipts import DeliveryKind
from tests.domain.imports.samples import SAMPLES, read, zipped

KINDS = list(DeliveryKind)
ROUNDS = 150
PIECES = [
    b"", b"\x00", b"\xff\xfe", b"\xef\xbb\xbf", b"<", b">", b"&", b"&#0;", b'"', b"'", b";", b",",
    b"\n",
    b"{", b"}", b"[" * 3_000, b"NaN", b"1e999", b"-1", b"9" * 30, b"\xc3\x28", "٣".encode(),
    b"PK\x03\x04",
    b"2024-02-29", b"2026-02-29", b"20260229", b"2026-10-25T02:30:00.000+02:00", b"0000-00-00",
    b"9999-12-31", b"<!DOCTYPE x [<!ENTITY a 'b'>]>", b"]]>", b"<![CDATA[", b"x" * 70_000,
]  # fmt: skip


def mutated(data: bytes, chance: random.Random) -> bytes:
    """Return the file with one to four damages: cut, dropped, doubled, swapped, put in, flipped."""
    made = bytearray(data)
    for _ in range(chance.randint(1, 4)):
        begin = chance.randint(0, len(made))
        end = min(begin + chance.choice([1, 3, 20, 200]), len(made))
        what = chance.randint(0, 6)
        if what == 0:
            del made[begin:]
        elif what == 1:
            del made[begin:end]
        elif what == 2:
            made[end:end] = made[begin:end]
        elif what == 3:
            lines = bytes(made).splitlines(keepends=True)
            chance.shuffle(lines)
            made = bytearray(b"".join(lines))
        elif what == 4:
            made[begin:end] = chance.choice(PIECES)
        elif what == 5 and begin < len(made):
            made[begin] ^= 1 << chance.randint(0, 7)
        else:
            digits = [index for index, byte in enumerate(made) if chr(byte).isdigit()]
            if digits:
                made[chance.choice(digits)] = chance.choice(b"0123456789")
    return bytes(made)


def inside(data: bytes, chance: random.Random) -> bytes:
    """Return a zip with one member damaged and packed anew; another file is damaged itself."""
    if not data.startswith(b"PK"):
        return mutated(data, chance)
    with zipfile.ZipFile(BytesIO(data)) as archive:
        files: dict[str, str | bytes] = {name: archive.read(name) for name in archive.namelist()}
    name = chance.choice(sorted(files))
    files[name] = mutated(bytes(files[name]), chance)  # pyright: ignore[reportArgumentType] - bytes
    return zipped(files)


def refusal(kind: DeliveryKind, data: bytes) -> Refused | None:
    """Return the refusal of a file, None when it is taken; anything else goes through."""
    try:
        read(kind, data)
    except Refused as refused:
        return refused
    return None


def takes_or_refuses(kind: DeliveryKind, data: bytes) -> None:
    """Read a file; a refusal has problems that say what to do, and not too many of them."""
    refused = refusal(kind, data)
    if refused is not None:
        assert 1 <= len(refused.problems) <= MOST_PROBLEMS
        assert all(problem.rule and problem.advice for problem in refused.problems)


@pytest.mark.parametrize("kind", KINDS)
def test_the_samples_are_taken(kind: DeliveryKind) -> None:
    """Undamaged, each sample is read: so a refusal below is of the damage."""
    assert read(kind, SAMPLES[kind])


@pytest.mark.parametrize("kind", KINDS)
def test_damage_is_read_or_refused(kind: DeliveryKind) -> None:
    """A hundred and fifty damaged files of each format, packed anew where they are zips."""
    chance = random.Random(f"damage {kind}")
    for _ in range(ROUNDS):
        takes_or_refuses(kind, inside(SAMPLES[kind], chance))


@pytest.mark.parametrize("kind", KINDS)
def test_damaged_packing_is_read_or_refused(kind: DeliveryKind) -> None:
    """The bytes of a zip and of a gzip file are damaged, not what is in them."""
    chance = random.Random(f"packing {kind}")
    data = SAMPLES[kind]
    packed = data if data.startswith(b"PK") else zipped({"file": data})
    for _ in range(ROUNDS):
        takes_or_refuses(kind, mutated(packed, chance))
        takes_or_refuses(kind, mutated(gzip.compress(data), chance))


@pytest.mark.parametrize("kind", KINDS)
def test_a_file_cut_anywhere_is_read_or_refused(kind: DeliveryKind) -> None:
    """Every place to cut, a hundred of them, in the file and in the members of a zip."""
    data = SAMPLES[kind]
    for place in range(0, len(data), max(len(data) // 100, 1)):
        takes_or_refuses(kind, data[:place])


@pytest.mark.parametrize("kind", KINDS)
@pytest.mark.parametrize("other", KINDS)
def test_a_file_of_another_format_is_refused(kind: DeliveryKind, other: DeliveryKind) -> None:
    """Announced as one format and sent in another, a file is refused with what was expected."""
    if kind is other:
        return
    with pytest.raises(Refused):
        read(kind, SAMPLES[other])


@pytest.mark.parametrize("kind", KINDS)
def test_a_plain_format_may_be_packed(kind: DeliveryKind) -> None:
    """Plain, gzip and alone in a zip are the same delivery."""
    data = SAMPLES[kind]
    if not data.startswith(b"PK"):
        assert read(kind, gzip.compress(data)) == read(kind, data)
        if kind is not DeliveryKind.ROSTER_ONEROSTER:
            assert read(kind, zipped({"delivery": data})) == read(kind, data)


@pytest.mark.parametrize("kind", KINDS)
def test_no_problem_repeats_a_value(kind: DeliveryKind) -> None:
    """A word that stands in the file nowhere else is in no problem of a damaged file."""
    chance = random.Random(f"canary {kind}")
    for _ in range(ROUNDS):
        said = str(refusal(kind, inside(SAMPLES[kind], chance)))
        assert "anarie" not in said
        assert "111222333" not in said
