"""The outlines under the map: country borders near the theatre, cut from the built asset.

In: `static/app/basemap.topojson` (Natural Earth 1:10m countries, which the client's build puts there) and
a bounding box. Out: GeoJSON with polygons of land and label points. TopoJSON's arcs are decoded as its
specification says: integers, each the difference from the one before, times a scale.
"""

from __future__ import annotations

import json
from functools import lru_cache
from pathlib import Path
from typing import Any

import numpy as np
import shapely
from numpy.typing import NDArray
from shapely.geometry import MultiPolygon, Polygon, box, mapping

from whoholds.errors import ConfigurationError

__all__ = ["cut_outlines"]

_MARGIN = 3.0
"""How far outlines reach past the theatre, in widths of it: enough to pan and zoom out on a laptop."""


@lru_cache(maxsize=2)
def cut_outlines(path: Path, bbox: tuple[float, float, float, float]) -> dict[str, Any]:
    """Countries within reach of a theatre's area.

    Raises:
        ConfigurationError: The client has not been built.
    """
    try:
        topology = json.loads(path.read_text("utf-8"))
    except OSError:
        raise ConfigurationError(
            f"the page's built files are missing ({path.parent}); reinstall the package, "
            "or run `python hatch_build.py` in a checkout"
        ) from None
    arcs = _decode_arcs(topology)
    west, south, east, north = bbox
    width, height = (east - west) * _MARGIN, (north - south) * _MARGIN
    window = box(
        max(-180, west - width), max(-85, south - height), min(180, east + width), min(85, north + height)
    )
    features = []
    for country in topology["objects"]["countries"]["geometries"]:
        ground = _polygons(country, arcs)
        if not ground.intersects(window):
            continue
        part = shapely.intersection(shapely.make_valid(ground), window)
        if part.is_empty:
            continue
        # The label stands in the part that the theatre's own frame shows, where there is one.
        seen = shapely.intersection(part, box(*bbox))
        point = (part if seen.is_empty else seen).representative_point()
        properties = {"name": country["properties"]["name"]}
        features += [
            {"type": "Feature", "properties": {**properties, "kind": "land"}, "geometry": _rounded(part)},
            {"type": "Feature", "properties": {**properties, "kind": "label"}, "geometry": _rounded(point)},
        ]
    return {"type": "FeatureCollection", "features": features}


def _decode_arcs(topology: dict[str, Any]) -> list[NDArray[np.float64]]:
    scale, shift = topology["transform"]["scale"], topology["transform"]["translate"]
    return [np.cumsum(np.asarray(arc, dtype=np.int64), axis=0) * scale + shift for arc in topology["arcs"]]


def _polygons(country: dict[str, Any], arcs: list[NDArray[np.float64]]) -> Any:
    """A country's ground from its arcs; a negative index is an arc walked backwards."""

    def ring(indexes: list[int]) -> NDArray[np.float64]:
        parts = [arcs[i] if i >= 0 else arcs[~i][::-1] for i in indexes]
        # Each arc starts where the one before ended.
        return np.concatenate([parts[0], *(part[1:] for part in parts[1:])])

    polygons = country["arcs"] if country["type"] == "MultiPolygon" else [country["arcs"]]
    # Rounding leaves a few islets of less than a triangle.
    made = [[line for line in map(ring, rings) if len(line) >= 4] for rings in polygons]
    return MultiPolygon([Polygon(lines[0], lines[1:]) for lines in made if lines])


def _rounded(geometry: Any) -> dict[str, Any]:
    """GeoJSON with four decimals, about ten metres: finer than the outlines are."""

    def plain(value: Any) -> Any:
        return round(value, 4) if isinstance(value, float) else [plain(v) for v in value]

    found = mapping(geometry)
    if "geometries" in found:
        return {"type": "GeometryCollection", "geometries": [_rounded(g) for g in geometry.geoms]}
    return {"type": found["type"], "coordinates": plain(found["coordinates"])}
