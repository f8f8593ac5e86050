"""Words and names of sides: what a name by its own form and the words beside it tells of who bears it.

A parse with the runs of capitals in it enters; acronyms that are armies or groups, forms of one people's name
and classes of words (`data/sides.toml`) leave.
"""

from __future__ import annotations

import tomllib
from collections import Counter
from collections.abc import Collection, Mapping, Sequence
from functools import lru_cache
from importlib.resources import files

from whoholds.read.events.lexicon import lemma_of, lemmas_of, noun_classes
from whoholds.text.tokens import Doc
from whoholds.theatre import fold_name

__all__ = ["find_acronym", "find_armies", "is_acronym", "is_formation", "merge_forms", "side_words"]

_SHORTEST = 4
"""Letters that a name has at least to be known again in its other forms."""
_ENDINGS = frozenset({"s", "n", "ns", "an", "ans", "ian", "ians", "i", "is", "ese", "ite", "ites", "a", "ia"})
"""What the name of a people adds to that of its land, and its plural to its singular."""
_NOMINAL = frozenset({"NOUN", "PROPN", "SPACE", "PUNCT"})
_SAID_OF = frozenset({"nsubj", "nsubjpass", "poss", "pobj", "dobj", "compound", "nmod", "conj", "appos"})


@lru_cache(maxsize=1)
def side_words() -> dict[str, frozenset[str]]:
    """Classes of words for sides (`data/sides.toml`)."""
    table = tomllib.loads((files("whoholds.read.claims") / "data" / "sides.toml").read_text("utf-8"))
    return {name: frozenset(words) for name, words in table.items()}


def is_acronym(word: str) -> bool:
    """An acronym as groups bear it: "RSF", "M23", "SPLM"."""
    return (
        2 <= len(word) <= 8 and word.isupper() and sum(c.isalpha() for c in word) >= 1 and word[0].isalpha()
    )


def is_formation(words: Sequence[str]) -> bool:
    """Whether a name is a part of a state's forces: "Third Field Army", "Royal Navy"."""
    table = side_words()
    if len(words) < 2 or words[-1].removesuffix("s") not in table["formations"]:
        return False
    return words[0] in table["of_state"] or (len(words) == 2 and words[0] in table["of_nation"])


def merge_forms(names: Collection[str]) -> dict[str, str]:
    """Folded forms of one people's name to the first of them: "Vesk", "Veskian", "Veskians"."""
    found: dict[str, str] = {}
    single = [key for key in sorted(names) if " " not in key and len(key) >= _SHORTEST]
    for longer in single:
        stems = [k for k in single if k != longer and len(k) < len(longer) and longer[len(k) :] in _ENDINGS]
        cut = [
            k for k in single if k != longer and k[-1] in "aio" and longer in {k[:-1] + e for e in _ENDINGS}
        ]
        if stems or cut:
            found[longer] = min([*stems, *cut], key=lambda k: (len(k), k))
    return {long: found.get(short, short) for long, short in found.items()}


def find_armies(doc: Doc, named_at: Mapping[tuple[int, int], str]) -> set[str]:
    """Acronyms of the state's own army: they have soldiers and platoons, and others than they are the rebels.

    Groups have soldiers as well; so this is only believed of a name that has no fighters, in a report that
    tells of irregular forces beside it.
    """
    words = side_words()
    regular: set[str] = set()
    irregular: set[str] = set()
    others = 0
    for (start, end), name in named_at.items():
        following = doc[end] if end < len(doc) else None
        lemma = "" if following is None else lemma_of(following)
        if end - start > 1 or not is_acronym(name):
            continue
        if lemma in words["regular"]:
            regular.add(fold_name(name))
        elif lemma in words["irregular"]:
            irregular.add(fold_name(name))
    for index, lemma in enumerate(lemmas_of(doc)):
        others += lemma in words["irregular"] and not doc[index].text.isupper()
    return regular - irregular if others else set()


def find_acronym(
    doc: Doc, named_at: Mapping[tuple[int, int], str], candidates: Mapping[str, int]
) -> dict[str, int]:
    """The acronym that a report without another group has most often: no helper's, no weapon's."""
    times: Counter[str] = Counter()
    barred = side_words()["helpers"]
    for (start, end), name in named_at.items():
        key = fold_name(name)
        if end - start > 1 or not is_acronym(name) or key not in candidates or candidates[key] < 0:
            continue
        if key in barred or noun_classes().get(key) or len(name) < _SHORTEST - 1 or "-" in name:
            continue
        following = doc[end] if end < len(doc) else None
        is_first = doc[start].is_sent_start or not doc[start - 1].text.strip()
        if following is None or following.text in (":", ")") or (is_first and following.pos_ in _NOMINAL):
            # "LIVE: …", "(ABC) —": labels and agencies.
            continue
        if doc[start].dep_ not in _SAID_OF:
            continue
        nearby = [t for t in doc[max(0, start - 1) : end + 1] if t.i != start and t.text.isalpha()]
        if any(t.text.isupper() and len(t.text) > 1 for t in nearby):
            # A line in capitals makes all words look so.
            continue
        times[key] += 1
    if not times:
        return {}
    best = min(times, key=lambda k: (-candidates[k], -times[k], k))
    return {best: max(candidates[best], 1)}
