"""Precision codes of ACLED and UCDP."""

from __future__ import annotations

import pytest

from whoholds.model import Relation
from whoholds.places.precision import acled_precision, ucdp_precision

CASES = [
    ("settlement", 2_000.0, "PPL", Relation.IN, 1, 1),
    ("settlement", 2_000.0, "PPL", Relation.NEAR, 2, 2),
    ("settlement", 2_000.0, "PPL", Relation.OUTSKIRTS, 2, 1),
    ("settlement", None, None, Relation.IN, 1, 1),
    ("settlement", 40_000.0, None, Relation.IN, 2, 2),
    ("facility", 500.0, None, Relation.IN, 1, 1),
    ("admin", 25_000.0, "ADM2", Relation.IN, 2, 3),
    ("admin", 98_000.0, "ADM1", Relation.IN, 2, 4),
    ("admin", 300_000.0, "ADM1", Relation.IN, 3, 4),
    ("country", 438_000.0, "PCLI", Relation.IN, 3, 6),
    ("water", 400_000.0, None, Relation.IN, 3, 7),
    ("water", 5_000.0, None, Relation.IN, 2, 2),
    ("other", 160_000.0, None, Relation.IN, 3, 5),
    ("landform", 10_000.0, None, Relation.IN, 2, 2),
]


@pytest.mark.parametrize(("kind", "radius_m", "feature", "relation", "acled", "ucdp"), CASES)
def test_codes_follow_kind_reach_and_relation(
    kind: str, radius_m: float | None, feature: str | None, relation: Relation, acled: int, ucdp: int
) -> None:
    assert acled_precision(kind, radius_m, relation) == acled
    assert ucdp_precision(kind, radius_m, feature, relation) == ucdp
