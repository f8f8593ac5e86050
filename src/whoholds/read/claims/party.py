"""A side as the words of a report name it."""

from __future__ import annotations

from dataclasses import dataclass

__all__ = ["Party"]


@dataclass(frozen=True, slots=True)
class Party:
    """Words for a side, with its id and the token that heads them."""

    words: str
    id: str | None
    token: int | None
    is_own: bool = False
