"""One delivery in a process of its own, so that its memory is its own: seconds and peak memory.

Called with one JSON object: `url` (of the import login), `claims_key` (base64), `client`, `board`,
`branch` and `receipt`, `file`, and `marks_only`. Writes one JSON object: `seconds` and
`megabytes`.
"""

from __future__ import annotations

import asyncio
import base64
import resource
import sys
import time
from pathlib import Path
from typing import Any, BinaryIO
from uuid import UUID

import orjson

import domain.ties
from domain.database import Database, Login, ask
from domain.imports import deliveries, ndjson
from domain.imports.models import ImportReceipt
from domain.imports.receipts import each_unpacked
from domain.interpreter import keep_what_is_loaded, take_turns
from permissions.vocabulary import Actor, Purpose, Role

_KIB_PER_MIB = 1024


def open_file(path: str) -> BinaryIO:
    """Open the file."""
    return Path(path).open("rb")


async def deliver(given: dict[str, Any]) -> float:
    """Take in the file, commit, and return how many seconds that took."""
    client = Actor(
        id=UUID(given["client"]),
        organisation=UUID(given["board"]),
        role=Role.SCHOOL_SYSTEM,
        purpose=Purpose.DATA_DELIVERY,
        client="bench",
    )
    database = Database(
        {Login.IMPORT: given["url"]}, claims_key=base64.b64decode(given["claims_key"]), pool_size=1
    )
    request = ask(client)
    try:
        with open_file(given["file"]) as stream:
            lines = each_unpacked(stream, ndjson.read)
            begun = time.perf_counter()
            async with database.acting(request, Login.IMPORT) as session:

                async def renew() -> None:
                    """Renew the claims."""
                    await database.claim(await session.connection(), request)

                if given["marks_only"]:
                    work = await deliveries.begin(
                        session, UUID(given["branch"]), UUID(given["receipt"]), lines, renew=renew
                    )
                    await deliveries.store_marks(work)
                else:
                    receipt = ImportReceipt(
                        id=UUID(given["receipt"]),
                        controller_id=UUID(given["board"]),
                        branch_id=UUID(given["branch"]),
                    )
                    await deliveries.store(session, client, receipt, lines, renew=renew)
            return time.perf_counter() - begun
    finally:
        await database.close()


def main() -> None:
    """Deliver what the first argument says."""
    domain.ties.load_all()
    take_turns()
    keep_what_is_loaded()
    seconds = asyncio.run(deliver(orjson.loads(sys.argv[1])))
    peak = resource.getrusage(resource.RUSAGE_SELF).ru_maxrss / _KIB_PER_MIB
    sys.stdout.buffer.write(orjson.dumps({"seconds": seconds, "megabytes": peak}))


if __name__ == "__main__":
    main()
