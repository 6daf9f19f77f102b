"""Places for files that are being received: one for each delivery, and a few for each client.

A file may take as much of the disk as the largest one, from its first byte until its answer, and
the address of a delivery serves until one file was taken in. So nobody has more of them on their
way here at once than these places, which are this process's own.
"""

import asyncio
from collections import Counter
from collections.abc import AsyncIterator, Generator
from contextlib import contextmanager
from typing import Final
from uuid import UUID

from starlette.requests import Request

from api.errors import ApiError, ErrorCode

MOST_OF_ONE: Final = 4
"""Files that one client may be sending to one process."""
MOST_OF_ALL: Final = 64
"""Files that one process receives."""
SILENCE_SECONDS: Final = 60.0
"""So long nothing may come of a file, for it holds its places meanwhile."""

_RETRY: Final = {"Retry-After": "5"}
_receiving: dict[UUID, UUID] = {}
"""The client of each delivery whose file is being received."""


@contextmanager
def a_place(actor: UUID, receipt: UUID) -> Generator[None]:
    """Take the place of a delivery and one of its client's, and give them back.

    Raises:
        ApiError: the delivery's is taken, there is none for the client, or none at all.
    """
    if receipt in _receiving:
        message = "A file of this delivery is being received. Wait for its answer."
        raise ApiError(ErrorCode.BAD_REQUEST, message, status=409, headers=_RETRY)
    if Counter(_receiving.values())[actor] >= MOST_OF_ONE:
        message = f"You send {MOST_OF_ONE} files already. Wait until one is answered."
        raise ApiError(
            ErrorCode.LIMIT_EXCEEDED,
            message,
            status=429,
            headers=_RETRY,
            details={"maximum": MOST_OF_ONE},
        )
    if len(_receiving) >= MOST_OF_ALL:
        message = "Too many files are received here. Send it again later."
        raise ApiError(ErrorCode.UNAVAILABLE, message, headers=_RETRY)
    _receiving[receipt] = actor
    try:
        yield
    finally:
        del _receiving[receipt]


async def pieces(request: Request) -> AsyncIterator[bytes]:
    """Yield the body of a request piece by piece.

    Raises:
        ApiError: nothing comes for too long.
        ClientDisconnect: it breaks off.
    """
    body = aiter(request.stream())
    while True:
        try:
            async with asyncio.timeout(SILENCE_SECONDS):
                piece = await anext(body, None)
        except TimeoutError:
            message = f"Nothing came for {SILENCE_SECONDS:g} seconds. Send the file again."
            raise ApiError(ErrorCode.DEADLINE, message, status=408) from None
        if piece is None:
            return
        yield piece
