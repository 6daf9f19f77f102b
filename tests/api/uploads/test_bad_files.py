"""Bad files over HTTP: each is refused with a receipt that says why, and nothing is stored."""

from __future__ import annotations

import time

import httpx
import pytest

from tests.api.uploads.desk import CANARIES, Desk
from tests.api.uploads.files import (
    ATTENDANCE,
    ROSTER,
    Bad,
    Files,
    bad_attendance,
    bad_rosters,
)

SLOWEST_SECONDS = 15.0


def refused(desk: Desk, kind: str, name: str, bad: Bad) -> list[str]:
    """Deliver a bad file and return what is wrong with the answer."""
    began = time.monotonic()
    answer = desk.deliver(kind, bad.file)
    seconds = time.monotonic() - began
    if answer.status_code != httpx.codes.UNPROCESSABLE_ENTITY:
        return [f"{name}: {answer.status_code} {answer.text[:300]}"]
    problems = answer.json()["problems"]
    errors = [problem for problem in problems if problem["severity"] == "error"]
    wrong: list[str] = []
    if not errors or not all(error["rule"] and error["advice"] for error in errors):
        wrong.append(f"{name}: the receipt does not say what to do")
    if not any(bad.rule in error["rule"] for error in errors):
        wrong.append(f"{name}: {errors[:3]} does not name '{bad.rule}'")
    if bad.line and not any(error["line"] for error in errors):
        wrong.append(f"{name}: no line in {errors[:3]}")
    if seconds > SLOWEST_SECONDS:
        wrong.append(f"{name}: took {seconds:.0f} s")
    wrong += [f"{name}: the answer repeats {c}" for c in CANARIES if c in answer.text]
    return wrong


@pytest.mark.slow
@pytest.mark.parametrize(("kind", "files"), [(ROSTER, bad_rosters), (ATTENDANCE, bad_attendance)])
def test_a_bad_file_is_refused(desk: Desk, kind: str, files: Files) -> None:
    """A bad file is answered 422 with rule, advice and line; never a 500, and nothing is stored."""
    with desk.nothing_stored():
        found = files(desk.world).items()
        wrong = [line for name, bad in found for line in refused(desk, kind, name, bad)]
        assert not wrong, "\n".join(wrong)
