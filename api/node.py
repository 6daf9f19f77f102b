"""`node(id:)`: anything with an id, under the same rules as everywhere else."""

from typing import Any

import strawberry
from strawberry.types import Info

from api import ids
from api.arguments import Id
from api.binding import VIEWS
from api.context import context_of


@strawberry.interface(description="Anything with an id of its own.")
class Node:
    """What can be asked for again by its id."""

    id: strawberry.ID = strawberry.field(description="Opaque; the same under every token.")


NODES: dict[str, str] = {}
"""The type to read for the first part of an id; filled by `node_type`."""


def node_type(name: str) -> None:
    """Let ids of a bound type be asked for by `node(id:)`."""
    NODES[VIEWS[name].name] = name


@strawberry.type
class NodeQuery:
    """The one root field of nodes."""

    @strawberry.field(
        description="A thing by its id; null when it does not exist, or not for this token."
    )
    async def node(self, info: Info[Any, Any], id: Id) -> Node | None:
        """Read a thing by its id."""
        kind, key = ids.split(str(id))
        name = NODES.get(kind)
        context = context_of(info)
        if name is None:
            _ = context.asking  # an unknown kind is answered like an absent thing
            return None
        found: Any = await context.one(info, VIEWS[name], name, key)
        return found
