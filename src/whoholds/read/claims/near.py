"""Where a report is: what its own places say of a name, known there or far away.

The places of a report enter, whether a name is known where they lie leaves; and a mention as it is in the
company of all of them.
"""

from __future__ import annotations

from collections.abc import Sequence

from whoholds.model import PlaceMention
from whoholds.places.gazetteer import Gazetteer
from whoholds.places.layers import distance_m

__all__ = ["Near", "in_company"]

_SURE = 0.5
"""Probability from which a place tells where its report is."""
_REACH_M = 200_000.0
"""How far from a report's places a name is still theirs, metres."""
_MEANINGS = 6
_TELLING = 5
"""Letters of a name that is not found near by mere chance."""


class Near:
    """Where a report is: its countries, and the surroundings of the places that it names."""

    def __init__(self, places: Sequence[PlaceMention], homes: frozenset[str], gazetteer: Gazetteer) -> None:
        self.homes = homes
        self._gazetteer = gazetteer
        self._points = {
            (p.lon, p.lat)
            for p in places
            if p.place_id is not None and p.p >= _SURE and p.kind in ("settlement", "facility", "admin")
        }
        self._known: dict[str, bool] = {}

    def has(self, words: str) -> bool:
        """Whether the gazetteer has a name in a country of the report, or near two of its places."""
        if words not in self._known:
            self._known[words] = self._gazetteer.has(words) and self._lies_here(words)
        return self._known[words]

    def _lies_here(self, words: str) -> bool:
        meanings = [m.place for m in self._gazetteer.meanings(words, limit=_MEANINGS) if m.role == 0]
        if any(place.country in self.homes for place in meanings):
            return True
        return len(words) >= _TELLING and any(
            sum(
                distance_m(place.lon, place.lat, lon, lat) < _REACH_M
                for lon, lat in self._points
                if lon is not None and lat is not None
            )
            > 1
            for place in meanings
        )


def in_company(mention: PlaceMention, again: PlaceMention | None, homes: frozenset[str]) -> PlaceMention:
    """A mention resolved abroad before the others were found: as it is with them, if at home or nowhere.

    What a person decided (`p` of 1) and countries stay.
    """
    if again is None or mention.country is None or mention.country in homes:
        return mention
    if mention.kind == "country" or mention.p == 1.0:
        return mention
    return again if again.country is None or again.country in homes else mention
