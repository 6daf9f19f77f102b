"""Referring a pupil or a report, what the receiver sees by it, and its end."""

from __future__ import annotations

import asyncio
from dataclasses import replace
from typing import Any
from uuid import UUID, uuid4

import pytest

from domain.emergencies.services import declare_emergency
from domain.errors import Conflict, Invalid, NotFound
from domain.referrals.models import ReferralKind
from domain.referrals.services import (
    OF_PUPILS,
    OF_REPORTS,
    Kinds,
    Wanted,
    end_referral,
    receive_referral,
    refer_pupil,
    refer_report,
)
from domain.reports.services import close_report, take_on_report
from permissions.vocabulary import Actor
from tests.domain.cases.acting import EARLIER, Service
from tests.domain.cases.whole_chain import WholeChain

pytestmark = pytest.mark.asyncio

QUESTION = "She is ill often. What can the school do?"


def wanted(kind: str, to: UUID, question: str = QUESTION) -> Wanted:
    """Return what is asked of whom."""
    return Wanted(kind=kind, to_organisation_id=to, question=question)


async def referred(whole: WholeChain, kind: str, to: UUID) -> UUID:
    """Refer the pupil as her coordinator."""
    return await whole.act(
        whole.coordinator, refer_pupil, pupil_id=whole.pupil, wanted=wanted(kind, to)
    )


async def passed_on(whole: WholeChain) -> tuple[UUID, UUID]:
    """Refer a report that the officer took on to Halt; return report and referral."""
    report = await whole.allocated()
    await whole.act(whole.officer, take_on_report, report_id=report)
    referral = await whole.act(
        whole.officer, refer_report, report_id=report, wanted=wanted("halt", whole.halt)
    )
    return report, referral


async def ill(whole: WholeChain) -> None:
    """Add an absence of the pupil with a reason about her health."""
    row = {
        "controller_id": whole.board,
        "branch_id": whole.school,
        "pupil_id": whole.pupil,
        "recorded_at": EARLIER,
    }
    absence = whole.add(
        "absence",
        **row,
        external_id=uuid4(),
        day="2026-03-10",
        start_unit=1,
        lesson_units=2,
        minutes=100,
        category="authorised",
        data_class="attendance.authorised",
    )
    whole.add(
        "absence_reason",
        **row,
        id=None,
        absence_id=absence,
        day="2026-03-10",
        code="MEDICAL_APPOINTMENT",
        data_class="attendance.reason.health",
    )
    await asyncio.to_thread(whole.put)


async def test_who_may_refer_a_pupil(whole: WholeChain) -> None:
    """The coordinator of the branch, and the support coordinator who takes part in her case."""
    case = await whole.opened()
    inputs: dict[str, Any] = {"pupil_id": whole.pupil, "wanted": wanted("mazl", whole.health)}
    with pytest.raises(NotFound):
        await whole.act(whole.support, refer_pupil, **inputs)
    await whole.joined(case, whole.support)
    may = (whole.coordinator, whole.unmandated, whole.support)
    for actor in whole.all_but(*may):
        with pytest.raises(NotFound):
            await whole.act(actor, refer_pupil, **inputs)
    for actor in may:
        referral = await whole.act(actor, refer_pupil, **inputs)
        assert whole.traces(referral) == [f"referred|{actor.id}|{whole.young_person}"]
    with pytest.raises(NotFound):
        await whole.act(whole.coordinator, refer_pupil, pupil_id=uuid4(), wanted=inputs["wanted"])


async def test_who_may_refer_a_report(whole: WholeChain) -> None:
    """Officers of the office it is allocated to, with enforcement's token, and nobody else."""
    report = await whole.sent()
    inputs: dict[str, Any] = {"report_id": report, "wanted": wanted("halt", whole.halt)}
    with pytest.raises(NotFound):
        await whole.act(whole.officer, refer_report, **inputs)
    await whole.register().deliver(whole.database)
    # A school refers a pupil, and reads the report; it does not hand it to Halt.
    for actor in whole.all_but(whole.officer, whole.officer_2):
        with pytest.raises(NotFound):
            await whole.act(actor, refer_report, **inputs)
    for actor in (whole.officer, whole.officer_2):
        await whole.act(actor, refer_report, **inputs)


async def test_a_kind_fits_one_sort_of_organisation(whole: WholeChain) -> None:
    """Each kind goes to one kind of organisation and one role; the error says which."""
    report = await whole.allocated()
    places = {
        "youth_health_service": whole.health,
        "support_alliance": whole.alliance,
        "referral_partner": whole.halt,
        "youth_care_provider": whole.care,
        "attendance_office": whole.other_office,
    }
    assert {*OF_PUPILS, *OF_REPORTS} == set(ReferralKind)
    ways: list[tuple[Kinds, Actor, Service, dict[str, Any]]] = [
        (OF_PUPILS, whole.coordinator, refer_pupil, {"pupil_id": whole.pupil}),
        (OF_REPORTS, whole.officer, refer_report, {"report_id": report}),
    ]
    for kinds, actor, service, subject in ways:
        for kind in ReferralKind:
            for place, organisation in places.items():
                asked = wanted(kind, organisation)
                if kind not in kinds:
                    with pytest.raises(Invalid, match="Choose one of") as met:
                        await whole.act(actor, service, **subject, wanted=asked)
                    assert met.value.path == ("kind",)
                elif kinds[kind][0] != place:
                    with pytest.raises(
                        Invalid, match=f"{kinds[kind][0]}; this is a {place}"
                    ) as met:
                        await whole.act(actor, service, **subject, wanted=asked)
                    assert met.value.path == ("toOrganisationId",)
                else:
                    referral = await whole.act(actor, service, **subject, wanted=asked)
                    role = whole.rows(f"select to_role from referral where id = '{referral}'")
                    assert role == [str(kinds[kind][1])]


async def test_what_is_asked_is_checked(whole: WholeChain) -> None:
    """A kind of nothing, nobody, and a question that is empty or too long are refused by name."""
    for kind, to, question, error, path in (
        ("tea", whole.health, QUESTION, Invalid, "kind"),
        ("mazl", uuid4(), QUESTION, NotFound, "toOrganisationId"),
        ("mazl", whole.health, "  ", Invalid, "question"),
        ("mazl", whole.health, "x" * 4001, Invalid, "question"),
    ):
        with pytest.raises(error) as met:
            await whole.act(
                whole.coordinator,
                refer_pupil,
                pupil_id=whole.pupil,
                wanted=wanted(kind, to, question),
            )
        assert met.value.path == (path,)
    assert whole.rows(f"select count(*) from referral where pupil_id = '{whole.pupil}'") == ["0"]


async def test_the_youth_doctor_sees_the_pupil_while_referred(whole: WholeChain) -> None:
    """Identity, contacts, rate and reasons of health; nothing before, nothing after its end."""
    await ill(whole)
    assert await whole.sees(whole.doctor) == {}
    referral = await referred(whole, "mazl", whole.health)
    seen = await whole.sees(whole.doctor)
    assert seen == {"pupil": 1, "contact": 3, "absencereason": 1}
    assert await whole.sees(whole.doctor_elsewhere) == {}
    await whole.act(whole.coordinator, end_referral, referral_id=referral)
    assert await whole.sees(whole.doctor) == {}
    ended = f"referral_ended|{whole.coordinator.id}|{whole.young_person}"
    assert whole.traces(referral)[-1] == ended


async def test_the_alliance_sees_health_for_a_task_of_the_law_alone(whole: WholeChain) -> None:
    """A referral for special needs shows who and where; a statutory one reasons of health too."""
    await ill(whole)
    await referred(whole, "special_needs", whole.alliance)
    assert await whole.sees(whole.consultant) == {"pupil": 1, "enrolment": 1, "classplace": 1}
    statutory = await referred(whole, "statutory", whole.alliance)
    assert (await whole.sees(whole.consultant))["absencereason"] == 1
    await whole.act(whole.coordinator, end_referral, referral_id=statutory)
    assert "absencereason" not in await whole.sees(whole.consultant)


async def test_a_referral_partner_sees_its_file_and_nothing_else(whole: WholeChain) -> None:
    """Who it is comes from the report's extract; the report, the pupil and other files do not."""
    _, referral = await passed_on(whole)
    assert whole.rows(
        "select given_name, family_name, birth_date, question, received_at, outcome"
        f" from referral_file where referral_id = '{referral}'"
    ) == [f"Noor|van Dijk|2011-05-04|{QUESTION}||"]
    assert await whole.sees(whole.partner) == {"referral": 1}
    for actor in whole.all_but(whole.partner):
        assert "referral" not in await whole.sees(actor)
    whole.ended_work(whole.partner)
    assert await whole.sees(whole.partner) == {}


async def test_who_may_end(whole: WholeChain) -> None:
    """Whoever made it and whoever could have made it, once; to others there is none."""
    referral = await referred(whole, "mazl", whole.health)
    for actor in whole.all_but(whole.coordinator, whole.unmandated):
        with pytest.raises(NotFound):
            await whole.act(actor, end_referral, referral_id=referral)
    with pytest.raises(NotFound):
        await whole.act(whole.coordinator, end_referral, referral_id=uuid4())
    await whole.act(whole.coordinator, end_referral, referral_id=referral)
    for actor in (whole.coordinator, whole.unmandated):
        with pytest.raises(Conflict, match="already"):
            await whole.act(actor, end_referral, referral_id=referral)


async def test_a_colleague_ends_what_its_maker_cannot(whole: WholeChain) -> None:
    """When who referred has left, another coordinator of the branch, or officer of the office."""
    _, to_halt = await passed_on(whole)
    to_health = await referred(whole, "mazl", whole.health)
    for actor in (whole.coordinator, whole.officer):
        whole.ended_work(actor)
    for actor, referral, receiver in (
        (whole.officer_2, to_halt, whole.partner),
        (whole.unmandated, to_health, whole.doctor),
    ):
        assert await whole.sees(receiver)
        await whole.act(actor, end_referral, referral_id=referral)
        assert await whole.sees(receiver) == {}
        assert whole.traces(referral)[-1] == f"referral_ended|{actor.id}|{whole.young_person}"


async def test_a_referral_outlives_no_enrolment(whole: WholeChain) -> None:
    """From the day after which the pupil is enrolled nowhere, the receiver sees nothing."""
    await ill(whole)
    await referred(whole, "mazl", whole.health)
    await referred(whole, "statutory", whole.alliance)
    receivers = (whole.doctor, whole.consultant)
    assert all([await whole.sees(receiver) for receiver in receivers])
    left = f"where pupil_id = '{whole.pupil}'"
    whole.rows(f"update enrolment set valid_until = '2026-01-01' {left}")
    assert [await whole.sees(receiver) for receiver in receivers] == [{}, {}]
    with pytest.raises(NotFound):
        await whole.act(
            whole.in_danger(whole.doctor), declare_emergency,
            young_person_id=whole.young_person, reason="The child is in danger now.",
        )  # fmt: skip


async def test_what_was_opened_can_be_closed(whole: WholeChain) -> None:
    """A referral ends also after its report was closed, and after the pupil has left."""
    report, to_halt = await passed_on(whole)
    to_health = await referred(whole, "mazl", whole.health)
    await whole.act(whole.officer, close_report, report_id=report, outcome="help_started")
    whole.rows(f"update enrolment set valid_until = '2026-01-01' where pupil_id = '{whole.pupil}'")
    for actor, referral, receiver in (
        (whole.officer, to_halt, whole.partner),
        (whole.coordinator, to_health, whole.doctor),
    ):
        assert bool(await whole.sees(receiver)) is (receiver is whole.partner)
        await whole.act(actor, end_referral, referral_id=referral)
        assert await whole.sees(receiver) == {}


async def test_who_left_ends_nothing(whole: WholeChain) -> None:
    """Whose assignment has ended is answered as if there were no referral; so elsewhere."""
    referral = await referred(whole, "mazl", whole.health)
    elsewhere = replace(whole.coordinator, organisation=whole.health)
    with pytest.raises(NotFound):
        await whole.act(elsewhere, end_referral, referral_id=referral)
    whole.ended_work(whole.coordinator)
    with pytest.raises(NotFound):
        await whole.act(whole.coordinator, end_referral, referral_id=referral)


async def answered(whole: WholeChain, actor: Actor, referral: UUID, outcome: str | None) -> UUID:
    """Receive a referral, with what came of it or without."""
    return await whole.act(actor, receive_referral, referral_id=referral, outcome=outcome)


async def test_who_may_receive(whole: WholeChain) -> None:
    """The partner it was sent to, while it holds."""
    _, referral = await passed_on(whole)
    for actor in whole.all_but(whole.partner):
        with pytest.raises(NotFound):
            await answered(whole, actor, referral, None)
    with pytest.raises(NotFound):
        await answered(whole, whole.partner, uuid4(), None)
    await answered(whole, whole.partner, referral, None)
    received = f"referral_received|{whole.partner.id}|{whole.young_person}"
    assert whole.traces(referral)[-1] == received
    await whole.act(whole.officer, end_referral, referral_id=referral)
    with pytest.raises(NotFound):
        await answered(whole, whole.partner, referral, "no_measure")


async def test_a_referral_is_received_once_and_answered_once(whole: WholeChain) -> None:
    """Receipt, then the outcome, in one act or two; neither is said again or thought over."""
    _, referral = await passed_on(whole)
    said = (
        "select received_at is not null, outcome from referral_file"
        f" where referral_id = '{referral}'"
    )
    with pytest.raises(Invalid, match="help_started") as met:
        await answered(whole, whole.partner, referral, "fine")
    assert met.value.path == ("outcome",)
    await answered(whole, whole.partner, referral, None)
    assert whole.rows(said) == ["t|"]
    with pytest.raises(Conflict):
        await answered(whole, whole.partner, referral, None)
    await answered(whole, whole.partner, referral, "help_started")
    for again in (None, "help_started", "no_measure"):
        with pytest.raises(Conflict):
            await answered(whole, whole.partner, referral, again)
    assert whole.rows(said) == ["t|help_started"]


async def test_two_receipts_at_once_are_one(whole: WholeChain) -> None:
    """Of two who answer at once the second is told that it was said."""
    _, referral = await passed_on(whole)
    one, other = (
        {"referral_id": referral, "outcome": outcome} for outcome in ("help_started", "no_measure")
    )
    met = await whole.overlapping(
        (whole.partner, receive_referral, one), (whole.partner, receive_referral, other)
    )
    assert isinstance(met, Conflict)
