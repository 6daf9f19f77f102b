"""Holds the reader against the schema and sample of EDEXML 2.0."""

from __future__ import annotations

from pathlib import Path

import pytest
from lxml import etree  # pyright: ignore[reportAttributeAccessIssue]

from domain.imports import edexml
from tests.domain.imports.test_edexml_schema import SAME, accepted, valid

SAMPLE = "edexml-2.0/EDEXML.Voorbeeld.2.0.xml"

# In what 2.0 and 2.1 differ: the schema of 2.0 refuses each of these, that of 2.1 takes it.
ONLY_IN_21: list[tuple[str, str]] = [
    ('key="00002"', 'key="00002" eckid="https://id.school/pupil"'),
    ('key="LK3"', 'key="LK3" eckid="https://id.school/teacher"'),
    ("<rol>STA", "<rol>TAL"),
    ('<leerling key="00002"', f'<leerling key="{"x" * 65}"'),
    ("<schoolkey>41323", f"<schoolkey>{'x' * 65}"),
]
EDGES: list[tuple[str, str]] = [
    ('<leerling key="00002"', f'<leerling key="{"x" * 64}"'),
    ("<schoolkey>41323", f"<schoolkey>{'x' * 64}"),
    ("<rol>STA", "<rol>IB"),
]


@pytest.fixture(scope="session")
def schema_20(standard_rosters: Path) -> etree.XMLSchema:
    """The standard's schema of EDEXML 2.0."""
    return etree.XMLSchema(etree.parse(standard_rosters / "edexml-2.0" / "EDEXML.structuur.xsd"))


@pytest.fixture(scope="session")
def sample_20(standard_rosters: Path) -> str:
    """The standard's own sample of 2.0 as text."""
    return (standard_rosters / SAMPLE).read_text(encoding="utf-8")


def test_the_sample_of_20_loads(standard_rosters: Path) -> None:
    """Three pupils, eight groups and three teachers are read, and no ECK iD."""
    with (standard_rosters / SAMPLE).open("rb") as source:
        roster = edexml.read(source)
    assert (roster.brin, len(roster.pupils), len(roster.groups)) == ("99ZZ", 3, 8)
    assert len(roster.teachers) == 3
    assert all(pupil.eck_id is None for pupil in roster.pupils)


@pytest.mark.parametrize("change", SAME, ids=lambda change: f"{change[0][:20]}>{change[1][:40]}")
def test_reader_and_schema_of_20_judge_alike(
    schema_20: etree.XMLSchema, sample_20: str, change: tuple[str, str]
) -> None:
    """What is held against the schema of 2.1 is held against that of 2.0, where the sample has it.

    Neither sample names the other's elements, so a few changes find nothing to change.
    """
    changed = sample_20.replace(*change, 1)
    assert accepted(changed) == valid(schema_20, changed)


@pytest.mark.parametrize("change", ONLY_IN_21 + EDGES, ids=lambda change: change[1][:30])
def test_what_21_added_is_refused_in_20(
    schema_20: etree.XMLSchema, sample_20: str, change: tuple[str, str]
) -> None:
    """ECK iDs, the role TAL and keys over 64 characters are of 2.1; a roster of 2.0 has none."""
    assert change[0] in sample_20
    changed = sample_20.replace(*change, 1)
    assert accepted(changed) == valid(schema_20, changed) == (change in EDGES)


@pytest.mark.parametrize("change", ONLY_IN_21, ids=lambda change: change[1][:30])
def test_what_21_added_is_taken_in_21(sample_20: str, change: tuple[str, str]) -> None:
    """The same roster that calls itself 2.1 may have them."""
    changed = sample_20.replace("<xsdversie>2.0", "<xsdversie>2.1").replace(*change, 1)
    assert accepted(changed)
