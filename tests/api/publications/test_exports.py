"""Publications as files: what the two standards require, the same bytes again, and nothing else."""

from __future__ import annotations

import csv
import hashlib
import json
from io import StringIO
from math import prod
from typing import Any

import pytest

from domain.aggregates.export import tables as limits
from tests.publishing.asking import MONTH, YEAR, counts, figures, period
from tests.publishing.fixtures import Region
from tests.publishing.land import SCHOOLS

pytestmark = pytest.mark.asyncio(loop_scope="session")

EXPORT = """
query(
  $release: ID!, $unit: String!, $format: ExportFormat!, $within: FigureLevel, $measure: String
) {
  export(
    release: $release, unit: $unit, format: $format, within: $within, measure: $measure
  ) { fileName mediaType text digest }
}"""
FORMATS = ("CSV", "CSV_METADATA", "JSON_STAT")


async def exported(
    region: Region, who: str, unit: str, form: str, *, which: int = MONTH, **more: Any
) -> Any:
    """Return a file of a release of the region as somebody gets it."""
    release = region.published[period(region, which)].release
    given = {"release": f"release_{release.hex}", "unit": unit, "format": form} | more
    data = await region.face.data(region.land.actors[who], EXPORT, **given)
    return data["export"]


def lines(text: str) -> list[dict[str, str]]:
    """Return the lines of a CSV file by the names in its header."""
    return list(csv.DictReader(StringIO(text, newline="")))


@pytest.mark.parametrize("form", FORMATS)
async def test_the_same_bytes_again_and_for_everyone(region: Region, form: str) -> None:
    """Twice, and for two roles that see the unit: one text, and the digest is of that text."""
    found = [
        await exported(region, who, "region:99", form)
        for who in ("inspector", "inspector", "policy_maker")
    ]
    assert found[0] == found[1] == found[2]
    assert hashlib.sha256(found[0]["text"].encode()).hexdigest() == found[0]["digest"]
    month = period(region)
    assert found[0]["fileName"].startswith(f"schakel-{month}-v1-region-99")


async def test_csv_has_what_the_figures_say(region: Region) -> None:
    """A municipality with its schools: each part a line, with the count and words of `figures`."""
    found = await exported(region, "adviser", "municipality:9901", "CSV", within="BRANCH")
    assert found["text"].endswith("\r\n")
    assert found["mediaType"].startswith("text/csv")
    read = lines(found["text"])
    assert {line["unit"] for line in read} == {"municipality:9901"} | {
        f"branch:{school.code}" for school in SCHOOLS if school.municipality == "9901"
    }
    told = await figures(region, "adviser", "municipality:9901")
    total = {
        line["part"]: int(line["count"]) if line["count"] else None
        for line in read
        if line["unit"] == "municipality:9901"
        and (line["measure"], line["by"]) == ("absence", "total")
    }
    assert total == counts(told)
    assert {line["shown"] for line in read} >= {"0\u20134", "ongeveer 5"}
    assert all(line["count"] == "" or not 0 < int(line["count"]) < 5 for line in read)


async def test_the_metadata_describes_the_file(region: Region) -> None:
    """CSV on the Web: context, url, a column for each in order, types that fit, and a key."""
    asked: dict[str, Any] = {"within": "BRANCH"}
    table = await exported(region, "adviser", "municipality:9901", "CSV", **asked)
    found = await exported(region, "adviser", "municipality:9901", "CSV_METADATA", **asked)
    assert found["fileName"] == f"{table['fileName']}-metadata.json"
    assert found["mediaType"] == "application/csvm+json"
    metadata = json.loads(found["text"])
    assert metadata["@context"][0] == "http://www.w3.org/ns/csvw"
    assert metadata["url"] == table["fileName"]
    columns = metadata["tableSchema"]["columns"]
    read = lines(table["text"])
    assert [column["name"] for column in columns] == list(read[0])
    for column in columns:
        kind = column["datatype"] if isinstance(column["datatype"], dict) else {}
        base = kind.get("base", column["datatype"])
        for line in read:
            value = line[column["name"]]
            assert value or not column["required"], column["name"]
            if value and base in {"integer", "decimal"}:
                number = float(value)
                assert kind.get("minimum", 0) <= number <= kind.get("maximum", number)
            if base == "boolean":
                assert value in kind["format"].split("|")
    key = metadata["tableSchema"]["primaryKey"]
    keys = [tuple(line[name] for name in key) for line in read]
    assert len(set(keys)) == len(keys)
    told = await figures(region, "adviser", "municipality:9901")
    assert metadata["dc:identifier"] == f"sha256:{told['release']['digest']}"
    assert {note["measure"] for note in metadata["notes"]} == {line["measure"] for line in read}


async def test_json_stat_reads_back_as_a_cube(region: Region) -> None:
    """JSON-stat 2.0: version, class, id, size, value and each dimension's categories, that fit."""
    found = await exported(
        region, "adviser", "municipality:9901", "JSON_STAT", within="BRANCH", measure="absence"
    )
    collection = json.loads(found["text"])
    assert (collection["version"], collection["class"]) == ("2.0", "collection")
    cubes = collection["link"]["item"]
    assert {cube["extension"]["by"] for cube in cubes} >= {"total", "sex"}
    for cube in cubes:
        assert (cube["version"], cube["class"]) == ("2.0", "dataset")
        assert set(cube["dimension"]) == set(cube["id"])
        for name, size in zip(cube["id"], cube["size"], strict=True):
            category = cube["dimension"][name]["category"]
            assert len(category["index"]) == size == len(category["label"])
        most = prod(cube["size"])
        assert all(0 <= int(place) < most for place in (*cube["value"], *cube["status"]))
        assert {name for names in cube["role"].values() for name in names} <= set(cube["id"])
    (total,) = (cube for cube in cubes if cube["extension"]["by"] == "total")
    told = await figures(region, "adviser", "branch:99LB00")
    assert {part: _value(total, "branch:99LB00", part) for part in counts(told)} == counts(told)


async def test_one_measure_and_division_is_a_dataset(region: Region) -> None:
    """A school has one division, so its file is one cube."""
    found = await exported(region, "adviser", "branch:99LB00", "JSON_STAT", measure="absence")
    assert json.loads(found["text"])["class"] in {"dataset", "collection"}


async def test_what_is_not_for_you_is_no_file(region: Region) -> None:
    """A unit of others, no unit, another kind of id, a release that is not there: null alike."""
    release = f"release_{region.published[period(region)].release.hex}"
    for wanted, unit in (
        (release, "municipality:9902"),
        (release, "branch:00XX00"),
        ("release_" + "0" * 32, "municipality:9901"),
        (release.replace("release", "figures"), "municipality:9901"),
        ("", "municipality:9901"),
    ):
        given = {"release": wanted, "unit": unit, "format": "CSV"}
        data = await region.face.data(region.land.actors["adviser"], EXPORT, **given)
        assert data == {"export": None}
    for who in ("officer", "head_99LA00"):
        assert await exported(region, who, "municipality:9901", "CSV") is None
    answer = await region.face.ask(
        None, EXPORT, release=release, unit="municipality:9901", format="CSV"
    )
    assert answer["errors"][0]["extensions"]["code"] == "UNAUTHENTICATED"


@pytest.mark.parametrize(("files", "is_too_much"), [(2, False), (3, True)])
async def test_a_request_holds_two_files(region: Region, files: int, *, is_too_much: bool) -> None:
    """A third file in one request is refused before any is made."""
    release = f"release_{region.published[period(region)].release.hex}"
    file = f'export(release: "{release}", unit: "region:99", format: CSV) {{ digest }}'
    asked = " ".join(f"e{n}: {file}" for n in range(files))
    answer = await region.face.ask(region.land.actors["inspector"], f"{{ {asked} }}")
    assert ("errors" in answer) == is_too_much
    if is_too_much:
        assert answer["errors"][0]["extensions"]["code"] == "LIMIT_EXCEEDED"


async def test_a_file_is_bounded(region: Region, monkeypatch: pytest.MonkeyPatch) -> None:
    """One that would be too long is refused, with what to do."""
    monkeypatch.setattr(limits, "MOST_LINES", 5)
    release = region.published[period(region)].release
    answer = await region.face.ask(
        region.land.actors["adviser"], EXPORT, release=f"release_{release.hex}",
        unit="municipality:9901", format="CSV",
    )  # fmt: skip
    assert "Name one measure" in answer["errors"][0]["message"]


async def test_units_counted_together_are_told_in_the_file(region: Region) -> None:
    """A small municipality's file of a year names those it was counted with."""
    found = await exported(
        region, "inspector", "municipality:9903", "CSV", which=YEAR, measure="absence"
    )
    assert {line["counted_together"] for line in lines(found["text"])} == {"9902 9903"}


def _value(cube: Any, unit: str, part: str) -> Any:
    at = 0
    for name, wanted in (
        ("period", None), ("unit", unit), ("label", "all"), ("part", part), ("metric", "count"),
    ):  # fmt: skip
        index = cube["dimension"][name]["category"]["index"]
        at = at * len(index) + (0 if wanted is None else index.index(wanted))
    return cube["value"].get(str(at))
