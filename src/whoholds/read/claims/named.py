"""The places that a clause names, and which of them it is about.

Place mentions and a clause enter; `ClaimPlace`s in the order of the text leave: ground that is taken, what
stands after a locative, towns named in any other part. Names of who acts or speaks are left out.
"""

from __future__ import annotations

from bisect import bisect_left
from collections.abc import Callable, Iterable, Sequence

from whoholds.model import ClaimPlace, PlaceMention, Relation
from whoholds.read.claims.adjoining import Adjoining
from whoholds.read.claims.ground import ground_words
from whoholds.read.claims.metonyms import is_somebody
from whoholds.read.claims.ways import is_moving, is_sector, relation_in_clause
from whoholds.read.events.lexicon import lemma_of
from whoholds.read.events.types import EventMention
from whoholds.text.parse import Parsed
from whoholds.text.tokens import Token

__all__ = ["Names"]


_LOCATIVE = ground_words()["locative"]
_EDGE = ground_words()["edge"]
_INNER = frozenset(
    {"compound", "amod", "nmod", "appos", "conj", "prep", "pobj", "poss", "flat", "npadvmod", "nummod", "dep"}
)
_PARTS = ground_words()["parts"]
_INNER_PREPOSITIONS = frozenset(
    {"of", "in", "at", "near", "on", "around", "outside", "along", "to", "from", "and", "like", "between"}
)
_BARE = frozenset({"in", "at", "near", "around", "outside", "inside", "toward", "towards", "across"})
"""Prepositions after which a name is where something is, whatever the parse makes of it."""
_EXAMPLES = frozenset({"including", "namely"})
"""What opens the names of places told of together before: "three villages, including X and Y"."""
_INSIDE = frozenset({"in", "on", "at", "of", "near", "outside"})
_APPENDED = ([",", "on", "the"], [",", "in", "the"], [",", "in"], [",", "on"])
_QUARTER = 3
"""Words between a town's possessive and its quarter ("Y's southern X quarter")."""
_NEARBY = 60
"""How many words around a clause are looked through for where it is."""
_ENDS = frozenset({Relation.FROM, Relation.TOWARD})
_THEIRS = frozenset({"their", "his", "her", "its"})


class Names:
    """The named places of one report, by token."""

    def __init__(
        self,
        parsed: Parsed,
        places: Sequence[PlaceMention],
        relation_of: Callable[[Parsed, int, int], Relation],
    ) -> None:
        self._parsed = parsed
        self._doc = parsed.doc
        self._relation_of = relation_of
        self.mentions: dict[int, PlaceMention] = {}
        self._spans: dict[int, tuple[int, int]] = {}
        for mention in places:
            if mention.role != "literal":
                continue
            span = parsed.doc.char_span(mention.span.start, mention.span.end, alignment_mode="expand")
            if span is None:
                continue
            for token in span:
                self.mentions[token.i] = mention
                self._spans[token.i] = (span.start, span.end)
        self._relations: dict[int, Relation] = {}
        self.spans = sorted(set(self._spans.values()))
        self._adjoining = Adjoining(parsed.doc, self.spans, self.mentions)
        self._said_by: set[int] = set()

    def are_peers(self, one: ClaimPlace, other: ClaimPlace) -> bool:
        """Whether two places stand in one list ("A, B and C")."""
        first, second = self._start_of(one), self._start_of(other)
        return first is not None and second is not None and self._adjoining.are_peers(first, second)

    def leave_out(self, tokens: Iterable[int]) -> None:
        """Words of sources and cues: a channel called after a town is no place."""
        self._said_by.update(tokens)

    @property
    def said_by(self) -> set[int]:
        """The tokens that `leave_out` was given."""
        return self._said_by

    def place_at(self, start: int, end: int) -> ClaimPlace:
        """The place named at tokens `[start, end)`, with its relation."""
        return self._place(self.mentions[start], self._relation(start, end))

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
        mention = self.mentions.get(index)
        return mention is not None and mention.kind in ("settlement", "facility")

    def ahead_of(self, clause: Sequence[Token]) -> list[ClaimPlace]:
        """Places of the clauses that hang on one without places: "12 were killed and 5 hurt in Arbin"."""
        own = {t.i for t in clause}
        head = next((t for t in clause if t.head.i not in own or t.head == t), None)
        if head is None or head.pos_ not in ("VERB", "AUX"):
            return []
        for child in head.children:
            if child.i in own or not _shares_place(child):
                continue
            inside = range(child.left_edge.i, min(child.right_edge.i + 1, child.left_edge.i + _NEARBY))
            found = self._located([self._doc[i] for i in inside], set(inside), set())
            found = [p for p in found if p.relation not in _ENDS]
            if found:
                return self._without_containers(self._with_lists(found, set(inside)))
        return []

    def country_of(self, place: ClaimPlace) -> str | None:
        """The country that the gazetteer files a place under."""
        start = self._start_of(place)
        return None if start is None else self.mentions[start].country

    def is_within_town(self, place: ClaimPlace) -> bool:
        """Whether the words after a name make it a part of a town: "the X market", "the X bridge"."""
        start = self._start_of(place)
        if start is None:
            return False
        end = self._spans[start][1]
        last = self._doc[end - 1].lower_
        following = self._doc[end].lower_ if end < len(self._doc) else ""
        return (last if end - 1 > start else "") in _PARTS or following in _PARTS

    def of_clause(
        self, mention: EventMention | None, clause: Sequence[Token], excluded: Iterable[int]
    ) -> list[ClaimPlace]:
        """The places that a clause names, in the order of the text.

        Args:
            mention: The event mention, or None for a bare statement.
            clause: The tokens of the clause.
            excluded: Heads of its actor and target: a country that acts is not where it acts.
        """
        banned = self._phrases(excluded)
        found: list[ClaimPlace] = []
        inside = {t.i for t in clause}
        if mention is not None:
            visited = set(self._said_by)
            for ground in mention.grounds:
                found.extend(self._in_phrase(self._doc[ground], visited))
        located = self._located(clause, inside, banned)
        if found and any(p.kind != "country" for p in found):
            ends = [p for p in located if p.relation in _ENDS and not self._is_sector(p)]
            found = _joined(found, ends)
        else:
            found = located or found
        if not found:
            found = self._loose(clause, banned) or self._beside(clause, banned)
        found = self._with_located(found, inside, banned)
        return self._without_containers(self._with_lists(found, inside))

    def _with_located(self, found: list[ClaimPlace], inside: set[int], banned: set[int]) -> list[ClaimPlace]:
        """The places with those that they only locate: "half of X, 50 km south of Y" is at X."""
        known = {s for p in found if (s := self._start_of(p)) is not None}
        added = []
        for start in sorted(known):
            at = bisect_left(self.spans, (start, 0))
            first, end = self.spans[at - 1] if at else (start, start)
            if first in known or first in banned or first in self._said_by:
                continue
            if not min(inside) <= first <= max(inside) or not self._adjoining.tells_where(end, start):
                continue
            relation = self._relation(first, end)
            if relation is not Relation.FROM and not is_somebody(self._doc, first, end):
                added.append(self._place(self.mentions[first], relation))
        return [*added, *found]

    def _located(self, clause: Sequence[Token], inside: set[int], banned: set[int]) -> list[ClaimPlace]:
        located: list[ClaimPlace] = []
        for token in clause:
            if token.i in banned or token.i in self._said_by or token.i not in self.mentions:
                continue
            start, end = self._spans[token.i]
            if token.i != start:
                continue
            root = max(range(start, end), key=lambda i: -_depth(self._doc[i]))
            if self._is_whose(self._doc[root]):
                continue
            before = self._doc[start - 1] if start else None
            is_after = before is not None and before.i in inside and before.lower_ in _BARE | _EXAMPLES
            if is_after or self._is_located(self._doc[root], inside):
                place = self._place(self.mentions[token.i], self._relation(start, end))
                if place.relation is Relation.FROM and not is_moving(self._doc[root]):
                    # "Fighters from X" are called so, wherever they are.
                    continue
                located.append(place)
        return located

    def _with_lists(self, found: list[ClaimPlace], inside: set[int]) -> list[ClaimPlace]:
        """The places with the other members of their lists, and the other ends of their ways."""
        result: list[ClaimPlace] = []
        seen: set[int] = set()
        for place in found:
            start = self._start_of(place)
            while start is not None and start not in seen:
                seen.add(start)
                end = self._spans[start][1]
                own = self._place(self.mentions[start], self._relation(start, end))
                result.append(place if start == self._start_of(place) else own)
                following = self._adjoining.after.get(start)
                if following is None:
                    following = self._other_end(end, own.relation, inside)
                start = following
            if start is None and self._start_of(place) is None:
                result.append(place)
        return result

    def _other_end(self, end: int, relation: Relation, inside: set[int]) -> int | None:
        """Where a way from one place leads: "from X to Y", or where else one is: "in X, in Y"."""
        if end + 1 >= len(self._doc):
            return None
        at = end + 1 if self._doc[end].text == "," and relation is Relation.IN else end
        word = self._doc[at].lower_
        if word not in (("to", "into", "toward", "towards") if relation is Relation.FROM else ("in", "at")):
            return None
        if relation is not Relation.FROM and at == end:
            return None
        after = at + 2 if at + 1 < len(self._doc) and self._doc[at + 1].lower_ == "the" else at + 1
        return after if after in inside and self._spans.get(after, (-1, -1))[0] == after else None

    def _without_containers(self, found: list[ClaimPlace]) -> list[ClaimPlace]:
        """The places without those that only say where another lies ("X, a stronghold in Y")."""
        if len(found) < 2:
            return found
        starts = sorted({s for p in found if (s := self._start_of(p)) is not None})
        known = set(starts)
        dropped = {
            start
            for number, start in enumerate(starts)
            if self._locates_another(
                start,
                starts[number - 1] if number else None,
                starts[number + 1] if number + 1 < len(starts) else None,
                known,
            )
        }
        return [p for p in found if self._start_of(p) not in dropped] or found

    def _locates_another(self, start: int, before: int | None, after: int | None, known: set[int]) -> bool:
        """Whether a name only tells where another of a clause's places is.

        Args:
            start: Its first token.
            before: That of the place named before it.
            after: That of the place named after it.
            known: Those of all.
        """
        doc = self._doc
        end = self._spans[start][1]
        if before is not None:
            between = doc[self._spans[before][1] : start]
            if self._adjoining.tells_where(self._spans[before][1], start):
                return True
            if [t.lower_ for t in between[:4]] in _APPENDED and self.mentions[start].kind != "settlement":
                # "X, on the Y plain".
                return True
        if after is not None and after - end <= _QUARTER and doc[end].lower_ in ("'s", "’s"):
            # "Y's X quarter".
            return True
        current = doc[start:end].root
        for _ in range(6):
            if current.dep_ != "pobj" or current.head.lower_ not in _INSIDE:
                return False
            above = current.head.head
            for owner in (above, above.head if above.dep_ == "appos" else above):
                family = [owner, *(c for c in owner.children if c.dep_ in ("compound", "nmod", "appos"))]
                holders = {self._spans.get(t.i, (-1, -1))[0] for t in family} - {start}
                if holders & known:
                    return True
            current = above
        return False

    def _is_sector(self, place: ClaimPlace) -> bool:
        start = self._start_of(place)
        return start is not None and is_sector(self._doc, *self._spans[start])

    def _start_of(self, place: ClaimPlace) -> int | None:
        """The first token of a place's words."""
        if place.span is None:
            return None
        span = self._doc.char_span(place.span.start, place.span.end, alignment_mode="expand")
        return None if span is None else self._spans.get(span.start, (None,))[0]

    def _is_whose(self, token: Token) -> bool:
        """Whether a country only tells whose a thing is ("a US base", "Norland's troops"), not where."""
        mention = self.mentions.get(token.i)
        if mention is None or mention.kind != "country":
            return False
        if token.dep_ in ("compound", "amod", "nmod"):
            return token.head.i not in self._spans and not _is_ground_noun(token.head)
        return token.dep_ == "poss" and not _is_ground_noun(token.head)

    def _loose(self, clause: Sequence[Token], banned: set[int]) -> list[ClaimPlace]:
        """Settlements that a clause names in any other part ("the town of X has no beds left")."""
        found: list[ClaimPlace] = []
        for token in clause:
            if token.i in self._said_by or token.i not in self.mentions:
                continue
            start, end = self._spans[token.i]
            is_ground = self._is_town(token.i) or self._is_unlisted(start)
            if is_somebody(self._doc, start, end):
                continue
            if not self._is_told_of(start, end) and (token.i in banned or not is_ground):
                continue
            place = self._place(self.mentions[start], self._relation(start, end))
            if token.i == start and (
                place.relation is not Relation.FROM or is_moving(self._doc[start:end].root)
            ):
                found.append(place)
        return found

    def _is_told_of(self, start: int, end: int) -> bool:
        """Whether an unlisted name is subject or object of its clause: "retook X", "X has no power"."""
        return self._is_unlisted(start) and self._doc[start:end].root.dep_ in ("dobj", "nsubjpass", "nsubj")

    def _is_unlisted(self, start: int) -> bool:
        """Whether a name is one that no gazetteer has, taken for a place by what is said of it."""
        mention = self.mentions[start]
        return mention.kind == "other" and mention.place_id is None

    def _beside(self, clause: Sequence[Token], banned: set[int]) -> list[ClaimPlace]:
        """Places that hang on the clause by other claims' words ("shot during a raid in the town")."""
        own = {t.i for t in clause}
        heads = [t for t in clause if t.head.i not in own or t.head == t]
        for head in heads[:1]:
            stack, seen = [head], 0
            while stack and seen < _NEARBY:
                token = stack.pop()
                seen += 1
                if token.i in self._said_by:
                    continue
                if token.i in self.mentions and token.i not in banned:
                    start, end = self._spans[token.i]
                    if self._is_located(token, own | set(range(head.left_edge.i, head.right_edge.i + 1))):
                        return [self._place(self.mentions[token.i], self._relation(start, end))]
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
                if preposition.lower_ == "of" and preposition.head.lower_ == "out":
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
            mention = self.mentions.get(token.i)
            if mention is not None and not (token is not head and self._is_whose(token)):
                start, end = self._spans[token.i]
                visited.update(range(start, end))
                found.append((start, self._place(mention, self._relation(start, end, head))))
            for child in token.children:
                if child.dep_ in _INNER and (child.pos_ not in ("VERB", "AUX") or child.lower_ in _EXAMPLES):
                    if child.dep_ == "prep" and child.lower_ not in _INNER_PREPOSITIONS | _EXAMPLES:
                        continue
                    stack.append(child)
        found.sort(key=lambda e: e[0])
        return [place for _, place in found]

    def _relation(self, start: int, end: int, head: Token | None = None) -> Relation:
        relation = self._relations.get(start)
        if relation is None:
            before = self._adjoining.before.get(start)
            # A list is climbed member by member, once: its members share their relation.
            known = None if before is None else self._relations.get(before)
            relation = known if known is not None else self._relation_of(self._parsed, start, end)
            if known is None or relation is Relation.IN:
                kind = self.mentions[start].kind
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


def _depth(token: Token) -> int:
    depth = 0
    while token.head != token and depth < 50:
        token, depth = token.head, depth + 1
    return depth


def _is_ground_noun(noun: Token) -> bool:
    """Whether a noun is a stretch of land or a town ("Norland's capital", "the Norland border")."""
    words = ground_words()
    lemma = lemma_of(noun)
    return (
        noun.pos_ == "PROPN" or lemma in words["region"] or lemma in words["settlement"] or lemma in _LOCATIVE
    )


def _shares_place(clause: Token) -> bool:
    """Whether a later clause tells where the one before it is: a second count, or its circumstances."""
    if clause.dep_ == "advcl":
        marks = {c.lower_ for c in clause.children if c.dep_ in ("mark", "advmod")}
        return bool(marks & {"when", "as", "while", "after"})
    if clause.dep_ != "conj" or clause.tag_ not in ("VBN", "VBD"):
        return False
    subject = next((c for c in clause.children if c.dep_ in ("nsubj", "nsubjpass")), None)
    if subject is None:
        return True
    # "four men were killed and their cars burnt in X", "10 were killed and 5 hurt in X".
    return any(t.like_num or (t.dep_ == "poss" and t.lower_ in _THEIRS) for t in subject.subtree)


def _joined(found: list[ClaimPlace], more: list[ClaimPlace]) -> list[ClaimPlace]:
    known = {p.span for p in found}
    return [*found, *(p for p in more if p.span not in known)]
