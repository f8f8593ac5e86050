"""Why a total counts for a place: the pull in; what each total adds, and what would be without it, out."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import date

import numpy as np
from numpy.typing import NDArray

from whoholds.fuse.explain import Influence
from whoholds.ground.reasons import REACH_LEAST, Contribution
from whoholds.ground.totals import Pull, pull_state

__all__ = ["influences_under", "pulls_on"]

Floats = NDArray[np.float64]
Single = NDArray[np.float32]

_FELT = 0.01
"""A total that pulls by less than this, in log-odds, does not bear on the day."""
_SHOWN = 1e-4
"""A total that moves no probability by more is not listed among those that do."""


def pulls_on(
    pull: Pull, initial: NDArray[np.int16], reach: Floats, day: int, states: Single, names: Sequence[str]
) -> list[Contribution]:
    """What the totals add for a unit on a day, in log-odds.

    Args:
        pull: The totals' pull.
        initial: Index of the party that held each place at the start, -1 for nobody.
        reach: How much each place makes up of the unit, [n_places].
        day: The day, from the record's first.
        states: The places' states on that day, [n_states, n_places].
        names: Names of the states.
    """
    unit = states.astype(np.float64) @ reach
    status = int(unit.argmax())
    found = []
    for number, without in pull.without(day).items():
        total = pull.totals[number]
        gained = np.where((initial >= 0) & (initial != total.party), reach, 0.0)
        share = float(gained.sum())
        weight = share * float((pull.levels[day] - without)[total.party])
        if share <= REACH_LEAST or abs(weight) < _FELT:
            continue
        # Less ground for the one is more for whoever had it before.
        state = total.party if weight > 0 else int(initial[gained.argmax()])
        on = date.fromordinal(total.day)
        found.append(Contribution(total.claim_id, on, names[state], round(abs(weight), 6), state == status))
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
    levels = pull.levels[day]
    now = pull_state(said, levels, initial)
    rests = {pull.totals[i].claim_id: pull_state(said, w, initial) for i, w in pull.without(day).items()}
    rests = {claim_id: rest for claim_id, rest in rests.items() if np.abs(now - rest).max() > _SHOWN}
    rests |= {i.claim_id: pull_state(np.array(i.without), levels, initial) for i in found}
    return [
        Influence(claim_id, tuple(np.round(rest, 6).tolist()), tuple(np.round(now - rest, 6).tolist()))
        for claim_id, rest in rests.items()
    ]
