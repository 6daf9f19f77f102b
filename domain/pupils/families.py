"""Acts of a school on who a pupil's family is: authority, protection, other parents, accounts.

A coordinator registers of the pupils of its branch; it ends what its school registered of them,
and also of pupils who left that branch last.
"""

from uuid import UUID, uuid4

from sqlalchemy import Boolean, ColumnElement, func, or_, select, update
from sqlalchemy.ext.asyncio import AsyncSession

from domain.database import ask_of
from domain.errors import Conflict, NotFound
from domain.pupils.models import (
    Filiation,
    GuardianAuthority,
    OwnAccount,
    Pupil,
    PupilContact,
    WhereaboutsProtection,
)
from domain.reach import Kind, require
from domain.trace import Act, record
from permissions.vocabulary import Activity, Actor, DataClass, Rule


async def protect_whereabouts(session: AsyncSession, actor: Actor, *, pupil_id: UUID) -> UUID:
    """Keep where a young person is from the family's other members, from now on.

    Raises:
        NotFound: the pupil does not exist, or not for this actor.
        Conflict: it is protected already.
    """
    rule, pupil = await _registering(session, actor, DataClass.PUPIL_WHEREABOUTS, pupil_id)
    protected = await session.scalar(
        select(WhereaboutsProtection.id).where(
            *_of_school(WhereaboutsProtection, pupil), WhereaboutsProtection.valid_until.is_(None)
        )
    )
    if protected is not None:
        raise Conflict("The whereabouts of this pupil are protected already.", path=("pupilId",))
    made = WhereaboutsProtection(
        id=uuid4(),
        controller_id=pupil.controller_id,
        young_person_id=pupil.young_person_id,
        valid_from=ask_of(session).moment.instant,
    )
    session.add(made)
    await record(
        session, actor, rule, Act.WHEREABOUTS_PROTECTED,
        subjects=[pupil.young_person_id], about=made.id,
    )  # fmt: skip
    return pupil_id


async def end_protection(session: AsyncSession, actor: Actor, *, pupil_id: UUID) -> UUID:
    """End the protection that the actor's own school registered.

    Raises:
        NotFound: the pupil does not exist, or not for this actor.
        Conflict: it is not protected by this school.
    """
    rule, pupil = await _ending(session, actor, DataClass.PUPIL_WHEREABOUTS, pupil_id)
    if await _ended(session, WhereaboutsProtection, pupil) == 0:
        raise Conflict("This school protects no whereabouts of this pupil.", path=("pupilId",))
    await record(session, actor, rule, Act.PROTECTION_ENDED, subjects=[pupil.young_person_id])
    return pupil_id


async def register_parent(
    session: AsyncSession,
    actor: Actor,
    *,
    pupil_id: UUID,
    guardian_id: UUID,
    limited_by_court: bool,
) -> UUID:
    """Register that a known contact is a parent without authority, who may be told the main facts.

    BW 1:377c; a court may have limited it, and then the parent is told nothing.

    Raises:
        NotFound: the pupil does not exist, or not for this actor; or the person is no contact.
        Conflict: it is registered already.
    """
    rule, pupil = await _registering(session, actor, DataClass.PUPIL_CONTACT, pupil_id)
    known = await session.scalar(
        select(PupilContact.id).where(
            PupilContact.pupil_id == pupil_id, PupilContact.guardian_id == guardian_id
        )
    )
    if known is None:
        raise NotFound("guardianId")
    registered = await session.scalar(
        select(Filiation.id).where(
            Filiation.young_person_id == pupil.young_person_id,
            Filiation.controller_id == pupil.controller_id,
            Filiation.parent_id == guardian_id,
            Filiation.valid_until.is_(None),
        )
    )
    if registered is not None:
        raise Conflict("This parent is registered already.", path=("guardianId",))
    made = Filiation(
        id=uuid4(),
        controller_id=pupil.controller_id,
        parent_id=guardian_id,
        young_person_id=pupil.young_person_id,
        limited_by_court=limited_by_court,
        valid_from=ask_of(session).moment.instant,
    )
    session.add(made)
    await record(
        session, actor, rule, Act.PARENT_REGISTERED,
        subjects=[pupil.young_person_id], about=made.id,
    )  # fmt: skip
    return pupil_id


async def end_parent(
    session: AsyncSession, actor: Actor, *, pupil_id: UUID, guardian_id: UUID
) -> UUID:
    """End what the actor's own school registered of a parent without authority.

    What a court limits later is registered anew after this.

    Raises:
        NotFound: the pupil does not exist, or not for this actor.
        Conflict: this school has registered no such parent.
    """
    rule, pupil = await _ending(session, actor, DataClass.PUPIL_CONTACT, pupil_id)
    ended = await _ended(session, Filiation, pupil, Filiation.parent_id == guardian_id)
    if ended == 0:
        raise Conflict("This school has registered no such parent.", path=("guardianId",))
    await record(session, actor, rule, Act.PARENT_ENDED, subjects=[pupil.young_person_id])
    return pupil_id


async def end_guardian(
    session: AsyncSession, actor: Actor, *, pupil_id: UUID, guardian_id: UUID
) -> UUID:
    """End the parental authority that the actor's own school registered of somebody.

    BW 1:251a, 1:266 and 1:277: a court gives and takes authority. Who it is stays a contact.

    Raises:
        NotFound: the pupil does not exist, or not for this actor.
        Conflict: this person has no authority by what this school registered.
    """
    rule, pupil = await _ending(session, actor, DataClass.PUPIL_CONTACT, pupil_id)
    ended = await _ended(
        session, GuardianAuthority, pupil, GuardianAuthority.guardian_id == guardian_id
    )
    if ended == 0:
        raise Conflict(
            "By what this school registered this person has no authority.", path=("guardianId",)
        )
    await record(
        session, actor, rule, Act.AUTHORITY_ENDED,
        subjects=[pupil.young_person_id], about=guardian_id,
    )  # fmt: skip
    return pupil_id


async def register_own_account(
    session: AsyncSession, actor: Actor, *, pupil_id: UUID, account_id: UUID
) -> UUID:
    """Register that an account, as the identity provider knows it, is the young person's own.

    Raises:
        NotFound: the pupil does not exist, or not for this actor.
        Conflict: the young person has an account at this school already; or the account is
            somebody else's: of who works somewhere, a guardian, a program, another young person.
    """
    rule, pupil = await _registering(session, actor, DataClass.PUPIL_CONTACT, pupil_id)
    registered = await session.scalar(
        select(OwnAccount.id).where(
            OwnAccount.young_person_id == pupil.young_person_id,
            OwnAccount.controller_id == pupil.controller_id,
            OwnAccount.valid_until.is_(None),
        )
    )
    if registered is not None:
        raise Conflict("This pupil has an account already; end that one first.", path=("pupilId",))
    free = func.reach.is_free_account(account_id, pupil.young_person_id, type_=Boolean)
    if not await session.scalar(select(free)):
        raise Conflict("This account cannot be the pupil's own.", path=("accountId",))
    made = OwnAccount(
        id=uuid4(),
        controller_id=pupil.controller_id,
        account_id=account_id,
        young_person_id=pupil.young_person_id,
        valid_from=ask_of(session).moment.instant,
    )
    session.add(made)
    await record(
        session, actor, rule, Act.OWN_ACCOUNT_REGISTERED,
        subjects=[pupil.young_person_id], about=made.id,
    )  # fmt: skip
    return pupil_id


async def end_own_account(session: AsyncSession, actor: Actor, *, pupil_id: UUID) -> UUID:
    """End the young person's account with the actor's own school.

    Raises:
        NotFound: the pupil does not exist, or not for this actor.
        Conflict: the young person has no account there.
    """
    rule, pupil = await _ending(session, actor, DataClass.PUPIL_CONTACT, pupil_id)
    if await _ended(session, OwnAccount, pupil) == 0:
        raise Conflict("This pupil has no account at this school.", path=("pupilId",))
    await record(session, actor, rule, Act.OWN_ACCOUNT_ENDED, subjects=[pupil.young_person_id])
    return pupil_id


FamilyFact = (
    type[Filiation] | type[GuardianAuthority] | type[OwnAccount] | type[WhereaboutsProtection]
)


def _of_school(kind: FamilyFact, pupil: Pupil) -> list[ColumnElement[bool]]:
    """Return what makes a fact about a young person one that the pupil's school registered.

    Of a protection nobody reads which board's it is, not even in a condition: row-level security
    shows whoever registers such facts those of the own organisation alone.
    """
    about = [kind.young_person_id == pupil.young_person_id]
    if kind is not WhereaboutsProtection:
        about.append(kind.controller_id == pupil.controller_id)
    return about


async def _ended(
    session: AsyncSession,
    kind: FamilyFact,
    pupil: Pupil,
    *which: ColumnElement[bool],
) -> int:
    """End, now, what the school registered of the young person; return how many facts ended."""
    instant = ask_of(session).moment.instant
    ended = await (await session.connection()).execute(
        update(kind)
        .where(
            *_of_school(kind, pupil),
            or_(kind.valid_until.is_(None), kind.valid_until > instant),
            *which,
        )
        .values(valid_until=instant)
    )
    return ended.rowcount


async def _registering(
    session: AsyncSession, actor: Actor, data_class: DataClass, pupil_id: UUID
) -> tuple[Rule, Pupil]:
    """Return the rule by which the actor registers facts of the family, and the pupil."""
    return await _keeping(session, actor, Activity.REGISTER, data_class, pupil_id)


async def _ending(
    session: AsyncSession, actor: Actor, data_class: DataClass, pupil_id: UUID
) -> tuple[Rule, Pupil]:
    """Return the rule by which the actor ends facts of the family, and the pupil."""
    return await _keeping(session, actor, Activity.END, data_class, pupil_id)


async def _keeping(
    session: AsyncSession, actor: Actor, activity: Activity, data_class: DataClass, pupil_id: UUID
) -> tuple[Rule, Pupil]:
    rule = await require(
        session, actor, activity, data_class,
        kind=Kind.PUPIL, reached=pupil_id, path=("pupilId",),
    )  # fmt: skip
    pupil = await session.scalar(select(Pupil).where(Pupil.id == pupil_id))
    if pupil is None:
        raise NotFound("pupilId")
    return rule, pupil
