"""Notices and leave over GraphQL: notify, request, hear the head, decide."""

from datetime import date, datetime
from typing import Annotated, Any
from uuid import UUID

import strawberry
from sqlalchemy.ext.asyncio import AsyncSession
from strawberry.types import Info

from api import ids
from api.access import Access
from api.acting import perform
from api.arguments import ONCE, After, First, Id, Input
from api.binding import bound
from api.context import context_of, key_of
from api.node import Node, node_type
from api.paging import Connection
from api.problems import ConflictProblem, NotFoundProblem, ValidationProblem
from domain.leave import notices, services, views
from domain.pupils.views import pupils
from permissions.vocabulary import Actor


@bound(views.notices, description="A guardian's notice to the head (ziekmelding of melding).")
class AbsenceNotice(Node):
    """A notice. Which illness it is, is asked of nobody and not kept."""

    data_class: str = strawberry.field(
        description="notice.illness (ziekmelding) or notice.belief (plicht uit godsdienst of "
        "levensovertuiging)."
    )
    first_day: date = strawberry.field(description="The first day (eerste dag).")
    last_day: date | None = strawberry.field(
        description="The last day; null while an illness lasts (laatste dag)."
    )
    state: str = strawberry.field(description="notified, ended or withdrawn (stand).")
    in_time: bool = strawberry.field(
        description="Whether it came within the term of the law (op tijd)."
    )
    rule_set: str = strawberry.field(description="The rules it was held against (regelset).")
    notified_at: datetime = strawberry.field(description="When it was notified (gemeld op).")


@bound(views.explanations, description="Why leave is asked (toelichting), in own words.")
class LeaveExplanation:
    """An explanation: free text, guarded as special-category data."""

    text: str = strawberry.field(description="The text (tekst).")


@bound(views.leave_requests, description="A request for leave (verlofaanvraag).")
class LeaveRequest(Node):
    """A request and the decision on it."""

    young_person_id: strawberry.ID = strawberry.field(
        description="The young person's id (jongere)."
    )
    given_name: str = strawberry.field(description="Given name at the request (voornaam).")
    family_name: str = strawberry.field(description="Family name with its infix (achternaam).")
    birth_date: date | None = strawberry.field(description="Date of birth (geboortedatum).")
    ground: str = strawberry.field(
        description="holiday (vakantie wegens het beroep van een ouder, art. 11f) or weighty "
        "(andere gewichtige omstandigheden, art. 11g)."
    )
    first_day: date = strawberry.field(description="The first day (eerste dag).")
    last_day: date = strawberry.field(description="The last day, within it (laatste dag).")
    school_year: int = strawberry.field(description="The year in which the school year starts.")
    school_days: int = strawberry.field(description="How many school days it is (schooldagen).")
    calendar_known: bool = strawberry.field(
        description="Whether holidays were left out; if not, weekdays were counted, for the "
        "calendar of that year is not known here."
    )
    obstacles: list[str] = strawberry.field(
        description="What forbids the head to grant it: holiday_too_long, holiday_once_a_year, "
        "holiday_in_first_weeks (beletselen, art. 13a)."
    )
    decider: str = strawberry.field(
        description="head (directeur) or, above ten days, officer (leerplichtambtenaar)."
    )
    rule_set: str = strawberry.field(description="The rules it was judged by (regelset).")
    state: str = strawberry.field(
        description="submitted, heard, granted, refused or withdrawn (stand)."
    )
    submitted_at: datetime = strawberry.field(description="When it was made (ingediend op).")
    decide_by: date = strawberry.field(description="Decide on it by this day (beslistermijn).")
    head_view: str | None = strawberry.field(
        description="supports, opposes or no_view: the head, heard by the officer (zienswijze)."
    )
    heard_at: datetime | None = strawberry.field(description="When the head was heard (gehoord).")
    decided_at: datetime | None = strawberry.field(description="When it was decided (besloten).")
    explanation: LeaveExplanation | None = strawberry.field(
        description="Why leave is asked; null when withheld (toelichting)."
    )
    access: Access = strawberry.field(description="Why the request is seen, what is withheld.")


node_type("AbsenceNotice")
node_type("LeaveRequest")


@strawberry.type
class LeaveQuery:
    """Reading requests for leave."""

    @strawberry.field(
        description="Requests for leave that the token reaches (verlofaanvragen), newest first."
    )
    async def leave_requests(
        self, info: Info[Any, Any], first: First = 50, after: After = None
    ) -> Connection[LeaveRequest]:
        """Read a page of requests."""
        page: Any = await context_of(info).page(info, views.leave_requests)
        return page

    @strawberry.field(description="A request by id; null when absent or not for this token.")
    async def leave_request(self, info: Info[Any, Any], id: Id) -> LeaveRequest | None:
        """Read one request."""
        found: Any = await context_of(info).by_id(info, views.leave_requests, "LeaveRequest", id)
        return found


@strawberry.input(description="A notice to the head (ziekmelding of melding).")
class NotifyAbsenceInput:
    """Whom, what, and which days."""

    pupil_id: strawberry.ID = strawberry.field(description="The pupil (leerling).")
    kind: str = strawberry.field(description="illness (ziek) or belief (plicht, art. 13).")
    first_day: date = strawberry.field(description="The first day (eerste dag).")
    last_day: date | None = strawberry.field(
        default=None, description="The last day; leave it out while an illness lasts."
    )
    idempotency_key: str | None = strawberry.field(default=None, description=ONCE)


@strawberry.input(description="An illness that has ended (betermelding).")
class EndNoticeInput:
    """Which notice, and the last day of illness."""

    notice_id: strawberry.ID = strawberry.field(description="The notice (melding).")
    last_day: date = strawberry.field(description="The last day of illness (laatste ziektedag).")


@strawberry.input(description="A notice made by mistake (melding intrekken).")
class WithdrawNoticeInput:
    """Which notice."""

    notice_id: strawberry.ID = strawberry.field(description="The notice (melding).")


@strawberry.input(description="Leave for a pupil (verlof aanvragen).")
class RequestLeaveInput:
    """Whom, on what ground, which days, and why."""

    pupil_id: strawberry.ID = strawberry.field(description="The pupil (leerling).")
    ground: str = strawberry.field(description="holiday (art. 11f) or weighty (art. 11g).")
    first_day: date = strawberry.field(description="The first day (eerste dag).")
    last_day: date = strawberry.field(description="The last day, within it (laatste dag).")
    explanation: str = strawberry.field(
        description="Why, 1 to 2,000 characters (toelichting); only who decides reads it."
    )
    idempotency_key: str | None = strawberry.field(default=None, description=ONCE)


@strawberry.input(description="A request that is withdrawn (aanvraag intrekken).")
class WithdrawLeaveInput:
    """Which request."""

    leave_id: strawberry.ID = strawberry.field(description="The request (verlofaanvraag).")


@strawberry.input(description="The head's view on leave above ten days (zienswijze, art. 14).")
class GiveViewOnLeaveInput:
    """Which request, and the view."""

    leave_id: strawberry.ID = strawberry.field(description="The request (verlofaanvraag).")
    view: str = strawberry.field(description="supports, opposes or no_view (zienswijze).")


@strawberry.input(description="The decision on a request (besluit op verlof).")
class DecideLeaveInput:
    """Which request, and whether leave is granted."""

    leave_id: strawberry.ID = strawberry.field(description="The request (verlofaanvraag).")
    granted: bool = strawberry.field(description="Whether leave is granted (toegekend).")


@strawberry.type(description="The notice was made, ended or withdrawn (melding).")
class NoticeSuccess:
    """The notice."""

    notice_id: strawberry.ID = strawberry.field(description="The notice (melding).")


@strawberry.type(description="The request was made or moved on (verlofaanvraag).")
class LeaveSuccess:
    """The request."""

    leave_id: strawberry.ID = strawberry.field(description="The request (verlofaanvraag).")


NoticeResult = Annotated[
    NoticeSuccess | ValidationProblem | ConflictProblem | NotFoundProblem,
    strawberry.union("NoticeResult", description="Done, or why not."),
]
LeaveResult = Annotated[
    LeaveSuccess | ValidationProblem | ConflictProblem | NotFoundProblem,
    strawberry.union("LeaveResult", description="Done, or why not."),
]


def _notice(made: UUID) -> dict[str, str]:
    return {"noticeId": ids.encode(views.notices.name, made)}


def _leave(made: UUID) -> dict[str, str]:
    return {"leaveId": ids.encode(views.leave_requests.name, made)}


@strawberry.type
class LeaveMutation:
    """The way of a notice and of a request."""

    @strawberry.mutation(
        description="Notify the head of an illness or a duty of belief (ziekmelden, art. 12, 13)."
    )
    async def notify_absence(
        self, info: Info[Any, Any], input: Input[NotifyAbsenceInput]
    ) -> NoticeResult:
        """Notify."""

        async def act(session: AsyncSession, actor: Actor) -> UUID:
            """Return the key of the notice."""
            return await notices.notify_absence(
                session,
                actor,
                pupil_id=key_of(pupils, input.pupil_id, "pupilId"),
                kind=input.kind,
                first_day=input.first_day,
                last_day=input.last_day,
            )

        return await perform(
            info, "NoticeSuccess", act, _notice, given=input, key=input.idempotency_key
        )

    @strawberry.mutation(description="Say that an illness has ended (beter melden).")
    async def end_notice(self, info: Info[Any, Any], input: Input[EndNoticeInput]) -> NoticeResult:
        """End a notice."""

        async def act(session: AsyncSession, actor: Actor) -> UUID:
            """Return the key of the notice."""
            notice_id = key_of(views.notices, input.notice_id, "noticeId")
            return await notices.end_notice(
                session, actor, notice_id=notice_id, last_day=input.last_day
            )

        return await perform(info, "NoticeSuccess", act, _notice)

    @strawberry.mutation(description="Withdraw a notice made by mistake (melding intrekken).")
    async def withdraw_notice(
        self, info: Info[Any, Any], input: Input[WithdrawNoticeInput]
    ) -> NoticeResult:
        """Withdraw a notice."""

        async def act(session: AsyncSession, actor: Actor) -> UUID:
            """Return the key of the notice."""
            notice_id = key_of(views.notices, input.notice_id, "noticeId")
            return await notices.withdraw_notice(session, actor, notice_id=notice_id)

        return await perform(info, "NoticeSuccess", act, _notice)

    @strawberry.mutation(description="Request leave for a pupil (verlof aanvragen).")
    async def request_leave(
        self, info: Info[Any, Any], input: Input[RequestLeaveInput]
    ) -> LeaveResult:
        """Request leave."""

        async def act(session: AsyncSession, actor: Actor) -> UUID:
            """Return the key of the request."""
            return await services.request_leave(
                session,
                actor,
                pupil_id=key_of(pupils, input.pupil_id, "pupilId"),
                wanted=services.Wanted(
                    ground=input.ground,
                    first_day=input.first_day,
                    last_day=input.last_day,
                    explanation=input.explanation,
                ),
            )

        return await perform(
            info, "LeaveSuccess", act, _leave, given=input, key=input.idempotency_key
        )

    @strawberry.mutation(description="Withdraw a request one made (aanvraag intrekken).")
    async def withdraw_leave(
        self, info: Info[Any, Any], input: Input[WithdrawLeaveInput]
    ) -> LeaveResult:
        """Withdraw a request."""

        async def act(session: AsyncSession, actor: Actor) -> UUID:
            """Return the key of the request."""
            leave_id = key_of(views.leave_requests, input.leave_id, "leaveId")
            return await services.withdraw_leave(session, actor, leave_id=leave_id)

        return await perform(info, "LeaveSuccess", act, _leave)

    @strawberry.mutation(
        description="Give the head's view on leave that the officer decides on (horen, art. 14)."
    )
    async def give_view_on_leave(
        self, info: Info[Any, Any], input: Input[GiveViewOnLeaveInput]
    ) -> LeaveResult:
        """Hear the head."""

        async def act(session: AsyncSession, actor: Actor) -> UUID:
            """Return the key of the request."""
            leave_id = key_of(views.leave_requests, input.leave_id, "leaveId")
            return await services.give_view_on_leave(
                session, actor, leave_id=leave_id, view=input.view
            )

        return await perform(info, "LeaveSuccess", act, _leave)

    @strawberry.mutation(
        description="Decide on leave: the head up to ten days, above that the officer (besluit)."
    )
    async def decide_leave(
        self, info: Info[Any, Any], input: Input[DecideLeaveInput]
    ) -> LeaveResult:
        """Decide."""

        async def act(session: AsyncSession, actor: Actor) -> UUID:
            """Return the key of the request."""
            leave_id = key_of(views.leave_requests, input.leave_id, "leaveId")
            return await services.decide_leave(
                session, actor, leave_id=leave_id, granted=input.granted
            )

        return await perform(info, "LeaveSuccess", act, _leave)
