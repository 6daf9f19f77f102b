"""A delivery's receipt: the upload it waits for, and what came of it."""

import hashlib
import hmac
import secrets
from collections.abc import Callable, Iterator, Mapping, Sequence
from dataclasses import asdict, dataclass
from datetime import datetime, timedelta
from enum import StrEnum
from typing import BinaryIO, TypeVar
from uuid import UUID

from domain.errors import NotFound
from domain.imports.files import each_opened, only, opened
from domain.imports.models import ImportReceipt
from domain.imports.problems import Problem
from permissions.vocabulary import Rule

T = TypeVar("T")
Counts = Mapping[str, Mapping[str, int]]

UPLOAD_LIFETIME = timedelta(minutes=15)
_SECRET_BYTES = 32


class DeliveryKind(StrEnum):
    """What a delivery holds, and in which format."""

    ROSTER_EDEXML = "roster_edexml"
    ROSTER_ONEROSTER = "roster_oneroster"
    TRANSFER_OSO = "transfer_oso"
    ATTENDANCE_NDJSON = "attendance_ndjson"
    ATTENDANCE_SOMTODAY = "attendance_somtoday"
    ATTENDANCE_EDUARTE = "attendance_eduarte"
    ATTENDANCE_EDFI = "attendance_edfi"


class ReceiptState(StrEnum):
    """Where a delivery stands."""

    WAITING = "waiting"
    ACCEPTED = "accepted"
    REFUSED = "refused"


TRANSITIONS: Mapping[ReceiptState, frozenset[ReceiptState]] = {
    ReceiptState.WAITING: frozenset({ReceiptState.ACCEPTED, ReceiptState.REFUSED}),
    ReceiptState.ACCEPTED: frozenset(),
    ReceiptState.REFUSED: frozenset(),
}


@dataclass(frozen=True, slots=True)
class Started:
    """A delivery that waits for its file; the secret is given here and kept nowhere."""

    receipt_id: UUID
    secret: str


@dataclass(frozen=True, slots=True)
class Outcome:
    """What came of a delivery: the numbers per kind of record, and what was wrong or noted."""

    receipt_id: UUID
    state: ReceiptState
    dry_run: bool
    counts: Counts
    problems: tuple[Problem, ...]


@dataclass(frozen=True, slots=True)
class Stored:
    """What a file changed: the rules it relied on and the young persons it concerned."""

    counts: Counts
    warnings: Sequence[Problem]
    rules: Sequence[Rule]
    young_persons: Sequence[UUID]


def new_secret() -> str:
    """Return the secret of an upload address: 32 random bytes in URL-safe base64."""
    return secrets.token_urlsafe(_SECRET_BYTES)


def digest(secret: str) -> bytes:
    """Return what is kept of a secret."""
    return hashlib.sha256(secret.encode("utf-8", "surrogatepass")).digest()


def check(receipt: ImportReceipt | None, secret: str, instant: datetime) -> ImportReceipt:
    """Return the receipt if it waits for a file with this secret.

    Raises:
        NotFound: there is none, the secret is another, it was used, or its time is over.
    """
    kept = receipt.upload_digest if receipt is not None else bytes(32)
    right = hmac.compare_digest(kept, digest(secret))
    if (
        receipt is None
        or not right
        or receipt.state != ReceiptState.WAITING
        or receipt.upload_until <= instant
    ):
        raise NotFound("receipt")
    return receipt


def finish(
    receipt: ImportReceipt,
    state: ReceiptState,
    *,
    counts: Counts,
    problems: Sequence[Problem],
    instant: datetime,
) -> Outcome:
    """Give a waiting receipt its final state."""
    if state not in TRANSITIONS[ReceiptState(receipt.state)]:
        raise NotFound("receipt")
    receipt.state = state
    receipt.counts = {name: dict(numbers) for name, numbers in counts.items()}
    receipt.problems = [asdict(problem) for problem in problems]
    receipt.finished_at = instant
    return Outcome(receipt.id, state, receipt.dry_run, counts, tuple(problems))


def each_unpacked(
    stream: BinaryIO, read: Callable[[BinaryIO], Iterator[T]]
) -> Callable[[], Iterator[T]]:
    """Return what gives the parts of a file one by one, from its start each time it is called.

    The file is plain, packed with gzip or alone in a zip. Only one of the iterators may be in use
    at a time.
    """
    return each_opened(stream, lambda files: read(only(files)))


def unpacked(stream: BinaryIO, read: Callable[[BinaryIO], T]) -> T:
    """Read a format of one file, plain, packed with gzip or alone in a zip.

    The reader bounds what it takes, so a small file that unpacks into a huge one is refused.

    Raises:
        Refused: the packing is broken, or the reader refuses.
    """
    return opened(stream, lambda files: read(only(files)))
