"""Cut a text into tokens, with each number, in figures or words, as one token with its value.

Text enters; a list of `Token` leaves, in order, without gaps other than white space. Line breaks are
tokens, so that no pattern runs from one block into the next. One pass, linear in the length.
"""

from __future__ import annotations

import re
import tomllib
from enum import IntEnum
from functools import lru_cache
from importlib.resources import files
from typing import NamedTuple

__all__ = ["Kind", "Token", "lex", "number_of_figures"]


class Kind(IntEnum):
    """What a token is."""

    WORD = 1
    NUMBER = 2
    ORDINAL = 3
    CLOCK = 4
    DATE = 5
    HALF_DAY = 6
    BREAK = 7
    SIGN = 8


class Token(NamedTuple):
    """A stretch of text.

    Attributes:
        start: First code point.
        end: First code point after.
        low: The words in lower case (of a number in words, the words as they stand).
        kind: What it is.
        value: The number's value, for numbers and ordinals.
        in_words: Whether a number is written without figures.
    """

    start: int
    end: int
    low: str
    kind: Kind
    value: float | None = None
    in_words: bool = False


# Possessive quantifiers throughout: no token can be read twice, so a megabyte of digits stays linear.
_TOKEN = re.compile(
    r"""
      (?P<d>(?<!\d)\d{4}-\d\d?-\d\d?(?![\d-])(?:T\d\d:\d\d(?::\d\d)?Z?)?+
          | (?<![\d/.])\d{1,2}([/.])\d{1,2}\2(?:\d{4}|\d{2})(?![\d/]|\.\d))
    | (?P<c>(?<![\d:])\d{1,2}:[0-5]\d(?::[0-5]\d)?+(?![\d:]))
    | (?P<h>[ap]\.[ ]?m\b\.?+)
    | (?P<f>\d++(?:[.,]\d++)*+)
    | (?P<w>[^\W\d_]++)
    | (?P<n>[\r\n\u2028\u2029]++)
    | [^\s\w] | _
    """,
    re.VERBOSE | re.IGNORECASE,
)
_KINDS = {
    None: Kind.SIGN,
    "w": Kind.WORD,
    "f": Kind.NUMBER,
    "d": Kind.DATE,
    "c": Kind.CLOCK,
    "h": Kind.HALF_DAY,
    "n": Kind.BREAK,
}
_GROUPED = re.compile(r"\d{1,3}(?:,\d{2,3})*,\d{3}(?:\.\d+)?")
_DOTTED = re.compile(r"\d{1,3}(?:\.\d{3}){2,}")
_LONGEST_FIGURE = 25
"""Longer runs of figures are codes or noise, and `int` is quadratic in them."""
_SPACES_IN_NUMBERS = " \u00a0\u202f\u2009"


@lru_cache(maxsize=1)
def _lexicon() -> tuple[dict[str, int], dict[str, int], dict[str, int], dict[str, int], dict[str, float]]:
    data = tomllib.loads(files(__package__).joinpath("data/numbers.toml").read_text(encoding="utf-8"))
    return data["cardinals"], data["multipliers"], data["suffixes"], data["ordinals"], data["vulgar"]


@lru_cache(maxsize=1)
def _opening_words() -> frozenset[str]:
    """What a number without figures can begin with."""
    cardinals, multipliers, _, ordinals, vulgar = _lexicon()
    return frozenset(("half", *cardinals, *multipliers, *ordinals, *vulgar))


def number_of_figures(figures: str) -> float | None:
    """The value of "1,100", "3.5", "1.200.000" or "7,5"; None for codes and malformed figures."""
    if len(figures) > _LONGEST_FIGURE:
        return None
    if figures.isdecimal():
        return float(int(figures))
    if _GROUPED.fullmatch(figures):
        return float(figures.replace(",", ""))
    if _DOTTED.fullmatch(figures):
        return float(figures.replace(".", ""))
    if figures.count(".") == 1 and "," not in figures:
        return float(figures)
    if figures.count(",") == 1 and "." not in figures and len(figures) - figures.index(",") <= 3:
        # "7,5": a decimal comma, as translated reports keep it; never "1,100", which is grouped.
        return float(figures.replace(",", "."))
    return None


def lex(text: str) -> list[Token]:
    """Tokens of a text, numbers merged and valued.

    Args:
        text: Any text.
    """
    return list(_lex(text))


@lru_cache(maxsize=1)
def _lex(text: str) -> tuple[Token, ...]:
    # Times and figures of one report are read one after the other: the last text is often the next.
    raw = [Token(*m.span(), m.group().lower(), _KINDS[m.lastgroup]) for m in _TOKEN.finditer(text)]
    return tuple(_merge_numbers(raw, text))


def _merge_numbers(raw: list[Token], text: str) -> list[Token]:
    cardinals, multipliers, _, ordinals, vulgar = _lexicon()
    opening = _opening_words()
    merged: list[Token] = []
    at, count = 0, len(raw)
    while at < count:
        token = raw[at]
        _, _, low, kind, _, _ = token
        if kind is Kind.NUMBER:
            after, number = _figure_number(raw, at, text)
            merged.append(number)
            at = after
            continue
        if low not in opening:
            # Most tokens are words that begin no number: one look tells them.
            merged.append(token)
            at += 1
            continue
        if kind is Kind.WORD:
            if low == "half" and at + 2 < count and raw[at + 1].low == "a" and raw[at + 2].low in multipliers:
                # "half a million": one number, the article inside it.
                here, last = raw[at], raw[at + 2]
                value, words = multipliers[last.low] / 2, text[here.start : last.end].lower()
                merged.append(Token(here.start, last.end, words, Kind.NUMBER, value, True))
                at += 3
                continue
            if low in cardinals or (low in multipliers and merged and merged[-1].low in ("a", "an")):
                found = _worded_number(raw, at, text)
                if found is not None:
                    after, number = found
                    merged.append(number)
                    at = after
                    continue
            elif low in ordinals:
                token = token._replace(kind=Kind.ORDINAL, value=float(ordinals[low]), in_words=True)
        elif low in vulgar:
            token = token._replace(kind=Kind.NUMBER, value=vulgar[low])
        merged.append(token)
        at += 1
    return merged


def _figure_number(raw: list[Token], at: int, text: str) -> tuple[int, Token]:
    """The number that starts with the figures at `at`, and the index after it."""
    vulgar = _lexicon()[4]
    first = raw[at]
    value = number_of_figures(first.low)
    end, after, count = first.end, at + 1, len(raw)
    figures = first.low
    # "1 100", "12 300 000": groups of three after one space.
    while (
        after < count
        and raw[after].kind is Kind.NUMBER
        and len(raw[after].low) == 3
        and raw[after].low.isdecimal()
        and raw[after].start == end + 1
        and text[end] in _SPACES_IN_NUMBERS
        and len(figures) <= 12
        and (len(first.low) <= 3 and first.low.isdecimal() and first.low[0] != "0")
    ):
        figures += raw[after].low
        end = raw[after].end
        after += 1
    if figures is not first.low:
        value = number_of_figures(figures)
    if value is None:
        return after, first._replace(end=end, low=text[first.start : end], value=None)
    if after < count:
        follower = raw[after]
        gap = follower.start - end
        if follower.low in vulgar and gap <= 1:
            value, end, after = value + vulgar[follower.low], follower.end, after + 1
        elif gap == 0 and follower.kind is Kind.WORD and follower.low in ("st", "nd", "rd", "th"):
            low = text[first.start : follower.end].lower()
            return after + 1, Token(first.start, follower.end, low, Kind.ORDINAL, value)
    value, end, after = _multiply(raw, after, end, value, allow_suffix=True)
    return after, Token(first.start, end, text[first.start : end].lower(), Kind.NUMBER, value)


def _multiply(
    raw: list[Token], after: int, end: int, value: float, *, allow_suffix: bool
) -> tuple[float, int, int]:
    """Apply "million", "-million", "bn" that follow a value; return value, end and next index."""
    _, multipliers, suffixes, _, _ = _lexicon()
    count = len(raw)
    while after < count:
        here, step = raw[after], 1
        if here.low == "-" and here.start == end and after + 1 < count and raw[after + 1].start == here.end:
            here, step = raw[after + 1], 2
        if here.kind is not Kind.WORD or here.start - end > 1 + step:
            break
        if here.low in multipliers:
            factor = multipliers[here.low]
        elif allow_suffix and here.low in suffixes:
            factor = suffixes[here.low]
        else:
            break
        value, end, after, allow_suffix = value * factor, here.end, after + step, False
    return value, end, after


def _worded_number(raw: list[Token], at: int, text: str) -> tuple[int, Token] | None:
    """The number in words that starts at `at`: "twenty-four", "a hundred and five", "two and a half"."""
    cardinals, multipliers, _, ordinals, _ = _lexicon()
    total, current, after, count = 0.0, 0.0, at, len(raw)
    end, scale = raw[at].end, 1
    last = ""  # class of the word before: unit, ten, hundred, large
    while after < count:
        word, step = raw[after], 1
        joined = word.low == "-" and word.start == end
        if (joined or word.low == "and" or word.low == ",") and after + 1 < count:
            following = raw[after + 1]
            value = cardinals.get(following.low, 100)
            if joined:
                fits = (last == "ten" and value < 10) or following.low in multipliers
                fits = fits and following.start == word.end
            elif word.low == "and":
                fits = last in ("hundred", "large") and value < 100
            else:
                # "one million, two hundred thousand"
                fits = last == "large" and following.low in cardinals and _leads_to_hundred(raw, after + 1)
            if not fits:
                break
            word, step = following, 2
        if word.kind is not Kind.WORD or text.find("\n", end, word.start) >= 0:
            break
        low = word.low
        if low in cardinals:
            size = cardinals[low]
            kind = "unit" if size < 10 else "ten" if size >= 20 else "teen"
            if last in ("unit", "teen") or (last == "ten" and kind != "unit"):
                break
            current += size
            last = kind
        elif low == "hundred":
            current, last = (current or 1) * 100, "hundred"
        elif low in multipliers:
            scale = multipliers[low]
            total += (current or 1) * scale
            current, last = 0.0, "large"
        else:
            break
        end, after = word.end, after + step
    if after == at:
        return None
    amount = total + current
    if [t.low for t in raw[after : after + 6]] == ["-", "and", "-", "a", "-", "half"] and last != "":
        # "four-and-a-half-year"
        amount, end, after = amount + 0.5, raw[after + 5].end, after + 6
        return after, Token(raw[at].start, end, text[raw[at].start : end].lower(), Kind.NUMBER, amount, True)
    # "two and a half", "one and a quarter"
    if (
        after + 2 < count
        and raw[after].low == "and"
        and raw[after + 1].low in ("a", "one", "three")
        and raw[after + 2].low in ("half", "quarter", "quarters", "third")
    ):
        part = {"half": 0.5, "third": 1 / 3}.get(raw[after + 2].low, 0.25)
        # "a million and a half" is 1.5 million.
        amount += part * (3 if raw[after + 1].low == "three" else 1) * (scale if last == "large" else 1)
        end, after = raw[after + 2].end, after + 3
        amount, end, after = _multiply(raw, after, end, amount, allow_suffix=False)
    elif last in ("unit", "ten") and after + 1 < count and raw[after].low == "-" and raw[after].start == end:
        # "twenty-first" is an ordinal.
        follower = raw[after + 1]
        if last == "ten" and ordinals.get(follower.low, 10) < 10 and follower.start == raw[after].end:
            low = text[raw[at].start : follower.end].lower()
            number = Token(
                raw[at].start, follower.end, low, Kind.ORDINAL, amount + ordinals[follower.low], True
            )
            return after + 2, number
    return after, Token(raw[at].start, end, text[raw[at].start : end].lower(), Kind.NUMBER, amount, True)


def _leads_to_hundred(raw: list[Token], at: int) -> bool:
    return at + 1 < len(raw) and raw[at + 1].low == "hundred"
