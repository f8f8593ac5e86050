"""Look-up of misspelt, inflected and transliterated names: skeleton candidates, ranked by edit distance."""

from __future__ import annotations

import math
from collections.abc import Iterator, Sequence

from rapidfuzz.distance import JaroWinkler

from whoholds.model import Place
from whoholds.places.folding import fold_name, romanise
from whoholds.places.layers import Layer

__all__ = ["rank_similar"]

MIN_LIKENESS = 0.84
"""Jaro-Winkler likeness below which two names are different names."""
_CONSONANTS = "bdfgklmnprstvz"


def rank_similar(key: str, skeleton: str, layers: Sequence[Layer], limit: int) -> tuple[Place, ...]:
    """Places with a name like `key`, best first.

    Likeness of the closest name, helped a little by population; skeletons one consonant away are only
    tried where the same skeleton gives nothing good.

    Args:
        key: Folded name.
        skeleton: Its skeleton.
        layers: Gazetteer layers, the first preferred.
        limit: How many.
    """
    latin = romanise(key)
    scored = _score(latin, [skeleton], layers)
    if (not scored or scored[0][0] < 0.93) and len(skeleton) > 2:
        scored += _score(latin, _one_away(skeleton), layers)
    best: dict[str, tuple[float, Place]] = {}
    for score, place in scored:
        if place.id not in best or best[place.id][0] < score:
            best[place.id] = (score, place)
    ranked = sorted(best.values(), key=lambda pair: -pair[0])
    return tuple(place for _, place in ranked[:limit])


def _score(
    latin: str, skeletons: Sequence[str] | Iterator[str], layers: Sequence[Layer]
) -> list[tuple[float, Place]]:
    found: list[tuple[float, Place]] = []
    for depth, layer in enumerate(layers):
        own = 0.03 if depth == 0 and len(layers) > 1 else 0.0
        for skeleton in skeletons if isinstance(skeletons, list) else list(skeletons):
            for place in layer.similar(skeleton):
                names = (place.name,) if place.names == () else (place.name, *place.names)
                likeness = max(JaroWinkler.similarity(latin, romanise(fold_name(n))) for n in names)
                if likeness < MIN_LIKENESS:
                    others = layer.names(place.id) or ()
                    likeness = max(
                        (JaroWinkler.similarity(latin, romanise(fold_name(n))) for n in others[:40]),
                        default=0,
                    )
                if likeness >= MIN_LIKENESS:
                    found.append((likeness + own + 0.01 * math.log10(place.population + 1), place))
    found.sort(key=lambda pair: -pair[0])
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
