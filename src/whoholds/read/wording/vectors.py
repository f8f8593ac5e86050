"""Vectors of English words: near ones have near meanings, so that a verb no frame lists is not unknown.

`data/words.npz` (made by `scripts/make_word_vectors.py`) enters; unit vectors of `SIZE` numbers leave. Each
is the mean-pooled output of all-MiniLM-L6-v2 (Apache-2.0; Wang et al. 2020, Reimers and Gurevych 2019) for
the word alone, its common mean taken away and cut to its principal components, in the manner of Model2Vec
(Tulkens and van Dongen 2024): nothing of that model runs when a report is read.
"""

from __future__ import annotations

from collections.abc import Mapping
from functools import lru_cache
from importlib.resources import as_file, files

import numpy as np
from numpy.typing import NDArray

__all__ = ["SIZE", "find_vector"]

SIZE = 64
"""Numbers of a vector: 128 told events no better on the gold's wars left out, 32 two points worse."""


@lru_cache(maxsize=1)
def _table() -> tuple[Mapping[str, int], NDArray[np.int8]]:
    with as_file(files("whoholds.read.wording") / "data" / "words.npz") as path, np.load(path) as stored:
        words = str(stored["words"]).split("\n")
        rows = np.asarray(stored["rows"], dtype=np.int8)
    return {word: number for number, word in enumerate(words)}, rows


@lru_cache(maxsize=16_384)
def find_vector(lemma: str, word: str) -> NDArray[np.float32] | None:
    """The unit vector of a lemma, or of the word as written where only that is known; None for neither.

    Args:
        lemma: In lower case.
        word: As written, in lower case.
    """
    numbers, rows = _table()
    number = numbers.get(lemma, numbers.get(word))
    if number is None:
        return None
    row = rows[number].astype(np.float32)
    return np.asarray(row / np.linalg.norm(row), dtype=np.float32)
