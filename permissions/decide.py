"""The rows that speak for an actor.

A decision is a rule, or several that would each do, never a bare yes: the trace stores it and
the actor can be told. Whether a rule's tie holds for a given object is a matter of facts, and
facts are `domain.reach`'s.
"""

from collections import defaultdict
from collections.abc import Iterable, Mapping
from functools import cache

from permissions.table import TABLE
from permissions.vocabulary import ABOUT_GROUPS, Activity, DataClass, Purpose, Role, Rule

Key = tuple[Role, Purpose, Activity, DataClass]


def index(table: Iterable[Rule]) -> Mapping[Key, tuple[Rule, ...]]:
    """Return the rules by role, purpose, activity and data class; refuse a rule stated twice."""
    found: defaultdict[Key, list[Rule]] = defaultdict(list)
    seen: set[str] = set()
    for rule in table:
        if rule.id in seen:
            message = f"{rule.id}: stated twice"
            raise ValueError(message)
        seen.add(rule.id)
        found[rule.who, rule.purpose, rule.may, rule.what].append(rule)
    return {key: tuple(rules) for key, rules in found.items()}


_INDEX = dict(index(TABLE))


def rules_for(
    role: Role, purpose: Purpose, activity: Activity, data_class: DataClass
) -> tuple[Rule, ...]:
    """Return the rules that permit the activity on the class if one of their ties holds."""
    return _INDEX.get((role, purpose, activity, data_class), ())


@cache
def purposes_of(role: Role) -> tuple[Purpose, ...]:
    """Return the purposes for which a role has any rule at all."""
    return tuple(dict.fromkeys(rule.purpose for rule in TABLE if rule.who is role))


@cache
def only_aggregates(role: Role, purpose: Purpose) -> bool:
    """Return whether everything the role may read for the purpose is about groups or schools.

    Such an actor is served by the database role that has no privilege on tables about persons.
    """
    classes = {
        rule.what
        for rule in TABLE
        if rule.who is role and rule.purpose is purpose and rule.may is Activity.READ
    }
    return bool(classes) and classes <= ABOUT_GROUPS
