"""What may be read of attendance. A rate is read from the roll-up, never from visible marks."""

from functools import partial
from typing import Any, Final

from sqlalchemy import (
    ColumnElement,
    DateTime,
    Float,
    FromClause,
    Text,
    and_,
    any_,
    case,
    cast,
    func,
    literal_column,
    null,
    or_,
    select,
)
from sqlalchemy.dialects.postgresql import array

from domain.attendance.indicators import ATTENDANCE_RATE
from domain.attendance.models import (
    Absence,
    AbsencePresumed,
    AbsenceReason,
    PupilWeek,
    Signal,
)
from domain.attendance.tiers import bands_on, judged_on, tiers, tiers_over_period, within
from domain.organisations.views import table
from domain.pupils.views import pupils
from domain.reach import Kind
from domain.reading.view import Arguments, Derived, Field, Many, One, View
from permissions.vocabulary import DataClass, Purpose

_week = table(PupilWeek)

AS_KNOWN_AT: Final = "asKnownAt"
NO_DELIVERED_WEEKS: Final = literal_column("'NO_DELIVERED_WEEKS'", Text)
WEEKS_UNKNOWN: Final = literal_column("'WEEKS_UNKNOWN'", Text)
SHORT_PERIOD: Final = literal_column("'SHORT_PERIOD'", Text)

KEPT_FOR: Final = ("moved", Purpose.DAILY_GUIDANCE)
"""A version that was moved to another pupil explains what the school knew, and nothing else."""


def standing(
    row: FromClause, arguments: Arguments, *, ended: str = "replaced_at"
) -> ColumnElement[bool]:
    """Return whether a version stands now, or stood at the instant that `asKnownAt` names.

    A version stands from `recorded_at` until the instant in the column `ended`, not included.
    """
    if AS_KNOWN_AT not in arguments:
        return row.c[ended].is_(None)
    instant = cast(arguments[AS_KNOWN_AT], DateTime(timezone=True))
    # Both halves have an index of their own: what stands, and what was replaced.
    return and_(
        row.c.recorded_at <= instant,
        or_(
            row.c[ended].is_(None),
            and_(row.c[ended].is_not(None), row.c[ended] > instant),
        ),
    )


def over_period(pupil: FromClause, arguments: Arguments) -> FromClause:
    """Return one row: the roll-up of a pupil's weeks whose Monday lies in the period.

    It is made of the versions that stand, or that stood at the instant of `asKnownAt`. Minutes and
    units are of delivered weeks alone; weeks not delivered are counted apart.
    """
    week = _week.alias("week")
    delivered = week.c.attended_minutes.is_not(None)
    scheduled_minutes = func.sum(week.c.scheduled_minutes).filter(delivered)
    scheduled_units = func.sum(week.c.scheduled_units).filter(delivered)
    day = judged_on(arguments)
    return (
        select(
            pupil.c.id.label("pupil_id"),
            func.coalesce(scheduled_minutes, 0).label("scheduled_minutes"),
            func.coalesce(func.sum(week.c.attended_minutes), 0).label("attended_minutes"),
            func.coalesce(scheduled_units, 0).label("scheduled_units"),
            func.coalesce(func.sum(week.c.attended_units), 0).label("attended_units"),
            func.count().filter(delivered).label("delivered_weeks"),
            func.count().filter(~delivered).label("unknown_weeks"),
            func.min(week.c.monday).filter(delivered).label("first_week"),
            func.max(week.c.monday).filter(delivered).label("last_week"),
            *(value.label(name) for name, value in bands_on(day).items()),
        )
        .select_from(week)
        .where(
            week.c.pupil_id == pupil.c.id,
            standing(week, arguments),
            *within(week, arguments),
        )
        .correlate(pupil)
        .lateral("attendance")
    )


def quality_of(attendance: FromClause) -> ColumnElement[Any]:
    """Return what to know of a value before it is relied on, as a list of codes.

    Judged from the roll-up alone, so that the list tells nothing but what the value itself does.
    """
    few = attendance.c.delivered_weeks < attendance.c.least_weeks
    return func.array_remove(
        array(
            [
                case((attendance.c.delivered_weeks == 0, NO_DELIVERED_WEEKS)),
                case((attendance.c.unknown_weeks > 0, WEEKS_UNKNOWN)),
                case((and_(few, attendance.c.delivered_weeks > 0), SHORT_PERIOD)),
            ]
        ),
        null(),
    )


attendance = View(
    "attendance",
    _week,
    keys={Kind.PUPIL: "pupil_id"},
    row_class=DataClass.ATTENDANCE_RATE,
    fields={
        "scheduledMinutes": Field("scheduled_minutes"),
        "attendedMinutes": Field("attended_minutes"),
        "scheduledUnits": Field("scheduled_units"),
        "attendedUnits": Field("attended_units"),
        "deliveredWeeks": Field("delivered_weeks"),
        "unknownWeeks": Field("unknown_weeks"),
        "rate": Field(
            lambda a: (
                cast(a.c.attended_minutes, Float)
                / func.nullif(cast(a.c.scheduled_minutes, Float), 0)
            )
        ),
        "firstWeek": Field("first_week"),
        "lastWeek": Field("last_week"),
        "indicator": Field(lambda _: literal_column(f"'{ATTENDANCE_RATE}'", Text)),
        "ruleSet": Field("rule_set"),
        "quality": Field(quality_of),
    },
)

reasons = View(
    "absencereason",
    table(AbsenceReason),
    keys={Kind.PUPIL: "pupil_id"},
    guarded_by=(
        "data_class",
        (
            DataClass.ATTENDANCE_REASON,
            DataClass.ATTENDANCE_REASON_HEALTH_FACT,
            DataClass.ATTENDANCE_REASON_HEALTH,
            DataClass.ATTENDANCE_REASON_BELIEF,
        ),
    ),
    kept_for=KEPT_FOR,
    order=("absence_id",),
    fields={"code": Field("code"), "dataClass": Field("data_class")},
)

presumed = View(
    "absencepresumed",
    table(AbsencePresumed),
    keys={Kind.PUPIL: "pupil_id"},
    guarded_by=(
        "data_class",
        (
            DataClass.ATTENDANCE_UNAUTHORISED,
            DataClass.ATTENDANCE_AUTHORISED,
            DataClass.ATTENDANCE_REASON,
            DataClass.ATTENDANCE_REASON_HEALTH_FACT,
            DataClass.ATTENDANCE_REASON_HEALTH,
            DataClass.ATTENDANCE_REASON_BELIEF,
        ),
    ),
    kept_for=KEPT_FOR,
    order=("about", "absence_id"),
    fields={"about": Field("about"), "code": Field("code"), "dataClass": Field("data_class")},
)
"""What is presumed, each code under the class of what it tells."""

absences = View(
    "absence",
    table(Absence),
    keys={Kind.PUPIL: "pupil_id"},
    guarded_by=(
        "data_class",
        (DataClass.ATTENDANCE_UNAUTHORISED, DataClass.ATTENDANCE_AUTHORISED),
    ),
    kept_for=KEPT_FOR,
    order=("day", "start_unit", "id"),
    descending=True,
    fields={
        "day": Field("day"),
        "startUnit": Field("start_unit"),
        "lessonUnits": Field("lesson_units"),
        "minutes": Field("minutes"),
        "category": Field("category"),
    },
    relations={
        "reason": One(
            reasons,
            lambda a, r: and_(
                r.c.controller_id == a.c.controller_id,
                r.c.absence_id == a.c.id,
                r.c.day == a.c.day,
            ),
        ),
        "presumed": Many(
            presumed,
            lambda a, p: and_(
                p.c.controller_id == a.c.controller_id,
                p.c.absence_id == a.c.id,
                p.c.day == a.c.day,
            ),
        ),
    },
)

signals = View(
    "signal",
    table(Signal),
    keys={Kind.PUPIL: "pupil_id"},
    guarded_by=(
        "data_class",
        (
            DataClass.SIGNAL,
            DataClass.ATTENDANCE_REASON,
            DataClass.ATTENDANCE_REASON_HEALTH_FACT,
        ),
    ),
    order=("reached_on", "id"),
    descending=True,
    fields={
        "kind": Field("kind"),
        "ruleSet": Field("rule_set"),
        "firstWeek": Field("first_week"),
        "lastWeek": Field("last_week"),
        "amount": Field("amount"),
        "unit": Field("unit"),
        "reachedOn": Field("reached_on"),
        "actBy": Field("act_by"),
        "dataClass": Field("data_class"),
        "recordedAt": Field("recorded_at"),
    },
    relations={
        # Under the classes of the marks themselves: a signal opens none of them.
        "marks": Many(
            absences,
            lambda s, a: and_(a.c.pupil_id == s.c.pupil_id, a.c.id == any_(s.c.marks)),
            paged=True,
        )
    },
)

pupils.extend(
    attendance=Derived(attendance, over_period),
    tiers=Derived(tiers, tiers_over_period, many=True),
    absences=Many(
        absences,
        lambda p, a: a.c.pupil_id == p.c.id,
        paged=True,
        among=standing,
    ),
    signals=Many(
        signals,
        lambda p, s: s.c.pupil_id == p.c.id,
        among=partial(standing, ended="withdrawn_at"),
    ),
)
