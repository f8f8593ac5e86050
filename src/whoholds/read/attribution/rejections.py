"""Rejections by a predicate: "Reports that the town fell are premature", "There is no truth in the claim".

In: a tree and the drafts of nouns that attribute. Out: drafts of class `denying`, without a source: whoever
speaks there rejects what the noun brings in.
"""

from __future__ import annotations

from collections.abc import Iterator, Sequence

from whoholds.read.attribution.draft import Draft
from whoholds.read.attribution.lexicon import source_words
from whoholds.read.attribution.spans import Span2, trim
from whoholds.read.attribution.tree import Tree
from whoholds.read.attribution.types import CueClass

__all__ = ["read_rejections"]


def read_rejections(tree: Tree, nouns: Sequence[Draft]) -> Iterator[Draft]:
    """Drafts of predicates that call a report, claim or rumour untrue.

    Args:
        tree: The text.
        nouns: Drafts of the nouns, one of which is what is rejected.
    """
    for draft in nouns:
        noun = draft.cue_head
        if noun is None or not draft.content:
            continue
        whole: Span2 = (tree.left[noun], max(tree.right[noun], draft.content[0][1]))
        cue = _predicate(tree, noun) or _no_truth(tree, noun)
        content = trim(tree, whole)
        if cue is None or content is None or (content[0] < cue[1] and cue[0] < content[1]):
            continue
        yield Draft("rejection", CueClass.DENYING, cue, cue[1] - 1, None, None, [content])


def _predicate(tree: Tree, noun: int) -> Span2 | None:
    """The predicate that calls a noun's claim false: "are premature", "do not correspond to reality"."""
    if tree.dep[noun] not in ("nsubj", "nsubjpass"):
        return None
    verb, false = tree.head[noun], source_words()["false"]
    if verb < noun:
        return None
    if tree.lemma[verb] in ("be", "prove", "remain"):
        state = tree.kid(verb, "acomp", "attr")
        if state is None or tree.lemma[state] not in false or tree.kid(verb, "neg") is not None:
            return None
        return verb, state + 1
    if tree.lemma[verb] in ("correspond", "match", "reflect", "hold") and tree.kid(verb, "neg") is not None:
        first = tree.kid(verb, "aux") or verb
        return first, verb + 1
    return None


def _no_truth(tree: Tree, noun: int) -> Span2 | None:
    """ "there is no truth in reports that …": the copula and its noun."""
    preposition = tree.head[noun]
    if tree.dep[noun] != "pobj" or tree.lower[preposition] not in ("in", "to", "for", "behind"):
        return None
    thing = tree.head[preposition]
    if tree.lemma[thing] in ("be",):
        thing = tree.kid(thing, "attr") or thing
    det = tree.kid(thing, "det")
    if tree.lemma[thing] not in ("truth", "basis", "evidence", "substance", "foundation") or det is None:
        return None
    if tree.lower[det] != "no":
        return None
    return det, thing + 1
