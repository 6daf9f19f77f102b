"""The attendance block of an OSO dossier: what is read, and that nothing else is."""

from __future__ import annotations

from io import BytesIO
from pathlib import Path

import pytest
from lxml import etree  # pyright: ignore[reportAttributeAccessIssue]

from domain.imports.oso import AttendanceTotals, Transfer
from domain.imports.problems import Refused
from domain.imports.receipts import DeliveryKind
from tests.domain.imports.samples import OSO, read, where

KIND = DeliveryKind.TRANSFER_OSO
SAMPLE = "oso-2019.1/Voorbeelddossier_PaO_VOSWV_opt_out.xml"


def transfer(data: bytes) -> Transfer:
    """Read a dossier."""
    found = read(KIND, data)
    assert isinstance(found, Transfer)
    return found


def test_the_totals_are_read_and_nothing_else() -> None:
    """Seven fields of the block arrive, those that it lacks are None, and no name is kept."""
    found = transfer(OSO)
    assert found.totals == AttendanceTotals(
        authorised_day_parts=7,
        unauthorised_day_parts=3,
        authorised_hours=None,
        unauthorised_hours=None,
        more_than_a_quarter=False,
        times_unauthorised=2,
        officer_contacted=True,
        region_notified=None,
    )
    assert "anarie" not in repr(found)
    assert "without days" in found.warnings[0].rule


def test_a_dossier_that_opted_out_has_no_totals(standard_rosters: Path) -> None:
    """The standard's sample leaves the block out on request, and the receipt says so."""
    found = transfer((standard_rosters / SAMPLE).read_bytes())
    assert found.totals is None
    assert "leaves the attendance block out" in found.warnings[0].rule


def test_a_dossier_without_the_block_is_said_to_have_none() -> None:
    """Not opted out and yet without: somebody may want to ask."""
    begin, end = OSO.index(b"<verzuim>"), OSO.index(b"</verzuim>") + len("</verzuim>")
    found = transfer(OSO[:begin] + OSO[end:])
    assert (found.totals, found.warnings[0].rule) == (None, "The dossier has no attendance block.")


BAD: dict[str, tuple[str, str, str]] = {
    "another version": ("/2019/", "/2018/", "file"),
    "words for a number": (">7<", ">zeven<", "verzuim/dagdelengeoorloofd"),
    "less than nothing": (">7<", ">-7<", "verzuim/dagdelengeoorloofd"),
    "a huge number": (">7<", f">{'9' * 4_000}<", "verzuim/dagdelengeoorloofd"),
    "an element in a number": (">7<", "><b/>7<", "verzuim/dagdelengeoorloofd"),
    "words for a truth": (">false<", ">nee<", "verzuim/meerdan25percent"),
    "an unknown element": ("<frequentie>2</frequentie>", "<vaak>2</vaak>", "verzuim"),
    "out of order": ("<verzuim>", "<verzuim><rmcmelding>true</rmcmelding>", "verzuim"),
    "the block twice": ("</verzuim>", "</verzuim><verzuim></verzuim>", "verzuim"),
    "an entity": ("<dossier", "<!DOCTYPE d [<!ENTITY a 'b'>]><dossier", "file"),
    "cut off": ("</dossier>", "", "file"),
}


@pytest.mark.parametrize("name", BAD)
def test_a_bad_block_is_refused_with_line_and_field(name: str) -> None:
    """Each is refused at its line, in the format's own words."""
    old, new, field = BAD[name]
    assert old in OSO.decode()
    with pytest.raises(Refused) as refused:
        read(KIND, OSO.decode().replace(old, new, 1).encode())
    (line, found), *_ = where(refused.value.problems)
    assert found == field
    assert line is not None


BLOCKS = [
    "",
    "<dagdelengeoorloofd>7</dagdelengeoorloofd>",
    "<urengeoorloofd>0</urengeoorloofd><urenongeoorloofd>+16</urenongeoorloofd>",
    "<urenongeoorloofd>1</urenongeoorloofd><urengeoorloofd>1</urengeoorloofd>",
    "<meerdan25percent>1</meerdan25percent><frequentie> 4 </frequentie>",
    "<meerdan25percent>ja</meerdan25percent>",
    "<frequentie>2.5</frequentie>",
    "<frequentie>2</frequentie><frequentie>2</frequentie>",
    "<contactleerplicht>true</contactleerplicht><rmcmelding>false</rmcmelding>",
    "<onbekend/>",
]


@pytest.mark.parametrize("block", BLOCKS)
def test_reader_and_schema_judge_the_block_alike(standard_rosters: Path, block: str) -> None:
    """Put into the standard's sample, a block is refused by both or taken by both."""
    schema = etree.XMLSchema(etree.parse(standard_rosters / "oso-2019.1" / "OSO_gegevensset.xsd"))
    text = (standard_rosters / SAMPLE).read_text(encoding="utf-8")
    tree = etree.parse(BytesIO(text.encode()))
    # The sample breaks its schema elsewhere, if it does: only the block's own errors count.
    before = _errors(schema, text)
    # The block stands before the closing elements of the pupil that the schema has after it.
    place = text.index("</onderwijsondersteuning>") + len("</onderwijsondersteuning>")
    made = f"{text[:place]}<verzuim>{block}</verzuim>{text[place:]}"
    assert tree.getroot().tag.endswith("dossier")
    try:
        taken = transfer(made.encode()).totals is not None
    except Refused:
        taken = False
    assert taken == (_errors(schema, made) == before)


def _errors(schema: etree.XMLSchema, text: str) -> list[str]:
    schema.validate(etree.parse(BytesIO(text.encode())))
    return [error.message for error in schema.error_log]
