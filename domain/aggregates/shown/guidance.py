"""What comes with every published figure: how to read it, and why small numbers are rounded."""

from functools import cache
from typing import Any, Final

from domain.aggregates.guidance import guidance, rounding
from domain.reference.files import Text
from permissions.words import Words

_BOUNDS: Final = Words(
    " Er is gerekend met de afgeronde aantallen, dus een klein verschil tussen scholen of perioden "
    "kan door het afronden komen. Kijk naar de laagste en de hoogste waarde die erbij staan.",
    " Everything was computed from the rounded numbers, so a small difference between schools or "
    "periods may come from rounding. Look at the lowest and the highest value beside each.",
)
_MANY: Final = Words(
    " Dit is een optelling van afgeronde aantallen van scholen: de laagste en de hoogste waarde "
    "kloppen in negentien van de twintig gevallen.",
    " This adds up the rounded numbers of schools: the lowest and the highest value hold in "
    "nineteen of twenty cases.",
)


@cache
def explained(level: str) -> Words:
    """Return the explanation that comes with the figures of a level."""
    said = rounding()
    found = Words(said["nl"] + _BOUNDS.nl, said["en"] + _BOUNDS.en)
    return found if level == "branch" else Words(found.nl + _MANY.nl, found.en + _MANY.en)


@cache
def guidance_of(measure: str) -> dict[str, Any] | None:
    """Return what a measure says, does not say and how it is misread; None for an unknown one."""
    found = guidance().get(measure)
    if found is None:
        return None
    return {
        "code": found.code,
        "name": _words(found.name),
        "unit": _words(found.unit),
        "says": _words(found.says),
        "doesNotSay": _words(found.does_not_say),
        "misreadings": [_words(text) for text in found.misreadings],
        "source": found.source,
    }


def _words(text: Text) -> Words:
    return Words(text["nl"], text["en"])
