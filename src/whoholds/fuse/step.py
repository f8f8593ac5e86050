"""One turn of the model: evidence, parameters and the last turn in, states and expected changes out.

Each unit is first worked out alone, from its own evidence; what that makes of its neighbours is its
surroundings; then it is worked out among them. Belief never echoes between neighbours within a turn.
"""

from __future__ import annotations

from dataclasses import dataclass, replace
from typing import Any

import numpy as np
from numpy.typing import NDArray
from scipy.ndimage import convolve1d

from whoholds.fuse.grid import Grid
from whoholds.fuse.hmm import smooth_states
from whoholds.fuse.learn import estimate_parameters, estimate_rates
from whoholds.fuse.likelihood import log_likelihood, log_prompt, point_rows
from whoholds.fuse.sources import SourceParameters
from whoholds.fuse.space import (
    FRESH_DAYS,
    freshness,
    front_share,
    gather,
    is_identity,
    project,
    pushes,
    sharpen,
    spoken_of,
    surroundings,
)
from whoholds.fuse.units import Units

__all__ = [
    "Outlook",
    "Step",
    "add_initial",
    "base_of",
    "cohesion",
    "first_distribution",
    "followed_chance",
    "look_alone",
    "release_of",
    "smooth_alone",
    "told_chance",
    "unrest_of",
]

Single = NDArray[np.float32]

COHESION = 0.005
"""Exponent a day on the share of the surroundings in each state: ground is seldom held alone for long. A
pocket deep in other ground pays one and a half nats in a hundred days, as much as one middling claim."""
BURST_DAYS = 7
"""Spread in days of the kernel over which a theatre's quiet and bursts are measured."""
BURST_PRIOR = 2.0
"""Changes of hands that it takes to move a day's activity half way from usual."""
QUIET = 0.1
"""Least activity: no day is so quiet that nothing can happen."""
LOCAL_PULL = 0.3
"""Pull into every state on a unit looked at alone: that of an average front."""
UNSPOKEN = 0.2
"""What a unit that no claim reaches counts for among its neighbours, and how readily it is thought to change
hands unseen."""
MOST_TOLD = 0.25
"""Highest chance of a change on a day as of which one is told, before the words themselves are weighed."""
FOLLOWS = 0.7
"""Chance that a place of which nothing is heard changes hands with neighbours that all do."""
NEWS_DAYS = 365.0
"""Days in which it is two thirds forgotten that a place was news: one that was would be named again."""
FIRST_FLOOR = 0.1
"""Least weight of the surroundings on the first day: a listed holder outweighs its neighbours."""
LONE = 0.05
"""Least share of the surroundings that cohesion reckons with."""


@dataclass(frozen=True, slots=True)
class Outlook:
    """The first half of a turn: each unit looked at alone, and what that makes of its surroundings.

    Attributes:
        emission: Log-likelihood of each state by the unit's own evidence, [n_days, n_states, n_units].
        prompt: Logarithm of how much likelier a change is on the day than on others, alike; None for 0.
        local: Probability of each state of each unit alone, alike.
        pull: Pull of the surroundings into each state, alike.
        voice: How fresh word of each unit is, [n_days, n_units].
        known: How well it is remembered that each unit was news, [n_days, n_units].
    """

    emission: Single
    prompt: Single | None
    local: Single
    pull: Single
    voice: Single
    known: Single


@dataclass(frozen=True, slots=True)
class Step:
    """One turn: surroundings from the last posterior, a new posterior from them.

    Attributes:
        posterior: Probability of each state, [n_days, n_states, n_units].
        changes: Expected changes from a to b on each day, [n_days, a, b].
        pull: Pull of the surroundings, [n_days, n_states, n_units].
        ease: The pull, and whether the neighbours change with it: how readily each unit passes into each
            state, [n_days, n_states, n_units].
        follow: Chance of passing into each state with the neighbours, [n_days, n_states, n_units].
        unrest: How much of a front each key is on each day, [n_days, n_keys].
        base: Chance of change a day, [n_days, state, state].
    """

    posterior: Single
    changes: Single
    pull: Single
    ease: Single
    follow: Single
    unrest: Single
    base: Single

    @classmethod
    def take(
        cls, grid: Grid, units: Units, parameters: SourceParameters, last: Step | None, initial_day: int
    ) -> Step:
        """Work out states given parameters: each unit alone, then each among its neighbours."""
        unrest = unrest_of(grid, units, None if last is None else last.pull)
        return cls.among(
            units, parameters, look_alone(grid, units, parameters, unrest, initial_day), unrest, grid
        )

    @classmethod
    def among(
        cls, units: Units, parameters: SourceParameters, outlook: Outlook, unrest: Single, grid: Grid
    ) -> Step:
        """Work out states of units among their neighbours."""
        base = base_of(grid, parameters)
        pull = outlook.pull
        ease = pull * pushes(units.neighbours, outlook.local)
        follow = followed_chance(units.neighbours, outlook.local, outlook.voice, outlook.known)
        told = told_chance(outlook.prompt, ease, base)
        posterior, changes = smooth_states(
            outlook.emission + cohesion(pull),
            first_distribution(len(units), base.shape[1], pull),
            base,
            ease,
            jump=follow if told is None else np.maximum(told, follow),
            release=release_of(pull, ease),
            overwrites=True,
        )
        assert changes is not None
        return cls(posterior, changes, pull, ease, follow, unrest, base)

    def learn(
        self, grid: Grid, units: Units, parameters: SourceParameters, initial_day: int
    ) -> SourceParameters:
        """The parameters that these states suggest."""
        at_keys = gather(units.footprint, self.posterior)
        trust = _initial_trust(units.initial, self.posterior[initial_day])
        found = estimate_parameters(grid, at_keys, parameters, self.unrest, trust=trust)
        exposure = np.einsum(
            "tan,tbn->ab", self.posterior[:-1], self.ease[1:], dtype=np.float64, optimize=True
        )
        rates = estimate_rates(
            self.changes.sum(axis=0, dtype=np.float64), exposure, len(parameters.parties) + 1
        )
        return replace(found, base=rates, activity=_activity(self, rates), activity_from=grid.first_day)


def release_of(pull: Single, ease: Single) -> Single:
    """What lone changes lack in ease, given back to fights that end: these end one by one."""
    release: Single = pull - ease
    release[:, -1] = 0
    return release


def unrest_of(grid: Grid, units: Units, pull: Single | None) -> Single:
    """How much of a front each key is on each day, [n_days, n_keys]; all of one where nothing is known."""
    if pull is None:
        return np.ones((grid.n_days, grid.n_keys), np.float32)
    return gather(units.footprint, front_share(pull)[:, None])[:, 0]


def base_of(grid: Grid, parameters: SourceParameters) -> Single:
    """Chance of change a day, [n_days, state, state]: the usual one, less on quiet days."""
    activity = parameters.activity_on(grid.first_day, grid.n_days).astype(np.float32)
    base: Single = (parameters.base * activity[:, None, :]).astype(np.float32)
    return base


def look_alone(
    grid: Grid,
    units: Units,
    parameters: SourceParameters,
    unrest: Single,
    initial_day: int,
    before: Outlook | None = None,
) -> Outlook:
    """Each unit looked at alone, and its surroundings.

    Args:
        grid: The evidence.
        units: The units.
        parameters: What sources' words are worth.
        unrest: How much of a front each key is on each day, [n_days, n_keys].
        initial_day: Day of the first holders, counted from the grid's first.
        before: An earlier look with the same parameters, for what does not hang on the unrest.
    """
    emission = project(units.footprint, log_likelihood(grid, parameters, unrest))
    add_initial(emission, units.initial, initial_day, parameters.initial_trust)
    if before is None:
        prompt = log_prompt(grid, parameters)
        prompt = None if prompt is None else project(units.footprint, prompt)
        rows = point_rows(grid, parameters)
        voice, known = (_reach(units, freshness(grid, rows, after=days)) for days in (FRESH_DAYS, NEWS_DAYS))
    else:
        prompt, voice, known = before.prompt, before.voice, before.known
    local = smooth_alone(emission, prompt, spoken_of(grid, units), parameters)
    pull = surroundings(units.neighbours, sharpen(local), np.maximum(voice, np.float32(UNSPOKEN)))
    return Outlook(emission, prompt, local, pull, voice, known)


def smooth_alone(
    emission: Single, prompt: Single | None, spoken: NDArray[np.bool_], parameters: SourceParameters
) -> Single:
    """States of units by their own evidence alone, [n_days, n_states, n_units].

    Args:
        emission: Log-likelihood of that evidence, [n_days, n_states, n_units].
        prompt: Logarithm of how much likelier a change is on the day than on others, alike.
        spoken: Whether any claim reaches each unit, [n_units].
        parameters: Rates of change.
    """
    n_days, k, n = emission.shape
    base = np.broadcast_to(parameters.base.astype(np.float32), (n_days, k, k))
    pull = np.where(spoken, LOCAL_PULL, LOCAL_PULL * UNSPOKEN).astype(np.float32)
    alone = np.broadcast_to(pull, emission.shape)
    local, _ = smooth_states(
        emission,
        first_distribution(n, k, None),
        base,
        alone,
        jump=told_chance(prompt, alone, base),
        counts_changes=False,
    )
    return local


def _reach(units: Units, fresh: NDArray[np.float64]) -> Single:
    """What is fresh of the keys, for the units that they reach, [n_days, n_units]."""
    if is_identity(units.footprint):
        return fresh.astype(np.float32)
    reached: Single = np.minimum(np.asarray((units.footprint.T @ fresh.T).T), 1).astype(np.float32)
    return reached


def cohesion(pull: Single) -> Single:
    """What the surroundings add to the log-likelihood of each state each day."""
    added: Single = COHESION * np.log(np.maximum(pull / pull.sum(axis=1, keepdims=True), LONE))
    return added


def told_chance(prompt: Single | None, ease: Single, base: Single) -> Single | None:
    """The chance that a unit passes into each state on a day because a change is told as of it.

    Args:
        prompt: Logarithm of how much likelier a change is on the day than on others (`log_prompt`), by unit.
        ease: How readily each unit passes into each state, [n_days, n_states, n_units].
        base: Chance of change a day, [n_days, state, state].
    """
    if prompt is None:
        return None
    usual = _usual_entry(base)[:, :, None]
    told: Single = np.minimum(np.expm1(prompt) * ease * usual, MOST_TOLD).astype(np.float32)
    return told


def _usual_entry(base: Single) -> Single:
    """Chance a day of passing into each state from a party's hands, [n_days, n_states]."""
    k = base.shape[1]
    from_parties = base[:, :-1].sum(axis=1)
    others = np.full(k, k - 2, dtype=np.float32)
    others[-1] = k - 1
    usual: Single = from_parties / np.maximum(others, 1)
    return usual


def followed_chance(neighbours: Any, local: Single, voice: Single, known: Single) -> Single:
    """The chance that a unit of which nothing is heard changes hands with its neighbours, on each day.

    The front passes over the villages that nobody names as well as over those that are named. What is told of
    a unit's neighbours counts by how fresh it is, and only as far as the unit itself was never news: of a
    place that was, silence says that nothing happened.

    Args:
        neighbours: Row-normalised weights, [n, n], or some of its rows.
        local: Probability of each state, each unit looked at alone, [n_days, n_states, n].
        voice: How fresh word of each unit is, [n_days, n].
        known: How well it is remembered that the rows' units were news, [n_days, n_rows].
    """
    n_days, k, n = local.shape
    rises = np.zeros((n_days, k - 1, n), dtype=np.float32)
    np.maximum(local[1:, :-1] - local[:-1, :-1], 0, out=rises[1:])
    rises *= voice[:, None]
    around = np.asarray((neighbours @ rises.reshape(n_days * (k - 1), n).T).T, dtype=np.float32)
    heard = np.asarray((neighbours @ np.maximum(voice, UNSPOKEN).T).T, dtype=np.float32)
    chance = np.zeros((n_days, k, known.shape[1]), dtype=np.float32)
    silent = np.float32(FOLLOWS) * (1 - known)
    chance[:, :-1] = silent[:, None] * around.reshape(n_days, k - 1, -1) / np.maximum(heard, 1e-6)[:, None]
    return chance


def _activity(last: Step, base: NDArray[np.float64]) -> NDArray[np.float64]:
    """How little changes hands into each state on each day beside the usual, [n_days, n_states], up to 1.

    Wars move in bursts, with long quiet between. Expected changes over those that the mean rates would give,
    both summed over `BURST_DAYS` around the day, drawn towards 1 by `BURST_PRIOR` changes. Never above 1:
    what is told on the day speaks for a burst already (`log_prompt`).
    """
    n_days, k, _ = last.posterior.shape
    found = last.changes.sum(axis=1, dtype=np.float64)
    usual = np.zeros((n_days, k))
    leaving = np.einsum("ab,tan->tbn", base.astype(np.float32), last.posterior[:-1])
    usual[1:] = np.einsum("tbn,tbn->tb", leaving, last.ease[1:], dtype=np.float64)
    reach = np.arange(-3 * BURST_DAYS, 3 * BURST_DAYS + 1)
    kernel = np.exp(-0.5 * (reach / BURST_DAYS) ** 2)
    found, usual = (convolve1d(x, kernel, axis=0, mode="constant") for x in (found, usual))
    ratio = (found + BURST_PRIOR) / (usual + BURST_PRIOR)
    activity: NDArray[np.float64] = np.clip(ratio, QUIET, 1)
    return activity


def first_distribution(n: int, k: int, pull: Single | None) -> Single:
    """What is thought of each unit before any evidence: its surroundings, if those are known."""
    flat = np.full((k, n), 1.0, dtype=np.float32)
    flat[-1] = 0.2
    if pull is not None:
        flat *= np.maximum(pull[0], FIRST_FLOOR)
    shares: Single = flat / flat.sum(axis=0)
    return shares


def add_initial(emission: Single, initial: NDArray[np.int16], day: int, trust: float) -> None:
    """The listed holder at the start, as evidence of that day."""
    k = emission.shape[1]
    given = np.flatnonzero(initial >= 0)
    emission[day][:, given] += np.float32(np.log((1 - trust) / (k - 1)))
    emission[day][initial[given], given] += np.float32(np.log(trust) - np.log((1 - trust) / (k - 1)))


def _initial_trust(initial: NDArray[np.int16], posterior: Single) -> float:
    """Share of the listed holders that hold on the day; Beta(18, 2) before."""
    given = np.flatnonzero(initial >= 0)
    right = float(posterior[initial[given], given].sum(dtype=np.float64))
    return min(0.995, (right + 18) / (len(given) + 20))
