"""Deliveries: `startImport` over GraphQL, and the address to which the file is sent."""

import tempfile
from collections.abc import AsyncGenerator
from contextlib import ExitStack, asynccontextmanager
from dataclasses import replace
from datetime import datetime
from typing import Annotated, Any
from uuid import UUID

import orjson
import strawberry
from sqlalchemy.ext.asyncio import AsyncSession
from starlette.requests import ClientDisconnect, Request
from starlette.responses import Response
from strawberry.types import Info

from api import ids
from api.access import Access
from api.acting import perform
from api.arguments import After, First, Id, Input
from api.binding import bound, by_view, shape
from api.changes import DeliveredChange
from api.context import context_of, key_of
from api.directory import Branch
from api.errors import ApiError, ErrorCode
from api.http import fail, refuse
from api.node import Node, node_type
from api.paging import Connection
from api.problems import ConflictProblem, NotFoundProblem, ValidationProblem
from api.telemetry import current_observation
from api.uploading import a_place, pieces
from domain import clock, errors
from domain.clock import Moment
from domain.database import Ask, Database
from domain.imports import services, views
from domain.imports.progress import Progress, telling
from domain.imports.receipts import DeliveryKind, Outcome, ReceiptState
from domain.organisations.views import branches
from permissions.vocabulary import Actor

LARGEST_UPLOAD = 256 * 1024 * 1024
KEPT_IN_MEMORY = 1024 * 1024
KINDS = f"One of {', '.join(DeliveryKind)} (soort)."


@shape(description="What is wrong with a line of a file, and what to do (melding).")
class ImportProblem:
    """One problem, without the value that caused it."""

    line: int | None = strawberry.field(description="The line of the file (regel).")
    field: str = strawberry.field(description="The field (veld).")
    rule: str = strawberry.field(description="The rule that was broken (regel van het formaat).")
    advice: str = strawberry.field(description="What to do (advies).")
    severity: str = strawberry.field(description="error or warning (ernst).")


@shape(description="How many of something a delivery held (aantal).")
class ImportCount:
    """A count of a receipt."""

    what: str = strawberry.field(description="What was counted, such as pupils.")
    change: str = strawberry.field(description="What came of them, such as new or unchanged.")
    number: int = strawberry.field(description="How many.")


@bound(views.progress, description="How far a delivery is (voortgang); told once a second.")
class ImportProgress:
    """The progress of a delivery."""

    stage: str = strawberry.field(
        description="waiting, receiving (the file comes), reading (its lines are checked and "
        "stored), following (weeks and signals are worked out), interrupted (send it again) or "
        "finished (fase)."
    )
    lines: int | None = strawberry.field(
        description="Lines read of the file so far; null where none are counted (regels)."
    )
    share: float | None = strawberry.field(
        description="The part of the file that came or was read, 0 to 1; null when its size is "
        "not known (deel)."
    )
    told_at: datetime = strawberry.field(description="When this was told.")


@bound(views.receipts, description="The receipt of a delivery (ontvangstbewijs).")
class ImportReceipt(Node):
    """What came of a delivery."""

    kind: str = strawberry.field(description=KINDS)
    dry_run: bool = strawberry.field(description="Whether it was only tried (proef).")
    state: str = strawberry.field(description="waiting, accepted or refused (status).")
    counts: list[ImportCount] = strawberry.field(description="What it held (aantallen).")
    problems: list[ImportProblem] = strawberry.field(description="Errors and warnings (meldingen).")
    started_at: datetime = strawberry.field(description="When it was announced.")
    finished_at: datetime | None = strawberry.field(description="When it was accepted or refused.")
    branch: Branch = strawberry.field(description="The branch it is for (vestiging).")
    progress: ImportProgress | None = strawberry.field(
        description="How far it is (voortgang); null for deliveries from before this was told."
    )

    access: Access = strawberry.field(description="Why the receipt is seen.")

    @strawberry.field(
        description="What it changed, in order, for 30 days: kinds and ids (wijzigingen)."
    )
    def changes(self, first: First = 50, after: After = None) -> Connection[DeliveredChange]:
        """Read by the view."""
        return by_view(first, after)


node_type("ImportReceipt")


@strawberry.type
class ImportQuery:
    """Reading receipts."""

    @strawberry.field(description="Your own receipts (ontvangstbewijzen), newest first.")
    async def import_receipts(
        self, info: Info[Any, Any], first: First = 50, after: After = None
    ) -> Connection[ImportReceipt]:
        """Read a page of receipts."""
        page: Any = await context_of(info).page(info, views.receipts)
        return page

    @strawberry.field(description="A receipt by id; null when absent or not for this token.")
    async def import_receipt(self, info: Info[Any, Any], id: Id) -> ImportReceipt | None:
        """Read one receipt."""
        found: Any = await context_of(info).by_id(info, views.receipts, "ImportReceipt", id)
        return found


@strawberry.input(description="A delivery to announce (levering aankondigen).")
class StartImportInput:
    """What will be sent."""

    kind: str = strawberry.field(description=KINDS)
    branch_id: strawberry.ID = strawberry.field(description="The branch it is for (vestiging).")
    dry_run: bool = strawberry.field(
        default=False, description="Only try it; store nothing (proef)."
    )


@strawberry.type(description="The delivery is announced: send the file by PUT to the address.")
class StartImportSuccess:
    """Where to send the file."""

    receipt: ImportReceipt | None = strawberry.field(description="The receipt, waiting.")
    upload_path: str = strawberry.field(
        description="Path on this server, good once and for 15 minutes; send your token with it."
    )


StartImportResult = Annotated[
    StartImportSuccess | ValidationProblem | ConflictProblem | NotFoundProblem,
    strawberry.union("StartImportResult", description="Announced, or why not."),
]


def kind_of(word: str) -> DeliveryKind:
    """Return the kind of delivery that a word names.

    Raises:
        Invalid: there is no such kind.
    """
    try:
        return DeliveryKind(word)
    except ValueError:
        message = f"Send one of: {', '.join(DeliveryKind)}."
        raise errors.Invalid(message, path=("kind",)) from None


@strawberry.type
class ImportMutation:
    """Announcing deliveries."""

    @strawberry.mutation(
        description="Announce a delivery and get the address to send it to (levering)."
    )
    async def start_import(
        self, info: Info[Any, Any], input: Input[StartImportInput]
    ) -> StartImportResult:
        """Announce a delivery."""
        secret = ""

        async def act(session: AsyncSession, actor: Actor) -> UUID:
            """Return the key of the receipt."""
            nonlocal secret
            started = await services.start_import(
                session,
                actor,
                kind=kind_of(input.kind),
                branch_id=key_of(branches, input.branch_id, "branchId"),
                dry_run=input.dry_run,
            )
            secret = started.secret
            return started.receipt_id

        return await perform(
            info,
            "StartImportSuccess",
            act,
            lambda made: {
                "receipt": made,
                "uploadPath": f"/imports/{ids.encode(views.receipts.name, made)}/{secret}",
            },
        )


async def receive(request: Request, database: Database, asking: Ask) -> Response:
    """Take the file of an announced delivery and answer with what came of it.

    The body is kept on disk beyond a megabyte and is gone when the answer leaves.
    """
    try:
        outcome = await _delivered(request, database, asking)
    except ApiError as error:
        return refuse(error)
    except ClientDisconnect:
        return refuse(ApiError(ErrorCode.BAD_REQUEST, "The file broke off. Send it again."))
    except errors.Problem as refused:
        return refuse(ApiError(ErrorCode.BAD_REQUEST, refused.message, status=404))
    except Exception as error:  # noqa: BLE001 - whatever it is, its text must not reach anyone
        return fail(error, current_observation())
    return Response(
        orjson.dumps(
            {
                "receipt": request.path_params["receipt"],
                "state": outcome.state,
                "dryRun": outcome.dry_run,
                "counts": outcome.counts,
                "problems": outcome.problems,
            }
        ),
        status_code=200 if outcome.state is ReceiptState.ACCEPTED else 422,
        media_type="application/json",
        headers={"Cache-Control": "no-store"},
    )


async def _delivered(request: Request, database: Database, asking: Ask) -> Outcome:
    """Receive the file and take it in.

    Raises:
        ApiError: it is too large, falls silent, or there is no place for it.
        ClientDisconnect: it did not come whole.
        Problem: nothing waits for it under this address and token; then none of it is read.
    """
    kind, receipt_id = ids.split(request.path_params["receipt"])
    secret: str = request.path_params["secret"]
    if kind != views.receipts.name or receipt_id is None:
        raise errors.NotFound("receipt")
    await services.waits_for(database, asking, receipt_id=receipt_id, secret=secret)
    declared = request.headers.get("content-length", "0")
    if not declared.isdecimal() or int(declared) > LARGEST_UPLOAD:
        raise _too_large()
    progress = Progress(expected=int(declared))
    with ExitStack() as place:
        place.enter_context(a_place(asking.actor.id, receipt_id))
        async with (
            # The file outlives the telling, which looks how far it is read.
            _spooled() as file,
            telling(database, asking, receipt_id, progress),
        ):
            with place:  # Given back before the end is told: who hears of it may send again.
                return await _received(request, database, asking, receipt_id, file, progress)


async def _received(
    request: Request,
    database: Database,
    asking: Ask,
    receipt_id: UUID,
    file: tempfile.SpooledTemporaryFile[bytes],
    progress: Progress,
) -> Outcome:
    async for chunk in pieces(request):
        progress.received += len(chunk)
        if progress.received > LARGEST_UPLOAD:
            raise _too_large()
        file.write(chunk)
    file.seek(0)
    # What a file says is known when it is here, not when it began to come.
    received = replace(asking, moment=max(clock.now(), asking.moment, key=_instant))
    return await services.deliver(
        database,
        received,
        arrived=asking.moment.instant,
        receipt_id=receipt_id,
        secret=request.path_params["secret"],
        stream=file,  # pyright: ignore[reportArgumentType] - a binary file in all but name
        progress=progress,
    )


@asynccontextmanager
async def _spooled() -> AsyncGenerator[tempfile.SpooledTemporaryFile[bytes]]:
    with tempfile.SpooledTemporaryFile(max_size=KEPT_IN_MEMORY) as file:
        yield file


def _instant(moment: Moment) -> datetime:
    return moment.instant


def _too_large() -> ApiError:
    message = f"The file is larger than {LARGEST_UPLOAD:,} bytes. Send it in parts."
    return ApiError(ErrorCode.LIMIT_EXCEEDED, message, status=413)
