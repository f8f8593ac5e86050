"""How a speech is told: in the publisher's own voice, taken back, or with a mere noun for its content.

A speech with its parse enters; plain facts leave, from which `voices` makes chains and stances.
"""

from __future__ import annotations

import tomllib
from functools import lru_cache
from importlib.resources import files

from whoholds.model import Stance
from whoholds.read.attribution.types import AttributedSpeech, CueClass, Tense
from whoholds.read.claims.relays import is_publisher, words_of
from whoholds.read.events.lexicon import lemma_of
from whoholds.text.tokens import Doc, Span, Token

__all__ = [
    "MINDS",
    "clause_of_bare",
    "evidence_words",
    "is_publishers_own",
    "is_taken_back",
    "is_told_as_act",
    "is_withheld",
    "negated_stance",
    "persons_in",
]

MINDS = frozenset(
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

_BARE_RULES = frozenset({"object", "passive", "small", "figure"})
_ATTRIBUTES = frozenset({"acl", "relcl", "amod", "advcl", "pcomp"})
_LOOSE = frozenset({"conj", "cc", "advcl", "relcl", "parataxis", "ccomp", "punct"})
_LABELS = frozenset({CueClass.JUDGING, CueClass.ASKING, CueClass.AGREEING, CueClass.REFUSING})
_ACTS = frozenset({"propose", "offer", "cite", "quote", "name", "sign"})
"""Verbs of saying that with a bare object tell an act of politics, or a source."""
_CONTESTING = frozenset({"dispute", "contest", "contradict", "quarrel"})
_SAYING = frozenset({CueClass.NEUTRAL, CueClass.CLAIMING, CueClass.ADDING})
_BEFORE = frozenset({"earlier", "previous", "yesterday", "original"})
_CLAUSE = 200
_LEAD = 8
_LINE = 60


@lru_cache(maxsize=1)
def evidence_words() -> dict[str, frozenset[str]]:
    """The lists of `data/evidence.toml`, by name."""
    table = tomllib.loads((files("whoholds.read.claims") / "data" / "evidence.toml").read_text("utf-8"))
    return {name: frozenset(words) for name, words in table.items()}


def clause_of_bare(doc: Doc, speech: AttributedSpeech, content: frozenset[int]) -> frozenset[int]:
    """The clause of a cue whose content has no predicate ("The army denies this"), or nothing."""
    if speech.cue_head is None or not content or speech.rule not in _BARE_RULES:
        return frozenset()
    cue = doc[speech.cue_head]
    if cue.pos_ != "VERB" or cue.dep_ in _ATTRIBUTES or _is_act(doc, speech, cue):
        return frozenset()
    if any(_is_predicate(doc[i]) for i in content):
        return frozenset()
    found = {cue.i}
    stack = [cue]
    while stack and len(found) < _CLAUSE:
        for child in stack.pop().children:
            if child.dep_ not in _LOOSE:
                found.add(child.i)
                stack.append(child)
    return frozenset(found)


def is_told_as_act(doc: Doc, speech: AttributedSpeech) -> bool:
    """Whether agreeing, refusing or offering to do something is told as an act of politics, and no saying."""
    if speech.cue_head is None or speech.attribution.nested_in is not None:
        return False
    if speech.rule == "object" and speech.cue_class is CueClass.DENYING:
        # "rejected the offer" turns it down, "rejected the claim" says that it is not so.
        said = doc[slice(*speech.content_tokens[0])].root
        return said.pos_ == "NOUN" and lemma_of(said) in evidence_words()["offers"]
    if speech.rule != "infinitive":
        return False
    if speech.cue_class is CueClass.REFUSING:
        return not is_withheld(doc, speech)
    return speech.cue_class is CueClass.AGREEING or lemma_of(doc[speech.cue_head]) == "offer"


def is_withheld(doc: Doc, speech: AttributedSpeech) -> bool:
    """Whether what is refused is to speak: "declined to discuss it", "refused to be drawn"."""
    if not speech.content_tokens:
        return False
    words, lists = doc[slice(*speech.content_tokens[0])], evidence_words()
    verb = next((t for t in words if t.pos_ == "VERB"), None)
    if verb is None:
        return False
    if lemma_of(verb) in ("give", "provide", "release", "offer"):
        return any(c.dep_ == "dobj" and lemma_of(c) in lists["information"] for c in verb.children)
    return lemma_of(verb) in lists["speaking"]


def _is_act(doc: Doc, speech: AttributedSpeech, cue: Token) -> bool:
    """Whether a cue without a clause is told as an act ("agreed a truce"), or only labels something."""
    kind = speech.cue_class
    if speech.source_tokens is not None and doc[speech.source_tokens[0]].lower_ in ("we", "i"):
        return kind in (CueClass.FEELING, CueClass.DENYING) or kind in _LABELS
    if kind in _LABELS or lemma_of(cue) in _ACTS or (kind in MINDS and speech.source_tokens is None):
        return True
    if kind is CueClass.ORDERING:
        return not speech.is_passive or speech.attribution.nested_in is not None
    return kind is CueClass.SHOWING and speech.is_passive


def _is_predicate(token: Token) -> bool:
    """Whether a token is a verb that states something, and no mere attribute of a noun."""
    if token.pos_ not in ("VERB", "AUX") or token.dep_ in ("amod", "compound", "aux", "auxpass"):
        return False
    if token.dep_ in ("dobj", "pobj", "nsubj", "nsubjpass"):
        return False
    if token.dep_ not in ("acl", "relcl"):
        return True
    return any(c.dep_ in ("nsubj", "nsubjpass", "mark") for c in token.children)


def is_publishers_own(words: Span, publisher: tuple[str, ...]) -> bool:
    """Whether a source is the publisher: "we", "our correspondent", "this page", its own name, its reporter.

    Args:
        words: The source.
        publisher: `relays.words_of` the publisher.
    """
    first = words[0].lower_
    if first in ("we", "i"):
        return len(words) == 1
    if publisher and is_publisher(words.text.removeprefix("The ").removeprefix("the "), publisher):
        return True
    lists, head = evidence_words(), words.root
    if publisher and head.i > words.start and lemma_of(head) in lists["newsroom"]:
        owner = set(words_of(words.doc[words.start : head.i].text.replace("\u2019", "'").removesuffix("'s")))
        if owner and owner <= set(publisher):
            return True
    if _is_earlier_work(words):
        return True
    own = {lemma_of(t) for t in words}
    return first in ("our", "this", "my") and bool(
        own & (lists["newsroom"] | lists["works"]) or len(words) == 1
    )


def is_taken_back(doc: Doc, speech: AttributedSpeech) -> bool:
    """Whether the publisher takes back what it said: under "Correction", or before "That was wrong"."""
    if speech.cue_head is None or speech.tense is not Tense.PAST or speech.cue_class not in _SAYING:
        return False
    cue, lists = doc[speech.cue_head], evidence_words()
    if speech.source_tokens is not None and _is_earlier_work(doc[slice(*speech.source_tokens)]):
        return True
    start = cue.i
    while start > 0 and "\n" not in doc[start - 1].text and cue.i - start < _LINE:
        start -= 1
    lead = {t.lower_ for t in doc[start : min(start + _LEAD, cue.i)]}
    if lead & lists["corrections"] or (lead & _BEFORE and lead & lists["works"]):
        return True
    end = cue.sent.end
    if end >= len(doc) or "\n" in doc[end - 1].text:
        return False
    after = doc[end].sent
    return after.text.startswith("No such") or any(lemma_of(t) in lists["taking_back"] for t in after)


def negated_stance(doc: Doc, speech: AttributedSpeech) -> Stance:
    """What a "not" makes of a cue of saying, confirming or denying: silence mostly.

    "Did not confirm" and "has not denied" say nothing either way; "does not believe" and "does not accept"
    deny, "does not dispute" grants.
    """
    if speech.cue_class in (CueClass.BELIEVING, CueClass.AGREEING):
        return Stance.DENIED
    if speech.cue_class is CueClass.DENYING and speech.cue_head is not None:
        cue = doc[speech.cue_head]
        is_now = any(c.dep_ == "aux" and c.lower_ in ("do", "does") for c in cue.children)
        if is_now or lemma_of(cue) in _CONTESTING:
            return Stance.CONFIRMED
    return Stance.NO_COMMENT


def _is_earlier_work(words: Span) -> bool:
    """ "an earlier entry", "yesterday's post": what the publisher wrote before."""
    if lemma_of(words.root) not in evidence_words()["works"] or not any(t.lower_ in _BEFORE for t in words):
        return False
    # "an earlier report by the mission" is another's.
    return not any(t.pos_ == "PROPN" or t.lower_ in ("by", "from") for t in words)


def persons_in(span: Span) -> list[tuple[int, int]]:
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
