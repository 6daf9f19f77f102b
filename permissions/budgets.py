"""How many young persons a role may see in a day, for one purpose.

Above what the work of a day asks, someone is copying rather than helping. The figures are ours, to
be confirmed with each controller; a role that is not named sees nobody.
"""

from collections.abc import Mapping
from typing import Final

from permissions.vocabulary import Purpose, Role

BUDGETS: Final[Mapping[Role, int]] = {
    Role.MENTOR: 150,
    Role.ATTENDANCE_COORDINATOR: 3_000,
    Role.SUPPORT_COORDINATOR: 300,
    Role.HEAD_OF_SCHOOL: 3_000,
    Role.ATTENDANCE_OFFICER: 250,
    Role.OFFICE_ALLOCATOR: 1_000,
    Role.TRANSITION_COACH: 250,
    Role.ALLIANCE_CONSULTANT: 150,
    Role.YOUTH_DOCTOR: 100,
    Role.YOUTH_CARE_WORKER: 60,
    Role.CHILD_PROTECTION_WORKER: 60,
    Role.REFERRAL_PARTNER: 100,
    Role.GUARDIAN: 20,
    Role.PARENT_WITHOUT_AUTHORITY: 20,
    Role.YOUNG_PERSON: 5,
    Role.PRIVACY_OFFICER: 500,
}
"""Distinct young persons by role, for one actor, one purpose and one day in the Netherlands."""

IN_EMERGENCY: Final = 3
"""Distinct young persons for the purpose of an emergency, whatever the role."""


def budget(role: Role, purpose: Purpose) -> int:
    """Return how many young persons an actor may see in a day, in a role and for a purpose."""
    if purpose is Purpose.EMERGENCY:
        return IN_EMERGENCY
    return BUDGETS.get(role, 0)
