"""The world of the chain, for what is tested with people in it."""

from tests.domain.cases.world import chain, pools

__all__ = ["chain", "pools"]
