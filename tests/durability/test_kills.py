"""`kill -9` in the middle of an import or an act; `ops/prove durability` does it far more often."""

from __future__ import annotations

from collections.abc import Iterator

import pytest

from tests.durability.kills import VICTIMS, Ground, disturbed, ground, points_of, undisturbed

pytestmark = [pytest.mark.slow, pytest.mark.timeout(180)]

SEED = 2


@pytest.fixture(scope="module")
def own_ground() -> Iterator[Ground]:
    """A durable cluster of this module's own."""
    with ground(pupils=30, stories=1) as made:
        yield made


def test_nothing_is_lost_or_half_done(own_ground: Ground) -> None:
    """After a kill of the API or of PostgreSQL, every act is there or not there, whole."""
    points = [point for victim in VICTIMS for point in points_of(own_ground, victim, 2, SEED)]
    afternoon = undisturbed(own_ground, points)
    for point in points:
        outcome = disturbed(own_ground, point, afternoon)
        print(f"seed {SEED}: {outcome}")  # noqa: T201 - the points are part of the result
        assert outcome.holds, outcome
