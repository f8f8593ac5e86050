"""Quantities of a text: a parsed text enters, `Quantity`s with spans and bounds leave.

Each number that `numerals.lex` finds is tried once: first whether it is a quantity at all (`refusals`),
then its unit or what it counts (`units`, `counted`), then how exactly it is meant, then whether it
begins a range. Vague numbers ("dozens", "half") are in `vague`.
"""

from __future__ import annotations

from collections.abc import Sequence

from whoholds.model import Approximator, Quantity, Span, TimeMention, TimexType
from whoholds.read.numerals import Kind, lex
from whoholds.read.quantities.bounds import bounds_of, find_approximator
from whoholds.read.quantities.counted import counted_noun, is_age, measured_noun
from whoholds.read.quantities.refusals import is_no_quantity
from whoholds.read.quantities.tokens import Line, Measured
from whoholds.read.quantities.units import currency_before, unit_after
from whoholds.read.quantities.vague import VAGUE_WORDS, read_fraction, read_share, read_vague
from whoholds.read.times import extract_times
from whoholds.text.blocks import BlockKind
from whoholds.text.parse import Parsed

_BARE_AFTER = frozenset(("magnitude",))
"""Words whose number has no unit though a noun follows: "a magnitude 6.1 earthquake"."""

__all__ = ["drop_anchored", "extract_quantities"]


def extract_quantities(parsed: Parsed, times: Sequence[TimeMention] | None = None) -> tuple[Quantity, ...]:
    """Find the quantities of a text.

    Lengths of time are quantities ("a 30-day ceasefire", "the past five days"); dates, clock times, ages
    of days ("two days ago") and numbers in names are not.

    Args:
        parsed: The text and its parse.
        times: The text's time expressions, if they are known; else they are found here.

    Returns:
        Quantities in the order of the text, without overlap.
    """
    tokens = lex(parsed.text)
    wanted = [n for n, t in enumerate(tokens) if t.kind is Kind.NUMBER or t.low in VAGUE_WORDS]
    if not wanted:
        return ()
    if times is None:
        times = extract_times(parsed, None)
    line = Line(parsed, tokens, [(t.span.start, t.span.end) for t in times if _locates(t)])
    found: list[Quantity] = []
    after = 0
    for index in wanted:
        if index < after or _is_furniture(parsed, tokens[index].start):
            continue
        read = _read_at(line, index, after)
        if read is not None:
            quantities, after = read
            found.extend(quantities)
    return tuple(found)


def drop_anchored(quantities: Sequence[Quantity], times: Sequence[TimeMention]) -> tuple[Quantity, ...]:
    """The quantities that are no part of a time with days of its own ("in the past five days")."""
    spans = [t.span for t in times if t.interval is not None]
    return tuple(q for q in quantities if q.span is None or not any(s.contains(q.span) for s in spans))


def _is_furniture(parsed: Parsed, offset: int) -> bool:
    block = parsed.block_at(offset)
    return block is not None and block.kind is BlockKind.FURNITURE


def _locates(mention: TimeMention) -> bool:
    return mention.timex in (TimexType.DATE, TimexType.TIME)


def _read_at(line: Line, index: int, after: int) -> tuple[list[Quantity], int] | None:
    """The quantities that begin at a token and the first token that they leave."""
    token = line.tokens[index]
    if token.low in VAGUE_WORDS:
        vague = read_vague(line, index)
        if vague is not None and vague.first >= after:
            return [_make(line, vague, after)], vague.last
        if token.kind is not Kind.NUMBER:
            return None
    fraction = read_fraction(line, index) or read_share(line, index)
    if fraction is not None:
        return [_make(line, fraction, after)], fraction.last
    if is_no_quantity(line, index):
        return None
    first = _measure(line, index)
    second_at = _range_to(line, first)
    if second_at is not None:
        second = _measure(line, second_at)
        low, high = _scaled(line, first, second, index, second_at)
        if low is not None and high is not None and low < high:
            unit = second if second.unit is not None or first.unit is None else first
            whole = Measured(first.first, second.last, low, high, unit.unit, unit.of, unit.kind)
            if whole.unit is None and second_at == second.last - 1:
                whole = _count(line, whole, second_at)
            return [_make(line, whole, after)], whole.last
    if first.unit is None:
        first = _count(line, first, index)
    return [_make(line, first, after)], first.last


def _measure(line: Line, index: int) -> Measured:
    """A number with its currency or unit, before it is known what it counts."""
    token = line.tokens[index]
    value = token.value or 0.0
    value *= line.sign_before(index)
    first, last = line.first_of(index), index + 1
    money = currency_before(line, first)
    if money is not None:
        start, currency = money
        value, last = line.money_suffix(value, last)
        return Measured(start, last, value, value, currency.name, None, "money")
    unit_found = unit_after(line, last)
    if unit_found is not None:
        end, written, multiplier = unit_found
        value *= multiplier
        if written is None:
            return Measured(first, end, value, value, None, None, "")
        unit, factor = written, written.factor
        of = measured_noun(line, end) if unit.kind in ("share", "area", "length", "mass", "volume") else None
        return Measured(first, end, value * factor, value * factor, unit.name, of, unit.kind)
    return Measured(first, last, value, value, None, None, "")


def _count(line: Line, measured: Measured, index: int) -> Measured:
    """A bare number with the noun that it counts."""
    if is_age(line, index):
        return Measured(measured.first, measured.last, measured.low, measured.high, "years old", None, "time")
    noun = None if line.word(measured.first - 1) in _BARE_AFTER else counted_noun(line, index, measured.last)
    if noun is None:
        return measured
    last, unit, of = noun
    return Measured(measured.first, last, measured.low, measured.high, unit, of, "count")


def _range_to(line: Line, first: Measured) -> int | None:
    """The token of the second number of a range, or None."""
    at = first.last
    if (
        line.word(at) in ("-", "–")
        and line.word(at + 1) in ("to", "or", "and")
        and line.is_joined(at - 1, at + 1)
    ):
        at += 1  # "18- to 24-year-olds"
    word = line.word(at)
    before = line.word(first.first - 1)
    second = at + 1
    while line.word(second) in ("$", "€", "£", "us", "about", "around") and second < at + 4:
        second += 1
    if second >= len(line.tokens) or line.tokens[second].kind is not Kind.NUMBER:
        return None
    if line.tokens[second].value is None or is_no_quantity(line, second, in_range=True):
        return None
    if word in ("-", "–", "—", "‑"):
        return second if word != "—" or line.is_joined(at - 1, at + 2) else None
    if word in ("to", "or"):
        if before == "from" or line.follows_change(first.first):
            return None
        return second
    return second if word == "and" and before == "between" else None


def _scaled(
    line: Line, first: Measured, second: Measured, at: int, second_at: int
) -> tuple[float | None, float | None]:
    """Both ends in one unit: "$3-4 million" is 3 to 4 million, "10 to 15 km" is in km."""
    low, high = first.low, second.high
    if low is None or high is None:
        return None, None
    if first.unit is not None and second.unit is not None and first.unit != second.unit:
        return None, None
    written, whole = line.tokens[at].low, line.tokens[second_at].value or 0.0
    mantissa = line.mantissa(second_at)
    if mantissa and written.replace(".", "").replace(",", "").isdecimal() and low <= mantissa < whole:
        low = low * whole / mantissa
    if first.unit is None and second.unit is not None and second.kind not in ("money", "count"):
        plain = line.tokens[second_at].value or 0.0
        if plain:
            low = low * (abs(high) / abs(plain))
    return low, high


def _make(line: Line, measured: Measured, after: int) -> Quantity:
    first, last, approximator = find_approximator(line, measured, after)
    if measured.approximator is not None and approximator is Approximator.EXACT:
        approximator = measured.approximator
    low, high = (None if n is None else float(f"{n:.12g}") for n in bounds_of(measured, approximator))
    # A sign may have been read as the noun of the number before ("12 minus 12").
    first = max(first, after)
    span = Span.of(line.text, line.tokens[first].start, line.tokens[last - 1].end)
    measured.last = last
    return Quantity(span, low, high, measured.unit, measured.of, approximator)
