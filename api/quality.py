"""The quality of attendance registration over GraphQL, with how to read it where it is read."""

from datetime import date, datetime
from typing import Annotated, Any
from uuid import UUID

import strawberry
from strawberry.types import Info

from api import ids
from api.context import context_of
from api.wording import Wording
from domain.aggregates import quality as asking
from domain.attendance.quality import JudgedWeek, Quality
from domain.errors import NotFound
from domain.organisations.views import branches
from domain.reference.files import is_unconfirmed
from domain.reference.quality import Part, QualityRules

BranchId = Annotated[strawberry.ID, strawberry.argument(description="The branch (vestiging).")]
FromDay = Annotated[
    date | None,
    strawberry.argument(name="from", description="A day of the first week; by default 8 weeks."),
]
UntilDay = Annotated[
    date | None, strawberry.argument(description="A day of the last week; by default last week.")
]


@strawberry.type(description="A part of the score (onderdeel), with how to read it.")
class QualityPart:
    """A part: a numerator and a denominator."""

    code: str = strawberry.field(
        description="completeness, timeliness, reasons, plausibility or corrections."
    )
    name: Wording = strawberry.field(description="Its name (naam).")
    score: float | None = strawberry.field(
        description="0 to 100; null without a denominator, and for what counts in no score."
    )
    weight: int = strawberry.field(description="Its weight in the score; 0 counts in nothing.")
    numerator: int = strawberry.field(description="How many (teller).")
    denominator: int = strawberry.field(description="Of how many (noemer).")
    formula: str = strawberry.field(description="What is divided by what (formule).")
    says: Wording = strawberry.field(description="What it says (wat het zegt).")
    does_not_say: Wording = strawberry.field(description="What it does not say (niet).")


@strawberry.type(description="A week behind the score (lesweek): counts, never a pupil.")
class QualityWeek:
    """A week that was expected."""

    monday: date = strawberry.field(description="The Monday of the week (maandag).")
    pupils: int = strawberry.field(description="Pupils with a schedule (leerlingen met rooster).")
    submitted: bool = strawberry.field(
        description="Whether everything was delivered; if not, nothing is known (aangeleverd)."
    )
    delivered_at: datetime | None = strawberry.field(description="When it was (aangeleverd op).")
    in_time: bool = strawberry.field(description="Whether that was within the term (op tijd).")
    absences: int = strawberry.field(description="Absences that stand (afwezigheden).")
    corrections: int = strawberry.field(description="Absences corrected since (correcties).")
    patterns: list[str] = strawberry.field(
        description="no_exceptions, all_whole_days, one_code: what looks like a mistake (patronen)."
    )


@strawberry.type(description="The score of a closed month (maandscore).")
class QualityMonth:
    """A month."""

    month: date = strawberry.field(description="Its first day (maand).")
    score: float | None = strawberry.field(description="0 to 100; null under ten pupils (score).")


@strawberry.type(
    description="The quality of a branch's registration (kwaliteit van de verzuimregistratie): "
    "of the registration, not of the school or its pupils."
)
class DataQuality:
    """A score, and for the school itself what is behind it."""

    score: float | None = strawberry.field(
        description="0 to 100: of the period, or with a mandate of the last closed month in it."
    )
    first_week: date = strawberry.field(description="The Monday of the first week (eerste week).")
    last_week: date = strawberry.field(description="The Monday of the last week (laatste week).")
    definitions: str = strawberry.field(description="The set of definitions (definitieset).")
    explanation: Wording = strawberry.field(description="What it is, and is not (uitleg).")
    source: str = strawberry.field(description="Where the definitions come from (bron).")
    to_be_confirmed: bool = strawberry.field(
        description="Whether the definitions still have to be confirmed (nog te bevestigen)."
    )
    parts: list[QualityPart] | None = strawberry.field(
        description="The parts of the score; null but for the school itself (onderdelen)."
    )
    weeks: list[QualityWeek] | None = strawberry.field(
        description="The weeks behind it; null but for the school itself (weken)."
    )
    months: list[QualityMonth] | None = strawberry.field(
        description="Scores of closed months, for who holds a mandate; null for the school."
    )


def _part(found: Quality, part: Part) -> QualityPart:
    (measured,) = (one for one in found.parts if one.code == part["code"])
    return QualityPart(
        code=part["code"],
        name=Wording(**part["name"]),
        score=measured.score if part["weight"] else None,
        weight=part["weight"],
        numerator=measured.numerator,
        denominator=measured.denominator,
        formula=f"{part['numerator']} / {part['denominator']}",
        says=Wording(**part["says"]),
        does_not_say=Wording(**part["does_not_say"]),
    )


def _week(week: JudgedWeek) -> QualityWeek:
    counts = week.counts
    return QualityWeek(
        monday=counts.monday,
        pupils=counts.pupils,
        submitted=counts.delivered_at is not None,
        delivered_at=counts.delivered_at,
        in_time=week.in_time,
        absences=counts.absences,
        corrections=counts.corrections,
        patterns=list(week.patterns),
    )


def _shown(found: asking.Asked) -> DataQuality:
    rules: QualityRules = found.rules
    own = found.quality
    return DataQuality(
        score=found.score,
        first_week=found.first,
        last_week=found.last,
        definitions=rules.code,
        explanation=Wording(**rules.explanation),
        source=rules.source,
        to_be_confirmed=is_unconfirmed(rules.source),
        parts=None if own is None else [_part(own, part) for part in rules.parts],
        weeks=None if own is None else [_week(week) for week in own.weeks],
        months=None
        if found.months is None
        else [QualityMonth(month=one.month, score=one.score) for one in found.months],
    )


@strawberry.type
class QualityQuery:
    """Reading the quality of registration."""

    @strawberry.field(
        description="How well a branch registers attendance (kwaliteit van de registratie): with "
        "the weeks behind it for the branch itself, only the score with a mandate for its figures; "
        "null for every other token."
    )
    async def data_quality(
        self,
        info: Info[Any, Any],
        branch_id: BranchId,
        from_: FromDay = None,
        until: UntilDay = None,
    ) -> DataQuality | None:
        """Ask for what the token may know."""
        context = context_of(info)
        _ = context.asking
        kind, key = ids.split(str(branch_id))
        if kind != branches.name or not isinstance(key, UUID):
            return None
        try:
            async with context.inquire() as session:
                found = await asking.data_quality(
                    session, context.actor, branch_id=key, first=from_, last=until
                )
        except NotFound:
            return None
        return _shown(found)
