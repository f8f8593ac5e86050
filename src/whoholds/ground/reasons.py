"""Which claims bear on a place, and how far: evidence in, a list of contributions out."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date

import numpy as np
from numpy.typing import NDArray

from whoholds.fuse.control import Fusion
from whoholds.fuse.likelihood import match_rows

__all__ = ["Contribution", "list_contributions"]

REACH_LEAST = 0.05
"""Share of a unit below which a place's claims are not listed among those that bear on it."""


@dataclass(frozen=True, slots=True)
class Contribution:
    """How far one claim speaks for or against what the record says of a place.

    Attributes:
        claim_id: The claim.
        on: The day that it is about.
        state: The state that its words fit best.
        weight: Log-odds (nats) that it adds to that state against the mean of the others there.
        is_for: Whether that state is the record's own on the day asked about.
    """

    claim_id: str
    on: date
    state: str
    weight: float
    is_for: bool


def list_contributions(
    fusion: Fusion,
    rows: NDArray[np.float64],
    reach: NDArray[np.float64],
    until: int,
    states: Sequence[str],
    status: int,
) -> list[Contribution]:
    """The claims that bear on a unit, the weightiest first.

    Args:
        fusion: The run on places.
        rows: Log-likelihoods of its points (`likelihood.point_rows`).
        reach: How much each place makes up of the unit, [n_places].
        until: Last day, ordinal; claims about later days are left out.
        states: Names of the states.
        status: Index of the unit's own state on the day asked about.
    """
    p = fusion.parameters
    e = fusion.grid.evidence
    found: dict[tuple[int, int], list[float]] = {}
    use = np.flatnonzero((reach[e.key] > REACH_LEAST) & ~e.is_before & (e.day <= until))
    gains = rows[use] * reach[e.key[use], None]
    for i, row in zip(use.tolist(), gains, strict=True):
        state = int(e.becomes[i])
        gain = float(row[state] - np.delete(row, state).mean())
        found.setdefault((int(e.claim[i]), state), [float(e.day[i])]).append(gain)
    use = np.flatnonzero((reach[e.view_key] > REACH_LEAST) & (e.view_day <= until) & (e.view_state >= 0))
    shown = np.log(match_rows(e.sources, p.sources, p.first, p.pooled_first))
    for i in use.tolist():
        state = int(e.view_state[i])
        column = shown[e.view_source[i], 1, :, state] * reach[e.view_key[i]]
        gain = float(column[state] - np.delete(column, state).mean())
        found.setdefault((int(e.view_claim[i]), state), [float(e.view_day[i])]).append(gain)
    listed = [
        Contribution(
            e.claim_ids[claim],
            date.fromordinal(int(values[0])),
            states[state],
            round(sum(values[1:]), 6),
            state == status,
        )
        for (claim, state), values in found.items()
    ]
    return sorted(listed, key=lambda c: (-abs(c.weight), c.claim_id))
