"""The demo region as it is built in a database."""

from __future__ import annotations

import stat
from collections import Counter
from collections.abc import AsyncIterator, Callable
from datetime import date
from pathlib import Path

import click
import pytest
import pytest_asyncio
from rich.console import Console
from sqlalchemy import text

from domain.database import Database, Login, ask
from domain.organisations.models import OrganisationKind
from domain.organisations.services import register_organisation
from ops.demo import growth, hands, region
from ops.demo.absences import absences
from ops.demo.keys import private_key_file
from ops.demo.main import build_region
from ops.demo.plan import Region
from ops.personas import UnknownPersonaError, find, operator, personas
from ops.progress import Progress
from permissions.vocabulary import Purpose
from tests.conftest import TestDatabase
from tests.filled import pools_of

pytestmark = [pytest.mark.asyncio(loop_scope="session"), pytest.mark.slow]

TODAY = date(2026, 11, 20)
PUPILS = 120


@pytest.fixture(scope="session")
def keys(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """The folder with the keys of the schools' systems."""
    return tmp_path_factory.mktemp("keys")


def quiet() -> Progress:
    """Show nothing."""
    return Progress(Console(quiet=True))


Built = tuple[TestDatabase, Database, Region]


@pytest_asyncio.fixture(scope="session", loop_scope="session")
async def built(new_database: Callable[[], TestDatabase], keys: Path) -> AsyncIterator[Built]:
    """A small region in a database of its own."""
    made = new_database()
    database = pools_of(made)
    try:
        plan = await build_region(
            database, pupils=PUPILS, seed=3, today=TODAY, folder=keys, progress=quiet()
        )
        yield made, database, plan
    finally:
        await database.close()


async def test_everybody_is_there(built: Built) -> None:
    """As many pupils as asked, each enrolled, in a class, with guardians and a residence."""
    made, _, plan = built
    assert made.run_sql("select count(*) from pupil") == [str(PUPILS)]
    without = made.run_sql(
        "select count(*) from pupil p where not exists (select from pupil_contact c"
        " where c.pupil_id = p.id) or not exists (select from enrolment e where e.pupil_id = p.id"
        " and e.valid_until is null) or (select count(*) from class_membership m"
        " where m.pupil_id = p.id and m.valid_until is null) <> 1"
    )
    assert without == ["0"]
    codes = made.run_sql("select distinct coalesce(municipality_code, '-') from pupil_residence")
    assert set(filter(None, codes)) <= {region.MUNICIPALITY, "-"}
    assert len(plan.years) == 2


async def test_attendance_is_what_was_generated(built: Built) -> None:
    """Each pupil's missed minutes in the database are those that were generated."""
    made, _, plan = built
    expected: Counter[str] = Counter()
    for school in region.SCHOOLS:
        for year in plan.years:
            for child in plan.present(school, year):
                for missed in absences(child, school.sector, year, plan.seed):
                    expected[child.key] += missed.minutes
    rows = made.run_sql(
        "select p.external_id, sum(a.minutes) from absence a join pupil p on p.id = a.pupil_id"
        " where a.replaced_at is null group by 1"
    )
    assert dict(row.split("|") for row in rows if row) == {
        key: str(minutes) for key, minutes in expected.items()
    }


async def test_building_again_changes_nothing(built: Built, keys: Path) -> None:
    """A second build does nothing at all, not even a trace."""
    made, database, _ = built
    before = made.run_sql("select count(*) from trace")
    await build_region(database, pupils=PUPILS, seed=3, today=TODAY, folder=keys, progress=quiet())
    assert made.run_sql("select count(*) from trace") == before


async def test_a_build_that_was_cut_short_goes_on(
    new_database: Callable[[], TestDatabase], tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    """After a crash in any phase the next build ends with the region of one that was not cut."""
    from ops.demo import main

    class CutError(Exception):
        pass

    async def cut(*_: object, **__: object) -> None:
        raise CutError

    made = new_database()
    database = pools_of(made)

    async def build() -> None:
        await build_region(
            database, pupils=PUPILS, seed=3, today=TODAY, folder=tmp_path, progress=quiet()
        )

    try:
        for phase in ("send_roster", "appoint_everyone", "register_guardians", "make_access_log"):
            with monkeypatch.context() as patch:
                patch.setattr(main, phase, cut)
                with pytest.raises(CutError):
                    await build()
        await build()
        await build()
        for table, count in (
            ("pupil", PUPILS),
            ("import_receipt", 4 * len(region.SCHOOLS)),
            ("organisation where kind = 'platform'", 1),
            ("head_mandate", len(region.SCHOOLS)),
        ):
            assert made.run_sql(f"select count(*) from {table}") == [str(count)]
        twice = "select count(*) - count(distinct (staff_id, role, class_group_id)) from assignment"
        assert made.run_sql(twice) == ["0"]
    finally:
        await database.close()


async def test_a_grown_region_is_filled_through_its_schools_systems(
    new_database: Callable[[], TestDatabase], tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    """A build cut short in a town goes on there, and leaves its boards, offices and figures."""

    class CutError(Exception):
        pass

    async def cut(*_: object, **__: object) -> None:
        raise CutError

    monkeypatch.setattr(growth, "STORY_PUPILS", 100)
    monkeypatch.setattr(growth, "_PRIMARY_SIZES", (12,) * 6)
    monkeypatch.setattr(growth, "_SECONDARY_SIZES", (14,) * 4)
    growth.land_of.cache_clear()
    made = new_database()
    database = pools_of(made)

    async def build() -> Region:
        return await build_region(
            database, pupils=126, seed=3, today=TODAY, folder=tmp_path, progress=quiet()
        )

    try:
        for phase in ("send_roster", "appoint_at", "register_at", "send_attendance"):
            with monkeypatch.context() as patch:
                patch.setattr(hands, phase, cut)
                with pytest.raises(CutError):
                    await build()
        plan = await build()
        before = made.run_sql("select count(*) from trace")
        await build()
        assert made.run_sql("select count(*) from trace") == before
    finally:
        await database.close()
        growth.land_of.cache_clear()
    assert [len(plan.pupils[school]) for school in plan.land.grown] == [12, 14]
    assert made.run_sql("select count(*) from pupil") == ["126"]
    for school in plan.land.grown:
        assert made.run_sql(
            "select count(distinct pupil_id), bool_and(b.municipality_code = '9902') from"
            " pupil_week w join school_branch b on b.id = w.branch_id"
            f" where b.branch_code = '{school.branch_code}'"
        ) == [f"{len(plan.pupils[school])}|t"]
    offices = "select count(*) from assignment where role = 'attendance_officer'"
    assert made.run_sql(offices) == ["3"]
    assert made.run_sql(
        "select count(*) from trace where young_persons <> '{}' and role not in"
        " ('school_system', 'attendance_coordinator')"
    ) == ["0"]
    without = "select count(*) from pupil p where not exists (select from pupil_contact c"
    assert made.run_sql(f"{without} where c.pupil_id = p.id)") == ["0"]


async def test_a_region_too_small_is_refused(built: Built, keys: Path) -> None:
    """Under a hundred pupils there would be personas without a class; towns run out as well."""
    for pupils in (99, 800_001):
        with pytest.raises(click.ClickException, match="100"):
            await build_region(built[1], pupils=pupils, folder=keys, progress=quiet())


def modes_in(folder: Path) -> dict[Path, int]:
    """Return the mode of each file in a folder."""
    return {path: stat.S_IMODE(path.stat().st_mode) for path in folder.iterdir()}


async def test_keys_are_private(built: Built, keys: Path) -> None:
    """Private keys and the parent's id are read by their owner only; the database has no key."""
    modes = modes_in(keys)
    assert {private_key_file(keys, board) for board in region.BOARDS} < set(modes)
    assert set(modes.values()) == {0o600}
    assert built[0].run_sql("select count(*) from oauth_client where public_key ? 'd'") == ["0"]


async def test_every_persona_is_who_the_database_knows(built: Built, keys: Path) -> None:
    """Each persona of staff has its assignment, each system its client, the parent her child."""
    made, database, plan = built
    for persona in personas(keys):
        if persona.role == "guardian":
            async with database.acting(ask(persona.actor()), Login.APP) as session:
                children = set(await session.scalars(text("select external_id from pupil")))
            story = [c for c in plan.pupils[region.STORY_SCHOOL] if c.group == region.STORY_GROUP]
            assert children == {story[0].key}
        elif persona.role == "school_system":
            sql = f"select client_id from oauth_client where actor_id = '{persona.actor_id}'"
            assert made.run_sql(sql) == [persona.client]
        else:
            sql = (
                "select g.name from assignment a left join class_group g"
                " on g.id = a.class_group_id where a.valid_until is null"
                f" and a.staff_id = '{persona.actor_id}' and a.role = '{persona.role}'"
            )
            assert [name or None for name in made.run_sql(sql)] in ([persona.group], [])
            assert made.run_sql(sql.replace("g.name", "count(*)")) == ["1"], persona.key


async def test_a_mentor_sees_her_class_and_not_the_neighbours(built: Built, keys: Path) -> None:
    """The two mentors see different pupils, each as many as are in the class."""
    _, database, plan = built
    seen: list[set[str]] = []
    for key in ("mentor", "neighbour_mentor"):
        persona = find(keys, key)
        async with database.acting(ask(persona.actor()), Login.APP) as session:
            pupils = set(await session.scalars(text("select external_id from pupil")))
        group = [c.key for c in plan.pupils[region.STORY_SCHOOL] if c.group == persona.group]
        assert pupils == set(group)
        seen.append(pupils)
    assert not seen[0] & seen[1]


async def test_the_storys_child_has_a_signal(built: Built, keys: Path) -> None:
    """Of the parent's child the coordinator finds a signal, so there is a story to tell."""
    made = built[0]
    parent = find(keys, "parent")
    assert made.run_sql(
        "select count(*) > 0 from signal s join pupil p on p.id = s.pupil_id"
        " join guardian_authority g on g.young_person_id = p.young_person_id"
        f" where g.guardian_id = '{parent.actor_id}'"
    ) == ["t"]


async def test_figures_of_past_periods_are_there(built: Built, keys: Path) -> None:
    """The adviser sees figures of her schools, region and country for every month that is due."""
    made, database, plan = built
    adviser = find(keys, "adviser").actor(Purpose.PREVENTION_ADVICE)
    request = ask(adviser)
    async with database.acting(request, Login.AGGREGATE) as session:
        units = set(await session.scalars(text("select distinct unit from published")))
        months = await session.scalar(text("select count(*) from release where kind = 'month'"))
    assert units >= {"national:NL", *(f"branch:{s.branch_code}" for s in region.SCHOOLS)}
    first, until = plan.years[0].mondays[0], plan.years[-1].until
    over = 12 * (TODAY.year - first.year) + TODAY.month - first.month
    assert months in {over, over - 1}
    assert made.run_sql(
        f"select count(*) from branch_period where closed_at is not null and last_day >= '{until}'"
    ) == ["0"]


async def test_no_row_about_a_person_is_the_operators(built: Built) -> None:
    """The operator's and the administrators' traces concern no young person."""
    made = built[0]
    assert made.run_sql(
        "select count(*) from trace where young_persons <> '{}' and role not in"
        " ('school_system', 'attendance_coordinator')"
    ) == ["0"]


def _unknown(keys: Path) -> None:
    find(keys, "nobody")


async def test_an_unknown_persona_is_told_which_there_are(keys: Path) -> None:
    """The refusal names the personas that exist."""
    with pytest.raises(UnknownPersonaError, match="mentor"):
        _unknown(keys)


async def test_the_marker_is_registered_by_the_operator(built: Built) -> None:
    """The last organisation of the region is there once."""
    made, database, _ = built
    assert made.run_sql(f"select count(*) from organisation where id = '{region.LAST.id}'") == ["1"]
    actor = operator()
    async with database.acting(ask(actor), Login.JOBS) as session:
        with pytest.raises(Exception, match="already"):
            await register_organisation(
                session,
                actor,
                kind=OrganisationKind(region.LAST.kind),
                name=region.LAST.name,
                id=region.LAST.id,
            )
