"""Which places a claim is about: named in its clause, or meant by "there", "the town", or inherited.

Place mentions and an event enter; `ClaimPlace`s leave, the target place before the origin, finer places
before the areas that hold them.
"""

from __future__ import annotations

import tomllib
from collections import Counter
from collections.abc import Callable, Iterable, Sequence
from dataclasses import dataclass, replace
from functools import lru_cache
from importlib.resources import files
from itertools import pairwise

from spacy.tokens import Token

from whoholds.model import EVENT_GROUPS, ClaimPlace, Event, PlaceMention, Relation
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
_GENERIC = _words()["generic"] | _SETTLEMENT | _REGION | _EDGE

_INNER = frozenset(
    {"compound", "amod", "nmod", "appos", "conj", "prep", "pobj", "poss", "flat", "npadvmod", "nummod", "dep"}
)
_THERE = frozenset({"there", "here"})
_INHERITING = frozenset({"territory", "presence", "fire", "count"})
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
_MAX_BACK = 2
"""How many paragraphs back a definite noun ("the town") may find its place."""


@dataclass(frozen=True, slots=True)
class _Seen:
    token: int
    block: int
    place: ClaimPlace
    in_claim: bool


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
        self._blocks = {}
        for number, block in enumerate(parsed.blocks):
            self._blocks[block.start] = number
        self._seen: list[_Seen] = []
        self._noted = 0
        self._said_by: set[int] = set()

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
        self.note_mentions(anchor)
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
        block = self._block_of(anchor)
        if is_meant and found:
            # What is only meant lies where it was named: the reach counts from there.
            block = max((s.block for s in self._seen if _is_same(s.place, found[0])), default=block)
        for place in found:
            self._seen.append(_Seen(clause[-1].i if clause else anchor, block, place, True))
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

    def note_mentions(self, upto: int) -> None:
        """Remember the places named before a token, for what refers back to them."""
        for i in range(self._noted, upto):
            mention = self._mentions.get(i)
            if mention is None or self._spans[i][0] != i or i in self._said_by:
                continue
            if mention.kind == "country" and self._doc[i].dep_ != "pobj":
                # A country named otherwise is somebody, not somewhere.
                continue
            if self._doc[i].dep_ in ("nsubj", "nsubjpass", "dative") and mention.kind == "settlement":
                # A town that acts ("Moscow said") is a government: nothing refers back to it as a place.
                continue
            self._seen.append(_Seen(i, self._block_of(i), self._place(mention, Relation.IN), False))
        self._noted = max(self._noted, upto)

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
        group = EVENT_GROUPS[event]
        first = clause[0].i
        adverb = next((t for t in clause if t.lower_ in _THERE and t.dep_ != "expl"), None)
        grounds = [] if mention is None else [self._doc[g] for g in mention.grounds]
        pronoun = next((g for g in grounds if g.pos_ == "PRON"), None)
        generic = next((g for g in grounds if lemma_of(g) in _GENERIC and not _is_new(g)), None)
        located = next(
            (
                t
                for t in clause
                if lemma_of(t) in _SETTLEMENT | _REGION | _EDGE and _is_definite(t) and t.dep_ == "pobj"
            ),
            None,
        )
        noun = generic or located
        is_military = group in _INHERITING or event is Event.OTHER
        if not (adverb or noun or pronoun or is_military):
            return []
        wanted = None
        if noun is not None and adverb is None and _is_definite(noun):
            lemma = lemma_of(noun)
            wanted = "settlement" if lemma in _SETTLEMENT | _EDGE else "admin" if lemma in _REGION else None
        reach = _MAX_BACK if (noun is not None and _is_definite(noun)) else 1 if adverb or pronoun else 0
        place = self._last(first, wanted, reach)
        if place is None and wanted == "admin":
            place = self._last(first, None, 0)
        if place is None and is_military:
            place = self._last(first, None, _MAX_BACK) or self._focus(first)
        if place is None:
            return []
        if noun is None and adverb is None and pronoun is None:
            # A clause without a word for a place is where the clause before it is, at all its places.
            return self._together(place)
        return [replace(place, relation=self._relation_by(noun, place))]

    def _together(self, place: ClaimPlace) -> list[ClaimPlace]:
        """The places of the claim that a place was last told of in."""
        last = next(s for s in reversed(self._seen) if s.place is place)
        if not last.in_claim:
            return [place]
        group = [s.place for s in self._seen if s.in_claim and s.token == last.token]
        return [p for p in group if p.relation is not Relation.FROM] or [replace(place, relation=Relation.IN)]

    def _relation_by(self, noun: Token | None, place: ClaimPlace) -> Relation:
        if noun is None:
            return place.relation if place.relation is not Relation.FROM else Relation.IN
        if lemma_of(noun) in _EDGE:
            return Relation.OUTSKIRTS
        if noun.dep_ == "pobj":
            return _RELATION_OF_PREP.get(noun.head.lower_, Relation.IN)
        return Relation.IN

    def _last(self, before: int, kind: str | None, reach: int) -> ClaimPlace | None:
        """The place told of last before a token: the sentence's, then the paragraph's, then further back."""
        block = self._block_of(before)
        near = [s for s in self._seen if block - reach <= s.block <= block]
        if kind is not None:
            near = [s for s in near if s.place.kind == kind]
        if not near:
            return None
        sentence = self._doc[before].sent if before < len(self._doc) else None
        if sentence is not None:
            here = [s for s in near if sentence.start <= s.token < sentence.end]
            claimed = [s for s in here if s.in_claim]
            if claimed or here:
                return max(claimed or here, key=lambda s: s.token).place
        claimed = [s for s in near if s.in_claim]
        return max(claimed or near, key=lambda s: (s.block, s.token)).place

    def _focus(self, before: int) -> ClaimPlace | None:
        """The settlement that the report has named most so far: what it is about, if it names any twice."""
        count: Counter[str] = Counter(
            name
            for name, _ in {
                (s.place.name, s.place.span)
                for s in self._seen
                if s.place.kind == "settlement" and s.token < before
            }
        )
        if not count:
            return None
        name, times = count.most_common(1)[0]
        if times < 2:
            return None
        return next(s.place for s in self._seen if s.place.name == name)

    def _block_of(self, token: int) -> int:
        if token >= len(self._doc):
            return -1
        block = self._parsed.block_at(self._doc[token].idx)
        return -1 if block is None else self._blocks.get(block.start, -1)


def _depth(token: Token) -> int:
    depth = 0
    while token.head != token and depth < 50:
        token, depth = token.head, depth + 1
    return depth


def _is_same(a: ClaimPlace, b: ClaimPlace) -> bool:
    return a.span == b.span and a.name == b.name


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
