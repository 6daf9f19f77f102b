"""Periods, exact tables and releases; see `0012_publications` for what guards each table."""

from datetime import date, datetime
from enum import StrEnum
from typing import Annotated
from uuid import UUID

from sqlalchemy import BigInteger, Computed, Date, ForeignKey
from sqlalchemy.dialects.postgresql import ARRAY
from sqlalchemy.orm import Mapped, mapped_column

from domain.base import Base, Key, Small, Texts

Counts = Annotated[list[int], mapped_column(ARRAY(BigInteger))]


class PeriodKind(StrEnum):
    """How long a period is: a month, a term, or the school year from August to July."""

    MONTH = "month"
    TERM = "term"
    SCHOOL_YEAR = "school_year"


class BranchPeriod(Base):
    """A period of a branch: class `aggregate.branch.exact` there, `aggregate.branch` by a mandate.

    The head closes it, its board or the deadline (then `locked_by` is null) locks it, and the exact
    tables are taken once. `weeks` were expected, `missing_weeks` were not delivered when it was
    closed or, without that, locked; `late_weeks` were delivered or changed after the tables were
    taken. `score` is of the registration's quality, in whole points; null under ten pupils.
    """

    __tablename__ = "branch_period"

    id: Mapped[Key]
    controller_id: Mapped[UUID]
    branch_id: Mapped[UUID]
    branch_code: Mapped[str]
    unit: Mapped[str] = mapped_column(Computed("'branch:' || branch_code", persisted=True))
    kind: Mapped[str]
    first_day: Mapped[date]
    last_day: Mapped[date]
    score: Mapped[Small | None]
    weeks: Mapped[Small]
    missing_weeks: Mapped[list[date]] = mapped_column(ARRAY(Date))
    closed_by: Mapped[UUID | None]
    closed_at: Mapped[datetime | None]
    locked_by: Mapped[UUID | None]
    locked_at: Mapped[datetime | None]
    taken_at: Mapped[datetime | None]
    late_weeks: Mapped[Small] = mapped_column(server_default="0")


class BranchTable(Base):
    """What was counted of a branch in a period: class `aggregate.branch.exact`, written once.

    A later vintage, counted anew after late deliveries, stands beside the first.

    `cells` holds each category's pupils by group: as long as `categories` times `groups`. A group
    is `years:sexes`, such as `1_2:f`.
    """

    __tablename__ = "branch_table"

    id: Mapped[Key]
    controller_id: Mapped[UUID]
    branch_id: Mapped[UUID]
    branch_period_id: Mapped[UUID]
    kind: Mapped[str]
    first_day: Mapped[date]
    measure: Mapped[str]
    vintage: Mapped[Small]
    categories: Mapped[Texts]
    groups: Mapped[Texts]
    cells: Mapped[Counts]
    taken_at: Mapped[datetime]


class Release(Base):
    """A publication of a period, written once; a later vintage stands beside the earlier ones.

    `digest` is the SHA-256 of its rows in their canonical form, as it stands in the log.
    """

    __tablename__ = "release"

    id: Mapped[Key]
    kind: Mapped[str]
    first_day: Mapped[date]
    last_day: Mapped[date]
    school_year: Mapped[Small]
    vintage: Mapped[Small]
    method: Mapped[str]
    rule_set: Mapped[str]
    boundaries: Mapped[str]
    branches: Mapped[int]
    branches_missing: Mapped[int]
    released_at: Mapped[datetime]
    digest: Mapped[str]


class ReleaseUnit(Base):
    """Where a branch lay at a release: class `aggregate.branch`.

    `published_as` is the code of the branches that it was counted with, its own when alone; `area`
    that of the municipalities; `groups` those that its pupils were counted in.
    """

    __tablename__ = "release_unit"

    id: Mapped[Key]
    release_id: Mapped[UUID] = mapped_column(ForeignKey("release.id"))
    branch_code: Mapped[str]
    unit: Mapped[str] = mapped_column(Computed("'branch:' || branch_code", persisted=True))
    name: Mapped[str]
    sector: Mapped[str]
    board: Mapped[str]
    municipality: Mapped[str]
    region: Mapped[str | None]
    alliance: Mapped[str | None]
    published_as: Mapped[str]
    area: Mapped[str]
    groups: Mapped[Texts]
    weeks: Mapped[Small]
    missing_weeks: Mapped[Small]
    closed: Mapped[bool]


class Published(Base):
    """A published answer: a unit, a measure and what it is divided by, with all of its cells.

    `cells` holds each label's pupils by category: as long as `labels` times `categories`. A unit
    that was counted together with others has the row of all of them; `members` names these.
    """

    __tablename__ = "published"

    id: Mapped[Key]
    release_id: Mapped[UUID] = mapped_column(ForeignKey("release.id"))
    kind: Mapped[str]
    first_day: Mapped[date]
    vintage: Mapped[Small]
    level: Mapped[str]
    unit_code: Mapped[str]
    unit: Mapped[str] = mapped_column(Computed("level || ':' || unit_code", persisted=True))
    data_class: Mapped[str] = mapped_column(Computed("'aggregate.' || level", persisted=True))
    unit_name: Mapped[str]
    members: Mapped[Texts]
    measure: Mapped[str]
    by: Mapped[str]
    labels: Mapped[Texts]
    categories: Mapped[Texts]
    cells: Mapped[Counts]
    units: Mapped[int]
