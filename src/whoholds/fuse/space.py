"""Space: what surrounds a unit, and how observations of places reach units.

Posteriors and sparse weights in; pulls, shares and discounted posteriors out. Arrays are [day, state, unit].
"""

from __future__ import annotations

from typing import Any

import numpy as np
from numpy.typing import NDArray
from scipy.ndimage import convolve1d, maximum_filter1d

from whoholds.fuse.grid import Grid
from whoholds.fuse.sources import SourceParameters
from whoholds.fuse.units import Units

__all__ = [
    "discount",
    "doubt_of",
    "freshness",
    "front_share",
    "gather",
    "is_identity",
    "kin_weights",
    "mix_in",
    "project",
    "pushes",
    "sharpen",
    "spoken_of",
    "surroundings",
]

Single = NDArray[np.float32]

FRONT_MIX = 0.25
"""A place is at the front where this share of its surroundings is not the majority's."""
FAR_PULL = 0.02
"""Pull into a state that nobody around is in: incursions, landings and raids happen, and cost evidence."""
FRESH_DAYS = 30.0
"""Days in which word of a place loses two thirds of its voice on the ground around, before and after: about
as long as a front stands still between two pushes."""
SHARPNESS = 4.0
"""Exponent on neighbours' probabilities when they pull. Neighbours err together: ground that may be one
side's or the other's as a whole is no front, and taking such doubt for a mixed front would keep itself
alive."""
SHARED_ERROR = 2 / 3
"""Of the times that one voice errs about a place at the front, the next one errs with it two times in three:
they stand before the same rumours and the same silence."""
MOST_VOICES = 3
"""Voices beyond these are taken to be of the same few origins."""
DATED_WITHIN_DAYS = 7
"""The day on which a place changed hands is told within a week or so: so many days before and after, a place
that the front passes is at the front."""
PUSH_DAYS = 7
"""Spread in days of the kernel over which neighbours that change hands count as one push."""
PUSH_SHARE = 0.3
"""Share of the neighbours that change hands in a push: two of the six or seven nearest."""
LONE_CHANGE = 0.2
"""How readily a place changes hands when none around it does, beside one in a push. Fronts move in pushes;
a place that is told to change alone, and back, is oftener an error or a fight than a change of hands: of lone
changes on some maps of a war, one in three is on another map a week later, of those in a push two."""
OTHER_SIDE = 0.25
"""What a neighbour that was on the other side at the start counts for where nothing that is said of a place
is to be believed. Beside a line that has stood since the start it was never with the place; what became of
those on the place's own side tells whether the line has passed."""
UNKNOWN_SURROUNDINGS = 0.05
"""Weight of "nothing is known" among a unit's neighbours."""


def spoken_of(grid: Grid, units: Units) -> NDArray[np.bool_]:
    """Whether any claim reaches each unit, [n_units]."""
    e = grid.evidence
    keys = np.bincount(np.concatenate([e.key, e.view_key]), minlength=grid.n_keys) > 0
    return np.asarray(units.footprint.T @ keys.astype(np.float32)).ravel() > 0


def freshness(
    grid: Grid, rows: NDArray[np.float64], *, after: float = FRESH_DAYS, before: float = FRESH_DAYS
) -> NDArray[np.float64]:
    """How fresh word of each place is on each day, [n_days, n_keys], from 0 to 1.

    Args:
        grid: The evidence on places.
        rows: Log-likelihood of each state for each point of it (`likelihood.point_rows`).
        after: Days after the word in which two thirds of its freshness are gone.
        before: The same for the days before it.
    """
    e = grid.evidence
    heard = np.zeros((grid.n_days, grid.n_keys))
    inside = grid.inside & ~e.is_before
    # Words that fit every state alike tell nothing, however fresh.
    tells = -np.expm1(-(rows.max(axis=1) - rows.min(axis=1))) if len(rows) else np.zeros(0)
    np.maximum.at(heard, (grid.day[inside], e.key[inside]), tells[inside])
    shown = (e.view_state >= 0) & (grid.end > grid.start)
    span = np.zeros((grid.n_days + 1, grid.n_keys))
    np.add.at(span, (grid.start[shown], e.view_key[shown]), 1)
    np.add.at(span, (grid.end[shown], e.view_key[shown]), -1)
    np.maximum(heard, np.cumsum(span, axis=0)[:-1] > 0, out=heard)
    # The freshest word of all days, each faded by the days between: a running maximum of logarithms.
    day = np.arange(grid.n_days)[:, None]
    with np.errstate(divide="ignore"):
        told = np.log(heard)
    later = np.maximum.accumulate(told + day / after, axis=0) - day / after
    sooner = np.maximum.accumulate((told - day / before)[::-1], axis=0)[::-1] + day / before
    fresh: NDArray[np.float64] = np.exp(np.maximum(later, sooner))
    return fresh


def surroundings(neighbours: Any, posterior: Single, voice: Single | None = None) -> Single:
    """Pull of each unit's surroundings into each state, [n_days, n_states, n], from `FAR_PULL` to 1.

    Into a party's hands: the share of the neighbours that it holds, and half of those contested. Into
    contest: the share contested, and how mixed the rest is.

    Args:
        neighbours: Row-normalised weights, [n, n], or some of its rows.
        posterior: Probability of each state, [n_days, n_states, n].
        voice: How much each neighbour counts on each day, [n_days, n]; None for 1.
    """
    n_days, k, n = posterior.shape
    if voice is None:
        total = np.asarray(neighbours.sum(axis=1), dtype=np.float32).reshape(1, 1, -1)
    else:
        posterior = posterior * voice[:, None]
        total = np.asarray((neighbours @ voice.T).T, dtype=np.float32)[:, None]
    share = np.ascontiguousarray((neighbours @ posterior.reshape(n_days * k, n).T).T, dtype=np.float32)
    share = share.reshape(n_days, k, -1)
    share = (share + np.float32(UNKNOWN_SURROUNDINGS / k)) / (total + np.float32(UNKNOWN_SURROUNDINGS))
    pull = np.empty_like(share)
    pull[:, :-1] = share[:, :-1] + share[:, -1:] / 2
    pull[:, -1] = np.minimum(1, 1 - share[:, :-1].max(axis=1))
    raised: Single = np.float32(FAR_PULL) + np.float32(1 - FAR_PULL) * pull
    return raised


def pushes(neighbours: Any, posterior: Single) -> Single:
    """How far each unit's neighbours change hands at about the same time, [n_days, n_states, n].

    From `LONE_CHANGE` where none around passes into the state, to 1 where `PUSH_SHARE` of them do. Into
    contest it is always 1: a fight can begin anywhere.

    Args:
        neighbours: Row-normalised weights, [n, n], or some of its rows.
        posterior: Probability of each state, each unit looked at alone, [n_days, n_states, n].
    """
    n_days, k, n = posterior.shape
    rises = np.zeros((n_days, k - 1, n), dtype=np.float32)
    np.maximum(posterior[1:, :-1] - posterior[:-1, :-1], 0, out=rises[1:])
    reach = np.arange(-3 * PUSH_DAYS, 3 * PUSH_DAYS + 1)
    kernel = np.exp(-0.5 * (reach / PUSH_DAYS) ** 2).astype(np.float32)
    rises = convolve1d(rises, kernel, axis=0, mode="constant")
    around = np.asarray((neighbours @ rises.reshape(n_days * (k - 1), n).T).T, dtype=np.float32)
    share = np.minimum(1, around.reshape(n_days, k - 1, -1) / np.float32(PUSH_SHARE))
    eased = np.ones((n_days, k, share.shape[2]), dtype=np.float32)
    eased[:, :-1] = np.float32(LONE_CHANGE) + np.float32(1 - LONE_CHANGE) * share
    # Who has no neighbours cannot change with them.
    eased[:, :, np.asarray(neighbours.sum(axis=1)).ravel() <= 0] = 1
    return eased


def sharpen(posterior: Single) -> Single:
    """Neighbours' states as one pulls by them: the likelier, the more so, [n_days, n_states, n]."""
    raised: Single = np.power(posterior, SHARPNESS, dtype=np.float32)
    raised /= raised.sum(axis=1, keepdims=True)
    return raised


def front_share(pull: Single) -> Single:
    """How much of a front each unit is on each day: 0 deep inside one party's ground, 1 where it is mixed."""
    share: Single = np.minimum(np.float32(1), (1 - pull[:, :-1].max(axis=1)) / np.float32(FRONT_MIX))
    return share


def discount(
    posterior: Single, units: Units, parameters: SourceParameters, voices: NDArray[np.int16]
) -> tuple[Single, Single]:
    """Posteriors with the chance taken in that all that is said of a unit is wrong, and that chance.

    In that case nothing is known of it but its surroundings (Shafer 1976, discounting). So no source,
    however loud, takes a unit past what its kind of source is worth there.

    Args:
        posterior: Probability of each state, [n_days, n_states, n].
        units: Their neighbours, and which keys reach them.
        parameters: The chance in the rear and at the front.
        voices: How many speak of each key on each day, [n_days, n_keys] (`voices.count_voices`).
    """
    n = voices if is_identity(units.footprint) else np.asarray((units.footprint.T @ voices.T).T)
    doubt = doubt_of(units.neighbours, surroundings(units.neighbours, posterior), parameters, n)
    kin = kin_weights(units.neighbours, units.initial, units.initial)
    return mix_in(posterior, surroundings(kin, posterior), doubt), doubt


def mix_in(posterior: Single, share: Single, doubt: Single) -> Single:
    """Posteriors in which by some chance nothing is known but the surroundings, [n_days, n_states, n].

    Args:
        posterior: Probability of each state, [n_days, n_states, n].
        share: What surrounds each unit (`surroundings`), alike.
        doubt: That chance, [n_days, n].
    """
    weight = doubt[:, None]
    mixed: Single = (1 - weight) * posterior + weight * (share / share.sum(axis=1, keepdims=True))
    return mixed


def kin_weights(neighbours: Any, own: NDArray[np.int16], theirs: NDArray[np.int16]) -> Any:
    """Weights by which those who were on the other side at the start count for `OTHER_SIDE`.

    Args:
        neighbours: Row-normalised weights, CSR [n, n], or some of its rows and columns.
        own: Holder at the start of each row's unit, -1 where nobody knows.
        theirs: The same of each column's.
    """
    mine, other = np.repeat(own, np.diff(neighbours.indptr)), theirs[neighbours.indices]
    parted = (mine != other) & (mine >= 0) & (other >= 0)
    kin = neighbours.copy()
    kin.data[parted] *= np.float32(OTHER_SIDE)
    return kin


def doubt_of(neighbours: Any, share: Single, parameters: SourceParameters, voices: NDArray[Any]) -> Single:
    """The chance that all that is said of each unit is wrong, [n_days, n].

    Args:
        neighbours: Row-normalised weights, [n, n], or some of its rows.
        share: What surrounds each unit (`surroundings`), [n_days, n_states, n].
        parameters: The chance in the rear, and at the front with one voice.
        voices: How many speak of each unit on each day, [n_days, n].
    """
    rear, front = np.asarray(parameters.doubt, dtype=np.float32)
    mixed = maximum_filter1d(front_share(share), 2 * DATED_WITHIN_DAYS + 1, axis=0)
    # A place that stands alone has no surroundings that could be right instead.
    mixed[:, np.asarray(neighbours.sum(axis=1)).ravel() <= 0] = 0
    further = np.clip(voices, 1, MOST_VOICES).astype(np.float32) - np.float32(1)
    at_front = np.maximum(rear, front * np.power(np.float32(SHARED_ERROR), further))
    # Where nobody speaks, nothing said can be wrong: what the surroundings make of the place is all there is.
    at_front[voices == 0] = rear
    doubt: Single = rear + (at_front - rear) * mixed
    return doubt


def project(footprint: Any, values: Single) -> Single:
    """Log-likelihoods by key to log-likelihoods by unit, [n_days, n_states, n]."""
    if is_identity(footprint):
        return values
    n_days, k, n_keys = values.shape
    out = footprint.T @ values.reshape(n_days * k, n_keys).T
    return np.ascontiguousarray(np.asarray(out).T.reshape(n_days, k, -1), dtype=np.float32)


def gather(footprint: Any, posterior: Single) -> Single:
    """Posteriors by unit to the mean over each key's footprint, [n_days, n_states, n_keys]."""
    if is_identity(footprint):
        return posterior
    n_days, k, n = posterior.shape
    total = np.asarray(footprint.sum(axis=1)).ravel()
    out = footprint @ posterior.reshape(n_days * k, n).T / np.where(total > 0, total, 1)[:, None]
    return np.ascontiguousarray(np.asarray(out).T.reshape(n_days, k, -1), dtype=np.float32)


def is_identity(matrix: Any) -> bool:
    rows, columns = matrix.shape
    return bool(
        rows == columns
        and matrix.nnz == rows
        and (matrix.indices == np.arange(rows)).all()
        and (matrix.data == 1).all()
    )
