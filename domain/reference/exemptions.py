"""Dated rules on exemptions and on who is bound to attend: periods and ages of the law, as data.

Each JSON file in `exemptions/` is one set of rules. A change of law is one more file with its first
day and the last day of the file it replaces; no period or age is written in code.
"""

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import date
from functools import cache
from typing import TypedDict, cast

from domain.reference.files import Text, day, holds, json_file, json_names

_FOLDER = "exemptions"


@dataclass(frozen=True, slots=True)
class KindRules:
    """What holds for exemptions of one kind.

    Args:
        one_school_year: it lies within one school year and is given notice of again.
        may_have_no_end: it may be without a last day, for who never will be fit.
        statement_within_months: a statement is needed, of at most so many months old; or none.
        from_age: the age in years from which it can be given; or none.
        source: the legal source.
    """

    one_school_year: bool
    may_have_no_end: bool
    statement_within_months: int | None
    from_age: int | None
    source: str


@dataclass(frozen=True, slots=True)
class ExemptionRules:
    """What holds from `valid_from` until `valid_until`, that day excluded.

    `bound_from_age` and `bound_to_age`, the latter excluded, are between which ages, in years,
    somebody can be bound to attend.
    """

    code: str
    valid_from: date
    valid_until: date | None
    source: str
    explanation: Text
    bound_from_age: int
    bound_to_age: int
    kinds: Mapping[str, KindRules]


class NoExemptionRulesError(LookupError):
    """There are no rules on exemptions for the day that was asked for, or more than one set."""


class _Bound(Text):
    from_age: int
    to_age: int
    source: str


class _Kind(Text):
    one_school_year: bool
    may_have_no_end: bool
    statement_within_months: int | None
    from_age: int | None
    source: str


class _File(TypedDict):
    code: str
    valid_from: str
    valid_until: str | None
    source: str
    explanation: Text
    bound: _Bound
    kinds: dict[str, _Kind]


def _read(content: _File) -> ExemptionRules:
    return ExemptionRules(
        code=content["code"],
        valid_from=date.fromisoformat(content["valid_from"]),
        valid_until=day(content["valid_until"]),
        source=content["source"],
        explanation=content["explanation"],
        bound_from_age=content["bound"]["from_age"],
        bound_to_age=content["bound"]["to_age"],
        kinds={
            name: KindRules(
                one_school_year=kind["one_school_year"],
                may_have_no_end=kind["may_have_no_end"],
                statement_within_months=kind["statement_within_months"],
                from_age=kind["from_age"],
                source=kind["source"],
            )
            for name, kind in content["kinds"].items()
        },
    )


@cache
def all_exemption_rules() -> tuple[ExemptionRules, ...]:
    """Return every set of rules in the order of its first day."""
    found = (_read(cast("_File", json_file(_FOLDER, name))) for name in json_names(_FOLDER))
    return tuple(sorted(found, key=lambda rules: rules.valid_from))


def exemption_rules(on: date) -> ExemptionRules:
    """Return the rules that hold on a day.

    Raises:
        NoExemptionRulesError: none hold on that day, or more than one set does.
    """
    found = [r for r in all_exemption_rules() if holds(r.valid_from, r.valid_until, on)]
    if len(found) != 1:
        raise NoExemptionRulesError(f"{len(found)} sets of rules on exemptions hold on {on}")
    return found[0]
