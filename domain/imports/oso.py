"""Reads the attendance block (verzuim) of an OSO transfer dossier, version 2019.1.

The block holds totals of the last twelve months: half-days in primary education, hours in
secondary, authorised and unauthorised; how often; whether it was more than a quarter of the time;
whether the attendance officer or the transition region knew. It names no day, so no mark can be
made of it (`ops/decisions/0016`). Nothing else of the dossier is read: no name, no number, no
document. A dossier that opted out of the block has none, and that is said.
"""

import re
from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass
from typing import Final, TypeVar

from domain.imports.edexml_rules import Order, slots
from domain.imports.files import File, only
from domain.imports.problems import Problem, Problems, Refused
from domain.imports.xml_stream import Element, Limits, Stream

T = TypeVar("T")

NAMESPACE: Final = "{http://www.edustandaard.nl/oso_gegevensset/2019/dossier}"
_MIB: Final = 1024 * 1024
_LIMITS: Final = Limits(elements=200_000, lines=2_000_000, in_a_record=50_000)
_BLOCK: Final = ("dossier", "huidigeschool", "leerling", "verzuim")
_OPTION: Final = ("dossier", "metadata", "categorie_uitlevering", "cat_verzuim")
_RELEASED: Final = 4
"""Elements below this depth are read with the one that holds them."""

_CHILDREN: Final = slots(
    "dagdelengeoorloofd dagdelenongeoorloofd urengeoorloofd urenongeoorloofd meerdan25percent"
    " frequentie contactleerplicht rmcmelding documentLijst"
)
_WHOLE: Final = re.compile(r"\+?[0-9]{1,5}")
_TRUTHS: Final[Mapping[str, bool]] = {"true": True, "1": True, "false": False, "0": False}
_BLANK: Final = " \t\r\n"


@dataclass(frozen=True, slots=True, kw_only=True)
class AttendanceTotals:
    """What a school says of twelve months of one pupil's absence; None where it does not say.

    Day parts (dagdelen) are mornings and afternoons, of primary education; hours are lesson hours
    of secondary education.
    """

    authorised_day_parts: int | None
    unauthorised_day_parts: int | None
    authorised_hours: int | None
    unauthorised_hours: int | None
    more_than_a_quarter: bool | None
    times_unauthorised: int | None
    officer_contacted: bool | None
    region_notified: bool | None


@dataclass(frozen=True, slots=True)
class Transfer:
    """What was read of a dossier: the totals, if it has them, and what the receipt has to say."""

    totals: AttendanceTotals | None
    warnings: tuple[Problem, ...]


def read(files: Sequence[File], *, limit_bytes: int = 64 * _MIB) -> Transfer:
    """Read the attendance block of one dossier.

    Raises:
        Refused: the file is unsafe, no OSO dossier of 2019.1, or the block breaks a rule.
    """
    return _Reader(Stream(only(files), limit_bytes=limit_bytes, limits=_LIMITS)).read()


class _Reader:
    def __init__(self, stream: Stream) -> None:
        self._stream = stream
        self._problems = Problems()
        self._path: list[str] = []
        self._totals: AttendanceTotals | None = None
        self._blocks = 0
        self._option = ""

    def read(self) -> Transfer:
        """Read to the end of the document."""
        try:
            for event, element, depth in self._stream:
                if event == "start":
                    self._path = [*self._path[: depth - 1], _name(element)]
                    if depth == 1 and element.tag != f"{NAMESPACE}dossier":
                        self._note(element, "file", "This is no OSO dossier of 2019.1.",
                                   "Deliver the dossier as OSO 2019.1 has it.")  # fmt: skip
                        break
                else:
                    self._end(element, tuple(self._path[:depth]))
                    if 1 < depth <= _RELEASED:
                        self._stream.release(element)
        except Refused as refused:
            self._problems.extend(refused.problems)
        if self._problems:
            self._problems.refuse()
        return Transfer(self._totals, tuple(self._warnings()))

    def _note(self, element: Element, field: str, rule: str, advice: str) -> None:
        self._problems.add(Problem(self._stream.line_of(element), field, rule, advice))

    def _end(self, element: Element, path: tuple[str, ...]) -> None:
        if path == _OPTION:
            self._option = (element.text or "").strip(_BLANK)
        elif path == _BLOCK:
            self._blocks += 1
            if self._blocks > 1:
                self._note(element, "verzuim", "The block stands twice.", "Keep it once.")
            self._totals = self._block(element)

    def _block(self, element: Element) -> AttendanceTotals:
        order = Order(_CHILDREN)
        found: dict[str, Element] = {}
        for child in element:
            for broken in order.take(_name(child)):
                self._note(child, "verzuim", broken.rule, broken.advice)
            found.setdefault(_name(child), child)

        def value(name: str, check: Callable[[str], T | None], advice: str) -> T | None:
            child = found.get(name)
            if child is None:
                return None
            made = None if len(child) else check((child.text or "").strip(_BLANK))
            if made is None:
                self._note(child, f"verzuim/{name}", "This has not the form of its field.", advice)
            return made

        def number(name: str) -> int | None:
            return value(name, _whole, "Write a whole number from 0 to 99999.")

        def truth(name: str) -> bool | None:
            return value(name, _TRUTHS.get, "Write true or false.")

        return AttendanceTotals(
            authorised_day_parts=number("dagdelengeoorloofd"),
            unauthorised_day_parts=number("dagdelenongeoorloofd"),
            authorised_hours=number("urengeoorloofd"),
            unauthorised_hours=number("urenongeoorloofd"),
            more_than_a_quarter=truth("meerdan25percent"),
            times_unauthorised=number("frequentie"),
            officer_contacted=truth("contactleerplicht"),
            region_notified=truth("rmcmelding"),
        )

    def _warnings(self) -> list[Problem]:
        if self._totals is not None:
            rule = "The block holds totals without days; they are read and not stored."
            advice = "Ask the former school for the marks if a day has to be known."
        elif self._option == "OPT-UIT":
            rule = "The dossier leaves the attendance block out, as pupil or parents may choose."
            advice = "Nothing needs to be done."
        else:
            rule = "The dossier has no attendance block."
            advice = "Ask the former school for it if it should be there."
        return [Problem(None, "verzuim", rule, advice, "warning")]


def _whole(text: str) -> int | None:
    return int(text) if _WHOLE.fullmatch(text) else None


def _name(element: Element) -> str:
    """Return the name without the dossier's namespace; a name of another one stays whole."""
    return element.tag.removeprefix(NAMESPACE)
