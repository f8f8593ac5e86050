"""From places to ground: each cell a blend of the places around it, by nearness and by freshness of word.

Posteriors of places in; probabilities of cells out. A village of which nothing was heard for half a year
says little of the fields between it and one that was taken yesterday, and the field goes with the news.
What no place is near enough to say stays with the start line.
"""

from __future__ import annotations

from dataclasses import dataclass
from typing import Any

import numpy as np
from numpy.typing import NDArray

from whoholds.fuse.grid import Grid
from whoholds.fuse.space import freshness

__all__ = ["BACKGROUND", "Blend", "voices"]

Single = NDArray[np.float32]

BACKGROUND = 0.03
"""Weight of the start line beside the places around: it decides where the nearest is some 7 km off."""
STALE = 0.06
"""Voice left to a place of which nothing is heard for long: the last that was known, twice the start."""


def voices(grid: Grid, rows: NDArray[np.float64], first_day: int, n_days: int) -> Single:
    """How fresh word of each place is on each day, [n_days, n_places], from `STALE` to 1.

    Args:
        grid: The evidence on places.
        rows: Log-likelihood of each state for each point of it (`likelihood.point_rows`).
        first_day: Ordinal of the first day wanted.
        n_days: Days wanted.
    """
    start = first_day - grid.first_day
    fresh = freshness(grid, rows)[start : start + n_days]
    return np.maximum(fresh, STALE).astype(np.float32)


@dataclass(frozen=True)
class Blend:
    """Places' states laid over cells.

    Attributes:
        core: How near each place is to the cells of its own footprint, CSR [n_cells, n_places].
        field: The same for the cells outside, where only fresh word counts.
        voice: How fresh word of each place is, [n_days, n_places].
        posterior: Probability of each state in each place, [n_days, n_states, n_places].
        first: State of each cell on the start line, [n_cells, n_states], rows sum to 1.
    """

    core: Any
    field: Any
    voice: Single
    posterior: Single
    first: Single

    def on(self, day: int) -> Single:
        """Probability of each state in each cell on a day, [n_cells, n_states]."""
        voice, state = self.voice[day], self.posterior[day]
        said = np.asarray(self.field @ (state * voice).T) + np.asarray(self.core @ state.T)
        total = np.asarray(self.field @ voice) + np.asarray(self.core.sum(axis=1)).ravel() + BACKGROUND
        return np.asarray((said + BACKGROUND * self.first) / total[:, None], dtype=np.float32)

    def through(self, cells: NDArray[np.int64]) -> Single:
        """The mean state of some cells on each day, [n_days, n_states]."""
        core, field = self.core[cells], self.field[cells]
        used = np.union1d(core.indices, field.indices)
        near, around = core[:, used].toarray(), field[:, used].toarray()
        weight = near[None] + around[None] * self.voice[:, None, used]
        total = weight.sum(axis=2) + BACKGROUND
        n_days, n_states, _ = self.posterior.shape
        out = np.empty((n_days, n_states), dtype=np.float32)
        for k in range(n_states):
            said = np.einsum("tcp,tp->tc", weight, self.posterior[:, k, used])
            out[:, k] = ((said + BACKGROUND * self.first[cells, k]) / total).mean(axis=1)
        return out

    def sums(self, day: int, amount: NDArray[np.float64]) -> tuple[NDArray[np.float64], NDArray[np.float64]]:
        """How a sum over the cells, each with its amount, hangs on places and start line on a day.

        Returns:
            What a place's probability of a state adds, [n_places]; what the start line adds, [n_states].
        """
        voice = self.voice[day].astype(np.float64)
        total = np.asarray(self.field @ voice) + np.asarray(self.core.sum(axis=1)).ravel() + BACKGROUND
        each = amount / total
        by_place = np.asarray(self.core.T @ each) + voice * np.asarray(self.field.T @ each)
        return by_place, BACKGROUND * (each @ self.first.astype(np.float64))

    def shares(self, cells: NDArray[np.int64], day: int | None = None) -> NDArray[np.float64]:
        """How much each place says of some cells, on a day or were all equally fresh, [n_places]."""
        field = self.field[cells]
        near = self.core[cells] + (field if day is None else field.multiply(self.voice[day][None]).tocsr())
        total = np.asarray(near.sum(axis=1)).ravel() + BACKGROUND
        mean: NDArray[np.float64] = np.asarray(near.multiply(1 / total[:, None]).mean(axis=0)).ravel()
        return mean

    def rows(self, cells: NDArray[np.int64]) -> Blend:
        """The same for some cells alone."""
        return Blend(self.core[cells], self.field[cells], self.voice, self.posterior, self.first[cells])
