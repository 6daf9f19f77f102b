"""The acts on periods and releases, for whoever composes them."""

from domain.aggregates.closing import close_period, lock_period

__all__ = ["close_period", "lock_period"]
