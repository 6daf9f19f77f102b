import json
from collections import Counter
from dataclasses import replace
from uuid import UUID, uuid4

import pytest
from sqlalchemy import text
from sqlalchemy.exc import DBAPIError
from sqlalchemy.ext.asyncio import AsyncSession

from domain.database import Ask, Login
from domain.errors import Invalid, NotFound
from domain.explaining import services
from domain.explaining.services import Viewers, explain, who_can_see
from permissions.decide import purposes_of
from permissions.vocabulary import Actor, DataClass, Role
from tests.domain.explaining.layers import CLASSES, Explained

pytestmark = pytest.mark.asyncio

OFFICERS = ("privacy_officer", "privacy_officer_youth_care")


async def seen_by(
    explained: Explained, officer: Actor, person: UUID, what: DataClass, **most: int
) -> Viewers:
    """Return who could see a class about a young person, as a privacy officer is told."""
    async with explained.world.database.acting(explained.asking(officer), Login.APP) as session:
        return await who_can_see(
            session,
            officer,
            database=explained.world.database,
            young_person_id=person,
            data_class=what,
            **most,
        )


def staff_of(explained: Explained, organisation: UUID | None) -> dict[Actor, str]:
    """Return everyone assigned at an organisation, by purpose of each role: past the rules."""
    rows = explained.database.run_sql(
        "select json_build_array(a.staff_id, a.role, s.name) from assignment a"
        f" join staff s on s.id = a.staff_id where a.organisation_id = '{organisation}'"
    )
    found: dict[Actor, str] = {}
    for staff_id, role, name in map(json.loads, rows):
        for purpose in purposes_of(Role(role)):
            actor = Actor(
                id=UUID(staff_id), organisation=organisation, role=Role(role), purpose=purpose,
                client="tests",
            )  # fmt: skip
            found[actor] = name
    return found


@pytest.mark.slow
@pytest.mark.parametrize("name", OFFICERS)
async def test_it_is_explain_turned_around(explained: Explained, name: str) -> None:
    """Whoever the officer is told of is told the same, with the same end, when they ask; no other.

    For every class about a young person, and everybody.
    """
    officer = explained.world.actors[name]
    compared = held = 0
    for person in explained.world.young_persons:
        expected: dict[DataClass, Counter[object]] = {what: Counter() for what in CLASSES}
        for colleague, called in staff_of(explained, officer.organisation).items():
            for each in await explained.said(colleague, person):
                for ground in each.grounds if each.about_one else ():
                    if ground.holds:
                        expected[each.data_class][
                            colleague.id, called, colleague.role, colleague.purpose, ground
                        ] += 1
        for what in CLASSES:
            found = await seen_by(explained, officer, person, what)
            told = Counter((v.staff_id, v.name, v.role, v.purpose, v.ground) for v in found.viewers)
            assert found.complete
            assert told == expected[what], f"{person} {what}"
            compared += 1
            held += len(told)
    assert compared == len(CLASSES) * len(explained.world.young_persons)
    assert held > 10


async def test_the_mentor_and_her_colleagues_are_named(explained: Explained) -> None:
    """Who could read the first pupil's rate: the mentor, the coordinators and the head, no more."""
    found = await seen_by(
        explained, explained.world.actors["privacy_officer"], explained.world.young_persons[0],
        DataClass.ATTENDANCE_RATE,
    )  # fmt: skip
    assert {(v.name, v.role) for v in found.viewers} == {
        ("Mentor of board", Role.MENTOR),
        ("Coordinator of board", Role.ATTENDANCE_COORDINATOR),
        ("Support Coordinator of board", Role.SUPPORT_COORDINATOR),
        ("Head of board", Role.HEAD_OF_SCHOOL),
    }


async def test_hidden_and_absent_are_answered_alike(explained: Explained) -> None:
    """About another board's pupil, about nobody: as many were asked, and none could."""
    officer = explained.world.actors["privacy_officer"]
    answers = [
        await seen_by(explained, officer, person, DataClass.PUPIL_IDENTITY)
        for person in (explained.world.young_persons[14], uuid4(), explained.world.case_id)
    ]
    assert answers[0].viewers == ()
    assert answers[0].asked > 3
    assert answers[0] == answers[1] == answers[2]


async def test_nobody_else_may_ask(explained: Explained) -> None:
    """Everyone who does not read an organisation's log is told that it is not there."""
    refused = 0
    person = explained.world.young_persons[0]
    for name, actor in explained.everyone():
        if actor.role is Role.PRIVACY_OFFICER or actor.role is Role.REPORTING_CLIENT:
            continue
        async with explained.world.database.acting(explained.asking(actor), Login.APP) as session:
            with pytest.raises(NotFound):
                await who_can_see(
                    session, actor, database=explained.world.database, young_person_id=person,
                    data_class=DataClass.PUPIL_IDENTITY,
                )  # fmt: skip
        refused += 1
        assert name
    assert refused > 50


async def test_an_officer_whose_appointment_is_elsewhere_may_not_ask(explained: Explained) -> None:
    """Claims for an organisation where one is not appointed find nothing."""
    officer = replace(
        explained.world.actors["privacy_officer"],
        organisation=explained.world.organisations["other_board"],
    )
    with pytest.raises(NotFound):
        await seen_by(
            explained, officer, explained.world.young_persons[0], DataClass.PUPIL_IDENTITY
        )


async def test_a_class_about_no_one_is_refused(explained: Explained) -> None:
    """Figures and logs are about no one young person: there is nobody to look for."""
    with pytest.raises(Invalid):
        await seen_by(
            explained, explained.world.actors["privacy_officer"],
            explained.world.young_persons[0], DataClass.AGGREGATE_BRANCH,
        )  # fmt: skip


async def test_it_says_when_not_everyone_was_asked(explained: Explained) -> None:
    """With a bound below the number of staff the answer is cut, and says so."""
    officer, person = explained.world.actors["privacy_officer"], explained.world.young_persons[0]
    whole = await seen_by(explained, officer, person, DataClass.PUPIL_IDENTITY)
    exact = await seen_by(explained, officer, person, DataClass.PUPIL_IDENTITY, most=whole.asked)
    cut = await seen_by(explained, officer, person, DataClass.PUPIL_IDENTITY, most=whole.asked - 1)
    assert whole.complete
    assert exact == whole
    assert not cut.complete
    assert cut.asked == whole.asked - 1
    assert set(cut.viewers) <= set(whole.viewers)


async def test_it_is_traced_once_and_nobody_else_reads(explained: Explained) -> None:
    """The officer's act is in the trace, about whom somebody there sees; the staff leave none."""
    officer = explained.world.actors["privacy_officer"]
    ours = explained.world.young_persons[0]
    for person, about in ((uuid4(), []), (ours, [str(ours)])):
        request = explained.asking(officer)
        async with explained.world.database.acting(request, Login.APP) as session:
            await who_can_see(
                session, officer, database=explained.world.database, young_person_id=person,
                data_class=DataClass.PUPIL_IDENTITY,
            )  # fmt: skip
        (line,) = explained.database.run_sql(
            "select json_build_array(act, actor_id, young_persons, data_classes) from trace"
            f" where request_id = '{request.request_id}'"
        )
        assert json.loads(line) == [
            "viewers_listed", str(officer.id), about, ["log.organisation"],
        ]  # fmt: skip


async def test_the_transaction_is_the_officers_again(explained: Explained) -> None:
    """After it the claims are the officer's own, and the transaction writes as before."""
    officer = explained.world.actors["privacy_officer"]
    async with explained.world.database.acting(explained.asking(officer), Login.APP) as session:
        await who_can_see(
            session, officer, database=explained.world.database,
            young_person_id=explained.world.young_persons[0],
            data_class=DataClass.PUPIL_IDENTITY,
        )  # fmt: skip
        assert await session.scalar(text("select sec.actor()")) == officer.id
        assert await session.scalar(text("show transaction_read_only")) == "off"
        found = await explain(
            session, officer, young_person_id=uuid4(), data_classes=[DataClass.PUPIL_IDENTITY]
        )
    assert not found[0].permitted


async def test_asking_as_somebody_else_can_only_read(
    explained: Explained, monkeypatch: pytest.MonkeyPatch
) -> None:
    """While the claims are a colleague's, the transaction refuses to write anything."""

    async def write(session: AsyncSession, request: Ask, *_asked: object) -> None:
        """Try to count somebody as seen by the colleague, as its reads would."""
        await session.execute(
            text("insert into sighting values (:me_actor, :me_purpose, :me_today, :me_actor)"),
            request.parameters,
        )

    monkeypatch.setattr(services, "answered", write)
    with pytest.raises(DBAPIError, match="read-only transaction"):
        await seen_by(
            explained, explained.world.actors["privacy_officer"],
            explained.world.young_persons[0], DataClass.PUPIL_IDENTITY,
        )  # fmt: skip


@pytest.mark.usefixtures("put_back")
async def test_it_says_what_enforcement_says_now(explained: Explained) -> None:
    """A mentor whose assignment ended is not named at the next question."""
    officer, person = explained.world.actors["privacy_officer"], explained.world.young_persons[0]
    mentor = explained.world.actors["mentor"]
    later = explained.world.moment.instant.isoformat()
    explained.database.run_sql(
        f"update assignment set valid_until = '{later}', valid_from = timestamptz '{later}'"
        f" - interval '1 day' where staff_id = '{mentor.id}'"
    )
    found = await seen_by(explained, officer, person, DataClass.PUPIL_IDENTITY)
    assert mentor.id not in {viewer.staff_id for viewer in found.viewers}
    assert found.viewers
