"""What the attendance offices of a random world keep themselves: exemptions and non-enrolment."""

from datetime import date, datetime
from typing import Any
from uuid import UUID

from permissions.vocabulary import Role
from tests.proof.facts import Pupil
from tests.proof.facts_of_work import Exemption, NonEnrolment
from tests.proof.worlds_of_organisations import Setting

KINDS = (
    ("art_5_a_health", "exemption.health"),
    ("art_5_b_belief", "exemption.belief"),
    ("art_15_other_education", "exemption"),
    ("art_3a_substitute", "exemption"),
)


def exemptions(to: Setting) -> None:
    """Add exemptions of each class and non-enrolment of pupils, and of whom no school knows."""
    chance, world = to.chance, to.world
    for pupil in [*world[Pupil], None]:
        office = chance.one(to.of_kind["attendance_office"])
        officer = chance.one(to.workers(office, Role.ATTENDANCE_OFFICER))
        for kind, data_class in KINDS:
            ended = chance.often(0.3)
            world.add(
                Exemption(
                    **about(to, pupil, office),
                    data_class=data_class,
                    kind=kind,
                    statement_on=chance.today if kind == "art_5_a_health" else None,
                    state="ended" if ended else "registered",
                    registered_by=officer,
                    end_reason="enrolled" if ended else None,
                    ended_by=officer if ended else None,
                    ended_at=_when(to, given=ended),
                    retained_until=chance.lasting(),
                )
            )
        closed = chance.often(0.5)
        world.add(
            NonEnrolment(
                **about(to, pupil, office),
                state="closed" if closed else "open",
                opened_by=officer,
                outcome="enrolled" if closed else None,
                closed_by=officer if closed else None,
                closed_at=_when(to, given=closed),
                retained_until=_kept(to, given=closed),
            )
        )


def about(to: Setting, pupil: Pupil | None, office: UUID) -> dict[str, Any]:
    """Return the key of a record and whom it is about: a pupil of its own board or of another."""
    chance = to.chance
    key = chance.key()
    board = None if pupil is None else pupil.controller_id
    return {
        "id": key,
        "controller_id": office,
        "municipality_code": chance.one(to.codes),
        "young_person_id": key if pupil is None else pupil.young_person_id,
        "board_id": chance.one(to.boards) if pupil and chance.often(0.2) else board,
    }


def _when(to: Setting, *, given: bool) -> datetime | None:
    return to.chance.before(9) if given else None


def _kept(to: Setting, *, given: bool) -> date | None:
    return to.chance.lasting() if given else None
