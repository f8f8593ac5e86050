"""One more claim: a run by a frozen version and new evidence of some places in, the run up to date out.

With the parameters frozen, what is said of a place reaches its neighbours' surroundings, by these the weight
of maps' views there, and by that the neighbours of those; nothing further. So only they are worked out anew,
by the same functions in the same order of sums: what comes out is what a rebuild gives, byte for byte.
"""

from __future__ import annotations

from dataclasses import replace
from typing import Any

import numpy as np
from numpy.typing import NDArray

from whoholds.fuse.control import Fusion, Workings
from whoholds.fuse.evidence import Evidence, splice_rows
from whoholds.fuse.grid import Grid, Rhythm, lay_out, rhythm_of
from whoholds.fuse.hmm import smooth_states
from whoholds.fuse.likelihood import log_likelihood, log_prompt, point_rows
from whoholds.fuse.space import (
    FRESH_DAYS,
    doubt_of,
    freshness,
    front_share,
    is_identity,
    kin_weights,
    mix_in,
    pushes,
    sharpen,
    surroundings,
)
from whoholds.fuse.step import (
    NEWS_DAYS,
    UNSPOKEN,
    add_initial,
    base_of,
    cohesion,
    first_distribution,
    followed_chance,
    release_of,
    smooth_alone,
    told_chance,
)
from whoholds.fuse.units import Units
from whoholds.fuse.voices import count_voices

__all__ = ["update_fusion"]

Ints = NDArray[np.int64]
Single = NDArray[np.float32]


def update_fusion(fusion: Fusion, units: Units, fresh: Evidence, changed: Ints) -> Fusion | None:
    """A run with the evidence of some places replaced, or None where that takes a rebuild.

    A rebuild is due where the days of the run would change, where a map is heard later than before (all that
    it shows stands longer then), where nobody told of any change before, and where the run learned its
    parameters.

    The arrays of `fusion` are brought up to date in place, for copies of a whole war take longer than the
    work: use what is returned, and not `fusion`, afterwards.

    Args:
        fusion: A run by a frozen version, whose units are places.
        units: Its units.
        fresh: All evidence of the changed places as it is now, with the keys of `units`.
        changed: Those places, sorted.
    """
    if fusion.workings is None or fusion.workings.outlook.prompt is None or not is_identity(units.footprint):
        return None
    grid = fusion.grid
    days = [int(d) for d in (fresh.first_day, fresh.last_day) if d is not None]
    if any(not grid.first_day <= day < grid.first_day + grid.n_days for day in days):
        return None
    merged = _merge(grid, fresh, fusion, changed)
    if merged is None:
        return None
    around = _Around(units.neighbours)
    near, outlook, first = around.of(changed), fusion.workings.outlook, fusion.workings.first
    seen = np.union1d(near, changed)
    drawn = np.union1d(around.of(seen), seen)
    reached = np.union1d(around.of(drawn), drawn)
    work = _Work(fusion, units, merged, around, reached)

    work.hear(changed, outlook)
    work.look(changed, first, np.ones((grid.n_days, len(changed)), np.float32))
    work.pull(near, first)
    fusion.step.unrest[:, near] = front_share(first.pull[:, :, near])
    # How much of a front a place is weighs maps' views, and nothing else.
    viewed = np.intersect1d(seen, merged.evidence.view_key)
    outlook.emission[:, :, changed] = first.emission[:, :, changed]
    outlook.local[:, :, changed] = first.local[:, :, changed]
    if len(viewed):
        work.look(viewed, outlook, fusion.step.unrest[:, viewed])
    work.pull(drawn, outlook)
    work.settle(drawn)
    work.discount(reached)
    return replace(fusion, grid=merged, workings=Workings(first, outlook))


class _Around:
    """Rows and columns of the neighbours' weights."""

    def __init__(self, weights: Any) -> None:
        self.weights = weights
        self.by_column = weights.tocsc()

    def of(self, places: Ints) -> Ints:
        """Those that have any of the places for a neighbour, sorted."""
        found: Ints = np.unique(self.by_column[:, places].indices).astype(np.int64)
        return found

    def rows(self, places: Ints) -> tuple[Any, Ints]:
        """The weights of some places' neighbours, and who these are."""
        rows = self.weights[places]
        columns = np.unique(rows.indices).astype(np.int64)
        # The order of a row's entries is that of the columns: sums come out the same.
        return rows[:, columns], columns


class _Work:
    """What is worked out anew, place by place."""

    def __init__(self, fusion: Fusion, units: Units, grid: Grid, around: _Around, reached: Ints) -> None:
        self.fusion, self.units, self.around = fusion, units, around
        self.reached, self.grid = reached, _only(grid, reached)
        self.parameters = fusion.parameters
        self.base = base_of(grid, fusion.parameters)

    def part(self, places: Ints) -> Grid:
        """The grid of some of the places that are reached."""
        return _only(self.grid, np.searchsorted(self.reached, places))

    def hear(self, places: Ints, outlook: Any) -> None:
        """How fresh word of the places is; both looks share it."""
        part = self.part(places)
        rows = point_rows(part, self.parameters)
        outlook.voice[:, places] = freshness(part, rows, after=FRESH_DAYS)
        outlook.known[:, places] = freshness(part, rows, after=NEWS_DAYS)

    def look(self, places: Ints, outlook: Any, unrest: Single) -> None:
        """The places looked at alone."""
        part = self.part(places)
        emission = log_likelihood(part, self.parameters, unrest)
        add_initial(
            emission,
            self.units.initial[places],
            self.fusion.initial_day,
            self.parameters.initial_trust,
        )
        prompt = log_prompt(part, self.parameters)
        outlook.prompt[:, :, places] = 0 if prompt is None else prompt
        prompt = outlook.prompt.take(places, axis=2)
        e = part.evidence
        spoken = np.bincount(np.concatenate([e.key, e.view_key]), minlength=len(places)) > 0
        outlook.emission[:, :, places] = emission
        outlook.local[:, :, places] = smooth_alone(emission, prompt, spoken, self.parameters)

    def pull(self, places: Ints, outlook: Any) -> None:
        """What surrounds the places."""
        weights, columns = self.around.rows(places)
        local = outlook.local.take(columns, axis=2)
        voice = np.maximum(outlook.voice[:, columns], np.float32(UNSPOKEN))
        outlook.pull[:, :, places] = surroundings(weights, sharpen(local), voice)

    def settle(self, places: Ints) -> None:
        """The places among their neighbours."""
        assert self.fusion.workings is not None
        outlook, step = self.fusion.workings.outlook, self.fusion.step
        weights, columns = self.around.rows(places)
        local = outlook.local.take(columns, axis=2)
        pull = outlook.pull.take(places, axis=2)
        ease = pull * pushes(weights, local)
        follow = followed_chance(weights, local, outlook.voice[:, columns], outlook.known[:, places])
        assert outlook.prompt is not None
        told = told_chance(outlook.prompt.take(places, axis=2), ease, self.base)
        posterior, _ = smooth_states(
            outlook.emission[:, :, places] + cohesion(pull),
            first_distribution(len(places), self.base.shape[1], pull),
            self.base,
            ease,
            jump=follow if told is None else np.maximum(told, follow),
            release=release_of(pull, ease),
            counts_changes=False,
            overwrites=True,
        )
        step.ease[:, :, places], step.follow[:, :, places] = ease, follow
        step.posterior[:, :, places] = posterior

    def discount(self, places: Ints) -> None:
        """The places' posteriors with the chance taken in that all that is said of them is wrong."""
        weights, columns = self.around.rows(places)
        posterior = self.fusion.step.posterior
        around = posterior.take(columns, axis=2)
        voices = count_voices(self.part(places), self.parameters.parties)
        doubt = doubt_of(weights, surroundings(weights, around), self.parameters, voices)
        kin = kin_weights(weights, self.units.initial[places], self.units.initial[columns])
        self.fusion.doubt[:, places] = doubt
        self.fusion.posterior[:, :, places] = mix_in(
            posterior.take(places, axis=2), surroundings(kin, around), doubt
        )


def _only(grid: Grid, places: Ints) -> Grid:
    """The grid of some places, called 0 to n - 1."""
    at = np.full(grid.n_keys, -1, dtype=np.int64)
    at[places] = np.arange(len(places))
    e = grid.evidence
    points, views, bears = (np.flatnonzero(at[key] >= 0) for key in (e.key, e.view_key, e.bears_key))
    chosen = e.select(points, views, bears)
    return replace(
        grid,
        n_keys=len(places),
        evidence=replace(
            chosen, key=at[chosen.key], view_key=at[chosen.view_key], bears_key=at[chosen.bears_key]
        ),
        day=grid.day.take(points),
        inside=grid.inside.take(points),
        novelty=grid.novelty.take(points),
        start=grid.start.take(views),
        end=grid.end.take(views),
        before=grid.before.take(views),
    )


def _merge(grid: Grid, fresh: Evidence, fusion: Fusion, changed: Ints) -> Grid | None:
    """The grid with the rows of some places replaced; None where maps were then heard on other days."""
    e = grid.evidence
    fresh, rhythm = _join_sources(e, fresh, grid.rhythm, fusion)
    is_changed = np.zeros(grid.n_keys, dtype=bool)
    is_changed[changed] = True
    points, views, bears = (np.flatnonzero(is_changed[key]) for key in (e.key, e.view_key, e.bears_key))
    evidence = e.splice((points, views, bears), fresh)
    last_heard = np.zeros(len(evidence.sources), dtype=np.int64)
    np.maximum.at(last_heard, evidence.view_source, evidence.view_day)
    if not np.array_equal(last_heard[: len(e.sources)], grid.rhythm.last_heard):
        return None
    rhythm = replace(rhythm, last_heard=last_heard)
    part = lay_out(fresh, grid.first_day, grid.first_day + grid.n_days - 1, grid.n_keys, rhythm)
    return replace(
        part,
        evidence=evidence,
        day=splice_rows(grid.day, points, part.day),
        inside=splice_rows(grid.inside, points, part.inside),
        novelty=splice_rows(grid.novelty, points, part.novelty),
        start=splice_rows(grid.start, views, part.start),
        end=splice_rows(grid.end, views, part.end),
        before=splice_rows(grid.before, views, part.before),
    )


def _join_sources(e: Evidence, fresh: Evidence, rhythm: Rhythm, fusion: Fusion) -> tuple[Evidence, Rhythm]:
    """New evidence with the run's numbers for its sources; those that are new come after."""
    at = {name: i for i, name in enumerate(e.sources)}
    new = [i for i, name in enumerate(fresh.sources) if name not in at]
    number = np.array([*(at.get(name, 0) for name in fresh.sources), 0], dtype=np.int64)
    number[new] = len(e.sources) + np.arange(len(new))
    theirs = rhythm_of(fresh, fusion.parameters)
    joined = replace(
        fresh,
        sources=(*e.sources, *(fresh.sources[i] for i in new)),
        source_sides=(*e.source_sides, *(fresh.source_sides[i] for i in new)),
        source=number[fresh.source],
        view_source=number[fresh.view_source],
    )
    return joined, Rhythm(
        np.concatenate([rhythm.patience, theirs.patience[new]]),
        np.concatenate([rhythm.last_heard, np.zeros(len(new), dtype=np.int64)]),
        np.concatenate([rhythm.originality, theirs.originality[new]]),
    )
