"""Regions of lower areas by the towns around them."""

from __future__ import annotations

import pytest

from whoholds.places.regions import find_regions

WEST = [(x / 10, 50.0, "AA.01") for x in range(10)]
EAST = [(5 + x / 10, 50.0, "AA.02") for x in range(10)]
TOWNS = [*WEST, *EAST]


@pytest.mark.parametrize(
    ("lon", "code", "country", "expected"),
    [
        (0.5, "AA.01.7", "AA", "AA.01"),
        # Its code is a namesake's, or there is none.
        (0.5, "AA.02.7", "AA", "AA.01"),
        (5.5, "", "AA", "AA.02"),
        # At the border a few towns of its own region are enough; towns of another country prove nothing.
        (2.85, "AA.01.7", "AA", "AA.01"),
        (0.5, "", "BB", None),
    ],
)
def test_towns_around_decide(lon: float, code: str, country: str, expected: str | None) -> None:
    row = {"id": "x", "lon": str(lon), "lat": "50.0", "country": country, "code": code}
    assert find_regions([row], TOWNS).get("x") == expected


def test_no_areas_no_regions() -> None:
    assert find_regions([], TOWNS) == {}
