"""Taking in a roster: pupils, their classes and enrolments at the branches of one school.

The receipt's branch is the one that the roster's BRIN and dependancecode name; the delivery
agreement says which branch each key of a branch is. A pupil without one belongs to the receipt's
branch. A format that has no BRIN names branches by their keys alone, one of them the receipt's.
Of a delta, whoever is not on it stays as they were. Teachers
are counted and not stored: staff are appointed by the organisation itself.
"""

from collections.abc import Iterable, Sequence
from dataclasses import dataclass, replace
from datetime import date, timedelta
from uuid import UUID, uuid4

from sqlalchemy.ext.asyncio import AsyncSession

from domain.database import ask_of
from domain.imports import leavers, queries
from domain.imports import roster_checks as checks
from domain.imports.models import ImportReceipt
from domain.imports.problems import Problem, Problems
from domain.imports.receipts import Stored
from domain.imports.roster_records import FORMER, Group, Roster, RosterPupil
from domain.organisations.models import ClassGroup
from domain.pupils import announcing, vault
from domain.pupils.bulk import insert_rows, update_rows
from domain.pupils.enrolling import Changes, Period, Picture, Place, enrolments, memberships
from domain.pupils.services import DeliveredPupil, change_places, take_in
from domain.reach import Kind, require
from permissions.vocabulary import Activity, Actor, DataClass, Rule

_YEAR = timedelta(days=366)
_AUGUST = 8
_SEXES = {"male": "male", "female": "female", "not_known": "unknown", "not_specified": "unknown"}


async def store(
    session: AsyncSession, actor: Actor, receipt: ImportReceipt, roster: Roster
) -> Stored:
    """Store a roster, or find everything that is wrong with it.

    Raises:
        Refused: the roster is of another school, names a branch without agreement, or its dates
            cannot be; nothing was stored that the caller does not roll back.
        NotFound: the delivery agreement does not hold any more.
    """
    problems = Problems()
    branches = await _branches(session, receipt, roster, problems)
    first, last = _school_year(session, roster)
    reference = _reference(session, roster)
    if reference > last:
        problems.add(
            Problem(
                None,
                roster.fields.reference,
                "The reference date lies after the school year.",
                "Correct the reference date or the school year.",
            )
        )
    if first > ask_of(session).moment.today + _YEAR:
        # Stored, it would stand in the way of every roster until that year.
        problems.add(
            Problem(
                None,
                roster.fields.school_year,
                "The school year lies after the next one.",
                "Correct the school year.",
            )
        )
    problems.extend(checks.wrong_dates(roster, first, last))
    groups = await queries.class_groups(session, branches.covered)
    if any(group.school_year > first.year for group in groups):
        problems.add(
            Problem(
                None,
                roster.fields.school_year,
                "A roster of a later school year was delivered before this one.",
                "Deliver the roster of the present school year.",
            )
        )
    if problems:
        problems.refuse()

    rules = await _rules(session, actor, receipt, roster, branches.covered)
    twice = checks.numbers_given_twice(roster)
    present = [pupil for pupil in roster.pupils if pupil.year_group != FORMER]
    taken = await take_in(
        session,
        controller_id=receipt.controller_id,
        pupils=[_delivered(pupil, twice) for pupil in present],
        elsewhere=not receipt.dry_run,
    )
    classes = await _store_groups(
        session,
        receipt,
        roster,
        branches,
        pupils=present,
        stored=groups,
        school_year=first.year,
    )
    former = {p.key: p for p in roster.pupils if p.year_group == FORMER}
    known_former = await queries.pupil_ids(session, receipt.controller_id, list(former))
    picture = Picture(
        places=[
            Place(
                line=pupil.line,
                pupil_id=taken.pupils[pupil.key].id,
                branch_id=branches.of(pupil),
                year_group=_number(pupil.year_group),
                class_group_id=classes.ids.get((branches.of(pupil), pupil.group_key)),
                valid_from=pupil.enrolled_from,
                valid_until=pupil.enrolled_until,
            )
            for pupil in present
        ],
        reference=reference,
        school_year=first.year,
        left={
            key: until
            for name, key in known_former.items()
            if (until := former[name].enrolled_until) is not None
        },
    )
    concerned = None
    if roster.delta:
        concerned = {taken.pupils[pupil.key].id for pupil in present} | set(known_former.values())
    places = _of(concerned, await queries.enrolments(session, branches.covered))
    enrolled = enrolments(picture, places)
    problems.extend(checks.impossible(enrolled, roster.fields))
    if problems:
        problems.refuse()
    keeping = {taken.pupils[pupil.key].id for pupil in present if pupil.keeps_group}
    joined = memberships(
        replace(picture, places=[p for p in picture.places if p.pupil_id not in keeping]),
        [
            period
            for period in _of(concerned, await queries.memberships(session, branches.covered))
            if period.pupil_id not in keeping
        ],
        enrolled.starts,
    )
    moved = await change_places(
        session, controller_id=receipt.controller_id, enrolments=enrolled, memberships=joined
    )
    await announcing.roster(
        session, taken, moved, controller_id=receipt.controller_id, receipt_id=receipt.id
    )
    left = await leavers.take_back(session, actor, receipt, enrolled, places)
    touched = taken.touched | enrolled.touched | joined.touched
    return Stored(
        counts={
            "pupils": {
                "new": taken.new,
                "changed": taken.changed,
                "unchanged": taken.unchanged,
                "former": len(former),
            },
            "enrolments": _counted(enrolled),
            "class_groups": classes.counts,
            "class_memberships": _counted(joined),
            "teachers": {"read": len(roster.teachers), "stored": 0},
            **left.counts,
        },
        warnings=[
            *roster.warnings,
            *checks.warnings(roster, taken, enrolled, twice),
            *left.warnings(roster.fields.leaving),
        ],
        rules=list(dict.fromkeys([*rules, *left.rules])),
        young_persons=await queries.young_persons(session, touched),
    )


def _of(pupils: set[UUID] | None, periods: Sequence[Period]) -> list[Period]:
    """Return the periods of the pupils that a delta concerns, or all of them."""
    return [period for period in periods if pupils is None or period.pupil_id in pupils]


@dataclass(frozen=True, slots=True)
class _Branches:
    """Which branch the receipt is for, and which one stands behind each key in the roster."""

    own: UUID
    by_key: dict[str, UUID]

    @property
    def covered(self) -> list[UUID]:
        return sorted({self.own, *self.by_key.values()})

    def of(self, pupil: RosterPupil) -> UUID:
        return self.own if pupil.branch_key is None else self.by_key[pupil.branch_key]


async def _branches(
    session: AsyncSession, receipt: ImportReceipt, roster: Roster, problems: Problems
) -> _Branches:
    branch = await queries.branch(session, receipt.branch_id)
    code = branch.branch_code if branch is not None else ""
    if roster.brin is not None and roster.brin + roster.branch_suffix != code:
        field = "brincode" if roster.brin != code[: len(roster.brin)] else "dependancecode"
        problems.add(_another_branch(f"school/{field}", code))
    agreed: dict[str, set[UUID]] = {}
    for key, branch_id, branch_code in await queries.agreed_branches(
        session, receipt.controller_id
    ):
        # A key is the school's own, so it means something only within one BRIN.
        if key is not None and (roster.brin is None or branch_code.startswith(roster.brin)):
            agreed.setdefault(key, set()).add(branch_id)
        if roster.brin is None and key != branch_code:
            agreed.setdefault(branch_code, set()).add(branch_id)
    by_key: dict[str, UUID] = {}
    for reference in roster.branches:
        found = set(agreed.get(reference.key, ()))
        if not found and reference.identifier is not None:
            found = set(agreed.get(reference.identifier, ()))
        if len(found) == 1:
            by_key[reference.key] = next(iter(found))
        else:
            problems.add(
                Problem(
                    reference.line,
                    roster.fields.branch,
                    "The delivery agreement names no branch under this key."
                    if not found
                    else "The delivery agreement names several branches under this key.",
                    "Have the key entered in the delivery agreement, or correct it.",
                )
            )
    if roster.brin is None and not problems and receipt.branch_id not in by_key.values():
        problems.add(_another_branch(roster.fields.branch, code))
    return _Branches(receipt.branch_id, by_key)


def _another_branch(field: str, code: str) -> Problem:
    return Problem(
        None,
        field,
        "The roster is of another branch than the delivery was started for.",
        f"Deliver the roster of {code}, or start a delivery for the other branch.",
    )


def _school_year(session: AsyncSession, roster: Roster) -> tuple[date, date]:
    if roster.school_year is not None:
        year = int(roster.school_year[:4])
    else:
        today = ask_of(session).moment.today
        year = today.year if today.month >= _AUGUST else today.year - 1
    return date(year, 8, 1), date(year + 1, 7, 31)


def _reference(session: AsyncSession, roster: Roster) -> date:
    if roster.reference_date is not None:
        return roster.reference_date
    if roster.created_at is not None:
        return roster.created_at.date()
    return ask_of(session).moment.today


async def _rules(
    session: AsyncSession,
    actor: Actor,
    receipt: ImportReceipt,
    roster: Roster,
    covered: Sequence[UUID],
) -> list[Rule]:
    classes = [DataClass.PUPIL_IDENTITY, DataClass.PUPIL_WHEREABOUTS]
    if any(pupil.national_number is not None for pupil in roster.pupils):
        classes.append(DataClass.PUPIL_NUMBER)
    asked = [(data_class, Kind.CONTROLLER, receipt.controller_id) for data_class in classes]
    asked += [(DataClass.PUPIL_ENROLMENT, Kind.BRANCH, branch_id) for branch_id in covered]
    rules = [
        await require(
            session, actor, Activity.IMPORT, data_class, kind=kind, reached=key, path=("receipt",)
        )
        for data_class, kind, key in asked
    ]
    return list(dict.fromkeys(rules))


def _delivered(pupil: RosterPupil, twice: set[str]) -> DeliveredPupil:
    number = pupil.national_number
    return DeliveredPupil(
        line=pupil.line,
        key=pupil.key,
        given_name=pupil.given_name or "",
        infix=pupil.infix,
        family_name=pupil.family_name or "",
        birth_date=pupil.birth_date,
        sex=None if pupil.sex is None else _SEXES[pupil.sex],
        number=None if number is None or number in twice else vault.index_of(number),
        postcode=pupil.postcode,
    )


def _number(year_group: str | None) -> int | None:
    return int(year_group) if year_group is not None and year_group.isdigit() else None


@dataclass(frozen=True, slots=True)
class _Classes:
    ids: dict[tuple[UUID, str | None], UUID]
    counts: dict[str, int]


async def _store_groups(
    session: AsyncSession,
    receipt: ImportReceipt,
    roster: Roster,
    branches: _Branches,
    *,
    pupils: Iterable[RosterPupil],
    stored: Sequence[ClassGroup],
    school_year: int,
) -> _Classes:
    """Store class groups at the branches of their pupils.

    One without pupils is stored at its own branch, or at the receipt's when the format says none.
    """
    groups = {group.key: group for group in roster.groups if not group.composite}
    wanted: dict[tuple[UUID, str], Group] = {}
    for pupil in pupils:
        if pupil.group_key is not None:
            wanted[branches.of(pupil), pupil.group_key] = groups[pupil.group_key]
    for key in groups.keys() - {key for _, key in wanted}:
        branch_key = groups[key].branch_key
        branch_id = receipt.branch_id if branch_key is None else branches.by_key[branch_key]
        wanted[branch_id, key] = groups[key]
    known = {
        (group.branch_id, group.external_id): group
        for group in stored
        if group.school_year == school_year
    }
    ids: dict[tuple[UUID, str | None], UUID] = {}
    added: list[dict[str, object]] = []
    changed: list[dict[str, object]] = []
    for (branch_id, key), group in wanted.items():
        row = {"name": group.name, "year_group": _number(group.year_group)}
        old = known.get((branch_id, key))
        ids[branch_id, key] = uuid4() if old is None else old.id
        if old is None:
            added.append(
                {"id": ids[branch_id, key], "branch_id": branch_id, "external_id": key, **row}
            )
        elif (old.name, old.year_group) != (row["name"], row["year_group"]):
            changed.append({"id": old.id, **row})
    instant = ask_of(session).moment.instant
    await insert_rows(
        session,
        ClassGroup,
        added,
        common={
            "controller_id": receipt.controller_id,
            "school_year": school_year,
            "recorded_at": instant,
        },
    )
    await update_rows(session, ClassGroup, changed, key=["id"], common={"recorded_at": instant})
    return _Classes(
        ids,
        {
            "new": len(added),
            "changed": len(changed),
            "unchanged": len(wanted) - len(added) - len(changed),
        },
    )


def _counted(changes: Changes) -> dict[str, int]:
    return {
        "new": len(changes.added),
        "changed": len(changes.changed),
        "ended": len(changes.ended),
        "unchanged": changes.unchanged,
    }
