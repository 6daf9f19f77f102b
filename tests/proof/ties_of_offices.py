"""What the municipality of residence reaches, by the page that says what ties mean."""

from collections.abc import Iterator
from datetime import datetime

from domain.reach import Kind
from permissions.vocabulary import End, Tie
from tests.proof.facts import Served
from tests.proof.facts_of_work import Exemption, Leave, NonEnrolment
from tests.proof.standing import Reached, Standing
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
