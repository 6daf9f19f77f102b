"""The registry of ties: each capability says which of its facts tie an actor to what.

A fact is a SELECT with two columns, `object` (the key of what is reached) and `until` (when the
fact ends, null while it is open), over tables, written in terms of `ME`. Reach knows no tie by
name; the policy table says which tie speaks for which role, purpose and data class.
"""

from collections.abc import Callable
from enum import StrEnum
from typing import Any

from sqlalchemy import (
    ColumnElement,
    Date,
    DateTime,
    Select,
    Text,
    Uuid,
    and_,
    bindparam,
    or_,
    select,
)
from sqlalchemy.orm import InstrumentedAttribute

from permissions.vocabulary import Tie


class Kind(StrEnum):
    """What sort of object a tie reaches."""

    PUPIL = "pupil"
    CONTACT = "contact"
    YOUNG_PERSON = "young_person"
    BRANCH = "branch"
    CONTROLLER = "controller"
    REPORT = "report"
    CASE = "case"
    INVITATION = "invitation"
    RECEIPT = "receipt"
    UNIT = "unit"
    NOTE = "note"
    REFERRAL = "referral"
    LEAVE = "leave"
    EXEMPTION = "exemption"
    NON_ENROLMENT = "non_enrolment"
    ADVICE = "advice"


class ME:
    """The actor and the instant of the request, as parameters of a statement."""

    actor = bindparam("me_actor", type_=Uuid)
    organisation = bindparam("me_organisation", type_=Uuid)
    role = bindparam("me_role", type_=Text)
    purpose = bindparam("me_purpose", type_=Text)
    instant = bindparam("me_instant", type_=DateTime(timezone=True))
    today = bindparam("me_today", type_=Date)


Column = ColumnElement[Any] | InstrumentedAttribute[Any]
_FACTS: dict[tuple[Tie, Kind], Select[Any, Any]] = {}


def holds(valid_from: Column, valid_until: Column, at: ColumnElement[Any]) -> ColumnElement[bool]:
    """Return whether a period, open at its end when null, holds at an instant or day."""
    return and_(valid_from <= at, or_(valid_until.is_(None), at < valid_until))


def fact(reached: Column, until: Column | ColumnElement[Any]) -> Select[Any, Any]:
    """Start a fact: the key of what is reached and the end of the tie."""
    return select(reached.label("object"), until.label("until"))


def register(
    tie: Tie, kind: Kind
) -> Callable[[Callable[[], Select[Any, Any]]], Callable[[], Select[Any, Any]]]:
    """Register the fact that a function returns as the meaning of a tie for a kind of object."""

    def keep(build: Callable[[], Select[Any, Any]]) -> Callable[[], Select[Any, Any]]:
        if (tie, kind) in _FACTS:
            message = f"{tie} to {kind} is registered twice"
            raise ValueError(message)
        _FACTS[tie, kind] = build()
        return build

    return keep


def predicate_source(tie: Tie, kind: Kind) -> Select[Any, Any] | None:
    """Return the SELECT behind a tie for a kind of object, or None when it reaches no such kind."""
    return _FACTS.get((tie, kind))
