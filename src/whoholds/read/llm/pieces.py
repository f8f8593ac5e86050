"""Long texts in stretches: what one request asks about, cut where paragraphs, sentences or words end."""

from __future__ import annotations

__all__ = ["SHORTEST", "split_text"]

SHORTEST = 200
"""Code points under which a stretch is not cut further."""
_BREAKS = ("\n\n", "\n", ". ", " ")


def split_text(text: str, start: int, end: int, limit: int) -> list[tuple[int, int]]:
    """Stretches of `text[start:end]` of at most `limit` code points; together they are all of it."""
    found: list[tuple[int, int]] = []
    while end - start > limit:
        cut = _cut(text, start, start + limit)
        found.append((start, cut))
        start = cut
    found.append((start, end))
    return [(a, b) for a, b in found if not text[a:b].isspace() and a < b]


def _cut(text: str, start: int, stop: int) -> int:
    """The best place to cut in the second half of a window; its end where there is none."""
    for mark in _BREAKS:
        at = text.rfind(mark, start + (stop - start) // 2, stop)
        if at > start:
            return at + len(mark)
    return stop
