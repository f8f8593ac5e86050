"""Units: what control is worked out for (places or cells), as arrays.

Points in, sparse weights out: who neighbours whom, and which observation reaches which unit.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from datetime import date
from typing import Any

import numpy as np
import shapely
from numpy.typing import NDArray
from scipy.sparse import csr_matrix, identity
from scipy.spatial import cKDTree
from shapely.geometry import shape

from whoholds.errors import InputError

__all__ = ["EARTH_RADIUS_M", "Units", "cover_points", "neighbour_weights", "unit_sphere", "units_of_points"]

EARTH_RADIUS_M = 6_371_008.8
"""Mean radius R1 of the WGS84 ellipsoid (IUGG)."""

MOST_DEGREES = 60.0
"""Widest span of one polygon; wider than any theatre of war on land."""

Floats = NDArray[np.float64]


@dataclass(frozen=True, slots=True)
class Units:
    """Units of ground in a fixed order.

    Attributes:
        ids: Place ids or cell indices.
        lon: Degrees east, [n].
        lat: Degrees north, [n].
        initial: Index of the party that held the unit on `initial_on`, -1 where nobody knows, [n].
        initial_on: That day, one for all; None for the day before the first claim.
        neighbours: Row-normalised weights, [n, n]; an isolated unit has an empty row.
        keys: What claims are matched by: place ids, or positions (`evidence.place_key`).
        footprint: Weight with which an observation of a key reaches a unit, [n_keys, n], 0 to 1.
        aliases: Further names of keys, to their index (a place's name where it is unique).
    """

    ids: tuple[str, ...]
    lon: Floats
    lat: Floats
    initial: NDArray[np.int16]
    initial_on: date | None
    neighbours: Any
    keys: tuple[str, ...]
    footprint: Any
    aliases: dict[str, int] = field(default_factory=dict)

    def __len__(self) -> int:
        return len(self.ids)


def unit_sphere(lon: Floats, lat: Floats) -> Floats:
    """Points on the unit sphere, [n, 3], of degrees; chords there grow with distance on the ground."""
    x, y = np.radians(lon), np.radians(lat)
    return np.stack([np.cos(y) * np.cos(x), np.cos(y) * np.sin(x), np.sin(y)], axis=1)


def cover_points(geometry: Mapping[str, Any], lon: Floats, lat: Floats) -> list[int]:
    """Indices of the points that a GeoJSON polygon or multipolygon covers.

    Raises:
        InputError: It is no polygon, crosses itself, or covers more of the globe than any war.
    """
    try:
        shape_ = shape(geometry)
    except (KeyError, TypeError, ValueError, AttributeError, shapely.errors.ShapelyError):
        raise InputError("the geometry cannot be read as GeoJSON", code="bad_geometry") from None
    if shape_.geom_type not in ("Polygon", "MultiPolygon") or shape_.is_empty:
        raise InputError(f"the geometry is a {shape_.geom_type}, not a polygon", code="bad_geometry")
    if not shape_.is_valid:
        raise InputError("the polygon crosses itself; mend it and import it again", code="bad_geometry")
    west, south, east, north = shape_.bounds
    if east - west > MOST_DEGREES or north - south > MOST_DEGREES:
        raise InputError("the polygon spans more of the globe than any war", code="geometry_too_large")
    shapely.prepare(shape_)
    return [int(i) for i in np.flatnonzero(shapely.contains_xy(shape_, lon, lat))]


def neighbour_weights(lon: Floats, lat: Floats, *, n_nearest: int = 12, scale_m: float | None = None) -> Any:
    """Row-normalised weights exp(-distance / scale) of each point's nearest others, CSR [n, n].

    The scale defaults to the median distance to the fourth neighbour: dense and sparse theatres alike
    then have a handful of neighbours that count, but it is never beyond 50 km. Nobody beyond four scales is a
    neighbour.
    """
    n = len(lon)
    if n < 2:
        return csr_matrix((n, n), dtype=np.float32)
    points = unit_sphere(lon, lat)
    k = min(n_nearest, n - 1)
    chord, index = cKDTree(points).query(points, k + 1)
    distance = 2 * EARTH_RADIUS_M * np.arcsin(np.minimum(chord / 2, 1))
    if scale_m is None:
        scale_m = min(50_000.0, max(500.0, float(np.median(distance[:, min(4, k)]))))
    rows = np.repeat(np.arange(n), k + 1)
    columns = index.ravel()
    weight = np.exp(-distance.ravel() / scale_m)
    # Two places on one spot may list each other before themselves: leave self out by index, not by rank.
    keep = (columns != rows) & (distance.ravel() <= 4 * scale_m)
    matrix = csr_matrix((weight[keep], (rows[keep], columns[keep])), shape=(n, n))
    total = np.asarray(matrix.sum(axis=1)).ravel()
    matrix = csr_matrix(matrix.multiply((1 / np.where(total > 0, total, 1))[:, None]), dtype=np.float32)
    matrix.sort_indices()
    return matrix


def units_of_points(
    ids: Sequence[str],
    names: Sequence[str],
    lon: Floats,
    lat: Floats,
    initial: NDArray[np.int16],
    initial_on: date | None,
) -> Units:
    """A unit of each place; a claim reaches the place whose id it names, or whose unique name."""
    order = sorted(range(len(ids)), key=lambda i: ids[i])
    ids = tuple(ids[i] for i in order)
    names = [names[i] for i in order]
    lon, lat, initial = lon[order], lat[order], initial[order]
    seen: dict[str, int] = {}
    for i, name in enumerate(names):
        seen[name] = -1 if name in seen else i
    aliases = {name: i for name, i in seen.items() if i >= 0 and name not in ids}
    return Units(
        ids=ids,
        lon=lon,
        lat=lat,
        initial=initial,
        initial_on=initial_on,
        neighbours=neighbour_weights(lon, lat),
        keys=ids,
        footprint=identity(len(ids), dtype=np.float32, format="csr"),
        aliases=aliases,
    )
