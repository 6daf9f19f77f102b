"""What may be read of notices and requests for leave."""

from domain.leave.models import AbsenceNotice, LeaveExplanation, LeaveRequest
from domain.organisations.views import table
from domain.pupils.views import pupils, young_person_id
from domain.reach import Kind
from domain.reading.view import Field, Many, One, View
from permissions.vocabulary import DataClass

_explanation = table(LeaveExplanation)

notices = View(
    "absencenotice",
    table(AbsenceNotice),
    keys={Kind.PUPIL: "pupil_id"},
    guarded_by=("data_class", (DataClass.NOTICE_ILLNESS, DataClass.NOTICE_BELIEF)),
    subject="young_person_id",
    order=("first_day", "id"),
    descending=True,
    fields={
        "dataClass": Field("data_class"),
        "firstDay": Field("first_day"),
        "lastDay": Field("last_day"),
        "state": Field("state"),
        "inTime": Field("in_time"),
        "ruleSet": Field("rule_set"),
        "notifiedAt": Field("notified_at"),
    },
)

explanations = View(
    "leaveexplanation",
    _explanation,
    keys={Kind.PUPIL: "pupil_id", Kind.LEAVE: "leave_id"},
    row_class=DataClass.LEAVE_EXPLANATION,
    order=("leave_id",),
    fields={"text": Field("explanation")},
)

leave_requests = View(
    "leaverequest",
    table(LeaveRequest),
    keys={Kind.PUPIL: "pupil_id", Kind.LEAVE: "id"},
    row_class=DataClass.LEAVE_REQUEST,
    subject="young_person_id",
    order=("submitted_at", "id"),
    descending=True,
    fields={
        "youngPersonId": Field(young_person_id),
        "givenName": Field("given_name"),
        "familyName": Field("family_name"),
        "birthDate": Field("birth_date"),
        "ground": Field("ground"),
        "firstDay": Field("first_day"),
        "lastDay": Field("last_day"),
        "schoolYear": Field("school_year"),
        "schoolDays": Field("school_days"),
        "calendarKnown": Field("calendar_known"),
        "obstacles": Field("obstacles"),
        "decider": Field("decider"),
        "ruleSet": Field("rule_set"),
        "state": Field("state"),
        "submittedAt": Field("submitted_at"),
        "decideBy": Field("decide_by"),
        "headView": Field("head_view"),
        "heardAt": Field("heard_at"),
        "decidedAt": Field("decided_at"),
    },
    relations={"explanation": One(explanations, lambda r, e: e.c.leave_id == r.c.id)},
)

pupils.extend(
    notices=Many(notices, lambda p, n: n.c.pupil_id == p.c.id, paged=True),
    leaveRequests=Many(leave_requests, lambda p, r: r.c.pupil_id == p.c.id, paged=True),
)
