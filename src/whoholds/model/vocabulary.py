"""The closed lists of the contract: stances, polarities, events, relations, approximators."""

from __future__ import annotations

from enum import StrEnum
from types import MappingProxyType

__all__ = [
    "EVENT_GROUPS",
    "Approximator",
    "Event",
    "MapClass",
    "Measure",
    "Polarity",
    "Relation",
    "Stance",
    "TimexType",
]


class Stance(StrEnum):
    """How the source stands to what it says (`docs/annotation.md` has the rules)."""

    ASSERTED = "asserted"
    CONFIRMED = "confirmed"
    CLAIMED = "claimed"
    DENIED = "denied"
    SUGGESTED = "suggested"
    PREDICTED = "predicted"
    ORDERED = "ordered"
    INTENDED = "intended"
    CONSIDERED = "considered"
    PROPOSED = "proposed"
    NO_COMMENT = "no_comment"


class Polarity(StrEnum):
    """Whether the event inside the quote is said to be so, or not to be so."""

    POSITIVE = "positive"
    NEGATIVE = "negative"


class Event(StrEnum):
    """What is said to happen or to be so; `actor` acts, `target` is whom it is done to."""

    CONTROL_GAINED = "control_gained"
    CONTROL_LOST = "control_lost"
    CONTROL_HELD = "control_held"
    ENTERED = "entered"
    CONTESTED = "contested"
    ADVANCE = "advance"
    WITHDRAWAL = "withdrawal"
    CLASH = "clash"
    STRIKE = "strike"
    SHELLING = "shelling"
    CAPTURE_OF_PERSONS = "capture_of_persons"
    CASUALTIES = "casualties"
    EQUIPMENT_LOSSES = "equipment_losses"
    AREA_TOTAL = "area_total"
    SETTLEMENT_TOTAL = "settlement_total"
    VISIT = "visit"
    ORDER = "order"
    PROPOSAL = "proposal"
    AGREEMENT = "agreement"
    REFUSAL = "refusal"
    STATEMENT = "statement"
    OTHER = "other"


_GROUPS = {
    "territory": "control_gained control_lost control_held withdrawal",
    "presence": "entered contested advance",
    "fire": "clash strike shelling",
    "count": "capture_of_persons casualties equipment_losses area_total settlement_total",
    "politics": "visit order proposal agreement refusal statement",
    "other": "other",
}
EVENT_GROUPS = MappingProxyType(
    {Event(e): group for group, events in _GROUPS.items() for e in events.split()}
)
"""The coarse kind of each event."""


class Relation(StrEnum):
    """Where an event is with respect to a named place."""

    IN = "in"
    OUTSKIRTS = "outskirts"
    NEAR = "near"
    TOWARD = "toward"
    FROM = "from"
    ACROSS = "across"


class Approximator(StrEnum):
    """How exactly a number is meant."""

    ABOUT = "about"
    OVER = "over"
    AT_LEAST = "at_least"
    UNDER = "under"
    UP_TO = "up_to"
    NEARLY = "nearly"
    EXACT = "exact"


class Measure(StrEnum):
    """What a total of ground or places counts."""

    HELD = "held"
    TAKEN = "taken"
    RETAKEN = "retaken"
    LOST = "lost"
    REMAINING = "remaining"
    SHARE = "share"


class TimexType(StrEnum):
    """TIMEX3 types of a time expression."""

    DATE = "DATE"
    TIME = "TIME"
    DURATION = "DURATION"
    SET = "SET"


class MapClass(StrEnum):
    """What a map's polygon says of the ground that it covers."""

    HELD = "held"
    CONTESTED = "contested"
    CLAIMED = "claimed"
    UNKNOWN = "unknown"
