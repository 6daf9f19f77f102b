"""The eleven-test (elfproef) on the national number of a pupil.

The persoonsgebonden nummer (PGN) of a pupil is the burgerservicenummer (BSN) or, for who has
none, an onderwijsnummer issued by the Minister (Wet register onderwijsdeelnemers). Both are nine
digits with one weighted sum: 9, 8, 7, 6, 5, 4, 3, 2 and -1 times the digits from left to right.

- BSN: the sum is a multiple of eleven; at most one leading zero. The older sofinummer is the same.
- Onderwijsnummer: begins with 1 and the sum leaves five when divided by eleven, so that it never
  is a possible BSN.

Sources: the EDEXML 2.1 types ask for nine digits only; the sums are as published at
nl.wikipedia.org under Burgerservicenummer and Onderwijsnummer. DUO's own text was not read: to be
confirmed for the onderwijsnummer (some publications ask for a second digit 0 as well).
"""

import re
from typing import Final

_NINE_DIGITS: Final = re.compile(r"[0-9]{9}")
_WEIGHTS: Final = (9, 8, 7, 6, 5, 4, 3, 2, -1)
_EDUCATION_NUMBER_REMAINDER: Final = 5


def is_valid_national_number(text: str) -> bool:
    """Tell whether a text is a possible BSN or a possible onderwijsnummer."""
    return is_valid_bsn(text) or is_valid_education_number(text)


def is_valid_bsn(text: str) -> bool:
    """Tell whether a text is nine digits that pass the eleven-test of a burgerservicenummer."""
    return _remainder(text) == 0 and not text.startswith("00")


def is_valid_education_number(text: str) -> bool:
    """Tell whether a text is nine digits that pass the eleven-test of an onderwijsnummer."""
    return _remainder(text) == _EDUCATION_NUMBER_REMAINDER and text.startswith("1")


def _remainder(text: str) -> int | None:
    """Return the weighted sum modulo eleven, or None when the text is not nine ASCII digits."""
    if _NINE_DIGITS.fullmatch(text) is None:
        return None
    return sum(weight * int(digit) for weight, digit in zip(_WEIGHTS, text, strict=True)) % 11
