"""What stands around a predicate itself: auxiliaries, negation, adverbs, subjects, conjunctions.

A parse as lists and a predicate's token enter; an `Around` leaves.
"""

from __future__ import annotations

from dataclasses import dataclass

from whoholds.read.attribution.tree import Tree
from whoholds.read.certainty.lexicon import Words

__all__ = ["SUBJECTS", "Around", "look_around"]

SUBJECTS = frozenset({"nsubj", "nsubjpass", "expl", "csubj", "csubjpass"})
_FINITE = frozenset({"VBD", "VBZ", "VBP", "MD"})
_WH = frozenset({"WDT", "WP", "WP$", "WRB"})


@dataclass(slots=True)
class Around:
    """What stands around a predicate.

    Attributes:
        is_negated: Denied once, or three times.
        modal: Its modal auxiliary.
        adverb: The value that an adverb sets as its bound.
        is_infinitive: With "to".
        has_subject: With a subject of its own.
        has_perfect: With "have" as auxiliary.
        has_condition: With an "if" clause under it.
        is_finite: Itself or its auxiliary is.
        linker: The conjunction that brings it in.
        question: "whether", "if" or the question word that it stands with.
        aux: Whether it has an auxiliary other than "to".
    """

    is_negated: bool = False
    modal: str | None = None
    adverb: int | None = None
    is_infinitive: bool = False
    has_subject: bool = False
    has_perfect: bool = False
    has_condition: bool = False
    is_finite: bool = False
    linker: str | None = None
    question: str | None = None
    aux: bool = False


def look_around(t: Tree, w: Words, token: int) -> Around:
    """What stands around a predicate.

    Args:
        t: The parse as lists.
        w: The words that count.
        token: The predicate.
    """
    found = Around(is_finite=t.tag[token] in _FINITE)
    negations = 0
    for kid in t.kids[token]:
        word, dep = t.lower[kid], t.dep[kid]
        if dep == "aux" or dep == "auxpass":
            if t.tag[kid] == "TO":
                found.is_infinitive = True
            else:
                found.aux = True
                if t.tag[kid] == "MD" or word in w.modals:
                    found.modal = word
                    found.is_finite = True
                elif t.tag[kid] in _FINITE:
                    found.is_finite = True
                if t.lemma[kid] == "have" and word != "having":
                    found.has_perfect = True
        elif dep == "neg":
            negations += not _is_only(t, kid)
        elif dep in ("advmod", "npadvmod"):
            if word in w.negations or (word == "longer" and any(t.lower[k] == "no" for k in t.kids[kid])):
                negations += 1
            elif word in w.adverbs:
                found.adverb = w.adverbs[word]
            elif t.tag[kid] == "WRB":
                found.question = found.question or word
        elif dep == "mark":
            found.linker = word
            if word == "whether" or word == "if":
                found.question = word
        elif dep in SUBJECTS:
            found.has_subject = True
            negations += _is_nobody(t, kid)
            if t.tag[kid] in _WH:
                found.question = found.question or t.lower[kid]
        elif dep in ("dobj", "attr"):
            negations += _is_nobody(t, kid)
            if t.tag[kid] in _WH:
                found.question = found.question or t.lower[kid]
        elif dep == "advcl":
            found.has_condition = found.has_condition or any(
                t.dep[k] == "mark" and t.lower[k] in ("if", "unless") for k in t.kids[kid]
            )
    found.is_negated = negations % 2 == 1
    return found


def _is_only(t: Tree, negation: int) -> bool:
    after = negation + 1
    return after < len(t) and t.lower[after] in ("only", "just", "merely", "necessarily")


def _is_nobody(t: Tree, noun: int) -> bool:
    if t.lower[noun] in ("none", "nobody", "nothing", "neither"):
        return True
    return any(t.dep[k] in ("det", "neg") and t.lower[k] in ("no", "neither") for k in t.kids[noun])
