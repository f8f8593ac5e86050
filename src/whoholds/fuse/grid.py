"""Evidence laid out on days and keys: columns in, the same with days, repeats and stretches worked out, out.

What is new in each word (repeats, choirs), from when to when each view of a map stands, and which maps repeat
others. All of it hangs on the evidence alone, and nothing on the order in which claims came.
"""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray

from whoholds.fuse.evidence import Evidence, Interest
from whoholds.fuse.sources import SILENT_AFTER_DAYS, SourceParameters

__all__ = ["Grid", "Rhythm", "lay_out", "measure_rhythm", "rhythm_of"]

Ints = NDArray[np.int64]
Floats = NDArray[np.float64]

RENEWAL_DAYS = 30.0
"""A speaker who repeats itself says something new only as fast as the ground could have changed."""
HERD = 0.5
"""Each further voice of one side that says the same of one place in one week adds this share of the last
one's weight: such voices quote one another and the same communiqué."""
CROWD = 0.8
"""The same for voices of no side."""
MEMORY_DAYS = 120
"""How long an announcement is remembered, so that one like it tells no new change."""
HERD_DAYS = 7
REPEAT_DAYS = 7
"""Days within which a map that shows what another has shown may have it from there."""
LEAST_CHANGES = 10
"""Changes of a map's view, or restatements, from which its habits can be told."""
COPIES = 0.5, 0.75
"""Share of a map's changes that another has shown by then, within the days before: up to the first, both may
follow the ground (of the changes of two makers of maps of one war, 27 to 45 in a hundred); from the second on
it copies (simulated copies, redrawn two or three days behind: 60 to 80)."""
LEAST_OWN = 0.1
"""What a map that only copies still counts for: it chose what to copy."""


@dataclass(frozen=True, slots=True)
class Rhythm:
    """How sources speak, whatever they say.

    Attributes:
        patience: Days for which a map's view stands after it was last stated, [n_sources].
        last_heard: Last day on which each map showed anything, ordinal, [n_sources].
        originality: Share of what a map shows that it does not repeat from another map, [n_sources].
    """

    patience: Ints
    last_heard: Ints
    originality: Floats


@dataclass(frozen=True, slots=True)
class Grid:
    """Evidence on days and keys.

    Attributes:
        first_day: Ordinal of the grid's first day.
        n_days: Days in the grid.
        n_keys: Place keys.
        evidence: The columns.
        day: Day of each point, counted from `first_day`, [n_points].
        inside: Whether each point falls on the grid, [n_points].
        novelty: Share of each point's weight that is new, [n_points].
        start: First day of each stretch of a map's view, [n_views].
        end: Day after its last, [n_views].
        before: View just before the stretch, -1 where there was none, [n_views].
        rhythm: How the sources speak.
    """

    first_day: int
    n_days: int
    n_keys: int
    evidence: Evidence
    day: Ints
    inside: NDArray[np.bool_]
    novelty: Floats
    start: Ints
    end: Ints
    before: Ints
    rhythm: Rhythm


def lay_out(
    evidence: Evidence, first_day: int, last_day: int, n_keys: int, rhythm: Rhythm | None = None
) -> Grid:
    """Lay evidence out on the days from `first_day` to `last_day` (ordinals, inclusive).

    Args:
        evidence: The columns.
        first_day: First day.
        last_day: Last day.
        n_keys: Place keys.
        rhythm: How the evidence's sources speak; None measures it here.
    """
    n_days = last_day - first_day + 1
    day = evidence.day - first_day
    rhythm = rhythm or measure_rhythm(evidence)
    start, end, before = _stretches(evidence, first_day, n_days, rhythm)
    return Grid(
        first_day=first_day,
        n_days=n_days,
        n_keys=n_keys,
        evidence=evidence,
        day=day,
        inside=(day >= 0) & (day < n_days),
        novelty=_novelty(evidence),
        start=start,
        end=end,
        before=before,
        rhythm=rhythm,
    )


def _novelty(e: Evidence) -> Floats:
    """How much of each point is new: 1 for a first statement, near 0 for one repeated at once.

    A voice that repeats itself renews its words with the time gone by; further voices of one camp add
    geometrically less. Both sums are bounded, whatever the number of claims.
    """
    n = len(e.claim)
    novelty = np.ones(n)
    if not n:
        return novelty
    order = np.lexsort((e.claim, e.day, e.is_before, e.key, e.source))
    same = np.zeros(n, dtype=bool)
    a, b = order[:-1], order[1:]
    same[1:] = (
        (e.source[a] == e.source[b])
        & (e.key[a] == e.key[b])
        & (e.is_before[a] == e.is_before[b])
        & (e.shape[a] == e.shape[b])
    )
    gap = np.zeros(n)
    gap[1:] = e.day[b] - e.day[a]
    novelty[order] = np.where(same, -np.expm1(-gap / RENEWAL_DAYS), 1.0)
    # Voices of one camp within a week: rank them by day, then by claim.
    sides = {side: i for i, side in enumerate(sorted({s or "" for s in e.source_sides}))}
    side = np.array([sides[s or ""] for s in e.source_sides], dtype=np.int64)[e.source]
    is_party = e.interest != Interest.NEUTRAL
    order = np.lexsort((e.claim, e.day, e.shape, e.is_before, e.key, side))
    a, b = order[:-1], order[1:]
    linked = np.zeros(n, dtype=bool)
    linked[1:] = (
        (side[a] == side[b])
        & (e.key[a] == e.key[b])
        & (e.is_before[a] == e.is_before[b])
        & (e.shape[a] == e.shape[b])
        & (e.day[b] - e.day[a] <= HERD_DAYS)
    )
    position = np.arange(n)
    rank = position - np.maximum.accumulate(np.where(linked, 0, position))
    share = np.where(is_party[order], HERD, CROWD) ** rank
    novelty[order] *= share
    novelty[e.is_before & _is_old_news(e)] = 0
    return novelty


def _is_old_news(e: Evidence) -> NDArray[np.bool_]:
    """Whether a change that a point belongs to was told before: the last word on the place said the same.

    Gains are announced again by others and on later days; only the first tells that it was otherwise before.
    """
    firm = np.sort(e.shapes, axis=1)
    plain = ~e.is_before & (firm[:, -1] >= 3 * firm[:, -2])[e.shape]
    span = int(e.day.max()) + 2
    at = e.key * span + e.day
    said = np.flatnonzero(plain)
    said = said[np.lexsort((e.claim[said], at[said]))]
    if not len(said):
        return np.zeros(len(e.claim), dtype=bool)
    # The claim's own statement is later than its day before; others of that day and earlier come first.
    last = np.searchsorted(at[said], at, side="right") - 1
    found = said[np.maximum(last, 0)]
    is_recent = e.day - e.day[found] <= MEMORY_DAYS
    same = (e.key[found] == e.key) & (e.becomes[found] == e.becomes)
    old: NDArray[np.bool_] = (last >= 0) & same & is_recent
    return old


def measure_rhythm(e: Evidence) -> Rhythm:
    """How the sources speak: how often maps restate, when they were last heard, whom they repeat."""
    n_sources = len(e.sources)
    patience = np.full(n_sources, SILENT_AFTER_DAYS, dtype=np.int64)
    last_heard = np.zeros(n_sources, dtype=np.int64)
    np.maximum.at(last_heard, e.view_source, e.view_day)
    follows, gap = _follows(e)
    restated = follows.copy()
    restated[1:] &= e.view_state[1:] == e.view_state[:-1]
    for s in np.unique(e.view_source[restated]):
        gaps = gap[restated & (e.view_source == s)]
        if len(gaps) >= LEAST_CHANGES:
            # Half as long again as it usually waits before it says the same once more.
            patience[s] = max(2, int(np.ceil(1.5 * np.quantile(gaps, 0.9))))
    return Rhythm(patience, last_heard, _originality(e, follows))


def rhythm_of(e: Evidence, parameters: SourceParameters) -> Rhythm:
    """How the sources speak by a frozen version; who is not in it speaks as if nothing were known of it."""
    at = {name: i for i, name in enumerate(parameters.sources)}
    rows = [at.get(name, -1) for name in e.sources]
    patience = [parameters.patience[i] if i >= 0 else SILENT_AFTER_DAYS for i in rows]
    originality = [parameters.originality[i] if i >= 0 else 1.0 for i in rows]
    last_heard = np.zeros(len(e.sources), dtype=np.int64)
    np.maximum.at(last_heard, e.view_source, e.view_day)
    return Rhythm(np.array(patience, dtype=np.int64), last_heard, np.array(originality, dtype=np.float64))


def _follows(e: Evidence) -> tuple[NDArray[np.bool_], Ints]:
    """Whether a view follows another of the same map and place, and after how many days, [n_views]."""
    n = len(e.view_day)
    follows, gap = np.zeros(n, dtype=bool), np.zeros(n, dtype=np.int64)
    # Views come sorted by source, key, day (evidence.py).
    follows[1:] = (e.view_source[1:] == e.view_source[:-1]) & (e.view_key[1:] == e.view_key[:-1])
    gap[1:] = e.view_day[1:] - e.view_day[:-1]
    return follows, gap


def _originality(e: Evidence, follows: NDArray[np.bool_]) -> Floats:
    """Share of each map's changes that it does not repeat from one other map, [n_sources]."""
    own = np.ones(len(e.sources))
    changed = follows.copy()
    changed[1:] &= e.view_state[1:] != e.view_state[:-1]
    changed &= e.view_state >= 0
    n_changes = np.bincount(e.view_source[changed], minlength=len(e.sources))
    maps = np.flatnonzero(n_changes >= LEAST_CHANGES).tolist()
    if len(maps) < 2:
        return own
    span = int(e.view_day.max()) + REPEAT_DAYS + 2
    at = (e.view_key * (int(e.view_state.max()) + 1) + e.view_state) * span + e.view_day
    told = {s: np.sort(at[changed & (e.view_source == s)]) for s in maps}

    def repeats(s: int, other: int) -> float:
        """Share of the changes of one that the other has shown by then."""
        until = np.searchsorted(told[other], told[s], side="right")
        since = np.searchsorted(told[other], told[s] - REPEAT_DAYS, side="left")
        return float((until > since).mean())

    low, high = COPIES
    for s in maps:
        # Of two, the one that repeats more of the other has it from there.
        shares = [repeats(s, o) for o in maps if o != s and (repeats(s, o), s) > (repeats(o, s), o)]
        copied = min(1.0, max(0.0, (max(shares, default=0.0) - low) / (high - low)))
        own[s] = 1 - (1 - LEAST_OWN) * copied
    return own


def _stretches(e: Evidence, first_day: int, n_days: int, rhythm: Rhythm) -> tuple[Ints, Ints, Ints]:
    """First day, day after the last, and the view before, of each stretch of a map's view."""
    n = len(e.view_day)
    empty = np.zeros(0, dtype=np.int64)
    if not n:
        return empty, empty, empty
    same, _ = _follows(e)
    stands = e.view_day + rhythm.patience[e.view_source] + 1
    end = np.minimum(stands, rhythm.last_heard[e.view_source] + 1)
    following = np.full(n, np.iinfo(np.int64).max)
    following[:-1][same[1:]] = e.view_day[1:][same[1:]]
    end = np.minimum(end, following)
    before = np.full(n, -1, dtype=np.int64)
    held_on = np.zeros(n, dtype=bool)
    held_on[1:] = same[1:] & (end[:-1] == e.view_day[1:])
    before[held_on] = e.view_state[:-1][held_on[1:]]
    before[e.view_state < 0] = -1
    return (
        np.clip(e.view_day - first_day, 0, n_days),
        np.clip(end - first_day, 0, n_days),
        before,
    )
