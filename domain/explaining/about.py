"""How an object of each kind that a tie reaches is about a young person.

The keys are read as the actor. What a tie reaches is there for the actor under some class, if not
always under the one that is asked for: a mentor sees the part that the school takes in a case, but
not the case. So a kind that two tables tell of is read from both.
"""

from collections.abc import Mapping
from typing import Any, Final

from sqlalchemy import ColumnElement, Select, Uuid, bindparam, select, union

from domain.cases.models import CaseFile, Participation
from domain.exemptions.models import Exemption, NonEnrolment
from domain.leave.models import LeaveRequest
from domain.notes.models import Note
from domain.pupils.models import Pupil, PupilContact
from domain.reach import Kind, kinds_of
from domain.referrals.models import Referral
from domain.reports.models import Report
from permissions.vocabulary import Activity, DataClass

YOUNG_PERSON: Final = bindparam("about_young_person", type_=Uuid)
"""Whom a question is about, as a parameter of its statement."""

Objects = Select[Any, Any]
"""Keys of objects, each with the young person it is about."""

_OBJECTS: Final[Mapping[Kind, tuple[Objects, ...]]] = {
    Kind.PUPIL: (select(Pupil.id, Pupil.young_person_id),),
    Kind.CONTACT: (
        select(PupilContact.id, Pupil.young_person_id).join(
            Pupil, Pupil.id == PupilContact.pupil_id
        ),
    ),
    Kind.REPORT: (select(Report.id, Report.young_person_id),),
    Kind.CASE: (
        select(CaseFile.id, CaseFile.young_person_id),
        select(Participation.case_id, Participation.young_person_id),
    ),
    Kind.INVITATION: (select(Participation.id, Participation.young_person_id),),
    Kind.NOTE: (select(Note.id, Note.young_person_id),),
    Kind.REFERRAL: (select(Referral.id, Referral.young_person_id),),
    Kind.LEAVE: (select(LeaveRequest.id, LeaveRequest.young_person_id),),
    Kind.EXEMPTION: (select(Exemption.id, Exemption.young_person_id),),
    Kind.NON_ENROLMENT: (select(NonEnrolment.id, NonEnrolment.young_person_id),),
    Kind.YOUNG_PERSON: (select(YOUNG_PERSON, YOUNG_PERSON),),
}

CLASS_OF: Final[Mapping[Kind, ColumnElement[str]]] = {
    Kind.NOTE: Note.data_class.expression,
    Kind.EXEMPTION: Exemption.data_class.expression,
}
"""The kinds of object whose rows name a class of their own; a tie reaches those of every class."""

ABOUT_ONE: Final = frozenset(_OBJECTS)
"""The kinds of object that are about one young person; the others are about organisations."""


def about_one(data_class: DataClass) -> bool:
    """Return whether a class of data, when read, is about one young person."""
    return ABOUT_ONE.issuperset(kinds_of(Activity.READ, data_class))


def objects_about(kind: Kind, data_class: DataClass | None = None) -> Select[Any]:
    """Return the keys of the objects of a kind that are about the young person.

    Of a kind in `CLASS_OF` those of one class, when it is given.

    Raises:
        KeyError: an object of that kind is not about one young person; a mistake in code.
    """
    named = None if data_class is None else CLASS_OF.get(kind)
    keys: list[Select[Any]] = []
    for objects in _OBJECTS[kind]:
        key, person = objects.selected_columns
        found = objects.with_only_columns(key.label("key")).where(person == YOUNG_PERSON)
        keys.append(found if named is None else found.where(named == str(data_class)))
    return select(union(*keys).subquery().c.key)
