"""Who does what no frame tells of: subjects that act of themselves, people, vehicles, bodies and governments.

The event of a clause and its head enter; the subject's token leaves, where it is somebody or something that
moves, decides or works, and not a road, a thing or a town that something is told of.
"""

from __future__ import annotations

from whoholds.model import Event
from whoholds.read.claims.parties import Parties
from whoholds.read.claims.sides import side_words
from whoholds.read.events.arguments import is_passive, surface_subject
from whoholds.read.events.lexicon import lemma_of
from whoholds.text.tokens import Token

__all__ = ["find_doer"]

_MOVING = frozenset({Event.OTHER, Event.ENTERED, Event.ADVANCE, Event.WITHDRAWAL, Event.VISIT})
"""Events that vehicles do: columns of them come, halt and turn back."""
_DECIDING = frozenset(
    {Event.REFUSAL, Event.AGREEMENT, Event.PROPOSAL, Event.ORDER, Event.WITHDRAWAL, Event.STATEMENT}
)
"""Events that a town cannot do but as the seat of those who decide: "Norburg turned the plan down"."""
_DOING = _MOVING | {Event.REFUSAL, Event.CONTROL_HELD}
"""Events that people and offices are told to do without being a side; of fire and losses they but tell."""
_BEFALLING = frozenset(
    {"be", "remain", "stay", "close", "burn", "lose", "fall", "collapse", "suffer", "miss"}
)
"""Verbs of what befalls a house and those in it: "the clinic lost its roof", "shops remain closed"."""
_LOSSES = frozenset({Event.CASUALTIES, Event.EQUIPMENT_LOSSES, Event.CAPTURE_OF_PERSONS})
_BOTH = frozenset({"both", "either", "neither"})


def find_doer(event: Event, head: Token, parties: Parties) -> Token | None:
    """The subject of a clause in the active that does what it tells, or None.

    Args:
        event: What is told.
        head: The clause's head.
        parties: The sides that the report speaks of.
    """
    if event in _LOSSES or head.pos_ not in ("VERB", "AUX") or is_passive(head) or head.tag_ == "VBN":
        return None
    subject = surface_subject(head)
    if subject is None or subject.pos_ not in ("NOUN", "PROPN"):
        return None
    if parties.is_place(subject):
        return subject if event in _DECIDING and subject.dep_ == "nsubj" else None
    words, lemma = side_words(), lemma_of(subject)
    if any(c.lower_ in _BOTH for c in subject.children):
        # "Neither side gained ground", "both factions have lookouts there".
        return subject
    if lemma in words["vehicles"]:
        return subject if event in _MOVING and lemma_of(head) != "burn" else None
    if event not in _DOING or lemma_of(head) in _BEFALLING:
        return None
    return subject if lemma in words["people"] or lemma in words["seats"] else None
