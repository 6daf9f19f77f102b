"""Where keys are kept and how the keys of others are fetched."""

import asyncio
import json
import os
from collections.abc import Callable
from pathlib import Path

import httpx
import pytest
from joserfc.jwk import OctKey, RSAKey

from api.authentication import FileJwks, InlineJwks, RemoteJwks
from api.authorization_server import keys
from api.errors import ApiError, ErrorCode

pytestmark = pytest.mark.asyncio
URI = "https://issuer.example/jwks"


async def test_create_and_load(tmp_path: Path) -> None:
    """A key is made once, for its owner only, and is the same afterwards."""
    path = tmp_path / "signing.pem"
    made = keys.load_or_create(path, 2048)
    assert path.stat().st_mode & 0o777 == 0o600
    assert keys.load_or_create(path).kid == made.kid
    assert os.listdir(tmp_path) == ["signing.pem"]  # noqa: PTH208 - pathlib would block as well


async def test_create_at_once(tmp_path: Path) -> None:
    """Processes that start together end up with one key."""
    path = tmp_path / "signing.pem"
    made = await asyncio.gather(
        *(asyncio.to_thread(keys.load_or_create, path, 2048) for _ in range(4))
    )
    assert len({key.kid for key in made}) == 1


async def test_refuses_key_files(tmp_path: Path, signing_key: RSAKey) -> None:
    """A file that others can read, a link, and what is no private key are refused."""
    good = tmp_path / "good.pem"
    good.write_bytes(signing_key.as_pem(private=True))
    good.chmod(0o640)
    link = tmp_path / "link.pem"
    link.symlink_to(good)
    public = tmp_path / "public.pem"
    public.write_bytes(signing_key.as_pem(private=False))
    public.chmod(0o600)
    rubbish = tmp_path / "rubbish.pem"
    rubbish.write_text("rubbish")
    rubbish.chmod(0o600)
    for path in (good, link, public, rubbish, tmp_path / "absent.pem"):
        with pytest.raises(keys.KeyFileError, match=path.name):
            keys.load(path)
    with pytest.raises(ValueError, match="2048"):
        keys.generate(1024)


async def test_unfit_keys_are_left_out(signing_key: RSAKey) -> None:
    """Secrets, private keys, keys for encryption and nameless keys verify nothing."""
    public = signing_key.as_dict(private=False)
    unfit = [
        {**OctKey.generate_key(256).as_dict(), "kid": "secret"},
        {**signing_key.as_dict(private=True), "kid": "private"},
        {**public, "kid": "encryption", "use": "enc"},
        {name: value for name, value in public.items() if name != "kid"},
        {**public, "kid": 5},
        {"kty": "RSA", "kid": "broken", "n": 1},
        {"kty": ["RSA"], "kid": "list"},
        {"kty": "EC", "kid": "curve", "crv": "none", "x": "", "y": ""},
        "text",
    ]
    source = InlineJwks({"keys": [*unfit, public]})
    for kid in ("secret", "private", "encryption", "5", "broken", "list", "curve"):
        assert await source.find(kid) is None
    assert await source.find(str(signing_key.kid)) is not None


class Publisher:
    """An issuer's web server, counting how often it is asked."""

    def __init__(self, *published: RSAKey) -> None:
        self.content = json.dumps(keys.public_jwks(*published)).encode()
        self.status = 200
        self.asked = 0

    def transport(self) -> httpx.MockTransport:
        """Answer with what is published now."""
        return httpx.MockTransport(self._answer)

    def _answer(self, _request: httpx.Request) -> httpx.Response:
        self.asked += 1
        return httpx.Response(self.status, content=self.content)


@pytest.fixture
def publish() -> Callable[..., Publisher]:
    """Make a publisher."""
    return Publisher


async def test_fetched_once(publish: Callable[..., Publisher], signing_key: RSAKey) -> None:
    """Many requests at once fetch the keys once, and made-up names do not make it more."""
    publisher = publish(signing_key)
    source = RemoteJwks(URI, transport=publisher.transport())
    found = await asyncio.gather(*(source.find(str(signing_key.kid)) for _ in range(20)))
    assert None not in found
    for number in range(50):
        assert await source.find(f"made-up-{number}") is None
    assert publisher.asked == 1


async def test_rotation(
    publish: Callable[..., Publisher], signing_key: RSAKey, foreign_key: RSAKey
) -> None:
    """A new key is fetched when its name is first seen, and a withdrawn one stops working."""
    publisher = publish(signing_key)
    source = RemoteJwks(URI, transport=publisher.transport(), pause=0)
    assert await source.find(str(signing_key.kid)) is not None
    publisher.content = json.dumps(keys.public_jwks(foreign_key)).encode()
    assert await source.find(str(foreign_key.kid)) is not None
    assert await source.find(str(signing_key.kid)) is None


@pytest.mark.parametrize(
    ("status", "content"),
    [
        (500, b""),
        (302, b""),
        (200, b"<html>"),
        (200, b"[]"),
        (200, b'{"keys":1}'),
        (200, b"x" * 300_000),
    ],
    ids=["fault", "redirect", "html", "list", "number", "large"],
)
async def test_outage(
    publish: Callable[..., Publisher], signing_key: RSAKey, status: int, content: bytes
) -> None:
    """Keys are used on through an outage; without any, the answer is to try again later."""
    publisher = publish(signing_key)
    good = publisher.content
    publisher.status, publisher.content = status, content
    source = RemoteJwks(URI, transport=publisher.transport(), pause=0, kept=0)
    with pytest.raises(ApiError) as failure:
        await source.find(str(signing_key.kid))
    assert failure.value.code is ErrorCode.UNAVAILABLE
    publisher.status, publisher.content = 200, good
    assert await source.find(str(signing_key.kid)) is not None
    publisher.status, publisher.content = status, content
    assert await source.find(str(signing_key.kid)) is not None


async def test_plain_http_is_for_loopback() -> None:
    """Keys are not fetched over plain HTTP from elsewhere."""
    for uri in ("http://issuer.example/jwks", "file:///etc/passwd", "jwks.json"):
        with pytest.raises(ValueError, match="https"):
            RemoteJwks(uri)
    RemoteJwks("http://127.0.0.1:8000/oauth/jwks")


async def test_file(tmp_path: Path, signing_key: RSAKey) -> None:
    """Keys in a file are read when they are first asked for."""
    path = tmp_path / "jwks.json"
    source = FileJwks(path, pause=0)
    with pytest.raises(ApiError):
        await source.find(str(signing_key.kid))
    path.write_text(json.dumps(keys.public_jwks(signing_key)))
    assert await source.find(str(signing_key.kid)) is not None
