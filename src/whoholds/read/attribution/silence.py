"""Silence: who was asked and said nothing, and on what.

In: a tree. Out: drafts of class `silence`; the content is what is not answered, and may be missing.
"""

from __future__ import annotations

from collections.abc import Iterator

from whoholds.read.attribution.draft import Draft
from whoholds.read.attribution.lexicon import verbs
from whoholds.read.attribution.quotes import Region, stands_in_speech
from whoholds.read.attribution.spans import Span2, cue_span, source_span, trim
from whoholds.read.attribution.tree import FINITE_TAGS, NOUN_TAGS, VERB_TAGS, Tree
from whoholds.read.attribution.types import CueClass
from whoholds.read.attribution.verbal import find_subject, may_speak

__all__ = ["read_silence"]

_SPEAKING = frozenset(
    {"comment", "respond", "reply", "answer", "remark", "elaborate", "react", "confirm", "deny"}
)
_STAYING = frozenset({"remain", "stay", "keep", "be"})
_SILENT = frozenset({"silent", "mum", "quiet", "tight-lipped", "noncommittal", "mute", "taciturn"})
_WITHHOLDING = frozenset({"decline", "refuse", "fail"})
_TELLING = frozenset({"say", "tell", "reveal", "disclose", "explain"})
_UNTOLD = frozenset({*_TELLING, "discuss", "specify", "name", "identify", "elaborate", "speculate"})
_WILL = frozenset({"will", "would", "wo"})
_INTO = frozenset(
    {"figure", "loss", "detail", "number", "casualty", "reason", "date", "timing", "it", "that"}
)
"""What one "would not go into" is talk; into a town is a march."""
_GIVING = frozenset({"make", "offer", "give", "have", "provide", "issue", "publish", "release"})
_WORDS = frozenset(
    {"comment", "answer", "response", "reply", "statement", "mention", "explanation", "reaction"}
)
_PARTICULARS = frozenset({"figure", "reason", "detail", "number", "name", "toll", "date", "breakdown"})
"""What is not given by who keeps it to himself; he may have none."""
_KEEPING = frozenset({"give", "offer", "provide", "publish", "release"})
_SIGNS = frozenset({"nod", "shake", "point", "list", "laugh", "be", "have", "hold", "raise", "show", "draw"})
"""What one does to answer without a word, and what tells of how things are."""
_TAKING = frozenset({"accept", "agree", "confirm", "deny", "reject", "decline", "refuse", "admit"})
_NO_WORD = frozenset({"comment", "response", "reply", "answer", "word", "reaction"})
_FRAGMENT = 12
"""How far from "no word" who is silent may stand, in tokens."""
_IDIOMS = {
    "leave": frozenset({"unanswered"}),
    "hold": frozenset({"tongue"}),
    "change": frozenset({"subject"}),
    "drop": frozenset({"subject"}),
    "dodge": frozenset({"question", "questions"}),
    "duck": frozenset({"question", "questions"}),
    "evade": frozenset({"question", "questions"}),
    "ignore": frozenset({"question", "questions", "request", "requests"}),
}
"""Verbs that with one of these nouns or adjectives mean to say nothing: "dodged the question"."""
_IDIOM = 6
_ABOUT = frozenset({"on", "about", "to", "over", "as", "regarding", "concerning", "into", "of", "for"})


def read_silence(tree: Tree, regions: list[Region]) -> Iterator[Draft]:
    """Drafts of silence, the verb of speaking or staying silent as cue head."""
    for speaking, tag in enumerate(tree.tag):
        verb = speaking
        is_noun = tag == "NN" and tree.lemma[verb] in _NO_WORD
        if not (is_noun or tag in VERB_TAGS) or tree.is_furniture[verb]:
            continue
        if stands_in_speech(tree, regions, verb):
            continue
        if is_noun:
            nobody = _no_word_from(tree, verb)
            if nobody is not None:
                yield nobody
            continue
        if tree.lower[verb] == "asked" and tag == "VBN":
            in_vain = _asked_in_vain(tree, verb)
            if in_vain is not None:
                yield in_vain
            continue
        cue = _silent_cue(tree, verb)
        if cue is None:
            continue
        governor = _governor(tree, verb)
        subject = find_subject(tree, governor)
        if subject is None:
            subject = _fronted_subject(tree, governor)
        if subject is None or tree.dep[subject] == "expl" or not may_speak(tree, subject):
            continue
        source = source_span(tree, subject, before=cue[0])
        if source[1] > cue[0]:
            continue
        if governor != verb and tree.lemma[governor] in _WITHHOLDING:
            # What is declined is the content, as with any other verb of refusing.
            last = cue_span(tree, governor)[1]
            whole = trim(tree, (tree.left[verb], tree.right[verb]))
            content: Span2 | None = None if whole is None else (max(whole[0], last), whole[1])
            verb = governor
        else:
            content, last = _topic(tree, verb, cue[1])
        yield Draft(
            "silence",
            CueClass.SILENCE,
            (cue[0], last),
            verb,
            source,
            subject,
            [] if content is None else [content],
        )


def _asked_in_vain(tree: Tree, asked: int) -> Draft | None:
    """ "Asked about the losses, the major looked at the ceiling": who is asked and does not say a word."""
    first, last = tree.sentences[tree.sentence[asked]]
    verb = tree.head[asked]
    if any(tree.is_word(t) for t in range(first, asked)) or tree.dep[asked] not in ("advcl", "acl"):
        return None
    if verb < asked:
        # The parse may hang the question on who was asked.
        return None
    if tree.dep[verb] in ("nsubj", "nsubjpass"):
        verb = tree.head[verb]
    subject = tree.kid(verb, "nsubj")
    if subject is None or tree.tag[verb] not in FINITE_TAGS or tree.kid(verb, "neg") is not None:
        return None
    if tree.lemma[verb] in _SIGNS or not asked < subject < verb or not may_speak(tree, subject):
        return None
    told = range(tree.left[subject], last)
    if any(tree.quote[t] >= 0 or tree.words[t] == ":" or tree.lemma[t] in verbs() for t in told):
        return None
    if last < len(tree) and tree.quote[last] >= 0 and tree.paragraph[last] == tree.paragraph[asked]:
        return None
    comma = next((t for t in range(subject, asked, -1) if tree.words[t] == ","), None)
    topic = asked + 1 + (tree.lower[asked + 1] in _ABOUT)
    if comma is None or topic >= comma:
        return None
    source = source_span(tree, subject, before=verb)
    content = trim(tree, (topic, comma))
    cue = cue_span(tree, verb, floor=subject)
    pieces = [] if content is None else [content]
    return Draft("silence", CueClass.SILENCE, cue, verb, source, subject, pieces)


def _no_word_from(tree: Tree, noun: int) -> Draft | None:
    """ "There was no comment from the ministry", "From them, not a word": who is silent follows "from"."""
    det = tree.kid(noun, "det")
    if det is None:
        return None
    is_none = tree.lower[det] == "no" or (tree.lower[det] == "a" and tree.lower[det - 1] == "not")
    verb = tree.head[noun]
    if not is_none or (verb != noun and (tree.lemma[verb] != "be" or tree.kid(verb, "expl") is None)):
        return None
    first = det - (tree.lower[det] == "a")
    sentence = tree.sentences[tree.sentence[noun]]
    for at in range(max(sentence[0], first - _FRAGMENT), min(sentence[1], noun + _FRAGMENT)):
        named = tree.kid(at, "pobj") if tree.lower[at] in ("from", "by") else None
        if named is not None and may_speak(tree, named):
            after = source_span(tree, named, before=at)[1]
            content = next(
                (
                    trim(tree, (t + 1, tree.right[t]))
                    for t in range(noun + 1, min(sentence[1], after + 2))
                    if tree.dep[t] == "prep" and tree.lower[t] in _ABOUT
                ),
                None,
            )
            source = source_span(tree, named, before=at)
            if content is not None and source[0] < content[0] < source[1]:
                source = (source[0], content[0] - 1)
            pieces = [] if content is None else [content]
            return Draft("silence", CueClass.SILENCE, (first, noun + 1), noun, source, named, pieces)
    return None


def _governor(tree: Tree, verb: int) -> int:
    """The verb that has the subject: of "has yet to respond", "declined to comment"."""
    if tree.dep[verb] == "xcomp":
        return tree.head[verb]
    if tree.dep[verb] == "advcl" and tree.lower[max(verb - 2, 0)] == "yet":
        return tree.head[verb]
    return verb


def _fronted_subject(tree: Tree, verb: int) -> int | None:
    """ "About these the palace has nothing to say": the noun before the verb, hung on "about"."""
    before = verb - 1
    is_noun = before > 0 and tree.tag[before] in NOUN_TAGS and tree.dep[before] == "pobj"
    return before if is_noun and tree.lower[tree.left[tree.head[before]]] in _ABOUT else None


def _silent_cue(tree: Tree, verb: int) -> Span2 | None:
    lemma = tree.lemma[verb]
    if lemma in _STAYING:
        state = next(
            (k for k in tree.kids_with(verb, "acomp", "oprd", "advcl", "dobj") if tree.lower[k] in _SILENT),
            None,
        )
        counsel = tree.kid(verb, "dobj")
        if state is None and lemma == "keep" and counsel is not None and tree.lemma[counsel] == "counsel":
            return cue_span(tree, verb)[0], counsel + 1
        if state is not None and verb < state <= verb + 3:
            if tree.lower[state] == "quiet" and not _has_topic(tree, verb, state):
                # "The town is quiet" tells of no fighting.
                return None
            return cue_span(tree, verb)[0], state + 1
        return None
    will_not = tree.kid(verb, "neg") is not None and any(
        tree.lower[k] in _WILL for k in tree.kids_with(verb, "aux")
    )
    if will_not and _is_withheld(tree, verb):
        return cue_span(tree, verb)[0], verb + 1
    if lemma in _IDIOMS:
        within = range(verb + 1, min(verb + _IDIOM, tree.sentences[tree.sentence[verb]][1]))
        thing = next((t for t in within if tree.lower[t] in _IDIOMS[lemma]), None)
        return None if thing is None else (cue_span(tree, verb)[0], thing + 1)
    if lemma in _TELLING:
        if lemma == "say" and tree.lower[verb + 1 : verb + 5] == ["neither", "yes", "nor", "no"]:
            return cue_span(tree, verb)[0], verb + 5
        nothing = tree.kid(verb, "dobj")
        if nothing is not None and tree.lower[nothing] in ("nothing", "little") and nothing > verb:
            return cue_span(tree, verb)[0], nothing + 1
        why = tree.kid(verb, "advmod", "ccomp")
        if (
            why is not None
            and tree.lower[why] in ("why", "how", "when")
            and tree.kid(verb, "neg") is not None
        ):
            return cue_span(tree, verb)[0], verb + 1
        return None
    if lemma in _GIVING:
        thing = tree.kid(verb, "dobj")
        if thing is None or thing < verb:
            return None
        if lemma == "have" and tree.lower[thing] == "nothing":
            said = tree.kid(thing, "relcl", "acl", "advcl")
            is_said = said is not None and tree.lemma[said] in ("say", "add", "report")
            return (cue_span(tree, verb)[0], said + 1) if said is not None and is_said else None
        is_word = tree.lemma[thing] in _WORDS
        if is_word or (lemma in _KEEPING and tree.lemma[thing] in _PARTICULARS):
            det = tree.kid(thing, "det")
            word = None if det is None else tree.lower[det]
            if word == "no" or (word == "any" and tree.kid(verb, "neg") is not None):
                return cue_span(tree, verb)[0], thing + 1
        return None
    if lemma not in _SPEAKING and lemma not in _TAKING:
        return None
    if lemma in _TAKING:
        neither = tree.kid(verb, "preconj", "cc")
        if neither is None or tree.lower[neither] not in ("neither", "nor"):
            return None
        other = tree.kid(verb, "conj")
        if other is None or tree.lemma[other] not in _TAKING:
            return None
        first = cue_span(tree, verb)[0]
        while first > 0 and (
            tree.head[first - 1] == verb and tree.dep[first - 1] in ("preconj", "cc", "aux")
        ):
            first -= 1
        return first, other + 1
    if tree.kid(verb, "neg") is not None or _is_neither(tree, verb):
        return cue_span(tree, verb)[0], verb + 1
    head = tree.head[verb]
    if tree.dep[verb] == "xcomp" and lemma in ("comment", "respond", "reply", "answer", "elaborate", "react"):
        if tree.lemma[head] in _WITHHOLDING:
            return cue_span(tree, head)[0], verb + 1
        if tree.lemma[head] == "have" and any(tree.lower[t] == "yet" for t in range(head, verb)):
            return head, verb + 1
    if (
        head != verb
        and tree.lower[max(verb - 2, 0) : verb].count("yet")
        and tree.lemma[head] in ("have", "be")
    ):
        return head, verb + 1
    between = tree.lower[max(verb - 4, 0) : verb]
    if "yet" in between and "to" in between:
        first = verb
        while first > max(verb - 5, 0) and tree.lemma[first] not in ("have", "be"):
            first -= 1
        if tree.lemma[first] in ("have", "be"):
            return first, verb + 1
    return None


def _is_withheld(tree: Tree, verb: int) -> bool:
    """Whether what somebody would not do is to speak: "would not say", "would not be drawn"."""
    lemma = tree.lemma[verb]
    if lemma in _UNTOLD:
        return tree.kid(verb, "auxpass") is None
    if lemma == "give":
        given = tree.kid(verb, "dobj")
        return given is not None and tree.lemma[given] in _PARTICULARS | {"count", "list"}
    if lemma == "draw":
        return tree.kid(verb, "auxpass") is not None
    if lemma != "go":
        return False
    into = next((k for k in tree.kids_with(verb, "prep") if tree.lower[k] == "into"), None)
    noun = None if into is None else tree.kid(into, "pobj")
    return noun is not None and tree.lemma[noun] in _INTO


def _has_topic(tree: Tree, verb: int, state: int) -> bool:
    return any(tree.lower[k] in ("on", "about", "over") for k in (*tree.kids[verb], *tree.kids[state]))


def _is_neither(tree: Tree, verb: int) -> bool:
    """Whether nobody speaks: "neither side would comment", "no official would answer"."""
    subject = tree.kid(verb, "nsubj")
    det = None if subject is None else tree.kid(subject, "det")
    return det is not None and tree.lower[det] in ("neither", "no")


def _topic(tree: Tree, verb: int, after: int) -> tuple[Span2 | None, int]:
    """What is not answered, and where the cue ends (with the preposition)."""
    stack = [*tree.kids[verb], *(g for k in tree.kids[verb] for g in tree.kids[k])]
    for kid in stack:
        if kid >= after and kid <= after + 2 and tree.dep[kid] == "prep" and tree.lower[kid] in _ABOUT:
            content = trim(tree, (kid + 1, tree.right[kid]))
            if content is not None:
                return content, kid + 1
    thing = tree.kid(verb, "dobj", "ccomp")
    if thing is not None and thing >= after:
        return trim(tree, (tree.left[thing], tree.right[thing])), after
    return None, after
