"""Whose words a clause is: the chain of sources above it, and the stance that their cues give.

The attributed speeches of a report enter, with the registry of the theatre; for a token the innermost
speech and for a speech its chain of sources leave.
"""

from __future__ import annotations

import tomllib
from collections.abc import Sequence
from functools import lru_cache
from importlib.resources import files
from types import MappingProxyType

from spacy.tokens import Doc, Span

from whoholds.model import PlaceMention, Source, Stance
from whoholds.read.attribution.types import AttributedSpeech, CueClass
from whoholds.read.claims.parties import Parties
from whoholds.read.events.lexicon import lemma_of
from whoholds.theatre import Theatre

__all__ = ["STANCES", "Voices", "evidence_nouns", "unnamed_sources"]

STANCES = MappingProxyType(
    {
        CueClass.CONFIRMING: Stance.CONFIRMED,
        CueClass.HEDGING: Stance.SUGGESTED,
        CueClass.DENYING: Stance.DENIED,
        CueClass.DOUBTING: Stance.DENIED,
        CueClass.PREDICTING: Stance.PREDICTED,
        CueClass.ORDERING: Stance.ORDERED,
        CueClass.PROPOSING: Stance.PROPOSED,
        CueClass.PROMISING: Stance.INTENDED,
        CueClass.THREATENING: Stance.INTENDED,
        CueClass.INTENDING: Stance.INTENDED,
        CueClass.CONSIDERING: Stance.CONSIDERED,
        CueClass.SILENCE: Stance.NO_COMMENT,
    }
)
"""The class of a cue to the stance that it gives; all other saying is `claimed`."""

_DETERMINERS = frozenset({"the", "a", "an", "its", "his", "her", "their", "our", "this", "that"})
_MINDS = frozenset(
    {
        CueClass.INTENDING,
        CueClass.CONSIDERING,
        CueClass.PROMISING,
        CueClass.THREATENING,
        CueClass.REFUSING,
        CueClass.BELIEVING,
        CueClass.KNOWING,
        CueClass.FEELING,
        CueClass.DOUBTING,
    }
)
"""Cues of what is in a head: told by another ("X said that Y was considering …") they give no voice."""


_GUESSES = frozenset({CueClass.BELIEVING, CueClass.FEELING, CueClass.HEDGING})


@lru_cache(maxsize=1)
def _evidence() -> dict[str, frozenset[str]]:
    table = tomllib.loads((files("whoholds.read.claims") / "data" / "evidence.toml").read_text("utf-8"))
    return {name: frozenset(words) for name, words in table.items()}


def evidence_nouns() -> frozenset[str]:
    """Nouns that name evidence and not a speaker ("footage")."""
    return _evidence()["evidence"]


def observer_nouns() -> frozenset[str]:
    """Nouns for sources that watch and do not act ("blogger")."""
    return _evidence()["observers"]


def unnamed_sources() -> frozenset[str]:
    """Words for hearsay without a speaker ("rumours")."""
    return _evidence()["unnamed"]


class Voices:
    """The speeches of one report, by token."""

    def __init__(
        self,
        doc: Doc,
        speeches: Sequence[AttributedSpeech],
        parties: Parties,
        theatre: Theatre | None,
        places: Sequence[PlaceMention] = (),
    ) -> None:
        self._doc = doc
        self.speeches = tuple(speeches)
        self._parties = parties
        self._theatre = theatre
        self._places = {
            t.i
            for p in places
            if p.kind not in ("country", None)
            for t in (doc.char_span(p.span.start, p.span.end, alignment_mode="expand") or ())
        }
        self._at: dict[int, int] = {}
        self._called: dict[int, str | None] = {}
        # Inner speeches last, so that they win their tokens.
        self.content = tuple(
            frozenset()
            if self._is_place_label(s)
            else frozenset(i for first, last in s.content_tokens for i in range(first, last))
            for s in self.speeches
        )
        self.own_words = tuple(
            frozenset((*s.cue_tokens, *(range(*s.source_tokens) if s.source_tokens else ())))
            for s in self.speeches
        )
        for number in sorted(range(len(self.speeches)), key=lambda n: -len(self.content[n])):
            for token in self.content[number]:
                self._at[token] = number
        self.cues = frozenset(t for s in self.speeches for t in s.cue_tokens)

    def _is_place_label(self, speech: AttributedSpeech) -> bool:
        """Whether a label before a colon says where ("Dorn: all calm") and not who speaks.

        Names of towns that stand for a government are parties; other names of ground are no speakers.
        """
        if speech.rule != "colon" or speech.source_tokens is None:
            return False
        words = self._doc[slice(*speech.source_tokens)]
        head = words.root
        by_name = self._parties.of_phrase(head) or self._parties.named(words.text)
        if by_name is not None or head.ent_type_ in ("PERSON", "ORG", "NORP"):
            return False
        if head.pos_ == "PROPN" or head.ent_type_ in ("GPE", "LOC", "FAC"):
            return head.i in self._places
        return False

    def at(self, token: int) -> int | None:
        """The innermost speech whose content holds a token, or None in the publisher's own voice."""
        return self._at.get(token)

    def stance_of(self, number: int) -> Stance:
        """The stance that a speech's cue gives."""
        speech = self.speeches[number]
        stance = STANCES.get(speech.cue_class, Stance.CLAIMED)
        if stance is Stance.CLAIMED and self.is_own_voice(number):
            stance = Stance.SUGGESTED if speech.cue_class in _GUESSES else Stance.ASSERTED
        if speech.is_negated and stance in (Stance.CLAIMED, Stance.CONFIRMED, Stance.DENIED):
            # "did not confirm", "has not denied", "would not say": silence, whatever the cue.
            return Stance.NO_COMMENT
        if speech.cue_head is not None and self._is_neither(speech.cue_head):
            return Stance.NO_COMMENT
        if speech.cue_head is not None and stance in (Stance.CLAIMED, Stance.CONFIRMED):
            up = self._doc[speech.cue_head].head
            if self._doc[speech.cue_head].dep_ == "xcomp" and lemma_of(up) in ("appear", "seem"):
                return Stance.SUGGESTED
        if speech.is_modal and stance in (Stance.CLAIMED, Stance.CONFIRMED):
            return Stance.SUGGESTED
        return stance

    def _is_neither(self, cue: int) -> bool:
        """ "neither confirmed nor denied": both cues are taken back."""
        token = self._doc[cue]
        heads = [token, token.head] if token.dep_ == "conj" else [token]
        return any(c.lower_ == "neither" for t in heads for c in t.children)

    def is_own_voice(self, number: int) -> bool:
        """Whether a speech is the publisher's own: "we", "our correspondent", "this page"."""
        if self._outer(number) is not None:
            return False
        speech = self.speeches[number]
        if speech.source_tokens is None or speech.attribution.kind == "direct":
            return False
        words = self._doc[slice(*speech.source_tokens)]
        first = words[0].lower_
        if first in ("we", "i"):
            return len(words) == 1
        return first in ("our", "this", "my") and bool(
            {lemma_of(t) for t in words} & _evidence()["newsroom"] or len(words) == 1
        )

    def is_evidence(self, number: int) -> bool:
        """Whether a speech's source is footage and the like."""
        speech = self.speeches[number]
        if speech.source_tokens is None:
            return False
        words = self._doc[slice(*speech.source_tokens)]
        heads = [
            w for w in words if not speech.source_tokens[0] <= w.head.i < speech.source_tokens[1]
        ] or list(words)
        return any(lemma_of(w) in evidence_nouns() for w in heads)

    def is_observer(self, number: int) -> bool:
        """Whether a speech's source watches and does not act: a channel, a blogger, an agency."""
        speech = self.speeches[number]
        role = (speech.source_role or "").lower().split()
        if any(w in observer_nouns() for w in role):
            return True
        if speech.source_tokens is None:
            return False
        first, last = speech.source_tokens
        return any(
            lemma_of(t) in observer_nouns() or t.lower_ in observer_nouns()
            for t in self._doc[first:last]
            if t.dep_ not in ("amod", "poss") and t.pos_ in ("NOUN", "PROPN")
        )

    def chain(self, number: int | None) -> tuple[Source, ...]:
        """The sources above a speech's content, outermost first."""
        found: list[Source] = []
        seen: set[int] = set()
        while number is not None and number not in seen:
            seen.add(number)
            speech = self.speeches[number]
            source = self.source(number)
            outer = self._outer(number)
            if outer is not None and self.stance_of(outer) is Stance.DENIED:
                # Who rejects a claim does not relay it: the denial is a claim of its own.
                outer = None
            is_voice = outer is None or speech.cue_class not in _MINDS or self.source(outer) is None
            if source is not None and is_voice and not self.is_evidence(number):
                found.append(source)
            number = outer
        found.reverse()
        unique: list[Source] = []
        for source in found:
            if not unique or unique[-1].name != source.name:
                unique.append(source)
        return tuple(
            Source(
                s.name,
                s.source_id,
                s.role or ("relayer" if i < len(unique) - 1 else "speaker"),
                s.side,
                s.cue,
            )
            for i, s in enumerate(unique)
        )

    def _outer(self, number: int) -> int | None:
        nested = self.speeches[number].attribution.nested_in
        return nested if nested is not None and nested != number and nested < len(self.speeches) else None

    def denial_of(self, number: int | None) -> int | None:
        """The speech that rejects what a speech says ("dismissed a claim by A that …"), or None."""
        outer = None if number is None else self._outer(number)
        return outer if outer is not None and self.stance_of(outer) is Stance.DENIED else None

    def source(self, number: int) -> Source | None:
        """The source of one speech, named as the text has it, with the registry's identity and side."""
        speech = self.speeches[number]
        attribution = speech.attribution
        name = self._name_of(number)
        if not name or self.is_own_voice(number) or name.lower() in unnamed_sources():
            return None
        entry = None if self._theatre is None else self._theatre.find_source(name)
        side = entry.side if entry is not None else None
        if side is None:
            side = self._side(number)
        return Source(
            name=name,
            source_id=None if entry is None else entry.id,
            role=(entry.role if entry is not None else None) or speech.source_role,
            side=side,
            cue=attribution.cue,
        )

    def _name_of(self, number: int) -> str | None:
        """What a source is called: its antecedent for a pronoun, else its own words without the article."""
        given, words = self.speeches[number].attribution.source_name, self._source_words(number)
        if given is None or words is None:
            return given or words
        if words.endswith(given) and given[:1].islower():
            # "ministry" of "the Norlandic defence ministry": the head alone would name any ministry.
            dropped = words[: -len(given)].split()
            if any(w.lower() not in _DETERMINERS for w in dropped):
                return " ".join(w for n, w in enumerate(words.split()) if n or w.lower() not in _DETERMINERS)
        return given

    def _source_words(self, number: int) -> str | None:
        """A source as it is called: a person by the name, others without what an apposition adds."""
        if number not in self._called:
            self._called[number] = self._find_source_words(number)
        return self._called[number]

    def _find_source_words(self, number: int) -> str | None:
        speech = self.speeches[number]
        if speech.source_tokens is None:
            return None if speech.attribution.source is None else speech.attribution.source.exact
        first, last = speech.source_tokens
        span = self._doc[first:last]
        head = next((t for t in span if not first <= t.head.i < last or t.head.i == t.i), span[0])
        for start, end in _persons_in(span):
            is_apposed = any(t.dep_ == "appos" and not start <= t.head.i < end for t in self._doc[start:end])
            if start <= head.i < end or is_apposed:
                return self._doc[start:end].text.strip()
        comma = next((t.i for t in span if t.text in (",", "(", "–", "—") and t.i > head.i), last)
        return self._doc[first:comma].text.strip() or None

    def _side(self, number: int) -> str | None:
        speech = self.speeches[number]
        if speech.source_side_hint:
            party = self._parties.named(speech.source_side_hint)
            if party is not None:
                return party
        name = speech.attribution.source_name
        if name:
            party = self._parties.named(name)
            if party is not None:
                return party
        if speech.source_tokens is not None:
            first, last = speech.source_tokens
            for token in self._doc[first:last]:
                if not first <= token.head.i < last or token.head.i == token.i:
                    party = self._parties.of_phrase(token)
                    if party is not None:
                        return party
            # "a spokeswoman for the Front" in an apposition.
            for token in self._doc[first:last]:
                party = self._parties.of_phrase(token)
                if party is not None:
                    return party
            name = name or self._source_words(number)
        return None if not name else self._parties.of_person(name)


def _persons_in(span: Span) -> list[tuple[int, int]]:
    """The persons named in a phrase, as token numbers. `Span.ents` goes through the whole text."""
    found: list[tuple[int, int]] = []
    for token in span:
        if token.ent_type_ != "PERSON":
            continue
        if found and found[-1][1] == token.i and token.ent_iob_ == "I":
            found[-1] = (found[-1][0], token.i + 1)
        else:
            found.append((token.i, token.i + 1))
    return found
