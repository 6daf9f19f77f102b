"""Which parties can be invited, and what each will see: read from the policy table, never typed."""

from dataclasses import dataclass

from domain.organisations.models import OrganisationKind
from domain.reach import Kind, kinds_of
from permissions.table import TABLE
from permissions.vocabulary import Activity, DataClass, Purpose, Role, Tie

WORKS_AT = {
    Role.SUPPORT_COORDINATOR: OrganisationKind.SCHOOL_BOARD,
    Role.ALLIANCE_CONSULTANT: OrganisationKind.SUPPORT_ALLIANCE,
    Role.YOUTH_DOCTOR: OrganisationKind.YOUTH_HEALTH_SERVICE,
    Role.YOUTH_CARE_WORKER: OrganisationKind.YOUTH_CARE_PROVIDER,
    Role.CHILD_PROTECTION_WORKER: OrganisationKind.CERTIFIED_INSTITUTION,
    Role.TRANSITION_COACH: OrganisationKind.TRANSITION_REGION,
}
"""The kind of organisation at which an invited role is found."""


@dataclass(frozen=True, slots=True)
class Party:
    """A role that can be invited: where it works, for which purpose, and what it will see."""

    role: Role
    kind: OrganisationKind
    purpose: Purpose
    shares: tuple[DataClass, ...]

    @property
    def at_school(self) -> bool:
        """Return whether the invitation goes to one branch of a school board."""
        return self.kind is OrganisationKind.SCHOOL_BOARD


def shares_of(role: Role, purpose: Purpose) -> tuple[DataClass, ...]:
    """Return the classes that taking part in a case opens to a role, in the order of the table."""
    return tuple(
        rule.what
        for rule in TABLE
        if rule.who is role
        and rule.purpose is purpose
        and rule.tie in (Tie.CASE_PARTICIPATION, Tie.COURT_MEASURE)
        and Kind.CASE in kinds_of(rule.may, rule.what)
        and rule.may is Activity.READ
    )


def invitable() -> dict[Role, Party]:
    """Return every role that the policy table lets be invited to a case, and for which purpose."""
    return {
        rule.who: Party(
            rule.who, WORKS_AT[rule.who], rule.purpose, shares_of(rule.who, rule.purpose)
        )
        for rule in TABLE
        if rule.tie is Tie.INVITATION
        and rule.may is Activity.READ
        and rule.what is DataClass.CASE_CORE
    }


PARTIES = invitable()
