"""Local news with the packaged gazetteer: small towns, counties, states as agencies abbreviate them."""

from __future__ import annotations

import pytest

from whoholds.places.gazetteer import StackedGazetteer
from whoholds.places.read import read_places
from whoholds.text.parse import parse

# text, words of mentions with the region that each must lie in
PLACED: list[tuple[str, dict[str, str]]] = [
    (
        "PARIS, Texas (AP) — Police in Paris said that a man from Clarksville was held in Lamar County.",
        {"PARIS": "US.TX", "Paris": "US.TX", "Clarksville": "US.TX", "Lamar County": "US.TX"},
    ),
    (
        "A Springfield, Ill., man and his brother from Decatur left.",
        {"Springfield": "US.IL", "Decatur": "US.IL"},
    ),
    ("They moved to Nashua, NH, and to Mt. Vernon, N.Y.", {"Nashua": "US.NH", "Mt. Vernon": "US.NY"}),
    ("The Clay County fair in Brazil, Ind., is over.", {"Brazil": "US.IN"}),
    ("Mexico, Mo., residents like Cuba, Mo.", {"Mexico": "US.MO", "Cuba": "US.MO"}),
    ("London, Ontario police and a man from Hamilton.", {"London": "CA.08", "Hamilton": "CA.08"}),
    (
        "Birmingham, Alabama Mayor Ann Doe spoke in Montgomery.",
        {"Birmingham": "US.AL", "Montgomery": "US.AL"},
    ),
    ("The town is in Johnson County, Kansas.", {"Johnson County": "US.KS", "Kansas": "US.KS"}),
    (
        "Crews from Clayton and Richmond counties came, Georgia said.",
        {"Clayton": "US.GA", "Georgia": "US.GA"},
    ),
    ("Children from Palmyra and Hershey visited Lancaster, Pa.", {"Palmyra": "US.PA", "Hershey": "US.PA"}),
    ("They flew to Ft. Worth on Monday, then to Dallas.", {"Ft. Worth": "US.TX", "Dallas": "US.TX"}),
    # No local report: the large namesakes stay.
    ("The ministers met in Paris and in London.", {"Paris": "FR.11", "London": "GB.ENG"}),
    ("He flew from Moscow to Athens.", {"Moscow": "RU.48"}),
]
# text, words that must not be a place
NO_PLACE = [
    ("Voters in Dover, Delaware, chose.", "Voters"),
    ("The Bay Area was quiet.", "Area"),
    ("Georgia Tech won again.", "Georgia"),
    ("Bob Jackson of Jackson, Miss., left. Jackson said he would run.", "Bob Jackson"),
    ("Chelsea Clinton and Jack London came to Boston, Mass.", "London"),
    ("Chelsea Clinton and Jack London came to Boston, Mass.", "Clinton"),
]


@pytest.mark.parametrize(("text", "expected"), PLACED)
def test_names_lie_in_their_region(embedded: StackedGazetteer, text: str, expected: dict[str, str]) -> None:
    found = {}
    for mention in read_places(parse(text, has_headline=False), embedded):
        place = embedded.get(mention.place_id) if mention.place_id else None
        found[mention.span.exact] = None if place is None else place.admin1
    assert {w: found.get(w) for w in expected} == expected


@pytest.mark.parametrize(("text", "words"), NO_PLACE)
def test_what_is_no_place_in_local_news(embedded: StackedGazetteer, text: str, words: str) -> None:
    assert words not in {m.span.exact for m in read_places(parse(text, has_headline=False), embedded)}


def test_lower_areas_know_their_region(embedded: StackedGazetteer) -> None:
    """The source table files the Kansan county under Missouri, by its namesake's code."""
    regions = {p.admin1: p for p in embedded.find("Johnson County", limit=40)}
    assert {"US.KS", "US.MO", "US.TX"} <= set(regions)
    assert regions["US.KS"].lon == pytest.approx(-94.8, abs=0.2)
