"""Square kilometres with an interval: cells' probabilities in, estimates out.

The interval is that of draws from the joint posterior, not of independent cells: sources err for a whole
front at once, and neighbouring cells change hands together. A draw is a Gaussian copula (Sklar 1959): one
smooth random field over the ground, with a part shared by all cells and a small part of each cell's own,
turned into states through each cell's probabilities.
"""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray
from scipy.special import ndtr

__all__ = ["AreaEstimate", "Draws", "estimate_areas", "make_draws"]

Floats = NDArray[np.float64]
Single = NDArray[np.float32]

SHARED = 0.05
"""Share of the field's variance common to all cells: what the sources get wrong together. With it the 80 %
intervals hold the area in four of five simulated wars (`benchmarks/simulate`)."""
OWN = 0.1
"""Share that is each cell's own."""
RANGE_M = 6000.0
"""Distance at which the smooth part's correlation has fallen to exp(-1/2): a village with its fields."""
N_DRAWS = 200
_WAVES = 512


@dataclass(frozen=True, slots=True)
class AreaEstimate:
    """Ground held, in square kilometres.

    Attributes:
        km2: Expected area.
        low: Lower end of the 80 % interval.
        high: Upper end of the 80 % interval.
    """

    km2: float
    low: float
    high: float

    @property
    def low_km2(self) -> float:
        """The lower end, by the name that records of areas use."""
        return self.low

    @property
    def high_km2(self) -> float:
        """The upper end, likewise."""
        return self.high


@dataclass(frozen=True, slots=True)
class Draws:
    """Uniform random fields over the cells, the same for every day, [n_cells, n_draws]."""

    levels: Single


def make_draws(lon: Floats, lat: Floats, *, n_draws: int = N_DRAWS, seed: int = 1) -> Draws:
    """Random fields over points given in degrees. The same points give the same fields.

    The smooth part is a sum of random waves (random Fourier features, Rahimi and Recht 2007) with a
    Gaussian covariance of range `RANGE_M`.
    """
    rng = np.random.default_rng(seed)
    middle = np.radians(lat.mean()) if len(lat) else 0.0
    x = np.radians(lon) * np.cos(middle) * 6_371_008.8 / RANGE_M
    y = np.radians(lat) * 6_371_008.8 / RANGE_M
    waves = rng.standard_normal((2, _WAVES))
    phase = rng.uniform(0, 2 * np.pi, _WAVES)
    features = np.cos(np.outer(x, waves[0]) + np.outer(y, waves[1]) + phase).astype(np.float32)
    smooth = np.float32(np.sqrt(2 / _WAVES)) * (features @ rng.standard_normal((_WAVES, n_draws), np.float32))
    shared = rng.standard_normal(n_draws, np.float32)
    own = rng.standard_normal((len(lon), n_draws), np.float32)
    field = np.sqrt(SHARED) * shared + np.sqrt(1 - SHARED - OWN) * smooth + np.sqrt(OWN) * own
    return Draws(ndtr(field).astype(np.float32))


def estimate_areas(
    probabilities: Floats, km2: Floats, counted: NDArray[np.bool_], draws: Draws
) -> list[AreaEstimate]:
    """Area in each state with its 80 % interval.

    Args:
        probabilities: [n_cells, n_states], parties first, `contested` last.
        km2: Area of each cell.
        counted: Whether a cell counts for a state, [n_cells, n_states].
        draws: Fields over the same cells.
    """
    k = probabilities.shape[1]
    expected = (probabilities * counted * km2[:, None]).sum(axis=0)
    # Contested lies between the parties: a field a little higher moves ground from one to contest first.
    order = [*range((k - 1) // 2), k - 1, *range((k - 1) // 2, k - 1)]
    settled = probabilities.max(axis=1) > 0.9995
    best = probabilities.argmax(axis=1)
    edges = np.cumsum(probabilities[:, order], axis=1)
    open_ = np.flatnonzero(~settled)
    out = []
    drawn = (draws.levels[open_][:, :, None] > edges[open_][:, None, :-1]).sum(axis=2).astype(np.int8)
    for state in range(k):
        fixed = float((km2 * counted[:, state] * (settled & (best == state))).sum())
        hit = drawn == order.index(state)
        totals = fixed + (hit * (km2[open_] * counted[open_, state])[:, None]).sum(axis=0)
        low, high = np.quantile(totals, (0.1, 0.9))
        mean = float(expected[state])
        out.append(AreaEstimate(mean, float(min(low, mean)), float(max(high, mean))))
    return out
