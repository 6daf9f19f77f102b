"""What may be read of advice."""

from typing import Any

from sqlalchemy import ColumnElement, FromClause, func, literal, select

from domain.advice.models import Advice
from domain.organisations.models import SchoolBranch
from domain.organisations.views import branches, organisations, table
from domain.reach import Kind
from domain.reading.view import Field, One, View
from permissions.vocabulary import DataClass


def followed_by(advice: FromClause) -> ColumnElement[Any]:
    """Return where the series goes on after an advice: its unit, its measure and a period.

    The unit is written as figures have it, `branch:` and the branch code; the period is the month
    of the first day after the one that the advice rests on, named as `2026-10`. It is a key to
    figures and holds none itself.
    """
    branch = table(SchoolBranch).alias("advised_branch")
    unit = (
        select(literal("branch:") + branch.c.branch_code)
        .where(branch.c.id == advice.c.branch_id)
        .correlate(advice)
        .scalar_subquery()
    )
    return func.json_build_object(
        literal("unit"), unit,
        literal("measure"), advice.c.measure,
        literal("period"), func.to_char(advice.c.last_day + 1, "YYYY-MM"),
    )  # fmt: skip


advices = View(
    "advice",
    table(Advice),
    keys={Kind.ADVICE: "id"},
    row_class=DataClass.ADVICE,
    order=("recorded_at", "id"),
    descending=True,
    fields={
        "measure": Field("measure"),
        "firstDay": Field("first_day"),
        "lastDay": Field("last_day"),
        "seen": Field("seen"),
        "text": Field("advised"),
        "state": Field("state"),
        "recordedAt": Field("recorded_at"),
        "answer": Field("answer"),
        "willDo": Field("will_do"),
        "doneBy": Field("done_by"),
        "doBy": Field("do_by"),
        "answeredAt": Field("answered_at"),
        "followUp": Field("follow_up"),
        "followedUpAt": Field("followed_up_at"),
        "outcome": Field("outcome"),
        "closedAt": Field("closed_at"),
        "followedBy": Field(followed_by),
    },
    relations={
        "branch": One(branches, lambda a, b: b.c.id == a.c.branch_id),
        "office": One(organisations, lambda a, o: o.c.id == a.c.controller_id),
    },
)
