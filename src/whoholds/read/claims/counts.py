"""Figures of a claim: which quantities stand in its words, and whether they make it a total.

Quantities and an event enter; the claim's quantities with their `measure`, and its event, leave.
"""

from __future__ import annotations

import re
from collections.abc import Sequence
from dataclasses import replace

from whoholds.model import Event, Measure, Quantity, Span
from whoholds.read.events.lexicon import lemma_of
from whoholds.read.events.types import EventMention
from whoholds.text.tokens import Doc, Token

__all__ = ["count_of"]

_GROUND_UNITS = frozenset({"km2", "ha", "m2"})
_AREA_UNITS = _GROUND_UNITS | {"percent"}
_TERRITORY = frozenset(
    {Event.CONTROL_GAINED, Event.CONTROL_LOST, Event.CONTROL_HELD, Event.ADVANCE, Event.WITHDRAWAL}
)
_TOTALS = frozenset({Event.AREA_TOTAL, Event.SETTLEMENT_TOTAL})
_HOLDING = frozenset(
    {"hold", "control", "have", "occupy", "keep", "remain", "retain", "be", "own", "administer"}
)
_LOSING = frozenset({"lose", "cede", "abandon", "surrender", "leave", "withdraw"})
_STAYING = frozenset({"remain", "retain"})
_CHANGING = {
    Measure.LOST: frozenset(
        {"shrink", "fall", "drop", "decline", "decrease", "reduce", "contract", "dwindle"}
    ),
    Measure.TAKEN: frozenset({"grow", "rise", "increase", "expand", "widen", "swell"}),
}
_IN_HAND = re.compile(
    r"\bunder\b(?: [\w’'-]+){0,3} (?:control|rule)\b|\bin\b(?: [\w’'-]+){1,3} hands?\b", re.IGNORECASE
)
_AT_MOST = re.compile(
    r"\bat (?:its|their|the|his) (?:peak|height|most|maximum|widest|largest)\b", re.IGNORECASE
)
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
    if event is Event.OTHER and any(
        q.unit in _GROUND_UNITS and _worded_measure(doc, q, quote) is not None for q in inside
    ):
        # "About 800 square kilometres are left."
        event = Event.AREA_TOTAL
    if event not in _TERRITORY | _TOTALS:
        return event, inside
    if mention is None:
        # A clause without a frame: what it is was judged by its words, and square kilometres make it a total.
        if event in _TOTALS or any(q.unit in _GROUND_UNITS for q in inside):
            sums = event if event in _TOTALS else Event.AREA_TOTAL
            measure = Measure.HELD if event is Event.CONTROL_HELD else _measure_by_verbs(doc, quote)
            return sums, _marked(doc, inside, quote, measure)
        return event, inside
    if event in _TOTALS:
        return event, _marked(doc, inside, quote, _measure_of(doc, _ground_event(doc, mention), mention))
    counted = [q for q in inside if _is_total(q, doc, mention)]
    if not counted:
        return event, inside
    marked = _marked(doc, inside, quote, _measure_of(doc, event, mention))
    if any(q.unit in _AREA_UNITS for q in counted):
        return Event.AREA_TOTAL, marked
    if not has_own_places:
        return Event.SETTLEMENT_TOTAL, marked
    return event, inside


def _marked(
    doc: Doc, quantities: Sequence[Quantity], quote: Span, measure: Measure | None
) -> tuple[Quantity, ...]:
    """The figures with what they measure, where they are of ground or places.

    Args:
        doc: The parse.
        quantities: The figures.
        quote: The claim's words.
        measure: What the clause's verb makes of them; None where it has none that says.
    """
    found = []
    for quantity in quantities:
        if quantity.unit == "percent":
            quantity = replace(quantity, measure=Measure.SHARE)
        elif quantity.unit in _AREA_UNITS or quantity.unit == "settlements":
            quantity = replace(quantity, measure=_worded_measure(doc, quantity, quote) or measure)
        found.append(quantity)
    return tuple(found)


def _measure_by_verbs(doc: Doc, quote: Span) -> Measure | None:
    """What figures of a clause without a frame measure, by its one verb of having, losing, retaking."""
    lemmas = {lemma_of(t) for t in _words_of(doc, quote) if t.pos_ == "VERB"}
    having = _HOLDING - {"be", "have", "remain"}
    told = {Measure.RETAKEN: _AGAIN, Measure.LOST: _LOSING, Measure.HELD: having, Measure.REMAINING: _STAYING}
    found = [measure for measure, verbs in told.items() if lemmas & verbs]
    return found[0] if len(found) == 1 else None


def _worded_measure(doc: Doc, quantity: Quantity, quote: Span) -> Measure | None:
    """What a figure measures by words beside the clause's verb.

    "At its peak the army held 1,300": that is what it had taken. "40 are left", "40 were left in their
    hands": what remains. "The area shrank by 40 to 280": a loss, and what is held. "The area under control
    is 280": held.
    """
    if quantity.span is None:
        return None
    if _AT_MOST.search(quote.exact):
        return Measure.TAKEN
    words = _words_of(doc, quote)
    for token in words:
        if token.lower_ == "left" and any(
            child.dep_ in ("auxpass", "aux", "cop") and lemma_of(child) == "be"
            for child in [*token.children, token.head]
        ):
            return Measure.REMAINING
    before = {t.lower_ for t in [t for t in words if t.idx + len(t.text) <= quantity.span.start][-3:]}
    for measure, verbs in _CHANGING.items():
        if any(lemma_of(t) in verbs for t in words):
            return measure if "by" in before else Measure.HELD if before & {"to", "at"} else None
    return Measure.HELD if _IN_HAND.search(quote.exact) else None


def _words_of(doc: Doc, quote: Span) -> list[Token]:
    found = doc.char_span(quote.start, quote.end, alignment_mode="expand")
    return [] if found is None else list(found)


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
        return Measure.REMAINING if lemma_of(doc[mention.trigger]) in _STAYING else Measure.HELD
    if event in (Event.CONTROL_LOST, Event.WITHDRAWAL):
        return Measure.LOST
    return Measure.RETAKEN if lemma_of(doc[mention.trigger]) in _AGAIN else Measure.TAKEN
