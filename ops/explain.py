"""Explaining on the command line what a persona may read about a pupil, and what it would take."""

from __future__ import annotations

import asyncio
from collections.abc import Iterable, Iterator, Sequence
from datetime import date, datetime
from typing import TYPE_CHECKING, Final
from uuid import UUID

import click
from rich.table import Table
from sqlalchemy import or_, select

import domain.ties
from domain.clock import AMSTERDAM
from domain.database import Database, Login, ask, login_for
from domain.explaining.about import about_one
from domain.explaining.saying import advice, ties
from domain.explaining.services import Explanation, Ground, explain
from domain.pupils.models import Pupil
from ops.personas import SYSTEMS, Persona, find, folder_of
from permissions.render import dutch, english
from permissions.vocabulary import Actor, DataClass, Purpose
from permissions.words import PURPOSES, Words

if TYPE_CHECKING:
    from rich.console import Console

    from api.settings import Settings

CLASSES: Final = tuple(what for what in DataClass if about_one(what))

_HEADINGS: Final = Words("gegevens|mag|zolang|tot", "data|may|while|until")
_YES: Final = Words("ja", "yes")
_NO: Final = Words("nee", "no")
_OPEN: Final = Words("open", "open")
_NO_RULE: Final = Words("Zonder regel voor dit doel", "Without a rule for this purpose")
_PURPOSE: Final = Words("Doel", "Purpose")

domain.ties.load_all()


def run(
    settings: Settings,
    *,
    persona: str,
    pupil: str,
    data_class: str | None,
    language: str,
    console: Console,
) -> None:
    """Print, for each purpose of a persona, which classes it may read about a pupil and why.

    It is asked as the persona, so it is traced like any other explanation.

    Raises:
        ClickException: there is no persona, pupil or data class of that name.
    """
    from api.app import configure, database_of

    found = find(folder_of(settings), persona)
    classes = CLASSES if data_class is None else (class_named(data_class),)

    async def asked() -> list[tuple[Explanation, ...]]:
        """Ask with pools of this loop's own."""
        configure(settings)
        database = database_of(settings)
        try:
            systems = (system.actor() for system in SYSTEMS)
            person = await young_person(database, systems, pupil)
            return await explanations(database, found, person, classes)
        finally:
            await database.close()

    told = asyncio.run(asked())
    if data_class is None:
        for each in told:
            show(found, each, language, console)
        return
    # Where one purpose has a rule, the others say no more than that it has.
    whole = [only for (only,) in told]
    for only in [only for only in whole if only.grounds] or whole:
        show_one(found, only, language, console)


def class_named(name: str) -> DataClass:
    """Return the data class of a name.

    Raises:
        ClickException: there is none of that name.
    """
    try:
        return DataClass(name)
    except ValueError:
        raise click.ClickException(
            f"There is no data class {name!r}. Choose from: {', '.join(CLASSES)}."
        ) from None


async def young_person(database: Database, systems: Iterable[Actor], wanted: str) -> UUID:
    """Return whom a school's number of a pupil, or an id, is about.

    An id of a young person is taken as it is, for an explanation tells nobody whether there is one.
    A pupil is looked up by the systems that deliver for the schools, for the personas may not see
    it.

    Raises:
        ClickException: no school has such a pupil.
    """
    kind, key = _id_of(wanted)
    if kind == "youngperson" and key is not None:
        return key
    for system in systems:
        async with database.acting(ask(system), Login.IMPORT) as session:
            found = await session.scalar(
                select(Pupil.young_person_id)
                .where(or_(Pupil.external_id == wanted, Pupil.id == key))
                .limit(1)
            )
        if found is not None:
            return found
    if kind == "" and key is not None:
        return key
    raise click.ClickException(
        f"No school has a pupil {wanted!r}. Give the number that the school gave the pupil, or an"
        " id as the API gives it."
    )


def _id_of(wanted: str) -> tuple[str, UUID | None]:
    """Return the kind and key of an id of the API or a bare UUID; no key for anything else."""
    kind, _, text = wanted.rpartition("_")
    try:
        return kind, UUID(text)
    except ValueError:
        return "", None


async def explanations(
    database: Database, persona: Persona, person: UUID, classes: Sequence[DataClass]
) -> list[tuple[Explanation, ...]]:
    """Return the explanations of classes, for each of the persona's purposes."""
    found: list[tuple[Explanation, ...]] = []
    for purpose in persona.purposes:
        actor = persona.actor(purpose)
        async with database.acting(ask(actor), login_for(actor)) as session:
            found.append(
                await explain(session, actor, young_person_id=person, data_classes=classes)
            )
    return found


def show(persona: Persona, told: Sequence[Explanation], language: str, console: Console) -> None:
    """Print a table of what has a rule for the purpose, like with like; the others in one line."""
    purpose = told[0].actor.purpose
    console.print(f"\n[bold]{heading(persona, purpose, language)}[/]")
    rows: dict[tuple[str, str, str], list[str]] = {}
    for each in told:
        if each.grounds:
            rows.setdefault(cells(each, language), []).append(each.data_class)
    if rows:
        table = Table(*_HEADINGS.said(language).split("|"), show_lines=True)
        for answer, classes in rows.items():
            table.add_row("\n".join(classes), *answer)
        console.print(table)
    silent = ", ".join(each.data_class for each in told if not each.grounds)
    if silent:
        console.print(f"{_NO_RULE.said(language)}: {silent}.")


def show_one(persona: Persona, told: Explanation, language: str, console: Console) -> None:
    """Print what one class comes to, and each rule as a sentence with how it stands."""
    console.print(f"\n[bold]{heading(persona, told.actor.purpose, language)}[/]")
    console.print(advice(told).said(language))
    for ground in told.grounds:
        sentence = (dutch if language == "nl" else english)(ground.rule)
        console.print(f"- {' '.join(filter(None, standing([ground], language)))}: {sentence}")


def heading(persona: Persona, purpose: Purpose, language: str) -> str:
    """Return who asks, and for what."""
    title = persona.title_nl if language == "nl" else persona.title_en
    place = f", {persona.organisation_name}" if persona.organisation_name else ""
    words = PURPOSES[purpose].said(language)
    return f"{persona.name} ({title}{place}). {_PURPOSE.said(language)}: {words}"


def cells(told: Explanation, language: str) -> tuple[str, str, str]:
    """Return whether a class may be read, while what, and until when."""
    holding = [ground for ground in told.grounds if ground.holds]
    rules = (ground.rule for ground in holding or told.grounds)
    answer, until = standing(holding, language)
    return answer, ties(rules, language), until


def standing(grounds: Sequence[Ground], language: str) -> tuple[str, str]:
    """Return yes or no, and until when: the latest end of the grounds that hold."""
    holding = [ground for ground in grounds if ground.holds]
    if not holding:
        return _NO.said(language), ""
    return _YES.said(language), ending(holding, language)


def ending(holding: Sequence[Ground], language: str) -> str:
    """Return the latest of some ends in Dutch time; 'open' where none is known."""
    ends = list(_moments(holding))
    if len(ends) < len(holding):
        return _OPEN.said(language)
    last = max(ends, key=lambda end: end.isoformat())
    return f"{last:%d-%m-%Y %H:%M}" if isinstance(last, datetime) else f"{last:%d-%m-%Y}"


def _moments(grounds: Iterable[Ground]) -> Iterator[date]:
    """Give the known ends of grounds: a day, or an instant in Dutch time."""
    for ground in grounds:
        if ground.until is not None and "T" in ground.until:
            yield datetime.fromisoformat(ground.until).astimezone(AMSTERDAM)
        elif ground.until is not None:
            yield date.fromisoformat(ground.until)
