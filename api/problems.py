"""Refusals of an act, as members of every mutation's result."""

from enum import StrEnum
from typing import TypeVar

import strawberry

from api.enums import describe
from domain import errors


class ProblemCode(StrEnum):
    """What kind of refusal it is, for programs."""

    INVALID = "INVALID"
    CONFLICT = "CONFLICT"
    NOT_FOUND = "NOT_FOUND"


strawberry.enum(ProblemCode, description="The kind of a refusal, for programs (soort weigering).")
describe(
    ProblemCode,
    {
        ProblemCode.INVALID: "The input breaks a rule that the message names (ongeldig).",
        ProblemCode.CONFLICT: "The thing is in a state in which this cannot be done (conflict).",
        ProblemCode.NOT_FOUND: "It does not exist, or not for this token (niet gevonden).",
    },
)


@strawberry.interface(description="Why an act was refused; nothing was changed (weigering).")
class Problem:
    """What every refusal says."""

    code: ProblemCode = strawberry.field(description="The kind of refusal.")
    message: str = strawberry.field(description="What is wrong and what to do.")
    path: list[str] = strawberry.field(description="The input it concerns, outermost first.")


@strawberry.type(description="The input breaks a rule that the message names (ongeldig).")
class ValidationProblem(Problem):
    """Refused for its input."""


@strawberry.type(description="The thing is in a state in which this cannot be done (conflict).")
class ConflictProblem(Problem):
    """Refused for the state of things."""


@strawberry.type(
    description="It does not exist, or not for this token: the two are answered alike "
    "(niet gevonden)."
)
class NotFoundProblem(Problem):
    """Refused as absent."""


AnyProblem = ValidationProblem | ConflictProblem | NotFoundProblem
T = TypeVar("T")


def problem(error: errors.Problem) -> AnyProblem:
    """Return the member that tells of a refusal in the domain."""
    kinds: dict[str, tuple[type[AnyProblem], ProblemCode]] = {
        errors.Invalid.code: (ValidationProblem, ProblemCode.INVALID),
        errors.Conflict.code: (ConflictProblem, ProblemCode.CONFLICT),
    }
    kind, code = kinds.get(error.code, (NotFoundProblem, ProblemCode.NOT_FOUND))
    return kind(code=code, message=error.message, path=["input", *error.path])
