"""Keyed numbers: the only chance in rounding, the same whenever the same is asked."""

import hmac
import struct
from functools import cache
from typing import Final

_PURPOSE: Final = b"schakel aggregates rounding 1"
_SHORTEST: Final = 32
_RANGE: Final = 2**16
_IN_A_DIGEST: Final = 16
_WORDS: Final = f">{_IN_A_DIGEST}H"


class Draws:
    """Numbers between 0 and 1 for one unit, school year and scale.

    They come from HMAC-SHA256 under the secret of the school year. A period is no part of what is
    signed: the same cell has the same number all year, a permanent random number in the sense of
    coordinated samples (Brewer, Early and Joyce 1972; Ohlsson 1995).

    Raises:
        ValueError: the secret is too short.
    """

    def __init__(self, secret: bytes, school_year: int, unit: str, scale: str) -> None:
        if len(secret) < _SHORTEST:
            raise ValueError(f"The secret of a school year has at least {_SHORTEST} bytes.")
        signed = b"".join(map(_framed, (str(school_year), unit, scale)))
        self._seed = hmac.digest(secret, _PURPOSE + signed, "sha256")

    def numbers(self, label: str, count: int) -> list[float]:
        """Return as many numbers as asked, at least 0 and less than 1, that belong to a label."""
        framed = _framed(label)
        found = list[float]()
        for block in range(0, count, _IN_A_DIGEST):
            signed = framed + block.to_bytes(4, "big")
            words = struct.unpack(_WORDS, hmac.digest(self._seed, signed, "sha256"))
            found += [word / _RANGE for word in words]
        return found[:count]


@cache
def _framed(text: str) -> bytes:
    """Return a text after its length, so that no two lists of texts are signed alike."""
    content = text.encode()
    return len(content).to_bytes(4, "big") + content
