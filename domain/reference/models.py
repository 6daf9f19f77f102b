"""The tables of the national directory: public, and about no person."""

from sqlalchemy import ForeignKey, text
from sqlalchemy.orm import Mapped, mapped_column

from domain.base import Base, Key


class DirectoryRegion(Base):
    """A transition region (Doorstroompuntregio)."""

    __tablename__ = "directory_region"

    id: Mapped[Key]
    code: Mapped[str] = mapped_column(unique=True)
    name: Mapped[str]


class DirectoryMunicipality(Base):
    """A municipality (gemeente) by its CBS code."""

    __tablename__ = "directory_municipality"

    id: Mapped[Key]
    code: Mapped[str] = mapped_column(unique=True)
    name: Mapped[str]
    search_name: Mapped[str]
    province: Mapped[str]
    region_code: Mapped[str] = mapped_column(ForeignKey("directory_region.code"))


class DirectoryAlliance(Base):
    """A support alliance (samenwerkingsverband) of one sector."""

    __tablename__ = "directory_alliance"

    id: Mapped[Key]
    code: Mapped[str] = mapped_column(unique=True)
    sector: Mapped[str]


class DirectoryPostcode(Base):
    """Four digits of a postcode: the municipality and the alliances they lie in."""

    __tablename__ = "directory_postcode"

    id: Mapped[Key]
    pc4: Mapped[str] = mapped_column(unique=True)
    municipality_code: Mapped[str] = mapped_column(ForeignKey("directory_municipality.code"))
    alliance_po: Mapped[str | None] = mapped_column(ForeignKey("directory_alliance.code"))
    alliance_vo: Mapped[str | None] = mapped_column(ForeignKey("directory_alliance.code"))


class DirectoryBranch(Base):
    """A school branch (vestiging) by BRIN and branch suffix."""

    __tablename__ = "directory_branch"

    id: Mapped[Key]
    branch_code: Mapped[str] = mapped_column(unique=True)
    brin: Mapped[str]
    name: Mapped[str]
    search_name: Mapped[str]
    sector: Mapped[str]
    school_type: Mapped[str]
    place: Mapped[str]
    postcode: Mapped[str | None]
    municipality_code: Mapped[str] = mapped_column(ForeignKey("directory_municipality.code"))
    board_number: Mapped[str | None]
    board_name: Mapped[str | None]
    fictional: Mapped[bool] = mapped_column(server_default=text("false"))
