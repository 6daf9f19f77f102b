"""Arguments that many fields share, each described once."""

from datetime import date, datetime
from typing import Annotated, TypeVar

import strawberry

Id = Annotated[strawberry.ID, strawberry.argument(description="An id as the API gave it.")]
First = Annotated[int, strawberry.argument(description="How many at most, 0 to 100 (aantal).")]
After = Annotated[
    str | None, strawberry.argument(description="The cursor after which the page starts (vanaf).")
]
StartsWith = Annotated[
    str | None,
    strawberry.argument(
        description="How the name starts; case and accents do not matter (begint met)."
    ),
]
BranchCode = Annotated[
    str | None, strawberry.argument(description="BRIN and branch suffix (vestigingscode).")
]
MunicipalityCode = Annotated[
    str | None, strawberry.argument(description="A CBS municipality code (gemeentecode).")
]
Sector = Annotated[str | None, strawberry.argument(description="PO or VO (onderwijssector).")]
Pc4 = Annotated[str | None, strawberry.argument(description="The four digits of a postcode.")]
OrganisationKindArgument = Annotated[
    str | None, strawberry.argument(description="A kind, such as school_board (soort organisatie).")
]
From = Annotated[
    date | None,
    strawberry.argument(name="from", description="The first Monday that counts (vanaf)."),
]
Until = Annotated[
    date | None, strawberry.argument(description="The last Monday that counts (tot en met).")
]
AsKnownAt = Annotated[
    datetime | None,
    strawberry.argument(
        description="Answer as it was known at this instant, before later corrections (zoals "
        "bekend op); an instant without an offset is in UTC."
    ),
]
Month = Annotated[
    date | None, strawberry.argument(description="The first day of a closed month (maand).")
]
YoungPersonId = Annotated[
    strawberry.ID, strawberry.argument(description="The id of a young person (jongere).")
]
T = TypeVar("T")
Input = Annotated[T, strawberry.argument(description="What to do, and with what (invoer).")]
ONCE = "A key of your choice: sent again with the same input it does nothing new."
