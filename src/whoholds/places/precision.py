"""Precision codes of ACLED and UCDP from a place's kind and reach: derived, never stored.

ACLED codebook (2023), "Geo-precision": 1 the exact place, 2 near it or a small part of a region, 3 a larger
region. UCDP GED codebook 23.1, `where_prec`: 1 exact, 2 within about 25 km, 3 second-level region, 4
first-level region, 5 a line or a fuzzy area, 6 country, 7 sea or air.
"""

from __future__ import annotations

from whoholds.model import Relation

__all__ = ["acled_precision", "ucdp_precision"]

NEAR_M = 25_000.0
"""UCDP's radius of "at or near" a known place."""


def acled_precision(kind: str, radius_m: float | None, relation: Relation = Relation.IN) -> int:
    """ACLED's geo-precision, 1 to 3."""
    if kind in ("settlement", "facility") and relation is Relation.IN:
        return 1 if radius_m is None or radius_m <= NEAR_M else 2
    if kind == "country" or (radius_m or 0) > 4 * NEAR_M:
        return 3
    return 2


def ucdp_precision(
    kind: str, radius_m: float | None, feature: str | None = None, relation: Relation = Relation.IN
) -> int:
    """UCDP's `where_prec`, 1 to 7."""
    if kind == "country":
        return 6
    if kind == "water" and (radius_m or 0) > NEAR_M:
        return 7
    if feature == "ADM1":
        return 4
    if kind == "admin":
        return 3
    if kind in ("settlement", "facility"):
        near = (radius_m or 0) > NEAR_M or relation not in (Relation.IN, Relation.OUTSKIRTS)
        return 2 if near else 1
    return 5 if (radius_m or 0) > NEAR_M else 2
