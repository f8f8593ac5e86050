"""Whether a report tells of a war at all: the words' model has learned from reports that do.

A parse enters, a yes or no leaves. News of protests, crime and accidents shares its verbs with war ("fired
at", "seized", "clashed"); where a report names neither a force nor its arms, the words' model says nothing.
"""

from __future__ import annotations

from functools import lru_cache

from whoholds.read.events.lexicon import lemmas_of, noun_classes
from whoholds.text.tokens import Doc

__all__ = ["count_war_words", "is_about_war", "tells_of_war"]

_FORCES = frozenset({"force", "air_weapon", "ground_weapon"})
_CIVIL = frozenset({"police", "body", "crowd", "civic"})
_EITHER = frozenset(
    {"group", "government", "security", "side", "attacker", "assailant", "gunman", "movement", "opposition"}
)
"""Words for forces that news of crime and politics has as well."""
_EVERY = 100


@lru_cache(maxsize=1)
def _war_words() -> frozenset[str]:
    return frozenset(
        word
        for word, classes in noun_classes().items()
        if classes & _FORCES and not classes & _CIVIL and word not in _EITHER
    )


def tells_of_war(doc: Doc) -> bool:
    """Whether a parse names a force or its arms."""
    return count_war_words(doc) > 0


@lru_cache(maxsize=2)
def is_about_war(doc: Doc) -> bool:
    """Whether a parse names forces or their arms once in a hundred words: what the network is asked about.

    Of reports from wars 96 in a hundred do, of general news a fifth; a short text need do so once.
    """
    named = count_war_words(doc)
    return named > 0 and named * _EVERY >= len(doc)


@lru_cache(maxsize=2)
def count_war_words(doc: Doc) -> int:
    """How often a parse names forces or their arms; asked for each clause, counted once a report."""
    words = _war_words()
    return sum(lemma in words for lemma in lemmas_of(doc))
