"""Contradictions laid out for a reader: findings in, one group a place and day out, with its sides.

A pair of claims is what a contradiction is proved by; a place and day, with what each side says of it, is
what a person wants to read.
"""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import UTC, date

from whoholds.check.propositions import Mood, Proposition, party_of, propositions_of, said_on
from whoholds.model import Claim, ClaimPlace, Event, Finding, Stance
from whoholds.theatre import Theatre

__all__ = ["Clash", "Side", "group_clashes"]

_TOTALS = (Event.AREA_TOTAL, Event.SETTLEMENT_TOTAL)
_TALKS = (Event.AGREEMENT, Event.REFUSAL, Event.PROPOSAL)


@dataclass(frozen=True, slots=True)
class Side:
    """What one side of a clash says: in our words, and the claims that say it, by day."""

    says: str
    claims: tuple[Claim, ...]


@dataclass(frozen=True, slots=True)
class Clash:
    """All that cannot both be so of one place on one day.

    Attributes:
        place: The place that it is about; None for figures and agreements without one.
        topic: `control`, `prospect`, `agreement` or `figure`.
        on: The later day of the pairs.
        strength: That of its hardest pair, 0 to 1.
        verdict: The check's own for that pair.
        sides: What each side says, the one with most claims first.
        findings: The pairs, the hardest first.
    """

    place: ClaimPlace | None
    topic: str
    on: date | None
    strength: float
    verdict: str
    sides: tuple[Side, ...]
    findings: tuple[Finding, ...]

    @property
    def name(self) -> str:
        """The place's name, or what it is about instead."""
        if self.place is not None:
            return self.place.name
        return {"agreement": "Agreements", "figure": "Figures"}.get(self.topic, "No place named")


def group_clashes(
    findings: Sequence[Finding], claims: Sequence[Claim], theatre: Theatre | None = None
) -> list[Clash]:
    """Contradictions by place and day: places with the hardest clash first, each place's days in order.

    Args:
        findings: What `find_contradictions` found.
        claims: The claims that it was given.
        theatre: For the parties' names and the zone.
    """
    by_id = {c.id: c for c in claims}
    groups: dict[tuple[str, str, date | None], list[tuple[Finding, ClaimPlace | None]]] = defaultdict(list)
    for finding in findings:
        a, b = (by_id[i] for i in finding.claim_ids)
        topic = _topic(a, b)
        place = _common_place(a, b, finding.summary.partition(": ")[0] if topic == "control" else "")
        key = (topic, (place.place_id or place.name.casefold()) if place else "", finding.on)
        groups[key].append((finding, place))
    found = [
        _lay_out(topic, key, on, members, by_id, theatre) for (topic, key, on), members in groups.items()
    ]
    hardest: dict[str, float] = defaultdict(float)
    for clash in found:
        hardest[clash.name] = max(hardest[clash.name], clash.strength)
    return sorted(found, key=lambda c: (-hardest[c.name], c.name, c.on or date.min, c.topic))


def _topic(a: Claim, b: Claim) -> str:
    if a.event in _TOTALS and b.event in _TOTALS:
        return "figure"
    if {a.event, b.event} & set(_TALKS):
        return "agreement"
    return "control"


def _common_place(a: Claim, b: Claim, named: str) -> ClaimPlace | None:
    there = {p.place_id or p.name.casefold() for p in b.places}
    common = [p for p in a.places if (p.place_id or p.name.casefold()) in there]
    return next((p for p in common if p.name == named), common[0] if common else None)


def _lay_out(
    topic: str,
    key: str,
    on: date | None,
    members: Sequence[tuple[Finding, ClaimPlace | None]],
    by_id: Mapping[str, Claim],
    theatre: Theatre | None,
) -> Clash:
    pairs = sorted((f for f, _ in members), key=lambda f: (-(f.strength or 0.0), f.id))
    sides: dict[str, dict[str, Claim]] = defaultdict(dict)
    for claim_id in (i for f in pairs for i in f.claim_ids):
        sides[_says(by_id[claim_id], topic, key, theatre)][claim_id] = by_id[claim_id]
    zone = theatre.zone if theatre else UTC
    listed = [
        Side(says, tuple(sorted(group.values(), key=lambda c: (said_on(c, zone) or date.min, c.id))))
        for says, group in sides.items()
    ]
    listed.sort(key=lambda s: (-len(s.claims), s.says))
    return Clash(
        place=members[0][1],
        topic=topic,
        on=on,
        strength=pairs[0].strength or 0.0,
        verdict=pairs[0].verdict,
        sides=tuple(listed),
        findings=tuple(pairs),
    )


def _says(claim: Claim, topic: str, key: str, theatre: Theatre | None) -> str:
    """What a claim says of the matter, such that claims that say the same have the same words."""
    if topic == "figure":
        return "; ".join(q.span.exact if q.span else f"{q.low:g} {q.unit}" for q in claim.quantities)
    if topic == "agreement":
        actor = _name(party_of(claim.actor_id, claim.actor, theatre), theatre)
        if claim.stance is Stance.NO_COMMENT:
            return f"{actor} has not answered"
        return f"{actor} has refused" if claim.event is Event.REFUSAL else f"{actor} on an agreement"
    zone = theatre.zone if theatre else UTC
    return next(
        (_words(p, theatre) for p in propositions_of(claim, theatre, zone) if p.key == key),
        claim.event.value.replace("_", " "),
    )


def _words(item: Proposition, theatre: Theatre | None) -> str:
    if item.holds is None:
        return "fighting there, nobody holds all of it"
    party = _name(item.party, theatre)
    if item.mood is Mood.PROSPECT:
        return f"{party} will hold it" if item.holds else f"{party} will be gone"
    if item.is_area:
        return f"{party} is there" if item.holds else f"{party} is not there"
    return f"{party} holds it" if item.holds else f"{party} does not hold it"


def _name(party: str | None, theatre: Theatre | None) -> str:
    known = next((p.name for p in theatre.parties if p.id == party), None) if theatre else None
    return known or party or "somebody"
