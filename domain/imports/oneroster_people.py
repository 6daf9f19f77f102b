"""Takes what a OneRoster user says of a person: name, national number and sex."""

import re
from collections.abc import Callable, Mapping
from typing import Final

from domain.imports.oneroster_tables import Record
from domain.imports.problems import Problem, Problems
from domain.imports.roster_records import PersonName, Sex
from domain.reference.numbers import (
    is_valid_bsn,
    is_valid_education_number,
    is_valid_national_number,
)

_LONGEST_NAME: Final = 200
_SEXES: Final[Mapping[str, Sex]] = {
    "male": "male",
    "female": "female",
    "other": "not_specified",
    "unspecified": "not_specified",
}
_USER_ID: Final = re.compile(r"\{\s*([A-Za-z _-]{1,40})\s*:\s*([^{}]{1,256})\}")
_NUMBERS: Final[Mapping[str, Callable[[str], bool]]] = {
    "bsn": is_valid_bsn,
    "onderwijsnummer": is_valid_education_number,
    "pgn": is_valid_national_number,
}


def _note(problems: Problems, record: Record, column: str, rule: str, advice: str) -> None:
    problems.add(Problem(record.line, f"{record.file}.csv/{column}", rule, advice))


def name(user: Record, problems: Problems) -> PersonName:
    """Return the name of a user; what is wrong with it is noted."""
    for column in ("givenName", "familyName"):
        text = user.value(column)
        if text is None and column == "familyName" and not user.deleted:
            _note(problems, user, column, "The family name is missing.", "Give it.")
        if text is not None and len(text) > _LONGEST_NAME:
            rule = f"The name is longer than {_LONGEST_NAME} characters."
            _note(problems, user, column, rule, "Shorten it.")
    given = " ".join(filter(None, (user.value("givenName"), user.value("middleName"))))
    return PersonName(
        family_name=user.value("familyName"),
        infix=None,
        given_names=given or None,
        initials=None,
        call_name=user.value("givenName"),
    )


def number(user: Record, warnings: Problems) -> str | None:
    """Return the national number in `userIds`; one that fails the eleven-test is left out."""
    for match in _USER_ID.finditer(user.value("userIds") or ""):
        passes = _NUMBERS.get(match[1].strip().casefold())
        if passes is None:
            continue
        if passes(match[2].strip()):
            return match[2].strip()
        warnings.add(
            Problem(
                user.line,
                "users.csv/userIds",
                "The number fails the eleven-test (elfproef) and is not used.",
                "Correct it in the school's administration and deliver again.",
                "warning",
            )
        )
    return None


def sex(demographics: Record | None, problems: Problems) -> Sex | None:
    """Return the sex in the demographics; a word of no list is noted."""
    text = None if demographics is None else demographics.value("sex")
    if demographics is None or text is None:
        return None
    found = _SEXES.get(text.casefold())
    if found is None:
        advice = f"Use one of: {', '.join(_SEXES)}."
        _note(problems, demographics, "sex", "The sex is not in the format's list.", advice)
    return found
