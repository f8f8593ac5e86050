"""Scores of predictions against a truth, and the gain of one over another with its interval.

Figures are those of place-days within 30 days of a flip, unless another window is asked for; most places
never change hands, and say little of a method. A flip is the day on which a place passes from one party to
another, days of contest or silence between them aside; a change across a silence of the truth has no date.

Intervals are of resampled half-degree squares of the map (a paired block bootstrap, Künsch 1989): places in
one square change hands together, and both methods are scored on the same draw.
"""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from typing import Any

import numpy as np
from evals.control.grids import SILENT, Prediction, States, Truth
from numpy.typing import NDArray

__all__ = ["METRICS", "Gain", "Reliability", "Scored", "find_flips", "measure_gains", "score"]

NEAR_DAYS, FLIP_DAYS = 30, 3
LEAST_P = 1e-4
"""Probabilities count as no lower, so that one certain error does not outweigh all else."""
BINS = 10
DRAWS = 1000

METRICS = ("accuracy", "log_loss", "flips_f1", "ece")
HIGHER_IS_BETTER = {"accuracy": True, "log_loss": False, "flips_f1": True, "ece": False}

Floats = NDArray[np.float64]
Flip = tuple[int, int, int]
"""Place, day, new holder."""


def find_flips(status: States, n_parties: int) -> list[Flip]:
    """The days on which places pass from one party to another, in order."""
    found = []
    for place, row in enumerate(status):
        moving = np.flatnonzero(row[1:] != row[:-1]) + 1
        holder = int(row[0]) if 0 <= row[0] < n_parties else SILENT
        for day in moving:
            now = int(row[day])
            if now == SILENT:
                holder = SILENT
            elif 0 <= now < n_parties:
                if holder not in (SILENT, now):
                    found.append((place, int(day), now))
                holder = now
    return found


def _match(true: Sequence[Flip], said: Sequence[Flip], within: int) -> list[int]:
    """Indices of the true flips that are found, one to one, nearest first."""
    days: dict[tuple[int, int], list[int]] = defaultdict(list)
    for place, day, holder in said:
        days[place, holder].append(day)
    pairs = sorted(
        (abs(other - day), other - day, i)
        for i, (place, day, holder) in enumerate(true)
        for other in days[place, holder]
        if abs(other - day) <= within
    )
    taken: set[Flip] = set()
    matched: set[int] = set()
    for _, lag, i in pairs:
        place, day, holder = true[i]
        if i not in matched and (place, day + lag, holder) not in taken:
            matched.add(i)
            taken.add((place, day + lag, holder))
    return sorted(matched)


@dataclass(frozen=True, slots=True)
class Reliability:
    """What was said with some probability, and how often it was so; ten bins of equal width.

    Attributes:
        n: Place-days, [10].
        p: Sum of the probabilities of the likeliest state, [10].
        right: How many of those were so, [10].
    """

    n: Floats
    p: Floats
    right: Floats

    @property
    def error(self) -> float:
        """Expected calibration error: mean distance between what was said and what was so."""
        total = self.n.sum()
        return float(np.abs(self.p - self.right).sum() / total) if total else float("nan")


def _sum(at: NDArray[np.int64], weight: NDArray[Any], n: int) -> Floats:
    """Sums of weights by index."""
    return np.bincount(at, weight, n).astype(np.float64)


@dataclass(frozen=True, slots=True)
class Scored:
    """Sums of one method by square, from which every figure of any draw of squares follows.

    Attributes:
        days: Place-days scored, [n_squares].
        right: How many have the right status, [n_squares].
        loss: Sum of -ln p(truth), [n_squares].
        bins: Place-days, sum of p and number right by bin, [n_squares, 3, 10].
        flips: True flips, flips said, and true flips found, [n_squares, 3].
    """

    days: Floats
    right: Floats
    loss: Floats
    bins: Floats
    flips: Floats

    def figures(self, squares: NDArray[np.int64] | None = None) -> dict[str, float]:
        """The metrics over all squares, or over a draw of them."""
        pick = np.arange(len(self.days)) if squares is None else squares
        days = self.days[pick].sum()
        true, said, found = self.flips[pick].sum(axis=0)
        n, p, right = self.bins[pick].sum(axis=0)
        nan = float("nan")
        return {
            "accuracy": float(self.right[pick].sum() / days) if days else nan,
            "log_loss": float(self.loss[pick].sum() / days) if days else nan,
            "flips_f1": float(2 * found / (true + said)) if true + said else nan,
            "ece": Reliability(n, p, right).error,
        }

    def reliability(self) -> Reliability:
        """The reliability over all squares."""
        return Reliability(*self.bins.sum(axis=0))


def score(
    truth: Truth, predicted: Prediction, squares: Sequence[str], *, near_days: int | None = NEAR_DAYS
) -> Scored:
    """Score a prediction, square by square.

    Args:
        truth: What was so.
        predicted: What a method says, on the same grid.
        squares: Square of each place.
        near_days: Score days so near to a true flip of the place; None for all days.
    """
    n_parties = len(truth.states) - 1
    spoken = truth.status != SILENT
    true = find_flips(truth.status, n_parties)
    where = spoken.copy()
    if near_days is not None:
        near = np.zeros_like(spoken)
        for place, day, _ in true:
            near[place, max(0, day - near_days) : day + near_days + 1] = True
        where &= near
    # A day without a word of the method is neither the same as before nor a change of hands.
    said = [f for f in find_flips(_without_gaps(predicted.status), n_parties) if spoken[f[0], f[1]]]
    names = sorted(set(squares))
    n = len(names)
    number = {name: i for i, name in enumerate(names)}
    block = np.array([number[name] for name in squares], dtype=np.int64)

    rows, days = np.nonzero(where)
    at = block[rows]
    answer = truth.status[rows, days]
    p = predicted.p[rows, days]
    top, best = p.max(axis=1).astype(np.float64), p.argmax(axis=1)
    p_true = np.clip(p[np.arange(len(answer)), answer], LEAST_P, 1).astype(np.float64)
    bins = np.minimum((p.max(axis=1) * BINS).astype(int), BINS - 1)
    cell = at * BINS + bins
    flips = np.zeros((n, 3))
    matched = [true[i] for i in _match(true, said, FLIP_DAYS)]
    for column, some in enumerate((true, said, matched)):
        np.add.at(flips[:, column], block[np.array([f[0] for f in some], dtype=np.int64)], 1)
    return Scored(
        days=_sum(at, np.ones(len(at)), n),
        right=_sum(at, predicted.status[rows, days] == answer, n),
        loss=_sum(at, -np.log(p_true), n),
        bins=np.stack(
            [_sum(cell, w, n * BINS).reshape(n, BINS) for w in (np.ones(len(top)), top, best == answer)],
            axis=1,
        ),
        flips=flips,
    )


def _without_gaps(status: States) -> States:
    """Statuses in which a day without a word is one of contest: no holder, and no silence of the truth."""
    return np.where(status < 0, np.int8(np.iinfo(np.int8).max), status)


@dataclass(frozen=True, slots=True)
class Gain:
    """How much better one method is than another, above 0 where it is better.

    Attributes:
        metric: One of `METRICS`.
        ours: The method's figure.
        theirs: The other's.
        gain: Difference, in the direction of better.
        low: Lower end of its 95 % interval.
        high: Upper end.
    """

    metric: str
    ours: float
    theirs: float
    gain: float
    low: float
    high: float

    @property
    def counts(self) -> bool:
        """Whether the whole interval lies above 0."""
        return self.low > 0


def measure_gains(
    ours: Scored, others: Mapping[str, Scored], *, draws: int = DRAWS
) -> list[tuple[str, Gain]]:
    """For each metric, the gain over the best of the others (best on this metric), with the other's name.

    Draws are of whole squares, the same for both; those without anything to score are left out.
    """
    n = len(ours.days)
    picks = np.random.default_rng(0).integers(0, n, (draws, n))
    drawn_ours = [ours.figures(pick) for pick in picks]
    drawn = {name: [other.figures(pick) for pick in picks] for name, other in others.items()}
    whole = ours.figures()
    found = []
    for metric in METRICS:
        way = 1 if HIGHER_IS_BETTER[metric] else -1
        name = max(sorted(others), key=lambda other: way * others[other].figures()[metric])
        theirs = others[name].figures()[metric]
        apart = way * np.array([a[metric] - b[metric] for a, b in zip(drawn_ours, drawn[name], strict=True)])
        apart = apart[np.isfinite(apart)]
        low, high = np.quantile(apart, (0.025, 0.975)) if len(apart) else (float("nan"), float("nan"))
        gain = way * (whole[metric] - theirs)
        found.append((name, Gain(metric, whole[metric], theirs, gain, float(low), float(high))))
    return found
