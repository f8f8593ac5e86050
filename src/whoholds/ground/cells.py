"""Laying cells: positions and a start line in; cells, their areas, neighbours and footprints out.

Cells are H3 (Uber, https://h3geo.org), hexagons on an icosahedron; their areas are the true ones on the
sphere, and membership in a polygon goes by centroid.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
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
    "CORE_M",
    "Position",
    "blend_weights",
    "cell_areas_km2",
    "cell_centres",
    "cells_around",
    "holders_at",
]

Floats = NDArray[np.float64]
Position = tuple[float, float, float]
"""lon, lat in degrees and reach or error in metres."""

CORE_M = 1500.0
"""Reach of a settlement whose radius is unknown, and of the part that words surely mean."""
FIELD_M = 4000.0
"""How far a place speaks for the ground beyond its footprint: half the way to the next village, about."""


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


def blend_weights(
    positions: Sequence[Position],
    initial: NDArray[np.int16],
    lon: Floats,
    lat: Floats,
    cell_initial: NDArray[np.int16],
) -> tuple[Any, Any]:
    """How near each place is to the cells of its footprint and to those outside, CSR [n_cells, n_places].

    A bell around each place, flat within its footprint (its reach, or the error of its position), of width
    `FIELD_M` outside: fields go with the villages around them. Places that another party held at the start
    say nothing of a cell: a front that has not crossed a border does not bend it.
    """
    n_cells, n_places = len(lon), len(positions)
    if not n_places or not n_cells:
        empty = csr_matrix((n_cells, n_places), dtype=np.float32)
        return empty, empty
    centres = unit_sphere(np.array([p[0] for p in positions]), np.array([p[1] for p in positions]))
    radius = np.maximum(np.array([p[2] for p in positions]), CORE_M)
    limit = 2 * np.sin((float(radius.max()) + 3 * FIELD_M) / EARTH_RADIUS_M / 2)
    near = cKDTree(unit_sphere(lon, lat)).sparse_distance_matrix(
        cKDTree(centres), limit, output_type="coo_matrix"
    )
    distance = 2 * EARTH_RADIUS_M * np.arcsin(np.minimum(near.data / 2, 1))
    outside = np.maximum(distance - radius[near.col], 0) / FIELD_M
    # A place whose position is uncertain says less of each cell that it may lie in.
    weight = np.exp(-(outside**2)) * np.minimum(1, 2 * CORE_M / radius[near.col])
    same = (
        (initial[near.col] == cell_initial[near.row]) | (initial[near.col] < 0) | (cell_initial[near.row] < 0)
    )
    weight *= same
    is_core = outside == 0

    def matrix(which: NDArray[np.bool_]) -> Any:
        kept = which & (weight > 0)
        values = weight[kept].astype(np.float32)
        found = csr_matrix((values, (near.row[kept], near.col[kept])), shape=(n_cells, n_places))
        found.sort_indices()
        return found

    return matrix(is_core), matrix(~is_core)


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
