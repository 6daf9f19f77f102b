"""What a roster may not say, and what is said of one that is taken in; nothing is stored here.

Problems name the line and the rule, never a delivered value.
"""

from collections import Counter
from collections.abc import Iterator
from datetime import date

from domain.imports.problems import Problem
from domain.imports.roster_records import FORMER, FieldNames, Roster
from domain.pupils.enrolling import Changes
from domain.pupils.services import TakenIn


def wrong_dates(roster: Roster, first: date, last: date) -> Iterator[Problem]:
    """Find dates of entry after the school year, and of leaving before it."""
    fields = roster.fields
    for pupil in roster.pupils:
        if pupil.year_group == FORMER:
            continue
        if pupil.enrolled_from is not None and pupil.enrolled_from > last:
            yield Problem(
                pupil.line,
                fields.entry,
                "The date of entry lies after the school year.",
                "Correct the date, or leave the pupil to the roster of that school year.",
            )
        if pupil.enrolled_until is not None and pupil.enrolled_until < first:
            yield Problem(
                pupil.line,
                fields.leaving,
                "The pupil left before the school year.",
                "Leave the pupil out, or give the year group H (history).",
            )


def numbers_given_twice(roster: Roster) -> set[str]:
    """Return the national numbers that more than one pupil has: they tell nobody apart."""
    found = Counter(p.national_number for p in roster.pupils if p.year_group != FORMER)
    return {number for number, times in found.items() if number is not None and times > 1}


def impossible(changes: Changes, fields: FieldNames) -> Iterator[Problem]:
    """Say which enrolments overlap an earlier one or end before they begin."""
    for line in changes.overlapping:
        yield Problem(
            line,
            fields.entry,
            "The enrolment overlaps an earlier one of this pupil that has ended.",
            "Give a date of entry on or after the end of the earlier enrolment.",
        )
    for line in changes.empty:
        yield Problem(
            line,
            fields.leaving,
            "The enrolment ends on or before the day it begins.",
            "Correct the date of entry or of leaving, or leave the pupil out.",
        )


def warnings(
    roster: Roster, taken: TakenIn, enrolled: Changes, twice: set[str]
) -> Iterator[Problem]:
    """Say what was taken in otherwise than it was delivered."""
    for line in taken.other_person:
        yield Problem(
            line,
            roster.fields.pupil,
            "The national number belongs to another person than this pupil was known as.",
            "Check the number; the pupil stays who it was.",
            "warning",
        )
    for pupil in roster.pupils:
        if pupil.national_number in twice:
            yield Problem(
                pupil.line,
                roster.fields.pupil,
                "The national number is given to more than one pupil and is not used.",
                "Correct the number, or keep one record for each pupil.",
                "warning",
            )
    if taken.no_municipality:
        yield Problem(
            None,
            roster.fields.postcode,
            f"{taken.no_municipality} pupils have a postcode that the directory does not know.",
            "Check the postcodes; without a municipality no report can be sent.",
            "warning",
        )
    if enrolled.other_start:
        yield Problem(
            None,
            roster.fields.entry,
            f"{enrolled.other_start} pupils have another date of entry than was delivered before.",
            "The first date stays; nothing needs to be done.",
            "warning",
        )
    if any(group.composite for group in roster.groups):
        yield Problem(
            None,
            roster.fields.composite,
            "Composite groups are not stored.",
            "Place pupils in a group if someone has to see them as a class.",
            "warning",
        )
