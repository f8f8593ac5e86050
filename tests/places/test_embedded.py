"""The packaged gazetteer: that the data says what it should of well-known places."""

from __future__ import annotations

import pytest

from whoholds.places.gazetteer import StackedGazetteer
from whoholds.places.layers import distance_m
from whoholds.places.read import resolve_spans

KNOWN = [
    ("Ukraine", "country", 32.0, 49.0),
    ("United States", "country", -98.5, 39.76),
    ("France", "country", 2.0, 46.0),
    ("Kursk Oblast", "admin", 36.0, 51.5),
    ("Sumy Oblast", "admin", 34.0, 51.0),
    ("Idlib Governorate", "admin", 36.67, 35.77),
    ("North Darfur", "admin", 25.5, 16.0),
    ("Sudzha", "settlement", 35.27, 51.19),
    ("El Fasher", "settlement", 25.35, 13.63),
    ("Black Sea", "water", 34.0, 43.5),
    ("Donbas", "other", 38.2, 48.3),
    ("Middle East", "other", 35.86, 33.14),
    ("Kupjansk", "settlement", 37.61, 49.71),
]
STATES = [
    ("Ukrainian", "UA"), ("Russians", "RU"), ("British", "GB"), ("Sudanese", "SD"), ("US", "US"),
    ("UK", "GB"),
    ("Kyiv", "UA"), ("Khartoum", "SD"), ("Washington", "US"), ("Kremlin", "RU"), ("White House", "US"),
    ("Canadian", "CA"), ("Syrian", "SY"), ("Israeli", "IL"), ("Burmese", "MM"), ("Congolese", "CD"),
]  # fmt: skip
NO_STATES = ["Sudzha", "Kharkiv", "New York", "Donbas", "Reading", "the", "Friday"]


@pytest.mark.parametrize(("name", "kind", "lon", "lat"), KNOWN)
def test_known_places_lie_where_they_lie(
    embedded: StackedGazetteer, name: str, kind: str, lon: float, lat: float
) -> None:
    place = (embedded.find(name, limit=1) or embedded.find_fuzzy(name, limit=1))[0]
    assert place.kind == kind
    assert distance_m(place.lon, place.lat, lon, lat) < 30_000


@pytest.mark.parametrize(("word", "country"), STATES)
def test_words_for_states(embedded: StackedGazetteer, word: str, country: str) -> None:
    found = embedded.country_of(word)
    assert found is not None
    assert found.country == country
    place = embedded.get(found.place_id)
    assert place is not None
    assert place.kind == "country"


@pytest.mark.parametrize("word", NO_STATES)
def test_words_for_no_state(embedded: StackedGazetteer, word: str) -> None:
    assert embedded.country_of(word) is None


def test_every_country_has_a_demonym_or_a_name_and_a_reach(embedded: StackedGazetteer) -> None:
    for name in ("Ukraine", "Sudan", "Nauru", "Kosovo", "Palestinian Territory", "Vatican"):
        place = embedded.find(name, limit=1)[0]
        assert place.kind == "country"
        assert place.radius_m > 0


COMPANY = "Fighting went on in Kosti, Rabak, Sennar, Ed Damazin and {} on Monday."


@pytest.mark.parametrize(
    ("name", "expected"),
    [
        # A small town in India, a village in Morocco: no entry of the name lies where the report is.
        ("Barkot", None),
        ("Naima", None),
        # Whom everybody knows may be named anywhere.
        ("Havana", "Havana"),
        ("Singa", "Singa"),
    ],
)
def test_a_namesake_far_from_all_others_is_not_the_place_meant(
    embedded: StackedGazetteer, name: str, expected: str | None
) -> None:
    text = COMPANY.format(name)
    words = ("Kosti", "Rabak", "Sennar", "Ed Damazin", name)
    spans = [(text.index(w), text.index(w) + len(w)) for w in words]
    last = resolve_spans(text, spans, embedded)[-1]
    assert (last.name if last.place_id is not None else None) == expected
    (alone,) = resolve_spans(name, [(0, len(name))], embedded)
    assert alone.place_id is not None, "without company there is nothing against it"
