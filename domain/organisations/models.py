"""Organisations and the facts about them; see `03_organisations.sql` for what guards each table."""

from datetime import datetime
from enum import StrEnum
from typing import Any
from uuid import UUID

from sqlalchemy import ForeignKey
from sqlalchemy.dialects.postgresql import JSONB
from sqlalchemy.orm import Mapped, mapped_column

from domain.base import Base, Key, Small


class OrganisationKind(StrEnum):
    """The kinds of controller (verwerkingsverantwoordelijke)."""

    SCHOOL_BOARD = "school_board"
    ATTENDANCE_OFFICE = "attendance_office"
    SUPPORT_ALLIANCE = "support_alliance"
    YOUTH_HEALTH_SERVICE = "youth_health_service"
    YOUTH_CARE_PROVIDER = "youth_care_provider"
    CERTIFIED_INSTITUTION = "certified_institution"
    TRANSITION_REGION = "transition_region"
    REFERRAL_PARTNER = "referral_partner"
    INSPECTORATE = "inspectorate"
    MINISTRY = "ministry"
    ABSENCE_REGISTER = "absence_register"
    PLATFORM = "platform"


class Organisation(Base):
    """A controller: the tenant that answers for its records."""

    __tablename__ = "organisation"

    id: Mapped[Key]
    kind: Mapped[str]
    name: Mapped[str]
    recorded_at: Mapped[datetime]


class SchoolBranch(Base):
    """A branch (vestiging) of a school board that works with the platform."""

    __tablename__ = "school_branch"

    id: Mapped[Key]
    organisation_id: Mapped[UUID] = mapped_column(ForeignKey("organisation.id"))
    branch_code: Mapped[str]
    name: Mapped[str]
    sector: Mapped[str]
    municipality_code: Mapped[str]
    alliance_code: Mapped[str | None]
    recorded_at: Mapped[datetime]


class OfficeMunicipality(Base):
    """A municipality that an attendance office serves."""

    __tablename__ = "office_municipality"

    id: Mapped[Key]
    organisation_id: Mapped[UUID] = mapped_column(ForeignKey("organisation.id"))
    municipality_code: Mapped[str]
    valid_from: Mapped[datetime]
    valid_until: Mapped[datetime | None]


class Mandate(Base):
    """A unit whose figures an organisation may see."""

    __tablename__ = "mandate"

    id: Mapped[Key]
    organisation_id: Mapped[UUID] = mapped_column(ForeignKey("organisation.id"))
    unit_level: Mapped[str]
    unit_code: Mapped[str]
    valid_from: Mapped[datetime]
    valid_until: Mapped[datetime | None]


class OAuthClient(Base):
    """A system client and the public key it signs its assertions with."""

    __tablename__ = "oauth_client"

    client_id: Mapped[str] = mapped_column(primary_key=True)
    actor_id: Mapped[UUID]
    organisation_id: Mapped[UUID] = mapped_column(ForeignKey("organisation.id"))
    role: Mapped[str]
    purpose: Mapped[str]
    public_key: Mapped[dict[str, Any]] = mapped_column(JSONB)


class OAuthReplay(Base):
    """A client assertion that was used, until it would have expired."""

    __tablename__ = "oauth_replay"

    client_id: Mapped[str] = mapped_column(primary_key=True)
    jti: Mapped[str] = mapped_column(primary_key=True)
    expires_at: Mapped[datetime]


class DeliveryAgreement(Base):
    """A board's agreement that a client delivers for a branch.

    `branch_key` is the `vestiging key` under which the branch stands in the client's rosters.
    """

    __tablename__ = "delivery_agreement"

    id: Mapped[Key]
    client_id: Mapped[UUID] = mapped_column(ForeignKey("oauth_client.actor_id"))
    branch_id: Mapped[UUID] = mapped_column(ForeignKey("school_branch.id"))
    branch_key: Mapped[str | None]
    valid_from: Mapped[datetime]
    valid_until: Mapped[datetime | None]


class Staff(Base):
    """A person who works at an organisation."""

    __tablename__ = "staff"

    id: Mapped[Key]
    controller_id: Mapped[UUID] = mapped_column(ForeignKey("organisation.id"))
    external_id: Mapped[str | None]
    name: Mapped[str]
    recorded_at: Mapped[datetime]


class ClassGroup(Base):
    """A class (klas, stamgroep) of a branch in a school year (the year it starts in)."""

    __tablename__ = "class_group"

    id: Mapped[Key]
    controller_id: Mapped[UUID]
    branch_id: Mapped[UUID]
    external_id: Mapped[str]
    name: Mapped[str]
    school_year: Mapped[Small]
    year_group: Mapped[Small | None]
    recorded_at: Mapped[datetime]


class Assignment(Base):
    """The fact that a member of staff has a role, at an organisation, a branch or a class."""

    __tablename__ = "assignment"

    id: Mapped[Key]
    organisation_id: Mapped[UUID]
    staff_id: Mapped[UUID]
    role: Mapped[str]
    branch_id: Mapped[UUID | None]
    class_group_id: Mapped[UUID | None]
    valid_from: Mapped[datetime]
    valid_until: Mapped[datetime | None]


class HeadMandate(Base):
    """The fact that a head of school lets a coordinator send reports (mandaat, Awb 10:3)."""

    __tablename__ = "head_mandate"

    id: Mapped[Key]
    organisation_id: Mapped[UUID]
    branch_id: Mapped[UUID]
    head_id: Mapped[UUID]
    coordinator_id: Mapped[UUID]
    valid_from: Mapped[datetime]
    valid_until: Mapped[datetime | None]
