from datetime import date

import pytest

from domain.reference.codes import categories, category, reason, reasons

TODAY = date(2026, 11, 23)


@pytest.mark.parametrize(
    ("code", "data_class"),
    [
        ("authorised", "attendance.authorised"),
        ("school_caused", "attendance.authorised"),
        ("unauthorised", "attendance.unauthorised"),
        ("late", "attendance.unauthorised"),
        ("sent_out", "attendance.unauthorised"),
        ("present", "attendance.rate"),
    ],
)
def test_the_class_of_a_category(code: str, data_class: str) -> None:
    """Each category is guarded by the class that the policy names for it."""
    found = category(code, TODAY)
    assert found is not None
    assert found.data_class == data_class


@pytest.mark.parametrize(
    ("code", "data_class"),
    [
        ("UNKNOWN", "attendance.reason"),
        ("TRUANCY", "attendance.reason"),
        ("ILLNESS", "attendance.reason.health.fact"),
        ("MEDICAL_APPOINTMENT", "attendance.reason.health"),
        ("BELIEF", "attendance.reason.belief"),
    ],
)
def test_the_class_of_a_reason(code: str, data_class: str) -> None:
    """A reason that is special-category data has a class of its own."""
    found = reason(code, TODAY)
    assert found is not None
    assert found.data_class == data_class


def test_reasons_go_with_known_categories() -> None:
    """Each reason has a source and goes with categories of the list, never with presence."""
    known = {entry.code for entry in categories()} - {"present"}
    for entry in reasons():
        assert entry.source
        assert set(entry.categories) <= known
        assert entry.categories


def test_reason_classes_are_of_the_policy() -> None:
    """No reason has a class outside the four that the policy knows."""
    assert {entry.data_class for entry in reasons()} == {
        "attendance.reason",
        "attendance.reason.health",
        "attendance.reason.health.fact",
        "attendance.reason.belief",
    }


def test_an_unknown_code_is_none() -> None:
    """A code that is not in the list, or not yet on that day, is None."""
    assert reason("PIRACY", TODAY) is None
    assert category("absent", TODAY) is None
    assert reason("ILLNESS", date(1999, 1, 1)) is None
    assert category("late", date(1999, 1, 1)) is None


def test_codes_are_unambiguous() -> None:
    """On any day a code means one thing."""
    assert len({entry.code for entry in reasons()}) == len(reasons())
    assert len({entry.code for entry in categories()}) == len(categories())
