"""Who asks in the tests of reach: one person for every role and purpose of the policy."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Final

from permissions.vocabulary import Purpose, Role

P, R = Purpose, Role


@dataclass(frozen=True, slots=True)
class Person:
    """A role, a purpose and an organisation; somebody with two tokens is the `same_as` another."""

    role: Role
    purpose: Purpose
    place: str | None = None
    same_as: str | None = None
    party: bool = False
    client: bool = False


PEOPLE: Final[dict[str, Person]] = {
    "mentor": Person(R.MENTOR, P.DAILY_GUIDANCE, "board"),
    "coordinator": Person(R.ATTENDANCE_COORDINATOR, P.DAILY_GUIDANCE, "board"),
    "head": Person(R.HEAD_OF_SCHOOL, P.DAILY_GUIDANCE, "board"),
    "support": Person(R.SUPPORT_COORDINATOR, P.CASE_COORDINATION, "board", party=True),
    "system": Person(R.SCHOOL_SYSTEM, P.DATA_DELIVERY, "board", client=True),
    "officer": Person(R.ATTENDANCE_OFFICER, P.COMPULSORY_SCHOOLING, "office"),
    "colleague": Person(R.ATTENDANCE_OFFICER, P.COMPULSORY_SCHOOLING, "office"),
    "officer case": Person(
        R.ATTENDANCE_OFFICER, P.CASE_COORDINATION, "office", same_as="officer", party=True
    ),
    "officer emergency": Person(R.ATTENDANCE_OFFICER, P.EMERGENCY, "office", same_as="officer"),
    "allocator": Person(R.OFFICE_ALLOCATOR, P.COMPULSORY_SCHOOLING, "office"),
    "coach": Person(R.TRANSITION_COACH, P.TRANSITION, "region", party=True),
    "register": Person(R.ABSENCE_REGISTER, P.COMPULSORY_SCHOOLING, "register", client=True),
    "consultant": Person(R.ALLIANCE_CONSULTANT, P.SPECIAL_NEEDS_SUPPORT, "alliance", party=True),
    "doctor": Person(R.YOUTH_DOCTOR, P.YOUTH_HEALTH, "health", party=True),
    "doctor emergency": Person(R.YOUTH_DOCTOR, P.EMERGENCY, "health", same_as="doctor"),
    "care worker": Person(R.YOUTH_CARE_WORKER, P.YOUTH_CARE, "care", party=True),
    "care emergency": Person(R.YOUTH_CARE_WORKER, P.EMERGENCY, "care", same_as="care worker"),
    "protector": Person(R.CHILD_PROTECTION_WORKER, P.YOUTH_CARE, "institution", party=True),
    "protector emergency": Person(
        R.CHILD_PROTECTION_WORKER, P.EMERGENCY, "institution", same_as="protector"
    ),
    "partner": Person(R.REFERRAL_PARTNER, P.REFERRAL, "partner"),
    "board analyst": Person(R.BOARD_ANALYST, P.POLICY_STATISTICS, "board"),
    "adviser": Person(R.ATTENDANCE_ADVISER, P.PREVENTION_ADVICE, "office"),
    "alliance analyst": Person(R.ALLIANCE_ANALYST, P.POLICY_STATISTICS, "alliance"),
    "inspector": Person(R.INSPECTOR, P.SUPERVISION, "ministry"),
    "policy maker": Person(R.POLICY_MAKER, P.POLICY_STATISTICS, "ministry"),
    "reporting client": Person(R.REPORTING_CLIENT, P.POLICY_STATISTICS, "ministry", client=True),
    "guardian": Person(R.GUARDIAN, P.OWN_DATA),
    "other guardian": Person(R.GUARDIAN, P.OWN_DATA),
    "parent": Person(R.PARENT_WITHOUT_AUTHORITY, P.OWN_DATA),
    "teenager": Person(R.YOUNG_PERSON, P.OWN_DATA),
    "administrator": Person(R.ORGANISATION_ADMINISTRATOR, P.ADMINISTRATION, "institution"),
    "privacy officer": Person(R.PRIVACY_OFFICER, P.ACCOUNTABILITY, "board"),
    "operator": Person(R.PLATFORM_OPERATOR, P.OPERATION, "platform", client=True),
    "job": Person(R.PLATFORM_JOB, P.POLICY_STATISTICS, "platform", client=True),
    "accounting job": Person(R.PLATFORM_JOB, P.ACCOUNTABILITY, "platform", client=True),
}
"""Everyone has, of each tie of the role, the fact; strangers to a fact are made in the tests."""
