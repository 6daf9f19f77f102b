"""GraphQL over HTTP: one POST, one operation, one JSON answer.

Follows the GraphQL-over-HTTP draft as far as the audit suite `graphql-http` reads it; `STATUS` is
the one place that says which outcome is answered with which status.
"""

import asyncio
import re
from collections.abc import Awaitable, Callable, Mapping
from dataclasses import dataclass
from typing import Any, Final, cast

import orjson
from starlette.exceptions import HTTPException
from starlette.requests import ClientDisconnect, Request
from starlette.responses import HTMLResponse, Response
from starlette.types import Receive, Scope, Send
from strawberry import Schema
from strawberry.schema.exceptions import CannotGetOperationTypeError, InvalidOperationTypeError
from strawberry.types import ExecutionResult
from strawberry.types.graphql import OperationType

from api.errors import (
    ApiError,
    ErrorCode,
    PresentedError,
    Translate,
    nothing_translated,
    present_errors,
    present_fault,
    present_refusal,
)
from api.streaming import EVENT_STREAM, EventStream
from api.telemetry import Observation, Telemetry

JSON: Final = "application/json"
GRAPHQL_RESPONSE: Final = "application/graphql-response+json"
LARGEST_BODY: Final = 256 * 1024
DEADLINE_SECONDS: Final = 10.0

STATUS: Final[Mapping[ErrorCode, tuple[int, int]]] = {
    # code: (as application/json, as application/graphql-response+json)
    ErrorCode.BAD_REQUEST: (400, 400),
    ErrorCode.INVALID_DOCUMENT: (200, 400),
    ErrorCode.INVALID_VARIABLES: (200, 400),
    ErrorCode.LIMIT_EXCEEDED: (200, 400),
    ErrorCode.UNAUTHENTICATED: (401, 401),
    ErrorCode.DEADLINE: (200, 504),
    ErrorCode.UNAVAILABLE: (503, 503),
    ErrorCode.INTERNAL: (500, 500),
}
"""Status of an answer without data; an answer with data is always 200."""

_NUL = re.compile(rb"\\u(?:0000|\{0+\})")  # also inside a literal of the query, where it is doubled
_QUALITY = re.compile(r"(?:0(?:\.\d{0,3})?|1(?:\.0{0,3})?)")
_BY_EVENTS: Final = f"Accept {EVENT_STREAM} for a subscription."
_BY_JSON: Final = f"Accept {GRAPHQL_RESPONSE} or {JSON} for what is no subscription."
_NO_OPERATION: Final = "The document holds no operation, or none with the name in 'operationName'."
_SERVED = frozenset({OperationType.QUERY, OperationType.MUTATION})


_OFFERED: Final[Mapping[str, str]] = {
    JSON: JSON,
    GRAPHQL_RESPONSE: GRAPHQL_RESPONSE,
    "*/*": JSON,
    "application/*": JSON,
}
_OFFERED_EVENTS: Final[Mapping[str, str]] = {EVENT_STREAM: EVENT_STREAM}


def accepts_events(accept: str | None) -> bool:
    """Return whether the answers of a subscription may be sent as they come."""
    try:
        return answer_type(accept, _OFFERED_EVENTS) == EVENT_STREAM
    except ApiError:
        return False


def _bad(message: str, *, status: int = 400, headers: Mapping[str, str] | None = None) -> ApiError:
    return ApiError(ErrorCode.BAD_REQUEST, message, status=status, headers=headers)


def _media_type(value: str) -> tuple[str, dict[str, str]]:
    name, *parts = (part.strip() for part in value.split(";"))
    parameters = (part.partition("=") for part in parts if part)
    return name.lower(), {
        key.strip().lower(): text.strip().strip('"').lower() for key, _, text in parameters
    }


def answer_type(accept: str | None, offered_by: Mapping[str, str] = _OFFERED) -> str:
    """Choose the media type of the answer by quality, then by the order of the `Accept` header.

    Raises:
        ApiError: 406, no type that is offered is accepted.
    """
    if accept is None or not accept.strip():
        return JSON
    best, best_quality = None, 0.0
    for part in accept.split(","):
        name, parameters = _media_type(part)
        offered = offered_by.get(name)
        quality = parameters.get("q", "1")
        if offered is None or parameters.get("charset", "utf-8") != "utf-8":
            continue
        weight = float(quality) if _QUALITY.fullmatch(quality) else 0.0
        if weight > best_quality:
            best, best_quality = offered, weight
    if best is None:
        raise _bad(f"Accept {GRAPHQL_RESPONSE} or {JSON}.", status=406)
    return best


@dataclass(frozen=True, slots=True)
class _Accepted:
    """How a caller takes its answer: its type, of which operations, and whether as events too."""

    as_type: str
    operations: frozenset[OperationType]
    events: bool

    @classmethod
    def of(cls, accept: str | None) -> "_Accepted":
        """Read an `Accept` header.

        Raises:
            ApiError: 406, no type that is served is accepted.
        """
        events = accepts_events(accept)
        try:
            return cls(answer_type(accept), _SERVED, events)
        except ApiError:
            if not events:
                raise
            return cls(GRAPHQL_RESPONSE, frozenset(), events)


def _is_json(content_type: str | None) -> bool:
    name, parameters = _media_type(content_type or "")
    return name == JSON and parameters in ({}, {"charset": "utf-8"})


async def read_body(request: Request, largest: int) -> bytes:
    """Read a body of at most `largest` bytes; nothing beyond that is kept.

    Raises:
        ApiError: 413, it is larger; 415, it is compressed.
    """
    if request.headers.get("content-encoding", "identity").lower() != "identity":
        raise _bad("Send the body without a content encoding.", status=415)
    too_large = _bad(f"The body is larger than {largest:,} bytes.", status=413)
    declared = request.headers.get("content-length", "0")
    if not declared.isdecimal() or int(declared) > largest:
        raise too_large
    body = bytearray()
    async for chunk in request.stream():
        body += chunk
        if len(body) > largest:
            raise too_large
    return bytes(body)


class _Parameters:
    """The parameters of one GraphQL request, checked for their types."""

    def __init__(self, body: bytes) -> None:
        try:
            parsed: object = orjson.loads(body)
        except orjson.JSONDecodeError:
            raise _bad("The body is not JSON in UTF-8, or is nested too deeply.") from None
        if isinstance(parsed, list):
            raise _bad("Batches are not served. Send one operation per request.")
        if not isinstance(parsed, dict):
            raise _bad("The body must be a JSON object with a 'query'.")
        if _NUL.search(body):
            raise _bad("The character U+0000 is not accepted anywhere in a request.")
        given = cast("dict[str, object]", parsed)
        query = given.get("query")
        if not isinstance(query, str) or not query.strip():
            raise _bad("'query' must be a string that holds a GraphQL document.")
        variables = given.get("variables")
        if variables is not None and not isinstance(variables, dict):
            raise _bad("'variables' must be an object or null.")
        name = given.get("operationName")
        if name is not None and not isinstance(name, str):
            raise _bad("'operationName' must be a string or null.")
        extensions = given.get("extensions")
        if extensions is not None and not isinstance(extensions, dict):
            raise _bad("'extensions' must be an object or null.")
        self.query = query
        self.variables = cast("dict[str, Any] | None", variables)
        self.operation_name = name


class GraphQLEndpoint:
    """The ASGI application that answers GraphQL; mount it with `Route(path, endpoint)`.

    Args:
        schema: with the extension `api.limits.Limits`, which judges each document.
        get_context: makes what resolvers get as `info.context`; may raise `ApiError`, such as
            `AuthenticationFailed`, which refuses the whole request.
        telemetry: watches each request.
        translate: turns exceptions of the domain into refusals; all others are masked.
        deadline: seconds from the first byte to the answer.
        largest_body: bytes.
        resource_metadata: URL of the protected-resource metadata (RFC 9728, section 5.1).
        ide: an HTML page for a browser that comes by GET; without it GET is refused.
    """

    def __init__(
        self,
        schema: Schema,
        get_context: Callable[[Request], Awaitable[object]],
        *,
        telemetry: Telemetry | None = None,
        translate: Translate = nothing_translated,
        deadline: float = DEADLINE_SECONDS,
        largest_body: int = LARGEST_BODY,
        resource_metadata: str | None = None,
        ide: str | None = None,
    ) -> None:
        self._schema = schema
        self._get_context = get_context
        self._telemetry = telemetry or Telemetry()
        self._translate = translate
        self._deadline = deadline
        self._largest_body = largest_body
        self._resource_metadata = resource_metadata
        self._ide = ide

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        """Answer one request; a WebSocket is refused, for subscriptions too come by POST."""
        if scope["type"] != "http":
            raise HTTPException(404)
        request = Request(scope, receive)
        with self._telemetry.request(request.headers) as observation:
            if request.method == "GET" and self._ide is not None:
                response = HTMLResponse(self._ide, headers={"Cache-Control": "no-store"})
            else:
                response = await self._respond(request, observation)
            observation.status = response.status_code
        await response(scope, receive, send)

    async def _respond(self, request: Request, observation: Observation) -> Response:
        as_type = JSON
        deadline = asyncio.timeout(self._deadline)
        try:
            self._check_method(request)
            accepted = _Accepted.of(request.headers.get("accept"))
            as_type = accepted.as_type
            async with deadline:
                return await self._answer(request, accepted, observation)
        except ApiError as error:
            return self._refuse(error, as_type, observation)
        except ClientDisconnect:
            return self._refuse(_bad("The body broke off."), as_type, observation)
        except Exception as error:  # noqa: BLE001 - whatever it is, its text must not reach anyone
            if not deadline.expired():
                return fail(error, observation, as_type)
            late = f"The request took longer than {self._deadline:g} seconds. Ask for less."
            return self._refuse(ApiError(ErrorCode.DEADLINE, late), as_type, observation)

    def _check_method(self, request: Request) -> None:
        if request.method != "POST":
            allowed = "POST" if self._ide is None else "GET, POST"
            raise _bad("Send GraphQL by POST.", status=405, headers={"Allow": allowed})

    async def _answer(
        self, request: Request, accepted: _Accepted, observation: Observation
    ) -> Response:
        if not _is_json(request.headers.get("content-type")):
            raise _bad(f"Send the body as {JSON}.", status=415)
        parameters = _Parameters(await read_body(request, self._largest_body))
        context = await self._get_context(request)
        try:
            result = await self._schema.execute(
                parameters.query,
                variable_values=parameters.variables,
                context_value=context,
                operation_name=parameters.operation_name,
                allowed_operation_types=accepted.operations,
            )
        except InvalidOperationTypeError:
            if accepted.events:
                return await self._follow(parameters, context, observation)
            raise ApiError(ErrorCode.INVALID_DOCUMENT, _BY_EVENTS) from None
        except CannotGetOperationTypeError:
            raise ApiError(ErrorCode.INVALID_DOCUMENT, _NO_OPERATION) from None
        payload = self._payload(result, observation.reference)
        errors = payload.get("errors", [])
        status = 200 if "data" in payload else _status(errors, accepted.as_type)
        return _respond_json(payload, status, accepted.as_type, observation)

    async def _follow(
        self, parameters: _Parameters, context: object, observation: Observation
    ) -> Response:
        """Begin a subscription: judged, and its first answer read, as those of a query are.

        Raises:
            ApiError: it is none, or its first answer is a refusal.
        """
        results = await self._schema.subscribe(
            parameters.query,
            variable_values=parameters.variables,
            context_value=context,
            operation_name=parameters.operation_name,
        )
        reference = observation.reference
        first = await anext(results)
        for error in first.errors or ():
            cause = error.original_error
            if isinstance(cause, ApiError):
                raise cause
            if isinstance(cause, InvalidOperationTypeError):
                raise ApiError(ErrorCode.INVALID_DOCUMENT, _BY_JSON)
            if isinstance(cause, CannotGetOperationTypeError):
                raise ApiError(ErrorCode.INVALID_DOCUMENT, _NO_OPERATION)
        payload = self._payload(first, reference)
        if "data" in payload:
            return EventStream(payload, results, lambda r: self._payload(r, reference))
        status = _status(payload["errors"], GRAPHQL_RESPONSE)
        return _respond_json(payload, status, GRAPHQL_RESPONSE, observation)

    def _payload(self, result: ExecutionResult, reference: str) -> dict[str, Any]:
        """Shape a result as it is sent; without `data` it was not executed."""
        errors = present_errors(result.errors or (), reference=reference, translate=self._translate)
        executed = result.data is not None or any("path" in error for error in errors)
        payload: dict[str, Any] = {"data": result.data} if executed else {}
        if errors:
            payload["errors"] = errors
        if result.extensions:
            payload["extensions"] = result.extensions
        return payload

    def _refuse(self, error: ApiError, as_type: str, observation: Observation) -> Response:
        return refuse(
            error, as_type, resource_metadata=self._resource_metadata, observation=observation
        )


def refuse(
    error: ApiError,
    as_type: str = JSON,
    *,
    resource_metadata: str | None = None,
    observation: Observation | None = None,
) -> Response:
    """Answer a refusal of the whole request; for every endpoint that checks a token.

    A 401 says how to authenticate (RFC 6750, section 3; RFC 9728, section 5.1).
    """
    errors = [present_refusal(error)]
    status = error.status or _status(errors, as_type)
    response = _respond_json({"errors": errors}, status, as_type, observation)
    response.headers.update(error.headers)
    if status == 401 and resource_metadata is not None:  # noqa: PLR2004 - the status itself
        challenge = response.headers.get("WWW-Authenticate", "Bearer")
        separator = ", " if "=" in challenge else " "
        response.headers["WWW-Authenticate"] = (
            f'{challenge}{separator}resource_metadata="{resource_metadata}"'
        )
    return response


def fail(error: Exception, observation: Observation | None, as_type: str = JSON) -> Response:
    """Answer a fault of our own, masked behind the reference under which it is logged."""
    reference = observation.reference if observation is not None else "none"
    errors = [present_fault(error, reference)]
    return _respond_json({"errors": errors}, _status(errors, as_type), as_type, observation)


def _status(errors: list[PresentedError], as_type: str) -> int:
    statuses = (STATUS[ErrorCode(error["extensions"]["code"])] for error in errors)
    return max(status[as_type == GRAPHQL_RESPONSE] for status in statuses)


def _respond_json(
    payload: dict[str, Any], status: int, as_type: str, observation: Observation | None
) -> Response:
    if observation is not None:
        codes = (error["extensions"]["code"] for error in payload.get("errors", ()))
        observation.error_codes = tuple(dict.fromkeys(codes))
    return Response(
        orjson.dumps(payload),
        status,
        {
            "Cache-Control": "no-store",
            "Content-Type": f"{as_type}; charset=utf-8",
            "X-Content-Type-Options": "nosniff",
        },
    )
