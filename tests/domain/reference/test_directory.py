import csv
import json
from collections import Counter
from pathlib import Path

import pytest

from domain.reference import directory
from ops import build_directory


def test_every_branch_once() -> None:
    """The directory holds 8,622 branches, each vestigingscode once and under its BRIN."""
    branches = list(directory.branches())
    assert len(branches) == len({branch.branch_code for branch in branches}) == 8622
    assert all(branch.branch_code[:4] == branch.brin for branch in branches)


def test_counts() -> None:
    """There are 342 municipalities, 76 PO and 74 VO alliances, 40 regions and 4,046 postcodes."""
    assert len({place.code for place in directory.municipalities()}) == 342
    sectors = Counter(alliance.sector for alliance in directory.alliances())
    assert sectors == {"PO": 76, "VO": 74}
    assert len({region.code for region in directory.regions()}) == 40
    assert len({postcode.pc4 for postcode in directory.postcodes()}) == 4046


def test_branches_per_sector() -> None:
    """Every branch has one of four sectors, and secondary special schools are under SO."""
    sectors = Counter(branch.sector for branch in directory.branches())
    assert sectors == {"PO": 6115, "SBO": 266, "SO": 622, "VO": 1619}
    special = {branch.school_type for branch in directory.branches() if branch.sector == "SO"}
    assert special == {"(V)SO", "SO", "VSO"}


def test_every_branch_lies_in_a_municipality() -> None:
    """No branch names a municipality that the directory does not have."""
    known = {place.code for place in directory.municipalities()}
    assert {branch.municipality_code for branch in directory.branches()} <= known


def test_every_board_of_a_branch_is_known() -> None:
    """A branch names a board of the directory or none."""
    known = {board.number for board in directory.boards()}
    named = {branch.board_number for branch in directory.branches()} - {None}
    assert named <= known
    assert len(named) > 800


def test_every_postcode_lies_in_a_municipality() -> None:
    """No postcode names a municipality that the directory does not have."""
    known = {place.code for place in directory.municipalities()}
    assert {postcode.municipality_code for postcode in directory.postcodes()} <= known


def test_every_postcode_has_alliances_but_the_port() -> None:
    """Only 3197 to 3199, the port of Rotterdam, have no alliance; the others name known ones."""
    known = {alliance.code for alliance in directory.alliances()}
    without: set[str] = set()
    for postcode in directory.postcodes():
        if postcode.alliance_po is None or postcode.alliance_vo is None:
            without.add(postcode.pc4)
            assert postcode.municipality_code == "0599"
        else:
            assert {postcode.alliance_po, postcode.alliance_vo} <= known
    assert without == {"3197", "3198", "3199"}


def test_every_municipality_lies_in_a_region() -> None:
    """Every municipality has a region, and every region a municipality."""
    regions = {region.code for region in directory.regions()}
    assert {place.region_code for place in directory.municipalities()} == regions


@pytest.mark.parametrize(
    ("code", "name", "region"),
    [
        ("1980", "Dijk en Waard", "24"),
        ("1982", "Land van Cuijk", "36"),
        ("1991", "Maashorst", "36"),
        ("1992", "Voorne aan Zee", "29"),
    ],
)
def test_merged_municipalities_have_the_region_of_their_parts(
    code: str, name: str, region: str
) -> None:
    """A municipality made after the region table takes the region it was merged from."""
    found = next(place for place in directory.municipalities() if place.code == code)
    assert (found.name, found.region_code) == (name, region)


def test_the_hague_is_found_in_capitals() -> None:
    """Branches that DUO places in S GRAVENHAGE lie in CBS municipality 0518."""
    found = [branch for branch in directory.branches() if branch.municipality_code == "0518"]
    assert len(found) > 200
    assert all(branch.postcode.startswith(("24", "25")) for branch in found)


def test_no_branch_or_postcode_is_fictional() -> None:
    """BRIN 99.. stays free for fictional schools."""
    assert not any(branch.brin.startswith("99") for branch in directory.branches())


def test_names() -> None:
    """There are names enough for a demo, surnames with a prefix apart and a positive weight."""
    names = directory.names()
    assert len(names.first_names) == len(set(names.first_names)) > 1000
    assert len(names.surnames) == 1000
    assert all(surname.weight > 0 and surname.name for surname in names.surnames)
    assert directory.Surname("de", "Jong", 83782) in names.surnames
    assert directory.Surname("van der", "Meer", 20591) in names.surnames


def test_the_originals_give_these_files_to_the_byte(originals: Path, tmp_path: Path) -> None:
    """Building from the originals gives exactly the files in the tree, with the known receipt."""
    receipt = "\n".join(build_directory.build(originals, tmp_path).lines)
    built = {path.name: path.read_bytes() for path in tmp_path.iterdir()}
    shipped = {path.name: path.read_bytes() for path in build_directory.TARGET.glob("*.gz")}
    assert built == shipped
    assert "8717 rows, 8622 distinct" in receipt
    assert "74 codes repeated, 45 as identical rows" in receipt


def test_pupils_of_branches_are_not_carried_over(originals: Path) -> None:
    """The branches file has none of the originals' figures, only the columns it names."""
    first = next(directory.branches())
    properties = json.loads((originals / build_directory.SCHOOLS).read_text())["features"][0]
    assert "leerlingen" in properties["properties"]
    assert not hasattr(first, "leerlingen")
    assert len(build_directory.BRANCH) == 9


@pytest.fixture
def places(originals: Path) -> build_directory.Municipalities:
    """Return the municipalities of the originals with the table of former ones."""
    return build_directory.Municipalities(
        originals, build_directory.TARGET / build_directory.FORMER
    )


def test_an_unknown_municipality_stops_the_build(places: build_directory.Municipalities) -> None:
    """A name that is nowhere raises an error that says the name and where to add it."""
    with pytest.raises(build_directory.DirectoryError, match=r"'Nergenshuizen'.*former_munic"):
        places.find("Nergenshuizen", "1011")


def test_a_divided_municipality_needs_its_postcode(
    places: build_directory.Municipalities,
) -> None:
    """A divided municipality is placed by postcode, and not at all without a known one."""
    assert places.find("Haaren", "5074")[0] == "0855"
    assert places.find("Haaren", "5268")[0] == "0865"
    with pytest.raises(build_directory.DirectoryError, match="Haaren"):
        places.find("Haaren", "9999")


def test_every_line_of_the_table_of_former_names_is_used(originals: Path) -> None:
    """The hand-written table holds no name that none of the originals has."""
    table = build_directory.read_csv(build_directory.TARGET / build_directory.FORMER)
    used = {
        row["gemeente"]
        for row in build_directory.read_csv(originals / "directory/pc4-gemeente-swv-po-vo.csv")
    }
    with (originals / build_directory.SCHOOLS).open(encoding="utf-8") as file:
        used |= {feature["properties"]["gemeente"] for feature in json.load(file)["features"]}
    seen = {build_directory.comparable(name) for name in used}
    assert {build_directory.comparable(row["former_name"]) for row in table} <= seen


def test_repeated_branches_that_differ_stop_the_build(tmp_path: Path, originals: Path) -> None:
    """Two rows of one vestigingscode with different names are refused, never chosen between."""
    (tmp_path / "directory").mkdir()
    for name in (build_directory.MUNICIPALITIES, build_directory.PROVINCES):
        (tmp_path / name).write_bytes((originals / name).read_bytes())
    with (originals / build_directory.SCHOOLS).open(encoding="utf-8") as file:
        feature = json.load(file)["features"][0]
    other = {**feature, "properties": {**feature["properties"], "naam": "Een andere naam"}}
    (tmp_path / build_directory.SCHOOLS).write_text(json.dumps({"features": [feature, other]}))
    municipalities = build_directory.Municipalities(
        tmp_path, build_directory.TARGET / build_directory.FORMER
    )
    with pytest.raises(build_directory.DirectoryError, match="twice with different facts"):
        build_directory.build_branches(tmp_path, municipalities, {}, build_directory.Receipt())


def test_the_table_of_former_names_says_since_when() -> None:
    """Every merged, renamed, divided or moved municipality has a year; a spelling has none."""
    with (build_directory.TARGET / build_directory.FORMER).open(encoding="utf-8") as file:
        rows = list(csv.DictReader(file))
    assert rows
    for row in rows:
        assert bool(row["since"]) == (row["kind"] != "spelling")


def test_usage(capsys: pytest.CaptureFixture[str]) -> None:
    """Without a source folder the command says how it is used."""
    assert build_directory.main([]) == 2
    assert "SOURCE_FOLDER" in capsys.readouterr().err


def test_a_folder_without_originals(tmp_path: Path, capsys: pytest.CaptureFixture[str]) -> None:
    """A folder without the originals ends in one clear line and status 1."""
    assert build_directory.main([str(tmp_path)]) == 1
    assert "was not built" in capsys.readouterr().err
