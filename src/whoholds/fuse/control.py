"""Claims to the control record: the pure function over units.

Claims and units in; probabilities of each party and of `contested` for every unit and day out. The same
claims give the same bytes in any order, and claims of after `as_known_on` change nothing.
"""

from __future__ import annotations

from collections.abc import Callable, Sequence
from dataclasses import dataclass, replace
from datetime import UTC, date, datetime, tzinfo

import numpy as np
from numpy.typing import NDArray
from scipy.ndimage import convolve1d

from whoholds.fuse.evidence import Evidence, gather_evidence, place_key
from whoholds.fuse.hmm import smooth_states
from whoholds.fuse.intake import select_known
from whoholds.fuse.learn import estimate_parameters, estimate_rates
from whoholds.fuse.likelihood import Grid, lay_out, log_likelihood, log_prompt, point_rows
from whoholds.fuse.sources import SourceParameters, default_parameters
from whoholds.fuse.space import (
    discount,
    freshness,
    front_share,
    gather,
    is_identity,
    project,
    sharpen,
    spoken_of,
    surroundings,
)
from whoholds.fuse.units import Units
from whoholds.model import CONTESTED, UNKNOWN, Claim, ClaimPlace, Rejection

__all__ = ["METHOD", "ControlArray", "Fusion", "count_claims", "fuse_claims", "fuse_evidence", "key_index"]

METHOD = "hmm/1"
Single = NDArray[np.float32]

ROUNDS = 4
"""Rounds of learning. The first three do nearly all; many more fit the flicker of the loudest source."""
FROZEN_ROUNDS = 3
"""Turns without learning: the surroundings' states settle by then."""
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
FIRST_FLOOR = 0.1
"""Least weight of the surroundings on the first day: a listed holder outweighs its neighbours."""
LONE = 0.05
"""Least share of the surroundings that cohesion reckons with."""


@dataclass(frozen=True, slots=True)
class Fusion:
    """A run of the model, with what explanations need.

    Attributes:
        grid: The evidence laid out on days and keys.
        posterior: Probability of each state, [n_days, n_states, n_units], days from `grid.first_day`.
        parameters: The source parameters used.
        initial_day: Day of the first holders, counted from `grid.first_day`.
        step: The last turn: surroundings, unrest and chances of change, as explanations freeze them.
    """

    grid: Grid
    posterior: Single
    parameters: SourceParameters
    initial_day: int
    step: Step

    def slice_days(self, first: date, last: date) -> Single:
        """Posteriors of the days `first` to `last`, [n_days, n_states, n_units]."""
        start = first.toordinal() - self.grid.first_day
        return self.posterior[start : start + (last - first).days + 1]


@dataclass(frozen=True, slots=True)
class ControlArray:
    """Who holds each unit on each day.

    Attributes:
        ids: Units.
        first_on: First day.
        states: The parties, then `contested`.
        probabilities: [n_units, n_days, n_states], each row sums to 1.
        n_claims: Claims that bear on the unit up to that day, copies left out, [n_units, n_days].
        is_known: Whether anything is known of the unit: a claim, or its first holder, [n_units].
        method: Versioned name of the algorithm.
        parameters: The source parameters used.
        rejections: Claims that could not be used.
    """

    ids: tuple[str, ...]
    first_on: date
    states: tuple[str, ...]
    probabilities: Single
    n_claims: NDArray[np.int32]
    is_known: NDArray[np.bool_]
    method: str
    parameters: SourceParameters
    rejections: tuple[Rejection, ...]

    @property
    def n_days(self) -> int:
        """Number of days."""
        return int(self.probabilities.shape[1])

    def status(self) -> NDArray[np.int8]:
        """Index of the most probable state, -1 for unknown, [n_units, n_days]; ties go to the first."""
        best: NDArray[np.int8] = np.round(self.probabilities, 6).argmax(axis=2).astype(np.int8)
        best[~self.is_known] = -1
        return best

    def status_name(self, index: int) -> str:
        """The word for an index of `status`."""
        return UNKNOWN if index < 0 else self.states[index]


def fuse_claims(
    claims: Sequence[Claim],
    units: Units,
    parties: tuple[str, ...],
    days: tuple[date, date],
    *,
    zone: tzinfo = UTC,
    as_known_on: datetime | None = None,
    clock: str = "public",
    parameters: SourceParameters | None = None,
    key_of: Callable[[ClaimPlace], str | None] = place_key,
    party_of: Callable[[str], str | None] | None = None,
) -> ControlArray:
    """Who held each unit on each day, as far as the claims tell.

    Args:
        claims: Claims in any order.
        units: What control is worked out for.
        parties: Ids of those who can hold ground, in the order of the output.
        days: First and last day wanted; claims about other days count as well.
        zone: Time zone of the days.
        as_known_on: Use only claims known by then.
        clock: `public` (reported by then) or `desk` (recorded by then).
        parameters: A frozen version of the source model; None learns it from these claims.
        key_of: How a claim's place is matched to the units' keys.
        party_of: A theatre's reading of a party's names.
    """
    known = select_known(claims, as_known_on, clock, zone)
    evidence = gather_evidence(
        known,
        parties,
        key_index(units),
        zone=zone,
        key_of=key_of,
        party_of=party_of,
        points=(units.lon, units.lat) if is_identity(units.footprint) else None,
    )
    fusion = fuse_evidence(evidence, units, parties, days, parameters=parameters)
    wanted = fusion.slice_days(*days)
    counts, reached = count_claims(evidence, units, days[0].toordinal(), len(wanted))
    return ControlArray(
        ids=units.ids,
        first_on=days[0],
        states=(*parties, CONTESTED),
        probabilities=np.ascontiguousarray(wanted.transpose(2, 0, 1)),
        n_claims=counts,
        is_known=reached | (units.initial >= 0),
        method=METHOD,
        parameters=fusion.parameters,
        rejections=evidence.rejections,
    )


def key_index(units: Units) -> dict[str, int]:
    """Place keys, and other names of places, to the index of the key."""
    return units.aliases | {key: i for i, key in enumerate(units.keys)}


def fuse_evidence(
    evidence: Evidence,
    units: Units,
    parties: tuple[str, ...],
    days: tuple[date, date],
    *,
    parameters: SourceParameters | None = None,
) -> Fusion:
    """The model run on evidence already gathered; see `fuse_claims`."""
    grid, initial_day = _grid(evidence, units, days)
    step, used = _fuse(grid, units, parties, initial_day, parameters)
    return Fusion(grid, discount(step.posterior, units, used), used, initial_day, step)


def _grid(evidence: Evidence, units: Units, days: tuple[date, date]) -> tuple[Grid, int]:
    """The days to work on: all that are wanted and all that claims are about, from the first holder's day."""
    first, last = days[0].toordinal(), days[1].toordinal()
    claimed_first, claimed_last = evidence.first_day, evidence.last_day
    if units.initial_on is not None:
        initial_day = units.initial_on.toordinal()
    else:
        initial_day = (claimed_first if claimed_first is not None else first) - 1
    begin = min(d for d in (first, initial_day, claimed_first) if d is not None)
    end = max(d for d in (last, claimed_last, initial_day) if d is not None)
    return lay_out(evidence, begin, end, len(units.keys)), initial_day - begin


def _fuse(
    grid: Grid,
    units: Units,
    parties: tuple[str, ...],
    initial_day: int,
    frozen: SourceParameters | None,
) -> tuple[Step, SourceParameters]:
    """The last turn on the grid, and the parameters used."""
    parameters = frozen or default_parameters(parties, grid.evidence.sources)
    step: Step | None = None
    rounds = ROUNDS if frozen is None else FROZEN_ROUNDS
    for turn in range(rounds):
        step = Step.take(grid, units, parameters, step, initial_day)
        if frozen is None and turn < rounds - 1:
            parameters = step.learn(grid, units, parameters, initial_day)
    assert step is not None
    return step, parameters


@dataclass(frozen=True, slots=True)
class Step:
    """One turn: surroundings from the last posterior, a new posterior from them.

    Attributes:
        posterior: Probability of each state, [n_days, n_states, n_units].
        changes: Expected changes from a to b on each day, [n_days, a, b].
        pull: Pull of the surroundings, [n_days, n_states, n_units].
        unrest: How much of a front each key is on each day, [n_days, n_keys].
        base: Chance of change a day, [n_days, state, state].
    """

    posterior: Single
    changes: Single
    pull: Single
    unrest: Single
    base: Single

    @classmethod
    def take(
        cls, grid: Grid, units: Units, parameters: SourceParameters, last: Step | None, initial_day: int
    ) -> Step:
        """Work out states given parameters: each unit alone, then each among its neighbours."""
        k = len(parameters.parties) + 1
        shape = (grid.n_days, k, len(units))
        unrest = np.ones((grid.n_days, grid.n_keys), np.float32)
        if last is not None:
            unrest = gather(units.footprint, front_share(last.pull)[:, None])[:, 0]
        emission = project(units.footprint, log_likelihood(grid, parameters, unrest))
        add_initial(emission, units.initial, initial_day, parameters.initial_trust)
        prompt = log_prompt(grid, parameters)
        advantage = None if prompt is None else np.exp(project(units.footprint, prompt))
        base = np.broadcast_to(parameters.base.astype(np.float32), (grid.n_days, k, k))

        spoken = spoken_of(grid, units)
        alone = np.broadcast_to(np.where(spoken, LOCAL_PULL, LOCAL_PULL * UNSPOKEN).astype(np.float32), shape)
        local, _ = smooth_states(
            emission,
            first_distribution(len(units), k, None),
            base,
            cap_pull(alone, advantage, base),
            counts_changes=False,
        )
        voice = np.maximum(_voice(grid, units, parameters), np.float32(UNSPOKEN))
        pull = surroundings(units.neighbours, sharpen(local), voice)
        if last is not None:
            base = (base * _activity(last, parameters.base)[:, None, :]).astype(np.float32)
        emission += cohesion(pull)
        posterior, changes = smooth_states(
            emission, first_distribution(len(units), k, pull), base, cap_pull(pull, advantage, base)
        )
        assert changes is not None
        return cls(posterior, changes, pull, unrest, base)

    def learn(
        self, grid: Grid, units: Units, parameters: SourceParameters, initial_day: int
    ) -> SourceParameters:
        """The parameters that these states suggest."""
        at_keys = gather(units.footprint, self.posterior)
        trust = _initial_trust(units.initial, self.posterior[initial_day])
        found = estimate_parameters(grid, at_keys, parameters, self.unrest, trust=trust)
        exposure = np.einsum(
            "tan,tbn->ab", self.posterior[:-1], self.pull[1:], dtype=np.float64, optimize=True
        )
        rates = estimate_rates(
            self.changes.sum(axis=0, dtype=np.float64), exposure, len(parameters.parties) + 1
        )
        return replace(found, base=rates)


def _voice(grid: Grid, units: Units, parameters: SourceParameters) -> Single:
    """How fresh word of each unit is on each day, [n_days, n_units]."""
    fresh = freshness(grid, point_rows(grid, parameters))
    if is_identity(units.footprint):
        return fresh.astype(np.float32)
    reached: Single = np.minimum(np.asarray((units.footprint.T @ fresh.T).T), 1).astype(np.float32)
    return reached


def cohesion(pull: Single) -> Single:
    """What the surroundings add to the log-likelihood of each state each day."""
    added: Single = COHESION * np.log(np.maximum(pull / pull.sum(axis=1, keepdims=True), LONE))
    return added


def cap_pull(pull: Single, advantage: Single | None, base: Single) -> Single:
    """Pull times the advantage of a change that is told on the day, kept such that chances stay below 1."""
    if advantage is None:
        return pull
    k = base.shape[1]
    capped: Single = np.minimum(pull * advantage, (0.9 / k / base.max(axis=1))[:, :, None]).astype(np.float32)
    return capped


def _activity(last: Step, base: NDArray[np.float64]) -> Single:
    """How little changes hands into each state on each day beside the usual, [n_days, n_states], up to 1.

    Wars move in bursts, with long quiet between. Expected changes over those that the mean rates would give,
    both summed over `BURST_DAYS` around the day, drawn towards 1 by `BURST_PRIOR` changes. Never above 1:
    what is told on the day speaks for a burst already (`log_prompt`).
    """
    n_days, k, _ = last.posterior.shape
    found = last.changes.sum(axis=1, dtype=np.float64)
    usual = np.zeros((n_days, k))
    leaving = np.einsum("ab,tan->tbn", base.astype(np.float32), last.posterior[:-1])
    usual[1:] = np.einsum("tbn,tbn->tb", leaving, last.pull[1:], dtype=np.float64)
    reach = np.arange(-3 * BURST_DAYS, 3 * BURST_DAYS + 1)
    kernel = np.exp(-0.5 * (reach / BURST_DAYS) ** 2)
    found, usual = (convolve1d(x, kernel, axis=0, mode="constant") for x in (found, usual))
    ratio = (found + BURST_PRIOR) / (usual + BURST_PRIOR)
    activity: Single = np.clip(ratio, QUIET, 1).astype(np.float32)
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


def count_claims(
    e: Evidence, units: Units, first_day: int, n_days: int
) -> tuple[NDArray[np.int32], NDArray[np.bool_]]:
    """Claims that bear on each unit up to each day, and whether any ever does."""
    n_keys = len(units.keys)
    day = np.maximum(e.bears_day - first_day, 0)
    inside = day < n_days
    cells = day[inside] * n_keys + e.bears_key[inside]
    daily = np.bincount(cells, minlength=n_days * n_keys).reshape(n_days, n_keys)
    running = np.cumsum(daily, axis=0).astype(np.int32)
    touched = np.bincount(e.bears_key, minlength=n_keys)
    if is_identity(units.footprint):
        return np.ascontiguousarray(running.T), touched > 0
    reach = units.footprint.copy()
    reach.data = np.ones_like(reach.data)
    counts = reach.T @ running.T.astype(np.int32)
    return np.ascontiguousarray(np.asarray(counts), dtype=np.int32), np.asarray(reach.T @ touched).ravel() > 0
