"""Logs and spans that say how a request went, and never what was in it.

What is written is closed: the fields of `Fields` and nothing else. Messages of other libraries are
written as their constant text only, without arguments, since those may hold a query or a name;
exceptions are written as type and place, never with their text.
"""

import logging
import sys
import time
from collections.abc import Generator, Mapping
from contextlib import contextmanager
from contextvars import ContextVar
from dataclasses import dataclass
from datetime import UTC, datetime
from types import TracebackType
from typing import Any, TextIO, TypedDict, Unpack, cast

import orjson
from opentelemetry.sdk.resources import SERVICE_NAME, Resource
from opentelemetry.sdk.trace import TracerProvider
from opentelemetry.sdk.trace.export import SimpleSpanProcessor, SpanExporter
from opentelemetry.trace import SpanKind, StatusCode, Tracer, format_trace_id
from opentelemetry.trace.propagation.tracecontext import TraceContextTextMapPropagator

_OUR_LOGGERS = "schakel"
_SPEAKING_LIBRARIES = ("uvicorn.error",)  # write constant texts about starting and stopping
_MOST_FRAMES = 12
_LONGEST_NAME = 64
_propagator = TraceContextTextMapPropagator()


class Fields(TypedDict, total=False):
    """Everything that a log line may carry beside its event, level and time."""

    reference: str
    operation: str | None
    operation_type: str | None
    cost: int | None
    status: int | None
    codes: list[str]
    duration_ms: float
    exception: str
    frames: list[str]
    count: int


@dataclass(slots=True)
class Observation:
    """What is noted about one request while it runs."""

    reference: str
    """The trace id, 32 hexadecimal digits."""
    operation_name: str | None = None
    operation_type: str | None = None
    cost: int | None = None
    status: int | None = None
    error_codes: tuple[str, ...] = ()

    def name_operation(self, name: str | None, kind: str) -> None:
        """Note which operation runs; a long name is cut, for it comes from the caller."""
        self.operation_name = None if name is None else name[:_LONGEST_NAME]
        self.operation_type = kind


_current: ContextVar[Observation | None] = ContextVar("observation", default=None)


def current_observation() -> Observation | None:
    """Give the observation of the request that is running, if one is."""
    return _current.get()


def make_tracer_provider(exporter: SpanExporter | None = None) -> TracerProvider:
    """Make a provider of spans that stay in this process unless an exporter is given."""
    provider = TracerProvider(resource=Resource({SERVICE_NAME: "schakel"}), shutdown_on_exit=False)
    if exporter is not None:
        provider.add_span_processor(SimpleSpanProcessor(exporter))
    return provider


def silence_content() -> None:
    """Switch off Strawberry's own error log, which writes queries and the text of exceptions.

    Each fault is logged here with its reference. This holds whether or not logging is configured.
    """
    logging.getLogger("strawberry.execution").setLevel(logging.CRITICAL + 1)


class Telemetry:
    """Watches requests: one span and one log line for each."""

    def __init__(self, provider: TracerProvider | None = None) -> None:
        silence_content()
        self._tracer: Tracer = (provider or make_tracer_provider()).get_tracer("schakel.api")

    @contextmanager
    def request(self, headers: Mapping[str, str]) -> Generator[Observation]:
        """Watch one request, as a part of the caller's trace if it sends a W3C `traceparent`.

        The `tracestate` and `baggage` headers are free text of the caller and are not taken over.
        """
        carrier = {"traceparent": headers.get("traceparent", "")}
        started = time.perf_counter()
        with self._tracer.start_as_current_span(
            "graphql.request",
            context=_propagator.extract(carrier),
            kind=SpanKind.SERVER,
            record_exception=False,
            set_status_on_exception=False,
        ) as span:
            observation = Observation(format_trace_id(span.get_span_context().trace_id))
            token = _current.set(observation)
            try:
                yield observation
            finally:
                _current.reset(token)
                duration = round((time.perf_counter() - started) * 1000, 3)
                span.set_attributes(_attributes(observation, duration))
                if "INTERNAL" in observation.error_codes:
                    span.set_status(StatusCode.ERROR)
                log_event(
                    "request",
                    reference=observation.reference,
                    operation=observation.operation_name,
                    operation_type=observation.operation_type,
                    cost=observation.cost,
                    status=observation.status,
                    codes=list(observation.error_codes),
                    duration_ms=duration,
                )


def _attributes(observation: Observation, duration: float) -> dict[str, Any]:
    attributes = {
        "graphql.operation.name": observation.operation_name,
        "graphql.operation.type": observation.operation_type,
        "schakel.cost": observation.cost,
        "http.response.status_code": observation.status,
        "schakel.error_codes": observation.error_codes or None,
        "schakel.duration_ms": duration,
    }
    return {name: value for name, value in attributes.items() if value is not None}


def log_event(event: str, *, level: int = logging.INFO, **fields: Unpack[Fields]) -> None:
    """Write one line; `event` is a constant of the program, never made of what a caller sent."""
    logging.getLogger(_OUR_LOGGERS).log(level, event, extra={"schakel_fields": fields})


def log_fault(error: BaseException | None, reference: str) -> None:
    """Write that something failed and where, without the text of the exception."""
    log_event(
        "fault",
        level=logging.ERROR,
        reference=reference,
        exception="unknown" if error is None else _type_name(type(error)),
        frames=[] if error is None else _frames(error.__traceback__),
    )


class ClosedJsonFormatter(logging.Formatter):
    """Writes a record as one JSON object that holds nothing but what `Fields` allows."""

    def format(self, record: logging.LogRecord) -> str:
        """Format a record; the text of arguments and exceptions is left out."""
        line: dict[str, Any] = {
            "time": datetime.fromtimestamp(record.created, UTC).isoformat(timespec="milliseconds"),
            "level": record.levelname,
            "logger": record.name,
        }
        if record.name == _OUR_LOGGERS:
            line["event"] = record.msg
            line |= cast("Fields", getattr(record, "schakel_fields", {}))
        else:
            if record.name in _SPEAKING_LIBRARIES and isinstance(record.msg, str):
                line["event"] = record.msg
            line |= {"module": record.module, "line": record.lineno}
        if record.exc_info and record.exc_info[0] is not None:
            line["exception"] = _type_name(record.exc_info[0])
            line["frames"] = _frames(record.exc_info[2])
        return orjson.dumps(line).decode()


def configure_logging(stream: TextIO | None = None, level: int = logging.INFO) -> logging.Handler:
    """Send every log line of the process through the closed formatter to one stream."""
    handler = logging.StreamHandler(stream or sys.stderr)
    handler.setFormatter(ClosedJsonFormatter())
    root = logging.getLogger()
    root.handlers = [handler]
    root.setLevel(level)
    silence_content()
    for name in ("uvicorn", "uvicorn.error", "uvicorn.access"):
        logger = logging.getLogger(name)
        logger.handlers = []
        logger.propagate = name != "uvicorn.access"
    return handler


def _type_name(kind: type[BaseException]) -> str:
    return f"{kind.__module__}.{kind.__qualname__}"


def _frames(traceback: TracebackType | None) -> list[str]:
    frames: list[str] = []
    while traceback is not None:
        code = traceback.tb_frame.f_code
        module = traceback.tb_frame.f_globals.get("__name__", "?")
        frames.append(f"{module}:{code.co_qualname}:{traceback.tb_lineno}")
        traceback = traceback.tb_next
    return frames[-_MOST_FRAMES:]
