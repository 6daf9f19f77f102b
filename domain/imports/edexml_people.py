"""Turns the records of pupils and teachers of an EDEXML roster into what is kept of them."""

from collections import Counter
from collections.abc import Collection
from dataclasses import dataclass, field
from datetime import date
from typing import Final

from domain.imports import edexml_rules as rules
from domain.imports.edexml_rules import Broken
from domain.imports.edexml_values import Children, Values
from domain.imports.problems import Problem
from domain.imports.roster_records import FORMER, PersonName, RosterPupil, RosterTeacher
from domain.imports.xml_stream import Element
from domain.reference.numbers import is_valid_bsn, is_valid_education_number

_NUMBERS: Final = (
    ("bsn", is_valid_bsn),
    ("sofinummer", is_valid_bsn),
    ("onderwijsnummer", is_valid_education_number),
)
_SAID_WHEN_MISSING: Final = {
    "achternaam": ("family name", "Names are shown as far as they are delivered."),
    "geboortedatum": ("date of birth", "Without it no age-bound duty can be told."),
    "bsn": ("usable national number", "They are matched by the school's own key alone."),
    "postcodenl": (
        "Dutch postcode",
        "Without it their municipality of residence is unknown and no report can be sent.",
    ),
    "groep": ("group though they are not historical", "No mentor will see them."),
    "vestiging": ("branch", "The delivery agreement has to say which branch they belong to."),
    "instroomdatum": (
        "date of entry",
        "They count as enrolled from the date that the delivery agreement gives.",
    ),
}


@dataclass(slots=True)
class Known:
    """What the file has said so far, to which pupils and teachers refer."""

    school_year: str | None = None
    branches: set[str] = field(default_factory=set[str])
    groups: set[str] = field(default_factory=set[str])
    composite_groups: set[str] = field(default_factory=set[str])


class People:
    """Reads pupils and teachers one by one and remembers what they leave out."""

    def __init__(self, values: Values, known: Known) -> None:
        self._values = values
        self._known = known
        self._pupil_keys: set[str] = set()
        self._pupil_eck_ids: set[str] = set()
        self._teacher_keys: set[str] = set()
        self._teacher_eck_ids: set[str] = set()
        self._missing: Counter[str] = Counter()
        self._pupils = 0

    def pupil(self, element: Element) -> RosterPupil:
        """Read one pupil; what is wrong is noted in the values and left out here."""
        path = "leerling"
        values, known = self._values, self._known
        children = values.children(element, path)
        year_group = values.value(children, path, "jaargroep", rules.year_group)
        composite: tuple[str, ...] = ()
        for group in children.get("samengestelde_groepen", ()):
            composite = self._composite_groups(group)
        pupil = RosterPupil(
            key=values.unique_key(element, path, "key", self._pupil_keys) or "",
            eck_id=self._eck_id(element, path, self._pupil_eck_ids),
            name=self._name(element, children, path),
            national_number=self._number(children),
            birth_date=values.value(children, path, "geboortedatum", rules.day),
            sex=values.value(children, path, "geslacht", rules.sex),
            year_group=year_group,
            group_key=self._reference(children, "groep", known.groups),
            composite_group_keys=composite,
            branch_key=self._reference(children, "vestiging", known.branches),
            postcode=values.value(children, path, "postcodenl", rules.dutch_postcode),
            enrolled_from=values.value(children, path, "instroomdatum", rules.day),
            enrolled_until=values.value(children, path, "uitstroomdatum", rules.day),
            line=values.stream.line_of(element),
        )
        self._check_dates(element, pupil)
        self._count_missing(pupil)
        return pupil

    def teacher(self, element: Element) -> RosterTeacher:
        """Read one teacher; what is wrong is noted in the values and left out here."""
        path = "leerkracht"
        values = self._values
        children = values.children(element, path)
        roles = self._roles(children, path)
        groups: dict[str, None] = {}
        composite: dict[str, None] = {}
        for listed in children.get("groepen", ()):
            values.children(listed, f"{path}/groepen")
            for group in listed:
                taught = values.children(group, f"{path}/groepen/groep")
                roles += self._roles(taught, f"{path}/groepen/groep")
                plain = group.tag == "groep"
                known = self._known.groups if plain else self._known.composite_groups
                key = values.reference(group, f"{path}/groepen/{group.tag}", known)
                if key is not None:
                    (groups if plain else composite)[key] = None
        return RosterTeacher(
            key=values.unique_key(element, path, "key", self._teacher_keys) or "",
            eck_id=self._eck_id(element, path, self._teacher_eck_ids),
            name=self._name(element, children, path),
            roles=tuple(dict.fromkeys(roles)),
            group_keys=tuple(groups),
            composite_group_keys=tuple(composite),
            line=values.stream.line_of(element),
        )

    def missing(self) -> list[Problem]:
        """One warning per kind of what the pupils leave out, with how many leave it out."""
        said = [
            Problem(
                None,
                "leerling",
                "EDEXML has no guardians.",
                "Register guardians and their authority at the school.",
                "warning",
            )
        ]
        for name, (words, advice) in _SAID_WHEN_MISSING.items():
            count = self._missing[name]
            if count:
                rule = f"{count} of {self._pupils} pupils have no {words}."
                said.append(Problem(None, f"leerling/{name}", rule, advice, "warning"))
        return said

    def _name(self, element: Element, children: Children, path: str) -> PersonName:
        values = self._values
        if "achternaam" not in children:
            others = [n for n in ("voorvoegsel", "voornamen", "voorletters-1") if n in children]
            if others or "roepnaam" not in children:
                values.error(
                    element,
                    f"{path}/achternaam",
                    Broken("The family name is missing.", "Give it, or give `roepnaam` alone."),
                )
        return PersonName(
            family_name=values.value(children, path, "achternaam", rules.text(200)),
            infix=values.value(children, path, "voorvoegsel", rules.text(10)),
            given_names=values.value(children, path, "voornamen", rules.text(200)),
            initials=values.value(children, path, "voorletters-1", rules.text(6)),
            call_name=values.value(children, path, "roepnaam", rules.text(64)),
        )

    def _eck_id(self, element: Element, path: str, seen: set[str]) -> str | None:
        if not self._values.edition.eck_ids:
            return None
        return self._values.unique_key(element, path, "eckid", seen)

    def _number(self, children: Children) -> str | None:
        for name, passes in _NUMBERS:
            number = self._values.value(children, "leerling", name, rules.nine_digits)
            if number is not None and passes(number):
                return number
            if number is not None:
                self._values.warn(
                    children[name][0],
                    f"leerling/{name}",
                    Broken(
                        "The number fails the eleven-test (elfproef) and is not used.",
                        "Correct it in the school's administration and deliver again.",
                    ),
                )
        return None

    def _reference(self, children: Children, name: str, known: Collection[str]) -> str | None:
        for element in children.get(name, ()):
            return self._values.empty_reference(element, f"leerling/{name}", known)
        return None

    def _composite_groups(self, listed: Element) -> tuple[str, ...]:
        path = "leerling/samengestelde_groepen"
        self._values.children(listed, path)
        keys = [
            self._values.empty_reference(
                group, f"{path}/samengestelde_groep", self._known.composite_groups
            )
            for group in listed
        ]
        return tuple(dict.fromkeys(key for key in keys if key is not None))

    def _roles(self, children: Children, path: str) -> list[str]:
        for described in children.get("rolomschrijving", ()):
            self._values.checked(described, f"{path}/rolomschrijving", rules.text(64))
        found = [
            self._values.checked(role, f"{path}/rol", rules.role(self._values.edition))
            for role in children.get("rol", ())
        ]
        return [role for role in found if role is not None]

    def _check_dates(self, element: Element, pupil: RosterPupil) -> None:
        if (
            pupil.enrolled_from is not None
            and pupil.enrolled_until is not None
            and pupil.enrolled_until < pupil.enrolled_from
        ):
            self._values.error(
                element,
                "leerling/uitstroomdatum",
                Broken("The enrolment ends before it begins.", "Correct one of the two dates."),
            )
        if pupil.birth_date is not None and self._known.school_year is not None:
            last_day = date(int(self._known.school_year[5:]), 7, 31)
            if pupil.birth_date > last_day:
                self._values.error(
                    element,
                    "leerling/geboortedatum",
                    Broken("The date of birth lies after the school year.", "Correct the date."),
                )

    def _count_missing(self, pupil: RosterPupil) -> None:
        self._pupils += 1
        self._missing.update(
            name
            for name, value in (
                ("achternaam", pupil.name.family_name),
                ("geboortedatum", pupil.birth_date),
                ("bsn", pupil.national_number),
                ("postcodenl", pupil.postcode),
                ("vestiging", pupil.branch_key),
                ("instroomdatum", pupil.enrolled_from),
            )
            if value is None
        )
        if pupil.group_key is None and pupil.year_group != FORMER:
            self._missing["groep"] += 1
