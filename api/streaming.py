"""Answers of a subscription as server-sent events, over the same POST as everything else.

The form is that of *GraphQL over Server-Sent Events*, distinct connections mode: each answer is an
event `next`, the end is an event `complete`. An empty comment now and then keeps the connection
open, and finds out that nobody listens any more.
"""

import asyncio
from collections.abc import AsyncIterator, Callable
from contextlib import suppress
from typing import Any, Final

import orjson
from starlette.responses import Response
from starlette.types import Receive, Scope, Send

EVENT_STREAM: Final = "text/event-stream"
KEEP_ALIVE_SECONDS: Final = 10.0

_COMPLETE: Final = b"event: complete\ndata:\n\n"
_STILL_THERE: Final = b":\n\n"


class EventStream(Response):
    """Sends results as they come, until there are no more or nobody listens.

    Args:
        first: the first result, as it is sent.
        results: those that follow; closed at the end, whatever it is.
        present: shapes a result as it is sent.
    """

    def __init__(
        self,
        first: dict[str, Any],
        results: AsyncIterator[object],
        present: Callable[[Any], dict[str, Any]],
    ) -> None:
        super().__init__(
            None,
            200,
            {
                "Cache-Control": "no-store",
                "Content-Type": f"{EVENT_STREAM}; charset=utf-8",
                "X-Accel-Buffering": "no",
                "X-Content-Type-Options": "nosniff",
            },
        )
        del self.headers["content-length"]
        self._first = first
        self._results = results
        self._present = present

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        """Send the stream."""
        gone = asyncio.create_task(_gone(receive))
        following: asyncio.Task[Any] | None = None
        try:
            headers = self.raw_headers
            await send({"type": "http.response.start", "status": 200, "headers": headers})
            await self._send(send, _event(self._first))
            following = asyncio.create_task(_next(self._results))
            while not gone.done():
                await asyncio.wait(
                    {following, gone},
                    timeout=KEEP_ALIVE_SECONDS,
                    return_when=asyncio.FIRST_COMPLETED,
                )
                if not following.done():
                    await self._send(send, _STILL_THERE)
                    continue
                found = following.result()
                if found is None:
                    await self._send(send, _COMPLETE, more=False)
                    return
                await self._send(send, _event(self._present(found)))
                following = asyncio.create_task(_next(self._results))
        except OSError:
            return  # nobody listens any more; there is nobody to tell
        finally:
            await _ended(gone)
            await _ended(following)
            close = getattr(self._results, "aclose", None)
            if close is not None:
                await close()

    async def _send(self, send: Send, body: bytes, *, more: bool = True) -> None:
        await send({"type": "http.response.body", "body": body, "more_body": more})


def _event(payload: dict[str, Any]) -> bytes:
    return b"event: next\ndata: " + orjson.dumps(payload) + b"\n\n"


async def _next(results: AsyncIterator[object]) -> object | None:
    return await anext(results, None)


async def _gone(receive: Receive) -> None:
    while (await receive())["type"] != "http.disconnect":
        pass


async def _ended(task: asyncio.Task[Any] | None) -> None:
    if task is None:
        return
    task.cancel()
    with suppress(asyncio.CancelledError, Exception):
        await task
