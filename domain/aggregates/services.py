"""The acts on periods and releases, for whoever composes them."""

from domain.aggregates.closing import close_period, lock_period
from domain.aggregates.releasing import inspect_period, release_period, unreleased
from domain.aggregates.taking import lock_due, untaken

__all__ = [
    "close_period",
    "inspect_period",
    "lock_due",
    "lock_period",
    "release_period",
    "unreleased",
    "untaken",
]
