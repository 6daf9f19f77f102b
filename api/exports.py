"""Publications as files over GraphQL: CSV with its metadata, and JSON-stat."""

import hashlib
from asyncio import to_thread
from collections.abc import Sequence
from enum import StrEnum
from typing import Annotated, Any, Final
from uuid import UUID

import strawberry
from strawberry.types import Info

from api import ids
from api.context import context_of
from api.enums import describe
from api.figures import FigureLevel, Unit
from domain.aggregates import export
from domain.aggregates import figures as reading
from domain.aggregates.views import releases
from domain.errors import Invalid
from domain.reading import Asked, Selection


class ExportFormat(StrEnum):
    """The form of a file."""

    CSV = "csv"
    CSV_METADATA = "csv-metadata.json"
    JSON_STAT = "json"


strawberry.enum(ExportFormat, description="The form of a file (bestandsformaat).")
describe(
    ExportFormat,
    {
        ExportFormat.CSV: "Comma-separated values (RFC 4180).",
        ExportFormat.CSV_METADATA: "What the CSV file holds, as CSV on the Web (W3C, 2015).",
        ExportFormat.JSON_STAT: "JSON-stat 2.0.",
    },
)

ReleaseId = Annotated[
    strawberry.ID, strawberry.argument(description="The publication, by its id (publicatie).")
]
Format = Annotated[ExportFormat, strawberry.argument(description="The form (bestandsformaat).")]
Within = Annotated[
    FigureLevel | None,
    strawberry.argument(description="Also the units of this level in it (onderliggende eenheden)."),
]
OneMeasure = Annotated[
    str | None, strawberry.argument(description="Only this measure; by default all (maat).")
]

_MEDIA: Final = {
    ExportFormat.CSV: "text/csv; charset=utf-8; header=present",
    ExportFormat.CSV_METADATA: export.METADATA_TYPE,
    ExportFormat.JSON_STAT: "application/json",
}
_MOST_ANSWERS: Final = 100
_OWN: Final = ("unit", "level", "unitName", "members", "measure", "by", "rows")
_RELEASE: Final = (
    "periodKind", "firstDay", "lastDay", "vintage", "method", "ruleSet", "boundaries", "releasedAt",
    "digest",
)  # fmt: skip


@strawberry.type(
    description="A publication as a file (bestand): for the same publication, unit and form the "
    "same text, always."
)
class Export:
    """A file."""

    file_name: str = strawberry.field(description="What to call it (bestandsnaam).")
    media_type: str = strawberry.field(description="Its media type (mediatype).")
    text: str = strawberry.field(description="What is in it (inhoud).")
    digest: str = strawberry.field(description="SHA-256 of the text in UTF-8 (controlegetal).")


def _fields(names: Sequence[str]) -> tuple[Selection, ...]:
    return tuple(Selection(name, name) for name in names)


def _asked(within: FigureLevel | None) -> Asked:
    parts = [*_fields(_OWN), Selection("release", "release", (), _fields(_RELEASE))]
    if within is not None:
        parts.append(Selection("children", "children", (("level", "level"),), _fields(_OWN)))
    nodes = Selection("nodes", "nodes", (), tuple(parts))
    selection = Selection("export", "export", (("first", "first"),), (nodes,))
    return Asked(selection, {"first": _MOST_ANSWERS, "level": within})


def _text(
    form: ExportFormat, answers: list[dict[str, Any]], released: export.Released, name: str
) -> str:
    """Write the text of a file; a long one takes a while."""
    tables = export.tables_of(answers)
    if form is ExportFormat.CSV:
        return export.csv_text(tables, released)
    if form is ExportFormat.CSV_METADATA:
        return export.metadata_text(tables, released, url=f"{name}.csv")
    return export.jsonstat_text(tables, released)


@strawberry.type
class ExportQuery:
    """Taking along what was published."""

    @strawberry.field(
        description="A publication as a file, of one unit and what lies in it (exporteren); null "
        "when there is none, or not for this token. At most 20,000 lines; it costs 4,000."
    )
    async def export(
        self,
        info: Info[Any, Any],
        release: ReleaseId,
        unit: Unit,
        format: Format,
        within: Within = None,
        measure: OneMeasure = None,
    ) -> Export | None:
        """Write a file."""
        kind, key = ids.split(str(release))
        where = {
            "release_id": key if kind == releases.name and key is not None else UUID(int=0),
            "unit": unit,
            "measure": measure,
        }
        page = await context_of(info).rows(reading.figures, _asked(within), where)
        answers = [row["nodes"] for row in page.rows]
        if not answers:
            return None
        if any(len(answer.get("children", ())) >= reading.MOST_CHILDREN for answer in answers):
            raise Invalid(
                f"Over {reading.MOST_CHILDREN:,} units lie in it. Name a smaller unit.",
                path=("unit",),
            )
        released = export.Released.read(answers[0]["release"])
        name = f"schakel-{released.period}-v{released.vintage}-{unit.replace(':', '-')}"
        if measure is not None:
            name += f"-{measure}"
        if within is not None:
            name += f"-{within}"
        text = await to_thread(_text, format, answers, released, name)
        return Export(
            file_name=f"{name}.{format}",
            media_type=_MEDIA[format],
            text=text,
            digest=hashlib.sha256(text.encode()).hexdigest(),
        )
