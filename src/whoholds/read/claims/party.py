"""A side as the words of a report name it."""

from __future__ import annotations

from dataclasses import dataclass

__all__ = ["Party", "is_part"]

_ARTICLES = frozenset({"the", "a", "an"})


@dataclass(frozen=True, slots=True)
class Party:
    """Words for a side, with its id and the token that heads them."""

    words: str
    id: str | None
    token: int | None
    is_own: bool = False


def is_part(name: str, other: str) -> bool:
    """Whether the words of one name are among those of the other: "the bidder", "a rival bidder"."""
    words, others = (set(n.lower().split()) - _ARTICLES for n in (name, other))
    return bool(words) and bool(others) and (words <= others or others <= words)
