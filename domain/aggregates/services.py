"""The acts on periods and releases, for whoever composes them."""

from domain.aggregates.closing import close_period, lock_period
from domain.aggregates.releasing import inspect_period, release_period, unreleased
from domain.aggregates.taking import lock_due, parts_of, take_part, untaken

__all__ = [
    "close_period",
    "inspect_period",
    "lock_due",
    "lock_period",
    "parts_of",
    "release_period",
    "take_part",
    "unreleased",
    "untaken",
]
