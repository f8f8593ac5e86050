"""The company that the places of a report keep: what those chosen so far say of a candidate for another name.

Names with the places chosen for them enter; for a candidate its nearness to the others, in numbers, leaves.
"""

from __future__ import annotations

import math
from collections import Counter
from collections.abc import Collection, Sequence

from whoholds.model import Place
from whoholds.places.layers import EARTH_M, distance_m
from whoholds.places.recognise import Name

__all__ = ["Company", "holds", "lies_in"]

NEAR_M = 120_000.0
"""Reach of nearness, metres: about two hours' drive, the size of a news region."""
_NEXT = math.sin(5 * NEAR_M / EARTH_M / 2) ** 2
"""Haversine from which a place is no company: exp(-5) is less than a hundredth of one."""
Point = tuple[str, float, float, float, float]
"""A place's id, longitude and latitude in degrees, and latitude in radians with its cosine."""
Row = tuple[float, float, float, float, float, float, float]


class Company:
    """The places chosen so far, as company for the names whose turn it is.

    What a place owes to the company depends on the name's words and the place alone, and is kept: a report
    says the same few names again and again.
    """

    def __init__(self, names: Sequence[Name], chosen: Sequence[Place | None]) -> None:
        self._places: dict[str, tuple[Place, set[str]]] = {}
        self._placed: dict[str, set[str]] = {}
        self._apart: dict[str, tuple[list[Point], Counter[str | None], Counter[str | None]]] = {}
        self._rows: dict[tuple[str, str], Row] = {}
        self._regions: dict[str, tuple[set[str | None], set[str | None]]] = {}
        for name, place in zip(names, chosen, strict=True):
            if place is None:
                continue
            key = name.key.casefold()
            self._places.setdefault(place.id, (place, set()))[1].add(key)
            if any((wider := chosen[k]) is not None and holds(wider, place) for k in name.inside):
                self._placed.setdefault(key, set()).add(place.id)

    def placed(self, name: Name) -> Collection[str]:
        """Ids that a bare name has where the report puts it in a wider place that it lies in.

        One sense a discourse (Gale, Church & Yarowsky 1992): after "Paris, Texas", "Paris" is that one.
        """
        return () if name.inside else self._placed.get(name.key.casefold(), ())

    def of(self, key: str, place: Place) -> Row:
        """What the places owe to one another: the features from `country_named` to `near`, `abroad`, `far`.

        Args:
            key: The name's own words, folded: its other mentions are no company.
            place: One of its candidates.
        """
        found = self._rows.get((key, place.id))
        if found is None:
            points, by_country, by_region = self._others(key)
            countries, regions = self._regions[key]
            sure = len(points) / (len(points) + 1)
            near, nearest = _nearness(place, points)
            is_abroad = place.country not in countries and not by_country[place.country]
            found = (
                1.0 if place.country in countries else 0.0,
                1.0 if place.admin1 in regions else 0.0,
                by_country[place.country] / (len(points) + 1),
                by_region[place.admin1] / (len(points) + 1) if place.admin1 is not None else 0.0,
                near,
                sure if is_abroad else 0.0,
                sure * math.log1p(nearest / NEAR_M) if points else 0.0,
            )
            self._rows[(key, place.id)] = found
        return found

    def _others(self, key: str) -> tuple[list[Point], Counter[str | None], Counter[str | None]]:
        found = self._apart.get(key)
        if found is None:
            others = [place for place, keys in self._places.values() if keys != {key}]
            points = [p for p in others if p.kind != "country" and p.feature != "CONT"]
            found = (
                [_point_of(p) for p in points],
                Counter([p.country for p in points]),
                Counter([p.admin1 for p in points]),
            )
            self._apart[key] = found
            # Who names a region names its country: "Ind." is enough to be in the United States.
            self._regions[key] = (
                {p.country for p in others if p.kind == "country" or p.feature == "ADM1"},
                {p.admin1 for p in others if p.feature == "ADM1" and p.admin1},
            )
        return found


def holds(wider: Place, place: Place) -> bool:
    """Whether a wider place has another in it."""
    return wider.kind in ("country", "admin") and wider.id != place.id and lies_in(place, wider)


def lies_in(place: Place, wider: Place) -> bool:
    """Whether a place lies in a country or region, by its codes or, failing these, by distance."""
    if wider.kind == "country":
        return place.country == wider.country
    if wider.feature == "ADM1":
        return place.admin1 == wider.admin1
    if wider.feature == "ADM2" and place.admin2:
        return place.admin2 == wider.admin2
    near = distance_m(place.lon, place.lat, wider.lon, wider.lat)
    return near <= wider.radius_m * 1.5


def _point_of(place: Place) -> Point:
    lat = math.radians(place.lat)
    return place.id, place.lon, place.lat, lat, math.cos(lat)


def _nearness(place: Place, points: Sequence[Point]) -> tuple[float, float]:
    """How many others lie near, each by exp(-d / NEAR_M), with diminishing returns; metres to the nearest."""
    total, least = 0.0, 1.0
    own_id, own_lon, _, lat, cos_lat = _point_of(place)
    for other_id, other_lon, _, other, cos_other in points:
        if other_id != own_id:
            # `distance_m` with what is the same for all pairs taken out of it: this is asked most of all.
            h = (
                math.sin((other - lat) / 2) ** 2
                + cos_lat * cos_other * math.sin(math.radians(other_lon - own_lon) / 2) ** 2
            )
            least = min(least, h)
            if h < _NEXT:
                total += math.exp(-(2 * EARTH_M * math.asin(math.sqrt(h))) / NEAR_M)
    return math.log1p(total), 2 * EARTH_M * math.asin(math.sqrt(least))
