"""The log of a young person, as somebody reads it over HTTP."""

from __future__ import annotations

from typing import Any
from uuid import UUID

from permissions.vocabulary import Actor
from tests.attack.tries import opaque
from tests.serving import Face

LOG = """query ($id: ID!, $after: String) { accessLog(youngPersonId: $id) {
    access { withheld }
    lines(first: 100, after: $after) { pageInfo { hasNextPage endCursor } nodes {
        id at role purpose act dataClasses grounds { tie dataClass } organisation { name }
    } } } }"""


async def log_of(face: Face, actor: Actor, person: UUID) -> list[dict[str, Any]] | None:
    """Return every line of a young person's log as an actor reads it; None where there is none."""
    lines: list[dict[str, Any]] = []
    after: str | None = None
    while True:
        answer = await face.data(actor, LOG, id=opaque("youngperson", person), after=after)
        if answer["accessLog"] is None:
            return None
        assert answer["accessLog"]["access"]["withheld"] == []
        page = answer["accessLog"]["lines"]
        lines += page["nodes"]
        if not page["pageInfo"]["hasNextPage"]:
            return lines
        after = page["pageInfo"]["endCursor"]
