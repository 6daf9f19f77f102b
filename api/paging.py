"""Connections: pages by keyset, with sealed cursors."""

from typing import Generic, TypeVar

import strawberry

T = TypeVar("T")


@strawberry.type(description="Where a page stands in its list (pagina).")
class PageInfo:
    """Whether more follows, and from where."""

    has_next_page: bool = strawberry.field(description="Whether there are more after this page.")
    end_cursor: str | None = strawberry.field(
        description="The cursor of the last object, to ask for what follows it."
    )


@strawberry.type(description="One object of a page with its own cursor (regel).")
class Edge(Generic[T]):
    """An object and its place in the list."""

    node: T = strawberry.field(description="The object itself.")
    cursor: str = strawberry.field(description="Sealed: valid a day, for this token's purpose.")


@strawberry.type(description="One page of a list (lijst), in a fixed order.")
class Connection(Generic[T]):
    """A page."""

    nodes: list[T] = strawberry.field(description="The objects of the page.")
    edges: list[Edge[T]] = strawberry.field(description="The objects, each with its cursor.")
    page_info: PageInfo = strawberry.field(description="Whether more follows, and from where.")
