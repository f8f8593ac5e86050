"""Why: which claims moved a place's number, and by how much.

A run and a unit in; for each claim that bears on it what the number would be without it, everything else
(surroundings, source parameters, rates) as it is. That is leave-one-out, exact for the unit given its
surroundings: repeats, choirs and maps' stretches are laid out anew without the claim.
"""

from __future__ import annotations

from dataclasses import dataclass, replace

import numpy as np
from numpy.typing import NDArray

from whoholds.fuse.control import Fusion
from whoholds.fuse.evidence import Evidence
from whoholds.fuse.grid import Grid, Rhythm, lay_out
from whoholds.fuse.hmm import smooth_states
from whoholds.fuse.likelihood import log_likelihood, log_prompt
from whoholds.fuse.space import is_identity
from whoholds.fuse.step import add_initial, cohesion, first_distribution, release_of, told_chance
from whoholds.fuse.units import Units

__all__ = ["Influence", "leave_one_out"]

Single = NDArray[np.float32]


@dataclass(frozen=True, slots=True)
class Influence:
    """What one claim does to the probabilities of a unit on a day.

    Attributes:
        claim_id: The claim.
        without: Probability of each state, were the claim not there.
        moved: What the claim adds to the probability of each state.
    """

    claim_id: str
    without: tuple[float, ...]
    moved: tuple[float, ...]


def leave_one_out(fusion: Fusion, units: Units, unit: int, day: int, *, most: int = 64) -> list[Influence]:
    """The claims that bear on a unit, those first that move its most probable state on a day the most.

    Args:
        fusion: A run whose units are places (each key reaches one unit).
        units: Its units.
        unit: Index of the unit.
        day: Day, counted from `fusion.grid.first_day`.
        most: At most so many claims, the nearest to the day, are tried.

    Raises:
        ValueError: A key reaches several units.
    """
    if not is_identity(units.footprint):
        raise ValueError("leave_one_out needs units that are places; ask for the places that make up a cell")
    grid = fusion.grid
    here = _at_key(grid.evidence, unit)
    ordinal = grid.first_day + day
    nearest: dict[int, int] = {}
    for claims, days in ((here.claim, here.day), (here.view_claim, here.view_day)):
        for claim, on in zip(claims.tolist(), days.tolist(), strict=True):
            nearest[claim] = min(nearest.get(claim, 1 << 40), abs(on - ordinal))
    claims_tried = sorted(nearest, key=lambda c: (nearest[c], here.claim_ids[c]))[:most]
    variants = [(here, grid.rhythm)]
    variants += [(_without(here, c), _rhythm_without(grid, c)) for c in claims_tried]
    posterior = _smooth(fusion, units, unit, variants)[day]
    # The discount towards the surroundings scales what a claim can move, and stays as it is.
    final = fusion.posterior[day, :, unit]
    change = posterior[:, :1] - posterior[:, 1:]
    scale = 1 - float(fusion.doubt[day, unit])
    best = int(final.argmax())
    found = [
        Influence(
            here.claim_ids[claim],
            tuple(np.round(final - scale * moved, 6).tolist()),
            tuple(np.round(scale * moved, 6).tolist()),
        )
        for claim, moved in zip(claims_tried, change.T.astype(np.float64), strict=True)
    ]
    return sorted(found, key=lambda i: (-abs(i.moved[best]), i.claim_id))


def _at_key(e: Evidence, key: int) -> Evidence:
    """The evidence of one key, called 0."""
    points, views, bears = (np.flatnonzero(k == key) for k in (e.key, e.view_key, e.bears_key))
    return _zero_keys(e.select(points, views, bears))


def _without(e: Evidence, claim: int) -> Evidence:
    points, views, bears = (np.flatnonzero(c != claim) for c in (e.claim, e.view_claim, e.bears_claim))
    return e.select(points, views, bears)


def _rhythm_without(grid: Grid, claim: int) -> Rhythm:
    """How the sources speak without a claim: its map may have been last heard in it."""
    e, rhythm = grid.evidence, grid.rhythm
    said = e.view_claim == claim
    source = e.view_source[said][:1]
    if not len(source) or e.view_day[said].max() < rhythm.last_heard[source[0]]:
        return rhythm
    rest = e.view_day[(e.view_source == source[0]) & ~said]
    last_heard = rhythm.last_heard.copy()
    last_heard[source[0]] = rest.max(initial=0)
    return replace(rhythm, last_heard=last_heard)


def _zero_keys(e: Evidence) -> Evidence:
    return replace(e, key=e.key * 0, view_key=e.view_key * 0, bears_key=e.bears_key * 0)


def _smooth(fusion: Fusion, units: Units, unit: int, variants: list[tuple[Evidence, Rhythm]]) -> Single:
    """Posteriors of one unit under several bodies of evidence, [n_days, n_states, n_variants]."""
    grid, step, parameters = fusion.grid, fusion.step, fusion.parameters
    last_day = grid.first_day + grid.n_days - 1
    unrest = step.unrest[:, unit : unit + 1]
    emissions, prompts = [], []
    shape = (grid.n_days, len(parameters.parties) + 1, 1)
    for evidence, rhythm in variants:
        small = lay_out(evidence, grid.first_day, last_day, 1, rhythm)
        emissions.append(log_likelihood(small, parameters, unrest))
        prompt = log_prompt(small, parameters)
        prompts.append(np.zeros(shape, np.float32) if prompt is None else prompt)
    n = len(variants)
    emission = np.concatenate(emissions, axis=2)
    pull = np.repeat(step.pull[:, :, unit : unit + 1], n, axis=2)
    add_initial(emission, np.repeat(units.initial[unit], n), fusion.initial_day, parameters.initial_trust)
    emission += cohesion(pull)
    ease, follow = (np.repeat(part[:, :, unit : unit + 1], n, axis=2) for part in (step.ease, step.follow))
    told = told_chance(np.concatenate(prompts, axis=2), ease, step.base)
    assert told is not None
    start = first_distribution(n, shape[1], pull)
    jump = np.maximum(told, follow)
    release = release_of(pull, ease)
    return smooth_states(emission, start, step.base, ease, jump=jump, release=release, counts_changes=False)[
        0
    ]
