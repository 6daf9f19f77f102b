"""Figures over GraphQL: provisional, about groups, from a role that cannot read persons."""

from datetime import date
from typing import Any

import strawberry
from strawberry.types import Info

from api.access import Access
from api.arguments import After, First, Month
from api.binding import bound
from api.context import context_of
from api.node import Node, node_type
from api.paging import Connection
from domain.aggregates import views


@bound(
    views.figures,
    description="A provisional figure about a group of at least ten pupils (voorlopig cijfer); "
    "the safe publication replaces it.",
)
class Figure(Node):
    """One figure."""

    level: str = strawberry.field(description="branch, municipality or alliance (niveau).")
    unit_code: str = strawberry.field(description="The code of the unit at that level.")
    unit_name: str = strawberry.field(description="The name of the unit (naam).")
    month: date = strawberry.field(description="First day of the closed month (maand).")
    measure: str = strawberry.field(description="What is measured (maat).")
    value: float | None = strawberry.field(
        description="A share, 0 to 1; null when withheld (waarde)."
    )
    pupils: int | None = strawberry.field(
        description="Pupils it is about; null when withheld (aantal)."
    )
    withheld: bool = strawberry.field(
        description="Whether the group has under ten pupils (onthouden)."
    )
    provisional: bool = strawberry.field(description="Always true for now (voorlopig).")
    access: Access = strawberry.field(description="Why the figure is seen.")


node_type("Figure")


@strawberry.type
class FigureQuery:
    """Reading figures."""

    @strawberry.field(description="Provisional figures of the units under your mandate (cijfers).")
    async def figures(
        self, info: Info[Any, Any], month: Month = None, first: First = 50, after: After = None
    ) -> Connection[Figure]:
        """Read a page of figures."""
        page: Any = await context_of(info).page(info, views.figures, where={"month": month})
        return page
