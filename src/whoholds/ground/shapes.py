"""Cells drawn: statuses of cells in, GeoJSON lines and polygons out, smoothed for the eye.

Smoothing is Chaikin's corner cutting (1974). It never touches the cells, so the areas that are quoted do
not change; each feature carries the area of its cells.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from itertools import pairwise
from typing import Any

import h3
import numpy as np
from numpy.typing import NDArray

__all__ = ["cut_corners", "draw_front", "draw_polygons"]

Ring = list[tuple[float, float]]


def cut_corners(ring: Sequence[tuple[float, float]], *, is_closed: bool, rounds: int = 2) -> Ring:
    """A line with its corners cut off, `rounds` times; open ends stay where they are."""
    line = np.asarray(ring, dtype=np.float64)
    for _ in range(rounds):
        if len(line) < 3:
            break
        a, b = line[:-1], line[1:]
        cut = np.empty((2 * len(a), 2))
        cut[0::2] = 0.75 * a + 0.25 * b
        cut[1::2] = 0.25 * a + 0.75 * b
        line = np.vstack([cut, cut[:1]]) if is_closed else np.vstack([line[:1], cut, line[-1:]])
    return [(round(float(x), 5), round(float(y), 5)) for x, y in line]


def draw_polygons(
    cells: Sequence[str], status: Sequence[str], km2: NDArray[np.float64], *, on: str
) -> dict[str, Any]:
    """One MultiPolygon feature a status, smoothed."""
    features = []
    for name in sorted(set(status)):
        members = [i for i, s in enumerate(status) if s == name]
        shape = h3.cells_to_geo([cells[i] for i in members], tight=False)
        polygons = [
            [cut_corners(ring, is_closed=True) for ring in polygon] for polygon in shape["coordinates"]
        ]
        features.append(
            {
                "type": "Feature",
                "geometry": {"type": "MultiPolygon", "coordinates": polygons},
                "properties": {"status": name, "date": on, "km2": round(float(km2[members].sum()), 1)},
            }
        )
    return {"type": "FeatureCollection", "features": features}


def draw_front(cells: Sequence[str], holder: Mapping[str, str], *, on: str) -> dict[str, Any]:
    """Where cells of two holders meet: one MultiLineString feature, smoothed.

    Args:
        cells: Cells in a fixed order.
        holder: Cell to the party that more probably holds it; cells without one draw no line.
        on: The day, for the properties.
    """
    edges: dict[tuple[float, float], list[tuple[float, float]]] = {}
    for cell in cells:
        mine = holder.get(cell)
        if mine is None:
            continue
        for other in h3.grid_ring(cell, 1):
            theirs = holder.get(other)
            if theirs is None or theirs == mine or other < cell or not h3.are_neighbor_cells(cell, other):
                continue
            edge = h3.directed_edge_to_boundary(h3.cells_to_directed_edge(cell, other))
            points = [(round(lng, 6), round(lat, 6)) for lat, lng in edge]
            for a, b in pairwise(points):
                edges.setdefault(a, []).append(b)
                edges.setdefault(b, []).append(a)
    lines = [cut_corners(line, is_closed=line[0] == line[-1]) for line in _trace(edges)]
    return {
        "type": "FeatureCollection",
        "features": [
            {
                "type": "Feature",
                "geometry": {"type": "MultiLineString", "coordinates": lines},
                "properties": {"date": on},
            }
        ]
        if lines
        else [],
    }


def _trace(edges: dict[tuple[float, float], list[tuple[float, float]]]) -> list[Ring]:
    """Edges joined to lines: from the loose ends first, then what is left as rings."""
    lines: list[Ring] = []
    ends = sorted(p for p, near in edges.items() if len(near) != 2)
    for start in [*ends, *sorted(edges)]:
        while edges.get(start):
            line = [start]
            here = start
            while edges.get(here):
                following = min(edges[here])
                edges[here].remove(following)
                edges[following].remove(here)
                line.append(following)
                here = following
                if here == start or len(edges[here]) > 1:
                    break
            lines.append(line)
    return lines
