"""What may be written about a school: no text in which a pupil can be looked up by number."""

import re
import unicodedata
from typing import Final

from domain.cases.writing import text_of
from domain.errors import Invalid
from domain.reference.numbers import is_valid_national_number

# Nine digits alone, in threes, as 4-2-3, or one by one; always with the same signs between.
_BETWEEN: Final = r"([\s.,_\-/\u2010-\u2015]+)"
_NUMBER: Final = re.compile(
    r"(?<![0-9])(?:[0-9]{9}"
    rf"|[0-9]{{3}}{_BETWEEN}[0-9]{{3}}\1[0-9]{{3}}"
    rf"|[0-9]{{4}}{_BETWEEN}[0-9]{{2}}\2[0-9]{{3}}"
    rf"|[0-9]{_BETWEEN}[0-9](?:\3[0-9]){{7}})(?![0-9])"
)


def holds_national_number(text: str) -> bool:
    """Tell whether a text holds something shaped like a national number of a person.

    Digits of other scripts and wide digits count as what they stand for; signs without a width
    count as nothing. Who wants to write one
    down all the same can spell it out: this keeps mistakes out, not intent.
    """
    plain = (s for s in unicodedata.normalize("NFKC", text) if unicodedata.category(s) != "Cf")
    digits = "".join(str(unicodedata.decimal(sign)) if sign.isdecimal() else sign for sign in plain)
    return any(
        is_valid_national_number(re.sub(r"[^0-9]", "", found[0]))
        for found in _NUMBER.finditer(digits)
    )


def about_a_school(value: str, *path: str, most: int) -> str:
    """Return a text that somebody typed about a school, without the white space around it.

    Raises:
        Invalid: see `text_of`; or it holds what may be the national number of a pupil.
    """
    text = text_of(value, *path, most=most)
    if holds_national_number(text):
        raise Invalid(
            "This holds a number that may be the BSN of a pupil. Advice is about a school, not a "
            "child: take out whatever is about a pupil.",
            path=path,
        )
    return text
