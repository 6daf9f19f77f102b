"""Reads a roster in EDEXML 2.0 or 2.1, the Dutch exchange format of school administration systems.

The rules are in `edexml_rules`, the safe parsing in `xml_stream`, taking values out in
`edexml_values` and `edexml_people`, and the result in `roster_records`.
"""

from dataclasses import replace
from typing import BinaryIO, Final, Literal

from domain.imports import edexml_rules as rules
from domain.imports.edexml_people import Known, People
from domain.imports.edexml_rules import Broken
from domain.imports.edexml_values import Values
from domain.imports.problems import Refused
from domain.imports.roster_records import (
    BranchRef,
    Group,
    PersonName,
    Roster,
    RosterPupil,
    RosterTeacher,
    Sex,
)
from domain.imports.xml_stream import Element, Limits, Stream

__all__ = [
    "BranchRef",
    "Group",
    "PersonName",
    "Roster",
    "RosterPupil",
    "RosterTeacher",
    "Sex",
    "read",
]

_MIB: Final = 1024 * 1024
_RECORDS: Final = frozenset({"vestigingen", "groepen", "leerlingen", "leerkrachten"})

LIMITS: Final = Limits(elements=160_000, lines=2_000_000, in_a_record=10_000)
"""Eight thousand pupils of twenty elements each, and ten times the lines of five thousand pupils.

Packed, elements and empty lines cost their sender nothing.
"""

_ROOT_DEPTH, _SECTION_DEPTH, _RECORD_DEPTH = 1, 2, 3


def read(source: BinaryIO, *, limit_bytes: int = 64 * _MIB) -> Roster:
    """Read one roster from an open binary file; memory grows with what the roster holds.

    What the file does not say stays None and is told in one warning per kind; a national number
    that fails the eleven-test is dropped with a warning that carries its line.

    Raises:
        Refused: the file is unsafe, not EDEXML 2.0 or 2.1, or breaks a rule; nothing of it may be
            used.
    """
    reader = _Reader(Stream(source, limit_bytes=limit_bytes, limits=LIMITS))
    return reader.read()


class _Reader:
    def __init__(self, stream: Stream) -> None:
        self._stream = stream
        self._values = Values(stream)
        self._known = Known()
        self._people = People(self._values, self._known)
        self._root = rules.Order(rules.CHILDREN["EDEX"])
        self._section = ""
        self._records = rules.Order(())
        self._school: Roster | None = None
        self._branches: list[BranchRef] = []
        self._groups: list[Group] = []
        self._pupils: list[RosterPupil] = []
        self._teachers: list[RosterTeacher] = []

    def read(self) -> Roster:
        try:
            for event, element, depth in self._stream:
                self._take(event, element, depth)
                if self._values.errors.enough:
                    break
        except Refused as refused:
            self._values.errors.extend(refused.problems)
        if self._values.errors or self._school is None:
            self._values.errors.refuse()
        self._values.warnings.extend(self._people.missing())
        return replace(
            self._school,
            branches=tuple(self._branches),
            groups=tuple(self._groups),
            pupils=tuple(self._pupils),
            teachers=tuple(self._teachers),
            warnings=self._values.warnings.listed(),
        )

    def _take(self, event: Literal["start", "end"], element: Element, depth: int) -> None:
        if event == "start":
            if depth == _ROOT_DEPTH:
                self._begin_root(element)
            elif depth == _SECTION_DEPTH:
                self._begin_section(element)
            elif depth == _RECORD_DEPTH and self._section in _RECORDS:
                self._order(element, self._records, self._section)
        elif depth == _RECORD_DEPTH and self._section != "school":
            if self._section in _RECORDS:
                self._no_text_before(element, self._section)
                self._end_record(element)
            self._stream.release(element)
        elif depth == _SECTION_DEPTH:
            self._no_text_before(element, "EDEX")
            self._end_section(element)
            self._stream.release(element)
        elif depth == _ROOT_DEPTH:
            self._end(element, self._root, "EDEX")

    def _begin_root(self, element: Element) -> None:
        if element.tag != "EDEX":
            problem = Broken("The first element is not EDEX.", "Deliver an EDEXML roster.")
            self._values.error(element, "EDEX", problem)
            self._values.errors.refuse()
        self._values.attributes(element, "EDEX")

    def _begin_section(self, element: Element) -> None:
        self._section = element.tag
        self._order(element, self._root, "EDEX")
        if self._section in _RECORDS:
            self._records = rules.Order(rules.CHILDREN[self._section])
            self._values.attributes(element, self._section)

    def _end_section(self, element: Element) -> None:
        if self._section == "school":
            self._school = self._read_school(element)
        elif self._section in _RECORDS:
            self._end(element, self._records, self._section)

    def _end_record(self, element: Element) -> None:
        if self._section == "leerlingen" and element.tag == "leerling":
            self._pupils.append(self._people.pupil(element))
        elif self._section == "leerkrachten" and element.tag == "leerkracht":
            self._teachers.append(self._people.teacher(element))
        elif self._section == "vestigingen" and element.tag == "vestiging":
            self._branches.append(self._read_branch(element))
        elif self._section == "groepen" and element.tag in {"groep", "samengestelde_groep"}:
            self._groups.append(self._read_group(element))

    def _read_school(self, element: Element) -> Roster:
        path, values = "school", self._values
        children = values.children(element, path)
        version = values.value(children, path, "xsdversie", rules.text(32))
        edition = rules.NEWEST if version is None else rules.EDITIONS.get(version)
        if edition is not None:
            values.edition = edition
        else:
            problem = Broken(
                "EDEXML version 2.0 or 2.1 is expected.", "Export the roster as EDEXML 2.1."
            )
            values.error(children["xsdversie"][0], f"{path}/xsdversie", problem)
        school_year = values.value(children, path, "schooljaar", rules.school_year)
        if "brincode" not in children:
            problem = Broken(
                "The school has no BRIN.",
                "Deliver a roster of a Dutch school, with its BRIN in `brincode`.",
            )
            values.error(element, f"{path}/brincode", problem)
        self._known.school_year = school_year
        key = rules.key(values.edition.longest_key)
        return Roster(
            school_year=school_year or "",
            reference_date=values.value(children, path, "peildatum", rules.day),
            created_at=values.value(children, path, "aanmaakdatum", rules.moment),
            brin=values.value(children, path, "brincode", rules.brin) or "",
            branch_suffix=values.value(children, path, "dependancecode", rules.branch_suffix)
            or "00",
            school_key=values.value(children, path, "schoolkey", key),
            author=values.value(children, path, "auteur", rules.text(128)),
            branches=(),
            groups=(),
            pupils=(),
            teachers=(),
            warnings=(),
        )

    def _read_branch(self, element: Element) -> BranchRef:
        path, values = "vestiging", self._values
        children = values.children(element, path)
        return BranchRef(
            key=values.unique_key(element, path, "key", self._known.branches) or "",
            name=values.value(children, path, "naam", rules.text(64)) or "",
            line=self._stream.line_of(element),
        )

    def _read_group(self, element: Element) -> Group:
        path, values, known = element.tag, self._values, self._known
        composite = path == "samengestelde_groep"
        children = values.children(element, path)
        key = values.unique_key(element, path, "key", known.groups | known.composite_groups)
        if key is not None:
            (known.composite_groups if composite else known.groups).add(key)
        return Group(
            key=key or "",
            name=values.value(children, path, "naam", rules.text(64)) or "",
            year_group=values.value(children, path, "jaargroep", rules.year_group),
            composite=composite,
            line=self._stream.line_of(element),
        )

    def _order(self, element: Element, order: rules.Order, path: str) -> None:
        for broken in order.take(element.tag):
            self._values.error(element, path, broken)

    def _end(self, element: Element, order: rules.Order, path: str) -> None:
        children = list(element)
        self._no_text(element, path, children[-1].tail if children else element.text)
        for broken in order.end():
            self._values.error(element, path, broken)

    def _no_text_before(self, element: Element, path: str) -> None:
        before, parent = element.getprevious(), element.getparent()
        if before is not None:
            self._no_text(element, path, before.tail)
        elif parent is not None:
            self._no_text(element, path, parent.text)

    def _no_text(self, element: Element, path: str, text: str | None) -> None:
        if (text or "").strip(" \t\r\n"):
            self._values.stray_text(element, path)
