"""Copies of one statement: claims in, ids of those that only repeat another out.

A copy is one that says so (`echo_of`, also through others), or one whose words are another's, word for
word, however many outlets print them. The earliest of a group counts, ties by id.
"""

from __future__ import annotations

import re
from collections.abc import Sequence
from datetime import UTC, date, datetime, time

from whoholds.model import Claim

__all__ = ["group_echoes"]

_LEAST_WORDS = 6
"""Shorter quotes ("Sudzha was taken") are alike by chance."""


def group_echoes(claims: Sequence[Claim]) -> dict[str, str]:
    """Id of each copy to the id of the claim that counts for its group.

    Args:
        claims: Claims with distinct ids; the result does not hang on their order.
    """
    parent: dict[str, str] = {}

    def root(node: str) -> str:
        while parent.setdefault(node, node) != node:
            parent[node] = parent[parent[node]]
            node = parent[node]
        return node

    def join(a: str, b: str) -> None:
        a, b = sorted((root(a), root(b)))
        parent[b] = a

    by_words: dict[tuple[object, ...], str] = {}
    for claim in sorted(claims, key=lambda c: c.id):
        if claim.echo_of is not None:
            # The original may be unknown here (not yet recorded): its copies are still one group.
            join(claim.id, claim.echo_of)
        words = _words(claim)
        if words is not None:
            join(claim.id, by_words.setdefault(words, claim.id))
    if not parent:
        return {}
    groups: dict[str, list[Claim]] = {}
    for claim in claims:
        if claim.id in parent:
            groups.setdefault(root(claim.id), []).append(claim)
    copies: dict[str, str] = {}
    for members in groups.values():
        first = min(members, key=lambda c: (_instant(c.reported_at), c.echo_of is not None, c.id))
        copies |= {c.id: first.id for c in members if c.id != first.id}
    return copies


def _words(claim: Claim) -> tuple[object, ...] | None:
    """What makes two claims the same words about the same thing; None for too few words."""
    if claim.quote is None:
        return None
    words = re.findall(r"\w+", claim.quote.exact.casefold())
    if len(words) < _LEAST_WORDS:
        return None
    where = tuple(p.place_id or p.name for p in claim.places)
    return (" ".join(words), claim.event, claim.polarity, claim.stance, claim.actor_id or claim.actor, where)


def _instant(moment: date | datetime | None) -> datetime:
    if moment is None:
        return datetime.max.replace(tzinfo=UTC)
    return moment if isinstance(moment, datetime) else datetime.combine(moment, time.min, tzinfo=UTC)
