"""Whose a thing of war is, by the words about it: "a rebel camp", "batteries of the 3rd Division".

A noun and the report's parties enter; the word that names the owner, or whether there is one, leaves.
"""

from __future__ import annotations

from whoholds.read.claims.parties import Parties
from whoholds.read.events.lexicon import lemma_of, noun_classes
from whoholds.text.tokens import Token

__all__ = ["is_owned_thing", "owner_word", "relative_clause"]

_WEAPONS = frozenset({"air_weapon", "ground_weapon", "hidden_weapon", "equipment"})
_PLACES = frozenset({"GPE", "LOC", "FAC"})


def owner_word(thing: Token, parties: Parties) -> Token | None:
    """The word before a thing that names whose it is: "rebel", "Norlandic", "the warlord's"."""
    for child in thing.children:
        if child.dep_ not in ("compound", "amod", "nmod", "poss") or parties.is_place(child):
            continue
        classes = noun_classes().get(lemma_of(child), frozenset())
        if child.ent_type_ == "NORP" or (classes & {"force", "party"} and not classes & _WEAPONS):
            return child
        if child.dep_ == "poss" and child.pos_ == "PROPN" and child.ent_type_ not in _PLACES:
            return child
    return None


def is_owned_thing(thing: Token, parties: Parties) -> bool:
    """Whether a thing is told to be of a side or of a force."""
    return owner_word(thing, parties) is not None or any(
        "force" in noun_classes().get(lemma_of(inner), ())
        for child in thing.children
        if child.dep_ == "prep" and child.lower_ in ("of", "from")
        for inner in child.children
        if inner.dep_ == "pobj"
    )


def relative_clause(pronoun: Token) -> Token | None:
    """The verb of the relative clause that "whose" opens."""
    current = pronoun
    for _ in range(4):
        if current.dep_ == "relcl":
            return current
        if current.head == current:
            return None
        current = current.head
    return None
