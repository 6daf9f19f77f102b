"""What may be read of publications: a look-up of one answer, and those beside and within it.

A reader names a unit, a measure, a period and what it is divided by, and gets a row that was
written once. Nothing is added up here; relations only find other rows of the same release.
"""

from typing import Any, Final

from sqlalchemy import (
    ColumnElement,
    FromClause,
    ScalarSelect,
    and_,
    case,
    exists,
    func,
    literal_column,
    or_,
    select,
)
from sqlalchemy.dialects.postgresql import INTERVAL, array
from sqlalchemy.sql.expression import cast, literal

from domain.aggregates.models import Published, Release, ReleaseUnit
from domain.aggregates.shown import explained, guidance_of, rows_of
from domain.aggregates.views import release_units, releases
from domain.organisations.views import table
from domain.reach import Kind
from domain.reading.view import Arguments, Field, Many, One, View
from permissions.vocabulary import DataClass

C = DataClass

MOST_CHILDREN: Final = 1_000
"""More units than lie in any municipality or region of the country."""

TREND: Final = "3 years"
"""How far back a trend goes."""

_later = table(Release).alias("later")
_row = table(Published)

_newest = ~exists(
    select(_later.c.id).where(
        _later.c.kind == _row.c.kind,
        _later.c.first_day == _row.c.first_day,
        _later.c.vintage > _row.c.vintage,
    )
)

answers = select(_row, _newest.label("newest")).subquery("answers")
"""Published rows, each with whether it is of the newest vintage of its period."""

_CLASSES = (
    C.AGGREGATE_BRANCH,
    C.AGGREGATE_BOARD,
    C.AGGREGATE_MUNICIPALITY,
    C.AGGREGATE_ALLIANCE,
    C.AGGREGATE_REGION,
    C.AGGREGATE_NATIONAL,
)
_ORDER = ("first_day", "kind", "unit", "measure", "by", "vintage", "id")
_KEPT = ("level", "unit_code", "measure", "by", "labels", "categories", "cells", "units")


def _kept(row: FromClause) -> ColumnElement[Any]:
    """Return the columns that `shown.Cells` reads, as one value."""
    parts: list[ColumnElement[Any]] = []
    for name in _KEPT:
        parts += [literal_column(f"'{name}'"), row.c[name]]
    return func.json_build_object(*parts)


def _view(name: str) -> View:
    return View(
        name,
        answers,
        keys={Kind.UNIT: "unit"},
        guarded_by=("data_class", _CLASSES),
        order=_ORDER,
        fields={
            "unit": Field("unit"),
            "level": Field("level"),
            "unitCode": Field("unit_code"),
            "unitName": Field("unit_name"),
            "members": Field("members"),
            "measure": Field("measure"),
            "by": Field("by"),
            "periodKind": Field("kind"),
            "firstDay": Field("first_day"),
            "vintage": Field("vintage"),
            "newest": Field("newest"),
            "units": Field("units"),
            "rows": Field(_kept, after=rows_of),
            "guidance": Field("measure", after=guidance_of),
            "explanation": Field("level", after=explained),
        },
        relations={
            "release": One(releases, on=lambda row, release: release.c.id == row.c.release_id),
            "coverage": One(
                release_units,
                on=lambda row, unit: and_(
                    unit.c.release_id == row.c.release_id, unit.c.unit == row.c.unit
                ),
            ),
        },
    )


figures = _view("figures")
alone = _view(figures.name)
"""The same rows, from which nothing leads on to others: a list of them is the last."""
comparisons = _view("comparison")


def _same_answer(row: FromClause, other: FromClause) -> ColumnElement[bool]:
    """Return whether both are of one release, measure and division."""
    return and_(
        other.c.release_id == row.c.release_id,
        other.c.measure == row.c.measure,
        other.c.by == row.c.by,
    )


def _lies_in(unit: FromClause, row: FromClause) -> ColumnElement[bool]:
    """Return whether a branch of the release lies in the unit of a row."""
    return and_(
        unit.c.release_id == row.c.release_id,
        case(
            (row.c.level == "branch", unit.c.unit == row.c.unit),
            (row.c.level == "board", unit.c.board == row.c.unit_code),
            (row.c.level == "municipality", unit.c.municipality == row.c.unit_code),
            (row.c.level == "alliance", unit.c.alliance == row.c.unit_code),
            (row.c.level == "region", unit.c.region == row.c.unit_code),
            else_=row.c.level == "national",
        ),
    )


def _units_with_its_branches(row: FromClause) -> ScalarSelect[Any]:
    """Return every unit that holds a branch of the unit of a row which the reader may know of.

    It refers to the row alone, so the branches are gone through once for each answer and hashed,
    however many answers there are to choose from.
    """
    unit = table(ReleaseUnit).alias()
    units = func.unnest(
        array([
            unit.c.unit, literal("board:") + unit.c.board,
            literal("municipality:") + unit.c.municipality,
            literal("alliance:") + unit.c.alliance, literal("region:") + unit.c.region,
        ])
    )  # fmt: skip
    return select(units).where(_lies_in(unit, row)).correlate(row).scalar_subquery()


def _share_a_branch(row: FromClause, other: FromClause) -> ColumnElement[bool]:
    """Return whether a branch that the reader may know of lies in both units."""
    return other.c.unit.in_(_units_with_its_branches(row))


def _fineness(row: FromClause) -> ColumnElement[int]:
    """Return how far down the level of a row is; what overlaps without an order is as far down."""
    return case(
        (row.c.level == "national", 0),
        (row.c.level.in_(("region", "alliance")), 1),
        (row.c.level.in_(("municipality", "board")), 2),
        else_=3,
    )


def _within(row: FromClause, other: FromClause) -> ColumnElement[bool]:
    """Return whether another unit's row is of a finer level and of a unit that lies in its unit."""
    country = and_(row.c.level == "national", other.c.level == "region")
    return and_(
        _same_answer(row, other),
        _fineness(other) > _fineness(row),
        or_(country, _share_a_branch(row, other)),
    )


def _of_level(child: FromClause, arguments: Arguments) -> ColumnElement[bool]:
    return child.c.level == arguments.get("level", literal("branch"))


def _around(level: str) -> One:
    """Return the row of the municipality or region that a unit lies in."""

    def on(row: FromClause, other: FromClause) -> ColumnElement[bool]:
        return and_(
            _same_answer(row, other),
            other.c.level == level,
            other.c.unit != row.c.unit,
            row.c.level.in_(("branch", "municipality") if level == "region" else ("branch",)),
            _share_a_branch(row, other),
        )

    return One(alone, on=on)


def _country(row: FromClause, other: FromClause) -> ColumnElement[bool]:
    return and_(_same_answer(row, other), other.c.level == "national", row.c.level != "national")


def _earlier(row: FromClause, other: FromClause) -> ColumnElement[bool]:
    """Return whether another row tells of the same in a period up to that of a row."""
    return and_(
        other.c.unit == row.c.unit,
        other.c.measure == row.c.measure,
        other.c.by == row.c.by,
        other.c.kind == row.c.kind,
        other.c.newest,
        other.c.first_day <= row.c.first_day,
        other.c.first_day > row.c.first_day - cast(literal(TREND), INTERVAL),
    )


figures.extend(children=Many(alone, on=_within, among=_of_level, limit=MOST_CHILDREN))
comparisons.extend(
    figures=One(alone, on=lambda row, other: other.c.id == row.c.id),
    municipality=_around("municipality"),
    region=_around("region"),
    country=One(alone, on=_country),
    trend=Many(alone, on=_earlier),
)
