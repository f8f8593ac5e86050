"""Evidence and parameters to log-likelihoods, and posteriors back to counts.

`log_likelihood` and `count_moves` are the two halves of
a step of learning. All sums run over columns sorted by claim id, so that results do not hang on the
order in which claims came.
"""

from __future__ import annotations

import numpy as np
from numpy.typing import NDArray

from whoholds.fuse.evidence import VAGUE_DAYS
from whoholds.fuse.grid import Grid
from whoholds.fuse.sources import SourceParameters, rows_of_speakers

__all__ = ["count_moves", "log_likelihood", "log_prompt", "point_rows"]

Ints = NDArray[np.int64]
Floats = NDArray[np.float64]
Single = NDArray[np.float32]

PROMPT = 0.7
"""Chance that a map shows a change of hands on the day on which it is dated: maps are redrawn every day, and
of the changes that two maps of one war both show, three in five are within a day of one another."""
NEWS = 700.0
"""How much likelier a place is to be named as changing hands on the days when it does than on others. Of
changes some two in three are announced; of announcements one in six or so is false, and those fall on any of
the hundreds of days of any of the dozens of places about a front: about one in a thousand days of a place."""


def point_rows(grid: Grid, parameters: SourceParameters) -> Floats:
    """Log-likelihood of each state for each point, [n_points, n_states], repeats taken in."""
    e = grid.evidence
    r = rows_of_speakers(parameters, e.sources, e.source_sides)
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
    # What a map repeats from another tells nothing new.
    own = grid.rhythm.originality[s][:, None]
    stay = own * moves[s, :, v, v]
    opening = own * np.where((before >= 0)[:, None], moves[s, :, np.maximum(before, 0), v], first[s, :, v])

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
    gains = [grid.rhythm.originality[s] * np.log(np.maximum(1, PROMPT / moves[s, 1, w, v, w]))]
    r = rows_of_speakers(parameters, e.sources, e.source_sides)
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
