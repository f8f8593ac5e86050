"""How certain a text is of each of its events.

A parse as lists enters; each word that tells something (verb, predicate, noun) with its value leaves. The
value is that of the innermost speaker's own words: "she said that it fell" is as certain as she is. What is
asked, demanded or wanted is open, what is planned or tried possible, and what a word presupposes stands
whatever is denied above it.
"""

from __future__ import annotations

from whoholds.model import EventCertainty, Span
from whoholds.read.attribution.tree import VERB_TAGS, Tree
from whoholds.read.certainty.judge import judge_words
from whoholds.read.certainty.lexicon import is_happening

__all__ = ["extract_certainty"]

_AUXILIARIES = frozenset({"aux", "auxpass"})
_NOUN_TAGS = frozenset({"NN", "NNS"})
_ARGUMENTS = frozenset({"nsubj", "nsubjpass", "dobj", "pobj"})


def extract_certainty(tree: Tree) -> tuple[EventCertainty, ...]:
    """The event words of a text, in order, each with its certainty.

    Args:
        tree: The parse as lists.
    """
    values = judge_words(tree)
    text = tree.parsed.text
    return tuple(
        EventCertainty(Span.of(text, tree.start[i], tree.end[i]), values[i])
        for i in range(len(tree))
        if _is_event(tree, i) and not tree.is_furniture[i]
    )


def _is_event(tree: Tree, token: int) -> bool:
    tag = tree.tag[token]
    if tag in VERB_TAGS:
        return tree.dep[token] not in _AUXILIARIES
    if tag in _NOUN_TAGS:
        # A noun tells that what it names happened or is there; inside a name, a date or a figure only that of
        # a happening does, and before another noun it only says of what sort that is.
        is_plain = not tree.entity[token] and tree.dep[token] not in ("compound", "npadvmod")
        return is_plain or is_happening(tree.lemma[token])
    if tag == "DT":
        # "This ended the siege": a demonstrative by itself points to what was told.
        return tree.dep[token] in _ARGUMENTS
    return tree.dep[token] in ("acomp", "oprd")
