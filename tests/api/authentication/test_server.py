"""What the embedded authorization server gives, and to whom."""

import asyncio
import json
import time
from typing import Any
from urllib.parse import urlencode

import httpx
import pytest
from joserfc.jwk import RSAKey
from starlette.applications import Starlette

from api.authentication import Authenticator, RemoteJwks, TrustedIssuer
from api.authorization_server import metadata
from tests.api.authentication.conftest import MemoryReplay
from tests.api.authentication.tokens import (
    AUDIENCE,
    CLIENT,
    ISSUER,
    ORGANISATION,
    SUBJECT,
    assertion_claims,
    claims,
    details,
    sign,
    sign_with_public_key,
    unsigned,
)

pytestmark = pytest.mark.asyncio


def form(key: RSAKey, header: dict[str, Any] | None = None, **changed: Any) -> dict[str, str]:
    """Make a good token request; a changed claim of the assertion is taken over."""
    return {
        "grant_type": "client_credentials",
        "client_assertion_type": "urn:ietf:params:oauth:client-assertion-type:jwt-bearer",
        "client_assertion": sign(
            key, {"typ": "JWT", **(header or {})}, assertion_claims(**changed)
        ),
    }


async def test_token(web: httpx.AsyncClient, client_key: RSAKey, server: Starlette) -> None:
    """A registered client gets a short token that the API accepts through the server's JWKS."""
    answer = await web.post("/oauth/token", data=form(client_key))
    assert answer.status_code == 200, answer.text
    assert answer.headers["cache-control"] == "no-store"
    body = answer.json()
    assert (body["token_type"], body["expires_in"]) == ("Bearer", 600)
    assert body["authorization_details"] == [details()]
    jwks = RemoteJwks(f"{ISSUER}/oauth/jwks", transport=httpx.ASGITransport(server))
    authenticator = Authenticator([TrustedIssuer(ISSUER, jwks)], audience=AUDIENCE)
    verified = await authenticator.verify(body["access_token"])
    assert (verified.subject, verified.client_id) == (SUBJECT, CLIENT)
    assert (verified.role, str(verified.organisation)) == ("school_system", ORGANISATION)
    assert verified.expires_at.timestamp() - time.time() == pytest.approx(600, abs=5)


async def test_metadata(web: httpx.AsyncClient) -> None:
    """The metadata says what is served and nothing that is not."""
    document = (await web.get("/.well-known/oauth-authorization-server")).json()
    assert document["issuer"] == ISSUER
    assert document["grant_types_supported"] == ["client_credentials"]
    assert document["token_endpoint_auth_methods_supported"] == ["private_key_jwt"]
    assert document["token_endpoint"] == f"{ISSUER}/oauth/token"


async def test_jwks_is_public(web: httpx.AsyncClient, signing_key: RSAKey) -> None:
    """The published key has its public members only."""
    (key,) = (await web.get("/oauth/jwks")).json()["keys"]
    assert set(key) == {"kty", "n", "e", "kid", "alg", "use"}
    assert (key["kid"], key["alg"]) == (signing_key.kid, "PS256")


async def test_replay(web: httpx.AsyncClient, client_key: RSAKey, replay: MemoryReplay) -> None:
    """An assertion works once, also when it is sent twice at the same moment."""
    request = form(client_key)
    answers = await asyncio.gather(*(web.post("/oauth/token", data=request) for _ in range(4)))
    assert sorted(answer.status_code for answer in answers) == [200, 401, 401, 401]
    assert len(replay.seen) == 1


NOW = int(time.time())


@pytest.mark.parametrize(
    "changed",
    [
        {"aud": f"{ISSUER}/oauth/token"},
        {"aud": [ISSUER]},
        {"aud": [ISSUER, "https://other.example"]},
        {"aud": ...},
        {"iss": "another"},
        {"iss": ...},
        {"sub": "another"},
        {"sub": "another", "iss": "another"},
        {"sub": ["a"], "iss": ["a"]},
        {"exp": ...},
        {"exp": NOW + 36_000},
        {"exp": NOW - 60},
        {"exp": "soon"},
        {"exp": True},
        {"iat": NOW + 36_000},
        {"nbf": NOW + 36_000},
        {"nbf": []},
        {"jti": ...},
        {"jti": ""},
        {"jti": "x" * 500},
        {"jti": ["a"]},
    ],
)
async def test_bad_assertion(
    web: httpx.AsyncClient, client_key: RSAKey, replay: MemoryReplay, changed: dict[str, Any]
) -> None:
    """An assertion that says something else than it must is refused, and not remembered."""
    await refused(web, form(client_key, **changed), "invalid_client", 401)
    assert not replay.seen


@pytest.mark.parametrize(
    "header",
    [{"typ": "at+jwt"}, {"alg": "none"}, {"kid": "x"}, {"jku": "https://a.example"}, {"jwk": {}}],
)
async def test_bad_assertion_header(
    web: httpx.AsyncClient, client_key: RSAKey, header: dict[str, Any]
) -> None:
    """An assertion of another type, or one that brings its own key, is refused."""
    await refused(web, form(client_key, header), "invalid_client", 401)


async def test_forged_assertion(
    web: httpx.AsyncClient, client_key: RSAKey, foreign_key: RSAKey
) -> None:
    """A foreign key, no key, and the public key as a secret do not sign for a client."""
    good = form(client_key)
    for assertion in (
        sign(foreign_key, {"typ": "JWT", "kid": client_key.kid}, assertion_claims()),
        sign_with_public_key(client_key, assertion_claims()),
        unsigned(client_key, "none"),
        "",
    ):
        await refused(web, {**good, "client_assertion": assertion}, "invalid_client", 401)


async def test_access_token_is_no_assertion(
    web: httpx.AsyncClient, client_key: RSAKey, signing_key: RSAKey
) -> None:
    """An access token of the server does not authenticate a client."""
    token = sign(signing_key, {}, claims(aud=ISSUER))
    await refused(web, {**form(client_key), "client_assertion": token}, "invalid_client", 401)


async def test_assertion_is_no_access_token(
    authenticator: Authenticator, client_key: RSAKey
) -> None:
    """A client assertion does not open the API."""
    with pytest.raises(Exception, match="not accepted"):
        await authenticator.verify(form(client_key)["client_assertion"])


@pytest.mark.parametrize(
    ("changed", "error"),
    [
        ({"grant_type": "password"}, "unsupported_grant_type"),
        ({"grant_type": "authorization_code"}, "unsupported_grant_type"),
        ({"grant_type": "refresh_token"}, "unsupported_grant_type"),
        ({"grant_type": "urn:ietf:params:oauth:grant-type:jwt-bearer"}, "unsupported_grant_type"),
        ({"grant_type": ""}, "invalid_request"),
        ({"client_secret": "x"}, "invalid_request"),
        ({"scope": "all"}, "invalid_scope"),
        ({"resource": "https://other.example"}, "invalid_target"),
    ],
)
async def test_bad_request(
    web: httpx.AsyncClient, client_key: RSAKey, changed: dict[str, str], error: str
) -> None:
    """What is not served is refused with the code that OAuth has for it."""
    await refused(web, {**form(client_key), **changed}, error, 400)


@pytest.mark.parametrize("changed", [{"client_id": "another"}, {"client_assertion_type": "x"}])
async def test_bad_client(
    web: httpx.AsyncClient, client_key: RSAKey, changed: dict[str, str]
) -> None:
    """Another client's name beside the assertion, or another way to show it, is refused."""
    await refused(web, {**form(client_key), **changed}, "invalid_client", 401)


@pytest.mark.parametrize(
    "asked",
    [
        [details()],
        [{"type": "urn:schakel:access:v1"}],
        [{"type": "urn:schakel:access:v1", "purpose": "data_delivery"}],
    ],
)
async def test_details_within(
    web: httpx.AsyncClient, client_key: RSAKey, asked: list[dict[str, Any]]
) -> None:
    """A client may repeat what it is registered for, in whole or in part."""
    request = {**form(client_key), "authorization_details": json.dumps(asked)}
    answer = await web.post("/oauth/token", data=request)
    assert answer.json()["authorization_details"] == [details()]


@pytest.mark.parametrize(
    "asked",
    [
        "x",
        "null",
        "{}",
        "[]",
        "[[]]",
        "[{}]",
        json.dumps([details(), details()]),
        json.dumps([details(purpose="operation")]),
        json.dumps([details(purpose=["data_delivery", "operation"])]),
        json.dumps([details(role="mentor")]),
        json.dumps([details(organisation=None)]),
        json.dumps([details(organisation="6f1c2d3e-0000-4000-8000-000000000009")]),
        json.dumps([details(type="urn:schakel:access:v2")]),
        json.dumps([details(more=1)]),
        "[" * 5000,
    ],
    ids=lambda text: text[-60:],
)
async def test_details_outside(web: httpx.AsyncClient, client_key: RSAKey, asked: str) -> None:
    """Nothing beyond the registration can be had, nor two purposes at once."""
    request = {**form(client_key), "authorization_details": asked}
    await refused(web, request, "invalid_authorization_details", 400)


async def test_bad_form(web: httpx.AsyncClient, client_key: RSAKey) -> None:
    """A request that is not a form with each parameter once is refused, without a fault."""
    kind = {"content-type": "application/x-www-form-urlencoded"}
    good = urlencode(form(client_key))
    for content, headers, status in (
        (good, {"content-type": "application/json"}, 400),
        (good, {**kind, "authorization": "Basic YTpi"}, 400),
        (good + "&grant_type=client_credentials", kind, 400),
        ("", kind, 400),
        ("%ff%fe", kind, 400),
        ("grant_type=%ff", kind, 400),
        (b"\xff", kind, 400),
        ("a=1&" * 30, kind, 400),
        ("a=" + "1" * 20_000, kind, 413),
    ):
        answer = await web.post("/oauth/token", content=content, headers=headers)
        assert (answer.status_code, answer.json()["error"]) == (status, "invalid_request")
    assert (await web.get("/oauth/token", params=form(client_key))).status_code == 405


async def test_resource_metadata() -> None:
    """The API says which server gives its tokens, where RFC 9728 has a client look for it."""
    assert metadata.resource_metadata_url(AUDIENCE) == (
        "https://api.example/.well-known/oauth-protected-resource/graphql"
    )
    app = Starlette(routes=metadata.protected_resource_routes(AUDIENCE, [ISSUER]))
    async with httpx.AsyncClient(transport=httpx.ASGITransport(app)) as client:
        for path in ("", "/graphql"):
            url = f"https://api.example/.well-known/oauth-protected-resource{path}"
            document = (await client.get(url)).json()
            assert (document["resource"], document["authorization_servers"]) == (AUDIENCE, [ISSUER])


async def refused(web: httpx.AsyncClient, request: dict[str, str], error: str, status: int) -> None:
    """Assert that a token request is refused with a code, and gives no token."""
    answer = await web.post("/oauth/token", data=request)
    assert (answer.status_code, answer.json()["error"]) == (status, error)
    assert set(answer.json()) == {"error", "error_description"}
