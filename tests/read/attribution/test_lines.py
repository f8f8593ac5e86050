"""Who speaks in headlines and notes, where a verb is missing: what must be found, and what must not."""

from __future__ import annotations

import pytest

from whoholds.read.attribution import extract_attributions
from whoholds.text.parse import parse


def _told(text: str) -> list[tuple[str, str]]:
    found = [s.attribution for s in extract_attributions(parse(text))]
    return [(a.source.exact, c.exact) for a in found if a.source is not None for c in a.content]


@pytest.mark.parametrize(
    ("text", "source", "content"),
    [
        (
            "The bridge has gone, said a councillor who asked for secrecy.",
            "a councillor",
            "The bridge has gone",
        ),
        ("Fuel low\nStation in Varna under rebel control, admits ministry", "ministry", "Station in Varna"),
        ("Truce over\nGrowers near the river in flight, bishop says", "bishop", "Growers near the river"),
        ("The post fell, the agency quoted an officer as saying.", "an officer", "The post fell"),
        ("Columns seen\nSawiris “war is finished”", "Sawiris", "war is finished"),
        ("Fort lost.\nPresidency (on radio): the marshal is in good health.", "Presidency", "the marshal"),
        ("Fort quiet.\n12.30: Kadesh: “The town is ours.”", "Kadesh", "The town is ours"),
        ("The army attacked. Wellin's version: two attacks beaten off.", "Wellin", "two attacks"),
        ("He came late. Southern general: artillery “silenced”.", "Southern general", "artillery"),
        ("The ridge is ours, the spokesman said. Ten bodies had been found.", "the spokesman", "Ten bodies"),
    ],
)
def test_speakers_of_notes_are_found(text: str, source: str, content: str) -> None:
    told = _told(text)
    assert any(s.startswith(source) and content in c for s, c in told), told


@pytest.mark.parametrize(
    ("text", "source"),
    [
        # An apposition between commas: the verb's subject is before it.
        ("The mayor, a doctor, denied all knowledge.", "all knowledge"),
        ("The envoy, who had fled, said the army was beaten.", "the army"),
        # A name with marks around it is no speech.
        ("The “people's republic” was born in spring.", "The"),
        ("Berg “the Wolf” Adam held the bridge.", "Berg"),
        # What the agency quotes is not the agency's.
        ("The agency used an officer as cover.", "an officer"),
    ],
)
def test_others_do_not_speak(text: str, source: str) -> None:
    assert [t for t in _told(text) if t[0] == source] == []


@pytest.mark.parametrize(
    "text",
    [
        "The port burned, the mayor said. The crews had left.",
        "The port burned, the mayor said. Ten ships are in the bay.",
        "The port burned, a child said. Ten ships had sunk.",
    ],
)
def test_speech_ends_with_its_sentence(text: str) -> None:
    assert not any("crews" in content or "ships" in content for _, content in _told(text))


def test_short_quotation_ends_the_turn_of_its_label() -> None:
    told = _told("The council: “stalled on all fronts”. The mayor gave the rebels a day to leave.")
    assert ("The council", "“stalled on all fronts”") in told
    assert not any("a day" in content for source, content in told if source == "The council")
