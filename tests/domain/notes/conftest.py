"""The world of the chain, with a sealing key; see `tests/domain/cases/world.py`."""

from __future__ import annotations

import pytest

from domain.notes import sealing
from tests.domain.cases.whole_chain import whole
from tests.domain.cases.world import chain, pools

__all__ = ["chain", "pools", "sealing_key", "whole"]


@pytest.fixture
def sealing_key(monkeypatch: pytest.MonkeyPatch) -> bytes:
    """Set the sealing key of the process for one test."""
    monkeypatch.setattr(sealing, "_configured", [])
    key = b"s" * 32
    sealing.configure(key)
    return key
