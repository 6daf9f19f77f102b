"""Figures; see `07_accountability.sql` for what guards the table."""

from datetime import date, datetime
from decimal import Decimal

from sqlalchemy import Computed, Numeric
from sqlalchemy.orm import Mapped, mapped_column

from domain.base import Base, Key


class Figure(Base):
    """One provisional figure of one unit and month; null and withheld under ten pupils."""

    __tablename__ = "figure"

    id: Mapped[Key]
    level: Mapped[str]
    unit_code: Mapped[str]
    unit: Mapped[str | None] = mapped_column(Computed("level || ':' || unit_code", persisted=True))
    data_class: Mapped[str | None] = mapped_column(
        Computed("'aggregate.' || level", persisted=True)
    )
    unit_name: Mapped[str]
    month: Mapped[date]
    measure: Mapped[str]
    value: Mapped[Decimal | None] = mapped_column(Numeric(5, 4))
    pupils: Mapped[int | None]
    withheld: Mapped[bool]
    recorded_at: Mapped[datetime]
