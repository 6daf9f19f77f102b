"""Rows that begin something which no random world has half begun: tried as whoever may begin it."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from datetime import timedelta
from typing import Any
from uuid import UUID

from domain.reach import Kind
from permissions.vocabulary import Activity, DataClass
from tests.proof.chance import Chance
from tests.proof.evaluate import Seer
from tests.proof.facts import Branch, Pupil, Served
from tests.proof.facts_of_work import Case, NonEnrolment, Receipt, Report

Row = Mapping[str, Any]
Begun = tuple[tuple[str, Row], ...]
"""Tables and rows, each resting on those before it; the last is what is tried."""

MOST = 2


def beginnings(me: Seer, table: str) -> Iterator[Begun]:
    """Yield what an actor begins: a case with its first rows, a withholding, a record."""
    if table in {"case_identity", "participation"}:
        yield from opened(me, table)
    if table == "withholding":
        yield from withheld(me)
    if table in {"exemption", "non_enrolment"}:
        yield from recorded(me, table)
    if table == "leave_explanation":
        yield from explained(me)
    if table == "outbox":
        yield from told(me)
    if table == "advice":
        yield from advised(me)


def opened(me: Seer, table: str) -> Iterator[Begun]:
    """Yield a case opened from a report, and then its identity or its lead."""
    chance, now = Chance(me.world.seed + 2), me.world.moment.instant
    reports = me.objects(Activity.OPEN, DataClass.CASE_CORE, Kind.REPORT)
    fresh = [
        report
        for report in me.world[Report]
        if report.id in reports and not me.world.where(Case, "report_id", report.id)
    ]
    for report in fresh[:MOST]:
        key = chance.key()
        case = {
            "id": key, "controller_id": me.actor.organisation, "board_id": report.controller_id,
            "young_person_id": report.young_person_id, "report_id": report.id,
            "form": "attendance_conference", "state": "open", "opened_by": me.actor.id,
            "opened_at": now,
        }  # fmt: skip
        identity = {
            "case_id": key, "controller_id": me.actor.organisation, "given_name": "Sam",
            "family_name": "Dijk",
        }  # fmt: skip
        lead = {
            "id": chance.key(), "case_id": key, "controller_id": me.actor.organisation,
            "young_person_id": report.young_person_id, "organisation_id": me.actor.organisation,
            "role": me.actor.role, "purpose": me.actor.purpose, "is_lead": True, "shares": [],
            "staff_id": me.actor.id, "display_name": "Noor Smit", "invited_at": now,
            "answered_at": now, "accepted_at": now,
        }  # fmt: skip
        yield ("case_file", case), (table, identity if table == "case_identity" else lead)


def withheld(me: Seer) -> Iterator[Begun]:
    """Yield a withholding from everyone, in a case that the actor may withhold."""
    chance, now = Chance(me.world.seed + 3), me.world.moment.instant
    reached = me.objects(Activity.WITHHOLD, DataClass.CASE_CORE, Kind.CASE)
    for key in sorted(reached, key=str)[:MOST]:
        assert isinstance(key, UUID)
        (case,) = me.world.where(Case, "id", key)
        row = {
            "id": chance.key(), "controller_id": case.controller_id, "case_id": key,
            "guardian_id": None, "ground": "Jeugdwet 7.3.17", "valid_from": now,
            "valid_until": now + timedelta(days=9),
        }  # fmt: skip
        yield (("withholding", row),)


def explained(me: Seer) -> Iterator[Begun]:
    """Yield a request for leave of a pupil for whom the actor may ask, and then why."""
    chance, now, today = Chance(me.world.seed + 5), me.world.moment.instant, me.world.moment.today
    reached = me.objects(Activity.REQUEST, DataClass.LEAVE_REQUEST, Kind.PUPIL)
    for pupil in [pupil for pupil in me.world[Pupil] if pupil.id in reached][:MOST]:
        key = chance.key()
        whose = {
            "controller_id": pupil.controller_id, "pupil_id": pupil.id,
            "young_person_id": pupil.young_person_id,
        }  # fmt: skip
        request = {
            "id": key, **whose, "given_name": "Sam", "family_name": "Dijk", "ground": "weighty",
            "first_day": today, "last_day": today, "school_year": today.year, "school_days": 1,
            "calendar_known": True, "obstacles": [], "decider": "head",
            "rule_set": "leerplichtwet-1969", "state": "submitted", "submitted_by": me.actor.id,
            "submitted_at": now, "decide_by": today, "retained_until": today + timedelta(days=365),
        }  # fmt: skip
        why = {"leave_id": key, **whose, "explanation": "A wedding far away."}
        yield ("leave_request", request), ("leave_explanation", why)


def told(me: Seer) -> Iterator[Begun]:
    """Yield that deliveries of the actor's were judged."""
    for receipt in me.world.where(Receipt, "client_id", me.actor.id)[:MOST]:
        row = {
            "controller_id": receipt.controller_id, "branch_id": receipt.branch_id,
            "kind": "receipt", "object_id": receipt.id, "change": "changed",
            "data_class": "import.receipt", "receipt_id": receipt.id,
            "at": me.world.moment.instant,
        }  # fmt: skip
        yield (("outbox", row),)


def recorded(me: Seer, table: str) -> Iterator[Begun]:
    """Yield records of the actor's organisation: of nobody known, of a report, of an own record.

    And such as are not to be: of somebody whom no report or record that the actor reads is about.
    """
    chance = Chance(me.world.seed + 4)
    served = me.world.where(Served, "organisation_id", me.actor.organisation)
    code = served[0].municipality_code if served else "0000"
    reports = me.reads(DataClass.REPORT, Kind.REPORT)
    known = [(r.young_person_id, r.controller_id) for r in me.world[Report] if r.id in reports]
    hidden = [(r.young_person_id, r.controller_id) for r in me.world[Report] if r.id not in reports]
    own = me.reads(DataClass.NON_ENROLMENT, Kind.NON_ENROLMENT)
    kept = [(n.young_person_id, n.board_id) for n in me.world[NonEnrolment] if n.id in own]
    abouts = [(None, None), *known[:MOST], *hidden[:MOST], *kept[:MOST]]
    kinds = ("art_15_other_education", "art_5_a_health", "art_5_b_belief")
    for child, board in abouts:
        for kind in kinds if table == "exemption" else ("",):
            key = chance.key()
            who = {
                "id": key, "controller_id": me.actor.organisation, "municipality_code": code,
                "young_person_id": child or key, "board_id": board, "given_name": "Sam",
                "family_name": "Dijk",
            }  # fmt: skip
            yield ((table, {**who, **_record(me, kind)}),)


def _record(me: Seer, kind: str) -> Row:
    """Return what a new record says beside whom it is about; of no kind it is non-enrolment."""
    now, today = me.world.moment.instant, me.world.moment.today
    if not kind:
        return {"since": today, "state": "open", "opened_by": me.actor.id, "opened_at": now}
    classes = {"art_5_a_health": "exemption.health", "art_5_b_belief": "exemption.belief"}
    return {
        "kind": kind, "data_class": classes.get(kind, "exemption"), "first_day": today,
        "last_day": today, "statement_on": today if kind == "art_5_a_health" else None,
        "rule_set": "leerplichtwet-1969", "state": "registered", "registered_by": me.actor.id,
        "registered_at": now, "retained_until": today + timedelta(days=365),
    }  # fmt: skip


def advised(me: Seer) -> Iterator[Begun]:
    """Yield advice of the actor's organisation to every branch, advised or not to be."""
    chance, now, today = Chance(me.world.seed + 5), me.world.moment.instant, me.world.moment.today
    for branch in me.world[Branch]:
        row = {
            "id": chance.key(), "controller_id": me.actor.organisation, "branch_id": branch.id,
            "measure": "absence", "first_day": today - timedelta(days=31),
            "last_day": today - timedelta(days=1), "seen": "Less.", "advised": "Talk.",
            "state": "recorded", "recorded_by": me.actor.id, "recorded_at": now,
        }  # fmt: skip
        yield (("advice", row),)
