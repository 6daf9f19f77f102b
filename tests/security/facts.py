"""One of every fact that a tie is made of, put in as SQL: nothing here goes through a service.

Every fact holds from `EVER` on. What a test is about it changes and takes back, as the server's
superuser, and asks in the same transaction as the login of the service.
"""

from __future__ import annotations

from collections.abc import AsyncIterator
from contextlib import asynccontextmanager
from dataclasses import dataclass
from datetime import UTC, date, datetime
from uuid import NAMESPACE_OID, UUID, uuid5

import asyncpg

from domain.clock import Moment, at
from domain.database import Ask, Database, Login
from permissions.vocabulary import Actor, Purpose, Role
from tests.conftest import TestDatabase
from tests.security.people import PEOPLE

EVER = datetime(2020, 1, 1, 11, tzinfo=UTC)
NOW = datetime(2026, 3, 2, 11, tzinfo=UTC)
LONG_AGO = datetime(2025, 1, 1, 11, tzinfo=UTC)
BORN_14 = date(2011, 6, 15)
BORN_16 = date(2009, 6, 15)
BORN_18 = date(2008, 1, 15)

PLACES = {
    "board": "school_board", "other board": "school_board", "office": "attendance_office",
    "alliance": "support_alliance", "health": "youth_health_service",
    "care": "youth_care_provider", "institution": "certified_institution",
    "region": "transition_region", "partner": "referral_partner", "ministry": "ministry",
    "register": "absence_register", "platform": "platform",
}  # fmt: skip


def key(name: str) -> UUID:
    """Return the id of whoever or whatever a test calls by this name."""
    return uuid5(NAMESPACE_OID, name)


def literal(value: object) -> str:
    """Return a value as SQL; a name of this world stands for its id where it begins with `#`."""
    if value is None:
        return "null"
    if isinstance(value, bool | int):
        return str(value).lower()
    text = str(value)
    return "'" + (str(key(text[1:])) if text.startswith("#") else text.replace("'", "''")) + "'"


def added(table: str, **values: object) -> str:
    """Return an INSERT of one row."""
    columns = ", ".join(values)
    return f"insert into {table} ({columns}) values ({', '.join(map(literal, values.values()))});"


class Facts:
    """The SQL of the world, fact by fact."""

    def __init__(self) -> None:
        """Write down everything."""
        self.lines = ["set session_replication_role = replica;"]
        self.places()
        self.pupils()
        self.leave()
        self.office_records()
        self.advice()
        self.reports()
        self.cases()
        self.families()
        self.handed_on()

    def add(self, table: str, **values: object) -> None:
        """Write down one row."""
        self.lines.append(added(table, **values))

    def places(self) -> None:
        """Organisations, branches, staff, clients and mandates."""
        for name, kind in PLACES.items():
            self.add("organisation", id=f"#{name}", kind=kind, name=name, recorded_at=EVER)
        self.add("directory_region", id="#south", code="RMC1", name="South")
        for code, region in (("9901", "RMC1"), ("9902", "RMC1")):
            self.add(
                "directory_municipality", id=f"#{code}", code=code, name=code, search_name=code,
                province="ZZ", region_code=region,
            )  # fmt: skip
        for name, board, code, municipality in (
            ("branch", "board", "99AA00", "9901"), ("side branch", "board", "99AA01", "9901"),
            ("far branch", "other board", "99BB00", "9902"),
        ):  # fmt: skip
            self.add(
                "school_branch", id=f"#{name}", organisation_id=f"#{board}", branch_code=code,
                name=name, sector="VO", municipality_code=municipality, alliance_code="VO9901",
                recorded_at=EVER,
            )  # fmt: skip
        self.add(
            "class_group", id="#class", controller_id="#board", branch_id="#branch",
            external_id="1A", name="1A", school_year=2025, recorded_at=EVER,
        )  # fmt: skip
        for name, person in PEOPLE.items():
            if person.client:
                self.add(
                    "oauth_client", client_id=name, actor_id=f"#{name}", role=person.role,
                    organisation_id=f"#{person.place}", purpose=person.purpose, public_key="{}",
                )  # fmt: skip
            elif person.place and not person.same_as:
                self.add(
                    "staff", id=f"#{name}", controller_id=f"#{person.place}", name=name,
                    recorded_at=EVER,
                )  # fmt: skip
            if person.place and not person.client and not person.same_as:
                self.add(
                    "assignment", id=f"#post of {name}", organisation_id=f"#{person.place}",
                    staff_id=f"#{name}", role=person.role, valid_from=EVER,
                    branch_id="#branch" if person.place == "board" else None,
                    class_group_id="#class" if person.role == Role.MENTOR else None,
                )  # fmt: skip
        for level, code, holder in (
            ("board", key("board"), "board"), ("municipality", "9901", "office"),
            ("alliance", "VO9901", "alliance"), ("national", "NL", "ministry"),
        ):  # fmt: skip
            self.add(
                "mandate", id=f"#mandate of {holder}", organisation_id=f"#{holder}",
                unit_level=level, unit_code=code, valid_from=EVER,
            )  # fmt: skip
        self.add(
            "delivery_agreement", id="#delivery", client_id="#system", branch_id="#branch",
            valid_from=EVER,
        )  # fmt: skip
        self.add(
            "head_mandate", id="#head mandate", organisation_id="#board", branch_id="#branch",
            head_id="#head", coordinator_id="#coordinator", valid_from=EVER,
        )  # fmt: skip
        self.add(
            "office_municipality", id="#served", organisation_id="#region",
            municipality_code="9901", valid_from=EVER,
        )  # fmt: skip

    def leave(self) -> None:
        """A request for leave of the child on which the officer of its municipality decides."""
        self.add(
            "office_municipality", id="#served by office", organisation_id="#office",
            municipality_code="9901", valid_from=EVER,
        )  # fmt: skip
        whose = {
            "controller_id": "#board", "pupil_id": "#pupil", "young_person_id": "#child",
        }  # fmt: skip
        self.add(
            "leave_request", id="#leave", **whose, given_name="A", family_name="B",
            ground="weighty", first_day="2026-03-09", last_day="2026-03-27", school_year=2025,
            school_days=15, calendar_known=True, obstacles="{}", decider="officer",
            municipality_code="9901", rule_set="x", state="submitted", submitted_by="#guardian",
            submitted_at=EVER, decide_by="2026-05-01", retained_until="2029-01-01",
        )  # fmt: skip
        self.add("leave_explanation", leave_id="#leave", **whose, explanation="x")
        self.add(
            "absence_notice", id="#notice", **whose, data_class="notice.illness",
            first_day="2026-03-02", state="notified", in_time=True, rule_set="x",
            notified_by="#guardian", notified_at=EVER,
        )  # fmt: skip

    def office_records(self) -> None:
        """What the office keeps itself about the child and the teenager, known from the board."""
        for prefix, who in (("", "child"), ("teen ", "teen")):
            of = {
                "controller_id": "#office", "municipality_code": "9901",
                "young_person_id": f"#{who}", "board_id": "#board", "given_name": "A",
                "family_name": "B",
            }  # fmt: skip
            self.add(
                "exemption", id=f"#{prefix}exemption", **of, data_class="exemption.health",
                kind="art_5_a_health", first_day="2025-08-01", statement_on="2025-07-01",
                rule_set="x", state="registered", registered_by="#officer", registered_at=EVER,
            )  # fmt: skip
            self.add(
                "non_enrolment", id=f"#{prefix}non-enrolment", **of, since="2026-01-05",
                state="open", opened_by="#officer", opened_at=EVER,
            )  # fmt: skip

    def advice(self) -> None:
        """Advice of the office to a branch."""
        self.add(
            "advice", id="#advice", controller_id="#office", branch_id="#branch",
            measure="absence", first_day="2026-01-01", last_day="2026-01-31", seen="x",
            advised="x", state="recorded", recorded_by="#adviser", recorded_at=EVER,
        )  # fmt: skip

    def pupils(self) -> None:
        """Pupil records: of the child at two boards, of a teenager, of who left, of a stranger."""
        for name, who, board, born in (
            ("pupil", "child", "board", BORN_14), ("far pupil", "child", "other board", BORN_14),
            ("teen pupil", "teen", "board", BORN_16), ("former pupil", "former", "board", BORN_14),
            ("coached pupil", "coached", "board", BORN_18),
            ("far stranger", "stranger", "other board", BORN_14),
        ):  # fmt: skip
            branch = "far branch" if board == "other board" else "branch"
            if who != "child" or board == "board":
                self.add("young_person", id=f"#{who}")
            self.add(
                "pupil", id=f"#{name}", controller_id=f"#{board}", young_person_id=f"#{who}",
                external_id=name, given_name="A", family_name="B", birth_date=born,
                recorded_at=EVER,
            )  # fmt: skip
            self.add(
                "enrolment", id=f"#enrolment of {name}", controller_id=f"#{board}",
                pupil_id=f"#{name}", branch_id=f"#{branch}", valid_from="2020-01-01",
                valid_until="2025-07-01" if who == "former" else None, recorded_at=EVER,
            )  # fmt: skip
        self.add(
            "class_membership", id="#membership", controller_id="#board", branch_id="#branch",
            pupil_id="#pupil", class_group_id="#class", valid_from="2020-01-01", recorded_at=EVER,
        )  # fmt: skip

    def reports(self) -> None:
        """Reports: the child's, an earlier one of hers, a closed one, a draft, a transition."""
        for name, pupil, who, state, kind, officer in (
            ("report", "pupil", "child", "taken_on", "legal", "officer"),
            ("earlier report", "pupil", "child", "closed", "legal", "colleague"),
            ("own report", "former pupil", "former", "closed", "legal", "officer"),
            ("draft", "pupil", "child", "draft", "legal", None),
            ("teen report", "teen pupil", "teen", "sent", "legal", None),
            ("transition", "coached pupil", "coached", "allocated", "transition", None),
        ):
            self.add(
                "report", id=f"#{name}", controller_id="#board", branch_id="#branch",
                pupil_id=f"#{pupil}", young_person_id=f"#{who}", signal_id=f"#signal {name}",
                kind=kind, rule_set="x", state=state, municipality_code="9901",
                prepared_by="#coordinator", prepared_at=EVER, retained_until="2029-01-01",
                taken_on_by=officer and f"#{officer}", age=14,
            )  # fmt: skip
            self.add(
                "report_extract", report_id=f"#{name}", controller_id="#board",
                young_person_id=f"#{who}", birth_date=BORN_18, extract="{}",
            )  # fmt: skip
        for name, until in (
            ("report", None),
            ("earlier report", LONG_AGO),
            ("own report", LONG_AGO),
        ):
            self.add(
                "report_allocation", id=f"#allocation of {name}", report_id=f"#{name}",
                office_id="#office", valid_from=EVER, valid_until=until,
            )  # fmt: skip

    def cases(self) -> None:
        """The child's case with every party in it, the teenager's, and one with invitations."""
        for name, report, who in (("case", "report", "child"), ("teen case", "teen report", "teen"),
                                  ("new case", "own report", "former")):  # fmt: skip
            self.add(
                "case_file", id=f"#{name}", controller_id="#office", young_person_id=f"#{who}",
                report_id=f"#{report}", board_id="#board", form="attendance_conference",
                state="open", opened_by="#officer", opened_at=EVER,
            )  # fmt: skip
        for name, person in PEOPLE.items():
            if not person.party:
                continue
            for case, who, accepted in (("case", "child", True), ("new case", "former", False)):
                self.add(
                    "participation", id=f"#{name} in {case}", case_id=f"#{case}",
                    controller_id="#office", young_person_id=f"#{who}", purpose=person.purpose,
                    organisation_id=f"#{person.place}", role=person.role, shares="{}",
                    branch_id="#branch" if person.place == "board" else None,
                    is_lead=accepted and name in ("officer case", "support"),
                    staff_id=f"#{person.same_as or name}" if accepted else None,
                    invited_at=EVER, answered_at=EVER if accepted else None,
                    accepted_at=EVER if accepted else None, display_name=f"The {name}",
                )  # fmt: skip
        for author, holder in (("care worker", "care"), ("protector", "institution")):
            self.add(
                "note", id=f"#note of {holder}", case_id="#case", controller_id="#office",
                young_person_id="#child", data_class="note.youth_care",
                author_id=f"#{author} in case", sealed="\\x00", recorded_at=EVER,
                writer_role=PEOPLE[author].role, writer_name=f"The {author}",
            )  # fmt: skip
        for receiver in ("office", "board", "alliance", None):
            self.add(
                "consent", id=f"#consent to {receiver}", controller_id="#office", case_id="#case",
                young_person_id="#child", from_organisation_id="#care" if receiver else "#health",
                data_class="note.youth_care" if receiver else "note.general",
                to_organisation_id=receiver and f"#{receiver}", given_by="#guardian",
                valid_from=EVER,
            )  # fmt: skip
        self.add(
            "court_measure", id="#measure", controller_id="#institution", young_person_id="#child",
            kind="supervision", valid_from=EVER, valid_until="2030-01-01",
        )  # fmt: skip

    def families(self) -> None:
        """Parents of the child, each with a contact row, and the teenager's own account."""
        for name in ("guardian", "other guardian"):
            self.add("guardian", id=f"#{name}")
            self.add(
                "pupil_contact", id=f"#contact of {name}", controller_id="#board",
                pupil_id="#pupil", guardian_id=f"#{name}", name=name, relation="other",
                recorded_at=EVER,
            )  # fmt: skip
        self.add(
            "guardian_authority", id="#authority", controller_id="#board", guardian_id="#guardian",
            young_person_id="#child", valid_from=EVER,
        )  # fmt: skip
        self.add("guardian", id="#parent")
        self.add(
            "filiation", id="#filiation", controller_id="#board", parent_id="#parent",
            young_person_id="#child", limited_by_court=False, valid_from=EVER,
        )  # fmt: skip
        self.add(
            "own_account", id="#account", controller_id="#board", account_id="#teenager",
            young_person_id="#teen", valid_from=EVER,
        )  # fmt: skip

    def handed_on(self) -> None:
        """Referrals to every kind of party, and a declared emergency of who may declare one."""
        for place, role, kind in (
            ("health", Role.YOUTH_DOCTOR, "mazl"),
            ("alliance", Role.ALLIANCE_CONSULTANT, "statutory"),
            ("partner", Role.REFERRAL_PARTNER, "halt"),
        ):
            halt = kind == "halt"
            self.add(
                "referral", id=f"#referral to {place}", controller_id="#board", kind=kind,
                young_person_id="#child", pupil_id=None if halt else "#pupil",
                report_id="#report" if halt else None, to_organisation_id=f"#{place}",
                to_role=role, referred_by="#coordinator", valid_from=EVER,
            )  # fmt: skip
        for name, person in PEOPLE.items():
            if person.purpose == Purpose.EMERGENCY:
                self.add(
                    "emergency_access", id=f"#declared by {name}", controller_id=f"#{person.place}",
                    actor_id=f"#{person.same_as}", role=person.role, young_person_id="#child",
                    reason="x" * 20, declared_at=NOW, ends_at="2026-03-02 11:30:00+00",
                )  # fmt: skip


@dataclass
class Asked:
    """A transaction in which facts may be changed, and that asks as the login of the service."""

    connection: asyncpg.Connection
    pools: Database
    purpose: Purpose | None = None
    """What is asked for, if not what the person usually does."""

    async def change(self, sql: str) -> None:
        """Change facts as the superuser, whatever triggers say."""
        await self.connection.execute("reset role; set local session_replication_role = replica;")
        await self.connection.execute(sql)

    async def claim(self, name: str, moment: Moment, login: Login = Login.APP) -> None:
        """Become the login of the service, with the claims of a person at a moment."""
        person = PEOPLE[name]
        actor = Actor(
            id=key(person.same_as or name),
            organisation=key(person.place) if person.place else None,
            role=person.role, purpose=self.purpose or person.purpose, client="test",
        )  # fmt: skip
        claims = self.pools.claims(
            Ask(actor=actor, moment=moment, request_id="test"), self.connection.get_server_pid()
        )
        await self.connection.execute("reset role; set local session_replication_role = origin;")
        await self.connection.execute("select set_config('schakel.claims', $1, true)", claims)
        await self.connection.execute(f"set local role schakel_{login}")

    async def reached(
        self, name: str, call: str, instant: datetime = NOW, login: Login = Login.APP
    ) -> set[str]:
        """Return what `kind/activity/class` reaches for a person at an instant."""
        kind, act, data_class = call.split("/")
        await self.claim(name, at(instant), login)
        rows = await self.connection.fetch(
            f"select x.object from reach.{kind}($1, $2) x (object)", act, data_class
        )
        return {str(row[0]) for row in rows}

    async def attempt(self, name: str, sql: str, login: Login = Login.APP) -> str:
        """Do something as a person; return what the server answered, or the code of its refusal."""
        await self.claim(name, at(NOW), login)
        try:
            async with self.connection.transaction():
                return await self.connection.execute(sql)
        except asyncpg.PostgresError as error:
            return str(getattr(error, "sqlstate", ""))

    async def sees(self, name: str, table: str, column: str = "id") -> set[str]:
        """Return the keys of the rows of a table that row-level security shows a person."""
        await self.claim(name, at(NOW))
        rows = await self.connection.fetch(f"select {column} from {table}")
        return {str(row[0]) for row in rows}

    async def allowed(
        self, name: str, kind: str, acts: list[str], classes: list[str]
    ) -> set[tuple[str, str]]:
        """Return which activities on which classes reach anything of a kind for a person."""
        await self.claim(name, at(NOW))
        rows = await self.connection.fetch(
            "select a.act, c.class from unnest($1::text[]) a (act), unnest($2::text[]) c (class)"
            f" where exists (select 1 from reach.{kind}(a.act, c.class))",
            acts, classes,
        )  # fmt: skip
        return {(row["act"], row["class"]) for row in rows}


@asynccontextmanager
async def asking(database: TestDatabase, pools: Database) -> AsyncIterator[Asked]:
    """Open a transaction on the facts that is taken back at its end."""
    url = database.cluster.url("schakel_cluster", database.name).replace("+asyncpg", "")
    connection = await asyncpg.connect(url)
    transaction = connection.transaction()
    await transaction.start()
    try:
        yield Asked(connection, pools)
    finally:
        await transaction.rollback()
        await connection.close()
