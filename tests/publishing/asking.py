"""The public API of publications, asked over HTTP, and what a statement of it touches."""

from __future__ import annotations

from collections.abc import Iterator
from contextlib import contextmanager
from typing import Any

from sqlalchemy import Engine, event

from tests.publishing.fixtures import Region

MONTH, NEXT, YEAR = 0, 1, 2
"""Which of the region's periods."""

FIGURES = """
query($unit: String!, $measure: String!, $period: String!, $by: FigureBy! = TOTAL, $vintage: Int) {
  figures(unit: $unit, measure: $measure, period: $period, by: $by, vintage: $vintage) {
    id unit level unitCode unitName members measure by periodKind firstDay vintage newest units
    rows {
      label name { nl en }
      parts {
        part name { nl en } form text { nl en } count share noShare { nl en } low high certain
      }
    }
    guidance {
      code name { nl } unit { en } says { nl } doesNotSay { nl } misreadings { nl } source
    }
    explanation { nl en }
    coverage {
      sector board municipality region alliance publishedAs area weeks missingWeeks closed
    }
    release { id method vintage ruleSet boundaries digest branches branchesMissing }
    access { tie withheld }
  }
}"""

PYRAMID = """
query($unit: String!, $period: String!, $level: FigureLevel! = BRANCH) {
  pyramid(unit: $unit, period: $period) {
    unit rows { parts { part form count } }
    children(level: $level) {
      unit unitName level members rows { parts { part form count share } } release { digest }
    }
  }
}"""

COMPARE = """
query($unit: String!, $measure: String!, $period: String!) {
  compare(unit: $unit, measure: $measure, period: $period) {
    unit
    figures { unit rows { parts { part count share } } }
    municipality { unit rows { parts { part count share } } access { tie } }
    region { unit access { tie } }
    country { unit access { tie } }
    trend { firstDay vintage rows { parts { part count } } }
  }
}"""


def period(region: Region, which: int = MONTH) -> str:
    """Return the name of a published period."""
    return list(region.published)[which]


async def figures(region: Region, who: str, unit: str, **more: Any) -> Any:
    """Return the figures of a unit as somebody gets them: of absence in the first month."""
    given = {"measure": "absence", "period": period(region)} | more
    data = await region.face.data(region.land.actors[who], FIGURES, unit=unit, **given)
    return data["figures"]


async def pyramid(region: Region, who: str, unit: str, **more: Any) -> Any:
    """Return the pyramid of a unit with the units in it."""
    given = {"period": period(region)} | more
    data = await region.face.data(region.land.actors[who], PYRAMID, unit=unit, **given)
    return data["pyramid"]


async def compare(region: Region, who: str, unit: str, **more: Any) -> Any:
    """Return a unit beside those it lies in."""
    given = {"measure": "absence", "period": period(region)} | more
    data = await region.face.data(region.land.actors[who], COMPARE, unit=unit, **given)
    return data["compare"]


def counts(answer: Any, label: int = 0) -> dict[str, int | None]:
    """Return the counts of a label of an answer by part."""
    return {part["part"]: part["count"] for part in answer["rows"][label]["parts"]}


@contextmanager
def statements() -> Iterator[list[str]]:
    """Note every statement that goes to the database meanwhile, but those of a transaction."""
    noted: list[str] = []

    def note(_connection: Any, _cursor: Any, statement: str, *_more: Any) -> None:
        """Keep it."""
        noted.append(statement)

    event.listen(Engine, "before_cursor_execute", note)
    try:
        yield noted
    finally:
        event.remove(Engine, "before_cursor_execute", note)
