"""How many speak of each place on each day: evidence on days and keys in, counts out."""

from __future__ import annotations

import numpy as np
from numpy.typing import NDArray

from whoholds.fuse.evidence import Interest
from whoholds.fuse.grid import Grid

__all__ = ["count_voices"]

HEARD_DAYS = 30, 120
"""Days before the day that words are about, and after it, in which who said them is a voice on the place:
word of a change tells little of the month before, and is remembered for a season."""
LEAST_OWN_VOICE = 0.5
"""A map of which less is its own than this is another's voice."""
ADMISSION = 3
"""Voices that a party's word against its own interest counts for: where both sides agree, nobody is left who
would say otherwise."""


def count_voices(grid: Grid, parties: tuple[str, ...]) -> NDArray[np.int16]:
    """How many sources that could err apart speak of each key on each day, [n_days, n_keys].

    A map speaks as long as its view stands; who speaks in words, for some months about the day that the
    words are about. A source counts once, however often it speaks. A party's word for itself is no second
    opinion.
    """
    e = grid.evidence
    known = {party.casefold() for party in parties}
    neutral = np.array([(side or "").casefold() not in known for side in e.source_sides], dtype=bool)
    said = np.where(neutral[e.source], 1, np.where(e.interest == Interest.AGAINST, ADMISSION, 0))
    spoken = grid.inside & ~e.is_before & (said > 0)
    source, key, day, count = (column[spoken] for column in (e.source, e.key, grid.day, said))
    order = np.lexsort((day, key, source))
    source, key, day, count = (column[order] for column in (source, key, day, count))
    before, after = HEARD_DAYS
    start, end = np.maximum(day - before, 0), np.minimum(day + after + 1, grid.n_days)
    # Stretches of one source that overlap are one.
    same = (source[1:] == source[:-1]) & (key[1:] == key[:-1])
    end[:-1][same] = np.minimum(end[:-1][same], start[1:][same])
    shown = (e.view_state >= 0) & (grid.end > grid.start) & neutral[e.view_source]
    shown &= grid.rhythm.originality[e.view_source] >= LEAST_OWN_VOICE
    moves = np.zeros((grid.n_days + 1, grid.n_keys), dtype=np.int16)
    views = (grid.start[shown], grid.end[shown], e.view_key[shown], np.ones(int(shown.sum()), dtype=np.int64))
    for first, last, at, by in ((start, end, key, count), views):
        np.add.at(moves, (first, at), by)
        np.add.at(moves, (last, at), -by)
    return np.cumsum(moves, axis=0, dtype=np.int16)[:-1]
