"""Reads a roster from a OneRoster 1.1 or 1.2 CSV zip, in bulk or as a delta.

Read are schools, the school year, classes, pupils with their names, birth date, sex and (in
`userIds`) national number, which school they are at and in which classes. Never read: guardians
and other agents, addresses, telephone numbers, user names, passwords, ethnicity, country of birth,
results and resources. A class of type `homeroom` is the pupil's class; `scheduled` classes are
read as composite groups. A delta brings each changed pupil whole: with its user record, its roles
(1.2) and, when its classes changed, all enrolments that remain.
"""

import re
from collections import Counter, defaultdict
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from datetime import date
from typing import Final

from domain.imports.files import File
from domain.imports.oneroster_people import name, number, sex
from domain.imports.oneroster_tables import Record, Tables, day, tables
from domain.imports.problems import Problem, Problems
from domain.imports.roster_records import (
    FORMER,
    BranchRef,
    FieldNames,
    Group,
    Roster,
    RosterPupil,
    RosterTeacher,
)

FIELDS: Final = FieldNames(
    pupil="users.csv",
    entry="roles.csv/beginDate",
    leaving="roles.csv/endDate",
    postcode="users.csv",
    composite="classes.csv/classType",
    branch="orgs.csv/sourcedId",
    school_year="academicSessions.csv/schoolYear",
    reference="users.csv/dateLastModified",
)
STUDENT, TEACHER = "student", "teacher"
_LONGEST_TITLE: Final = 64
_YEAR: Final = re.compile(r"(199[2-9]|20[0-9]{2})")
_SAID_WHEN_MISSING: Final = {
    "birthDate": ("date of birth", "Without it no age-bound duty can be told."),
    "userIds": ("usable national number", "They are matched by the school's own key alone."),
    "homeroom": ("homeroom class", "No mentor will see them."),
    "beginDate": (
        "date of entry",
        "They count as enrolled from the date that the delivery agreement gives.",
    ),
}


def read(files: Sequence[File]) -> Roster:
    """Read one roster from the files of a zip; memory grows with what the roster holds.

    Raises:
        Refused: the zip is no OneRoster, or a file breaks a rule; nothing of it may be used.
    """
    problems = Problems()
    found = tables(files, problems)
    roster = _Reader(found, problems).roster() if not problems else None
    if roster is None or problems:
        problems.refuse()
    return roster


def _role(record: Record) -> str:
    return (record.value("role") or "").casefold()


@dataclass(slots=True)
class _Placed:
    """Where a pupil is: the school, the homeroom class and the others, and since when."""

    school: str | None = None
    homerooms: list[tuple[date, str]] = field(default_factory=list[tuple[date, str]])
    others: list[str] = field(default_factory=list[str])
    told: bool = False


class _Reader:
    def __init__(self, found: Tables, problems: Problems) -> None:
        self._found = found
        self._problems = problems
        self._warnings = Problems()
        self._missing: Counter[str] = Counter()
        self._schools = {
            record.key: record
            for record in found.of("orgs")
            if record.value("type") == "school" and not record.deleted
        }
        self._classes = {record.key: record for record in found.of("classes")}
        self._users = {record.key: record for record in found.of("users")}
        self._roles = self._roles_of_users()
        self._demographics = {record.key: record for record in found.of("demographics")}
        self._referred: dict[str, int] = {}

    def roster(self) -> Roster:
        """Put the roster together."""
        placed = self._placed()
        pupils = [
            pupil
            for user in self._users.values()
            if self._is(user, STUDENT)
            for pupil in [self._pupil(user, placed[user.key])]
            if pupil is not None
        ]
        groups = tuple(self._groups(pupils))
        self._say_what_is_missing(len([p for p in pupils if p.year_group != FORMER]))
        return Roster(
            school_year=self._school_year(),
            reference_date=None,
            created_at=None,
            brin=None,
            branch_suffix="",
            school_key=None,
            author=None,
            branches=tuple(self._branches()),
            groups=groups,
            pupils=tuple(pupils),
            teachers=tuple(self._teachers()),
            warnings=self._warnings.listed(),
            delta=self._found.delta,
            fields=FIELDS,
        )

    def _note(self, record: Record, column: str, rule: str, advice: str) -> None:
        self._problems.add(Problem(record.line, f"{record.file}.csv/{column}", rule, advice))

    def _roles_of_users(self) -> Mapping[str, list[Record]]:
        found: defaultdict[str, list[Record]] = defaultdict(list)
        for record in self._found.of("roles"):
            user = record.value("userSourcedId") or ""
            if user not in self._users:
                self._refers_to_nothing(record, "userSourcedId")
            found[user].append(record)
        for roles in found.values():
            roles.sort(key=lambda role: (role.deleted, role.value("roleType") != "primary"))
        return found

    def _refers_to_nothing(self, record: Record, column: str) -> None:
        self._note(
            record,
            column,
            "This refers to nothing in the zip.",
            "Deliver what it refers to with it.",
        )

    def _is(self, user: Record, role: str) -> bool:
        if self._found.version == "1.1":
            return _role(user) == role
        roles = self._roles.get(user.key, [])
        if not roles and self._found.delta and role == STUDENT:
            self._note(
                user,
                "sourcedId",
                "A changed user has no role in the zip.",
                "Deliver its roles too.",
            )
        return any(_role(one) == role for one in roles)

    def _placed(self) -> Mapping[str, _Placed]:
        """Return where each pupil is, as the enrolments say."""
        found: defaultdict[str, _Placed] = defaultdict(_Placed)
        for record in self._found.of("enrollments"):
            user = record.value("userSourcedId") or ""
            if user not in self._users:
                self._refers_to_nothing(record, "userSourcedId")
                continue
            if _role(record) != STUDENT:
                continue
            place = found[user]
            place.told = True
            class_ = self._classes.get(record.value("classSourcedId") or "")
            begin = day(record, "beginDate", self._problems)
            end = day(record, "endDate", self._problems)
            if begin is not None and end is not None and end < begin:
                self._note(record, "endDate", "It ends before it begins.", "Correct a date.")
            if record.deleted:
                continue
            if class_ is None:
                self._refers_to_nothing(record, "classSourcedId")
            elif class_.value("classType") == "homeroom":
                # What has ended counts only when nothing else is there.
                place.homerooms.append((begin or date.min if end is None else date.min, class_.key))
                place.school = record.value("schoolSourcedId") or class_.value("schoolSourcedId")
            else:
                place.others.append(class_.key)
        return found

    def _pupil(self, user: Record, place: _Placed) -> RosterPupil | None:
        role = next((r for r in self._roles.get(user.key, ()) if _role(r) == STUDENT), None)
        gone = user.deleted or (role is not None and role.deleted)
        school = self._school(user, role, place)
        if not gone and school is None:
            self._note(
                role or user,
                "orgSourcedIds" if role is None else "orgSourcedId",
                "The pupil is at no school in the zip.",
                "Name a school of orgs.csv.",
            )
            return None
        group = max(place.homerooms)[1] if place.homerooms else None
        demographics = self._demographics.get(user.key)
        begin = None if role is None else day(role, "beginDate", self._problems)
        end = None if role is None else day(role, "endDate", self._problems)
        if begin is not None and end is not None and end < begin:
            self._note(role or user, "endDate", "It ends before it begins.", "Correct a date.")
        birth = None
        if demographics is not None:
            birth = day(demographics, "birthDate", self._problems)
        pupil = RosterPupil(
            key=user.key,
            eck_id=None,
            name=name(user, self._problems),
            national_number=number(user, self._warnings),
            birth_date=birth,
            sex=sex(demographics, self._problems),
            year_group=FORMER if gone else None,
            group_key=None if gone else group,
            composite_group_keys=tuple(dict.fromkeys(place.others)),
            branch_key=None if gone else school,
            postcode=None,
            enrolled_from=begin,
            enrolled_until=(user.changed or end) if gone else end,
            line=user.line,
            keeps_group=self._found.delta and not place.told,
        )
        if not gone:
            self._count_missing(pupil)
        return pupil

    def _school(self, user: Record, role: Record | None, place: _Placed) -> str | None:
        """Return the school of a pupil: that of the class, of the role, or the first it has."""
        named = user.listed("orgSourcedIds") if role is None else role.listed("orgSourcedId")
        if role is None and not named:
            named = user.listed("primaryOrgSourcedId")
        known = [key for key in named if key in self._schools or self._without_orgs()]
        found = place.school if place.school in known else next(iter(known), None)
        if found is not None:
            self._referred.setdefault(found, user.line)
        return found

    def _without_orgs(self) -> bool:
        """Tell whether schools are named by key alone, as a delta without orgs.csv does."""
        return self._found.delta and not self._found.of("orgs")

    def _groups(self, pupils: Sequence[RosterPupil]) -> list[Group]:
        found: list[Group] = []
        for record in self._classes.values():
            school = record.value("schoolSourcedId") or ""
            if record.deleted:
                continue
            if school not in self._schools and not self._without_orgs():
                self._refers_to_nothing(record, "schoolSourcedId")
                continue
            self._referred.setdefault(school, record.line)
            title = record.value("title") or ""
            kind = record.value("classType")
            if not 0 < len(title) <= _LONGEST_TITLE:
                rule = f"The title is not 1 to {_LONGEST_TITLE} characters long."
                self._note(record, "title", rule, "Fill it or shorten it.")
            if kind not in {"homeroom", "scheduled"}:
                rule = "The type is not homeroom or scheduled."
                self._note(record, "classType", rule, "Use one of them.")
            found.append(
                Group(
                    key=record.key,
                    name=title,
                    year_group=None,
                    composite=kind != "homeroom",
                    line=record.line,
                    branch_key=school,
                )
            )
        known = {group.key for group in found}
        for pupil in pupils:
            if pupil.group_key is not None and pupil.group_key not in known:
                rule = "The pupil's class is deleted."
                advice = "Delete the enrolment with it."
                self._problems.add(Problem(pupil.line, "users.csv", rule, advice))
        return found

    def _branches(self) -> list[BranchRef]:
        """Return the schools; those without any pupil or class too, for the agreement to know."""
        if self._without_orgs():
            return [BranchRef(key, "", line) for key, line in self._referred.items()]
        return [
            BranchRef(key, record.value("name") or "", record.line, record.value("identifier"))
            for key, record in self._schools.items()
        ]

    def _teachers(self) -> list[RosterTeacher]:
        return [
            RosterTeacher(user.key, None, name(user, self._problems), (), (), (), user.line)
            for user in self._users.values()
            if self._is(user, TEACHER) and not user.deleted
        ]

    def _school_year(self) -> str | None:
        """Return the one school year of the sessions, None when a delta names none."""
        years: set[int] = set()
        for record in self._found.of("academicSessions"):
            if record.deleted:
                continue
            match = _YEAR.fullmatch(record.value("schoolYear") or "")
            if match is None:
                rule = "A school year is the year in which it ends."
                self._note(record, "schoolYear", rule, "Write it as 2027 for 2026-2027.")
            elif record.value("type") == "schoolYear" or not years:
                years.add(int(match[1]))
        if len(years) > 1:
            rule = "The sessions are of several school years."
            advice = "Deliver one school year at a time."
            self._problems.add(Problem(None, FIELDS.school_year, rule, advice))
        return f"{min(years) - 1}-{min(years)}" if years else None

    def _count_missing(self, pupil: RosterPupil) -> None:
        self._missing.update(
            name
            for name, value in (
                ("birthDate", pupil.birth_date),
                ("userIds", pupil.national_number),
                ("homeroom", pupil.group_key or (pupil.keeps_group or None)),
                ("beginDate", pupil.enrolled_from),
            )
            if value is None
        )

    def _say_what_is_missing(self, pupils: int) -> None:
        for rule, advice in (
            ("A roster has no guardians.",
             "Register guardians and their authority at the school."),
            ("OneRoster has no postcodes.",
             "Without one the municipality of residence is unknown: no report can be sent."),
            ("OneRoster's grades are no Dutch year groups and are not used.",
             "Deliver EDEXML as well if year groups have to be known."),
        ):  # fmt: skip
            self._warnings.add(Problem(None, "users.csv", rule, advice, "warning"))
        for column, (words, advice) in _SAID_WHEN_MISSING.items():
            if count := self._missing[column]:
                rule = f"{count} of {pupils} pupils have no {words}."
                self._warnings.add(Problem(None, f"users.csv/{column}", rule, advice, "warning"))
