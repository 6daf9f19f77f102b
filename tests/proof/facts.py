"""The facts of a small world: one plain class per table, its fields named as the columns are.

Columns that decide nothing (names, texts) are not here; `store` fills them.
"""

from collections import defaultdict
from dataclasses import dataclass, field
from datetime import date, datetime
from typing import Any, ClassVar, TypeVar
from uuid import UUID

from domain.clock import Moment


@dataclass(frozen=True, slots=True, kw_only=True)
class Fact:
    """A row of a table that says something."""

    TABLE: ClassVar[str]


F = TypeVar("F", bound=Fact)


@dataclass(slots=True)
class World:
    """All facts of one small world, at one moment."""

    seed: int
    moment: Moment
    land: "Land | None" = None
    facts: dict[type[Fact], list[Any]] = field(default_factory=lambda: defaultdict(list))
    _grouped: dict[tuple[type[Fact], str], dict[Any, list[Any]]] = field(
        default_factory=dict[tuple[type["Fact"], str], dict[Any, list[Any]]]
    )

    def __getitem__(self, kind: type[F]) -> list[F]:
        """Return every fact of a kind."""
        return self.facts[kind]

    def where(self, kind: type[F], name: str, value: object) -> list[F]:
        """Return the facts of a kind with a value in a field."""
        groups = self._grouped.get((kind, name))
        if groups is None:
            groups = defaultdict(list)
            for fact in self.facts[kind]:
                groups[getattr(fact, name)].append(fact)
            self._grouped[kind, name] = groups
        return groups.get(value, [])

    def add(self, fact: F) -> F:
        """Keep a fact and return it."""
        self.facts[type(fact)].append(fact)
        self._grouped.clear()
        return fact

    def replace(self, old: F, new: F) -> None:
        """Put a fact in the place of another."""
        place = self.facts[type(old)].index(old)
        self.facts[type(old)][place] = new
        self._grouped.clear()


# --- places and organisations ---------------------------------------------------------------


@dataclass(frozen=True, slots=True, kw_only=True)
class Region(Fact):
    """A region of municipalities in the public directory."""

    TABLE = "directory_region"
    id: UUID
    code: str


@dataclass(frozen=True, slots=True, kw_only=True)
class Municipality(Fact):
    """A municipality in the public directory."""

    TABLE = "directory_municipality"
    id: UUID
    code: str
    region_code: str


@dataclass(frozen=True, slots=True, kw_only=True)
class Alliance(Fact):
    """A support alliance's territory in the public directory."""

    TABLE = "directory_alliance"
    id: UUID
    code: str


@dataclass(frozen=True, slots=True, kw_only=True)
class Organisation(Fact):
    """An organisation that answers for records."""

    TABLE = "organisation"
    id: UUID
    kind: str


@dataclass(frozen=True, slots=True, kw_only=True)
class Branch(Fact):
    """A branch of a school board."""

    TABLE = "school_branch"
    id: UUID
    organisation_id: UUID
    branch_code: str
    municipality_code: str
    alliance_code: str | None


@dataclass(frozen=True, slots=True, kw_only=True)
class Served(Fact):
    """A municipality that an office or a region serves."""

    TABLE = "office_municipality"
    id: UUID
    organisation_id: UUID
    municipality_code: str
    valid_from: datetime
    valid_until: datetime | None


@dataclass(frozen=True, slots=True, kw_only=True)
class Mandate(Fact):
    """A mandate of an organisation for the figures of a unit."""

    TABLE = "mandate"
    id: UUID
    organisation_id: UUID
    unit_level: str
    unit_code: str
    valid_from: datetime
    valid_until: datetime | None


@dataclass(frozen=True, slots=True, kw_only=True)
class Client(Fact):
    """A program that asks for itself."""

    TABLE = "oauth_client"
    client_id: str
    actor_id: UUID
    organisation_id: UUID
    role: str
    purpose: str


@dataclass(frozen=True, slots=True, kw_only=True)
class Agreement(Fact):
    """A client's agreement to deliver for a branch."""

    TABLE = "delivery_agreement"
    id: UUID
    client_id: UUID
    branch_id: UUID
    valid_from: datetime
    valid_until: datetime | None


@dataclass(frozen=True, slots=True, kw_only=True)
class Staff(Fact):
    """Somebody who works for an organisation."""

    TABLE = "staff"
    id: UUID
    controller_id: UUID


@dataclass(frozen=True, slots=True, kw_only=True)
class ClassGroup(Fact):
    """A class of a branch."""

    TABLE = "class_group"
    id: UUID
    controller_id: UUID
    branch_id: UUID


@dataclass(frozen=True, slots=True, kw_only=True)
class Assignment(Fact):
    """Work in a role, for an organisation, a branch or a class."""

    TABLE = "assignment"
    id: UUID
    organisation_id: UUID
    staff_id: UUID
    role: str
    branch_id: UUID | None
    class_group_id: UUID | None
    valid_from: datetime
    valid_until: datetime | None


@dataclass(frozen=True, slots=True, kw_only=True)
class HeadMandate(Fact):
    """A head's mandate to a coordinator for a branch."""

    TABLE = "head_mandate"
    id: UUID
    organisation_id: UUID
    branch_id: UUID
    head_id: UUID
    coordinator_id: UUID
    valid_from: datetime
    valid_until: datetime | None


@dataclass(frozen=True, slots=True, kw_only=True)
class Release(Fact):
    """A publication of a period."""

    TABLE = "release"
    id: UUID
    vintage: int


@dataclass(frozen=True, slots=True, kw_only=True)
class ReleaseUnit(Fact):
    """Where a branch lay at a release."""

    TABLE = "release_unit"
    id: UUID
    release_id: UUID
    branch_code: str


@dataclass(frozen=True, slots=True, kw_only=True)
class Published(Fact):
    """A published answer about a unit."""

    TABLE = "published"
    id: UUID
    release_id: UUID
    level: str
    unit_code: str


@dataclass(frozen=True, slots=True, kw_only=True)
class BranchPeriod(Fact):
    """A period that a branch closed, its board may have locked, and of which tables were taken."""

    TABLE = "branch_period"
    id: UUID
    controller_id: UUID
    branch_id: UUID
    branch_code: str
    locked_by: UUID | None
    locked_at: datetime | None
    taken_at: datetime | None
    late_weeks: int


@dataclass(frozen=True, slots=True, kw_only=True)
class BranchTable(Fact):
    """What was counted of a branch in a period."""

    TABLE = "branch_table"
    id: UUID
    controller_id: UUID
    branch_id: UUID
    branch_period_id: UUID


@dataclass(slots=True, frozen=True)
class Land:
    """What is public and of nobody: the worlds in one database have it together."""

    regions: list[Region]
    municipalities: list[Municipality]
    alliances: list[Alliance]
    organisations: list[Organisation]
    branches: list[Branch]
    releases: list[Release]
    published: list[Published]
    release_units: list[ReleaseUnit]
    periods: list[BranchPeriod]
    units: dict[str, frozenset[str]] = field(default_factory=dict[str, frozenset[str]])

    @classmethod
    def of(cls, worlds: list[World]) -> "Land":
        """Put the public facts of worlds together."""
        return cls(
            regions=[x for world in worlds for x in world[Region]],
            municipalities=[x for world in worlds for x in world[Municipality]],
            alliances=[x for world in worlds for x in world[Alliance]],
            organisations=[x for world in worlds for x in world[Organisation]],
            branches=[x for world in worlds for x in world[Branch]],
            releases=[x for world in worlds for x in world[Release]],
            published=[x for world in worlds for x in world[Published]],
            release_units=[x for world in worlds for x in world[ReleaseUnit]],
            periods=[x for world in worlds for x in world[BranchPeriod]],
        )


# --- young persons and families ---------------------------------------------------------------


@dataclass(frozen=True, slots=True, kw_only=True)
class YoungPerson(Fact):
    """A young person without attributes."""

    TABLE = "young_person"
    id: UUID


@dataclass(frozen=True, slots=True, kw_only=True)
class Pupil(Fact):
    """A board's record of a young person."""

    TABLE = "pupil"
    id: UUID
    controller_id: UUID
    young_person_id: UUID
    birth_date: date | None


@dataclass(frozen=True, slots=True, kw_only=True)
class NationalNumber(Fact):
    """The index of a young person's national number, at a board."""

    TABLE = "vault.national_number"
    controller_id: UUID
    young_person_id: UUID
    number_index: bytes


@dataclass(frozen=True, slots=True, kw_only=True)
class Residence(Fact):
    """Where a pupil lives."""

    TABLE = "pupil_residence"
    controller_id: UUID
    pupil_id: UUID


@dataclass(frozen=True, slots=True, kw_only=True)
class Enrolment(Fact):
    """A pupil's enrolment at a branch, by day."""

    TABLE = "enrolment"
    id: UUID
    controller_id: UUID
    pupil_id: UUID
    branch_id: UUID
    valid_from: date
    valid_until: date | None


@dataclass(frozen=True, slots=True, kw_only=True)
class Membership(Fact):
    """A pupil's place in a class, by day."""

    TABLE = "class_membership"
    id: UUID
    controller_id: UUID
    branch_id: UUID
    pupil_id: UUID
    class_group_id: UUID
    valid_from: date
    valid_until: date | None


@dataclass(frozen=True, slots=True, kw_only=True)
class Guardian(Fact):
    """Somebody with authority over a child or who is its parent."""

    TABLE = "guardian"
    id: UUID


@dataclass(frozen=True, slots=True, kw_only=True)
class Authority(Fact):
    """Parental authority, as a board registered it."""

    TABLE = "guardian_authority"
    id: UUID
    controller_id: UUID
    guardian_id: UUID
    young_person_id: UUID
    valid_from: datetime
    valid_until: datetime | None


@dataclass(frozen=True, slots=True, kw_only=True)
class Filiation(Fact):
    """Parenthood without authority, as a board registered it."""

    TABLE = "filiation"
    id: UUID
    controller_id: UUID
    parent_id: UUID
    young_person_id: UUID
    limited_by_court: bool
    valid_from: datetime
    valid_until: datetime | None


@dataclass(frozen=True, slots=True, kw_only=True)
class Protection(Fact):
    """Protected whereabouts of a young person."""

    TABLE = "whereabouts_protection"
    id: UUID
    controller_id: UUID
    young_person_id: UUID
    valid_from: datetime
    valid_until: datetime | None


@dataclass(frozen=True, slots=True, kw_only=True)
class OwnAccount(Fact):
    """A young person's own account, as a board registered it."""

    TABLE = "own_account"
    id: UUID
    controller_id: UUID
    account_id: UUID
    young_person_id: UUID
    valid_from: datetime
    valid_until: datetime | None


@dataclass(frozen=True, slots=True, kw_only=True)
class Contact(Fact):
    """A contact person of a pupil."""

    TABLE = "pupil_contact"
    id: UUID
    controller_id: UUID
    pupil_id: UUID
    guardian_id: UUID
