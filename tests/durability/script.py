"""What a school and its partners send in one afternoon, step by step, and what was acknowledged.

A step is sent again as a sensible client would: with the same idempotency key, the same file to the
same address; what was done already is taken for done. What has to be looked up for it is looked up
beforehand, so that a kill during the step meets the service at work and not the test.
"""

from __future__ import annotations

from collections.abc import Callable, Mapping
from dataclasses import dataclass, field, replace
from datetime import date, timedelta
from types import MappingProxyType
from typing import Any
from uuid import uuid4

import httpx
from rich.console import Console

from ops.demo.absences import Missed
from ops.demo.deliveries import Line, exception, schedule, written
from ops.demo.people import Child, Person, national_numbers
from ops.demo.rosters import RosterGroup, RosterLine, RosterPlace, edexml
from ops.demo.school_year import iso_week
from ops.tour.stage import OPERATIONS, Stage
from ops.tour.stage import Person as Someone
from ops.tour.telling import Teller
from permissions.vocabulary import Actor
from tests.conftest import TestDatabase
from tests.serving import settings_of
from tests.world import BRANCHES, World

_FIRST_NUMBER = 60
_GROUP = "1D"
_BRANCH = BRANCHES[0]


class Unanswered(Exception):  # noqa: N818 - no answer came, which is what a kill does
    """Nobody knows whether the step was done: the answer did not come, or was a fault's."""


@dataclass(frozen=True, slots=True)
class Step:
    """One thing that is sent; `is_import` when it is a file.

    `find` looks up what `send` needs, past the rules and before anything is killed.
    """

    name: str
    send: Callable[[Client], object]
    is_import: bool = False
    find: Callable[[Client], object] = lambda _: None


@dataclass(frozen=True, slots=True)
class Files:
    """The two files of the afternoon."""

    roster: bytes
    attendance: bytes
    stories: int
    """How many of the new pupils reach sixteen hours, get guardians and are reported on."""


@dataclass
class Client:
    """Everyone who sends something, and what they were told."""

    world: World
    database: TestDatabase
    files: Files
    stage: Stage
    told: dict[str, str] = field(default_factory=dict[str, str])
    """What each step was answered with: an id, or an address to send a file to."""
    released: dict[str, set[str]] = field(default_factory=dict[str, set[str]])
    """The young persons whom each answered read told of, by the id under which it was asked."""
    cut: Callable[[], None] | None = None
    """What happens when the next answer comes; the answer gets lost by it."""
    _found: dict[str, str] = field(default_factory=dict[str, str])

    def graph(self, who: str, operation: str, **given: object) -> dict[str, Any]:
        """Send a mutation of the contract and return the member of its union.

        Raises:
            Unanswered: no answer, or one that says that the service is not well.
        """
        text = (OPERATIONS / f"{operation}.graphql").read_text(encoding="utf-8")
        return self._graph(self.world.actors[who], text, {"input": given})

    def upload(self, path: str, file: bytes) -> httpx.Response:
        """Send a file to the address that was given for it.

        Raises:
            Unanswered: as above.
        """
        return self._sent("PUT", path, self.world.actors["school_system"], content=file)

    def receipt(self, receipt_id: str) -> dict[str, Any]:
        """Read a receipt."""
        text = (
            "query R($id: ID!) { importReceipt(id: $id) { state counts { what change number } } }"
        )
        return self._graph(self.world.actors["school_system"], text, {"id": receipt_id})

    def one(self, sql: str) -> str:
        """Look past the rules for one value, once."""
        if sql not in self._found:
            self._found[sql] = self.database.run_sql(sql)[0]
        return self._found[sql]

    def read(self, who: str, operation: str) -> None:
        """Ask for pupils under an id of one's own, and note whom the answer told of.

        Raises:
            Unanswered: as above.
        """
        text = (OPERATIONS / f"{operation}.graphql").read_text(encoding="utf-8")
        asked = uuid4().hex
        headers = {"traceparent": f"00-{asked}-{asked[:16]}-01"}
        found = self._graph(self.world.actors[who], text, {}, headers)
        people = {pupil["youngPersonId"].partition("_")[2] for pupil in found["nodes"]}
        assert people, found
        self.released[asked] = people

    def _graph(
        self,
        actor: Actor,
        text: str,
        variables: dict[str, Any],
        headers: Mapping[str, str] = MappingProxyType({}),
    ) -> dict[str, Any]:
        what = {"query": text, "variables": variables}
        answer = self._sent("POST", "/graphql", actor, headers, json=what).json()
        if "errors" in answer:
            raise Unanswered(str(answer["errors"]))
        found: dict[str, Any] = next(iter(answer["data"].values()))
        return found

    def _sent(
        self,
        method: str,
        path: str,
        actor: Actor,
        headers: Mapping[str, str] = MappingProxyType({}),
        **what: Any,
    ) -> httpx.Response:
        person = Someone("", actor.role, actor.organisation, actor.id)
        token = self.stage.token(person, actor.purpose)
        headers = {**headers, "Authorization": f"Bearer {token}"}
        try:
            answer = self.stage.client.request(method, path, headers=headers, **what)
        except httpx.TransportError as error:
            raise Unanswered(type(error).__name__) from error
        if answer.status_code >= httpx.codes.INTERNAL_SERVER_ERROR:
            raise Unanswered(str(answer.status_code))
        if self.cut is not None:
            cut, self.cut = self.cut, None
            cut()
            raise Unanswered("the answer got lost")
        return answer


def stage_of(database: TestDatabase, port: int, client: httpx.Client) -> Stage:
    """Return what mints the tokens of everyone and holds the connection."""
    return Stage(settings_of(database, port), client, Teller(Console(quiet=True)))


def files_of(world: World, *, pupils: int, stories: int) -> Files:
    """Return a roster with some pupils more, and five weeks of attendance for them.

    The first of them reach sixteen hours, and one absence that stands already is corrected.
    """
    numbers = national_numbers()
    pattern = world.children[0]
    children = [
        replace(
            pattern,
            key=f"{_BRANCH.code}-new-{index}",
            person=Person(f"Given{index}", "", f"Family{index}"),
            birth_date=date(world.year.year - 12, 6, 1) + timedelta(days=index),
            number=numbers[_FIRST_NUMBER + index],
            group=_GROUP,
        )
        for index in range(pupils)
    ]
    known = [(world.children[n], group) for group, ns in _BRANCH.groups.items() for n in ns]
    lines = [RosterLine(child, child.year_group, group) for child, group in known]
    lines += [RosterLine(child, child.year_group, _GROUP) for child in children]
    groups = [
        RosterGroup(group, lines[0].year_group, Person("Teacher", "", group))
        for group in (*_BRANCH.groups, _GROUP)
    ]
    place = RosterPlace(_BRANCH.code, _BRANCH.key, f"School {_BRANCH.code}")
    return Files(
        edexml(place, world.year.year, groups, lines, until=world.year.until),
        written(_attendance(world, children, stories)),
        stories,
    )


def _attendance(world: World, children: list[Child], stories: int) -> list[Line]:
    mondays = world.year.mondays
    lines = [line for child in children for line in schedule(child, _BRANCH.sector, world.year)]
    for index, child in enumerate(children):
        days = range(3) if index < stories else range(index % 2)
        lines += (
            exception(
                Missed(
                    id=f"{child.key}-{day}",
                    pupil=child.key,
                    day=mondays[3] + timedelta(days=day),
                    start_unit=1,
                    lesson_units=6,
                    minutes=300,
                    category="unauthorised" if index < stories else "authorised",
                    reason="TRUANCY" if index < stories else "ILLNESS",
                )
            )
            for day in days
        )
    known = {world.children[n].key for ns in _BRANCH.groups.values() for n in ns}
    stands = next(m for m in world.missed if m.pupil in known and m.lesson_units > 1)
    lines.append(exception(replace(stands, lesson_units=1, minutes=50)))
    return [*lines, *({"kind": "delivered", "week": iso_week(monday)} for monday in mondays)]


# --- the steps ----------------------------------------------------------------------------


def steps_of(stories: int) -> list[Step]:
    """Return the steps of the afternoon, in order."""
    steps: list[Step] = []
    for kind in ("roster_edexml", "attendance_ndjson"):
        steps += [_announced(kind), _delivered(kind)]
    for number in range(stories):
        steps += [_guardian(number, "mother"), _guardian(number, "father")]
        steps += [_prepared(number), _sent(number), _noted(number), _read(number)]
    return steps


def announce(client: Client, kind: str) -> str:
    """Announce a delivery and return the address to send it to."""
    branch_id = f"branch_{client.world.branches[_BRANCH.code].hex}"
    result = client.graph(
        "school_system", "school-system/start-import", kind=kind, branchId=branch_id
    )
    path: str = result["uploadPath"]
    return path


def _announced(kind: str) -> Step:
    def send(client: Client) -> None:
        # The address of a delivery that was acknowledged is kept and used again.
        client.told.setdefault(f"announce {kind}", announce(client, kind))

    return Step(f"announce {kind}", send)


def file_of(client: Client, kind: str) -> bytes:
    """Return the file of a kind."""
    return client.files.roster if kind == "roster_edexml" else client.files.attendance


def _delivered(kind: str) -> Step:
    def send(client: Client) -> None:
        path = client.told[f"announce {kind}"]
        answer = client.upload(path, file_of(client, kind))
        if answer.status_code == httpx.codes.NOT_FOUND:
            found = client.receipt(path.split("/")[2])
            assert found["state"] == "accepted", found
        else:
            assert answer.status_code == httpx.codes.OK, answer.text

    return Step(f"deliver {kind}", send, is_import=True)


def _guardian(number: int, relation: str) -> Step:
    name = f"register the {relation} of {number}"

    def send(client: Client) -> None:
        result = client.graph(
            "coordinator",
            "attendance-coordinator/register-guardian",
            pupilId=f"pupil_{_pupil(client, number)}",
            name=f"{relation} {number}",
            relation=relation,
            phone="0600000000",
            hasAuthority=relation == "mother",
            idempotencyKey=name,
        )
        _same(client, name, result["guardianId"])

    return Step(name, send, find=lambda client: _pupil(client, number))


def _prepared(number: int) -> Step:
    name = f"prepare report {number}"

    def send(client: Client) -> None:
        result = client.graph(
            "coordinator",
            "attendance-coordinator/prepare-report",
            signalId=f"signal_{_signal(client, number)}",
            idempotencyKey=name,
        )
        _same(client, name, result["report"]["id"])

    return Step(name, send, find=lambda client: _signal(client, number))


def _sent(number: int) -> Step:
    name = f"send report {number}"

    def send(client: Client) -> None:
        report = client.told[f"prepare report {number}"]
        result = client.graph("coordinator", "attendance-coordinator/send-report", reportId=report)
        # Sent again: the conflict says that it was sent already.
        assert result.get("code", "CONFLICT") == "CONFLICT", result

    return Step(name, send)


def _noted(number: int) -> Step:
    name = f"add note {number}"

    def send(client: Client) -> None:
        result = client.graph(
            "youth_care_worker",
            "case-partner/add-note",
            caseId=f"case_{client.world.case_id.hex}",
            text=f"Note {number}.",
            idempotencyKey=name,
        )
        assert result["note"]["text"] == f"Note {number}.", result
        _same(client, name, result["note"]["id"])

    return Step(name, send)


def _read(number: int) -> Step:
    def send(client: Client) -> None:
        client.read("coordinator", "attendance-coordinator/pupils")

    return Step(f"read all pupils after {number}", send)


def _pupil(client: Client, number: int) -> str:
    return client.one(
        "select replace(id::text, '-', '') from pupil"
        f" where external_id = '{_BRANCH.code}-new-{number}'"
    )


def _signal(client: Client, number: int) -> str:
    return client.one(
        "select replace(id::text, '-', '') from signal"
        f" where pupil_id = '{_pupil(client, number)}' and withdrawn_at is null"
        " and kind = 'SIXTEEN_HOURS_IN_FOUR_WEEKS'"
    )


def _same(client: Client, name: str, told: str) -> None:
    """Hold an answer against the one that was given before, if one was."""
    assert client.told.setdefault(name, told) == told, f"{name} was answered with another id"
