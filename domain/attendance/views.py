"""What may be read of attendance. A rate is read from the roll-up, never from visible marks."""

from sqlalchemy import Date, Float, FromClause, and_, cast, func, or_, select

from domain.attendance.models import Absence, AbsenceReason, PupilWeek, Signal
from domain.organisations.views import table
from domain.pupils.views import pupils
from domain.reach import Kind
from domain.reading.view import Arguments, Derived, Field, Many, One, View
from permissions.vocabulary import DataClass

_week = table(PupilWeek)


def over_period(pupil: FromClause, arguments: Arguments) -> FromClause:
    """Return one row: the roll-up of a pupil's weeks whose Monday lies in the period.

    Minutes and units are of delivered weeks alone; weeks not delivered are counted apart.
    """
    week = _week.alias("week")
    within = [week.c.pupil_id == pupil.c.id]
    for name, compare in (("from", week.c.monday.__ge__), ("until", week.c.monday.__le__)):
        if name in arguments:
            bound = cast(arguments[name], Date)
            within.append(or_(bound.is_(None), compare(bound)))
    delivered = week.c.attended_minutes.is_not(None)
    scheduled_minutes = func.sum(week.c.scheduled_minutes).filter(delivered)
    scheduled_units = func.sum(week.c.scheduled_units).filter(delivered)
    return (
        select(
            pupil.c.id.label("pupil_id"),
            func.coalesce(scheduled_minutes, 0).label("scheduled_minutes"),
            func.coalesce(func.sum(week.c.attended_minutes), 0).label("attended_minutes"),
            func.coalesce(scheduled_units, 0).label("scheduled_units"),
            func.coalesce(func.sum(week.c.attended_units), 0).label("attended_units"),
            func.count().filter(delivered).label("delivered_weeks"),
            func.count().filter(~delivered).label("unknown_weeks"),
        )
        .select_from(week)
        .where(and_(*within))
        .correlate(pupil)
        .lateral("attendance")
    )  # fmt: skip


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
    order=("absence_id",),
    fields={"code": Field("code"), "dataClass": Field("data_class")},
)

absences = View(
    "absence",
    table(Absence),
    keys={Kind.PUPIL: "pupil_id"},
    guarded_by=(
        "data_class",
        (DataClass.ATTENDANCE_UNAUTHORISED, DataClass.ATTENDANCE_AUTHORISED),
    ),
    order=("day", "start_unit", "id"),
    descending=True,
    fields={
        "day": Field("day"),
        "startUnit": Field("start_unit"),
        "lessonUnits": Field("lesson_units"),
        "minutes": Field("minutes"),
        "category": Field("category"),
    },
    relations={"reason": One(reasons, lambda a, r: r.c.absence_id == a.c.id)},
)

signals = View(
    "signal",
    table(Signal),
    keys={Kind.PUPIL: "pupil_id"},
    row_class=DataClass.SIGNAL,
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
    },
)

pupils.extend(
    attendance=Derived(attendance, over_period),
    absences=Many(
        absences,
        lambda p, a: and_(a.c.pupil_id == p.c.id, a.c.replaced_at.is_(None)),
        paged=True,
    ),
    signals=Many(signals, lambda p, s: and_(s.c.pupil_id == p.c.id, s.c.withdrawn_at.is_(None))),
)
