"""Puts a question to the Cedar policies: may this actor do that with this thing, tied so?

Whoever evaluates the policies gives the requests and the entities of the same questions to Cedar.
Cedar allows exactly when a rule of the table permits, and names the rules it relied on by `@id`.
"""

from collections.abc import Iterable
from dataclasses import dataclass
from typing import Any, Final

from permissions.cedar.text import NAMESPACE
from permissions.vocabulary import Activity, DataClass, Purpose, Role, Tie

Json = dict[str, Any]
"""What Cedar reads as JSON."""

_NO_CONTEXT: Final[Json] = {}


@dataclass(frozen=True, slots=True, kw_only=True)
class Question:
    """May someone in a role, for a purpose, do this with a thing of this class, tied to it so?"""

    role: Role
    purpose: Purpose
    activity: Activity
    what: DataClass
    tied: frozenset[Tie]
    """The ties that hold now between the actor and the thing."""


def request(question: Question) -> Json:
    """Return a question as a Cedar request."""
    return {
        "principal": _actor(question),
        "action": _uid("Action", question.activity),
        "resource": _thing(question),
        "context": _NO_CONTEXT,
    }


def entities(questions: Iterable[Question]) -> list[Json]:
    """Return the actors and the things of questions as Cedar entities, each of them once."""
    found: dict[tuple[str, str], Json] = {}
    for question in questions:
        actor, thing = _actor(question), _thing(question)
        found[actor["type"], actor["id"]] = {
            "uid": actor,
            "attrs": {
                "role": _reference("Role", question.role),
                "purpose": _reference("Purpose", question.purpose),
            },
            "parents": [],
        }
        found[thing["type"], thing["id"]] = {
            "uid": thing,
            "attrs": {
                "dataClass": _reference("DataClass", question.what),
                "tied": [_reference("Tie", tie) for tie in sorted(question.tied)],
            },
            "parents": [],
        }
    return list(found.values())


def _actor(question: Question) -> Json:
    """Return the name of an actor: nothing but role and purpose matters to the policy."""
    return _uid("Actor", f"{question.role}/{question.purpose}")


def _thing(question: Question) -> Json:
    """Return the name of a thing: nothing but its class and its ties matters to the policy."""
    return _uid("Thing", "/".join([question.what, *sorted(question.tied)]))


def _uid(kind: str, name: str) -> Json:
    """Return the name of an entity or an action."""
    return {"type": f"{NAMESPACE}::{kind}", "id": str(name)}


def _reference(kind: str, name: str) -> Json:
    """Return a reference to an entity, as the value of an attribute."""
    return {"__entity": _uid(kind, name)}
