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


def surroundings(neighbours: Any, posterior: Single, voice: NDArray[np.float64] | None = None) -> Single:
    """Pull of each unit's surroundings into each state, [n_days, n_states, n], from `FAR_PULL` to 1.

    Into a party's hands: the share of the neighbours that it holds, and half of those contested. Into
    contest: the share contested, and how mixed the rest is.

    Args:
        neighbours: Row-normalised weights, [n, n], or some of its rows.
        posterior: Probability of each state, [n_days, n_states, n].
        voice: How much each neighbour counts, [n]; None for 1.
    """
    n_days, k, n = posterior.shape
    if voice is not None:
        neighbours = neighbours.multiply(voice[None, :]).tocsr().astype(np.float32)
    total = np.asarray(neighbours.sum(axis=1)).ravel()
    share = np.asarray((neighbours @ posterior.reshape(n_days * k, n).T).T, dtype=np.float32)
    share = share.reshape(n_days, k, -1)
    share = (share + UNKNOWN_SURROUNDINGS / k) / (total + UNKNOWN_SURROUNDINGS).astype(np.float32)
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
    doubt = np.asarray(parameters.doubt, dtype=np.float32)
    weight = (doubt[0] + (doubt[1] - doubt[0]) * front_share(share))[:, None]
    share /= share.sum(axis=1, keepdims=True)
    weighed: Single = (1 - weight) * posterior + weight * share
    return weighed


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
