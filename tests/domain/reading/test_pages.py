"""Pages, cursors and masks, on a real database."""

from __future__ import annotations

import asyncio
from collections.abc import AsyncIterator
from dataclasses import replace
from datetime import timedelta
from typing import Any

import pytest
import pytest_asyncio

from domain import clock
from domain.database import Ask, Login
from domain.errors import Invalid
from domain.pupils.models import Pupil
from domain.pupils.views import pupils, residences
from domain.reach import Kind
from domain.reading import Asked, Field, One, Page, Reader, Root, Selection, View
from domain.reading.compile import Unreadable
from permissions.vocabulary import Actor, DataClass
from tests.domain.cases.world import Chain

KEY = b"c" * 32
CHILDREN = 5
NODE = (Selection("id", "id"), Selection("givenName", "name"))


@pytest_asyncio.fixture(loop_scope="session")
async def class_of_five(chain: Chain) -> AsyncIterator[Chain]:
    """A school with five pupils of one name."""
    for _ in range(CHILDREN - 1):
        chain.child()
    await asyncio.to_thread(chain.put)
    yield chain


async def read(
    chain: Chain, request: Ask, view: View, fields: tuple[Selection, ...], **given: Any
) -> Page:
    """Read a page of a view, with `first` and `after` where given."""
    arguments = tuple((name, f"p_{name}") for name in given)
    asked = Selection("list", "list", arguments, (Selection("nodes", "nodes", (), fields),))
    values = {f"p_{name}": value for name, value in given.items()}
    async with chain.database.reading(Login.APP) as connection:
        page = await Reader(chain.database, KEY, request).read(
            connection, Root(view, paged=True), Asked(asked, values)
        )
    assert isinstance(page, Page)
    return page


def ids(page: Page) -> list[str]:
    """Return the ids on a page."""
    return [row["nodes"]["id"] for row in page.rows]


@pytest.mark.asyncio
@pytest.mark.parametrize("first", [1, 2, 3, 5, 6])
async def test_pages_hold_every_row_once_and_in_order(class_of_five: Chain, first: int) -> None:
    """Following the cursor gives the whole list, whatever the size of a page."""
    world = class_of_five
    whole = ids(await read(world, world.request(world.coordinator), pupils, NODE))
    assert len(whole) == CHILDREN
    found: list[str] = []
    given: dict[str, Any] = {"first": first}
    while True:
        page = await read(world, world.request(world.coordinator), pupils, NODE, **given)
        assert len(page.rows) <= first
        found += ids(page)
        if not page.has_next:
            break
        given["after"] = page.cursor(page.rows[-1])
    assert found == whole


@pytest.mark.asyncio
async def test_only_whom_the_page_shows_is_traced(class_of_five: Chain) -> None:
    """The row read to know that there is more was not shown, and is in nobody's log."""
    world = class_of_five
    for first in range(1, CHILDREN):
        request = world.request(world.coordinator)
        asked = (Selection("youngPersonId", "who"),)
        page = await read(world, request, pupils, asked, first=first)
        shown = {row["nodes"]["who"].removeprefix("youngperson_") for row in page.rows}
        assert len(shown) == first
        assert page.has_next
        (logged,) = world.rows(
            "select replace(array_to_string(young_persons, ','), '-', '') from trace"
            f" where request_id = '{request.request_id}'"
        )
        assert set(logged.split(",")) == shown


@pytest.mark.asyncio
async def test_a_page_of_nothing_shows_and_traces_nobody(class_of_five: Chain) -> None:
    """`first: 0` tells whether there is anything, shows nobody and traces nobody."""
    request = class_of_five.request(class_of_five.coordinator)
    page = await read(class_of_five, request, pupils, NODE, first=0)
    assert (page.rows, page.has_next) == ([], True)
    assert class_of_five.rows(
        f"select count(*) from trace where request_id = '{request.request_id}'"
    ) == ["0"]


@pytest.mark.asyncio
async def test_a_cursor_is_for_its_reader_its_list_and_its_day(class_of_five: Chain) -> None:
    """Another actor, another purpose, another list, a changed or an old cursor: one refusal."""
    world = class_of_five
    mine = world.coordinator
    page = await read(world, world.request(mine), pupils, NODE, first=1)
    cursor = page.cursor(page.rows[0])
    end = "B" if cursor[-6] == "A" else "A"
    tomorrow = clock.at(page.now + timedelta(days=1, minutes=1))

    async def refused(request: Ask, after: str, view: View = pupils) -> str:
        with pytest.raises(Invalid) as met:
            await read(world, request, view, (Selection("id", "id"),), first=1, after=after)
        assert met.value.path == ("after",)
        return met.value.message

    assert await read(world, world.request(mine), pupils, NODE, first=1, after=cursor)
    messages = {
        await refused(world.request(world.unmandated), cursor),
        await refused(world.request(world.head), cursor),
        await refused(world.request(mine), cursor[:-6] + end + cursor[-5:]),
        await refused(world.request(mine), "not a cursor"),
        await refused(world.request(mine), ""),
        await refused(world.request(mine, tomorrow), cursor),
    }
    assert len(messages) == 1


GUARDED = View(
    "guardedpupil",
    Pupil.__table__,
    keys={Kind.PUPIL: "id"},
    row_class=DataClass.PUPIL_IDENTITY,
    subject="young_person_id",
    fields={
        "givenName": Field("given_name"),
        "birthDate": Field("birth_date", DataClass.PUPIL_WHEREABOUTS),
        "shout": Field("given_name", after=str.upper),
    },
    relations={"residence": One(residences, lambda p, r: r.c.pupil_id == p.c.id)},
)
"""A view of the tests, with a field of another class than its rows."""
MASKED = (
    Selection("givenName", "name"),
    Selection("birthDate", "born"),
    Selection("shout", "shout"),
    Selection("residence", "home", (), (Selection("postcode", "postcode"),)),
    Selection("access", "access"),
)


async def one(chain: Chain, actor: Actor) -> dict[str, Any]:
    """Return the one guarded pupil as an actor sees it."""
    page = await read(chain, chain.request(actor), GUARDED, MASKED)
    (row,) = page.rows
    return row["nodes"]


@pytest.mark.asyncio
async def test_a_field_of_a_class_that_is_not_given_is_null(chain: Chain) -> None:
    """The head sees the pupil without what is of another class; `access` says what is withheld."""
    seen = await one(chain, chain.head)
    assert (seen["name"], seen["born"], seen["home"]) == ("Noor", None, None)
    assert seen["access"]["withheld"] == ["pupil.whereabouts"]
    assert seen["access"]["rule"] == (
        "head_of_school/daily_guidance/branch_assignment/read/pupil.identity"
    )


@pytest.mark.asyncio
async def test_a_field_of_a_class_that_is_given_is_there(chain: Chain) -> None:
    """The coordinator, whose rule gives the class, sees the field and the related object."""
    seen = await one(chain, chain.coordinator)
    assert (seen["name"], seen["born"]) == ("Noor", "2011-05-04")
    assert seen["home"] == {"postcode": "9999ZZ"}
    assert seen["access"]["withheld"] == []


@pytest.mark.asyncio
async def test_work_after_the_statement_is_done_on_what_was_given(chain: Chain) -> None:
    """A field with work after the statement is answered with the work done."""
    assert (await one(chain, chain.coordinator))["shout"] == "NOOR"


@pytest.mark.asyncio
async def test_access_says_the_same_when_there_is_no_data(chain: Chain) -> None:
    """What is withheld follows from rules and ties, never from whether there is something."""
    before = (await one(chain, chain.head))["access"]
    chain.rows(f"delete from pupil_residence where pupil_id = '{chain.pupil}'")
    assert (await one(chain, chain.head))["access"] == before
    assert (await one(chain, chain.coordinator))["home"] is None


@pytest.mark.asyncio
async def test_what_a_view_does_not_have_is_never_guessed(chain: Chain) -> None:
    """A field that the view lacks is a fault of ours and no answer."""
    with pytest.raises(Unreadable, match="guardedpupil has no field shoeSize"):
        await read(chain, chain.request(chain.head), GUARDED, (Selection("shoeSize", "size"),))


@pytest.mark.asyncio
@pytest.mark.parametrize("how", ["order", "where", "starts_with"])
async def test_what_could_be_withheld_orders_and_filters_nothing(chain: Chain, how: str) -> None:
    """By the shape of the rules alone: also for an actor from whom nothing is withheld here."""
    fields = {**GUARDED.fields, "givenName": Field("given_name", DataClass.PUPIL_WHEREABOUTS)}
    view = replace(
        GUARDED, fields=fields, order=("given_name", "id") if how == "order" else ("id",)
    )
    root = Root(
        view,
        paged=True,
        where=(("given_name", "wanted"),) if how == "where" else (),
        starts_with=("given_name", "wanted") if how == "starts_with" else None,
    )
    asked = Selection("list", "list", (), (Selection("nodes", "nodes", (), NODE),))
    request = chain.request(chain.coordinator)
    async with chain.database.reading(Login.APP) as connection:
        with pytest.raises(Unreadable, match="cannot be ordered or filtered by givenName"):
            await Reader(chain.database, KEY, request).read(
                connection, root, Asked(asked, {"wanted": "Sam"})
            )


@pytest.mark.asyncio
@pytest.mark.parametrize("key", ["a'b", "a b", "a;b", 'a"b'])
async def test_a_key_that_is_no_name_never_reaches_the_statement(chain: Chain, key: str) -> None:
    """Keys of the answer are written into the statement, so only names are let in."""
    with pytest.raises(Unreadable, match="a key is a name"):
        await read(chain, chain.request(chain.head), GUARDED, (Selection("givenName", key),))


def test_a_view_that_nothing_guards_is_refused() -> None:
    """A view has a class, names one per row, or says that it is public."""
    with pytest.raises(ValueError, match="a view has a row class"):
        View("bare", Pupil.__table__)


def test_a_relation_is_given_once() -> None:
    """A higher capability adds to a view and takes nothing over."""
    view = replace(GUARDED, relations=dict(GUARDED.relations))
    view.extend(home=GUARDED.relations["residence"])
    with pytest.raises(ValueError, match="home exists"):
        view.extend(home=GUARDED.relations["residence"])
