"""Injected SQL under the application's login, with claims that one persona rightly holds."""

from __future__ import annotations

from dataclasses import replace
from uuid import uuid4

import pytest

from domain.database import Login, ask
from permissions.vocabulary import Actor, Role
from tests.attack.tries import DENIED, FOREIGN_KEY, attempt, nothing_came
from tests.world import World

pytestmark = pytest.mark.asyncio

ASSIGNMENT = """insert into assignment (id, organisation_id, staff_id, role, branch_id, valid_from)
    values (gen_random_uuid(), sec.organisation(), sec.actor(), 'head_of_school', :branch, now())"""
MANDATE = """insert into head_mandate
    (id, organisation_id, branch_id, head_id, coordinator_id, valid_from)
    values (gen_random_uuid(), sec.organisation(), :branch, sec.actor(), sec.actor(), now())"""
AUTHORITY = """insert into guardian_authority
    (id, controller_id, guardian_id, young_person_id, valid_from)
    values (gen_random_uuid(), sec.organisation(), :guardian, :person, now())"""
ALLOCATION = """insert into report_allocation (id, report_id, office_id, valid_from)
    values (gen_random_uuid(), :report, sec.organisation(), now())"""
CASE = """insert into case_file
    (id, controller_id, young_person_id, report_id, form, state, opened_by, opened_at)
    values (gen_random_uuid(), sec.organisation(), :person, :report, 'attendance_conference',
        'open', sec.actor(), now())"""
AGREEMENT = """insert into delivery_agreement (id, client_id, branch_id, valid_from)
    values (gen_random_uuid(), sec.actor(), :branch, now())"""
PARTICIPATION = """insert into participation (id, case_id, controller_id, young_person_id,
        organisation_id, role, purpose, is_lead, shares, staff_id, invited_at, answered_at,
        accepted_at)
    select gen_random_uuid(), :case, :office, :person, sec.organisation(), :role, :purpose, :lead,
        '{}', sec.actor(), now(), now(), now()"""


async def test_nobody_writes_a_tie_of_their_own(world: World) -> None:
    """No role adds the fact that would tie it to a pupil, report or case it does not reach."""
    branch = {"branch": world.branches["99WA00"]}
    elsewhere = {"branch": world.branches["99WB00"]}
    report = {"report": world.reports[0]}
    people = {**{f"not {k}": v for k, v in world.strangers.items()}, **world.actors}
    for name, actor in people.items():
        if actor.role in (Role.PLATFORM_JOB, Role.PLATFORM_OPERATOR):
            continue
        if actor.role is not Role.ORGANISATION_ADMINISTRATOR:
            assert await attempt(world, actor, ASSIGNMENT, given=branch) == DENIED, name
        if name != "head":
            assert await attempt(world, actor, MANDATE, given=branch) == DENIED, name
        assert await attempt(world, actor, ALLOCATION, given=report) == DENIED, name
        assert await attempt(world, actor, AGREEMENT, given=branch) == DENIED, name
        assert await attempt(world, actor, AGREEMENT, login=Login.IMPORT, given=branch) == DENIED, (
            name
        )
        if name not in ("coordinator", "coordinator_of_other_branch"):
            given = {"guardian": world.actors["guardian"].id, "person": world.young_persons[0]}
            assert await attempt(world, actor, AUTHORITY, given=given) in (DENIED, "23503"), name
    assert await attempt(world, world.actors["head"], MANDATE, given=elsewhere) == DENIED


async def test_a_case_is_opened_by_the_office_of_its_report_alone(world: World) -> None:
    """Neither another office, nor enforcement's token, nor a party opens a case or joins it."""
    report = {"report": world.reports[4], "person": world.young_persons[4]}
    for actor in (
        world.strangers["officer_case"],
        world.actors["officer"],
        world.actors["youth_care_worker"],
        world.actors["coordinator"],
    ):
        assert await attempt(world, actor, CASE, given=report) == DENIED
        for lead in (True, False):
            joined = await attempt(
                world,
                actor,
                PARTICIPATION,
                given={
                    "case": world.case_id,
                    "office": world.organisations["office"],
                    "person": world.young_persons[0],
                    "role": str(actor.role),
                    "purpose": str(actor.purpose),
                    "lead": lead,
                },
            )
            assert joined == DENIED


async def test_the_identity_on_a_report_goes_to_case_work_of_its_office_alone(world: World) -> None:
    """`reach.identity_of_report` answers nobody else, whatever they are otherwise allowed."""
    identity = "select * from reach.identity_of_report(:report)"
    report = {"report": world.reports[0]}
    assert await attempt(world, world.actors["officer_case"], identity, given=report) == 1
    for name, actor in {**world.strangers, **world.actors}.items():
        if name == "officer_case" and actor is world.actors["officer_case"]:
            continue
        if actor.role not in (Role.PLATFORM_JOB, Role.PLATFORM_OPERATOR):
            assert nothing_came(await attempt(world, actor, identity, given=report)), name


async def test_who_left_or_declined_does_not_come_back(world: World) -> None:
    """A part that has ended cannot be opened again by the one whose part it was, or by the lead."""
    ending = "update participation set ended_at = (sec.claims()).instant"
    ended = f"{ending} where staff_id = sec.actor()"
    again = "update participation set ended_at = null where staff_id = sec.actor()"
    cases = "select id from case_file"
    for key in ("youth_care_worker", "support_coordinator", "consultant"):
        actor = world.actors[key]
        assert nothing_came(await attempt(world, actor, ended, again)), key
        assert await attempt(world, actor, ended, cases) == 0, key
    lead = world.actors["officer_case"]
    close = "update case_file set state = 'closed'"
    everyone = f"{ending} where ended_at is null"
    assert await attempt(world, lead, close, everyone) in range(1, 10)
    assert nothing_came(await attempt(world, lead, close, everyone, again))
    assert nothing_came(await attempt(world, lead, close, "update case_file set state = 'open'"))


async def test_a_report_moves_forward_and_stays_with_who_took_it_on(world: World) -> None:
    """Nobody takes a report back, takes it from a colleague, or changes what it says."""
    report = {"report": world.reports[5]}
    officer, coordinator = world.actors["officer"], world.actors["coordinator"]
    for actor, change in (
        (coordinator, "state = 'draft'"),
        (coordinator, "sent_by = null"),
        (officer, "taken_on_by = null"),
        (officer, "taken_on_by = gen_random_uuid()"),
        (officer, "state = 'allocated'"),
        (officer, "age = 1"),
        (officer, "retained_until = '2999-01-01'"),
        (world.strangers["officer"], "state = 'closed'"),
        (world.actors["officer_case"], "state = 'closed'"),
    ):
        outcome = await attempt(
            world, actor, f"update report set {change} where id = :report", given=report
        )
        assert nothing_came(outcome), change


async def test_notes_and_agreements_carry_the_writers_own_name(world: World) -> None:
    """A party neither writes a note nor agrees to a plan as another party."""
    note = """insert into note (id, case_id, controller_id, young_person_id, data_class, author_id,
            writer_role, writer_name, sealed, recorded_at)
        select gen_random_uuid(), :case, :office, :person, 'note.general', :author,
            'youth_care_worker', 'Noor', '\\x00', now()"""
    given = {
        "case": world.case_id,
        "office": world.organisations["office"],
        "person": world.young_persons[0],
        "author": world.participations["officer_case"],
    }
    assert await attempt(world, world.actors["youth_care_worker"], note, given=given) == DENIED
    agree = """insert into plan_agreement (plan_id, case_id, participation_id, agreed_at)
        values (:plan, :case, :author, now())"""
    outcome = await attempt(
        world, world.actors["consultant"], agree, given={**given, "plan": world.plan_id}
    )
    assert outcome == DENIED


async def test_the_login_of_the_application_reaches_no_further(world: World) -> None:
    """No key, no vault, no trace, no temporary table, no other role, no file: all are refused."""
    for statement in (
        "select * from sec.claims_key",
        "select vault.find('\\x00', '2012-05-06')",
        "select vault.held('\\x00', gen_random_uuid())",
        "select * from vault.national_number",
        "update report_extract set extract = '{}'",
        "delete from trace",
        "update trace set expanded = true",
        "delete from access_line",
        "create temporary table t (a integer)",
        "create table t (a integer)",
        "create function f() returns integer language sql as 'select 1'",
        "set role schakel_reach",
        "set role schakel_owner",
        "copy pupil to program 'true'",
        "select pg_read_file('postgresql.conf')",
        "alter table pupil disable row level security",
        "set session_replication_role = replica",
    ):
        assert await attempt(world, world.actors["mentor"], statement) == DENIED, statement


async def test_a_trace_is_shown_to_who_answers_for_it_alone(world: World) -> None:
    """Nobody but a privacy officer reads traces, not even their own."""
    for actor in world.actors.values():
        if actor.role not in (Role.PRIVACY_OFFICER, Role.PLATFORM_JOB):
            assert nothing_came(await attempt(world, actor, "select * from trace")), actor


async def test_reach_answers_odd_questions_with_nothing(world: World) -> None:
    """Arguments that no rule knows, or that belong to another role, reach nothing."""
    for function in ("pupils", "reports", "cases", "contacts", "young_persons", "branches"):
        for act, of in (("", ""), ("allocate", "report"), ("READ", "pupil.identity")):
            question = f"select reach.{function}(:act, :of)"
            assert (
                await attempt(world, world.actors["mentor"], question, given={"act": act, "of": of})
                == 0
            )
        nothing = f"select reach.{function}(null, null)"
        assert await attempt(world, world.actors["mentor"], nothing) == 0


async def test_claims_serve_one_backend_for_a_minute(world: World) -> None:
    """Claims of another backend, changed claims and no claims are refused or reach nothing."""
    mentor = world.actors["mentor"]
    other = replace(mentor, role=Role.HEAD_OF_SCHOOL)
    own = world.database.claims(ask(mentor), 1)
    forged = own[:65] + world.database.claims(ask(other), 1)[65:]
    put = "select set_config('schakel.claims', :claims, true)"
    pupils = "select id from pupil"
    assert await attempt(world, mentor, put, pupils, given={"claims": own}) == DENIED
    assert await attempt(world, mentor, put, pupils, given={"claims": forged}) == DENIED
    assert await attempt(world, mentor, put, pupils, given={"claims": ""}) == 0


async def test_a_trace_is_written_in_ones_own_name(world: World) -> None:
    """Whoever writes a trace is the actor, the organisation, the role and the purpose in it."""
    write = """insert into trace (id, controller_id, actor_id, organisation_id, role, purpose,
            activity, act, rules, data_classes, young_persons, request_id, at)
        values (gen_random_uuid(), sec.organisation(), :who, :organisation, :role, :purpose,
            'read', 'read', '{}', '{}', '{}', 'x', (sec.claims()).instant)"""
    mentor = world.actors["mentor"]

    def values(actor: Actor) -> dict[str, object]:
        return {
            "who": actor.id,
            "organisation": actor.organisation,
            "role": str(actor.role),
            "purpose": str(actor.purpose),
        }

    assert await attempt(world, mentor, write, given=values(mentor)) == 1
    for changed in (
        replace(mentor, id=uuid4()),
        replace(mentor, organisation=world.organisations["office"]),
        replace(mentor, role=Role.HEAD_OF_SCHOOL),
    ):
        assert await attempt(world, mentor, write, given=values(changed)) == DENIED


async def test_the_lead_accepts_for_nobody(world: World) -> None:
    """Ending a part is all that the lead can do to it: not accept it in somebody's name."""
    forced = """update participation set staff_id = :who, answered_at = now(), accepted_at = now(),
        ended_at = '2999-01-01' where id = :part"""
    outcome = await attempt(
        world,
        world.actors["officer_case"],
        forced,
        given={
            "who": world.strangers["mentor"].id,
            "part": world.participations["invited_youth_care_worker"],
        },
    )
    assert nothing_came(outcome)


async def test_a_sender_makes_nobody_the_holder_of_a_report(world: World) -> None:
    """Sending a report names neither who took it on nor when it was closed."""
    outcome = await attempt(
        world,
        world.actors["coordinator"],
        """update report set state = 'sent', sent_by = sec.actor(), taken_on_by = :officer,
            closed_at = now() where id = :report""",
        given={"officer": world.strangers["officer"].id, "report": world.reports[2]},
    )
    assert nothing_came(outcome)


async def test_a_report_is_about_the_pupil_of_its_signal(world: World) -> None:
    """No report is written on the signal of another board's pupil, which then could have none."""
    outcome = await attempt(
        world,
        world.actors["coordinator"],
        """insert into report (id, controller_id, branch_id, pupil_id, young_person_id, signal_id,
                kind, rule_set, state, municipality_code, prepared_by, prepared_at,
                retained_until)
            values (gen_random_uuid(), sec.organisation(), :branch, :pupil, :person, :signal, 'k',
                'r', 'draft', '9901', sec.actor(), now(), '2099-01-01')""",
        given={
            "branch": world.branches["99WA00"],
            "pupil": world.pupils[0],
            "person": world.young_persons[0],
            "signal": world.signals[14],
        },
    )
    assert outcome in (FOREIGN_KEY, "23505", DENIED)
