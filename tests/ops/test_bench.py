from __future__ import annotations

import asyncio
from collections.abc import AsyncGenerator, Iterator
from contextlib import asynccontextmanager

import pytest

from ops import cluster as clusters
from ops.benches import day, inside, measure, over_http, plans
from ops.benches.filled import Filled, Size, filled
from ops.benches.measure import Ask, Step
from ops.benches.plans import check
from ops.benches.policy import INSIDE, OVER_HTTP, compare
from ops.benches.reads import READS, Read, Target
from ops.benches.standard import personas
from ops.benches.watching import watching
from ops.cluster import ClusterError
from ops.progress import Progress
from permissions.vocabulary import Role

STEPS = {
    INSIDE: [
        inside.BARE, inside.MASKS, inside.RLS, inside.TRACE, inside.DURABLE, inside.SERVICE,
    ],
    OVER_HTTP: [over_http.BARE, over_http.STATEMENT, over_http.SERVICE],
}  # fmt: skip


@pytest.fixture(scope="module")
def small(cluster: clusters.Cluster, worker_id: str) -> Iterator[Filled]:
    """A database of the bench with some 500 pupils: a size, and so a name, for each worker."""
    number = int(worker_id.removeprefix("gw")) if worker_id != "master" else 0
    made = filled(cluster, Size(500 + number, absences=20, weeks=4), Progress())
    yield made
    cluster.drop_database(made.name)


@pytest.mark.slow
def test_policy(
    small: Filled, capsys: pytest.CaptureFixture[str], monkeypatch: pytest.MonkeyPatch
) -> None:
    """Each read is measured in every step, inside and over HTTP, and leaves no trace behind."""
    monkeypatch.setattr(measure, "CONNECTIONS", 2)
    before = small.run_sql("select count(*) from trace")
    results = compare(small, Progress(), rounds=1, seconds=0.1)
    assert list(results) == [(read.name, way) for way in STEPS for read in READS]
    for (_, way), measured in results.items():
        assert list(measured.samples) == STEPS[way]
        for name, (sample,) in measured.samples.items():
            assert sample.requests >= 2
            assert measured.ratio(name, STEPS[way][0]) == pytest.approx(
                measured.rate(name) / measured.rate(STEPS[way][0])
            )
    printed = capsys.readouterr().out
    assert printed.count("Goal for 50 pupils, 5 fields") == 2
    assert small.run_sql("select count(*) from trace") == before


def test_unequal_answers(small: Filled, monkeypatch: pytest.MonkeyPatch) -> None:
    """A step that answers something else is not compared."""
    steps = inside.steps

    @asynccontextmanager
    async def nothing() -> AsyncGenerator[Ask]:
        """Answer without a row."""

        async def ask(target: Target) -> str:
            """Answer."""
            return "[]"

        yield ask

    def spoilt(database: Filled, read: Read) -> list[Step]:
        """Return the steps, one of them without rows."""
        first, _, *others = steps(database, read)
        return [first, Step(inside.MASKS, nothing), *others]

    monkeypatch.setattr(inside, "steps", spoilt)
    with pytest.raises(ClusterError, match="ties and masks"):
        compare(small, Progress(), rounds=1, seconds=0.1)


@pytest.mark.slow
def test_plans(
    small: Filled, capsys: pytest.CaptureFixture[str], monkeypatch: pytest.MonkeyPatch
) -> None:
    """Where a table counts as big, a plan that goes through all of it is found and named."""
    asking = [p for p in personas(small) if p.actor.role is Role.ATTENDANCE_COORDINATOR]
    monkeypatch.setattr(plans, "personas", lambda _database: asking)
    assert check(small, Progress())
    assert "No plan goes through a whole big table" in capsys.readouterr().out
    assert not check(small, Progress(), rows=5)
    printed = capsys.readouterr().out
    assert "Gone through whole" in printed
    assert "attendance_coordinator/daily_guidance: pupils, any values" in printed


def test_watching(small: Filled) -> None:
    """Plans are seen inside functions too, and an index without a condition counts as whole."""

    async def watched() -> list[tuple[bool, str]]:
        """Return what each of the statements goes through."""
        async with watching(small.url(inside.SUPERUSER), generic=False) as watch:
            await watch.connection.execute(
                "create function pg_temp.counted() returns bigint language plpgsql as"
                " 'begin return (select count(*) from public.pupil); end'"
            )
            await watch.forget()
            for statement in (
                "select pg_temp.counted()",
                "set enable_seqscan = off",
                "select id from pupil where id = '00000000-0000-0000-0000-000000000000'",
                "select count(*) from (select id from pupil order by id) p",
            ):
                await watch.connection.execute(statement)
            return [(scan.whole, scan.within.rpartition(".")[2]) for scan in watch.scans]

    assert asyncio.run(watched()) == [
        (True, "counted"),
        (False, "the statement"),
        (True, "the statement"),
    ]


@pytest.mark.slow
def test_a_day_is_seen_by_the_coordinators(
    cluster: clusters.Cluster, capsys: pytest.CaptureFixture[str]
) -> None:
    """Every school's coordinator reads the signals of the day, and the filled database stays."""
    size = Size(501)
    try:
        found = day.measure(cluster, Progress(), pupils=size.pupils)
        kept = Filled(cluster, filled(cluster, size, Progress()).name, size)
        assert kept.run_sql("select count(*) from import_receipt") == ["0"]
        assert f"{kept.name}_copy" not in cluster.databases()
    finally:
        cluster.drop_database(filled(cluster, size, Progress()).name)
    assert (found.signals, len(found.each)) == (5, size.branches)
    assert max(found.each) <= found.whole
    assert found.lines > size.branches * size.per_branch
    assert "Goal for 50,000 pupils" in capsys.readouterr().out
