"""Which places a claim is about: named in its clause, or meant by "there", "the town", or inherited.

Place mentions and an event enter; `ClaimPlace`s leave, the target place before the origin, finer places
before the areas that hold them.
"""

from __future__ import annotations

import tomllib
from collections.abc import Callable, Iterable, Sequence
from dataclasses import replace
from functools import lru_cache
from importlib.resources import files
from itertools import pairwise

from spacy.tokens import Token

from whoholds.model import ClaimPlace, Event, PlaceMention, Relation
from whoholds.read.claims.focus import Focus
from whoholds.read.claims.ways import relation_by_noun, relation_in_clause
from whoholds.read.events.lexicon import lemma_of
from whoholds.read.events.types import EventMention
from whoholds.text.parse import Parsed

__all__ = ["Whereabouts"]


@lru_cache(maxsize=1)
def _words() -> dict[str, frozenset[str]]:
    table = tomllib.loads((files("whoholds.read.claims") / "data" / "ground.toml").read_text("utf-8"))
    return {name: frozenset(words) for name, words in table.items()}


_LOCATIVE = _words()["locative"]
_SETTLEMENT = _words()["settlement"]
_REGION = _words()["region"]
_EDGE = _words()["edge"]
_AREA = frozenset({"region", "province", "oblast", "state", "governorate", "county", "district"})
_GENERIC = _words()["generic"] | _SETTLEMENT | _REGION | _EDGE

_INNER = frozenset(
    {"compound", "amod", "nmod", "appos", "conj", "prep", "pobj", "poss", "flat", "npadvmod", "nummod", "dep"}
)
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
_NEARBY = 60
"""How many words around a clause are looked through for where it is."""


class Whereabouts:
    """The places of one report's claims, resolved in the order of the text."""

    def __init__(
        self,
        parsed: Parsed,
        places: Sequence[PlaceMention],
        relation_of: Callable[[Parsed, int, int], Relation],
    ) -> None:
        self._parsed = parsed
        self._doc = parsed.doc
        self._relation_of = relation_of
        self._mentions: dict[int, PlaceMention] = {}
        self._spans: dict[int, tuple[int, int]] = {}
        for mention in places:
            if mention.role != "literal":
                continue
            span = parsed.doc.char_span(mention.span.start, mention.span.end, alignment_mode="expand")
            if span is None:
                continue
            for token in span:
                self._mentions[token.i] = mention
                self._spans[token.i] = (span.start, span.end)
        self._relations: dict[int, Relation] = {}
        self._list_before: dict[int, int] = {}
        spans = sorted(set(self._spans.values()))
        for (first, end), (start, _) in pairwise(spans):
            if 0 < start - end <= 2 and all(
                t.lower_ in (",", "and", "or", "&") for t in parsed.doc[end:start]
            ):
                self._list_before[start] = first
        self._said_by: set[int] = set()
        self._focus = Focus(
            parsed,
            self._mentions,
            dict(zip((s[0] for s in spans), spans, strict=True)),
            lambda start, end: self._place(self._mentions[start], self._relation(start, end)),
        )

    def of_event(
        self, event: Event, mention: EventMention | None, clause: Sequence[Token], excluded: Iterable[int]
    ) -> tuple[ClaimPlace, ...]:
        """The places of one claim.

        Args:
            event: What the claim says.
            mention: The event mention, or None for a bare statement.
            clause: The tokens of its clause.
            excluded: Heads of its actor, target and speaker: a country that acts is not where it acts.
        """
        anchor = clause[0].i if clause else 0
        self._focus.note_mentions(anchor, self._said_by)
        banned = self._phrases(excluded)
        found = self._named(mention, clause, banned)
        is_meant = not found
        if is_meant:
            found = self._meant(event, mention, clause)
        found = _finest(found)
        is_leaving = mention is not None and not mention.is_nominal
        if event is Event.WITHDRAWAL and is_leaving and not any(t.lower_ in _THERE for t in clause):
            # Who leaves is told by the place left, whether "from" stands there or not.
            found = [replace(p, relation=Relation.FROM) if self._is_left(p, clause) else p for p in found]
            found.sort(key=lambda p: p.relation is Relation.FROM)
        self._focus.note_claim(anchor, event, found, is_meant=is_meant)
        return tuple(found)

    def _is_left(self, place: ClaimPlace, clause: Sequence[Token]) -> bool:
        """Whether a withdrawal's place is the one left: not where words in the clause say "in" or whither."""
        if place.relation is not Relation.IN:
            return False
        named = next((t for t in clause if place.span is not None and t.idx == place.span.start), None)
        return named is None or not any(t.lower_ in ("in", "at") for t in (named.head, *named.lefts))

    def leave_out(self, tokens: Iterable[int]) -> None:
        """Words of sources and cues: a channel called after a town is no place."""
        self._said_by.update(tokens)

    # --- named in the clause ------------------------------------------------------------------------

    def _phrases(self, heads: Iterable[int]) -> set[int]:
        """Tokens of the phrases that only say who: heads with their compounds and owners."""
        banned: set[int] = set()
        for index in heads:
            stack = [self._doc[index]]
            if not self._is_town(index):
                banned.add(index)
            while stack:
                for child in stack.pop().children:
                    if child.dep_ in ("compound", "amod", "poss", "nmod", "conj", "appos"):
                        if not (child.dep_ == "poss" and self._is_town(child.i)):
                            banned.add(child.i)
                        stack.append(child)
        return banned

    def _is_town(self, index: int) -> bool:
        """Whether a token names a settlement as such: what has residents and hospitals, not troops."""
        mention = self._mentions.get(index)
        return mention is not None and mention.kind in ("settlement", "facility")

    def _named(
        self, mention: EventMention | None, clause: Sequence[Token], banned: set[int]
    ) -> list[ClaimPlace]:
        found: list[ClaimPlace] = []
        inside = {t.i for t in clause}
        if mention is not None:
            visited = set(self._said_by)
            for ground in mention.grounds:
                found.extend(self._in_phrase(self._doc[ground], visited))
        if found and any(p.kind != "country" for p in found):
            return found
        located: list[ClaimPlace] = []
        for token in clause:
            if token.i in banned or token.i in self._said_by or token.i not in self._mentions:
                continue
            start, end = self._spans[token.i]
            if token.i != start:
                continue
            root = max(range(start, end), key=lambda i: -_depth(self._doc[i]))
            if self._is_located(self._doc[root], inside):
                located.append(self._place(self._mentions[token.i], self._relation(start, end)))
        return located or found or self._loose(clause, banned) or self._beside(clause, banned)

    def _loose(self, clause: Sequence[Token], banned: set[int]) -> list[ClaimPlace]:
        """Settlements that a clause names in any other part ("the town of X has no beds left")."""
        found: list[ClaimPlace] = []
        for token in clause:
            if token.i in banned or token.i in self._said_by or not self._is_town(token.i):
                continue
            start, end = self._spans[token.i]
            if token.i == start:
                found.append(self._place(self._mentions[start], self._relation(start, end)))
        return found

    def _beside(self, clause: Sequence[Token], banned: set[int]) -> list[ClaimPlace]:
        """Places that hang on the clause by other claims' words ("shot during a raid in the town")."""
        own = {t.i for t in clause}
        heads = [t for t in clause if t.head.i not in own or t.head == t]
        for head in heads[:1]:
            stack, seen = [head], 0
            while stack and seen < _NEARBY:
                token = stack.pop()
                seen += 1
                if token.i in self._mentions and token.i not in banned:
                    start, end = self._spans[token.i]
                    if self._is_located(token, own | set(range(head.left_edge.i, head.right_edge.i + 1))):
                        return [self._place(self._mentions[token.i], self._relation(start, end))]
                stack.extend(
                    c
                    for c in token.children
                    if c.dep_ not in ("relcl", "ccomp", "conj", "advcl", "parataxis")
                )
        return []

    def _is_located(self, token: Token, inside: set[int]) -> bool:
        """Whether a name stands as a place: after a locative preposition, or in a phrase that does."""
        current = token
        for _ in range(6):
            dep = current.dep_
            if dep == "pobj":
                preposition = current.head
                if preposition.lower_ in _LOCATIVE:
                    return True
                if preposition.lower_ in ("of", "to"):
                    current = preposition.head
                    if current.i not in inside or current.pos_ in ("VERB", "AUX"):
                        return preposition.lower_ == "to" and current.pos_ in ("VERB", "AUX")
                    continue
                return False
            if dep in ("compound", "nmod", "amod", "appos", "conj", "poss", "dobj", "npadvmod", "advmod"):
                if dep in ("dobj", "npadvmod"):
                    return dep == "npadvmod"
                if current.head == current:
                    return False
                current = current.head
                continue
            return False
        return False

    def _in_phrase(self, head: Token, visited: set[int]) -> list[ClaimPlace]:
        """The places named in a noun phrase, in the order of the text."""
        found: list[tuple[int, ClaimPlace]] = []
        stack = [head]
        while stack:
            token = stack.pop()
            if token.i in visited:
                continue
            visited.add(token.i)
            mention = self._mentions.get(token.i)
            if mention is not None:
                start, end = self._spans[token.i]
                visited.update(range(start, end))
                found.append((start, self._place(mention, self._relation(start, end, head))))
            for child in token.children:
                if child.dep_ in _INNER and child.pos_ not in ("VERB", "AUX"):
                    if child.dep_ == "prep" and child.lower_ not in (
                        "of",
                        "in",
                        "at",
                        "near",
                        "on",
                        "around",
                        "outside",
                        "along",
                        "to",
                        "from",
                        "and",
                        "like",
                        "between",
                    ):
                        continue
                    stack.append(child)
        found.sort(key=lambda e: e[0])
        return [place for _, place in found]

    def _relation(self, start: int, end: int, head: Token | None = None) -> Relation:
        relation = self._relations.get(start)
        if relation is None:
            before = self._list_before.get(start)
            # A list is climbed member by member, once: its members share their relation.
            known = None if before is None else self._relations.get(before)
            relation = known if known is not None else self._relation_of(self._parsed, start, end)
            if known is None or relation is Relation.IN:
                kind = self._mentions[start].kind
                relation = relation_in_clause(self._doc, start, end, kind, relation)
            self._relations[start] = relation
        if relation is Relation.IN and head is not None and lemma_of(head) in _EDGE:
            return Relation.OUTSKIRTS
        return relation

    @staticmethod
    def _place(mention: PlaceMention, relation: Relation) -> ClaimPlace:
        return ClaimPlace(
            place_id=mention.place_id,
            name=mention.name,
            exact=mention.span.exact,
            span=mention.span,
            lon=mention.lon,
            lat=mention.lat,
            radius_m=mention.radius_m,
            p=mention.p,
            relation=relation,
            kind=mention.kind,
        )

    # --- meant, not named ---------------------------------------------------------------------------

    def _meant(self, event: Event, mention: EventMention | None, clause: Sequence[Token]) -> list[ClaimPlace]:
        if not clause:
            return []
        first = clause[0].i
        adverb = next((t for t in clause if t.lower_ in _THERE and t.dep_ != "expl"), None)
        grounds = [] if mention is None else [self._doc[g] for g in mention.grounds]
        pronoun = next((g for g in grounds if g.pos_ == "PRON"), None)
        noun = self._pointing_noun(grounds, clause)
        if noun is not None and adverb is None:
            lemma = lemma_of(noun)
            kind = "settlement" if lemma in _SETTLEMENT | _EDGE else "admin" if lemma in _AREA else None
            is_plural = noun.tag_ == "NNS" and lemma not in _EDGE
            found = self._focus.pointed_at(noun.i, kind, is_plural=is_plural) if kind is not None else ()
            found = found or self._focus.inherited(first, event)
            return [replace(p, relation=self._relation_by(noun, p)) for p in found]
        if adverb is not None or pronoun is not None:
            found = self._focus.inherited(first, Event.OTHER)
            return [replace(p, relation=Relation.IN) if adverb is not None else p for p in found]
        return list(self._focus.inherited(first, event))

    def _pointing_noun(self, grounds: Sequence[Token], clause: Sequence[Token]) -> Token | None:
        """A definite noun that stands for a place told of before ("the town", "both villages")."""
        ground = next((g for g in grounds if lemma_of(g) in _GENERIC and not _is_new(g)), None)
        if ground is not None:
            return ground
        return next(
            (
                t
                for t in clause
                if lemma_of(t) in _SETTLEMENT | _REGION | _EDGE and _is_definite(t) and t.dep_ == "pobj"
            ),
            None,
        )

    def _relation_by(self, noun: Token, place: ClaimPlace) -> Relation:
        if lemma_of(noun) in _EDGE:
            return Relation.OUTSKIRTS
        relation: Relation = Relation.IN if place.relation is Relation.FROM else place.relation
        if noun.dep_ == "pobj":
            relation = _RELATION_OF_PREP.get(noun.head.lower_, Relation.IN)
        return relation_by_noun(noun, relation)


def _depth(token: Token) -> int:
    depth = 0
    while token.head != token and depth < 50:
        token, depth = token.head, depth + 1
    return depth


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


def _finest(places: list[ClaimPlace]) -> list[ClaimPlace]:
    """Drop the areas that only say where the finer places are; the target before the origin."""
    if not places:
        return places
    best = max(_FINENESS.get(p.kind, 2) for p in places)
    kept: dict[object, ClaimPlace] = {}
    for number, place in enumerate(places):
        rank = _FINENESS.get(place.kind, 2)
        if rank == best or (rank == 2 and best == 3):
            kept.setdefault(number if place.span is None else place.span.start, place)
    return sorted(kept.values(), key=lambda p: p.relation is Relation.FROM)
