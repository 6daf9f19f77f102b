"""Releases over GraphQL: what was published, when, how, and under which digest."""

from datetime import date, datetime
from typing import Annotated, Any

import strawberry
from strawberry.types import Info

from api.arguments import After, First
from api.binding import bound
from api.context import context_of
from api.enums import describe
from api.node import Node, node_type
from api.paging import Connection
from domain.aggregates import views
from domain.aggregates.models import PeriodKind

strawberry.enum(PeriodKind, description="How long a period is (soort periode).")
describe(
    PeriodKind,
    {
        PeriodKind.MONTH: "A month of the calendar (maand).",
        PeriodKind.TERM: "A term of the school year: August to December, January to March, April "
        "to July (periode).",
        PeriodKind.SCHOOL_YEAR: "A school year, August to July (schooljaar).",
    },
)

KindArgument = Annotated[
    PeriodKind | None, strawberry.argument(description="Only of this kind (soort periode).")
]
SchoolYearArgument = Annotated[
    int | None,
    strawberry.argument(description="Only of the school year that begins in it (schooljaar)."),
]
PeriodName = Annotated[
    str,
    strawberry.argument(
        description="2026-10 (a month), 2026-2027-autumn (a term: autumn, winter or spring) or "
        "2026-2027 (a school year) (periode)."
    ),
]


@bound(
    views.releases,
    description="A publication of a period, written once (publicatie). About no person.",
)
class Publication(Node):
    """A release; a later vintage stands beside the earlier ones."""

    period_kind: PeriodKind = strawberry.field(
        description="A month, a term or a school year (soort periode)."
    )
    first_day: date = strawberry.field(description="The first day of the period (eerste dag).")
    last_day: date = strawberry.field(description="The last day of the period (laatste dag).")
    school_year: int = strawberry.field(description="The year in which the school year starts.")
    vintage: int = strawberry.field(
        description="1, or more where it was published again because much had changed (versie)."
    )
    method: str = strawberry.field(description="How counts were rounded, with its version.")
    rule_set: str = strawberry.field(description="The rules that were counted by (regelset).")
    boundaries: str = strawberry.field(
        description="Which boundaries of municipalities, regions and alliances held (indeling)."
    )
    branches: int = strawberry.field(description="How many branches it is about (vestigingen).")
    branches_missing: int = strawberry.field(
        description="Of how many of them one or more weeks are missing (ontbrekende weken)."
    )
    released_at: datetime = strawberry.field(description="When it was published (gepubliceerd op).")
    digest: str = strawberry.field(
        description="SHA-256 of its rows, as it stands in the log: who has it can see that nothing "
        "was changed since (controlegetal)."
    )


node_type("Publication")


@strawberry.type
class PublicationQuery:
    """Reading what was published."""

    @strawberry.field(
        description="What was published, newest period first (publicaties). That it was is public; "
        "what is in it is read with `figures`, `pyramid` and `compare`."
    )
    async def publications(
        self,
        info: Info[Any, Any],
        kind: KindArgument = None,
        school_year: SchoolYearArgument = None,
        first: First = 50,
        after: After = None,
    ) -> Connection[Publication]:
        """Read a page of releases."""
        where = {"kind": kind, "school_year": school_year}
        page: Any = await context_of(info).page(info, views.releases, where=where)
        return page
