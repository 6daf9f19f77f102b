"""One small valid delivery of every format, of a fictional school; written here, copied nowhere."""

from __future__ import annotations

import io
import json
import zipfile
from collections.abc import Mapping
from io import BytesIO
from typing import Any

from domain.imports.files import opened
from domain.imports.marks import Mark
from domain.imports.ndjson_lines import Line
from domain.imports.oso import Transfer
from domain.imports.problems import Problem, Problems
from domain.imports.readers import READERS, AttendanceReader
from domain.imports.receipts import DeliveryKind
from domain.imports.roster_records import Roster
from tests.domain.imports.conftest import ROSTER

Read = Roster | Transfer | list[Line | Mark]


def zipped(files: Mapping[str, str | bytes], *, stored: bool = False) -> bytes:
    """Return a zip of files by name."""
    made = io.BytesIO()
    how = zipfile.ZIP_STORED if stored else zipfile.ZIP_DEFLATED
    with zipfile.ZipFile(made, "w", how) as archive:
        for name, content in files.items():
            archive.writestr(zipfile.ZipInfo(name), content, how)
    return made.getvalue()


def read(kind: DeliveryKind, data: bytes, said: Problems | None = None) -> Read:
    """Read a delivery to its end with the reader of its kind."""
    reader = READERS[kind]
    collected = Problems() if said is None else said
    if isinstance(reader, AttendanceReader):
        return opened(BytesIO(data), lambda files: list(reader.read(files, collected)))
    return opened(BytesIO(data), reader.read)


def read_marks(kind: DeliveryKind, data: bytes, said: Problems | None = None) -> list[Mark]:
    """Read a delivery of attendance that holds marks only."""
    found = read(kind, data, said)
    assert isinstance(found, list)
    marks = [line for line in found if isinstance(line, Mark)]
    assert len(marks) == len(found)
    return marks


def where(problems: tuple[Problem, ...]) -> list[tuple[int | None, str]]:
    """Return line and field of each problem."""
    return [(problem.line, problem.field) for problem in problems]


NOTICE: dict[str, Any] = {
    "$type": "participatie.RAbsentieMelding",
    "links": [{"id": 71, "rel": "self", "type": "participatie.RAbsentieMelding"}],
    "leerling": {"leerlingnummer": 1001, "roepnaam": "Canarie"},
    "absentieReden": {
        "absentieSoort": "Absent", "afkorting": "ZK", "omschrijving": "Ziek", "geoorloofd": True,
    },
    "beginDatumTijd": "2026-10-05T09:00:00.000+02:00",
    "eindDatumTijd": "2026-10-05T10:40:00.000+02:00",
    "beginLesuur": 1,
    "eindLesuur": 2,
    "afgehandeld": True,
}  # fmt: skip
OBSERVATION: dict[str, Any] = {
    "$type": "participatie.RWaarneming",
    "links": [{"id": 72, "rel": "self"}],
    "leerling": {"leerlingnummer": 1001},
    "waarnemingSoort": "Afwezig",
    "beginDatumTijd": "2026-10-06T11:05:00.000+02:00",
    "eindDatumTijd": "2026-10-06T11:55:00.000+02:00",
    "beginLesuur": 4,
    "eindLesuur": 4,
}


def somtoday(
    notices: list[dict[str, Any]] | None = None, observations: list[dict[str, Any]] | None = None
) -> bytes:
    """Return notices and observations as Somtoday's API gives them."""
    return json.dumps(
        {
            "absentiemeldingen": {"items": [NOTICE] if notices is None else notices},
            "waarnemingen": {"items": [OBSERVATION] if observations is None else observations},
        },
        indent=1,
    ).encode()


EDUARTE_NOTICES = (
    "1001;20261005;0900;20261005;0945;1;1;Z;Canarie belde\r\n1002;20261005;;20261007;;;;Z;\r\n"
)
EDUARTE_OBSERVATIONS = (
    "1001;20261005;0900;20261005;0945;1;1;NEA;Afwezig;J\r\n"
    "1001;20261006;1000;20261006;1045;2;2;;Afwezig;N\r\n"
    "1002;20261008;;20261008;;;;;Aanwezig;J\r\n"
)
EDUARTE = zipped({"meldingen.csv": EDUARTE_NOTICES, "waarnemingen.csv": EDUARTE_OBSERVATIONS})

_DESCRIPTOR = "uri://ed-fi.org/AttendanceEventCategoryDescriptor#"


def event(  # noqa: PLR0917 - the fields of the format, in its order
    pupil: str, day: str, category: str, reason: str = "", extra: str = "", share: str = "1",
    school: str = "MAIN",
) -> str:  # fmt: skip
    """Return one event; `extra` goes to its end, an empty `share` is left out."""
    said = f"<AttendanceEventReason>{reason}</AttendanceEventReason>" if reason else ""
    part = f"<EventDuration>{share}</EventDuration>" if share else ""
    at = (
        f"<SchoolReference><SchoolIdentity><SchoolId>{school}</SchoolId></SchoolIdentity>"
        "</SchoolReference>"
    )
    return (
        f"<StudentSchoolAttendanceEvent><AttendanceEvent><EventDate>{day}</EventDate>"
        f"<AttendanceEventCategory>{_DESCRIPTOR}{category}</AttendanceEventCategory>{said}{part}"
        "</AttendanceEvent><StudentReference><StudentIdentity>"
        f"<StudentUniqueId>{pupil}</StudentUniqueId></StudentIdentity></StudentReference>{at}"
        f"<SessionReference><SessionIdentity><SessionName>Fall</SessionName>{at}"
        f"</SessionIdentity></SessionReference>{extra}</StudentSchoolAttendanceEvent>\n"
    )


def edfi(*events: str, version: str = "5.2.0") -> bytes:
    """Return an interchange, its first event on line 3."""
    return (
        '<?xml version="1.0" encoding="UTF-8"?>\n'
        f'<InterchangeStudentAttendance xmlns="http://ed-fi.org/{version}">\n'
        f"{''.join(events)}</InterchangeStudentAttendance>\n"
    ).encode()


LATE = "<SchoolAttendanceDuration>10</SchoolAttendanceDuration><ArrivalTime>13:10:00</ArrivalTime>"
EDFI = edfi(
    event("1001", "2026-10-05", "Excused Absence", "Absent excused"),
    event("1001", "2026-10-06", "Tardy", "Tardy", LATE, share=""),
    event("1002", "2026-10-06", "Unexcused Absence", "Absent unexcused"),
    event("1002", "2026-10-07", "In Attendance"),
)

OSO = b"""<?xml version="1.0" encoding="UTF-8"?>
<dossier xmlns="http://www.edustandaard.nl/oso_gegevensset/2019/dossier">
 <metadata><categorie_uitlevering><cat_verzuim>OPTIONEEL</cat_verzuim></categorie_uitlevering>
 </metadata>
 <huidigeschool><naam>Canarieschool</naam><brincode>99AB</brincode>
  <leerling><achternaam>Canarie</achternaam><bsn>111222333</bsn>
   <verzuim>
    <dagdelengeoorloofd>7</dagdelengeoorloofd>
    <dagdelenongeoorloofd>3</dagdelenongeoorloofd>
    <meerdan25percent>false</meerdan25percent>
    <frequentie>2</frequentie>
    <contactleerplicht>true</contactleerplicht>
   </verzuim>
  </leerling>
 </huidigeschool>
</dossier>
"""

_MANIFEST = """propertyName,value
manifest.version,1.0
oneroster.version,{version}
{files}
source.systemName,Test
"""
_ALL = ("orgs", "academicSessions", "classes", "users", "enrollments", "demographics", "roles")


def oneroster(
    files: Mapping[str, str], *, version: str = "1.1", mode: str = "bulk", **manifest: str
) -> bytes:
    """Return a zip of files by the name of their kind, with the manifest that fits."""
    modes = {name: mode if name in files else "absent" for name in _ALL} | manifest
    said = "\n".join(f"file.{name},{value}" for name, value in modes.items())
    return zipped(
        {"manifest.csv": _MANIFEST.format(version=version, files=said)}
        | {f"{name}.csv": text for name, text in files.items()}
    )


ONEROSTER_11: dict[str, str] = {
    "orgs": "sourcedId,status,dateLastModified,name,type,identifier,parentSourcedId\n"
    "D,,,Board,local,,\nMAIN,,,Main,school,99AB00,D\nSECOND,,,Second,school,99AB01,D\n",
    "academicSessions": "sourcedId,status,dateLastModified,title,type,startDate,endDate,"
    "parentSourcedId,schoolYear\nY,,,2026-2027,schoolYear,2026-08-01,2027-07-31,,2027\n",
    "classes": "sourcedId,status,dateLastModified,title,grades,courseSourcedId,classCode,"
    "classType,location,schoolSourcedId,termSourcedIds,subjects,subjectCodes,periods\n"
    "H1,,,1A,,,,homeroom,,MAIN,Y,,,\nH2,,,1B,,,,homeroom,,SECOND,Y,,,\n"
    "M1,,,Maths,,,,scheduled,,MAIN,Y,,,\n",
    "users": "sourcedId,status,dateLastModified,enabledUser,orgSourcedIds,role,username,userIds,"
    "givenName,familyName,middleName,identifier,email,sms,phone,agentSourcedIds,grades,password\n"
    'P1,,,true,"MAIN,SECOND",student,u1,{BSN:111222333},Anna,"Vries, de",Maria,,,,,G1,,\n'
    "P2,,,true,SECOND,student,u2,,Bo,Ünal,,,,,,,,\n"
    "T1,,,true,MAIN,teacher,u3,,Tom,Teacher,,,,,,,,\n"
    "G1,,,true,MAIN,guardian,u4,,Gerda,Guardian,,,,,,,,\n",
    "enrollments": "sourcedId,status,dateLastModified,classSourcedId,schoolSourcedId,"
    "userSourcedId,role,primary,beginDate,endDate\n"
    "E1,,,H1,MAIN,P1,student,,2026-08-24,\nE2,,,M1,MAIN,P1,student,,,\n"
    "E3,,,H2,SECOND,P2,student,,,\nE4,,,H1,MAIN,T1,teacher,true,,\n",
    "demographics": "userSourcedId,status,dateLastModified,birthDate,sex,asian\n"
    "P1,,,2014-03-05,female,\nP2,,,2012-02-29,male,\n",
}
ONEROSTER_12: dict[str, str] = {
    **{name: ONEROSTER_11[name] for name in ("orgs", "academicSessions", "classes", "enrollments")},
    "demographics": ONEROSTER_11["demographics"].replace("userSourcedId", "sourcedId", 1),
    "users": "sourcedId,status,dateLastModified,enabledUser,username,userIds,givenName,familyName,"
    "middleName,identifier,primaryOrgSourcedId\n"
    "P1,,,true,u1,{BSN:111222333},Anna,Vries,,,MAIN\nP2,,,true,u2,,Bo,Ünal,,,SECOND\n"
    "T1,,,true,u3,,Tom,Teacher,,,MAIN\nG1,,,true,u4,,Gerda,Guardian,,,\n",
    "roles": "sourcedId,status,dateLastModified,userSourcedId,roleType,role,beginDate,endDate,"
    "orgSourcedId,userProfileSourcedId\n"
    "R1,,,P1,primary,student,2026-08-24,,MAIN,\nR2,,,P2,primary,student,,,SECOND,\n"
    "R3,,,T1,primary,teacher,,,MAIN,\nR4,,,G1,primary,parent,,,MAIN,\n",
}

NDJSON = (
    b'{"kind":"schedule","pupil":"1001","from":"2026-W41","until":"2026-W41","minutes":1500,'
    b'"lessonUnits":30}\n{"kind":"exception","id":"1","pupil":"1001","date":"2026-10-05",'
    b'"startUnit":1,"lessonUnits":1,"minutes":50,"category":"late"}\n'
    b'{"kind":"delivered","week":"2026-W41"}\n'
)

SAMPLES: dict[DeliveryKind, bytes] = {
    DeliveryKind.ROSTER_EDEXML: ROSTER.encode(),
    DeliveryKind.ROSTER_ONEROSTER: oneroster(ONEROSTER_11),
    DeliveryKind.TRANSFER_OSO: OSO,
    DeliveryKind.ATTENDANCE_NDJSON: NDJSON,
    DeliveryKind.ATTENDANCE_SOMTODAY: somtoday(),
    DeliveryKind.ATTENDANCE_EDUARTE: EDUARTE,
    DeliveryKind.ATTENDANCE_EDFI: EDFI,
}
