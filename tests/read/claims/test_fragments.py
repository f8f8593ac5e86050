"""Notes without a verb: what they tell, and which verbless lines tell nothing."""

from __future__ import annotations

import pytest
from tests.read.claims.world import claim_on, read

from whoholds.model import Event, Polarity

OPENING = "Front line, Wednesday\n\nRebels took Arbin on Monday.\n\n"
TELLING = [
    # (note, words, event, polarity)
    ("Borsk: disputed. The army holds the bridge.", "disputed", Event.CONTESTED, Polarity.POSITIVE),
    ("Borsk: calm. The army holds the bridge.", "calm", Event.CLASH, Polarity.NEGATIVE),
    ("Gunfire near the port again.", "Gunfire", Event.CLASH, Polarity.POSITIVE),
    ("Borsk: rebels inside, banks shut.", "banks", Event.OTHER, Polarity.POSITIVE),
    ("Phone lines dead in Borsk.", "dead", Event.OTHER, Polarity.POSITIVE),
    ("No bread in the shops so far.", "bread", Event.OTHER, Polarity.NEGATIVE),
]  # fmt: skip


@pytest.mark.parametrize(("note", "words", "event", "polarity"), TELLING)
def test_notes_are_claims(note: str, words: str, event: Event, polarity: Polarity) -> None:
    claim = claim_on(OPENING + note, words)
    assert (claim.event, claim.polarity) == (event, polarity)


@pytest.mark.parametrize(
    "note",
    [
        "Three voices from the south.",
        "Method: open sources and maps.",
        "Good evening from Borsk.",
        "More soon?",
    ],
)
def test_headings_are_none(note: str) -> None:
    quotes = [c.quote.exact for c in read(OPENING + note).claims if c.quote is not None]
    assert not any(q in note for q in quotes)
