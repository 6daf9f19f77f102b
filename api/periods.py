"""Periods of a branch over GraphQL: close, lock, and the school's own exact figures."""

from datetime import date, datetime
from typing import Annotated, Any
from uuid import UUID

import strawberry
from sqlalchemy.ext.asyncio import AsyncSession
from strawberry.types import Info

from api import ids
from api.acting import perform
from api.arguments import ONCE, After, First, Id, Input
from api.binding import bound, shape
from api.context import context_of, key_of
from api.node import Node, node_type
from api.paging import Connection
from api.problems import ConflictProblem, NotFoundProblem, ValidationProblem
from api.publications import PeriodKind, PeriodName
from api.wording import Wording
from domain.aggregates import exact, services, views
from domain.aggregates.periods import period_named
from domain.organisations.views import branches
from permissions.vocabulary import Actor

BranchCode = Annotated[
    str | None,
    strawberry.argument(description="Only of this branch, by its code (vestigingscode)."),
]
Named = Annotated[
    str | None,
    strawberry.argument(
        description="Only this period: 2026-10, 2026-2027-autumn or 2026-2027 (periode)."
    ),
]


@strawberry.type
class _Period(Node):
    """What a period of a branch tells to the school and to those with a mandate alike."""

    branch_code: str = strawberry.field(description="The branch (vestigingscode).")
    period_kind: PeriodKind = strawberry.field(description="The kind of period (soort periode).")
    first_day: date = strawberry.field(description="The first day (eerste dag).")
    last_day: date = strawberry.field(description="The last day (laatste dag).")
    score: int | None = strawberry.field(
        description="Quality of the registration, 0 to 100, when it was closed; null under ten "
        "pupils (kwaliteitsscore)."
    )
    weeks: int = strawberry.field(description="Weeks in which school was expected (weken).")
    missing_weeks: list[date] = strawberry.field(
        description="The Mondays of weeks of which nothing was delivered: missing, and never "
        "counted as present (ontbrekende weken)."
    )
    closed_at: datetime | None = strawberry.field(
        description="When the head closed it; null where the deadline passed (afgesloten op)."
    )
    locked_at: datetime | None = strawberry.field(
        description="When it was locked; null while it can still change (vergrendeld op)."
    )
    locked_by_board: bool = strawberry.field(
        description="Whether the board locked it; if not, the deadline does (door bestuur)."
    )
    taken_at: datetime | None = strawberry.field(
        description="When its figures were taken, once; null before that (vastgelegd op)."
    )
    late_weeks: int = strawberry.field(
        description="Weeks delivered or changed since: they join the next period (te laat)."
    )


@bound(
    views.periods,
    description="How far a branch is with a period (periode van een vestiging), for who holds a "
    "mandate for its figures.",
)
class BranchPeriod(_Period):
    """A period under a mandate."""


@bound(
    views.own_periods,
    description="How far the school is with a period of its own (eigen periode).",
)
class OwnPeriod(_Period):
    """A period at the school."""


@shape(description="An exact count of the school's own pupils (aantal).")
class ExactCount:
    """A category and how many."""

    category: str = strawberry.field(description="The category (categorie).")
    name: Wording = strawberry.field(description="What it is called (naam).")
    amount: int = strawberry.field(
        description="How many pupils, exactly; of the measure minutes, how many minutes (aantal)."
    )


@shape(description="The school's own pupils of some year groups and sexes (groep).")
class ExactGroup:
    """A group with its counts."""

    years: list[str] = strawberry.field(description="Its year groups (leerjaren).")
    sexes: list[str] = strawberry.field(description="Its sexes, or unknown (geslacht).")
    pupils: int = strawberry.field(description="How many pupils it has (leerlingen).")
    counts: list[ExactCount] = strawberry.field(description="Them by category (aantallen).")


@bound(
    exact.tables,
    description="Exact figures of the school's own pupils: niet voor publicatie. What is published "
    "is in `figures`, rounded.",
)
class ExactFigures(Node):
    """A measure as it was counted when the period was locked."""

    period_kind: PeriodKind = strawberry.field(description="The kind of period (soort periode).")
    first_day: date = strawberry.field(description="The first day of the period (eerste dag).")
    measure: str = strawberry.field(description="What is measured (maat).")
    vintage: int = strawberry.field(
        description="1, or more where it was counted again after late deliveries (versie)."
    )
    not_for_publication: Wording = strawberry.field(
        description="What may not be done with it (niet voor publicatie)."
    )
    total: list[ExactCount] = strawberry.field(description="All pupils by category (totaal).")
    groups: list[ExactGroup] = strawberry.field(description="Them by year group and sex (groepen).")
    taken_at: datetime = strawberry.field(description="When it was counted (vastgelegd op).")


node_type("BranchPeriod")
node_type("OwnPeriod")
node_type("ExactFigures")


def _filter(period: str | None) -> dict[str, Any]:
    if period is None:
        return {}
    named = period_named(period)
    return {"kind": str(named.kind), "first_day": named.first_day}


@strawberry.type
class PeriodQuery:
    """Reading periods and exact figures."""

    @strawberry.field(
        description="How far branches are with their periods (periodes van vestigingen), for who "
        "holds a mandate; newest first."
    )
    async def branch_periods(
        self,
        info: Info[Any, Any],
        period: Named = None,
        branch_code: BranchCode = None,
        first: First = 50,
        after: After = None,
    ) -> Connection[BranchPeriod]:
        """Read a page of periods under a mandate."""
        where = {**_filter(period), "branch_code": branch_code}
        page: Any = await context_of(info).page(info, views.periods, where=where)
        return page

    @strawberry.field(
        description="How far the school is with its periods (eigen periodes), newest first."
    )
    async def own_periods(
        self,
        info: Info[Any, Any],
        period: Named = None,
        first: First = 50,
        after: After = None,
    ) -> Connection[OwnPeriod]:
        """Read a page of the school's own periods."""
        page: Any = await context_of(info).page(info, views.own_periods, where=_filter(period))
        return page

    @strawberry.field(
        description="Exact figures of a branch in a locked period, for the school itself (eigen "
        "cijfers): niet voor publicatie. Empty when there are none, or not for this token."
    )
    async def exact_figures(
        self,
        info: Info[Any, Any],
        branch_id: Id,
        period: PeriodName,
        first: First = 50,
        after: After = None,
    ) -> Connection[ExactFigures]:
        """Read the exact figures of a branch."""
        # An id of another kind names no branch, and is answered like one that is not there.
        kind, key = ids.split(str(branch_id))
        branch = key if kind == branches.name and key is not None else UUID(int=0)
        where = {"branch_id": branch, **_filter(period)}
        page: Any = await context_of(info).page(info, exact.tables, where=where)
        return page


@strawberry.input(description="A period of a branch that is over (periode afsluiten).")
class ClosePeriodInput:
    """Which branch, and which period."""

    branch_id: strawberry.ID = strawberry.field(description="The branch (vestiging).")
    period: str = strawberry.field(
        description="2026-10, 2026-2027-autumn or 2026-2027; its last day has passed (periode)."
    )
    idempotency_key: str | None = strawberry.field(default=None, description=ONCE)


@strawberry.input(description="A closed period that is locked (periode vergrendelen).")
class LockPeriodInput:
    """Which period."""

    period_id: strawberry.ID = strawberry.field(
        description="The period, as `branchPeriods` gives it (periode)."
    )


@strawberry.type(description="The period was closed (afgesloten).")
class ClosePeriodSuccess:
    """The period, at the school."""

    period: OwnPeriod = strawberry.field(description="The period, with its score and gaps.")


@strawberry.type(description="The period was locked (vergrendeld).")
class LockPeriodSuccess:
    """The period, under the mandate."""

    period: BranchPeriod = strawberry.field(description="The period (periode).")


ClosePeriodResult = Annotated[
    ClosePeriodSuccess | ValidationProblem | ConflictProblem | NotFoundProblem,
    strawberry.union("ClosePeriodResult", description="Done, or why not."),
]
LockPeriodResult = Annotated[
    LockPeriodSuccess | ValidationProblem | ConflictProblem | NotFoundProblem,
    strawberry.union("LockPeriodResult", description="Done, or why not."),
]


@strawberry.type
class PeriodMutation:
    """The way of a period."""

    @strawberry.mutation(
        description="Close a period of your branch (periode afsluiten): its figures are then what "
        "was delivered. Weeks that are missing stay missing."
    )
    async def close_period(
        self, info: Info[Any, Any], input: Input[ClosePeriodInput]
    ) -> ClosePeriodResult:
        """Close."""

        async def act(session: AsyncSession, actor: Actor) -> UUID:
            """Return the key of the period."""
            return await services.close_period(
                session,
                actor,
                branch_id=key_of(branches, input.branch_id, "branchId"),
                period=period_named(input.period),
            )

        def shows(made: UUID) -> dict[str, UUID]:
            """Return what is shown of it."""
            return {"period": made}

        return await perform(
            info, "ClosePeriodSuccess", act, shows, given=input, key=input.idempotency_key
        )

    @strawberry.mutation(
        description="Lock a closed period of a branch of your board (periode vergrendelen): what "
        "comes in afterwards is counted as late and joins the next period."
    )
    async def lock_period(
        self, info: Info[Any, Any], input: Input[LockPeriodInput]
    ) -> LockPeriodResult:
        """Lock."""

        async def act(session: AsyncSession, actor: Actor) -> UUID:
            """Return the key of the period."""
            period_id = key_of(views.periods, input.period_id, "periodId")
            return await services.lock_period(session, actor, period_id=period_id)

        def shows(made: UUID) -> dict[str, UUID]:
            """Return what is shown of it."""
            return {"period": made}

        return await perform(info, "LockPeriodSuccess", act, shows)
