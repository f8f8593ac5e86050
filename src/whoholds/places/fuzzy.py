"""Look-up of misspelt, inflected and transliterated names: skeleton candidates, ranked by edit distance."""

from __future__ import annotations

import math
from collections.abc import Sequence

from rapidfuzz.distance import OSA

from whoholds.model import Place
from whoholds.places.folding import romanise
from whoholds.places.layers import Layer

__all__ = ["base_forms", "rank_similar"]

_SAME, _AWAY = 60, 3
"""Names looked at for the name's own skeleton, and for each skeleton one consonant away."""
_CONSONANTS = "bdfgklmnprstvz"


def rank_similar(
    key: str, skeleton: str, layers: Sequence[Layer], limit: int, least: float
) -> tuple[Place, ...]:
    """Places with a name like `key`, best first.

    Likeness (1 less the normalised optimal string alignment distance, between romanised names) of the
    closest name, helped a little by population; skeletons one consonant away are only tried where the same
    skeleton gives nothing good.

    Args:
        key: Folded name.
        skeleton: Its skeleton.
        layers: Gazetteer layers, the first preferred.
        limit: How many.
        least: Likeness below which two names are different names.
    """
    latin = romanise(key)
    scored = [
        (1.0 + 0.01 * math.log10(meaning.place.population + 1), meaning.place)
        for form in base_forms(key)
        for layer in layers
        for meaning in layer.meanings(form, limit)
    ] or _score(latin, [skeleton], layers, least, _SAME)
    if not scored and len(skeleton) > 2:
        scored = _score(latin, _one_away(skeleton), layers, least, _AWAY)
    best: dict[str, tuple[float, Place]] = {}
    for score, place in scored:
        if place.id not in best or best[place.id][0] < score:
            best[place.id] = (score, place)
    ranked = sorted(best.values(), key=lambda pair: -pair[0])
    return tuple(place for _, place in ranked[:limit])


# Endings of Russian and Ukrainian nouns in the singular cases other than the first, and what they replace
# there (soft signs are folded away): "Судже" is "Суджа", "Курском" is "Курск".
_CASES = (
    ("ой", ("а",)), ("ою", ("а",)), ("ом", ("", "о")), ("ем", ("", "е")), ("ею", ("я",)), ("ей", ("я",)),
    ("е", ("а", "", "о")), ("і", ("а", "я", "", "о")), ("у", ("а", "", "о")), ("ю", ("я",)), ("ы", ("а",)),
    ("и", ("а", "я", "")), ("а", ("", "о")), ("я", ("",)),
)  # fmt: skip


def base_forms(key: str) -> list[str]:
    """First cases that a folded Cyrillic name may be another case of; none for other scripts."""
    if not "а" <= key[-1:] <= "ї":
        return []
    return [
        key[: len(key) - len(ending)] + base
        for ending, bases in _CASES
        if key.endswith(ending) and len(key) > len(ending) + 2
        for base in bases
    ]


def _score(
    latin: str, skeletons: Sequence[str], layers: Sequence[Layer], least: float, limit: int
) -> list[tuple[float, Place]]:
    found: list[tuple[float, Place]] = []
    size = len(latin)
    for depth, layer in enumerate(layers):
        own = 0.05 if depth == 0 and len(layers) > 1 else 0.0
        for skeleton in skeletons:
            for name, population, fetch in layer.similar(skeleton, limit):
                # Lengths alone bound the likeness.
                if not 0.4 * size < len(name) < 2.5 * size:
                    continue
                likeness = OSA.normalized_similarity(
                    latin, name if name.isascii() else romanise(name), score_cutoff=least
                )
                if likeness >= least:
                    found.append((likeness + own + 0.01 * math.log10(population + 1), fetch()))
    return found


def _one_away(skeleton: str) -> list[str]:
    """Skeletons with one consonant dropped, added or changed, without the first."""
    near = {skeleton[:i] + skeleton[i + 1 :] for i in range(1, len(skeleton))}
    for i in range(1, len(skeleton) + 1):
        for c in _CONSONANTS:
            near.add(skeleton[:i] + c + skeleton[i:])
            near.add(skeleton[:i] + c + skeleton[i + 1 :])
    near.discard(skeleton)
    return sorted(s for s in near if s)
