"""What a school registers of a family: protection, a parent without authority, an own account."""

from __future__ import annotations

import asyncio
from typing import Any
from uuid import UUID, uuid4

import pytest

from domain.errors import Conflict, NotFound
from domain.pupils.families import (
    end_guardian,
    end_own_account,
    end_parent,
    end_protection,
    protect_whereabouts,
    register_own_account,
    register_parent,
)
from domain.reports.services import take_on_report
from permissions.vocabulary import Actor, Role
from tests.domain.cases.acting import EARLIER
from tests.domain.cases.whole_chain import WholeChain, whole
from tests.domain.cases.world import FIRST_WEEK, pools

__all__ = ["pools", "whole"]
pytestmark = pytest.mark.asyncio

WHERE = {"enrolment", "classplace", "residence", "reporthead", "report", "case", "participant"}
"""Views by whose rows somebody would find the child: school, address, office, parties."""


async def known(whole: WholeChain) -> None:
    """Let the pupil be reported, taken on, and the subject of a case."""
    await whole.opened()
    [report] = whole.rows(f"select id from report where pupil_id = '{whole.pupil}'")
    await whole.act(whole.officer, take_on_report, report_id=report)


async def test_protection_hides_where_the_child_is_from_the_family(whole: WholeChain) -> None:
    """From the act to its end parents see who the child is and not where; the school sees all."""
    await known(whole)
    of_school = await whole.sees(whole.coordinator)
    before = [await whole.sees(parent) for parent in (whole.guardian, whole.mother)]
    assert all(set(seen) >= WHERE for seen in before)
    await whole.act(whole.coordinator, protect_whereabouts, pupil_id=whole.pupil)
    for parent in (whole.guardian, whole.mother):
        seen = await whole.sees(parent)
        assert seen["pupil"] == 1
        assert not WHERE & set(seen)
    assert await whole.sees(whole.coordinator) == of_school
    await whole.act(whole.coordinator, end_protection, pupil_id=whole.pupil)
    after = [await whole.sees(parent) for parent in (whole.guardian, whole.mother)]
    assert after == before


async def test_protection_by_another_school_holds_here_too(whole: WholeChain) -> None:
    """Whichever board registered it, no whereabouts are shown; and this school does not end it."""
    await known(whole)
    whole.add(
        "whereabouts_protection",
        controller_id=whole.organisation("school_board"),
        young_person_id=whole.young_person,
        valid_from=EARLIER,
    )
    await asyncio.to_thread(whole.put)
    with pytest.raises(Conflict):
        await whole.act(whole.coordinator, end_protection, pupil_id=whole.pupil)
    assert not WHERE & set(await whole.sees(whole.guardian))
    await whole.act(whole.coordinator, protect_whereabouts, pupil_id=whole.pupil)
    await whole.act(whole.coordinator, end_protection, pupil_id=whole.pupil)
    assert not WHERE & set(await whole.sees(whole.guardian))


async def test_protection_begins_once_and_ends_once(whole: WholeChain) -> None:
    """A second registration and a second end are told apart from the first; each is traced."""
    acts: list[Any] = [protect_whereabouts, end_protection]
    for _ in range(2):
        for act in acts:
            await whole.act(whole.coordinator, act, pupil_id=whole.pupil)
            with pytest.raises(Conflict) as met:
                await whole.act(whole.coordinator, act, pupil_id=whole.pupil)
            assert met.value.path == ("pupilId",)
    traced = whole.rows(
        f"select act from trace where actor_id = '{whole.coordinator.id}' order by at, recorded_at"
    )
    assert traced == ["whereabouts_protected", "protection_ended"] * 2


async def test_who_may_register(whole: WholeChain) -> None:
    """Coordinators of the branch where the pupil is; for everyone else there is no such pupil."""
    acts: list[tuple[Any, dict[str, Any]]] = [
        (protect_whereabouts, {}),
        (end_protection, {}),
        (register_parent, {"guardian_id": whole.other_parent.id, "limited_by_court": False}),
        (end_parent, {"guardian_id": whole.other_parent.id}),
        (register_own_account, {"account_id": uuid4()}),
        (end_own_account, {}),
        (end_guardian, {"guardian_id": whole.mother.id}),
    ]
    for act, given in acts:
        for actor in whole.all_but(whole.coordinator, whole.unmandated):
            with pytest.raises(NotFound):
                await whole.act(actor, act, pupil_id=whole.pupil, **given)
        with pytest.raises(NotFound):
            await whole.act(whole.coordinator, act, pupil_id=uuid4(), **given)
        await whole.act(whole.unmandated, act, pupil_id=whole.pupil, **given)


async def registered(whole: WholeChain, *, limited: bool = False) -> None:
    """Register the parent without authority."""
    await whole.act(
        whole.coordinator,
        register_parent,
        pupil_id=whole.pupil,
        guardian_id=whole.other_parent.id,
        limited_by_court=limited,
    )


async def test_a_parent_without_authority_is_told_the_main_facts(whole: WholeChain) -> None:
    """Who the child is and how much it attends, while registered; of contacts and where nothing."""
    await known(whole)
    whole.week(FIRST_WEEK, attended=900)
    await asyncio.to_thread(whole.put)
    assert await whole.sees(whole.other_parent) == {}
    await registered(whole)
    assert await whole.sees(whole.other_parent) == {"pupil": 1, "attendance": 1}
    await whole.act(
        whole.coordinator,
        end_parent,
        pupil_id=whole.pupil,
        guardian_id=whole.other_parent.id,
    )
    assert await whole.sees(whole.other_parent) == {}


async def test_a_court_or_protection_tells_that_parent_nothing(whole: WholeChain) -> None:
    """Limited by a court, or where whereabouts are protected, the parent sees nothing at all."""
    await registered(whole, limited=True)
    assert await whole.sees(whole.other_parent) == {}
    end: dict[str, Any] = {"pupil_id": whole.pupil, "guardian_id": whole.other_parent.id}
    await whole.act(whole.coordinator, end_parent, **end)
    await registered(whole)
    assert (await whole.sees(whole.other_parent))["pupil"] == 1
    await whole.act(whole.coordinator, protect_whereabouts, pupil_id=whole.pupil)
    assert await whole.sees(whole.other_parent) == {}


async def test_only_a_known_contact_is_a_parent(whole: WholeChain) -> None:
    """Somebody unknown and another pupil's contact are not found; twice is a conflict."""
    stranger = whole.add("guardian")
    await asyncio.to_thread(whole.put)
    given = {"pupil_id": whole.pupil, "limited_by_court": False}
    for guardian in (uuid4(), stranger):
        with pytest.raises(NotFound) as met:
            await whole.act_with(
                whole.coordinator, register_parent, given | {"guardian_id": guardian}
            )
        assert met.value.path == ("guardianId",)
        with pytest.raises(Conflict) as ended:
            await whole.act(
                whole.coordinator, end_parent, pupil_id=whole.pupil, guardian_id=guardian
            )
        assert ended.value.path == ("guardianId",)
    await registered(whole)
    with pytest.raises(Conflict):
        await registered(whole, limited=True)


async def own_account(whole: WholeChain) -> Actor:
    """Register an account of the pupil's, and return her."""
    account = uuid4()
    await whole.act(
        whole.coordinator, register_own_account, pupil_id=whole.pupil, account_id=account
    )
    return whole.own(account, Role.YOUNG_PERSON)


async def test_an_own_account_opens_the_own_file(whole: WholeChain) -> None:
    """From 12 she sees her record while the account is registered, and nothing of the other's."""
    await known(whole)
    child = await own_account(whole)
    seen = await whole.sees(child)
    assert seen["pupil"] == seen["enrolment"] == seen["case"] == 1
    assert not {"contact", "residence", "report", "participant"} & set(seen)
    with pytest.raises(Conflict, match="end that one first"):
        await own_account(whole)
    await whole.act(whole.coordinator, end_own_account, pupil_id=whole.pupil)
    assert await whole.sees(child) == {}
    with pytest.raises(Conflict):
        await whole.act(whole.coordinator, end_own_account, pupil_id=whole.pupil)
    again = await own_account(whole)
    assert (await whole.sees(again))["pupil"] == 1
    assert await whole.sees(child) == {}


async def test_nobody_else_becomes_the_pupil(whole: WholeChain) -> None:
    """An account of staff, of a guardian or of another young person is refused, all alike.

    The answer is the same for each of them, and the account that is free afterwards is taken.
    """
    other = whole.add("own_account", controller_id=whole.board, account_id=uuid4(),
                      young_person_id=await asyncio.to_thread(whole.another_child),
                      valid_from=EARLIER)  # fmt: skip
    await asyncio.to_thread(whole.put)
    [taken] = whole.rows(f"select account_id from own_account where id = '{other}'")
    accounts = "select account_id from own_account order by 1"
    before = whole.rows(accounts)
    said: set[str] = set()
    for account in (whole.coordinator.id, whole.doctor.id, whole.guardian.id, UUID(taken)):
        with pytest.raises(Conflict) as met:
            await whole.act(
                whole.coordinator, register_own_account, pupil_id=whole.pupil, account_id=account
            )
        assert met.value.path == ("accountId",)
        said.add(str(met.value))
    assert len(said) == 1
    assert whole.rows(accounts) == before
    await own_account(whole)


async def test_authority_ends_when_the_school_says_so(whole: WholeChain) -> None:
    """From the act on that parent sees nothing, the other all; it is traced and said once."""
    await known(whole)
    of_mother = await whole.sees(whole.mother)
    given: dict[str, Any] = {"pupil_id": whole.pupil, "guardian_id": whole.guardian.id}
    await whole.act(whole.coordinator, end_guardian, **given)
    assert await whole.sees(whole.guardian) == {}
    assert await whole.sees(whole.mother) == of_mother
    assert whole.traces(whole.guardian.id) == [
        f"authority_ended|{whole.coordinator.id}|{whole.young_person}"
    ]
    for guardian in (whole.guardian.id, whole.other_parent.id, uuid4()):
        with pytest.raises(Conflict) as met:
            await whole.act(whole.coordinator, end_guardian, **{**given, "guardian_id": guardian})
        assert met.value.path == ("guardianId",)


async def test_authority_that_ends_at_18_can_end_before(whole: WholeChain) -> None:
    """A registered end ahead does not stand in the way of an earlier one."""
    ahead = "set session_replication_role = replica; update guardian_authority"
    whole.rows(f"{ahead} set valid_until = '2029-05-04' where guardian_id = '{whole.guardian.id}'")
    given: dict[str, Any] = {"pupil_id": whole.pupil, "guardian_id": whole.guardian.id}
    await whole.act(whole.coordinator, end_guardian, **given)
    assert await whole.sees(whole.guardian) == {}


async def test_what_a_school_registered_ends_also_after_the_pupil_left(whole: WholeChain) -> None:
    """The branch that a pupil left last ends every fact; it registers none, and no other does."""
    child = await own_account(whole)
    await registered(whole)
    await whole.act(whole.coordinator, protect_whereabouts, pupil_id=whole.pupil)
    whole.rows(f"update enrolment set valid_until = '2026-01-01' where pupil_id = '{whole.pupil}'")
    ending: tuple[tuple[Any, dict[str, Any]], ...] = (
        (end_protection, {}),
        (end_own_account, {}),
        (end_parent, {"guardian_id": whole.other_parent.id}),
        (end_guardian, {"guardian_id": whole.guardian.id}),
    )
    for act, given in ending:
        for actor in (whole.neighbour, whole.head, whole.mentor):
            with pytest.raises(NotFound):
                await whole.act(actor, act, pupil_id=whole.pupil, **given)
        await whole.act(whole.coordinator, act, pupil_id=whole.pupil, **given)
    for relative in (child, whole.other_parent, whole.guardian):
        assert await whole.sees(relative) == {}
    with pytest.raises(NotFound):
        await own_account(whole)
