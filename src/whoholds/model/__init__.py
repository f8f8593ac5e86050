"""The vocabulary: frozen types and their ids. Standard library only.

`vocabulary` has the closed lists, `mention` what is found in a text, `claim` and `report` what is
kept, `record` what is derived or decided, `contract` their JSON.
"""

from whoholds.model.bounds import quantity_bounds
from whoholds.model.claim import Claim, ClaimPlace, Source, claim_id, imported_claim_id
from whoholds.model.ids import canonical_json, content_id, sha256_hex
from whoholds.model.interval import ALWAYS, Interval, parse_edtf, parse_moment
from whoholds.model.mention import (
    Attribution,
    Candidate,
    EventCertainty,
    PlaceMention,
    Quantity,
    Span,
    TimeMention,
)
from whoholds.model.place import Place
from whoholds.model.record import CONTESTED, UNKNOWN, Assessment, ControlState, Finding
from whoholds.model.report import Reading, Rejection, Report
from whoholds.model.vocabulary import (
    EVENT_GROUPS,
    Approximator,
    Event,
    MapClass,
    Measure,
    Polarity,
    Relation,
    Stance,
    TimexType,
)

__all__ = [
    "ALWAYS",
    "CONTESTED",
    "EVENT_GROUPS",
    "UNKNOWN",
    "Approximator",
    "Assessment",
    "Attribution",
    "Candidate",
    "Claim",
    "ClaimPlace",
    "ControlState",
    "Event",
    "EventCertainty",
    "Finding",
    "Interval",
    "MapClass",
    "Measure",
    "Place",
    "PlaceMention",
    "Polarity",
    "Quantity",
    "Reading",
    "Rejection",
    "Relation",
    "Report",
    "Source",
    "Span",
    "Stance",
    "TimeMention",
    "TimexType",
    "canonical_json",
    "claim_id",
    "content_id",
    "imported_claim_id",
    "parse_edtf",
    "parse_moment",
    "quantity_bounds",
    "sha256_hex",
]
