"""Space: what surrounds a unit, and how observations of places reach units.

Posteriors and sparse weights in; pulls, shares and discounted posteriors out. Arrays are [day, state, unit].
"""

from __future__ import annotations

from typing import Any

import numpy as np
from numpy.typing import NDArray

from whoholds.fuse.likelihood import Grid
from whoholds.fuse.sources import SourceParameters
from whoholds.fuse.units import Units

__all__ = [
    "discount",
    "doubt_of",
    "freshness",
    "front_share",
    "gather",
    "is_identity",
    "project",
    "sharpen",
    "spoken_of",
    "surroundings",
]

Single = NDArray[np.float32]

FRONT_MIX = 0.25
"""A place is at the front where this share of its surroundings is not the majority's."""
FAR_PULL = 0.02
"""Pull into a state that nobody around is in: incursions, landings and raids happen, and cost evidence."""
FRESH_DAYS = 30.0
"""Days in which word of a place loses two thirds of its voice on the ground around, before and after: about
as long as a front stands still between two pushes."""
SHARPNESS = 4.0
"""Exponent on neighbours' probabilities when they pull. Neighbours err together: ground that may be one
side's or the other's as a whole is no front, and taking such doubt for a mixed front would keep itself
alive."""
UNKNOWN_SURROUNDINGS = 0.05
"""Weight of "nothing is known" among a unit's neighbours."""


def spoken_of(grid: Grid, units: Units) -> NDArray[np.bool_]:
    """Whether any claim reaches each unit, [n_units]."""
    e = grid.evidence
    keys = np.bincount(np.concatenate([e.key, e.view_key]), minlength=grid.n_keys) > 0
    return np.asarray(units.footprint.T @ keys.astype(np.float32)).ravel() > 0


def freshness(grid: Grid, rows: NDArray[np.float64]) -> NDArray[np.float64]:
    """How fresh word of each place is on each day, [n_days, n_keys], from 0 to 1.

    Args:
        grid: The evidence on places.
        rows: Log-likelihood of each state for each point of it (`likelihood.point_rows`).
    """
    e = grid.evidence
    heard = np.zeros((grid.n_days, grid.n_keys))
    inside = grid.inside & ~e.is_before
    # Words that fit every state alike tell nothing, however fresh.
    told = -np.expm1(-(rows.max(axis=1) - rows.min(axis=1))) if len(rows) else np.zeros(0)
    np.maximum.at(heard, (grid.day[inside], e.key[inside]), told[inside])
    shown = (e.view_state >= 0) & (grid.end > grid.start)
    span = np.zeros((grid.n_days + 1, grid.n_keys))
    np.add.at(span, (grid.start[shown], e.view_key[shown]), 1)
    np.add.at(span, (grid.end[shown], e.view_key[shown]), -1)
    np.maximum(heard, np.cumsum(span, axis=0)[:-1] > 0, out=heard)
    fade = np.exp(-1 / FRESH_DAYS)
    later = heard.copy()
    for day in range(1, grid.n_days):
        np.maximum(later[day], later[day - 1] * fade, out=later[day])
    for day in range(grid.n_days - 2, -1, -1):
        np.maximum(heard[day], heard[day + 1] * fade, out=heard[day])
    fresh: NDArray[np.float64] = np.maximum(later, heard)
    return fresh


def surroundings(neighbours: Any, posterior: Single, voice: Single | None = None) -> Single:
    """Pull of each unit's surroundings into each state, [n_days, n_states, n], from `FAR_PULL` to 1.

    Into a party's hands: the share of the neighbours that it holds, and half of those contested. Into
    contest: the share contested, and how mixed the rest is.

    Args:
        neighbours: Row-normalised weights, [n, n], or some of its rows.
        posterior: Probability of each state, [n_days, n_states, n].
        voice: How much each neighbour counts on each day, [n_days, n]; None for 1.
    """
    n_days, k, n = posterior.shape
    if voice is None:
        total = np.asarray(neighbours.sum(axis=1), dtype=np.float32).reshape(1, 1, -1)
    else:
        posterior = posterior * voice[:, None]
        total = np.asarray((neighbours @ voice.T).T, dtype=np.float32)[:, None]
    share = np.asarray((neighbours @ posterior.reshape(n_days * k, n).T).T, dtype=np.float32)
    share = share.reshape(n_days, k, -1)
    share = (share + np.float32(UNKNOWN_SURROUNDINGS / k)) / (total + np.float32(UNKNOWN_SURROUNDINGS))
    pull = np.empty_like(share)
    pull[:, :-1] = share[:, :-1] + share[:, -1:] / 2
    pull[:, -1] = np.minimum(1, 1 - share[:, :-1].max(axis=1))
    raised: Single = np.float32(FAR_PULL) + np.float32(1 - FAR_PULL) * pull
    return raised


def sharpen(posterior: Single) -> Single:
    """Neighbours' states as one pulls by them: the likelier, the more so, [n_days, n_states, n]."""
    raised: Single = np.power(posterior, SHARPNESS, dtype=np.float32)
    raised /= raised.sum(axis=1, keepdims=True)
    return raised


def front_share(pull: Single) -> Single:
    """How much of a front each unit is on each day: 0 deep inside one party's ground, 1 where it is mixed."""
    share: Single = np.minimum(np.float32(1), (1 - pull[:, :-1].max(axis=1)) / np.float32(FRONT_MIX))
    return share


def discount(posterior: Single, units: Units, parameters: SourceParameters) -> Single:
    """Posteriors with the chance taken in that all that is said of a unit is wrong.

    In that case nothing is known of it but its surroundings (Shafer 1976, discounting). So no source,
    however loud, takes a unit past what its kind of source is worth there.
    """
    share = surroundings(units.neighbours, posterior)
    weight = doubt_of(units.neighbours, share, parameters)[:, None]
    share /= share.sum(axis=1, keepdims=True)
    weighed: Single = (1 - weight) * posterior + weight * share
    return weighed


def doubt_of(neighbours: Any, share: Single, parameters: SourceParameters) -> Single:
    """The chance that all that is said of each unit is wrong, [n_days, n].

    Args:
        neighbours: Row-normalised weights, [n, n], or some of its rows.
        share: What surrounds each unit (`surroundings`), [n_days, n_states, n].
        parameters: The chance in the rear and at the front.
    """
    rear, front = np.asarray(parameters.doubt, dtype=np.float32)
    mixed = front_share(share)
    # A place that stands alone has no surroundings that could be right instead.
    mixed[:, np.asarray(neighbours.sum(axis=1)).ravel() <= 0] = 0
    doubt: Single = rear + (front - rear) * mixed
    return doubt


def project(footprint: Any, values: Single) -> Single:
    """Log-likelihoods by key to log-likelihoods by unit, [n_days, n_states, n]."""
    if is_identity(footprint):
        return values
    n_days, k, n_keys = values.shape
    out = footprint.T @ values.reshape(n_days * k, n_keys).T
    return np.ascontiguousarray(np.asarray(out).T.reshape(n_days, k, -1), dtype=np.float32)


def gather(footprint: Any, posterior: Single) -> Single:
    """Posteriors by unit to the mean over each key's footprint, [n_days, n_states, n_keys]."""
    if is_identity(footprint):
        return posterior
    n_days, k, n = posterior.shape
    total = np.asarray(footprint.sum(axis=1)).ravel()
    out = footprint @ posterior.reshape(n_days * k, n).T / np.where(total > 0, total, 1)[:, None]
    return np.ascontiguousarray(np.asarray(out).T.reshape(n_days, k, -1), dtype=np.float32)


def is_identity(matrix: Any) -> bool:
    rows, columns = matrix.shape
    return bool(
        rows == columns
        and matrix.nnz == rows
        and (matrix.indices == np.arange(rows)).all()
        and (matrix.data == 1).all()
    )
