"""Acts on plans: propose and agree a plan, add and move its actions."""

from datetime import date
from uuid import UUID, uuid4

from sqlalchemy import func, select, update
from sqlalchemy.dialects.postgresql import insert
from sqlalchemy.ext.asyncio import AsyncSession

from domain.cases.models import CaseFile, Participation
from domain.cases.queries import hold, open_case_file, own_participation, taking_part
from domain.cases.writing import changed, one_of, text_of
from domain.database import ask_of
from domain.errors import Conflict, Invalid, NotFound
from domain.outbox import Change, How, Thing, announce
from domain.plans.models import (
    TRANSITIONS,
    ActionState,
    Plan,
    PlanAction,
    PlanAgreement,
    PlanState,
)
from domain.reach import Kind, require
from domain.trace import Act, record
from permissions.table import TABLE
from permissions.vocabulary import Activity, Actor, DataClass

TEXT = 2_000
"""How many characters a goal or the description of an action has at most."""

AGREEING = tuple(
    dict.fromkeys(
        str(rule.who)
        for rule in TABLE
        if rule.may is Activity.AGREE and rule.what is DataClass.PLAN
    )
)
"""The roles whose agreement a plan needs, if they take part in its case."""


async def propose_plan(
    session: AsyncSession, actor: Actor, *, case_id: UUID, goal: str, review_on: date
) -> UUID:
    """Propose a plan in a case the actor takes part in, and return its id.

    Proposing is not agreeing: the proposer agrees like every other party.

    Raises:
        NotFound: the case does not exist, or not for this actor.
        Invalid: the goal is empty or over 2,000 characters, or the day of review has passed.
        Conflict: the case is closed.
    """
    await hold(session, case_id)
    rule = await require(
        session, actor, Activity.WRITE, DataClass.PLAN,
        kind=Kind.CASE, reached=case_id, path=("caseId",),
    )  # fmt: skip
    case = await open_case_file(session, case_id, "caseId")
    moment = ask_of(session).moment
    text = text_of(goal, "goal", most=TEXT)
    coming(review_on, moment.today, "reviewOn")
    plan_id = uuid4()
    await changed(
        session,
        insert(Plan)
        .inline()
        .values(
            id=plan_id,
            case_id=case_id,
            controller_id=case.controller_id,
            young_person_id=case.young_person_id,
            goal=text,
            state=str(PlanState.PROPOSED),
            review_on=review_on,
            recorded_at=moment.instant,
        ),
    )
    await _tell(session, Thing.PLAN, plan_id, How.CREATED, case)
    await record(
        session, actor, rule, Act.PLAN_PROPOSED, subjects=[case.young_person_id], about=plan_id
    )
    return plan_id


async def agree_plan(session: AsyncSession, actor: Actor, *, plan_id: UUID) -> UUID:
    """Agree to a plan; once every party that takes part now has agreed, the plan is agreed.

    Who agreed before may agree again: when the last party that had not agreed has left the case,
    that makes the plan agreed.

    Raises:
        NotFound: the plan does not exist, or not for this actor.
        Conflict: the plan is agreed, or the actor agreed and others are still to; or the case is
            closed.
    """
    at = ("planId",)
    plan = await plan_with(session, plan_id)
    rule = await require(
        session, actor, Activity.AGREE, DataClass.PLAN,
        kind=Kind.CASE, reached=plan.case_id, path=at,
    )  # fmt: skip
    await open_case_file(session, plan.case_id, *at)
    if plan.state != str(PlanState.PROPOSED):
        raise Conflict("This plan is agreed by every party already.", path=at)
    instant = ask_of(session).moment.instant
    added = await changed(
        session,
        insert(PlanAgreement)
        .inline()
        .values(
            plan_id=plan_id,
            case_id=plan.case_id,
            participation_id=await own_participation(session, plan.case_id, *at),
            agreed_at=instant,
        )
        .on_conflict_do_nothing(),
    )
    agreed = select(PlanAgreement.participation_id).where(PlanAgreement.plan_id == plan_id)
    missing = await session.scalar(
        select(func.count()).select_from(
            taking_part(plan.case_id)
            .where(Participation.role.in_(AGREEING), Participation.id.not_in(agreed))
            .subquery()
        )
    )
    if missing == 0:
        await changed(
            session,
            update(Plan)
            .where(Plan.id == plan_id, Plan.state == str(PlanState.PROPOSED))
            .values(state=str(PlanState.AGREED), agreed_at=instant),
        )
    elif added == 0:
        raise Conflict("You agreed to this plan already; it waits for the other parties.", path=at)
    await _tell(session, Thing.PLAN, plan_id, How.CHANGED, plan)
    await record(
        session, actor, rule, Act.PLAN_AGREED, subjects=[plan.young_person_id], about=plan_id
    )
    return plan_id


async def add_action(
    session: AsyncSession,
    actor: Actor,
    *,
    plan_id: UUID,
    owner_id: UUID,
    description: str,
    due_on: date,
) -> UUID:
    """Add an action to a plan, owned by one of the parties that take part, and return its id.

    Raises:
        NotFound: the plan does not exist, or not for this actor.
        Invalid: the owner takes no part in the case now, the description is empty or over 2,000
            characters, or the due day has passed.
        Conflict: the case is closed.
    """
    at = ("planId",)
    plan = await plan_with(session, plan_id)
    rule = await require(
        session, actor, Activity.WRITE, DataClass.ACTION,
        kind=Kind.CASE, reached=plan.case_id, path=at,
    )  # fmt: skip
    await open_case_file(session, plan.case_id, *at)
    moment = ask_of(session).moment
    text = text_of(description, "description", most=TEXT)
    coming(due_on, moment.today, "dueOn")
    owner = await session.scalar(taking_part(plan.case_id).where(Participation.id == owner_id))
    if owner is None:
        raise Invalid(
            "The owner of an action is a party that takes part in the case now. Choose one of "
            "the parties that accepted.",
            path=("ownerId",),
        )
    action_id = uuid4()
    await changed(
        session,
        insert(PlanAction)
        .inline()
        .values(
            id=action_id,
            plan_id=plan_id,
            case_id=plan.case_id,
            owner_id=owner_id,
            description=text,
            due_on=due_on,
            state=str(ActionState.OPEN),
            recorded_at=moment.instant,
        ),
    )
    await _tell(session, Thing.ACTION, action_id, How.CREATED, plan)
    await record(
        session, actor, rule, Act.ACTION_ADDED, subjects=[plan.young_person_id], about=action_id
    )
    return action_id


async def move_action(session: AsyncSession, actor: Actor, *, action_id: UUID, state: str) -> UUID:
    """Say that an open action was done, or dropped.

    Raises:
        NotFound: the action does not exist, or not for this actor.
        Invalid: the state is none of `ActionState`.
        Conflict: the action is in a state from which it cannot get there, or the case is closed.
    """
    at = ("actionId",)
    plan_id = await session.scalar(select(PlanAction.plan_id).where(PlanAction.id == action_id))
    if plan_id is None:
        raise NotFound(*at)
    plan = await plan_with(session, plan_id, *at)
    rule = await require(
        session, actor, Activity.WRITE, DataClass.ACTION,
        kind=Kind.CASE, reached=plan.case_id, path=at,
    )  # fmt: skip
    to = one_of(ActionState, state, "state")
    await open_case_file(session, plan.case_id, *at)
    before = [str(known) for known, after in TRANSITIONS.items() if to in after]
    done = await changed(
        session,
        update(PlanAction)
        .where(PlanAction.id == action_id, PlanAction.state.in_(before))
        .values(state=str(to)),
    )
    if done == 0:
        raise Conflict("Only an open action can be done or dropped.", path=at)
    await _tell(session, Thing.ACTION, action_id, How.CHANGED, plan)
    await record(
        session, actor, rule, Act.ACTION_MOVED, subjects=[plan.young_person_id], about=action_id
    )
    return action_id


async def _tell(
    session: AsyncSession, thing: Thing, key: UUID, how: How, of: Plan | CaseFile
) -> None:
    """Announce what happened to a plan or an action, to whoever reads such things of the case."""
    change = Change(
        kind=thing,
        object_id=key,
        how=how,
        data_class=DataClass.PLAN if thing is Thing.PLAN else DataClass.ACTION,
        young_person_id=of.young_person_id,
        case_id=of.case_id if isinstance(of, Plan) else of.id,
    )
    await announce(session, [change], controller_id=of.controller_id)


async def plan_with(session: AsyncSession, plan_id: UUID, *path: str) -> Plan:
    """Return a plan as it stands once no other act on its case is going on.

    Raises:
        NotFound: it does not exist, or not for this actor.
    """
    case_id = await session.scalar(select(Plan.case_id).where(Plan.id == plan_id))
    if case_id is not None:
        await hold(session, case_id)
        found = await session.scalar(select(Plan).where(Plan.id == plan_id))
        if found is not None:
            return found
    raise NotFound(*(path or ("planId",)))


def coming(day: date, today: date, *path: str) -> None:
    """Refuse a day that has passed.

    Raises:
        Invalid: the day lies before today.
    """
    if day < today:
        raise Invalid("This day has passed; choose today or a later day.", path=path)
