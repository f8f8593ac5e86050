"""Towns that stand for who rules or lives in them: "X speaks of 60 dead", "X's forces", "X turned it down".

A parse and a name's tokens enter; whether the clause speaks of somebody leaves. A town that acts on something
is its government or its people, and where they are is not where what they act on is. What a town undergoes
("has no power", "changed hands", "lost a bridge") is told of the town.
"""

from __future__ import annotations

from whoholds.read.claims.ground import ground_words
from whoholds.read.events.lexicon import lemma_of
from whoholds.text.tokens import Doc, Token

__all__ = ["is_somebody"]

_OBJECTS = frozenset({"dobj", "ccomp", "xcomp", "dative"})


def is_somebody(doc: Doc, start: int, end: int) -> bool:
    """Whether the settlement named at tokens `[start, end)` stands for its government or people."""
    root = doc[start:end].root
    if doc[start].text.isupper() and doc[start].is_sent_start:
        # A dateline ("HUE — The Marines …") is no subject, whatever the parse makes of it.
        return False
    if root.dep_ == "poss":
        return lemma_of(root.head) in ground_words()["owned"]
    for _ in range(4):
        if root.dep_ != "conj":
            break
        root = root.head
    if root.dep_ != "nsubj" or root.head.pos_ != "VERB":
        return False
    verb = root.head
    words = ground_words()
    if any(c.dep_ == "nsubj" and c.i > root.i for c in verb.children):
        # "X handed over, two elders tell us": the parse took the whole note for a subject.
        return False
    if lemma_of(verb) in words["undergoing"]:
        return False
    if lemma_of(verb) in words["speaking"]:
        return True
    return any(c.dep_ in _OBJECTS and _is_thing(c) for c in verb.children if c.i > verb.i)


def _is_thing(word: Token) -> bool:
    """Whether an object is one: "saw 40 dead", not "burned all night"."""
    return word.dep_ != "dobj" or word.ent_type_ not in ("DATE", "TIME")
