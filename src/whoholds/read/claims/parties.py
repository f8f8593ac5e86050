"""Who a phrase means: from the text's words to a party of the theatre, or to a state.

A noun phrase enters, a party's id leaves. With a theatre the ids are its parties'; without one they are
ISO codes of the states that demonyms, capitals and governments name. Words that say no side themselves
("the enemy", "troops", "we") are settled from who speaks and from which two sides are in play.
"""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterable, Sequence

from spacy.tokens import Token

from whoholds.model import EVENT_GROUPS, PlaceMention
from whoholds.places.gazetteer import Gazetteer
from whoholds.read.claims.sides import Roster, find_roster, side_words
from whoholds.read.events.lexicon import lemma_of, noun_classes
from whoholds.read.events.types import EventMention
from whoholds.text.parse import Parsed
from whoholds.theatre import Theatre, fold_name

__all__ = ["Parties", "core_words"]

_PARTS = frozenset(
    {"compound", "amod", "nmod", "det", "poss", "case", "punct", "nummod", "quantmod", "advmod", "flat"}
)
_ENEMY = frozenset({"enemy", "adversary", "opponent", "invader", "occupier", "aggressor", "attacker"})
_OWN = frozenset({"we", "us", "our", "ours", "i", "my"})
_LONGEST_NAME = 5


def core_words(head: Token) -> tuple[int, int]:
    """First and last token (inclusive) of a phrase without its clauses and prepositional tails."""
    first = last = head.i
    stack = [head]
    while stack:
        for child in stack.pop().children:
            if child.dep_ in _PARTS and not (child.dep_ == "punct" and child.i > head.i):
                first, last = min(first, child.i), max(last, child.i)
                stack.append(child)
    # "Turkish-backed", "Serb-held": the parser cuts at hyphens, the words do not.
    while first > 1 and not head.doc[first - 1].whitespace_ and not head.doc[first - 1].is_space:
        if head.doc[first - 1].text not in ("-", "–", "‑") and head.doc[first].text not in ("-", "–", "‑"):
            break
        first -= 1
    return first, last


class Parties:
    """The sides that one report speaks of."""

    def __init__(
        self,
        parsed: Parsed,
        places: Sequence[PlaceMention],
        gazetteer: Gazetteer,
        theatre: Theatre | None,
        events: Sequence[EventMention] = (),
    ) -> None:
        self._doc = parsed.doc
        self._events = events
        self._gazetteer = gazetteer
        self._theatre = theatre
        self._memory: dict[str, str | None] = {}
        self._by_token: dict[int, str] = {}
        self._persons: dict[str, str | None] = {}
        self._by_word: dict[str, list[Token]] | None = None
        self._literal: set[int] = set()
        self._home: str | None = None
        self._group: str | None = None
        self._roster = Roster()
        if theatre is None:
            self._roster = find_roster(parsed.doc, places, events, self.named)
            self._by_token.update(self._roster.by_token)
            self._home, self._group = self._roster.home, self._roster.main_group
        else:
            self._home, self._group = _sole_sides(theatre)
        self._read_mentions(parsed, places)
        self.in_play = self._find_pair()

    def named(self, words: str) -> str | None:
        """The party that a name, an adjective or a capital means, or None."""
        if words not in self._memory:
            self._memory[words] = self._look_up(words)
        return self._memory[words]

    def of_phrase(self, head: Token) -> str | None:
        """The party that a phrase names by its own words: "Russian troops", "the RSF's convoy"."""
        first, last = core_words(head)
        found = [(i, self._by_token[i]) for i in range(first, last + 1) if i in self._by_token]
        if found:
            return found[-1][1] if found[-1][0] == head.i else found[0][1]
        for child in head.children:
            if child.dep_ == "prep" and child.lower_ in ("of", "from"):
                for inner in child.children:
                    if inner.dep_ == "pobj" and inner.i in self._by_token:
                        return self._by_token[inner.i]
        for child in head.children:
            if child.dep_ == "acl" and child.lower_ in side_words()["joined"]:
                for agent in (c for by in child.children if by.dep_ == "agent" for c in by.children):
                    if agent.i in self._by_token:
                        return self._by_token[agent.i]
        return self._of_role(head, first, last)

    def _of_role(self, head: Token, first: int, last: int) -> str | None:
        """Whom a common noun means in this report: "the army" its state's, "the rebels" its only group."""
        if self._home is None and self._group is None:
            return None
        if any(c.dep_ == "poss" and c.pos_ == "PRON" for c in head.children) or self._is_foreign(head):
            return None
        words = side_words()
        for token in (head, *(self._doc[i] for i in range(last, first - 1, -1) if i != head.i)):
            if token.pos_ == "PROPN" and token.i != head.i and token.text.isupper():
                continue
            lemma = lemma_of(token)
            if token.i != head.i and (
                token.head.i != head.i or token.dep_ not in ("compound", "amod", "poss")
            ):
                continue
            if lemma in words["irregular"] or token.lower_ in words["irregular"]:
                return self._group
            if lemma in words["collective"] and any(c.lower_ in ("the", "this") for c in token.children):
                return self._group
            if lemma in words["state"] or token.lower_ in words["state"]:
                return self._home
        return None

    def _is_foreign(self, head: Token) -> bool:
        """Whether a phrase has an owner of its own that is no side here: "the Chadian army"."""
        return any(
            c.dep_ in ("amod", "poss", "compound", "nmod")
            and c.text[:1].isupper()
            and (c.ent_type_ in ("NORP", "GPE") or c.dep_ == "poss")
            for c in head.children
        )

    def of_person(self, name: str) -> str | None:
        """The party that the report ties a person or a body to anywhere: "Norlandic President Ada Holm"."""
        words = name.split()
        if not words:
            return None
        if name not in self._persons:
            found = None
            for token in self._called(words[-1]):
                if token.dep_ == "compound":
                    continue
                found = self.of_phrase(token)
                if found is None and token.dep_ == "appos":
                    found = self.of_phrase(token.head)
                if found is None:
                    found = next(
                        (p for c in token.children if c.dep_ == "appos" and (p := self.of_phrase(c))), None
                    )
                if found is not None:
                    break
            self._persons[name] = found
        return self._persons[name]

    def _called(self, word: str) -> Sequence[Token]:
        """The tokens that are just that word; the index is made once a report."""
        if self._by_word is None:
            self._by_word = {}
            for token in self._doc:
                self._by_word.setdefault(token.text, []).append(token)
        return self._by_word.get(word, ())

    def is_place(self, head: Token) -> bool:
        """Whether a name is a town or other place in this report."""
        return head.i in self._literal

    def is_party(self, side: str | None) -> bool:
        """Whether a side is one that fights, not `independent` or `other`."""
        return side is not None and side not in ("independent", "other")

    def other_than(self, party: str | None) -> str | None:
        """The opposing side, where exactly two are in play."""
        if party is None or self.in_play is None:
            return None
        if party not in self.in_play:
            return None
        return self.in_play[1] if party == self.in_play[0] else self.in_play[0]

    def is_enemy(self, head: Token) -> bool:
        """Whether a phrase means the speaker's opponents: "the enemy"."""
        return lemma_of(head) in _ENEMY or any(
            c.lower_ in ("enemy", "hostile", "opposing")
            for c in head.children
            if c.dep_ in ("amod", "compound")
        )

    def is_own(self, head: Token) -> bool:
        """Whether a phrase means the speaker's side: "we", "our units"."""
        return head.lower_ in _OWN or any(
            c.lower_ in ("our", "my", "friendly") for c in head.children if c.dep_ in ("poss", "amod")
        )

    def side_of_voice(self, told: frozenset[int]) -> str | None:
        """The side of a publisher that says "our troops" in its own voice, or None where it watches.

        It names its side ("our army, the …"), or calls the other one the enemy, the regime, the militia.

        Args:
            told: Tokens of what others say.
        """
        words = side_words()
        forces = noun_classes()
        ours: list[Token] = []
        hostile: Counter[str] = Counter()
        own: str | None = None
        for token in self._doc:
            if token.i in told:
                continue
            head = token.head
            noun = lemma_of(head)
            if token.lower_ == "our" and ("force" in forces.get(noun, ()) or noun in words["crew"]):
                ours.append(head)
            elif token.lower_ == "we" and any(e.actor == token.i for e in self._fights()):
                ours.append(token)
            if lemma_of(token) in words["hostile"]:
                party = self.of_phrase(token)
                if party is not None:
                    hostile[party] += 1
        if not ours:
            return None
        for head in ours:
            appositions = [c for c in head.children if c.dep_ == "appos"]
            own = (
                own
                or self._named_in(head)
                or next((p for c in appositions if (p := self.of_phrase(c))), None)
            )
            named = next((c for c in appositions if c.pos_ == "PROPN"), None)
            if own is None and named is not None:
                first, last = core_words(named)
                own = self._doc[first : last + 1].text.removeprefix("the ").strip()
        enemy = max(hostile, key=lambda p: (hostile[p], p)) if hostile else None
        if own is None and enemy is not None:
            own = self.other_than(enemy) or (self._home if enemy != self._home else self._group)
        if own is not None and enemy is not None and enemy != own and self._theatre is None:
            self.in_play = own, enemy
        return own

    def _named_in(self, head: Token) -> str | None:
        """The party named inside an owner's own phrase: "our Norlandic army"."""
        first, last = core_words(head)
        return next((self._by_token[i] for i in range(first, last + 1) if i in self._by_token), None)

    def _fights(self) -> list[EventMention]:
        return [e for e in self._events if EVENT_GROUPS[e.event] in ("territory", "fire")]

    # --- how names are found ------------------------------------------------------------------------

    def _look_up(self, words: str) -> str | None:
        if self._theatre is not None:
            party = self._theatre.find_party(words)
            if party is not None:
                return party
        country = self._gazetteer.country_of(words)
        if country is None or (len(words) <= 3 and not words.isupper()):
            # "US" is a state, "us" and "Car" are none.
            return None
        if self._theatre is None:
            return country.country
        return next((p.id for p in self._theatre.parties if p.country == country.country), None)

    def _read_mentions(self, parsed: Parsed, places: Iterable[PlaceMention]) -> None:
        """Each token that names a party, found by name and by the roles of place mentions."""
        doc = parsed.doc
        for mention in places:
            if mention.kind == "country" or mention.role != "literal":
                party = self.named(mention.span.exact)
                span = doc.char_span(mention.span.start, mention.span.end, alignment_mode="expand")
                if party is not None and span is not None:
                    for token in span:
                        self._by_token.setdefault(token.i, party)
        literal = self._literal = {
            t.i
            for m in places
            if m.role == "literal" and m.kind not in ("country",)
            for t in (doc.char_span(m.span.start, m.span.end, alignment_mode="expand") or ())
        }
        if self._theatre is not None:
            self._read_names(literal)
        for token in doc:
            if token.i not in self._by_token and token.i not in literal and _may_name(token):
                party = self.named(token.text)
                if party is not None:
                    self._by_token[token.i] = party

    def _read_names(self, literal: set[int]) -> None:
        """The theatre's names, of one word or several ("army", "Rapid Support Forces")."""
        assert self._theatre is not None
        by_first: dict[str, list[tuple[tuple[str, ...], str, bool]]] = {}
        for party in self._theatre.parties:
            for name in (party.id, party.name, *party.names):
                parts = tuple(fold_name(name).split())
                if parts and len(parts) <= _LONGEST_NAME:
                    # What the theatre writes small is a common noun ("army"), the rest has to be a name.
                    by_first.setdefault(parts[0], []).append((parts, party.id, not name[:1].islower()))
        for entries in by_first.values():
            entries.sort(key=lambda e: -len(e[0]))
        doc = self._doc
        lowered = [fold_name(t.text) for t in doc]
        skip = 0
        for i, word in enumerate(lowered):
            if i < skip:
                continue
            for parts, party_id, is_name in by_first.get(word, ()):
                if tuple(lowered[i : i + len(parts)]) != parts or (is_name and not doc[i].text[:1].isupper()):
                    continue
                if len(parts) == 1 and (i in literal or (not is_name and self._has_other_owner(doc[i]))):
                    continue
                for j in range(i, i + len(parts)):
                    self._by_token[j] = party_id
                skip = i + len(parts)
                break

    def _has_other_owner(self, token: Token) -> bool:
        """Whether a common noun is somebody else's: "the Chadian army" is not the theatre's army."""
        return any(
            c.dep_ in ("amod", "poss", "compound", "nmod")
            and (c.ent_type_ in ("NORP", "GPE") or c.text[:1].isupper())
            for c in token.children
        )

    def _find_pair(self) -> tuple[str, str] | None:
        """The two sides in play: the theatre's, else the two states that forces and governments belong to."""
        if self._theatre is not None and len(self._theatre.parties) == 2:
            first, second = self._theatre.party_ids
            return first, second
        weight: Counter[str] = Counter()
        table = noun_classes()
        for i, party in self._by_token.items():
            token = self._doc[i]
            is_acting = token.dep_ in ("nsubj", "nsubjpass", "pobj", "dobj", "poss")
            forces = "force" in table.get(lemma_of(token.head), ()) and token.dep_ in (
                "amod",
                "poss",
                "compound",
            )
            weight[party] += 3 if forces else 1 if is_acting else 0
        self._weigh_events(weight)
        ranked = sorted(weight.items(), key=lambda e: (-e[1], e[0]))
        if self._theatre is None and self._home is not None:
            if self._group is not None:
                # A group that fights in a state fights that state, unless two others fight there.
                weight[self._home] += 2
                others = [n for p, n in ranked if p not in (self._home, self._group)]
                if not others or others[0] <= max(weight[self._home], weight[self._group]):
                    return self._home, self._group
            elif len(ranked) == 1 and ranked[0][0] != self._home and ranked[0][1] >= 2:
                return self._home, ranked[0][0]
        strong = [(p, n) for p, n in ranked if n >= 2]
        if len(strong) == 1 and len(ranked) == 2:
            strong = ranked
        if len(strong) < 2 or (len(strong) > 2 and strong[2][1] * 2 > strong[1][1]):
            return None
        return strong[0][0], strong[1][0]

    def _weigh_events(self, weight: Counter[str]) -> None:
        """Who acts and suffers in what is told of the ground is a side in play."""
        for event in self._events:
            if EVENT_GROUPS[event.event] not in ("territory", "presence", "fire"):
                continue
            for index in {event.actor, event.target} - {None}:
                party = None if index is None else self.of_phrase(self._doc[index])
                if party is not None:
                    weight[party] += 3


def _sole_sides(theatre: Theatre) -> tuple[str | None, str | None]:
    """A theatre's only state and its only party without one: who "the army" and "the rebels" are there."""
    states = [p.id for p in theatre.parties if p.country is not None]
    groups = [p.id for p in theatre.parties if p.country is None]
    if len(states) != 1 or len(groups) != 1:
        return None, None
    return states[0], groups[0]


def _may_name(token: Token) -> bool:
    return token.text[:1].isupper() and (token.pos_ in ("PROPN", "ADJ") or token.ent_type_ in ("NORP", "GPE"))
