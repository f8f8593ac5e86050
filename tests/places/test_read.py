"""Places in sentences: what is one, what is none, and which of the namesakes is meant."""

from __future__ import annotations

import itertools

import pytest

from whoholds.errors import InputError
from whoholds.model import PlaceMention
from whoholds.places.gazetteer import StackedGazetteer
from whoholds.places.read import Corrections, read_places, resolve_spans
from whoholds.text.parse import parse

# text, words of each mention with the number of the place, role
FOUND: list[tuple[str, dict[str, int]]] = [
    ("Russian troops entered Sudzha on Friday.", {"Russian": 101, "Sudzha": 306}),
    ("Fighting went on in the Kursk region.", {"Kursk region": 200}),
    ("Shells fell in Ukraine’s Sumy region overnight.", {"Ukraine": 100, "Sumy region": 201}),
    ("The town of Sudzha was quiet.", {"Sudzha": 306}),
    ("The attack came 8 km northwest of Sudzha.", {"Sudzha": 306}),
    ("The army withdrew from Chasov Yar to Kupyansk.", {"Chasov Yar": 312, "Kupyansk": 313}),
    ("A ship sank in the Black Sea.", {"Black Sea": 400}),
    ("They met in Paris, Texas, last year.", {"Paris": 307, "Texas": 202}),
    ("They met in Paris, France, last year.", {"Paris": 303, "France": 103}),
    ("The U.S.-backed plan failed.", {"U.S.": 102}),
    ("The army entered Idlib governorate in Syria.", {"Idlib governorate": 205, "Syria": 105}),
    ("Police in Atlanta, Georgia, said so.", {"Atlanta": 308, "Georgia": 203}),
    ("Officials in Tbilisi, Georgia, said so.", {"Tbilisi": 309, "Georgia": 104}),
    ("The front near Pokrovsk in Donetsk Oblast moved.", {"Pokrovsk": 310, "Donetsk Oblast": 204}),
    ("Fighters left Sudzha, a small border town, on Friday.", {"Sudzha": 306}),
    ("Fighting went on in Kursk Oblast' on Friday.", {"Kursk Oblast": 200}),
    ("The sign said Суджа, nothing else.", {"Суджа": 306}),
]
# text, words that are no place in it
NOT_FOUND = [
    ("Abraham Lincoln spoke first.", "Lincoln"),
    ("The Boston Globe wrote about it.", "Boston"),
    ("The 80th Lviv Brigade held the line.", "Lviv"),
    ("Reading the report took an hour.", "Reading"),
    ("Of the ten, nine came back.", "Of"),
    ("Mr Lincoln declined to comment.", "Lincoln"),
    ("He lives on Boston Avenue with Ann.", "Boston"),
    ("The Kremlin has yet to respond.", "Kremlin"),
    ("The 80th Lviv brigade held the line near the border.", "Lviv"),
    ("The Kursk submarine sank in 2000.", "Kursk"),
    ("Lincoln, a village elder, spoke first.", "Lincoln"),
]


def mentions(text: str, gazetteer: StackedGazetteer) -> dict[str, PlaceMention]:
    return {m.span.exact: m for m in read_places(parse(text, has_headline=False), gazetteer)}


@pytest.mark.parametrize(("text", "expected"), FOUND)
def test_places_are_found_and_resolved(small: StackedGazetteer, text: str, expected: dict[str, int]) -> None:
    found = mentions(text, small)
    assert {words: m.place_id for words, m in found.items()} == {
        w: f"geonames:{n}" for w, n in expected.items()
    }
    for mention in found.values():
        assert text[mention.span.start : mention.span.end] == mention.span.exact


@pytest.mark.parametrize(("text", "words"), NOT_FOUND)
def test_what_only_carries_a_places_name_is_none(small: StackedGazetteer, text: str, words: str) -> None:
    assert words not in mentions(text, small)


def test_roles_are_told_apart(small: StackedGazetteer) -> None:
    found = mentions("Kyiv denied that Ukrainian troops left Sudzha.", small)
    assert {w: m.role for w, m in found.items()} == {
        "Kyiv": "government",
        "Ukrainian": "demonym",
        "Sudzha": "literal",
    }


def test_a_bare_name_follows_the_typed_one(small: StackedGazetteer) -> None:
    text = "Troops crossed into the Kursk region in August. Soldiers captured in Kursk were shown on Friday."
    assert mentions(text, small)["Kursk"].place_id == "geonames:200"
    assert (
        mentions("Soldiers captured in Kursk were shown on Friday.", small)["Kursk"].place_id
        == "geonames:304"
    )


def test_both_kinds_in_one_report_keep_the_bare_name_open_to_the_city(small: StackedGazetteer) -> None:
    text = "Drones hit the city of Kursk. The Kursk region was shelled. People left Kursk by bus."
    found = read_places(parse(text, has_headline=False), small)
    assert [m.place_id for m in found] == ["geonames:304", "geonames:200", "geonames:304"]


def test_areas_are_marked_and_have_a_radius(small: StackedGazetteer) -> None:
    found = mentions("Fighting went on in the Kursk region of Russia.", small)
    assert (found["Kursk region"].kind, found["Kursk region"].name) == ("admin", "Kursk Oblast")
    assert found["Kursk region"].radius_m == 98_000
    assert found["Russia"].kind == "country"


def test_furniture_yields_nothing(small: StackedGazetteer) -> None:
    body = "\n\n".join(
        ["Troops entered Sudzha on Friday, the ministry said.", *["They stayed there all day."] * 4]
    )
    text = body + "\n\nTags\n\nKyiv\n\nMoscow"
    assert [m.span.exact for m in read_places(parse(text), small)] == ["Sudzha"]


@pytest.mark.parametrize("text", ["", " ", "\n", "...", "a", "A", "😀 😀", "x" * 12_000])
def test_odd_texts_are_answered(small: StackedGazetteer, text: str) -> None:
    assert read_places(parse(text), small) == ()


def test_mentions_stand_in_order_and_do_not_overlap(small: StackedGazetteer) -> None:
    text = " ".join(text for text, _ in FOUND)
    found = read_places(parse(text, has_headline=False), small)
    assert len(found) > 20
    for a, b in itertools.pairwise(found):
        assert a.span.end <= b.span.start


def test_probabilities_are_probabilities(small: StackedGazetteer) -> None:
    for mention in read_places(parse(" ".join(t for t, _ in FOUND), has_headline=False), small):
        assert 0.0 <= mention.p <= 1.0
        assert sum(c.p for c in mention.candidates) <= 1.0 + 1e-9


def test_a_correction_holds_for_the_words(small: StackedGazetteer) -> None:
    parsed = parse("Fighting went on near Pokrovsk and Sudzha.", has_headline=False)
    corrections = Corrections.of({"Pokrovsk": "geonames:310"}, {"pokrovsk": "geonames:311", "Sudzha": None})
    found = read_places(parsed, small, corrections=corrections)
    assert [(m.span.exact, m.place_id, m.p) for m in found] == [
        ("Pokrovsk", "geonames:311", 1.0),
        ("Sudzha", None, 0.0),
    ]


SPANS = [
    ("Paris, Texas", ["Paris", "Texas"], [307, 202]),
    ("the Kursk region", ["Kursk"], [200]),
    ("the Kursk region", ["Kursk region"], [200]),
    ("Ukraine's Sumy region", ["Ukraine", "Sumy"], [100, 201]),
    ("eastern Ukraine", ["eastern Ukraine"], [100]),
    ("Ukrainian", ["Ukrainian"], [100]),
    ("Sudzha's", ["Sudzha's"], [306]),
    ("Tex.", ["Tex."], [202]),
]


@pytest.mark.parametrize(("text", "words", "numbers"), SPANS)
def test_given_spans_are_resolved(
    small: StackedGazetteer, text: str, words: list[str], numbers: list[int]
) -> None:
    spans = [(text.index(w), text.index(w) + len(w)) for w in words]
    found = resolve_spans(text, spans, small)
    assert [m.place_id for m in found] == [f"geonames:{n}" for n in numbers]
    assert [(m.span.start, m.span.end) for m in found] == spans


def test_an_unknown_name_stays_unresolved(small: StackedGazetteer) -> None:
    (found,) = resolve_spans("in Qwertyville today", [(3, 14)], small)
    assert (found.place_id, found.p, found.name) == (None, 0.0, "Qwertyville")


@pytest.mark.parametrize("span", [(-1, 2), (0, 99), (3, 3)])
def test_a_span_outside_the_text_is_refused(small: StackedGazetteer, span: tuple[int, int]) -> None:
    with pytest.raises(InputError, match="does not lie"):
        resolve_spans("in Sudzha", [span], small)
