"""Which access tokens the API believes, and which it does not."""

import time
from datetime import UTC, datetime, timedelta
from typing import Any

import pytest
from joserfc import jwt
from joserfc.jwk import ECKey, OKPKey, RSAKey
from joserfc.jws import JWSRegistry
from starlette.requests import HTTPConnection

from api.authentication import (
    AuthenticationFailed,
    Authenticator,
    InlineJwks,
    TrustedIssuer,
)
from api.authorization_server import keys
from api.authorization_server.issue import mint
from tests.api.authentication.tokens import (
    AUDIENCE,
    CLIENT,
    ISSUER,
    ORGANISATION,
    SUBJECT,
    claims,
    details,
    encode,
    sign,
    sign_with_public_key,
    unsigned,
)

pytestmark = pytest.mark.asyncio
OTHER = "6f1c2d3e-0000-4000-8000-000000000003"


def request(*authorization: str, query: str = "") -> HTTPConnection:
    """Make a request that carries these Authorization headers."""
    return HTTPConnection(
        {
            "type": "http",
            "headers": [(b"authorization", value.encode()) for value in authorization],
            "query_string": query.encode(),
        }
    )


async def test_good_token(authenticator: Authenticator, signing_key: RSAKey) -> None:
    """A good token says who acts, for what purpose, and until when."""
    payload = claims()
    verified = await authenticator.authenticate(request(f"Bearer {sign(signing_key, {}, payload)}"))
    assert verified is not None
    assert (verified.issuer, verified.subject, verified.client_id) == (ISSUER, SUBJECT, CLIENT)
    assert (verified.role, verified.purpose) == ("school_system", "data_delivery")
    assert str(verified.organisation) == ORGANISATION
    assert verified.expires_at == datetime.fromtimestamp(payload["exp"], UTC)
    assert verified.jti == payload["jti"]
    assert not verified.development


async def test_minted_token(authenticator: Authenticator, signing_key: RSAKey) -> None:
    """What `mint` makes is accepted, without an organisation too."""
    token = mint(
        signing_key,
        issuer=ISSUER,
        audience=AUDIENCE,
        subject=SUBJECT,
        client_id=CLIENT,
        role="guardian",
        purpose="own_data",
        organisation=None,
        lifetime=timedelta(minutes=10),
    )
    verified = await authenticator.verify(token)
    assert (verified.role, verified.organisation) == ("guardian", None)


@pytest.mark.parametrize("lifetime", [timedelta(0), timedelta(hours=7)])
async def test_mint_refuses_lifetime(signing_key: RSAKey, lifetime: timedelta) -> None:
    """No token is minted that has expired already or lives longer than six hours."""
    with pytest.raises(ValueError, match="six hours"):
        mint(
            signing_key,
            issuer=ISSUER,
            audience=AUDIENCE,
            subject=SUBJECT,
            client_id=CLIENT,
            role="guardian",
            purpose="own_data",
            organisation=None,
            lifetime=lifetime,
        )


async def test_anonymous(authenticator: Authenticator) -> None:
    """A request without a token is anonymous and not an error."""
    assert await authenticator.authenticate(request()) is None


@pytest.mark.parametrize(
    "header",
    [
        {"typ": ...},
        {"typ": "JWT"},
        {"typ": "at+jwt2"},
        {"typ": ["at+jwt"]},
        {"alg": "none"},
        {"alg": "PS384"},
        {"alg": "RS256"},  # the published key is for PS256
        {"alg": "ES256"},
        {"alg": ["PS256"]},
        {"alg": ...},
        {"kid": ...},
        {"kid": "unknown"},
        {"kid": "../../dev/null"},
        {"kid": "' OR 1=1 --"},
        {"kid": {"a": 1}},
        {"jku": "https://attacker.example/jwks"},
        {"x5u": "https://attacker.example/cert"},
        {"x5c": ["MIIB"]},
        {"jwk": {"kty": "oct", "k": "AA"}},
        {"crit": ["exp"]},
        {"crit": ["b64"], "b64": False},
    ],
)
async def test_bad_header(
    authenticator: Authenticator, signing_key: RSAKey, header: dict[str, Any]
) -> None:
    """A header that is not that of an access token, or brings its own key, is refused."""
    await refused(authenticator, sign(signing_key, header, claims()))


NOW = time.time()


@pytest.mark.parametrize(
    "changed",
    [
        {"iss": "https://attacker.example"},
        {"iss": ISSUER + "/"},
        {"iss": [ISSUER]},
        {"iss": ...},
        {"aud": "https://other.example"},
        {"aud": [AUDIENCE, "https://other.example"]},
        {"aud": []},
        {"aud": ...},
        {"exp": ...},
        {"exp": "9999999999"},
        {"exp": True},
        {"exp": 1e300},
        {"exp": int(NOW) + 7 * 3600},  # lives longer than six hours
        {"iat": ...},
        {"iat": int(NOW) + 3600, "exp": int(NOW) + 3700},
        {"nbf": int(NOW) + 3600},
        {"nbf": "now"},
        {"sub": ...},
        {"sub": "someone"},
        {"sub": "{" + str(SUBJECT) + "}"},
        {"sub": str(SUBJECT).upper()},
        {"sub": 5},
        {"client_id": ...},
        {"client_id": ""},
        {"client_id": ["a"]},
        {"azp": "another-client"},
        {"azp": None},
        {"jti": ...},
        {"jti": ""},
        {"jti": 7},
        {"cnf": {"jkt": "thumbprint"}},
        {"authorization_details": ...},
        {"authorization_details": []},
        {"authorization_details": details()},
        {"authorization_details": [details(), details()]},
        {"authorization_details": [details(), details(purpose="operation")]},
        {"authorization_details": [[]]},
        {"authorization_details": [details(purpose=["data_delivery", "operation"])]},
        {"authorization_details": [details(purpose="")]},
        {"authorization_details": [details(purpose="a b")]},
        {"authorization_details": [details(role=None)]},
        {"authorization_details": [details(role={"a": 1})]},
        {"authorization_details": [details(organisation="all")]},
        {"authorization_details": [details(organisation=[ORGANISATION])]},
        {"authorization_details": [details(type="urn:schakel:access:v2")]},
        {"authorization_details": [details(also="this")]},
        {"authorization_details": [{"type": "urn:schakel:access:v1", "purpose": "p", "role": "r"}]},
    ],
)
async def test_bad_claims(
    authenticator: Authenticator, signing_key: RSAKey, changed: dict[str, Any]
) -> None:
    """A token that is signed well and says something else than it must is refused."""
    await refused(authenticator, sign(signing_key, {}, claims(**changed)))


async def test_audience_as_list(authenticator: Authenticator, signing_key: RSAKey) -> None:
    """A list of audiences is accepted only when we are all of it."""
    token = sign(signing_key, {}, claims(aud=[AUDIENCE]))
    assert (await authenticator.verify(token)).subject == SUBJECT


async def test_expired(authenticator: Authenticator, signing_key: RSAKey) -> None:
    """A token of ours that has expired is told so; a forged one is not."""
    old = claims(iat=int(time.time()) - 700, exp=int(time.time()) - 100)
    with pytest.raises(AuthenticationFailed, match="expired"):
        await authenticator.verify(sign(signing_key, {}, old))
    forged = sign(signing_key, {}, old)[:-8] + "AAAAAAAA"
    with pytest.raises(AuthenticationFailed, match="not accepted"):
        await authenticator.verify(forged)


@pytest.mark.parametrize("alg", ["none", "None", "NONE", "PS256", ""])
async def test_unsigned(authenticator: Authenticator, signing_key: RSAKey, alg: str) -> None:
    """A token without a signature is refused, however it spells that."""
    await refused(authenticator, unsigned(signing_key, alg))


async def test_public_key_as_secret(authenticator: Authenticator, signing_key: RSAKey) -> None:
    """The published key is of no use as a shared secret."""
    await refused(authenticator, sign_with_public_key(signing_key, claims()))


async def test_foreign_key(
    authenticator: Authenticator, foreign_key: RSAKey, signing_key: RSAKey
) -> None:
    """A key we do not know is refused, under its own name and under that of ours."""
    await refused(authenticator, sign(foreign_key, {}, claims()))
    await refused(authenticator, sign(foreign_key, {"kid": signing_key.kid}, claims()))


async def test_changed_payload(authenticator: Authenticator, signing_key: RSAKey) -> None:
    """A signature holds for one payload only."""
    head, _, tail = sign(signing_key, {}, claims()).split(".")
    await refused(authenticator, f"{head}.{encode(claims(sub=OTHER))}.{tail}")


@pytest.mark.parametrize(
    "text",
    [
        *("", "x", "..", "a.b", "a.b.c", "a.b.c.d", "é.b.c", "e30.e30.", "W10.W10.AA"),
        *("bnVsbA.e30.AA", "." * 10_000),
        *(f"{encode(b'[' * 5000)}.e30.AA", f"{encode(b'{' * 300)}.e30.AA"),
    ],
    ids=lambda text: text[:12],
)
async def test_not_a_token(authenticator: Authenticator, text: str) -> None:
    """Whatever is not a token is refused in the same words, without a fault."""
    await refused(authenticator, text)


@pytest.mark.parametrize(
    "headers",
    [("Basic YTpi",), ("Bearer",), ("Bearer ",), ("bearer x y",), ("Token x",), ("Bearer a",) * 2],
)
async def test_bad_authorization(authenticator: Authenticator, headers: tuple[str, ...]) -> None:
    """A header that holds no bearer token is refused and never taken for anonymous."""
    with pytest.raises(AuthenticationFailed) as failure:
        await authenticator.authenticate(request(*headers))
    assert failure.value.status == 401


async def test_token_in_query(authenticator: Authenticator, signing_key: RSAKey) -> None:
    """A token in the address is refused, even beside a good header."""
    token = sign(signing_key, {}, claims())
    for headers in ((), (f"Bearer {token}",)):
        with pytest.raises(AuthenticationFailed, match="Authorization header only"):
            await authenticator.authenticate(request(*headers, query=f"access_token={token}"))


@pytest.mark.parametrize("alg", ["RS256", "ES256", "EdDSA"])
async def test_other_algorithms(alg: str) -> None:
    """Tokens of an outside issuer are accepted with each of the allowed algorithms."""
    key = {
        "RS256": lambda: RSAKey.generate_key(2048, auto_kid=True),
        "ES256": lambda: ECKey.generate_key("P-256", auto_kid=True),
        "EdDSA": lambda: OKPKey.generate_key("Ed25519", auto_kid=True),
    }[alg]()
    trusted = TrustedIssuer(ISSUER, InlineJwks({"keys": [key.as_dict(private=False)]}))
    authenticator = Authenticator([trusted], audience=AUDIENCE)
    registry = JWSRegistry(algorithms=[alg])
    header = {"alg": alg, "typ": "at+jwt", "kid": key.kid}
    with pytest.warns() if alg == "EdDSA" else _nothing():
        token = jwt.encode(header, claims(), key, registry=registry)
    assert (await authenticator.verify(token)).subject == SUBJECT


class _nothing:  # noqa: N801 - stands beside pytest.warns
    def __enter__(self) -> None: ...
    def __exit__(self, *_: object) -> None: ...


async def test_development_issuer(signing_key: RSAKey) -> None:
    """A development issuer is trusted in development, marked so, and stops the start elsewhere."""
    trusted = TrustedIssuer(ISSUER, InlineJwks(keys.public_jwks(signing_key)), development=True)
    authenticator = Authenticator([trusted], audience=AUDIENCE, development=True)
    assert (await authenticator.verify(sign(signing_key, {}, claims()))).development
    with pytest.raises(ValueError, match="development"):
        Authenticator([trusted], audience=AUDIENCE)


async def test_issuers_do_not_mix(signing_key: RSAKey, foreign_key: RSAKey) -> None:
    """The key of one trusted issuer does not sign for another."""
    authenticator = Authenticator(
        [
            TrustedIssuer(ISSUER, InlineJwks(keys.public_jwks(signing_key))),
            TrustedIssuer("https://second.example", InlineJwks(keys.public_jwks(foreign_key))),
        ],
        audience=AUDIENCE,
    )
    await refused(authenticator, sign(foreign_key, {}, claims()))
    second = sign(foreign_key, {}, claims(iss="https://second.example"))
    assert (await authenticator.verify(second)).issuer == "https://second.example"


async def refused(authenticator: Authenticator, token: str) -> None:
    """Assert that a token is refused in the words that say nothing."""
    with pytest.raises(AuthenticationFailed) as failure:
        await authenticator.verify(token)
    assert str(failure.value) == "The access token is not accepted here."
    assert failure.value.oauth_code == "invalid_token"
