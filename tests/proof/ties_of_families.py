"""What the ties of parents and young persons reach, by the page that says what ties mean."""

from collections.abc import Iterable

from domain.reach import Kind
from permissions.vocabulary import End, Tie
from tests.proof.facts import Authority, Contact, Enrolment, Filiation, OwnAccount, Pupil
from tests.proof.facts_of_work import Case, Exemption, NonEnrolment, Report, Withholding
from tests.proof.standing import (
    EIGHTEEN,
    SIXTEEN,
    TWELVE,
    Reached,
    Standing,
    birthday,
)
from tests.proof.tying import means

E, K, T = End, Kind, Tie
DRAFT = "draft"


def under_authority(me: Standing, authority: Authority) -> list[Pupil]:
    """Return the records of a board that registered an authority, but for those known as adult."""
    return [
        record
        for record in me.records_of(authority.young_person_id, authority.controller_id)
        if not me.reached_age(record.birth_date, EIGHTEEN)
    ]


def grown(me: Standing, account: OwnAccount, age: int) -> list[Pupil]:
    """Return the records of a board that registered an account, of a known age or older."""
    return [
        record
        for record in me.records_of(account.young_person_id, account.controller_id)
        if me.reached_age(record.birth_date, age)
    ]


def young(me: Standing, records: Iterable[Pupil]) -> list[Pupil]:
    """Return the records that are known to be under sixteen."""
    return [record for record in records if me.under(record.birth_date, SIXTEEN)]


def at_school(me: Standing, records: Iterable[Pupil]) -> list[Pupil]:
    """Return the records of pupils who are at a school of their board today."""
    return [
        record
        for record in records
        if any(
            me.lasts(e.valid_from, e.valid_until)
            for e in me.world.where(Enrolment, "pupil_id", record.id)
        )
    ]


# --- parents ---------------------------------------------------------------------------------


@means(T.AUTHORITY, K.PUPIL, E.AUTHORITY)
def children(me: Standing) -> Reached:
    """Yield the pupils over whom the actor has authority."""
    for authority in me.authorities:
        for record in under_authority(me, authority):
            yield record.id, authority.valid_until


def unprotected(me: Standing) -> list[Authority]:
    """Return the authorities over young persons whose whereabouts nobody protects."""
    return [a for a in me.authorities if not me.is_protected(a.young_person_id)]


@means(T.AUTHORITY_UNPROTECTED, K.PUPIL, E.AUTHORITY)
def unprotected_children(me: Standing) -> Reached:
    """Yield those pupils whose whereabouts are not protected."""
    for authority in unprotected(me):
        for record in under_authority(me, authority):
            yield record.id, authority.valid_until


@means(T.AUTHORITY_UNPROTECTED, K.REPORT, E.AUTHORITY)
def reports_of_children(me: Standing) -> Reached:
    """Yield the board's reports on them, but for drafts."""
    for authority in unprotected(me):
        if under_authority(me, authority):
            for report in me.world.where(Report, "young_person_id", authority.young_person_id):
                if report.controller_id == authority.controller_id and report.state != DRAFT:
                    yield report.id, authority.valid_until


@means(T.AUTHORITY_UNPROTECTED, K.CASE, E.AUTHORITY)
def cases_of_children(me: Standing) -> Reached:
    """Yield the cases about them that came from that board."""
    for authority in unprotected(me):
        if under_authority(me, authority):
            for case in me.world.where(Case, "young_person_id", authority.young_person_id):
                if case.board_id == authority.controller_id:
                    yield case.id, authority.valid_until


@means(T.AUTHORITY_UNPROTECTED, K.YOUNG_PERSON, E.AUTHORITY)
def unprotected_young_persons(me: Standing) -> Reached:
    """Yield them as young persons, registered by a board that they are at today."""
    for authority in unprotected(me):
        if at_school(me, under_authority(me, authority)):
            yield authority.young_person_id, authority.valid_until


@means(T.AUTHORITY_UNDER_16, K.PUPIL, E.AGE_16)
def young_children(me: Standing) -> Reached:
    """Yield the pupils under sixteen over whom the actor has authority."""
    for authority in me.authorities:
        for record in young(me, under_authority(me, authority)):
            if record.birth_date is not None:
                yield record.id, birthday(record.birth_date, SIXTEEN)


@means(T.AUTHORITY_UNDER_16, K.YOUNG_PERSON, E.AGE_16)
def young_young_persons(me: Standing) -> Reached:
    """Yield them as young persons, registered by a board that they are at today."""
    for authority in me.authorities:
        for record in at_school(me, young(me, under_authority(me, authority))):
            if record.birth_date is not None:
                yield record.young_person_id, birthday(record.birth_date, SIXTEEN)


@means(T.FAMILY_FILE, K.CASE, E.AGE_16)
def family_files(me: Standing) -> Reached:
    """Yield the cases of unprotected children under sixteen that are not withheld."""
    for authority in unprotected(me):
        for record in young(me, under_authority(me, authority)):
            for case in me.world.where(Case, "young_person_id", authority.young_person_id):
                if case.board_id == authority.controller_id and not is_withheld(me, case):
                    assert record.birth_date is not None
                    yield case.id, birthday(record.birth_date, SIXTEEN)


def is_withheld(me: Standing, case: Case) -> bool:
    """Return whether a case's work is withheld from everyone or from the actor."""
    return any(
        w.guardian_id in {None, me.actor.id} and me.holds(w.valid_from, w.valid_until)
        for w in me.world.where(Withholding, "case_id", case.id)
    )


def office_records(me: Standing, record: type[Exemption | NonEnrolment]) -> Reached:
    """Yield an office's records of unprotected children under sixteen, known from that board."""
    for authority in unprotected(me):
        for pupil in young(me, under_authority(me, authority)):
            for one in me.world.where(record, "young_person_id", authority.young_person_id):
                if one.board_id == authority.controller_id:
                    assert pupil.birth_date is not None
                    yield one.id, birthday(pupil.birth_date, SIXTEEN)


@means(T.FAMILY_FILE, K.EXEMPTION, E.AGE_16)
def exemptions_of_children(me: Standing) -> Reached:
    """Yield the exemptions of those children."""
    return office_records(me, Exemption)


@means(T.FAMILY_FILE, K.NON_ENROLMENT, E.AGE_16)
def non_enrolments_of_children(me: Standing) -> Reached:
    """Yield the records that those children are at no school."""
    return office_records(me, NonEnrolment)


@means(T.OWN_CONTACT, K.CONTACT, E.AUTHORITY)
def own_contacts(me: Standing) -> Reached:
    """Yield the actor's own contact lines with those pupils."""
    for child, until in children(me):
        for contact in me.world.where(Contact, "pupil_id", child):
            if contact.guardian_id == me.actor.id:
                yield contact.id, until


@means(T.FILIATION, K.PUPIL, E.FILIATION)
def children_by_filiation(me: Standing) -> Reached:
    """Yield the pupils whose parent the actor is, unless a court or a protection limits it."""
    for filiation in me.world.where(Filiation, "parent_id", me.actor.id):
        if (
            me.holds(filiation.valid_from, filiation.valid_until)
            and not filiation.limited_by_court
            and not me.is_protected(filiation.young_person_id)
        ):
            for record in me.records_of(filiation.young_person_id, filiation.controller_id):
                if not me.reached_age(record.birth_date, EIGHTEEN):
                    yield record.id, filiation.valid_until


# --- young persons ---------------------------------------------------------------------------


def _records(me: Standing, age: int) -> Reached:
    for account in me.accounts:
        for record in grown(me, account, age):
            yield record.id, account.valid_until


def _cases(me: Standing, age: int) -> Reached:
    for account in me.accounts:
        if grown(me, account, age):
            for case in me.world.where(Case, "young_person_id", account.young_person_id):
                if case.board_id == account.controller_id:
                    yield case.id, account.valid_until


@means(T.SELF_FROM_12, K.PUPIL, E.ACCOUNT)
def own_records_from_12(me: Standing) -> Reached:
    """Yield a young person's own records from twelve."""
    return _records(me, TWELVE)


@means(T.SELF_FROM_12, K.CASE, E.ACCOUNT)
def own_cases_from_12(me: Standing) -> Reached:
    """Yield the cases about a young person from twelve that came from that board."""
    return _cases(me, TWELVE)


@means(T.SELF_FROM_16, K.PUPIL, E.ACCOUNT)
def own_records_from_16(me: Standing) -> Reached:
    """Yield a young person's own records from sixteen."""
    return _records(me, SIXTEEN)


@means(T.SELF_FROM_16, K.CASE, E.ACCOUNT)
def own_cases_from_16(me: Standing) -> Reached:
    """Yield the cases about a young person from sixteen that came from that board."""
    return _cases(me, SIXTEEN)


@means(T.SELF_FROM_16, K.REPORT, E.ACCOUNT)
def own_reports(me: Standing) -> Reached:
    """Yield that board's reports on a young person from sixteen, but for drafts."""
    for account in me.accounts:
        if grown(me, account, SIXTEEN):
            for report in me.world.where(Report, "young_person_id", account.young_person_id):
                if report.controller_id == account.controller_id and report.state != DRAFT:
                    yield report.id, account.valid_until


@means(T.SELF_FROM_16, K.YOUNG_PERSON, E.ACCOUNT)
def oneself(me: Standing) -> Reached:
    """Yield the young person from sixteen, with an account of a board that they are at today."""
    for account in me.accounts:
        if at_school(me, grown(me, account, SIXTEEN)):
            yield account.young_person_id, account.valid_until


def _office_records(me: Standing, record: type[Exemption | NonEnrolment]) -> Reached:
    for account in me.accounts:
        if grown(me, account, SIXTEEN):
            for one in me.world.where(record, "young_person_id", account.young_person_id):
                if one.board_id == account.controller_id:
                    yield one.id, account.valid_until


@means(T.SELF_FROM_16, K.EXEMPTION, E.ACCOUNT)
def own_exemptions(me: Standing) -> Reached:
    """Yield an office's exemptions of a young person from sixteen, known from that board."""
    return _office_records(me, Exemption)


@means(T.SELF_FROM_16, K.NON_ENROLMENT, E.ACCOUNT)
def own_non_enrolments(me: Standing) -> Reached:
    """Yield an office's records that a young person from sixteen is at no school."""
    return _office_records(me, NonEnrolment)
