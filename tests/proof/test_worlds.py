"""The proof in short: both layers and the evaluator agree on some worlds, cell by cell."""

from __future__ import annotations

import pytest

from tests.proof.actors import some
from tests.proof.ground import Ground
from tests.proof.trial import ACTORS, Tally, batch
from tests.proof.worlds import neighbours

pytestmark = [pytest.mark.asyncio(loop_scope="session"), pytest.mark.slow]

THOROUGH, QUICK = range(100, 102), range(200, 206)


def told(tally: Tally) -> str:
    """Return the first differences as text."""
    return "\n".join(map(str, tally.differences[:5]))


async def test_both_layers_give_what_the_evaluator_gives(on: Ground) -> None:
    """Compiled statements, row-level security and both together agree with plain set logic."""
    tally = await batch(on, list(THOROUGH), thorough=True)
    tally.add(await batch(on, list(QUICK)))
    assert tally.mismatches == 0, told(tally)
    assert tally.worlds == len(THOROUGH) + len(QUICK)
    assert tally.given > 1_500
    assert set(tally.cells) == {
        "reach functions", "rows under row-level security", "fields of compiled rows",
        "facts behind acts", "both layers together", "decisions of Cedar",
    }  # fmt: skip
    assert all(number > 100 for number in tally.cells.values()), tally.cells


async def test_worlds_have_what_is_hard() -> None:
    """Among a few worlds every role asks, some with a token that their facts do not bear out."""
    worlds = neighbours(QUICK)
    asking = [actor for world in worlds for actor in some(world, ACTORS)]
    assert len({actor.role for actor in asking}) > 20
    assert len({(actor.role, actor.purpose) for actor in asking}) > 30
