"""The world of the chain; see `tests/domain/cases/world.py` and `whole_chain.py` beside it."""

from tests.domain.cases.whole_chain import whole
from tests.domain.cases.world import chain, pools

__all__ = ["chain", "pools", "whole"]
