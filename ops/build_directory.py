"""Makes the national directory in `domain/reference/directory` from the original files.

Run `python ops/build_directory.py SOURCE_FOLDER`, where SOURCE_FOLDER holds the folders `directory`
and `names` with the files that `SOURCES.md` names. The result is the same to the byte on every run.
It prints a receipt of every row read, kept, repeated and mapped, and stops at the first name or
code that it cannot place.
"""

import csv
import gzip
import io
import json
import re
import sys
import unicodedata
from collections import defaultdict
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any, cast

Row = dict[str, str]

TARGET = Path(__file__).resolve().parent.parent / "domain" / "reference" / "directory"
FORMER = "former_municipalities.csv"

SCHOOLS = "directory/duo-scholen-bo-vo-so-sbo-20241122.geojson"
PRIMARY_2021 = "directory/duo-03-alle-vestigingen-bo-2021-10.csv"
SECONDARY_SAMPLE = "directory/sample-duo-alle-vestigingen-vo-2026.csv"
MUNICIPALITIES = "directory/cbs-gemeenten-2025.csv"
PROVINCES = "directory/cbs-gemeentecode-provincie-2025.csv"
REGIONS = "directory/gemeente-rmc-regio-2021.csv"
POSTCODES = "directory/pc4-gemeente-swv-po-vo.csv"
FIRST_NAMES = "names/hgrif-voornamen.json"
SURNAMES = "names/top_1000_last_names_nl_2007.csv"

BRANCH = (
    "branch_code",
    "brin",
    "name",
    "sector",
    "school_type",
    "place",
    "postcode",
    "municipality_code",
    "board_number",
)
MUNICIPALITY = ("code", "name", "province", "region_code")
ALLIANCE = ("code", "sector")
POSTCODE = ("pc4", "municipality_code", "alliance_po", "alliance_vo")
REGION = ("code", "name")
BOARD = ("number", "name")

NO_ALLIANCE = "Europoort"
"""What the postcode table writes where a port area has no samenwerkingsverband."""

PRIMARY_TYPE = "basisschool"
SPECIAL_PRIMARY_TYPE = "SBAO"
SPECIAL_TYPES = frozenset({"(V)SO", "SO", "VSO"})
SECONDARY_TRACKS = frozenset({"BRUGJAAR", "HAVO", "MAVO", "PRO", "VBO", "VWO"})

FIRST_NAME = re.compile(r"[A-Z][a-zà-ÿ]{2,8}")
FIRST_NAME_STEP = 8
PREFIXED_SURNAME = re.compile(r"(?P<prefix>(?:'? ?[a-z]+\s)+)(?P<name>\S.*)")


class DirectoryError(Exception):
    """An original says something that the directory cannot place."""


@dataclass
class Receipt:
    """The lines that say what happened to every row."""

    lines: list[str] = field(default_factory=list[str])

    def say(self, line: str) -> None:
        """Add one line."""
        self.lines.append(line)


@dataclass(frozen=True)
class Former:
    """What a municipality name of an original stands for today, for all or some postcodes."""

    kind: str
    name: str
    postcodes: frozenset[str]
    code: str


def comparable(name: str) -> str:
    """Return a name in capitals without accents and signs, as DUO and CBS both reduce to."""
    plain = unicodedata.normalize("NFKD", name)
    letters = "".join(sign for sign in plain if not unicodedata.combining(sign))
    return re.sub(r"[^A-Z]+", " ", letters.upper()).strip()


def read_csv(path: Path, *, encoding: str = "utf-8-sig", delimiter: str = ",") -> list[Row]:
    """Read a CSV file with a header."""
    with path.open(encoding=encoding, newline="") as file:
        return list(csv.DictReader(file, delimiter=delimiter, strict=True))


def write_gz(path: Path, text: str) -> None:
    """Write text compressed, without a file name or a time in it, so that it never differs."""
    with path.open("wb") as raw, gzip.GzipFile("", "wb", 9, raw, mtime=0) as packed:
        packed.write(text.encode())


def write_csv(name: str, header: Sequence[str], rows: Iterable[Sequence[str]], target: Path) -> int:
    """Write sorted rows as a compressed CSV file and return their number."""
    text = io.StringIO(newline="")
    writer = csv.writer(text, lineterminator="\n")
    writer.writerow(header)
    ordered = sorted(tuple(row) for row in rows)
    writer.writerows(ordered)
    write_gz(target / f"{name}.csv.gz", text.getvalue())
    return len(ordered)


class Municipalities:
    """The municipalities of 2025, and what older and other names of them mean."""

    def __init__(self, source: Path, former: Path) -> None:
        self.names = {
            row["gm_code"][2:]: row["gm_naam"] for row in read_csv(source / MUNICIPALITIES)
        }
        self.provinces = {
            row["GM_code"][2:]: row["province"]
            for row in read_csv(source / PROVINCES, delimiter=";")
        }
        if self.names.keys() != self.provinces.keys():
            raise DirectoryError("the two CBS files do not hold the same municipalities")
        self._today = {comparable(name): code for code, name in self.names.items()}
        if len(self._today) != len(self.names):
            raise DirectoryError("two municipalities of today have the same comparable name")
        self.former: dict[str, list[Former]] = defaultdict(list)
        for row in read_csv(former):
            code = row["municipality_code"]
            if self.names.get(code) != row["municipality_name"]:
                raise DirectoryError(f"{FORMER}: {code} is not {row['municipality_name']!r}")
            self.former[comparable(row["former_name"])].append(
                Former(row["kind"], row["former_name"], frozenset(row["postcodes"].split()), code)
            )

    def find(self, name: str, pc4: str) -> tuple[str, str]:
        """Return the code of today and how it was found, for a name at a postcode."""
        key = comparable(name)
        for entry in self.former.get(key, []):
            if not entry.postcodes or pc4 in entry.postcodes:
                return entry.code, entry.kind
        if key not in self._today:
            raise DirectoryError(f"municipality {name!r} at postcode {pc4}: add it to {FORMER}")
        return self._today[key], "today" if name in self.names.values() else "case or accents"


def sector_of(school_type: str) -> str:
    """Return `PO`, `SBO`, `SO` (special and secondary special education) or `VO`."""
    if school_type == PRIMARY_TYPE:
        return "PO"
    if school_type == SPECIAL_PRIMARY_TYPE:
        return "SBO"
    if school_type in SPECIAL_TYPES:
        return "SO"
    if set(school_type.split("/")) <= SECONDARY_TRACKS:
        return "VO"
    raise DirectoryError(f"unknown type of school {school_type!r}")


def build_regions(source: Path, places: Municipalities, receipt: Receipt) -> tuple[Row, Row]:
    """Return the names of the regions, and the region of each municipality of today."""
    rows = read_csv(source / REGIONS)
    region_names: Row = {}
    by_municipality: Row = {}
    merged: dict[str, set[str]] = defaultdict(set)
    for row in rows:
        code, name = row["rmc_code"], row["rmc_naam"]
        if region_names.setdefault(code, name) != name:
            raise DirectoryError(f"region {code} has two names")
        if row["gemeentenummer"] in places.names:
            by_municipality[row["gemeentenummer"]] = code
            continue
        successor, kind = places.find(row["gemeentenaam"], "")
        if kind != "merged":
            raise DirectoryError(f"{row['gemeentenaam']!r} is gone but not merged")
        merged[successor].add(code)
        receipt.say(f"  region {code}: {row['gemeentenaam']} is now {places.names[successor]}")
    for code in sorted(places.names.keys() - by_municipality.keys()):
        if len(merged[code]) != 1:
            raise DirectoryError(f"{places.names[code]}: its region cannot be derived")
        (by_municipality[code],) = merged[code]
        receipt.say(f"  derived: {places.names[code]} ({code}) in region {by_municipality[code]}")
    receipt.say(f"regions: {len(rows)} rows of 2021, {len(region_names)} regions")
    return region_names, by_municipality


def build_postcodes(source: Path, places: Municipalities, receipt: Receipt) -> list[Sequence[str]]:
    """Return one row per postcode-4: municipality of today and the two alliances, or empty."""
    rows = read_csv(source / POSTCODES)
    how: dict[str, set[str]] = defaultdict(set)
    result: dict[str, Sequence[str]] = {}
    without = 0
    for row in rows:
        pc4, name = row["pc4"], row["gemeente"]
        code, kind = places.find(name, pc4)
        how[kind].add(name)
        alliances: list[str] = []
        for sector in ("PO", "VO"):
            alliance = row[f"swv_{sector.lower()}"]
            if alliance == NO_ALLIANCE:
                alliance = ""
            elif not re.fullmatch(rf"{sector}\d{{4}}", alliance):
                raise DirectoryError(f"postcode {pc4}: {alliance!r} is no {sector} alliance")
            alliances.append(alliance)
        without += alliances == ["", ""]
        if pc4 in result:
            raise DirectoryError(f"postcode {pc4} is there twice")
        result[pc4] = (pc4, code, *alliances)
    receipt.say(f"postcodes: {len(rows)} rows, {len(result)} distinct, none repeated")
    receipt.say(f"  {without} rows say {NO_ALLIANCE}: municipality kept, alliances left empty")
    for kind, names in sorted(how.items()):
        receipt.say(f"  municipality names found as {kind}: {len(names)}")
    return list(result.values())


def build_boards(source: Path, receipt: Receipt) -> Row:
    """Return the board number per BRIN, from the two files that name it."""
    boards: Row = {}
    for file, brin in ((PRIMARY_2021, "BRIN NUMMER"), (SECONDARY_SAMPLE, "INSTELLINGSCODE")):
        rows = read_csv(source / file, encoding="windows-1252", delimiter=";")
        for row in rows:
            number = row["BEVOEGD GEZAG NUMMER"]
            if boards.setdefault(row[brin], number) != number:
                raise DirectoryError(f"institution {row[brin]} has two boards")
        receipt.say(f"boards: {len(rows)} rows of {Path(file).name}")
    receipt.say(
        f"  {len(set(boards.values()))} boards of {len(boards)} institutions; no file names"
    )
    return boards


def build_branches(
    source: Path, places: Municipalities, boards: Mapping[str, str], receipt: Receipt
) -> dict[str, Sequence[str]]:
    """Return one row per vestigingscode; repeated rows must agree in everything that is kept."""
    with (source / SCHOOLS).open(encoding="utf-8") as file:
        features = cast("list[dict[str, Any]]", json.load(file)["features"])
    kept: dict[str, Sequence[str]] = {}
    originals: dict[str, set[str]] = defaultdict(set)
    repeated: set[str] = set()
    kinds: dict[str, set[str]] = defaultdict(set)
    spaces = 0
    for feature in features:
        row = cast("dict[str, Any]", feature["properties"])
        branch, brin = str(row["vestigingscode"]), str(row["brin_nummer"])
        if not re.fullmatch(r"\d{2}[A-Z]{2}\d{2}", branch) or branch[:4] != brin:
            raise DirectoryError(f"branch {branch!r} is not of institution {brin!r}")
        postcode = str(row["postcode"])
        if not re.fullmatch(r"[1-9]\d{3}[A-Z]{2}", postcode):
            raise DirectoryError(f"branch {branch}: postcode {postcode!r}")
        code, kind = places.find(str(row["gemeente"]), postcode[:4])
        if places.provinces[code] != row["provincie"]:
            raise DirectoryError(f"branch {branch}: {row['gemeente']} is not in {row['provincie']}")
        kinds[kind].add(str(row["gemeente"]))
        name, school_type = " ".join(str(row["naam"]).split()), str(row["type"])
        spaces += name != row["naam"]
        place, board = str(row["plaats"]), boards.get(brin, "")
        sector = sector_of(school_type)
        made = (branch, brin, name, sector, school_type, place, postcode, code, board)
        originals[branch].add(json.dumps(row, sort_keys=True))
        if branch in kept:
            repeated.add(branch)
        if kept.setdefault(branch, made) != made:
            raise DirectoryError(f"branch {branch} is there twice with different facts")
    identical = sum(len(originals[branch]) == 1 for branch in repeated)
    receipt.say(f"branches: {len(features)} rows, {len(kept)} distinct codes")
    receipt.say(
        f"  {len(repeated)} codes repeated, {identical} as identical rows; the other "
        f"{len(repeated) - identical} differ only in the house number, which is not kept"
    )
    receipt.say(f"  surplus spaces taken out of the name in {spaces} rows")
    receipt.say(f"  board known for {sum(bool(row[-1]) for row in kept.values())}")
    for kind, names in sorted(kinds.items()):
        receipt.say(f"  municipality names found as {kind}: {len(names)}")
    return kept


def build_names(source: Path, receipt: Receipt) -> dict[str, list[Any]]:
    """Return first names, and surnames as [prefix, name, how many people had it in 2007]."""
    everyone = cast("list[str]", json.loads((source / FIRST_NAMES).read_text(encoding="utf-8")))
    single = sorted({name for name in everyone if FIRST_NAME.fullmatch(name)})
    first = single[::FIRST_NAME_STEP]
    rows = read_csv(source / SURNAMES)
    surnames: list[list[str | int]] = []
    for row in rows:
        natural = " ".join(row["natural name"].replace("' t", "'t").split())
        parts = PREFIXED_SURNAME.fullmatch(natural)
        prefix, name = (parts["prefix"].strip(), parts["name"]) if parts else ("", natural)
        surnames.append([prefix, name, int(row["count in 2007"])])
    receipt.say(
        f"names: {len(everyone)} first names, {len(single)} of one word of 3 to 9 letters, "
        f"every {FIRST_NAME_STEP}th kept: {len(first)}; {len(rows)} surnames, all kept"
    )
    return {"first_names": first, "surnames": surnames}


def build(source: Path, target: Path) -> Receipt:
    """Write every file of the directory into `target` and return the receipt.

    Raises:
        DirectoryError: an original holds a name, code or repetition that has no place.
    """
    receipt = Receipt()
    places = Municipalities(source, TARGET / FORMER)
    receipt.say(f"municipalities: {len(places.names)} of 2025")
    region_names, region_of = build_regions(source, places, receipt)
    postcodes = build_postcodes(source, places, receipt)
    boards = build_boards(source, receipt)
    branches = build_branches(source, places, boards, receipt)
    alliances = {code for row in postcodes for code in row[2:] if code}
    missing = sorted({row[6][:4] for row in branches.values()} - {row[0] for row in postcodes})
    receipt.say(f"  postcodes of branches that the postcode table lacks: {', '.join(missing)}")
    at = {row[0]: row[1] for row in postcodes}
    apart = sorted(row[0] for row in branches.values() if at.get(row[6][:4], row[7]) != row[7])
    receipt.say(f"  branches in another municipality than their postcode-4: {', '.join(apart)}")
    places_rows = [
        (code, name, places.provinces[code], region_of[code]) for code, name in places.names.items()
    ]
    written = {
        "branches": write_csv("branches", BRANCH, branches.values(), target),
        "municipalities": write_csv("municipalities", MUNICIPALITY, places_rows, target),
        "alliances": write_csv("alliances", ALLIANCE, ((a, a[:2]) for a in alliances), target),
        "postcodes": write_csv("postcodes", POSTCODE, postcodes, target),
        "regions": write_csv("regions", REGION, region_names.items(), target),
        "boards": write_csv("boards", BOARD, ((b, "") for b in set(boards.values())), target),
    }
    names = build_names(source, receipt)
    write_gz(target / "names.json.gz", json.dumps(names, ensure_ascii=False, indent=0) + "\n")
    receipt.say("written: " + ", ".join(f"{name} {count}" for name, count in written.items()))
    return receipt


def main(arguments: Sequence[str]) -> int:
    """Build the directory and print the receipt; the exit status is 0 when all is placed."""
    if len(arguments) != 1:
        sys.stderr.write("Usage: python ops/build_directory.py SOURCE_FOLDER\n")
        return 2
    try:
        receipt = build(Path(arguments[0]), TARGET)
    except (DirectoryError, OSError) as error:
        sys.stderr.write(f"The directory was not built: {error}\n")
        return 1
    sys.stdout.write("\n".join(receipt.lines) + "\n")
    return 0


if __name__ == "__main__":
    sys.exit(main(sys.argv[1:]))
