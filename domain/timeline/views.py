"""One list by date of what happened around the attendance of a pupil (tijdlijn).

It holds nothing of its own: each entry is a row of the table it comes from, under the data class of
that row, so that the list shows exactly what the lists it is made of show.
"""

from typing import Any, Final

from sqlalchemy import (
    ColumnElement,
    Date,
    Select,
    Text,
    Uuid,
    cast,
    func,
    literal_column,
    null,
    select,
    union_all,
)

from domain.attendance.models import Absence, Signal
from domain.changes.views import id_of
from domain.leave.models import AbsenceNotice, LeaveRequest
from domain.organisations.views import table
from domain.pupils.views import pupils
from domain.reach import Kind
from domain.reading.view import Field, Many, View
from domain.reports.models import Report
from permissions.vocabulary import DataClass

_absence, _signal, _notice = table(Absence), table(Signal), table(AbsenceNotice)
_leave, _report = table(LeaveRequest), table(Report)
_OF_REQUESTS: Final = literal_column(f"'{DataClass.LEAVE_REQUEST}'", Text)
_OF_REPORTS: Final = literal_column(f"'{DataClass.REPORT}'", Text)


def _entry(
    kind: str,
    row: Any,  # noqa: ANN401 - a table, narrowed by use
    *,
    day: ColumnElement[Any],
    code: ColumnElement[Any],
    data_class: ColumnElement[Any],
    report: bool = False,
) -> Select[Any, Any, Any, Any, Any, Any, Any]:
    return select(
        literal_column(f"'{kind}'", Text).label("kind"),
        row.c.id,
        row.c.pupil_id,
        (row.c.id if report else cast(null(), Uuid)).label("report_id"),
        day.label("day"),
        code.label("code"),
        data_class.label("data_class"),
    )


_entries = union_all(
    _entry(
        "absence", _absence, day=_absence.c.day, code=_absence.c.category,
        data_class=_absence.c.data_class,
    ).where(_absence.c.replaced_at.is_(None)),
    _entry(
        "signal", _signal, day=_signal.c.reached_on, code=_signal.c.kind,
        data_class=_signal.c.data_class,
    ).where(_signal.c.withdrawn_at.is_(None)),
    _entry(
        "absencenotice", _notice, day=_notice.c.first_day, code=_notice.c.state,
        data_class=_notice.c.data_class,
    ),
    _entry(
        "leaverequest", _leave, day=_leave.c.first_day, code=_leave.c.state,
        data_class=_OF_REQUESTS,
    ),
    _entry(
        "report", _report,
        day=cast(func.timezone("Europe/Amsterdam", _report.c.prepared_at), Date),
        code=_report.c.kind, data_class=_OF_REPORTS, report=True,
    ),
).subquery("happened")  # fmt: skip

timeline = View(
    "timelineentry",
    _entries,
    keys={Kind.PUPIL: "pupil_id", Kind.REPORT: "report_id"},
    guarded_by=(
        "data_class",
        (
            DataClass.ATTENDANCE_UNAUTHORISED,
            DataClass.ATTENDANCE_AUTHORISED,
            DataClass.SIGNAL,
            DataClass.ATTENDANCE_REASON,
            DataClass.ATTENDANCE_REASON_HEALTH_FACT,
            DataClass.NOTICE_ILLNESS,
            DataClass.NOTICE_BELIEF,
            DataClass.LEAVE_REQUEST,
            DataClass.REPORT,
        ),
    ),
    order=("day", "id"),
    descending=True,
    fields={
        "kind": Field("kind"),
        "day": Field("day"),
        "code": Field("code"),
        "dataClass": Field("data_class"),
        "objectId": Field(id_of("id")),
    },
)

pupils.extend(timeline=Many(timeline, lambda p, t: t.c.pupil_id == p.c.id, paged=True))
