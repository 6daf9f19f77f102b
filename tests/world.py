"""A small, fully filled world: every readable field is filled for someone, made by the services.

Nothing here is written by another login role than the act has. Ties hold from the moment of the
build on, so a test asks at that moment or later.

    vault.configure(...); sealing.configure(...)
    world = await build_world(database)
    async with database.acting(ask(world.actors["mentor"]), Login.APP) as session: ...
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field, replace
from datetime import date, timedelta
from io import BytesIO
from typing import Any
from uuid import UUID, uuid4

from sqlalchemy import select

import domain.ties  # noqa: F401 - registers every tie with reach
from domain import clock
from domain.advice import services as advising
from domain.aggregates import periods
from domain.aggregates import services as aggregates
from domain.attendance.models import Absence, Signal
from domain.cases import services as cases
from domain.cases.consent import give_consent, withhold_file
from domain.cases.measures import register_measure
from domain.cases.models import Participation
from domain.clock import Moment
from domain.database import Database, Login, ask, ask_of
from domain.emergencies.services import declare_emergency
from domain.exemptions import non_enrolment
from domain.exemptions import services as exemptions
from domain.exemptions.judging import Period
from domain.exemptions.whom import Named, Whom
from domain.imports.receipts import DeliveryKind, Outcome
from domain.imports.services import deliver, start_import
from domain.jobs import job_actor, make_access_log
from domain.leave import notices
from domain.leave import services as leave
from domain.notes.services import add_note
from domain.organisations import directory, services
from domain.organisations.directory import Fictional
from domain.organisations.models import ClassGroup, OrganisationKind
from domain.plans import services as plans
from domain.pupils import families
from domain.pupils.models import Pupil
from domain.pupils.services import register_guardian
from domain.reference.calendar import HolidayRegion, teaching_calendar
from domain.reference.directory import (
    DirectoryBranch,
    DirectoryMunicipality,
    Postcode,
    SupportAlliance,
    TransitionRegion,
)
from domain.referrals import services as referrals
from domain.reports import services as reports
from domain.reports.channel import SandboxRegister
from domain.trace import Sighting
from ops.demo.absences import Missed
from ops.demo.deliveries import exception, schedule, written
from ops.demo.people import Child, Habit, Person, national_numbers
from ops.demo.rosters import RosterGroup, RosterLine, RosterPlace, edexml
from ops.demo.school_year import Teaching, iso_week, school_year_of
from permissions.decide import purposes_of
from permissions.vocabulary import Actor, DataClass, Purpose, Role

TEXTS = {
    "goal": "Noor goes to school every morning again.",
    "action": "The school gives her a quiet place for the first hour.",
    "note": "The first conversation was open and friendly.",
}
"""Free texts of the world, as they must come out."""

STATES = ("draft", "sent", "allocated", "taken_on", "closed")
WEEKS = 5

_MUNICIPALITIES = ("9901", "9902")
_ALLIANCES = {"PO": "PO9901", "VO": "VO9901"}
_NAMES = (
    "Noor Prins", "Sem Prins", "Mila Dekker", "Finn Brink", "Saar Wolters", "Adam Kaya",
    "Lotte Blom", "Levi Bosch", "Yara Vink", "Mees Haan", "Evi Postma", "Bilal Amrani",
    "Fenna Smit", "Ties Kuipers", "Roos Mol", "Kaan Demir", "Isa Visser", "Thijs Bos",
)  # fmt: skip


@dataclass(frozen=True, slots=True)
class Branch:
    """A branch of the world: its board, sector, municipality, classes, and who is in which."""

    code: str
    board: str
    sector: str
    municipality: str
    groups: Mapping[str, tuple[int, ...]]

    @property
    def key(self) -> str:
        """The `vestiging key` of the branch."""
        return f"V-{self.code}"


BRANCHES = (
    Branch("99WA00", "board", "VO", "9901", {"1A": tuple(range(9)), "1B": (9, 10, 11)}),
    Branch("99WA01", "board", "VO", "9901", {"1C": (12, 13)}),
    Branch("99WB00", "other_board", "PO", "9902", {"7A": (14, 15, 16, 17)}),
)
ORGANISATIONS = {
    "board": OrganisationKind.SCHOOL_BOARD,
    "other_board": OrganisationKind.SCHOOL_BOARD,
    "office": OrganisationKind.ATTENDANCE_OFFICE,
    "other_office": OrganisationKind.ATTENDANCE_OFFICE,
    "alliance": OrganisationKind.SUPPORT_ALLIANCE,
    "other_alliance": OrganisationKind.SUPPORT_ALLIANCE,
    "youth_care": OrganisationKind.YOUTH_CARE_PROVIDER,
    "invited_youth_care": OrganisationKind.YOUTH_CARE_PROVIDER,
    "other_youth_care": OrganisationKind.YOUTH_CARE_PROVIDER,
    "register": OrganisationKind.ABSENCE_REGISTER,
    "youth_health": OrganisationKind.YOUTH_HEALTH_SERVICE,
    "other_youth_health": OrganisationKind.YOUTH_HEALTH_SERVICE,
    "institution": OrganisationKind.CERTIFIED_INSTITUTION,
    "other_institution": OrganisationKind.CERTIFIED_INSTITUTION,
    "halt": OrganisationKind.REFERRAL_PARTNER,
    "other_halt": OrganisationKind.REFERRAL_PARTNER,
    "transition": OrganisationKind.TRANSITION_REGION,
    "inspectorate": OrganisationKind.INSPECTORATE,
    "ministry": OrganisationKind.MINISTRY,
}
REPORTED = {0: "taken_on", 2: "draft", 3: "sent", 4: "allocated", 5: "taken_on", 6: "closed"}
"""How far the report of each pupil with a signal came; pupil 0 has the case, 14 lives elsewhere."""
ELSEWHERE = 14
PROTECTED = 4
"""Where this pupil is stays unknown to its family."""


@dataclass
class World:
    """Ids and actors of everything in the world.

    `actors` are those with ties to the first pupil, or appointed where those are; `strangers` have
    the same roles elsewhere and no tie to the first pupil. An officer's key ends in `_case` for a
    token for case work. `pupils` and `young_persons` follow the order of the names.
    """

    database: Database
    moment: Moment
    year: Teaching
    organisations: dict[str, UUID] = field(default_factory=dict[str, UUID])
    branches: dict[str, UUID] = field(default_factory=dict[str, UUID])
    class_groups: dict[str, UUID] = field(default_factory=dict[str, UUID])
    actors: dict[str, Actor] = field(default_factory=dict[str, Actor])
    strangers: dict[str, Actor] = field(default_factory=dict[str, Actor])
    pupils: list[UUID] = field(default_factory=list[UUID])
    young_persons: list[UUID] = field(default_factory=list[UUID])
    children: list[Child] = field(default_factory=list[Child])
    missed: list[Missed] = field(default_factory=list[Missed])
    signals: dict[int, UUID] = field(default_factory=dict[int, UUID])
    other_signals: dict[tuple[int, str], UUID] = field(default_factory=dict[tuple[int, str], UUID])
    reports: dict[int, UUID] = field(default_factory=dict[int, UUID])
    notices: dict[str, UUID] = field(default_factory=dict[str, UUID])
    exemptions: dict[str, UUID] = field(default_factory=dict[str, UUID])
    non_enrolments: dict[str, UUID] = field(default_factory=dict[str, UUID])
    advice: dict[str, UUID] = field(default_factory=dict[str, UUID])
    leave: dict[str, UUID] = field(default_factory=dict[str, UUID])
    absences: list[UUID] = field(default_factory=list[UUID])
    receipts: dict[str, UUID] = field(default_factory=dict[str, UUID])
    participations: dict[str, UUID] = field(default_factory=dict[str, UUID])
    case_id: UUID = field(default_factory=uuid4)
    plan_id: UUID = field(default_factory=uuid4)
    action_id: UUID = field(default_factory=uuid4)
    note_id: UUID = field(default_factory=uuid4)
    summary_id: UUID = field(default_factory=uuid4)
    referral_id: UUID = field(default_factory=uuid4)
    emergency_id: UUID = field(default_factory=uuid4)
    period: periods.Period = field(default_factory=lambda: periods.month(2000, 1))
    branch_period_id: UUID = field(default_factory=uuid4)
    closed_period_id: UUID = field(default_factory=uuid4)
    release_id: UUID = field(default_factory=uuid4)

    async def act(self, actor: Actor, service: Any, login: Login = Login.APP, **inputs: Any) -> Any:
        """Do one act in one transaction, at the moment of the world."""
        async with self.database.acting(ask(actor, moment=self.moment), login) as session:
            return await service(session, actor, **inputs)

    @property
    def month(self) -> date:
        """Return the first day of the month that was closed and published."""
        return self.period.first_day

    def expected_rate(self, number: int) -> float:
        """Return a pupil's attendance rate as it follows from the delivered lines alone."""
        scheduled = 1500 * len(self.year.mondays)
        key = self.children[number].key
        return 1 - sum(entry.minutes for entry in self.missed if entry.pupil == key) / scheduled


async def build_world(database: Database) -> World:
    """Build the world in an empty, migrated database; the domain's keys have been configured."""
    moment, year = _when(clock.now())
    world = World(database, moment, year)
    operator = await _organise(world)
    await _deliver_rosters(world)
    await _appoint(world)
    await _guardians(world)
    await _deliver_attendance(world)
    await _ask_leave(world)
    await _report(world)
    await _keep_office_records(world)
    await _work_on_case(world)
    await _refer(world)
    await _advise(world)
    await _compute(world, operator)
    return world


def _when(now: Moment) -> tuple[Moment, Teaching]:
    """Return the moment to build at and five complete weeks before it, of one school year.

    In the first weeks of a school year that moment lies in the one before.
    """
    if (now.today.month, now.today.day) >= (8, 1) and now.today < date(now.today.year, 9, 14):
        now = clock.at(now.instant.replace(month=7, day=1))
    last = now.today - timedelta(days=now.today.weekday() + 7)
    mondays = tuple(last - timedelta(weeks=back) for back in reversed(range(WEEKS)))
    return now, Teaching(school_year_of(mondays[0]), mondays, now.today)


# --- organisations ------------------------------------------------------------------------


async def _organise(world: World) -> Actor:
    platform = uuid4()
    operator = Actor(
        id=uuid4(), organisation=platform, role=Role.PLATFORM_OPERATOR,
        purpose=Purpose.OPERATION, client="tests",
    )  # fmt: skip
    world.actors["operator"] = operator
    world.organisations["platform"] = platform

    async def run(service: Any, **inputs: Any) -> Any:
        return await service(session, operator, **inputs)

    async with world.database.acting(ask(operator, moment=world.moment), Login.JOBS) as session:
        await run(services.found_platform, name="Platform", platform_id=platform)
        await directory.add_missing(session, operator, _directory(), national=False)
        for name, kind in ORGANISATIONS.items():
            world.organisations[name] = await run(
                services.register_organisation, kind=kind, name=name.replace("_", " ").title()
            )
        for board in ("board", "other_board"):
            client = await run(
                services.register_client,
                organisation_id=world.organisations[board],
                client_id=f"system-{board}",
                public_key={"kty": "OKP", "crv": "Ed25519", "x": "A" * 43},
            )
            _person(world, "school_system", board, Role.SCHOOL_SYSTEM, client)
            reports_figures = await run(
                services.register_client,
                organisation_id=world.organisations[board],
                client_id=f"figures-{board}",
                public_key={"kty": "OKP", "crv": "Ed25519", "x": "A" * 43},
                reporting=True,
            )
            _person(world, "reporting_client", board, Role.REPORTING_CLIENT, reports_figures)
            await run(
                services.grant_mandate_for_figures,
                organisation_id=world.organisations[board],
                unit_level="board",
                unit_code=str(world.organisations[board]),
            )
        for branch in BRANCHES:
            world.branches[branch.code] = await run(
                services.register_branch,
                organisation_id=world.organisations[branch.board],
                branch_code=branch.code,
                name=f"School {branch.code}",
                sector=branch.sector,
                municipality_code=branch.municipality,
                alliance_code=_ALLIANCES[branch.sector],
            )
            await run(
                services.agree_delivery,
                client_actor_id=_of(world, branch.board)["school_system"].id,
                branch_id=world.branches[branch.code],
                branch_key=branch.key,
            )
        for office, code in zip(("office", "other_office"), _MUNICIPALITIES, strict=True):
            office_id = world.organisations[office]
            await run(
                services.serve_municipality, organisation_id=office_id, municipality_code=code
            )
            await run(
                services.grant_mandate_for_figures,
                organisation_id=office_id,
                unit_level="municipality",
                unit_code=code,
            )
        for alliance, sector in (("alliance", "VO"), ("other_alliance", "PO")):
            await run(
                services.grant_mandate_for_figures,
                organisation_id=world.organisations[alliance],
                unit_level="alliance",
                unit_code=_ALLIANCES[sector],
            )
        for name in ORGANISATIONS:
            made = await run(
                services.appoint_first_administrator,
                organisation_id=world.organisations[name],
                name=f"Administrator of {name}",
            )
            key = "administrator" if name in ("board", "other_board") else f"administrator_{name}"
            _person(world, key, name, Role.ORGANISATION_ADMINISTRATOR, made.staff_id)
    return operator


def _directory() -> Fictional:
    return Fictional(
        regions=(TransitionRegion("99", "Region"),),
        municipalities=tuple(
            DirectoryMunicipality(code, f"Municipality {code}", "Schakelland", "99")
            for code in _MUNICIPALITIES
        ),
        alliances=tuple(SupportAlliance(code, sector) for sector, code in _ALLIANCES.items()),
        postcodes=tuple(
            Postcode(pc4, code, _ALLIANCES["PO"], _ALLIANCES["VO"])
            for pc4, code in zip(("3681", "3682"), _MUNICIPALITIES, strict=True)
        ),
        branches=tuple(
            DirectoryBranch(
                branch_code=branch.code, brin=branch.code[:4], name=f"School {branch.code}",
                sector=branch.sector, school_type="School", place="Place", postcode="3681AA",
                municipality_code=branch.municipality, board_number="99001",
            )
            for branch in BRANCHES
        ),
        board_names={"99001": "Board"},
    )  # fmt: skip


def _of(world: World, organisation: str) -> dict[str, Actor]:
    return world.strangers if organisation.startswith("other") else world.actors


def _person(
    world: World,
    key: str,
    organisation: str,
    role: Role,
    person: UUID,
) -> None:
    _of(world, organisation)[key] = Actor(
        id=person,
        organisation=world.organisations[organisation],
        role=role,
        purpose=purposes_of(role)[0],
        client="tests",
    )


# --- what schools deliver -----------------------------------------------------------------


async def _deliver_rosters(world: World) -> None:
    for number, name in enumerate(_NAMES):
        given_name, _, family_name = name.partition(" ")
        branch = next(b for b in BRANCHES if any(number in g for g in b.groups.values()))
        group = next(g for g, members in branch.groups.items() if number in members)
        elsewhere = branch.municipality == _MUNICIPALITIES[1]
        world.children.append(
            Child(
                key=f"{branch.code}-{number}",
                person=Person(given_name, "van" if number == 0 else "", family_name),
                birth_date=date(world.year.year - 12, 3, 1) + timedelta(days=number),
                sex=1 + number % 2,
                number=national_numbers()[number],
                postcode="3682AB" if elsewhere else "3681AB",
                year_group=7 if branch.sector == "PO" else 11,
                group=group,
                group_before=None,
                entered=date(world.year.year, 8, 1),
                habit=Habit.UP_TO_5,
                absent=0.0,
                truant=False,
                ill=0.0,
                parents=(),
            )
        )
    for branch in BRANCHES:
        lines = [
            RosterLine(world.children[number], world.children[number].year_group, group)
            for group, members in branch.groups.items()
            for number in members
        ]
        groups = [
            RosterGroup(group, lines[0].year_group, Person("Teacher", "", group))
            for group in branch.groups
        ]
        place = RosterPlace(branch.code, branch.key, f"School {branch.code}")
        file = edexml(place, world.year.year, groups, lines, until=world.year.until)
        outcome = await upload(world, branch.code, DeliveryKind.ROSTER_EDEXML, file)
        world.receipts[f"roster {branch.code}"] = outcome.receipt_id


async def upload(world: World, branch: str, kind: DeliveryKind, file: bytes) -> Outcome:
    """Deliver a file for a branch as its board's school system."""
    board = next(b.board for b in BRANCHES if b.code == branch)
    actor = _of(world, board)["school_system"]
    started = await world.act(
        actor, start_import, kind=kind, branch_id=world.branches[branch], dry_run=False
    )
    return await deliver(
        world.database,
        ask(actor, moment=world.moment),
        receipt_id=started.receipt_id,
        secret=started.secret,
        stream=BytesIO(file),
    )


async def _deliver_attendance(world: World) -> None:
    for branch in BRANCHES:
        members = [number for group in branch.groups.values() for number in group]
        children = [world.children[number] for number in members]
        missed = [entry for number in members for entry in _missed(world, number)]
        lines = [line for child in children for line in schedule(child, branch.sector, world.year)]
        lines += (presuming(exception(entry)) for entry in missed)
        lines += ({"kind": "delivered", "week": iso_week(day)} for day in world.year.mondays)
        world.missed += missed
        file = written(lines)
        outcome = await upload(world, branch.code, DeliveryKind.ATTENDANCE_NDJSON, file)
        world.receipts[f"attendance {branch.code}"] = outcome.receipt_id
    refused = await upload(world, BRANCHES[0].code, DeliveryKind.ATTENDANCE_NDJSON, b"{}\n")
    world.receipts["refused"] = refused.receipt_id
    started = await world.act(
        world.actors["school_system"],
        start_import,
        kind=DeliveryKind.ATTENDANCE_NDJSON,
        branch_id=world.branches[BRANCHES[0].code],
        dry_run=True,
    )
    world.receipts["waiting"] = started.receipt_id
    coordinator = world.actors["coordinator"]
    await world.act(coordinator, _find_attendance, world=world)
    elsewhere = world.strangers["coordinator"]
    await world.act(elsewhere, _find_attendance, world=world)


async def _find_attendance(session: Any, actor: Actor, *, world: World) -> None:
    """Note the ids of reportable signals, of all others, and of absences a coordinator may read."""
    del actor
    number_of = {pupil: number for number, pupil in enumerate(world.pupils)}
    found = await session.execute(select(Signal.id, Signal.pupil_id, Signal.kind))
    for signal_id, pupil_id, kind in found:
        if kind == "SIXTEEN_HOURS_IN_FOUR_WEEKS":
            world.signals[number_of[pupil_id]] = signal_id
        else:
            world.other_signals[number_of[pupil_id], kind] = signal_id
    world.absences += await session.scalars(select(Absence.id))


def presuming(line: dict[str, Any]) -> dict[str, Any]:
    """Return an exception; one of which no reason is known is presumed to be an illness."""
    if line["category"] != "unauthorised" or "reason" in line:
        return line
    return line | {"presumedCategory": "authorised", "presumedReason": "ILLNESS"}


def _missed(world: World, number: int) -> list[Missed]:
    """Return what a pupil missed: each category and reason class for the first two."""
    minutes = 60 if number >= BRANCHES[2].groups["7A"][0] else 50
    day_units = 300 // minutes
    monday = world.year.mondays

    def entry(week: int, weekday: int, units: int, category: str, reason: str | None) -> Missed:
        day = monday[week] + timedelta(days=weekday)
        return Missed(
            id=f"{world.children[number].key}-{day:%Y%m%d}",
            pupil=world.children[number].key,
            day=day,
            start_unit=1,
            lesson_units=units,
            minutes=units * minutes or 10,
            category=category,
            reason=reason,
        )

    found: list[Missed] = []
    if number in (0, 1, 14):
        found += [
            entry(0, 0, day_units, "authorised", "ILLNESS"),
            entry(0, 1, 2, "authorised", "MEDICAL_APPOINTMENT"),
            entry(0, 2, 2, "authorised", "BELIEF"),
            entry(0, 3, 1, "school_caused", "TEACHER_ABSENT"),
            entry(0, 4, 0, "late", "OVERSLEPT"),
            entry(1, 0, 0, "sent_out", "CONDUCT"),
            entry(1, 1, 1, "unauthorised", None),
            *(entry(week, 4, 1, "authorised", "ILLNESS") for week in (1, 2, 3)),
        ]
    if number in (*REPORTED, ELSEWHERE):
        found += [entry(3, day, day_units, "unauthorised", "TRUANCY") for day in range(3)]
        found.append(entry(4, 0, 2, "unauthorised", "UNKNOWN"))
    elif number % 3 == 1 and number > 1:
        found.append(entry(2, 1, day_units, "authorised", "FAMILY_EVENT"))
    return found


# --- staff and guardians ------------------------------------------------------------------


async def _appoint(world: World) -> None:
    for board in ("board", "other_board"):
        administrator = _of(world, board)["administrator"]
        classes = await world.act(administrator, _classes)
        world.class_groups |= classes
    first, second, third = BRANCHES
    for key, role in (
        ("coordinator", Role.ATTENDANCE_COORDINATOR),
        ("support_coordinator", Role.SUPPORT_COORDINATOR),
        ("head", Role.HEAD_OF_SCHOOL),
    ):
        await _hire(world, "board", key, role, branch=first)
        await _hire(world, "board", f"{key}_of_other_branch", role, branch=second)
        await _hire(world, "other_board", key, role, branch=third)
    await _hire(world, "board", "mentor", Role.MENTOR, branch=first, group="1A")
    await _hire(world, "board", "mentor_of_other_class", Role.MENTOR, branch=first, group="1B")
    await _hire(world, "other_board", "mentor", Role.MENTOR, branch=third, group="7A")
    for office in ("office", "other_office"):
        officer = await _hire(world, office, "officer", Role.ATTENDANCE_OFFICER)
        actor = _of(world, office)["officer"]
        _of(world, office)["officer_case"] = replace(actor, purpose=Purpose.CASE_COORDINATION)
        await _hire(world, office, "adviser", Role.ATTENDANCE_ADVISER, same=officer)
    for alliance in ("alliance", "other_alliance"):
        await _hire(world, alliance, "consultant", Role.ALLIANCE_CONSULTANT)
        await _hire(world, alliance, "analyst", Role.ALLIANCE_ANALYST)
    for care in ("youth_care", "other_youth_care"):
        await _hire(world, care, "youth_care_worker", Role.YOUTH_CARE_WORKER)
    for organisation, key, role in (
        ("board", "privacy_officer", Role.PRIVACY_OFFICER),
        ("other_board", "privacy_officer", Role.PRIVACY_OFFICER),
        ("youth_care", "privacy_officer_youth_care", Role.PRIVACY_OFFICER),
        ("board", "board_analyst", Role.BOARD_ANALYST),
        ("office", "allocator", Role.OFFICE_ALLOCATOR),
        ("other_office", "allocator", Role.OFFICE_ALLOCATOR),
        ("youth_health", "youth_doctor", Role.YOUTH_DOCTOR),
        ("other_youth_health", "youth_doctor", Role.YOUTH_DOCTOR),
        ("institution", "child_protection_worker", Role.CHILD_PROTECTION_WORKER),
        ("other_institution", "child_protection_worker", Role.CHILD_PROTECTION_WORKER),
        ("halt", "referral_partner", Role.REFERRAL_PARTNER),
        ("other_halt", "referral_partner", Role.REFERRAL_PARTNER),
        ("transition", "transition_coach", Role.TRANSITION_COACH),
        ("inspectorate", "inspector", Role.INSPECTOR),
        ("ministry", "policy_maker", Role.POLICY_MAKER),
    ):
        await _hire(world, organisation, key, role)
    await _hire(world, "invited_youth_care", "invited_youth_care_worker", Role.YOUTH_CARE_WORKER)
    for people, branch in ((world.actors, first), (world.strangers, third)):
        await world.act(
            people["head"],
            services.grant_head_mandate,
            branch_id=world.branches[branch.code],
            coordinator_id=people["coordinator"].id,
        )


async def _hire(
    world: World,
    organisation: str,
    key: str,
    role: Role,
    *,
    branch: Branch | None = None,
    group: str | None = None,
    same: UUID | None = None,
) -> UUID:
    people = _of(world, organisation)
    administrator = people.get(f"administrator_{organisation}") or people["administrator"]
    appointed = await world.act(
        administrator,
        services.appoint_staff,
        name=f"{key.replace('_', ' ').title()} of {organisation}",
        role=role,
        branch_id=world.branches[branch.code] if branch else None,
        class_group_id=world.class_groups[group] if group else None,
        staff_id=same,
    )
    staff_id: UUID = appointed.staff_id
    _person(world, key, organisation, role, staff_id)
    return staff_id


async def _classes(session: Any, actor: Actor) -> dict[str, UUID]:
    del actor
    rows = await session.execute(select(ClassGroup.external_id, ClassGroup.id))
    return dict(rows.all())


async def _guardians(world: World) -> None:
    known: dict[str, tuple[UUID, UUID]] = {}
    for people in (world.actors, world.strangers):
        known |= await world.act(people["coordinator"], _pupils)
    known |= await world.act(world.actors["coordinator_of_other_branch"], _pupils)
    for child in world.children:
        pupil_id, young_person_id = known[child.key]
        world.pupils.append(pupil_id)
        world.young_persons.append(young_person_id)
    mother = await _guardian(world, 0, "mother")
    father = await _guardian(world, 0, "father")
    parent = await _guardian(world, 0, "other", has_authority=False)
    world.actors["parent_without_authority"] = replace(parent, role=Role.PARENT_WITHOUT_AUTHORITY)
    await _guardian(world, 1, "mother", guardian_id=mother.id)
    world.actors["guardian"], world.actors["other_guardian"] = mother, father
    for number in (*REPORTED.keys() - {0}, ELSEWHERE):
        world.strangers["guardian"] = await _guardian(world, number, "father")


async def _pupils(session: Any, actor: Actor) -> dict[str, tuple[UUID, UUID]]:
    del actor
    rows = await session.execute(select(Pupil.external_id, Pupil.id, Pupil.young_person_id))
    return {key: (pupil_id, young_person_id) for key, pupil_id, young_person_id in rows}


async def _guardian(
    world: World,
    number: int,
    relation: str,
    *,
    guardian_id: UUID | None = None,
    has_authority: bool = True,
) -> Actor:
    people = world.strangers if number >= ELSEWHERE else world.actors
    registered: UUID = await world.act(
        people["coordinator"],
        register_guardian,
        pupil_id=world.pupils[number],
        guardian_id=guardian_id,
        name=f"{relation.title()} {world.children[number].person.family_name}",
        relation=relation,
        phone="0600000000",
        email=f"{relation}@example.org",
        has_authority=has_authority,
    )
    return Actor(
        id=registered, organisation=None, role=Role.GUARDIAN,
        purpose=Purpose.OWN_DATA, client="tests",
    )  # fmt: skip


async def _ask_leave(world: World) -> None:
    """Notify an illness and a duty of belief, and request leave of the head and of the officer."""
    guardian, head = world.actors["guardian"], world.actors["head"]
    today, monday = world.moment.today, world.year.mondays[-1]
    for kind, first_day in (("illness", today), ("belief", today + timedelta(days=7))):
        world.notices[kind] = await world.act(
            guardian, notices.notify_absence,
            pupil_id=world.pupils[0], kind=kind, first_day=first_day, last_day=first_day,
        )  # fmt: skip
    year = school_year_of(monday)
    calendar = teaching_calendar(year, HolidayRegion.CENTRAL)
    short = next(m for m in world.year.mondays if calendar is None or m in calendar.teaching_weeks)
    for decider, first_day, last_day in (
        ("head", short, short + timedelta(days=2)),
        ("officer", world.year.mondays[0], monday + timedelta(days=4)),
    ):
        world.leave[decider] = await world.act(
            guardian,
            leave.request_leave,
            pupil_id=world.pupils[0],
            wanted=leave.Wanted(
                ground="weighty", first_day=first_day, last_day=last_day,
                explanation="Her grandmother is dying far away.",
            ),
        )  # fmt: skip
        if decider == "head":
            await world.act(head, leave.decide_leave, leave_id=world.leave["head"], granted=True)
    await world.act(
        head, leave.give_view_on_leave, leave_id=world.leave["officer"], view="supports"
    )


# --- the chain ----------------------------------------------------------------------------


async def _report(world: World) -> None:
    register = SandboxRegister(clock=lambda: world.moment)
    officer = world.actors["officer"]
    for number in (*REPORTED, ELSEWHERE):
        people = world.strangers if number == ELSEWHERE else world.actors
        world.reports[number] = await world.act(
            people["coordinator"], reports.prepare_report, signal_id=world.signals[number]
        )
        if REPORTED.get(number) not in ("draft", "sent"):
            await world.act(
                people["coordinator"], reports.send_report, report_id=world.reports[number]
            )
    await register.deliver(world.database)
    for number, state in REPORTED.items():
        report_id = world.reports[number]
        if state == "sent":
            await world.act(world.actors["coordinator"], reports.send_report, report_id=report_id)
        elif state in ("taken_on", "closed"):
            await world.act(officer, reports.take_on_report, report_id=report_id)
        if state == "closed":
            await world.act(
                officer, reports.close_report, report_id=report_id, outcome="back_to_school"
            )


async def _keep_office_records(world: World) -> None:
    """Register exemptions of each class and non-enrolment, of reported pupils and of a stranger."""
    officer, today = world.actors["officer"], world.moment.today
    last = date(school_year_of(today) + 1, 7, 31)
    reported = Whom(report_id=world.reports[0])
    for kind in ("art_5_a_health", "art_5_b_belief", "art_15_other_education"):
        world.exemptions[kind] = await world.act(
            officer, exemptions.register_exemption,
            whom=reported, kind=kind, municipality_code=_MUNICIPALITIES[0],
            period=Period(
                first_day=today, last_day=last,
                statement_on=today if kind == "art_5_a_health" else None,
            ),
        )  # fmt: skip
    await world.act(
        officer, exemptions.end_exemption,
        exemption_id=world.exemptions["art_15_other_education"], reason="ground_gone",
    )  # fmt: skip
    unknown = Whom(
        named=Named(
            given_name="Noa",
            family_name="Onbekend",
            birth_date=today.replace(year=today.year - 9, day=1),
        )
    )
    for name, whom in (("reported", reported), ("unknown", unknown)):
        world.non_enrolments[name] = await world.act(
            officer, non_enrolment.open_non_enrolment,
            whom=whom, municipality_code=_MUNICIPALITIES[0], since=today - timedelta(days=20),
        )  # fmt: skip
    await world.act(
        officer, non_enrolment.close_non_enrolment,
        record_id=world.non_enrolments["reported"], outcome="exempt",
    )  # fmt: skip


async def _work_on_case(world: World) -> None:
    lead = world.actors["officer_case"]
    case_id = world.case_id = await world.act(
        lead, cases.open_case, report_id=world.reports[0], form="multidisciplinary_conference"
    )
    for key, organisation, branch in (
        ("support_coordinator", "board", BRANCHES[0].code),
        ("consultant", "alliance", None),
        ("youth_care_worker", "youth_care", None),
        ("youth_doctor", "youth_health", None),
        ("child_protection_worker", "institution", None),
        ("invited_youth_care_worker", "invited_youth_care", None),
    ):
        world.participations[key] = await world.act(
            lead,
            cases.invite,
            case_id=case_id,
            organisation_id=world.organisations[organisation],
            role=world.actors[key].role,
            branch_id=world.branches[branch] if branch else None,
        )
        if key != "invited_youth_care_worker":
            await world.act(
                world.actors[key],
                cases.answer_invitation,
                participation_id=world.participations[key],
                accept=True,
                display_name=key.replace("_", " ").title(),
            )
    world.participations["officer_case"] = await world.act(lead, _own_part, case_id=case_id)
    world.summary_id = await world.act(
        world.actors["coordinator"], cases.offer_summary, case_id=case_id
    )
    later = world.moment.today + timedelta(days=28)
    world.plan_id = await world.act(
        lead, plans.propose_plan, case_id=case_id, goal=TEXTS["goal"], review_on=later
    )
    world.action_id = await world.act(
        lead,
        plans.add_action,
        plan_id=world.plan_id,
        owner_id=world.participations["support_coordinator"],
        description=TEXTS["action"],
        due_on=later,
    )
    await world.act(
        world.actors["administrator_institution"],
        register_measure,
        young_person_id=world.young_persons[0],
        kind="supervision",
        until=world.moment.instant + timedelta(days=365),
    )
    for key in (
        "officer_case", "support_coordinator", "consultant", "youth_care_worker",
        "child_protection_worker",
    ):  # fmt: skip
        await world.act(world.actors[key], plans.agree_plan, plan_id=world.plan_id)
    world.note_id = await world.act(
        world.actors["youth_care_worker"],
        add_note,
        case_id=case_id,
        data_class=DataClass.NOTE_GENERAL,
        text=TEXTS["note"],
    )


async def _own_part(session: Any, actor: Actor, *, case_id: UUID) -> UUID:
    return await session.scalar(
        select(Participation.id).where(
            Participation.case_id == case_id, Participation.staff_id == actor.id
        )
    )


async def _saw(session: Any, actor: Actor, *, young_person_id: UUID) -> None:
    """Count a young person towards the actor's budget of the day, as a read does."""
    session.add(
        Sighting(
            actor_id=actor.id,
            purpose=str(actor.purpose),
            day=ask_of(session).moment.today,
            young_person_id=young_person_id,
        )
    )


async def _refer(world: World) -> None:
    """Refer the first pupil, let the family have its say, and declare an emergency."""
    coordinator, worker = world.actors["coordinator"], world.actors["youth_care_worker"]
    await world.act(
        coordinator,
        referrals.refer_pupil,
        pupil_id=world.pupils[0],
        wanted=referrals.Wanted(
            kind="mazl",
            to_organisation_id=world.organisations["youth_health"],
            question="She is ill often. What can school do?",
        ),
    )
    world.referral_id = await world.act(
        world.actors["officer"],
        referrals.refer_report,
        report_id=world.reports[0],
        wanted=referrals.Wanted(
            kind="halt",
            to_organisation_id=world.organisations["halt"],
            question="Can a talk help her back?",
        ),
    )
    await world.act(
        coordinator,
        families.register_parent,
        pupil_id=world.pupils[0],
        guardian_id=world.actors["parent_without_authority"].id,
        limited_by_court=False,
    )
    await world.act(coordinator, families.protect_whereabouts, pupil_id=world.pupils[PROTECTED])
    await world.act(coordinator, _saw, young_person_id=world.young_persons[0])
    account = uuid4()
    await world.act(
        coordinator, families.register_own_account, pupil_id=world.pupils[0], account_id=account
    )
    world.actors["young_person"] = Actor(
        id=account, organisation=None, role=Role.YOUNG_PERSON,
        purpose=Purpose.OWN_DATA, client="tests",
    )  # fmt: skip
    await world.act(
        worker,
        add_note,
        case_id=world.case_id,
        data_class=DataClass.NOTE_YOUTH_CARE,
        text="She sleeps badly.",
    )
    await world.act(
        world.actors["support_coordinator"],
        add_note,
        case_id=world.case_id,
        data_class=DataClass.NOTE_SUPPORT,
        text="She needs a quiet place.",
    )
    await world.act(
        world.actors["guardian"],
        give_consent,
        case_id=world.case_id,
        data_class="note.youth_care",
        from_organisation_id=world.organisations["youth_care"],
        to_organisation_id=world.organisations["alliance"],
    )
    await world.act(
        world.actors["officer_case"],
        withhold_file,
        case_id=world.case_id,
        guardian_id=world.actors["other_guardian"].id,
        ground="A court order of last week.",
        until=world.moment.instant + timedelta(days=30),
    )
    emergency = replace(worker, purpose=Purpose.EMERGENCY)
    world.actors["worker_in_emergency"] = emergency
    world.emergency_id = await world.act(
        emergency,
        declare_emergency,
        young_person_id=world.young_persons[0],
        reason="She called and does not dare to go home.",
    )


async def _advise(world: World) -> None:
    """Advise a school once, and once through answer and follow-up to its end; and one elsewhere."""
    today = world.moment.today
    development = advising.Development(
        measure="absence",
        first_day=today - timedelta(days=60),
        last_day=today - timedelta(days=30),
        seen="More of it than in the months before.",
    )
    for name, people, branch in (
        ("recorded", world.actors, "99WA00"),
        ("closed", world.actors, "99WA00"),
        ("elsewhere", world.strangers, "99WB00"),
    ):
        world.advice[name] = await world.act(
            people["adviser"], advising.record_advice, Login.AGGREGATE,
            branch_id=world.branches[branch], development=development,
            text="Talk with the parents before the third week.",
        )  # fmt: skip
    done = world.advice["closed"]
    await world.act(
        world.actors["head"], advising.answer_advice, advice_id=done,
        answer="We had seen it too.",
        promise=advising.Promise(
            will_do="Mentors call in the first week.",
            done_by="attendance coordinator",
            do_by=today + timedelta(days=30),
        ),
    )  # fmt: skip
    adviser = world.actors["adviser"]
    await world.act(
        adviser, advising.follow_up_advice, Login.AGGREGATE, advice_id=done, note="Less of it now."
    )
    await world.act(
        adviser, advising.close_advice, Login.AGGREGATE, advice_id=done, outcome="improved"
    )


async def _compute(world: World, operator: Actor) -> None:
    """Publish a month of the delivered weeks, and make the access log of all that was done."""
    for purpose in (Purpose.POLICY_STATISTICS, Purpose.ACCOUNTABILITY):
        job = await job_actor(world.database, purpose)
        assert job is not None, "the platform was founded"
        world.actors[f"job_{purpose}"] = replace(job, organisation=operator.organisation)
    await _close(world)
    await make_access_log(world.database)


async def _close(world: World) -> None:
    """Close the first month at one branch, lock it, take what is due, and release it.

    The month before is closed only, with no week that was expected.
    """
    first = world.year.mondays[0]
    world.period = periods.month(first.year, first.month)
    world.branch_period_id = await world.act(
        world.actors["head"],
        aggregates.close_period,
        branch_id=world.branches["99WA00"],
        period=world.period,
    )
    await world.act(
        world.actors["board_analyst"],
        aggregates.lock_period,
        Login.AGGREGATE,
        period_id=world.branch_period_id,
    )
    last = world.period.first_day - timedelta(days=1)
    world.closed_period_id = await world.act(
        world.actors["head"],
        aggregates.close_period,
        branch_id=world.branches["99WA00"],
        period=periods.month(last.year, last.month),
    )
    job = world.actors[f"job_{Purpose.POLICY_STATISTICS}"]
    deadline = world.moment.instant + periods.GRACE + timedelta(days=31)
    request = ask(job, moment=clock.at(deadline))
    async with world.database.acting(request, Login.JOBS) as session:
        await aggregates.lock_due(session, job, period=world.period)
    async with world.database.acting(request, Login.JOBS) as session:
        released = await aggregates.release_period(session, job, period=world.period)
    world.release_id = released.id
