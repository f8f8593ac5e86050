"""Figures of a claim: which quantities stand in its words, and whether they make it a total.

Quantities and an event enter; the claim's quantities with their `measure`, and its event, leave.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import replace

from whoholds.model import Event, Measure, Quantity, Span
from whoholds.read.events.lexicon import lemma_of
from whoholds.read.events.types import EventMention
from whoholds.text.tokens import Doc

__all__ = ["count_of"]

_AREA_UNITS = frozenset({"km2", "ha", "m2", "percent"})
_TERRITORY = frozenset(
    {Event.CONTROL_GAINED, Event.CONTROL_LOST, Event.CONTROL_HELD, Event.ADVANCE, Event.WITHDRAWAL}
)
_TOTALS = frozenset({Event.AREA_TOTAL, Event.SETTLEMENT_TOTAL})
_HOLDING = frozenset(
    {"hold", "control", "have", "occupy", "keep", "remain", "retain", "be", "own", "administer"}
)
_LOSING = frozenset({"lose", "cede", "abandon", "surrender", "leave", "withdraw"})
_AGAIN = frozenset(
    {"retake", "recapture", "reclaim", "regain", "recover", "reconquer", "reoccupy", "take back", "win back"}
)


def count_of(
    doc: Doc,
    event: Event,
    mention: EventMention | None,
    quote: Span,
    quantities: Sequence[Quantity],
    *,
    has_own_places: bool,
) -> tuple[Event, tuple[Quantity, ...]]:
    """The event and the figures of a claim.

    Args:
        doc: The parse.
        event: The frame's event.
        mention: The event mention, or None for a bare statement.
        quote: The claim's words.
        quantities: All figures of the report.
        has_own_places: Whether the claim names the places taken, so that a number only sums them up.
    """
    inside = tuple(
        q for q in quantities if q.span is not None and quote.contains(q.span) and not _is_part(q.span, quote)
    )
    if mention is not None and event in _TOTALS:
        return event, _marked(inside, _measure_of(doc, _ground_event(doc, mention), mention))
    if mention is None or event not in _TERRITORY:
        return event, inside
    counted = [q for q in inside if _is_total(q, doc, mention)]
    if not counted:
        return event, inside
    measure = _measure_of(doc, event, mention)
    marked = _marked(inside, measure)
    if any(q.unit in _AREA_UNITS for q in counted):
        return Event.AREA_TOTAL, marked
    if not has_own_places:
        return Event.SETTLEMENT_TOTAL, marked
    return event, inside


def _marked(quantities: Sequence[Quantity], measure: Measure) -> tuple[Quantity, ...]:
    """The figures with what they measure, where they are of ground or places."""
    return tuple(
        replace(q, measure=Measure.SHARE if q.unit == "percent" else measure)
        if q.unit in _AREA_UNITS or q.unit == "settlements"
        else q
        for q in quantities
    )


def _ground_event(doc: Doc, mention: EventMention) -> Event:
    """What a total is of: ground held, lost or taken, by its verb."""
    lemma = lemma_of(doc[mention.trigger])
    if lemma in _HOLDING:
        return Event.CONTROL_HELD
    return Event.CONTROL_LOST if lemma in _LOSING else Event.CONTROL_GAINED


def _is_part(span: Span, quote: Span) -> bool:
    """ "the northern half" says where, not how much."""
    before = quote.exact[: span.start - quote.start].split()
    words = span.exact.lower().split()
    return words[-1] in ("half", "third", "quarter", "part") and any(
        w.lower().strip(",").endswith(("north", "south", "east", "west", "ern"))
        for w in [*before[-1:], *words[:-1]]
    )


def _is_total(quantity: Quantity, doc: Doc, mention: EventMention) -> bool:
    if quantity.span is None:
        return False
    if quantity.unit == "settlements":
        return any(
            quantity.span.start <= doc[t].idx < quantity.span.end
            for t in (*mention.objects, *mention.grounds)
        )
    if quantity.unit not in _AREA_UNITS:
        return False
    if quantity.unit == "percent":
        return any(
            quantity.span.start <= doc[t].idx < quantity.span.end
            for t in (*mention.objects, *mention.grounds)
        )
    return True


def _measure_of(doc: Doc, event: Event, mention: EventMention) -> Measure:
    if event is Event.CONTROL_HELD:
        return Measure.REMAINING if lemma_of(doc[mention.trigger]) in ("remain", "retain") else Measure.HELD
    if event in (Event.CONTROL_LOST, Event.WITHDRAWAL):
        return Measure.LOST
    return Measure.RETAKEN if lemma_of(doc[mention.trigger]) in _AGAIN else Measure.TAKEN
