"""Whose side a speaker is on whom no name ties to one: that of the state whose office it holds.

The sides of a report and the words for one speaker enter; a party's id or None leaves. In a war of two states
who bears but a rank may be of either side, or an ally's, unless a place is named with it. Against a group the
ranks are those of the state's officers (263 of 304 on gold): who has one in a group is named with it.
"""

from __future__ import annotations

from whoholds.read.claims.ownside import has_forces_of
from whoholds.read.claims.parties import Parties
from whoholds.read.claims.sides import is_state, side_words
from whoholds.read.events.lexicon import lemma_of
from whoholds.text.tokens import Span

__all__ = ["find_office_side", "has_foreign_forces", "is_between"]

_UNOWNED = frozenset({"its", "their", "his", "her"})
_SEATED = frozenset({"mayor"})
"""Offices of a town that stay whoever holds it."""


def find_office_side(parties: Parties, words: Span, role: str | None) -> str | None:
    """The state in play whose office a speaker holds ("the governor", "a colonel in Borna"), or None.

    Args:
        parties: The sides that the report speaks of.
        words: Those that name the speaker.
        role: What else the report says that it is.
    """
    if parties.in_play is None:
        return None
    table = side_words()
    said = {w.strip(".,").lower() for w in (role or "").split()}
    said |= {lemma_of(t).strip(".") for t in words}
    if said & (table["no_office"] | table["irregular"] | table["hostile"]) or _is_of_other_body(
        parties, words
    ):
        return None
    is_of_land, is_civil = bool(said & table["of_land"]), bool(said & table["civil"])
    if parties.is_war_of_states:
        if not (is_of_land or is_civil or said & table["ranks"]):
            return None
        land = parties.land_of(words) or (parties.land_of(words[0].sent) if is_of_land else None)
        return land if parties.other_than(land) is not None else None
    sides = parties.state_and_group
    if sides is None or said & _SEATED:
        return None
    is_officer = _is_officer(words, said) and not has_foreign_forces(parties)
    return sides[0] if is_of_land or is_civil or is_officer else None


def has_foreign_forces(parties: Parties) -> bool:
    """Whether the forces of another state than those in play are about: officers may be theirs."""
    states = {p for p in parties.by_token.values() if is_state(p) and parties.other_than(p) is None}
    return any(has_forces_of(parties, state) for state in states)


def _is_officer(words: Span, said: set[str]) -> bool:
    """Whether a speaker has an officer's rank: "Col. Ada Holm", not "the Secretary General"."""
    table = side_words()
    return not said & table["generals"] and any(
        lemma_of(t).strip(".") in table["commissions"]
        and t.pos_ in ("NOUN", "PROPN")
        and t.dep_ not in ("amod", "nmod")
        for t in words
    )


def _is_of_other_body(parties: Parties, words: Span) -> bool:
    """Whether a speaker's words name another's body: "a TKO official", "its ministry"."""
    return any(
        (t.lower_ in _UNOWNED and t.dep_ == "poss")
        or (
            t.pos_ == "PROPN"
            and not parties.is_place(t)
            and t.dep_ in ("compound", "amod", "nmod", "poss")
            and (t.ent_type_ in ("NORP", "ORG", "GPE") or t.text.isupper())
        )
        for t in words
    )


def is_between(words: Span) -> bool:
    """Whether a speaker stands between the sides: "the Red Cross delegate in Borna", "UN observers"."""
    table = side_words()
    said = f" {' '.join(t.lower_ for t in words)} "
    return lemma_of(words.root) in table["between"] or any(f" {name} " in said for name in table["world"])
