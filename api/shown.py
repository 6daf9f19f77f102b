"""What is shown of a published row: labels, parts, words in the place of small numbers."""

import strawberry

from api.binding import shape
from api.wording import Wording


@shape(description="A part of a measure for one label, as it is shown (onderdeel).")
class FigurePart:
    """A count, or words in its place; and its share, if it may have one."""

    part: str = strawberry.field(
        description="Which one, such as above_10; a part holds those below it in its scale."
    )
    name: Wording = strawberry.field(description="What it is called (naam).")
    form: str = strawberry.field(
        description="number, under_five (0 to 4), about_none, about_five, under_5_percent, "
        "over_95_percent or not_apart (vorm)."
    )
    text: Wording = strawberry.field(
        description="What to show: a number, or such as 'ongeveer 5' (tekst)."
    )
    count: int | None = strawberry.field(
        description="The rounded count: 0, or at least 5; null where it is coded (aantal)."
    )
    share: float | None = strawberry.field(
        description="Of the pupils of whom something is known, or of scheduled time; null with "
        "`noShare` (aandeel)."
    )
    no_share: Wording | None = strawberry.field(
        description="Why there is no share; null where there is one (reden)."
    )
    low: int | None = strawberry.field(
        description="The least that the true count may be, for rounding alone; null where it is "
        "coded (laagste waarde)."
    )
    high: int | None = strawberry.field(description="The most that it may be (hoogste waarde).")
    certain: bool = strawberry.field(
        description="Whether `low` and `high` always hold; if not, in nineteen of twenty cases."
    )


@shape(description="The pupils of a unit, or of one sex, year group or sector in it (regel).")
class FigureRow:
    """One label of a published row."""

    label: str = strawberry.field(
        description="all; f or m; a year group; a sector; or together, for pupils who are not "
        "counted apart (label)."
    )
    name: Wording = strawberry.field(description="What it is called (naam).")
    parts: list[FigurePart] = strawberry.field(
        description="The parts of the measure, each before what lies within it (onderdelen)."
    )


@shape(description="How to read a published measure (leeswijzer).")
class Guidance:
    """What a measure says and does not say."""

    code: str = strawberry.field(description="The indicator, as in `indicators`.")
    name: Wording = strawberry.field(description="What it is called (naam).")
    unit: Wording = strawberry.field(description="In what it is given (eenheid).")
    says: Wording = strawberry.field(description="What it says (wat het zegt).")
    does_not_say: Wording = strawberry.field(description="What it does not say (niet).")
    misreadings: list[Wording] = strawberry.field(
        description="How it is often misread (veelgemaakte leesfouten)."
    )
    source: str = strawberry.field(description="What it rests on (bron).")
