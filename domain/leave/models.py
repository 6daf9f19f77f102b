"""Notices and requests for leave; see `0003_attendance_model` for what guards each table."""

from collections.abc import Mapping
from datetime import date, datetime
from enum import StrEnum
from uuid import UUID

from sqlalchemy import ForeignKey
from sqlalchemy.orm import Mapped, mapped_column

from domain.base import Base, Key, Small, Texts


class NoticeKind(StrEnum):
    """What a guardian notifies the head of: no leave is asked, the law gives it."""

    ILLNESS = "illness"
    BELIEF = "belief"


class NoticeState(StrEnum):
    """Where a notice is."""

    NOTIFIED = "notified"
    ENDED = "ended"
    WITHDRAWN = "withdrawn"


NOTICE_TRANSITIONS: Mapping[NoticeState, frozenset[NoticeState]] = {
    NoticeState.NOTIFIED: frozenset({NoticeState.ENDED, NoticeState.WITHDRAWN}),
    NoticeState.ENDED: frozenset(),
    NoticeState.WITHDRAWN: frozenset(),
}


class LeaveGround(StrEnum):
    """On what ground of Leerplichtwet 1969 art. 11 leave is requested."""

    HOLIDAY = "holiday"
    WEIGHTY = "weighty"


class Decider(StrEnum):
    """Who decides on a request: the head, or above ten days the attendance officer."""

    HEAD = "head"
    OFFICER = "officer"


class LeaveState(StrEnum):
    """Where a request for leave is."""

    SUBMITTED = "submitted"
    HEARD = "heard"
    GRANTED = "granted"
    REFUSED = "refused"
    WITHDRAWN = "withdrawn"


class HeadView(StrEnum):
    """What the head says of a request that the officer decides on (art. 14(3))."""

    SUPPORTS = "supports"
    OPPOSES = "opposes"
    NO_VIEW = "no_view"


_DECIDED: frozenset[LeaveState] = frozenset({LeaveState.GRANTED, LeaveState.REFUSED})
TRANSITIONS: Mapping[Decider, Mapping[LeaveState, frozenset[LeaveState]]] = {
    Decider.HEAD: {
        LeaveState.SUBMITTED: _DECIDED | {LeaveState.WITHDRAWN},
    },
    Decider.OFFICER: {
        LeaveState.SUBMITTED: frozenset({LeaveState.HEARD, LeaveState.WITHDRAWN}),
        LeaveState.HEARD: _DECIDED | {LeaveState.WITHDRAWN},
    },
}
"""What may follow what, by who decides: an officer decides after the head was heard. What is not
named is the end of a request."""


class AbsenceNotice(Base):
    """A notice (ziekmelding, melding van een plicht) of a guardian to the head.

    `data_class` is `notice.illness` or `notice.belief`: that there is one tells an illness or a
    belief, so each row is of its own class. Which illness is not kept. `last_day` is null while an
    illness lasts; `in_time` says whether the term of the rule set was kept.
    """

    __tablename__ = "absence_notice"

    id: Mapped[Key]
    controller_id: Mapped[UUID] = mapped_column(ForeignKey("organisation.id"))
    pupil_id: Mapped[UUID]
    young_person_id: Mapped[UUID]
    data_class: Mapped[str]
    first_day: Mapped[date]
    last_day: Mapped[date | None]
    state: Mapped[str]
    in_time: Mapped[bool]
    rule_set: Mapped[str]
    notified_by: Mapped[UUID]
    notified_at: Mapped[datetime]
    settled_at: Mapped[datetime | None]


class LeaveRequest(Base):
    """A guardian's request for leave (verlofaanvraag), and the decision: class `leave.request`.

    `school_days` is counted in the calendar of the school's holiday region, or in weekdays while
    that school year is not in the calendar. `obstacles` names the rules that forbid granting it.
    The name and birth date are those at the request, for an officer reads no school's records.
    """

    __tablename__ = "leave_request"

    id: Mapped[Key]
    controller_id: Mapped[UUID] = mapped_column(ForeignKey("organisation.id"))
    pupil_id: Mapped[UUID]
    young_person_id: Mapped[UUID]
    given_name: Mapped[str]
    family_name: Mapped[str]
    birth_date: Mapped[date | None]
    ground: Mapped[str]
    first_day: Mapped[date]
    last_day: Mapped[date]
    school_year: Mapped[Small]
    school_days: Mapped[Small]
    calendar_known: Mapped[bool]
    obstacles: Mapped[Texts]
    decider: Mapped[str]
    municipality_code: Mapped[str | None]
    rule_set: Mapped[str]
    state: Mapped[str]
    submitted_by: Mapped[UUID]
    submitted_at: Mapped[datetime]
    decide_by: Mapped[date]
    head_view: Mapped[str | None]
    heard_by: Mapped[UUID | None]
    heard_at: Mapped[datetime | None]
    decided_by: Mapped[UUID | None]
    decided_at: Mapped[datetime | None]
    retained_until: Mapped[date]


class LeaveExplanation(Base):
    """Why leave is asked, in the guardian's own words: class `leave.explanation`."""

    __tablename__ = "leave_explanation"

    leave_id: Mapped[UUID] = mapped_column(ForeignKey("leave_request.id"), primary_key=True)
    controller_id: Mapped[UUID]
    pupil_id: Mapped[UUID]
    young_person_id: Mapped[UUID]
    explanation: Mapped[str]
