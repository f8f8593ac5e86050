"""Who acts in a clause without a subject that does: a note's noun, an owner of hands, flags and rule.

An event, its clause's head and words and the report's parties enter; actor and target leave, as far as the
clause names just one side beside its places.
"""

from __future__ import annotations

from collections.abc import Callable, Sequence

from whoholds.model import EVENT_GROUPS, Event
from whoholds.read.claims.parties import Parties
from whoholds.read.claims.party import Party
from whoholds.read.claims.sides import side_words
from whoholds.read.events.lexicon import lemma_of, noun_classes
from whoholds.text.tokens import Token

__all__ = ["InClause"]

_HAVING = frozenset(
    {
        Event.CONTROL_HELD,
        Event.CONTROL_LOST,
        Event.CONTROL_GAINED,
        Event.ENTERED,
        Event.WITHDRAWAL,
        Event.ADVANCE,
        Event.AREA_TOTAL,
        Event.SETTLEMENT_TOTAL,
    }
)
"""Events whose clause names who has, takes or leaves ground wherever it names but one side."""
_SUFFERED = frozenset({Event.CASUALTIES, Event.EQUIPMENT_LOSSES})
_ON_GROUND = frozenset({"territory", "presence", "fire"})
_GIVING = frozenset({"to", "by", "from", "against"})
"""Prepositions by which the other side is named: "lost to the rebels", "taken from the army"."""
LAND = frozenset(
    [
        *("kilometre", "kilometer", "km", "mile", "hectare", "acre", "territory", "land", "soil", "area"),
        *("percent", "%"),
    ]
)
"""Heads of a subject that is ground: who is named in it owned it, which says nothing of who acts."""
_OWNING = frozenset({"amod", "poss", "compound", "nmod", "acomp"})


class InClause:
    """Finds who acts in the words of a clause that its grammar does not make an actor."""

    def __init__(self, parties: Parties, name_of: Callable[[Token], str]) -> None:
        self._parties = parties
        self._name_of = name_of
        self._forces = noun_classes()

    def find(
        self, event: Event, head: Token, words: Sequence[Token], target: Party | None
    ) -> tuple[Party | None, Party | None]:
        """Actor and target of a clause whose event has no actor."""
        if event in _SUFFERED:
            return None, target or self._sole_side(words, target)
        if EVENT_GROUPS[event] not in _ON_GROUND and event not in (Event.AREA_TOTAL, Event.OTHER):
            return None, target
        if head.pos_ in ("NOUN", "PROPN") and "force" in self._forces.get(lemma_of(head), ()):
            # "Armed men at the culvert", "Army back in Borsk": a note about who is there.
            return Party(self._name_of(head), self._parties.of_phrase(head), head.i), target
        if event not in _HAVING:
            return None, target
        found = self._sole_side(words, target)
        if found is None or found.token is None:
            return None, target
        token = self._parties.doc[found.token]
        if token.dep_ in _OWNING and lemma_of(token.head) in LAND and token.head.dep_ == "pobj":
            # "A thousand kilometres of Norlandic territory": whose it was.
            return None, target or found
        if self._is_given(token) and event in (
            Event.CONTROL_LOST,
            Event.WITHDRAWAL,
            Event.CONTROL_GAINED,
        ):
            return None, target or found
        return found, target

    def _sole_side(self, words: Sequence[Token], target: Party | None) -> Party | None:
        """The one side that a clause names beside its target, or None."""
        named: dict[str, Token] = {}
        for token in words:
            party = self._party_at(token)
            if party is not None and (target is None or party != target.id):
                named.setdefault(party, token)
        if len(named) != 1:
            return None
        ((party, token),) = named.items()
        return Party(self._words_of(token), party, token.i)

    def _party_at(self, token: Token) -> str | None:
        if self._parties.is_place(token):
            return None
        party = self._parties.by_token.get(token.i)
        if party is None and token.pos_ in ("NOUN", "PROPN", "ADJ"):
            words = side_words()
            lemma = lemma_of(token)
            if lemma in words["state"] or lemma in words["irregular"]:
                party = self._parties.of_phrase(token)
        return party if self._parties.other_than(party) is not None else None

    def _words_of(self, token: Token) -> str:
        """The owner alone where it owns a flag or hands, the whole phrase where it is a force's."""
        noun = token.head if token.dep_ in _OWNING else token
        if "force" in self._forces.get(lemma_of(noun), ()):
            return self._name_of(noun)
        return self._name_of(token)

    def _is_given(self, token: Token) -> bool:
        """Whether a side stands after "to", "by" or "from": it is the other one."""
        current = token
        for _ in range(3):
            if current.dep_ in ("pobj", "agent") or current.dep_ in _OWNING:
                current = current.head
                if current.dep_ in ("prep", "agent"):
                    return current.lower_ in _GIVING
            else:
                break
        return False
