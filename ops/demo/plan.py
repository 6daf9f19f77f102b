"""What there is to build: schools, pupils and school years, without writing anything."""

from collections.abc import Iterator, Mapping
from dataclasses import dataclass, field
from datetime import date

from ops.demo.growth import Land, land_of
from ops.demo.people import Child, children
from ops.demo.region import SCHOOLS, School
from ops.demo.rosters import edexml, groups_of, lines_of, place_of
from ops.demo.school_year import Teaching, teaching


@dataclass
class Pupils(Mapping[School, tuple[Child, ...]]):
    """The pupils of each school, made when they are asked for.

    Those of the story's schools are kept, and those of the last other one.
    """

    land: Land
    seed: int
    year: int
    _kept: dict[School, tuple[Child, ...]] = field(default_factory=dict[School, tuple[Child, ...]])
    _last: tuple[School, tuple[Child, ...]] | None = None

    def __getitem__(self, school: School) -> tuple[Child, ...]:
        """Return the pupils of a school, in the order of their keys."""
        if school in self._kept:
            return self._kept[school]
        if self._last is not None and self._last[0] == school:
            return self._last[1]
        found = children(school, self.land, self.seed, self.year)
        if school in SCHOOLS:
            self._kept[school] = found
        else:
            self._last = (school, found)
        return found

    def __iter__(self) -> Iterator[School]:
        """Yield every school; the story's come first."""
        return iter(self.land.schools)

    def __len__(self) -> int:
        """Return how many schools there are."""
        return len(self.land.schools)


@dataclass(frozen=True, slots=True)
class Region:
    """What there is to build: the pupils of each school, and the school years up to today."""

    land: Land
    pupils: Mapping[School, tuple[Child, ...]]
    years: tuple[Teaching, ...]
    seed: int

    @property
    def year(self) -> int:
        """The present school year, by the year in which it starts."""
        return self.years[-1].year

    def present(self, school: School, year: Teaching) -> list[Child]:
        """Return the pupils who were at a school in a school year."""
        before = year.year != self.year
        return [child for child in self.pupils[school] if not before or child.group_before]


def region_of(pupils: int, seed: int, today: date) -> Region:
    """Return the region that a seed gives.

    Raises:
        ValueError: there are more pupils than the region has room for.
    """
    years = teaching(today)
    land = land_of(pupils)
    return Region(land, Pupils(land, seed, years[-1].year), years, seed)


def roster(plan: Region, school: School, year: Teaching) -> bytes:
    """Return the EDEXML roster of a school for one of the region's school years."""
    lines = lines_of(plan.pupils[school], before=year.year != plan.year)
    groups = groups_of(lines, school.branch_code, year.year)
    return edexml(place_of(school), year.year, groups, lines, until=year.until)
