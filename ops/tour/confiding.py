"""What is not for every party: a note of support, and one of care until a parent gives leave."""

from ops.tour.cast import Cast
from ops.tour.stage import Person, Stage
from permissions.vocabulary import Purpose

CASE = Purpose.CASE_COORDINATION
SUPPORT, CARE = Purpose.SPECIAL_NEEDS_SUPPORT, Purpose.YOUTH_CARE
OF_SUPPORT, OF_CARE = "note.support", "note.youth_care"


def play(stage: Stage, cast: Cast) -> None:
    """Write both, look who sees them, give leave, and look again."""
    stage.teller.scene("A note for support alone, and one of care until a parent gives leave")
    for person, purpose, data_class in (
        (cast.consultant, SUPPORT, OF_SUPPORT),
        (cast.youth_care_worker, CARE, OF_CARE),
    ):
        stage.act(
            person, purpose, "case-partner/add-note",
            caseId=cast.found["case"], dataClass=data_class, text=f"A {data_class}.",
            idempotencyKey=f"tour-{data_class}",
        )  # fmt: skip
    stage.teller.claim(
        OF_SUPPORT in classes(stage, cast, cast.consultant, SUPPORT)
        and OF_SUPPORT in classes(stage, cast, cast.people["support"], CASE)
        and OF_SUPPORT not in classes(stage, cast, cast.youth_care_worker, CARE)
        and OF_SUPPORT not in classes(stage, cast, cast.officer, CASE),
        "The note of support is read by the alliance and the school's support, and by nobody else",
    )
    told = ((cast.officer, CASE), (cast.consultant, SUPPORT), (cast.people["support"], CASE))
    stage.teller.claim(
        OF_CARE in classes(stage, cast, cast.youth_care_worker, CARE)
        and not any(OF_CARE in classes(stage, cast, *one) for one in told),
        "The note of care is read by who wrote it",
    )
    for person, purpose in told:
        stage.act(
            cast.people["parent"], Purpose.OWN_DATA, "guardian/give-consent",
            caseId=cast.found["case"], dataClass=OF_CARE,
            fromOrganisationId=organisation_of(cast.youth_care_worker),
            toOrganisationId=organisation_of(person),
            idempotencyKey=f"tour-consent-{person.role}",
        )  # fmt: skip
        stage.teller.claim(
            OF_CARE in classes(stage, cast, person, purpose),
            f"With leave of a parent the {person.role.replace('_', ' ')} reads it",
        )


def organisation_of(person: Person) -> str:
    """Return the id of a person's organisation, as the API writes it.

    Raises:
        LookupError: the person acts for none.
    """
    if person.organisation is None:
        raise LookupError(f"{person.name} acts for no organisation")
    return f"organisation_{person.organisation.hex}"


def classes(stage: Stage, cast: Cast, person: Person, purpose: Purpose) -> set[str]:
    """Return of which classes a party sees notes in the case."""
    seen = stage.ask(person, purpose, "case-partner/case", quiet=True, id=cast.found["case"])
    return {note["dataClass"] for note in seen["case"]["notes"]["nodes"]}
