"""Sealing, without a database."""

from __future__ import annotations

from dataclasses import replace
from uuid import UUID, uuid4

import pytest
from hypothesis import given
from hypothesis import strategies as st

from domain.notes import sealing
from domain.notes.sealing import Place, Sealer, SealError

PLACE = Place(uuid4(), uuid4(), uuid4(), "note.general")


@given(text=st.text(max_size=200))
def test_a_sealed_text_comes_back(text: str) -> None:
    """Unsealing at the same place, under the same key, gives the text."""
    sealer = Sealer(b"k" * 32)
    assert sealer.unseal(sealer.seal(text, PLACE), PLACE) == text


def test_equal_texts_are_sealed_differently() -> None:
    """Every note has a key and nonces of its own, so that equal texts do not show."""
    sealer = Sealer(b"k" * 32)
    first, second = sealer.seal("same", PLACE), sealer.seal("same", PLACE)
    assert first[9:] != second[9:]
    assert b"same" not in first


@pytest.mark.parametrize("part", ["controller_id", "case_id", "note_id", "data_class"])
def test_a_seal_holds_at_its_place_only(part: str) -> None:
    """A sealed text put at another controller, case, note or class does not open."""
    sealer = Sealer(b"k" * 32)
    sealed = sealer.seal("secret", PLACE)
    other: UUID | str = "note.other" if part == "data_class" else uuid4()
    with pytest.raises(SealError, match="another place"):
        sealer.unseal(sealed, replace(PLACE, **{part: other}))


def test_any_changed_byte_breaks_the_seal() -> None:
    """A sealed value of which one bit was changed, or which was cut short, does not open."""
    sealer = Sealer(b"k" * 32)
    sealed = sealer.seal("secret", PLACE)
    for number in range(len(sealed)):
        broken = bytearray(sealed)
        broken[number] ^= 1
        with pytest.raises(SealError):
            sealer.unseal(bytes(broken), PLACE)
        with pytest.raises(SealError):
            sealer.unseal(sealed[:number], PLACE)


def test_another_key_is_named_as_the_fault() -> None:
    """Under another master key the error says that the key is another, not that data is broken."""
    sealed = Sealer(b"k" * 32).seal("secret", PLACE)
    with pytest.raises(SealError, match="another key"):
        Sealer(b"l" * 32).unseal(sealed, PLACE)


def test_a_key_has_32_bytes() -> None:
    """A key of another length is refused when it is set, not when the first note comes."""
    for length in (0, 16, 31, 33):
        with pytest.raises(SealError, match="32"):
            sealing.configure(b"k" * length)


def test_without_a_key_nothing_is_sealed(monkeypatch: pytest.MonkeyPatch) -> None:
    """A process without a sealing key says so."""
    monkeypatch.setattr(sealing, "_configured", [])
    with pytest.raises(SealError, match="No sealing key"):
        sealing.sealer()
