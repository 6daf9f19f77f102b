"""Referrals over GraphQL: sent, read by the receiver, answered, ended."""

from __future__ import annotations

import pytest

from domain.reports.services import take_on_report
from tests.api.chain.conftest import Line, opaque

pytestmark = pytest.mark.asyncio

FILE = """id kind givenName familyName question receivedAt outcome validUntil
  referrer { name } access { tie source }"""
QUESTION = "Can a talk help her back?"


async def test_a_report_is_handed_to_halt(line: Line) -> None:
    """The partner reads the file by list, id and node, answers it, and sees its end at once."""
    chain = line.chain
    report = await chain.allocated()
    await chain.act(chain.officer, take_on_report, report_id=report)
    assert await line.nodes(chain.partner, "referrals", FILE) == []
    await line.done(
        chain.officer,
        "referReport",
        reportId=opaque("report", report),
        kind="halt",
        toOrganisationId=opaque("organisation", chain.halt),
        question=QUESTION,
    )
    [file] = await line.nodes(chain.partner, "referrals", FILE)
    assert (file["givenName"], file["familyName"]) == ("Noor", "van Dijk")
    assert (file["kind"], file["question"]) == ("halt", QUESTION)
    assert file["referrer"] == {"name": "The attendance_office"}
    assert file["access"]["tie"] == "REFERRAL"
    both = "query($id: ID!) { referral(id: $id) { id } node(id: $id) { id } }"
    seen = {"referral": {"id": file["id"]}, "node": {"id": file["id"]}}
    assert await line.face.data(chain.partner, both, id=file["id"]) == seen
    nothing = {"referral": None, "node": None}
    for actor in (chain.partner_elsewhere, chain.officer, chain.guardian, chain.doctor):
        assert await line.face.data(actor, both, id=file["id"]) == nothing
    given = {"referralId": file["id"]}
    assert await line.refused(chain.partner_elsewhere, "receiveReferral", **given) == (
        "NOT_FOUND",
        ["referralId"],
    )
    await line.done(chain.partner, "receiveReferral", **given)
    await line.done(chain.partner, "receiveReferral", **given, outcome="help_started")
    told = await line.refused(chain.partner, "receiveReferral", **given, outcome="no_measure")
    assert told[0] == "CONFLICT"
    [answered] = await line.nodes(chain.partner, "referrals", FILE)
    assert answered["outcome"] == "help_started"
    assert await line.refused(chain.coordinator, "endReferral", **given) == (
        "NOT_FOUND",
        ["referralId"],
    )
    await line.done(chain.officer_2, "endReferral", **given)
    assert await line.nodes(chain.partner, "referrals", FILE) == []
    assert await line.face.data(chain.partner, both, id=file["id"]) == nothing


async def test_a_pupil_is_referred_to_the_youth_doctor(line: Line) -> None:
    """The doctor reads the pupil while the referral holds, with the same token."""
    chain = line.chain
    given = {
        "pupilId": line.pupil,
        "kind": "mazl",
        "toOrganisationId": opaque("organisation", chain.health),
        "question": "What can school do?",
    }
    assert await line.nodes(chain.doctor, "pupils", "givenName") == []
    made = await line.face.data(
        chain.coordinator,
        "mutation($input: ReferPupilInput!) { referPupil(input: $input)"
        " { ... on ReferralSuccess { referralId } } }",
        input=given,
    )
    assert await line.nodes(chain.doctor, "pupils", "givenName") == [{"givenName": "Noor"}]
    assert await line.nodes(chain.doctor_elsewhere, "pupils", "givenName") == []
    await line.done(chain.coordinator, "endReferral", **made["referPupil"])
    assert await line.nodes(chain.doctor, "pupils", "givenName") == []


async def test_what_does_not_fit_is_named(line: Line) -> None:
    """A kind of the other sort, an organisation of another kind, and who may not refer."""
    chain = line.chain
    report = await chain.allocated()
    pupil = {
        "pupilId": line.pupil,
        "kind": "mazl",
        "toOrganisationId": opaque("organisation", chain.health),
        "question": QUESTION,
    }
    to_halt = {"kind": "halt", "toOrganisationId": opaque("organisation", chain.halt)}
    on_report = {"reportId": opaque("report", report), "question": QUESTION} | to_halt
    for actor, name, given, told in (
        (chain.coordinator, "referPupil", pupil | to_halt, ("INVALID", ["kind"])),
        (
            chain.coordinator,
            "referPupil",
            pupil | {"toOrganisationId": to_halt["toOrganisationId"]},
            ("INVALID", ["toOrganisationId"]),
        ),
        (
            chain.coordinator,
            "referPupil",
            pupil | {"toOrganisationId": opaque("organisation", 7)},
            ("NOT_FOUND", ["toOrganisationId"]),
        ),
        (chain.coordinator, "referPupil", pupil | {"question": " "}, ("INVALID", ["question"])),
        (chain.head, "referPupil", pupil, ("NOT_FOUND", ["pupilId"])),
        (chain.coordinator, "referReport", on_report, ("NOT_FOUND", ["reportId"])),
        (chain.officer_elsewhere, "referReport", on_report, ("NOT_FOUND", ["reportId"])),
        (chain.officer, "referReport", on_report | {"kind": "mazl"}, ("INVALID", ["kind"])),
    ):
        assert await line.refused(actor, name, **given) == told
