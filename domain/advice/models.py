"""Advice to a school on its absence policy; see `0012_advice` for what guards the table."""

from collections.abc import Mapping
from datetime import date, datetime
from enum import StrEnum
from typing import Final
from uuid import UUID

from sqlalchemy import ForeignKey
from sqlalchemy.orm import Mapped, mapped_column

from domain.base import Base, Key


class AdviceMeasure(StrEnum):
    """Which published figure an advice is about; counts of groups, never of a pupil.

    The names are those of the published measures, so that the series after the advice is found.
    """

    ABSENCE = "absence"
    ABSENCE_KINDS = "absence_kinds"
    LATENESS = "lateness"
    REPORTS = "reports"
    REPORT_OUTCOMES = "report_outcomes"
    DAYS_TO_ACTION = "days_to_action"
    FREQUENT_SICKNESS = "frequent_sickness"
    PLANS_STARTED = "plans_started"
    PLANS_REVIEWED = "plans_reviewed"


class AdviceState(StrEnum):
    """Where an advice is."""

    RECORDED = "recorded"
    ANSWERED = "answered"
    FOLLOWED_UP = "followed_up"
    CLOSED = "closed"


TRANSITIONS: Final[Mapping[AdviceState, frozenset[AdviceState]]] = {
    AdviceState.RECORDED: frozenset({AdviceState.ANSWERED, AdviceState.CLOSED}),
    AdviceState.ANSWERED: frozenset({AdviceState.FOLLOWED_UP, AdviceState.CLOSED}),
    AdviceState.FOLLOWED_UP: frozenset({AdviceState.CLOSED}),
    AdviceState.CLOSED: frozenset(),
}


class AdviceOutcome(StrEnum):
    """What came of an advice."""

    IMPROVED = "improved"
    UNCHANGED = "unchanged"
    WORSENED = "worsened"
    UNANSWERED = "unanswered"
    MISTAKEN = "mistaken"


class Advice(Base):
    """What an office advised a branch, what the school answered, and what followed: class `advice`.

    About a school and no person. `controller_id` is the office, whose record it is. `measure`,
    `first_day` and `last_day` (within it) say which published figure it rests on; `seen` is the
    development in it and `advised` the advice. `will_do`, `done_by` (a function at the school) and
    `do_by` stand together, and only where the school answers that it will do something.
    """

    __tablename__ = "advice"

    id: Mapped[Key]
    controller_id: Mapped[UUID] = mapped_column(ForeignKey("organisation.id"))
    branch_id: Mapped[UUID] = mapped_column(ForeignKey("school_branch.id"))
    measure: Mapped[str]
    first_day: Mapped[date]
    last_day: Mapped[date]
    seen: Mapped[str]
    advised: Mapped[str]
    state: Mapped[str]
    recorded_by: Mapped[UUID]
    recorded_at: Mapped[datetime]
    answer: Mapped[str | None]
    will_do: Mapped[str | None]
    done_by: Mapped[str | None]
    do_by: Mapped[date | None]
    answered_by: Mapped[UUID | None]
    answered_at: Mapped[datetime | None]
    follow_up: Mapped[str | None]
    followed_up_by: Mapped[UUID | None]
    followed_up_at: Mapped[datetime | None]
    outcome: Mapped[str | None]
    closed_by: Mapped[UUID | None]
    closed_at: Mapped[datetime | None]
