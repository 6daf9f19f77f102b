"""Reads absence as Somtoday's API gives it: `absentiemeldingen` and `waarnemingen`, in one JSON.

Of a notice (absentiemelding) are read: its id, the pupil's number, kind and reason, begin and end,
lesson hours. Of an observation (waarneming) the same without a reason. Names, owners, remarks and
links to anything else are not. What the words mean here is the mapping table `somtoday.json`.
Times have their offset, so a change of the clock moves nothing; the day is the one in Amsterdam.
"""

import re
from collections.abc import Iterator, Mapping, Sequence
from datetime import UTC, date, datetime, timedelta
from typing import Any, Final, cast

from domain.clock import AMSTERDAM
from domain.imports.files import File, only
from domain.imports.json_items import Item, items
from domain.imports.marks import MOST_MARKS, Mark
from domain.imports.ndjson_lines import Category
from domain.imports.problems import Problem, Problems, Refused
from domain.imports.spans import Impossible, Span, marks
from domain.reference.mappings import PRESENT, meaning

TABLE: Final = "somtoday"
_MIB: Final = 1024 * 1024
NOTICES, OBSERVATIONS = "absentiemeldingen", "waarnemingen"
_TYPES: Final[Mapping[str, str]] = {
    "participatie.RAbsentieMelding": NOTICES,
    "participatie.RWaarneming": OBSERVATIONS,
}
_MOMENT: Final = re.compile(
    r"20[0-9]{2}-[0-9]{2}-[0-9]{2}T[0-9]{2}:[0-9]{2}:[0-9]{2}(?:\.[0-9]{1,6})?(?:Z|[+-][0-9]{2}:[0-9]{2})"
)
_LONGEST: Final = 256
_MOST_DIGITS: Final = 18
_MOST_UNIT: Final = 40
_ANY_DAY: Final = date(2000, 1, 3)


def read(files: Sequence[File], said: Problems, *, limit_bytes: int = 64 * _MIB) -> Iterator[Mark]:
    """Yield the marks of a file one by one, and its problems at the end.

    Observations of presence yield nothing.

    Raises:
        Refused: after the last item, with every broken rule.
    """
    del said  # nothing is taken otherwise than it is delivered
    problems = Problems()
    found = yielded = 0
    try:
        for item in items(only(files), limit_bytes=limit_bytes, lists=(NOTICES, OBSERVATIONS)):
            found += 1
            for mark in _marks(item, problems):
                yielded += 1
                yield mark
            if yielded > MOST_MARKS or found > MOST_MARKS:
                rule = f"The file has more than {MOST_MARKS:,} absences or observations."
                problems.add(Problem(item.line, "file", rule, "Deliver a shorter period."))
                break
            if problems.enough:
                break
    except Refused as refused:
        problems.extend(refused.problems)
    if not found and not problems:
        rule, advice = "The file holds no item.", "Deliver one item at least."
        problems.add(Problem(None, "items", rule, advice))
    if problems:
        problems.refuse()


class _Wrong(Exception):  # noqa: N818 - a value is wrong; the caller adds the line
    """A field breaks a rule."""

    def __init__(self, field: str, rule: str, advice: str) -> None:
        super().__init__(rule)
        self.found = (field, rule, advice)


def _marks(item: Item, problems: Problems) -> Iterator[Mark]:
    try:
        yield from _read(item)
    except _Wrong as wrong:
        problems.add(Problem(item.line, *wrong.found))
    except Impossible as impossible:
        rule, advice = impossible.rule, impossible.advice
        problems.add(Problem(item.line, "beginDatumTijd", rule, advice))


def _read(item: Item) -> Iterator[Mark]:
    value = _object(item.value, "items")
    type_ = value.get("$type")
    kind = _TYPES.get(type_) if isinstance(type_, str) else item.name or None
    if kind is None or (item.name and kind != item.name):
        raise _Wrong("$type", "This is no absence or observation.", f"Use {' or '.join(_TYPES)}.")
    begin, end = _moment(value, "beginDatumTijd"), _moment(value, "eindDatumTijd")
    # In UTC, for the difference of two times of one place is that of their clocks.
    passed = end.astimezone(UTC) - begin.astimezone(UTC)
    if passed <= timedelta(0):
        raise _Wrong("eindDatumTijd", "The absence ends before it begins.", "Correct one of them.")
    # What ends at midnight ends on the day before.
    last = max(end - timedelta(microseconds=1), begin)
    span = Span(
        first=begin.date(),
        last=last.date(),
        minutes=-(-passed // timedelta(minutes=1)),
        hour=begin.hour,
        first_unit=_unit(value, "beginLesuur"),
        last_unit=_unit(value, "eindLesuur"),
    )
    category, reason = (
        _notice(value, begin.date()) if kind == NOTICES else _observation(value, begin.date())
    )
    mark = Mark(
        line=item.line,
        key=f"{'m' if kind == NOTICES else 'w'}{_id(value)}",
        pupil=_pupil(value),
        day=_ANY_DAY,
        category=cast("Category", category),
        reason=reason,
        observed=kind == OBSERVATIONS,
    )
    if category != PRESENT:
        yield from marks(span, mark)


def _notice(value: Mapping[str, Any], on: date) -> tuple[str, str | None]:
    said = _object(value.get("absentieReden"), "absentieReden")
    excused = said.get("geoorloofd")
    if not isinstance(excused, bool):
        raise _Wrong("geoorloofd", "This is not true or false.", "Say whether it was authorised.")
    kind = _text(said, "absentieSoort")
    found = meaning(TABLE, "notice", kind, on, "geoorloofd" if excused else "ongeoorloofd")
    if found is None or found.category is None:
        raise _Wrong(
            "absentieSoort",
            "The mapping table does not know this kind of absence on this date.",
            "Use a kind of the table, or have yours added to it.",
        )
    reason = meaning(TABLE, "reason", _text(said, "omschrijving"), on)
    if reason is None:
        raise _Wrong(
            "omschrijving",
            "The mapping table does not know this reason on this date.",
            "Use a reason of the table, or have yours added to it.",
        )
    return found.category, reason.reason


def _observation(value: Mapping[str, Any], on: date) -> tuple[str, str | None]:
    found = meaning(TABLE, "observation", _text(value, "waarnemingSoort"), on)
    if found is None or found.category is None:
        raise _Wrong(
            "waarnemingSoort",
            "The mapping table does not know this observation on this date.",
            "Use one of the table, or have yours added to it.",
        )
    return found.category, found.reason


def _object(value: object, field: str) -> Mapping[str, Any]:
    if not isinstance(value, dict):
        raise _Wrong(field, "This is not an object, or it is missing.", "Deliver it as the API.")
    return cast("Mapping[str, Any]", value)


def _text(value: Mapping[str, Any], field: str) -> str:
    found = value.get(field)
    if not isinstance(found, str) or not 0 < len(found) <= _LONGEST or not found.isprintable():
        raise _Wrong(field, "This is missing or no plain text.", "Give it as the API does.")
    return found


def _number(found: object, field: str) -> int:
    if isinstance(found, bool) or not isinstance(found, int) or not 0 <= found < 10**_MOST_DIGITS:
        raise _Wrong(field, "This is missing or no whole number.", "Give it as the API does.")
    return found


def _unit(value: Mapping[str, Any], field: str) -> int | None:
    found = value.get(field)
    if found is None:
        return None
    unit = _number(found, field)
    if unit > _MOST_UNIT:
        raise _Wrong(field, f"The lesson hour is over {_MOST_UNIT}.", "Correct it.")
    return unit


def _id(value: Mapping[str, Any]) -> int:
    links = value.get("links")
    for link in cast("list[object]", links) if isinstance(links, list) else []:
        if isinstance(link, dict) and cast("dict[str, object]", link).get("rel") == "self":
            return _number(cast("dict[str, object]", link).get("id"), "links")
    raise _Wrong("links", "There is no link `self` with the id.", "Give it as the API does.")


def _pupil(value: Mapping[str, Any]) -> str:
    pupil = _object(value.get("leerling"), "leerling")
    return str(_number(pupil.get("leerlingnummer"), "leerlingnummer"))


def _moment(value: Mapping[str, Any], field: str) -> datetime:
    found = value.get(field)
    advice = "Write it as 2026-09-04T09:15:00.000+02:00."
    if not isinstance(found, str) or _MOMENT.fullmatch(found) is None:
        raise _Wrong(field, "This is not a date and time with its offset.", advice)
    try:
        return datetime.fromisoformat(found).astimezone(AMSTERDAM)
    except (ValueError, OverflowError):
        raise _Wrong(field, "This date or time does not exist.", advice) from None
