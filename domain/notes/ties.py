"""The facts that tie partners to single notes: who wrote them, and leave to read them."""

from typing import Any

from sqlalchemy import Select, func
from sqlalchemy.orm import aliased

from domain.cases.models import Consent, Participation
from domain.cases.ties import mine, upheld
from domain.notes.models import Note
from domain.reach import ME, Kind, fact, register
from domain.reach.facts import holds
from permissions.vocabulary import Tie


@register(Tie.OWN_NOTES, Kind.NOTE)
def own_notes() -> Select[Any, Any]:
    """Takes part in the case, and the note was written for the actor's own organisation."""
    author = aliased(Participation)
    return (
        fact(Note.id, Participation.ended_at)
        .join(Participation, Participation.case_id == Note.case_id)
        .join(author, author.id == Note.author_id)
        .where(mine(), author.organisation_id == ME.organisation)
    )


@register(Tie.CONSENT, Kind.NOTE)
def consent_to_read() -> Select[Any, Any]:
    """Takes part in the case, where leave was given to read the class of notes the author wrote."""
    author = aliased(Participation)
    return (
        fact(Note.id, func.least(Participation.ended_at, Consent.valid_until))
        .join(Participation, Participation.case_id == Note.case_id)
        .join(author, author.id == Note.author_id)
        .join(Consent, Consent.case_id == Note.case_id)
        .where(
            mine(),
            Consent.data_class == Note.data_class,
            Consent.from_organisation_id == author.organisation_id,
            Consent.to_organisation_id == ME.organisation,
            holds(Consent.valid_from, Consent.valid_until, ME.instant),
            upheld(),
        )
    )
