"""From facts to rows: which objects an actor is tied to at the instant of a request."""

from domain.reach.facts import ME, Kind, fact, predicate_source, register
from domain.reach.kinds import kinds_of
from domain.reach.require import require, require_all

__all__ = [
    "ME",
    "Kind",
    "fact",
    "kinds_of",
    "predicate_source",
    "register",
    "require",
    "require_all",
]
