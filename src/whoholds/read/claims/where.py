"""Which places a claim is about: named in its clause, or meant by "there", "the town", or inherited.

Place mentions and an event enter; `ClaimPlace`s leave, the target place before the origin, finer places
before the areas that hold them.
"""

from __future__ import annotations

from bisect import bisect_left
from collections.abc import Callable, Iterable, Sequence
from dataclasses import replace

from whoholds.model import ClaimPlace, Event, PlaceMention, Relation
from whoholds.places.layers import distance_m
from whoholds.read.claims.focus import Focus
from whoholds.read.claims.ground import ground_words
from whoholds.read.claims.named import Names
from whoholds.read.claims.ways import measured_from, open_end, relation_by_noun, shifted_by
from whoholds.read.events.lexicon import lemma_of
from whoholds.read.events.types import EventMention
from whoholds.text.parse import Parsed
from whoholds.text.tokens import Token

__all__ = ["Whereabouts"]


_SETTLEMENT = ground_words()["settlement"]
_REGION = ground_words()["region"]
_EDGE = ground_words()["edge"]
_AREA = frozenset({"region", "province", "oblast", "state", "governorate", "county", "district"})
_GROUND_NOUNS = _SETTLEMENT | _REGION | _EDGE
_GENERIC = ground_words()["generic"] | _GROUND_NOUNS

_MOST = 40
"""Places of one claim among which the finer ones are looked for."""
_REACH = 2.0
"""Radii within which a point may lie in an area: areas are not round."""
_ENDS = frozenset({Relation.FROM, Relation.TOWARD})
_HOME = ground_words()["home"]
_THERE = frozenset({"there", "here"})
_RELATION_OF_PREP = {
    "near": Relation.NEAR,
    "outside": Relation.NEAR,
    "around": Relation.NEAR,
    "toward": Relation.TOWARD,
    "towards": Relation.TOWARD,
    "from": Relation.FROM,
    "across": Relation.ACROSS,
}
_FINENESS = {"settlement": 3, "facility": 3, "landform": 2, "water": 2, "other": 2, "admin": 1, "country": 0}


class Whereabouts:
    """The places of one report's claims, resolved in the order of the text."""

    def __init__(
        self,
        parsed: Parsed,
        places: Sequence[PlaceMention],
        relation_of: Callable[[Parsed, int, int], Relation],
    ) -> None:
        self._doc = parsed.doc
        self._names = Names(parsed, places, relation_of)
        spans = {start: (start, end) for start, end in self._names.spans}
        self._all: list[ClaimPlace] | None = None
        self._firsts: list[int] = []
        self._focus = Focus(parsed, self._names.mentions, spans, self._names.place_at)

    def leave_out(self, tokens: Iterable[int]) -> None:
        """Words of sources and cues: a channel called after a town is no place."""
        self._names.leave_out(tokens)

    def named(self, start: int, end: int) -> Sequence[ClaimPlace]:
        """Every place that the report names as ground between two characters, in order."""
        if self._all is None:
            self._all = [self._names.place_at(*span) for span in self._names.spans]
            self._firsts = [self._doc[first].idx for first, _ in self._names.spans]
        return self._all[bisect_left(self._firsts, start) : bisect_left(self._firsts, end)]

    def of_event(
        self,
        event: Event,
        mention: EventMention | None,
        clause: Sequence[Token],
        excluded: Iterable[int],
        settle: Callable[[Sequence[ClaimPlace]], Sequence[ClaimPlace]] = tuple,
    ) -> tuple[ClaimPlace, ...]:
        """The places of one claim.

        Args:
            event: What the claim says.
            mention: The event mention, or None for a bare statement.
            clause: The tokens of its clause.
            excluded: Heads of its actor, target and speaker: a country that acts is not where it acts.
            settle: What another witness makes of them; later claims inherit the outcome.
        """
        anchor = clause[0].i if clause else 0
        self._focus.note_mentions(anchor, self._names.said_by)
        found = self._names.of_clause(mention, clause, excluded)
        if self._points_to_all(mention):
            found = []
        found = [self._town_of(p, anchor, event) for p in found]
        is_meant = not found
        if is_meant:
            found = self._meant(event, mention, clause)
            if shifted_by(clause):
                found = [
                    replace(p, relation=Relation.NEAR) if p.relation is Relation.IN else p for p in found
                ]
        else:
            found = self._with_open_end(event, mention, clause, found)
        found = self._finest(_settled(event, found))
        if event is Event.WITHDRAWAL:
            # Who leaves is told by the place left.
            found.sort(key=lambda p: p.relation is Relation.TOWARD)
            found.sort(key=lambda p: p.relation is not Relation.FROM)
        settled = tuple(settle(found))
        self._focus.note_claim(anchor, event, settled, is_meant=is_meant)
        return settled

    def _finest(self, places: list[ClaimPlace]) -> list[ClaimPlace]:
        """The places without the areas that hold a finer one; the target before the origin."""
        kept: dict[object, ClaimPlace] = {}
        finest = max((_FINENESS.get(p.kind, 2) for p in places), default=0)
        for number, place in enumerate(places):
            is_finest = _FINENESS.get(place.kind, 2) == finest
            if is_finest or not any(
                self._holds(place, other) and not self._names.are_peers(place, other)
                for other in places[:_MOST]
                if other is not place
            ):
                kept.setdefault(number if place.span is None else place.span.start, place)
        return sorted(kept.values(), key=lambda p: p.relation is Relation.FROM)

    def _holds(self, area: ClaimPlace, place: ClaimPlace) -> bool:
        """Whether an area only says where a finer place is: it stands to the event alike, and holds it."""
        rank, finer = _FINENESS.get(area.kind, 2), _FINENESS.get(place.kind, 2)
        if finer <= rank or (rank == 2 and finer == 3):
            return False
        if (area.relation in _ENDS) is not (place.relation in _ENDS):
            return False
        if area.kind == "country":
            country = self._names.country_of(place)
            return country is None or country == self._names.country_of(area)
        if area.lon is None or area.lat is None or area.radius_m is None:
            return True
        if place.lon is None or place.lat is None:
            return True
        return distance_m(area.lon, area.lat, place.lon, place.lat) <= _REACH * area.radius_m

    def _points_to_all(self, mention: EventMention | None) -> bool:
        """Whether what is held or taken is "both crossings of the river": those told of, not the river."""
        return mention is not None and any(
            self._doc[g].tag_ == "NNS"
            and any(
                c.lower_ in ("both", "these", "those")
                for c in self._doc[g].children
                if c.dep_ in ("det", "predet")
            )
            for g in mention.grounds
        )

    def _town_of(self, place: ClaimPlace, anchor: int, event: Event) -> ClaimPlace:
        """A quarter, market or bridge that no gazetteer has as the town that the report is in."""
        if place.place_id is not None or place.span is None or not self._names.is_within_town(place):
            return place
        towns = [
            p
            for p in self._focus.inherited(anchor, event)
            if p.kind == "settlement" and p.place_id is not None
        ]
        return replace(towns[0], relation=Relation.IN) if towns else place

    def _with_open_end(
        self, event: Event, mention: EventMention | None, clause: Sequence[Token], found: list[ClaimPlace]
    ) -> list[ClaimPlace]:
        """The places of a way with the end that the clause leaves unsaid: where they left, or came to."""
        verb = self._doc[mention.trigger] if mention is not None else clause[0]
        noun = self._pointing_noun((), clause)
        missing = open_end(event, verb, clause, [p.relation for p in found], is_pointed=noun is not None)
        if missing is None:
            return found
        if noun is not None:
            kind = "settlement" if lemma_of(noun) in _SETTLEMENT | _EDGE else None
            other = self._focus.pointed_at(noun.i, kind)
        else:
            other = self._focus.inherited(clause[0].i, event)
        known = {p.name for p in found}
        added = [replace(p, relation=missing) for p in other if p.name not in known]
        return [*added, *found] if missing is not Relation.FROM else [*found, *added]

    # --- meant, not named ---------------------------------------------------------------------------

    def _meant(self, event: Event, mention: EventMention | None, clause: Sequence[Token]) -> list[ClaimPlace]:
        if not clause:
            return []
        first = clause[0].i
        if any(t.lower_ == "where" and t.dep_ == "advmod" and t.head.dep_ == "relcl" for t in clause):
            found = self._focus.where_antecedent(first)
            if found:
                return list(found)
        if any(_is_own_ground(t) for t in clause):
            found = self._focus.speakers_own(first, self._names.said_by)
            if found:
                return list(found)
        adverb = next((t for t in clause if t.lower_ in _THERE and t.dep_ != "expl"), None)
        grounds = [] if mention is None else [self._doc[g] for g in mention.grounds]
        pronoun = next((g for g in grounds if g.pos_ == "PRON"), None)
        noun = self._pointing_noun(grounds, clause)
        if noun is not None and adverb is None:
            lemma = lemma_of(noun)
            kind = "settlement" if lemma in _SETTLEMENT | _EDGE else "admin" if lemma in _AREA else None
            is_plural = noun.tag_ == "NNS" and lemma not in _EDGE
            found = self._focus.pointed_at(noun.i, kind, word=lemma, is_plural=is_plural)
            if not found:
                own = self._focus.inherited(first, event)
                return [replace(p, relation=self._relation_by(noun, p)) for p in own] if kind else list(own)
            return [replace(p, relation=self._relation_by(noun, p)) for p in found]
        if adverb is not None or pronoun is not None:
            found = self._focus.inherited(first, Event.OTHER)
            return [replace(p, relation=Relation.IN) if adverb is not None else p for p in found]
        return list(self._focus.inherited(first, event, ahead=self._names.ahead_of(clause)))

    def _pointing_noun(self, grounds: Sequence[Token], clause: Sequence[Token]) -> Token | None:
        """A definite noun that stands for a place told of before ("the town", "both villages")."""
        ground = next((g for g in grounds if lemma_of(g) in _GENERIC and not _is_new(g)), None)
        if ground is not None:
            return ground
        return next(
            (t for t in clause if t.dep_ == "pobj" and lemma_of(t) in _GROUND_NOUNS and _is_definite(t)),
            None,
        )

    def _relation_by(self, noun: Token, place: ClaimPlace) -> Relation:
        if lemma_of(noun) in _EDGE:
            return Relation.OUTSKIRTS
        if measured_from(noun.doc, noun.i):
            return Relation.NEAR
        if lemma_of(noun) in _SETTLEMENT and noun.dep_ in ("dobj", "nsubj", "nsubjpass"):
            return Relation.IN
        relation: Relation = Relation.IN if place.relation is Relation.FROM else place.relation
        if noun.dep_ == "pobj":
            relation = _RELATION_OF_PREP.get(noun.head.lower_, Relation.IN)
        return relation_by_noun(noun, relation)


def _settled(event: Event, places: list[ClaimPlace]) -> list[ClaimPlace]:
    """Places by what became of them: a town is taken where its garrison is driven out; a visitor is there."""
    if event is Event.CONTROL_GAINED and any(p.kind != "country" for p in places):
        # "took X from Norland": a country is who lost it.
        places = [p for p in places if p.kind != "country" or p.relation is not Relation.FROM]
    if event is Event.CONTROL_GAINED and all(p.relation is Relation.FROM for p in places):
        return [replace(p, relation=Relation.IN) for p in places]
    if event is Event.VISIT:
        return [replace(p, relation=Relation.IN) if p.relation is Relation.TOWARD else p for p in places]
    return places


def _is_own_ground(token: Token) -> bool:
    """Whether a speaker speaks of the own surroundings: "here", "our street"."""
    if token.lower_ == "here":
        return token.dep_ == "advmod"
    return token.lower_ in ("our", "my") and lemma_of(token.head) in _HOME


def _is_definite(noun: Token) -> bool:
    return any(
        c.lower_ in ("the", "this", "that", "these", "those", "both", "its", "their")
        for c in noun.children
        if c.dep_ in ("det", "poss")
    )


def _is_new(noun: Token) -> bool:
    return (
        any(c.lower_ in ("a", "an", "another") for c in noun.children if c.dep_ == "det")
        and lemma_of(noun) in _SETTLEMENT
    )
