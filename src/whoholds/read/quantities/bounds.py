"""How exactly a number is meant, and the bounds that follow (annotation.md, "Quantities")."""

from __future__ import annotations

from whoholds.model import Approximator
from whoholds.read.quantities.lexicon import approximators
from whoholds.read.quantities.tokens import Line, Measured

__all__ = ["bounds_of", "find_approximator"]

_ARTICLES = frozenset(("a", "an"))
_DURING = frozenset(("over",))


def find_approximator(line: Line, measured: Measured, after: int) -> tuple[int, int, Approximator]:
    """The approximator around a number.

    Args:
        line: The text.
        measured: The number with its unit.
        after: The first token that no quantity before has taken.

    Returns:
        First and last token of the whole, and the approximator.
    """
    before, behind = approximators()
    first, last = measured.first, measured.last
    if line.word(first - 1) == "between" and measured.low != measured.high:
        first -= 1
    article = first - 1 if line.word(first - 1) in _ARTICLES else first
    found = before.match(line.words_before(article, 4)) or (
        before.match(line.words_before(first, 4)) if article != first else None
    )
    approximator = Approximator.EXACT
    if found is not None:
        size, approximator = found
        start = (article if before.match(line.words_before(article, 4)) else first) - size
        if start < after or _is_preposition(line, measured, start, first):
            approximator = Approximator.EXACT
        else:
            first = start
    if approximator is Approximator.EXACT:
        following = behind.match(line.words(last, last + 3))
        inner = behind.match(line.words(_number_end(line, measured), _number_end(line, measured) + 3))
        if following is not None and measured.kind != "money":
            size, approximator = following
            last += size
        elif inner is not None:
            approximator = inner[1]
            last = max(last, _number_end(line, measured) + inner[0])
    return first, last, approximator


def _number_end(line: Line, measured: Measured) -> int:
    index = measured.first
    while index < measured.last and line.tokens[index].value is None:
        index += 1
    return min(index + 1, measured.last)


def _is_preposition(line: Line, measured: Measured, start: int, first: int) -> bool:
    """Whether "over" means during ("over three days") and no bound."""
    if first - start != 1 or line.word(start) not in _DURING or measured.kind != "time":
        return False
    # "lasted over three days" bounds; "over three days, they took" does not.
    return line.word(start - 1) not in (
        "for",
        "lasted",
        "lasting",
        "took",
        "after",
        "than",
        "spent",
        "of",
        "with",
        "is",
        "was",
    )


def bounds_of(measured: Measured, approximator: Approximator) -> tuple[float | None, float | None]:
    """Low and high: over and at least leave the top open, under and up to begin at nothing."""
    low, high = measured.low, measured.high
    if approximator in (Approximator.OVER, Approximator.AT_LEAST):
        return low, None
    if approximator in (Approximator.UNDER, Approximator.UP_TO) and high is not None and high > 0:
        return 0.0, high
    return low, high
