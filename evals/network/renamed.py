"""The same report with other place names: what happened at Sumy might as well have happened at Kotor.

A report and its claims enter; both leave with the names of the claims' places changed for names of other
wars, wherever they stand as words of their own. Trained on real names alone the network learns what happened
in each town of gold, which tells nothing of towns it has never met. Names that stand for a party ("Kyiv
said"), or for anyone who acts or speaks, stay.
"""

from __future__ import annotations

import random
import re
from bisect import bisect_right
from collections.abc import Callable, Sequence
from typing import Any

__all__ = ["names_of_places", "rename_places"]

_SHORTEST = 4
"""Characters of the shortest name that is changed: shorter ones are words as well."""
Claims = Sequence[dict[str, Any]]


def names_of_places(claims: Claims) -> set[str]:
    """The proper names of claims' places that name nothing else in them."""
    named = {name for c in claims for p in c["places"] for name in (p["name"], *p.get("aliases", ()))}
    others = " | ".join(
        word
        for c in claims
        for word in (
            c["actor"],
            c["target"],
            c["actor_id"],
            c["target_id"],
            *(s["name"] for s in c["attribution"]),
        )
        if word
    )
    return {
        n for n in named if len(n) >= _SHORTEST and n[:1].isupper() and re.search(_words(n), others) is None
    }


def rename_places(
    text: str, claims: Claims, pool: Sequence[str]
) -> tuple[str, list[dict[str, Any]], Callable[[int], int]] | None:
    """A report by other names; None where there is nothing to rename.

    Args:
        text: The report.
        claims: Its claims.
        pool: Names to take.

    Returns:
        The text, its claims, and the place of an offset of the old text in the new one.
    """
    names = sorted(names_of_places(claims), key=len, reverse=True)
    if not names:
        return None
    free = [name for name in random.sample(pool, len(pool)) if name not in text]
    new = dict(zip(names, free, strict=False))
    pattern = re.compile("|".join(_words(n) for n in names))
    starts, shifts, at, parts = [0], [0], 0, []
    for match in pattern.finditer(text):
        parts += [text[at : match.start()], new[match[0]]]
        at = match.end()
        starts.append(at)
        shifts.append(shifts[-1] + len(new[match[0]]) - len(match[0]))
    parts.append(text[at:])

    def moved(offset: int) -> int:
        at = bisect_right(starts, offset) - 1
        moved_to = offset + shifts[at]
        # What stood inside a name stays inside it.
        return moved_to if at + 1 == len(starts) else min(moved_to, starts[at + 1] + shifts[at + 1] - 1)

    def said(words: str) -> str:
        return pattern.sub(lambda match: new[match[0]], words)

    changed = [
        c
        | {
            "quote": {"start": moved(c["quote"]["start"]), "end": moved(c["quote"]["end"])},
            "places": [
                p | {"name": said(p["name"]), "aliases": [said(a) for a in p.get("aliases", ())]}
                for p in c["places"]
            ],
        }
        for c in claims
    ]
    return "".join(parts), changed, moved


def _words(name: str) -> str:
    return rf"(?<!\w){re.escape(name)}(?!\w)"
