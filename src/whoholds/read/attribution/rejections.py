"""Rejections by a predicate: "Reports that the town fell are false", "It is not true that …".

In: a tree. Out: drafts of class `denying`. One without a source is the word of whoever speaks there.
"""

from __future__ import annotations

from collections.abc import Iterator

from whoholds.read.attribution.draft import Draft
from whoholds.read.attribution.lexicon import source_words
from whoholds.read.attribution.nominal import find_claim
from whoholds.read.attribution.spans import Span2, cue_span, source_span, trim
from whoholds.read.attribution.tree import Tree
from whoholds.read.attribution.types import CueClass
from whoholds.read.attribution.verbal import find_subject, is_passive

__all__ = ["read_rejections"]

_LABELLING = frozenset({"call", "brand", "label", "term", "dub", "deem", "describe", "dismiss", "reject"})
_TAKING_BACK = frozenset({"withdraw", "retract", "rescind"})
_TRUE = frozenset({"true", "correct", "accurate", "right", "case"})
_SIGNS = frozenset({"evidence", "proof", "sign", "indication"})
_LONGEST_END = 4


def read_rejections(tree: Tree) -> Iterator[Draft]:
    """Drafts of predicates that call a report, claim or rumour untrue."""
    for token in range(len(tree)):
        if tree.is_furniture[token] or tree.quote[token] >= 0:
            continue
        draft = _of_state(tree, token) if tree.dep[token] in ("acomp", "attr") else None
        if draft is None and tree.lemma[token] in _SIGNS:
            draft = _of_missing(tree, token)
        if draft is None and tree.tag[token] in ("NN", "NNS", "NNPS", "VBZ"):
            claim = find_claim(tree, token)
            draft = None if claim is None else _of_noun(tree, token, claim)
        if draft is not None:
            yield draft


def _of_state(tree: Tree, state: int) -> Draft | None:
    """ "It is not true that …", "it is false that …": the clause is rejected."""
    verb = tree.head[state]
    if tree.lemma[verb] != "be":
        return None
    false, negated = source_words()["false"], tree.kid(verb, "neg") is not None
    if not (tree.lemma[state] in _TRUE if negated else tree.lemma[state] in false):
        return None
    clause = tree.kid(verb, "ccomp", "csubj") or tree.kid(state, "ccomp")
    if clause is None or clause < state or tree.lower[tree.left[clause]] != "that":
        return None
    content = trim(tree, (tree.left[clause], tree.right[clause]))
    if content is None:
        return None
    return Draft("rejection", CueClass.DENYING, (verb, state + 1), verb, None, None, [content])


def _of_missing(tree: Tree, sign: int) -> Draft | None:
    """ "There is no evidence that …": the clause is rejected."""
    verb, det = tree.head[sign], tree.kid(sign, "det")
    if det is None or tree.lower[det] != "no" or tree.lemma[verb] != "be" or tree.kid(verb, "expl") is None:
        return None
    clause = tree.kid(sign, "acl", "ccomp", "relcl") or tree.kid(verb, "ccomp")
    if clause is None or clause < sign or tree.lower[tree.left[clause]] != "that":
        return None
    content = trim(tree, (tree.left[clause], tree.right[clause]))
    if content is None:
        return None
    return Draft("rejection", CueClass.DENYING, (det, sign + 1), verb, None, None, [content])


def _of_noun(tree: Tree, noun: int, claim: Span2) -> Draft | None:
    content = trim(tree, (tree.left[noun], max(tree.right[noun], claim[1])))
    if content is None:
        return None
    cue = _predicate(tree, noun) or _no_truth(tree, noun)
    if cue is not None:
        if content[0] < cue[1] and cue[0] < content[1]:
            return None
        return Draft("rejection", CueClass.DENYING, cue, cue[1] - 1, None, None, [content])
    verb = tree.head[noun]
    if tree.dep[noun] not in ("dobj", "oprd") or verb > noun or is_passive(tree, verb):
        return None
    if tree.lemma[verb] in _LABELLING:
        end = _false_end(tree, verb, noun, content)
        if end is None:
            return None
        content = (content[0], end)
    elif tree.lemma[verb] not in _TAKING_BACK:
        return None
    subject = find_subject(tree, verb)
    if subject is None or subject > verb or content[1] <= content[0]:
        return None
    source = source_span(tree, subject, before=verb)
    cue = cue_span(tree, verb, floor=source[1] - 1)
    return Draft("rejection", CueClass.DENYING, cue, verb, source, subject, [content])


def _false_end(tree: Tree, verb: int, noun: int, content: Span2) -> int | None:
    """Where a claim ends that is labelled false after it, as the parse has it or inside its last words."""
    false = source_words()["false"]
    for kid in tree.kids[verb]:
        words = range(tree.left[kid], tree.right[kid])
        if kid != noun and kid > verb and any(tree.lemma[t] in false for t in words):
            return content[1] if tree.left[kid] >= content[1] else None
    for token in range(max(noun + 1, content[1] - _LONGEST_END), content[1]):
        if tree.lemma[token] in false and tree.dep[token] in ("dobj", "oprd", "attr", "acomp", "pobj"):
            return tree.left[token] - (tree.lower[tree.left[token] - 1] == "as")
    after = content[1]
    if after < len(tree) and tree.quote[after] >= 0:
        quoted = [t for t in range(after, min(after + _LONGEST_END, len(tree))) if tree.quote[t] >= 0]
        return content[1] if any(tree.lemma[t] in false for t in quoted) else None
    return None


def _predicate(tree: Tree, noun: int) -> Span2 | None:
    """The predicate that calls a noun's claim false: "are premature", "do not correspond to reality"."""
    if tree.dep[noun] not in ("nsubj", "nsubjpass"):
        return None
    verb, false = tree.head[noun], source_words()["false"]
    if verb < noun:
        return None
    negated = tree.kid(verb, "neg") is not None
    if tree.lemma[verb] in ("be", "prove", "remain"):
        state = tree.kid(verb, "acomp", "attr", "oprd")
        if state is None or not (tree.lemma[state] in _TRUE if negated else tree.lemma[state] in false):
            return None
        return verb, state + 1
    if tree.lemma[verb] in ("correspond", "match", "reflect", "hold") and negated:
        return tree.kid(verb, "aux") or verb, verb + 1
    return None


def _no_truth(tree: Tree, noun: int) -> Span2 | None:
    """ "there is no truth in reports that …": the copula and its noun."""
    preposition = tree.head[noun]
    if tree.dep[noun] != "pobj" or tree.lower[preposition] not in ("in", "to", "for", "behind"):
        return None
    thing = tree.head[preposition]
    if tree.lemma[thing] == "be":
        thing = tree.kid(thing, "attr") or thing
    det = tree.kid(thing, "det")
    if tree.lemma[thing] not in ("truth", "basis", "evidence", "substance", "foundation") or det is None:
        return None
    return (det, thing + 1) if tree.lower[det] == "no" else None
