"""Files that a school's system might send by mistake or on purpose: each breaks one rule."""

from __future__ import annotations

import gzip
import json
import re
from collections.abc import Callable, Mapping
from dataclasses import dataclass
from datetime import date, timedelta
from typing import Any

from ops.demo.people import Person
from ops.demo.rosters import RosterGroup, RosterLine, RosterPlace, edexml
from ops.demo.school_year import iso_week
from tests.api.uploads.desk import FIRST
from tests.world import World

ROSTER, ATTENDANCE = "roster_edexml", "attendance_ndjson"
KEY = "CANARY-7F3A"
PUPIL = (
    f'<leerling key="{KEY}"><achternaam>Canarievogel</achternaam><roepnaam>Pietje</roepnaam>'
    '<geboortedatum>2013-02-03</geboortedatum><geslacht>1</geslacht><groep key="1A"/>'
    f'<vestiging key="{FIRST.key}"/><bsn>999900018</bsn><postcodenl>3681QX</postcodenl></leerling>'
)
MEBIBYTE = 1024 * 1024


@dataclass(frozen=True, slots=True)
class Bad:
    """A file, and a piece of the rule that its receipt has to name."""

    file: bytes
    rule: str
    line: bool = True
    """Whether the receipt must name a line."""


def roster(world: World, *more: str) -> str:
    """Return the roster of the first branch as it stands, with more pupils."""
    lines = [
        RosterLine(world.children[number], world.children[number].year_group, group)
        for group, members in FIRST.groups.items()
        for number in members
    ]
    groups = [
        RosterGroup(group, lines[0].year_group, Person("Teacher", "", group))
        for group in FIRST.groups
    ]
    place = RosterPlace(FIRST.code, FIRST.key, f"School {FIRST.code}")
    text = edexml(place, world.year.year, groups, lines, until=world.year.until).decode()
    return text.replace("</leerlingen>", "\n".join([*more, "</leerlingen>"]))


def bad_rosters(world: World) -> Mapping[str, Bad]:
    """Return rosters of the first branch that have to be refused, by what is wrong."""
    good = roster(world, PUPIL)
    year = world.year.year

    def swapped(old: str, new: str, rule: str, *, line: bool = True) -> Bad:
        assert old in good
        return Bad(good.replace(old, new, 1).encode(), rule, line)

    def within(fields: str, rule: str) -> Bad:
        return swapped("</postcodenl></leerling>", f"</postcodenl>{fields}</leerling>", rule)

    bomb = "".join(f'<!ENTITY a{n} "{f"&a{n - 1};" * 10}">' for n in range(1, 10))
    doctype = "declares a document type"
    return {
        "empty": Bad(b"", "", line=False),
        "no xml": Bad(b"Canarievogel,999900018\n", "", line=False),
        "malformed": swapped("</roepnaam>", "</roep>", "closed by another name"),
        "truncated": Bad(good[: len(good) * 2 // 3].encode(), ""),
        "truncated in the canary": Bad(good[: good.index("999900018") + 5].encode(), ""),
        "utf-16": Bad(good.encode("utf-16"), "encoding"),
        "not utf-8": Bad(good.replace("Pietje", "Piëtje").encode("latin-1"), ""),
        "unknown encoding": swapped("UTF-8", "EBCDIC-CP-NL", "encoding"),
        "entity bomb": swapped(
            "<EDEX>", f'<!DOCTYPE e [<!ENTITY a0 "Canarievogel">{bomb}]><EDEX>&a9;', doctype
        ),
        "external entity": swapped(
            "<EDEX>", '<!DOCTYPE e [<!ENTITY x SYSTEM "file:///etc/passwd">]><EDEX>&x;', doctype
        ),
        "external subset": swapped(
            "<EDEX>", '<!DOCTYPE e SYSTEM "http://127.0.0.1:1/x.dtd"><EDEX>', doctype
        ),
        "undeclared entity": swapped("Pietje", "&piet;", ""),
        "deep": swapped("Pietje", "<a>" * 20_000, ""),
        "many attributes": swapped(
            "<roepnaam>", "<roepnaam " + " ".join(f'a{n}="1"' for n in range(20_000)) + ">", ""
        ),
        "no BRIN": swapped("<brincode>99WA</brincode>", "", "no BRIN"),
        "wrong BRIN": swapped(">99WA<", ">99WB<", "another branch", line=False),
        "BRIN of no form": swapped(">99WA<", ">CANARY-7F3A<", ""),
        "unknown branch key": Bad(
            good.replace(f'"{FIRST.key}"', '"CANARY-7F3A"').encode(), "names no branch"
        ),
        "key twice": Bad(roster(world, PUPIL, PUPIL).encode(), ""),
        "key of a whole page": swapped(KEY, "CANARY-7F3A" * 500, ""),
        "name of a whole page": swapped("Canarievogel", "Canarievogel" * 500, ""),
        "entered after the year": within(
            f"<instroomdatum>{year + 1}-08-02</instroomdatum>", "after the school year"
        ),
        "left before the year": within(
            f"<uitstroomdatum>{year}-07-01</uitstroomdatum>", "before the school year"
        ),
        "left before entering": within(
            f"<instroomdatum>{year}-10-02</instroomdatum>"
            f"<uitstroomdatum>{year}-09-02</uitstroomdatum>",
            "",
        ),
        "no such day": within(f"<instroomdatum>{year}-02-30</instroomdatum>", ""),
        "year nine thousand": swapped(
            f"<schooljaar>{year}-{year + 1}", "<schooljaar>9998-9999", "after the next", line=False
        ),
        "not gzip after all": Bad(b"\x1f\x8b" + good.encode(), "gzip", line=False),
        "gzip cut off": Bad(gzip.compress(good.encode())[:-20], "gzip", line=False),
        "gzip bomb": Bad(
            gzip.compress(good.encode() + b"\n" * (80 * MEBIBYTE), 1), "more than 2,000,000 lines"
        ),
        "gzip bomb of one line": Bad(
            gzip.compress(good.encode() + b" " * (80 * MEBIBYTE), 1), "", line=False
        ),
        "attendance": Bad(_written(_delivered(world)), "", line=False),
    }


def bad_attendance(world: World) -> Mapping[str, Bad]:
    """Return deliveries of attendance that have to be refused, by what is wrong."""
    monday = world.year.mondays[2]
    known = world.children[1].key

    def absent(**fields: object) -> dict[str, object]:
        line: dict[str, object] = {
            "kind": "exception", "id": KEY, "pupil": known, "date": monday.isoformat(),
            "startUnit": 1, "lessonUnits": 1, "minutes": 50, "category": "unauthorised",
        }  # fmt: skip
        return line | fields

    def scheduled(**fields: object) -> dict[str, object]:
        week = iso_week(monday)
        line = {"kind": "schedule", "pupil": known, "from": week, "until": week}
        return {**line, "minutes": 1500, "lessonUnits": 30, **fields}

    def one(rule: str, **fields: object) -> Bad:
        return Bad(_written(absent(**fields)), rule)

    text = _written(absent()).decode()
    others = date(world.year.year - 1, 11, 3)
    others -= timedelta(days=others.weekday())
    future = world.moment.today + timedelta(days=7 - world.moment.today.weekday())
    return {
        "empty": Bad(b"", "holds no line", line=False),
        "empty lines": Bad(b"\n\n", "empty"),
        "malformed": Bad(b'{"kind": "exception", CANARY-7F3A}\n', "not JSON"),
        "truncated": Bad(text[: len(text) // 2].encode(), "not JSON"),
        "null": Bad(b"null\n", "not a JSON object"),
        "a list": Bad(b'["CANARY-7F3A"]\n', "not a JSON object"),
        "deep": Bad(b'{"kind":' + b"[" * 8_000 + b"]" * 8_000 + b"}\n", "not JSON"),
        "a line of 20,000": one("longer than", pupil="CANARY-7F3A" * 2_000),
        "not utf-8": Bad(text.replace(KEY, "Canarievogel é").encode("latin-1"), "not UTF-8"),
        "utf-16": Bad(text.encode("utf-16"), ""),
        "byte order mark": Bad(b"\xef\xbb\xbf" + text.encode(), "byte order mark"),
        "unknown kind": one("kind of line", kind="CANARY-7F3A"),
        "unknown field": one("unknown", canary="Canarievogel"),
        "a field twice": Bad(text.replace("{", '{"pupil": "CANARY-7F3A", ', 1).encode(), "twice"),
        "zero byte": one("control characters", pupil="CANARY\0"),
        "half a character": Bad(text.replace(KEY, "\\ud800").encode(), "control characters"),
        "unknown pupil": one("enrolled", pupil=KEY),
        "pupil of another branch": one("enrolled", pupil=world.children[14].key),
        "unknown reason": one("unknown on this date", reason="CANARY_7F3A"),
        "reason of another category": one("does not go with", reason="ILLNESS"),
        "unknown category": one("category is unknown", category="Canarievogel"),
        "weekend": one("Saturday or Sunday", date=(monday + timedelta(days=5)).isoformat()),
        "no such day": one("does not exist", date=f"{world.year.year}-02-30"),
        "the last century": one("not a date", date="1926-11-23"),
        "future": one("future", date=future.isoformat()),
        "two school years": Bad(
            _written(absent(), absent(id="2", date=others.isoformat())), "another school year"
        ),
        "week 53 of a short year": Bad(
            _written({"kind": "delivered", "week": "2025-W53"}), "no week 53"
        ),
        "a century of weeks": Bad(
            _written(scheduled(**{"from": "2000-W01", "until": "2099-W53"})), "longer than"
        ),
        "the last week of all": Bad(
            _written(scheduled(**{"from": "2099-W53", "until": "2099-W53"})), "after the next"
        ),
        "more minutes than scheduled": Bad(
            _written(scheduled(minutes=60), absent(minutes=70)), "More minutes"
        ),
        "more units than scheduled": Bad(
            _written(scheduled(lessonUnits=2), absent(lessonUnits=3)), "More lesson units"
        ),
        "less scheduled than missed before": Bad(
            _written(
                scheduled(
                    **{
                        "from": iso_week(world.year.mondays[0]),
                        "until": iso_week(world.year.mondays[0]),
                        "minutes": 10,
                    }
                )
            ),
            "More minutes",
        ),
        "nothing scheduled": one("Nothing is scheduled", date=_unscheduled(world).isoformat()),
        "minutes below zero": one("", minutes=-1),
        "minutes without end": Bad(text.replace("50", "1e400").encode(), ""),
        "minutes of a hundred digits": Bad(text.replace("50", "9" * 5000).encode(), ""),
        "not a number": Bad(text.replace("50", "NaN").encode(), "NaN"),
        "minutes as text": one("", minutes="50"),
        "the same id twice": Bad(_written(absent(), absent(startUnit=4)), "stands in the file"),
        "the same hour twice": Bad(_written(absent(), absent(id="2")), "overlaps"),
        "gzip cut off": Bad(gzip.compress(text.encode())[:-9], "gzip", line=False),
        "gzip bomb": Bad(
            gzip.compress(b'{"kind": "delivered"}\n' * (4 * MEBIBYTE), 1), "", line=False
        ),
        "a roster": Bad(roster(world, PUPIL).encode(), "not JSON"),
    }


def _unscheduled(world: World) -> date:
    """Return a Monday of the present school year of which nothing was delivered."""
    return world.year.mondays[0] - timedelta(days=7)


def _delivered(world: World) -> dict[str, Any]:
    return {"kind": "delivered", "week": iso_week(world.year.mondays[0])}


def _written(*lines: Mapping[str, object]) -> bytes:
    return b"".join(json.dumps(line).encode() + b"\n" for line in lines)


def without_residence(text: str) -> str:
    """Return a roster in which nobody has a postcode."""
    return re.sub(r"<postcodenl>[^<]*</postcodenl>", "", text)


Files = Callable[[World], Mapping[str, Bad]]
