"""The feed as a report becomes a case: told to whoever may read it now, and to nobody else."""

from __future__ import annotations

from datetime import date, timedelta
from uuid import UUID

import pytest
from sqlalchemy.exc import DBAPIError

from domain import clock
from domain.cases import services as cases
from domain.changes.services import forget
from domain.database import Login
from domain.errors import Invalid, NotFound
from domain.notes import sealing
from domain.notes import services as notes
from domain.outbox import How, announce
from domain.plans import services as plans
from domain.reports import services as reports
from permissions.vocabulary import Actor, DataClass, Purpose, Role
from tests.domain.cases.world import Chain
from tests.domain.changes.following import Follower, key_of, page_of, settled

pytestmark = pytest.mark.asyncio(loop_scope="session")


async def news(world: Chain, *followers: Follower) -> list[list[str]]:
    """Return what each is told that is new."""
    await settled(world.test_database)
    return [await follower.news(world.moment()) for follower in followers]


def following(world: Chain, *actors: Actor) -> list[Follower]:
    """Return a follower for each."""
    return [Follower(world.database, actor) for actor in actors]


async def test_a_report_is_told_to_its_school_and_then_to_its_office(chain: Chain) -> None:
    """Every step is told once to whoever may read the head; an office elsewhere hears nothing."""
    school, office, elsewhere, neighbour, family = following(
        chain,
        chain.head,
        chain.officer,
        chain.officer_elsewhere,
        chain.neighbour,
        chain.guardian,
    )
    everyone = (school, office, elsewhere, neighbour, family)
    report = await chain.prepared()
    assert await news(chain, *everyone) == [["report created"], [], [], [], []]
    await chain.act(chain.coordinator, reports.send_report, report_id=report)
    told = await news(chain, school, office, elsewhere, neighbour)
    assert told == [["report changed"], [], [], []]
    await chain.register().deliver(chain.database)
    assert await news(chain, *everyone) == [
        ["report changed"], ["report changed"], [], [],
        # A draft was nobody's business; sent, it is told from its first step on.
        ["report changed", "report changed"],
    ]  # fmt: skip
    assert {key_of(row["objectId"]) for row in office.told} == {report.hex}


async def test_what_is_told_later_of_a_report_a_family_may_read(chain: Chain) -> None:
    """What was told of a draft lies before the place that a family has read up to."""
    late, early = following(chain, chain.guardian, chain.guardian)
    report = await chain.prepared()
    assert await early.news(chain.moment(), of=chain.test_database) == []
    await chain.act(chain.coordinator, reports.send_report, report_id=report)
    assert await early.news(chain.moment(), of=chain.test_database) == ["report changed"]
    assert await late.news(chain.moment(), of=chain.test_database) == [
        "report created",
        "report changed",
    ]


async def test_the_end_of_a_tie_ends_the_telling(chain: Chain) -> None:
    """Who took part in a case hears nothing of it afterwards, from the start of the feed either."""
    sealing.configure(b"s" * 32)
    case = await chain.opened()
    await chain.joined(case, chain.support)
    await chain.joined(case, chain.worker)
    part = part_of(chain, case, chain.worker)
    lead, school, care, stranger = following(
        chain, chain.lead, chain.support, chain.worker, chain.worker_elsewhere
    )
    plan = await chain.act(
        chain.lead, plans.propose_plan, case_id=case, goal="Every day", review_on=date(2099, 1, 1)
    )
    await chain.act(
        chain.lead,
        plans.add_action,
        plan_id=plan,
        owner_id=part_of(chain, case, chain.lead),
        description="Call",
        due_on=date(2099, 1, 1),
    )
    for author, data_class in (
        (chain.support, DataClass.NOTE_SUPPORT),
        (chain.worker, DataClass.NOTE_YOUTH_CARE),
        (chain.worker, DataClass.NOTE_GENERAL),
    ):
        await chain.act(author, notes.add_note, case_id=case, data_class=data_class, text="Said")
    await news(chain, lead, school, care)
    classes = [
        {row["dataClass"] for row in follower.told if row["kind"] == "note"}
        for follower in (lead, school, care)
    ]
    assert classes == [
        {"note.general"},
        {"note.general", "note.support"},
        {"note.general", "note.youth_care"},
    ]
    assert {row["kind"] for row in lead.told} == {"case", "participant", "plan", "action", "note"}
    assert {key_of(row["caseId"]) for row in lead.told} == {case.hex}
    assert await stranger.news(chain.moment(), of=chain.test_database) == []

    await chain.act(chain.worker, cases.leave_case, case_id=case)
    assert await care.news(chain.moment(), of=chain.test_database) == []
    assert (
        await Follower(chain.database, chain.worker).news(chain.moment(), of=chain.test_database)
        == []
    )
    assert await lead.news(chain.moment(), of=chain.test_database) == ["participant changed"]
    assert key_of(lead.told[-1]["objectId"]) == part.hex
    await chain.act(chain.lead, cases.close_case, case_id=case, outcome="attending_again")
    assert await news(chain, lead, school) == [[], []]


def part_of(world: Chain, case: UUID, actor: Actor) -> UUID:
    """Return the part of somebody in a case."""
    return UUID(
        world.rows(
            f"select id from participation where case_id = '{case}' and staff_id = '{actor.id}'"
        )[0]
    )


async def test_reading_the_feed_is_traced_and_shows_nobody_else(chain: Chain) -> None:
    """Whoever is on a page stands in its trace; a page of nothing leaves none."""
    await chain.prepared()
    await settled(chain.test_database)
    request = chain.request(chain.head)
    await page_of(chain.database, chain.head, request.moment)
    traced = chain.rows(
        "select act, array_to_string(young_persons, ','), array_to_string(data_classes, ',')"
        f" from trace where actor_id = '{chain.head.id}'"
    )
    assert len(traced) == 1
    assert traced[0].startswith(f"read|{chain.young_person}|")
    assert "report.head" in traced[0]
    await page_of(chain.database, chain.neighbour, chain.moment())
    assert chain.rows(f"select count(*) from trace where actor_id = '{chain.neighbour.id}'") == [
        "0"
    ]


async def test_a_cursor_is_the_readers_own_and_lasts_as_long_as_a_change(chain: Chain) -> None:
    """Lent, or used for another purpose, or after thirty days, it is refused with one answer."""
    await chain.prepared()
    follower = Follower(chain.database, chain.head)
    moment = chain.moment()
    assert await follower.news(moment, of=chain.test_database) == ["report created"]
    assert follower.after is not None
    later = clock.at(moment.instant + timedelta(days=29))
    assert await follower.news(later) == []
    refused: set[str] = set()
    stale = Follower(chain.database, chain.head, after=follower.after)
    lent = Follower(chain.database, chain.coordinator, after=follower.after)
    for other, at in (
        (lent, moment),
        (stale, clock.at(later.instant + timedelta(days=30, minutes=1))),
    ):
        with pytest.raises(Invalid) as met:
            await other.news(at)
        refused.add(met.value.message)
    assert len(refused) == 1


async def test_a_cursor_of_an_old_change_does_not_outlive_what_follows_it(chain: Chain) -> None:
    """Read late, the cursor of a row still ends thirty days after the change was made."""
    await chain.sent()
    await settled(chain.test_database)
    made = chain.moment().instant
    late = clock.at(made + timedelta(days=20))
    page = await page_of(chain.database, chain.head, late, first=1)
    assert page.has_next
    after = page.end
    assert after is not None
    still = clock.at(made + timedelta(days=29))
    assert (await page_of(chain.database, chain.head, still, first=1, after=after)).rows
    with pytest.raises(Invalid):
        await page_of(
            chain.database,
            chain.head,
            clock.at(made + timedelta(days=30, minutes=1)),
            first=1,
            after=after,
        )


async def test_nobody_announces_what_is_not_theirs(chain: Chain) -> None:
    """The database refuses a notice about a report that the writer does not reach."""
    report = await chain.prepared()
    said = reports.of_report(report, How.CHANGED, chain.young_person)
    with pytest.raises(DBAPIError, match="row-level security"):
        async with chain.database.acting(chain.request(chain.neighbour), Login.APP) as session:
            await announce(session, [said], controller_id=chain.board)


async def test_the_job_removes_what_was_kept_long_enough(chain: Chain) -> None:
    """Changes are removed a day after the last cursor to them ends, by the job alone."""
    await chain.prepared()
    platform = chain.add("organisation", kind="platform", name="P", recorded_at="2020-01-01")
    chain.put()
    job = Actor(
        id=platform,
        organisation=platform,
        role=Role.PLATFORM_JOB,
        purpose=Purpose.ACCOUNTABILITY,
        client="tests",
    )
    kept = chain.moment()
    count = "select count(*) from outbox where at >= '2026-03-16' and at < '2027-01-01'"
    before = int(chain.rows(count)[0])
    async with chain.database.acting(chain.request(job, kept), Login.JOBS) as session:
        await forget(session, job)
    assert int(chain.rows(count)[0]) == before
    later = clock.at(kept.instant + timedelta(days=32))
    with pytest.raises(NotFound):
        async with chain.database.acting(chain.request(chain.head, later), Login.JOBS) as session:
            await forget(session, chain.head)
    async with chain.database.acting(chain.request(job, later), Login.JOBS) as session:
        assert await forget(session, job) >= 1
    assert chain.rows(count) == ["0"]
