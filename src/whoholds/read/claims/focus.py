"""What a report speaks of at each point: the places that a clause without a place of its own is at.

A parse, its place mentions and, in the order of the text, the places of each claim enter; the places that a
later clause means by saying nothing, "there" or "the town" leave.

Discourse keeps to its centre (Grosz, Joshi & Weinstein 1995): a clause is where the clause before it in the
paragraph is. Where people fled to, came from or speak from are no centres; the name that heads a line of a
list, or the headline, is one until another takes over.
"""

from __future__ import annotations

import re
from bisect import bisect_left, bisect_right
from collections import Counter
from collections.abc import Callable, Collection, Iterable, Mapping, Sequence
from dataclasses import dataclass, replace
from functools import lru_cache

from whoholds.model import ClaimPlace, Event, PlaceMention, Relation
from whoholds.places.words import place_words
from whoholds.read.claims.ground import ground_words
from whoholds.read.claims.metonyms import is_somebody
from whoholds.read.events.lexicon import lemma_of
from whoholds.text.blocks import BlockKind
from whoholds.text.parse import Parsed
from whoholds.text.tokens import Doc, Token

__all__ = ["Focus"]

_LABEL_END = re.compile(r"\s*(?:[:–—]|\s-\s|[.?](?=[ \t]+\S))")
_LABEL_CHARS = 60
"""Longest stretch before a line's colon that may be a list of places."""
_LABEL_FILL = frozenset(
    {
        "and", "direction", "sector", "axis", "area", "front", "the", "of", "near", "around", "in", "on",
        "at", "region", "city", "town", "village", "district", "province", "update", "axes", "directions",
        "sectors",
    }
)  # fmt: skip
_SECTOR = frozenset({"direction", "sector", "axis", "front", "axes", "directions", "sectors"})
_TALK = frozenset({Event.STATEMENT, Event.AGREEMENT, Event.REFUSAL, Event.PROPOSAL})
"""What is said or agreed is nowhere, unless a line or its own words place it."""
_SOMEWHERE = frozenset(
    {
        Event.CONTROL_GAINED, Event.CONTROL_LOST, Event.CONTROL_HELD, Event.CONTESTED, Event.ENTERED,
        Event.WITHDRAWAL, Event.CASUALTIES, Event.CAPTURE_OF_PERSONS,
    }
)  # fmt: skip
"""What goes on where the paragraph before was, if at all.

By gold (dev and wide, paragraphs that open without a place under no headline that names one): these are where
the paragraphs before were 24 times of 98 and nowhere 29 times; fire, clashes, lost arms and totals 6 of 65,
and nowhere 39 times. Two paragraphs back 1 of 54 is right.
"""
_CENTRES = frozenset({Relation.IN, Relation.OUTSKIRTS, Relation.NEAR, Relation.ACROSS})
_WORD = re.compile(r"[^\W\d_]+")
_WINDOW = 60
"""Claims and names that are kept in mind: what was told earlier is forgotten."""
_MOST = 12
"""Places of one claim that later ones inherit: a longer list is an inventory."""
_NEAR_WHERE = 12
"""Words between a place and the "where" that goes on about it."""
_BACK = 2
"""How many paragraphs back "the town" may find its place."""


@dataclass(frozen=True, slots=True)
class _Told:
    """A claim's places: where in the text, and which of them stay in mind."""

    token: int
    block: int
    line: int
    centre: tuple[ClaimPlace, ...]


@dataclass(frozen=True, slots=True)
class _Named:
    """A place named in passing, outside any claim's own places."""

    token: int
    block: int
    line: int
    place: ClaimPlace
    is_path: bool
    is_speaker: bool


class Focus:
    """The centre of attention of one report, moved on by its claims in the order of the text."""

    def __init__(
        self,
        parsed: Parsed,
        mentions: Mapping[int, PlaceMention],
        spans: Mapping[int, tuple[int, int]],
        place_of: Callable[[int, int], ClaimPlace],
    ) -> None:
        self._parsed = parsed
        self._doc: Doc = parsed.doc
        self._place_of = place_of
        self._blocks = {block.start: number for number, block in enumerate(parsed.blocks)}
        self._line_starts = [0, *(m.end() for m in re.finditer(r"\n", parsed.text))]
        self._starts = sorted(set(spans.values()))
        self._mentions = mentions
        self._told: list[_Told] = []
        self._named: list[_Named] = []
        self._offsets = [self._doc[s].idx for s, _ in self._starts]
        self._first_tokens = [s for s, _ in self._starts]
        self._next = 0
        self._counted: Counter[str] = Counter()
        self._first_told: dict[str, ClaimPlace] = {}
        self._topics = self._find_topics()
        self._headline = self._find_headline()

    # --- what is told ------------------------------------------------------------------------------

    def note_claim(self, token: int, event: Event, places: Sequence[ClaimPlace], *, is_meant: bool) -> None:
        """Move on: a claim is at these places.

        Args:
            token: The first token of its clause.
            event: What it says.
            places: Its places.
            is_meant: Whether it inherited them.
        """
        block = self._block_of(token)
        if any(self._is_road_end(p) for p in places) and any(t.block == block for t in self._told[-_WINDOW:]):
            # A road is told of by the way: what was in mind stays there.
            return
        centre = [p for p in places if p.relation in _CENTRES or (is_meant and p.relation is Relation.TOWARD)]
        if event is Event.WITHDRAWAL:
            centre = [p for p in centre if p.relation is not Relation.ACROSS]
        if not centre and event is Event.WITHDRAWAL:
            centre = [p for p in places if p.relation is Relation.FROM]
        if not centre:
            centre = [p for p in places if p.relation is Relation.TOWARD and self._is_sector(p)]
        if centre:
            kept = tuple(
                replace(p, relation=Relation.IN) if p.relation is Relation.FROM else p for p in centre
            )
            self._told.append(_Told(token, block, self._line_of(token), kept[:_MOST]))
            for place in kept[:_MOST]:
                if place.kind in ("settlement", "facility"):
                    self._counted[place.name] += 1
                    if place.name not in self._first_told:
                        self._first_told[place.name] = replace(place, relation=Relation.IN)

    def note_mentions(self, upto: int, speaking: Iterable[int]) -> None:
        """Remember the places named before a token.

        Args:
            upto: The token.
            speaking: Tokens of sources and cues: where somebody speaks is not where it happened.
        """
        said = speaking if isinstance(speaking, set | frozenset) else set(speaking)
        while self._next < len(self._starts) and self._starts[self._next][0] < upto:
            start, end = self._starts[self._next]
            self._next += 1
            mention = self._mentions[start]
            root = self._doc[start:end].root
            if mention.kind == "country" and not (
                root.dep_ == "pobj" and root.head.lower_ in ground_words()["locative"]
            ):
                # A country named otherwise is somebody, not somewhere.
                continue
            place = self._place_of(start, end)
            if self._is_whose(start, end, root) or (
                mention.kind == "settlement" and is_somebody(self._doc, start, end)
            ):
                continue
            is_speaker = start in said or _hangs_on(root, said)
            self._named.append(
                _Named(
                    start,
                    self._block_of(start),
                    self._line_of(start),
                    place,
                    _is_path(root, place),
                    is_speaker,
                )
            )

    def _is_whose(self, start: int, end: int, root: Token) -> bool:
        """Whether a name tells whose or whence, not where: a dateline, "X-based", "the X clique"."""
        doc = self._doc
        if (
            doc[start].text.isupper()
            and len(doc[start]) > 2
            and self._line_starts[self._line_of(start)] == doc[start].idx
        ):
            return True
        if end + 1 < len(doc) and doc[end].text == "-" and doc[end + 1].lower_ == "based":
            return True
        return root.dep_ in ("compound", "nmod") and lemma_of(root.head) in _bodies()

    # --- what is meant -----------------------------------------------------------------------------

    def inherited(self, token: int, event: Event, ahead: Sequence[ClaimPlace] = ()) -> tuple[ClaimPlace, ...]:
        """The places of a clause that names none and points to none.

        Args:
            token: The clause's first token.
            event: What it says.
            ahead: Places of the clauses that hang on it ("were killed when a bomb went off in Arbin").
        """
        block, line = self._block_of(token), self._line_of(token)
        sentence = self._doc[token].sent
        told = [t for t in self._told[-_WINDOW:] if t.block == block]
        topic = self._topics.get(line)
        if event in _TALK:
            return topic or ()
        before = [t for t in told if sentence.start <= t.token]
        if before:
            return before[-1].centre
        opening = [
            n
            for n in self._named[-_WINDOW:]
            if sentence.start <= n.token < token and not n.is_speaker and not n.is_path and n.block == block
        ]
        if opening:
            return (opening[-1].place,)
        if ahead:
            return tuple(ahead)
        in_line = [t for t in told if t.line == line]
        if topic and (not in_line or all(_is_spot(p) for p in topic)):
            # A town that heads its line is told of to its end; an area gives way to the places in it.
            return topic
        told = in_line or told
        if told:
            return told[-1].centre
        named = [n for n in self._named[-_WINDOW:] if n.block == block and not n.is_speaker and not n.is_path]
        if named:
            return (named[-1].place,)
        return self._standing(block, event)

    def pointed_at(
        self, token: int, kind: str | None, *, word: str = "", is_plural: bool = False
    ) -> tuple[ClaimPlace, ...]:
        """The places that "there" (no kind), "the town" (settlement) or "the region" (admin) means.

        Args:
            token: The word's token.
            kind: The kind of place that the noun asks for.
            word: The noun's lemma: "the dam" is what bears that word in its name.
            is_plural: "both villages": all that were told of together.
        """
        block, line = self._block_of(token), self._line_of(token)

        def fits(place: ClaimPlace) -> bool:
            if kind == "settlement" and (place.place_id is None or place.kind == "admin"):
                # A district that bears its town's name is meant by "the town" too.
                return not _is_typed(place)
            return kind is None or place.kind == kind

        if word in _SECTOR:
            sectors = [
                n.place for n in self._named[-_WINDOW:] if n.token < token and self._is_sector(n.place)
            ]
            if sectors:
                return (replace(sectors[-1], relation=Relation.TOWARD),)
        if kind is None and word:
            same = [n.place for n in self._named[-_WINDOW:] if n.token < token and _bears(n.place, word)]
            return tuple(same[-1:])
        if is_plural:
            groups = [
                [p for p in t.centre if fits(p)]
                for t in self._told[-_WINDOW:]
                if block - _BACK <= t.block <= block
            ]
            group = next((g for g in reversed(groups) if len(g) > 1), None)
            if group is not None:
                return tuple(group)
        sentence = self._doc[token].sent.start
        told = [p for t in self._told[-_WINDOW:] if t.block == block for p in t.centre[:1] if fits(p)]
        here = [
            p
            for t in self._told[-_WINDOW:]
            if t.block == block and t.token >= sentence
            for p in t.centre[:1]
            if fits(p)
        ]
        just = [
            n.place
            for n in self._named[-_WINDOW:]
            if sentence <= n.token < token and not n.is_path and not n.is_speaker and fits(n.place)
        ]
        topic = [p for p in self._topics.get(line, ()) if fits(p)]
        named = [
            n.place for n in self._named[-_WINDOW:] if n.block == block and fits(n.place) and n.token < token
        ]
        plain = [
            n.place
            for n in self._named[-_WINDOW:]
            if n.block == block and not n.is_path and not n.is_speaker and fits(n.place) and n.token < token
        ]
        for found in (here[-1:], just[-1:], told[-1:], topic[:1], plain[-1:], named[-1:]):
            if found:
                return tuple(found)
        standing = [p for p in self._standing(block) if fits(p)]
        if standing:
            return tuple(standing[:1])
        older = [
            n.place
            for n in self._named[-_WINDOW:]
            if block - _BACK <= n.block and fits(n.place) and not n.is_path
        ]
        return tuple(older[-1:])

    def where_antecedent(self, token: int) -> tuple[ClaimPlace, ...]:
        """The place that a relative "where" goes on about: the one named right before it in the sentence."""
        opening = self._doc[token].sent.start
        number = bisect_left(self._first_tokens, token) - 1
        if number < 0:
            return ()
        start, end = self._starts[number]
        if start < opening or token - end > _NEAR_WHERE or self._mentions[start].kind == "country":
            return ()
        return (replace(self._place_of(start, end), relation=Relation.IN),)

    def speakers_own(self, token: int, speaking: Collection[int]) -> tuple[ClaimPlace, ...]:
        """Where a paragraph's speaker is: what "here" and "our street" mean in a witness's mouth."""
        block = self._parsed.block_at(self._doc[token].idx)
        if block is None:
            return ()
        said = speaking if isinstance(speaking, set | frozenset) else set(speaking)
        first = bisect_left(self._offsets, block.start)
        for start, end in self._starts[first : first + _WINDOW]:
            if self._doc[start].idx >= block.end:
                break
            if self._mentions[start].kind == "country":
                continue
            if start in said or _hangs_on(self._doc[start:end].root, said):
                return (replace(self._place_of(start, end), relation=Relation.IN),)
        return ()

    def _is_road_end(self, place: ClaimPlace) -> bool:
        """Whether a place is where a road leads: "the X road", "between X and Y"."""
        if place.span is None or place.relation not in (Relation.TOWARD, Relation.NEAR):
            return False
        before = self._parsed.text[max(0, place.span.start - 40) : place.span.start].lower()
        after = self._parsed.text[place.span.end : place.span.end + 12].lower()
        return any(w in before or w in after for w in (" road", " highway", "motorway")) and (
            place.relation is Relation.TOWARD or " between " in before
        )

    def _standing(self, block: int, event: Event | None = None) -> tuple[ClaimPlace, ...]:
        """What the report is about when a paragraph opens without a place, or what "the town" means there.

        By gold (dev and wide, 559 clauses that say nothing of where): the headline's place is right for 88
        of 192 and 45 are nowhere; without a headline the town told of most is right for 22 of 202 and 99 are
        nowhere, so that it serves only words that point to a town.
        """
        if self._headline:
            return self._headline[:1]
        if event is None and self._counted:
            # Words point to a place ("the town").
            name, times = self._counted.most_common(1)[0]
            if times > 1:
                return (self._first_told[name],)
        if event is not None and event not in _SOMEWHERE:
            return ()
        back = _BACK if event is None else 1
        recent = [t for t in self._told[-_WINDOW:] if block - back <= t.block <= block]
        recent = [t for t in recent if any(_is_spot(p) for p in t.centre)] or recent
        return recent[-1].centre if recent else ()

    # --- headline and heads of lines ----------------------------------------------------------------

    def _find_topics(self) -> dict[int, tuple[ClaimPlace, ...]]:
        """By line, the places that head it: "X and Y: quiet.", "Z – the army …"."""
        text = self._parsed.text
        found: dict[int, list[tuple[int, ClaimPlace]]] = {}
        for start, end in self._starts:
            token = self._doc[start]
            line = self._line_of(start)
            opening = self._line_starts[line]
            after = self._doc[end - 1].idx + len(self._doc[end - 1].text)
            if after - opening > _LABEL_CHARS:
                continue
            label = text[opening : opening + _LABEL_CHARS]
            stop = next((m.start() for m in _LABEL_END.finditer(label) if opening + m.start() >= after), None)
            if stop is None or token.text.isupper():
                # A town in capitals heads a dispatch: where it was written.
                continue
            rest = text[opening : token.idx] + text[after : opening + stop]
            known = [p.name for _, p in found.get(line, ())]
            words = {w.lower() for w in _WORD.findall(rest)} - {
                w.lower() for n in known for w in _WORD.findall(n)
            }
            near = bisect_left(self._offsets, opening)
            others = {
                w.lower()
                for s, e in self._starts[near : near + _MOST]
                if self._doc[s].idx < opening + _LABEL_CHARS
                for w in _WORD.findall(self._doc[s:e].text)
            }
            if words - _LABEL_FILL - others - {"gmt", "utc"} and not self._is_witness(
                opening, start, end, stop
            ):
                continue
            place = self._place_of(start, end)
            place = replace(place, relation=Relation.TOWARD if words & _SECTOR else Relation.IN)
            found.setdefault(line, []).append((start, place))
        return {line: tuple(p for _, p in sorted(pairs, key=lambda e: e[0])) for line, pairs in found.items()}

    def _is_witness(self, opening: int, start: int, end: int, stop: int) -> bool:
        """Whether a line's head is somebody at a place ("Doctor in X: …"), who tells of that place."""
        after = self._doc[end - 1].idx + len(self._doc[end - 1].text)
        if (
            opening + stop != after
            or start == 0
            or self._doc[start - 1].lower_ not in ("in", "from", "at", "near")
        ):
            return False
        head = self._doc[start - 1].head
        is_first = self._line_starts[self._line_of(head.i)] == head.idx
        return lemma_of(head) not in _bodies() and (head.pos_ == "NOUN" or is_first)

    def _find_headline(self) -> tuple[ClaimPlace, ...]:
        """The places that the headline names, finest first."""
        found = [
            self._place_of(start, end)
            for start, end in self._starts
            if (block := self._parsed.block_at(self._doc[start].idx)) is not None
            and block.kind is BlockKind.HEADLINE
            and self._mentions[start].kind in ("settlement", "facility", "admin", "other")
        ]
        found = [p for p in found if p.relation is not Relation.TOWARD]
        settled = [p for p in found if p.kind != "admin"] or found
        return tuple(replace(p, relation=Relation.IN) for p in settled)

    # --- where a token lies --------------------------------------------------------------------------

    def _is_sector(self, place: ClaimPlace) -> bool:
        """Whether a "toward" is that of a sector of the front, and no way that somebody goes."""
        if place.span is None:
            return False
        around = self._parsed.text[max(0, place.span.start - 20) : place.span.end + 12].lower()
        return any(word in around for word in _SECTOR)

    def _block_of(self, token: int) -> int:
        if token >= len(self._doc):
            return -1
        block = self._parsed.block_at(self._doc.starts[token])
        return -1 if block is None else self._blocks.get(block.start, -1)

    def _line_of(self, token: int) -> int:
        return bisect_right(self._line_starts, self._doc.starts[token]) - 1


@lru_cache(maxsize=1)
def _bodies() -> frozenset[str]:
    """Nouns for bodies and persons that a place's name may stand before."""
    return frozenset(ground_words()["bodies"])


def _hangs_on(root: Token, said: set[int] | frozenset[int]) -> bool:
    """Whether a place belongs to the saying ("In Arbin a senator demanded …") or to its speaker."""
    current = root
    for _ in range(6):
        if current.head == current:
            return False
        current = current.head
        if current.i in said:
            return True
        if current.pos_ in ("VERB", "AUX"):
            return False
    return False


def _is_spot(place: ClaimPlace) -> bool:
    """Whether a place is a town or a thing in one, and no area or sector of the front."""
    return place.kind not in ("admin", "country") and place.relation is not Relation.TOWARD


def _is_typed(place: ClaimPlace) -> bool:
    """Whether a place's words say that it is an area, a river or a ridge."""
    return any(w.lower() in place_words().type_after for w in (place.exact or "").split())


def _bears(place: ClaimPlace, word: str) -> bool:
    """Whether a place's name or words have a noun in them ("the dam" of "Tishrin Dam")."""
    words = f"{place.name} {place.exact or ''}".lower().split()
    return word in words or (word == "river" and place.kind == "water")


def _is_path(root: Token, place: ClaimPlace) -> bool:
    """Whether a place is only where a road or a way leads, or where somebody comes from."""
    if place.relation in (Relation.FROM, Relation.TOWARD):
        return True
    return root.dep_ == "pobj" and root.head.lower_ == "to"
