"""Who a phrase means: from the text's words to a party of the theatre, or to a state.

A noun phrase enters, a party's id leaves. With a theatre the ids are its parties'; without one they are
ISO codes of the states that demonyms, capitals and governments name. Words that say no side themselves
("the enemy", "troops", "we") are settled from who speaks and from which two sides are in play.
"""

from __future__ import annotations

from collections.abc import Iterable, Sequence

from whoholds.model import PlaceMention
from whoholds.places.gazetteer import Gazetteer
from whoholds.read.claims.contest import find_contest
from whoholds.read.claims.ownside import find_own_side
from whoholds.read.claims.sides import ENEMY, Roster, core_words, find_roster, is_state, side_words
from whoholds.read.events.lexicon import lemma_of, noun_classes
from whoholds.read.events.types import EventMention
from whoholds.text.parse import Parsed
from whoholds.text.tokens import Token
from whoholds.theatre import Theatre, fold_name

__all__ = ["Parties"]

_OWN = frozenset({"we", "us", "our", "ours", "i", "my"})
_LONGEST_NAME = 5
_REACH = 80
"""How many tokens back a place may be named of which something is told without naming it again."""


class Parties:
    """The sides that one report speaks of."""

    def __init__(
        self,
        parsed: Parsed,
        places: Sequence[PlaceMention],
        gazetteer: Gazetteer,
        theatre: Theatre | None,
        events: Sequence[EventMention] = (),
        publisher: str | None = None,
    ) -> None:
        self.doc = parsed.doc
        self.events = events
        self._gazetteer = gazetteer
        self.theatre = theatre
        self.publisher = publisher
        self._memory: dict[str, str | None] = {}
        self.by_token: dict[int, str] = {}
        self._persons: dict[str, str | None] = {}
        self._by_word: dict[str, list[int]] | None = None
        self._phrases: dict[int, str | None] = {}
        self._literal: set[int] = set()
        self._country_at: dict[int, str] = {}
        self.home: str | None = None
        self.group: str | None = None
        self._roster = Roster()
        if theatre is None:
            self._roster = find_roster(parsed.doc, places, events, self.named, publisher)
            self.by_token.update(self._roster.by_token)
            self.home, self.group = self._roster.home, self._roster.main_group
        else:
            self.home, self.group = _sole_sides(theatre)
        self._read_mentions(parsed, places)
        self.in_play = self._find_pair()
        # What was said while the names were still being read does not hold.
        self._phrases.clear()

    def named(self, words: str) -> str | None:
        """The party that a name, an adjective or a capital means, or None."""
        if words not in self._memory:
            self._memory[words] = self._look_up(words)
        return self._memory[words]

    def of_phrase(self, head: Token) -> str | None:
        """The party that a phrase names by its own words: "Russian troops", "the RSF's convoy"."""
        if head.i not in self._phrases:
            self._phrases[head.i] = self._find_in_phrase(head)
        return self._phrases[head.i]

    def _find_in_phrase(self, head: Token) -> str | None:
        first, last = core_words(head)
        found = [(i, self.by_token[i]) for i in range(first, last + 1) if i in self.by_token]
        if found:
            return found[-1][1] if found[-1][0] == head.i else found[0][1]
        for child in head.children:
            if child.dep_ == "prep" and child.lower_ in ("of", "from"):
                for inner in child.children:
                    if inner.dep_ == "pobj" and inner.i in self.by_token:
                        return self.by_token[inner.i]
                    if inner.dep_ == "pobj" and "force" in noun_classes().get(lemma_of(head), ()):
                        # "the forces of Borsk": a capital that commands forces is its state.
                        capital = self.named(inner.text) if inner.text[:1].isupper() else None
                        if capital is not None:
                            return capital
        for child in head.children:
            if child.dep_ == "appos" and child.i in self.by_token and child.i == head.i + 2:
                # "opposition factions (TKR)"
                return self.by_token[child.i]
        for child in head.children:
            if child.dep_ == "acl" and child.lower_ in side_words()["joined"]:
                for agent in (c for by in child.children if by.dep_ == "agent" for c in by.children):
                    if agent.i in self.by_token:
                        return self.by_token[agent.i]
        return self._of_role(head, first, last)

    def _of_role(self, head: Token, first: int, last: int) -> str | None:
        """Whom a common noun means in this report: "the army" its state's, "the rebels" its only group."""
        if self.home is None and self.group is None:
            return None
        if any(c.dep_ == "poss" and c.pos_ == "PRON" for c in head.children) or self._is_foreign(head):
            return None
        words = side_words()
        for token in (head, *(self.doc[i] for i in range(last, first - 1, -1) if i != head.i)):
            if token.pos_ == "PROPN" and token.i != head.i and token.text.isupper():
                continue
            lemma = lemma_of(token)
            if token.i != head.i and (
                token.head.i != head.i or token.dep_ not in ("compound", "amod", "poss")
            ):
                continue
            noun = token.head if token.dep_ in ("compound", "amod") else head
            if lemma == "military" and lemma_of(noun) in words["watchers"]:
                # "Military bloggers" write about an army, they are none.
                continue
            if lemma == token.lower_:
                # The tagger takes a plural at a sentence's start for a name.
                lemma = lemma.removesuffix("s")
            if lemma in words["irregular"] or token.lower_ in words["irregular"]:
                return self.group
            if self._roster.unnamed is not None and lemma in words["unnamed"]:
                return self.group
            if lemma in words["collective"] and any(c.lower_ in ("the", "this") for c in token.children):
                return self.group
            if lemma in words["state"] or token.lower_ in words["state"]:
                return self.home
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
            for token in self.tokens_called(words[-1]):
                if token.dep_ == "compound":
                    continue
                found = self.of_phrase(token)
                if found is None and token.dep_ == "appos":
                    found = self.of_phrase(token.head)
                if found is None:
                    found = self._led_by(token)
                if found is None:
                    found = next(
                        (p for c in token.children if c.dep_ == "appos" and (p := self.of_phrase(c))), None
                    )
                if found is not None:
                    break
            self._persons[name] = found
        return self._persons[name]

    def _led_by(self, person: Token) -> str | None:
        """Whom a person leads or speaks for: "Ada Holm, who leads a TKR unit"."""
        for clause in person.children:
            if clause.dep_ in ("relcl", "acl") and lemma_of(clause) in side_words()["leading"]:
                for noun in clause.children:
                    inner = [p for p in noun.children if p.dep_ == "pobj"] if noun.dep_ == "prep" else [noun]
                    for token in inner:
                        if token.dep_ in ("dobj", "pobj") and (party := self.of_phrase(token)) is not None:
                            return party
        return None

    def tokens_called(self, word: str) -> Sequence[Token]:
        """The tokens that are just that word; the index is made once a report."""
        if self._by_word is None:
            self._by_word = {}
            for index, its in enumerate(self.doc.words):
                self._by_word.setdefault(its, []).append(index)
        return [self.doc[index] for index in self._by_word.get(word, ())]

    @property
    def state_and_group(self) -> tuple[str, str] | None:
        """The state and the group of a war within one state, or None where it is no such war."""
        if self.in_play is None or self.home is None or self.home not in self.in_play:
            return None
        other = self.other_than(self.home)
        return None if other is None or is_state(other) else (self.home, other)

    @property
    def unnamed(self) -> str | None:
        """The common noun that stands for a group which the report never names, or None."""
        return self._roster.unnamed

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

    def defender_at(self, trigger: int, grounds: Sequence[int]) -> str | None:
        """In a war of two states the one whose land an event hits, by its places or the last one named.

        In a war within one state the land says nothing: both sides are at home.
        """
        if self.theatre is not None or self.in_play is None or not self.is_war_of_states:
            return None
        sentence = self.doc[trigger].sent
        nearby = [*grounds, *range(trigger, sentence.end), *range(trigger, max(-1, trigger - _REACH), -1)]
        land = next((self._country_at[i] for i in nearby if i in self._country_at), None)
        return land if land in self.in_play else None

    def fighting(self, words: str) -> str | None:
        """The side in play that a name means, or None."""
        party = self.named(words)
        return party if self.other_than(party) is not None else None

    def land_of(self, words: Iterable[Token]) -> str | None:
        """The country of the first place that words name, or None."""
        return next((self._country_at[t.i] for t in words if t.i in self._country_at), None)

    def is_enemy(self, head: Token) -> bool:
        """Whether a phrase means the speaker's opponents: "the enemy"."""
        return lemma_of(head) in ENEMY or any(
            c.lower_ in ("enemy", "hostile", "opposing")
            for c in head.children
            if c.dep_ in ("amod", "compound")
        )

    def is_hostile(self, head: Token) -> bool:
        """Whether a phrase is what only opponents are called: "terrorists", "mercenaries"."""
        words = side_words()
        return lemma_of(head) in words["hostile"] or lemma_of(head) in words["scorned"]

    def is_own(self, head: Token) -> bool:
        """Whether a phrase means the speaker's side: "we", "our units"."""
        return head.lower_ in _OWN or any(
            c.lower_ in ("our", "my", "friendly") for c in head.children if c.dep_ in ("poss", "amod")
        )

    def side_of_voice(self, told: frozenset[int]) -> str | None:
        """The side of a publisher that says "our troops" in its own voice, or None where it watches.

        Args:
            told: Tokens of what others say.
        """
        return find_own_side(self, told)

    @property
    def is_war_of_states(self) -> bool:
        """Whether the two sides in play are two states, as far as ids without a theatre say."""
        return self.in_play is not None and all(is_state(p) for p in self.in_play)

    # --- how names are found ------------------------------------------------------------------------

    def _look_up(self, words: str) -> str | None:
        if self.theatre is not None:
            party = self.theatre.find_party(words)
            if party is not None:
                return party
        country = self._gazetteer.country_of(words)
        if country is None or (len(words) <= 3 and not words.isupper()):
            # "US" is a state, "us" and "Car" are none.
            return None
        if self.theatre is None:
            return country.country
        return next((p.id for p in self.theatre.parties if p.country == country.country), None)

    def _read_mentions(self, parsed: Parsed, places: Iterable[PlaceMention]) -> None:
        """Each token that names a party, found by name and by the roles of place mentions."""
        doc = parsed.doc
        for mention in places:
            if mention.kind == "country" or mention.role != "literal":
                party = self.named(mention.span.exact)
                span = doc.char_span(mention.span.start, mention.span.end, alignment_mode="expand")
                if party is not None and span is not None:
                    for token in span:
                        self.by_token.setdefault(token.i, party)
        for mention in places:
            if mention.role == "literal" and mention.country is not None and mention.kind != "country":
                span = doc.char_span(mention.span.start, mention.span.end, alignment_mode="expand")
                self._country_at.update((t.i, mention.country) for t in span or ())
        literal = self._literal = {
            t.i
            for m in places
            if m.role == "literal" and m.kind not in ("country",)
            for t in (doc.char_span(m.span.start, m.span.end, alignment_mode="expand") or ())
        }
        if self.theatre is not None:
            self._read_names(literal)
        for token in doc:
            if token.i not in self.by_token and token.i not in literal and _may_name(token):
                party = self.named(token.text)
                if party is not None and not _is_surname(token):
                    self.by_token[token.i] = party

    def _read_names(self, literal: set[int]) -> None:
        """The theatre's names, of one word or several ("army", "Rapid Support Forces")."""
        assert self.theatre is not None
        by_first: dict[str, list[tuple[tuple[str, ...], str, bool]]] = {}
        for party in self.theatre.parties:
            for name in (party.id, party.name, *party.names):
                parts = tuple(fold_name(name).split())
                if parts and len(parts) <= _LONGEST_NAME:
                    # What the theatre writes small is a common noun ("army"), the rest has to be a name.
                    by_first.setdefault(parts[0], []).append((parts, party.id, not name[:1].islower()))
        for entries in by_first.values():
            entries.sort(key=lambda e: -len(e[0]))
        doc = self.doc
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
                    self.by_token[j] = party_id
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
        if self.theatre is not None and len(self.theatre.parties) == 2:
            first, second = self.theatre.party_ids
            return first, second
        contest = find_contest(self.doc, self.by_token, self.events, self._roster, self.of_phrase)
        if self.theatre is None:
            self.home, self.group = contest.home, contest.group
        return contest.pair


def _sole_sides(theatre: Theatre) -> tuple[str | None, str | None]:
    """A theatre's only state and its only party without one: who "the army" and "the rebels" are there."""
    states = [p.id for p in theatre.parties if p.country is not None]
    groups = [p.id for p in theatre.parties if p.country is None]
    if len(states) != 1 or len(groups) != 1:
        return None, None
    return states[0], groups[0]


def _is_surname(token: Token) -> bool:
    """Whether a name stands last in a person's: "Anna Holm Jordan" is no state's."""
    before = token.doc[token.i - 1] if token.i else None
    return (
        token.ent_type_ == "PERSON"
        and before is not None
        and before.pos_ == "PROPN"
        and before.ent_type_ == "PERSON"
        and before.text[:1].isupper()
    )


def _may_name(token: Token) -> bool:
    return (token.pos_ in ("PROPN", "ADJ") or token.ent_type_ in ("NORP", "GPE")) and token.text[0].isupper()
