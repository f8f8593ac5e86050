"""Where what a verb of saying governs begins and ends, when the parse alone does not say.

In: a tree, the verb, and what the parse hangs on it. Out: token spans or their ends.
"""

from __future__ import annotations

from whoholds.read.attribution.lexicon import source_words
from whoholds.read.attribution.spans import Span2, label_colon
from whoholds.read.attribution.tree import FINITE_TAGS, NOUN_TAGS, Tree

__all__ = ["TALLIES", "after_label", "figure_span", "front_span", "lost_subject", "object_end", "turn_end"]

# Prepositions of where and when the saying was, not of what was said.
_FRAMES = frozenset({"at", "during", "after", "before", "since", "by", "until", "while", "because"})
_FIGURE = 16
_ROUND = frozenset({"dozen", "score", "hundred", "thousand", "half", "third", "quarter", "zero", "nil"})
_SUBJECT = 24
"""How far before a verb its lost subject may begin, in tokens."""
_CLAUSE_MARKS = frozenset({",", ";", ":", "—", "–", "--", "(", ")"})
_OPENS_NOUN = frozenset({"DT", "PRP$", "CD"})
_IN_NOUN = frozenset({"DT", "PRP$", "PRP", "JJ", "JJR", "JJS", "CD", "POS", "HYPH"})
TALLIES = frozenset({"number", "toll", "figure", "count", "estimate", "tally", "total"})
_SUBJECTS = ("nsubj", "nsubjpass", "csubj")


def turn_end(tree: Tree, head: int, verb: int) -> int:
    """Where a sentence leaves the words of a speaker inside it: "A fell, X said, but B has not answered"."""
    for kid in tree.kids_with(head, "conj"):
        but = next((k for k in tree.kids_with(head, "cc") if verb < k < kid), None)
        if but is not None and tree.lower[but] == "but" and tree.kid(kid, *_SUBJECTS) is not None:
            return but
    return tree.right[head]


def figure_span(tree: Tree, verb: int, dobj: int | None) -> Span2 | None:
    """What is put at a number ("put the dead at nine", "raised to seven the number of dead"), or None."""
    words = {"put": "at", "estimate": "at", "raise": "to"}
    if tree.lemma[verb] == "raise" and (dobj is None or tree.lemma[dobj] not in TALLIES):
        return None
    last = tree.sentences[tree.sentence[verb]][1]
    for at in range(verb + 1, min(verb + _FIGURE, last)):
        if tree.words[at] in (",", ";", ":") or tree.tag[at] in ("VBZ", "VBP", "MD"):
            # A participle may pass for a past tense: "put the ground won back at nine hills".
            break
        if tree.lower[at] != words[tree.lemma[verb]] or tree.tag[at] not in ("IN", "TO"):
            continue
        noun = tree.kid(at, "pobj")
        first = verb + 1 if dobj is None else min(tree.left[dobj], verb + 1)
        if noun is None or not any(
            tree.tag[t] == "CD" or tree.lemma[t] in _ROUND for t in range(at + 1, tree.right[noun])
        ):
            quoted = at + 1 < last and tree.quote[at + 1] >= 0
            if not quoted:
                continue
        end = tree.right[noun] if noun is not None else at + 2
        if dobj is not None:
            end = max(end, tree.right[dobj] if dobj > at else end)
        if end > first:
            return first, min(end, last)
    return None


def after_label(tree: Tree, span: Span2) -> Span2:
    """A content without the label at the head of its line ("The mission: convoys pass, she said")."""
    colon = label_colon(tree, span[0])
    return (colon + 1, span[1]) if colon is not None and colon + 1 < span[1] else span


def front_span(tree: Tree, span: Span2, verb: int) -> Span2:
    """What stands before ", X said", where the parse gave its last clauses to the verb of saying."""
    last = span[1]
    for kid in tree.kids[verb]:
        if last <= kid < verb and tree.dep[kid] in ("ccomp", "conj", "cc", "punct", "advcl", "dep"):
            if tree.words[kid] in (";", ":"):
                break
            last = max(last, tree.right[kid])
    return span[0], min(last, verb)


def object_end(tree: Tree, verb: int, last: int) -> int:
    """The end of an object with the phrases after it that the parse gave to the verb, days and times apart.

    What is praised or condemned is seldom the bare noun: "hailed the reopening of the port as …".
    """
    for kid in tree.kids[verb]:
        if tree.left[kid] != last or tree.dep[kid] != "prep":
            continue
        noun = tree.kid(kid, "pobj", "pcomp")
        if noun is None or tree.entity[noun] in ("DATE", "TIME") or tree.lower[kid] in _FRAMES:
            break
        if tree.lower[kid] in ("in", "on", "via", "through") and tree.lemma[noun] in source_words()["media"]:
            break
        last = tree.right[kid]
    return last


def lost_subject(tree: Tree, verb: int) -> tuple[Span2, int] | None:
    """Who stands before a finite verb to which the parse gave no subject, and its noun; or None.

    "In Lisbon an envoy, Adam Berg, insisted that …": what stands before the verb, asides between commas too.
    """
    first = tree.sentences[tree.sentence[verb]][0]
    lowest = max(first, verb - _SUBJECT)
    end = verb
    if tree.words[verb - 1] == ",":
        comma = next((t for t in range(verb - 2, lowest, -1) if tree.words[t] in _CLAUSE_MARKS), None)
        if comma is None or tree.words[comma] != ",":
            return None
        end = comma
    start = next((t + 1 for t in range(end - 1, lowest - 1, -1) if tree.words[t] in _CLAUSE_MARKS), first)
    if start < lowest or start >= end:
        return None
    opens = [t for t in range(start + 1, end) if tree.tag[t] in _OPENS_NOUN and tree.tag[t - 1] in NOUN_TAGS]
    if opens:
        start = opens[-1]
    elif tree.tag[start] in ("IN", "CC", "RB", "WRB", "TO"):
        return None
    at = start
    while at < end and (tree.tag[at] in NOUN_TAGS or tree.tag[at] in _IN_NOUN):
        at += 1
    nouns = [t for t in range(start, at) if tree.tag[t] in NOUN_TAGS or tree.tag[t] == "PRP"]
    if not nouns or any(tree.tag[t] in FINITE_TAGS or tree.tag[t] == "MD" for t in range(start, end)):
        return None
    if any(tree.quote[t] >= 0 for t in (start, verb - 1)):
        return None
    has_name = end < verb and any(tree.tag[t] in ("NNP", "NNPS") for t in range(end + 1, verb - 1))
    # An apposition goes with its commas, as elsewhere.
    return (start, verb if has_name and tree.tag[end + 1] in NOUN_TAGS else end), nouns[-1]
