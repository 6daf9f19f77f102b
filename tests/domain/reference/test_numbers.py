from itertools import count

from hypothesis import given
from hypothesis import strategies as st

from domain.reference.numbers import (
    is_valid_bsn,
    is_valid_education_number,
    is_valid_national_number,
)

nine_digits = st.from_regex(r"[0-9]{9}", fullmatch=True)

burgerservicenummers = st.integers(10_000_000, 999_999_000).map(
    lambda start: next(text for n in count(start) if is_valid_bsn(text := f"{n:09}"))
)


def test_a_bsn_passes_when_its_weighted_sum_is_a_multiple_of_eleven() -> None:
    """The published example passes; with one digit changed it fails."""
    assert is_valid_bsn("111222333")
    assert not is_valid_bsn("111222334")


def test_an_education_number_leaves_five() -> None:
    """The published example passes as onderwijsnummer and not as BSN."""
    assert is_valid_education_number("101222331")
    assert not is_valid_bsn("101222331")
    assert is_valid_national_number("101222331")


def test_only_nine_plain_digits_are_a_number() -> None:
    """Other lengths, spaces, signs, other digits and all zeros are no number."""
    for text in ("", "11122233", "1112223330", " 11222333", "+11222333", "١١١٢٢٢٣٣٣", "000000000"):
        assert not is_valid_national_number(text)


@given(nine_digits)
def test_no_number_is_both(text: str) -> None:
    """A number is never a possible BSN and a possible onderwijsnummer at once."""
    assert not (is_valid_bsn(text) and is_valid_education_number(text))


@given(burgerservicenummers, st.integers(0, 8), st.integers(1, 9))
def test_one_wrong_digit_is_caught(text: str, place: int, by: int) -> None:
    """Changing one digit of a BSN always makes it fail: that is what the test is for."""
    wrong = str((int(text[place]) + by) % 10)
    assert not is_valid_bsn(text[:place] + wrong + text[place + 1 :])


@given(st.text())
def test_any_text_gets_an_answer(text: str) -> None:
    """No text makes the test raise."""
    assert is_valid_national_number(text) in {True, False}
