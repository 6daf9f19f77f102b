"""OneRoster 1.1 and 1.2, in bulk and as a delta: what is read of them, and what is refused."""

from __future__ import annotations

import json
from datetime import date
from pathlib import Path

import pytest

from domain.imports.oneroster_tables import READ
from domain.imports.problems import Refused
from domain.imports.receipts import DeliveryKind
from domain.imports.roster_records import FORMER, Roster
from tests.domain.imports.samples import (
    ONEROSTER_11,
    ONEROSTER_12,
    oneroster,
    read,
    where,
    zipped,
)

KIND = DeliveryKind.ROSTER_ONEROSTER


def roster(
    files: dict[str, str], version: str = "1.1", mode: str = "bulk", **manifest: str
) -> Roster:
    """Read a roster from the texts of its files."""
    found = read(KIND, oneroster(files, version=version, mode=mode, **manifest))
    assert isinstance(found, Roster)
    return found


def refused(
    files: dict[str, str], version: str = "1.1", mode: str = "bulk", **manifest: str
) -> list[tuple[int | None, str]]:
    """Return where a roster is refused."""
    with pytest.raises(Refused) as found:
        roster(files, version, mode, **manifest)
    assert all(problem.rule and problem.advice for problem in found.value.problems)
    return where(found.value.problems)


def with_(files: dict[str, str], name: str, old: str, new: str) -> dict[str, str]:
    """Return the files with one text replaced in one of them."""
    assert old in files[name]
    return files | {name: files[name].replace(old, new, 1)}


def delta(files: dict[str, str], *, deleted: tuple[str, ...] = ()) -> dict[str, str]:
    """Return the same records as changes of 5 October; those whose key is named are deleted."""
    made: dict[str, str] = {}
    for name, text in files.items():
        header, *rows = text.splitlines()
        changed = [
            row.replace(",,,", f",{'tobedeleted' if row.split(',')[0] in deleted else 'active'}"
                        ",2026-10-05,", 1)
            for row in rows
        ]  # fmt: skip
        made[name] = "\n".join([header, *changed]) + "\n"
    return made


@pytest.mark.parametrize(("files", "version"), [(ONEROSTER_11, "1.1"), (ONEROSTER_12, "1.2")])
def test_a_bulk_delivery_is_a_roster(files: dict[str, str], version: str) -> None:
    """Schools, classes, pupils and teachers arrive in both versions; guardians do not."""
    found = roster(files, version)
    assert (found.school_year, found.brin, found.delta) == ("2026-2027", None, False)
    assert [(b.key, b.identifier) for b in found.branches] == [
        ("MAIN", "99AB00"),
        ("SECOND", "99AB01"),
    ]
    assert [(g.key, g.name, g.composite, g.branch_key) for g in found.groups] == [
        ("H1", "1A", False, "MAIN"),
        ("H2", "1B", False, "SECOND"),
        ("M1", "Maths", True, "MAIN"),
    ]
    anna, bo = found.pupils
    assert (anna.key, anna.given_name, anna.national_number) == ("P1", "Anna", "111222333")
    assert (anna.branch_key, anna.group_key, anna.composite_group_keys) == ("MAIN", "H1", ("M1",))
    assert (anna.birth_date, anna.sex) == (date(2014, 3, 5), "female")
    assert (bo.family_name, bo.branch_key, bo.group_key) == ("Ünal", "SECOND", "H2")
    assert bo.birth_date == date(2012, 2, 29)
    assert [teacher.key for teacher in found.teachers] == ["T1"]
    assert "Gerda" not in repr(found)


def test_only_12_says_when_a_pupil_came() -> None:
    """A class begins with its term; a role has the day on which it began."""
    assert roster(ONEROSTER_11).pupils[0].enrolled_from is None
    assert roster(ONEROSTER_12, "1.2").pupils[0].enrolled_from == date(2026, 8, 24)


def test_what_a_roster_lacks_is_said() -> None:
    """Guardians, postcodes and year groups always; numbers and entry dates with their count."""
    said = [warning.rule for warning in roster(ONEROSTER_11).warnings]
    assert any("guardians" in rule for rule in said)
    assert any("postcodes" in rule for rule in said)
    assert "1 of 2 pupils have no usable national number." in said
    assert "2 of 2 pupils have no date of entry." in said


@pytest.mark.parametrize("number", ["111222334", "11122233", "canary"])
def test_a_number_that_fails_the_eleven_test_is_dropped_with_its_line(number: str) -> None:
    """The pupil stays, the number goes, and the warning does not repeat it."""
    found = roster(with_(ONEROSTER_11, "users", "111222333", number))
    assert found.pupils[0].national_number is None
    (warning,) = [w for w in found.warnings if w.line is not None]
    assert (warning.line, warning.field) == (2, "users.csv/userIds")
    assert number not in str(warning)


@pytest.mark.parametrize("encoding", ["utf-8", "utf-8-sig", "cp1252"])
def test_names_survive_the_encodings_that_are_taken(encoding: str) -> None:
    """With or without byte order mark, or in windows-1252, a name is the same."""
    files: dict[str, str | bytes] = {
        "manifest.csv": "propertyName,value\noneroster.version,1.1\nfile.orgs,bulk\nfile.users,bulk"
    } | {f"{name}.csv": ONEROSTER_11[name].encode(encoding) for name in ("orgs", "users")}
    found = read(KIND, zipped(files))
    assert isinstance(found, Roster)
    assert [pupil.family_name for pupil in found.pupils] == ["Vries, de", "Ünal"]


def test_a_delta_holds_who_changed_and_who_left() -> None:
    """A deleted pupil left on the day of the change; the class of one without enrolments stays."""
    files = delta({name: ONEROSTER_11[name] for name in ("orgs", "users")}, deleted=("P1",))
    found = roster(files, mode="delta")
    gone, stays = found.pupils
    assert found.delta
    assert found.school_year is None
    assert (gone.year_group, gone.enrolled_until) == (FORMER, date(2026, 10, 5))
    assert (stays.year_group, stays.branch_key, stays.keeps_group) == (None, "SECOND", True)


def test_a_deleted_enrolment_leaves_the_class_and_not_the_school() -> None:
    """The pupil is in no class any more, and still at the branch."""
    found = roster(delta(ONEROSTER_11, deleted=("E3",)), mode="delta")
    bo = found.pupils[1]
    assert (bo.branch_key, bo.group_key, bo.keeps_group) == ("SECOND", None, False)


def test_a_deleted_role_leaves_the_school() -> None:
    """In 1.2 the role is the enrolment at the school; without one the pupil left."""
    found = roster(delta(ONEROSTER_12, deleted=("R2",)), "1.2", "delta")
    assert [(pupil.key, pupil.year_group) for pupil in found.pupils] == [
        ("P1", None),
        ("P2", FORMER),
    ]


def test_a_delta_may_leave_out_what_did_not_change() -> None:
    """Without orgs.csv the schools are those that pupils name, by key alone."""
    found = roster(delta({"users": ONEROSTER_11["users"]}), mode="delta")
    assert [branch.key for branch in found.branches] == ["MAIN", "SECOND"]


REFUSED_11: dict[str, tuple[str, str, str, int | None, str]] = {
    "key twice": ("users", "P2,", "P1,", 3, "users.csv/sourcedId"),
    "no key": ("users", "P2,", ",", 3, "users.csv/sourcedId"),
    "no family name": ("users", "Ünal", "", 3, "users.csv/familyName"),
    "name of a page": ("users", "Ünal", "x" * 201, 3, "users.csv/familyName"),
    "too few columns": ("users", "P2,,,true", "P2,true", 3, "users.csv"),
    "too many columns": ("users", "P2,,,true", "P2,,,,true", 3, "users.csv"),
    "a header without names": ("users", "familyName", "surname", 1, "users.csv"),
    "a header with a name twice": ("users", "middleName", "givenName", 1, "users.csv"),
    "a status in bulk": ("users", "P2,,,", "P2,tobedeleted,2026-10-05,", 3, "users.csv/status"),
    "an open quote": ("users", '"Vries, de"', '"Vries, de', 2, "users.csv"),
    "a school of nowhere": ("users", "true,SECOND", "true,THIRD", 3, "users.csv/orgSourcedIds"),
    "a class of nowhere": (
        "enrollments", "H2,SECOND", "H9,SECOND", 4, "enrollments.csv/classSourcedId"),
    "a pupil of nowhere": (
        "enrollments", "P2,student", "P9,student", 4, "enrollments.csv/userSourcedId"),
    "an enrolment on no day": (
        "enrollments", "2026-08-24", "2026-02-30", 2, "enrollments.csv/beginDate"),
    "a class without a school": (
        "classes", "homeroom,,SECOND", "homeroom,,X", 3, "classes.csv/schoolSourcedId"),
    "a class of no type": ("classes", "1B,,,,homeroom", "1B,,,,club", 3, "classes.csv/classType"),
    "a class without a title": ("classes", ",1B,", ",,", 3, "classes.csv/title"),
    "no birthday": ("demographics", "2012-02-29", "2013-02-29", 3, "demographics.csv/birthDate"),
    "another sex": ("demographics", "male,\n", "x,\n", 2, "demographics.csv/sex"),
    "a year of words": (
        "academicSessions", ",,2027\n", ",,next\n", 2, "academicSessions.csv/schoolYear"),
    "a year of two": (
        "academicSessions", ",,2027\n", ",,2027\nZ,,,Next,schoolYear,,,,2028\n", None,
        "academicSessions.csv/schoolYear"),
}  # fmt: skip


@pytest.mark.parametrize("name", REFUSED_11)
def test_a_broken_rule_is_refused_with_file_line_and_column(name: str) -> None:
    """The field names file and column; the line counts within that file."""
    file, old, new, line, field = REFUSED_11[name]
    assert (line, field) in refused(with_(ONEROSTER_11, file, old, new))


def test_the_manifest_and_the_zip_have_to_agree() -> None:
    """A file that is announced and missing, or there and absent, or of no mode, is refused."""
    assert refused(ONEROSTER_11, roles="bulk") == [(None, "manifest.csv/file.roles")]
    assert (None, "manifest.csv/file.users") in refused(ONEROSTER_11, users="absent")
    assert (None, "manifest.csv/file.users") in refused(ONEROSTER_11, users="all")
    assert (None, "manifest.csv") in refused(ONEROSTER_11, users="delta")


def test_what_is_no_oneroster_is_refused() -> None:
    """Without a manifest, of another version, without pupils or schools."""
    assert refused(ONEROSTER_11, "1.0") == [(None, "manifest.csv/oneroster.version")]
    assert (None, "users.csv") in refused({"orgs": ONEROSTER_11["orgs"]})
    assert (None, "roles.csv") in refused(ONEROSTER_11, "1.2")
    for data in (zipped({"users.csv": ONEROSTER_11["users"]}), b"users", b""):
        with pytest.raises(Refused):
            read(KIND, data)


def test_a_delta_says_status_and_date_of_every_record() -> None:
    """Without them nobody can tell a change from a deletion, or its day."""
    users = {"users": ONEROSTER_11["users"]}
    assert (2, "users.csv/status") in refused(users, mode="delta")
    undated = {"users": delta(users)["users"].replace("active,2026-10-05", "active,", 1)}
    assert (2, "users.csv/dateLastModified") in refused(undated, mode="delta")


def test_a_changed_user_of_12_comes_with_its_role() -> None:
    """Without one nobody can tell a pupil from a teacher or a parent."""
    files = delta({name: ONEROSTER_12[name] for name in ("orgs", "users")})
    assert (2, "users.csv/sourcedId") in refused(files, "1.2", "delta")


def test_the_columns_are_those_of_the_specification(standard_rosters: Path) -> None:
    """Every column that has to be there is one of the standard's list for 1.1."""
    for name, columns in READ.items():
        listed = standard_rosters / "oneroster-1.1-fieldspec" / f"{name}.json"
        if name == "roles":  # a file of 1.2, of which there is no list
            continue
        known = {entry["columnId"] for entry in json.loads(listed.read_text(encoding="utf-8"))}
        assert set(columns) <= known, name


def test_the_header_of_the_specification_is_taken(standard_rosters: Path) -> None:
    """Files with every column of the standard's list, in its order, are read."""
    folder = standard_rosters / "oneroster-1.1-fieldspec"
    files: dict[str, str] = {}
    values = {
        "orgs": {"sourcedId": "MAIN", "name": "Main", "type": "school"},
        "users": {
            "sourcedId": "P1", "enabledUser": "true", "orgSourcedIds": "MAIN", "role": "student",
            "username": "u", "givenName": "Anna", "familyName": "Vries",
        },
        "demographics": {"userSourcedId": "P1", "birthdate": "2014-03-05", "sex": "Female"},
    }  # fmt: skip
    for name, row in values.items():
        columns = [
            entry["columnId"]
            for entry in json.loads((folder / f"{name}.json").read_text(encoding="utf-8"))
        ]
        files[name] = (
            ",".join(columns) + "\n" + ",".join(row.get(column, "") for column in columns) + "\n"
        )
    (pupil,) = roster(files).pupils
    assert (pupil.birth_date, pupil.sex) == (date(2014, 3, 5), "female")
