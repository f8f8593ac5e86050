"""The figures of a claim as its sense has them: what a bare number counts, and which numbers are none.

The quantities inside a claim's words, all those of its report and its times enter; the claim's own leave.
A number alone counts what the numbers before it counted, or what the event is about ("He admits to six"
beside the dead). A number that only dates, ages or addresses, and a duration that the claim's time
already says ("within two weeks", "in the past five days"), is no figure.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import replace

from whoholds.model import Event, Quantity, TimeMention
from whoholds.read.quantities.lexicon import money_names
from whoholds.text.tokens import Doc, Token

__all__ = ["settle_figures"]

_PERIODS = frozenset({"hours", "days", "weeks", "months", "years", "minutes"})
_DATING = frozenset({"within", "past", "last", "next", "in"})
_LENGTHS = frozenset({"km", "m"})
_AT = frozenset({"at", "until", "till", "from", "by", "before", "after", "around", "since", "past"})
_ADDRESS = frozenset(
    {
        "kilometre", "kilometer", "km", "mile", "number", "no", "hill", "height", "point", "route", "highway",
        "checkpoint", "zone", "ward", "sector", "school", "paragraph", "article", "phase", "stage",
    }
)  # fmt: skip
_SIGNS = frozenset(
    {"km", "m", "ha", "km2", "m2", "cm", "mm", "kg", "t", "percent", "money", "aircraft", "degrees"}
)
"""Units that have no plural, as the contract writes them."""
_PLURAL = (
    "s",
    "men",
    "people",
    "folk",
    "feet",
    "cattle",
    "police",
    "oxen",
    "children",
    "mice",
    "zebu",
    "lynx",
)
_SPELT = {"g": "grams", "l": "litres", "t": "tonnes"}
_HOURS = 24
_CLOCK = frozenset(
    {
        "one",
        "two",
        "three",
        "four",
        "five",
        "six",
        "seven",
        "eight",
        "nine",
        "ten",
        "eleven",
        "twelve",
        "noon",
    }
)
_COUNTED = {
    Event.CASUALTIES: "persons",
    Event.CAPTURE_OF_PERSONS: "persons",
    Event.SETTLEMENT_TOTAL: "settlements",
    Event.AREA_TOTAL: "km2",
}
"""What an event counts by its nature."""
_COMPARED = frozenset({"from", "against", "to", "than", "down", "up", "by"})
"""Words before the number that another one is set beside ("38 from 61", "against 9,000", "down 35")."""


def settle_figures(
    doc: Doc,
    event: Event,
    own: Sequence[Quantity],
    earlier: Sequence[Quantity],
    times: Sequence[TimeMention],
) -> tuple[Quantity, ...]:
    """The figures of a claim.

    Args:
        doc: The parse.
        event: The claim's event.
        own: The quantities inside its words.
        earlier: All quantities of the report, in the order of the text.
        times: The times of the report.
    """
    kept: list[Quantity] = []
    for quantity in own:
        if quantity.span is None:
            kept.append(quantity)
            continue
        first = _token_at(doc, quantity.span.start)
        if first is None:
            kept.append(quantity)
            continue
        if quantity.unit in _PERIODS and _is_dating(first, quantity, times):
            continue
        if _is_whole(first, quantity, kept):
            continue
        if quantity.unit in _LENGTHS and _word_before(first) == "within" and quantity.low == quantity.high:
            kept.append(replace(quantity, low=0.0))
            continue
        if quantity.unit is None:
            if _is_mark(first):
                continue
            kept.append(replace(quantity, unit=_unit_of(doc, event, quantity, first, earlier)))
        elif quantity.unit in money_names():
            kept.append(replace(quantity, unit="money", of=quantity.of or quantity.unit))
        elif quantity.unit in _SPELT:
            kept.append(replace(quantity, unit=_SPELT[quantity.unit]))
        elif quantity.unit in _SIGNS:
            kept.append(quantity)
        else:
            kept.append(replace(quantity, unit=_plural(quantity.unit)))
    return tuple(kept)


def _token_at(doc: Doc, offset: int) -> Token | None:
    span = doc.char_span(offset, offset + 1, alignment_mode="expand")
    return None if span is None or len(span) == 0 else doc[span.start]


def _word_before(token: Token, steps: int = 1) -> str:
    index = token.i - steps
    return token.doc[index].lower_ if index >= 0 else ""


def _is_dating(first: Token, quantity: Quantity, times: Sequence[TimeMention]) -> bool:
    """Whether a duration stands inside a time that the claim has already: "within 24 hours"."""
    assert quantity.span is not None
    start, end = quantity.span.start, quantity.span.end
    for time in times:
        if (
            time.span.start <= start
            and end <= time.span.end
            and time.span.end - time.span.start > end - start
        ):
            return True
    return _word_before(first) in _DATING


def _is_whole(first: Token, quantity: Quantity, kept: Sequence[Quantity]) -> bool:
    """Whether a number is the whole that another is a part of: "six of its eleven entrances"."""
    assert quantity.span is not None
    if not kept or kept[-1].span is None or quantity.span.start - kept[-1].span.end > len(" of the other "):
        return False
    between = first.doc.text[kept[-1].span.end : quantity.span.start].split()
    return between[:1] == ["of"] or ("of" in kept[-1].span.exact.split() and not between)


def _is_mark(first: Token) -> bool:
    """Whether a bare number dates, ages or addresses: "Mile 91", "at 19.00", "Salma H., 34,"."""
    doc, before = first.doc, _word_before(first).rstrip(".")
    if before in _ADDRESS:
        return True
    if before in _AT and _is_hour(first.text):
        return True
    after = doc[first.i + 1].text if first.i + 1 < len(doc) else ""
    return before == "," and after == "," and first.i >= 2 and doc[first.i - 2].pos_ == "PROPN"


def _is_hour(text: str) -> bool:
    head = text.replace(":", ".").split(".")[0]
    return text.lower() in _CLOCK or (head.isdigit() and int(head) <= _HOURS)


def _plural(noun: str) -> str:
    """The plural of a lower-case English noun: one post and two are counted in posts."""
    if noun.endswith(_PLURAL) or not noun.isalpha():
        return noun
    if noun.endswith("y") and noun[-2:-1] not in "aeiou":
        return noun[:-1] + "ies"
    return noun + ("es" if noun.endswith(("x", "z", "ch", "sh")) else "s")


def _unit_of(doc: Doc, event: Event, quantity: Quantity, first: Token, earlier: Sequence[Quantity]) -> str:
    """What a bare number counts."""
    assert quantity.span is not None
    start = quantity.span.start
    sentence = first.sent.start
    before = [q for q in earlier if q.span is not None and q.span.start < start and q.unit is not None]
    near = [q for q in before if q.span is not None and q.span.start >= doc[sentence].idx]
    if near and (_word_before(first) in _COMPARED or _word_before(first, 2) in _COMPARED):
        return str(near[-1].unit)
    if event in _COUNTED:
        return _COUNTED[event]
    if near and near[-1].unit not in _PERIODS | _LENGTHS | {"percent", "money"}:
        return str(near[-1].unit)
    if event is Event.EQUIPMENT_LOSSES:
        told = [q for q in before if q.unit not in _PERIODS | _LENGTHS | {"percent", "money", "persons"}]
        return str(told[-1].unit) if told else "vehicles"
    # "60,000 have fled", "It put them at 800": numbers that nothing else explains are of people.
    return "persons"
