"""A report's text cut into stretches, so that overlapping and nested quotes can all be marked.

In: a text and spans. Out: segments in order that join to the text again. A segment inside two quotes
belongs to both; markup then needs no crossing tags.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from itertools import pairwise

__all__ = ["Segment", "cut_segments"]


@dataclass(frozen=True, slots=True)
class Segment:
    """A stretch of text under the same quotes.

    Attributes:
        text: The words.
        marks: Indexes of the spans that cover it, in the order given.
        opens: Of these, the ones that begin here.
    """

    text: str
    marks: tuple[int, ...] = ()
    opens: tuple[int, ...] = ()

    @property
    def depth(self) -> int:
        """How many quotes lie over it, three at most for display."""
        return min(3, len(self.marks))


def cut_segments(text: str, spans: Sequence[tuple[int, int] | None]) -> list[Segment]:
    """Cut a text at every beginning and end of the spans.

    Args:
        text: The text.
        spans: Half-open stretches in code points, in any order and overlap; None and empty ones mark
            nothing, and what reaches past the text is cut.
    """
    inside = [
        (index, max(0, span[0]), min(len(text), span[1]))
        for index, span in enumerate(spans)
        if span is not None and max(0, span[0]) < min(len(text), span[1])
    ]
    cuts = sorted({0, len(text), *(edge for _, start, end in inside for edge in (start, end))})
    found = []
    for start, end in pairwise(cuts):
        marks = tuple(index for index, a, b in inside if a <= start and end <= b)
        opens = tuple(index for index, a, _ in inside if a == start)
        found.append(Segment(text[start:end], marks, opens))
    return found
