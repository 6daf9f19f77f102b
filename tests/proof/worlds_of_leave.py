"""What guardians notify and request in a random world."""

from datetime import datetime
from typing import Any
from uuid import UUID

from permissions.vocabulary import Role
from tests.proof.facts import Authority, Pupil
from tests.proof.facts_of_work import Leave, LeaveExplanation, Notice
from tests.proof.worlds_of_organisations import Setting

NOTICES = ("notice.illness", "notice.belief")


def leave(to: Setting) -> None:
    """Add notices of each class and requests for leave, by a parent of the pupil or another."""
    chance, world = to.chance, to.world
    parents = sorted({a.guardian_id for a in world[Authority]})
    if not parents:
        return
    for pupil in world[Pupil]:
        own = [
            a.guardian_id for a in world.where(Authority, "young_person_id", pupil.young_person_id)
        ]
        by = chance.one(own) if own and chance.often(0.8) else chance.one(parents)
        of = {
            "controller_id": pupil.controller_id,
            "pupil_id": pupil.id,
            "young_person_id": pupil.young_person_id,
        }
        for data_class in NOTICES:
            state = chance.one(["notified", "notified", "withdrawn"])
            world.add(
                Notice(
                    id=chance.key(),
                    data_class=data_class,
                    notified_by=by,
                    state=state,
                    settled_at=None if state == "notified" else chance.now,
                    **of,
                )
            )
        for decider in ("head", "officer"):
            request(to, of, by, decider)


def request(to: Setting, of: dict[str, Any], by: UUID, decider: str) -> None:
    """Add a request, mostly with an explanation; the head was heard before an officer decides."""
    chance, world = to.chance, to.world
    office = decider == "officer"
    states = ["submitted", "heard", "granted"] if office else ["submitted", "refused", "withdrawn"]
    state = chance.one(states)
    heard = office and state != "submitted"
    decided = state in {"granted", "refused"}
    head = chance.one(to.workers(of["controller_id"], Role.HEAD_OF_SCHOOL))
    made = world.add(
        Leave(
            id=chance.key(),
            decider=decider,
            municipality_code=chance.one(to.codes) if office else None,
            state=state,
            submitted_by=by,
            head_view="supports" if heard else None,
            heard_by=head if heard else None,
            heard_at=_when(to, given=heard),
            decided_by=head if decided else None,
            decided_at=_when(to, given=decided),
            retained_until=chance.lasting(),
            **of,
        )
    )
    if chance.often(0.8):
        world.add(LeaveExplanation(leave_id=made.id, **of))


def _when(to: Setting, *, given: bool) -> datetime | None:
    return to.chance.before(9) if given else None
