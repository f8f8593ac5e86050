"""Whose side a speaker is on whom nothing else ties to one: that against which "our men" do not stand.

The sides of a report and the words of one speaker enter; a party's id or None leaves. Who says "our lads hold
the bridge" fights, and of the two sides names the other one by its name.
"""

from __future__ import annotations

from collections.abc import Iterable

from whoholds.model import Event
from whoholds.read.claims.offices import has_foreign_forces
from whoholds.read.claims.parties import Parties
from whoholds.read.claims.sides import side_words
from whoholds.read.events.lexicon import lemma_of, noun_classes
from whoholds.text.tokens import Token

__all__ = ["find_side_of_words"]

_OUR, _WE = frozenset({"our", "my"}), frozenset({"we", "i"})
_FIGHTING = frozenset(
    {
        Event.CONTROL_GAINED,
        Event.CONTROL_HELD,
        Event.CONTESTED,
        Event.ADVANCE,
        Event.CLASH,
        Event.STRIKE,
        Event.SHELLING,
        Event.CAPTURE_OF_PERSONS,
    }
)
"""What only those who fight do: residents enter and leave as well."""


def find_side_of_words(parties: Parties, said: Iterable[int]) -> str | None:
    """The side in play that a speaker is of by what it says, or None.

    Args:
        parties: The sides that the report speaks of.
        said: Tokens of all that the speaker says.
    """
    if parties.in_play is None or has_foreign_forces(parties):
        return None
    tokens = [parties.doc[i] for i in sorted(said)]
    if not any(_is_of_fighters(parties, t) for t in tokens):
        return None
    ours: set[str] = set()
    theirs: set[str] = set()
    for token in tokens:
        party = parties.by_token.get(token.i) or _by_kind(parties, token)
        if parties.other_than(party) is None or party is None:
            continue
        owned = (token, token.head) if token.dep_ in ("amod", "compound", "nmod") else (token,)
        is_ours = any(c.lower_ in _OUR for t in owned for c in t.children if c.dep_ == "poss")
        (ours if is_ours else theirs).add(party)
    if len(ours) == 1:
        return ours.pop()
    # Who names both tells of a war between others, as far as words go.
    return parties.other_than(theirs.pop()) if not ours and len(theirs) == 1 else None


def _is_of_fighters(parties: Parties, token: Token) -> bool:
    """Whether a word is that of one who fights: "our" of "our troops", "we" of "we took the hill"."""
    low = token.lower_
    if low in _OUR:
        noun = lemma_of(token.head)
        return "force" in noun_classes().get(noun, ()) or noun in side_words()["crew"]
    return low in _WE and any(e.actor == token.i and e.event in _FIGHTING for e in parties.events)


def _by_kind(parties: Parties, token: Token) -> str | None:
    """The group of a war within a state, by a word for those who fight without one: "the bandits"."""
    sides = parties.state_and_group
    if sides is None or token.pos_ != "NOUN":
        return None
    words = side_words()
    is_irregular = lemma_of(token) in words["irregular"] or lemma_of(token) in words["scorned"]
    return sides[1] if is_irregular else None
