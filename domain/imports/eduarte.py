"""Reads absence rows of EduArte (mbo): notices (absentiemeldingen) and observations (waarnemingen).

CSV with `;` and without a header. A notice has nine fields: number of the pupil, first day and
time, last day and time, first and last lesson hour, code of the reason, remark. An observation has
ten: the same seven, code, Afwezig or Aanwezig, dealt with (J or N). Days are `yyyymmdd`, times
`hhmm`, local; times and lesson hours may be empty. Remarks are never kept. Both kinds may come in
one zip, so that an observation is told with the notice that explains it. Rows have no key: one is
made of the pupil, the day, the time and the lesson hour, so that a corrected reason is the same
absence. What the codes mean here is the mapping table `eduarte.json`.
"""

import re
from collections.abc import Iterator, Mapping, Sequence
from datetime import date, datetime, time, timedelta
from typing import Final, cast

from domain.imports.files import File
from domain.imports.marks import MOST_MARKS, Mark, key_of
from domain.imports.ndjson_lines import Category
from domain.imports.problems import Problem, Problems, Refused
from domain.imports.rows import Row, rows
from domain.imports.spans import Impossible, Span, marks
from domain.reference.mappings import PRESENT, meaning

TABLE: Final = "eduarte"
_MIB: Final = 1024 * 1024
_FIELDS: Final[tuple[str, ...]] = (
    "deelnemernummer",
    "begindatum",
    "begintijd",
    "einddatum",
    "eindtijd",
    "beginlesuur",
    "eindlesuur",
)
_NOTICE, _OBSERVATION = 9, 10
_NUMBER: Final = re.compile(r"[0-9A-Za-z._-]{1,64}")
_DAY: Final = re.compile(r"20[0-9]{6}")
_TIME: Final = re.compile(r"([01][0-9]|2[0-3])[0-5][0-9]|[0-9][0-5][0-9]")
_UNIT: Final = re.compile(r"[0-9]{1,2}")
_CODE: Final = re.compile(r"[A-Za-z0-9]{0,20}")
_ANY_DAY: Final = date(2000, 1, 3)


def read(files: Sequence[File], said: Problems, *, limit_bytes: int = 64 * _MIB) -> Iterator[Mark]:
    """Yield the marks of one file, or of several in a zip, and the problems at the end.

    Observations of presence yield nothing.

    Raises:
        Refused: after the last row, with every broken rule.
    """
    del said  # nothing is taken otherwise than it is delivered
    problems = Problems()
    seen = found = 0
    try:
        for file, row in _rows(files, limit_bytes):
            seen += 1
            for mark in _marks(row, file, problems):
                found += 1
                yield mark
            if problems.enough:
                break
            if found > MOST_MARKS:
                rule = f"The delivery has more than {MOST_MARKS:,} absences."
                problems.add(Problem(None, "file", rule, "Deliver a shorter period."))
                break
    except Refused as refused:
        problems.extend(refused.problems)
    if not seen and not problems:
        problems.add(Problem(None, "file", "The file holds no row.", "Deliver one at least."))
    if problems:
        problems.refuse()


def _rows(files: Sequence[File], limit_bytes: int) -> Iterator[tuple[str | None, Row]]:
    for file in files:
        for row in rows(
            file.stream,
            delimiter=";",
            limit_bytes=limit_bytes,
            limit_rows=MOST_MARKS,
            field=file.name or "file",
        ):
            yield file.name, row


class _Wrong(Exception):  # noqa: N818 - a value is wrong; the caller adds the line
    """A field breaks a rule."""

    def __init__(self, field: str, rule: str, advice: str) -> None:
        super().__init__(rule)
        self.found = (field, rule, advice)


def _marks(row: Row, file: str | None, problems: Problems) -> Iterator[Mark]:
    where = "" if file is None else f"{file}/"
    try:
        yield from _read(row)
    except _Wrong as wrong:
        field, rule, advice = wrong.found
        problems.add(Problem(row.line, f"{where}{field}", rule, advice))
    except Impossible as impossible:
        rule, advice = impossible.rule, impossible.advice
        problems.add(Problem(row.line, f"{where}begindatum", rule, advice))


def _read(row: Row) -> Iterator[Mark]:
    if len(row.fields) not in {_NOTICE, _OBSERVATION}:
        rule = f"The row has {len(row.fields)} fields, not {_NOTICE} or {_OBSERVATION}."
        raise _Wrong("row", rule, "Export notices with nine fields, observations with ten.")
    given: dict[str, str] = dict(
        zip(_FIELDS, (field.strip() for field in row.fields), strict=False)
    )
    pupil = _matched(given, "deelnemernummer", _NUMBER, "Give the number of the pupil.")
    first, last = _day(given, "begindatum"), _day(given, "einddatum")
    begin, end = _time(given, "begintijd"), _time(given, "eindtijd")
    from_unit, to_unit = _unit(given, "beginlesuur"), _unit(given, "eindlesuur")
    if (begin is None) != (end is None) and first == last:
        raise _Wrong("begintijd", "One of the times is missing.", "Give both times, or neither.")
    if (from_unit is None) != (to_unit is None):
        raise _Wrong("beginlesuur", "One lesson hour is missing.", "Give both, or neither.")
    minutes = None
    if begin is not None and end is not None and first == last:
        passed = datetime.combine(_ANY_DAY, end) - datetime.combine(_ANY_DAY, begin)
        minutes = passed // timedelta(minutes=1)
    observed = len(row.fields) == _OBSERVATION
    whole = first != last or (minutes is None and from_unit is None)
    category, reason = (_observation if observed else _notice)(row.fields, first)
    mark = Mark(
        line=row.line,
        key=key_of("w" if observed else "m", pupil, *(() if whole else (begin, from_unit))),
        pupil=pupil,
        day=first,
        category=cast("Category", category),
        reason=reason,
        observed=observed,
    )
    span = Span(
        first=first,
        last=last,
        minutes=minutes,
        hour=None if begin is None else begin.hour,
        first_unit=from_unit,
        last_unit=to_unit,
    )
    if category != PRESENT:
        yield from marks(span, mark)


def _notice(fields: Sequence[str], on: date) -> tuple[str, str | None]:
    found = meaning(TABLE, "notice", _code(fields[7], "reden"), on)
    if found is None or found.category is None:
        raise _Wrong(
            "reden",
            "The mapping table does not know this code on this date.",
            "Use a code of the table, or have yours added to it.",
        )
    return found.category, found.reason


def _observation(fields: Sequence[str], on: date) -> tuple[str, str | None]:
    code, word = _code(fields[7], "code"), _code(fields[8], "waarneming")
    if fields[9].strip() not in {"J", "N"}:
        raise _Wrong("afgehandeld", "This is not J or N.", "Say whether it was dealt with.")
    found = meaning(TABLE, "observation", f"{word}/{code}" if code else word, on)
    if found is None or found.category is None:
        raise _Wrong(
            "waarneming",
            "The mapping table does not know this observation, with its code, on this date.",
            "Use one of the table, or have yours added to it.",
        )
    return found.category, found.reason


def _matched(given: Mapping[str, str], name: str, pattern: re.Pattern[str], advice: str) -> str:
    found = given[name]
    if pattern.fullmatch(found) is None:
        raise _Wrong(name, "This is missing or has another form.", advice)
    return found


def _code(found: str, name: str) -> str:
    if _CODE.fullmatch(found.strip()) is None:
        raise _Wrong(name, "This is not a code.", "Give at most twenty letters and digits.")
    return found.strip()


def _day(given: Mapping[str, str], name: str) -> date:
    advice = "Write an existing date as 20260904."
    found = _matched(given, name, _DAY, advice)
    try:
        return date(int(found[:4]), int(found[4:6]), int(found[6:]))
    except ValueError:
        raise _Wrong(name, "This date does not exist.", advice) from None


def _time(given: Mapping[str, str], name: str) -> time | None:
    if not given[name]:
        return None
    found = _matched(given, name, _TIME, "Write a time as 0915, or leave it empty.")
    return time(int(found[:-2]), int(found[-2:]))


def _unit(given: Mapping[str, str], name: str) -> int | None:
    if not given[name]:
        return None
    return int(_matched(given, name, _UNIT, "Write a lesson hour, or leave it empty."))
