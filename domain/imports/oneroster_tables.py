"""The files of a OneRoster CSV zip: which there are, and their rows with the columns that count.

Source: OneRoster 1.1 CSV (columns per file as in 1EdTech's specification) and 1.2 CSV. Of every
file the columns read here have to be in the header; other columns may be there and are not looked
at. In a bulk delivery `status` and `dateLastModified` are absent or empty; in a delta both are
filled, and a record is active or to be deleted.
"""

import re
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from datetime import date
from typing import Final

from domain.imports.files import File
from domain.imports.problems import Problem, Problems, Refused
from domain.imports.rows import rows

_MIB: Final = 1024 * 1024
LIMIT_BYTES: Final = 64 * _MIB
LIMIT_ROWS: Final = 400_000
"""Five thousand pupils in forty classes each, twice over."""

MANIFEST: Final = "manifest.csv"
DELTA, BULK, ABSENT = "delta", "bulk", "absent"
ACTIVE, DELETED, INACTIVE = "active", "tobedeleted", "inactive"

READ: Final[Mapping[str, tuple[str, ...]]] = {
    "orgs": ("sourcedId", "name", "type", "identifier"),
    "academicSessions": ("sourcedId", "type", "schoolYear"),
    "classes": ("sourcedId", "title", "classType", "schoolSourcedId"),
    "users": ("sourcedId", "givenName", "familyName"),
    "enrollments": ("sourcedId", "classSourcedId", "schoolSourcedId", "userSourcedId", "role"),
    "demographics": (),
    "roles": ("sourcedId", "userSourcedId", "roleType", "role", "orgSourcedId"),
}
"""The files that are read and the columns each has to have; all else in the zip is not opened."""

REQUIRED_OF: Final[Mapping[str, tuple[str, ...]]] = {
    "1.1": ("orgs", "users"),
    "1.2": ("orgs", "users", "roles"),
}
"""The files without which a bulk delivery tells no roster."""

_KEY: Final = {"demographics": ("userSourcedId", "sourcedId")}
_VERSION: Final = re.compile(r"(1\.[12])(?:\.[0-9]{1,2})?")
_DATE: Final = re.compile(r"([0-9]{4}-[0-9]{2}-[0-9]{2})(?:T[0-9:.]{5,15}(?:Z|[+-][0-9:]{4,6})?)?")
_LONGEST_KEY: Final = 256


@dataclass(frozen=True, slots=True)
class Record:
    """One row: its file and line, its key, the values by column, and what became of it."""

    file: str
    line: int
    key: str
    values: Mapping[str, str]
    status: str
    changed: date | None

    def value(self, column: str) -> str | None:
        """Return the value of a column, None when the column is not there or empty."""
        return self.values.get(column.casefold()) or None

    def listed(self, column: str) -> list[str]:
        """Return the values of a column that holds several, separated by commas."""
        return [word for part in (self.value(column) or "").split(",") if (word := part.strip())]

    @property
    def deleted(self) -> bool:
        """Whether the record is to be deleted, or no longer active."""
        return self.status != ACTIVE


@dataclass(frozen=True, slots=True)
class Tables:
    """What a zip holds: the version, whether it is a delta, and the records of each file."""

    version: str
    delta: bool
    records: Mapping[str, list[Record]]

    def of(self, file: str) -> list[Record]:
        """Return the records of a file, none when it is absent."""
        return self.records.get(file, [])


def day(record: Record, column: str, problems: Problems) -> date | None:
    """Return the date in a column; None when it is empty or wrong, which is noted."""
    text = record.value(column)
    if text is None:
        return None
    found = _date(text)
    if found is None:
        problems.add(
            Problem(
                record.line,
                f"{record.file}.csv/{column}",
                "This is not an existing date.",
                "Write it as 2026-09-04.",
            )
        )
    return found


def _date(text: str) -> date | None:
    match = _DATE.fullmatch(text)
    try:
        return None if match is None else date.fromisoformat(match[1])
    except ValueError:
        return None


def tables(files: Sequence[File], problems: Problems) -> Tables:
    """Read the manifest and every file that counts.

    Raises:
        Refused: the zip is no OneRoster 1.1 or 1.2, or a file of it cannot be read at all.
    """
    by_name = {file.name.casefold(): file for file in files if file.name is not None}
    manifest = by_name.get(MANIFEST)
    if manifest is None:
        raise Refused([
            Problem(None, MANIFEST, "There is no manifest.csv.",
                    "Deliver the zip of OneRoster CSV, with its files at the top.")
        ])  # fmt: skip
    said = _properties(manifest)
    match = _VERSION.fullmatch(said.get("oneroster.version", ""))
    if match is None:
        raise Refused([
            Problem(None, f"{MANIFEST}/oneroster.version", "The version is not 1.1 or 1.2.",
                    "Export the roster as OneRoster 1.1 or 1.2.")
        ])  # fmt: skip
    modes = {name: said.get(f"file.{name}".casefold(), ABSENT).casefold() for name in READ}
    _check_modes(modes, by_name, match[1], problems)
    delta = DELTA in modes.values()
    records = {
        name: list(_records(name, by_name[f"{name}.csv".casefold()], delta, problems))
        for name, mode in modes.items()
        if mode != ABSENT and f"{name}.csv".casefold() in by_name
    }
    return Tables(match[1], delta, records)


def _properties(manifest: File) -> dict[str, str]:
    found: dict[str, str] = {}
    for row in rows(
        manifest.stream, delimiter=",", limit_bytes=_MIB, limit_rows=200, field=MANIFEST
    ):
        if len(row.fields) != 2:  # noqa: PLR2004 - propertyName and value
            rule = "A row has not two columns, propertyName and value."
            raise Refused([Problem(row.line, MANIFEST, rule, "Export the manifest again.")])
        name = row.fields[0].strip().casefold()
        if name in found:
            rule = "A property stands twice."
            raise Refused([Problem(row.line, MANIFEST, rule, "Keep it once.")])
        found[name] = row.fields[1].strip()
    return found


def _check_modes(
    modes: Mapping[str, str], by_name: Mapping[str, File], version: str, problems: Problems
) -> None:
    for name, mode in modes.items():
        field = f"{MANIFEST}/file.{name}"
        if mode not in {BULK, DELTA, ABSENT}:
            problems.add(
                Problem(None, field, "This is not bulk, delta or absent.", "Use one of them.")
            )
        elif (mode != ABSENT) != (f"{name}.csv".casefold() in by_name):
            problems.add(
                Problem(
                    None,
                    field,
                    "The manifest and the zip differ on whether this file is there.",
                    "Deliver what the manifest says, and say in it what is delivered.",
                )
            )
    if {BULK, DELTA} <= set(modes.values()):
        rule = "Some files are bulk and others delta."
        advice = "Deliver all of the school in bulk, or all changes as a delta."
        problems.add(Problem(None, MANIFEST, rule, advice))
    if DELTA not in modes.values():
        for name in REQUIRED_OF[version]:
            if modes[name] == ABSENT:
                rule = "Without this file there is no roster."
                problems.add(Problem(None, f"{name}.csv", rule, "Deliver it."))


def _records(name: str, file: File, delta: bool, problems: Problems) -> Iterator[Record]:  # noqa: FBT001 - what the manifest says
    found = rows(
        file.stream,
        delimiter=",",
        limit_bytes=LIMIT_BYTES,
        limit_rows=LIMIT_ROWS,
        field=f"{name}.csv",
    )
    first = next(found, None)
    header = [] if first is None else [column.strip().casefold() for column in first.fields]
    missing = [column for column in READ[name] if column.casefold() not in header]
    key = next((k for k in _KEY.get(name, ("sourcedId",)) if k.casefold() in header), None)
    if missing or key is None:
        rule = f"The header lacks: {', '.join(missing) or 'sourcedId'}."
        problems.add(Problem(1, f"{name}.csv", rule, "Export the file with its whole header."))
        return
    if len(set(header)) != len(header):
        rule = "The header names a column twice."
        problems.add(Problem(1, f"{name}.csv", rule, "Keep it once."))
        return
    keys: set[str] = set()
    for row in found:
        if problems.enough:
            return
        if len(row.fields) != len(header):
            rule = f"The row has {len(row.fields)} columns, the header {len(header)}."
            problems.add(Problem(row.line, f"{name}.csv", rule, "Export the file again."))
            continue
        values = {column: text.strip() for column, text in zip(header, row.fields, strict=True)}
        record = _record(name, row.line, values[key.casefold()], values, delta, problems)
        if record is None:
            continue
        if record.key in keys:
            rule = "Another record has the same key."
            problems.add(Problem(row.line, f"{name}.csv/{key}", rule, "Deliver every record once."))
            continue
        keys.add(record.key)
        yield record


def _record(  # noqa: PLR0917 - the parts of a row
    name: str,
    line: int,
    key: str,
    values: Mapping[str, str],
    delta: bool,  # noqa: FBT001 - what the manifest says
    problems: Problems,
) -> Record | None:
    if not 0 < len(key) <= _LONGEST_KEY or not key.isprintable():
        rule = f"The key is not 1 to {_LONGEST_KEY} plain characters."
        problems.add(Problem(line, f"{name}.csv/sourcedId", rule, "Give the record's own key."))
        return None
    status, changed = values.get("status", "").casefold(), values.get("datelastmodified", "")
    if not delta:
        if status not in {"", ACTIVE}:
            rule = "A bulk delivery has no status: it holds what there is."
            problems.add(Problem(line, f"{name}.csv/status", rule, "Leave it empty."))
        return Record(name, line, key, values, ACTIVE, None)
    if status not in {ACTIVE, DELETED, INACTIVE}:
        rule = "The status is not active, inactive or tobedeleted."
        problems.add(Problem(line, f"{name}.csv/status", rule, "Give every record a status."))
        return None
    day_of_change = _date(changed)
    if day_of_change is None:
        rule = "A delta needs the date of every change."
        problems.add(Problem(line, f"{name}.csv/dateLastModified", rule, "Write it as 2026-09-04."))
        return None
    return Record(name, line, key, values, status, day_of_change)
