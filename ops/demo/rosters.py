"""Rosters in EDEXML 2.1, as a school administration system would export them."""

from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass
from datetime import date
from html import escape

from ops.demo.people import Child, Person, person, stream
from ops.demo.region import School


@dataclass(frozen=True, slots=True)
class RosterGroup:
    """A class on a roster: its key (also its name), year group and teacher."""

    key: str
    year_group: int
    teacher: Person


@dataclass(frozen=True, slots=True)
class RosterPlace:
    """The branch that a roster is of: `branch_code` is BRIN and dependancecode."""

    branch_code: str
    branch_key: str
    name: str


@dataclass(frozen=True, slots=True)
class RosterLine:
    """A pupil on a roster of one school year."""

    child: Child
    year_group: int
    group: str


def place_of(school: School) -> RosterPlace:
    """Return a school of the region as its rosters name it."""
    return RosterPlace(school.branch_code, school.branch_key, school.name)


def lines_of(children: Iterable[Child], *, before: bool) -> list[RosterLine]:
    """Return the pupils of the present school year, or those who were there the year before."""
    if not before:
        return [RosterLine(child, child.year_group, child.group) for child in children]
    return [
        RosterLine(child, child.year_group - 1, child.group_before)
        for child in children
        if child.group_before is not None
    ]


def groups_of(lines: Sequence[RosterLine], branch_code: str, year: int) -> list[RosterGroup]:
    """Return the classes that the pupils of a roster are in, each with a teacher of its own."""
    found = dict.fromkeys((line.group, line.year_group) for line in lines)
    return [
        RosterGroup(group, year_group, person(stream("teacher", branch_code, year, group)))
        for group, year_group in found
    ]


def edexml(
    place: RosterPlace,
    year: int,
    groups: Sequence[RosterGroup],
    lines: Sequence[RosterLine],
    *,
    until: date,
) -> bytes:
    """Return the roster of a branch for the school year that starts in `year`, in UTF-8.

    It shows the first of October, the day pupils are counted on, unless `until` comes before.
    """
    reference = max(date(year, 8, 1), min(date(year, 10, 1), until))
    written = [
        '<?xml version="1.0" encoding="UTF-8"?>',
        "<EDEX>",
        *_school(place, year, reference),
        "<vestigingen>",
        f'<vestiging key="{_text(place.branch_key)}"><naam>{_text(place.name)}</naam></vestiging>',
        "</vestigingen>",
        "<groepen>",
        *(
            f'<groep key="{_text(group.key)}"><naam>{_text(group.key)}</naam>'
            f"<jaargroep>{group.year_group}</jaargroep></groep>"
            for group in groups
        ),
        "</groepen>",
        "<leerlingen>",
        *("".join(_pupil(place, line)) for line in lines),
        "</leerlingen>",
        "<leerkrachten>",
        *("".join(_teacher(group)) for group in groups),
        "</leerkrachten>",
        "</EDEX>",
        "",
    ]
    return "\n".join(written).encode()


def _school(place: RosterPlace, year: int, reference: date) -> Iterator[str]:
    yield "<school>"
    yield f"<schooljaar>{year}-{year + 1}</schooljaar>"
    yield f"<peildatum>{reference.isoformat()}</peildatum>"
    yield f"<brincode>{place.branch_code[:4]}</brincode>"
    yield f"<dependancecode>{place.branch_code[4:]}</dependancecode>"
    yield f"<aanmaakdatum>{reference.isoformat()}T08:00:00</aanmaakdatum>"
    yield "<auteur>Schakel</auteur>"
    yield "<xsdversie>2.1</xsdversie>"
    yield "</school>"


def _pupil(place: RosterPlace, line: RosterLine) -> Iterator[str]:
    child = line.child
    yield f'<leerling key="{_text(child.key)}">'
    yield from _name(child.person)
    yield f"<geboortedatum>{child.birth_date.isoformat()}</geboortedatum>"
    yield f"<geslacht>{child.sex}</geslacht>"
    yield f"<jaargroep>{line.year_group}</jaargroep>"
    yield f'<groep key="{_text(line.group)}"/>'
    yield f'<vestiging key="{_text(place.branch_key)}"/>'
    if child.number is not None:
        yield f"<bsn>{child.number}</bsn>"
    if child.postcode is not None:
        yield f"<postcodenl>{child.postcode}</postcodenl>"
    yield f"<instroomdatum>{child.entered.isoformat()}</instroomdatum>"
    yield "</leerling>"


def _teacher(group: RosterGroup) -> Iterator[str]:
    yield f'<leerkracht key="T-{_text(group.key)}">'
    yield from _name(group.teacher)
    yield "<rol>LRK</rol>"
    yield f'<groepen><groep key="{_text(group.key)}"/></groepen>'
    yield "</leerkracht>"


def _name(someone: Person) -> Iterator[str]:
    yield f"<achternaam>{_text(someone.family_name)}</achternaam>"
    if someone.infix:
        yield f"<voorvoegsel>{_text(someone.infix)}</voorvoegsel>"
    yield f"<roepnaam>{_text(someone.given_name)}</roepnaam>"


def _text(value: str) -> str:
    return escape(value, quote=True)
