"""Who asks, at one moment, in one world: where they work, what they take part in, and ages."""

from collections.abc import Iterator
from dataclasses import dataclass
from datetime import date, datetime
from functools import cached_property
from uuid import UUID

from permissions.vocabulary import Actor
from tests.proof.facts import Assignment, Authority, Enrolment, OwnAccount, Protection, Pupil, World
from tests.proof.facts_of_work import Case, Consent, Participation, Referral

Instant = datetime | date
Reached = Iterator[tuple[object, Instant | None]]

TWELVE, SIXTEEN, EIGHTEEN, TWENTY_SEVEN = 12, 16, 18, 27


def birthday(born: date, age: int) -> date:
    """Return the day on which an age is reached.

    Who is born on 29 February reaches it on the 28th in a year without one.
    """
    try:
        return born.replace(year=born.year + age)
    except ValueError:
        return date(born.year + age, 2, 28)


@dataclass(frozen=True)
class Standing:
    """An actor in a world, at the world's moment."""

    world: World
    actor: Actor

    @property
    def now(self) -> datetime:
        """The one instant of the request."""
        return self.world.moment.instant

    @property
    def today(self) -> date:
        """Its day in the Netherlands."""
        return self.world.moment.today

    # --- periods and ages -----------------------------------------------------------------

    def holds(self, valid_from: datetime, valid_until: datetime | None) -> bool:
        """Return whether a period of instants holds now."""
        return valid_from <= self.now and (valid_until is None or self.now < valid_until)

    def lasts(self, valid_from: date, valid_until: date | None) -> bool:
        """Return whether a period of days holds today."""
        return valid_from <= self.today and (valid_until is None or self.today < valid_until)

    def reached_age(self, born: date | None, age: int) -> bool:
        """Return whether an age is known to be reached."""
        return born is not None and birthday(born, age) <= self.today

    def under(self, born: date | None, age: int) -> bool:
        """Return whether an age is known to be still ahead."""
        return born is not None and birthday(born, age) > self.today

    # --- working and taking part ----------------------------------------------------------

    @cached_property
    def work(self) -> list[Assignment]:
        """The assignments by which the actor works, for what the token says."""
        return [
            a
            for a in self.world.where(Assignment, "staff_id", self.actor.id)
            if a.organisation_id == self.actor.organisation
            and a.role == self.actor.role
            and self.holds(a.valid_from, a.valid_until)
        ]

    def works_at(self, branch: UUID | None) -> bool:
        """Return whether the actor works, and at the branch when one is named."""
        return any(branch is None or a.branch_id == branch for a in self.work)

    def is_held(self, part: Participation) -> bool:
        """Return whether a part in a case was accepted and has not ended."""
        return part.accepted_at is not None and self.holds(part.accepted_at, part.ended_at)

    @cached_property
    def parts(self) -> list[Participation]:
        """The participations by which the actor takes part, for what the token says."""
        return [
            p
            for p in self.world.where(Participation, "staff_id", self.actor.id)
            if p.organisation_id == self.actor.organisation
            and p.role == self.actor.role
            and p.purpose == self.actor.purpose
            and self.is_held(p)
            and self.works_at(p.branch_id)
        ]

    def parts_of_board(self) -> list[Participation]:
        """Return the parts of the token's organisation as support coordinator, held now."""
        return [
            p
            for p in self.world.where(Participation, "organisation_id", self.actor.organisation)
            if p.role == "support_coordinator" and self.is_held(p)
        ]

    def referrals(self) -> list[Referral]:
        """Return the referrals to the token's organisation and role that hold.

        That of a pupil holds while the pupil is enrolled.
        """
        return [
            r
            for r in self.world.where(Referral, "to_organisation_id", self.actor.organisation)
            if r.to_role == self.actor.role
            and self.holds(r.valid_from, r.valid_until)
            and (r.pupil_id is None or self.enrolments_of(r.pupil_id))
        ]

    # --- pupils ---------------------------------------------------------------------------

    def records(self, young_person: UUID) -> list[Pupil]:
        """Return every board's record of a young person."""
        return self.world.where(Pupil, "young_person_id", young_person)

    def records_of(self, young_person: UUID, board: UUID) -> list[Pupil]:
        """Return one board's records of a young person."""
        return [p for p in self.records(young_person) if p.controller_id == board]

    def enrolments_of(self, pupil: UUID) -> list[Enrolment]:
        """Return a pupil's enrolments that hold today."""
        return [
            e
            for e in self.world.where(Enrolment, "pupil_id", pupil)
            if self.lasts(e.valid_from, e.valid_until)
        ]

    def enrolled_at(self, branch: UUID) -> list[Enrolment]:
        """Return the enrolments at a branch that hold today."""
        return [
            e
            for e in self.world.where(Enrolment, "branch_id", branch)
            if self.lasts(e.valid_from, e.valid_until)
        ]

    # --- the family -----------------------------------------------------------------------

    @cached_property
    def authorities(self) -> list[Authority]:
        """The actor's parental authorities that hold."""
        return [
            a
            for a in self.world.where(Authority, "guardian_id", self.actor.id)
            if self.holds(a.valid_from, a.valid_until)
        ]

    @cached_property
    def accounts(self) -> list[OwnAccount]:
        """The actor's own accounts that hold."""
        return [
            a
            for a in self.world.where(OwnAccount, "account_id", self.actor.id)
            if self.holds(a.valid_from, a.valid_until)
        ]

    def is_protected(self, young_person: UUID) -> bool:
        """Return whether a young person's whereabouts are protected, by whichever board."""
        return any(
            self.holds(p.valid_from, p.valid_until)
            for p in self.world.where(Protection, "young_person_id", young_person)
        )

    def is_upheld(self, consent: Consent) -> bool:
        """Return whether the board that a case came from has the giver as parent or child."""
        (case,) = self.world.where(Case, "id", consent.case_id)
        facts: list[Authority | OwnAccount] = [
            *self.world.where(Authority, "guardian_id", consent.given_by),
            *self.world.where(OwnAccount, "account_id", consent.given_by),
        ]
        return any(
            fact.young_person_id == case.young_person_id
            and fact.controller_id == case.board_id
            and self.holds(fact.valid_from, fact.valid_until)
            for fact in facts
        )
