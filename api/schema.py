"""The one schema: a line for each capability."""

from collections.abc import AsyncIterator

import strawberry
from strawberry.extensions import SchemaExtension
from strawberry.schema.config import StrawberryConfig
from strawberry.types import ExecutionContext

from api.accountability import LogQuery
from api.advice import AdviceMutation, AdviceQuery
from api.binding import bind
from api.calendar import CalendarQuery
from api.cases import CaseMutation, CaseQuery
from api.changes import ChangeQuery
from api.consents import ConsentMutation
from api.context import Context
from api.direct import Executor
from api.directory import DirectoryQuery
from api.emergencies import EmergencyMutation, EmergencyQuery
from api.exemptions import ExemptionMutation, ExemptionQuery
from api.explaining import ExplainingQuery
from api.exports import ExportQuery
from api.families import FamilyMutation
from api.figures import FigureQuery
from api.following import Subscription
from api.imports import ImportMutation, ImportQuery
from api.indicators import IndicatorQuery
from api.leave import LeaveMutation, LeaveQuery
from api.limits import Limits
from api.me import MeQuery
from api.node import NodeQuery
from api.notes import NoteMutation
from api.periods import PeriodMutation, PeriodQuery
from api.plans import PlanMutation
from api.publications import PublicationQuery
from api.pupils import PupilMutation, PupilQuery
from api.quality import QualityQuery
from api.referrals import ReferralMutation, ReferralQuery
from api.reports import ReportMutation, ReportQuery
from api.staff import StaffMutation, StaffQuery


@strawberry.type(description="Reading (opvragen). What is not for the token is absent.")
class Query(
    MeQuery,
    NodeQuery,
    DirectoryQuery,
    CalendarQuery,
    StaffQuery,
    PupilQuery,
    IndicatorQuery,
    LeaveQuery,
    ExemptionQuery,
    ReportQuery,
    CaseQuery,
    AdviceQuery,
    QualityQuery,
    PublicationQuery,
    FigureQuery,
    PeriodQuery,
    ExportQuery,
    ReferralQuery,
    EmergencyQuery,
    LogQuery,
    ExplainingQuery,
    ImportQuery,
    ChangeQuery,
):
    """Every root field for reading."""


@strawberry.type(
    description="Acting (handelen): one act per document, done as a whole or not at all."
)
class Mutation(
    StaffMutation,
    ImportMutation,
    PupilMutation,
    FamilyMutation,
    LeaveMutation,
    ExemptionMutation,
    AdviceMutation,
    ReportMutation,
    CaseMutation,
    PlanMutation,
    NoteMutation,
    ConsentMutation,
    ReferralMutation,
    EmergencyMutation,
    PeriodMutation,
):
    """Every root field for acting."""


class OneTransaction(SchemaExtension):
    """Commits what a query read and traced before its answer leaves."""

    execution_context: ExecutionContext

    async def on_execute(self) -> AsyncIterator[None]:
        """Finish the transaction after the last root field; on any fault release nothing.

        Raises:
            Exception: what failed in a read; raised here, it takes the place of the whole answer.
        """
        context = self.execution_context.context
        if not isinstance(context, Context):
            yield
            return
        try:
            yield
        except BaseException:
            await context.abandon()
            raise
        await context.finish()
        result = self.execution_context.result
        if context.was_cancelled and getattr(result, "data", None) is not None:
            message = "a read was cancelled, and something was answered without its trace"
            raise RuntimeError(message)


def make_schema() -> strawberry.Schema:
    """Return the schema, every bound field with its view."""
    schema = strawberry.Schema(
        query=Query,
        mutation=Mutation,
        subscription=Subscription,
        extensions=[Limits, OneTransaction],
        config=StrawberryConfig(auto_camel_case=True),
        execution_context_class=Executor,
    )
    bind(schema)
    return schema
