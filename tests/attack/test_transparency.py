"""The log that a family reads: what it tells a parent of what is kept from them, and of whom."""

from __future__ import annotations

import re
from datetime import timedelta
from typing import Any

import pytest

from domain.cases.consent import withhold_file
from domain.jobs import make_access_log
from domain.referrals import services as referrals
from domain.trace import Act
from permissions.vocabulary import DataClass, Purpose, Role
from tests.attack.logs import log_of
from tests.attack.tries import attempt, looked_up
from tests.conftest import TestDatabase
from tests.serving import Face
from tests.world import World

pytestmark = pytest.mark.asyncio

CONFIDENTIAL = {"referral", "emergency", "court_measure"}
FAMILY_FACTS = {"file_withheld", "whereabouts_protected", "protection_ended"}


def tells(line: dict[str, Any]) -> bool:
    """Return whether a line tells of what may be kept from a parent."""
    return (
        bool(CONFIDENTIAL & set(line["dataClasses"]))
        or bool({"emergency", "court_measure"} & {ground["tie"] for ground in line["grounds"]})
        or line["role"] in {Role.REFERRAL_PARTNER, Role.CHILD_PROTECTION_WORKER}
        or line["purpose"] == Purpose.EMERGENCY
        or line["act"] in FAMILY_FACTS
    )


async def test_what_is_kept_from_a_parent_changes_nothing_in_the_log(
    filled: tuple[TestDatabase, World], face: Face
) -> None:
    """After a referral to the reporting centre, its reading and more, the log is what it was."""
    made, world = filled
    child = world.young_persons[0]
    guardians = [world.actors["guardian"], world.actors["other_guardian"]]
    await make_access_log(world.database)
    before = [await log_of(face, guardian, child) for guardian in guardians]
    shielded = (
        "select count(*) from access_line where data_class = 'log.own.shielded'"
        f" and young_person_id = '{child}'"
    )
    (hidden,) = await looked_up(made, shielded)
    referral = await world.act(
        world.actors["officer"],
        referrals.refer_report,
        report_id=world.reports[0],
        wanted=referrals.Wanted(
            kind="safe_at_home",
            to_organisation_id=world.organisations["halt"],
            question="Is she safe with her mother?",
        ),
    )
    await world.act(
        world.actors["officer_case"],
        withhold_file,
        case_id=world.case_id,
        guardian_id=guardians[1].id,
        ground="What she told her mentor.",
        until=world.moment.instant + timedelta(days=9),
    )
    try:
        read = "{ referrals { nodes { kind question givenName } } }"
        answer = await face.data(world.actors["referral_partner"], read)
        assert "safe_at_home" in {node["kind"] for node in answer["referrals"]["nodes"]}
        await face.data(world.actors["worker_in_emergency"], "{ pupils { nodes { givenName } } }")
        await make_access_log(world.database)
        assert [await log_of(face, guardian, child) for guardian in guardians] == before
        assert before[0]
        assert not [line for line in before[0] if tells(line)]
        # It is all there for whom the organisations' own log is.
        assert int((await looked_up(made, shielded))[0]) >= int(hidden) + 3
        own = (
            f"select act from trace where about = '{referral}'"
            f" or about in (select id from withholding where case_id = '{world.case_id}')"
        )
        assert {"referred", "file_withheld"} <= set(await looked_up(made, own))
    finally:
        await looked_up(made, "delete from withholding where ground like '%her mentor.'")
        await looked_up(made, f"delete from referral_file where referral_id = '{referral}'")
        await looked_up(made, f"delete from referral where id = '{referral}'")


async def test_row_level_security_shows_no_family_a_shielded_line(
    filled: tuple[TestDatabase, World],
) -> None:
    """Without the service's predicate a parent finds neither the line nor whose it is."""
    made, world = filled
    await make_access_log(world.database)
    some = "select 1 from access_line where data_class = 'log.own.shielded'"
    assert await looked_up(made, some)
    for name in ("guardian", "other_guardian", "young_person", "parent_without_authority"):
        assert await attempt(world, world.actors[name], some) == 0, name
    bare = (
        "select 1 from access_line_organisation o"
        " where not exists (select 1 from access_line l where l.id = o.line_id)"
    )
    assert await attempt(world, world.actors["guardian"], bare) == 0
    orphans = (
        "select 1 from access_line_organisation o join access_line l on l.id = o.line_id"
        " where l.data_class <> 'log.own'"
    )
    assert await looked_up(made, orphans) == []


async def test_the_database_classes_a_line_itself_in_words_that_exist(
    filled: tuple[TestDatabase, World],
) -> None:
    """The class of a line is no choice of its writer, and each word of it is one of the policy."""
    made, world = filled
    (expression,) = await looked_up(
        made,
        "select replace(pg_get_expr(d.adbin, d.adrelid), chr(10), ' ') from pg_attrdef d"
        " join pg_attribute a on (a.attrelid, a.attnum) = (d.adrelid, d.adnum)"
        " where a.attrelid = 'access_line'::regclass and a.attname = 'data_class'",
    )
    words = set(re.findall(r"'([^']+)'", expression))
    assert words <= {*map(str, DataClass), *map(str, Role), *map(str, Purpose), *map(str, Act)}
    assert words >= CONFIDENTIAL | FAMILY_FACTS
    chosen = "update access_line set data_class = 'log.own'"
    assert await attempt(world, world.actors["guardian"], chosen) == "428C9"


async def test_from_sixteen_a_shielded_line_stays_shielded(
    filled: tuple[TestDatabase, World], face: Face
) -> None:
    """The young person reads the same log as the parents did: others may read over a shoulder."""
    made, world = filled
    await make_access_log(world.database)
    born = (await looked_up(made, f"select birth_date from pupil where id = '{world.pupils[0]}'"))[
        0
    ]
    grown = world.moment.today - timedelta(days=17 * 366)
    to = "update pupil set birth_date = '{}' where id = '{}'"
    try:
        await looked_up(made, to.format(grown, world.pupils[0]))
        lines = await log_of(face, world.actors["young_person"], world.young_persons[0])
        assert lines
        assert not [line for line in lines if tells(line)]
    finally:
        await looked_up(made, to.format(born, world.pupils[0]))
