"""Learning the source model and the rates of change from the claims themselves.

One step of expectation-maximisation: posteriors in, parameters out, every estimate shrunk to the pool of
its kind, and the pool to a stated prior. Nothing here sees a truth.
"""

from __future__ import annotations

from dataclasses import replace

import numpy as np
from numpy.typing import NDArray

from whoholds.fuse.grid import Grid
from whoholds.fuse.likelihood import count_moves
from whoholds.fuse.sources import (
    PRIOR_RELIABILITY,
    SourceParameters,
    prior_base,
    prior_first,
    prior_moves,
    rows_of_speakers,
)

__all__ = ["estimate_parameters", "estimate_rates"]

Floats = NDArray[np.float64]
Single = NDArray[np.float32]

POOL_CLAIMS = 1000.0
"""Weight, in claims, of the prior on a pool's reliability. Heavy: that everybody lies and nothing ever
changes hands explains any claims about as well as that most are right; only reason tells them apart."""
SIDE_CLAIMS = 200.0
"""Weight, in claims, of the pool of all on that of one side."""
SOURCE_CLAIMS = 30.0
"""Weight, in claims, of its side's pool on one source's reliability: in simulated wars
(`benchmarks/simulate`) one that lies is found out with this, and the others stay where they belong."""
POOL_DAYS = 200.0
"""Weight, in days of one place, of the prior on how maps move."""
HELD_DAYS = 5000.0
"""Weight, in days of one place at risk, of the prior on how soon a held place changes hands."""
CONTESTED_DAYS = 300.0
"""The same for a contested place, of which there are few."""
SOURCE_DAYS = 200.0
"""Weight of the pool on how one map moves."""


CONFIRMED = 1 / 3
"""Share of the changes that sources make the record see that are changes of hands: of those that one expert
map shows of another's war, two in five are on the other within a month, and machine-made views flicker more.
Sources err for many places at once, so that the sum over places, which takes each for a witness of its own,
sees too many changes."""


def estimate_parameters(
    grid: Grid,
    posterior: Single,
    parameters: SourceParameters,
    unrest: Single,
    *,
    trust: float | None = None,
) -> SourceParameters:
    """The next parameters, given the posterior of each state, [n_days, n_states, n_keys]."""
    e = grid.evidence
    k = len(parameters.parties) + 1
    moves, first = count_moves(grid, posterior, unrest)
    pooled_moves = _rows(moves.sum(axis=0) + POOL_DAYS * prior_moves(k))
    pooled_first = _rows(first.sum(axis=0) + 50 * prior_first(k))
    sides, pooled_sides, reliability, pooled = _reliability(grid, posterior, parameters)
    return replace(
        parameters,
        name="learned/1",
        sources=e.sources,
        reliability=reliability,
        sides=sides,
        pooled_sides=pooled_sides,
        pooled=pooled,
        moves=_rows(moves + SOURCE_DAYS * pooled_moves),
        pooled_moves=pooled_moves,
        first=_rows(first + 20 * pooled_first),
        pooled_first=pooled_first,
        initial_trust=parameters.initial_trust if trust is None else trust,
    )


def _rows(counts: Floats) -> Floats:
    shares: Floats = counts / counts.sum(axis=-1, keepdims=True)
    return shares


def _reliability(
    grid: Grid, posterior: Single, parameters: SourceParameters
) -> tuple[tuple[str, ...], Floats, Floats, Floats]:
    """Chance that each voice tells what it knows: share of its words that the truth explains.

    Every source is shrunk to its side, every side to all, and all to the prior. Returns the sides, the pool
    of each, [n_sides, 3], the sources' rows, [n_sources, 3], and the pool of all, [3].
    """
    e = grid.evidence
    n = len(e.sources)
    prior = np.array(PRIOR_RELIABILITY)
    sides = tuple(sorted({side or "" for side in e.source_sides}))
    if not len(e.claim):
        return sides, np.tile(prior, (len(sides), 1)), np.tile(prior, (n, 1)), prior
    trust = rows_of_speakers(parameters, e.sources, e.source_sides)[e.source, e.interest][:, None]
    fit = e.shapes[e.shape]
    told, idle = trust * fit, (1 - trust) * fit.mean(axis=1, keepdims=True)
    day = np.clip(grid.day, 0, grid.n_days - 1)
    q = posterior[day, :, e.key]
    share = (q * told / (told + idle)).sum(axis=1)
    weight = e.weight * grid.novelty * grid.inside
    cell = e.source * 3 + e.interest
    hits = np.bincount(cell, share * weight, n * 3).reshape(n, 3)
    total = np.bincount(cell, weight, n * 3).reshape(n, 3)
    pooled = (hits.sum(axis=0) + POOL_CLAIMS * prior) / (total.sum(axis=0) + POOL_CLAIMS)
    of = np.array([sides.index(side or "") for side in e.source_sides])
    side_hits, side_total = np.zeros((len(sides), 3)), np.zeros((len(sides), 3))
    np.add.at(side_hits, of, hits)
    np.add.at(side_total, of, total)
    pooled_sides = (side_hits + SIDE_CLAIMS * pooled) / (side_total + SIDE_CLAIMS)
    rows = (hits + SOURCE_CLAIMS * pooled_sides[of]) / (total + SOURCE_CLAIMS)
    return sides, pooled_sides, rows, pooled


def estimate_rates(changes: Floats, exposure: Floats, n_states: int) -> Floats:
    """Chance of change a day in wholly changed surroundings, [state, state], from expected changes.

    Args:
        changes: Expected changes, [state, state].
        exposure: Days at risk times ease, [state, state].
        n_states: Parties and contested.
    """
    prior = prior_base(n_states)
    weight = np.full((n_states, 1), HELD_DAYS)
    weight[-1] = CONTESTED_DAYS
    rate = (CONFIRMED * changes + weight * prior) / (exposure + weight)
    np.fill_diagonal(rate, 0)
    capped: Floats = np.minimum(rate, 0.45 / (n_states - 1))
    return capped
