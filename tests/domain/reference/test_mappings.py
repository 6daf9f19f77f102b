"""The tables of other systems' words: every entry means something of ours, and has a source."""

from __future__ import annotations

from datetime import date
from itertools import pairwise

import pytest

from domain.imports.readers import READERS
from domain.reference import codes
from domain.reference.files import json_names
from domain.reference.mappings import PRESENT, meaning, table

TABLES = [name.removesuffix(".json") for name in json_names("mappings")]
ON = date(2026, 10, 5)


def test_there_is_a_table_for_each_supplier() -> None:
    """Of the formats of attendance only our own needs none."""
    assert TABLES == ["edfi-5.2", "eduarte", "somtoday"]
    assert len(READERS) == 7


@pytest.mark.parametrize("name", TABLES)
def test_every_entry_means_something_of_ours(name: str) -> None:
    """Categories and reasons are in our lists on the first day, go together, and have a source."""
    for key, meanings in table(name).items():
        for found in meanings:
            assert found.source, key
            assert found.category or found.reason, key
            if found.category is not None:
                assert codes.category(found.category, found.valid_from), key
            if found.reason is not None:
                reason = codes.reason(found.reason, found.valid_from)
                assert reason is not None, key
                assert found.category is None or found.category in reason.categories, key


@pytest.mark.parametrize("name", TABLES)
def test_no_word_means_two_things_on_one_day(name: str) -> None:
    """Entries of one word follow each other in time."""
    for key, meanings in table(name).items():
        for earlier, later in pairwise(meanings):
            assert earlier.valid_until is not None, key
            assert earlier.valid_until <= later.valid_from, key


def test_an_accompanying_word_goes_before_none() -> None:
    """Partial means what its reason says, and nothing without one; Tardy the same with any."""
    descriptor = "uri://ed-fi.org/AttendanceEventCategoryDescriptor#"
    excused = meaning("edfi-5.2", "category", f"{descriptor}Partial", ON, "Absent excused")
    assert excused is not None
    assert excused.category == "authorised"
    assert meaning("edfi-5.2", "category", f"{descriptor}Partial", ON) is None
    tardy = meaning("edfi-5.2", "category", f"{descriptor}Tardy", ON, "whatever")
    assert tardy is not None
    assert tardy.category == "late"


def test_an_unknown_word_means_nothing() -> None:
    """Nor does a known one before its first day; presence is a meaning."""
    assert meaning("somtoday", "notice", "Onbekend soort", ON) is None
    assert meaning("eduarte", "notice", "Z", date(2009, 10, 12)) is None
    present = meaning("eduarte", "observation", "Aanwezig", ON)
    assert present is not None
    assert present.category == PRESENT
