"""Whose side a publisher is on that speaks of "our troops": a staff, a press office, a partisan channel.

The sides of a report and the tokens of what others say enter; a party's id or None leaves.
"""

from __future__ import annotations

from collections import Counter
from typing import TYPE_CHECKING

from whoholds.model import EVENT_GROUPS
from whoholds.read.claims.sides import COMPASS, ENEMY, core_words, side_words
from whoholds.read.events.lexicon import lemma_of, lemmas_of, noun_classes
from whoholds.read.events.types import EventMention
from whoholds.text.tokens import Token
from whoholds.theatre import fold_name

if TYPE_CHECKING:
    from whoholds.read.claims.parties import Parties

__all__ = ["find_own_side", "has_forces_of"]


def find_own_side(parties: Parties, told: frozenset[int]) -> str | None:
    """The side of a publisher that says "our troops" in its own voice, or None where it watches.

    It names its side ("our army, the …"), or calls the other one the enemy, the regime, the militia.

    Sets the two sides in play to that side and its enemy where no theatre gives them.

    Args:
        parties: The sides that the report speaks of.
        told: Tokens of what others say.
    """
    words = side_words()
    forces = noun_classes()
    ours: list[Token] = []
    hostile: Counter[str] = Counter()
    told_of: Counter[str] = Counter()
    own: str | None = None
    calls_enemy = False
    lemmas = lemmas_of(parties.doc)
    for token in parties.doc:
        if token.i in told:
            continue
        low, head = token.lower_, token.head
        noun = lemmas[head.i]
        if low == "our" and ("force" in forces.get(noun, ()) or noun in words["crew"]):
            ours.append(head)
        elif low == "we" and any(e.actor == token.i for e in _fights(parties)):
            ours.append(token)
        elif low == "the" and noun in ENEMY and noun != "attacker":
            calls_enemy = True
        if token.i in parties.by_token and low not in ("our", "we"):
            told_of[parties.by_token[token.i]] += 1
        if lemmas[token.i] in words["hostile"]:
            party = parties.of_phrase(token)
            if party is not None:
                hostile[party] += 1
    if not ours and not calls_enemy:
        return None
    for head in ours:
        appositions = [c for c in head.children if c.dep_ == "appos"]
        own = (
            own
            or _named_in(parties, head)
            or next((p for c in appositions if (p := parties.of_phrase(c))), None)
        )
        named = next((c for c in appositions if c.pos_ == "PROPN"), None)
        if own is None and named is not None:
            first, last = core_words(named)
            own = parties.doc[first : last + 1].text.removeprefix("the ").strip()
    own = own or _side_of_publisher(parties)
    enemy = max(hostile, key=lambda p: (hostile[p], p)) if hostile else None
    if enemy is not None and enemy == own:
        enemy = None
    if own is None and enemy is None and parties.in_play is not None:
        # Who says "we" calls the other side by its name.
        first_, second = (told_of[p] for p in parties.in_play)
        if first_ != second and parties.home in parties.in_play:
            enemy = parties.in_play[first_ < second]
    if own is None and enemy is not None:
        other = parties.other_than(enemy)
        has_forces = other is not None and parties.is_war_of_states and has_forces_of(parties, other)
        own = other if has_forces or other in (parties.home, parties.group) else None
        own = own or (parties.home if enemy != parties.home else parties.group)
    if own is not None and parties.theatre is None:
        if enemy is None:
            enemy = parties.other_than(own)
        if enemy is None and parties.in_play is None:
            others = sorted((-n, p) for p, n in told_of.items() if p != own)
            enemy = others[0][1] if others else parties.group if parties.group != own else None
        if enemy is not None and enemy != own:
            parties.in_play = own, enemy
    return own


def _side_of_publisher(parties: Parties) -> str | None:
    """The side whose name a publisher bears: "Press Office of the TKR", "Norlandic General Staff".

    Only a name that the report has too, a state's or an acronym, will do.
    """
    if not parties.publisher:
        return None
    offices = side_words()["offices"]
    words = [w.strip(',.:()"“”') for w in parties.publisher.split()]
    is_office = any(w.lower() in offices for w in words)
    for token in parties.tokens_called(words[-1]) if len(words) > 1 else ():
        if (
            token.i
            and parties.doc[token.i - 1].text in words
            and (party := parties.of_phrase(token)) is not None
        ):
            # "The TKR-led High Command announces" says whose the High Command is.
            return party
    if "of" in words:
        words = [w for w in words[words.index("of") + 1 :] if w != "the"]
    is_state = any(w.lower() in side_words()["state"] | {"armed"} for w in words)
    words = [w for w in words if w.lower() not in offices]
    name = " ".join(words)
    for party in dict.fromkeys(parties.by_token.values()):
        if set(fold_name(party).split()) & set(fold_name(name).split()):
            return party
    for word in words if is_state else ():
        party = parties.named(word)
        if party is not None:
            return party
    is_name = len(words) == 1 and words[0].isalnum() and words[0].lower() not in COMPASS
    is_name = is_name and parties.named(words[0]) is None
    return words[0] if is_name and (is_office or parties.tokens_called(words[0])) else None


def has_forces_of(parties: Parties, party: str) -> bool:
    """Whether the report tells of a party's own forces: "Norland's 3rd Army", "the army of Norland"."""
    table = noun_classes()
    for i, its in parties.by_token.items():
        token = parties.doc[i]
        if its != party or token.dep_ not in ("amod", "poss", "compound", "pobj"):
            continue
        owned = token.head.head if token.dep_ == "pobj" and token.head.lower_ == "of" else token.head
        if "force" in table.get(lemma_of(owned), ()):
            return True
    return False


def _named_in(parties: Parties, head: Token) -> str | None:
    """The party named inside an owner's own phrase: "our Norlandic army"."""
    first, last = core_words(head)
    return next((parties.by_token[i] for i in range(first, last + 1) if i in parties.by_token), None)


def _fights(parties: Parties) -> list[EventMention]:
    return [e for e in parties.events if EVENT_GROUPS[e.event] in ("territory", "fire")]
