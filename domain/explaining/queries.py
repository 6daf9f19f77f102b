"""The one question behind an explanation: which rules' ties hold now, and until when."""

from functools import lru_cache
from typing import Any

from sqlalchemy import (
    JSON,
    ColumnElement,
    Select,
    any_,
    case,
    func,
    literal_column,
    null,
    select,
    type_coerce,
    union_all,
)

from domain.explaining.about import ABOUT_ONE, CLASS_OF, objects_about
from domain.reach import Kind, kinds_of, predicate_source
from permissions.vocabulary import DataClass, Rule, Tie

Asked = tuple[tuple[Tie, Kind, DataClass | None], ...]
"""Ties to kinds of object that one rule needs one of; a class where only its rows count."""


def kinds_for(rule: Rule) -> tuple[Kind, ...]:
    """Return the kinds of object by which a rule's tie can hold for what it is about."""
    kinds = kinds_of(rule.may, rule.what)
    return tuple(kind for kind in kinds if predicate_source(rule.tie, kind) is not None)


def asked_by(rule: Rule) -> Asked:
    """Return what a rule asks; rules on several classes often ask the same."""
    return tuple(
        (rule.tie, kind, rule.what if kind in CLASS_OF or kind is Kind.UNIT else None)
        for kind in kinds_for(rule)
    )


@lru_cache(maxsize=2_000)
def question(asked: tuple[Asked, ...]) -> Select[Any]:
    """Return the statement of one row with a column for each thing asked.

    A column is null where no tie holds for anything about the young person (bound as
    `about_young_person`), true where one holds without a known end, else the latest end as JSON
    has it. An object that is about no young person counts for whoever is asked about.
    """
    return select(*(ending(each).label(f"asked_{number}") for number, each in enumerate(asked)))


def ending(asked: Asked) -> ColumnElement[Any]:
    """Return until when one of the ties holds."""
    found = union_all(*(held(tie, kind, what) for tie, kind, what in asked)).subquery()
    is_open: ColumnElement[Any] = literal_column("'true'::json", JSON)
    until = case(
        (func.count() == literal_column("0"), null()),
        (func.bool_or(found.c.until.is_(None)), is_open),
        else_=func.to_json(func.max(found.c.until)),
    )
    return select(type_coerce(until, JSON)).select_from(found).scalar_subquery()


def held(tie: Tie, kind: Kind, what: DataClass | None) -> Select[Any]:
    """Return the ends of a tie to the objects of a kind that are about the young person.

    Raises:
        ValueError: the tie reaches no such kind; a mistake in code.
    """
    source = predicate_source(tie, kind)
    if source is None:
        message = f"{tie} reaches no {kind}"
        raise ValueError(message)
    facts = source.subquery()
    ends = select(facts.c.until)
    if kind is Kind.UNIT and what is not None:
        # Classes of figures are named after the level whose units they are about.
        return ends.where(func.starts_with(facts.c.object, f"{what.removeprefix('aggregate.')}:"))
    if kind not in ABOUT_ONE:
        return ends
    keys = objects_about(kind, what).scalar_subquery()
    return ends.where(facts.c.object == any_(func.array(keys)))
