"""Reading a pupil's tiers (MD-MTSS): one row per dimension, each of the class of what it tells.

Everything is counted from sums that were kept on arrival: the roll-up and `dimension_week`. Marks
that are withheld from a reader therefore change no tier; a dimension whose class is withheld is
absent as a whole.
"""

from collections.abc import Callable
from datetime import date
from typing import Any

from sqlalchemy import (
    ColumnElement,
    Date,
    FromClause,
    Integer,
    Label,
    Text,
    and_,
    case,
    cast,
    func,
    literal,
    literal_column,
    null,
    or_,
    select,
    union_all,
)

from domain.attendance.models import DimensionWeek, PupilWeek
from domain.organisations.views import table
from domain.reach import ME, Kind
from domain.reading.view import Arguments, Field, View
from domain.reference.rulesets import BANDS, counting
from domain.reference.ruleshapes import Band, RuleSet, TierRule
from permissions.vocabulary import DataClass

_week = table(PupilWeek)
_side = table(DimensionWeek)
_FOR_EVER = date(9999, 12, 31)
_NEVER = Band(0, 1, 0)
"""A band that nothing reaches."""


def within(week: FromClause, arguments: Arguments) -> list[ColumnElement[bool]]:
    """Return the conditions that a week's Monday lies in the period that was asked for."""
    found: list[ColumnElement[bool]] = []
    for name, compare in (("from", week.c.monday.__ge__), ("until", week.c.monday.__le__)):
        if name in arguments:
            bound = cast(arguments[name], Date)
            found.append(or_(bound.is_(None), compare(bound)))
    return found


def judged_on(arguments: Arguments) -> ColumnElement[date]:
    """Return the day whose rule set judges a period: its last, or today."""
    if "until" not in arguments:
        return ME.today
    return func.coalesce(cast(arguments["until"], Date), ME.today)


def bands_on(day: ColumnElement[date]) -> dict[str, ColumnElement[Any]]:
    """Return the code of the rule set that judges on a day, and how many weeks it asks for."""
    sets = [entry for entry in counting() if entry.family == BANDS]

    def chosen(said: Callable[[RuleSet], str]) -> ColumnElement[Any]:
        return case(
            *(
                (and_(day >= entry.valid_from, day < (entry.valid_until or _FOR_EVER)), said(entry))
                for entry in sets
            )
        )

    return {
        "rule_set": chosen(lambda entry: entry.code),
        "least_weeks": cast(
            chosen(lambda entry: str(max(tier.least_weeks for tier in entry.tiers))), Integer
        ),
    }


def tiers_over_period(pupil: FromClause, arguments: Arguments) -> FromClause:
    """Return a row for each dimension: what was counted of a pupil, and the tier that gives."""
    week = _week.alias("week")
    delivered = [
        week.c.pupil_id == pupil.c.id,
        week.c.replaced_at.is_(None),
        week.c.attended_minutes.is_not(None),
        *within(week, arguments),
    ]
    whole = (
        select(
            func.coalesce(func.sum(week.c.scheduled_minutes), 0).label("scheduled"),
            func.coalesce(func.sum(week.c.scheduled_minutes - week.c.attended_minutes), 0).label(
                "missed"
            ),
            func.count().label("weeks"),
        )
        .where(and_(*delivered))
        .correlate(pupil)
        .subquery("whole")
    )
    side = _side.alias("side")
    sides = (
        select(
            side.c.dimension,
            func.sum(side.c.minutes).label("minutes"),
            func.sum(side.c.times).label("times"),
        )
        .join_from(
            side,
            week,
            and_(
                week.c.controller_id == side.c.controller_id,
                week.c.branch_id == side.c.branch_id,
                week.c.pupil_id == side.c.pupil_id,
                week.c.monday == side.c.monday,
            ),
        )
        .where(side.c.pupil_id == pupil.c.id, side.c.replaced_at.is_(None), *delivered)
        .group_by(side.c.dimension)
        .correlate(pupil)
        .subquery("sides")
    )
    rule = _rules()
    amount = case(
        (rule.c.of_roll_up == literal_column("1"), whole.c.missed),
        (rule.c.numerator == literal_column("'times'"), func.coalesce(sides.c.times, 0)),
        else_=func.coalesce(sides.c.minutes, 0),
    )
    out_of = case(
        (rule.c.denominator == literal_column("'weeks'"), whole.c.weeks), else_=whole.c.scheduled
    )
    known = and_(whole.c.weeks >= rule.c.least_weeks, out_of > literal_column("0"))
    day = judged_on(arguments)
    return (
        select(
            pupil.c.id.label("pupil_id"),
            rule.c.dimension,
            rule.c.data_class,
            rule.c.code,
            rule.c.rule_set,
            rule.c.numerator,
            rule.c.denominator,
            # What was counted of few weeks could be laid beside their marks, one by one.
            case((known, amount)).label("amount"),
            out_of.label("whole"),
            whole.c.weeks,
            case(
                (~known, cast(null(), Integer)),
                (amount * rule.c.per3 >= rule.c.least3 * out_of, literal_column("3", Integer)),
                (amount * rule.c.per2 >= rule.c.least2 * out_of, literal_column("2", Integer)),
                else_=literal_column("1", Integer),
            ).label("tier"),
        )
        .select_from(rule)
        .join(whole, literal_column("true"))
        .outerjoin(sides, sides.c.dimension == rule.c.dimension)
        .where(rule.c.first <= day, day < rule.c.until)
        .order_by(rule.c.dimension)
        .correlate(pupil)
        .lateral("tiers")
    )


def _rules() -> FromClause:
    """Return every tier rule that counts, as rows of constants.

    Not `VALUES`: that construct has no cache key, and every read would be compiled anew.
    """
    return union_all(
        *(
            select(
                _constant("dimension", tier.dimension),
                _constant("data_class", tier.data_class),
                _constant("code", tier.code),
                _constant("rule_set", entry.code),
                _constant("numerator", tier.numerator),
                _constant("denominator", tier.denominator),
                _constant("of_roll_up", int(not tier.counts)),
                _constant("least_weeks", tier.least_weeks),
                *(_constant(name, number) for name, number in _bands(tier).items()),
                cast(literal(entry.valid_from), Date).label("first"),
                cast(literal(entry.valid_until or _FOR_EVER), Date).label("until"),
            )
            for entry in counting()
            if entry.family == BANDS
            for tier in entry.tiers
        )
    ).subquery("rule")


def _constant(name: str, value: str | int) -> Label[Any]:
    """Return a constant of a rule as a column."""
    if isinstance(value, int):
        return literal_column(str(value), Integer).label(name)
    return cast(literal(value, Text), Text).label(name)


def _bands(tier: TierRule) -> dict[str, int]:
    by_tier = {band.tier: band for band in tier.bands}
    second, third = by_tier.get(2, _NEVER), by_tier.get(3, _NEVER)
    return {
        "least2": second.at_least,
        "per2": second.per,
        "least3": third.at_least,
        "per3": third.per,
    }


tiers = View(
    "tier",
    _side,
    keys={Kind.PUPIL: "pupil_id"},
    guarded_by=(
        "data_class",
        (
            DataClass.ATTENDANCE_RATE,
            DataClass.ATTENDANCE_UNAUTHORISED,
            DataClass.ATTENDANCE_REASON_HEALTH_FACT,
        ),
    ),
    order=("dimension",),
    fields={
        "dimension": Field("dimension"),
        "dataClass": Field("data_class"),
        "tier": Field("tier"),
        "rule": Field("code"),
        "ruleSet": Field("rule_set"),
        "amount": Field("amount"),
        "amountUnit": Field("numerator"),
        "outOf": Field("whole"),
        "outOfUnit": Field("denominator"),
        "deliveredWeeks": Field("weeks"),
    },
)
