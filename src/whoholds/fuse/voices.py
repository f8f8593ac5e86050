"""How many speak of each place on each day: evidence on days and keys in, counts out."""

from __future__ import annotations

import numpy as np
from numpy.typing import NDArray

from whoholds.fuse.evidence import Interest
from whoholds.fuse.grid import Grid

__all__ = ["count_voices"]

Ints = NDArray[np.int64]

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
    opinion: it counts where nobody else speaks. Where nobody does at all, there are none.
    """
    e = grid.evidence
    known = {party.casefold() for party in parties}
    neutral = np.array([(side or "").casefold() not in known for side in e.source_sides], dtype=bool)
    is_own = ~neutral[e.source] & (e.interest != Interest.AGAINST)
    weight = np.where(neutral[e.source], 1, ADMISSION)
    spoken = grid.inside & ~e.is_before
    shown = (e.view_state >= 0) & (grid.end > grid.start)
    shown &= grid.rhythm.originality[e.view_source] >= LEAST_OWN_VOICE
    is_own_view = ~neutral[e.view_source]
    others = _heard(grid, spoken & ~is_own, weight) + _shown(grid, shown & ~is_own_view)
    themselves = _heard(grid, spoken & is_own, weight) + _shown(grid, shown & is_own_view)
    voices: NDArray[np.int16] = np.maximum(others, np.minimum(themselves, 1))
    return voices


def _heard(grid: Grid, spoken: NDArray[np.bool_], weight: NDArray[np.int64]) -> NDArray[np.int16]:
    """The weight of those who speak in some words, [n_days, n_keys]."""
    e = grid.evidence
    source, key, day, count = (column[spoken] for column in (e.source, e.key, grid.day, weight))
    order = np.lexsort((day, key, source))
    source, key, day, count = (column[order] for column in (source, key, day, count))
    before, after = HEARD_DAYS
    start, end = np.maximum(day - before, 0), np.minimum(day + after + 1, grid.n_days)
    # Stretches of one source that overlap are one.
    same = (source[1:] == source[:-1]) & (key[1:] == key[:-1])
    end[:-1][same] = np.minimum(end[:-1][same], start[1:][same])
    return _sum_stretches(grid, start, end, key, count)


def _shown(grid: Grid, views: NDArray[np.bool_]) -> NDArray[np.int16]:
    """How many of some maps' views stand, [n_days, n_keys]."""
    one = np.ones(int(views.sum()), dtype=np.int64)
    return _sum_stretches(grid, grid.start[views], grid.end[views], grid.evidence.view_key[views], one)


def _sum_stretches(grid: Grid, start: Ints, end: Ints, key: Ints, count: Ints) -> NDArray[np.int16]:
    shape = (grid.n_days + 1, grid.n_keys)
    first, last = (day * grid.n_keys + key for day in (start, end))
    size = shape[0] * shape[1]
    moves = np.bincount(first, count, size) - np.bincount(last, count, size)
    running: NDArray[np.int16] = np.cumsum(moves.reshape(shape)[:-1], axis=0).astype(np.int16)
    return running
