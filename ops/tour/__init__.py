"""The tour: one case from a school's own file to its close, over real HTTP with real tokens."""

from ops.tour.main import run

__all__ = ["run"]
