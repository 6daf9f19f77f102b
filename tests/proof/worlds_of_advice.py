"""What the attendance offices of a random world advised its schools, in every state."""

from typing import Any

from permissions.vocabulary import Role
from tests.proof.facts import Branch
from tests.proof.facts_of_work import Advice
from tests.proof.worlds_of_organisations import Setting

STATES = ("recorded", "answered", "followed_up", "closed")


def advice(to: Setting) -> None:
    """Add advice to each branch in each state, of offices that may or may not advise it."""
    for branch in to.world[Branch]:
        for state in STATES:
            to.world.add(_one(to, branch, state))


def _one(to: Setting, branch: Branch, state: str) -> Advice:
    chance = to.chance
    office = chance.one(to.of_kind["attendance_office"])
    adviser = chance.one(to.workers(office, Role.ATTENDANCE_ADVISER))
    head = chance.one(to.workers(branch.organisation_id, Role.HEAD_OF_SCHOOL))
    answered = state in {"answered", "followed_up"} or (state == "closed" and chance.often(0.5))
    followed = state == "followed_up" or (state == "closed" and answered and chance.often(0.5))
    promised = answered and chance.often(0.5)
    closed = state == "closed"

    def given(present: bool, value: Any) -> Any:  # noqa: FBT001 - a column that may be empty
        """Return the value of a column, or nothing."""
        return value if present else None

    return Advice(
        id=chance.key(),
        controller_id=office,
        branch_id=branch.id,
        state=state,
        recorded_by=adviser,
        recorded_at=chance.before(30),
        answer=given(answered, "The school agrees."),
        will_do=given(promised, "Talk with parents."),
        done_by=given(promised, "coordinator"),
        do_by=given(promised, chance.today),
        answered_by=given(answered, head),
        answered_at=given(answered, chance.before(20)),
        follow_up=given(followed, "Less of it since."),
        followed_up_by=given(followed, adviser),
        followed_up_at=given(followed, chance.before(9)),
        outcome=given(closed, "improved"),
        closed_by=given(closed, adviser),
        closed_at=given(closed, chance.before(5)),
    )
