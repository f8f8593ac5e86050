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

from whoholds.fuse.evidence import Evidence, gather_evidence, place_key
from whoholds.fuse.grid import Grid, lay_out, rhythm_of
from whoholds.fuse.intake import select_known
from whoholds.fuse.sources import SourceParameters, default_parameters
from whoholds.fuse.space import discount, is_identity
from whoholds.fuse.step import Outlook, Step, look_alone, unrest_of
from whoholds.fuse.units import Units
from whoholds.fuse.voices import count_voices
from whoholds.model import CONTESTED, UNKNOWN, Claim, ClaimPlace, Rejection

__all__ = ["METHOD", "ControlArray", "Fusion", "count_claims", "fuse_claims", "fuse_evidence", "key_index"]

METHOD = "hmm/2"
Single = NDArray[np.float32]

ROUNDS = 4
"""Rounds of learning. The first three do nearly all; many more fit the flicker of the loudest source."""


@dataclass(frozen=True, slots=True)
class Workings:
    """What a run by a frozen version keeps, so that one more claim can be taken in (`fuse.update`).

    Attributes:
        first: The look that told where the front is.
        outlook: The one that the states were worked out from.
    """

    first: Outlook
    outlook: Outlook


@dataclass(frozen=True, slots=True)
class Fusion:
    """A run of the model, with what explanations need.

    Attributes:
        grid: The evidence laid out on days and keys.
        posterior: Probability of each state, [n_days, n_states, n_units], days from `grid.first_day`.
        parameters: The source parameters used.
        initial_day: Day of the first holders, counted from `grid.first_day`.
        step: The last turn: surroundings, unrest and chances of change, as explanations freeze them.
        doubt: Share of the surroundings in each unit's posterior (`space.discount`), [n_days, n_units].
        workings: What an update needs; None where parameters were learned in the run.
    """

    grid: Grid
    posterior: Single
    parameters: SourceParameters
    initial_day: int
    step: Step
    doubt: Single
    workings: Workings | None = None

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
    grid, initial_day = _grid(evidence, units, days, parameters)
    workings = None
    if parameters is None:
        step, used = _learn_states(grid, units, parties, initial_day)
    else:
        step, workings = _apply_version(grid, units, parameters, initial_day)
        used = parameters
    voices = count_voices(grid, parties)
    posterior, doubt = discount(step.posterior, units, used, voices)
    return Fusion(grid, posterior, used, initial_day, step, doubt, workings)


def _grid(
    evidence: Evidence, units: Units, days: tuple[date, date], parameters: SourceParameters | None
) -> tuple[Grid, int]:
    """The days to work on: all that are wanted and all that claims are about, from the first holder's day."""
    first, last = days[0].toordinal(), days[1].toordinal()
    claimed_first, claimed_last = evidence.first_day, evidence.last_day
    if units.initial_on is not None:
        initial_day = units.initial_on.toordinal()
    else:
        initial_day = (claimed_first if claimed_first is not None else first) - 1
    begin = min(d for d in (first, initial_day, claimed_first) if d is not None)
    end = max(d for d in (last, claimed_last, initial_day) if d is not None)
    rhythm = None if parameters is None else rhythm_of(evidence, parameters)
    return lay_out(evidence, begin, end, len(units.keys), rhythm), initial_day - begin


def _learn_states(
    grid: Grid, units: Units, parties: tuple[str, ...], initial_day: int
) -> tuple[Step, SourceParameters]:
    """The last turn on the grid with parameters learned on the way, and these."""
    parameters = replace(
        default_parameters(parties, grid.evidence.sources),
        patience=grid.rhythm.patience,
        originality=grid.rhythm.originality,
    )
    step = Step.take(grid, units, parameters, None, initial_day)
    for _ in range(ROUNDS - 1):
        parameters = step.learn(grid, units, parameters, initial_day)
        step = Step.take(grid, units, parameters, step, initial_day)
    return step, parameters


def _apply_version(
    grid: Grid, units: Units, parameters: SourceParameters, initial_day: int
) -> tuple[Step, Workings]:
    """The states by a frozen version: a first look tells where the front is, a second weighs maps by it."""
    first = look_alone(grid, units, parameters, unrest_of(grid, units, None), initial_day)
    unrest = unrest_of(grid, units, first.pull)
    outlook = look_alone(grid, units, parameters, unrest, initial_day, first)
    return Step.among(units, parameters, outlook, unrest, grid), Workings(first, outlook)


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
