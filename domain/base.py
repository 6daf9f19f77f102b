"""What every table has in common."""

import os
from datetime import date, datetime
from typing import Annotated, Final
from uuid import UUID, uuid4

from sqlalchemy import Date, DateTime, LargeBinary, SmallInteger, Text, Uuid
from sqlalchemy.dialects.postgresql import ARRAY
from sqlalchemy.orm import DeclarativeBase, mapped_column

Key = Annotated[UUID, mapped_column(Uuid, primary_key=True, default=uuid4)]
"""A random key: it tells nothing, and a hidden one cannot be guessed.

Keys of rows that come by the thousand begin alike (`keys_together`): they tell which came together.
"""

_SHARED_BYTES = 6
_OWN_BYTES = 10
_SHARED_TEXT = 13
_OWN_TEXT = 23

KEY_TOGETHER: Final = f"cast(:together || right(gen_random_uuid()::text, {_OWN_TEXT}) as uuid)"
"""What a statement gives its rows for keys that `:together` begins: a text of `beginning`."""

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


def keys_together(count: int) -> list[UUID]:
    """Return random keys for rows that are written together, alike in their first 48 bits.

    Rows with such keys meet a few pages of an index, however much stands in it already; wholly
    random ones would each fetch a page of their own. The other 74 bits are random for each.
    """
    shared, own = os.urandom(_SHARED_BYTES), os.urandom(_OWN_BYTES * count)
    return [
        UUID(bytes=shared + own[start : start + _OWN_BYTES], version=4)
        for start in range(0, len(own), _OWN_BYTES)
    ]


def beginning() -> str:
    """Return what `KEY_TOGETHER` lets the keys of one statement begin with."""
    return str(uuid4())[:_SHARED_TEXT]
