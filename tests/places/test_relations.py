"""Relations of events to places, and offsets in kilometres."""

from __future__ import annotations

import pytest

from whoholds.model import Relation
from whoholds.places.layers import distance_m
from whoholds.places.relations import Offset, destination, offset_of, relation_of
from whoholds.text.parse import Parsed, parse

RELATIONS = [
    ("Troops entered Sudzha on Friday.", Relation.IN),
    ("Fighting continued in Sudzha.", Relation.IN),
    ("Fighting continued on the outskirts of Sudzha.", Relation.OUTSKIRTS),
    ("Fighting continued at the edge of Sudzha.", Relation.OUTSKIRTS),
    ("The clash happened near Sudzha.", Relation.NEAR),
    ("The clash happened outside Sudzha.", Relation.NEAR),
    ("The clash happened in the vicinity of Sudzha.", Relation.NEAR),
    ("The clash happened north of Sudzha.", Relation.NEAR),
    ("The clash happened 8 km northwest of Sudzha.", Relation.NEAR),
    ("The column moved toward Sudzha.", Relation.TOWARD),
    ("The column moved in the direction of Sudzha.", Relation.TOWARD),
    ("Attacks were repelled in the Sudzha direction.", Relation.TOWARD),
    ("The column withdrew from Sudzha.", Relation.FROM),
    ("They were driven out of Sudzha.", Relation.FROM),
    ("Alarms went off across Sudzha.", Relation.ACROSS),
    ("Clashes near Guyevo and Sudzha went on.", Relation.NEAR),
    ("Clashes near Guyevo, Gornal and Sudzha went on.", Relation.NEAR),
    ("Clashes toward Malaya Loknya and Sudzha went on.", Relation.TOWARD),
    ("Clashes near the village of Sudzha went on.", Relation.NEAR),
    ("Clashes in the town of Sudzha went on.", Relation.IN),
    ("Shells fell close to Sudzha.", Relation.NEAR),
    ("A convoy on the road to Sudzha was hit.", Relation.TOWARD),
    ("They came to Sudzha.", Relation.IN),
    ("The mayor of Sudzha spoke.", Relation.IN),
    ("They left Guyevo and entered Sudzha.", Relation.IN),
    ("The outskirts were shelled; in Sudzha it was quiet.", Relation.IN),
    ("Troops near the border held Sudzha.", Relation.IN),
]
OFFSETS = [
    ("It fell 8 km northwest of Sudzha.", 8000.0, 315.0),
    ("It fell 12.5 kilometers south of Sudzha.", 12_500.0, 180.0),
    ("It fell 5 miles north-east of Sudzha.", 8046.72, 45.0),
    ("It fell 3 km to the west of Sudzha.", 3000.0, 270.0),
    ("It fell 10 km from Sudzha.", 10_000.0, None),
]
NO_OFFSETS = [
    "It fell north of Sudzha.",
    "It fell in Sudzha.",
    "Nine men of Sudzha left.",
    "It fell near Sudzha.",
]


def where(text: str) -> tuple[Parsed, int, int]:
    parsed = parse(text, has_headline=False)
    token = next(t for t in parsed.doc if t.text == "Sudzha")
    return parsed, token.i, token.i + 1


@pytest.mark.parametrize(("text", "relation"), RELATIONS)
def test_words_before_give_the_relation(text: str, relation: Relation) -> None:
    assert relation_of(*where(text)) is relation


@pytest.mark.parametrize(("text", "metres", "bearing"), OFFSETS)
def test_distance_and_bearing_are_read(text: str, metres: float, bearing: float | None) -> None:
    parsed, first, _ = where(text)
    offset = offset_of(parsed, first)
    assert offset is not None
    assert (offset.metres, offset.bearing) == (pytest.approx(metres), bearing)


@pytest.mark.parametrize("text", NO_OFFSETS)
def test_no_distance_is_no_offset(text: str) -> None:
    parsed, first, _ = where(text)
    assert offset_of(parsed, first) is None


@pytest.mark.parametrize("bearing", [0.0, 45.0, 90.0, 180.0, 270.0, 315.0])
@pytest.mark.parametrize("lat", [-60.0, 0.0, 51.19, 80.0])
def test_a_destination_lies_at_the_distance(lat: float, bearing: float) -> None:
    lon, there, error = destination(179.9, lat, Offset(8000.0, bearing, 0))
    assert distance_m(179.9, lat, lon, there) == pytest.approx(8000.0, rel=1e-6)
    assert -180 <= lon <= 180
    assert error == pytest.approx(8000 / 3)


def test_a_distance_without_direction_stays_at_the_place() -> None:
    assert destination(35.0, 51.0, Offset(10_000.0, None, 0)) == (35.0, 51.0, 10_000.0)
