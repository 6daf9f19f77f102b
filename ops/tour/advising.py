"""The adviser advises the school on its absence policy, the school answers, and what followed."""

from datetime import timedelta
from typing import Any

from domain import clock
from ops.demo.tour_school import BRANCH_CODE
from ops.tour.cast import Cast
from ops.tour.stage import Stage
from ops.tour.telling import one
from permissions.vocabulary import Purpose

ADVISING, GUIDANCE = Purpose.PREVENTION_ADVICE, Purpose.DAILY_GUIDANCE
MEASURE = "absence"
SOMEBODYS_NUMBER = "999990019"
"""Shaped like the number of a person; it lies where numbers for testing do."""


def play(stage: Stage, cast: Cast) -> None:
    """Record advice, answer it, follow it up."""
    given = record(stage, cast)
    answer(stage, cast, given)
    follow_up(stage, cast, given)


def record(stage: Stage, cast: Cast) -> dict[str, Any]:
    """She picks a development and advises the school; a pupil has no place in it."""
    stage.teller.scene("The adviser advises the school on its absence policy")
    last = clock.now().today.replace(day=1) - timedelta(days=1)
    wanted: dict[str, Any] = {
        "branchId": f"branch_{cast.branch_id.hex}",
        "measure": MEASURE,
        "firstDay": last.replace(day=1).isoformat(),
        "lastDay": last.isoformat(),
        "seen": "Authorised absence rises faster than at the other schools of the municipality.",
        "text": "Let the mentor call home in the first week of illness.",
    }
    refused = stage.attempt(
        cast.adviser, ADVISING, "attendance-adviser/record-advice",
        **wanted | {"seen": f"Mostly because of {SOMEBODYS_NUMBER}."},
    )  # fmt: skip
    stage.teller.claim(
        refused["__typename"] == "ValidationProblem"
        and refused["path"] == ["input", "seen"]
        and SOMEBODYS_NUMBER not in refused["message"],
        "A text with the number of a pupil is refused, and the number is not said again",
    )
    made: dict[str, Any] = stage.act(
        cast.adviser, ADVISING, "attendance-adviser/record-advice", **wanted
    )["advice"]
    following = clock.now().today.replace(day=1)
    stage.teller.claim(
        made["followedBy"]
        == {
            "unit": f"branch:{BRANCH_CODE}",
            "measure": MEASURE,
            "period": f"{following:%Y-%m}",
        },
        "The advice says where to look up what the next periods show",
    )
    for person, purpose in (
        (cast.officer, Purpose.COMPULSORY_SCHOOLING),
        (cast.analyst, Purpose.POLICY_STATISTICS),
    ):
        found = stage.ask(person, purpose, "attendance-adviser/advices", quiet=True)
        stage.teller.claim(
            found["advices"]["nodes"] == [], f"For {purpose} {person.name} sees no advice"
        )
    return made


def answer(stage: Stage, cast: Cast, given: dict[str, Any]) -> None:
    """The head answers and says what the school will do, by whom and by when."""
    stage.teller.scene("The head of the school answers")
    head = cast.people["head"]
    found = stage.ask(head, GUIDANCE, "head-of-school/advices", state="recorded")
    seen = one(found["advices"]["nodes"], "advice")
    stage.teller.claim(
        seen["id"] == given["id"] and seen["access"]["tie"] == "BRANCH_ASSIGNMENT",
        "The head reads the advice to her school, by her assignment to it",
    )
    by = clock.now().today + timedelta(days=60)
    answered = stage.act(
        head, GUIDANCE, "head-of-school/answer-advice",
        adviceId=given["id"], answer="We see it too; our agreements are unclear to mentors.",
        promise={
            "willDo": "Mentors call in the first week, by one instruction.",
            "doneBy": "attendance coordinator",
            "doBy": by.isoformat(),
        },
    )["advice"]  # fmt: skip
    stage.teller.claim(
        answered["state"] == "answered" and answered["doBy"] == by.isoformat(),
        "The answer says what the school will do and by when",
    )
    told = stage.ask(cast.people["coordinator"], GUIDANCE, "head-of-school/advices")
    stage.teller.claim(
        one(told["advices"]["nodes"], "advice")["willDo"] == answered["willDo"],
        "The attendance coordinator of the school reads it too",
    )


def follow_up(stage: Stage, cast: Cast, given: dict[str, Any]) -> None:
    """She reads the answer, and writes down what the figures after it show."""
    stage.teller.scene("The adviser reads the answer and follows it up")
    found = stage.ask(
        cast.adviser, ADVISING, "attendance-adviser/advices",
        branch=f"branch_{cast.branch_id.hex}",
    )  # fmt: skip
    stage.teller.claim(
        one(found["advices"]["nodes"], "advice")["willDo"], "She reads what the school will do"
    )
    followed = stage.act(
        cast.adviser, ADVISING, "attendance-adviser/follow-up-advice",
        adviceId=given["id"], note="We look at it together when the next period is published.",
    )["advice"]  # fmt: skip
    stage.teller.claim(followed["state"] == "followed_up", "What followed stands beside the answer")
