"""Numbers without figures: "dozens", "several hundred", "half", "two thirds", "one in five"."""

from __future__ import annotations

from whoholds.model import Approximator
from whoholds.read.numerals import Kind
from whoholds.read.quantities.counted import counted_noun, measured_noun
from whoholds.read.quantities.tokens import DASHES, Line, Measured
from whoholds.read.quantities.units import unit_after

__all__ = ["VAGUE_WORDS", "read_fraction", "read_share", "read_vague"]

_SCALES = {
    "dozens": 12.0, "tens": 10.0, "scores": 20.0, "hundreds": 100.0,
    "thousands": 1e3, "millions": 1e6, "billions": 1e9,
    "trillions": 1e12,
}  # fmt: skip
_SINGLE = {"dozen": 12.0, "hundred": 100.0, "thousand": 1e3, "million": 1e6, "billion": 1e9}
_TOPS = {"dozens": 99.0, "tens": 99.0, "scores": 99.0}
_PARTS = {
    "half": 2, "halves": 2, "third": 3, "thirds": 3, "quarter": 4, "quarters": 4, "fourth": 4, "fourths": 4,
    "fifth": 5, "fifths": 5,
    "sixth": 6, "sixths": 6, "seventh": 7, "eighth": 8, "eighths": 8, "tenth": 10, "tenths": 10,
}  # fmt: skip
VAGUE_WORDS = frozenset((*_SCALES, *_SINGLE, "half", "quarter", "quarters", "third", "fifth", "tenth"))
_SEVERAL = frozenset(("several", "few", "couple"))
_NOT_HALF_BEFORE = frozenset(
    ("first", "second", "other", "latter", "last", "next", "and", "better", "each", "this")
)
_NOT_HALF_AFTER = frozenset(
    (
        "-",
        "an",
        "hour",
        "past",
        "time",
        "way",
        "brother",
        "sister",
        "century",
        "year",
        "dozen",
        "marathon",
        "mast",
    )
)


def read_vague(line: Line, index: int) -> Measured | None:
    """The vague number at a token, with what it counts."""
    word = line.word(index)
    if word in _SCALES:
        return _scale(line, index)
    if word in _SINGLE and line.tokens[index].kind is Kind.WORD:
        return _several(line, index)
    if word in ("half", "quarter", "third", "fifth", "tenth"):
        return _part(line, index)
    return None


def _scale(line: Line, index: int) -> Measured | None:
    word, first, last = line.word(index), index, index + 1
    unit = _SCALES[word]
    low, high = 2 * unit, _TOPS.get(word, 10 * unit - 1)
    if line.word(last) == "of" and line.word(last + 1) in _SCALES and _SCALES[line.word(last + 1)] > unit:
        # "tens of thousands": 20,000 to 99,999.
        factor = _SCALES[line.word(last + 1)]
        low, high, last = 2 * unit * factor, 10 * unit * factor - 1, last + 2
    elif word == "tens":
        return None
    if word == "scores" and line.word(last) != "of":
        return None
    if line.word(first - 1) in _SEVERAL:
        low, high, first = 3 * unit, 9 * unit, first - 1
    return _with_noun(line, Measured(first, last, low, high, approximator=Approximator.ABOUT), index)


def _several(line: Line, index: int) -> Measured | None:
    """ "several hundred", "a few dozen": three to nine of them."""
    unit, first, last = _SINGLE[line.word(index)], index, index + 1
    before = line.word(index - 1)
    if before not in _SEVERAL and not (before == "of" and line.word(index - 2) == "couple"):
        return None
    first -= 1 if before in _SEVERAL else 2
    if line.word(first - 1) == "a":
        first -= 1
    if line.word(last) in _SINGLE and _SINGLE[line.word(last)] > unit:
        unit, last = unit * _SINGLE[line.word(last)], last + 1
    low, high = (2 * unit, 2 * unit) if "couple" in line.words(first, index) else (3 * unit, 9 * unit)
    return _with_noun(line, Measured(first, last, low, high, approximator=Approximator.ABOUT), index)


def _with_noun(line: Line, measured: Measured, index: int) -> Measured:
    unit = unit_after(line, measured.last)
    if unit is not None and (found := unit[1]) is not None:
        end = unit[0]
        low, high = measured.low or 0.0, measured.high or 0.0
        return Measured(
            measured.first,
            end,
            low * found.factor,
            high * found.factor,
            found.name,
            None,
            found.kind,
            measured.approximator,
        )
    noun = counted_noun(line, index, measured.last)
    if noun is not None:
        measured.last, measured.unit, measured.of = noun
        measured.kind = "count"
    return measured


def _part(line: Line, index: int) -> Measured | None:
    """ "half of the town", "a quarter of the force" as percent."""
    word, first, last = line.word(index), index, index + 1
    before, after = line.word(index - 1), line.word(last)
    if line.in_time(index) or (before in DASHES and line.is_joined(index - 2, index + 1)):
        return None
    if word == "half":
        if before in _NOT_HALF_BEFORE or after in _NOT_HALF_AFTER:
            return None
        if after not in ("of", "the", "its", "their", "his", "her", "our", "a") and line.parsed_word(
            index
        ).dep_ not in ("dobj", "pobj", "nsubj"):
            return None
        if after == "a" and line.word(last + 1) in _SINGLE:
            return None
    elif before not in ("a", "one") or not (after == "of" or _ends_phrase(line, last)):
        return None
    if before in ("a", "one"):
        first -= 1
    share = 100 / _PARTS[word]
    return Measured(first, last, share, share, "percent", measured_noun(line, last), "share")


def _ends_phrase(line: Line, index: int) -> bool:
    """Whether no noun follows that the part could be an ordinal of: "cut by a third."."""
    if index >= len(line.tokens) or line.tokens[index].kind is not Kind.WORD:
        return True
    return line.parsed_word(index).pos_ in ("ADP", "CCONJ", "SCONJ", "AUX", "VERB", "PUNCT")


def read_share(line: Line, index: int) -> Measured | None:
    """ "one in five adults", "nine out of ten" as percent."""
    value = line.tokens[index].value
    at = index + 1
    if line.word(at) == "in":
        at += 1
    elif line.word(at) == "out" and line.word(at + 1) == "of":
        at += 2
    else:
        return None
    if at >= len(line.tokens) or line.in_time(at):
        return None
    whole = line.tokens[at].value
    if line.tokens[at].kind is not Kind.NUMBER or value is None or whole is None or not 0 < value < whole:
        return None
    if at == index + 2 and not (whole == 10 or (value == 1 and whole <= 1000)):
        return None  # "five in 12 attacks"
    noun = counted_noun(line, at, at + 1)
    if noun is not None and noun[1] in ("days", "weeks", "months", "years", "hours", "minutes"):
        return None
    share = 100 * value / whole
    return Measured(index, at + 1, share, share, "percent", noun[2] if noun else None, "share")


def read_fraction(line: Line, index: int) -> Measured | None:
    """ "two thirds", "three-quarters of", "1/3", "one in five" as percent."""
    token = line.tokens[index]
    value = token.value
    if value is None or value != int(value) or not 1 <= value < 10 or line.in_time(index):
        return None
    last = index + 1
    if line.word(last) in DASHES and line.is_joined(index, last + 2):
        last += 1
    part = _PARTS.get(line.word(last))
    if part is not None and value < part and (value == 1 or line.word(last).endswith("s")) and token.in_words:
        if (
            line.word(last) in ("quarters", "third", "fourth", "fifth", "quarter")
            and not (line.word(last + 1) == "of" or (value == 1 and _ends_phrase(line, last + 1)))
            and last == index + 1
        ):  # "three quarters" of a year, "one third party"
            return None
        share = 100 * value / part
        return Measured(index, last + 1, share, share, "percent", measured_noun(line, last + 1), "share")
    if line.char_after(index) == "/" and line.is_joined(index, index + 3):
        under = line.tokens[index + 2].value
        if under in (2, 3, 4, 5, 8, 10) and value < under and line.word(index + 3) == "of":
            share = 100 * value / under
            return Measured(
                index, index + 3, share, share, "percent", measured_noun(line, index + 3), "share"
            )
    return None
