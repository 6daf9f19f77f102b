"""The whole chain; see `tests/domain/cases/whole_chain.py`."""

from tests.domain.cases.whole_chain import whole
from tests.domain.cases.world import pools

__all__ = ["pools", "whole"]
