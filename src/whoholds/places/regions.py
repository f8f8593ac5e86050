"""The first-level regions of lower areas: areas and towns in, a region's code for each area out.

The packaged table has lower areas whose code is missing or that of a namesake across a border (one in four,
and two dozen). The towns around an area's point tell where it lies.
"""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterable, Mapping, Sequence

import numpy as np
from numpy.typing import NDArray
from scipy.spatial import cKDTree

__all__ = ["find_regions"]

AROUND = 7
"""Towns asked for each area."""
MAJORITY = 4
"""How many of them must agree."""


def find_regions(
    areas: Iterable[Mapping[str, str]], towns: Sequence[tuple[float, float, str]]
) -> dict[str, str]:
    """By area id, the region (`US.KS`) that its point lies in.

    An area's own code stands where one of the towns around has it; else the towns' majority does, if they
    are of the area's country. Areas for which neither holds are left out.

    Args:
        areas: Rows with `id`, `lon`, `lat`, `country`, `code`.
        towns: Longitude, latitude (degrees) and region of each.
    """
    tree = cKDTree(_to_sphere(np.array([t[:2] for t in towns])))
    rows = list(areas)
    if not rows:
        return {}
    points = _to_sphere(np.array([(float(r["lon"]), float(r["lat"])) for r in rows]))
    _, nearest = tree.query(points, k=min(AROUND, len(towns)))
    found: dict[str, str] = {}
    for row, around in zip(rows, np.atleast_2d(nearest.T).T, strict=True):
        regions = Counter(towns[k][2] for k in around)
        own = ".".join(row["code"].split(".")[:2]) if row["code"].count(".") > 1 else ""
        likeliest, n = regions.most_common(1)[0]
        if own in regions:
            found[row["id"]] = own
        elif n >= MAJORITY and likeliest.startswith(row["country"] + "."):
            found[row["id"]] = likeliest
    return found


def _to_sphere(degrees: NDArray[np.float64]) -> NDArray[np.float64]:
    lon, lat = np.radians(degrees[:, 0]), np.radians(degrees[:, 1])
    return np.stack([np.cos(lat) * np.cos(lon), np.cos(lat) * np.sin(lon), np.sin(lat)], axis=1)
