"""What the municipality of residence reaches, by the page that says what ties mean."""

from collections.abc import Iterator
from datetime import datetime

from domain.reach import Kind
from permissions.vocabulary import End, Tie
from tests.proof.facts import Branch, Mandate, Served
from tests.proof.facts_of_work import Advice, Exemption, Leave, NonEnrolment
from tests.proof.standing import Reached, Standing
from tests.proof.ties_of_organisations import land_of, units_of
from tests.proof.tying import means

E, K, T = End, Kind, Tie


def served(me: Standing) -> Iterator[tuple[str, datetime | None]]:
    """Yield the municipalities that the token's organisation serves now, if the actor works."""
    if me.work:
        for one in me.world.where(Served, "organisation_id", me.actor.organisation):
            if me.holds(one.valid_from, one.valid_until):
                yield one.municipality_code, one.valid_until


@means(T.RESIDENCE, K.LEAVE, E.OFFICE_RETENTION)
def requests_of_residents(me: Standing) -> Reached:
    """Yield the requests on which an officer decides, of residents of a served municipality."""
    for code, _ in served(me):
        for leave in me.world.where(Leave, "municipality_code", code):
            if leave.decider == "officer" and me.today <= leave.retained_until:
                yield leave.id, leave.retained_until


def kept(me: Standing, record: type[Exemption | NonEnrolment]) -> Reached:
    """Yield the records that the token's organisation keeps and still retains, if one works."""
    if me.work:
        for one in me.world.where(record, "controller_id", me.actor.organisation):
            if one.retained_until is None or me.today <= one.retained_until:
                yield one.id, one.retained_until


@means(T.OFFICE_RECORD, K.EXEMPTION, E.OFFICE_RETENTION)
def exemptions_kept(me: Standing) -> Reached:
    """Yield the exemptions of the own office."""
    return kept(me, Exemption)


@means(T.OFFICE_RECORD, K.NON_ENROLMENT, E.OFFICE_RETENTION)
def non_enrolments_kept(me: Standing) -> Reached:
    """Yield the own office's records of who is at no school."""
    return kept(me, NonEnrolment)


@means(T.MANDATE, K.ADVICE, E.MANDATE)
def advice_under_mandate(me: Standing) -> Reached:
    """Yield the own office's advice, and that to the own board's branches, under a mandate."""
    own = me.actor.organisation
    if not me.work:
        return
    held = {
        f"{mandate.unit_level}:{mandate.unit_code}": mandate.valid_until
        for mandate in sorted(
            me.world.where(Mandate, "organisation_id", own),
            key=lambda one: (one.valid_until is None, one.valid_until or me.now),
        )
        if me.holds(mandate.valid_from, mandate.valid_until)
    }
    units = units_of(land_of(me.world))
    for advice in me.world[Advice]:
        (branch,) = me.world.where(Branch, "id", advice.branch_id)
        if own in {advice.controller_id, branch.organisation_id}:
            for unit in units[f"branch:{branch.branch_code}"] & held.keys():
                yield advice.id, held[unit]


@means(T.BRANCH_ASSIGNMENT, K.ADVICE, E.ASSIGNMENT)
def advice_to_branches(me: Standing) -> Reached:
    """Yield the advice to the branches that the actor is assigned to."""
    for work in me.work:
        for advice in me.world.where(Advice, "branch_id", work.branch_id):
            yield advice.id, work.valid_until
