"""Whom a record of the office is about: found in what the office may see, or written down by it.

Nothing is looked for. The office names a report or a record of its own that it reads already, or
writes down a name and a birth date; what it writes down is compared with nobody, so that no office
learns whom a school knows.
"""

from dataclasses import dataclass
from datetime import date
from uuid import UUID

from sqlalchemy import func, select
from sqlalchemy.ext.asyncio import AsyncSession

from domain.cases.writing import text_of
from domain.database import ask_of
from domain.errors import Invalid, NotFound
from domain.exemptions.models import Exemption, NonEnrolment
from domain.organisations.models import OfficeMunicipality
from domain.reach import Kind, require
from domain.reach.facts import holds
from domain.reports.models import ReportExtract
from permissions.vocabulary import Activity, Actor, DataClass, Rule

NAME = 200


@dataclass(frozen=True, slots=True, kw_only=True)
class Named:
    """A person as the office writes it down."""

    given_name: str
    family_name: str
    birth_date: date


@dataclass(frozen=True, slots=True, kw_only=True)
class Whom:
    """Exactly one of these: a report, an own record, or a name and a birth date."""

    report_id: UUID | None = None
    exemption_id: UUID | None = None
    non_enrolment_id: UUID | None = None
    named: Named | None = None


@dataclass(frozen=True, slots=True, kw_only=True)
class Person:
    """Who it is, and the board whose report the office knows them from; the rules relied on.

    Without `young_person_id` the record gives the person an id of its own.
    """

    young_person_id: UUID | None
    board_id: UUID | None
    given_name: str
    family_name: str
    birth_date: date | None
    rules: tuple[Rule, ...]

    def values(self, record_id: UUID) -> dict[str, object]:
        """Return the columns that say who it is, for a record with an id."""
        return {
            "young_person_id": self.young_person_id or record_id,
            "board_id": self.board_id,
            "given_name": self.given_name,
            "family_name": self.family_name,
            "birth_date": self.birth_date,
        }


async def person_of(session: AsyncSession, actor: Actor, whom: Whom) -> Person:
    """Return whom a new record is about.

    Raises:
        NotFound: the report or record does not exist, or not for this actor.
        Invalid: none or several ways were named, or a name is empty or too long, or the birth
            date lies ahead.
    """
    ways = (whom.report_id, whom.exemption_id, whom.non_enrolment_id, whom.named)
    if sum(way is not None for way in ways) == 1:
        if whom.report_id is not None:
            return await _of_report(session, actor, whom.report_id)
        if whom.exemption_id is not None:
            return await _of_exemption(session, actor, whom.exemption_id)
        if whom.non_enrolment_id is not None:
            return await _of_non_enrolment(session, actor, whom.non_enrolment_id)
        if whom.named is not None:
            return _of_name(whom.named, ask_of(session).moment.today)
    raise Invalid(
        "Name exactly one: a report, an exemption, a record of non-enrolment, or a person.",
        path=("whom",),
    )


def _of_name(named: Named, today: date) -> Person:
    if named.birth_date > today:
        raise Invalid("Nobody was born after today.", path=("whom", "birthDate"))
    return Person(
        young_person_id=None,
        board_id=None,
        given_name=text_of(named.given_name, "whom", "givenName", most=NAME),
        family_name=text_of(named.family_name, "whom", "familyName", most=NAME),
        birth_date=named.birth_date,
        rules=(),
    )


async def _of_report(session: AsyncSession, actor: Actor, report_id: UUID) -> Person:
    at = ("whom", "reportId")
    rule = await require(
        session, actor, Activity.READ, DataClass.REPORT,
        kind=Kind.REPORT, reached=report_id, path=at,
    )  # fmt: skip
    found = await session.scalar(select(ReportExtract).where(ReportExtract.report_id == report_id))
    if found is None:
        raise NotFound(*at)
    family = (found.extract.get("infix"), found.extract["familyName"])
    return Person(
        young_person_id=found.young_person_id,
        board_id=found.controller_id,
        given_name=found.extract["givenName"],
        family_name=" ".join(filter(None, family)),
        birth_date=found.birth_date,
        rules=(rule,),
    )


async def exemption_of(
    session: AsyncSession, actor: Actor, exemption_id: UUID, activity: Activity, at: tuple[str, ...]
) -> tuple[Exemption, Rule]:
    """Return an exemption on which the actor may do something, and the rule that permits it.

    Raises:
        NotFound: there is none, or not for this actor.
    """
    found = await session.scalar(select(Exemption).where(Exemption.id == exemption_id))
    if found is None:
        raise NotFound(*at)
    rule = await require(
        session, actor, activity, DataClass(found.data_class),
        kind=Kind.EXEMPTION, reached=exemption_id, path=at,
    )  # fmt: skip
    return found, rule


async def non_enrolment_of(
    session: AsyncSession, actor: Actor, record_id: UUID, activity: Activity, at: tuple[str, ...]
) -> tuple[NonEnrolment, Rule]:
    """Return a record on which the actor may do something, and the rule that permits it.

    Raises:
        NotFound: there is none, or not for this actor.
    """
    found = await session.scalar(select(NonEnrolment).where(NonEnrolment.id == record_id))
    if found is None:
        raise NotFound(*at)
    rule = await require(
        session, actor, activity, DataClass.NON_ENROLMENT,
        kind=Kind.NON_ENROLMENT, reached=record_id, path=at,
    )  # fmt: skip
    return found, rule


def _of_record(found: Exemption | NonEnrolment, rule: Rule) -> Person:
    return Person(
        young_person_id=found.young_person_id,
        board_id=found.board_id,
        given_name=found.given_name,
        family_name=found.family_name,
        birth_date=found.birth_date,
        rules=(rule,),
    )


async def _of_exemption(session: AsyncSession, actor: Actor, exemption_id: UUID) -> Person:
    at = ("whom", "exemptionId")
    return _of_record(*await exemption_of(session, actor, exemption_id, Activity.READ, at))


async def _of_non_enrolment(session: AsyncSession, actor: Actor, record_id: UUID) -> Person:
    at = ("whom", "nonEnrolmentId")
    return _of_record(*await non_enrolment_of(session, actor, record_id, Activity.READ, at))


async def check_served(session: AsyncSession, actor: Actor, municipality_code: str) -> None:
    """Refuse a municipality that the actor's own office does not serve now.

    Raises:
        Invalid: it does not.
    """
    served = await session.scalar(
        select(OfficeMunicipality.id)
        .where(
            OfficeMunicipality.organisation_id == actor.organisation,
            OfficeMunicipality.municipality_code == municipality_code,
            holds(
                OfficeMunicipality.valid_from,
                OfficeMunicipality.valid_until,
                ask_of(session).moment.instant,  # pyright: ignore[reportArgumentType]
            ),
        )
        .limit(1)
    )
    if served is None:
        raise Invalid(
            "Name a municipality that your own office serves.", path=("municipalityCode",)
        )


async def one_at_a_time(session: AsyncSession, young_person_id: UUID) -> None:
    """Wait until no other act registers about somebody; until the end of the transaction."""
    key = func.hashtextextended(f"exemptions {young_person_id}", 0)
    await session.execute(select(func.pg_advisory_xact_lock(key)))
