"""Published figures over GraphQL: one answer, a unit with those in it, a unit beside others."""

from collections.abc import Mapping
from datetime import date
from enum import StrEnum
from typing import Annotated, Any

import strawberry
from strawberry.types import Info

from api.access import Access
from api.binding import bound, by_view
from api.context import context_of
from api.enums import describe
from api.node import Node, node_type
from api.publications import PeriodKind, PeriodName, Publication
from api.shown import FigureRow, Guidance
from api.wording import Wording
from domain.aggregates import figures as reading
from domain.aggregates.measures import released_of
from domain.aggregates.periods import period_named
from domain.aggregates.views import release_units

PYRAMID = "absence"
"""The measure of the attendance pyramid."""


class FigureLevel(StrEnum):
    """Where figures are published."""

    BRANCH = "branch"
    BOARD = "board"
    MUNICIPALITY = "municipality"
    ALLIANCE = "alliance"
    REGION = "region"
    NATIONAL = "national"


class FigureBy(StrEnum):
    """What a published row is divided by."""

    TOTAL = "total"
    SECTOR = "sector"
    SEX = "sex"
    YEAR = "year"


strawberry.enum(FigureLevel, description="Where figures are published (niveau).")
describe(
    FigureLevel,
    {
        FigureLevel.BRANCH: "A branch of a school (vestiging).",
        FigureLevel.BOARD: "The schools of a board (bevoegd gezag).",
        FigureLevel.MUNICIPALITY: "The schools in a municipality (gemeente).",
        FigureLevel.ALLIANCE: "The schools of an alliance (samenwerkingsverband).",
        FigureLevel.REGION: "The schools in a transition region (doorstroomregio).",
        FigureLevel.NATIONAL: "All schools (landelijk).",
    },
)
strawberry.enum(FigureBy, description="What a published row is divided by (uitsplitsing).")
describe(
    FigureBy,
    {
        FigureBy.TOTAL: "By nothing (totaal).",
        FigureBy.SECTOR: "By sector (onderwijssector).",
        FigureBy.SEX: "By sex; from municipalities up (geslacht).",
        FigureBy.YEAR: "By year group; from municipalities of 500 pupils up (leerjaar).",
    },
)

Unit = Annotated[
    str,
    strawberry.argument(
        description="The level and the code, such as branch:99AB00, municipality:0363 or "
        "national:NL (eenheid)."
    ),
]
Measure = Annotated[
    str,
    strawberry.argument(
        description=f"{', '.join(released_of(PeriodKind.MONTH))}; of a region, an alliance and the "
        "country also minutes. Only absence is divided by sector, sex and year group; absence, "
        "absence_kinds, lateness and minutes alone are told of terms and years (maat)."
    ),
]
By = Annotated[FigureBy, strawberry.argument(description="What it is divided by (uitsplitsing).")]
Vintage = Annotated[
    int | None,
    strawberry.argument(description="A vintage; by default the newest of the period (versie)."),
]
ChildLevel = Annotated[
    FigureLevel, strawberry.argument(description="Of which level, finer than its own (niveau).")
]


@bound(
    release_units,
    description="Where a branch lay at a release and what was known of it (dekking).",
)
class Coverage:
    """A branch in a release."""

    sector: str = strawberry.field(description="Its sector (onderwijssector).")
    municipality: str = strawberry.field(description="The code of its municipality (gemeente).")
    region: str | None = strawberry.field(description="Its transition region (doorstroomregio).")
    alliance: str | None = strawberry.field(description="Its alliance (samenwerkingsverband).")
    board: str = strawberry.field(description="Its board (bevoegd gezag).")
    published_as: str = strawberry.field(
        description="The branch it was counted with, its own code when alone; empty where it is "
        "too small and could not be joined (geteld als)."
    )
    area: str = strawberry.field(
        description="The municipality, or those that are published as one (gebied)."
    )
    weeks: int = strawberry.field(description="Weeks in which school was expected (weken).")
    missing_weeks: int = strawberry.field(
        description="Weeks of which nothing was delivered: nobody counts as present in them "
        "(ontbrekende weken)."
    )
    closed: bool = strawberry.field(
        description="Whether the head closed the period; if not, the deadline did (afgesloten)."
    )


@strawberry.type
class _Answer:
    """A unit, a measure, a period, and what it is divided by."""

    unit: str = strawberry.field(description="Its level and code, as `figures` takes it (eenheid).")
    level: FigureLevel = strawberry.field(description="At which level it is (niveau).")
    unit_code: str = strawberry.field(description="Its code at that level (code).")
    unit_name: str = strawberry.field(description="Its name (naam).")
    members: list[str] = strawberry.field(
        description="The codes of those that are counted together, where one of them is too small: "
        "each has this same answer. Its own code when it is counted alone (samen geteld)."
    )
    measure: str = strawberry.field(description="What is measured (maat).")
    by: FigureBy = strawberry.field(description="What it is divided by (uitsplitsing).")
    period_kind: PeriodKind = strawberry.field(description="The kind of period (soort periode).")
    first_day: date = strawberry.field(description="The first day of the period (eerste dag).")
    vintage: int = strawberry.field(description="Which vintage it is (versie).")
    newest: bool = strawberry.field(description="Whether there is no later vintage (nieuwste).")
    units: int = strawberry.field(
        description="How many rounded tables were added up: branches, or groups of branches."
    )
    rows: list[FigureRow] = strawberry.field(description="What was published (regels).")
    guidance: Guidance | None = strawberry.field(
        description="How to read the measure, and how not to (leeswijzer)."
    )
    explanation: Wording = strawberry.field(
        description="Why small numbers are rounded, in plain words (uitleg)."
    )
    coverage: Coverage | None = strawberry.field(
        description="Of a branch: its weeks and where it lies; null above (dekking)."
    )
    release: Publication = strawberry.field(description="What it is part of (publicatie).")
    access: Access = strawberry.field(description="Why it is seen.")


@bound(
    reading.alone,
    description="A published answer within or beside another (cijfers); from it nothing leads on.",
)
class PublishedAnswer(_Answer):
    """One of several answers."""

    id: strawberry.ID = strawberry.field(description="As that of the same `figures` (id).")


@bound(
    reading.figures,
    description="A published answer, the same for everyone who may see it (cijfers). About groups, "
    "never about a person.",
)
class PublishedFigures(_Answer, Node):
    """An answer with those of the units in it."""

    @strawberry.field(
        description="The same answer of the units of a finer level in it that the token may see, "
        "by code (onderliggende eenheden): the branches of a municipality, the regions of the "
        "country. At most 1,000, and it costs as many."
    )
    def children(self, level: ChildLevel = FigureLevel.BRANCH) -> list[PublishedAnswer]:
        """Read by the view."""
        return by_view(level)


@bound(
    reading.comparisons,
    description="A unit beside the municipality, region and country it lies in, as far as the "
    "token may see them (vergelijking).",
)
class Comparison:
    """Rows of one release, and the same row of earlier releases."""

    unit: str = strawberry.field(description="The unit that is compared (eenheid).")
    figures: PublishedAnswer = strawberry.field(description="Its own figures (cijfers).")
    municipality: PublishedAnswer | None = strawberry.field(
        description="Those of its municipality; null above it (gemeente)."
    )
    region: PublishedAnswer | None = strawberry.field(
        description="Those of its transition region; null above it (doorstroomregio)."
    )
    country: PublishedAnswer | None = strawberry.field(
        description="Those of the country; null for the country itself (landelijk)."
    )
    trend: list[PublishedAnswer] = strawberry.field(
        description="Its own figures of periods of the same kind, of three years up to this one, "
        "oldest first (ontwikkeling)."
    )


node_type("PublishedFigures")


def _where(
    unit: str, measure: str, period: str, by: FigureBy = FigureBy.TOTAL, vintage: int | None = None
) -> Mapping[str, Any]:
    named = period_named(period)
    return {
        "unit": unit,
        "measure": measure,
        "by": str(by),
        "kind": str(named.kind),
        "first_day": named.first_day,
        **({"newest": True} if vintage is None else {"vintage": vintage}),
    }


@strawberry.type
class FigureQuery:
    """Looking up what was published."""

    @strawberry.field(
        description="A published answer (cijfers); null when there is none, or not for this token."
    )
    async def figures(
        self,
        info: Info[Any, Any],
        unit: Unit,
        measure: Measure,
        period: PeriodName,
        by: By = FigureBy.TOTAL,
        vintage: Vintage = None,
    ) -> PublishedFigures | None:
        """Look an answer up."""
        where = _where(unit, measure, period, by, vintage)
        found: Any = await context_of(info).found(info, reading.figures, "PublishedFigures", where)
        return found

    @strawberry.field(
        description="How absence is spread over the pupils of a unit (verzuimpiramide); null when "
        "it was not published, or not for this token."
    )
    async def pyramid(
        self, info: Info[Any, Any], unit: Unit, period: PeriodName, vintage: Vintage = None
    ) -> PublishedFigures | None:
        """Look a distribution of absence up."""
        where = _where(unit, PYRAMID, period, vintage=vintage)
        found: Any = await context_of(info).found(info, reading.figures, "PublishedFigures", where)
        return found

    @strawberry.field(
        description="A unit beside those it lies in, and its own earlier periods (vergelijken); "
        "null when it was not published, or not for this token."
    )
    async def compare(
        self,
        info: Info[Any, Any],
        unit: Unit,
        measure: Measure,
        period: PeriodName,
        by: By = FigureBy.TOTAL,
        vintage: Vintage = None,
    ) -> Comparison | None:
        """Look a unit up with what it is compared with."""
        where = _where(unit, measure, period, by, vintage)
        found: Any = await context_of(info).found(info, reading.comparisons, "Comparison", where)
        return found
