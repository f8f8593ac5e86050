"""Laying cells: positions and a start line in; cells, their areas, neighbours and footprints out.

Cells are H3 (Uber, https://h3geo.org), hexagons on an icosahedron; their areas are the true ones on the
sphere, and membership in a polygon goes by centroid.
"""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from typing import Any

import h3
import numpy as np
import shapely
from numpy.typing import NDArray
from scipy.sparse import csr_matrix
from scipy.spatial import cKDTree
from shapely.geometry import shape

from whoholds.fuse.units import EARTH_RADIUS_M, unit_sphere

__all__ = [
    "Position",
    "cell_areas_km2",
    "cell_centres",
    "cell_neighbours",
    "cells_around",
    "footprints",
    "holders_at",
]

Floats = NDArray[np.float64]
Position = tuple[float, float, float]
"""lon, lat in degrees and reach or error in metres."""

CORE_M = 1500.0
"""Reach of a settlement whose radius is unknown, and of the part that words surely mean."""
FRINGE_M = 3000.0
"""Beyond the footprint a claim's weight falls by half a bell of this width: fields go with the village."""
FRINGE_SHARE = 0.35
"""Weight just outside the footprint: the ground around a village is usually, not always, its holder's."""


def cells_around(
    positions: Sequence[Position],
    resolution: int,
    bbox: tuple[float, float, float, float],
    *,
    reach_m: float,
    most: int = 60_000,
) -> list[str]:
    """The cells within `reach_m` of a position's footprint and inside the box, sorted.

    Where that would be more than `most` cells the reach shrinks, by half each time: a record of a whole
    country is one of the ground around its settlements.
    """
    while True:
        found: set[str] = set()
        edge_m = h3.average_hexagon_edge_length(resolution, unit="m")
        for lon, lat, radius_m in positions:
            k = int(np.ceil((radius_m + reach_m) / (edge_m * 1.5)))
            found.update(h3.grid_disk(h3.latlng_to_cell(lat, lon, resolution), k))
        if len(found) <= most or reach_m < edge_m:
            break
        reach_m /= 2
    cells = sorted(found)
    lon_, lat_ = cell_centres(cells)
    west, south, east, north = bbox
    inside = (lon_ >= west) & (lon_ <= east) & (lat_ >= south) & (lat_ <= north)
    return [cell for cell, keep in zip(cells, inside, strict=True) if keep]


def cell_centres(cells: Sequence[str]) -> tuple[Floats, Floats]:
    """Longitudes and latitudes of the cells' centres, degrees."""
    points = np.array([h3.cell_to_latlng(c) for c in cells], dtype=np.float64).reshape(-1, 2)
    return points[:, 1], points[:, 0]


def cell_areas_km2(cells: Sequence[str]) -> Floats:
    """True areas on the sphere, square kilometres."""
    return np.array([h3.cell_area(c, unit="km^2") for c in cells], dtype=np.float64)


def cell_neighbours(cells: Sequence[str]) -> Any:
    """Row-normalised weights of each cell's neighbours among `cells`: first ring 1, second ring 1/2."""
    at = {cell: i for i, cell in enumerate(cells)}
    rows: list[int] = []
    columns: list[int] = []
    weights: list[float] = []
    for i, cell in enumerate(cells):
        near = set(h3.grid_disk(cell, 1))
        for other in h3.grid_disk(cell, 2):
            j = at.get(other)
            if j is not None and j != i:
                rows.append(i)
                columns.append(j)
                weights.append(1.0 if other in near else 0.5)
    matrix = csr_matrix((weights, (rows, columns)), shape=(len(cells), len(cells)))
    total = np.asarray(matrix.sum(axis=1)).ravel()
    matrix = csr_matrix(matrix.multiply((1 / np.where(total > 0, total, 1))[:, None]), dtype=np.float32)
    matrix.sort_indices()
    return matrix


@dataclass(frozen=True, slots=True)
class _Reach:
    radius_m: Floats
    core: Floats


def footprints(positions: Sequence[Position], lon: Floats, lat: Floats, cell_radius_m: float) -> Any:
    """Weight with which words about each position reach each cell, CSR [n_positions, n_cells], 0 to 1.

    Within the footprint 1, less where the position is uncertain: of an error far wider than a settlement
    only part is the settlement. Outside it falls off. The nearest cell always counts.
    """
    tree = cKDTree(unit_sphere(lon, lat))
    rows: list[NDArray[np.int64]] = []
    columns: list[NDArray[np.int64]] = []
    weights: list[Floats] = []
    centres = unit_sphere(np.array([p[0] for p in positions]), np.array([p[1] for p in positions]))
    for i, (point, (_, _, radius_m)) in enumerate(zip(centres, positions, strict=True)):
        reach = max(radius_m, CORE_M) + cell_radius_m
        limit = 2 * np.sin(min((reach + 2 * FRINGE_M) / EARTH_RADIUS_M, np.pi) / 2)
        near = np.array(sorted(tree.query_ball_point(point, limit)), dtype=np.int64)
        if not len(near):
            continue
        chord = np.linalg.norm(tree.data[near] - point, axis=1)
        distance = 2 * EARTH_RADIUS_M * np.arcsin(np.minimum(chord / 2, 1))
        inner = min(1.0, 2 * CORE_M / max(radius_m, 2 * CORE_M))
        outside = np.maximum(distance - reach, 0)
        fringe = FRINGE_SHARE * np.exp(-((outside / FRINGE_M) ** 2))
        weight = inner * np.where(distance <= reach, 1.0, fringe)
        weight[distance.argmin()] = 1.0
        rows.append(np.full(len(near), i))
        columns.append(near)
        weights.append(weight)
    shape_ = (len(positions), len(lon))
    if not rows:
        return csr_matrix(shape_, dtype=np.float32)
    matrix = csr_matrix(
        (np.concatenate(weights), (np.concatenate(rows), np.concatenate(columns))), shape=shape_
    )
    matrix.sort_indices()
    return matrix.astype(np.float32)


def holders_at(
    areas: Mapping[str, Mapping[str, Any]], parties: Sequence[str], lon: Floats, lat: Floats
) -> NDArray[np.int16]:
    """Index of the party whose ground each point was at the start; -1 where nobody's, [n].

    Where two parties' areas overlap the point is nobody's: the start lines contradict each other there.
    """
    found = np.full(len(lon), -1, dtype=np.int16)
    claimed = np.zeros(len(lon), dtype=np.int64)
    for i, party in enumerate(parties):
        if party not in areas:
            continue
        geometry = shapely.make_valid(shape(areas[party]))
        shapely.prepare(geometry)
        inside = shapely.contains_xy(geometry, lon, lat)
        found[inside] = i
        claimed += inside
    found[claimed > 1] = -1
    return found


def covered(geometry: Mapping[str, Any], lon: Floats, lat: Floats) -> Iterable[int]:
    """Indices of the points that a GeoJSON geometry covers."""
    shape_ = shapely.make_valid(shape(geometry))
    shapely.prepare(shape_)
    return np.flatnonzero(shapely.contains_xy(shape_, lon, lat)).tolist()
