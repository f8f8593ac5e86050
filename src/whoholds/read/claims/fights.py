"""Fighting: what is tried for and not had is a clash, what is fought for from inside is contested.

A unit of a claim, or an event's mention and its places, enter; an event or a yes leaves.
"""

from __future__ import annotations

from collections.abc import Sequence

from whoholds.model import ClaimPlace, Event, Relation
from whoholds.read.claims.units import Unit
from whoholds.read.events.types import EventMention

__all__ = ["as_contest", "is_tried"]

_EDGE = (Relation.OUTSKIRTS,)
_INSIDE = (Relation.IN, Relation.OUTSKIRTS)
_TRIED = frozenset({Event.CONTROL_GAINED, Event.ENTERED, Event.ADVANCE})


def is_tried(unit: Unit) -> bool:
    """Whether ground is only tried for ("tried to take the ridge"): that is a clash."""
    mention = unit.mention
    if mention is None or mention.mood.stance is not None:
        return False
    return mention.mood.is_attempt and unit.event in _TRIED


def as_contest(
    mention: EventMention | None, places: Sequence[ClaimPlace], *, is_judged: bool = False
) -> Event:
    """Fighting in a town or on its edge is contest for it, elsewhere a clash.

    Args:
        mention: The event mention, or None.
        places: Where it is told of.
        is_judged: Whether the network was asked, which knows fights in a town: then only the edge decides.
    """
    if mention is None or mention.frame != "fighting" or not places:
        return Event.CLASH
    is_town = places[0].kind in ("settlement", "facility", "other")
    is_inside = places[0].relation in (_EDGE if is_judged else _INSIDE)
    return Event.CONTESTED if is_town and is_inside else Event.CLASH
