"""Listens on the wire between the service and PostgreSQL, and writes down what is asked.

It speaks the protocol just far enough to see where a message begins: a letter, and four bytes with
the length of what follows. The first message of a connection has no letter.
"""

from __future__ import annotations

import asyncio
import struct
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager, suppress
from dataclasses import dataclass, field
from pathlib import Path

LENGTH = struct.Struct("!I")


@dataclass
class Wire:
    """What went over the wire to the server, message by message.

    `asked` has ("Q", SQL) for a simple query, ("P", SQL) for a statement that is prepared and
    ("E", "") for the execution of a prepared one. Executions are what the database does.
    """

    asked: list[tuple[str, str]] = field(default_factory=list)

    @property
    def executed(self) -> list[str]:
        """Return what was executed, in order: the SQL of a simple query, or "E"."""
        return [sql if kind == "Q" else "E" for kind, sql in self.asked if kind in "QE"]

    async def listen(self, source: asyncio.StreamReader, sink: asyncio.StreamWriter) -> None:
        """Pass on messages from the service, and keep those that ask something."""
        first = await source.readexactly(4)
        sink.write(first + await source.readexactly(LENGTH.unpack(first)[0] - 4))
        while True:
            head = await source.readexactly(5)
            body = await source.readexactly(LENGTH.unpack(head[1:])[0] - 4)
            kind = head[:1].decode()
            if kind == "Q":
                self.asked.append((kind, body.rstrip(b"\0").decode()))
            elif kind == "P":
                self.asked.append((kind, body.split(b"\0")[1].decode()))
            elif kind == "E":
                self.asked.append((kind, ""))
            sink.write(head + body)
            await sink.drain()


async def pass_on(source: asyncio.StreamReader, sink: asyncio.StreamWriter) -> None:
    """Pass on what the server answers."""
    while part := await source.read(65536):
        sink.write(part)
        await sink.drain()


@asynccontextmanager
async def tapped(socket: Path, folder: Path) -> AsyncIterator[Wire]:
    """Put a listener in a folder, under the server's own socket name, in front of its socket."""
    wire = Wire()

    async def connected(reader: asyncio.StreamReader, writer: asyncio.StreamWriter) -> None:
        behind, towards = await asyncio.open_unix_connection(str(socket))
        with suppress(asyncio.IncompleteReadError, ConnectionError):
            tasks = [
                asyncio.create_task(wire.listen(reader, towards)),
                asyncio.create_task(pass_on(behind, writer)),
            ]
            _, waiting = await asyncio.wait(tasks, return_when=asyncio.FIRST_COMPLETED)
            for task in waiting:
                task.cancel()
            await asyncio.gather(*tasks, return_exceptions=True)
        for stream in (towards, writer):
            stream.close()

    server = await asyncio.start_unix_server(connected, str(folder / socket.name))
    try:
        yield wire
    finally:
        server.close()
