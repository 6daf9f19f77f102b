"""The office's own records: registered, ended, opened, closed; and who sees them."""

from __future__ import annotations

from collections.abc import Callable
from datetime import date
from uuid import UUID, uuid4

import pytest

from domain.errors import Conflict, Invalid, NotFound
from domain.exemptions.judging import Period
from domain.exemptions.non_enrolment import close_non_enrolment, open_non_enrolment
from domain.exemptions.services import end_exemption, register_exemption
from domain.exemptions.whom import Named, Whom
from permissions.vocabulary import Actor
from tests.domain.cases.whole_chain import WholeChain

pytestmark = pytest.mark.asyncio

PERIOD = Period(first_day=date(2026, 3, 16), last_day=date(2026, 7, 31), statement_on=None)
HEALTH = Period(first_day=PERIOD.first_day, last_day=None, statement_on=date(2026, 3, 2))
NOA = Named(given_name="Noa", family_name="Onbekend", birth_date=date(2015, 1, 1))
BELIEF = "exemption.belief"
SINCE = date(2026, 3, 2)


async def registered(
    whole: WholeChain,
    whom: Whom,
    kind: str = "art_5_b_belief",
    period: Period = PERIOD,
    actor: Actor | None = None,
) -> UUID:
    """Register an exemption as the officer."""
    return await whole.act(
        actor or whole.officer, register_exemption,
        whom=whom, kind=kind, municipality_code=whole.municipality, period=period,
    )  # fmt: skip


async def opened(whole: WholeChain, whom: Whom, actor: Actor | None = None) -> UUID:
    """Open a record of non-enrolment as the officer."""
    return await whole.act(
        actor or whole.officer, open_non_enrolment,
        whom=whom, municipality_code=whole.municipality, since=SINCE,
    )  # fmt: skip


async def readers(whole: WholeChain, view: str) -> set[Actor]:
    """Return who sees a row of a view."""
    return {actor for actor in whole.everyone if view in await whole.sees(actor)}


async def test_an_exemption_takes_who_it_is_about_from_the_report(whole: WholeChain) -> None:
    """Name, birth date and board are the report's; the ground is of its own class."""
    exemption = await registered(whole, Whom(report_id=await whole.allocated()))
    row = "given_name, family_name, birth_date, young_person_id, board_id, controller_id"
    assert whole.rows(f"select {row}, data_class from exemption where id = '{exemption}'") == [
        f"Noor|van Dijk|2011-05-04|{whole.young_person}|{whole.board}|{whole.office}|{BELIEF}"
    ]
    assert whole.rows(f"select retained_until from exemption where id = '{exemption}'") == [
        "2027-07-31"
    ]
    assert whole.traces(exemption)[0].startswith("exemption_registered|")


@pytest.mark.parametrize(
    ("kind", "period", "view"),
    [("art_5_a_health", HEALTH, "exemption"), ("art_5_b_belief", PERIOD, "exemption"),
     ("art_15_other_education", PERIOD, "exemption")],
)  # fmt: skip
async def test_the_office_and_the_family_see_an_exemption_and_no_school(
    whole: WholeChain, kind: str, period: Period, view: str
) -> None:
    """Both officers of the office, both parents with authority; nobody of the school or chain."""
    await registered(whole, Whom(report_id=await whole.allocated()), kind, period)
    assert await readers(whole, view) == {
        whole.officer, whole.officer_2, whole.mother, whole.guardian,
    }  # fmt: skip


async def test_the_office_and_the_family_see_non_enrolment(whole: WholeChain) -> None:
    """The same people see that somebody is at no school."""
    await opened(whole, Whom(report_id=await whole.allocated()))
    assert await readers(whole, "nonenrolment") == {
        whole.officer, whole.officer_2, whole.mother, whole.guardian,
    }  # fmt: skip


async def test_a_person_written_down_is_nobodys_elsewhere(whole: WholeChain) -> None:
    """Under the name of a pupil too: no family and no school sees it, and nothing is matched."""
    twin = Named(given_name="Noor", family_name="van Dijk", birth_date=date(2011, 5, 4))
    exemption = await registered(whole, Whom(named=twin))
    record = await opened(whole, Whom(named=twin))
    assert await readers(whole, "exemption") == {whole.officer, whole.officer_2}
    assert await readers(whole, "nonenrolment") == {whole.officer, whole.officer_2}
    for table, key in (("exemption", exemption), ("non_enrolment", record)):
        assert whole.rows(
            f"select young_person_id = id, board_id is null from {table} where id = '{key}'"
        ) == ["t|t"]
    assert whole.rows(f"select * from young_person where id in ('{exemption}', '{record}')") == []


async def test_protected_whereabouts_close_it_to_the_family(whole: WholeChain) -> None:
    """The office's records tell where a child lives: nobody is told from whom that is kept."""
    report = await whole.allocated()
    await registered(whole, Whom(report_id=report))
    await opened(whole, Whom(report_id=report))
    whole.add(
        "whereabouts_protection", controller_id=whole.board, young_person_id=whole.young_person,
        valid_from="2020-01-01T00:00:00Z",
    )  # fmt: skip
    whole.put()
    assert await readers(whole, "exemption") == {whole.officer, whole.officer_2}
    assert await readers(whole, "nonenrolment") == {whole.officer, whole.officer_2}


async def test_at_sixteen_the_young_person_reads_and_the_parents_no_longer(
    whole: WholeChain,
) -> None:
    """Who it is about reads it from sixteen (UAVG 5), as the school's record gives the age."""
    await registered(whole, Whom(report_id=await whole.allocated()))
    herself = whole.own_account()
    assert "exemption" not in await whole.sees(herself)
    whole.rows(f"update pupil set birth_date = '2010-03-16' where id = '{whole.pupil}'")
    assert "exemption" in await whole.sees(herself)
    assert "exemption" not in await whole.sees(whole.mother)


async def test_a_guardian_of_another_child_sees_nothing(whole: WholeChain) -> None:
    """Authority over another pupil of the same school opens neither record."""
    other = whole.another_child()
    stranger = whole.add("guardian")
    whole.add(
        "guardian_authority", controller_id=whole.board, guardian_id=stranger,
        young_person_id=other, valid_from="2020-01-01T00:00:00Z",
    )  # fmt: skip
    whole.put()
    report = await whole.allocated()
    await registered(whole, Whom(report_id=report))
    await opened(whole, Whom(report_id=report))
    seen = await whole.sees(whole.own(stranger, whole.mother.role))
    assert not {"exemption", "nonenrolment"} & set(seen)


async def test_nobody_but_an_officer_registers(whole: WholeChain) -> None:
    """Everybody else is answered as if there were nothing.

    And an office of another municipality keeps no records of this one.
    """
    for actor in whole.all_but(whole.officer, whole.officer_2, whole.officer_elsewhere):
        with pytest.raises(NotFound):
            await registered(whole, Whom(named=NOA), actor=actor)
        with pytest.raises(NotFound):
            await opened(whole, Whom(named=NOA), actor=actor)
    with pytest.raises(Invalid) as refused:
        await registered(whole, Whom(named=NOA), actor=whole.officer_elsewhere)
    assert refused.value.path == ("municipalityCode",)


async def test_hidden_and_absent_are_alike(whole: WholeChain) -> None:
    """Another office's report and records are answered like none, by path and by words."""
    report = await whole.allocated()
    exemption = await registered(whole, Whom(report_id=report))
    record = await opened(whole, Whom(named=NOA))
    elsewhere = whole.officer_elsewhere
    ways: tuple[tuple[UUID, Callable[[UUID], Whom]], ...] = (
        (report, lambda key: Whom(report_id=key)),
        (exemption, lambda key: Whom(exemption_id=key)),
        (record, lambda key: Whom(non_enrolment_id=key)),
    )
    for hidden, whom in ways:
        answers = set[str]()
        for key in (hidden, uuid4()):
            with pytest.raises(NotFound) as refused:
                await opened(whole, whom(key), actor=elsewhere)
            answers.add(f"{refused.value} {refused.value.path}")
        assert len(answers) == 1
    for actor in whole.all_but(whole.officer, whole.officer_2):
        with pytest.raises(NotFound):
            await whole.act(actor, end_exemption, exemption_id=exemption, reason="enrolled")
        with pytest.raises(NotFound):
            await whole.act(actor, close_non_enrolment, record_id=record, outcome="enrolled")


async def test_an_exemption_ends_once_and_is_kept_a_year(whole: WholeChain) -> None:
    """Ended before its last day, by a word; then it is over."""
    exemption = await registered(whole, Whom(named=NOA), "art_5_a_health", HEALTH)
    with pytest.raises(Invalid):
        await whole.act(whole.officer, end_exemption, exemption_id=exemption, reason="tired")
    await whole.act(whole.officer_2, end_exemption, exemption_id=exemption, reason="enrolled")
    assert whole.rows(
        f"select state, end_reason, retained_until from exemption where id = '{exemption}'"
    ) == ["ended|enrolled|2027-03-16"]
    with pytest.raises(Conflict):
        await whole.act(whole.officer, end_exemption, exemption_id=exemption, reason="mistaken")


async def test_what_is_no_longer_kept_is_not_there(whole: WholeChain) -> None:
    """After the last day of retention the office sees and ends nothing."""
    exemption = await registered(whole, Whom(named=NOA))
    whole.rows(
        "alter table exemption disable trigger exemption_ends;"
        f" update exemption set retained_until = '2026-03-15' where id = '{exemption}';"
        " alter table exemption enable trigger exemption_ends"
    )
    assert "exemption" not in await whole.sees(whole.officer)
    with pytest.raises(NotFound):
        await whole.act(whole.officer, end_exemption, exemption_id=exemption, reason="mistaken")


async def test_the_same_exemption_stands_once(whole: WholeChain) -> None:
    """Of one kind in the same days; another kind, or the next days, is another exemption."""
    first = await registered(whole, Whom(named=NOA))
    same = Whom(exemption_id=first)
    with pytest.raises(Conflict):
        await registered(whole, same)
    await registered(whole, same, "art_15_other_education")
    later = Period(first_day=date(2026, 8, 1), last_day=date(2027, 7, 31), statement_on=None)
    renewed = await registered(whole, same, period=later)
    assert whole.rows(f"select young_person_id from exemption where id = '{renewed}'") == [
        str(first)
    ]


async def test_non_enrolment_is_open_once_and_closed_once(whole: WholeChain) -> None:
    """A second record of the same person waits until the first is closed."""
    report = await whole.allocated()
    record = await opened(whole, Whom(report_id=report))
    with pytest.raises(Conflict):
        await opened(whole, Whom(non_enrolment_id=record))
    with pytest.raises(Invalid):
        await whole.act(whole.officer, close_non_enrolment, record_id=record, outcome="fined")
    await whole.act(whole.officer, close_non_enrolment, record_id=record, outcome="exempt")
    assert whole.rows(
        f"select state, outcome, retained_until from non_enrolment where id = '{record}'"
    ) == ["closed|exempt|2027-07-31"]
    with pytest.raises(Conflict):
        await whole.act(whole.officer, close_non_enrolment, record_id=record, outcome="mistaken")
    await opened(whole, Whom(report_id=report))
    acts = [line.split("|")[0] for line in whole.traces(record)]
    assert acts == ["non_enrolment_opened", "non_enrolment_closed"]


async def test_two_at_once_open_one_record(whole: WholeChain) -> None:
    """Two officers who open a record of the same person meet."""
    report = await whole.allocated()
    given = {
        "whom": Whom(report_id=report), "municipality_code": whole.municipality, "since": SINCE,
    }  # fmt: skip
    met = await whole.overlapping(
        (whole.officer, open_non_enrolment, given), (whole.officer_2, open_non_enrolment, given)
    )
    assert isinstance(met, Conflict)


@pytest.mark.parametrize(
    ("whom", "path"),
    [
        (Whom(), ("whom",)),
        (Whom(named=NOA, report_id=uuid4()), ("whom",)),
        (Whom(named=Named(given_name=" ", family_name="A", birth_date=NOA.birth_date)),
         ("whom", "givenName")),
        (Whom(named=Named(given_name="A", family_name="A" * 201, birth_date=NOA.birth_date)),
         ("whom", "familyName")),
        (Whom(named=Named(given_name="A", family_name="B", birth_date=date(2026, 4, 1))),
         ("whom", "birthDate")),
    ],
)  # fmt: skip
async def test_whom_is_named_in_exactly_one_way(
    whole: WholeChain, whom: Whom, path: tuple[str, ...]
) -> None:
    """None, two, or no name is refused at the field it is about."""
    with pytest.raises(Invalid) as refused:
        await registered(whole, whom)
    assert refused.value.path == path
