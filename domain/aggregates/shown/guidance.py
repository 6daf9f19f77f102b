"""What comes with every published figure: how to read it, and why small numbers are rounded."""

from collections.abc import Mapping
from typing import Any, Final

from domain.attendance.indicators import Indicator, indicators
from domain.reference.files import Text
from permissions.words import Words

INDICATORS: Final[Mapping[str, str]] = {
    "absence": "PUPILS_BY_ABSENCE",
    "sickness": "PUPILS_BY_SICKNESS",
    "lateness": "PUPILS_BY_LATENESS",
    "unauthorised": "PUPILS_BY_UNAUTHORISED",
    "minutes": "TIME_MISSED",
    "reports": "PUPILS_BY_REPORT",
    "report_outcomes": "PUPILS_BY_REPORT",
    "days_to_action": "DAYS_TO_ACTION",
    "plans_started": "PUPILS_BY_PLAN",
    "plans_reviewed": "PUPILS_BY_PLAN",
}
"""By measure the indicator that explains it."""

EXPLANATION: Final = Words(
    "Kleine aantallen zijn afgerond op 0 of ongeveer 5; totalen tellen op. Er is gerekend met de "
    "afgeronde aantallen, dus een klein verschil tussen scholen of perioden kan door het afronden "
    "komen. Kijk naar de laagste en de hoogste waarde die erbij staan.",
    "Small counts are rounded to 0 or about 5; totals add up. Everything was computed from the "
    "rounded counts, so a small difference between schools or periods may come from rounding. Look "
    "at the lowest and the highest value beside each count.",
)
"""What every publication says of itself."""

_MANY: Final = Words(
    " Dit is een optelling van afgeronde aantallen van scholen: de laagste en de hoogste waarde "
    "kloppen in negentien van de twintig gevallen.",
    " This adds up the rounded counts of schools: the lowest and the highest value hold in "
    "nineteen of twenty cases.",
)


def explained(level: str) -> Words:
    """Return the explanation that comes with the figures of a level."""
    if level == "branch":
        return EXPLANATION
    return Words(EXPLANATION.nl + _MANY.nl, EXPLANATION.en + _MANY.en)


def indicator_of(measure: str) -> Indicator | None:
    """Return the indicator of a measure; None for one that the registry does not know."""
    code = INDICATORS.get(measure)
    return next((entry for entry in indicators() if entry.code == code), None)


def guidance_of(measure: str) -> dict[str, Any] | None:
    """Return what a measure says, does not say, and how it is misread."""
    found = indicator_of(measure)
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
