"""Seeded chance: keys, periods and birthdays, with the boundaries drawn often."""

from datetime import UTC, date, datetime, timedelta
from random import Random
from typing import TypeVar
from uuid import UUID

from domain import clock
from domain.clock import Moment
from tests.proof.standing import birthday

T = TypeVar("T")
Period = tuple[datetime, datetime | None]
Days = tuple[date, date | None]

TICK = timedelta(microseconds=1)
DAY = timedelta(days=1)
BORDER_AGES = (12, 16, 18, 27)


class Chance:
    """Draws from one seed."""

    def __init__(self, seed: int) -> None:
        """Draw a moment first: some lie in the night, when the day is another here than in UTC."""
        self.random = Random(f"schakel {seed}")
        start = datetime(2026, 3, 16, tzinfo=UTC) + self.random.randrange(400) * DAY
        hour, minute = self.random.choice([(9, 12), (12, 0), (21, 59), (22, 30), (23, 30), (0, 5)])
        self.moment: Moment = clock.at(start.replace(hour=hour, minute=minute))

    @property
    def now(self) -> datetime:
        """The instant of the world."""
        return self.moment.instant

    @property
    def today(self) -> date:
        """Its day."""
        return self.moment.today

    def key(self) -> UUID:
        """Draw a random key."""
        return UUID(int=self.random.getrandbits(128), version=4)

    def one(self, options: "list[T] | tuple[T, ...]") -> T:
        """Draw one of the options."""
        return self.random.choice(options)

    def some(self, options: list[T], most: int) -> list[T]:
        """Draw at most so many different options, perhaps none."""
        return self.random.sample(options, self.random.randint(0, min(most, len(options))))

    def often(self, likelihood: float) -> bool:
        """Draw whether something is so."""
        return self.random.random() < likelihood

    def before(self, most_days: int = 300) -> datetime:
        """Draw an instant in the past."""
        return self.now - self.random.randrange(1, most_days * 24) * timedelta(hours=1)

    # --- periods ----------------------------------------------------------------------------

    def period(self, open_ended: float = 0.5) -> Period:
        """Draw a period: mostly holding and open, otherwise at or near a boundary."""
        if self.often(open_ended):
            return self.before(), None
        start = self.before()
        return self.one(
            [
                (start, self.now + 90 * DAY),
                (start, self.now + 365 * DAY),
                (start, self.now + TICK),
                (start, self.now),
                (start, self.now - TICK),
                (start, start + (self.now - start) / 2),
                (self.now, None),
                (self.now, self.now + DAY),
                (self.now + TICK, None),
                (self.now + 30 * DAY, self.now + 60 * DAY),
            ]
        )

    def closed_period(self) -> tuple[datetime, datetime]:
        """Draw a period that always has an end."""
        start, end = self.period(open_ended=0)
        return start, end or start + 365 * DAY

    def days(self, open_ended: float = 0.5) -> Days:
        """Draw a period of days: mostly holding and open, otherwise at or near a boundary."""
        start = self.today - self.random.randrange(20, 700) * DAY
        if self.often(open_ended):
            return start, None
        return self.one(
            [
                (start, self.today + 90 * DAY),
                (start, self.today + DAY),
                (start, self.today),
                (start, self.today - DAY),
                (start, self.today - 10 * DAY),
                (self.today, None),
                (self.today + DAY, None),
                self.long_ago(),
            ]
        )

    def long_ago(self) -> Days:
        """Draw a period of days that ended about five years ago."""
        end = birthday(self.today, -5) + self.random.randint(-1, 1) * DAY
        return end - 300 * DAY, end

    def lasting(self) -> date:
        """Draw the last day of a retention."""
        return self.today + self.one([400, 1, 0, -1, -30]) * DAY

    def birth_date(self) -> date | None:
        """Draw a birth date: one in eight unknown, one in two at the border of an age."""
        if self.often(0.12):
            return None
        if self.often(0.5):
            shift = self.random.randint(-1, 1) * DAY
            return birthday(self.today + shift, -self.one(BORDER_AGES))
        return self.today - self.random.randrange(4 * 365, 26 * 365) * DAY
