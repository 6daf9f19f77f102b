"""What every table has in common."""

from datetime import date, datetime
from typing import Annotated
from uuid import UUID, uuid4

from sqlalchemy import Date, DateTime, LargeBinary, SmallInteger, Text, Uuid
from sqlalchemy.dialects.postgresql import ARRAY
from sqlalchemy.orm import DeclarativeBase, mapped_column

Key = Annotated[UUID, mapped_column(Uuid, primary_key=True, default=uuid4)]
"""A random key: it tells nothing, and a hidden one cannot be guessed."""

Small = Annotated[int, mapped_column(SmallInteger)]
Texts = Annotated[list[str], mapped_column(ARRAY(Text))]


class Base(DeclarativeBase):
    """The one declarative base; words of a closed list are text with a CHECK, never enums.

    Comparing enums is not leakproof in PostgreSQL, and would cost a policy its index.
    """

    type_annotation_map = {  # noqa: RUF012 - the shape SQLAlchemy asks for
        str: Text,
        bytes: LargeBinary,
        date: Date,
        datetime: DateTime(timezone=True),
        UUID: Uuid,
    }
