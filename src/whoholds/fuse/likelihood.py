"""Evidence and parameters to log-likelihoods, and posteriors back to counts.

`Grid` lays evidence out on days and keys once; `log_likelihood` and `count_moves` are the two halves of
a step of learning. All sums run over columns sorted by claim id, so that results do not hang on the
order in which claims came.
"""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray

from whoholds.fuse.evidence import VAGUE_DAYS, Evidence, Interest
from whoholds.fuse.sources import SourceParameters

__all__ = ["Grid", "count_moves", "lay_out", "log_likelihood", "log_prompt", "point_rows"]

Ints = NDArray[np.int64]
Floats = NDArray[np.float64]
Single = NDArray[np.float32]

PROMPT = 0.5
"""Chance that a map shows a change of hands on the day on which it is dated: maps are redrawn every day."""
NEWS = 700.0
"""How much likelier a place is to be named as changing hands on the days when it does than on others. Of
changes some two in three are announced; of announcements one in six or so is false, and those fall on any of
the hundreds of days of any of the dozens of places about a front: about one in a thousand days of a place."""
RENEWAL_DAYS = 30.0
"""A speaker who repeats itself says something new only as fast as the ground could have changed."""
SILENT_AFTER_DAYS = 60
"""A map's view lapses this long after it was last stated, where its own rhythm is unknown."""
HERD = 0.5
"""Each further voice of one side that says the same of one place in one week adds this share of the last
one's weight: such voices quote one another and the same communiqué."""
CROWD = 0.8
"""The same for voices of no side."""
MEMORY_DAYS = 120
"""How long an announcement is remembered, so that one like it tells no new change."""
HERD_DAYS = 7


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


def lay_out(evidence: Evidence, first_day: int, last_day: int, n_keys: int) -> Grid:
    """Lay evidence out on the days from `first_day` to `last_day` (ordinals, inclusive)."""
    n_days = last_day - first_day + 1
    day = evidence.day - first_day
    start, end, before = _stretches(evidence, first_day, n_days)
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


def _stretches(e: Evidence, first_day: int, n_days: int) -> tuple[Ints, Ints, Ints]:
    """First day, day after the last, and the view before, of each stretch of a map's view."""
    n = len(e.view_day)
    empty = np.zeros(0, dtype=np.int64)
    if not n:
        return empty, empty, empty
    # Views come sorted by source, key, day (evidence.py).
    same = np.zeros(n, dtype=bool)
    same[1:] = (e.view_source[1:] == e.view_source[:-1]) & (e.view_key[1:] == e.view_key[:-1])
    gap = np.zeros(n, dtype=np.int64)
    gap[1:] = e.view_day[1:] - e.view_day[:-1]
    restated = same.copy()
    restated[1:] &= e.view_state[1:] == e.view_state[:-1]
    n_sources = len(e.sources)
    patience = np.full(n_sources, SILENT_AFTER_DAYS, dtype=np.int64)
    last_heard = np.zeros(n_sources, dtype=np.int64)
    np.maximum.at(last_heard, e.view_source, e.view_day)
    for s in np.unique(e.view_source[restated]):
        gaps = gap[restated & (e.view_source == s)]
        if len(gaps) >= 10:
            # Half as long again as it usually waits before it says the same once more.
            patience[s] = max(2, int(np.ceil(1.5 * np.quantile(gaps, 0.9))))
    end = np.minimum(e.view_day + patience[e.view_source] + 1, last_heard[e.view_source] + 1)
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


def point_rows(grid: Grid, parameters: SourceParameters) -> Floats:
    """Log-likelihood of each state for each point, [n_points, n_states], repeats taken in."""
    e = grid.evidence
    r = match_rows(e.sources, parameters.sources, parameters.reliability, parameters.pooled)
    trust = r[e.source, e.interest][:, None]
    fit = e.shapes[e.shape]
    likelihood = trust * fit + (1 - trust) * fit.mean(axis=1, keepdims=True)
    rows: Floats = np.log(likelihood) * (e.weight * grid.novelty)[:, None]
    return rows


def match_rows(names: tuple[str, ...], known: tuple[str, ...], rows: Floats, pooled: Floats) -> Floats:
    """Rows of parameters for `names`; a source not known to this version gets the pooled one."""
    at = {name: i for i, name in enumerate(known)}
    if not names:
        return np.empty((0, *pooled.shape))
    return np.stack([rows[at[name]] if name in at else pooled for name in names])


def log_likelihood(grid: Grid, parameters: SourceParameters, unrest: Single) -> Single:
    """Log-likelihood of the evidence of each day, key and state, [n_days, n_states, n_keys].

    Args:
        grid: The evidence.
        parameters: What sources' words are worth.
        unrest: How much of a front each key is on each day, 0 to 1, [n_days, n_keys].
    """
    e = grid.evidence
    k, n_keys, n_days = len(parameters.parties) + 1, grid.n_keys, grid.n_days
    total = np.zeros((n_days, k, n_keys))
    if len(e.view_day):
        moves = np.log(match_rows(e.sources, parameters.sources, parameters.moves, parameters.pooled_moves))
        first = np.log(match_rows(e.sources, parameters.sources, parameters.first, parameters.pooled_first))
        quiet = _view_rows(grid, moves[:, 0], first[:, 0])
        total += quiet
        total += (_view_rows(grid, moves[:, 1], first[:, 1]) - quiet) * unrest[:, None]
    if len(e.claim):
        rows = point_rows(grid, parameters)[grid.inside]
        day, key = grid.day[grid.inside], e.key[grid.inside]
        cells = (day[:, None] * k + np.arange(k)) * n_keys + key[:, None]
        total += np.bincount(cells.ravel(), rows.ravel(), total.size).reshape(total.shape)
    return total.astype(np.float32)


def _view_rows(grid: Grid, moves: Floats, first: Floats) -> Floats:
    """Log-likelihood of all maps' views under one regime, [n_days, n_states, n_keys]."""
    e = grid.evidence
    k, n_keys, n_days = first.shape[1], grid.n_keys, grid.n_days
    size = n_days * k * n_keys
    states = np.arange(k)
    use = (e.view_state >= 0) & (grid.end > grid.start)
    s, v = e.view_source[use], e.view_state[use]
    key, start, end, before = e.view_key[use], grid.start[use], grid.end[use], grid.before[use]
    stay = moves[s, :, v, v]
    opening = np.where((before >= 0)[:, None], moves[s, :, np.maximum(before, 0), v], first[s, :, v])

    def cell(day: Ints, which: NDArray[np.bool_]) -> Ints:
        cells: Ints = ((day[which, None] * k + states) * n_keys + key[which, None]).ravel()
        return cells

    later = start + 1 < end
    total = np.bincount(cell(start + 1, later), stay[later].ravel(), size).astype(np.float64)
    closes = later & (end < n_days)
    total -= np.bincount(cell(end, closes), stay[closes].ravel(), size)
    total = np.cumsum(total.reshape(n_days, -1), axis=0).ravel()
    total += np.bincount(cell(start, np.ones(len(start), dtype=bool)), opening.ravel(), size)
    return total.reshape(n_days, k, n_keys)


def log_prompt(grid: Grid, parameters: SourceParameters) -> Single | None:
    """What is said on a day adds to the chance that the ground changed hands on that very day.

    Maps follow some changes at once and others slowly; `moves` has the slow way (a view that has been wrong
    for a while), and this is the logarithm of the prompt way's advantage over it, at the day and the state
    of each change of view. Words that tell a change are said when there is one, and seldom at other times.

    Returns:
        [n_days, n_states, n_keys], or None where nobody tells of any change.
    """
    e = grid.evidence
    k, n_keys = len(parameters.parties) + 1, grid.n_keys
    changed = np.flatnonzero((grid.before >= 0) & (grid.before != e.view_state) & (grid.start < grid.n_days))
    told = np.flatnonzero(e.is_before & (grid.novelty > 0))
    if not len(changed) and not len(told):
        return None
    s, v, w = e.view_source[changed], grid.before[changed], e.view_state[changed]
    moves = match_rows(e.sources, parameters.sources, parameters.moves, parameters.pooled_moves)
    cells = [(grid.start[changed] * k + w) * n_keys + e.view_key[changed]]
    gains = [np.log(np.maximum(1, PROMPT / moves[s, 1, w, v, w]))]
    r = match_rows(e.sources, parameters.sources, parameters.reliability, parameters.pooled)
    gain = np.log1p(r[e.source[told], e.interest[told]] * NEWS) * e.weight[told] * grid.novelty[told]
    for later in range(1, VAGUE_DAYS + 1):
        day = grid.day[told] + later
        inside = (day >= 1) & (day < grid.n_days)
        cells.append(((day * k + e.becomes[told]) * n_keys + e.key[told])[inside])
        gains.append(gain[inside])
    total = np.bincount(np.concatenate(cells), np.concatenate(gains), grid.n_days * k * n_keys)
    return total.reshape(grid.n_days, k, n_keys).astype(np.float32)


def count_moves(grid: Grid, posterior: Single, unrest: Single) -> tuple[Floats, Floats]:
    """Expected counts of how each map's view moved, and of what it showed at first, given the truth.

    Args:
        grid: The evidence.
        posterior: Probability of each state, [n_days, n_states, n_keys].
        unrest: How much of a front each key is on each day, 0 to 1, [n_days, n_keys].

    Returns:
        [n_sources, regime, state, view before, view after] in days, and [n_sources, regime, state, view].
    """
    e = grid.evidence
    n_days, k, _ = posterior.shape
    n_sources = len(e.sources)
    use = (e.view_state >= 0) & (grid.end > grid.start)
    s, v = e.view_source[use], e.view_state[use]
    key, start, end, before = e.view_key[use], grid.start[use], grid.end[use], grid.before[use]
    moves = np.zeros((n_sources, 2, k, k, k))
    first = np.zeros((n_sources, 2, k, k))
    later = start + 1 < end
    follows = before >= 0
    for regime in range(2):
        share = (1 - unrest if regime == 0 else unrest)[:, None] * posterior
        running = np.zeros((n_days + 1, k, posterior.shape[2]))
        np.cumsum(share, axis=0, out=running[1:])
        stayed = running[end, :, key] - running[np.minimum(start + 1, n_days), :, key]
        # A view that changes with the ground, on the same day, is no mending (`log_prompt`): of the state
        # that it changes to, only what held on the day before counts.
        opened = share[start, :, key].astype(np.float64)
        eve = share[np.maximum(start - 1, 0), v, key]
        opened[np.arange(len(v)), v] = np.where(
            follows, np.minimum(opened[np.arange(len(v)), v], eve), opened[np.arange(len(v)), v]
        )
        for x in range(k):
            cell = (s * k + v) * k + v
            counted = np.bincount(cell[later], stayed[later, x], n_sources * k * k)
            cell = (s * k + before) * k + v
            counted += np.bincount(cell[follows], opened[follows, x], n_sources * k * k)
            moves[:, regime, x] = counted.reshape(-1, k, k)
            cell = s * k + v
            counted = np.bincount(cell[~follows], opened[~follows, x], n_sources * k)
            first[:, regime, x] = counted.reshape(-1, k)
    return moves, first
