"""Columns as the text of an array: PostgreSQL reads back exactly what was given."""

import json
from datetime import UTC, date, datetime
from uuid import UUID

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from domain.columns import array_text
from tests.conftest import TestDatabase

_TEXTS = st.text(
    st.sampled_from('"\\,{}N ') | st.characters(blacklist_categories=("Cs", "Cc", "Zl", "Zp"))
)


_AWKWARD = (
    ['a"b', "\\", "{x,y}", "NULL", "", None],
    ['a"b'],
    ['","', ""],
    ["\\"],
    ['a"', '"b'],
    [],
)


@settings(max_examples=30, deadline=None)
@given(st.lists(st.none() | _TEXTS))
def test_every_text_comes_back_as_it_was(database: TestDatabase, texts: list[str | None]) -> None:
    """Quotation marks, backslashes, braces, commas, the word NULL and nothing at all included."""
    for given_texts in (texts, [text for text in texts if text is not None], *_AWKWARD):
        written = array_text(given_texts).replace("'", "''")
        # Read as JSON, which has a way of its own to write what stands in a text.
        (read,) = database.run_sql(f"select to_json('{written}'::text[])")
        assert json.loads(read) == given_texts


def test_keys_days_instants_and_numbers_are_written_plainly() -> None:
    """They hold nothing that an array's text could misread, and stay beside a null."""
    assert array_text([]) == "{}"
    assert array_text([1, -2]) == "{1,-2}"
    assert array_text([date(2026, 2, 28), None]) == "{2026-02-28,NULL}"
    assert array_text([datetime(2026, 2, 28, 9, tzinfo=UTC)]) == "{2026-02-28 09:00:00+00:00}"
    assert array_text([UUID(int=7)]) == "{00000000000000000000000000000007}"


def test_another_kind_of_value_is_not_sent() -> None:
    """PostgreSQL would refuse it with its text, which belongs in no message."""
    for value in (True, 1.5, b"secret"):
        with pytest.raises(TypeError, match=r"^no column holds a \w+$"):
            array_text([value])  # type: ignore[list-item]
