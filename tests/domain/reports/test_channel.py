"""The sandbox register, on a real database."""

from __future__ import annotations

import asyncio
import logging

import pytest

from domain.reports.channel import ReportChannel
from tests.domain.cases.acting import EARLIER
from tests.domain.cases.world import Chain

pytestmark = pytest.mark.asyncio


async def test_a_sent_report_reaches_the_office(chain: Chain) -> None:
    """Delivering allocates a sent report to the office of the municipality, once, with a trace."""
    register_id = chain.organisation("absence_register")
    chain.put()
    report = await chain.sent()
    channel: ReportChannel = chain.register()
    assert await channel.deliver(chain.database) == 1
    assert await channel.deliver(chain.database) == 0
    assert chain.rows(
        "select state, office_id, valid_until from report"
        f" join report_allocation on report_id = report.id where report.id = '{report}'"
    ) == [f"allocated|{chain.office}|"]
    assert chain.rows(
        "select role, organisation_id, young_persons from trace"
        f" where about = '{report}' and act = 'report_allocated'"
    ) == [f"absence_register|{register_id}|{{{chain.young_person}}}"]


async def test_a_draft_is_not_delivered(chain: Chain) -> None:
    """The register sees nothing that was not sent."""
    await chain.prepared()
    assert await chain.register().deliver(chain.database) == 0


async def test_without_an_office_a_report_waits(
    chain: Chain, caplog: pytest.LogCaptureFixture
) -> None:
    """A report for a municipality nobody serves stays sent, is counted, and goes out later."""
    chain.rows(
        "update office_municipality set valid_until = '2026-01-01'"
        f" where organisation_id = '{chain.office}'"
    )
    report = await chain.sent()
    register = chain.register()
    with caplog.at_level(logging.WARNING, "domain.reports.channel"):
        for _ in range(3):
            assert await register.deliver(chain.database) == 0
    assert register.waiting == 1
    assert caplog.text.count("1 sent reports wait") == 1
    assert chain.rows(f"select state from report where id = '{report}'") == ["sent"]
    chain.add(
        "office_municipality",
        organisation_id=chain.other_office,
        municipality_code=chain.municipality,
        valid_from=EARLIER,
    )
    chain.put()
    assert await register.deliver(chain.database) == 1
    assert register.waiting == 0


async def test_reports_go_out_in_batches(chain: Chain) -> None:
    """More reports than one transaction takes all reach their office in one delivery."""
    first = await chain.sent()
    chain.guardian = chain.child()
    chain.put()
    second = await chain.sent()
    register = chain.register()
    register.batch = 1
    assert await register.deliver(chain.database) == 2
    assert chain.rows(
        f"select count(*) from report_allocation where report_id in ('{first}', '{second}')"
    ) == ["2"]


async def test_two_runners_at_once(chain: Chain) -> None:
    """Two runners at the same time give every report out once."""
    report = await chain.sent()
    counts = await asyncio.gather(*(chain.register().deliver(chain.database) for _ in range(4)))
    assert sum(counts) == 1
    assert chain.rows(f"select count(*) from report_allocation where report_id = '{report}'") == [
        "1"
    ]
