"""What is looked at in a clause: its words, their classes, where they stand, and what they mean.

The tokens of a clause and its head enter; named features and the mean vectors of its parts leave. Names of
people, places and parties are never features: they differ from war to war.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray

from whoholds.read.events.lexicon import framed_lemmas, lemma_of, noun_classes
from whoholds.read.wording.vectors import SIZE, find_vector
from whoholds.text.tokens import Token

__all__ = ["PARTS", "Wording", "describe_clause"]

PARTS = ("all", "head", "subject", "object", "of_preposition", "verbs")
"""Parts of a clause, each with the mean vector of its words."""
_NO_WORD = frozenset({"PUNCT", "SPACE", "DET"})
_CONTENT = frozenset({"NOUN", "VERB", "ADJ", "ADV"})
_NAMES = frozenset({"GPE", "LOC", "PERSON", "DATE", "TIME"})
_GROUND = frozenset({"GPE", "LOC", "FAC"})
_VERBS = frozenset({"VERB", "AUX"})
_TELLING = frozenset({"VERB", "AUX", "NOUN", "ADJ"})
_NAMELESS = frozenset({"PROPN", "NUM"})
_AUXILIARY = frozenset({"aux", "auxpass", "neg"})
_SUBJECTS = frozenset({"nsubj", "nsubjpass"})
_OBJECTS = frozenset({"dobj", "attr", "acomp", "oprd"})
_LINKS = frozenset({"prep", "prt", "agent"})
_CLASSED = frozenset({"nsubj", "nsubjpass", "dobj", "attr", "pobj"})


@dataclass(frozen=True, slots=True)
class Wording:
    """A clause as the model sees it.

    Attributes:
        names: Features that are there, each once.
        means: Mean vectors of `PARTS`, one after the other; zeros for a part without a known word.
    """

    names: frozenset[str]
    means: NDArray[np.float32]


def describe_clause(head: Token, words: Sequence[Token]) -> Wording:
    """The features of a clause.

    Args:
        head: Its head.
        words: All its tokens, the head among them.
    """
    classes, framed = noun_classes(), framed_lemmas()
    root = lemma_of(head)
    names = {f"head is {head.pos_}", f"head is {head.tag_}", f"head {root}"}
    names.update(f"head in {c}" for c in classes.get(root, ()))
    names.update(f"head tells {e.value}" for e in framed.get(root, ()))
    sums = np.zeros((len(PARTS), SIZE), dtype=np.float32)
    counts = [0] * len(PARTS)
    before = ""
    has_verb = False
    for token in words:
        pos, dep = token.pos_, token.dep_
        if pos in _NO_WORD:
            continue
        lemma = lemma_of(token)
        above = token.head
        has_verb = has_verb or pos in _VERBS
        is_child = above.i == head.i and token.i != head.i
        is_ground = token.ent_type_ in _GROUND
        if is_child:
            names.add(f"has {dep}")
            if dep in _LINKS:
                names.update((f"link {lemma}", f"head {root} {lemma}"))
            elif dep in _AUXILIARY:
                names.add(f"with {token.lower_}")
            elif dep in _CLASSED:
                names.update(f"{dep} in {c}" for c in classes.get(lemma, ()))
                if is_ground:
                    names.add(f"{dep} is ground")
                elif dep in ("dobj", "attr") and pos != "PROPN":
                    names.add(f"head {root} object {lemma}")
        if dep == "pobj" and above.dep_ == "prep":
            if is_ground:
                names.add(f"{above.lower_} ground")
            else:
                names.update(f"{above.lower_} {c}" for c in classes.get(lemma, ()))
        if pos in _TELLING and lemma in framed:
            names.update(f"tells {e.value}" for e in framed[lemma])
        if pos not in _NAMELESS:
            names.add(f"pair {before} {lemma}")
            before = lemma
        if token.ent_type_ in _NAMES and pos in ("PROPN", "NUM"):
            names.add(f"names {token.ent_type_}")
            continue
        if pos == "PROPN":
            names.add("names another")
            continue
        names.add(f"word {lemma}")
        if lemma in classes:
            names.update(f"class {c}" for c in classes[lemma])
        vector = find_vector(lemma, token.lower_)
        if vector is None:
            continue
        for part in _parts(token, head, pos, dep, is_child=is_child):
            sums[part] += vector
            counts[part] += 1
    if not has_verb:
        names.add("verbless")
    means = sums / np.maximum(np.array(counts, dtype=np.float32), 1)[:, None]
    return Wording(frozenset(names), means.reshape(-1).astype(np.float32))


def _parts(token: Token, head: Token, pos: str, dep: str, *, is_child: bool) -> list[int]:
    """Numbers of the parts of a clause in which a word stands."""
    found = [0] if pos in _CONTENT else []
    if token.i == head.i:
        found.append(1)
    elif is_child and dep in _SUBJECTS:
        found.append(2)
    elif is_child and dep in _OBJECTS:
        found.append(3)
    if dep == "pobj":
        found.append(4)
    if pos == "VERB" and token.i != head.i:
        found.append(5)
    return found
