"""Words to spans: what a model says it copied, looked up in the text; None where the text does not have it.

Words have to stand in the text one for one. Only what changes no word is forgiven: white space (a line
break for a blank) and the shape of quotation marks, apostrophes and dashes, which models set anew.
"""

from __future__ import annotations

import re
from collections.abc import Sequence

from whoholds.model import Span

__all__ = ["Locator", "gap", "trim"]

_ALIKE = ("'’‘ʼ`´", '"“”„«»‟', "-–—‑‒−")
_CLASS_OF = {c: f"[{re.escape(group)}]" for group in _ALIKE for c in group}
_ANY_SPACE = r"[\s\u200b\u2060\ufeff]+"
_EDGES = " \t\r\n\u00a0\u200b\"“”„«»‟‘'’.,;:…"
"""What a quote does not end or begin with: final stop and quotation marks stand outside."""
MOST_FOUND = 200
"""Occurrences looked at: a word that stands more often in one text is placed among the first of them."""


def gap(a: Span, b: Span) -> int:
    """Code points between two spans; 0 where they touch or overlap."""
    return max(0, b.start - a.end, a.start - b.end)


def trim(text: str, span: Span) -> Span | None:
    """A quote without the stops and quotation marks at its edges; None where nothing else is in it."""
    start, end = span.start, span.end
    while start < end and text[start] in _EDGES:
        start += 1
    while end > start and text[end - 1] in _EDGES:
        end -= 1
    return Span.of(text, start, end) if start < end else None


class Locator:
    """Looks words up in one text, or in a stretch of it."""

    def __init__(self, text: str, start: int = 0, end: int | None = None) -> None:
        self.text = text
        self.start = start
        self.end = len(text) if end is None else end
        self._memory: dict[str, tuple[Span, ...]] = {}

    def occurrences(self, words: str) -> tuple[Span, ...]:
        """Where words stand as whole words, in order, without overlaps."""
        if words not in self._memory:
            self._memory[words] = tuple(self._find(words))
        return self._memory[words]

    def in_order(self, words: str, after: int) -> Span | None:
        """The first occurrence that starts at `after` or later, else the last one before."""
        found = self.occurrences(words)
        return next((s for s in found if s.start >= after), found[-1] if found else None)

    def nearest(self, words: str, anchors: Sequence[Span]) -> Span | None:
        """The occurrence nearest to the anchors; of two as near, the earlier one."""
        found = self.occurrences(words)
        return min(found, key=lambda s: sum(gap(s, a) for a in anchors)) if found else None

    def inside(self, words: str, frame: Span) -> Span | None:
        """The first occurrence within a span."""
        return next((s for s in self.occurrences(words) if frame.contains(s)), None)

    def _find(self, words: str) -> list[Span]:
        parts = words.split()
        if not parts or not any(c.isalnum() for c in words):
            return []
        # Each part is a string of literals and one-character classes: matching is linear.
        pattern = re.compile(
            _ANY_SPACE.join("".join(_CLASS_OF.get(c, re.escape(c)) for c in p) for p in parts)
        )
        found: list[Span] = []
        at = self.start
        while len(found) < MOST_FOUND and (match := pattern.search(self.text, at, self.end)) is not None:
            first, last = match.span()
            if self._is_whole(first, last):
                found.append(Span.of(self.text, first, last))
                at = last
            else:
                at = first + 1
        return found

    def _is_whole(self, first: int, last: int) -> bool:
        """Whether no word is cut. Scripts without case are let off: they join particles to their words."""
        text = self.text
        return not (first > 0 and _are_joined(text[first - 1], text[first])) and not (
            last < len(text) and _are_joined(text[last - 1], text[last])
        )


def _are_joined(left: str, right: str) -> bool:
    return _is_cased(left) and _is_cased(right)


def _is_cased(c: str) -> bool:
    return c.isdigit() or (c.isalpha() and c.lower() != c.upper())
