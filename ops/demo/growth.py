"""How the region grows with its pupils: towns beside the story's, with schools, boards and offices.

Up to `STORY_PUPILS` pupils go to the five schools of the story. What is more lives in further towns
of about ten thousand pupils each: ten branches of 700 to 1,460 pupils under a board for primary and
one for secondary education, an attendance office, and alliances for every four towns. All of it is
fixed by the number of pupils, whatever the seed. Nothing here is a real place: BRIN `99B.` to
`99Y.`, municipalities 9902 to 9981 and the postcodes below are not in use (compared with the
national directory of November 2024).
"""

from collections.abc import Iterator
from dataclasses import dataclass
from functools import cache, cached_property
from itertools import chain
from typing import Final

from domain.organisations.directory import Fictional
from domain.reference.directory import Postcode, SupportAlliance
from ops.demo import calibration
from ops.demo.region import SCHOOLS, Board, Office, School, Town

STORY_PUPILS: Final = 4_000
MOST_TOWNS: Final = 80
MOST_PUPILS: Final = 800_000
"""Beyond this there are no towns left; the schools would only become larger."""

_PRIMARY_SIZES: Final = (700, 760, 820, 720, 780, 740)
_SECONDARY_SIZES: Final = (1250, 1350, 1420, 1460)
_ORDER: Final = ("PO", "VO", "PO", "PO", "VO", "PO", "VO", "PO", "PO", "VO")
_BRINS_PER_TOWN: Final = len(_PRIMARY_SIZES) + 1
_TOWNS_PER_ALLIANCE: Final = 4
_LETTERS: Final = 26
_STORY_PERCENTILES: Final = (30, 50, 10, 70, 90)
"""Where the story's schools stand among all, in the order of `SCHOOLS`."""
_LEAST_PERCENTILE, _MOST_PERCENTILE = 5, 95
_STEP: Final = 0.618033988749895
"""A step that spreads schools evenly, however many there are."""

_PLACES: Final = tuple(
    f"{first}{last}"
    for last in ("veen", "rade", "broek", "horst", "woude", "hoven", "mare", "stein")
    for first in (
        "Schalm", "Ketting", "Klink", "Knoop", "Boei", "Kabel", "Tros", "Lier", "Steven", "Strop",
    )
)  # fmt: skip
_POSTCODES: Final = (*range(8942, 9000), *range(4945, 5010), *range(6746, 6810))
_POSTCODES_PER_TOWN: Final = 2
_PRIMARY_NAMES: Final = ("De Haak", "Het Touw", "De Gesp", "De Lus", "De Kram", "Het Oog")
_SECONDARY_NAMES: Final = ("Noord", "Oost", "Zuid", "West")


@dataclass(frozen=True, slots=True)
class Place:
    """What a school is of the region: its pupils, how many come before them, and its absence.

    `percentile` is where it stands among all schools in how much is missed; `factor` is how much
    that is beside all pupils of the story's schools, or of the others, together.
    """

    count: int
    before: int
    percentile: float
    factor: float


@dataclass(frozen=True)
class Land:
    """The schools of a region of so many pupils, with how many go to each."""

    counts: dict[School, int]

    @cached_property
    def schools(self) -> tuple[School, ...]:
        """Every school; the story's come first."""
        return tuple(self.counts)

    @property
    def grown(self) -> tuple[School, ...]:
        """The schools that are not the story's."""
        return self.schools[len(SCHOOLS) :]

    @cached_property
    def towns(self) -> tuple[Town, ...]:
        """The towns beside the story's."""
        return tuple(dict.fromkeys(school.town for school in self.grown))

    @cached_property
    def boards(self) -> tuple[Board, ...]:
        """The boards beside the story's."""
        return tuple(dict.fromkeys(school.board for school in self.grown))

    @cached_property
    def places(self) -> dict[School, Place]:
        """What each school is of the region."""
        found: dict[School, Place] = {}
        before = 0
        factors = (*_story_factors(), *self._factors())
        for school, percentile, factor in zip(
            self.schools, (*_STORY_PERCENTILES, *self._percentiles), factors, strict=True
        ):
            found[school] = Place(self.counts[school], before, percentile, factor)
            before += self.counts[school]
        return found

    @property
    def offices(self) -> tuple[tuple[Office, str, str], ...]:
        """Offices beside the story's, each with the level and the code of what it is for."""
        alliances = dict.fromkeys(
            chain.from_iterable((town.alliance_po, town.alliance_vo) for town in self.towns)
        )
        return (
            *((office_of(town), "municipality", town.municipality) for town in self.towns),
            *((alliance_office(code), "alliance", code) for code in alliances),
        )

    @property
    def directory(self) -> Fictional:
        """What the national directory is given besides the story's entries."""
        alliances = {
            code: sector
            for town in self.towns
            for sector, code in (("PO", town.alliance_po), ("VO", town.alliance_vo))
        }
        return Fictional(
            municipalities=tuple(town.directory for town in self.towns),
            alliances=tuple(SupportAlliance(code, sector) for code, sector in alliances.items()),
            postcodes=tuple(
                Postcode(pc4, town.municipality, town.alliance_po, town.alliance_vo)
                for town in self.towns
                for pc4 in town.postcodes
            ),
            branches=tuple(school.directory for school in self.grown),
            board_names={board.number: board.name for board in self.boards},
        )

    @property
    def _percentiles(self) -> tuple[float, ...]:
        span = _MOST_PERCENTILE - _LEAST_PERCENTILE
        return tuple(
            _LEAST_PERCENTILE + span * (number * _STEP % 1) for number in range(len(self.grown))
        )

    def _factors(self) -> tuple[float, ...]:
        """Return how much is missed at each school that is not the story's; of all these, one."""
        ratios = [calibration.school(percentile) for percentile in self._percentiles]
        counts = [self.counts[school] for school in self.grown]
        total = sum(count * ratio for count, ratio in zip(counts, ratios, strict=True))
        return tuple(ratio * sum(counts) / total for ratio in ratios)


@cache
def land_of(pupils: int) -> Land:
    """Return the schools that a region of so many pupils has.

    Raises:
        ValueError: there are more than `MOST_PUPILS`.
    """
    if pupils > MOST_PUPILS:
        message = f"the region has at most {MOST_PUPILS:,} pupils"
        raise ValueError(message)
    left = max(0, pupils - STORY_PUPILS)
    grown: dict[School, int] = {}
    for school, size in _branches():
        if 2 * left < size:
            break
        grown[school] = min(size, left)
        left -= grown[school]
    more, rest = divmod(left, len(grown)) if grown else (0, 0)
    for number, school in enumerate(grown):
        grown[school] += more + (number < rest)
    return Land(_story_counts(pupils - sum(grown.values())) | grown)


def office_of(town: Town) -> Office:
    """Return the attendance office of a town."""
    code = f"office-{town.municipality}"
    return Office(code, "attendance_office", f"Bureau Leerplicht {town.name}")


def alliance_office(code: str) -> Office:
    """Return the organisation of a support alliance."""
    name = f"Samenwerkingsverband {code[:2]} Schakelland {int(code[2:]) - 9900}"
    return Office(f"alliance-{code}", "support_alliance", name)


def _story_counts(pupils: int) -> dict[School, int]:
    """Return how many pupils each school of the story has; together all of them."""
    counts = {school: int(pupils * school.share) for school in SCHOOLS}
    counts[SCHOOLS[-1]] += pupils - sum(counts.values())
    return counts


@cache
def _story_factors() -> tuple[float, ...]:
    """Return how much is missed at each of the story's schools; of all their pupils, one."""
    ratios = [calibration.school(percentile) for percentile in _STORY_PERCENTILES]
    mean = sum(school.share * ratio for school, ratio in zip(SCHOOLS, ratios, strict=True))
    return tuple(ratio / mean for ratio in ratios)


def _branches() -> Iterator[tuple[School, int]]:
    """Yield every branch that there may be beside the story's, with its size, town by town."""
    for number in range(MOST_TOWNS):
        town = _town(number)
        sizes = {"PO": iter(enumerate(_PRIMARY_SIZES)), "VO": iter(enumerate(_SECONDARY_SIZES))}
        for sector in _ORDER:
            nth, size = next(sizes[sector])
            yield _school(number, town, sector, nth), size


def _town(number: int) -> Town:
    start = number * _POSTCODES_PER_TOWN
    alliance = 9902 + number // _TOWNS_PER_ALLIANCE
    return Town(
        str(9902 + number),
        _PLACES[number],
        tuple(str(pc4) for pc4 in _POSTCODES[start : start + _POSTCODES_PER_TOWN]),
        f"PO{alliance}",
        f"VO{alliance}",
    )


def _school(number: int, town: Town, sector: str, nth: int) -> School:
    """Return a branch: primary ones have a BRIN each, secondary ones are branches under one."""
    primary = sector == "PO"
    kind, code = ("Primair", 1) if primary else ("Voortgezet", 2)
    board = Board(
        f"{sector.lower()}-{town.municipality}",
        f"Stichting {kind} Onderwijs {town.name}",
        str(99_000 + 10 * (number + 1) + code),
    )
    brin = _brin(number * _BRINS_PER_TOWN + (nth if primary else len(_PRIMARY_SIZES)))
    name = _PRIMARY_NAMES[nth] if primary else f"{town.name}college {_SECONDARY_NAMES[nth]}"
    return School(
        branch_code=f"{brin}{0 if primary else nth:02d}",
        board=board,
        name=f"{name} {town.name}" if primary else name,
        sector=sector,
        school_type="Basisonderwijs" if primary else "VBO/MAVO/HAVO/VWO",
        postcode=f"{town.postcodes[nth % len(town.postcodes)]}AA",
        share=0.0,
        town=town,
    )


def _brin(number: int) -> str:
    """Return the BRIN of a school; those of the story begin with `99A`, that of the tour `99Z`."""
    first, second = divmod(number, _LETTERS)
    return f"99{chr(ord('B') + first)}{chr(ord('A') + second)}"
