"""The worlds of the chain and of a school that delivers."""

from tests.domain.cases.world import chain, pools

__all__ = ["chain", "pools"]
