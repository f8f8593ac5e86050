"""Whose side a speaker is on: what its own words for it say, then what ties it to a side elsewhere.

The sides of a report and the words for one speaker enter; a party's id or None leaves.
"""

from __future__ import annotations

from collections.abc import Callable

from whoholds.read.attribution.types import AttributedSpeech
from whoholds.read.claims.offices import find_office_side, is_between
from whoholds.read.claims.parties import Parties
from whoholds.text.tokens import Span, Token

__all__ = ["named_beside", "side_of_name", "side_of_speech"]


def side_of_speech(
    parties: Parties, speech: AttributedSpeech, words_for: Callable[[], str | None]
) -> str | None:
    """The party that the source of a speech speaks for, or None.

    Args:
        parties: The sides that the report speaks of.
        speech: What is said, with its source.
        words_for: Gives what the source is called, where nothing named it.
    """
    for name in (speech.source_side_hint, speech.attribution.source_name):
        party = parties.named(name) if name else None
        if party is not None:
            return party
    name = speech.attribution.source_name
    if speech.source_tokens is None:
        return parties.of_person(name) if name else None
    words = parties.doc[slice(*speech.source_tokens)]
    if is_between(words):
        return None
    party = _named_within(parties, words)
    if party is not None:
        return party
    name = name or words_for()
    return (parties.of_person(name) if name else None) or find_office_side(parties, words, speech.source_role)


def side_of_name(parties: Parties, name: str, head: Token) -> str | None:
    """The party that a name stands for or belongs to of whom no speech is told, or None.

    A name takes no side from the subject before it, as a pronoun does.

    Args:
        parties: The sides that the report speaks of.
        name: What it is called.
        head: The head of its phrase.
    """
    first, last = head.left_edge.i, head.i + 1
    party = parties.of_phrase(head) or parties.named(name) or parties.of_person(name)
    return party or find_office_side(parties, parties.doc[first:last], None)


def named_beside(head: Token) -> Token:
    """Who bears the name where a noun only says what it is: "Borsk Watch, a monitoring group"."""
    is_apposed = head.dep_ == "appos" and head.pos_ == "NOUN" and head.head.pos_ == "PROPN"
    return head.head if is_apposed else head


def _named_within(parties: Parties, words: Span) -> str | None:
    """The party that a speaker's words name: by their head, else in an apposition ("a spokesman for …")."""
    heads = [t for t in words if not words.start <= t.head.i < words.end or t.head.i == t.i]
    return next((party for t in (*heads, *words) if (party := parties.of_phrase(t)) is not None), None)
