"""The source model: what a source's words are worth, and how fast ground changes hands.

Two ways of speaking are modelled.

*Words*: a speaker either tells what it knows, or says what it would say anyhow; the chance of the
former is its reliability, by whether the words serve its own side. With fit f(x) of the words to state
x, the likelihood is r f(x) + (1 - r) mean(f): one claim moves the odds by no more than r allows.

*Views*: a map says its whole state again and again. What is new is how its view moves: given the true
state x, a view v becomes w on the next day with chance `moves[x, v, w]`: it follows the ground with a
delay, errs, flickers and mends. Saying the same is weak evidence that nothing happened; a change is
strong evidence, as strong as that map's changes deserve.

Both are estimated from the claims themselves by expectation-maximisation (Dempster, Laird and Rubin
1977; for raters without a truth, Dawid and Skene 1979), shrunk to the pool of like sources.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray

__all__ = ["SourceParameters", "default_parameters", "rows_of_speakers"]

Floats = NDArray[np.float64]


@dataclass(frozen=True, slots=True)
class SourceParameters:
    """A version of all that is learned; frozen until the next is learned.

    Attributes:
        name: Version of the learning (`learned/1`) or `prior/1`.
        parties: The parties that the states stand for.
        sources: Keys of the sources known to this version, sorted.
        reliability: Chance that a speaker tells what it knows, [n_sources, 3 interests].
        sides: Sides of sources that this version knows, sorted; "" is that of sources without one.
        pooled_sides: The same for a source of such a side that is not in the list, [n_sides, 3].
        pooled: The same for a source of a side not in the list, [3].
        moves: Movement of a map's view given the truth, [n_sources, state, view before, view after].
        pooled_moves: The same for a map not in the list, [state, view before, view after].
        first: What a map shows at first, given the truth, [n_sources, state, view].
        pooled_first: The same for a map not in the list, [state, view].
        base: Chance of change a day, were all the surroundings in the new state, [state, state].
        initial_trust: Chance that the holder at the start is as listed.
        patience: Days for which a map's view stands after it was last stated, [n_sources].
        originality: Share of what a map shows that it does not repeat from another, [n_sources].
        activity: How little changes hands into each state on each day beside the usual, [n_days, n_states],
            from `activity_from`; 1 on other days.
        activity_from: Ordinal of the first day of `activity`.
        doubt: Chance that all that is said of a place is wrong, in the rear, and at the front by one voice.
    """

    name: str
    parties: tuple[str, ...]
    sources: tuple[str, ...]
    reliability: Floats
    sides: tuple[str, ...]
    pooled_sides: Floats
    pooled: Floats
    moves: Floats
    pooled_moves: Floats
    first: Floats
    pooled_first: Floats
    base: Floats
    initial_trust: float
    patience: NDArray[np.int64]
    originality: Floats
    activity: Floats
    activity_from: int
    doubt: tuple[float, float]

    def activity_on(self, first_day: int, n_days: int) -> Floats:
        """How little changes hands on each of some days, [n_days, n_states]; `first_day` is an ordinal."""
        found = np.ones((n_days, len(self.parties) + 1))
        at = np.arange(first_day, first_day + n_days) - self.activity_from
        inside = (at >= 0) & (at < len(self.activity))
        found[inside] = self.activity[at[inside]]
        return found


def rows_of_speakers(p: SourceParameters, names: Sequence[str], sides: Sequence[str | None]) -> Floats:
    """Reliability of each speaker by interest, [n, 3]: its own, else its side's, else that of all.

    Args:
        p: A version.
        names: Keys of the sources.
        sides: The side of each, None where unknown.
    """
    own = {name: i for i, name in enumerate(p.sources)}
    pools = {side: i for i, side in enumerate(p.sides)}
    rows = np.empty((len(names), 3))
    for row, name, side in zip(rows, names, sides, strict=True):
        if name in own:
            row[:] = p.reliability[own[name]]
        elif (side or "") in pools:
            row[:] = p.pooled_sides[pools[side or ""]]
        else:
            row[:] = p.pooled
    return rows


SILENT_AFTER_DAYS = 60
"""A map's view lapses this long after it was last stated, where its own rhythm is unknown."""
PRIOR_RELIABILITY = (0.85, 0.95, 0.85)
"""Words that serve the speaker's side, that hurt it, neither. What is said of a named place is found out
within days; nobody gains by admitting a loss."""


MENDS = (0.2, 0.1)
"""Chance a day that a map which is wrong mends, on quiet ground and at the front: maps are redrawn daily,
from reports that take days to be confirmed, and longer where reports contradict one another."""
ERRS = (0.0005, 0.01)
"""Chance a day that a map which is right goes wrong: hardly ever in the rear, every three months at a front,
where its makers must judge from what both sides say."""
SHOWS_FIRST = (0.98, 0.85)
"""Chance that a map's first view of a place is right."""


def prior_moves(n_states: int) -> Floats:
    """How a map's view moves, before anything is known of it, [regime, state, view, view]."""
    moves = np.zeros((2, n_states, n_states, n_states))
    for regime in range(2):
        for x in range(n_states):
            for v in range(n_states):
                moves[regime, x, v] = ERRS[regime] / (n_states - 1)
                if v != x:
                    moves[regime, x, v, x] = MENDS[regime]
                moves[regime, x, v, v] = 0
                moves[regime, x, v, v] = 1 - moves[regime, x, v].sum()
    return moves


def prior_first(n_states: int) -> Floats:
    """What a map shows at first, [regime, state, view]."""
    first = np.empty((2, n_states, n_states))
    for regime in range(2):
        first[regime] = (1 - SHOWS_FIRST[regime]) / (n_states - 1)
        np.fill_diagonal(first[regime], SHOWS_FIRST[regime])
    return first


def prior_base(n_states: int) -> Floats:
    """Chance of change a day in a place whose surroundings are all in the new state.

    Ground is kept: of places at a front, half surrounded by the other side, one in fifty changes hands in a
    week or two of heavy fighting, and a fight inside a place lasts weeks.
    """
    contested = n_states - 1
    base = np.full((n_states, n_states), 0.004)
    base[:, contested] = 0.006
    base[contested, :] = 0.06
    np.fill_diagonal(base, 0)
    return base


PRIOR_DOUBT = (0.02, 0.6)
"""Chance that all that is said of a place is no better than its surroundings, in the rear, and at the front
where one voice speaks (`space.SHARED_ERROR` has the rest): two expert maps of one war differ on a fifth of
the days around a change of hands, and hardly ever elsewhere, and where they differ the surroundings are right
about half of the time; what is made by machine from news errs half as often again as they."""


def default_parameters(parties: tuple[str, ...], sources: tuple[str, ...] = ()) -> SourceParameters:
    """The parameters of the first day: every source at its kind's prior."""
    k, n = len(parties) + 1, len(sources)
    reliability = np.array(PRIOR_RELIABILITY)
    return SourceParameters(
        name="prior/1",
        parties=parties,
        sources=sources,
        reliability=np.tile(reliability, (n, 1)),
        sides=(),
        pooled_sides=np.empty((0, 3)),
        pooled=reliability,
        moves=np.tile(prior_moves(k), (n, 1, 1, 1, 1)),
        pooled_moves=prior_moves(k),
        first=np.tile(prior_first(k), (n, 1, 1, 1)),
        pooled_first=prior_first(k),
        base=prior_base(k),
        initial_trust=0.9,
        patience=np.full(n, SILENT_AFTER_DAYS),
        originality=np.ones(n),
        activity=np.empty((0, k)),
        activity_from=1,
        doubt=PRIOR_DOUBT,
    )
