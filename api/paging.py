"""Connections: pages by keyset, with sealed cursors."""

from typing import Generic, TypeVar

import strawberry

from domain.reading import Page

T = TypeVar("T")


@strawberry.type(description="Where a page stands in its list (pagina).")
class PageInfo:
    """Whether more follows, and from where."""

    @strawberry.field(description="Whether there are more after this page.")
    def has_next_page(self: strawberry.Parent[Page]) -> bool:
        """Return whether another row was there."""
        return self.has_next

    @strawberry.field(description="The cursor of the last object, to ask for what follows it.")
    def end_cursor(self: strawberry.Parent[Page]) -> str | None:
        """Return the cursor of the last row, if there is one."""
        return self.cursor(self.rows[-1]) if self.rows else None


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
