"""Which way a clause looks: behind or ahead of the day of publication.

A token enters; `Direction` leaves. Read from the verb that governs the expression: its auxiliaries,
its form, and, for infinitives, the verb above it ("plans to meet on Friday").
"""

from __future__ import annotations

import tomllib
from enum import Enum
from functools import lru_cache
from importlib.resources import files
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from whoholds.text.tokens import Token

__all__ = ["Direction", "direction_of", "is_future"]

_STEPS = 12
"""How far up the tree a verb is looked for: deeper ones no longer govern the expression."""


class Direction(Enum):
    """Where a clause puts its event."""

    BEHIND = -1
    OPEN = 0
    AHEAD = 1


@lru_cache(maxsize=1)
def _words() -> dict[str, frozenset[str]]:
    data = tomllib.loads(files(__package__).joinpath("data/tense.toml").read_text(encoding="utf-8"))
    return {name: frozenset(table) for name, table in data.items()}


def direction_of(token: Token) -> Direction:
    """The direction of the clause that a token stands in."""
    words = _words()
    here = token
    for _ in range(_STEPS):
        if here.pos_ in ("VERB", "AUX"):
            found = _direction_of_verb(here, words)
            if found is not None:
                return found
        elif here.pos_ in ("NOUN", "ADJ") and here.lower_ in words["ahead_nouns"]:
            return Direction.AHEAD
        if here.head.i == here.i:
            break
        here = here.head
    return Direction.OPEN


def _direction_of_verb(verb: Token, words: dict[str, frozenset[str]]) -> Direction | None:
    """The direction of a verb form, or None where a higher verb decides."""
    finite = verb.tag_
    infinitive = False
    for child in verb.children:
        if child.dep_ not in ("aux", "auxpass"):
            continue
        low = child.lower_
        if child.tag_ == "MD":
            return (
                Direction.AHEAD
                if low not in words["past_modals"] or not _has_perfect(verb)
                else Direction.BEHIND
            )
        if low == "to":
            infinitive = True
        elif child.tag_ == "VBD" or low in ("has", "have", "had", "'ve", "’ve"):
            finite = "VBD"
        elif child.tag_ in ("VBZ", "VBP") and finite in ("VBG", "VBN"):
            finite = "VBG" if finite == "VBG" else "VBP"
    if infinitive:
        if _has_perfect(verb):
            return Direction.BEHIND
        head = verb.head
        if head.i != verb.i and head.lemma_.lower() in words["past_infinitive_heads"]:
            return None
        return Direction.AHEAD
    if finite == "VBD":
        return Direction.AHEAD if verb.lemma_.lower() in words["ahead_verbs"] else Direction.BEHIND
    if finite == "VBN":
        if verb.lemma_.lower() in words["ahead_verbs"]:
            return Direction.AHEAD
        if verb.dep_ in ("acl", "amod") and not any(c.dep_ in ("aux", "auxpass") for c in verb.children):
            # "nobody left there by Friday": a bare participle has the time of the verb above.
            return None
        return Direction.BEHIND
    if finite in ("VBZ", "VBP"):
        return (
            Direction.AHEAD
            if verb.lemma_.lower() in words["ahead_verbs"] | words["schedule_verbs"]
            else Direction.OPEN
        )
    if finite == "VBG":
        if verb.lemma_.lower() in words["ahead_verbs"] | words["schedule_verbs"]:
            return Direction.AHEAD
        if any(c.tag_ in ("VBZ", "VBP") and c.dep_ == "aux" for c in verb.children):
            return Direction.AHEAD
        return None
    # A bare form ("helped take it on Monday", or a mistagged past) leaves it to the verb above.
    return None


def is_future(token: Token) -> bool:
    """Whether the verb that governs a token stands in the future ("will", "shall")."""
    here = token
    for _ in range(_STEPS):
        if here.pos_ in ("VERB", "AUX"):
            return any(c.dep_ == "aux" and c.lower_ in ("will", "'ll", "’ll", "shall") for c in here.children)
        if here.head.i == here.i:
            break
        here = here.head
    return False


def _has_perfect(verb: Token) -> bool:
    return any(c.dep_ in ("aux", "auxpass") and c.lower_ in ("have", "'ve", "’ve") for c in verb.children)
