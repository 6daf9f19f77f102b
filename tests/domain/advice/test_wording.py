"""What is taken for the number of a person in a text about a school."""

from __future__ import annotations

import pytest

from domain.advice.wording import about_a_school, holds_national_number
from domain.errors import Invalid

BSN = "999990019"
"""Passes the eleven-test, and lies where numbers for testing do."""


@pytest.mark.parametrize(
    "text",
    [
        BSN,
        f"Kijk naar {BSN}, die vaak ziek is.",
        f"bsn:{BSN}.",
        "999 990 019",
        "9999.90.019",
        "999-990-019",
        "999  990  019",
        "999,990,019",
        "999_990_019",
        "999 - 990 - 019",
        "9999\u200b90\u00ad019",
        "9 9 9 9 9 0 0 1 9",
        "９９９９９００１９",  # noqa: RUF001 - wide digits are meant
        "٩٩٩٩٩٠٠١٩",
    ],
)
def test_a_number_of_a_person_is_seen_however_it_is_set(text: str) -> None:
    """With other signs between, other digits or text around it, it is still one."""
    assert holds_national_number(text)
    with pytest.raises(Invalid) as refused:
        about_a_school(text, "seen", most=100)
    assert refused.value.path == ("seen",)
    assert BSN not in str(refused.value)


@pytest.mark.parametrize(
    "text",
    [
        "Het verzuim steeg van 4,2 naar 6,1 procent.",
        "In 2025-2026 waren er 31 van de 420 leerlingen vaak ziek.",
        "Bel 0612345678.",
        f"1{BSN}",
        "999990018",
        "999 990.019",
        "Van 2025-01-01 tot 2025-03-31.",
    ],
)
def test_other_numbers_are_let_through(text: str) -> None:
    """Shares, counts, school years, dates, telephone numbers and longer numbers are none."""
    assert about_a_school(f" {text} ", "seen", most=100) == text
