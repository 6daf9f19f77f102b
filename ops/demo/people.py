"""Synthetic pupils, guardians and staff: the same for the same seed, and nobody who exists.

First names and surnames are drawn apart from each other, from lists of names without persons.
"""

from bisect import bisect
from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass, replace
from datetime import date, timedelta
from enum import StrEnum
from functools import cache
from itertools import accumulate
from random import Random
from string import ascii_uppercase
from typing import Final

from domain.reference import directory
from domain.reference.numbers import is_valid_bsn
from ops.demo import calibration
from ops.demo.growth import Land
from ops.demo.region import POSTCODES, STORY_GROUP, STORY_SCHOOL, School
from ops.demo.school_year import first_day

CLASS_SIZE: Final = 26
_LONGEST_INFIX: Final = 10
_WITHOUT_NUMBER: Final = 0.02
_WITHOUT_POSTCODE: Final = 0.01
_ONE_GUARDIAN: Final = 0.2
_NEW_AT_SCHOOL: Final = 0.04
_NUMBERS: Final = range(999_900_000, 1_000_000_000)
_YEAR_GROUPS: Final = {"PO": tuple(range(1, 9)), "VO": tuple(range(11, 17))}
# The youngest of a year group on 1 October: 4 in group 1, 12 in the first year of secondary.
_AGE_BEFORE: Final = {"PO": 3, "VO": 11}
_SECONDARY: Final = 10
_KEPT_FOR_TOUR: Final = 100


class Habit(StrEnum):
    """How often a pupil is absent: the bands of the share of time missed, in per cent."""

    UP_TO_5 = "0-5"
    UP_TO_10 = "5-10"
    UP_TO_20 = "10-20"
    UP_TO_50 = "20-50"
    OVER_50 = ">50"


_SHARES: Final = {
    Habit.UP_TO_10: 0.14,
    Habit.UP_TO_20: 0.05,
    Habit.UP_TO_50: 0.015,
    Habit.OVER_50: 0.005,
}
"""Which part of the pupils has a habit at a school like the whole region; the rest miss little.

Together pupils miss about 4.4 % of their time. No national figure of all absence exists for the
Netherlands, where only unauthorised absence of sixteen hours and more is registered; the level is
ours (to be confirmed), under the 5.3 % (primary) and 8.5 % (secondary) of England in 2025/26.
"""

_SHARE_MISSED: Final = {
    Habit.UP_TO_5: (0.005, 0.04),
    Habit.UP_TO_10: (0.058, 0.088),
    Habit.UP_TO_20: (0.12, 0.17),
    Habit.UP_TO_50: (0.25, 0.42),
    Habit.OVER_50: (0.62, 0.9),
}
_MOST_OF_FEW: Final = 0.047
_STEPS: Final = (0.7548776662466927, 0.5698402909980532)
"""Steps that fill the unit square evenly, however many are taken."""


@dataclass(frozen=True, slots=True)
class Person:
    """A name."""

    given_name: str
    infix: str
    family_name: str

    @property
    def full_name(self) -> str:
        """The name as it is written in full."""
        return " ".join(part for part in (self.given_name, self.infix, self.family_name) if part)


@dataclass(frozen=True, slots=True)
class Parent:
    """A guardian with parental authority, as the school registers it."""

    person: Person
    relation: str
    phone: str
    email: str


@dataclass(frozen=True, slots=True)
class Child:
    """A pupil of one school in the school year that starts in `year`.

    `number` is None for the few without a national number, `postcode` for those whose address is
    not delivered; `absent` is the share of school days missed that the habit leads to, `truant`
    and `ill` (a draw from 0 to 1) say why somebody is away who is away much; `group_before` is the
    class of the school year before, None for who was not here then.
    """

    key: str
    person: Person
    birth_date: date
    sex: int
    number: str | None
    postcode: str | None
    year_group: int
    group: str
    group_before: str | None
    entered: date
    habit: Habit
    absent: float
    truant: bool
    ill: float
    parents: tuple[Parent, ...]


def stream(*parts: object) -> Random:
    """Return a stream of chances that is the same for the same words."""
    return Random(":".join(str(part) for part in parts))  # noqa: S311 - synthetic people, no secret


@cache
def _surnames() -> tuple[tuple[tuple[str, str], ...], tuple[int, ...]]:
    known = [entry for entry in directory.names().surnames if len(entry.prefix) <= _LONGEST_INFIX]
    return (
        tuple((entry.prefix, entry.name) for entry in known),
        tuple(accumulate(entry.weight for entry in known)),
    )


@cache
def _first_names() -> tuple[str, ...]:
    return directory.names().first_names


def person(chance: Random) -> Person:
    """Return a synthetic person; surnames are drawn as often as they occur."""
    names, weights = _surnames()
    infix, family_name = names[bisect(weights, chance.random() * weights[-1])]
    return Person(chance.choice(_first_names()), infix, family_name)


@cache
def national_numbers() -> tuple[str, ...]:
    """Return the synthetic national numbers, ascending: about nine thousand.

    They pass the eleven-test and begin with 9999, where numbers for testing lie: the persons of the
    government's own test sets have such numbers and no real person does (to be confirmed).
    """
    return tuple(str(number) for number in _NUMBERS if is_valid_bsn(str(number)))


def children(school: School, land: Land, seed: int, year: int) -> tuple[Child, ...]:
    """Return the pupils of a school of the region, in the order of their keys.

    The school year that starts in `year` is the present one.
    """
    place = land.places[school]
    count = place.count
    chance = stream(seed, "people", school.branch_code)
    strength = _strength(place.factor)
    habits = _habits(count, strength, chance)
    year_groups = _year_groups(school, count)
    why = _spread(habits, chance)
    groups = _groups(year_groups, fewest=2 if school.sector == "VO" else 1)
    found = [
        _child(
            chance,
            school,
            key=f"{school.branch_code}-{number + 1:04d}",
            number=_number(place.before + number, chance),
            year_group=year_groups[number],
            group=groups[number],
            habit=habits[number],
            strength=strength,
            why=why[number],
            year=year,
        )
        for number in range(count)
    ]
    return tuple(_with_story(school, found))


def story_child(children_of_school: Iterable[Child]) -> Child:
    """Return the pupil whose parent is a persona, out of the pupils of the story's school."""
    return next(child for child in children_of_school if child.group == STORY_GROUP)


def _with_story(school: School, found: list[Child]) -> Iterator[Child]:
    told = school is not STORY_SCHOOL
    for child in found:
        if not told and child.group == STORY_GROUP:
            told = True
            postcode = f"{POSTCODES[2]}AB"
            yield replace(child, habit=Habit.UP_TO_20, absent=0.17, truant=True, postcode=postcode)
        else:
            yield child


def group_name(year_group: int, letter: str) -> str:
    """Return the name of a class: group 3 is `3A`, the first year of secondary `1A`."""
    return f"{year_group if year_group < _SECONDARY else year_group - _SECONDARY}{letter}"


def _range(habit: Habit, strength: float) -> tuple[float, float]:
    """Return the least and the most that is missed with a habit, at a school."""
    low, high = _SHARE_MISSED[habit]
    if habit is not Habit.UP_TO_5:
        return low, high
    return min(low * strength, _MOST_OF_FEW), min(high * strength, _MOST_OF_FEW)


def _missed(strength: float) -> float:
    """Return which part of the time pupils miss together at a school."""
    often = sum(
        share * strength * sum(_range(habit, strength)) / 2 for habit, share in _SHARES.items()
    )
    few = 1 - strength * sum(_SHARES.values())
    return often + few * sum(_range(Habit.UP_TO_5, strength)) / 2


@cache
def _strength(factor: float) -> float:
    """Return by what the shares of habits are multiplied so that a school misses `factor` as much.

    Found by halving: more of every habit is always more absence.
    """
    low, high = 0.0, 1 / sum(_SHARES.values())
    wanted = factor * _missed(1.0)
    while high - low > 1e-6:  # noqa: PLR2004 - closer than any count of pupils
        middle = (low + high) / 2
        low, high = (middle, high) if _missed(middle) < wanted else (low, middle)
    return low


def _habits(count: int, strength: float, chance: Random) -> list[Habit]:
    """Return a habit per pupil in shuffled order, each with its share and none left out."""
    found: list[Habit] = []
    for habit, share in _SHARES.items():
        found += [habit] * max(1, round(count * share * strength))
    found = found[:count]
    found += [Habit.UP_TO_5] * (count - len(found))
    chance.shuffle(found)
    return found


def _spread(habits: Sequence[Habit], chance: Random) -> list[tuple[float, float]]:
    """Return two draws from 0 to 1 per pupil, evenly spread over those with the same habit.

    A few pupils make up much of what is missed: drawn freely, their reasons would be anybody's.
    """
    begin = (chance.random(), chance.random())
    found: list[tuple[float, float]] = [(0.0, 0.0)] * len(habits)
    order = sorted(range(len(habits)), key=lambda number: (habits[number], number))
    for place, number in enumerate(order):
        found[number] = (
            (begin[0] + place * _STEPS[0]) % 1,
            (begin[1] + place * _STEPS[1]) % 1,
        )
    return found


def _year_groups(school: School, count: int) -> list[int]:
    groups = _YEAR_GROUPS[school.sector]
    return [groups[number * len(groups) // count] for number in range(count)]


def _groups(year_groups: Sequence[int], *, fewest: int) -> list[str]:
    """Return the class of each pupil, given the year groups in ascending order."""
    found: list[str] = []
    for year_group in dict.fromkeys(year_groups):
        size = year_groups.count(year_group)
        classes = min(size, max(fewest, round(size / CLASS_SIZE)))
        letters = [ascii_uppercase[number * classes // size] for number in range(size)]
        found += [group_name(year_group, letter) for letter in letters]
    return found


def _child(
    chance: Random,
    school: School,
    *,
    key: str,
    number: str | None,
    year_group: int,
    group: str,
    habit: Habit,
    strength: float,
    why: tuple[float, float],
    year: int,
) -> Child:
    step = year_group % _SECONDARY
    age = step + _AGE_BEFORE[school.sector]
    low, high = _range(habit, strength)
    someone = person(chance)
    years_here = 0 if chance.random() < _NEW_AT_SCHOOL else chance.randrange(step)
    return Child(
        key=key,
        person=someone,
        birth_date=date(year - age, 9, 30) - timedelta(days=chance.randrange(365)),
        sex=chance.choice((1, 2)),
        number=number,
        postcode=None if chance.random() < _WITHOUT_POSTCODE else _postcode(school, chance),
        year_group=year_group,
        group=group,
        group_before=group_name(year_group - 1, group[-1]) if years_here else None,
        entered=first_day(year - years_here),
        habit=habit,
        absent=chance.uniform(low, high),
        truant=why[0] < calibration.unauthorised(school.sector),
        ill=why[1],
        parents=_parents(someone, chance),
    )


def _number(position: int, chance: Random) -> str | None:
    numbers = national_numbers()
    if chance.random() < _WITHOUT_NUMBER or position >= len(numbers) - _KEPT_FOR_TOUR:
        return None
    return numbers[position]


def _postcode(school: School, chance: Random) -> str:
    return (
        chance.choice(school.town.postcodes) + chance.choice("ABCDEGHJ") + chance.choice("ABCDEGHJ")
    )


def _parents(child: Person, chance: Random) -> tuple[Parent, ...]:
    relations = chance.choice((("mother", "father"), ("mother", "father"), ("mother", "mother")))
    if chance.random() < _ONE_GUARDIAN:
        relations = (chance.choice(("mother", "father", "guardian")),)
    found: list[Parent] = []
    for relation in relations:
        other = person(chance)
        family = other if found else Person(other.given_name, child.infix, child.family_name)
        number = chance.randrange(10_000)
        found.append(
            Parent(
                person=family,
                relation=relation,
                phone=f"06000{number:05d}",
                email=f"guardian-{chance.randrange(16**8):08x}@example.org",
            )
        )
    return tuple(found)
