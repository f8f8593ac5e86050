"""A publisher's usual area: what it counts, and what it does to namesakes."""

from __future__ import annotations

import pytest

from whoholds.model import Place
from whoholds.places.gazetteer import StackedGazetteer
from whoholds.places.read import read_places
from whoholds.places.usual import UsualArea
from whoholds.text.parse import parse

TEXAS = Place("t:1", "Austin", -97.7, 30.3, country="US", admin1="US.TX")
NEBRASKA = Place("t:2", "Omaha", -96.0, 41.3, country="US", admin1="US.NE")
FRANCE = Place("t:3", "France", 2.0, 46.0, "country", country="FR")


def test_shares_are_softened_and_countries_left_out() -> None:
    area = UsualArea.of([(TEXAS, 20), (NEBRASKA, 10), (FRANCE, 500)])
    assert area.total == 30
    assert area.nearness(TEXAS) == pytest.approx((30 / 35) ** 2 + (20 / 35) ** 2)
    assert area.nearness(Place("t:4", "Lyon", 4.8, 45.8, country="FR")) == 0.0
    assert area.nearness(FRANCE) == 0.0
    assert UsualArea().nearness(TEXAS) == 0.0


@pytest.mark.parametrize(
    ("text", "places", "words", "expected"),
    [
        # A paper that always writes of Texas means its own Paris; one that writes of anywhere does not.
        ("A fire broke out in Paris on Friday.", [(TEXAS, 80)], "Paris", 307),
        ("A fire broke out in Paris on Friday.", [(TEXAS, 2)], "Paris", 303),
        ("A fire broke out in Paris on Friday.", [], "Paris", 303),
        # What the report itself says counts for more.
        ("A fire broke out in Paris, France, on Friday.", [(TEXAS, 80)], "Paris", 303),
    ],
)
def test_namesakes_follow_the_publisher(
    small: StackedGazetteer, text: str, places: list[tuple[Place, int]], words: str, expected: int
) -> None:
    found = read_places(parse(text, has_headline=False), small, usual=UsualArea.of(places))
    assert {m.span.exact: m.place_id for m in found}[words] == f"geonames:{expected}"
