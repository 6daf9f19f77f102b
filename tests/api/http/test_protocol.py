"""GraphQL over HTTP: what the audit suite asks, and what it forgets."""

import json
from collections.abc import Iterator
from typing import Any

import httpx
import pytest

from api.errors import ApiError
from api.http import GRAPHQL_RESPONSE, JSON, LARGEST_BODY, answer_type
from tests.api.http.conftest import Server

TYPES = [JSON, GRAPHQL_RESPONSE]


def ask(web: httpx.Client, accept: str | None = None, **body: Any) -> httpx.Response:
    """Send one GraphQL request."""
    return web.post("/graphql", json=body, headers={} if accept is None else {"accept": accept})


def code(answer: httpx.Response) -> str:
    """Give the code of the only error."""
    (error,) = answer.json()["errors"]
    return error["extensions"]["code"]


@pytest.mark.parametrize(
    ("accept", "given"),
    [
        (None, JSON),
        ("", JSON),
        ("*/*", JSON),
        ("application/*", JSON),
        (JSON, JSON),
        (f"{JSON}; charset=utf-8", JSON),
        (GRAPHQL_RESPONSE, GRAPHQL_RESPONSE),
        (f"{GRAPHQL_RESPONSE}, {JSON};q=0.9", GRAPHQL_RESPONSE),
        (f"{GRAPHQL_RESPONSE};q=0.1, {JSON}", JSON),
        (f"{GRAPHQL_RESPONSE}, {JSON}, text/event-stream, multipart/mixed", GRAPHQL_RESPONSE),
        (f"text/event-stream, {JSON}", JSON),
        (f"{GRAPHQL_RESPONSE};q=0, */*;q=0.1", JSON),
        (f"{JSON};q=nonsense, {GRAPHQL_RESPONSE};q=0.2", GRAPHQL_RESPONSE),
        (f"{JSON.upper()}", JSON),
    ],
)
def test_accept(web: httpx.Client, accept: str | None, given: str) -> None:
    """The answer has the type that the caller prefers, in UTF-8."""
    headers = {"accept": accept} if accept is not None else {}
    answer = web.post("/graphql", json={"query": "{ name }"}, headers=headers)
    assert (answer.status_code, answer.json()["data"]) == (200, {"name": "Rex"})
    assert answer.headers["content-type"] == f"{given}; charset=utf-8"
    assert answer.headers["cache-control"] == "no-store"


@pytest.mark.parametrize(
    "accept", ["text/html", "application/xml", f"{JSON};q=0", f"{JSON};charset=x"]
)
def test_not_acceptable(web: httpx.Client, accept: str) -> None:
    """A type that is not served is refused in JSON."""
    answer = ask(web, accept, query="{ name }")
    assert (answer.status_code, code(answer)) == (406, "BAD_REQUEST")


def test_missing_accept() -> None:
    """Without an Accept header the answer is plain JSON."""
    assert answer_type(None) == JSON
    with pytest.raises(ApiError):
        answer_type("image/png")


@pytest.mark.parametrize(
    ("kind", "status"),
    [
        ("application/json", 200),
        ("application/json; charset=utf-8", 200),
        ('Application/JSON;charset="UTF-8"', 200),
        ("application/json; charset=utf-16", 415),
        ("text/application/json", 415),
        ("application/jsonx", 415),
        ("application/x-www-form-urlencoded", 415),
        ("multipart/form-data; boundary=x", 415),
        ("application/graphql", 415),
        ("text/plain", 415),
        ("", 415),
    ],
)
def test_content_type(web: httpx.Client, kind: str, status: int) -> None:
    """Only JSON is taken, by its exact name."""
    headers = {"content-type": kind} if kind else {}
    answer = web.post("/graphql", content=b'{"query":"{ name }"}', headers=headers)
    assert answer.status_code == status


@pytest.mark.parametrize("method", ["GET", "PUT", "DELETE", "PATCH", "OPTIONS"])
def test_method(web: httpx.Client, method: str) -> None:
    """Everything but POST is refused, a query in the address too."""
    answer = web.request(method, "/graphql?query={name}")
    assert (answer.status_code, answer.headers["allow"]) == (405, "POST")
    assert code(answer) == "BAD_REQUEST"


BAD_BODIES = {
    "empty": b"",
    "number": b"1",
    "string": b'"x"',
    "null": b"null",
    "true": b"true",
    "list": b"[1]",
    "batch": b'[{"query":"{ name }"}]',
    "broken": b'{ "not a JSON',
    "latin": b'{"query":"{ echo(text: \\"\xe9\\") }"}',
    "surrogate": b'{"query":"\\ud800"}',
    "deep": b"[" * 20_000,
    "deep variables": b'{"query":"{ name }","variables":'
    + b'{"a":' * 20_000
    + b"1"
    + b"}" * 20_001,
    "nan": b'{"query":"{ name }","variables":{"a":NaN}}',
    "nul": b'{"query":"query($t:String){ echo(text:$t) }","variables":{"t":"a\\u0000"}}',
    "nul literal": b'{"query":"{ echo(text: \\"\\\\u0000\\") }"}',
    "nul braced": b'{"query":"{ echo(text: \\"\\\\u{0}\\") }"}',
    "no query": b'{"queryy":"{ name }"}',
}
BAD_PARAMETERS: dict[str, list[object]] = {
    "query": [None, 1, {"obj": "ect"}, ["a"], True, "", "  \n"],
    "variables": ["string", 0, False, ["array"]],
    "operationName": [1, {"a": 1}, ["a"], True],
    "extensions": ["string", 0, False, ["array"]],
}


def bad_bodies() -> Iterator[Any]:
    """Give every body that is not a GraphQL request."""
    for name, body in BAD_BODIES.items():
        yield pytest.param(body, id=name)
    for name, values in BAD_PARAMETERS.items():
        for value in values:
            body = json.dumps({"query": "{ name }", name: value}).encode()
            yield pytest.param(body, id=f"{name}={value}")


@pytest.mark.parametrize("accept", TYPES)
@pytest.mark.parametrize("body", list(bad_bodies()))
def test_bad_body(web: httpx.Client, body: bytes, accept: str) -> None:
    """What is not a GraphQL request is answered 400 with one clean error and no data."""
    answer = web.post("/graphql", content=body, headers={"content-type": JSON, "accept": accept})
    assert (answer.status_code, code(answer)) == (400, "BAD_REQUEST")
    assert set(answer.json()) == {"errors"}
    assert "Traceback" not in answer.text


@pytest.mark.parametrize("name", ["variables", "operationName", "extensions"])
def test_null_parameters(web: httpx.Client, name: str) -> None:
    """A parameter that may be left out may be null."""
    assert ask(web, query="{ name }", **{name: None}).json()["data"] == {"name": "Rex"}


def test_large_body(web: httpx.Client) -> None:
    """A body up to the limit is read; a larger one is refused, declared or not."""
    empty = len(json.dumps({"query": "{ name }", "padding": ""}))
    body = json.dumps({"query": "{ name }", "padding": "x" * (LARGEST_BODY - empty)}).encode()
    assert len(body) == LARGEST_BODY
    headers = {"content-type": JSON}
    assert web.post("/graphql", content=body, headers=headers).status_code == 200
    assert web.post("/graphql", content=body + b" ", headers=headers).status_code == 413
    undeclared = web.post("/graphql", content=iter([body, b" "]), headers=headers)
    assert (undeclared.status_code, code(undeclared)) == (413, "BAD_REQUEST")


def test_compressed_body(web: httpx.Client) -> None:
    """A compressed body is refused before anything is unpacked."""
    headers = {"content-type": JSON, "content-encoding": "gzip"}
    assert web.post("/graphql", content=b"x", headers=headers).status_code == 415


REQUEST_ERRORS: dict[str, tuple[dict[str, Any], str]] = {
    "syntax": ({"query": "{"}, "INVALID_DOCUMENT"),
    "audit": ({"query": "{ 8f31403dfe404bccbb0e835f2629c6a7 }"}, "INVALID_DOCUMENT"),
    "validation": ({"query": "{ nam }"}, "INVALID_DOCUMENT"),
    "literal": ({"query": '{ born(on: "Piet") }'}, "INVALID_DOCUMENT"),
    "variable": (
        {"query": "query($p: PetInput!) { described(pet: $p) }", "variables": {"p": {"name": 5}}},
        "INVALID_VARIABLES",
    ),
    "no variable": ({"query": "query($d: Date!) { born(on: $d) }"}, "INVALID_VARIABLES"),
    "two operations": ({"query": "query A { name } query B { name }"}, "INVALID_DOCUMENT"),
    "unknown operation": ({"query": "query A { name }", "operationName": "B"}, "INVALID_DOCUMENT"),
    "empty operation": ({"query": "query A { name }", "operationName": ""}, "INVALID_DOCUMENT"),
    "no operation": ({"query": "fragment F on Query { name }"}, "INVALID_DOCUMENT"),
    "subscription": ({"query": "subscription { ticks }"}, "INVALID_DOCUMENT"),
    "type system": ({"query": "type A { b: Int } { name }"}, "INVALID_DOCUMENT"),
    "two mutations": ({"query": "mutation { a: act b: act }"}, "INVALID_DOCUMENT"),
    "spread mutations": (
        {"query": "mutation { ...F ...F } fragment F on Mutation { act }"},
        "INVALID_DOCUMENT",
    ),
    "cost": ({"query": "{ pets(first: 101) { edges { node { name } } } }"}, "LIMIT_EXCEEDED"),
}


@pytest.mark.parametrize(("accept", "status"), [(JSON, 200), (GRAPHQL_RESPONSE, 400)])
@pytest.mark.parametrize("name", REQUEST_ERRORS)
def test_request_error(web: httpx.Client, name: str, accept: str, status: int) -> None:
    """A document that cannot run has no data, and a status that depends on the type alone."""
    body, expected = REQUEST_ERRORS[name]
    answer = ask(web, accept, **body)
    assert (answer.status_code, code(answer)) == (status, expected)
    assert "data" not in answer.json()


def test_chosen_operation(web: httpx.Client) -> None:
    """Of several operations the named one runs, and only that one is priced."""
    query = "query A { name } query B { friend { name } }"
    answer = ask(web, query=query, operationName="B").json()
    assert answer["data"] == {"friend": {"name": "Rex"}}
    assert answer["extensions"]["cost"] == {"requested": 1, "maximum": 10_000}


def test_mutation(web: httpx.Client) -> None:
    """A mutation with one root field runs."""
    assert ask(web, query="mutation { act }").json()["data"] == {"act": "done"}


def test_unicode(web: httpx.Client) -> None:
    """Text goes in and out unharmed."""
    text = "Zoë 🙂 \\u00e9"
    query = "query($t: String) { echo(text: $t) }"
    assert ask(web, query=query, variables={"t": text}).json()["data"] == {"echo": text}


@pytest.mark.parametrize("accept", TYPES)
@pytest.mark.parametrize(
    ("query", "data"), [("{ fails }", None), ("{ failsSoftly }", {"failsSoftly": None})]
)
def test_masked_fault(
    web: httpx.Client, server: Server, query: str, data: object, accept: str
) -> None:
    """A fault is answered with a reference that its log line has too, and nothing else of it."""
    answer = ask(web, accept, query=query)
    assert answer.status_code == 200
    assert answer.json()["data"] == data
    (error,) = answer.json()["errors"]
    assert error["path"] == [query.strip("{} ")]
    assert error["extensions"]["code"] == "INTERNAL"
    assert "secret" not in answer.text
    lines = [json.loads(line) for line in server.log.getvalue().splitlines()]
    (fault,) = [
        line
        for line in lines
        if line.get("event") == "fault" and line["reference"] == error["extensions"]["reference"]
    ]
    assert fault["exception"] == "builtins.RuntimeError"
    assert any("conftest" in frame for frame in fault["frames"])


def test_translated_error(web: httpx.Client) -> None:
    """An exception of the domain is shown as it is translated."""
    (error,) = ask(web, query="{ absent }").json()["errors"]
    assert error["message"] == "It is not there."


@pytest.mark.parametrize("accept", TYPES)
def test_unauthenticated(web: httpx.Client, accept: str) -> None:
    """A token that is not accepted is answered 401 with a challenge."""
    answer = web.post(
        "/graphql",
        json={"query": "{ name }"},
        headers={"authorization": "Bearer bad", "accept": accept},
    )
    assert (answer.status_code, code(answer)) == (401, "UNAUTHENTICATED")
    challenge = answer.headers["www-authenticate"]
    assert challenge.startswith('Bearer error="invalid_token"')
    assert challenge.endswith(
        'resource_metadata="https://api.example/.well-known/oauth-protected-resource/graphql"'
    )


def test_fault_before_execution(web: httpx.Client) -> None:
    """A fault while the context is made is masked as well."""
    answer = web.post(
        "/graphql", json={"query": "{ name }"}, headers={"authorization": "Bearer fault"}
    )
    assert (answer.status_code, code(answer)) == (500, "INTERNAL")
    assert "secret" not in answer.text


@pytest.mark.parametrize(("accept", "status"), [(JSON, 200), (GRAPHQL_RESPONSE, 504)])
def test_deadline(web: httpx.Client, accept: str, status: int) -> None:
    """A request that takes too long is broken off and told so."""
    answer = ask(web, accept, query="{ slow }")
    assert (answer.status_code, code(answer)) == (status, "DEADLINE")


def test_values_are_not_echoed(web: httpx.Client) -> None:
    """An error about variables names the place and not the value."""
    query = "query($p: PetInput!, $d: Date!) { described(pet: $p) born(on: $d) }"
    variables = {"p": {"name": "Canary", "born": "Canary", "Canary": 1}, "d": ["Canary"]}
    answer = ask(web, query=query, variables=variables)
    assert "Canary" not in answer.text
    messages = [error["message"] for error in answer.json()["errors"]]
    assert "Variable '$p' does not fit its type 'PetInput!' at 'born'." in messages
    assert "Variable '$d' does not fit its type 'Date!'." in messages


def test_no_suggestions(web: httpx.Client) -> None:
    """An error does not guess at names of the schema."""
    for query in ("{ nam }", "{ echo(tex: 1) }", "{ ... on Pett { name } }", "{ name @skp }"):
        answer = ask(web, query=query)
        assert "Did you mean" not in answer.text, answer.text


def test_argument_without_value(web: httpx.Client) -> None:
    """A variable that turns out null where a value is needed is the caller's error, not a fault."""
    query = 'query($d: Date = "2026-01-01") { born(on: $d) }'
    answer = ask(web, query=query, variables={"d": None}).json()
    assert answer["errors"][0]["extensions"]["code"] == "INVALID_VARIABLES"
