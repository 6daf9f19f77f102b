"""The domain's keys belong to the process: whoever sets others for a while puts them back."""

from __future__ import annotations

from collections.abc import Iterator
from contextlib import contextmanager

from domain.notes import sealing
from domain.pupils import vault


@contextmanager
def keys_put_back() -> Iterator[None]:
    """Put the keys of vault and notes back after the block, for the other tests of a worker."""
    before = list(vault._key), list(sealing._configured)
    try:
        yield
    finally:
        vault._key[:], sealing._configured[:] = before
