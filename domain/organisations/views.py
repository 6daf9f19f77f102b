"""What may be read about organisations, and the national directory: public, about no person."""

from collections.abc import Mapping
from typing import Any

from sqlalchemy import ColumnElement, FromClause, case, null, select

from domain.accountability.models import AccessLineOrganisation
from domain.accountability.views import access_lines
from domain.base import Base
from domain.organisations.models import (
    Assignment,
    ClassGroup,
    Organisation,
    SchoolBranch,
    Staff,
)
from domain.reach import Kind
from domain.reading.view import Field, Many, One, View
from domain.reference.calendar import (
    HolidayRegion,
    region_of_municipalities,
    region_of_provinces,
)
from domain.reference.models import (
    DirectoryAlliance,
    DirectoryBranch,
    DirectoryMunicipality,
    DirectoryPostcode,
    DirectoryRegion,
)
from permissions.vocabulary import DataClass


def table(model: type[Base]):  # noqa: ANN201 - SQLAlchemy's FromClause, narrowed by use
    """Return the table of a model."""
    return model.__table__


organisations = View(
    "organisation",
    table(Organisation),
    public=True,
    order=("name", "id"),
    fields={"name": Field("name"), "kind": Field("kind")},
)

_looked = table(AccessLineOrganisation)
access_lines.extend(
    organisation=One(
        organisations,
        lambda line, o: (
            o.c.id
            == select(_looked.c.organisation_id)
            .where(_looked.c.line_id == line.c.id)
            .correlate(line)
            .scalar_subquery()
        ),
        DataClass.LOG_OWN_ORGANISATION,
    )
)


def holiday_region(municipality: FromClause) -> ColumnElement[Any]:
    """Return the holiday region of a municipality of the directory, by the reference data."""

    def within(
        column: str, regions: Mapping[str, HolidayRegion]
    ) -> list[tuple[ColumnElement[bool], str]]:
        return [
            (
                municipality.c[column].in_([key for key, found in regions.items() if found is one]),
                str(one),
            )
            for one in HolidayRegion
        ]

    return case(
        *within("code", region_of_municipalities()),
        *within("province", region_of_provinces()),
        else_=null(),
    )


def _region_of_branch(branch: FromClause) -> ColumnElement[Any]:
    municipality = table(DirectoryMunicipality).alias("its_municipality")
    return (
        select(holiday_region(municipality))
        .where(municipality.c.code == branch.c.municipality_code)
        .correlate(branch)
        .scalar_subquery()
    )


branches = View(
    "branch",
    table(SchoolBranch),
    public=True,
    order=("branch_code", "id"),
    fields={
        "branchCode": Field("branch_code"),
        "name": Field("name"),
        "sector": Field("sector"),
        "municipalityCode": Field("municipality_code"),
        "allianceCode": Field("alliance_code"),
        "holidayRegion": Field(_region_of_branch),
    },
    relations={
        "organisation": One(organisations, lambda b, o: o.c.id == b.c.organisation_id),
    },
)

assignments = View(
    "assignment",
    table(Assignment),
    keys={Kind.CONTROLLER: "organisation_id"},
    row_class=DataClass.STAFF,
    order=("valid_from", "id"),
    fields={
        "role": Field("role"),
        "validFrom": Field("valid_from"),
        "validUntil": Field("valid_until"),
    },
    relations={"branch": One(branches, lambda a, b: b.c.id == a.c.branch_id)},
)

staff = View(
    "staff",
    table(Staff),
    keys={Kind.CONTROLLER: "controller_id"},
    row_class=DataClass.STAFF,
    order=("name", "id"),
    fields={"name": Field("name")},
    relations={"assignments": Many(assignments, lambda s, a: a.c.staff_id == s.c.id)},
)

class_groups = View(
    "classgroup",
    table(ClassGroup),
    keys={Kind.CONTROLLER: "controller_id"},
    row_class=DataClass.STAFF,
    order=("name", "id"),
    fields={
        "name": Field("name"),
        "schoolYear": Field("school_year"),
        "yearGroup": Field("year_group"),
    },
    relations={"branch": One(branches, lambda g, b: b.c.id == g.c.branch_id)},
)

directory_regions = View(
    "region",
    table(DirectoryRegion),
    public=True,
    order=("code", "id"),
    fields={"code": Field("code"), "name": Field("name")},
)

directory_municipalities = View(
    "municipality",
    table(DirectoryMunicipality),
    public=True,
    order=("search_name", "id"),
    fields={
        "code": Field("code"),
        "name": Field("name"),
        "province": Field("province"),
        "holidayRegion": Field(holiday_region),
    },
    relations={"region": One(directory_regions, lambda m, r: r.c.code == m.c.region_code)},
)

directory_alliances = View(
    "alliance",
    table(DirectoryAlliance),
    public=True,
    order=("code", "id"),
    fields={"code": Field("code"), "sector": Field("sector")},
)

directory_postcodes = View(
    "postcode",
    table(DirectoryPostcode),
    public=True,
    order=("pc4", "id"),
    fields={"pc4": Field("pc4")},
    relations={
        "municipality": One(
            directory_municipalities, lambda p, m: m.c.code == p.c.municipality_code
        ),
        "alliancePrimary": One(directory_alliances, lambda p, a: a.c.code == p.c.alliance_po),
        "allianceSecondary": One(directory_alliances, lambda p, a: a.c.code == p.c.alliance_vo),
    },
)

directory_branches = View(
    "directorybranch",
    table(DirectoryBranch),
    public=True,
    order=("search_name", "id"),
    fields={
        "branchCode": Field("branch_code"),
        "brin": Field("brin"),
        "name": Field("name"),
        "sector": Field("sector"),
        "schoolType": Field("school_type"),
        "place": Field("place"),
        "postcode": Field("postcode"),
        "boardNumber": Field("board_number"),
        "boardName": Field("board_name"),
        "fictional": Field("fictional"),
    },
    relations={
        "municipality": One(
            directory_municipalities, lambda b, m: m.c.code == b.c.municipality_code
        ),
    },
)
directory_municipalities.extend(
    branches=Many(directory_branches, lambda m, b: b.c.municipality_code == m.c.code, paged=True)
)
