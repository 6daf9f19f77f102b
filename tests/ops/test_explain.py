"""`schakel explain`: what a persona may read about a pupil, in a table and class by class."""

from __future__ import annotations

from dataclasses import replace
from uuid import uuid4

import click
import pytest
from rich.console import Console

from api import ids
from domain.explaining.services import Explanation, Ground
from ops.explain import (
    CLASSES,
    class_named,
    ending,
    explanations,
    show,
    show_one,
    young_person,
)
from ops.personas import Persona
from permissions.table import TABLE
from permissions.vocabulary import DataClass
from tests.world import World

asynchronous = pytest.mark.asyncio


def persona(world: World, name: str) -> Persona:
    """Return a persona for somebody of the world."""
    actor = world.actors[name]
    return Persona(
        name, f"de {name}", f"the {name}", "Nadia Verbeek", actor.role, actor.organisation,
        "Board", actor.id,
    )  # fmt: skip


async def told(
    world: World, name: str, number: int, *classes: DataClass
) -> tuple[Persona, list[tuple[Explanation, ...]]]:
    """Return what somebody is told about a pupil, for each of their purposes."""
    asked = persona(world, name)
    person = world.young_persons[number]
    return asked, await explanations(world.database, asked, person, classes or CLASSES)


def shown(asked: Persona, found: list[tuple[Explanation, ...]], language: str) -> str:
    """Return the tables as they are printed, on very wide paper."""
    console = Console(width=400, record=True, quiet=False, file=None, force_terminal=False)
    with console.capture() as capture:
        for each in found:
            show(asked, each, language, console)
    return capture.get()


@asynchronous
async def test_the_table_says_yes_or_what_is_missing(world: World) -> None:
    """Of the own pupil yes and while what, in Dutch; of another's no and the same condition."""
    own = shown(*await told(world, "mentor", 0), "nl")
    other = shown(*await told(world, "mentor", 9), "nl")
    condition = "de toewijzing aan de klas van de leerling loopt"
    line = next(line for line in own.splitlines() if "pupil.identity" in line)
    assert "ja" in line
    assert condition in line
    assert "open" in line
    line = next(line for line in other.splitlines() if "pupil.identity" in line)
    assert "nee" in line
    assert condition in line
    assert "ja" not in line.split("│")[2]


@asynchronous
async def test_every_purpose_has_its_own_table(world: World) -> None:
    """An officer is told apart what she reads to enforce, for case work and in an emergency."""
    asked, found = await told(world, "officer", 0)
    assert [each[0].actor.purpose for each in found] == list(asked.purposes)
    text = shown(asked, found, "en")
    assert text.count("Purpose: ") == len(asked.purposes) >= 3
    assert "Without a rule for this purpose: " in text


@asynchronous
async def test_one_class_is_told_whole(world: World) -> None:
    """With a class given, the advice and every rule are whole sentences in the chosen language."""
    asked, found = await told(world, "officer", 0, DataClass.REPORT)
    console = Console(width=2000, file=None)
    with console.capture() as capture:
        show_one(asked, found[0][0], "en", console)
    text = capture.get()
    assert "You may read the report" in text
    assert "That is so now." in text
    assert "- yes open: An attendance officer may read the report" in text
    assert "- no: An attendance officer" in text
    assert "Source: " in text


@asynchronous
async def test_a_pupil_is_found_by_number_and_by_id(world: World) -> None:
    """The school's number, an id of the pupil or the young person, a bare key: all lead there."""
    systems = [world.actors["school_system"]]
    pupil, person = world.pupils[3], world.young_persons[3]
    for wanted in (
        world.children[3].key,
        ids.encode("pupil", pupil),
        str(pupil),
        ids.encode("youngperson", person),
        str(person),
    ):
        assert await young_person(world.database, systems, wanted) == person


@asynchronous
async def test_a_pupil_of_no_school_is_said_so(world: World) -> None:
    """A number or id that no school's system knows is refused in a sentence."""
    systems = [world.actors["school_system"]]
    elsewhere = world.children[14].key
    for wanted in ("no-such-number", elsewhere, ids.encode("pupil", uuid4())):
        with pytest.raises(click.ClickException, match="No school has a pupil"):
            await young_person(world.database, systems, wanted)
    both = [*systems, world.strangers["school_system"]]
    assert await young_person(world.database, both, elsewhere) == world.young_persons[14]


def test_an_unknown_class_names_those_there_are() -> None:
    """The refusal lists the classes that one may ask for."""
    assert class_named("signal") is DataClass.SIGNAL
    with pytest.raises(click.ClickException, match=r"pupil\.identity"):
        class_named("pupil.secrets")


def test_the_latest_end_counts_in_dutch_time() -> None:
    """A day is a day, an instant is told in the Netherlands, and an open end is the latest."""
    ground = Ground(TABLE[0], holds=True, until="2026-11-24T23:30:00+00:00")
    assert ending([ground], "nl") == "25-11-2026 00:30"
    day = replace(ground, until="2027-07-31")
    assert ending([ground, day], "nl") == "31-07-2027"
    assert ending([ground, replace(ground, until=None)], "en") == "open"
