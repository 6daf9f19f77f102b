"""Holds the reader against the standard's own schema and samples."""

import re
from collections.abc import Iterator
from io import BytesIO
from pathlib import Path

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from lxml import etree  # pyright: ignore[reportAttributeAccessIssue]

from domain.imports import edexml
from domain.imports.problems import Refused

SAMPLE = "edexml-2.1/EDEXML.Voorbeeld.2.1.xml"

# Elements that the reader never takes a value from; only their place is checked.
NOT_READ = frozenset(
    """omschrijving mutatiedatum toevoegingen blok code opmerking commentaar start_ondw_jgr3
    gebruikersnaam emailadres fotourl etniciteit land land_vader land_moeder gewicht
    gewicht_nieuw bsn_ondwnr-4 rijksregisternummer postnummerbe postcodeoverig
    instellingsnummer""".split()  # noqa: SIM905 - one word per name reads best
)


@pytest.fixture(scope="session")
def schema(standard_rosters: Path) -> etree.XMLSchema:
    """The standard's schema of EDEXML 2.1."""
    return etree.XMLSchema(etree.parse(standard_rosters / "edexml-2.1" / "EDEXML.structuur.xsd"))


@pytest.fixture(scope="session")
def sample(standard_rosters: Path) -> str:
    """The standard's own sample as text."""
    return (standard_rosters / SAMPLE).read_text(encoding="utf-8")


def accepted(text: str) -> bool:
    """Whether the reader takes the roster without noting anything at a line."""
    try:
        roster = edexml.read(BytesIO(text.encode()))
    except Refused:
        return False
    return all(w.line is None or w.field == "leerling/bsn" for w in roster.warnings)


def valid(schema: etree.XMLSchema, text: str) -> bool:
    """Whether the schema takes the roster."""
    return schema.validate(etree.fromstring(text.encode()))


# What changes in the sample, and what becomes of it; the same at the schema and at the reader.
SAME: list[tuple[str, str]] = [
    ("<school>", "<school>x"),
    ("<school>", '<school a="1">'),
    ("<EDEX ", '<EDEX xml:lang="nl" '),
    ("<schooljaar>2014-2015</schooljaar>", ""),
    ("2014-2015", "2014-2016"),
    ("2014-2015", " 2014-2015"),
    ("<peildatum>2014-10-01", "<peildatum>2014-02-29"),
    ("<peildatum>2014-10-01", "<peildatum>2014-10-01+01:00"),
    ("<peildatum>2014-10-01", "<peildatum>2014-10-01+14:01"),
    ("<peildatum>2014-10-01", "<peildatum>2014-10-01-14:00"),
    ("<peildatum>2014-10-01", "<peildatum>1-10-2014"),
    ("<peildatum>2014-10-01", "<peildatum>0000-10-01"),
    ("<peildatum>2014-10-01</peildatum>", ""),
    ("99ZZ", "99zz"),
    ("99ZZ", "9ZZZ"),
    ("99ZZ", "99ZZ00"),
    ("99ZZ", "99ZZ\n"),
    ("<dependancecode>00", "<dependancecode>0"),
    ("<dependancecode>00</dependancecode>", ""),
    ("41323", ""),
    ("41323", "x" * 256),
    ("41323", "x" * 257),
    ("14:33:33", "24:00:00"),
    ("14:33:33", "24:00:01"),
    ("14:33:33", "14:33:60"),
    ("14:33:33", "14:33"),
    ("14:33:33", "14:33:33.123456789Z"),
    ("Geert Evers", "x" * 128),
    ("Geert Evers", "x" * 129),
    ("<schoolkey>41323</schoolkey>", "<schoolkey>1</schoolkey><schoolkey>2</schoolkey>"),
    ("<vestigingen>", "<vestigingen><vestiging/>"),
    ('<vestiging key="VB">', '<vestiging key="VH">'),
    ("Vestiging Huissen", "x" * 65),
    ("Vestiging Huissen", ""),
    ("<jaargroep>0<", "<jaargroep>9<"),
    ("<jaargroep>0<", "<jaargroep>16<"),
    ("<jaargroep>0<", "<jaargroep>C<"),
    ("<jaargroep>0<", "<jaargroep> 0<"),
    ('<groep key="001">', '<groep key="sg3">'),
    ('<groep key="001">', "<groep>"),
    ("<naam>Kabouters</naam>", "<naam><b/>Kabouters</naam>"),
    ("<naam>Kabouters</naam>", '<naam a="1">Kabouters</naam>'),
    ("<naam>Kabouters</naam>", "<naam>Kab<!-- x -->ou<![CDATA[ters]]></naam>"),
    ('key="00002"', 'key="00001"'),
    ('key="00002"', 'key="00002" eckid=""'),
    ('key="00002"', 'key="00002" eckid="' + "x" * 257 + '"'),
    ('key="00002"', 'key="00002" xsi:nil="true"'),
    ("<roepnaam>Wimpie</roepnaam>", ""),
    ("<roepnaam>Wimpie</roepnaam>", "<voornamen>W</voornamen><roepnaam>W</roepnaam>"),
    ("<roepnaam>Wimpie</roepnaam>", "<roepnaam>Wimpie</roepnaam><achternaam>W</achternaam>"),
    ("<achternaam>Assati</achternaam>", ""),
    ("van 't", "x" * 11),
    ("<voorletters-1>IH", "<voorletters-1>IHIHIHI"),
    ("<geslacht>0", "<geslacht>3"),
    ("<geslacht>0", "<geslacht>9"),
    ("<geslacht>0", "<geslacht> +01 "),
    ("<geslacht>0", "<geslacht>M"),
    ("<geslacht>0", "<geslacht>"),
    ('<groep key="GRP4B"/>', '<groep key="sg1"/>'),
    ('<groep key="GRP4B"/>', '<groep key="GRP4B"> </groep>'),
    ('<groep key="GRP4B"/>', '<groep key="GRP4B"/><groep key="GRP4B"/>'),
    ('<samengestelde_groep key="sg1"/>', '<samengestelde_groep key="sg2"/>'),
    ('<samengestelde_groep key="sg1"/>', '<samengestelde_groep key="GRP4A"/>'),
    ('<samengestelde_groep key="sg1"/>', "<samengestelde_groep/>"),
    ('<vestiging key="VH"/>', '<vestiging key="VX"/>'),
    ("133456785", "13345678"),
    ("133456785", "1334567850"),
    ("133456785", "111222333"),
    ("<bsn>133456785</bsn>", "<bsn>111222333</bsn><onderwijsnummer>101222331</onderwijsnummer>"),
    ("<bsn>133456785</bsn>", "<onderwijsnummer>10122233</onderwijsnummer>"),
    ("<bsn>133456785</bsn>", "<sofinummer>111222333</sofinummer>"),
    ("6971VB", "6971 VB"),
    ("6971VB", "6971vb"),
    ("<instroomdatum>2013-08-25", "<instroomdatum>25-08-2013"),
    ("<uitstroomdatum>2014-07-18", "<uitstroomdatum>2014-07-32"),
    ("<rol>TAL", "<rol>TALX"),
    ("<rol>TAL</rol>", "<rol>TAL</rol><rolomschrijving>x</rolomschrijving><rol>IB</rol>"),
    ("<rol>STA", "<rol>sta"),
    ("Manusje van alles", "x" * 65),
    ('key="LK3"', 'key="LK2"'),
    ('key="LK3"', 'key="LK3" eckid="https://id.school/abcde"'),
    ('<groep key="002"/>', '<groep key="sg2"/>'),
    ('<groep key="002"/>', '<groep key="001"/>'),
    ('<groep key="GRP4A">\n\t\t\t\t\t<rol>', '<groep key="GRP4A">x<rol>'),
    ("<leerkrachten>", "<leerkrachten/><leerkrachten>"),
    ("</leerlingen>", "</leerlingen><leerlingen/>"),
]

# Where the reader differs on purpose: the schema takes these, the reader does not, or the reverse.
DIFFERENT: dict[str, list[tuple[str, str]]] = {
    "the schema's list of school years stops at 2024-2025": [
        ("2014-2015", "2025-2026"),
        ("2014-2015", "2031-2032"),
    ],
    "a school without BRIN cannot be matched to a Dutch branch": [
        ("<brincode>99ZZ</brincode>\n\t\t<dependancecode>00</dependancecode>", ""),
        (
            "<brincode>99ZZ</brincode>\n\t\t<dependancecode>00</dependancecode>",
            "<instellingsnummer>1234</instellingsnummer>",
        ),
    ],
    "another version has other rules, whatever the schema thinks of this file": [
        ("<xsdversie>2.1", "<xsdversie>2.0"),
        ("<xsdversie>2.1", "<xsdversie>x"),
    ],
    "codes in other digits or letters are registered nowhere": [
        ("99ZZ", "٩٩ZZ"),
        ("99ZZ", "99ÄÄ"),
        ("<dependancecode>00", "<dependancecode>٩٩"),
        ("133456785", "١٣٣٤٥٦٧٨٥"),
        ("6971VB", "6971ÄÄ"),
    ],
    "nobody was born before the year 1 or after the year 9999": [
        ("2006-06-21", "-2006-06-21"),
        ("2006-06-21", "12006-06-21"),
    ],
    "a blank name names nobody": [("Wimpie", " "), ("Kabouters", " \n ")],
    "a key with a tab or line break, or a blank one, cannot be delivered again": [
        ('key="00002"', 'key="00002&#10;"'),
        ('key="00002"', 'key=" "'),
    ],
    "a type of its own would change the rules of the element": [
        ('<groep key="GRP4B"/>', '<groep key="GRP4B" xsi:type="GroepReferentieType"/>'),
    ],
    "dates that contradict each other are a mistake": [
        ("<uitstroomdatum>2014-07-18", "<uitstroomdatum>2010-07-18"),
        ("2006-06-21", "2016-06-21"),
    ],
}


@pytest.mark.parametrize("change", SAME, ids=lambda change: f"{change[0][:20]}>{change[1][:40]}")
def test_reader_and_schema_judge_alike(
    schema: etree.XMLSchema, sample: str, change: tuple[str, str]
) -> None:
    """One change to the standard's sample is refused by both or taken by both."""
    assert change[0] in sample
    changed = sample.replace(*change, 1)
    assert accepted(changed) == valid(schema, changed)


@pytest.mark.parametrize("reason", DIFFERENT)
def test_where_the_reader_differs_it_does_so_on_purpose(
    schema: etree.XMLSchema, sample: str, reason: str
) -> None:
    """Every intended difference is real: reader and schema judge differently."""
    for change in DIFFERENT[reason]:
        assert change[0] in sample
        changed = sample.replace(*change, 1)
        assert accepted(changed) != valid(schema, changed), change


def elements(text: str) -> list[etree._Element]:
    """Every element of a document that the reader reads, in order."""

    def walk(element: etree._Element) -> Iterator[etree._Element]:
        yield element
        for child in element:
            if isinstance(child.tag, str) and child.tag not in NOT_READ:
                yield from walk(child)

    return list(walk(etree.fromstring(text.encode())))


def writing(element: etree._Element) -> str:
    """The document of an element as text."""
    return etree.tostring(element.getroottree(), encoding="unicode")


def test_every_element_may_be_left_out_where_the_schema_says_so(
    schema: etree.XMLSchema, sample: str
) -> None:
    """Removing any one element is judged alike, the BRIN excepted."""
    for index in range(1, len(elements(sample))):
        element = elements(sample)[index]
        parent = element.getparent()
        assert parent is not None
        name = element.tag
        parent.remove(element)
        text = writing(parent)
        if name != "brincode":
            assert accepted(text) == valid(schema, text), (index, name)


def test_every_element_keeps_its_place(schema: etree.XMLSchema, sample: str) -> None:
    """Moving any one element behind its next sibling, or doubling it, is judged alike."""
    for index in range(1, len(elements(sample))):
        for double in (False, True):
            element = elements(sample)[index]
            following = element.getnext()
            if double:
                element.addnext(etree.fromstring(etree.tostring(element, with_tail=False)))
            elif following is not None:
                following.addnext(element)
            text = writing(element)
            assert accepted(text) == valid(schema, text), (index, element.tag, double)


SUBSTITUTES = st.one_of(
    st.sampled_from(["", "0", "1", "9", "12", "H", "X", "99ZZ", "LRK", "sg1", "001", "VH"]),
    st.sampled_from(["2014-2015", "2014-10-01", "2014-13-01", "2014-10-01T00:00:00"]),
    st.sampled_from(["6971VB", "111222333", "0" * 9, "x" * 64, "x" * 201, "x" * 257]),
)


@settings(max_examples=200, deadline=None)
@given(data=st.data())
def test_any_value_anywhere_is_judged_alike(
    schema: etree.XMLSchema, sample: str, data: st.DataObject
) -> None:
    """One text or key replaced by another value is refused by both or taken by both."""
    found = elements(sample)
    element = found[data.draw(st.integers(1, len(found) - 1))]
    value = data.draw(SUBSTITUTES)
    if element.tag == "xsdversie" or (element.tag == "brincode" and not value):
        return
    if element.attrib and data.draw(st.booleans()):
        element.set(data.draw(st.sampled_from(sorted(element.attrib))), value)
    elif len(element) == 0:
        element.text = value or None
    text = writing(element)
    judged = valid(schema, text)
    if judged and re.search("(geboorte|uitstroom)datum>20(14|16)", text):
        return  # dates that contradict each other: an intended difference
    assert accepted(text) == judged


def test_the_standards_sample_loads_with_its_warnings(standard_rosters: Path) -> None:
    """Three pupils, a number that fails the eleven-test on line 99, and what is missing."""
    with (standard_rosters / SAMPLE).open("rb") as source:
        roster = edexml.read(source)
    assert (roster.brin, roster.branch_suffix, roster.school_year) == ("99ZZ", "00", "2014-2015")
    assert (len(roster.branches), len(roster.groups), len(roster.pupils)) == (2, 8, 3)
    assert len(roster.teachers) == 3
    assert [(w.line, w.field) for w in roster.warnings if w.line] == [(99, "leerling/bsn")]
    assert any("2 of 3 pupils have no Dutch postcode" in w.rule for w in roster.warnings)


def test_the_flemish_sample_is_refused_for_having_no_brin(standard_rosters: Path) -> None:
    """The answer names the missing BRIN and nothing else."""
    sample = standard_rosters / "edexml-2.1" / "EDEXML.Voorbeeld.2.1-Vla.xml"
    with sample.open("rb") as source, pytest.raises(Refused) as refused:
        edexml.read(source)
    (problem,) = refused.value.problems
    assert "no BRIN" in problem.rule


def test_the_invalid_sample_is_refused_with_its_line(standard_rosters: Path) -> None:
    """The unknown element stands on line 3."""
    sample = standard_rosters / "edexml-2.1-invalid" / "EDEXML.invalid_1.xml"
    with sample.open("rb") as source, pytest.raises(Refused) as refused:
        edexml.read(source)
    assert (refused.value.problems[0].line, refused.value.problems[0].field) == (3, "EDEX")
