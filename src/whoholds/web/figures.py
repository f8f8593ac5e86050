"""Square kilometres for the map's panel: the record's own, and what officials last said."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date

from whoholds.ground.record import GroundRecord
from whoholds.model import CONTESTED, Claim, Event
from whoholds.store import ClaimFilter, View
from whoholds.theatre import Theatre
from whoholds.web.histories import state_words

__all__ = ["AreaLine", "describe_areas", "latest_figures"]

MOST_FIGURES = 4
_LOOK_AT = 60


@dataclass(frozen=True, slots=True)
class AreaLine:
    """One party's ground on a day, in words.

    Attributes:
        state: Party id or `contested`.
        name: Its name.
        km2: Expected area.
        low: Lower end of the 80 % interval.
        high: Upper end.
        beyond: Whether only ground that another held at the start counts.
    """

    state: str
    name: str
    km2: float
    low: float
    high: float
    beyond: bool


def describe_areas(record: GroundRecord, on: date, theatre: Theatre) -> list[AreaLine]:
    """The record's areas of a day; parties first, contested last."""
    has_start = theatre.start is not None
    return [
        AreaLine(state, state_words(theatre, state), a.km2, a.low, a.high, has_start and state != CONTESTED)
        for state, a in record.area(on).items()
    ]


def latest_figures(view: View, on: date, known_on: date | None) -> list[Claim]:
    """The latest official figure of ground of each speaker, reported by a day, echoes left out."""
    last = on if known_on is None else min(on, known_on)
    found = view.claims(ClaimFilter(event=Event.AREA_TOTAL, reported_to=last, limit=_LOOK_AT))
    by_speaker: dict[str, Claim] = {}
    for claim in found:
        if claim.echo_of is None and claim.quantities:
            by_speaker.setdefault(claim.speaker.name if claim.speaker else claim.report_id, claim)
    return list(by_speaker.values())[:MOST_FIGURES]
