from collections.abc import Iterator
from typing import Any

import pytest
from graphql import GraphQLField, GraphQLObjectType, GraphQLString
from sqlalchemy import ColumnElement, FromClause, true

from api.allowances import MAXIMUM
from api.core import core_schema
from api.schema import make_schema
from domain.pupils.views import pupils
from domain.reading.compile import Compiler
from domain.reading.run import planned
from domain.reading.view import Field, View
from permissions import decide
from permissions.vocabulary import Activity, DataClass, Purpose, Role
from tests.conftest import TestDatabase
from tests.proof.closure import DEEPEST
from tests.proof.crawl import crawl
from tests.proof.crawl_documents import words
from tests.proof.crawl_paths import UnguardedError, Walker, walker
from tests.proof.crawled import TOKENS
from tests.proof.crawler import SHORT

SEEDS = (2,)
"""A world in which somebody has a token of every kind."""

HEAD = (Role.HEAD_OF_SCHOOL, Purpose.DAILY_GUIDANCE)
"""Sees pupils, and not their contacts."""

PARTNERS = (
    (Role.SUPPORT_COORDINATOR, Purpose.CASE_COORDINATION),
    (Role.YOUTH_CARE_WORKER, Purpose.YOUTH_CARE),
    (Role.ALLIANCE_CONSULTANT, Purpose.SPECIAL_NEEDS_SUPPORT),
    (Role.YOUTH_DOCTOR, Purpose.YOUTH_HEALTH),
)
"""See a case while their invitation waits or by a referral, and not yet whom it is about."""

NOTES = {"text": GraphQLField(GraphQLString)}


@pytest.fixture
def unplanned() -> Iterator[None]:
    """Statements that were compiled before are forgotten, and those of the test after it."""
    planned.cache_clear()
    yield
    planned.cache_clear()


@pytest.mark.slow
@pytest.mark.timeout(600)
@pytest.mark.asyncio
async def test_everybody_gets_exactly_what_is_allowed(database: TestDatabase) -> None:
    """Along every path, with every kind of token, what is allowed comes back and nothing else."""
    found = await crawl(database, SEEDS, print, extent=SHORT)
    assert found.examples == []
    assert found.kinds >= TOKENS
    assert found.seen == found.allowed > 0
    assert found.cells > found.queries > 0
    assert found.paths == {p for document in walker().documents(1) for p in document.paths}
    assert found.holds


@pytest.mark.slow
@pytest.mark.asyncio
@pytest.mark.usefixtures("unplanned")
async def test_a_row_that_no_layer_guards_is_a_leak(
    fresh_database: TestDatabase, monkeypatch: pytest.MonkeyPatch
) -> None:
    """With policies and predicate of contacts lifted, the crawl finds their canaries."""
    otherwise = Compiler.visible

    def visible(self: Compiler, view: View, row: FromClause) -> ColumnElement[bool]:
        """Return true for contacts."""
        return true() if view.name == "contact" else otherwise(self, view, row)

    monkeypatch.setattr(Compiler, "visible", visible)
    fresh_database.run_sql("alter table pupil_contact no force row level security")
    fresh_database.run_sql("alter table pupil_contact disable row level security")
    found = await crawl(fresh_database, SEEDS, print, extent=SHORT, kinds=[HEAD])
    assert found.leaks["pupils.nodes.contacts"] > 0
    assert any(path.startswith("canary of pupil_contact.phone") for path in found.leaks)
    assert not found.misses
    assert not found.holds


@pytest.mark.slow
@pytest.mark.asyncio
@pytest.mark.usefixtures("unplanned")
async def test_a_field_without_its_mask_is_a_leak(
    database: TestDatabase, monkeypatch: pytest.MonkeyPatch
) -> None:
    """Where a field of another class than its row is not masked, the crawl finds the field."""
    monkeypatch.setattr(Compiler, "same_ties", lambda *_: True)
    found = await crawl(database, SEEDS, print, extent=SHORT, kinds=PARTNERS)
    assert found.leaks
    assert all(path.endswith("youngPersonId") for path in found.leaks)
    assert not found.misses
    assert not found.holds


@pytest.mark.slow
@pytest.mark.asyncio
@pytest.mark.usefixtures("unplanned")
async def test_a_rule_that_is_not_applied_is_a_miss(
    database: TestDatabase, monkeypatch: pytest.MonkeyPatch
) -> None:
    """Without one of its rules the service gives too little, and the crawl finds what."""
    monkeypatch.setitem(decide._INDEX, (*HEAD, Activity.READ, DataClass.PUPIL_ENROLMENT), ())
    found = await crawl(database, SEEDS, print, extent=SHORT, kinds=[HEAD])
    assert found.misses["pupils.nodes.enrolments"] > 0
    assert found.misses["pupils.nodes.classes"] > 0
    assert any(path.startswith("canary of class_group.name") for path in found.misses)
    assert not found.leaks
    assert not found.holds


def test_every_document_is_within_the_limits() -> None:
    """What walks a path is within the limits of one request, with pages as long as worlds need."""
    for page in (1, 5, 15):
        for document in walker().documents(page):
            assert words(document.text) <= MAXIMUM["tokens"]
            assert document.first(page) > 0


def test_by_nodes_every_path_is_six_objects_deep() -> None:
    """The longest way round, through the directory, is walked to its sixth object."""
    roads = [p for d in walker().documents(1) for p in d.paths if p[0] == "municipalities"]
    by_nodes = [tuple(step for step in p if step != "nodes") for p in roads if "edges" not in p]
    assert max(len(path) - 1 for path in by_nodes) == DEEPEST


def test_a_new_field_is_walked(monkeypatch: pytest.MonkeyPatch) -> None:
    """A field that a view and a type get is on every path to the type, without a word here."""
    schema = core_schema(make_schema())
    pupil = schema.type_map["Pupil"]
    assert isinstance(pupil, GraphQLObjectType)
    monkeypatch.setitem(pupils.fields, "shoeSize", Field("sex"))
    monkeypatch.setitem(pupil.fields, "shoeSize", GraphQLField(GraphQLString))
    paths = {path for document in Walker(schema).documents(1) for path in document.paths}
    assert {path[:-1] for path in paths if path[-1] == "shoeSize"} == {
        ("pupils", "nodes"),
        ("pupils", "edges", "node"),
        ("pupil",),
        ("node", "... on Pupil"),
    }


@pytest.mark.parametrize("where", ["Query", "Pupil", "Case"])
@pytest.mark.parametrize("what", [GraphQLString, GraphQLObjectType("Dossier", NOTES)])
def test_what_nothing_guards_stops_the_crawl(where: str, what: Any) -> None:
    """A value or a type that no view reads, and nobody gave a reason for, is refused."""
    schema = core_schema(make_schema())
    found = schema.type_map[where]
    assert isinstance(found, GraphQLObjectType)
    found.fields["secret"] = GraphQLField(what)
    with pytest.raises(UnguardedError, match="secret"):
        Walker(schema).documents(1)
