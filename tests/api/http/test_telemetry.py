"""What is written about a request, and that nothing of its content is."""

import json
import logging

import httpx
import pytest

from api.telemetry import ClosedJsonFormatter, Telemetry, current_observation
from tests.api.http.conftest import Server

CANARY = "Kanarie7319"
TRACE = "4bf92f3577b34da6a3ce929d0e0e4736"


def written(server: Server) -> str:
    """Give everything in logs and spans so far."""
    return server.log.getvalue() + "".join(
        span.to_json() for span in server.spans.get_finished_spans()
    )


def test_no_content_is_written(web: httpx.Client, server: Server) -> None:
    """Values in literals, variables, names, tokens, addresses and headers reach no log or span."""
    headers = {
        "authorization": f"Bearer {CANARY}",
        "x-forwarded-for": CANARY,
        "user-agent": CANARY,
        "cookie": f"a={CANARY}",
        "tracestate": f"a={CANARY}",
        "baggage": f"a={CANARY}",
        "traceparent": CANARY,
    }
    variables = {"t": CANARY, "p": {"name": CANARY, "born": CANARY}}
    documents = [
        f'{{ echo(text: "{CANARY}") }}',
        f'{{ {CANARY}: fails(text: "{CANARY}") }}',
        f'{{ failsSoftly(text: "{CANARY}") absent slow }}',
        f'{{ born(on: "{CANARY}") }}',
        f"{{ {CANARY} }}",
        f"{{ name # {CANARY}",
        "query($t: String!) { fails(text: $t) echo(text: $t) }",
        "query($p: PetInput!) { described(pet: $p) }",
        f"query($t: String) {{ {CANARY}: echo(text: $t) }}",
    ]
    before = len(server.spans.get_finished_spans())
    for query in documents:
        body = {"query": query, "variables": variables, "extensions": {"a": CANARY}}
        web.post(f"/graphql?access_token={CANARY}", json=body, headers=headers)
    web.post(f"/graphql?{CANARY}", content=CANARY.encode(), headers=headers)
    web.post("/graphql", json={"query": "{ name }", "operationName": CANARY}, headers=headers)
    web.get(f"/{CANARY}", headers=headers)
    assert len(server.spans.get_finished_spans()) == before + len(documents) + 2
    assert "fault" in server.log.getvalue()
    assert CANARY not in written(server)


def test_what_is_written(web: httpx.Client, server: Server) -> None:
    """A line and a span say which operation ran, what it cost and how it ended."""
    query = "query Friends { friend { name } failsSoftly }"
    headers = {"traceparent": f"00-{TRACE}-00f067aa0ba902b7-01"}
    web.post("/graphql", json={"query": query}, headers=headers)
    lines = [json.loads(line) for line in server.log.getvalue().splitlines()]
    line = next(line for line in lines if line.get("operation") == "Friends")
    assert (line["event"], line["level"], line["logger"]) == ("request", "INFO", "schakel")
    assert (line["operation_type"], line["cost"], line["status"]) == ("query", 1, 200)
    assert line["codes"] == ["INTERNAL"]
    assert line["duration_ms"] > 0
    assert line["reference"] == TRACE
    (span,) = [
        span
        for span in server.spans.get_finished_spans()
        if span.attributes and span.attributes.get("graphql.operation.name") == "Friends"
    ]
    assert span.context is not None
    assert f"{span.context.trace_id:032x}" == TRACE
    assert span.parent is not None
    assert f"{span.parent.span_id:016x}" == "00f067aa0ba902b7"
    assert span.attributes is not None
    assert span.attributes["http.response.status_code"] == 200
    assert span.attributes["schakel.error_codes"] == ("INTERNAL",)
    assert not span.events


def test_long_operation_name_is_cut(web: httpx.Client, server: Server) -> None:
    """A name that the caller makes up does not fill the log."""
    name = "Long" * 50
    web.post("/graphql", json={"query": f"query {name} {{ name }}"})
    assert name[:64] in written(server)
    assert name[:65] not in written(server)


def test_other_libraries_are_silenced() -> None:
    """A line of a library keeps its place and loses its text, arguments and exception text."""
    formatter = ClosedJsonFormatter()
    with pytest.raises(ValueError, match="invalid literal") as raised:
        int(CANARY)
    failure = (raised.type, raised.value, raised.tb)
    for name, message, arguments in (
        ("sqlalchemy.engine", "SELECT %s", (CANARY,)),
        ("asyncio", f"Task failed: {CANARY}", ()),
        ("uvicorn.error", "Exception in %s", (CANARY,)),
    ):
        record = logging.LogRecord(name, 40, "x.py", 7, message, arguments, failure)
        line = json.loads(formatter.format(record))
        assert CANARY not in json.dumps(line)
        assert (line["logger"], line["line"], line["exception"]) == (name, 7, "builtins.ValueError")
        assert line.get("event") == ("Exception in %s" if name == "uvicorn.error" else None)


def test_outside_a_request() -> None:
    """Outside a request nothing is observed."""
    assert current_observation() is None


def test_strawberry_is_silent_without_configuration() -> None:
    """Watching requests is enough to keep queries out of the log; nothing need be configured."""
    logger = logging.getLogger("strawberry.execution")
    logger.setLevel(logging.NOTSET)
    Telemetry()
    assert not logger.isEnabledFor(logging.CRITICAL)
