"""Measures of a court: registered by the institution that carries them out, and what they open."""

from __future__ import annotations

import asyncio
from datetime import UTC, datetime, timedelta
from typing import Any
from uuid import UUID, uuid4

import pytest

from domain import clock
from domain.cases.measures import end_measure, register_measure
from domain.cases.services import leave_case
from domain.errors import Invalid, NotFound
from domain.notes.services import add_note
from permissions.vocabulary import DataClass
from tests.domain.cases.acting import BEGUN
from tests.domain.cases.whole_chain import WholeChain

pytestmark = pytest.mark.asyncio

UNTIL = BEGUN + timedelta(days=365)


def inputs(whole: WholeChain, **given: Any) -> dict[str, Any]:
    """Return supervision of the pupil for a year."""
    return {"young_person_id": whole.young_person, "kind": "supervision", "until": UNTIL} | given


async def joined(whole: WholeChain) -> UUID:
    """Open a case that the institution takes part in."""
    case = await whole.opened()
    await whole.joined(case, whole.protector)
    return case


async def test_a_measure_opens_the_case_and_whom_to_call(whole: WholeChain) -> None:
    """Who takes part sees nothing before the measure is registered, and nothing at its end."""
    case = await joined(whole)
    administrator = whole.administrators[whole.institution]
    assert await whole.sees(whole.protector) == {}
    await whole.act(administrator, register_measure, **inputs(whole))
    opened = {"case": 1, "caseidentity": 1, "participant": 2, "pupil": 1, "contact": 3}
    assert await whole.sees(whole.protector) == opened
    note = {"data_class": DataClass.NOTE_YOUTH_CARE, "text": "A visit."}
    await whole.act(whole.protector, add_note, case_id=case, **note)
    last = UNTIL - timedelta(microseconds=1)
    assert await whole.sees(whole.protector, last) == opened | {"note": 1}
    # What its own organisation wrote it reads while it takes part (Jeugdwet 7.3.8).
    assert await whole.sees(whole.protector, UNTIL) == {"note": 1}
    assert whole.rows(
        "select t.act, t.actor_id, m.kind from trace t join court_measure m on m.id = t.about"
        f" where m.young_person_id = '{whole.young_person}'"
    ) == [f"measure_registered|{administrator.id}|supervision"]


async def test_leaving_ends_it_too(whole: WholeChain) -> None:
    """A measure opens nothing to who takes no part, and a worker without one may leave."""
    case = await joined(whole)
    await whole.act(whole.administrators[whole.institution], register_measure, **inputs(whole))
    await whole.act(whole.protector, leave_case, case_id=case)
    assert await whole.sees(whole.protector) == {}
    await whole.joined(case, whole.protector_elsewhere)
    assert await whole.sees(whole.protector_elsewhere) == {}
    await whole.act(whole.protector_elsewhere, leave_case, case_id=case)


async def test_who_may_register(whole: WholeChain) -> None:
    """The administrator of an institution that takes part in a case about the young person."""
    administrator = whole.administrators[whole.institution]
    with pytest.raises(NotFound):
        await whole.act(administrator, register_measure, **inputs(whole))
    case = await whole.opened()
    await whole.invited(case, whole.protector)
    with pytest.raises(NotFound):
        await whole.act(administrator, register_measure, **inputs(whole))
    await whole.joined(case, whole.protector_elsewhere)
    with pytest.raises(NotFound):
        await whole.act(administrator, register_measure, **inputs(whole))
    of_elsewhere = whole.administrators[whole.other_institution]
    for actor in whole.all_but(of_elsewhere, whole.administrators[whole.care]):
        with pytest.raises(NotFound):
            await whole.act(actor, register_measure, **inputs(whole))
    await whole.act(of_elsewhere, register_measure, **inputs(whole))


async def test_only_an_institution_registers(whole: WholeChain) -> None:
    """The administrator of a youth care provider is told so, whoever it is about."""
    await whole.joined(await whole.opened(), whole.worker)
    for person in (whole.young_person, uuid4()):
        with pytest.raises(Invalid, match="certified institution"):
            await whole.act(
                whole.administrators[whole.care],
                register_measure,
                **inputs(whole, young_person_id=person),
            )


async def test_the_unknown_and_the_strange_are_answered_alike(whole: WholeChain) -> None:
    """A young person in none of its cases and nobody at all: the same refusal, nothing kept."""
    await joined(whole)
    stranger = await asyncio.to_thread(whole.another_child)
    administrator = whole.administrators[whole.institution]
    for person in (stranger, uuid4()):
        with pytest.raises(NotFound) as met:
            await whole.act(
                administrator, register_measure, **inputs(whole, young_person_id=person)
            )
        assert met.value.path == ("youngPersonId",)
    made = f"select count(*) from court_measure where controller_id = '{whole.institution}'"
    assert whole.rows(made) == ["0"]


async def test_a_kind_and_an_end(whole: WholeChain) -> None:
    """One of two measures, to an end with a time zone that lies ahead."""
    await joined(whole)
    administrator = whole.administrators[whole.institution]
    wrong: list[tuple[dict[str, Any], str]] = [
        ({"kind": "tea"}, "kind"),
        ({"until": BEGUN}, "until"),
        ({"until": datetime(2099, 1, 1)}, "until"),  # noqa: DTZ001 - without a zone is the point
    ]
    for given, path in wrong:
        with pytest.raises(Invalid) as met:
            await whole.act(administrator, register_measure, **inputs(whole, **given))
        assert met.value.path == (path,)
    await whole.act(administrator, register_measure, **inputs(whole, kind="guardianship"))


async def test_no_measure_lasts_longer_than_the_law_lets_it(whole: WholeChain) -> None:
    """Supervision a year, and either kind until the 18th birthday; to the day, and no further."""
    await joined(whole)
    administrator = whole.administrators[whole.institution]
    of_age = datetime(2029, 5, 3, 22, tzinfo=UTC)
    tick, start = timedelta(microseconds=1), BEGUN + timedelta(days=1)
    for kind, latest, at in (
        ("supervision", start.replace(year=2027), start),
        ("supervision", of_age, datetime(2028, 12, 1, tzinfo=UTC)),
        ("guardianship", of_age, start),
    ):
        given = inputs(whole, kind=kind)
        with pytest.raises(Invalid) as met:
            await whole.act(
                administrator, register_measure, at=clock.at(at), **given | {"until": latest + tick}
            )
        assert met.value.path == ("until",)
        await whole.act(
            administrator, register_measure, at=clock.at(at), **given | {"until": latest}
        )
    whole.rows(f"update pupil set birth_date = null where id = '{whole.pupil}'")
    far = inputs(whole, kind="guardianship", until=BEGUN.replace(year=2099))
    await whole.act(administrator, register_measure, **far)


async def test_a_measure_ends_before_its_date(whole: WholeChain) -> None:
    """From the act on it opens nothing; another kind, institution or child has none to end."""
    await joined(whole)
    administrator = whole.administrators[whole.institution]
    await whole.act(administrator, register_measure, **inputs(whole))
    assert await whole.sees(whole.protector)
    about: dict[str, Any] = {"young_person_id": whole.young_person, "kind": "supervision"}
    for actor in whole.all_but(administrator):
        with pytest.raises(NotFound):
            await whole.act(actor, end_measure, **about)
    others: list[dict[str, Any]] = [{"kind": "guardianship"}, {"young_person_id": uuid4()}]
    for other in others:
        with pytest.raises(NotFound) as met:
            await whole.act(administrator, end_measure, **{**about, **other})
        assert met.value.path == ("youngPersonId",)
    with pytest.raises(Invalid):
        await whole.act(administrator, end_measure, **{**about, "kind": "tea"})
    await whole.act(whole.protector, leave_case, case_id=await case_of(whole))
    await whole.joined(await case_of(whole), whole.protector)
    assert await whole.sees(whole.protector)
    await whole.act(administrator, end_measure, **about)
    assert await whole.sees(whole.protector) == {}
    with pytest.raises(NotFound):
        await whole.act(administrator, end_measure, **about)
    assert whole.rows(
        "select t.act from trace t join court_measure m on m.id = t.about"
        f" where m.young_person_id = '{whole.young_person}' order by t.at"
    ) == ["measure_registered", "measure_ended"]


async def case_of(whole: WholeChain) -> UUID:
    """Return the pupil's case."""
    [found] = whole.rows(f"select id from case_file where young_person_id = '{whole.young_person}'")
    return UUID(found)
