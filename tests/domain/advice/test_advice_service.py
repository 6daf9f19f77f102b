"""Advice to a school: recorded, answered, followed up and closed; and who sees it."""

from __future__ import annotations

from collections.abc import Awaitable, Callable
from dataclasses import replace
from datetime import date
from uuid import UUID, uuid4

import pytest

from domain.advice import services
from domain.advice.models import TRANSITIONS, AdviceState
from domain.errors import Conflict, Invalid, NotFound
from permissions.vocabulary import Actor, Purpose, Role
from tests.domain.advice.conftest import DEVELOPMENT, Advising

pytestmark = pytest.mark.asyncio

Act = Callable[[Advising, UUID, Actor | None], Awaitable[UUID]]
ACTS: dict[AdviceState, Act] = {
    AdviceState.ANSWERED: Advising.answered,
    AdviceState.FOLLOWED_UP: Advising.followed_up,
    AdviceState.CLOSED: Advising.closed,
}
"""What brings an advice to each state."""

PROMISE = services.Promise(will_do="Mentors call.", done_by="coordinator", do_by=date(2026, 5, 1))


async def test_the_whole_way_is_kept_and_traced(advising: Advising) -> None:
    """What was seen, advised, answered, promised and found stands in one row, of the office."""
    advice = await advising.recorded()
    await advising.do(
        advising.head, services.answer_advice,
        advice_id=advice, answer=" We agree. ", promise=PROMISE,
    )  # fmt: skip
    await advising.followed_up(advice, advising.colleague)
    await advising.closed(advice)
    columns = "controller_id, branch_id, measure, first_day, last_day, state, answer, will_do"
    (kept,) = advising.rows(f"select {columns}, done_by, do_by from advice where id = '{advice}'")
    assert kept.split("|") == [
        str(advising.office), str(advising.school), "absence", "2026-01-01",
        "2026-01-31", "closed", "We agree.", "Mentors call.", "coordinator", "2026-05-01",
    ]  # fmt: skip
    assert advising.rows(f"select follow_up, outcome from advice where id = '{advice}'") == [
        "Less of it.|improved"
    ]
    assert advising.rows(
        "select recorded_by, answered_by, followed_up_by, closed_by from advice"
        f" where id = '{advice}'"
    ) == [f"{advising.adviser.id}|{advising.head.id}|{advising.colleague.id}|{advising.adviser.id}"]
    assert advising.traces(advice) == [
        "advice_recorded|0", "advice_answered|0", "advice_followed_up|0", "advice_closed|0",
    ]  # fmt: skip


async def test_the_office_the_school_and_its_board_see_it(advising: Advising) -> None:
    """Both advisers, the branch's head and coordinator, the board's analyst; nobody else."""
    assert await advising.readers(await advising.recorded()) == {
        advising.adviser, advising.colleague, advising.head, advising.coordinator,
        advising.analyst,
    }  # fmt: skip


async def test_another_office_over_the_same_school_sees_its_own_alone(advising: Advising) -> None:
    """A mandate over the branch does not open what another office wrote about it."""
    theirs = await advising.recorded()
    advising.mandated(advising.other_office, "municipality", "9001")
    advising.put()
    own = await advising.recorded(actor=advising.elsewhere)
    assert await advising.reads(advising.elsewhere) & {theirs, own} == {own}
    assert await advising.reads(advising.adviser) & {theirs, own} == {theirs}
    for act in (advising.followed_up, advising.closed):
        with pytest.raises(NotFound):
            await act(theirs, advising.elsewhere)


@pytest.mark.parametrize(
    ("changed", "field"),
    [
        ({"measure": "grades"}, "measure"),
        ({"first_day": date(2026, 2, 1)}, "lastDay"),
        ({"last_day": date(2026, 3, 16)}, "lastDay"),
        ({"last_day": date(2027, 3, 16)}, "lastDay"),
        ({"first_day": date(2025, 1, 1)}, "lastDay"),
        ({"first_day": date(2019, 1, 1), "last_day": date(2019, 1, 31)}, "firstDay"),
        ({"seen": "  "}, "seen"),
        ({"seen": "x" * 1_001}, "seen"),
        ({"seen": "Of 999990019 in 2B."}, "seen"),
    ],
)
async def test_advice_rests_on_a_closed_period_and_names_no_pupil(
    advising: Advising, changed: dict[str, object], field: str
) -> None:
    """An unknown measure, days that are not over or make no sense, and a BSN are refused."""
    with pytest.raises(Invalid) as refused:
        await advising.do(
            advising.adviser, services.record_advice, branch_id=advising.school, text="Call.",
            development=replace(DEVELOPMENT, **changed),
        )  # fmt: skip
    assert refused.value.path == (field,)


@pytest.mark.parametrize("text", ["", "x" * 4_001, "See 9999.90.019."])
async def test_no_text_of_an_advice_names_a_pupil(advising: Advising, text: str) -> None:
    """The advice, the answer, the promise and the follow-up are each held to it."""
    with pytest.raises(Invalid):
        await advising.do(
            advising.adviser, services.record_advice,
            branch_id=advising.school, development=DEVELOPMENT, text=text,
        )  # fmt: skip
    advice = await advising.recorded()
    for answer, promise in (
        (text, None),
        ("Yes.", replace(PROMISE, will_do=text)),
        ("Yes.", replace(PROMISE, done_by=text)),
    ):
        with pytest.raises(Invalid):
            await advising.do(
                advising.head, services.answer_advice,
                advice_id=advice, answer=answer, promise=promise,
            )  # fmt: skip
    await advising.answered(advice)
    with pytest.raises(Invalid):
        await advising.do(advising.adviser, services.follow_up_advice, advice_id=advice, note=text)
    assert advising.state(advice) == "answered"


@pytest.mark.parametrize("day", [date(2026, 3, 15), date(2028, 6, 1)])
async def test_a_promise_is_for_a_day_ahead(advising: Advising, day: date) -> None:
    """What the school will do is not to be done yesterday, nor in some far year."""
    advice = await advising.recorded()
    with pytest.raises(Invalid) as refused:
        await advising.do(
            advising.head, services.answer_advice,
            advice_id=advice, answer="Yes.", promise=replace(PROMISE, do_by=day),
        )  # fmt: skip
    assert refused.value.path == ("promise", "doBy")


async def test_nobody_but_an_adviser_with_a_mandate_advises(advising: Advising) -> None:
    """Another office, an officer, a school and a branch that is not there: one answer."""
    for actor in (
        advising.elsewhere, advising.officer, advising.head, advising.analyst,
        replace(advising.officer, role=Role.ATTENDANCE_ADVISER, purpose=Purpose.PREVENTION_ADVICE),
        replace(advising.adviser, purpose=Purpose.COMPULSORY_SCHOOLING),
        replace(advising.adviser, organisation=advising.other_office),
        replace(advising.adviser, organisation=None),
    ):  # fmt: skip
        with pytest.raises(NotFound) as refused:
            await advising.recorded(actor=actor)
        assert refused.value.path == ("branchId",)
    with pytest.raises(NotFound) as refused:
        await advising.recorded(branch=uuid4())
    assert refused.value.path == ("branchId",)


async def test_nobody_but_the_head_of_the_branch_answers(advising: Advising) -> None:
    """Nor does who may read it; and an advice that is not there is answered the same."""
    advice = await advising.recorded()
    for actor in advising.everyone:
        if actor is not advising.head:
            with pytest.raises(NotFound):
                await advising.answered(advice, actor)
    with pytest.raises(NotFound):
        await advising.answered(uuid4())
    assert advising.state(advice) == "recorded"


@pytest.mark.parametrize("before", AdviceState)
@pytest.mark.parametrize("to", ACTS)
async def test_an_advice_goes_one_way(
    advising: Advising, before: AdviceState, to: AdviceState
) -> None:
    """From each state every act but those of the table is refused, and changes nothing."""
    advice = await advising.recorded()
    way = {
        AdviceState.RECORDED: (),
        AdviceState.ANSWERED: (AdviceState.ANSWERED,),
        AdviceState.FOLLOWED_UP: (AdviceState.ANSWERED, AdviceState.FOLLOWED_UP),
        AdviceState.CLOSED: (AdviceState.CLOSED,),
    }[before]
    for step in way:
        await ACTS[step](advising, advice, None)
    if to in TRANSITIONS[before]:
        await ACTS[to](advising, advice, None)
        assert advising.state(advice) == to
    else:
        with pytest.raises(Conflict) as refused:
            await ACTS[to](advising, advice, None)
        assert refused.value.path == ("adviceId",)
        assert advising.state(advice) == before


async def test_an_answered_advice_is_not_closed_as_unanswered(advising: Advising) -> None:
    """What came of it is one of a list, and does not deny that the school answered."""
    advice = await advising.recorded()
    other = await advising.recorded()
    await advising.answered(advice)
    for outcome in ("unanswered", "whatever"):
        with pytest.raises(Invalid) as refused:
            await advising.closed(advice, outcome=outcome)
        assert refused.value.path == ("outcome",)
    await advising.closed(other, outcome="unanswered")
    assert advising.state(other) == "closed"


async def test_a_mandate_that_ends_takes_the_advice_along(advising: Advising) -> None:
    """The office reads, gives and follows up nothing any more; the school still answers."""
    advice = await advising.recorded()
    answered = await advising.answered(await advising.recorded())
    advising.end("mandate", f"id = '{advising.mandate}'")
    assert await advising.readers(advice) == {
        advising.head, advising.coordinator, advising.analyst,
    }  # fmt: skip
    for act in (
        advising.recorded(),
        advising.followed_up(answered),
        advising.closed(advice),
    ):
        with pytest.raises(NotFound):
            await act
    await advising.answered(advice)


@pytest.mark.parametrize("name", ["adviser", "head", "coordinator", "analyst"])
async def test_work_that_ends_closes_it(advising: Advising, name: str) -> None:
    """Who no longer works there reads nothing and does nothing, with the same token."""
    advice = await advising.recorded()
    actor: Actor = getattr(advising, name)
    advising.end("assignment", f"staff_id = '{actor.id}'")
    assert actor not in await advising.readers(advice)
    for act in ACTS.values():
        with pytest.raises(NotFound):
            await act(advising, advice, actor)


async def test_two_answers_at_once_are_one(advising: Advising) -> None:
    """Whoever comes second is told that it was answered already."""
    advice = await advising.recorded()
    given = {"advice_id": advice, "answer": "First.", "promise": None}
    met = await advising.overlapping(
        (advising.head, services.answer_advice, given),
        (advising.head, services.answer_advice, {**given, "answer": "Second."}),
    )
    assert isinstance(met, Conflict)
    assert advising.rows(f"select answer from advice where id = '{advice}'") == ["First."]
