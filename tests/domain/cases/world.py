"""A small chain: one pupil, her school, the office, an alliance and youth care, and strangers.

Organisations and what a school delivered are put in as the server's superuser; everything after
the signal is done by the services, as the login roles of the service.
"""

from __future__ import annotations

import asyncio
import base64
import json
import time
from collections.abc import AsyncIterator, Awaitable, Callable, Iterator
from dataclasses import dataclass, field
from datetime import UTC, date, datetime, timedelta
from itertools import count
from typing import Any
from uuid import UUID, uuid4

import pytest_asyncio

import domain.reports.ties  # noqa: F401 - registers the ties of reports with reach
from domain import clock
from domain.cases import services as cases
from domain.clock import Moment
from domain.database import Ask, Database, Login, ask
from domain.reports import services as reports
from domain.reports.channel import SandboxRegister
from permissions.vocabulary import Actor, Purpose, Role
from tests.conftest import TestDatabase

BEGUN = datetime(2026, 3, 16, 9, tzinfo=UTC)
EARLIER = "2020-01-01T00:00:00Z"
FIRST_WEEK = date(2026, 2, 9)
REACHED_ON = date(2026, 3, 5)
_CODES = count(1)

Service = Callable[..., Awaitable[Any]]


def quoted(value: object) -> str:
    """Return a value as it is written in SQL."""
    if value is None:
        return "null"
    if isinstance(value, bool | int):
        return str(value).lower()
    text = json.dumps(value) if isinstance(value, dict | list) else str(value)
    return "'" + text.replace("'", "''") + "'"


@dataclass
class Chain:
    """The world of one test: its ids, its actors, and a clock that moves with every act."""

    test_database: TestDatabase
    database: Database
    sql: list[str] = field(default_factory=list)
    minutes: Iterator[int] = field(default_factory=lambda: count(0))

    def add(self, table: str, **values: object) -> UUID:
        """Keep a row to put in; an id is made when none is given."""
        row = {"id": uuid4(), **values}
        if "id" in values and values["id"] is None:
            del row["id"]
        columns, literals = ", ".join(row), ", ".join(quoted(value) for value in row.values())
        self.sql.append(f"insert into {table} ({columns}) values ({literals});")
        return row["id"] if isinstance(row.get("id"), UUID) else UUID(int=0)

    def put(self) -> None:
        """Put the kept rows in, all or nothing."""
        script = "begin;\n" + "\n".join(self.sql) + "\ncommit;"
        self.test_database.run_sql(script)
        self.sql.clear()

    def rows(self, sql: str) -> list[str]:
        """Look past the rules at what is there; a row's values are separated by `|`."""
        return self.test_database.run_sql(sql)

    def organisation(self, kind: str) -> UUID:
        """Add an organisation."""
        return self.add("organisation", kind=kind, name=f"The {kind}", recorded_at=EARLIER)

    def branch(self, organisation: UUID) -> UUID:
        """Add a branch of a school board, with a code no other has."""
        number = next(_CODES)
        letters = chr(65 + number // 26 % 26) + chr(65 + number % 26)
        return self.add(
            "school_branch",
            organisation_id=organisation,
            branch_code=f"{10 + number // 676:02d}{letters}00",
            name="The branch",
            sector="VO",
            municipality_code="9001",
            recorded_at=EARLIER,
        )

    def staff(
        self, organisation: UUID, role: Role, purpose: Purpose, branch: UUID | None = None
    ) -> Actor:
        """Add a member of staff with an assignment, and return the actor with a token for it."""
        person = self.add(
            "staff", controller_id=organisation, name=f"A {role}", recorded_at=EARLIER
        )
        self.add(
            "assignment",
            organisation_id=organisation,
            staff_id=person,
            role=role,
            branch_id=branch,
            valid_from=EARLIER,
        )
        return Actor(
            id=person, organisation=organisation, role=role, purpose=purpose, client="tests"
        )

    def moment(self) -> Moment:
        """Return an instant one minute after the one before."""
        return clock.at(BEGUN + timedelta(minutes=next(self.minutes)))

    def request(self, actor: Actor, at: Moment | None = None) -> Ask:
        """Return a request of an actor, by default a minute after the last one."""
        return ask(actor, moment=at or self.moment())

    async def act(
        self, actor: Actor, service: Service, *, at: Moment | None = None, **inputs: object
    ) -> UUID:
        """Do one act in a transaction of its own."""
        async with self.database.acting(self.request(actor, at), Login.APP) as session:
            return await service(session, actor, **inputs)

    async def overlapping(
        self,
        first: tuple[Actor, Service, dict[str, object]],
        second: tuple[Actor, Service, dict[str, object]],
    ) -> object:
        """Do two acts at once: the second begins before the first commits. Return what it met."""
        actor, service, inputs = first
        async with self.database.acting(self.request(actor), Login.APP) as session:
            await service(session, actor, **inputs)
            other = asyncio.create_task(self.act(second[0], second[1], **second[2]))
            await asyncio.to_thread(self.until_someone_waits)
        return (await asyncio.gather(other, return_exceptions=True))[0]

    def until_someone_waits(self) -> None:
        """Return when a transaction waits for a lock; fail when after 20 seconds none does."""
        waiting = (
            "select count(*) from pg_stat_activity"
            " where datname = current_database() and wait_event_type = 'Lock'"
        )
        last = time.monotonic() + 20
        while self.rows(waiting) == ["0"]:
            assert time.monotonic() < last, "the second act never waited for the first"

    # --- the people of the story ---------------------------------------------------------

    def settle(self) -> None:
        """Add the organisations, their staff, the pupil and her signal."""
        self.board = self.organisation("school_board")
        self.school = self.branch(self.board)
        self.other_school = self.branch(self.board)
        self.office = self.organisation("attendance_office")
        self.other_office = self.organisation("attendance_office")
        self.alliance = self.organisation("support_alliance")
        self.care = self.organisation("youth_care_provider")
        self.other_care = self.organisation("youth_care_provider")
        self.municipality = f"9{next(_CODES):03d}"
        self.add(
            "office_municipality",
            organisation_id=self.office,
            municipality_code=self.municipality,
            valid_from=EARLIER,
        )
        guidance, coordination = Purpose.DAILY_GUIDANCE, Purpose.CASE_COORDINATION
        duty = Purpose.COMPULSORY_SCHOOLING
        self.coordinator = self.staff(
            self.board, Role.ATTENDANCE_COORDINATOR, guidance, self.school
        )
        self.unmandated = self.staff(self.board, Role.ATTENDANCE_COORDINATOR, guidance, self.school)
        self.neighbour = self.staff(
            self.board, Role.ATTENDANCE_COORDINATOR, guidance, self.other_school
        )
        self.head = self.staff(self.board, Role.HEAD_OF_SCHOOL, guidance, self.school)
        self.support = self.staff(self.board, Role.SUPPORT_COORDINATOR, coordination, self.school)
        self.other_support = self.staff(
            self.board, Role.SUPPORT_COORDINATOR, coordination, self.other_school
        )
        self.officer = self.staff(self.office, Role.ATTENDANCE_OFFICER, duty)
        self.lead = self.for_cases(self.officer)
        self.officer_2 = self.staff(self.office, Role.ATTENDANCE_OFFICER, duty)
        self.lead_2 = self.for_cases(self.officer_2)
        self.officer_elsewhere = self.staff(self.other_office, Role.ATTENDANCE_OFFICER, duty)
        special = Purpose.SPECIAL_NEEDS_SUPPORT
        self.consultant = self.staff(self.alliance, Role.ALLIANCE_CONSULTANT, special)
        self.worker = self.staff(self.care, Role.YOUTH_CARE_WORKER, Purpose.YOUTH_CARE)
        self.worker_2 = self.staff(self.care, Role.YOUTH_CARE_WORKER, Purpose.YOUTH_CARE)
        self.worker_elsewhere = self.staff(
            self.other_care, Role.YOUTH_CARE_WORKER, Purpose.YOUTH_CARE
        )
        self.add(
            "head_mandate",
            organisation_id=self.board,
            branch_id=self.school,
            head_id=self.head.id,
            coordinator_id=self.coordinator.id,
            valid_from=EARLIER,
        )
        self.guardian = self.child()

    @staticmethod
    def for_cases(officer: Actor) -> Actor:
        """Return the same officer with a token for case work."""
        return Actor(
            id=officer.id,
            organisation=officer.organisation,
            role=officer.role,
            purpose=Purpose.CASE_COORDINATION,
            client="tests",
        )

    def child(self) -> Actor:
        """Add the pupil, her father, sixteen lessons missed, and the signal; return the father."""
        board, school = self.board, self.school
        self.young_person = self.add("young_person")
        self.pupil = self.add(
            "pupil",
            controller_id=board,
            young_person_id=self.young_person,
            external_id=uuid4(),
            given_name="Noor",
            infix="van",
            family_name="Dijk",
            birth_date="2011-05-04",
            recorded_at=EARLIER,
        )
        self.add(
            "pupil_residence",
            id=None,
            controller_id=board,
            pupil_id=self.pupil,
            postcode="9999ZZ",
            municipality_code=self.municipality,
            recorded_at=EARLIER,
        )
        self.add(
            "enrolment",
            controller_id=board,
            pupil_id=self.pupil,
            branch_id=school,
            valid_from="2020-08-01",
            recorded_at=EARLIER,
        )
        father = self.add("guardian")
        self.add(
            "guardian_authority",
            controller_id=board,
            guardian_id=father,
            young_person_id=self.young_person,
            valid_from=EARLIER,
        )
        self.add(
            "pupil_contact",
            controller_id=board,
            pupil_id=self.pupil,
            guardian_id=father,
            name="Joost van Dijk",
            relation="father",
            phone="0100000000",
            recorded_at=EARLIER,
        )
        for day, units in ((9, 5), (10, 5), (17, 2)):
            self.absence(date(2026, 2, day), units, 50 * units)
        self.absence(REACHED_ON, 4, 200)
        self.absence(date(2026, 2, 18), 1, 10, category="late")
        self.absence(date(2026, 2, 12), 6, 300, category="authorised")
        self.absence(date(2026, 3, 12), 3, 150)
        self.signal = self.add(
            "signal",
            controller_id=board,
            branch_id=school,
            pupil_id=self.pupil,
            kind="SIXTEEN_HOURS_IN_FOUR_WEEKS",
            rule_set="leerplichtwet-1969",
            first_week=FIRST_WEEK,
            last_week="2026-03-02",
            amount=16,
            unit="lesson_units",
            reached_on=REACHED_ON,
            act_by="2026-03-12",
            recorded_at=EARLIER,
        )
        return Actor(
            id=father,
            organisation=None,
            role=Role.GUARDIAN,
            purpose=Purpose.OWN_DATA,
            client="tests",
        )

    def absence(self, day: date, units: int, minutes: int, category: str = "unauthorised") -> None:
        """Add an absence of the pupil."""
        guarded = "authorised" if category == "authorised" else "unauthorised"
        self.add(
            "absence",
            controller_id=self.board,
            branch_id=self.school,
            pupil_id=self.pupil,
            external_id=uuid4(),
            day=day,
            start_unit=1,
            lesson_units=units,
            minutes=minutes,
            category=category,
            data_class=f"attendance.{guarded}",
            recorded_at=EARLIER,
        )

    def week(self, monday: date, attended: int | None, scheduled: int = 1000) -> None:
        """Add a week of the pupil, in minutes; attended None is a week not delivered."""
        self.add(
            "pupil_week",
            id=None,
            controller_id=self.board,
            branch_id=self.school,
            pupil_id=self.pupil,
            monday=monday,
            scheduled_minutes=scheduled,
            scheduled_units=20,
            attended_minutes=attended,
            recorded_at=EARLIER,
        )

    @property
    def everyone(self) -> tuple[Actor, ...]:
        """Return every actor of the story, one per token."""
        return (
            self.coordinator,
            self.unmandated,
            self.neighbour,
            self.head,
            self.support,
            self.other_support,
            self.officer,
            self.lead,
            self.officer_2,
            self.lead_2,
            self.officer_elsewhere,
            self.for_cases(self.officer_elsewhere),
            self.consultant,
            self.worker,
            self.worker_2,
            self.worker_elsewhere,
            self.guardian,
        )

    def all_but(self, *actors: Actor) -> tuple[Actor, ...]:
        """Return everyone else."""
        return tuple(actor for actor in self.everyone if actor not in actors)

    # --- how far the story has come ------------------------------------------------------

    async def prepared(self) -> UUID:
        """Prepare the report."""
        return await self.act(self.coordinator, reports.prepare_report, signal_id=self.signal)

    async def sent(self) -> UUID:
        """Prepare and send the report."""
        report = await self.prepared()
        return await self.act(self.coordinator, reports.send_report, report_id=report)

    async def allocated(self) -> UUID:
        """Bring the report to the office."""
        report = await self.sent()
        await self.register().deliver(self.database)
        return report

    def register(self) -> SandboxRegister:
        """Return the register of the sandbox, on the clock of this world."""
        return SandboxRegister(clock=self.moment)

    async def opened(self) -> UUID:
        """Open a case from the report."""
        report = await self.allocated()
        return await self.act(
            self.lead, cases.open_case, report_id=report, form="attendance_conference"
        )

    async def invited(self, case: UUID, actor: Actor) -> UUID:
        """Invite the party at which somebody works."""
        at_school = actor.role is Role.SUPPORT_COORDINATOR
        return await self.act(
            self.lead,
            cases.invite,
            case_id=case,
            organisation_id=actor.organisation,
            role=actor.role,
            branch_id=self.school if at_school else None,
        )

    async def joined(self, case: UUID, actor: Actor) -> UUID:
        """Invite the party at which somebody works, who accepts."""
        invitation = await self.invited(case, actor)
        return await self.act(
            actor,
            cases.answer_invitation,
            participation_id=invitation,
            accept=True,
            display_name=f"The {actor.role}",
        )

    def traces(self, about: UUID) -> list[str]:
        """Return act, actor and young persons of every trace about a thing, in order."""
        return self.rows(
            "select act, actor_id, array_to_string(young_persons, ',') from trace"
            f" where about = '{about}' order by at, recorded_at"
        )


@pytest_asyncio.fixture(scope="module", loop_scope="session")
async def pools(
    new_database: Callable[[], TestDatabase],
) -> AsyncIterator[tuple[TestDatabase, Database]]:
    """A migrated database for one module of tests, and the service's pools on it."""
    made = new_database()
    logins = {login: made.url(f"schakel_{login}") for login in Login}
    key = base64.b64decode(made.environment()["SCHAKEL_CLAIMS_KEY"])
    database = Database(logins, claims_key=key)
    yield made, database
    await database.close()


@pytest_asyncio.fixture(loop_scope="session")
async def chain(pools: tuple[TestDatabase, Database]) -> Chain:
    """The world of one test, with a signal that nobody has acted on."""
    made = Chain(*pools)
    made.settle()
    await asyncio.to_thread(made.put)
    return made
