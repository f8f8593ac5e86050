"""Claims in words: one plain sentence for what is said, by whom, when. No judgement is added.

In: claims and the theatre. Out: strings and small dicts for templates, which escape them.
"""

from __future__ import annotations

import re
from collections.abc import Mapping
from datetime import date, datetime, tzinfo
from typing import Any

from whoholds.model import (
    EVENT_GROUPS,
    Claim,
    Event,
    Polarity,
    Quantity,
    Relation,
    Report,
    Stance,
)
from whoholds.theatre import Theatre

__all__ = [
    "DEMO_BADGE",
    "EVENT_WORDS",
    "STANCE_WORDS",
    "describe_claim",
    "describe_day",
    "describe_holds",
    "describe_party",
    "describe_quantity",
    "describe_statement",
    "is_demo",
]

DEMO_BADGE = "our summary of a public statement, not the publisher's words"
"""Shown wherever a report of the project's own writing, or a claim from one, is shown."""

STANCE_WORDS: Mapping[Stance, str] = {
    Stance.ASSERTED: "asserts",
    Stance.CONFIRMED: "confirms",
    Stance.CLAIMED: "says",
    Stance.DENIED: "denies",
    Stance.SUGGESTED: "suggests",
    Stance.PREDICTED: "predicts",
    Stance.ORDERED: "orders",
    Stance.INTENDED: "intends",
    Stance.CONSIDERED: "considers",
    Stance.PROPOSED: "proposes",
    Stance.NO_COMMENT: "does not comment on",
}

EVENT_WORDS: Mapping[Event, tuple[str, str, str]] = {
    Event.CONTROL_GAINED: ("took control", "{actor} took {place}", "{place} was taken"),
    Event.CONTROL_LOST: ("lost control", "{actor} lost {place}", "{place} was lost"),
    Event.CONTROL_HELD: ("holds", "{actor} holds {place}", "{place} is held"),
    Event.ENTERED: ("entered", "{actor} entered {place}", "{place} was entered"),
    Event.CONTESTED: ("fighting, nobody in control", "{place} is contested", "{place} is contested"),
    Event.ADVANCE: ("advance", "{actor} advances towards {place}", "advance towards {place}"),
    Event.WITHDRAWAL: ("withdrawal", "{actor} withdraws from {place}", "withdrawal from {place}"),
    Event.CLASH: ("clash", "fighting at {place}", "fighting at {place}"),
    Event.STRIKE: ("strike", "{actor} strikes {place}", "strike on {place}"),
    Event.SHELLING: ("shelling", "{actor} shells {place}", "shelling of {place}"),
    Event.CAPTURE_OF_PERSONS: (
        "prisoners",
        "{actor} takes prisoners at {place}",
        "prisoners taken at {place}",
    ),
    Event.CASUALTIES: ("casualties", "casualties of {actor} at {place}", "casualties at {place}"),
    Event.EQUIPMENT_LOSSES: (
        "equipment losses",
        "equipment lost by {actor} at {place}",
        "equipment lost at {place}",
    ),
    Event.AREA_TOTAL: ("area figure", "figure of ground: {actor}, {place}", "figure of ground: {place}"),
    Event.SETTLEMENT_TOTAL: (
        "settlement figure",
        "figure of settlements: {actor}, {place}",
        "figure of settlements: {place}",
    ),
    Event.VISIT: ("visit", "{actor} visits {place}", "visit to {place}"),
    Event.ORDER: ("order", "order by {actor} about {place}", "order about {place}"),
    Event.PROPOSAL: ("proposal", "proposal by {actor} about {place}", "proposal about {place}"),
    Event.AGREEMENT: ("agreement", "agreement of {actor} about {place}", "agreement about {place}"),
    Event.REFUSAL: ("refusal", "refusal by {actor} about {place}", "refusal about {place}"),
    Event.STATEMENT: ("statement", "statement about {place}", "statement about {place}"),
    Event.OTHER: ("other", "other: {actor}, {place}", "other: {place}"),
}
"""Each event in a few words, as a sentence with its actor, and as one without."""


def describe_day(moment: date | datetime | None, zone: tzinfo) -> str:
    """A day as "12 Mar 2025", an instant with its time in the theatre's zone; "undated" for None."""
    if moment is None:
        return "undated"
    if isinstance(moment, datetime):
        local = moment.astimezone(zone)
        return f"{local.day} {local:%b %Y, %H:%M}"
    return f"{moment.day} {moment:%b %Y}"


def describe_holds(claim: Claim, zone: tzinfo) -> str:
    """When it is said to be so: a day, a stretch, or one end."""
    first, last = claim.holds.to_days(zone)
    if first is None and last is None:
        return ""
    if first is not None and last is not None:
        return (
            describe_day(first, zone)
            if first == last
            else (f"{describe_day(first, zone)} to {describe_day(last, zone)}")
        )
    return f"from {describe_day(first, zone)}" if last is None else f"by {describe_day(last, zone)}"


def describe_quantity(quantity: Quantity) -> str:
    """A figure as worded, or its bounds with unit."""
    if quantity.span is not None:
        return quantity.span.exact
    low, high = quantity.low, quantity.high
    unit = {"km2": "km²", "percent": "%"}.get(quantity.unit or "", quantity.unit or "")
    number = ""
    if low is not None and high is not None:
        number = f"{low:,.10g}" if low == high else f"{low:,.10g} to {high:,.10g}"
    elif low is not None:
        number = f"{low:,.10g} or more"
    elif high is not None:
        number = f"up to {high:,.10g}"
    words = f"{number} {unit}".strip()
    return f"{words} {quantity.measure.value}" if quantity.measure is not None else words


def describe_party(theatre: Theatre, party_id: str | None, otherwise: str | None = None) -> str:
    """A party's English name; the words given where it is none of the theatre's."""
    found = next((p.name for p in theatre.parties if p.id == party_id), None)
    return found or otherwise or ""


def describe_statement(claim: Claim, theatre: Theatre) -> str:
    """What is said, without who says it and without figures: "Ukraine lost Sudzha"."""
    places = ", ".join(_place_words(p.relation, p.name) for p in claim.places)
    actor = describe_party(theatre, claim.actor_id, claim.actor)
    if claim.map_class is not None:
        text = f"map: {actor or 'ground'} {claim.map_class.value}"
    else:
        text = _fill(claim.event, actor, places)
    return f"not so: {text}" if claim.polarity is Polarity.NEGATIVE else text


def _fill(event: Event, actor: str, places: str) -> str:
    """An event's sentence; without a place, the words that lead to it go too."""
    _, with_actor, without = EVENT_WORDS[event]
    pattern = with_actor if actor else without
    if not places:
        # Whose ground it is stays worth saying where no place is named.
        says_control = EVENT_GROUPS[event] in ("territory", "presence") and pattern.count("{place}") == 1
        leads = re.search(r"(?:,|:| at| about| from| to| towards| on| of) \{place\}", pattern)
        if leads:
            pattern = pattern.replace(leads.group(), "")
        elif says_control:
            places = "ground that is not named"
        else:
            pattern = pattern.replace(" {place}", "")
    text = pattern.format(actor=actor, place=places)
    return re.sub(r" (?:at|on|of) near ", " near ", text).replace(" at the outskirts", " on the outskirts")


def _place_words(relation: Relation, name: str) -> str:
    words = {Relation.OUTSKIRTS: f"the outskirts of {name}", Relation.NEAR: f"near {name}"}
    return words.get(relation, name)


def is_demo(claim: Claim | None, report: Report | None) -> bool:
    """Whether the words are of the project's own writing."""
    return any(o == "written-for-demo" for o in (claim and claim.origin, report and report.origin))


def describe_claim(
    claim: Claim, report: Report | None, theatre: Theatre, status: str = "new"
) -> dict[str, Any]:
    """What a template needs to show a claim.

    Args:
        claim: The claim.
        report: Its report, or None where it came without one.
        theatre: For names and zone.
        status: What assessments leave it as.
    """
    zone = theatre.zone
    speaker = claim.speaker
    publisher = report.publisher if report else None
    outer = [s.name for s in claim.attribution[:-1]]
    return {
        "id": claim.id,
        "key": short_key(claim.id),
        "report_id": claim.report_id if report else None,
        "publisher": publisher or "unknown publisher",
        "has_publisher": publisher is not None,
        "speaker": speaker.name if speaker else publisher or "unknown",
        "is_own_voice": speaker is None,
        "role": speaker.role if speaker and speaker.role not in ("speaker", "publisher") else None,
        "side": speaker.side if speaker else None,
        "side_name": describe_party(theatre, speaker.side, speaker.side) if speaker else "",
        "via": outer,
        "stance": claim.stance.value,
        "stance_words": STANCE_WORDS[claim.stance],
        "event": claim.event.value,
        "event_words": EVENT_WORDS[claim.event][0],
        "statement": describe_statement(claim, theatre),
        "actor_id": claim.actor_id,
        "quote": claim.quote.exact if claim.quote else None,
        "span": (claim.quote.start, claim.quote.end) if claim.quote else None,
        "places": [
            {"id": p.place_id, "name": p.name, "relation": p.relation.value, "p": p.p} for p in claim.places
        ],
        "reported": describe_day(claim.reported_at, zone),
        "holds": describe_holds(claim, zone),
        "deadline": describe_day(claim.deadline, zone) if claim.deadline else None,
        "quantities": [describe_quantity(q) for q in claim.quantities],
        "p": claim.p,
        "reader": claim.reader,
        "is_echo": claim.echo_of is not None,
        "is_demo": is_demo(claim, report),
        "is_map": claim.geometry is not None,
        "lang": report.lang if report else None,
        "status": status,
    }


def short_key(claim_id: str) -> str:
    """A claim's key within a page: the first twelve hex digits of its hash."""
    return claim_id.rpartition(":")[2][:12]
