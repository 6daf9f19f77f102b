"""What every act on the chain does alike: count what a write changed, and read what people type."""

from datetime import datetime
from enum import StrEnum
from typing import TypeVar
from uuid import UUID

from sqlalchemy import Executable
from sqlalchemy.ext.asyncio import AsyncSession

from domain.errors import Invalid
from domain.outbox import Change, How, Thing
from permissions.vocabulary import DataClass

Word = TypeVar("Word", bound=StrEnum)


async def changed(session: AsyncSession, write: Executable) -> int:
    """Run an INSERT or UPDATE in the act's transaction and return how many rows it changed.

    A write whose WHERE names the state it expects changes nothing when another act came first:
    that is how two acts at once are told apart. Nothing is read back, for whoever writes a row
    may not be one who reads it.
    """
    connection = await session.connection()
    return (await connection.execute(write)).rowcount


def one_of(words: type[Word], value: str, *path: str) -> Word:
    """Return the word of a closed list.

    Raises:
        Invalid: the value is not in the list.
    """
    try:
        return words(value)
    except ValueError:
        raise Invalid(f"Choose one of: {', '.join(words)}.", path=path) from None


def later(until: datetime, instant: datetime, *path: str) -> datetime:
    """Return an end that somebody named, if it is one and lies ahead.

    Raises:
        Invalid: it names no time zone, or is not later than the instant of the act.
    """
    if until.tzinfo is None:
        raise Invalid("Name the time zone of the end, such as 2027-01-31T00:00:00Z.", path=path)
    if until <= instant:
        raise Invalid("Name an end that is later than now.", path=path)
    return until


def text_of(value: str, *path: str, most: int) -> str:
    """Return a text a person typed, without the white space around it.

    Raises:
        Invalid: nothing but white space, more than `most` characters, or a character that no
            text has (a null character, half of a surrogate pair).
    """
    text = value.strip()
    if not text:
        raise Invalid("Write something here; it is empty.", path=path)
    if len(text) > most:
        raise Invalid(
            f"This text has {len(text):,} characters; at most {most:,} fit. Shorten it.", path=path
        )
    if "\0" in text or any("\ud800" <= character <= "\udfff" for character in text):
        raise Invalid(
            "This text holds a character that cannot be stored; remove it and try again.",
            path=path,
        )
    return text


def of_case(case_id: UUID, how: How, young_person_id: UUID) -> Change:
    """Return what the outbox says when the head of a case came or changed."""
    return Change(
        kind=Thing.CASE,
        object_id=case_id,
        how=how,
        data_class=DataClass.CASE_CORE,
        young_person_id=young_person_id,
        case_id=case_id,
    )


def of_part(participation_id: UUID, case_id: UUID, how: How, young_person_id: UUID) -> Change:
    """Return what the outbox says when a party's part in a case came or changed."""
    return Change(
        kind=Thing.PARTICIPANT,
        object_id=participation_id,
        how=how,
        data_class=DataClass.CASE_PARTICIPANTS,
        young_person_id=young_person_id,
        case_id=case_id,
    )
