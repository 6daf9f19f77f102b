"""The small chain with everyone in it: youth health, protection, referral partners, the family.

Reads go through both layers: the statement that a query compiles to, as the login role of the
service under row-level security.
"""

from __future__ import annotations

import asyncio
from dataclasses import replace
from datetime import datetime
from typing import Any
from uuid import UUID, uuid4

import pytest
import pytest_asyncio
from sqlalchemy import Text, func, literal, select

from domain import clock
from domain.cases.consent import give_consent
from domain.database import Database, ask, login_for
from domain.notes import sealing
from domain.reading.compile import Compiler
from permissions.vocabulary import Actor, Purpose, Role
from tests.conftest import TestDatabase
from tests.domain.cases.acting import EARLIER
from tests.domain.cases.world import Chain
from tests.security.layers import VIEWS

ABOUT_NOBODY = {
    "staff", "assignment", "classgroup", "receipt", "advice", "figures", "releaseUnit",
    "branchPeriod", "ownPeriod", "exactFigures",
}  # fmt: skip
PERSONAL = tuple(view for view in VIEWS if view.name not in ABOUT_NOBODY)
"""The views of rows about a person."""


class WholeChain(Chain):
    """The chain with every partner, a privacy officer at each, and the whole family."""

    def settle(self) -> None:
        """Add the other partners and the rest of the family to the chain."""
        super().settle()
        self.health, self.other_health = self._pair("youth_health_service")
        self.institution, self.other_institution = self._pair("certified_institution")
        self.halt, self.other_halt = self._pair("referral_partner")
        self.region = self.organisation("transition_region")
        health, care, referral = Purpose.YOUTH_HEALTH, Purpose.YOUTH_CARE, Purpose.REFERRAL
        self.doctor = self.staff(self.health, Role.YOUTH_DOCTOR, health)
        self.doctor_elsewhere = self.staff(self.other_health, Role.YOUTH_DOCTOR, health)
        self.protector = self.staff(self.institution, Role.CHILD_PROTECTION_WORKER, care)
        self.protector_elsewhere = self.staff(
            self.other_institution, Role.CHILD_PROTECTION_WORKER, care
        )
        self.partner = self.staff(self.halt, Role.REFERRAL_PARTNER, referral)
        self.partner_elsewhere = self.staff(self.other_halt, Role.REFERRAL_PARTNER, referral)
        self.coach = self.staff(self.region, Role.TRANSITION_COACH, Purpose.TRANSITION)
        self.mentor = self._mentor()
        self.administrators = {
            place: self.staff(place, Role.ORGANISATION_ADMINISTRATOR, Purpose.ADMINISTRATION)
            for place in (self.institution, self.other_institution, self.care)
        }
        self.privacy = {
            place: self.staff(place, Role.PRIVACY_OFFICER, Purpose.ACCOUNTABILITY)
            for place in (self.board, self.care, self.other_care, self.office)
        }
        self.mother = self._relative("mother", authority=True)
        self.other_parent = self._relative("father", authority=False)

    def _pair(self, kind: str) -> tuple[UUID, UUID]:
        return self.organisation(kind), self.organisation(kind)

    def _mentor(self) -> Actor:
        of_branch = {"controller_id": self.board, "branch_id": self.school, "recorded_at": EARLIER}
        group = self.add(
            "class_group", **of_branch, external_id=uuid4(), name="3A", school_year=2025
        )
        self.add(
            "class_membership",
            **of_branch,
            pupil_id=self.pupil,
            class_group_id=group,
            valid_from="2020-08-01",
        )
        person = self.add("staff", controller_id=self.board, name="A mentor", recorded_at=EARLIER)
        self.add(
            "assignment",
            organisation_id=self.board,
            staff_id=person,
            role=Role.MENTOR,
            branch_id=self.school,
            class_group_id=group,
            valid_from=EARLIER,
        )
        return Actor(
            id=person,
            organisation=self.board,
            role=Role.MENTOR,
            purpose=Purpose.DAILY_GUIDANCE,
            client="tests",
        )

    def _relative(self, relation: str, *, authority: bool) -> Actor:
        person = self.add("guardian")
        self.add(
            "pupil_contact",
            controller_id=self.board,
            pupil_id=self.pupil,
            guardian_id=person,
            name=f"The {relation}",
            relation=relation,
            phone="0200000000",
            recorded_at=EARLIER,
        )
        if authority:
            self.add(
                "guardian_authority",
                controller_id=self.board,
                guardian_id=person,
                young_person_id=self.young_person,
                valid_from=EARLIER,
            )
        role = Role.GUARDIAN if authority else Role.PARENT_WITHOUT_AUTHORITY
        return self.own(person, role)

    @staticmethod
    def own(person: UUID, role: Role) -> Actor:
        """Return somebody of a family, asking for what is their own."""
        return Actor(
            id=person, organisation=None, role=role, purpose=Purpose.OWN_DATA, client="tests"
        )

    @property
    def everyone(self) -> tuple[Actor, ...]:
        """Return every actor of the story, one per token."""
        return (
            *super().everyone,
            self.doctor,
            self.doctor_elsewhere,
            self.protector,
            self.protector_elsewhere,
            self.partner,
            self.partner_elsewhere,
            self.coach,
            self.mentor,
            *self.administrators.values(),
            *self.privacy.values(),
            self.mother,
            self.other_parent,
        )

    # --- facts that one test needs -------------------------------------------------------

    @staticmethod
    def in_danger(actor: Actor) -> Actor:
        """Return the same person with a token for an emergency."""
        return replace(actor, purpose=Purpose.EMERGENCY)

    def another_child(self) -> UUID:
        """Add a pupil of the same school, and return the young person."""
        young_person = self.add("young_person")
        pupil = self.add(
            "pupil",
            controller_id=self.board,
            young_person_id=young_person,
            external_id=uuid4(),
            given_name="Sem",
            family_name="Prins",
            birth_date="2012-01-01",
            recorded_at=EARLIER,
        )
        self.add(
            "enrolment",
            controller_id=self.board,
            pupil_id=pupil,
            branch_id=self.school,
            valid_from="2020-08-01",
            recorded_at=EARLIER,
        )
        self.put()
        return young_person

    def own_account(self) -> Actor:
        """Add the young person's account, as her school registered it, and return her."""
        account = uuid4()
        self.add(
            "own_account",
            controller_id=self.board,
            account_id=account,
            young_person_id=self.young_person,
            valid_from=EARLIER,
        )
        self.put()
        return self.own(account, Role.YOUNG_PERSON)

    def ended_work(self, actor: Actor) -> None:
        """End every assignment of somebody a moment before the next act."""
        ends = self.moment().instant
        self.rows(f"update assignment set valid_until = '{ends}' where staff_id = '{actor.id}'")

    async def consented(self, case: UUID, data_class: str, giver: UUID, to: UUID | None) -> UUID:
        """Let the father give consent, and return its id."""
        await self.act(
            self.guardian,
            give_consent,
            case_id=case,
            data_class=data_class,
            from_organisation_id=giver,
            to_organisation_id=to,
        )
        [made] = self.rows(
            "select id from consent where valid_until is null"
            f" and case_id = '{case}' and from_organisation_id = '{giver}'"
        )
        return UUID(made)

    # --- what somebody sees --------------------------------------------------------------

    async def sees(self, actor: Actor, at: datetime | None = None) -> dict[str, int]:
        """Return how many rows of each view about persons somebody is shown."""
        request = ask(actor, moment=clock.at(at) if at else self.moment())
        claimed = select(literal("set", Text).label("claims")).cte("claimed")
        compiler = Compiler(role=actor.role, purpose=actor.purpose, claimed=claimed)
        counts: dict[str, int] = {}
        async with self.database.reading(login_for(actor)) as connection:
            await self.database.claim(connection, request)
            for view in PERSONAL:
                row = compiler.row(view)
                asked: Any = (
                    select(func.count()).select_from(row).where(compiler.visible(view, row))
                )
                counts[view.name] = (
                    await connection.execute(asked, request.parameters)
                ).scalar_one()
        return {name: count for name, count in counts.items() if count}


@pytest_asyncio.fixture(loop_scope="session")
async def whole(
    pools: tuple[TestDatabase, Database], monkeypatch: pytest.MonkeyPatch
) -> WholeChain:
    """The whole chain of one test, with a signal that nobody has acted on, and a sealing key."""
    monkeypatch.setattr(sealing, "_configured", [])
    sealing.configure(b"s" * 32)
    made = WholeChain(*pools)
    made.settle()
    await asyncio.to_thread(made.put)
    return made
