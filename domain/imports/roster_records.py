"""A roster as it was delivered, in whichever format, checked and stripped of what is not used.

The words are those of EDEXML; other formats fill in what they have. Never read, because nothing
here needs it: ethnicity, countries of birth, pupil weights, photos, user names, e-mail addresses,
telephone numbers, remarks and additions (toevoegingen).
"""

from dataclasses import dataclass
from datetime import date, datetime
from typing import Literal

from domain.imports.problems import Problem

Sex = Literal["not_known", "male", "female", "not_specified"]
"""Geslacht after NEN-ISO 5218: 0, 1, 2 and 9."""


@dataclass(frozen=True, slots=True)
class FieldNames:
    """What a format calls the fields that a roster is judged by after it was read."""

    pupil: str = "leerling"
    entry: str = "leerling/instroomdatum"
    leaving: str = "leerling/uitstroomdatum"
    postcode: str = "leerling/postcodenl"
    composite: str = "samengestelde_groep"
    branch: str = "vestiging/key"
    school_year: str = "school/schooljaar"
    reference: str = "school/peildatum"


EDEXML = FieldNames()

FORMER = "H"
"""The year group of a pupil of the past (history)."""


@dataclass(frozen=True, slots=True)
class BranchRef:
    """A branch (vestiging) by the school's own key; it says nothing about the official code.

    `identifier` is what people know it by, where the format has that.
    """

    key: str
    name: str
    line: int
    identifier: str | None = None


@dataclass(frozen=True, slots=True)
class Group:
    """A class group (groep) or a composite group (samengestelde groep, `composite`).

    `year_group` is the jaargroep code of the format; a composite group has none. EDEXML ties no
    group to a branch, only pupils name one; then `branch_key` is None.
    """

    key: str
    name: str
    year_group: str | None
    composite: bool
    line: int
    branch_key: str | None = None


@dataclass(frozen=True, slots=True)
class PersonName:
    """The parts of a name; at least `family_name` or `call_name` is there."""

    family_name: str | None
    infix: str | None
    given_names: str | None
    initials: str | None
    call_name: str | None

    @property
    def given_name(self) -> str | None:
        """The name to call someone by: roepnaam, or else voornamen, or else voorletters."""
        return self.call_name or self.given_names or self.initials


@dataclass(frozen=True, slots=True)
class RosterPupil:
    """A pupil (leerling) on the roster; None means that the file does not say.

    `national_number` is nine digits that pass the eleven-test. `postcode` is Dutch, `9999XX`.
    `enrolled_from` and `enrolled_until` are instroomdatum and uitstroomdatum as delivered.
    `year_group` H marks a pupil of the past. With `keeps_group` a delta says nothing of the class.
    """

    key: str
    eck_id: str | None
    name: PersonName
    national_number: str | None
    birth_date: date | None
    sex: Sex | None
    year_group: str | None
    group_key: str | None
    composite_group_keys: tuple[str, ...]
    branch_key: str | None
    postcode: str | None
    enrolled_from: date | None
    enrolled_until: date | None
    line: int
    keeps_group: bool = False

    @property
    def given_name(self) -> str | None:
        """The name to call the pupil by."""
        return self.name.given_name

    @property
    def infix(self) -> str | None:
        """The part before the family name (voorvoegsel)."""
        return self.name.infix

    @property
    def family_name(self) -> str | None:
        """The family name (achternaam)."""
        return self.name.family_name


@dataclass(frozen=True, slots=True)
class RosterTeacher:
    """A member of staff (leerkracht) with the groups taught and the role codes delivered.

    `roles` are the format's codes, such as LRK (teacher) or IB (internal support), whether
    delivered for the school or for one group; free descriptions of a role are not read.
    """

    key: str
    eck_id: str | None
    name: PersonName
    roles: tuple[str, ...]
    group_keys: tuple[str, ...]
    composite_group_keys: tuple[str, ...]
    line: int

    @property
    def given_name(self) -> str | None:
        """The name to call the teacher by."""
        return self.name.given_name

    @property
    def infix(self) -> str | None:
        """The part before the family name (voorvoegsel)."""
        return self.name.infix

    @property
    def family_name(self) -> str | None:
        """The family name (achternaam)."""
        return self.name.family_name


@dataclass(frozen=True, slots=True)
class Roster:
    """One delivered roster of one school (BRIN) for one school year.

    `school_year` is `YYYY-YYYY`, None for the present one; `brin` is two digits and two letters,
    None when the format knows branches by their keys alone; `branch_suffix` is the dependancecode,
    two digits, `00` when the file says nothing, as the format has it. `created_at` has a time zone
    only when the file gives one. A `delta` holds those who changed: whoever is not on it stays.
    """

    school_year: str | None
    reference_date: date | None
    created_at: datetime | None
    brin: str | None
    branch_suffix: str
    school_key: str | None
    author: str | None
    branches: tuple[BranchRef, ...]
    groups: tuple[Group, ...]
    pupils: tuple[RosterPupil, ...]
    teachers: tuple[RosterTeacher, ...]
    warnings: tuple[Problem, ...]
    delta: bool = False
    fields: FieldNames = EDEXML
