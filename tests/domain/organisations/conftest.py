"""The filled world; see `tests/world.py`."""

from tests.filled import filled, world

__all__ = ["filled", "world"]
