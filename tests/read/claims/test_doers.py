"""Who does what no frame tells of, and whose mouth an office is."""

from __future__ import annotations

import pytest
from tests.read.claims.world import PLACES, claim_on

from whoholds.model import Reading, Report, sha256_hex
from whoholds.places.gazetteer import StackedGazetteer
from whoholds.places.layers import MemoryLayer
from whoholds.read.reader import ReadingContext
from whoholds.read.rules_en import RulesReader

# (text, words of the claim, who acts in the text's words, or None where nobody does)
DOERS = [
    # What moves with those who ride in it.
    ("Buses ran again between Arbin and Borsk.", "ran again", "Buses"),
    ("Two relief lorries arrived in Arbin with millet.", "arrived in", "Two relief lorries"),
    ("A dhow got through to Arbin with forty drums of fuel.", "got through", "A dhow"),
    # People by what they do, and the places where they work under one head.
    ("Engineers repaired the road to Arbin.", "repaired", "Engineers"),
    ("In Arbin the clinic sees sixty patients a day.", "sees sixty", "the clinic"),
    # Not the speaker's side, where somebody else is told to do it.
    ("The Norlandic army said that the buses ran again in Arbin.", "ran again", "the buses"),
    # Both and neither are the sides themselves.
    ("Neither side gained ground near Arbin on Tuesday.", "gained ground", "Neither side"),
    # What lies there, or is told of, does nothing; nor does a house that something befalls.
    ("Amity street in Arbin lay dark last night.", "lay dark", None),
    ("Shops in Arbin remain closed.", "remain closed", None),
    ("The clinic in Arbin lost its roof.", "lost its roof", None),
    ("The streets of Arbin looked emptier on Tuesday.", "looked emptier", None),
]


@pytest.mark.parametrize(("text", "words", "actor"), DOERS)
def test_who_does(text: str, words: str, actor: str | None) -> None:
    found = claim_on(text, words).actor
    assert (found or "").removeprefix("The ").removeprefix("the ") == (actor or "").removeprefix("the ")


_WITHIN = (
    "Norland's army fought the rebels at Arbin. The rebels attacked Arbin. The army shelled the rebels. "
)
_BETWEEN = "Norland's army attacked Sudria's army at Arbin. Sudria's army shelled Norland's army in Arbin. "
# (what comes before, text, words of the claim, side of who says it)
OFFICES = [
    (_WITHIN, "The governor said that the road was open.", "was open", "XN"),
    (_WITHIN, "The interior ministry said that the road was open.", "was open", "XN"),
    # A mayor stays whoever comes; a rank, a former governor and another's office are of either side or none.
    (_WITHIN, "The mayor said that the road was open.", "was open", None),
    (_WITHIN, "A former governor said that the road was open.", "was open", None),
    (_WITHIN, "A UN official said that the road was open.", "was open", None),
    (_WITHIN, "A colonel said that the road was open.", "was open", "XN"),
    (_WITHIN, "A nurse said that the road was open.", "was open", None),
    # Between two states an office is of the land that is named with it, if one is.
    (_BETWEEN, "The governor of Arbin said that the road was open.", "was open", "XN"),
    (_BETWEEN, "A colonel in Arbin said that the road was open.", "was open", "XN"),
    (_BETWEEN, "A colonel said that the road was open.", "was open", None),
]


@pytest.mark.parametrize(("before", "text", "words", "side"), OFFICES)
def test_whose_office(before: str, text: str, words: str, side: str | None) -> None:
    report = Report(
        id="r", text=before + text, sha256=sha256_hex(text.encode()), publisher="The Courier", lang="en"
    )
    gazetteer = StackedGazetteer([MemoryLayer.of(PLACES)])
    (found,) = RulesReader().read_many([report], ReadingContext(gazetteer))
    assert isinstance(found, Reading)
    (claim,) = [c for c in found.claims if c.quote is not None and words in c.quote.exact]
    assert claim.attribution[-1].side == side
