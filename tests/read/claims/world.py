"""An invented war for the tests of claims: a theatre, its places, and how one text is read in it."""

from __future__ import annotations

from datetime import date
from functools import lru_cache

from whoholds.model import Claim, Place, Reading, Report, sha256_hex
from whoholds.places.gazetteer import StackedGazetteer
from whoholds.places.layers import MemoryLayer
from whoholds.read.reader import ReadingContext
from whoholds.read.rules_en import RulesReader
from whoholds.theatre import Area, Party, SourceEntry, Theatre

PLACES = (
    Place("t:1", "Arbin", 30.10, 10.10, "settlement", "XN"),
    Place("t:2", "Borsk", 30.30, 10.20, "settlement", "XN"),
    Place("t:3", "Caldera", 30.50, 10.30, "settlement", "XN"),
    Place("t:4", "Dornay", 30.70, 10.40, "settlement", "XN"),
    Place("t:5", "Elvira", 30.90, 10.50, "settlement", "XN"),
    Place("t:6", "Farrow", 31.10, 10.60, "settlement", "XN"),
    Place(
        "t:7", "Vesk Province", 30.50, 10.50, "admin", "XN", radius_m=60_000, names=("Vesk", "Vesk region")
    ),
    Place(
        "t:8", "Tamir Province", 32.50, 11.50, "admin", "XN", radius_m=60_000, names=("Tamir", "Tamir region")
    ),
    Place("t:9", "Norland", 30.0, 10.0, "country", "XN", radius_m=300_000),
    Place("t:10", "Sudria", 35.0, 10.0, "country", "XS", radius_m=300_000),
)


@lru_cache(maxsize=1)
def theatre() -> Theatre:
    return Theatre(
        id="invented",
        name="An invented war",
        parties=(
            Party(
                id="NOR",
                name="Norland",
                names=(
                    "Norlandic",
                    "Norlanders",
                    "army",
                    "government forces",
                    "Norlandic army",
                    "soldiers of the republic",
                ),
            ),
            Party(
                id="FLS",
                name="Front for the Liberation of the South",
                names=("FLS", "Front", "rebels", "rebel", "insurgents", "Southern", "southerners"),
            ),
        ),
        sources=(
            SourceEntry(id="nor-mod", name="Norlandic defence ministry", side="NOR", kind="military"),
            SourceEntry(id="frontwatch", name="Frontwatch", side="independent", kind="mapper"),
        ),
        area=Area(bbox=(29.0, 9.0, 34.0, 13.0), countries=("XN",)),
    )


@lru_cache(maxsize=1)
def context() -> ReadingContext:
    return ReadingContext(StackedGazetteer([MemoryLayer.of(PLACES)]), theatre())


def read(text: str, on: date | None = date(2031, 5, 14), publisher: str | None = "The Courier") -> Reading:
    """Read one text in the invented war; it has to be readable."""
    report = Report(
        id="r", text=text, sha256=sha256_hex(text.encode()), published_at=on, publisher=publisher, lang="en"
    )
    (found,) = RulesReader().read_many([report], context())
    assert isinstance(found, Reading), found
    return found


def claim_on(text: str, words: str, on: date | None = date(2031, 5, 14)) -> Claim:
    """The claim whose quote holds some words; the shortest, where several do."""
    claims = [c for c in read(text, on).claims if c.quote is not None and words in c.quote.exact]
    assert claims, [c.quote.exact for c in read(text, on).claims if c.quote]
    return min(claims, key=lambda c: len(c.quote.exact) if c.quote else 0)
