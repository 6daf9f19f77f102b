import json
import random
from collections.abc import Iterable
from datetime import timedelta
from uuid import UUID

import pytest
from sqlalchemy.ext.asyncio import create_async_engine

from domain import clock
from domain.reading.view import View
from ops.cluster import SUPERUSER
from permissions.vocabulary import DataClass
from tests.domain.explaining.layers import CLASSES, Explained
from tests.security.layers import VIEWS, rows, shown

pytestmark = [pytest.mark.asyncio, pytest.mark.slow]

LATER = (
    timedelta(0),  # the moment at which everything was made
    timedelta(minutes=31),  # the emergency is over
    timedelta(days=400),  # the measure, the enrolments and the withholding are over
    timedelta(days=4 * 365),  # children became 16 and 18
)
ENDS = {
    "assignment": "valid_until",
    "guardian_authority": "valid_until",
    "own_account": "valid_until",
    "filiation": "valid_until",
    "participation": "ended_at",
    "referral": "valid_until",
    "consent": "valid_until",
    "report_allocation": "valid_until",
}
"""The facts that ties are made of and that somebody can end, with what says so."""


@pytest.mark.parametrize("later", LATER, ids=str)
async def test_an_explanation_is_what_the_database_lets_through(
    explained: Explained, later: timedelta
) -> None:
    """Everyone, for every purpose, about many and every class: told yes is reached, no not."""
    moment = clock.at(explained.world.moment.instant + later)
    compared, permitted = await explained.agree(moment)
    assert compared > 25_000
    assert permitted > 50


async def test_an_explanation_is_what_reading_gives(explained: Explained) -> None:
    """Rows of a class about somebody are there exactly when the explanation says they may be."""
    compared = given = 0
    everything = await existing(explained)
    # Some records of an office are about somebody whom no school delivered.
    people = {person for found in everything.values() for person, _ in found}
    for name, actor in explained.everyone():
        said = {
            (str(person), each.data_class): each.permitted
            for person in map(UUID, people)
            for each in await explained.said(actor, person)
        }
        for view in VIEWS:
            mine = await shown(explained.world.database, actor, view, compiled=True)
            seen = persons(explained, view, mine)
            for person, what in everything[view.name]:
                assert said[person, what] == ((person, what) in seen), f"{name} {view.name} {what}"
                compared += 1
                given += said[person, what]
    assert compared > 10_000
    assert given > 300


async def existing(explained: Explained) -> dict[str, set[tuple[str, DataClass]]]:
    """Return about whom there are rows of each view, and of which class: past the rules."""
    superusers = create_async_engine(
        explained.database.cluster.url(SUPERUSER, explained.database.name)
    )
    anyone = explained.world.actors["mentor"]
    found: dict[str, set[tuple[str, DataClass]]] = {}
    async with superusers.connect() as superuser:
        for view in VIEWS:
            all_rows = await rows(superuser, anyone, view, compiled=False)
            found[view.name] = persons(explained, view, all_rows)
    await superusers.dispose()
    return found


def persons(explained: Explained, view: View, found: Iterable[str]) -> set[tuple[str, DataClass]]:
    """Return whom rows of a view are about, each with the row's class; none for figures."""
    seen: set[tuple[str, DataClass]] = set()
    for row in map(json.loads, found):
        what = DataClass(row[view.guarded_by[0]]) if view.guarded_by else view.row_class
        if what is not None and what in CLASSES:
            key = next(
                row[column] for column in view.keys.values() if row[column] in explained.whose
            )
            seen.add((explained.whose[key], what))
    return seen


async def test_nothing_tells_absent_from_hidden(explained: Explained) -> None:
    """What is not permitted is explained in the same words about nobody as about somebody."""
    compared = 0
    nobody = explained.world.case_id  # an id, but no young person's
    for name, actor in explained.everyone():
        absent = {each.data_class: each for each in await explained.said(actor, nobody)}
        for person in explained.world.young_persons:
            for each in await explained.said(actor, person):
                if not (each.about_one and each.permitted):
                    assert each == absent[each.data_class], name
                    compared += 1
    assert compared > 50_000


@pytest.mark.usefixtures("put_back")
async def test_an_explanation_ends_with_its_fact(explained: Explained) -> None:
    """Facts are ended at random, a third each time and then all: what is told follows at once."""
    chance = random.Random(2)
    instant = explained.world.moment.instant + timedelta(seconds=1)
    before = (await explained.agree(clock.at(instant)))[1]
    for share in (0.3, 0.3, 1.0):
        statements = ["set session_replication_role = replica"]
        for table, column in ENDS.items():
            keys = explained.database.run_sql(
                f"select id from {table} where {column} is null or {column} > '{instant}'"
                " order by id"
            )
            ended = [key for key in keys if chance.random() < share]
            statements += (
                f"update {table} set {column} = '{instant}' where id = '{key}'" for key in ended
            )
        explained.database.run_sql("; ".join(statements))
        after = (await explained.agree(clock.at(instant)))[1]
        assert after < before
        before = after
    assert before == 0
