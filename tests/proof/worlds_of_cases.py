"""The cases of a random world: parties in every state, notes, plans, consents, withholdings."""

from datetime import datetime
from uuid import UUID

from permissions.vocabulary import Role
from tests.proof.chance import DAY, TICK
from tests.proof.facts import Assignment, Authority, Guardian, OwnAccount
from tests.proof.facts_of_work import (
    Action,
    Case,
    CaseIdentity,
    Consent,
    Measure,
    Note,
    Participation,
    Plan,
    PlanAgreement,
    Report,
    Summary,
    Withholding,
)
from tests.proof.worlds_of_organisations import Setting

R = Role
PURPOSES = {
    R.ATTENDANCE_OFFICER: "case_coordination",
    R.SUPPORT_COORDINATOR: "case_coordination",
    R.ALLIANCE_CONSULTANT: "special_needs_support",
    R.YOUTH_DOCTOR: "youth_health",
    R.YOUTH_CARE_WORKER: "youth_care",
    R.CHILD_PROTECTION_WORKER: "youth_care",
    R.TRANSITION_COACH: "transition",
}
PARTIES = [
    ("support_alliance", R.ALLIANCE_CONSULTANT),
    ("youth_health_service", R.YOUTH_DOCTOR),
    ("youth_care_provider", R.YOUTH_CARE_WORKER),
    ("certified_institution", R.CHILD_PROTECTION_WORKER),
    ("certified_institution", R.CHILD_PROTECTION_WORKER),
    ("transition_region", R.TRANSITION_COACH),
]
STATES = ["invited", "invited", "accepted", "accepted", "accepted", "ended", "declined", "leaving"]
CARING = {R.YOUTH_CARE_WORKER, R.CHILD_PROTECTION_WORKER, R.YOUTH_DOCTOR}
NOTES_OF_CARE = ["note.general", "note.youth_care", "note.youth_care"]
NOTES = ["note.general", "note.general", "note.support", "note.youth_care"]


def cases(to: Setting) -> None:
    """Add cases from some reports that have left the school."""
    sent = [r for r in to.world[Report] if r.state not in {"draft", "sent"}]
    for report in to.chance.some(sent, 7) or sent[:2]:
        case(to, report)


def case(to: Setting, report: Report) -> None:
    """Add a case with its lead, its parties and their work."""
    chance, world = to.chance, to.world
    office = chance.one(to.of_kind["attendance_office"])
    made = world.add(
        Case(
            id=chance.key(),
            controller_id=office,
            board_id=report.controller_id,
            young_person_id=report.young_person_id,
            report_id=report.id,
            state=chance.one(["open", "open", "closed"]),
            opened_by=chance.one(to.workers(office, R.ATTENDANCE_OFFICER)),
        )
    )
    world.add(CaseIdentity(case_id=made.id, controller_id=office))
    led = chance.one([R.ATTENDANCE_OFFICER] * 3 + [R.SUPPORT_COORDINATOR])
    lead_at = office if led is R.ATTENDANCE_OFFICER else report.controller_id
    part(to, made, lead_at, led, state=chance.one(["accepted"] * 3 + ["ended"]), is_lead=True)
    if chance.often(0.85):
        board = report.controller_id if chance.often(0.8) else chance.one(to.boards)
        branch = chance.one(to.branches(board)).id if chance.often(0.8) else None
        if led is not R.SUPPORT_COORDINATOR or board != lead_at:
            branch = report.branch_id if chance.often(0.5) and board == made.board_id else branch
            part(to, made, board, R.SUPPORT_COORDINATOR, branch=branch)
    for kind, role in chance.some(PARTIES, 4):
        part(to, made, chance.one(to.of_kind[kind]), role)
    work(to, made)
    consents(to, made)
    measures(to, made)


def measures(to: Setting, case: Case) -> None:
    """Add court measures of the institutions that have a part in a case."""
    for party in to.world.where(Participation, "case_id", case.id):
        if party.role == R.CHILD_PROTECTION_WORKER and to.chance.often(0.6):
            start, end = to.chance.closed_period()
            to.world.add(
                Measure(
                    id=to.chance.key(),
                    controller_id=party.organisation_id,
                    young_person_id=case.young_person_id,
                    valid_from=start,
                    valid_until=end,
                )
            )


def part(
    to: Setting,
    case: Case,
    organisation: UUID,
    role: Role,
    *,
    state: str | None = None,
    is_lead: bool = False,
    branch: UUID | None = None,
) -> None:
    """Add a party's part; an ended one is now and then followed by a new invitation."""
    chance = to.chance
    state = state or chance.one(STATES)
    taken = to.world.where(Participation, "case_id", case.id)
    is_current = state in {"invited", "accepted", "declined"}
    if is_current and any(
        p.organisation_id == organisation and p.role == role and p.ended_at is None for p in taken
    ):
        return
    invited, answered, ended = moments(to, state)
    to.world.add(
        Participation(
            id=chance.key(),
            case_id=case.id,
            controller_id=case.controller_id,
            young_person_id=case.young_person_id,
            organisation_id=organisation,
            branch_id=branch,
            role=role,
            purpose=PURPOSES[role],
            is_lead=is_lead,
            staff_id=chance.one(posted(to, organisation, role, branch)) if answered else None,
            invited_at=invited,
            answered_at=answered,
            accepted_at=None if state == "declined" else answered,
            ended_at=ended,
        )
    )
    if state == "ended" and not is_lead and chance.often(0.3):
        part(to, case, organisation, role, state=chance.one(["invited", "accepted"]), branch=branch)


def posted(to: Setting, organisation: UUID, role: Role, branch: UUID | None) -> list[UUID]:
    """Return who may have taken a part: mostly those with a post at the branch that it names."""
    there = [
        a.staff_id
        for a in to.world.where(Assignment, "organisation_id", organisation)
        if a.role == role and a.branch_id == branch
    ]
    return there if there and to.chance.often(0.8) else to.workers(organisation, role)


def moments(to: Setting, state: str) -> tuple[datetime, datetime | None, datetime | None]:
    """Draw when a party was invited, answered and left, for the state that it is in."""
    chance = to.chance
    invited = chance.before(60) - DAY
    answered = None if state == "invited" else chance.one([invited + DAY / 2, chance.now])
    ended = None
    if state == "ended":
        ended = chance.one([chance.now, chance.now - TICK, chance.now - DAY / 3])
    elif state == "leaving":
        ended = chance.one([chance.now + TICK, chance.now + DAY])
    if state == "invited" and chance.often(0.15):
        ended = chance.one([chance.now, chance.now - DAY / 4])
    return invited, answered, ended


def work(to: Setting, case: Case) -> None:
    """Add a plan with actions and agreements, notes of several classes, and a summary."""
    chance, world = to.chance, to.world
    of = {"case_id": case.id, "controller_id": case.controller_id}
    about = {**of, "young_person_id": case.young_person_id}
    authors = [p for p in world.where(Participation, "case_id", case.id) if p.accepted_at]
    if chance.often(0.8):
        plan = world.add(Plan(id=chance.key(), **about))
        for author in chance.some(authors, 2):
            world.add(PlanAgreement(plan_id=plan.id, case_id=case.id, participation_id=author.id))
        owner = chance.one(world.where(Participation, "case_id", case.id))
        world.add(Action(id=chance.key(), plan_id=plan.id, case_id=case.id, owner_id=owner.id))
    for author in authors:
        for _ in range(chance.one([1, 2])):
            data_class = chance.one(NOTES if author.role not in CARING else NOTES_OF_CARE)
            world.add(Note(id=chance.key(), data_class=data_class, author_id=author.id, **about))
    if chance.often(0.7):
        offered = {**about, "controller_id": case.board_id}
        world.add(Summary(id=chance.key(), **offered))


def consents(to: Setting, case: Case) -> None:
    """Add consents between the parties, and reasons to withhold the work from parents."""
    chance, world = to.chance, to.world
    parties = world.where(Participation, "case_id", case.id)
    parents = [g.id for g in world[Guardian]]
    entitled = [
        giver
        for kind, name in ((Authority, "guardian_id"), (OwnAccount, "account_id"))
        for fact in world.where(kind, "young_person_id", case.young_person_id)
        if fact.controller_id == case.board_id or chance.often(0.2)
        for giver in [getattr(fact, name)]
    ]
    writing = [p for p in parties if p.role in CARING] or parties
    for _ in range(chance.one([1, 2, 3, 4])):
        start, end = chance.period(open_ended=0.7)
        giver = chance.one(writing if chance.often(0.7) else parties)
        general = giver.role == R.YOUTH_DOCTOR or chance.often(0.1)
        world.add(
            Consent(
                id=chance.key(),
                controller_id=case.controller_id,
                case_id=case.id,
                young_person_id=case.young_person_id,
                data_class="note.general" if general else "note.youth_care",
                from_organisation_id=giver.organisation_id,
                to_organisation_id=None if general else chance.one(parties).organisation_id,
                given_by=chance.one(entitled if entitled and chance.often(0.8) else parents),
                valid_from=start,
                valid_until=end,
            )
        )
    if chance.often(0.3):
        start, until = chance.closed_period()
        world.add(
            Withholding(
                id=chance.key(),
                controller_id=case.controller_id,
                case_id=case.id,
                guardian_id=chance.one([None, *parents]),
                valid_from=start,
                valid_until=until,
            )
        )
