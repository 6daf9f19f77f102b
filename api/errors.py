"""Errors as a caller meets them at the top level of an answer: a stable code and a plain sentence.

Problems of an act are members of that act's result union; what is here is left for requests that
cannot be served at all and for faults of our own, which are masked behind a reference.
"""

import re
from collections.abc import Callable, Iterable, Mapping
from enum import StrEnum
from types import TracebackType
from typing import Any

from graphql import GraphQLError, VariableDefinitionNode, print_ast

from api.telemetry import log_fault


class ErrorCode(StrEnum):
    """What went wrong, for a program to switch on; the value is `extensions.code`."""

    BAD_REQUEST = "BAD_REQUEST"
    """The HTTP request is not a GraphQL request."""
    INVALID_DOCUMENT = "INVALID_DOCUMENT"
    """The document does not parse, does not fit the schema, or asks for what is not served."""
    INVALID_VARIABLES = "INVALID_VARIABLES"
    """A variable does not fit its type."""
    LIMIT_EXCEEDED = "LIMIT_EXCEEDED"
    """The document asks for more than one request may."""
    UNAUTHENTICATED = "UNAUTHENTICATED"
    """The access token is not accepted."""
    DEADLINE = "DEADLINE"
    """The request took longer than it may."""
    UNAVAILABLE = "UNAVAILABLE"
    """Something we depend on does not answer; trying again later may help."""
    INTERNAL = "INTERNAL"
    """A fault of our own, masked."""


Details = Mapping[str, str | int]
"""What a code says beside its message: only words of ours, numbers and references."""


class ApiError(Exception):
    """A refusal whose message may be shown to anyone as it stands."""

    def __init__(
        self,
        code: ErrorCode,
        message: str,
        *,
        status: int | None = None,
        headers: Mapping[str, str] | None = None,
        details: Details | None = None,
    ) -> None:
        super().__init__(message)
        self.code = code
        self.message = message
        self.status = status
        self.headers = dict(headers or {})
        self.details = dict(details or {})


Translate = Callable[[Exception], ApiError | None]
"""Turns an exception of the domain into a refusal, or `None` for what must be masked."""

PresentedError = dict[str, Any]
"""One error as it is sent: message, extensions, and locations and path where they are known."""

_SUGGESTION = re.compile(r"\s*Did you mean .*?\?(?=\s|$)", re.DOTALL)
_PLACE_IN_VARIABLE = re.compile(
    r"^Variable '\$\w+' has invalid (?:default )?value at \.?([\w.\[\]]+):"
)
_ARGUMENT_COERCION = "graphql.execution.values"


def nothing_translated(_error: Exception) -> ApiError | None:
    """Translate nothing: every exception that is not an `ApiError` is masked."""
    return None


def refusal(code: ErrorCode, message: str, **details: str | int) -> GraphQLError:
    """Make an error about a document, for use before it is executed."""
    return GraphQLError(message, extensions={"code": code.value, **details})


def present_refusal(error: ApiError) -> PresentedError:
    """Shape a refusal of the whole request as a GraphQL error."""
    return {"message": error.message, "extensions": {"code": error.code.value, **error.details}}


def present_fault(error: BaseException | None, reference: str) -> PresentedError:
    """Log a fault without its content and shape what the caller may know of it."""
    log_fault(error, reference)
    return {
        "message": "Something went wrong on our side. Try again, or report the reference.",
        "extensions": {"code": ErrorCode.INTERNAL.value, "reference": reference},
    }


def present_errors(
    errors: Iterable[GraphQLError],
    *,
    reference: str,
    translate: Translate = nothing_translated,
) -> list[PresentedError]:
    """Shape the errors of an execution so that none of them shows a value or a cause.

    Args:
        errors: what graphql-core reported.
        reference: what ties a masked fault to its log line; the trace id.
        translate: knows the errors of the domain.
    """
    return [_present(error, reference, translate) for error in errors]


def _present(error: GraphQLError, reference: str, translate: Translate) -> PresentedError:
    shown = _shown(error, reference, translate)
    if error.locations:
        shown["locations"] = [location.formatted for location in error.locations]
    if error.path is not None:
        shown["path"] = list(error.path)
    return shown


def _shown(error: GraphQLError, reference: str, translate: Translate) -> PresentedError:
    cause = _root_cause(error)
    known = None if cause is None else _known(cause, translate)
    if known is not None:
        return present_refusal(known)
    variable = _variable(error)
    if variable is not None:
        return present_refusal(_variable_refusal(error, variable))
    if error.path is None and (cause is None or error.nodes):
        return _document_error(error, holds_cause=cause is not None)
    if cause is None and _raised_in(error.original_error) == _ARGUMENT_COERCION:
        return present_refusal(
            ApiError(
                ErrorCode.INVALID_VARIABLES,
                "An argument got no value, null, or a value that does not fit."
                " Give the variables that it is made of.",
            )
        )
    return present_fault(cause or error.original_error or error, reference)


def _root_cause(error: GraphQLError) -> Exception | None:
    """Give the exception below all wrapping, or `None` if GraphQL itself found the error."""
    cause: Exception | None = error.original_error
    while isinstance(cause, GraphQLError):
        cause = cause.original_error
    return cause


def _known(cause: Exception, translate: Translate) -> ApiError | None:
    return cause if isinstance(cause, ApiError) else translate(cause)


def _variable(error: GraphQLError) -> VariableDefinitionNode | None:
    if error.path is not None or not error.nodes:
        return None
    node = error.nodes[0]
    if isinstance(node, VariableDefinitionNode) and error.message.startswith("Variable '$"):
        return node
    return None


def _variable_refusal(error: GraphQLError, variable: VariableDefinitionNode) -> ApiError:
    place = _PLACE_IN_VARIABLE.match(error.message)
    where = f" at '{place[1]}'" if place else ""
    return ApiError(
        ErrorCode.INVALID_VARIABLES,
        f"Variable '${variable.variable.name.value}' does not fit its type"
        f" '{print_ast(variable.type)}'{where}.",
    )


def _document_error(error: GraphQLError, *, holds_cause: bool) -> PresentedError:
    extensions: dict[str, Any] = dict(error.extensions or {})
    if extensions.get("code") not in set(ErrorCode):
        extensions = {"code": ErrorCode.INVALID_DOCUMENT.value}
    message = "A value in the document does not fit its type." if holds_cause else error.message
    return {"message": without_suggestions(message), "extensions": extensions}


def without_suggestions(message: str) -> str:
    """Take the guesses at names out of a message: they would draw a map of the schema."""
    return _SUGGESTION.sub("", message)


def _raised_in(error: BaseException | None) -> str | None:
    traceback: TracebackType | None = None if error is None else error.__traceback__
    module: str | None = None
    while traceback is not None:
        module = traceback.tb_frame.f_globals.get("__name__")
        traceback = traceback.tb_next
    return module
