"""The one instant of a request."""

from dataclasses import dataclass
from datetime import UTC, date, datetime
from zoneinfo import ZoneInfo

AMSTERDAM = ZoneInfo("Europe/Amsterdam")


@dataclass(frozen=True, slots=True)
class Moment:
    """An instant and the school day it falls on in the Netherlands."""

    instant: datetime
    today: date


def now() -> Moment:
    """Return the present; every fact of a request is compared with this one value."""
    return at(datetime.now(UTC))


def at(instant: datetime) -> Moment:
    """Return the moment of an aware instant."""
    return Moment(instant=instant, today=instant.astimezone(AMSTERDAM).date())
