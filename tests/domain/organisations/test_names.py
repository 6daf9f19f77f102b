import pytest

from domain.organisations.directory import searchable


@pytest.mark.parametrize(
    ("name", "found"),
    [("'s-Gravenhage", "'s-gravenhage"), ("Súdwest-Fryslân", "sudwest-fryslan"), (" A  B ", "a b")],
)
def test_names_are_searched_without_diacritics(name: str, found: str) -> None:
    """A search name is lower case, without diacritics and double spaces."""
    assert searchable(name) == found
