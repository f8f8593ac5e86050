"""A gazetteer that remembers what it was asked: one goes in, one leaves that answers the same, faster.

The reports of one war name the same places again and again, and of one report each part of the reader asks
for them anew. What is remembered is bounded, and gone with the object: made for a batch of reports, it costs
whoever looks up distinct names nothing.
"""

from __future__ import annotations

from functools import lru_cache

from whoholds.places.gazetteer import Gazetteer

__all__ = ["RememberingGazetteer"]

KEPT = 8192
"""Answers of each kind that are kept: some megabytes."""


class RememberingGazetteer:
    """Another gazetteer's answers, each looked up once."""

    def __init__(self, inner: Gazetteer) -> None:
        """Ask `inner` from now on."""
        self.find = inner.find
        self.find_fuzzy = inner.find_fuzzy
        self.get = inner.get
        self.names = inner.names
        self.has = lru_cache(maxsize=KEPT)(inner.has)
        self.meanings = lru_cache(maxsize=KEPT)(inner.meanings)
        self.country_of = lru_cache(maxsize=KEPT)(inner.country_of)
