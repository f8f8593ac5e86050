"""A side as the words of a report name it."""

from __future__ import annotations

from dataclasses import dataclass

__all__ = ["Party", "is_named"]


@dataclass(frozen=True, slots=True)
class Party:
    """Words for a side, with its id and the token that heads them."""

    words: str
    id: str | None
    token: int | None
    is_own: bool = False


def is_named(party: Party | None, name: str) -> bool:
    """Whether a party's words are a name or a part of it: "the bidder said it would not return"."""
    if party is None:
        return False
    words, names = (set(w.lower().split()) - {"the", "a", "an"} for w in (party.words, name))
    return bool(words) and (words <= names or names <= words)
