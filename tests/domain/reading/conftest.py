"""The world of the chain; see `tests/domain/cases/world.py`."""

from tests.domain.cases.world import chain, pools

__all__ = ["chain", "pools"]
