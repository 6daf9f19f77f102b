"""Keys of rows that are written together."""

from uuid import UUID

from domain.base import KEY_TOGETHER, beginning, keys_together
from tests.conftest import TestDatabase


def test_keys_together_share_their_beginning_and_nothing_else() -> None:
    """They stand side by side in an index, and each is as random as a key can be after that."""
    keys, others = keys_together(1_000), keys_together(1_000)
    assert len({*keys, *others}) == 2_000
    assert {key.version for key in (*keys, *others)} == {4}
    assert len({key.bytes[:6] for key in keys}) == 1
    assert keys[0].bytes[:6] != others[0].bytes[:6]
    for place in (7, *range(9, 16)):
        assert len({key.bytes[place] for key in keys}) > 200
    assert keys_together(0) == []


def test_keys_of_one_statement_do_too(database: TestDatabase) -> None:
    """What PostgreSQL makes of a beginning is a random key that starts with it."""
    start = beginning()
    made = KEY_TOGETHER.replace(":together", f"'{start}'")
    keys = {UUID(row) for row in database.run_sql(f"select {made} from generate_series(1, 1000)")}
    assert len(keys) == 1_000
    assert {key.version for key in keys} == {4}
    assert {str(key)[:13] for key in keys} == {start}
    assert beginning() != start
