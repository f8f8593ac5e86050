"""A place as a gazetteer has it."""

from __future__ import annotations

from dataclasses import dataclass

__all__ = ["PLACE_KINDS", "Place"]

PLACE_KINDS = ("settlement", "admin", "country", "water", "landform", "facility", "other")


@dataclass(frozen=True, slots=True)
class Place:
    """One place: an identity and a point, never an owner.

    Attributes:
        id: Prefix and number of its gazetteer (`geonames:473776`, `kursk:guyevo`).
        name: Preferred English name, with the type where it is an area ("Kursk Oblast").
        lon: Degrees east, WGS84. For areas a label point.
        lat: Degrees north, WGS84.
        kind: One of `PLACE_KINDS`.
        country: ISO 3166-1 alpha-2 code of the country that the gazetteer files it under, or None.
        admin1: Id or code of the first-level region, or None.
        admin2: Id or code of the second-level region, or None.
        population: Inhabitants, 0 where unknown.
        radius_m: Reach of an area, or error of a point, in metres.
        feature: GeoNames feature code (`PPL`, `ADM1`), or None.
        names: Further names in any script; filled where the gazetteer is asked for them.
    """

    id: str
    name: str
    lon: float
    lat: float
    kind: str = "settlement"
    country: str | None = None
    admin1: str | None = None
    admin2: str | None = None
    population: int = 0
    radius_m: float = 2000.0
    feature: str | None = None
    names: tuple[str, ...] = ()
