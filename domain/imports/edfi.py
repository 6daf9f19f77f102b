"""Reads attendance events in Ed-Fi 5.2 XML (Interchange StudentAttendance).

Read of each `StudentSchoolAttendanceEvent`: date, category, reason (only to tell a partial absence
apart; free text is never kept), duration, arrival time, pupil and school. What the categories mean
here is `domain/reference/mappings/edfi-5.2.json`. An event has minutes (SchoolAttendanceDuration)
or a part of the day (EventDuration); without either an absence is the whole day. Events of
sections, programs and interventions are refused: they are not attendance at school.
"""

import re
from collections.abc import Iterator, Mapping, Sequence
from datetime import date
from fractions import Fraction
from typing import Final, cast

from domain.attendance.rollup import PARTLY_MISSED
from domain.imports.files import File, only
from domain.imports.marks import MOST_MARKS, Mark, key_of
from domain.imports.ndjson_lines import Category
from domain.imports.problems import Problem, Problems, Refused
from domain.imports.xml_stream import Element, Limits, Stream
from domain.reference.mappings import PRESENT, Meaning, meaning

TABLE: Final = "edfi-5.2"
NAMESPACE: Final = "{http://ed-fi.org/5.2.0}"
_ROOT: Final = f"{NAMESPACE}InterchangeStudentAttendance"
_EVENT: Final = f"{NAMESPACE}StudentSchoolAttendanceEvent"
_MIB: Final = 1024 * 1024
_LIMITS: Final = Limits(elements=MOST_MARKS * 20, lines=MOST_MARKS * 40, in_a_record=100)
_LONGEST: Final = 256
_SATURDAY: Final = 5
_NOON: Final = 12
_MORNING, _AFTERNOON = 1, 2
_DATE: Final = re.compile(r"([0-9]{4}-[0-9]{2}-[0-9]{2})(?:Z|[+-][0-9]{2}:[0-9]{2})?")
_TIME: Final = re.compile(r"([01][0-9]|2[0-3]):[0-5][0-9]:[0-5][0-9](?:\.[0-9]{1,9})?")
_MINUTES: Final = re.compile(r"[0-9]{1,4}")
_SHARE: Final = re.compile(r"[0-9]{1,3}(?:\.[0-9]{1,6})?")
_MOST_MINUTES: Final = 1_440
_BLANK: Final = " \t\r\n"

_PATHS: Final[Mapping[str, str]] = {
    "date": "AttendanceEvent/EventDate",
    "category": "AttendanceEvent/AttendanceEventCategory",
    "reason": "AttendanceEvent/AttendanceEventReason",
    "share": "AttendanceEvent/EventDuration",
    "pupil": "StudentReference/StudentIdentity/StudentUniqueId",
    "school": "SchoolReference/SchoolIdentity/SchoolId",
    "minutes": "SchoolAttendanceDuration",
    "arrival": "ArrivalTime",
}
"""What is read of an event, and where it stands."""


def read(files: Sequence[File], said: Problems, *, limit_bytes: int = 256 * _MIB) -> Iterator[Mark]:
    """Yield the marks of a file one by one, and its problems at the end.

    Events of presence yield nothing. `said` gets what the receipt has to say of a file that is
    taken in.

    Raises:
        Refused: after the last event, with every broken rule.
    """
    problems = Problems()
    stream = Stream(only(files), limit_bytes=limit_bytes, limits=_LIMITS)
    events = 0
    try:
        for what, element, depth in stream:
            if depth == 1 and what == "start" and element.tag != _ROOT:
                problems.add(_at(1, "file", "This is not an Ed-Fi 5.2 attendance interchange.",
                                 "Deliver InterchangeStudentAttendance of Ed-Fi 5.2."))  # fmt: skip
                break
            if depth != 2 or what != "end":  # noqa: PLR2004 - the root's children
                continue
            events += 1
            if events > MOST_MARKS:
                problems.add(_at(None, "file", f"The file has more than {MOST_MARKS:,} events.",
                                 "Deliver a shorter period."))  # fmt: skip
                break
            mark = _event(element, stream.line_of(element), problems, said)
            stream.release(element)
            if problems.enough:
                break
            if mark is not None:
                yield mark
    except Refused as refused:
        problems.extend(refused.problems)
    if not events and not problems:
        problems.add(_at(None, "file", "The file holds no event.", "Deliver one at least."))
    if problems:
        problems.refuse()


def _at(line: int | None, field: str, rule: str, advice: str) -> Problem:
    return Problem(line, field, rule, advice)


class _Event:
    """The values of one event, each checked; what is wrong is noted with the event's line."""

    def __init__(self, element: Element, line: int, problems: Problems) -> None:
        self._found = {name: _text(element, path) for name, path in _PATHS.items()}
        self._line = line
        self._problems = problems
        self.right = True

    def wrong(self, name: str, rule: str, advice: str) -> None:
        """Note a broken rule."""
        self.right = False
        self._problems.add(_at(self._line, _PATHS[name].rpartition("/")[2], rule, advice))

    def text(self, name: str) -> str | None:
        """Return a text, None when the event does not say."""
        return self._found[name]

    def required(self, name: str) -> str:
        """Return a text that has to be there."""
        found = self._found[name]
        if not found or len(found) > _LONGEST or not found.isprintable():
            self.wrong(name, "This is missing, too long, or no plain text.", "Give it.")
            return ""
        return found

    def matching(self, name: str, pattern: re.Pattern[str], advice: str) -> re.Match[str] | None:
        """Return the match of a text that may be missing."""
        found = self._found[name]
        match = None if found is None else pattern.fullmatch(found)
        if found is not None and match is None:
            self.wrong(name, "This has not the form that Ed-Fi gives it.", advice)
        return match

    def day(self) -> date | None:
        """Return the day of the event."""
        match = self.matching("date", _DATE, "Write an existing date as 2026-09-04.")
        if match is None:
            if self._found["date"] is None:
                self.wrong("date", "The date is missing.", "Give it.")
            return None
        try:
            return date.fromisoformat(match[1])
        except ValueError:
            self.wrong("date", "This date does not exist.", "Write it as 2026-09-04.")
            return None


def _text(element: Element, path: str) -> str | None:
    """Return the text at a path below an element: None when it is not there, none said twice."""
    found = [element]
    for name in path.split("/"):
        found = [child for one in found for child in one if child.tag == NAMESPACE + name]
    if not found:
        return None
    return (found[0].text or "").strip(_BLANK) if len(found) == 1 and not len(found[0]) else ""


def _event(element: Element, line: int, problems: Problems, said: Problems) -> Mark | None:
    if element.tag != _EVENT:
        problems.add(_at(line, "file", "This is not attendance at school.",
                         "Deliver StudentSchoolAttendanceEvent and nothing else."))  # fmt: skip
        return None
    event = _Event(element, line, problems)
    for name in ("pupil", "school"):
        event.required(name)
    code, on = event.required("category"), event.day()
    if not event.right or on is None:
        return None
    found = meaning(TABLE, "category", code, on, event.text("reason"))
    if found is None or found.category is None:
        event.wrong("category", "The mapping table does not know this category on this date.",
                    "Use one of the table, with a reason where it asks for one.")  # fmt: skip
        return None
    if found.category == PRESENT:
        return None
    mark = _mark(event, found, line, on)
    if mark is not None and on.weekday() >= _SATURDAY:
        said.add(Problem(line, "EventDate", "This is a Saturday or Sunday.",
                         "It is taken as a day of school, for you say so. Check the date.",
                         "warning"))  # fmt: skip
    return mark


def _mark(event: _Event, found: Meaning, line: int, on: date) -> Mark | None:
    category = cast("Category", found.category)
    minutes = event.matching("minutes", _MINUTES, "Write whole minutes.")
    share = event.matching("share", _SHARE, "Write the part of a day, such as 1 or 0.5.")
    arrival = event.matching("arrival", _TIME, "Write a time as 09:35:00.")
    if not event.right:
        return None
    missed = None if minutes is None else int(minutes[0])
    part = Fraction(1) if share is None else Fraction(share[0])
    if missed is not None and not 1 <= missed <= _MOST_MINUTES:
        event.wrong("minutes", f"The minutes are not from 1 to {_MOST_MINUTES}.", "Correct them.")
    if missed is None and not 0 < part <= 1:
        event.wrong("share", "The part of the day is not from 0 to 1.", "Give at most a day.")
    by_minutes = category in PARTLY_MISSED or not _of_days(event.text("category"))
    if missed is None and (by_minutes and not (share is not None and part < 1)):
        event.wrong("minutes", "Nothing says how long this was.", "Give SchoolAttendanceDuration.")
    if not event.right:
        return None
    pupil, school = event.required("pupil"), event.required("school")
    start = 0
    if missed is not None and arrival is not None:
        start = _MORNING if int(arrival[1]) < _NOON else _AFTERNOON
    kind = "day" if missed is None else arrival[0] if arrival is not None else "part"
    return Mark(
        line=line,
        # Not the category: a corrected one is the same event.
        key=key_of(school, pupil, on, kind),
        pupil=pupil,
        school=school,
        day=on,
        start_unit=start,
        minutes=missed,
        share=part,
        category=category,
        reason=found.reason,
    )


def _of_days(code: str | None) -> bool:
    """Tell whether a category of absence is one of whole days unless something else is said."""
    return code is not None and code.rpartition("#")[2].endswith("Absence")
