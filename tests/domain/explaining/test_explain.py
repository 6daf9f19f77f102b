import json
from dataclasses import replace
from datetime import datetime, timedelta
from uuid import UUID, uuid4

import pytest
from sqlalchemy import event

from domain import clock
from domain.database import Login, ask
from domain.explaining.saying import advice
from domain.explaining.services import Explanation, answered, explain
from permissions.vocabulary import Actor, DataClass, End, Purpose, Tie
from tests.domain.explaining.layers import Explained
from tests.world import PROTECTED

pytestmark = pytest.mark.asyncio


async def explanation(explained: Explained, actor: Actor, number: int, what: str) -> Explanation:
    """Return what an actor is told of a class about the pupil with a number, without a trace."""
    found = await explained.said(actor, explained.world.young_persons[number])
    return next(each for each in found if each.data_class == what)


async def test_a_mentor_is_told_the_rule_and_its_tie(explained: Explained) -> None:
    """Of a pupil of the own class: the one rule, that it holds, and no end while none is known."""
    found = await explanation(explained, explained.world.actors["mentor"], 0, "pupil.identity")
    (ground,) = found.grounds
    assert found.permitted
    assert ground.rule.tie is Tie.CLASS_ASSIGNMENT
    assert ground.rule.end is End.ASSIGNMENT
    assert ground.holds
    assert advice(found).en.endswith("while assigned to the pupil's class. That is so now.")
    assert advice(found).nl.endswith("aan de klas van de leerling loopt. Dat is nu zo.")


async def test_a_mentor_is_told_what_is_missing(explained: Explained) -> None:
    """Of a pupil of another class: the same rule, that it does not hold, and no word of whom."""
    found = await explanation(explained, explained.world.actors["mentor"], 9, "pupil.identity")
    assert not found.permitted
    assert [ground.until for ground in found.grounds] == [None]
    assert advice(found).en == (
        "You may read a pupil's identity (name, date of birth, sex) while assigned to the pupil's"
        " class. That is not so now."
    )


async def test_the_end_is_the_end_of_the_fact(explained: Explained) -> None:
    """An emergency ends thirty minutes after it was declared, and the explanation says so."""
    actor = explained.world.actors["worker_in_emergency"]
    found = await explanation(explained, actor, 0, "pupil.contact")
    (ground,) = found.grounds
    assert ground.holds
    assert ground.until is not None
    ends = datetime.fromisoformat(ground.until)
    assert ends == explained.world.moment.instant + timedelta(minutes=30)


@pytest.mark.usefixtures("put_back")
async def test_of_several_facts_the_one_that_lasts_longest_counts(explained: Explained) -> None:
    """Assigned to one class twice: the later end is told, and none while one of them is open."""
    mentor = explained.world.actors["mentor_of_other_class"]
    ends = [explained.world.moment.instant + timedelta(days=days) for days in (3, 9)]
    explained.database.run_sql(
        "insert into assignment select gen_random_uuid(), organisation_id, staff_id, role,"
        f" branch_id, class_group_id, valid_from, '{ends[0]}' from assignment"
        f" where staff_id = '{mentor.id}'"
    )
    (ground,) = (await explanation(explained, mentor, 9, "pupil.identity")).grounds
    assert ground.holds
    assert ground.until is None
    explained.database.run_sql(
        f"update assignment set valid_until = '{ends[1]}'"
        f" where staff_id = '{mentor.id}' and valid_until is null"
    )
    (ground,) = (await explanation(explained, mentor, 9, "pupil.identity")).grounds
    assert ground.until is not None
    assert datetime.fromisoformat(ground.until) == ends[1]


async def test_a_class_without_a_rule_names_the_purposes_that_have_one(
    explained: Explained,
) -> None:
    """An officer with a token for case work reads no report, and is told for what she would."""
    found = await explanation(explained, explained.world.actors["officer_case"], 0, "report")
    assert found.grounds == ()
    assert found.elsewhere == (Purpose.COMPULSORY_SCHOOLING,)
    said = advice(found)
    assert said.en.startswith("No rule lets an attendance officer read the report")
    assert said.en.count("with a token for that purpose") == 1
    assert "met een token voor dat doel" in said.nl


async def test_a_class_that_a_role_never_reads_says_just_that(explained: Explained) -> None:
    """A mentor has no rule on the health reasons, for whatever purpose."""
    found = await explanation(
        explained, explained.world.actors["mentor"], 0, "attendance.reason.health"
    )
    assert found.grounds == ()
    assert found.elsewhere == ()
    assert advice(found).en == (
        "No rule lets a mentor read reasons of absences that are about health for "
        + advice(found).en.rpartition(" for ")[2]
    )


async def test_several_ways_are_all_told(explained: Explained) -> None:
    """An officer without a tie is told every tie that would do, each once."""
    found = await explanation(explained, explained.world.actors["officer"], 9, "report")
    assert {ground.rule.tie for ground in found.grounds} == {
        Tie.REPORT_ALLOCATION, Tie.OWN_FILE, Tie.EARLIER_REPORT,
    }  # fmt: skip
    assert advice(found).en.count(", or while ") == 2


async def test_only_what_holds_is_named_when_something_holds(explained: Explained) -> None:
    """An officer whose closed report is retained is told of that tie alone, and of its last day."""
    found = await explanation(explained, explained.world.actors["officer"], 6, "report")
    held = {ground.rule.tie: ground.until for ground in found.grounds if ground.holds}
    assert Tie.OWN_FILE in held
    assert advice(found).en.count(" while ") == len(held)
    kept = explained.database.run_sql(
        f"select retained_until from report where id = '{explained.world.reports[6]}'"
    )
    assert held[Tie.OWN_FILE] == kept[0]


async def test_a_class_about_no_one_is_the_same_for_everyone(explained: Explained) -> None:
    """A privacy officer reads her organisation's log whoever is asked about, or nobody."""
    officer = explained.world.actors["privacy_officer"]
    found = await explanation(explained, officer, 0, "log.organisation")
    assert found.permitted
    assert not found.about_one
    assert advice(found).en.endswith("the answer is the same for each of them.")
    nobody = await explained.said(officer, uuid4())
    assert found in nobody


async def test_a_protected_whereabouts_withholds_from_the_family(explained: Explained) -> None:
    """While a school protects where a child is, its parent is told the condition and not why."""
    parent = replace(explained.world.actors["guardian"])
    open_ = await explanation(explained, parent, 0, "pupil.whereabouts")
    other = await explanation(explained, parent, PROTECTED, "pupil.whereabouts")
    assert open_.permitted
    assert not other.permitted
    assert [g.rule for g in open_.grounds] == [g.rule for g in other.grounds]


async def traces(explained: Explained, request_id: str) -> list[dict[str, object]]:
    """Return the traces of a request, past the rules."""
    found = explained.database.run_sql(
        f"select row_to_json(t) from trace t where request_id = '{request_id}'"
    )
    return [json.loads(row) for row in found]


async def asked(
    explained: Explained, actor: Actor, person: UUID, *classes: DataClass
) -> list[dict[str, object]]:
    """Return the traces of an explanation that was asked for."""
    request = replace(ask(actor), moment=explained.world.moment)
    async with explained.world.database.acting(request, Login.APP) as session:
        await explain(session, actor, young_person_id=person, data_classes=classes)
    return await traces(explained, request.request_id)


async def test_being_told_that_a_tie_holds_is_traced(explained: Explained) -> None:
    """The trace names the act, the young person and the rules that held, and no other."""
    person = explained.world.young_persons[0]
    (trace,) = await asked(
        explained, explained.world.actors["mentor"], person,
        DataClass.PUPIL_IDENTITY, DataClass.REPORT,
    )  # fmt: skip
    assert trace["act"] == "access_explained"
    assert trace["young_persons"] == [str(person)]
    assert trace["data_classes"] == ["pupil.identity"]
    assert trace["rules"] == ["mentor/daily_guidance/class_assignment/read/pupil.identity"]


async def test_being_told_nothing_leaves_no_trace(explained: Explained) -> None:
    """Neither of somebody hidden, nor of nobody, nor of what is about no one, a line is kept."""
    mentor = explained.world.actors["mentor"]
    hidden = explained.world.young_persons[9]
    for person in (hidden, uuid4()):
        assert await asked(explained, mentor, person, *DataClass) == []
    officer = explained.world.actors["privacy_officer"]
    assert await asked(explained, officer, hidden, DataClass.LOG_ORGANISATION) == []


async def test_an_explanation_asks_the_database_once(explained: Explained) -> None:
    """All classes together cost one statement for a role with many rules, and none for none."""
    engine = explained.world.database.engines[Login.APP].sync_engine
    statements: list[str] = []

    def note(_connection: object, _cursor: object, statement: str, *_rest: object) -> None:
        """Keep a statement."""
        statements.append(statement)

    mentor = explained.world.actors["mentor"]
    counts: list[int] = []
    for actor in (mentor, replace(mentor, purpose=Purpose.YOUTH_CARE)):
        request = replace(ask(actor), moment=clock.now())
        async with explained.world.database.acting(request, Login.APP) as session:
            event.listen(engine, "before_cursor_execute", note)
            await answered(session, request, explained.world.young_persons[0], tuple(DataClass))
            event.remove(engine, "before_cursor_execute", note)
        counts.append(len(statements))
        statements.clear()
    assert counts == [1, 0]
