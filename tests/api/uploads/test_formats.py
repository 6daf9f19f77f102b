"""Every format over HTTP: a receipt or a refusal, never a fault, never half a delivery."""

from __future__ import annotations

import gzip
import random
from datetime import timedelta

import httpx
import pytest

from domain.imports.receipts import DeliveryKind
from tests.api.uploads.desk import FIRST, Desk
from tests.domain.imports.samples import EDFI, SAMPLES, edfi, event, zipped
from tests.domain.imports.test_fuzz import inside, mutated

KINDS = list(DeliveryKind)
DAMAGED = 6
MEBIBYTE = 1024 * 1024


def answered(answer: httpx.Response) -> list[str]:
    """Return the rules broken, after making sure that the answer is a receipt."""
    assert answer.status_code in {httpx.codes.OK, httpx.codes.UNPROCESSABLE_ENTITY}, answer.text
    receipt = answer.json()
    accepted = answer.status_code == httpx.codes.OK
    assert receipt["state"] == ("accepted" if accepted else "refused")
    errors = [p for p in receipt["problems"] if p["severity"] == "error"]
    assert bool(errors) is not accepted
    assert all(error["rule"] and error["advice"] for error in errors)
    return [error["rule"] for error in errors]


@pytest.mark.parametrize("kind", KINDS)
def test_damaged_files_leave_nothing(desk: Desk, kind: DeliveryKind) -> None:
    """Damaged within and in their packing, files of a school nobody knows store nothing."""
    chance = random.Random(f"upload {kind}")
    data = SAMPLES[kind]
    files = [data, data[: len(data) // 2], *(inside(data, chance) for _ in range(DAMAGED))]
    files += [mutated(zipped({"a": data}), chance), mutated(gzip.compress(data), chance)]
    with desk.nothing_stored_but_traces():
        for file in files:
            answered(desk.deliver(kind, file))


@pytest.mark.parametrize("kind", KINDS)
def test_bombs_are_refused(desk: Desk, kind: DeliveryKind) -> None:
    """A zip of zeros, one that says it is small, and one in another, each with its own rule."""
    bomb = zipped({"a.csv": b"\0" * (64 * MEBIBYTE)})
    with desk.nothing_stored():
        assert any("times its size" in r for r in answered(desk.deliver(kind, bomb)))
        nested = zipped({"manifest.csv": bomb, "users.csv": bomb})
        assert answered(desk.deliver(kind, nested))
        folder = zipped({"../../etc/cron.d/x": "x"})
        assert any("folder" in r for r in answered(desk.deliver(kind, folder)))


def test_one_unknown_pupil_refuses_the_whole_delivery(desk: Desk) -> None:
    """Of a pupil who is known and one who is not, neither day is stored; alone, the first is."""
    day = (desk.world.year.mondays[1] + timedelta(days=4)).isoformat()
    known = event(desk.world.children[3].key, day, "Excused Absence", school=FIRST.key)
    unknown = event("CANARY-7F3A", day, "Excused Absence", school=FIRST.key)
    kind = DeliveryKind.ATTENDANCE_EDFI
    with desk.nothing_stored():
        rules = answered(desk.deliver(kind, edfi(known, unknown)))
        assert any("enrolled" in rule for rule in rules)
    before = desk.contents()
    assert not answered(desk.deliver(kind, zipped({"events.xml": edfi(known)})))
    new = desk.contents() - before
    assert sum(line.startswith("public.absence ") for line in new) == 1
    with desk.nothing_stored_but_traces():
        assert not answered(desk.deliver(kind, gzip.compress(edfi(known))))


def test_marks_of_another_school_are_refused(desk: Desk) -> None:
    """The sample names a school that the agreement does not know."""
    with desk.nothing_stored():
        rules = answered(desk.deliver(DeliveryKind.ATTENDANCE_EDFI, EDFI))
    assert any("delivery agreement" in rule for rule in rules)
