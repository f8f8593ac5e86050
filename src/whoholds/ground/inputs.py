"""What of the claims a record on the ground is made of: keys and positions of places, the days it covers."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import date, datetime, timedelta

from whoholds.fuse.evidence import is_area
from whoholds.ground.cells import CORE_M, Position
from whoholds.model import Claim, ClaimPlace
from whoholds.theatre import Theatre

__all__ = ["days_of", "earliest_day", "ground_key", "positions_of"]


def ground_key(place: ClaimPlace) -> str | None:
    """The key of a place on the ground: its gazetteer id, else its point; None where it has neither."""
    if place.place_id is not None:
        return place.place_id
    return None if place.lon is None or place.lat is None else f"{place.lat:.4f},{place.lon:.4f}"


def earliest_day(theatre: Theatre) -> date | None:
    """The day before which no claim can be about the theatre's war, where it says when that began."""
    return theatre.first_day - timedelta(days=366) if theatre.first_day else None


def positions_of(claims: Sequence[Claim], theatre: Theatre) -> dict[str, Position]:
    """Key to position of all places inside the theatre's area that claims name, areas left out."""
    west, south, east, north = theatre.area.bbox
    found: dict[str, Position] = {}
    for claim in sorted(claims, key=lambda c: c.id):
        for place in claim.places:
            key = ground_key(place)
            if key is None or place.lon is None or place.lat is None or is_area(place):
                continue
            if west <= place.lon <= east and south <= place.lat <= north:
                found.setdefault(key, (place.lon, place.lat, place.radius_m or CORE_M))
    return found


def days_of(theatre: Theatre, claims: Sequence[Claim], last_day: date | None) -> tuple[date, date]:
    """The first and the last day of a record: the theatre's, else those of the claims."""
    said = sorted(
        c.reported_at.astimezone(theatre.zone).date()
        if isinstance(c.reported_at, datetime)
        else c.reported_at
        for c in claims
        if c.reported_at is not None
    )
    first = theatre.first_day or (theatre.start.on if theatre.start else None)
    first = first or (said[0] if said else last_day or date(1970, 1, 1))
    last = last_day or theatre.last_day or (said[-1] if said else first)
    return first, max(first, last)
