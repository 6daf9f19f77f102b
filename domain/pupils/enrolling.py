"""What a roster changes in enrolments and class memberships: periods compared, nothing stored.

A roster is a picture at its reference date. Who stands on it is enrolled and in that class; who
no longer does has left at that date; who changed class has left one and entered the other then.
Days of end are exclusive.
"""

from collections import defaultdict
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from datetime import date, timedelta
from uuid import UUID

_DAY = timedelta(days=1)


@dataclass(frozen=True, slots=True, kw_only=True)
class Place:
    """Where a roster places a pupil; None where it does not say.

    `line` is the pupil's line in the roster; `key` the school's own key of the class group.
    """

    line: int
    pupil_id: UUID
    branch_id: UUID
    year_group: int | None
    class_group_id: UUID | None
    valid_from: date | None
    valid_until: date | None


@dataclass(frozen=True, slots=True, kw_only=True)
class Period:
    """A stored enrolment (class None), or a stored membership of a class of a school year."""

    id: UUID
    pupil_id: UUID
    branch_id: UUID
    valid_from: date
    valid_until: date | None
    year_group: int | None = None
    class_group_id: UUID | None = None
    school_year: int | None = None

    def lasts_after(self, day: date) -> bool:
        """Return whether the period goes on after a day."""
        return self.valid_until is None or self.valid_until > day


@dataclass(slots=True)
class Changes:
    """What has to be written; `overlapping` and `empty` hold the lines that break a rule."""

    added: list[dict[str, object]] = field(default_factory=list[dict[str, object]])
    changed: dict[UUID, dict[str, object]] = field(default_factory=dict[UUID, dict[str, object]])
    ended: dict[UUID, date] = field(default_factory=dict[UUID, date])
    unchanged: int = 0
    touched: set[UUID] = field(default_factory=set[UUID])
    other_start: int = 0
    overlapping: list[int] = field(default_factory=list[int])
    empty: list[int] = field(default_factory=list[int])
    starts: dict[tuple[UUID, UUID], date] = field(default_factory=dict[tuple[UUID, UUID], date])


@dataclass(frozen=True, slots=True, kw_only=True)
class Picture:
    """A roster's view: where its pupils are, on which day, in which school year.

    `left` holds the day of leaving of pupils that the roster calls former.
    """

    places: Sequence[Place]
    reference: date
    school_year: int
    left: Mapping[UUID, date]

    @property
    def first_day(self) -> date:
        """The first day of the school year."""
        return date(self.school_year, 8, 1)

    @property
    def effective(self) -> date:
        """The day on which what is no longer on the roster ends."""
        return max(self.reference, self.first_day)


def enrolments(picture: Picture, stored: Sequence[Period]) -> Changes:
    """Return what the roster changes in the enrolments at the branches that it covers."""
    result = Changes()
    at_branch: defaultdict[tuple[UUID, UUID], list[Period]] = defaultdict(list)
    known: set[UUID] = set()
    for period in sorted(stored, key=lambda period: period.valid_from):
        at_branch[period.pupil_id, period.branch_id].append(period)
        if period.lasts_after(picture.first_day):
            known.add(period.pupil_id)
    for place in picture.places:
        _enrol(result, picture, place, at_branch[place.pupil_id, place.branch_id], known)
    present = {(place.pupil_id, place.branch_id) for place in picture.places}
    for where, periods in at_branch.items():
        if where not in present:
            for period in periods:
                until = picture.left.get(period.pupil_id, picture.effective)
                _end(result, period, until, picture.effective)
    return result


def _enrol(
    result: Changes, picture: Picture, place: Place, stored: Sequence[Period], known: set[UUID]
) -> None:
    last = stored[-1] if stored else None
    where = (place.pupil_id, place.branch_id)
    if last is not None and _same(last, place, picture.effective):
        result.starts[where] = last.valid_from
        if place.valid_until is not None and place.valid_until <= last.valid_from:
            result.empty.append(place.line)
        elif (last.valid_until, last.year_group) != (place.valid_until, place.year_group):
            result.changed[last.id] = {
                "valid_until": place.valid_until,
                "year_group": place.year_group,
            }
            result.touched.add(place.pupil_id)
        else:
            result.unchanged += 1
        result.other_start += place.valid_from not in (None, last.valid_from)
        return
    start = place.valid_from
    if start is None:
        start = picture.effective if place.pupil_id in known else picture.first_day
        if last is not None and last.valid_until is not None:
            start = max(start, last.valid_until)
    if place.valid_until is not None and place.valid_until <= start:
        result.empty.append(place.line)
    elif any(_overlap(period, start, place.valid_until) for period in stored):
        result.overlapping.append(place.line)
    else:
        result.starts[where] = start
        result.touched.add(place.pupil_id)
        result.added.append(
            {
                "pupil_id": place.pupil_id,
                "branch_id": place.branch_id,
                "year_group": place.year_group,
                "valid_from": start,
                "valid_until": place.valid_until,
            }
        )


def _same(last: Period, place: Place, effective: date) -> bool:
    if place.valid_from is None:
        return last.lasts_after(effective) or last.valid_until == place.valid_until
    if place.valid_from == last.valid_from:
        return True
    before = place.valid_until is not None and place.valid_until <= last.valid_from
    return last.valid_until is None and not before


def _overlap(period: Period, start: date, until: date | None) -> bool:
    return period.lasts_after(start) and (until is None or period.valid_from < until)


def _end(result: Changes, period: Period, until: date, effective: date) -> date:
    """End a period, at the earliest on its second day; return the day it ends."""
    if period.valid_from > effective:
        return period.valid_from
    until = max(until, period.valid_from + _DAY)
    if period.lasts_after(until):
        result.ended[period.id] = until
        result.touched.add(period.pupil_id)
    return until


def memberships(
    picture: Picture, stored: Sequence[Period], starts: Mapping[tuple[UUID, UUID], date]
) -> Changes:
    """Return what the roster changes in class memberships; `starts` are those of enrolments."""
    result = Changes()
    of_pupil: defaultdict[UUID, list[Period]] = defaultdict(list)
    for period in sorted(stored, key=lambda period: period.valid_from):
        of_pupil[period.pupil_id].append(period)
    present: set[UUID] = set()
    for place in picture.places:
        present.add(place.pupil_id)
        _join(result, picture, place, of_pupil[place.pupil_id], starts)
    for pupil_id, periods in of_pupil.items():
        if pupil_id not in present:
            for period in periods:
                until = picture.left.get(pupil_id, picture.effective)
                _end(result, period, until, picture.effective)
    return result


def _join(
    result: Changes,
    picture: Picture,
    place: Place,
    stored: Sequence[Period],
    starts: Mapping[tuple[UUID, UUID], date],
) -> None:
    free_from = None
    keep: Period | None = None
    for period in stored:
        this_year = period.school_year == picture.school_year
        if this_year and _still(period, place, picture.effective):
            keep = period
            continue
        end = picture.effective if this_year else picture.first_day
        ended = _end(result, period, end, picture.effective)
        if this_year:
            free_from = max(free_from or ended, ended)
    if place.class_group_id is None:
        return
    if keep is not None:
        if keep.valid_until == place.valid_until:
            result.unchanged += 1
        else:
            result.changed[keep.id] = {"valid_until": place.valid_until}
            result.touched.add(place.pupil_id)
        return
    enrolled = starts.get((place.pupil_id, place.branch_id))
    if enrolled is None:
        return
    start = max(enrolled, picture.first_day)
    if free_from is not None:
        start = max(start, free_from, picture.effective)
    if place.valid_until is None or place.valid_until > start:
        result.touched.add(place.pupil_id)
        result.added.append(
            {
                "pupil_id": place.pupil_id,
                "branch_id": place.branch_id,
                "class_group_id": place.class_group_id,
                "valid_from": start,
                "valid_until": place.valid_until,
            }
        )


def _still(period: Period, place: Place, effective: date) -> bool:
    return period.class_group_id == place.class_group_id and (
        period.lasts_after(effective)
        or (place.valid_until is not None and period.valid_until == place.valid_until)
    )
