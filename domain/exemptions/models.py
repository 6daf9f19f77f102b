"""Exemptions and non-enrolment; see `0008_exemptions` for what guards each table."""

from collections.abc import Mapping
from datetime import date, datetime
from enum import StrEnum
from typing import Final
from uuid import UUID

from sqlalchemy import ForeignKey
from sqlalchemy.orm import Mapped, mapped_column

from domain.base import Base, Key
from permissions.vocabulary import DataClass


class ExemptionKind(StrEnum):
    """On what a young person need not be enrolled or attend; never one for another.

    `HEALTH`, `BELIEF` and `ABROAD` are Leerplichtwet 1969 art. 5 a, b and c; `ITINERANT` is the
    different art. 5a.
    """

    HEALTH = "art_5_a_health"
    BELIEF = "art_5_b_belief"
    ABROAD = "art_5_c_school_abroad"
    ITINERANT = "art_5a_itinerant"
    OTHER_EDUCATION = "art_15_other_education"
    SUBSTITUTE_FROM_14 = "art_3a_substitute"
    SUBSTITUTE_LAST_YEAR = "art_3b_substitute"


CLASSES: Final[Mapping[ExemptionKind, DataClass]] = {
    **dict.fromkeys(ExemptionKind, DataClass.EXEMPTION),
    ExemptionKind.HEALTH: DataClass.EXEMPTION_HEALTH,
    ExemptionKind.BELIEF: DataClass.EXEMPTION_BELIEF,
}
"""The class of each kind: that there is one of art. 5(a) or (b) tells health or a belief."""


class ExemptionState(StrEnum):
    """Where an exemption is; one that ran out by its last day stays as it was registered."""

    REGISTERED = "registered"
    ENDED = "ended"


TRANSITIONS: Final[Mapping[ExemptionState, frozenset[ExemptionState]]] = {
    ExemptionState.REGISTERED: frozenset({ExemptionState.ENDED}),
    ExemptionState.ENDED: frozenset(),
}


class ExemptionEnd(StrEnum):
    """Why an exemption ended before its last day."""

    ENROLLED = "enrolled"
    GROUND_GONE = "ground_gone"
    MOVED_AWAY = "moved_away"
    MISTAKEN = "mistaken"


class NonEnrolmentState(StrEnum):
    """Where a record of non-enrolment is."""

    OPEN = "open"
    CLOSED = "closed"


NON_ENROLMENT_TRANSITIONS: Final[Mapping[NonEnrolmentState, frozenset[NonEnrolmentState]]] = {
    NonEnrolmentState.OPEN: frozenset({NonEnrolmentState.CLOSED}),
    NonEnrolmentState.CLOSED: frozenset(),
}


class NonEnrolmentOutcome(StrEnum):
    """What came of it. No word tells on what ground somebody is exempt, or of an offence."""

    ENROLLED = "enrolled"
    EXEMPT = "exempt"
    MOVED_AWAY = "moved_away"
    NOT_BOUND = "not_bound"
    MISTAKEN = "mistaken"


class Exemption(Base):
    """An exemption as the office registered it; `data_class` follows from the kind.

    `municipality_code` is that of residence, whose mayor and aldermen answer for it (art. 19).
    `board_id` is the school board whose report the office knows the young person from; null when
    the office wrote down itself who it is, and then `young_person_id` is the office's own: it is
    nobody's elsewhere. `first_day` and `last_day` are within it; `last_day` is null only of art.
    5(a) where somebody never will be fit. `statement_on` is the day of the doctor's, pedagogue's or
    psychologist's statement; what it says is not kept.
    """

    __tablename__ = "exemption"

    id: Mapped[Key]
    controller_id: Mapped[UUID] = mapped_column(ForeignKey("organisation.id"))
    municipality_code: Mapped[str]
    young_person_id: Mapped[UUID]
    board_id: Mapped[UUID | None]
    given_name: Mapped[str]
    family_name: Mapped[str]
    birth_date: Mapped[date | None]
    data_class: Mapped[str]
    kind: Mapped[str]
    first_day: Mapped[date]
    last_day: Mapped[date | None]
    statement_on: Mapped[date | None]
    rule_set: Mapped[str]
    state: Mapped[str]
    registered_by: Mapped[UUID]
    registered_at: Mapped[datetime]
    end_reason: Mapped[str | None]
    ended_by: Mapped[UUID | None]
    ended_at: Mapped[datetime | None]
    retained_until: Mapped[date | None]


class NonEnrolment(Base):
    """Somebody who is bound to attend and is at no school: class `non_enrolment`.

    Who it is stands as in `Exemption`. `since` is the first day without a school, as the office
    found it.
    """

    __tablename__ = "non_enrolment"

    id: Mapped[Key]
    controller_id: Mapped[UUID] = mapped_column(ForeignKey("organisation.id"))
    municipality_code: Mapped[str]
    young_person_id: Mapped[UUID]
    board_id: Mapped[UUID | None]
    given_name: Mapped[str]
    family_name: Mapped[str]
    birth_date: Mapped[date | None]
    since: Mapped[date]
    state: Mapped[str]
    opened_by: Mapped[UUID]
    opened_at: Mapped[datetime]
    outcome: Mapped[str | None]
    closed_by: Mapped[UUID | None]
    closed_at: Mapped[datetime | None]
    retained_until: Mapped[date | None]
