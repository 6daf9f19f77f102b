import re
from collections.abc import Callable
from contextlib import suppress
from datetime import UTC, date, datetime, timedelta, timezone
from io import BytesIO
from typing import Literal

import pytest
from hypothesis import given
from hypothesis import strategies as st

from domain.imports import edexml
from domain.imports.edexml_rules import Broken, moment
from domain.imports.problems import MOST_PROBLEMS, Problem, Refused
from tests.domain.imports.conftest import ROSTER

Where = Literal["here", "anywhere"]
Refusal = Callable[..., tuple[Problem, ...]]


def read(text: str) -> edexml.Roster:
    """Read a roster from its text."""
    return edexml.read(BytesIO(text.encode()))


def test_a_roster_is_read_as_it_stands(roster_text: str) -> None:
    """School, branches, groups, pupils and teachers arrive with their ties."""
    roster = read(roster_text)
    assert (roster.brin, roster.branch_suffix, roster.school_year) == ("99AB", "03", "2026-2027")
    assert roster.reference_date == date(2026, 10, 1)
    assert roster.created_at == datetime(2026, 10, 1, 8, 30, tzinfo=UTC)
    assert [branch.key for branch in roster.branches] == ["V1"]
    assert [(g.key, g.composite, g.year_group) for g in roster.groups] == [
        ("G1", False, "11"),
        ("C1", True, None),
    ]
    anna, bo = roster.pupils
    assert (anna.given_name, anna.infix, anna.family_name) == ("Anna", "de", "Vries")
    assert (anna.national_number, anna.birth_date, anna.sex) == (
        "111222333",
        date(2014, 3, 5),
        "female",
    )
    assert (anna.group_key, anna.composite_group_keys, anna.branch_key) == ("G1", ("C1",), "V1")
    assert (anna.postcode, anna.enrolled_from, anna.enrolled_until) == (
        "1234AB",
        date(2026, 8, 24),
        None,
    )
    assert anna.eck_id == "https://ketenid.nl/201703/p1"
    assert (bo.given_name, bo.family_name, bo.postcode, bo.line) == ("Bo", None, None, 38)
    (teacher,) = roster.teachers
    assert (teacher.roles, teacher.group_keys, teacher.composite_group_keys) == (
        ("LRK", "IB"),
        ("G1",),
        ("C1",),
    )


def test_what_is_missing_is_said_once_per_kind_with_a_count(roster_text: str) -> None:
    """Missing postcodes, numbers and dates are one warning each, and guardians always are."""
    said = {warning.field: warning for warning in read(roster_text).warnings}
    assert said["leerling/postcodenl"].rule.startswith("1 of 2 pupils")
    assert "guardians" in said["leerling"].rule
    assert all(w.severity == "warning" and w.line is None for w in said.values())


def test_a_number_that_fails_the_eleven_test_is_dropped_with_its_line(roster_text: str) -> None:
    """The pupil stays, the number goes, and the warning does not repeat it."""
    roster = read(roster_text.replace("111222333", "111222334"))
    assert roster.pupils[0].national_number is None
    (warning,) = [w for w in roster.warnings if w.line is not None]
    assert (warning.line, warning.field, warning.severity) == (34, "leerling/bsn", "warning")
    assert "111222334" not in str(warning)


def test_an_education_number_does_not_pass_for_a_bsn(roster_text: str) -> None:
    """Each number is held to the test of the element it stands in."""
    assert read(roster_text.replace("111222333", "101222331")).pupils[0].national_number is None
    education = roster_text.replace(
        "<bsn>111222333</bsn>", "<onderwijsnummer>101222331</onderwijsnummer>"
    )
    assert read(education).pupils[0].national_number == "101222331"


@pytest.mark.parametrize("encoding", ["iso-8859-1", "windows-1252", "utf-8", "utf-8-sig"])
def test_names_survive_the_encodings_that_are_taken(roster_text: str, encoding: str) -> None:
    """A name with an accent is read the same from each of them."""
    declared = encoding.removesuffix("-sig")
    text = roster_text.replace("UTF-8", declared, 1).replace("Anna Maria", "Anaïs")
    assert edexml.read(BytesIO(text.encode(encoding))).pupils[0].name.given_names == "Anaïs"


@pytest.mark.parametrize("year", ["1991-1992", "2024-2025", "2025-2026", "2031-2032"])
def test_school_years_beyond_the_schema_are_taken(roster_text: str, year: str) -> None:
    """The schema's list stops at 2024-2025; schools do not."""
    text = roster_text.replace("2026-2027", year).replace("2014-03-05", "1985-03-05")
    assert read(text).school_year == year


CHANGES: list[tuple[str, str, Where, str]] = [
    ("2026-2027", "2026-2028", "here", "school/schooljaar"),
    ("2026-2027", "2026/2027", "here", "school/schooljaar"),
    ("2026-2027", "1990-1991", "here", "school/schooljaar"),
    ("99AB", "99ab", "here", "school/brincode"),
    ("99AB", "99AB03", "here", "school/brincode"),
    ("99AB", "٩٩AB", "here", "school/brincode"),
    ("<brincode>99AB</brincode>", "", "anywhere", "school/brincode"),
    ("2026-10-01<", "2026-02-30<", "here", "school/peildatum"),
    ("T08:30:00Z", "T25:30:00Z", "here", "school/aanmaakdatum"),
    ("<xsdversie>2.1", "<xsdversie>1.9", "here", "school/xsdversie"),
    ("2014-03-05", "05-03-2014", "here", "leerling/geboortedatum"),
    ("2014-03-05", "2027-09-05", "anywhere", "leerling/geboortedatum"),
    ("<geslacht>2", "<geslacht>3", "here", "leerling/geslacht"),
    ('<groep key="G1"/>', '<groep key="G9"/>', "here", "leerling/groep/@key"),
    ('<groep key="G1"/>', '<groep key="C1"/>', "here", "leerling/groep/@key"),
    ('<vestiging key="V1"/>', '<vestiging key="V9"/>', "here", "leerling/vestiging/@key"),
    ('key="P2"', 'key="P1"', "here", "leerling/@key"),
    (' key="P2"', "", "here", "leerling/@key"),
    ('key="C1"><naam>', 'key="G1"><naam>', "here", "samengestelde_groep/@key"),
    ("111222333", "11122233", "here", "leerling/bsn"),
    ("1234AB", "1234 AB", "here", "leerling/postcodenl"),
    ("<rol>LRK", "<rol>XXX", "here", "leerkracht/rol"),
    ("<instroomdatum>", "<instroomdatum><x/>", "here", "leerling/instroomdatum"),
    ("<instroomdatum>2026-08-24</instroomdatum>",
     "<instroomdatum>2026-08-24</instroomdatum><uitstroomdatum>2026-08-01</uitstroomdatum>",
     "anywhere", "leerling/uitstroomdatum"),
    ("<leerlingen>", "<leerlingen>Vries", "anywhere", "leerlingen"),
    ("<roepnaam>Bo</roepnaam>", "", "here", "leerling/achternaam"),
]  # fmt: skip


@pytest.mark.parametrize("change", CHANGES)
def test_a_broken_rule_is_refused_with_line_and_field(
    roster_text: str, refusal: Refusal, change: tuple[str, str, Where, str]
) -> None:
    """One change to a valid roster gives a problem at its place first."""
    old, new, where, field = change
    assert old in roster_text
    problem = refusal(roster_text.replace(old, new, 1))[0]
    assert problem.field == field
    line = roster_text[: roster_text.index(old)].count("\n") + 1
    assert where == "anywhere" or problem.line == line


def test_problems_repeat_no_delivered_value(roster_text: str, refusal: Refusal) -> None:
    """Names, keys, numbers, dates and unknown element names stay in the file."""
    for secret, text in {
        "Zorglub": roster_text.replace("<roepnaam>Anna</roepnaam>", "<Zorglub/>"),
        "999888777x": roster_text.replace("111222333", "999888777x"),
        "31-12-2013": roster_text.replace("2014-03-05", "31-12-2013"),
        "Zorg-key": roster_text.replace('<groep key="G1"/>', '<groep key="Zorg-key"/>'),
        "Zorgattr": roster_text.replace('key="P2"', "Zorgattr"),
    }.items():
        assert not any(secret in str(problem) for problem in refusal(text))


BOMB = (
    b'<?xml version="1.0"?>\n<!DOCTYPE EDEX [<!ENTITY a "ha"><!ENTITY b "&a;&a;&a;&a;&a;">'
    b'<!ENTITY c "&b;&b;&b;&b;&b;"><!ENTITY d "&c;&c;&c;&c;&c;">]>\n<EDEX>&d;</EDEX>'
)
HOSTILE: dict[str, tuple[bytes, str]] = {
    "entity bomb": (
        BOMB,
        "DOCTYPE",
    ),
    "external entity": (
        b'<!DOCTYPE EDEX [<!ENTITY x SYSTEM "file:///etc/hostname">]><EDEX>&x;</EDEX>',
        "DOCTYPE",
    ),
    "external subset": (b'<!DOCTYPE EDEX SYSTEM "http://127.0.0.1:9/x.dtd"><EDEX/>', "DOCTYPE"),
    "hidden doctype": (b"<!-- x --><?y z?>\n<!DOCTYPE EDEX><EDEX/>", "DOCTYPE"),
    "undeclared entity": (b"<EDEX>\n&x;</EDEX>", "entity"),
    "entity in an attribute": (b'<EDEX a="&x;"/>', "entity"),
    "deep nesting": (b"<EDEX>" + b"<a>" * 20_000, "nested"),
    "own depth": (b"<EDEX>" + b"<a>" * 40 + b"</a>" * 40 + b"</EDEX>", "nested"),
    "one huge record": (b"<EDEX><leerlingen><leerling>" + b"<a/>" * 20_000, "One record"),
    "one huge text": (b"<EDEX><school>" + b"x" * 11_000_000, "too long"),
    "empty": (b"", "no XML"),
    "blank": (b" \n ", "no XML"),
    "not XML": (b"PK\x03\x04 an archive", "no XML"),
    "nothing but a comment": (b"<!-- " + b"x" * 70_000 + b" --><EDEX/>", "64 KiB"),
    "utf-16": (ROSTER.replace("UTF-8", "UTF-16").encode("utf-16"), "encoding"),
    "utf-32": (ROSTER.replace("UTF-8", "UTF-32").encode("utf-32-be"), "encoding"),
    "utf-7": (ROSTER.replace("UTF-8", "UTF-7").encode("utf-7"), "encoding"),
    "unknown encoding": (ROSTER.replace("UTF-8", "x-klingon").encode(), "encoding"),
    "other encoding than declared": (
        ROSTER.replace("Anna Maria", "Anaïs").encode("iso-8859-1"),
        "not in the encoding",
    ),
    "null byte": (ROSTER.replace("Anna Maria", "An\x00na").encode(), "not allowed in XML"),
    "tags crossed": (b"<EDEX>\n<a><b></a></b></EDEX>", "closed by another name"),
    "attribute twice": (b'<EDEX a="1" a="2"/>', "not well-formed"),
    "something after the root": (ROSTER.encode() + b"<EDEX/>", "not well-formed"),
    "another root": (b"<UWLR/>", "not EDEX"),
    "another namespace": (b'<EDEX xmlns="urn:x"/>', "not EDEX"),
}


@pytest.mark.parametrize("name", HOSTILE)
def test_hostile_and_broken_xml_is_refused(refusal: Refusal, name: str) -> None:
    """Bombs, foreign entities, wrong encodings and broken files get a clear answer."""
    data, words = HOSTILE[name]
    assert any(words in problem.rule for problem in refusal(data))


def test_the_line_of_a_document_type_is_told(refusal: Refusal) -> None:
    """A refusal of a bomb points at it."""
    data, _ = HOSTILE["entity bomb"]
    assert refusal(data)[0].line == 2


def test_a_file_over_the_limit_is_refused_before_it_is_read(
    roster_text: str, refusal: Refusal
) -> None:
    """Nothing more is taken from the source than the limit and one piece."""

    class Endless(BytesIO):
        taken = 0

        def readline(self, size: int | None = -1) -> bytes:
            self.taken += size or 0
            return b" " * (size or 0)

    source = Endless(roster_text.encode())
    with pytest.raises(Refused, match="larger than 1000000 bytes"):
        edexml.read(source, limit_bytes=1_000_000)
    assert source.taken < 1_100_000
    assert "larger than 100 bytes" in refusal(roster_text, limit_bytes=100)[0].rule


def test_every_truncation_is_refused(roster_text: str, refusal: Refusal) -> None:
    """A file cut off anywhere before its end is refused, never read in part."""
    data = roster_text.rstrip().encode()
    for end in range(0, len(data), 7):
        refusal(data[:end])


def test_lines_stay_exact_in_long_files(roster_text: str, refusal: Refusal) -> None:
    """Beyond line 65,535, where the parser stops counting, problems still have their line."""
    many = "".join(
        f'<leerling key="X{n}">\n<roepnaam>X</roepnaam>\n\n\n</leerling>\n' for n in range(20_000)
    )
    text = roster_text.replace("  </leerlingen>", many + '<leerling\nkey="P1"/></leerlingen>')
    line = text[: text.index('key="P1"/>')].count("\n") + 1
    assert line > 100_000
    assert {problem.line for problem in refusal(text)} == {line}


def test_a_file_of_mistakes_gets_a_bounded_answer(roster_text: str, refusal: Refusal) -> None:
    """Half a million broken records give a thousand problems, and reading stops early."""
    text = roster_text.replace("<leerlingen>", "<leerlingen>" + "<x/>" * 500_000)
    problems = refusal(text)
    assert len(problems) == MOST_PROBLEMS
    assert re.search(r"At least \d{4} more problems", problems[-1].rule)


def test_a_file_of_too_many_elements_is_refused(roster_text: str, refusal: Refusal) -> None:
    """Pupils that break no rule are read up to a number of elements."""
    many = "".join(f'<leerling key="X{n}"><roepnaam>X</roepnaam></leerling>' for n in range(80_001))
    problems = refusal(roster_text.replace("</leerlingen>", many + "</leerlingen>"))
    assert any("more than 160,000 elements" in problem.rule for problem in problems)


@given(
    st.lists(
        st.tuples(st.integers(0, len(ROSTER)), st.integers(0, 40), st.binary(max_size=12)),
        min_size=1,
        max_size=4,
    )
)
def test_no_damage_raises_anything_but_a_refusal(damage: list[tuple[int, int, bytes]]) -> None:
    """Whatever bytes are cut out or put in, the answer is a roster or a refusal."""
    data = ROSTER.encode()
    for at, cut, put in damage:
        data = data[:at] + put + data[at + cut :]
    with suppress(Refused):
        assert edexml.read(BytesIO(data)).brin


@given(st.binary(max_size=300))
def test_no_bytes_raise_anything_but_a_refusal(data: bytes) -> None:
    """Arbitrary bytes are refused."""
    with pytest.raises(Refused):
        edexml.read(BytesIO(data))


def test_moments_are_read_with_and_without_zone() -> None:
    """Fractions are cut to microseconds, midnight may be written as 24:00:00."""
    amsterdam = timezone(timedelta(hours=2))
    assert moment("2026-10-01T24:00:00") == datetime(2026, 10, 2)  # noqa: DTZ001 - has no zone
    assert moment("2026-10-01T08:30:00.5+02:00") == datetime(
        2026, 10, 1, 8, 30, 0, 500_000, tzinfo=amsterdam
    )
    assert moment("2026-10-01T08:30:00.123456789-01:00").microsecond == 123_456
    for text in ("2026-10-01", "2026-10-01T24:00:01", "2026-13-01T00:00:00", "9999-12-31T24:00:00"):
        with pytest.raises(Broken):
            moment(text)
