"""Whose words a clause is: the chain of sources above it, and the stance that their cues give.

The attributed speeches of a report enter, with the registry of the theatre; for a token the innermost
speech and for a speech its chain of sources leave.
"""

from __future__ import annotations

from collections.abc import Sequence
from types import MappingProxyType

from whoholds.model import PlaceMention, Source, Stance
from whoholds.read.attribution.entries import ENTRY_RULE
from whoholds.read.attribution.lexicon import is_speaking_role
from whoholds.read.attribution.types import AttributedSpeech, CueClass
from whoholds.read.claims.allegiance import side_of_speech
from whoholds.read.claims.fellows import find_side_of_words
from whoholds.read.claims.parties import Parties
from whoholds.read.claims.relays import find_cited, find_relayer, words_of
from whoholds.read.claims.telling import (
    MINDS,
    clause_of_bare,
    evidence_words,
    is_publishers_own,
    is_taken_back,
    is_told_as_act,
    is_withheld,
    negated_stance,
    persons_in,
)
from whoholds.read.events.lexicon import lemma_of, noun_classes
from whoholds.text.tokens import Doc
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
_WISHES = MappingProxyType({CueClass.ASKING: Stance.PROPOSED, CueClass.FEELING: Stance.INTENDED})
_GROUND = frozenset({"ground", "settlement", "route", "civic"})
"""Classes of nouns that name ground, in labels that say where."""
_LISTED = 2
"""Fewest labels that say where for a text to be a list of places."""
_NAME = 3
"""Longest name of a place in a label, in tokens."""
_NEAR = 12
"""How far into what a label brings its speaker says "we"."""
_OWN = frozenset({"we", "our", "ours", "us", "i"})
_GUESSES = frozenset({CueClass.FEELING, CueClass.HEDGING})


def evidence_nouns() -> frozenset[str]:
    """Nouns that name evidence and not a speaker ("footage")."""
    return evidence_words()["evidence"]


def unnamed_sources() -> frozenset[str]:
    """Words for hearsay without a speaker ("rumours")."""
    return evidence_words()["unnamed"]


class Voices:
    """The speeches of one report, by token."""

    def __init__(
        self,
        doc: Doc,
        speeches: Sequence[AttributedSpeech],
        parties: Parties,
        theatre: Theatre | None,
        places: Sequence[PlaceMention] = (),
        publisher: str | None = None,
    ) -> None:
        self._doc = doc
        self._publisher = words_of(publisher or "")
        self.speeches = tuple(speeches)
        self._parties = parties
        self._theatre = theatre
        self._places = {
            t.i
            for p in places
            if p.kind not in ("country", None)
            for t in (doc.char_span(p.span.start, p.span.end, alignment_mode="expand") or ())
        }
        # Words of the names of those who speak otherwise than by a label.
        self._speakers = frozenset(
            word
            for s in self.speeches
            if s.rule != "colon"
            for word in (s.attribution.source_name or "").split()
        )
        self._at: dict[int, int] = {}
        self._called: dict[int, str | None] = {}
        self._fellows: dict[str, str | None] = {}
        # Each is asked for a speech's every clause, and by the speeches inside it.
        self._stances: dict[int, Stance] = {}
        self._is_own: dict[int, bool] = {}
        self._chains: dict[int, tuple[Source, ...]] = {}
        self._is_evidence: dict[int, bool] = {}
        labels = [self._is_place_label(s) for s in self.speeches]
        topics = [self._is_lone_noun(s) for s in self.speeches]
        if sum(topics) >= _LISTED:
            # "Police: …", "Hospital: …", "Press: …": one such word may speak, several are topics.
            labels = [known or topic for known, topic in zip(labels, topics, strict=True)]
        if sum(labels) >= _LISTED:
            # In a list of places a capital is a place like the others, and so is a name unlisted.
            labels = [known or self._is_bare_name(s) for known, s in zip(labels, self.speeches, strict=True)]
        said = [
            frozenset()
            if is_label or is_told_as_act(doc, s)
            else frozenset(i for first, last in s.content_tokens for i in range(first, last))
            for s, is_label in zip(self.speeches, labels, strict=True)
        ]
        # "The army denies this", "admitted the loss of the hill": where what is said is no clause, the clause
        # that tells it carries the claim.
        bare = [clause_of_bare(doc, s, content) for s, content in zip(self.speeches, said, strict=True)]
        self.content = tuple(content | clause for content, clause in zip(said, bare, strict=True))
        # A label that says where is a place like any other.
        self.own_words = tuple(
            frozenset((*s.cue_tokens, *(range(*s.source_tokens) if s.source_tokens and not is_label else ())))
            for s, is_label in zip(self.speeches, labels, strict=True)
        )
        # Inner speeches last, so that they win their tokens.
        for number in sorted(range(len(self.speeches)), key=lambda n: -len(self.content[n])):
            for token in self.content[number]:
                self._at[token] = number
        self.cues = frozenset(
            t
            for s, clause in zip(self.speeches, bare, strict=True)
            if not clause and not is_told_as_act(doc, s)
            for t in s.cue_tokens
        )

    def _is_place_label(self, speech: AttributedSpeech) -> bool:
        """Whether a label before a colon says where ("Dorn: all calm") and not who speaks.

        Names of towns that stand for a government are parties; other names of ground are no speakers.
        """
        if speech.rule != "colon" or speech.source_tokens is None:
            return False
        words = self._doc[slice(*speech.source_tokens)]
        head = words.root
        by_name = self._parties.of_phrase(head) or self._parties.named(words.text)
        is_role = any(is_speaking_role(t.lower_) for t in words)
        if by_name is not None or any(t.is_quote for t in self._doc[slice(*speech.content_tokens[0])][:1]):
            return False
        if head.pos_ == "NOUN" and head.ent_type_ not in ("GPE", "LOC", "FAC", "PERSON"):
            # "Border post 12: overrun", but "Palace: talks go on".
            return not is_role and bool(noun_classes().get(lemma_of(head), frozenset()) & _GROUND)
        if head.i in self._places:
            return True
        if is_role:
            return False
        is_name = head.ent_type_ in ("ORG", "PERSON") and not any(t.text.isupper() for t in words)
        if is_name and not self._has_verb(speech):
            # "Ain Dor: school burnt": who speaks does so in sentences, or between quotation marks.
            return True
        role = speech.source_role
        if head.ent_type_ in ("ORG", "NORP") or (role is not None and role not in words.text):
            return False
        # A person's name speaks; most other names at the head of a line say where its news is from.
        if head.ent_type_ != "PERSON" or any(t.dep_ == "cc" for t in words):
            return True
        return len(words) == 1 and not words.text.isupper() and words.text not in self._speakers

    def _is_lone_noun(self, speech: AttributedSpeech) -> bool:
        """Whether a label before a colon is one common noun, of no party and with no speech between marks."""
        if speech.rule != "colon" or speech.source_tokens is None:
            return False
        first, last = speech.source_tokens
        noun = self._doc[first]
        if last - first > 1 or noun.pos_ != "NOUN" or self._doc[speech.content_tokens[0][0]].is_quote:
            return False
        return self._parties.of_phrase(noun) is None and self._parties.named(noun.text) is None

    def _is_bare_name(self, speech: AttributedSpeech) -> bool:
        """Whether a label before a colon is a name alone, of no person and with no speech between marks."""
        if speech.rule != "colon" or speech.source_tokens is None:
            return False
        words = self._doc[slice(*speech.source_tokens)]
        first, last = speech.content_tokens[0]
        if words.start > 0 and self._doc[words.start - 1].lower_ == "by":
            # "By Arbin: two planes lost": the count is Arbin's.
            return False
        if len(words) > _NAME or any(t.pos_ != "PROPN" or is_speaking_role(t.lower_) for t in words):
            return False
        if any(t.is_quote or t.lower_ in _OWN for t in self._doc[first : min(last, first + _NEAR)]):
            return False
        if any(t.text in self._speakers or t.text.isupper() for t in words):
            return False
        is_town = any(t.i in self._places or t.ent_type_ in ("GPE", "LOC", "FAC") for t in words)
        party = self._parties.of_phrase(words.root) or self._parties.named(words.text)
        return is_town or (party is None and len(words) == 1)

    def _has_verb(self, speech: AttributedSpeech) -> bool:
        """Whether the first sentence after a label has a finite verb with a subject."""
        first, last = speech.content_tokens[0]
        end = min(last, self._doc[first].sent.end)
        return any(
            t.tag_ in ("VBD", "VBZ", "VBP", "MD")
            and (
                t.dep_ in ("aux", "auxpass") or any(c.dep_.startswith(("nsubj", "expl")) for c in t.children)
            )
            for t in self._doc[first:end]
        )

    def at(self, token: int) -> int | None:
        """The innermost speech whose content holds a token, or None in the publisher's own voice."""
        return self._at.get(token)

    def stance_of(self, number: int) -> Stance:
        """The stance that a speech's cue gives."""
        if number not in self._stances:
            self._stances[number] = self._find_stance(number)
        return self._stances[number]

    def _find_stance(self, number: int) -> Stance:
        speech = self.speeches[number]
        stance = STANCES.get(speech.cue_class, Stance.CLAIMED)
        if speech.cue_class is CueClass.REFUSING and is_withheld(self._doc, speech):
            return Stance.NO_COMMENT
        if speech.rule == "infinitive" and speech.cue_class is CueClass.NEUTRAL:
            # "told his men to hold the bridge": saying that somebody is to do a thing is an order.
            return Stance.ORDERED
        if speech.rule in ("infinitive", "raising") and stance is Stance.CLAIMED:
            # "asked them to leave" wants it of others, "hopes to reach the town" of oneself.
            stance = _WISHES.get(speech.cue_class, stance)
        if stance is Stance.CLAIMED and self.is_own_voice(number) and is_taken_back(self._doc, speech):
            return Stance.DENIED
        if stance is Stance.CLAIMED and self.is_own_voice(number):
            if speech.cue_class is CueClass.BELIEVING and speech.is_negated:
                return Stance.DENIED
            stance = Stance.SUGGESTED if speech.cue_class in _GUESSES else Stance.ASSERTED
        if (
            speech.rule != "rejection"
            and speech.is_negated
            and stance in (Stance.CLAIMED, Stance.CONFIRMED, Stance.DENIED)
        ):
            return negated_stance(self._doc, speech)
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
        if number not in self._is_own:
            self._is_own[number] = self._find_own_voice(number)
        return self._is_own[number]

    def _find_own_voice(self, number: int) -> bool:
        if self._outer(number) is not None:
            return False
        speech = self.speeches[number]
        if speech.source_tokens is None or speech.attribution.kind == "direct":
            return False
        return is_publishers_own(self._doc[slice(*speech.source_tokens)], self._publisher)

    def is_evidence(self, number: int) -> bool:
        """Whether a speech's source is footage and the like."""
        if number not in self._is_evidence:
            self._is_evidence[number] = self._find_evidence(number)
        return self._is_evidence[number]

    def _find_evidence(self, number: int) -> bool:
        speech = self.speeches[number]
        if speech.source_tokens is None:
            return False
        words = self._doc[slice(*speech.source_tokens)]
        heads = [
            w for w in words if not speech.source_tokens[0] <= w.head.i < speech.source_tokens[1]
        ] or list(words)
        return any(lemma_of(w) in evidence_nouns() for w in heads)

    def is_doubt(self, number: int) -> bool:
        """Whether a cue doubts what it brings ("doubts that", "does not believe that")."""
        speech = self.speeches[number]
        is_disbelief = speech.cue_class is CueClass.BELIEVING and speech.is_negated
        return speech.cue_class is CueClass.DOUBTING or is_disbelief

    def is_observer(self, number: int) -> bool:
        """Whether a speech's source watches and does not act: a channel, a blogger, an agency."""
        speech = self.speeches[number]
        role = (speech.source_role or "").lower().split()
        observers = evidence_words()["observers"]
        if any(w in observers for w in role):
            return True
        if speech.source_tokens is None:
            return False
        first, last = speech.source_tokens
        return any(
            lemma_of(t) in observers or t.lower_ in observers
            for t in self._doc[first:last]
            if t.dep_ not in ("amod", "poss") and t.pos_ in ("NOUN", "PROPN")
        )

    def chain(self, number: int | None) -> tuple[Source, ...]:
        """The sources above a speech's content, outermost first."""
        if number is None:
            return ()
        if number not in self._chains:
            self._chains[number] = self._find_chain(number)
        return self._chains[number]

    def _find_chain(self, number: int | None) -> tuple[Source, ...]:
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
            if outer is not None and source is not None and self._is_heading(outer):
                outer = None
            is_voice = (
                outer is None
                or speech.cue_class not in MINDS
                or self.speeches[outer].rule == ENTRY_RULE
                or self.source(outer) is None
            )
            if not self.is_evidence(number) and not self.is_own_voice(number):
                # Innermost first: whom the source quotes, the source, and who passes its words on.
                cited = find_cited(self._doc, speech.cue_head, speech.source_tokens)
                if cited is not None and source is not None:
                    found.append(self._link(cited))
                if source is not None and is_voice:
                    found.append(source)
                relayer = find_relayer(self._doc, speech.cue_head, speech.source_tokens, self._publisher)
                if relayer is not None and source is not None:
                    found.append(self._link(relayer))
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

    def _is_heading(self, number: int) -> bool:
        """Whether a label stands over what others say in its line, and says nothing itself."""
        speech = self.speeches[number]
        return speech.rule == "colon" and speech.source_role is None and speech.attribution.kind != "direct"

    def _link(self, name: str) -> Source:
        """One more source of a chain, by its name alone."""
        entry = None if self._theatre is None else self._theatre.find_source(name)
        side = entry.side if entry is not None else self._parties.named(name)
        if entry is None:
            return Source(name, None, None, side, None)
        return Source(name, entry.id, entry.role, side, None)

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
        if self._is_hearsay(speech):
            return None
        entry = None if self._theatre is None else self._theatre.find_source(name)
        side = (entry.side if entry is not None else None) or self._side(number)
        return Source(
            name=name,
            source_id=None if entry is None else entry.id,
            role=(entry.role if entry is not None else None) or speech.source_role,
            side=side,
            cue=attribution.cue,
        )

    def _is_hearsay(self, speech: AttributedSpeech) -> bool:
        """Whether a source names nobody: "unconfirmed reports", "rumours in the town"."""
        if speech.source_tokens is None:
            return False
        words = self._doc[slice(*speech.source_tokens)]
        if words.root.tag_ not in ("NNS", "NNPS") or lemma_of(words.root) not in evidence_words()["hearsay"]:
            return False
        return not any(t.dep_ == "poss" or t.lower_ in ("by", "from", "of") for t in words)

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
        for start, end in persons_in(span):
            is_apposed = any(t.dep_ == "appos" and not start <= t.head.i < end for t in self._doc[start:end])
            if start <= head.i < end or is_apposed:
                return self._doc[start:end].text.strip()
        comma = next((t.i for t in span if t.text in (",", "(", "–", "—") and t.i > head.i), last)
        return self._doc[first:comma].text.strip() or None

    def _side(self, number: int) -> str | None:
        speech = self.speeches[number]
        side = side_of_speech(self._parties, speech, lambda: self._source_words(number))
        return side or self._side_of_words(speech.attribution.source_name or self._source_words(number))

    def _side_of_words(self, name: str | None) -> str | None:
        """The side that all the words of a source speak for: "our men hold the hill"."""
        if not name:
            return None
        if name not in self._fellows:
            its = (n for n, s in enumerate(self.speeches) if s.attribution.source_name == name)
            said = frozenset().union(*(self.content[n] for n in its))
            self._fellows[name] = find_side_of_words(self._parties, said)
        return self._fellows[name]
