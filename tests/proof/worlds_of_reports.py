"""The reports of a random world, in every state, with their allocations and emergencies."""

from datetime import date, datetime, timedelta
from uuid import UUID

from permissions.vocabulary import Role
from tests.proof.chance import DAY, TICK
from tests.proof.facts import Enrolment, Pupil, YoungPerson
from tests.proof.facts_of_work import (
    Allocation,
    Emergency,
    Extract,
    Measure,
    Referral,
    ReferralFile,
    Report,
    ReportContact,
    Signal,
)
from tests.proof.worlds_of_organisations import Setting

R = Role
STATES = ["draft", "sent", "allocated", "taken_on", "taken_on", "closed", "closed"]
REFERRED = [
    ("youth_health_service", R.YOUTH_DOCTOR, "mazl"),
    ("support_alliance", R.ALLIANCE_CONSULTANT, "special_needs"),
    ("support_alliance", R.ALLIANCE_CONSULTANT, "statutory"),
    ("referral_partner", R.REFERRAL_PARTNER, "halt"),
    ("youth_care_provider", R.YOUTH_CARE_WORKER, "safe_at_home"),
]
IN_AN_EMERGENCY = [
    ("attendance_office", R.ATTENDANCE_OFFICER),
    ("youth_health_service", R.YOUTH_DOCTOR),
    ("youth_care_provider", R.YOUTH_CARE_WORKER),
    ("certified_institution", R.CHILD_PROTECTION_WORKER),
]


def reports(to: Setting) -> None:
    """Add reports on most signals, referrals, court measures and emergencies."""
    chance, world = to.chance, to.world
    for signal in world[Signal]:
        if chance.often(0.75):
            (pupil,) = world.where(Pupil, "id", signal.pupil_id)
            report(to, signal, pupil)
    for _ in range(chance.random.randint(2, 5)):
        referral(to)
    for person in chance.some([p.id for p in world[YoungPerson]], 4):
        start, end = chance.closed_period()
        institution = chance.one(to.of_kind["certified_institution"])
        world.add(
            Measure(
                id=chance.key(),
                controller_id=institution,
                young_person_id=person,
                valid_from=start,
                valid_until=end,
            )
        )
    for kind, role in IN_AN_EMERGENCY:
        emergencies(to, kind, role)


def report(to: Setting, signal: Signal, pupil: Pupil) -> None:
    """Add a report on a signal, with its extract, contacts and allocations."""
    chance, world = to.chance, to.world
    offices = to.of_kind["attendance_office"]
    office = chance.one(offices)
    officers = to.workers(office, R.ATTENDANCE_OFFICER)
    state = chance.one(STATES)
    at = [e.branch_id for e in world.where(Enrolment, "pupil_id", pupil.id)]
    made = world.add(
        Report(
            id=chance.key(),
            controller_id=pupil.controller_id,
            branch_id=chance.one(at),
            pupil_id=pupil.id,
            young_person_id=pupil.young_person_id,
            signal_id=signal.id,
            kind=chance.one(["sixteen_hours", "other", "transition", "transition"]),
            state=state,
            municipality_code=chance.one(to.codes),
            prepared_by=chance.one(to.workers(pupil.controller_id, R.ATTENDANCE_COORDINATOR)),
            taken_on_by=chance.one(officers) if state in {"taken_on", "closed"} else None,
            retained_until=chance.lasting(),
        )
    )
    born = pupil.birth_date if chance.often(0.6) else border_of_27(to)
    world.add(
        Extract(
            report_id=made.id,
            controller_id=made.controller_id,
            young_person_id=made.young_person_id,
            birth_date=born,
        )
    )
    world.add(ReportContact(id=chance.key(), controller_id=made.controller_id, report_id=made.id))
    if state in {"draft", "sent"}:
        return
    if chance.often(0.4):
        start = chance.before() - 100 * DAY
        allocation(to, made.id, chance.one(offices), start, start + timedelta(days=20))
    start, end = chance.period(open_ended=0.75)
    if state == "closed":
        end = max(start + timedelta(hours=1), chance.before(2))
    allocation(to, made.id, office, start, end)


def border_of_27(to: Setting) -> date | None:
    """Draw a birth date near the 27th birthday, or none."""
    from tests.proof.standing import TWENTY_SEVEN, birthday

    if to.chance.often(0.15):
        return None
    return birthday(to.chance.today + to.chance.one([-1, 0, 1]) * DAY, -TWENTY_SEVEN)


def allocation(
    to: Setting, report: UUID, office: UUID, start: datetime, end: datetime | None
) -> None:
    """Add an allocation; at most one of a report is open."""
    to.world.add(
        Allocation(
            id=to.chance.key(),
            report_id=report,
            office_id=office,
            valid_from=start,
            valid_until=end,
        )
    )


def referral(to: Setting) -> None:
    """Add a referral of a pupil or from a report, with its file."""
    chance, world = to.chance, to.world
    kind_of_party, role, kind = chance.one(REFERRED)
    from_report = bool(world[Report]) and chance.often(0.35)
    pupil = chance.one(world[Pupil])
    source = chance.one(world[Report]) if from_report else pupil
    board = source.controller_id
    if from_report:
        office = chance.one(to.of_kind["attendance_office"])
        controller, by = office, chance.one(to.workers(office, R.ATTENDANCE_OFFICER))
    else:
        controller, by = board, chance.one(to.workers(board, R.ATTENDANCE_COORDINATOR))
    start, end = chance.period(open_ended=0.6)
    made = world.add(
        Referral(
            id=chance.key(),
            controller_id=controller,
            young_person_id=source.young_person_id,
            pupil_id=None if from_report else source.id,
            report_id=source.id if from_report else None,
            kind=kind,
            to_organisation_id=chance.one(to.of_kind[kind_of_party]),
            to_role=role,
            referred_by=by,
            valid_from=start,
            valid_until=end,
        )
    )
    world.add(ReferralFile(referral_id=made.id, controller_id=controller))


def emergencies(to: Setting, kind: str, role: Role) -> None:
    """Add declarations of those who hold a role: reviewed ones, and at most one open each."""
    chance = to.chance
    for organisation in to.of_kind[kind]:
        for person in chance.some(to.workers(organisation, role), 2):
            declare(to, organisation, role, person, reviewed=chance.often(0.3))
            if chance.often(0.2):
                declare(to, organisation, role, person, reviewed=True)


def declare(to: Setting, organisation: UUID, role: Role, person: UUID, *, reviewed: bool) -> None:
    """Add one declaration, around the half hour that it lasts."""
    chance, world = to.chance, to.world
    half_hour = timedelta(minutes=30)
    if not reviewed and any(
        e.reviewed_at is None for e in world.where(Emergency, "actor_id", person)
    ):
        return
    declared = chance.now - chance.one(
        [half_hour, half_hour - TICK, half_hour / 2, half_hour / 3, 0 * TICK, 3 * DAY]
    )
    world.add(
        Emergency(
            id=chance.key(),
            controller_id=organisation,
            actor_id=person,
            role=role,
            young_person_id=chance.one(world[YoungPerson]).id,
            declared_at=declared,
            ends_at=declared + half_hour,
            reviewed_at=chance.now if reviewed else None,
            reviewed_by=chance.key() if reviewed else None,
            finding=chance.one(["justified", "not_justified"]) if reviewed else None,
        )
    )
