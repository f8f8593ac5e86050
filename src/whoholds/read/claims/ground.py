"""Words by which a clause says where: the lists of `data/ground.toml`, loaded once."""

from __future__ import annotations

import tomllib
from functools import lru_cache
from importlib.resources import files

__all__ = ["ground_words"]


@lru_cache(maxsize=1)
def ground_words() -> dict[str, frozenset[str]]:
    """The lists of `data/ground.toml`: words by which a clause says where."""
    table = tomllib.loads((files("whoholds.read.claims") / "data" / "ground.toml").read_text("utf-8"))
    return {name: frozenset(words) for name, words in table.items()}
