from datetime import date

from domain.aggregates.services import next_month


def test_a_month_follows_the_other() -> None:
    """December is followed by January of the next year."""
    assert next_month(date(2026, 12, 1)) == date(2027, 1, 1)
    assert next_month(date(2026, 1, 31)) == date(2026, 2, 1)
