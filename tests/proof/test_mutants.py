"""Changes to the policy do not go unnoticed: a draw of all that `ops/prove permissions` tries."""

from __future__ import annotations

import random

import pytest

from tests.proof.ground import Ground
from tests.proof.mutants_of_policies import mutants as mutants_of_policies
from tests.proof.mutants_of_policies import policies_of, try_policies
from tests.proof.mutants_of_rules import mutants as mutants_of_rules
from tests.proof.mutants_of_rules import try_rules

pytestmark = [pytest.mark.asyncio(loop_scope="session"), pytest.mark.slow]

SEED = 3
RULES, POLICIES = 400, 12
BEGINNINGS = (
    "drop public.case_identity opens",
    "drop public.participation opens",
    "drop public.withholding lead_withholds",
    "drop public.leave_explanation explains",
)
"""What shows only where somebody begins something that no world has half begun."""

DELETION = "using public.outbox job_removes"
"""The only rows that a login deletes."""


async def test_a_changed_rule_is_noticed(on: Ground) -> None:
    """A rule dropped, or widened in class, role, purpose, tie or end, shows in the database."""
    drawn = random.Random(SEED).sample(list(mutants_of_rules()), RULES)
    toll = await try_rules(on, range(6), drawn, further=range(60, 100))
    assert toll.survivors == []
    assert {"drop", "class", "role", "purpose", "tie", "end"} <= set(toll.made)
    assert toll.killed.total() > RULES / 2


async def test_a_changed_policy_is_noticed(on: Ground) -> None:
    """A policy dropped, or with a predicate replaced by true, shows in what somebody can do."""
    everything = [mutant.name for mutant in mutants_of_policies(await policies_of(on.superuser))]
    drawn = frozenset([*random.Random(SEED).sample(everything, POLICIES), *BEGINNINGS, DELETION])
    toll = await try_policies(on, range(4), drawn, further=range(60, 74))
    assert toll.survivors == []
    assert toll.killed.total() > POLICIES / 2
