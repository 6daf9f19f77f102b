"""A small chain: one pupil, her school, the office, an alliance and youth care, and strangers.

Organisations and what a school delivered are put in as the server's superuser; everything after
the signal is done by the services, as the login roles of the service.
"""

from __future__ import annotations

import asyncio
import base64
from collections.abc import AsyncIterator, Callable
from datetime import date
from uuid import UUID, uuid4

import pytest_asyncio

import domain.ties  # noqa: F401 - registers every tie with reach
from domain.cases import services as cases
from domain.database import Database, Login
from domain.reports import services as reports
from domain.reports.channel import SandboxRegister
from permissions.vocabulary import Actor, Purpose, Role
from tests.conftest import TestDatabase
from tests.domain.cases.acting import EARLIER, NUMBERS, Acting

FIRST_WEEK = date(2026, 2, 9)
REACHED_ON = date(2026, 3, 5)
MISSED = ((9, 5), (10, 5), (17, 2))
"""Days of February 2026 and the lesson units missed on them."""


class Chain(Acting):
    """The world of one test: its organisations, its people, and how far the story has come."""

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
        self.municipality = f"9{next(NUMBERS):03d}"
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
        rests_on = [
            *(self.absence(date(2026, 2, n), units, 50 * units) for n, units in MISSED),
            self.absence(REACHED_ON, 4, 200),
            self.absence(date(2026, 2, 18), 1, 10, category="late"),
        ]
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
            data_class="signal",
            marks=f"{{{','.join(map(str, rests_on))}}}",
            recorded_at=EARLIER,
        )
        return Actor(
            id=father,
            organisation=None,
            role=Role.GUARDIAN,
            purpose=Purpose.OWN_DATA,
            client="tests",
        )

    def absence(self, day: date, units: int, minutes: int, category: str = "unauthorised") -> UUID:
        """Add an absence of the pupil, and return its key."""
        guarded = "authorised" if category == "authorised" else "unauthorised"
        return self.add(
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
