"""How rules are written: one row per data class, and the sources that several rules share."""

from collections.abc import Iterable

from permissions.vocabulary import (
    SPECIAL_CATEGORY,
    TO_BE_CONFIRMED,
    Activity,
    Basis,
    DataClass,
    End,
    Exception_,
    Purpose,
    Role,
    Rule,
    Tie,
)

C = DataClass


def rows(
    who: Role,
    purpose: Purpose,
    tie: Tie,
    may: Activity,
    what: Iterable[DataClass],
    *,
    basis: Basis,
    end: End,
    source: str,
    exception: Exception_ | None = None,
) -> tuple[Rule, ...]:
    """Return one rule per data class; the exception is written only where the class needs one."""
    return tuple(
        Rule(
            who=who,
            may=may,
            what=data_class,
            purpose=purpose,
            tie=tie,
            basis=basis,
            exception=exception if data_class in SPECIAL_CATEGORY else None,
            end=end,
            source=source,
        )
        for data_class in what
    )


SCHOOL_TASK = f"WPO 8, WVO 2020 2.87: care for the pupil's progress ({TO_BE_CONFIRMED})"
SCHOOL_RECORDS = f"School records are kept five years after leaving ({TO_BE_CONFIRMED})"
SCHOOL_REPORT = "Leerplichtwet 1969 art. 21a; Besluit register onderwijsdeelnemers art. 13-14"
OFFICE_TASK = "Leerplichtwet 1969 art. 16, 21a and 22"
REPORT_KEPT = "Wet register onderwijsdeelnemers art. 30: school year of recording and the next"
SHARING_AGREEMENT = f"Sharing agreement of the consultation form ({TO_BE_CONFIRMED})"
WITHHELD = f"AVG 15(4), UAVG 41: the rights of others, of the child first ({TO_BE_CONFIRMED})"
MAZL = f"M@ZL: the school refers worrisome sickness to the youth doctor ({TO_BE_CONFIRMED})"
EMERGENCY_SOURCE = f"AVG 6(1)(d): vital interests; reviewed afterwards ({TO_BE_CONFIRMED})"
FIGURES_TASK = f"Leerplichtwet 1969 art. 25; bill 36 663 ({TO_BE_CONFIRMED})"
ABSENCE_POLICY = f"Bill 36 663: a school answers for its absence policy ({TO_BE_CONFIRMED})"

CASE_HEAD = (C.CASE_CORE, C.CASE_IDENTITY, C.CASE_PARTICIPANTS)
CASE_WORK = (C.PLAN, C.ACTION, C.NOTE_GENERAL)
EMERGENCY_VIEW = (C.PUPIL_IDENTITY, C.PUPIL_CONTACT, C.PUPIL_WHEREABOUTS)


def emergency(who: Role) -> tuple[Rule, ...]:
    """Return the rules of emergency access for a role: declare it, and read what finds a child."""
    return (
        *rows(
            who, Purpose.EMERGENCY, Tie.WORKING_RELATION, Activity.DECLARE, (C.EMERGENCY,),
            basis=Basis.VITAL_INTEREST, end=End.ASSIGNMENT, source=EMERGENCY_SOURCE,
        ),
        *rows(
            who, Purpose.EMERGENCY, Tie.EMERGENCY, Activity.READ, EMERGENCY_VIEW,
            basis=Basis.VITAL_INTEREST, end=End.EMERGENCY, source=EMERGENCY_SOURCE,
        ),
    )  # fmt: skip


def invited(who: Role, purpose: Purpose) -> tuple[Rule, ...]:
    """Return the rule by which a role sees a case's head until it answers the invitation."""
    return rows(
        who, purpose, Tie.INVITATION, Activity.READ, (C.CASE_CORE,),
        basis=Basis.PUBLIC_TASK, end=End.INVITATION_ANSWERED, source=SHARING_AGREEMENT,
    )  # fmt: skip
