"""Where what a verb of saying governs begins and ends, when the parse alone does not say.

In: a tree, the verb, and what the parse hangs on it. Out: token spans or their ends.
"""

from __future__ import annotations

from whoholds.read.attribution.lexicon import source_words
from whoholds.read.attribution.spans import Span2, label_colon
from whoholds.read.attribution.tree import Tree

__all__ = ["TALLIES", "after_label", "figure_span", "front_span", "object_end", "turn_end"]

# Prepositions of where and when the saying was, not of what was said.
_FRAMES = frozenset({"at", "during", "after", "before", "since", "by", "until", "while", "because"})
_FIGURE = 16
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
        if tree.words[at] in (",", ";", ":") or tree.tag[at] in ("VBD", "VBZ", "VBP", "MD"):
            break
        if tree.lower[at] != words[tree.lemma[verb]] or tree.tag[at] not in ("IN", "TO"):
            continue
        noun = tree.kid(at, "pobj")
        first = verb + 1 if dobj is None else min(tree.left[dobj], verb + 1)
        if noun is None or not any(tree.tag[t] == "CD" for t in range(at + 1, tree.right[noun])):
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
