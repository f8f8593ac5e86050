"""Where a claim's event is: the places that the rules give, weighed against those that the network points at.

The rules' places of one clause, those that the report names and the network's opinion enter; the places to
keep leave, the first one with how it stands to the event.
"""

from __future__ import annotations

import re
from bisect import bisect_right
from collections.abc import Callable, Collection, Sequence
from dataclasses import replace
from math import inf

from whoholds.model import EVENT_GROUPS, ClaimPlace, Event, Relation, Span
from whoholds.read.claims.ground import ground_words
from whoholds.read.events.lexicon import lemma_of
from whoholds.read.network import Opinion, likeliest
from whoholds.text.blocks import BlockKind
from whoholds.text.parse import Parsed
from whoholds.text.tokens import Token

__all__ = ["PLACE", "Placing"]

PLACE = {
    "unnoticed": 2.0,
    "named_kept": 1.5,
    "last_kept": 2.5,
    "ground_kept": 5.0,
    "named_taken": 0.3,
    "pointed_kept": 4.0,
    "meant_kept": 3.0,
    "loosely_kept": 2.0,
    "meant_taken": -0.5,
    "meant_other": 1.5,
}
"""How far the log-odds of a place that the rules give may fall below even before it is let go, and how far
above even they must be for another one: of places named in the clause, and of those only meant. What is meant
in place of one that the rules give must be so much likelier (other). Ground changes hands somewhere; what is
said, offered or otherwise done may well be nowhere (loosely kept). The last place that a clause names is let
go only where the network is surer (last kept), and surer yet where ground changes hands (ground kept). Short
texts and news of no war get no more caution than others in which place is meant, for the network was trained
where verbs of any news happen; in how the place stands to the event they do."""
_WHERE = frozenset({"there", "here", "where"})
_WIDE = frozenset({"admin", "country", "water"})
_SOMEWHERE = frozenset({"territory", "presence", "fire"})
_RELATION = {"meant": 2.7, "said": 4.0}
"""What the rules' relation is worth: by the event alone, or by words beside the place."""
_TOWN = r"(?:the[ \t]+)?(?:(?:city|town|village|settlement|district|region|port)[ \t]+of[ \t]+)?$"
_HOW = re.compile(
    rf"\b(?:in|into|inside|within|at|near|around|outside|towards?|from|throughout|across)[ \t]+{_TOWN}",
    re.I,
)
_MEASURED = re.compile(
    rf"\b(?:(?:north|south|east|west|up|down)[\w-]*[ \t]+(?:of|from)"
    rf"|(?:km|kilomet(?:re|er)s?|miles?|m|met(?:re|er)s?)[ \t]+(?:away[ \t]+)?(?:of|from))[ \t]+{_TOWN}",
    re.I,
)
_LEAD = 60
"""Characters before a name in which its preposition is looked for."""


class Placing:
    """Settles the places of one report's clauses."""

    def __init__(self, parsed: Parsed, caution: float) -> None:
        """Set a report up.

        Args:
            parsed: Its text and parse.
            caution: What the rules are worth beyond the usual in how a place stands to the event.
        """
        self._parsed = parsed
        self._caution = caution
        self._ends = [block.end for block in parsed.blocks]

    def settle(
        self,
        places: Sequence[ClaimPlace],
        named: Callable[[int, int], Sequence[ClaimPlace]],
        opinion: Opinion | None,
        words: Sequence[Token],
        event: Event,
    ) -> tuple[ClaimPlace, ...]:
        """The places by the rules' answer and the network's.

        Args:
            places: What the rules say, the target first.
            named: Every place that the report names between two characters.
            opinion: What the network makes of the clause.
            words: The clause.
            event: What it says.
        """
        if opinion is None:
            return tuple(places)
        found = self._choose_places(places, named(*opinion.sight), opinion, words, event)
        if not found:
            return ()
        # The network tells how the first place stands to the event.
        scores = dict(opinion.relations)
        worth = _RELATION["said" if self._says_how(found[0]) else "meant"]
        scores[found[0].relation] += worth + self._caution
        return (replace(found[0], relation=likeliest(scores)[0]), *found[1:])

    def _choose_places(
        self,
        places: Sequence[ClaimPlace],
        others: Sequence[ClaimPlace],
        opinion: Opinion,
        words: Sequence[Token],
        event: Event,
    ) -> tuple[ClaimPlace, ...]:
        own = {t.idx for t in words}
        known = {_key(p) for p in places}
        if any(_stands_in(p, own) for p in places):
            kept = [p for p in places if _odds_of(p, opinion) > -PLACE["named_kept"]]
            kept += [
                p
                for p in others
                if _stands_in(p, own)
                and _key(p) not in known
                and _odds_of(p, opinion) > PLACE["named_taken"]
                and not self._is_measured_from(p)
            ]
            last = -PLACE["ground_kept" if EVENT_GROUPS[event] == "territory" else "last_kept"]
            return tuple(kept or (p for p in places if _odds_of(p, opinion) > last))
        meant = "meant_kept" if EVENT_GROUPS[event] in _SOMEWHERE else "loosely_kept"
        is_pointed = any(map(_points, words))
        least = -PLACE["pointed_kept" if is_pointed else meant]
        # Of a place that is named time and again, the mention that the network is surest of speaks.
        odds: dict[object, float] = {}
        for place in (*places, *others):
            odds[_key(place)] = max(odds.get(_key(place), -inf), _odds_of(place, opinion))
        headed = [p for p in places if self._heads(p, words[0])]
        kept = [p for p in places if p in headed or odds[_key(p)] > least]
        # "The town" and "the outskirts" are of a town, whatever region was named nearer.
        is_town = any(_points(w) and w.lower_ not in _WHERE for w in words)
        is_town = is_town or any(p.relation is Relation.OUTSKIRTS for p in places)
        inheritable = (
            p
            for p in others
            if _key(p) not in known and self._reaches(words[0], p) and not (is_town and p.kind in _WIDE)
        )
        best = max(inheritable, key=lambda p: _odds_of(p, opinion), default=None)
        bar = PLACE["meant_taken"]
        if kept:
            worth = PLACE["pointed_kept" if is_pointed else "meant_other"]
            bar = max(bar, max(odds[_key(p)] for p in kept) + worth)
        if best is None or headed or odds[_key(best)] < bar:
            return tuple(kept)
        return (best if _stands_in(best, own) else replace(best, relation=Relation.IN),)

    def _says_how(self, place: ClaimPlace) -> bool:
        """Whether words say how a place stands to the event: a preposition before its name, "outskirts"."""
        if place.relation is Relation.OUTSKIRTS:
            return True
        return place.span is not None and bool(_HOW.search(self._before(place.span)))

    def _heads(self, place: ClaimPlace, word: Token) -> bool:
        """Whether a word's paragraph opens with a place as its label: "Borsk: calm", "Borsk. The army …"."""
        blocks = self._parsed.blocks
        if place.span is None or not blocks:
            return False
        block = blocks[min(bisect_right(self._ends, word.idx), len(blocks) - 1)]
        return (
            place.span.start == block.start and self._parsed.text[place.span.end : place.span.end + 1] in ".:"
        )

    def _is_measured_from(self, place: ClaimPlace) -> bool:
        """Whether a place's name only tells where another lies: "Borki, south-east of Sudzha"."""
        return place.span is not None and bool(_MEASURED.search(self._before(place.span)))

    def _before(self, span: Span) -> str:
        return self._parsed.text[max(0, span.start - _LEAD) : span.start]

    def _reaches(self, word: Token, place: ClaimPlace) -> bool:
        """Whether a clause may inherit a place: named in its paragraph, the one before, the headline."""
        blocks = self._parsed.blocks
        if place.span is None or not blocks:
            return False
        start = place.span.start
        here = min(bisect_right(self._ends, word.idx), len(blocks) - 1)
        return start >= blocks[max(0, here - 1)].start or (
            blocks[0].kind is BlockKind.HEADLINE and start < blocks[0].end
        )


def _odds_of(place: ClaimPlace, opinion: Opinion) -> float:
    """Log-odds that a claim is at a place; even beyond the network's sight."""
    odds = None if place.span is None else opinion.place_odds(place.span.start, place.span.end)
    return 0.0 if odds is None else odds


def _points(token: Token) -> bool:
    """Whether a word points at a place told of before: "there", "the town", "X, where …"."""
    if token.lower_ in _WHERE:
        return token.dep_ != "expl"
    return lemma_of(token) in ground_words()["settlement"] and any(
        c.lower_ in ("the", "this", "that", "both") for c in token.children
    )


def _stands_in(place: ClaimPlace, starts: Collection[int]) -> bool:
    return place.span is not None and any(place.span.start <= s < place.span.end for s in starts)


def _key(place: ClaimPlace) -> object:
    return place.place_id or place.name
