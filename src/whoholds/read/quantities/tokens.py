"""A text's tokens as the quantity rules see them, and a number while its unit is sought."""

from __future__ import annotations

from bisect import bisect_right
from collections.abc import Sequence
from dataclasses import dataclass
from typing import TYPE_CHECKING

from whoholds.model import Approximator
from whoholds.read.numerals import Kind, Token, number_of_figures
from whoholds.text.parse import Parsed

if TYPE_CHECKING:
    from whoholds.text.tokens import Token as Word

__all__ = ["Line", "Measured"]


@dataclass(slots=True)
class Measured:
    """A number with what is known of it so far: tokens [first, last), bounds, unit, what it counts."""

    first: int
    last: int
    low: float | None
    high: float | None
    unit: str | None = None
    of: str | None = None
    kind: str = ""
    approximator: Approximator | None = None


_CHANGE = frozenset(
    (
        "rose",
        "fell",
        "grew",
        "rise",
        "fall",
        "dropped",
        "increased",
        "decreased",
        "climbed",
        "up",
        "down",
        "cut",
        "raised",
        "reduced",
        "went",
    )
)
_MONEY_SUFFIXES = {
    "m": 1e6,
    "b": 1e9,
    "k": 1e3,
    "t": 1e12,
    "bn": 1e9,
    "mn": 1e6,
    "mln": 1e6,
    "bln": 1e9,
    "tn": 1e12,
}
_AFTER_ARTICLE = ("hundred", "thousand", "million", "billion", "trillion", "dozen")
DASHES = frozenset("-–—‑−")


class Line:
    """A text's tokens, its parse, and the stretches that tell a time."""

    def __init__(self, parsed: Parsed, tokens: Sequence[Token], times: Sequence[tuple[int, int]]) -> None:
        self.parsed = parsed
        self.text = parsed.text
        self.tokens = tokens
        self._times = times
        self._time_starts = [start for start, _ in times]

    def word(self, index: int) -> str:
        """The lower-case token at an index, "" past the ends."""
        return self.tokens[index].low if 0 <= index < len(self.tokens) else ""

    def words(self, first: int, last: int) -> list[str]:
        """The lower-case tokens of a stretch within one line of text."""
        found: list[str] = []
        for index in range(max(0, first), min(last, len(self.tokens))):
            if self.tokens[index].kind is Kind.BREAK:
                break
            found.append(self.tokens[index].low)
        return found

    def words_before(self, index: int, count: int) -> list[str]:
        """Up to so many lower-case tokens before an index, within one line of text."""
        found: list[str] = []
        for at in range(index - 1, max(-1, index - 1 - count), -1):
            if self.tokens[at].kind is Kind.BREAK:
                break
            found.append(self.tokens[at].low)
        return found[::-1]

    def parsed_word(self, index: int) -> Word:
        """The parse's token at (or before) the start of a token."""
        return self.parsed.doc.token_at(self.tokens[index].start)

    def parsed_word_at_end(self, index: int) -> Word:
        """The parse's token at the last character of a token: "million" of "1.2 million"."""
        return self.parsed.doc.token_at(self.tokens[index].end - 1)

    def in_time(self, index: int) -> bool:
        """Whether a token is part of a date or a time of day."""
        token = self.tokens[index]
        at = bisect_right(self._time_starts, token.start) - 1
        return at >= 0 and token.end <= self._times[at][1]

    def is_joined(self, first: int, last: int) -> bool:
        """Whether the tokens [first, last) stand without white space between."""
        if first < 0 or last > len(self.tokens):
            return False
        return all(self.tokens[n].end == self.tokens[n + 1].start for n in range(first, last - 1))

    def char_before(self, index: int) -> str:
        """The character right before a token, "" at the beginning."""
        start = self.tokens[index].start
        return self.text[start - 1] if start else ""

    def char_after(self, index: int) -> str:
        """The character right after a token, "" at the end."""
        return self.text[self.tokens[index].end : self.tokens[index].end + 1]

    def sign_before(self, index: int) -> float:
        """-1 where a minus stands before a number."""
        first = self.first_of(index)
        return -1.0 if first < index and self.word(first) not in ("a", "an") else 1.0

    def first_of(self, index: int) -> int:
        """The token that a number begins with: its minus, or the article of "a hundred"."""
        before = self.word(index - 1)
        if before == "minus" and index >= 1:
            return index - 1
        if before in ("a", "an") and self.word(index).startswith(_AFTER_ARTICLE):
            return index - 1
        if before in ("-", "−") and self.is_joined(index - 1, index + 1):
            outside = self.text[self.tokens[index - 1].start - 1 : self.tokens[index - 1].start]
            if outside == "" or outside in " \t\n\u00a0(":
                return index - 1
        return index

    def money_suffix(self, value: float, last: int) -> tuple[float, int]:
        """Apply "m", "b" after an amount of money ("$5m", "£3.2 b")."""
        word = self.word(last)
        factor = _MONEY_SUFFIXES.get(word)
        if factor is not None and self.tokens[last].start == self.tokens[last - 1].end:
            return value * factor, last + 1
        return value, last

    def mantissa(self, index: int) -> float | None:
        """The figures of "4 million" without the word, None where there is no word."""
        low = self.tokens[index].low
        figures = low.rstrip("abcdefghijklmnopqrstuvwxyz- ")
        return number_of_figures(figures) if figures and figures != low else None

    def follows_change(self, first: int) -> bool:
        """Whether a number is where a change began: "rose 5 to 10" is no range."""
        return self.word(first - 1) in _CHANGE
