"""Young persons and the records of their school; see `04_pupils.sql` for what guards each table."""

from datetime import date, datetime
from uuid import UUID

from sqlalchemy import ForeignKey
from sqlalchemy.orm import Mapped, mapped_column

from domain.base import Base, Key, Small


class YoungPerson(Base):
    """A bare platform-wide id (jongere): nobody owns a national file."""

    __tablename__ = "young_person"

    id: Mapped[Key]


class NationalNumber(Base):
    """A keyed index of a national number (PGN), by which boards' records meet. Never the number."""

    __tablename__ = "national_number"
    __table_args__ = {"schema": "vault"}  # noqa: RUF012 - the shape SQLAlchemy asks for

    controller_id: Mapped[UUID] = mapped_column(ForeignKey("organisation.id"), primary_key=True)
    number_index: Mapped[bytes] = mapped_column(primary_key=True)
    young_person_id: Mapped[UUID] = mapped_column(ForeignKey("young_person.id"))


class Pupil(Base):
    """What a school board knows of a young person (leerling): class `pupil.identity`."""

    __tablename__ = "pupil"

    id: Mapped[Key]
    controller_id: Mapped[UUID] = mapped_column(ForeignKey("organisation.id"))
    young_person_id: Mapped[UUID] = mapped_column(ForeignKey("young_person.id"))
    external_id: Mapped[str]
    given_name: Mapped[str]
    infix: Mapped[str | None]
    family_name: Mapped[str]
    birth_date: Mapped[date | None]
    sex: Mapped[str | None]
    recorded_at: Mapped[datetime]


class PupilResidence(Base):
    """Where a pupil lives: class `pupil.whereabouts`."""

    __tablename__ = "pupil_residence"

    pupil_id: Mapped[UUID] = mapped_column(primary_key=True)
    controller_id: Mapped[UUID]
    postcode: Mapped[str | None]
    municipality_code: Mapped[str | None]
    recorded_at: Mapped[datetime]


class Enrolment(Base):
    """A pupil's enrolment (inschrijving) at a branch: class `pupil.enrolment`, and a fact."""

    __tablename__ = "enrolment"

    id: Mapped[Key]
    controller_id: Mapped[UUID]
    pupil_id: Mapped[UUID]
    branch_id: Mapped[UUID]
    year_group: Mapped[Small | None]
    valid_from: Mapped[date]
    valid_until: Mapped[date | None]
    recorded_at: Mapped[datetime]


class ClassMembership(Base):
    """A pupil's place in a class: class `pupil.enrolment`, and a fact."""

    __tablename__ = "class_membership"

    id: Mapped[Key]
    controller_id: Mapped[UUID]
    branch_id: Mapped[UUID]
    pupil_id: Mapped[UUID]
    class_group_id: Mapped[UUID]
    valid_from: Mapped[date]
    valid_until: Mapped[date | None]
    recorded_at: Mapped[datetime]


class Guardian(Base):
    """A bare id of a person with authority over, or care for, a young person."""

    __tablename__ = "guardian"

    id: Mapped[Key]


class GuardianAuthority(Base):
    """The fact of parental authority (gezag), as a controller registered it."""

    __tablename__ = "guardian_authority"

    id: Mapped[Key]
    controller_id: Mapped[UUID] = mapped_column(ForeignKey("organisation.id"))
    guardian_id: Mapped[UUID] = mapped_column(ForeignKey("guardian.id"))
    young_person_id: Mapped[UUID] = mapped_column(ForeignKey("young_person.id"))
    valid_from: Mapped[datetime]
    valid_until: Mapped[datetime | None]


class PupilContact(Base):
    """One contact person of a pupil: class `pupil.contact`, a row per person."""

    __tablename__ = "pupil_contact"

    id: Mapped[Key]
    controller_id: Mapped[UUID]
    pupil_id: Mapped[UUID]
    guardian_id: Mapped[UUID] = mapped_column(ForeignKey("guardian.id"))
    name: Mapped[str]
    relation: Mapped[str]
    phone: Mapped[str | None]
    email: Mapped[str | None]
    recorded_at: Mapped[datetime]


class Filiation(Base):
    """The fact that somebody without authority is a parent (BW 1:377c), as a school has it."""

    __tablename__ = "filiation"

    id: Mapped[Key]
    controller_id: Mapped[UUID] = mapped_column(ForeignKey("organisation.id"))
    parent_id: Mapped[UUID] = mapped_column(ForeignKey("guardian.id"))
    young_person_id: Mapped[UUID] = mapped_column(ForeignKey("young_person.id"))
    limited_by_court: Mapped[bool]
    valid_from: Mapped[datetime]
    valid_until: Mapped[datetime | None]


class WhereaboutsProtection(Base):
    """The fact that where a young person is must stay unknown to the family's other members."""

    __tablename__ = "whereabouts_protection"

    id: Mapped[Key]
    controller_id: Mapped[UUID] = mapped_column(ForeignKey("organisation.id"))
    young_person_id: Mapped[UUID] = mapped_column(ForeignKey("young_person.id"))
    valid_from: Mapped[datetime]
    valid_until: Mapped[datetime | None]


class OwnAccount(Base):
    """The fact that an account is the young person's own."""

    __tablename__ = "own_account"

    id: Mapped[Key]
    controller_id: Mapped[UUID] = mapped_column(ForeignKey("organisation.id"))
    account_id: Mapped[UUID]
    young_person_id: Mapped[UUID] = mapped_column(ForeignKey("young_person.id"))
    valid_from: Mapped[datetime]
    valid_until: Mapped[datetime | None]
