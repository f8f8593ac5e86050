"""What the parts of the reader found in one report: all that claims are made of."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from dataclasses import dataclass
from datetime import tzinfo

from whoholds.model import PlaceMention, Quantity, Relation, Report, TimeMention
from whoholds.read.attribution.types import AttributedSpeech
from whoholds.read.claims.parties import Parties
from whoholds.read.claims.witness import Witness
from whoholds.read.events.types import EventMention
from whoholds.text.parse import Parsed
from whoholds.theatre import Theatre

__all__ = ["Material"]


@dataclass(frozen=True, slots=True)
class Material:
    """What the parts of the reader found in one report.

    Attributes:
        parsed: Text, parse and blocks.
        report: The report itself.
        speeches: Attributed speeches.
        events: Event mentions.
        places: Place mentions.
        times: Time mentions.
        quantities: Figures.
        parties: The sides that the report speaks of.
        relation_of: Where a named place stands to what is told of it.
        theatre: The war, or None.
        zone: Time zone of days.
        reader: Versioned name of the reader.
        witness: The network that reads the report beside the rules.
        publisher_side: Whose side the publisher is on, by the theatre's registry: its "we" is that side.
    """

    parsed: Parsed
    report: Report
    speeches: Sequence[AttributedSpeech]
    events: Sequence[EventMention]
    places: Sequence[PlaceMention]
    times: Sequence[TimeMention]
    quantities: Sequence[Quantity]
    parties: Parties
    relation_of: Callable[[Parsed, int, int], Relation]
    theatre: Theatre | None
    zone: tzinfo
    reader: str
    witness: Witness
    publisher_side: str | None = None
