"""Referrals (verwijzing); see `0002_policy` for what guards each table."""

from datetime import date, datetime
from enum import StrEnum
from uuid import UUID

from sqlalchemy import ForeignKey
from sqlalchemy.orm import Mapped, mapped_column

from domain.base import Base, Key


class ReferralKind(StrEnum):
    """What a young person is referred for."""

    MAZL = "mazl"
    SPECIAL_NEEDS = "special_needs"
    STATUTORY = "statutory"
    HALT = "halt"
    CHILD_PROTECTION_BOARD = "child_protection_board"
    PUBLIC_PROSECUTOR = "public_prosecutor"
    SAFE_AT_HOME = "safe_at_home"


class ReferralOutcome(StrEnum):
    """What came of a referral, in the coded words of who received it."""

    HELP_STARTED = "help_started"
    MEASURE_IMPOSED = "measure_imposed"
    NO_MEASURE = "no_measure"
    NOT_TAKEN_UP = "not_taken_up"


class Referral(Base):
    """The fact that a young person was referred to an organisation, in a role."""

    __tablename__ = "referral"

    id: Mapped[Key]
    controller_id: Mapped[UUID] = mapped_column(ForeignKey("organisation.id"))
    young_person_id: Mapped[UUID] = mapped_column(ForeignKey("young_person.id"))
    pupil_id: Mapped[UUID | None]
    report_id: Mapped[UUID | None]
    kind: Mapped[str]
    to_organisation_id: Mapped[UUID] = mapped_column(ForeignKey("organisation.id"))
    to_role: Mapped[str]
    referred_by: Mapped[UUID]
    valid_from: Mapped[datetime]
    valid_until: Mapped[datetime | None]


class ReferralFile(Base):
    """What a referral says and what came of it: class `referral`."""

    __tablename__ = "referral_file"

    referral_id: Mapped[UUID] = mapped_column(ForeignKey("referral.id"), primary_key=True)
    controller_id: Mapped[UUID]
    given_name: Mapped[str]
    family_name: Mapped[str]
    birth_date: Mapped[date | None]
    question: Mapped[str]
    received_at: Mapped[datetime | None]
    outcome: Mapped[str | None]
