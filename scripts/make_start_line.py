"""Cut a theatre's start line out of a world map of countries.

In: a theatre folder whose `theatre.toml` has an area and parties with a `country`, and a TopoJSON file of
countries, the 1:10m one of the npm package `world-atlas` (Natural Earth, public domain). Out: the theatre's
start file, GeoJSON with one multipolygon a party: the country within the theatre's bounding box.

    npm pack world-atlas@2.0.2 && tar xzf world-atlas-2.0.2.tgz
    python scripts/make_start_line.py package/countries-10m.json examples/kursk

It serves theatres that begin at an international border. A line that begins elsewhere (a front on some
day) is drawn by hand in any map program and saved as GeoJSON with the property `party`.
"""

from __future__ import annotations

import argparse
import json
import sys
from pathlib import Path
from typing import Any

from shapely.geometry import MultiPolygon, Polygon, box, mapping
from shapely.geometry.base import BaseGeometry
from shapely.ops import unary_union
from shapely.validation import make_valid

from whoholds.theatre import Theatre, load_theatre

DECIMALS = 5
"""Written precision: 1e-5 degrees is 1.1 m, far below the source's generalisation of some hundred metres."""


def decode_arcs(topology: dict[str, Any]) -> list[list[tuple[float, float]]]:
    """The topology's arcs as lists of (lon, lat) degrees.

    Quantised arcs are delta-encoded integers under `transform` (TopoJSON specification, section 2.1.3).
    """
    scale = topology["transform"]["scale"]
    shift = topology["transform"]["translate"]
    found = []
    for arc in topology["arcs"]:
        x = y = 0
        points = []
        for dx, dy, *_ in arc:
            x, y = x + dx, y + dy
            points.append((x * scale[0] + shift[0], y * scale[1] + shift[1]))
        found.append(points)
    return found


def build_ring(indexes: list[int], arcs: list[list[tuple[float, float]]]) -> list[tuple[float, float]]:
    """One ring from its arcs; a negative index ~i means arc i backwards, and joints are shared points."""
    ring: list[tuple[float, float]] = []
    for index in indexes:
        points = arcs[index] if index >= 0 else arcs[~index][::-1]
        ring.extend(points if not ring else points[1:])
    return ring


def build_country(geometry: dict[str, Any], arcs: list[list[tuple[float, float]]]) -> BaseGeometry:
    """A country's polygons as one valid shape."""
    pieces = geometry["arcs"] if geometry["type"] == "MultiPolygon" else [geometry["arcs"]]
    polygons = []
    for rings in pieces:
        shell, *holes = (build_ring(ring, arcs) for ring in rings)
        polygons.append(make_valid(Polygon(shell, holes)))
    return unary_union(polygons)


def cut_start_line(topology: dict[str, Any], theatre: Theatre) -> dict[str, Any]:
    """The FeatureCollection of the parties' countries within the theatre's box.

    Raises:
        SystemExit: A party's country is not in the map, or has no ground in the box.
    """
    arcs = decode_arcs(topology)
    countries = {g["properties"]["name"]: g for g in topology["objects"]["countries"]["geometries"]}
    frame = box(*theatre.area.bbox)
    features = []
    for party in theatre.parties:
        if party.name not in countries:
            sys.exit(f"the map has no country {party.name!r}; its names are those of Natural Earth")
        shape = build_country(countries[party.name], arcs).intersection(frame)
        polygons = [p for p in getattr(shape, "geoms", [shape]) if isinstance(p, Polygon) and p.area > 0]
        if not polygons:
            sys.exit(f"{party.name} has no ground within {theatre.area.bbox}")
        features.append(
            {
                "type": "Feature",
                "properties": {"party": party.id, "name": party.name},
                "geometry": _rounded(mapping(MultiPolygon(polygons))),
            }
        )
    return {"type": "FeatureCollection", "features": features}


def _rounded(value: Any) -> Any:
    if isinstance(value, float):
        return round(value, DECIMALS)
    if isinstance(value, dict):
        return {key: _rounded(item) for key, item in value.items()}
    if isinstance(value, (list, tuple)):
        return [_rounded(item) for item in value]
    return value


def main() -> None:
    """Read the two arguments, write the theatre's start file, print its size."""
    parser = argparse.ArgumentParser(description=__doc__.splitlines()[0])
    parser.add_argument("topology", type=Path, help="countries-10m.json of the npm package world-atlas")
    parser.add_argument("theatre", help="name or folder of the theatre")
    arguments = parser.parse_args()
    theatre = load_theatre(arguments.theatre)
    if theatre.start is None or theatre.folder is None:
        sys.exit(f"theatre {theatre.id!r} has no [start] section to write to")
    found = cut_start_line(json.loads(arguments.topology.read_text("utf-8")), theatre)
    target = theatre.folder / theatre.start.file
    target.write_text(json.dumps(found, separators=(",", ":")) + "\n", "utf-8")
    print(f"{target}: {len(found['features'])} parties, {target.stat().st_size} bytes")


if __name__ == "__main__":
    main()
