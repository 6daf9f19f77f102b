"""The standard's own samples, sent over HTTP as a school's system would."""

from __future__ import annotations

import asyncio
from pathlib import Path

import pytest

from domain.database import Database, Login, ask
from domain.organisations import directory, services
from domain.organisations.directory import Fictional
from domain.reference.directory import DirectoryBranch
from tests.api.uploads.desk import Desk
from tests.api.uploads.files import ROSTER
from tests.filled import pools_of

SAMPLES = Path(__file__).resolve().parents[4] / "shared" / "data" / "rosters"
BRANCHES = {"99ZZ00": "VH", "99ZZ01": "VB"}
"""The branches of the sample's school, and the keys that its roster knows them by."""


@pytest.fixture(scope="module")
def school(desk: Desk) -> Desk:
    """The board's system delivers for the sample's school too; the agreement maps its keys."""
    if not SAMPLES.is_dir():
        pytest.skip("the standard's samples are not beside this repository")
    asyncio.run(_agree(desk))
    return desk


async def _agree(desk: Desk) -> None:
    operator = desk.who("operator")
    # Its keys are configured already, with the same secrets.
    pools: Database = pools_of(desk.database)
    try:
        async with pools.acting(ask(operator), Login.JOBS) as session:
            listed = tuple(
                DirectoryBranch(
                    branch_code=code, brin=code[:4], name="Sample", sector="PO",
                    school_type="School", place="Place", postcode="3681AA",
                    municipality_code="9901", board_number=None,
                )
                for code in BRANCHES
            )  # fmt: skip
            await directory.add_missing(
                session, operator, Fictional(branches=listed), national=False
            )
            for code, key in BRANCHES.items():
                branch_id = await services.register_branch(
                    session,
                    operator,
                    organisation_id=desk.world.organisations["board"],
                    branch_code=code,
                    name="Sample",
                    sector="PO",
                    municipality_code="9901",
                    alliance_code="PO9901",
                )
                desk.world.branches[code] = branch_id
                await services.agree_delivery(
                    session,
                    operator,
                    client_actor_id=desk.system.id,
                    branch_id=branch_id,
                    branch_key=key,
                )
    finally:
        await pools.close()


def test_the_dutch_sample(school: Desk) -> None:
    """It is taken in with its warnings; the same again changes nothing."""
    file = (SAMPLES / "edexml-2.1" / "EDEXML.Voorbeeld.2.1.xml").read_bytes()
    answer = school.deliver(ROSTER, file, branch="99ZZ00")
    assert answer.status_code == 200, answer.text
    found = answer.json()
    assert found["state"] == "accepted"
    assert {problem["severity"] for problem in found["problems"]} == {"warning"}
    assert found["counts"]["pupils"]["new"] > 0
    with school.nothing_stored_but_traces():
        again = school.deliver(ROSTER, file, branch="99ZZ00").json()
    assert again["counts"]["pupils"]["new"] == again["counts"]["pupils"]["changed"] == 0


@pytest.mark.parametrize(
    ("name", "field"),
    [
        ("edexml-2.1/EDEXML.Voorbeeld.2.1-Vla.xml", "school/brincode"),
        ("edexml-2.1-invalid/EDEXML.invalid_1.xml", None),
    ],
)
def test_other_samples(school: Desk, name: str, field: str | None) -> None:
    """One has no BRIN, one is invalid: each is refused by line."""
    with school.nothing_stored():
        answer = school.deliver(ROSTER, (SAMPLES / name).read_bytes(), branch="99ZZ00")
    assert answer.status_code == 422
    errors = [p for p in answer.json()["problems"] if p["severity"] == "error"]
    assert all(error["line"] for error in errors)
    assert field is None or field in {error["field"] for error in errors}


def test_the_sample_of_the_version_before(school: Desk) -> None:
    """It can be read as well; tried without storing, it leaves nothing."""
    file = (SAMPLES / "edexml-2.0" / "EDEXML.Voorbeeld.2.0.xml").read_bytes()
    with school.nothing_stored():
        path = school.announce(ROSTER, branch="99ZZ00", dry_run=True)
        answer = school.put(path, file)
    assert answer.status_code == 200, answer.text
    assert {problem["severity"] for problem in answer.json()["problems"]} <= {"warning"}
    assert sum(answer.json()["counts"]["pupils"].values()) > 0
