"""What a claim commits its source to, in a form that two claims can be compared by.

Enters: one claim. Leaves: `Proposition`s, one a place: who can hold it after what is said, from which
day, in which mood. Only these are compared; words never are.
"""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass
from datetime import UTC, date, datetime, tzinfo
from enum import StrEnum

from whoholds.model import Claim, ClaimPlace, Event, Polarity, Relation, Stance
from whoholds.theatre import Theatre

__all__ = ["Mood", "Proposition", "is_denied", "party_of", "propositions_of", "said_on"]

AREA_RADIUS_M = 15_000.0
"""From this reach on a place is an area: forces of both sides can be in it at once."""


class Mood(StrEnum):
    """Whether a claim speaks of what is so, or of what is to come."""

    FACT = "fact"
    PROSPECT = "prospect"


@dataclass(frozen=True, slots=True)
class Proposition:
    """One thing that a claim says of one place.

    Attributes:
        claim: The claim.
        place: The place.
        key: What places are compared by: the id, or the name where it is unresolved.
        party: The party that it is about, or None (fighting).
        holds: True: the party has it. False: the party does not. None: nobody has it wholly.
        is_change: Whether it tells of a change (took, lost, left) rather than of a state.
        is_area: Whether the place is an area, where only a party's presence can be denied or affirmed.
        mood: Fact or prospect.
        on: The day from which it is said to be so: that of the event, else of the statement.
        weight: 0 to 1: how firmly it is said.
    """

    claim: Claim
    place: ClaimPlace
    key: str
    party: str | None
    holds: bool | None
    is_change: bool
    is_area: bool
    mood: Mood
    on: date
    weight: float


_FIRMNESS = {
    Stance.ASSERTED: 1.0,
    Stance.CONFIRMED: 1.0,
    Stance.CLAIMED: 1.0,
    Stance.DENIED: 1.0,
    Stance.SUGGESTED: 0.5,
    Stance.PREDICTED: 0.7,
    Stance.INTENDED: 0.7,
}
"""How firmly each stance is said. Orders, proposals and what is only considered commit nobody."""

_CHANGES = {Event.CONTROL_GAINED, Event.CONTROL_LOST, Event.WITHDRAWAL, Event.ENTERED}
_SAYS: dict[Event, bool | None] = {
    Event.CONTROL_GAINED: True,
    Event.CONTROL_HELD: True,
    Event.CONTROL_LOST: False,
    Event.WITHDRAWAL: False,
    Event.CONTESTED: None,
}


def propositions_of(
    claim: Claim, theatre: Theatre | None = None, zone: tzinfo = UTC
) -> Iterator[Proposition]:
    """What a claim commits its source to; nothing for claims that say nothing of who holds a place."""
    weight = _FIRMNESS.get(claim.stance)
    on = said_on(claim, zone)
    if weight is None or claim.event not in _SAYS or on is None:
        return
    says, party = _SAYS[claim.event], party_of(claim.actor_id, claim.actor, theatre)
    if claim.event is Event.CONTESTED:
        party = None
    elif party is None:
        return
    mood = Mood.PROSPECT if claim.stance in (Stance.PREDICTED, Stance.INTENDED) else Mood.FACT
    undated = claim.holds.start is None and claim.holds.end is None
    if claim.stance is Stance.SUGGESTED and undated:
        # "A withdrawal may be near": hinted at, and not said to have happened.
        mood = Mood.PROSPECT
    reversed_ = is_denied(claim)
    if reversed_:
        if says is None:
            return
        says = not says
    for place in claim.places:
        if place.relation in (Relation.FROM, Relation.TOWARD, Relation.NEAR, Relation.ACROSS):
            continue
        is_area = place.kind in ("admin", "country") or (place.radius_m or 0.0) >= AREA_RADIUS_M
        if is_area and says is None:
            continue
        yield Proposition(
            claim=claim,
            place=place,
            key=place.place_id or place.name.casefold(),
            party=party,
            holds=says,
            is_change=claim.event in _CHANGES and not reversed_,
            is_area=is_area,
            mood=mood,
            on=on,
            weight=weight * place.p,
        )


def is_denied(claim: Claim) -> bool:
    """Whether the source says that the event is not so: denied or negative, but not both."""
    return (claim.stance is Stance.DENIED) != (claim.polarity is Polarity.NEGATIVE)


def party_of(party_id: str | None, name: str | None, theatre: Theatre | None) -> str | None:
    """The party's id: the theatre's where there is one, else as the claim has it."""
    if theatre is None:
        return party_id or (name.casefold() if name else None)
    return theatre.find_party(party_id) or theatre.find_party(name)


def said_on(claim: Claim, zone: tzinfo = UTC) -> date | None:
    """The day from which a claim says that something is so.

    Of a happening the last day of its window (by then it had happened), of a state its first; else the
    day of the statement.
    """
    first, last = claim.holds.to_days(zone)
    if claim.event in _CHANGES or claim.event in (Event.AREA_TOTAL, Event.SETTLEMENT_TOTAL):
        day = last or first
    else:
        day = first or last
    if day is not None:
        return day
    at = claim.reported_at
    return at.astimezone(zone).date() if isinstance(at, datetime) else at
