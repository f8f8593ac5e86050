"""Methods that a record of control has to beat: claims and places in, predictions on a truth's grid out.

Both take every claim about one named place at its word, as of the day that it was said: who is said to hold
or to have taken it, or that it is fought over. Neither knows what sources are worth, copies, neighbours or
time beyond the last weeks. Before the first claim a place is its first holder's.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from datetime import datetime
from typing import NamedTuple

import numpy as np
from evals.control.grids import MISSING, Prediction, States, Truth

from whoholds.model import Claim, Event, Polarity, Stance

__all__ = ["BASELINES", "count_majority", "follow_each", "take_last_claim", "votes_of"]

WINDOW_DAYS = 45
SMOOTHING = 0.2
"""Votes given to every state before any is cast: one source alone then comes to three quarters of two parties
and contest, two that agree to 85 %."""
LAST_P = 0.95
"""Probability of what the last claim says; the other states share the rest."""

_HOLDS = {Event.CONTROL_HELD, Event.CONTROL_GAINED}
_FIGHT = {Event.CONTESTED, Event.ENTERED}
_SILENT = {Stance.PREDICTED, Stance.ORDERED, Stance.INTENDED, Stance.CONSIDERED, Stance.PROPOSED}
_UNSAID = {Stance.DENIED, Stance.NO_COMMENT}


class Vote(NamedTuple):
    """One source's word on one place; the day is counted from the grid's first and may lie outside it."""

    day: int
    claim_id: str
    place: int
    state: int
    source: str


def votes_of(claims: Sequence[Claim], truth: Truth) -> list[Vote]:
    """What each claim says of each place, in order of days, then of claims' ids."""
    at = {place: i for i, place in enumerate(truth.places)}
    states = {state.casefold(): i for i, state in enumerate(truth.states)}
    contested, first = len(truth.states) - 1, truth.first_on.toordinal()
    found: list[Vote] = []
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
        speaker = claim.speaker
        source = (speaker.source_id or speaker.name) if speaker is not None else claim.report_id
        found += [
            Vote(day, claim.id, at[p.place_id], state, source) for p in claim.places if p.place_id in at
        ]
    return sorted(found)


def take_last_claim(votes: Sequence[Vote], first_holders: Mapping[str, str], truth: Truth) -> Prediction:
    """Each place is what the last claim said of it."""
    status = _start(first_holders, truth)
    n_days = status.shape[1]
    for vote in votes:
        if vote.day < n_days:
            status[vote.place, max(0, vote.day) :] = vote.state
    k = len(truth.states)
    p = np.full((*status.shape, k), 1 / k, dtype=np.float32)
    known = status >= 0
    p[known] = (1 - LAST_P) / (k - 1)
    np.put_along_axis(p, np.maximum(status, 0)[..., None].astype(np.int64), LAST_P, axis=2)
    p[~known] = 1 / k
    return Prediction(status, p)


def count_majority(votes: Sequence[Vote], first_holders: Mapping[str, str], truth: Truth) -> Prediction:
    """Each place is what most sources said of it, each in its last word of the last 45 days.

    Ties go to the state that was said last. Without any word in that time a place stays what it was, as
    though one source said so.
    """
    k = len(truth.states)
    n_places, n_days = truth.status.shape
    last = take_last_claim(votes, first_holders, truth).status
    count = np.zeros((n_places, n_days, k), dtype=np.float32)
    for source in sorted({v.source for v in votes}):
        view = np.full((n_places, n_days), MISSING, dtype=np.int8)
        age = np.full((n_places, n_days), WINDOW_DAYS, dtype=np.int32)
        for vote in votes:
            start = max(0, vote.day)
            if vote.source == source and start < n_days:
                view[vote.place, start:] = vote.state
                age[vote.place, start:] = np.arange(start, n_days) - vote.day
        place, day = np.nonzero((view >= 0) & (age < WINDOW_DAYS))
        count[place, day, view[place, day]] += 1
    place, day = np.nonzero((count.sum(axis=2) == 0) & (last >= 0))
    count[place, day, last[place, day]] = 1
    broken = count.copy()
    place, day = np.nonzero(last >= 0)
    broken[place, day, last[place, day]] += 0.5
    status = np.where(last >= 0, broken.argmax(axis=2), MISSING).astype(np.int8)
    p = (count + SMOOTHING) / (count.sum(axis=2, keepdims=True) + k * SMOOTHING)
    return Prediction(status, p.astype(np.float32))


def follow_each(
    votes: Sequence[Vote], first_holders: Mapping[str, str], truth: Truth
) -> dict[str, Prediction]:
    """What each source with a tenth of the votes or more says alone, by its last word, as `only NAME`.

    Of many sources one may be better than any way to join them; a record has to beat that one too.
    """
    found = {}
    for source in sorted({v.source for v in votes}):
        own = [v for v in votes if v.source == source]
        if len(own) >= len(votes) / 10 and len(own) < len(votes):
            found[f"only {source}"] = take_last_claim(own, first_holders, truth)
    return found


def _start(first_holders: Mapping[str, str], truth: Truth) -> States:
    states = {state.casefold(): i for i, state in enumerate(truth.states)}
    status = np.full(truth.status.shape, MISSING, dtype=np.int8)
    for place, holder in first_holders.items():
        if place in truth.places and holder.casefold() in states:
            status[truth.places.index(place)] = states[holder.casefold()]
    return status


BASELINES = {"majority of 45 days": count_majority, "last claim": take_last_claim}
