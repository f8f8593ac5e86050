"""Digests of media: which lines are entries, who speaks in them, and which labels are none."""

from __future__ import annotations

import pytest

from whoholds.read.attribution import AttributedSpeech, extract_attributions
from whoholds.text.parse import parse_many

BROADCASTS = """HEARD ON 5 AND 6 MAY

1. Radio Meden, 5 May, 1900: the ferry at Olt has sunk. Nobody drowned.

2. Olt, Voice of the Delta, 6 May: Bridge mined, says a clerk. The station puts the dead at four.

3. Kaldor, KRN, 6 May, 0600 local: The garrison left at night. It named no town.

4. Delta Television (Olt, weak), 6 May, quoting fishermen: boats turned back at the bar.

5. Kaldor, 6 May, army spokesman: the hill is ours.

Monitor's note: item 2 is a repeat."""

PAPERS = """MORNING PRESS, 6 May

Delta Herald: Olt taken at noon; the port is calm.
Olt Courier: no bread since Monday.
Kaldor: the ferry has sunk.
Delta Herald: governor weighs a truce. Rebels refuse."""

STATIONS = """HEARD ABROAD

Rome in Greek: the port is open. Ships may enter.

Cairo (Arabic): a convoy burned off the cape."""

# (text, words said, source)
MUST = [
    (BROADCASTS, "ferry at Olt has sunk. Nobody drowned", "Radio Meden"),
    (BROADCASTS, "Bridge mined", "Voice of the Delta"),
    (BROADCASTS, "the dead at four", "Voice of the Delta"),
    (BROADCASTS, "garrison left at night", "KRN"),
    (BROADCASTS, "boats turned back at the bar", "fishermen"),
    (BROADCASTS, "boats turned back at the bar", "Delta Television"),
    (BROADCASTS, "the hill is ours", "army spokesman"),
    (PAPERS, "Olt taken at noon; the port is calm", "Delta Herald"),
    (PAPERS, "no bread since Monday", "Olt Courier"),
    (PAPERS, "Rebels refuse", "Delta Herald"),
    (STATIONS, "Ships may enter", "Rome"),
    (STATIONS, "a convoy burned", "Cairo"),
]

# No entries: labels that say where or when, one medium alone, a medium in a sentence.
MUST_NOT = [
    "Update\n\nOlt: the port is calm.\nKaldor: two shells.\nMeden: no bread.",
    "Log\n\n5 May: the port burned.\n6 May: rain.\n7 May: the ferry sank.",
    "Posts\n\nBorder post 12: overrun.\nBorder post 14: held.\nBorder post 15: burned.",
    "War\n\nRadio Meden: the ferry has sunk.\n\nThe mayor has left the town.",
    "War\n\nRadio Meden said this: the ferry sank.\nThe Delta Herald had two lines: war and rain.",
]


def _parse(text: str) -> tuple[AttributedSpeech, ...]:
    (parsed,) = parse_many([text])
    return extract_attributions(parsed)


@pytest.fixture(scope="module")
def found() -> dict[str, tuple[AttributedSpeech, ...]]:
    """The digests, read once."""
    return {text: _parse(text) for text in (BROADCASTS, PAPERS, STATIONS)}


@pytest.mark.parametrize(("text", "words", "source"), MUST)
def test_an_entry_is_its_mediums(
    found: dict[str, tuple[AttributedSpeech, ...]], text: str, words: str, source: str
) -> None:
    said = [
        s.attribution.source_name
        for s in found[text]
        if any(words in " ".join(c.exact.split()) for c in s.attribution.content)
    ]
    assert source in said


def test_whom_a_medium_quotes_speaks_through_it(found: dict[str, tuple[AttributedSpeech, ...]]) -> None:
    speeches = found[BROADCASTS]
    (heard,) = [s for s in speeches if s.attribution.source_name == "fishermen"]
    assert heard.attribution.nested_in is not None
    assert speeches[heard.attribution.nested_in].attribution.source_name == "Delta Television"


@pytest.mark.parametrize("text", MUST_NOT)
def test_other_lines_are_no_entries(text: str) -> None:
    assert "entry" not in [s.rule for s in _parse(text)]
