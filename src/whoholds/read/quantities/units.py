"""The unit or currency of a number: token indexes enter, a `Unit` and its end leave."""

from __future__ import annotations

from whoholds.read.numerals import Kind
from whoholds.read.quantities.lexicon import Unit, currencies, noun_words, unit_of_noun, units
from whoholds.read.quantities.tokens import DASHES, Line

__all__ = ["currency_before", "unit_after"]

_LONGEST = 6
_SHORTEST = 3
"""Longest word that may be the sign of a unit, which has no plural."""
_LOWER_ONLY = frozenset(("m", "g", "l", "km", "mg", "kg", "h", "w"))
_UPPER_ONLY = frozenset(("c", "f"))
_GLUED_ONLY = frozenset(("c", "f", "h", "s", "p", "pc", "mp", "w", "mb", "l", "v"))
_MILLIONS = {"m": 1e6, "b": 1e9, "k": 1e3}
_ADJECTIVES = frozenset(
    ("deep", "long", "wide", "high", "tall", "thick", "away", "old", "strong", "range", "radius")
)


def currency_before(line: Line, first: int) -> tuple[int, Unit] | None:
    """The currency that ends right before a number: its first token and the unit."""
    words = line.words_before(first, 5)
    found = currencies().match(words)
    if found is None:
        return None
    size, unit = found
    word = words[-1]
    start = first - size
    if word.isalpha() and not line.text[line.tokens[first - 1].start].isupper():
        return None
    if size > 1 and word in "$" and not line.is_joined(first - 2, first):
        size, start = 1, first - 1
    return start, unit


def unit_after(line: Line, at: int) -> tuple[int, Unit | None, float] | None:
    """The unit that follows a number, through a hyphen or not.

    Returns:
        The index after it, the unit (None for a mere multiplier, "5m people"), and a multiplier.
    """
    count = len(line.tokens)
    if at >= count:
        return None
    start = at
    hyphened = line.word(at) in DASHES and line.is_joined(at - 1, at + 2)
    if hyphened:
        start = at + 1
    words: list[str] = []
    places: list[int] = []
    index = start
    while index < count and len(words) < _LONGEST:
        token = line.tokens[index]
        if token.kind is Kind.BREAK:
            break
        if token.low in DASHES and line.is_joined(index - 1, index + 2):
            index += 1
            continue
        words.append(token.low)
        places.append(index)
        index += 1
    found = units().match(words)
    if found is None:
        return None
    size, unit = found
    end = places[size - 1] + 1
    token = line.tokens[start]
    glued = token.start == line.tokens[at - 1].end
    written = line.text[token.start : token.end]
    if token.low in _GLUED_ONLY and size == 1 and not (glued and not hyphened):
        return None
    if glued and not hyphened and token.low in _MILLIONS and token.low in ("m", "k", "b"):
        follower = line.word(end)
        if (
            follower
            and follower.isalpha()
            and follower not in _ADJECTIVES | noun_words()["metre_nouns"]
            and _is_plural(line, end)
        ):
            return end, None, _MILLIONS[token.low]
    if token.low in _LOWER_ONLY and size == 1 and not written.islower():
        return None
    if token.low in _UPPER_ONLY and size == 1 and not written.isupper():
        return None
    if unit.name == "":
        return None
    if size == 1 and not hyphened and _is_part_of_noun(line, at, places[0], unit):
        return None
    if (
        unit.kind == "time"
        and line.parsed_word(start).pos_ == "PROPN"
        and written[0].isupper()
        and not hyphened
    ):
        return None
    has_adjective = line.word(end) in DASHES and line.word(end + 1) in _ADJECTIVES
    if (
        hyphened
        and unit.kind in ("length", "time", "area")
        and has_adjective
        and line.is_joined(end - 1, end + 2)
    ):
        end += 2  # "15-kilometre-deep"
    return end, unit, 1.0


def _is_part_of_noun(line: Line, number: int, at: int, unit: Unit) -> bool:
    """Whether a measure in the singular only says of what kind things are: "seven barrel bombs"."""
    if unit.kind not in ("volume", "time", "length", "mass") or line.tokens[number - 1].value == 1:
        return False
    word = line.word(at)
    is_singular = len(word) > _SHORTEST and not word.endswith("s")
    return is_singular and line.parsed_word(at).tag_ == "NN" and line.parsed_word(at + 1).tag_ == "NNS"


def _is_plural(line: Line, index: int) -> bool:
    word = line.parsed_word(index)
    return word.tag_ in ("NNS", "NNPS") or (word.tag_ == "JJ" and unit_of_noun(line.word(index)) != "")
