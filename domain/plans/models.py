"""Plans and actions; see `06_chain.sql` for what guards each table."""

from datetime import date, datetime
from enum import StrEnum
from uuid import UUID

from sqlalchemy.orm import Mapped, mapped_column

from domain.base import Base, Key


class PlanState(StrEnum):
    """Whether every party agreed."""

    PROPOSED = "proposed"
    AGREED = "agreed"


class ActionState(StrEnum):
    """Where an action stands."""

    OPEN = "open"
    DONE = "done"
    DROPPED = "dropped"


TRANSITIONS: dict[ActionState, frozenset[ActionState]] = {
    ActionState.OPEN: frozenset({ActionState.DONE, ActionState.DROPPED}),
    ActionState.DONE: frozenset(),
    ActionState.DROPPED: frozenset(),
}


class Plan(Base):
    """A plan within a case: class `plan`. Agreed once every accepted party agreed."""

    __tablename__ = "plan"

    id: Mapped[Key]
    case_id: Mapped[UUID]
    controller_id: Mapped[UUID]
    young_person_id: Mapped[UUID]
    goal: Mapped[str]
    state: Mapped[str]
    review_on: Mapped[date]
    recorded_at: Mapped[datetime]
    agreed_at: Mapped[datetime | None]


class PlanAgreement(Base):
    """One party's agreement to a plan: class `plan`."""

    __tablename__ = "plan_agreement"

    plan_id: Mapped[UUID] = mapped_column(primary_key=True)
    participation_id: Mapped[UUID] = mapped_column(primary_key=True)
    case_id: Mapped[UUID]
    agreed_at: Mapped[datetime]


class PlanAction(Base):
    """An action with an owner and a due date: class `action`."""

    __tablename__ = "plan_action"

    id: Mapped[Key]
    plan_id: Mapped[UUID]
    case_id: Mapped[UUID]
    owner_id: Mapped[UUID]
    description: Mapped[str]
    due_on: Mapped[date]
    state: Mapped[str]
    recorded_at: Mapped[datetime]
