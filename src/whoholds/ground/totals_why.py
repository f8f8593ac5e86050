"""Why a total counts for a place: the pull in; what each total adds, and what would be without it, out."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import date

import numpy as np
from numpy.typing import NDArray

from whoholds.fuse.explain import Influence
from whoholds.ground.reasons import Contribution
from whoholds.ground.totals import Pull, pull_states

__all__ = ["influences_under", "pulls_on"]

Floats = NDArray[np.float64]
Single = NDArray[np.float32]

_FELT = 0.01
"""A total that pulls by less than this, in log-odds, does not bear on the day."""
_SHOWN = 1e-4
"""A total that moves no probability by more is not listed among those that do."""


def pulls_on(pull: Pull, initial: int, day: int, states: Sequence[str], status: int) -> list[Contribution]:
    """What the totals add for a place on a day, in log-odds.

    Args:
        pull: The totals' pull.
        initial: Index of the party that held the place at the start, -1 for nobody.
        day: The day, from the record's first.
        states: Names of the states.
        status: Index of the place's state on that day.
    """
    found = []
    for number, total in enumerate(pull.totals):
        if total.party == initial:
            continue
        weight = float((pull.levels[day] - pull.without(number, day))[total.party])
        if abs(weight) < _FELT:
            continue
        # Less ground for the one is more for whoever had it before.
        others = [k for k in range(pull.n_parties) if k != total.party]
        state = total.party if weight > 0 else initial if initial >= 0 else others[0]
        found.append(
            Contribution(
                total.claim_id,
                date.fromordinal(total.day),
                states[state],
                round(abs(weight), 6),
                state == status,
            )
        )
    return found


def influences_under(
    pull: Pull, day: int, said: Single, initial: int, found: Sequence[Influence]
) -> list[Influence]:
    """What leaving out a total, or a claim once the totals have pulled, does to a place on a day.

    Args:
        pull: The totals' pull.
        day: The day, from the record's first.
        said: The place's states by what is said of it alone, [n_states].
        initial: Index of the party that held it at the start, -1 for nobody.
        found: What leaving out claims about the place does, by what is said of it alone.
    """
    now = _pulled(said, pull.levels[day], initial)
    without = {
        total.claim_id: _pulled(said, pull.without(i, day), initial) for i, total in enumerate(pull.totals)
    }
    without = {claim_id: p for claim_id, p in without.items() if np.abs(now - p).max() > _SHOWN}
    without |= {i.claim_id: _pulled(np.array(i.without), pull.levels[day], initial) for i in found}
    return [
        Influence(claim_id, tuple(np.round(p, 6).tolist()), tuple(np.round(now - p, 6).tolist()))
        for claim_id, p in without.items()
    ]


def _pulled(states: Floats | Single, levels: Floats, initial: int) -> Floats:
    """One place's states under a pull, [n_states]."""
    given = np.asarray(states, dtype=np.float32)[None, :, None]
    return np.asarray(pull_states(given, levels[None], np.array([initial], dtype=np.int16))[0, :, 0], float)
