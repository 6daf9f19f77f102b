"""The rules. No row, no access.

They are written in `permissions/rules`, a module per side of the chain, one `Rule` per data class,
so that each stands alone in `MATRIX.md`. A source that a lawyer has not confirmed says so.
"""

from permissions.rules import chain, family, figures, office, platform, school
from permissions.vocabulary import Rule

TABLE: tuple[Rule, ...] = (
    *school.MENTOR,
    *school.ATTENDANCE_COORDINATOR,
    *school.SUPPORT_COORDINATOR,
    *school.HEAD_OF_SCHOOL,
    *office.ATTENDANCE_OFFICER,
    *office.OFFICE_ALLOCATOR,
    *office.TRANSITION_COACH,
    *chain.ALLIANCE_CONSULTANT,
    *chain.YOUTH_DOCTOR,
    *chain.YOUTH_CARE_WORKER,
    *chain.CHILD_PROTECTION_WORKER,
    *chain.REFERRAL_PARTNER,
    *family.GUARDIAN,
    *family.PARENT_WITHOUT_AUTHORITY,
    *family.YOUNG_PERSON,
    *figures.BOARD_ANALYST,
    *figures.ATTENDANCE_ADVISER,
    *figures.ALLIANCE_ANALYST,
    *figures.INSPECTOR,
    *figures.POLICY_MAKER,
    *figures.REPORTING_CLIENT,
    *school.SCHOOL_SYSTEM,
    *office.ABSENCE_REGISTER,
    *platform.ORGANISATION_ADMINISTRATOR,
    *platform.PRIVACY_OFFICER,
    *platform.PLATFORM_OPERATOR,
    *platform.PLATFORM_JOB,
)
