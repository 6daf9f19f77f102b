"""The national directory and the organisations that work together: public, about no person."""

import unicodedata
from typing import Any

import strawberry
from strawberry.types import Info

from api.arguments import (
    After,
    BranchCode,
    First,
    MunicipalityCode,
    OrganisationKindArgument,
    Pc4,
    Sector,
    StartsWith,
)
from api.binding import bound, by_view
from api.calendar import HolidayRegion
from api.context import context_of
from api.node import Node, node_type
from api.paging import Connection
from domain.organisations import views


@bound(
    views.organisations,
    description="An organisation that answers for records (verwerkingsverantwoordelijke).",
)
class Organisation(Node):
    """A controller."""

    name: str = strawberry.field(description="Its name (naam).")
    kind: str = strawberry.field(
        description="What it is, such as school_board (soort organisatie)."
    )


@bound(views.branches, description="A school branch that works with the platform (vestiging).")
class Branch(Node):
    """A branch of a school board."""

    branch_code: str = strawberry.field(description="BRIN and branch suffix (vestigingscode).")
    name: str = strawberry.field(description="Its name (naam).")
    sector: str = strawberry.field(description="PO, VO, SBO or SO (onderwijssector).")
    municipality_code: str = strawberry.field(
        description="CBS code of its municipality (gemeentecode)."
    )
    alliance_code: str | None = strawberry.field(description="Its samenwerkingsverband.")
    holiday_region: HolidayRegion | None = strawberry.field(
        description="The holiday region of its municipality (vakantieregio)."
    )
    organisation: Organisation = strawberry.field(description="Its board (bevoegd gezag).")


@bound(views.directory_regions, description="A transition region (Doorstroompuntregio).")
class Region(Node):
    """A transition region."""

    code: str = strawberry.field(description="Its number (regionummer).")
    name: str = strawberry.field(description="Its name (naam).")


@bound(
    views.directory_municipalities,
    description="A municipality in the national directory (gemeente).",
)
class Municipality(Node):
    """A municipality."""

    code: str = strawberry.field(description="Its CBS code, four digits (gemeentecode).")
    name: str = strawberry.field(description="Its name (naam).")
    province: str = strawberry.field(description="The province it lies in (provincie).")
    holiday_region: HolidayRegion | None = strawberry.field(
        description="The region whose school holidays it has (vakantieregio); null if unknown."
    )
    region: Region = strawberry.field(description="Its transition region (Doorstroompuntregio).")

    @strawberry.field(description="The school branches in it (vestigingen), by name.")
    def branches(self, first: First = 50, after: After = None) -> Connection["DirectoryBranch"]:
        """Read by the view."""
        return by_view(first, after)


@bound(
    views.directory_alliances,
    description="A support alliance (samenwerkingsverband passend onderwijs).",
)
class Alliance(Node):
    """A support alliance."""

    code: str = strawberry.field(description="Its code, such as PO2707.")
    sector: str = strawberry.field(description="PO or VO (onderwijssector).")


@bound(
    views.directory_postcodes,
    description="Four digits of a postcode, and what they lie in (postcodegebied).",
)
class PostcodeArea(Node):
    """A postcode area."""

    pc4: str = strawberry.field(description="The four digits (postcode-4).")
    municipality: Municipality = strawberry.field(description="The municipality (gemeente).")
    alliance_primary: Alliance | None = strawberry.field(description="Samenwerkingsverband PO.")
    alliance_secondary: Alliance | None = strawberry.field(description="Samenwerkingsverband VO.")


@bound(
    views.directory_branches, description="A school branch in the national directory (vestiging)."
)
class DirectoryBranch(Node):
    """A branch as the register of institutions lists it."""

    branch_code: str = strawberry.field(description="BRIN and branch suffix (vestigingscode).")
    brin: str = strawberry.field(description="The institution's number (BRIN).")
    name: str = strawberry.field(description="Its name (vestigingsnaam).")
    sector: str = strawberry.field(description="PO, SBO, SO or VO (onderwijssector).")
    school_type: str = strawberry.field(description="The kind of school (schoolsoort).")
    place: str = strawberry.field(description="The place it stands in (plaatsnaam).")
    postcode: str | None = strawberry.field(description="Its postcode.")
    board_number: str | None = strawberry.field(
        description="Its board, where known (bevoegd gezag)."
    )
    board_name: str | None = strawberry.field(description="Its board's name, where known.")
    fictional: bool = strawberry.field(
        description="Whether it belongs to the demo region (fictief)."
    )
    municipality: Municipality = strawberry.field(
        description="The municipality it stands in (gemeente)."
    )


for _name in (
    "Organisation",
    "Branch",
    "Region",
    "Municipality",
    "Alliance",
    "PostcodeArea",
    "DirectoryBranch",
):
    node_type(_name)


def folded(text: str) -> str:
    """Return a name as the directory's search names are written: lower case, no diacritics."""
    plain = unicodedata.normalize("NFKD", text)
    return "".join(c for c in plain if not unicodedata.combining(c)).lower().strip()


@strawberry.type
class DirectoryQuery:
    """What anyone may read."""

    @strawberry.field(
        description="School branches of the national directory (vestigingen), by name. Public."
    )
    async def directory_branches(
        self,
        info: Info[Any, Any],
        first: First = 50,
        after: After = None,
        starts_with: StartsWith = None,
        branch_code: BranchCode = None,
        municipality_code: MunicipalityCode = None,
    ) -> Connection[DirectoryBranch]:
        """Read a page of branches."""
        page: Any = await context_of(info).page(
            info,
            views.directory_branches,
            where={"branch_code": branch_code, "municipality_code": municipality_code},
            starts_with=("search_name", folded(starts_with)) if starts_with else None,
        )
        return page

    @strawberry.field(description="Municipalities (gemeenten), by name. Public.")
    async def municipalities(
        self,
        info: Info[Any, Any],
        first: First = 50,
        after: After = None,
        starts_with: StartsWith = None,
        code: MunicipalityCode = None,
    ) -> Connection[Municipality]:
        """Read a page of municipalities."""
        page: Any = await context_of(info).page(
            info,
            views.directory_municipalities,
            where={"code": code},
            starts_with=("search_name", folded(starts_with)) if starts_with else None,
        )
        return page

    @strawberry.field(description="Transition regions (Doorstroompuntregio's), by number. Public.")
    async def transition_regions(
        self, info: Info[Any, Any], first: First = 50, after: After = None
    ) -> Connection[Region]:
        """Read a page of regions."""
        page: Any = await context_of(info).page(info, views.directory_regions)
        return page

    @strawberry.field(description="Support alliances (samenwerkingsverbanden), by code. Public.")
    async def support_alliances(
        self,
        info: Info[Any, Any],
        first: First = 50,
        after: After = None,
        sector: Sector = None,
    ) -> Connection[Alliance]:
        """Read a page of alliances."""
        page: Any = await context_of(info).page(
            info, views.directory_alliances, where={"sector": sector}
        )
        return page

    @strawberry.field(description="Postcode areas (postcode-4), by number. Public.")
    async def postcodes(
        self,
        info: Info[Any, Any],
        first: First = 50,
        after: After = None,
        pc4: Pc4 = None,
    ) -> Connection[PostcodeArea]:
        """Read a page of postcode areas."""
        page: Any = await context_of(info).page(info, views.directory_postcodes, where={"pc4": pc4})
        return page

    @strawberry.field(
        description="Organisations that work together here (ketenpartners), by name. Public."
    )
    async def organisations(
        self,
        info: Info[Any, Any],
        first: First = 50,
        after: After = None,
        kind: OrganisationKindArgument = None,
    ) -> Connection[Organisation]:
        """Read a page of organisations."""
        page: Any = await context_of(info).page(info, views.organisations, where={"kind": kind})
        return page

    @strawberry.field(
        description="School branches that work with the platform (vestigingen). Public."
    )
    async def branches(
        self,
        info: Info[Any, Any],
        first: First = 50,
        after: After = None,
        branch_code: BranchCode = None,
    ) -> Connection[Branch]:
        """Read a page of branches."""
        page: Any = await context_of(info).page(
            info, views.branches, where={"branch_code": branch_code}
        )
        return page
