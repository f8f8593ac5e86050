"""What a cue says beyond its class: negation, tense, mood, and how sure the rule is.

In: a tree and a draft. Out: plain facts and a probability.
"""

from __future__ import annotations

from dataclasses import dataclass

from whoholds.read.attribution.draft import Draft
from whoholds.read.attribution.tree import VERB_TAGS, Tree
from whoholds.read.attribution.types import Tense
from whoholds.read.attribution.verbal import is_passive

__all__ = ["CueFacts", "probability", "read_cue_facts"]

_MODALS = frozenset({"may", "might", "could", "can", "would", "should", "must"})
_FUTURE = frozenset({"will", "'ll", "shall", "wo"})

# How often each rule names a speaker rightly on own dev gold, drawn towards the mean of all rules with the
# weight of 20 cases (`python evals/calibrate_attribution.py`). Rules that gold hardly has stand at that mean;
# those of words that are no telling (a noun, a raised subject, a dash) below it. Entries and answers, which
# dev lacks, are from `evals/gold/wide` (95 of 99, 85 of 86), rounded down: their rules were written on it.
_P_RULE = {
    "direct": 0.85,
    "phrase": 0.8,
    "parenthesis": 0.8,
    "clause": 0.8,
    "fronted": 0.85,
    "small": 0.75,
    "gerund": 0.8,
    "adverb": 0.7,
    "dash": 0.7,
    "object": 0.6,
    "raising": 0.7,
    "colon": 0.5,
    "entry": 0.9,
    "answer": 0.9,
    "infinitive": 0.7,
    "silence": 0.8,
    "passive": 0.75,
    "noun": 0.7,
    "figure": 0.8,
    "rejection": 0.75,
}
_P_NESTED = 0.85
"""Factor for an attribution inside another's words: a second link that can go wrong."""


@dataclass(frozen=True, slots=True)
class CueFacts:
    """Facts of a cue.

    Attributes:
        is_negated: Whether the saying is negated.
        tense: When it is.
        is_modal: Whether it is only possible or wished for.
        is_passive: Whether it is a passive.
    """

    is_negated: bool
    tense: Tense
    is_modal: bool
    is_passive: bool


def probability(draft: Draft, *, is_nested: bool) -> float:
    """Calibrated probability that a draft is an attribution with this source."""
    p = _P_RULE.get(draft.rule, 0.5)
    return round(p * _P_NESTED, 3) if is_nested else p


def read_cue_facts(tree: Tree, draft: Draft) -> CueFacts:
    """Negation, tense and mood of a draft's cue."""
    head = draft.cue_head
    if head is None or tree.tag[head] not in VERB_TAGS:
        return CueFacts(False, Tense.NONE, False, False)
    negated = modal = future = past = present = False
    verb = head
    for _ in range(4):
        for kid in tree.kids[verb]:
            word = tree.lower[kid]
            if tree.dep[kid] == "neg" or (kid < verb and word == "never" and tree.dep[kid] == "advmod"):
                negated = True
            if tree.dep[kid] in ("aux", "auxpass"):
                modal = modal or word in _MODALS
                future = future or word in _FUTURE
                past = past or tree.tag[kid] == "VBD"
                present = present or tree.tag[kid] in ("VBP", "VBZ")
        past = past or tree.tag[verb] == "VBD"
        present = present or tree.tag[verb] in ("VBP", "VBZ")
        if (
            past
            or present
            or modal
            or future
            or tree.dep[verb] not in ("xcomp", "conj", "advcl", "acl", "pcomp")
        ):
            break
        verb = tree.head[verb]
    tense = Tense.FUTURE if future else Tense.PAST if past else Tense.PRESENT if present else Tense.NONE
    if tense is Tense.PRESENT and tree.tag[head] == "VBN":
        tense = Tense.PAST
    return CueFacts(negated, tense, modal, is_passive(tree, head))
