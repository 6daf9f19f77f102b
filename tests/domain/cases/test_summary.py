"""The school's summary for a case, on a real database."""

from __future__ import annotations

from datetime import date, timedelta

import pytest

from domain.cases.models import AbsenceBand, AbsenceTrend
from domain.cases.services import close_case, leave_case, offer_summary
from domain.cases.summary import Week, band_of, trend_of
from domain.errors import Invalid, NotFound
from tests.domain.cases.world import Chain

pytestmark = pytest.mark.asyncio

MONDAY = date(2026, 1, 5)


def weeks(*attended: int) -> list[Week]:
    """Return consecutive weeks of 1,000 scheduled minutes."""
    return [
        Week(MONDAY + timedelta(weeks=number), 1000, minutes)
        for number, minutes in enumerate(attended)
    ]


@pytest.mark.parametrize(
    ("attended", "band"),
    [
        (1000, AbsenceBand.UNDER_5),
        (951, AbsenceBand.UNDER_5),
        (950, AbsenceBand.FROM_5_TO_10),
        (901, AbsenceBand.FROM_5_TO_10),
        (900, AbsenceBand.FROM_10_TO_20),
        (801, AbsenceBand.FROM_10_TO_20),
        (800, AbsenceBand.FROM_20_TO_50),
        (501, AbsenceBand.FROM_20_TO_50),
        (500, AbsenceBand.FROM_50),
        (0, AbsenceBand.FROM_50),
    ],
)
async def test_bands(attended: int, band: AbsenceBand) -> None:
    """A band begins at its lower bound, exactly."""
    assert band_of(weeks(attended)) is band


@pytest.mark.parametrize(
    ("attended", "trend"),
    [
        ((900,) * 7, AbsenceTrend.UNKNOWN),
        ((900,) * 8, AbsenceTrend.STABLE),
        ((900,) * 4 + (880,) * 4, AbsenceTrend.STABLE),
        ((900,) * 4 + (920,) * 4, AbsenceTrend.STABLE),
        ((900,) * 4 + (879, 880, 880, 880), AbsenceTrend.WORSENING),
        ((900,) * 4 + (921, 920, 920, 920), AbsenceTrend.IMPROVING),
        ((0,) * 5 + (900,) * 8, AbsenceTrend.STABLE),
    ],
)
async def test_trends(attended: tuple[int, ...], trend: AbsenceTrend) -> None:
    """Four weeks against the four before; up to two percentage points is stable."""
    assert trend_of(weeks(*attended)) is trend


async def test_a_summary_counts_delivered_weeks_of_this_school_year(chain: Chain) -> None:
    """Undelivered weeks, weeks without lessons and other school years do not count."""
    chain.week(date(2025, 6, 2), 0)
    for number, attended in enumerate([900] * 4 + [700] * 4):
        chain.week(MONDAY + timedelta(weeks=number), attended)
    chain.week(date(2026, 3, 2), None)
    chain.week(date(2026, 3, 9), 0, scheduled=0)
    chain.week(date(2026, 9, 7), 0)
    chain.put()
    case = await chain.opened()
    await chain.joined(case, chain.support)
    summary = await chain.act(chain.coordinator, offer_summary, case_id=case)
    assert chain.rows(
        "select case_id, controller_id, young_person_id, band, trend, period_from, period_until"
        f" from attendance_summary where id = '{summary}'"
    ) == [f"{case}|{chain.board}|{chain.young_person}|20-50|worsening|2026-01-05|2026-03-01"]
    assert chain.traces(summary) == [f"summary_offered|{chain.coordinator.id}|{chain.young_person}"]


async def test_nothing_delivered_is_nothing_to_summarise(chain: Chain) -> None:
    """Without a delivered week there is no summary: unknown is not present."""
    chain.week(date(2026, 3, 2), None)
    chain.put()
    case = await chain.opened()
    await chain.joined(case, chain.support)
    with pytest.raises(Invalid, match="delivered"):
        await chain.act(chain.coordinator, offer_summary, case_id=case)


async def test_who_may_offer(chain: Chain) -> None:
    """Only coordinators of the branch that takes part offer, and only while it takes part."""
    chain.week(date(2026, 3, 2), 900)
    chain.put()
    case = await chain.opened()
    await chain.joined(case, chain.worker)
    with pytest.raises(NotFound):
        await chain.act(chain.coordinator, offer_summary, case_id=case)
    invitation = await chain.invited(case, chain.support)
    with pytest.raises(NotFound):
        await chain.act(chain.coordinator, offer_summary, case_id=case)
    from domain.cases.services import answer_invitation

    await chain.act(
        chain.support,
        answer_invitation,
        participation_id=invitation,
        accept=True,
        display_name="Sam",
    )
    for actor in chain.all_but(chain.coordinator, chain.unmandated):
        with pytest.raises(NotFound):
            await chain.act(actor, offer_summary, case_id=case)
    await chain.act(chain.coordinator, offer_summary, case_id=case)
    await chain.act(chain.support, leave_case, case_id=case)
    with pytest.raises(NotFound):
        await chain.act(chain.coordinator, offer_summary, case_id=case)


async def test_no_summary_into_a_closed_case(chain: Chain) -> None:
    """A request that began before the case was closed offers nothing after it."""
    chain.week(date(2026, 3, 2), 900)
    chain.put()
    case = await chain.opened()
    await chain.joined(case, chain.support)
    before = chain.moment()
    await chain.act(chain.lead, close_case, case_id=case, outcome="attending_again")
    with pytest.raises(NotFound):
        await chain.act(chain.coordinator, offer_summary, at=before, case_id=case)
