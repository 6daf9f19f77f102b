"""What each layer shows of a view, on its own and together."""

from typing import Any

from sqlalchemy import Alias, FromClause, Text, cast, func, literal, select, true
from sqlalchemy.exc import DBAPIError
from sqlalchemy.ext.asyncio import AsyncConnection

import domain.accountability.views as accountability
import domain.aggregates.views as aggregates
import domain.attendance.views as attendance
import domain.cases.views as cases
import domain.emergencies.views as emergencies
import domain.exemptions.views as exemptions
import domain.imports.views as imports
import domain.leave.views as leave
import domain.notes.views as notes
import domain.organisations.views as organisations
import domain.plans.views as plans
import domain.pupils.views as pupils
import domain.referrals.views as referrals
import domain.reports.views as reports
from domain.aggregates import exact, figures
from domain.database import Database, ask, login_for
from domain.reading.compile import Compiler
from domain.reading.view import View
from permissions.vocabulary import Actor

VIEWS: tuple[View, ...] = (
    pupils.pupils,
    pupils.contacts,
    pupils.residences,
    pupils.enrolments,
    pupils.class_places,
    attendance.attendance,
    attendance.absences,
    attendance.reasons,
    attendance.signals,
    leave.notices,
    leave.leave_requests,
    leave.explanations,
    exemptions.exemptions,
    exemptions.non_enrolments,
    reports.report_heads,
    reports.reports,
    reports.report_contacts,
    cases.cases,
    cases.identities,
    cases.participants,
    cases.summaries,
    cases.consents,
    referrals.referrals,
    emergencies.emergencies,
    plans.plans,
    plans.agreements,
    plans.actions,
    notes.notes,
    accountability.access_lines,
    accountability.organisation_log,
    accountability.alerts,
    imports.receipts,
    organisations.staff,
    organisations.assignments,
    organisations.class_groups,
    figures.figures,
    aggregates.release_units,
    aggregates.periods,
    aggregates.own_periods,
    exact.tables,
)
DENIED = "42501"


async def shown(pools: Database, actor: Actor, view: View, *, compiled: bool) -> frozenset[str]:
    """Return the rows of a view for an actor: with the compiled predicate, or with *true*."""
    request = ask(actor)
    try:
        async with pools.reading(login_for(actor)) as connection:
            await pools.claim(connection, request)
            return await rows(connection, actor, view, compiled=compiled)
    except DBAPIError as error:
        if getattr(error.orig, "sqlstate", "") == DENIED:
            return frozenset()
        raise


def cast_to_alias(row: FromClause) -> Alias:
    """Return the row's name as what it is."""
    assert isinstance(row, Alias)
    return row


async def rows(
    connection: AsyncConnection, actor: Actor, view: View, *, compiled: bool
) -> frozenset[str]:
    """Return the rows of a view on a connection, each as the text of its JSON."""
    claimed = select(literal("set", Text).label("claims")).cte("claimed")
    compiler = Compiler(role=actor.role, purpose=actor.purpose, claimed=claimed)
    row = compiler.row(view)
    where = compiler.visible(view, row) if compiled else true()
    statement = select(cast(func.row_to_json(cast_to_alias(row).table_valued()), Text)).where(where)
    found: Any = await connection.execute(statement, ask(actor).parameters)
    return frozenset(found.scalars())
