"""What may be read of plans and actions."""

from domain.cases.views import cases, participants
from domain.organisations.views import table
from domain.plans.models import Plan, PlanAction, PlanAgreement
from domain.pupils.views import pupils
from domain.reach import Kind
from domain.reading.view import Field, Many, One, View
from permissions.vocabulary import DataClass

actions = View(
    "action",
    table(PlanAction),
    keys={Kind.CASE: "case_id"},
    row_class=DataClass.ACTION,
    order=("due_on", "id"),
    fields={
        "description": Field("description"),
        "dueOn": Field("due_on"),
        "state": Field("state"),
        "recordedAt": Field("recorded_at"),
    },
    relations={"owner": One(participants, lambda a, p: p.c.id == a.c.owner_id)},
)

agreements = View(
    "agreement",
    table(PlanAgreement),
    keys={Kind.CASE: "case_id"},
    row_class=DataClass.PLAN,
    order=("agreed_at", "participation_id"),
    fields={"agreedAt": Field("agreed_at")},
    relations={"participant": One(participants, lambda a, p: p.c.id == a.c.participation_id)},
)

plans = View(
    "plan",
    table(Plan),
    keys={Kind.CASE: "case_id"},
    row_class=DataClass.PLAN,
    subject="young_person_id",
    order=("recorded_at", "id"),
    fields={
        "goal": Field("goal"),
        "state": Field("state"),
        "reviewOn": Field("review_on"),
        "recordedAt": Field("recorded_at"),
        "agreedAt": Field("agreed_at"),
    },
    relations={
        "actions": Many(actions, lambda p, a: a.c.plan_id == p.c.id),
        "agreements": Many(agreements, lambda p, a: a.c.plan_id == p.c.id),
    },
)

cases.extend(plans=Many(plans, lambda c, p: p.c.case_id == c.c.id))
pupils.extend(plans=Many(plans, lambda p, plan: plan.c.young_person_id == p.c.young_person_id))
