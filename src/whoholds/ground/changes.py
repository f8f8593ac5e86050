"""Change points: cells' probabilities through time in, the stretches over which little moves out."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date
from typing import Any, TypeAlias

import numpy as np
from numpy.typing import NDArray

from whoholds.ground.blend import Blend

__all__ = ["STEP", "CellRow", "Stretch", "find_changes"]

Single = NDArray[np.float32]
Stretch: TypeAlias = tuple[int, int, int, int, tuple[float, ...], int]

STEP = 0.05
"""A change point: the status changes, or some probability has moved this far since the last one."""


@dataclass(frozen=True, slots=True)
class CellRow:
    """A cell's state over a stretch of days, as the ledger's control layer keeps it."""

    unit_id: str
    from_on: date
    to_on: date | None
    status: str
    p: tuple[tuple[str, float], ...]
    n_claims: int
    geometry_wkb: bytes | None


def find_changes(blend: Blend, place_counts: NDArray[np.int32], cells: NDArray[np.int64]) -> list[Stretch]:
    """Stretches of some cells over which little moves, by cell and day.

    Args:
        blend: Places laid over these cells.
        place_counts: Claims that bear on each place up to each day, [n_places, n_days].
        cells: Numbers by which the cells are called in the result, [n_cells].

    Returns:
        Cell, first day, last day, state, probabilities on the first day, claims up to then.
    """
    n_days, n_states, _ = blend.posterior.shape
    heavy = ((blend.core + blend.field) > 0.1).astype(np.float32)
    last_p = np.full((len(cells), n_states), 9.0, dtype=np.float32)
    last_best = np.full(len(cells), -1)
    who: list[NDArray[np.int64]] = []
    when: list[NDArray[np.int64]] = []
    values: list[NDArray[Any]] = []
    for day in range(n_days):
        p = blend.on(day)
        best = np.round(p, 6).argmax(axis=1)
        moved = np.flatnonzero((best != last_best) | (np.abs(p - last_p).max(axis=1) >= STEP))
        if not len(moved):
            continue
        last_p[moved], last_best[moved] = p[moved], best[moved]
        counts = heavy[moved] @ place_counts[:, day].astype(np.float32)
        who.append(moved)
        when.append(np.full(len(moved), day))
        values.append(np.column_stack([best[moved], counts, np.round(p[moved].astype(np.float64), 6)]))
    if not who:
        return []
    rows, days, table = np.concatenate(who), np.concatenate(when), np.concatenate(values)
    order = np.lexsort((days, rows))
    rows, days, table = rows[order], days[order], table[order]
    ends = np.full(len(rows), n_days - 1)
    same = rows[1:] == rows[:-1]
    ends[:-1][same] = days[1:][same] - 1
    return [
        (int(cells[r]), a, b, int(v[0]), tuple(v[2:]), int(v[1]))
        for r, a, b, v in zip(rows.tolist(), days.tolist(), ends.tolist(), table.tolist(), strict=True)
    ]
