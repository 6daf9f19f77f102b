"""The rules of EDEXML 2.0 and 2.1 that the reader holds a roster to, in its own words.

Source: EDEXML 2.0 (concept of October 2014) and 2.1 (schemas of December 2016 and February 2017),
afspraken of Edustandaard. They differ in what an `Edition` holds and in nothing else. Stricter or
wider than the schemas in these points only:

- school years after 2024-2025, where the schema's list stops, are admitted;
- a school has a BRIN; the Flemish institution number and schools with a key alone are refused;
- digits and letters of codes are ASCII, and years have four digits;
- names are not blank, and keys hold no tabs or line breaks;
- elements name no schema type of their own (`xsi:type`) outside additions;
- nobody is born after the school year, and no enrolment ends before it begins.
"""

import re
from collections.abc import Callable, Iterator, Mapping, Sequence
from contextlib import suppress
from dataclasses import dataclass
from datetime import UTC, date, datetime, timedelta, timezone
from typing import Final

from domain.imports.roster_records import Sex

YEAR_GROUPS: Final = frozenset(
    {"B", "D", *(str(n) for n in range(9)), *(str(n) for n in range(11, 17)), *"SVCNH"}
)
"""Jaargroep: baby, toddler, 0 to 8 primary, 11 to 16 secondary, S, V, combined, none, history."""

ROLES: Final = frozenset(
    "ADJ ADM CON DIR ICT IB KLA LRK LOS LOC OWA OUD RT SMW STA TAL VAK".split()  # noqa: SIM905 - codes read best as one line
)
"""Rol of a teacher: the closed list of the format."""


@dataclass(frozen=True, slots=True)
class Edition:
    """What one version of the format has its own: length of keys, ECK iDs, roles of teachers."""

    name: str
    longest_key: int
    eck_ids: bool
    roles: frozenset[str]


EDITIONS: Final[Mapping[str, Edition]] = {
    "2.0": Edition("2.0", 64, eck_ids=False, roles=ROLES - {"TAL"}),
    "2.1": Edition("2.1", 256, eck_ids=True, roles=ROLES),
}
NEWEST: Final = EDITIONS["2.1"]
"""The edition of a roster that does not say its own."""

_FIRST_SCHOOL_YEAR: Final = 1991
_SEXES: Final[Mapping[int, Sex]] = {
    0: "not_known",
    1: "male",
    2: "female",
    9: "not_specified",
}

_SCHOOL_YEAR: Final = re.compile(r"([0-9]{4})-([0-9]{4})")
_ZONE: Final = r"(?:Z|[+-](?:0[0-9]|1[0-3]):[0-5][0-9]|[+-]14:00)"
_DATE: Final = re.compile(rf"([0-9]{{4}}-[0-9]{{2}}-[0-9]{{2}}){_ZONE}?")
_MOMENT: Final = re.compile(
    r"(?P<day>[0-9]{4}-[0-9]{2}-[0-9]{2})"
    r"T(?P<time>(?:[01][0-9]|2[0-3]):[0-5][0-9]:[0-5][0-9](?:\.[0-9]+)?|24:00:00(?:\.0+)?)"
    rf"(?P<zone>{_ZONE})?"
)


class Broken(Exception):  # noqa: N818 - a rule is broken; the caller says where
    """A value breaks a rule: which one, and what to do about it. The value itself is not kept."""

    def __init__(self, rule: str, advice: str) -> None:
        super().__init__(rule)
        self.rule = rule
        self.advice = advice


@dataclass(frozen=True, slots=True)
class Slot:
    """One place in the order of an element's children, for one of the names, once or many times."""

    names: tuple[str, ...]
    required: bool = False
    many: bool = False


def slots(text: str) -> tuple[Slot, ...]:
    """Slots from a line such as `naam! a|b omschrijving rol*`: `!` required, `*` many."""
    return tuple(
        Slot(tuple(word.strip("!*").split("|")), required="!" in word, many="*" in word)
        for word in text.split()
    )


_NAME: Final = "achternaam voorvoegsel voornamen voorletters-1 roepnaam"

CHILDREN: Final[Mapping[str, tuple[Slot, ...]]] = {
    "EDEX": slots("school! vestigingen groepen leerlingen! leerkrachten"),
    "school": slots(
        "schooljaar! peildatum brincode|instellingsnummer dependancecode schoolkey"
        " aanmaakdatum auteur xsdversie commentaar toevoegingen"
    ),
    "vestigingen": slots("vestiging!*"),
    "vestiging": slots("naam! omschrijving mutatiedatum"),
    "groepen": slots("groep|samengestelde_groep!*"),
    "groep": slots("naam! jaargroep! omschrijving toevoegingen mutatiedatum"),
    "samengestelde_groep": slots("naam! omschrijving toevoegingen mutatiedatum"),
    "leerlingen": slots("leerling!*"),
    "leerling": slots(
        f"{_NAME} geboortedatum geslacht start_ondw_jgr3 jaargroep groep samengestelde_groepen"
        " vestiging gebruikersnaam emailadres fotourl etniciteit land land_vader land_moeder"
        " sofinummer|bsn|onderwijsnummer|bsn_ondwnr-4|rijksregisternummer gewicht_nieuw gewicht"
        " postcodenl|postnummerbe|postcodeoverig instroomdatum uitstroomdatum toevoegingen"
        " mutatiedatum"
    ),
    "leerling/samengestelde_groepen": slots("samengestelde_groep!*"),
    "leerkrachten": slots("leerkracht!*"),
    "leerkracht": slots(
        f"{_NAME} gebruikersnaam emailadres rol|rolomschrijving* groepen toevoegingen mutatiedatum"
    ),
    "leerkracht/groepen": slots("groep|samengestelde_groep!*"),
    "leerkracht/groepen/groep": slots("rol|rolomschrijving*"),
}
"""The children of each element that is read, in the order of the format."""

ATTRIBUTES: Final[Mapping[str, tuple[frozenset[str], frozenset[str]]]] = {
    "vestiging": (frozenset({"key"}), frozenset()),
    "groep": (frozenset({"key"}), frozenset()),
    "samengestelde_groep": (frozenset({"key"}), frozenset()),
    "leerling": (frozenset({"key"}), frozenset({"eckid"})),
    "leerkracht": (frozenset({"key"}), frozenset({"eckid"})),
}
"""Required and optional attributes by element; every other element has none."""


class Order:
    """Follows the children of one element and says what is wrong with their order."""

    def __init__(self, slots: Sequence[Slot]) -> None:
        self._slots = slots
        self._at = 0
        self._filled = False

    def take(self, name: str) -> Iterator[Broken]:
        """Take the next child; yield what is wrong with its coming here."""
        for index in range(self._at, len(self._slots)):
            slot = self._slots[index]
            if name in slot.names and (index > self._at or not self._filled or slot.many):
                yield from self._missing(index)
                self._at, self._filled = index, True
                return
        if any(name in slot.names for slot in self._slots):
            yield Broken(
                f"`{name}` comes twice, beside its alternative, or later than the format has it.",
                f"Keep it once, in this order: {self._order()}.",
            )
        else:
            yield Broken(
                "An element stands here that the format does not have.",
                f"Remove it; these may stand here: {self._order()}.",
            )

    def end(self) -> Iterator[Broken]:
        """Yield what is missing at the end."""
        yield from self._missing(len(self._slots))

    def _missing(self, until: int) -> Iterator[Broken]:
        for index in range(self._at + self._filled, until):
            if self._slots[index].required:
                name = " or ".join(self._slots[index].names)
                yield Broken(f"`{name}` is missing.", f"Add it, in this order: {self._order()}.")

    def _order(self) -> str:
        return ", ".join("|".join(slot.names) for slot in self._slots)


def text(longest: int) -> Callable[[str], str]:
    """Make a check for a text of 1 to `longest` characters that is not blank."""

    def check(value: str) -> str:
        if not 1 <= len(value) <= longest:
            raise Broken(
                f"The text is not 1 to {longest} characters long.", "Fill it or shorten it."
            )
        collapsed = " ".join(value.split())
        if not collapsed:
            raise Broken("The text is blank.", "Fill it, or leave the element out.")
        return collapsed

    return check


def key(longest: int) -> Callable[[str], str]:
    """Make a check for a key: 1 to `longest` characters without tabs or line breaks, kept as is."""

    def check(value: str) -> str:
        if not 1 <= len(value) <= longest:
            raise Broken(
                f"The key is not 1 to {longest} characters long.", "Give the school's own key."
            )
        if not value.strip() or any(character < " " for character in value):
            raise Broken("The key is blank or holds a tab or line break.", "Give a plain key.")
        return value

    return check


def pattern(expression: str, rule: str, advice: str) -> Callable[[str], str]:
    """Make a check for a text that matches an expression as a whole."""
    compiled = re.compile(expression)

    def check(value: str) -> str:
        if compiled.fullmatch(value) is None:
            raise Broken(rule, advice)
        return value

    return check


def one_of(values: frozenset[str], rule: str) -> Callable[[str], str]:
    """Make a check for a code of a closed list."""

    def check(value: str) -> str:
        if value not in values:
            raise Broken(rule, f"Use one of: {', '.join(sorted(values))}.")
        return value

    return check


brin = pattern(
    r"[0-9]{2}[A-Z]{2}",
    "A BRIN is two digits and two capital letters.",
    "Give the BRIN of the school; the branch goes into `dependancecode`.",
)
branch_suffix = pattern(
    r"[0-9]{2}", "A dependancecode is two digits.", "Give two digits, or leave it out for 00."
)
nine_digits = pattern(
    r"[0-9]{9}", "The number is not nine digits.", "Give nine digits, or leave the element out."
)
dutch_postcode = pattern(
    r"[0-9]{4}[A-Z]{2}",
    "A Dutch postcode is four digits and two capital letters without a space.",
    "Correct it, or leave the element out.",
)
year_group = one_of(YEAR_GROUPS, "The year group (jaargroep) is not in the format's list.")


def role(edition: Edition) -> Callable[[str], str]:
    """Make a check for a role code of an edition."""
    return one_of(edition.roles, "The role (rol) is not in the format's list.")


def school_year(value: str) -> str:
    """Check a school year: two consecutive years as `YYYY-YYYY`, from 1991-1992 on."""
    match = _SCHOOL_YEAR.fullmatch(value)
    if match is None or int(match[2]) != int(match[1]) + 1 or int(match[1]) < _FIRST_SCHOOL_YEAR:
        raise Broken(
            "A school year is two consecutive years.", "Write it as 2026-2027, from 1991-1992 on."
        )
    return value


def day(value: str) -> date:
    """Check a date, `YYYY-MM-DD`; a time zone may follow and is dropped."""
    match = _DATE.fullmatch(value)
    with suppress(ValueError):
        if match is not None:
            return date.fromisoformat(match[1])
    raise Broken("This is not an existing date.", "Write it as YYYY-MM-DD.")


def moment(value: str) -> datetime:
    """Check a date with a time, `YYYY-MM-DDThh:mm:ss`, with or without a time zone.

    Fractions beyond microseconds are cut; 24:00:00 is the begin of the next day.
    """
    match = _MOMENT.fullmatch(value)
    with suppress(ValueError, OverflowError):
        if match is not None:
            return _moment(match)
    raise Broken("This is not an existing date and time.", "Write it as YYYY-MM-DDThh:mm:ss.")


def _moment(match: re.Match[str]) -> datetime:
    midnight = match["time"].startswith("24")
    time = "00:00:00" if midnight else match["time"][:15]
    whole, _, fraction = time.partition(".")
    found = datetime.fromisoformat(f"{match['day']}T{whole}")  # the zone follows
    found = found.replace(microsecond=int(fraction.ljust(6, "0") or 0))
    if midnight:
        found += timedelta(days=1)
    return found.replace(tzinfo=_zone(match["zone"]))


def _zone(written: str | None) -> timezone | None:
    if written is None:
        return None
    if written == "Z":
        return UTC
    offset = timedelta(hours=int(written[1:3]), minutes=int(written[4:6]))
    return timezone(-offset if written[0] == "-" else offset)


def sex(value: str) -> Sex:
    """Check a sex (geslacht): 0, 1, 2 or 9 of NEN-ISO 5218."""
    written = value.strip(" \t\r\n")
    found = _SEXES.get(int(written)) if re.fullmatch(r"[+-]?[0-9]{1,9}", written) else None
    if found is None:
        raise Broken("The sex (geslacht) is not 0, 1, 2 or 9.", "Use the codes of NEN-ISO 5218.")
    return found
