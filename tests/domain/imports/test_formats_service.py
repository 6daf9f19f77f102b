"""Deliveries of every format against the database: stored whole, or not at all."""

from __future__ import annotations

import re
from collections import Counter
from pathlib import Path
from uuid import UUID

import pytest
from lxml import etree  # pyright: ignore[reportAttributeAccessIssue]

from domain.imports.receipts import DeliveryKind, Outcome, ReceiptState
from tests.conftest import TestDatabase
from tests.domain.imports.samples import (
    EDFI,
    EDUARTE,
    ONEROSTER_11,
    OSO,
    edfi,
    event,
    oneroster,
    somtoday,
    zipped,
)
from tests.domain.imports.school import (
    School,
    complete,
    lines,
    pools,
    pupil,
    roster,
    schedule,
    school,
)
from tests.domain.imports.test_oneroster import delta, with_

__all__ = ["pools", "school"]
pytestmark = pytest.mark.asyncio(loop_scope="session")
ED_FI = "{http://ed-fi.org/5.2.0}"


async def deliver(
    school: School, kind: DeliveryKind, data: bytes, *, branch: int = 0, dry_run: bool = False
) -> Outcome:
    """Announce and deliver a file."""
    started = await school.start(kind, branch=branch, dry_run=dry_run)
    return await school.upload(started, data)


async def with_pupils(school: School, *keys: str) -> None:
    """Give the branch pupils with a schedule of 30 lessons of 50 minutes in week 41."""
    accepted(await school.roster(roster(school, [pupil(key) for key in keys])))
    accepted(await school.attendance(lines(*(schedule(key, "2026-W41") for key in keys))))


def accepted(outcome: Outcome) -> Outcome:
    """Make sure that a delivery was taken in."""
    assert outcome.state is ReceiptState.ACCEPTED, [str(problem) for problem in outcome.problems]
    return outcome


def absences(school: School) -> list[str]:
    """Return pupil, day, unit, units, minutes and category of the present absences."""
    return school.rows(
        "select p.external_id, a.day, a.start_unit, a.lesson_units, a.minutes, a.category"
        " from absence a join pupil p on p.id = a.pupil_id"
        f" where a.controller_id = '{school.board}' and a.replaced_at is null order by 1, 2, 3"
    )


async def test_a_mark_of_a_day_takes_a_fifth_of_the_week(school: School) -> None:
    """1,500 minutes and 30 lessons a week are 300 and 6 a day; a lateness takes its minutes."""
    await with_pupils(school, "1001", "1002")
    accepted(await deliver(school, DeliveryKind.ATTENDANCE_EDFI, EDFI))
    assert absences(school) == [
        "1001|2026-10-05|1|6|300|authorised",
        "1001|2026-10-06|2|0|10|late",
        "1002|2026-10-06|1|6|300|unauthorised",
    ]
    accepted(await school.attendance(lines(complete("2026-W41"))))
    assert school.number("pupil_week", "attended_minutes = 1190 and attended_units = 24") == 1
    assert school.number("pupil_week", "attended_minutes = 1200 and attended_units = 24") == 1


async def test_the_same_marks_again_change_nothing(school: School) -> None:
    """Every supplier's file is known by its own keys, so a second delivery writes no row."""
    await with_pupils(school, "1001", "1002")
    files = {
        DeliveryKind.ATTENDANCE_EDUARTE: EDUARTE,
        DeliveryKind.ATTENDANCE_EDFI: edfi(event("1002", "2026-10-09", "Excused Absence")),
    }
    for kind, data in files.items():
        accepted(await deliver(school, kind, data))
    before = school.snapshot()
    for kind, data in files.items():
        again = accepted(await deliver(school, kind, data))
        assert again.counts["exceptions"]["new"] == again.counts["exceptions"]["changed"] == 0
    assert school.snapshot() == before


async def test_a_corrected_event_is_a_new_version(school: School) -> None:
    """What was unexcused and is excused now replaces the mark and keeps the old version."""
    await with_pupils(school, "1001")
    for category in ("Unexcused Absence", "Excused Absence"):
        data = edfi(event("1001", "2026-10-05", category))
        accepted(await deliver(school, DeliveryKind.ATTENDANCE_EDFI, data))
    assert absences(school) == ["1001|2026-10-05|1|6|300|authorised"]
    assert school.number("absence", "replaced_at is not null") == 1


async def test_suppliers_rows_are_stored_with_their_reasons(school: School) -> None:
    """EduArte and Somtoday give lessons, days and reasons; illness gets its own data class."""
    await with_pupils(school, "1001", "1002")
    accepted(await deliver(school, DeliveryKind.ATTENDANCE_EDUARTE, EDUARTE))
    assert absences(school) == [
        "1001|2026-10-05|1|1|45|authorised",
        "1001|2026-10-06|2|1|45|unauthorised",
        "1002|2026-10-05|1|6|300|authorised",
        "1002|2026-10-06|1|6|300|authorised",
        "1002|2026-10-07|1|6|300|authorised",
    ]
    assert school.number("absence_reason", "data_class = 'attendance.reason.health.fact'") == 4
    seen = somtoday([])
    accepted(await deliver(school, DeliveryKind.ATTENDANCE_SOMTODAY, seen))
    assert "1001|2026-10-06|4|1|50|unauthorised" in absences(school)


async def test_a_mark_without_a_schedule_is_refused_whole(school: School) -> None:
    """One pupil is not scheduled that week: nothing of anybody is stored, and the line is told."""
    await with_pupils(school, "1001")
    data = edfi(
        event("1001", "2026-10-05", "Excused Absence"),
        event("1001", "2026-10-12", "Excused Absence"),
    )
    before = school.snapshot()
    outcome = await deliver(school, DeliveryKind.ATTENDANCE_EDFI, data)
    assert outcome.state is ReceiptState.REFUSED
    assert [(p.line, p.field) for p in outcome.problems] == [(4, "date")]
    assert school.snapshot() == before


@pytest.mark.parametrize(
    ("key", "named", "field"), [("1009", "MAIN", "pupil"), ("1001", "SECOND", "school")]
)
async def test_marks_of_others_are_refused(
    school: School, key: str, named: str, field: str
) -> None:
    """An unknown pupil, or a school that the agreement knows as another branch."""
    await with_pupils(school, "1001")
    data = edfi(event(key, "2026-10-05", "Excused Absence", school=named))
    outcome = await deliver(school, DeliveryKind.ATTENDANCE_EDFI, data)
    assert [(p.line, p.field) for p in outcome.problems] == [(3, field)]
    assert school.number("absence") == 0


async def test_a_file_of_presence_alone_changes_nothing(school: School) -> None:
    """It is accepted with nothing new in it: an empty day is no error."""
    await with_pupils(school, "1001")
    before = school.snapshot()
    data = edfi(event("1001", "2026-10-05", "In Attendance"))
    outcome = accepted(await deliver(school, DeliveryKind.ATTENDANCE_EDFI, data))
    assert outcome.counts["exceptions"] == {"new": 0, "changed": 0, "unchanged": 0}
    assert school.snapshot() == before


async def test_a_transfer_dossier_is_read_and_not_stored(school: School) -> None:
    """The receipt says how many fields the block had, and nothing of the pupil."""
    before = school.snapshot()
    outcome = accepted(await deliver(school, DeliveryKind.TRANSFER_OSO, OSO))
    assert outcome.counts == {"attendance_totals": {"read": 5, "stored": 0}}
    assert [problem.severity for problem in outcome.problems] == ["warning"]
    assert school.snapshot() == before


async def test_a_zip_of_our_own_format_is_a_delivery(school: School) -> None:
    """Any format of one file may be alone in a zip."""
    accepted(await school.roster(zipped({"roster.xml": roster(school, [pupil("1001")])})))
    accepted(await school.attendance(zipped({"a.ndjson": lines(schedule("1001", "2026-W41"))})))
    assert school.number("pupil_week") == 1


async def test_oneroster_in_bulk_and_as_a_delta(school: School) -> None:
    """Bulk places pupils at both branches; a delta ends one enrolment and leaves the others."""
    bulk = accepted(await deliver(school, DeliveryKind.ROSTER_ONEROSTER, oneroster(ONEROSTER_11)))
    assert bulk.counts["pupils"]["new"] == 2
    assert bulk.counts["class_groups"]["new"] == 2
    assert _enrolled(school) == ["P1|00|H1|", "P2|01|H2|"]
    before = school.snapshot()
    accepted(await deliver(school, DeliveryKind.ROSTER_ONEROSTER, oneroster(ONEROSTER_11)))
    assert school.snapshot() == before

    renamed = delta({"users": ONEROSTER_11["users"].replace("Bo,", "Bob,")}, deleted=("P1",))
    changes = oneroster(renamed, mode="delta")
    outcome = accepted(await deliver(school, DeliveryKind.ROSTER_ONEROSTER, changes))
    assert outcome.counts["enrolments"]["ended"] == 1
    assert _enrolled(school) == ["P1|00|H1|2026-10-05", "P2|01|H2|"]
    assert school.number("pupil", "given_name = 'Bob'") == 1


async def test_a_delta_says_nothing_of_those_who_are_not_on_it(school: School) -> None:
    """A new pupil comes; the two who were there keep their class and their enrolment."""
    accepted(await deliver(school, DeliveryKind.ROSTER_ONEROSTER, oneroster(ONEROSTER_11)))
    header = ONEROSTER_11["users"].splitlines()[0]
    users = f"{header}\nP3,,,true,MAIN,student,u9,,Cas,Klein,,,,,,,,\n"
    changes = oneroster(delta({"users": users}), mode="delta")
    outcome = accepted(await deliver(school, DeliveryKind.ROSTER_ONEROSTER, changes))
    assert outcome.counts["enrolments"]["ended"] == 0
    assert _enrolled(school) == ["P1|00|H1|", "P2|01|H2|", "P3|00||"]


async def test_a_school_without_an_agreement_refuses_the_roster(school: School) -> None:
    """Keys of schools mean what the delivery agreement says; an unknown one is told by its line."""
    files = with_(ONEROSTER_11, "orgs", "SECOND,,,Second,school,99AB01", "THIRD,,,Third,school,X")
    files = {name: text.replace("SECOND", "THIRD") for name, text in files.items()}
    outcome = await deliver(school, DeliveryKind.ROSTER_ONEROSTER, oneroster(files))
    assert [(p.line, p.field) for p in outcome.problems] == [(4, "orgs.csv/sourcedId")]
    assert school.number("pupil") == 0


async def test_a_school_may_be_known_by_its_official_code(school: School) -> None:
    """`identifier` with the branch's code finds it where the key is the supplier's own."""
    files = {name: text.replace("SECOND", "x-17") for name, text in ONEROSTER_11.items()}
    files["orgs"] = files["orgs"].replace("99AB01", f"{school.brin}01")
    accepted(await deliver(school, DeliveryKind.ROSTER_ONEROSTER, oneroster(files)))
    assert _enrolled(school) == ["P1|00|H1|", "P2|01|H2|"]


async def test_a_roster_of_another_branch_is_refused(school: School) -> None:
    """A zip that does not hold the branch of the delivery was sent to the wrong address."""
    files = {
        "orgs": ONEROSTER_11["orgs"].replace("MAIN,,,Main,school,99AB00,D\n", ""),
        "users": "\n".join(
            line for line in ONEROSTER_11["users"].splitlines() if "MAIN" not in line
        ),
    }
    outcome = await deliver(school, DeliveryKind.ROSTER_ONEROSTER, oneroster(files))
    assert outcome.state is ReceiptState.REFUSED
    assert any("another branch" in problem.rule for problem in outcome.problems)


async def test_a_dry_run_of_any_format_stores_nothing(school: School) -> None:
    """The receipt tells what it would have come to."""
    await with_pupils(school, "1001", "1002")
    before = school.snapshot()
    for kind, data in (
        (DeliveryKind.ATTENDANCE_EDFI, EDFI), (DeliveryKind.ATTENDANCE_EDUARTE, EDUARTE),
    ):  # fmt: skip
        outcome = accepted(await deliver(school, kind, data, dry_run=True))
        assert outcome.counts["exceptions"]["new"] > 0
    assert school.snapshot() == before


def _enrolled(school: School) -> list[str]:
    """Return pupil, end of the branch's code, class and day of leaving."""
    return school.rows(
        "select p.external_id, right(b.branch_code, 2), g.external_id, e.valid_until"
        " from enrolment e join pupil p on p.id = e.pupil_id"
        " join school_branch b on b.id = e.branch_id"
        " left join class_membership m on m.pupil_id = p.id"
        " left join class_group g on g.id = m.class_group_id"
        f" where e.controller_id = '{school.board}' order by 1"
    )


async def test_all_events_of_ed_fis_sample_are_stored(
    school: School, database: TestDatabase, edfi_sample: Path
) -> None:
    """227 pupils of three schools, each by itself, have 1,917 absences; again, no more."""
    document = etree.parse(edfi_sample / "StudentSchoolAttendance.xml").getroot()
    names = {
        entry.findtext(f"{ED_FI}StudentUniqueId"): entry
        for entry in etree.parse(edfi_sample / "Student.xml").getroot()
    }
    at: dict[str, list[etree._Element]] = {}
    for element in document:
        school_id = element.findtext(f"{ED_FI}SchoolReference//{ED_FI}SchoolId")
        assert school_id is not None
        at.setdefault(school_id, []).append(element)
    assert sorted(map(len, at.values())) == [466, 620, 831]
    keys = sorted(at)
    branches = [*school.branches, _third_branch(school, database)]
    for branch, key in zip(branches, keys, strict=True):
        database.run_sql(
            f"update delivery_agreement set branch_key = '{key}' where branch_id = '{branch}'"
        )
    school.branches = branches
    entries: list[str] = []
    for key in keys:
        entries += [_pupil_of(names[student], key) for student in _students(at[key])]
    accepted(
        await school.roster(
            roster(school, entries, branches=keys, reference="2021-10-01", year="2021-2022")
        )
    )
    stored = 0
    for number, key in enumerate(keys):
        scheduled = [
            schedule(student, *weeks)
            for student in _students(at[key])
            for weeks in (("2021-W33", "2021-W52"), ("2022-W01", "2022-W22"))
        ]
        accepted(await school.attendance(lines(*scheduled), branch=number))
        data = _only(document, at[key])
        kind = DeliveryKind.ATTENDANCE_EDFI
        outcome = accepted(await deliver(school, kind, data, branch=number))
        stored += outcome.counts["exceptions"]["new"]
        again = accepted(await deliver(school, kind, data, branch=number))
        assert again.counts["exceptions"]["unchanged"] == len(at[key])
    assert stored == 1_917 == school.number("absence", "replaced_at is null")
    by_category = Counter(line.split("|")[5] for line in absences(school))
    assert by_category == {"authorised": 1_078, "unauthorised": 773, "late": 66}
    double = [line for line in absences(school) if line.startswith("604822|2021-12-15")]
    assert double == ["604822|2021-12-15|0|0|10|authorised", "604822|2021-12-15|1|6|290|authorised"]


def _students(events: list[etree._Element]) -> list[str]:
    path = f"{ED_FI}StudentReference//{ED_FI}StudentUniqueId"
    return sorted({found for element in events if (found := element.findtext(path))})


def _pupil_of(student: etree._Element, branch: str) -> str:
    """Return a pupil of an EDEXML roster, named as the student of the sample."""
    born = student.findtext(f"{ED_FI}BirthData/{ED_FI}BirthDate")
    assert born is not None
    return pupil(
        student.findtext(f"{ED_FI}StudentUniqueId") or "",
        achternaam=student.findtext(f"{ED_FI}Name/{ED_FI}LastSurname"),
        voornamen=student.findtext(f"{ED_FI}Name/{ED_FI}FirstName"),
        geboortedatum=born,
        groep=None,
        vestiging=branch,
    )


def _only(document: etree._Element, events: list[etree._Element]) -> bytes:
    """Return the sample with the events of one school."""
    inside = b"".join(etree.tostring(element) for element in events)
    head = etree.tostring(document).split(b">", 1)[0]
    return re.sub(rb"/$", b"", head) + b">" + inside + b"</InterchangeStudentAttendance>"


def _third_branch(school: School, database: TestDatabase) -> UUID:
    """Give the school a third branch under its agreement."""
    (found,) = database.run_sql(
        "insert into school_branch select gen_random_uuid(), organisation_id,"
        f" left(branch_code, 4) || '02', name, sector, municipality_code, null, recorded_at"
        f" from school_branch where id = '{school.branches[0]}' returning id"
    )[:1]
    database.run_sql(
        "insert into delivery_agreement select gen_random_uuid(), client_id,"
        f" '{found}', 'THIRD', valid_from, null from delivery_agreement"
        f" where branch_id = '{school.branches[0]}'"
    )
    return UUID(found)
