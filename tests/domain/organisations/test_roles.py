from domain.organisations import services
from permissions.table import TABLE
from permissions.vocabulary import Role, Tie


def test_every_staff_role_of_the_table_has_one_kind_of_organisation() -> None:
    """Whoever has a rule that rests on an assignment can be appointed, at one kind of place."""
    with_assignment = {
        rule.who for rule in TABLE if rule.tie in (Tie.CLASS_ASSIGNMENT, Tie.BRANCH_ASSIGNMENT)
    }
    appointed = [role for roles in services.ROLES.values() for role in roles]
    assert with_assignment <= set(appointed)
    everywhere = {Role.ORGANISATION_ADMINISTRATOR, Role.PRIVACY_OFFICER}
    elsewhere = [role for role in appointed if role not in everywhere]
    assert len(elsewhere) == len(set(elsewhere))
