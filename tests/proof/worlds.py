"""Random small worlds, each from a seed alone."""

from collections.abc import Iterable

from tests.proof.chance import Chance
from tests.proof.facts import Land, World
from tests.proof.worlds_of_advice import advice
from tests.proof.worlds_of_cases import cases
from tests.proof.worlds_of_exemptions import exemptions
from tests.proof.worlds_of_families import families
from tests.proof.worlds_of_leave import leave
from tests.proof.worlds_of_organisations import Setting, organisations
from tests.proof.worlds_of_pupils import pupils
from tests.proof.worlds_of_records import records
from tests.proof.worlds_of_reports import reports


def world(seed: int, place: int = 0) -> World:
    """Return the world of a seed; `place` keeps its public codes apart from its neighbours'."""
    chance = Chance(seed)
    setting = Setting(World(seed, chance.moment), chance, place)
    for part in (
        organisations,
        pupils,
        families,
        reports,
        cases,
        records,
        leave,
        exemptions,
        advice,
    ):
        part(setting)
    return setting.world


def neighbours(seeds: Iterable[int]) -> list[World]:
    """Return the worlds of seeds as they lie in one database: what is public is public to all."""
    made = [world(seed, place) for place, seed in enumerate(seeds)]
    land = Land.of(made)
    for one in made:
        one.land = land
    return made
