"""Methods that a record of control has to beat: claims and places in, predictions on a truth's grid out.

Both take every claim about one named place at its word, as of the day that it was said: who is said to hold or
to have taken it, or that it is fought over. Neither knows sources, copies, neighbours or time beyond the last
weeks. Before the first claim a place is its first holder's.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from datetime import datetime

import numpy as np

from evals.control.grids import MISSING, Prediction, Truth
from whoholds.model import Claim, Event, Polarity, Stance

__all__ = ["BASELINES", "count_majority", "take_last_claim", "votes_of"]

WINDOW_DAYS = 45
SMOOTHING = 0.5
"""Votes given to every state before any is cast (Jeffreys' prior)."""
LAST_P = 0.95
"""Probability of what the last claim says; the other states share the rest."""

_HOLDS = {Event.CONTROL_HELD, Event.CONTROL_GAINED}
_FIGHT = {Event.CONTESTED, Event.ENTERED}
_SILENT = {Stance.PREDICTED, Stance.ORDERED, Stance.INTENDED, Stance.CONSIDERED, Stance.PROPOSED}
_UNSAID = {Stance.DENIED, Stance.NO_COMMENT}

Vote = tuple[int, int, int]
"""Place, day (from the grid's first, may lie outside), state."""


def votes_of(claims: Sequence[Claim], truth: Truth) -> list[Vote]:
    """What each claim says of each place, in order of days, then of claims' ids."""
    at = {place: i for i, place in enumerate(truth.places)}
    states = {state.casefold(): i for i, state in enumerate(truth.states)}
    contested, first = len(truth.states) - 1, truth.first_on.toordinal()
    found = []
    for claim in claims:
        said = claim.reported_at
        if said is None or claim.polarity is not Polarity.POSITIVE or claim.stance in _SILENT | _UNSAID:
            continue
        state = None
        if claim.event in _FIGHT:
            state = contested
        elif claim.event in _HOLDS:
            state = states.get((claim.actor_id or claim.actor or "").casefold())
        elif claim.event is Event.CONTROL_LOST:
            loser = states.get((claim.actor_id or claim.actor or "").casefold())
            # Of two parties the other one has it now.
            state = 1 - loser if loser is not None and contested == 2 else None
        if state is None:
            continue
        day = (said.date() if isinstance(said, datetime) else said).toordinal() - first
        found += [(day, claim.id, at[p.place_id], state) for p in claim.places if p.place_id in at]
    return [(place, day, state) for day, _, place, state in sorted(found)]


def take_last_claim(votes: Sequence[Vote], first_holders: Mapping[str, str], truth: Truth) -> Prediction:
    """Each place is what the last claim said of it."""
    status = _start(first_holders, truth)
    n_days = status.shape[1]
    for place, day, state in votes:
        if day < n_days:
            status[place, max(0, day) :] = state
    k = len(truth.states)
    p = np.full((*status.shape, k), 1 / k, dtype=np.float32)
    known = status >= 0
    p[known] = (1 - LAST_P) / (k - 1)
    np.put_along_axis(p, np.maximum(status, 0)[..., None].astype(np.int64), LAST_P, axis=2)
    p[~known] = 1 / k
    return Prediction(status, p)


def count_majority(votes: Sequence[Vote], first_holders: Mapping[str, str], truth: Truth) -> Prediction:
    """Each place is what most claims of the last 45 days said of it; ties go to the later said.

    Without any in that time it stays what it was.
    """
    k = len(truth.states)
    n_places, n_days = truth.status.shape
    last = take_last_claim(votes, first_holders, truth).status
    count = np.zeros((n_places, n_days + 1, k), dtype=np.float32)
    for place, day, state in votes:
        begin, end = max(0, day), day + WINDOW_DAYS
        if begin < n_days and end > 0:
            count[place, begin, state] += 1
            count[place, min(end, n_days), state] -= 1
    count = np.cumsum(count, axis=1)[:, :n_days]
    none = count.sum(axis=2) == 0
    status = np.where(none, MISSING, 0).astype(np.int8)
    nudged = count.copy()
    known = last >= 0
    place, day = np.nonzero(known)
    nudged[place, day, last[place, day]] += 0.25
    status = nudged.argmax(axis=2).astype(np.int8)
    for index in range(1, n_days):
        status[:, index] = np.where(none[:, index], status[:, index - 1], status[:, index])
    never = none & ~known
    status[never] = MISSING
    # A state that stands unrenewed counts as one vote.
    place, day = np.nonzero(none & ~never)
    count[place, day, status[place, day]] = 1
    p = (count + SMOOTHING) / (count.sum(axis=2, keepdims=True) + k * SMOOTHING)
    return Prediction(status, p.astype(np.float32))


def _start(first_holders: Mapping[str, str], truth: Truth) -> np.ndarray[tuple[int, int], np.dtype[np.int8]]:
    states = {state.casefold(): i for i, state in enumerate(truth.states)}
    status = np.full(truth.status.shape, MISSING, dtype=np.int8)
    for place, holder in first_holders.items():
        if place in truth.places and holder.casefold() in states:
            status[truth.places.index(place)] = states[holder.casefold()]
    return status


BASELINES = {"majority of 45 days": count_majority, "last claim": take_last_claim}
