"""States through time: a hidden Markov model whose rates of change differ by place and day.

Log-likelihoods in, posteriors and expected changes out. Forward-backward (Rabiner 1989, "A tutorial on
hidden Markov models", section III) in scaled form, one step a day over all units at once; arrays are
[day, state, unit], so that every operation runs along contiguous units.

The chance that a unit passes from state a to b from one day to the next is `base[day, a, b]` times
`pull[day, b, unit]`, what the theatre does on that day times how readily this unit passes into b, and
`jump[day, b, unit]` besides, from whatever state: what is known to happen there on that day.
"""

from __future__ import annotations

import numpy as np
from numpy.typing import NDArray

__all__ = ["Single", "smooth_states"]

Single = NDArray[np.float32]


_MANY = 1024
"""Units from which on a day's work is done while it is at hand: whole arrays would pass through memory once
a step. With fewer, whole arrays are at hand, and fewer calls are what counts."""
_RESCALE = 2
"""Days between rescalings. A day shrinks the forward and backward vectors by no more than the least chance of
change, so that the product of both over two days is far from the end of single precision."""


def smooth_states(
    log_likelihood: Single,
    initial: Single,
    base: Single,
    pull: Single | None = None,
    *,
    jump: Single | None = None,
    release: Single | None = None,
    counts_changes: bool = True,
    overwrites: bool = False,
    out: Single | None = None,
) -> tuple[Single, Single | None]:
    """The posterior of each state given all evidence, and the expected number of changes.

    Args:
        log_likelihood: Natural logarithm of the likelihood of each day's evidence, [days, states, units];
            any constant may be added per day and unit.
        initial: Distribution on the first day, before its evidence, [states, units].
        base: Chance of change from a to b into each day, [days, a, b], diagonal 0; day 0 is not used.
            Rows times `pull` must sum to less than 1.
        pull: Factor on the chance of passing into a state, [days, states, units]; None for 1.
        jump: Chance of passing into a state from any other besides, [days, states, units]; None for 0. Needs
            `pull`. With the rows above, all that leaves a state must sum to less than 1.
        release: What `pull` lacks for those who leave the last state, [days, states, units], 0 for the last;
            None for 0. Needs `pull`.
        counts_changes: Whether to count changes; without, the second result is None.
        overwrites: Whether `log_likelihood` may be used as scratch: of a large war, one array less.
        out: Where the posteriors go, [days, states, units]; None for a new array.

    Returns:
        Posteriors [days, states, units] (sum 1 over states), expected changes [days, a, b] over all units.
    """
    n_days, n_states, n_units = log_likelihood.shape
    if n_units == 1:
        # A product with one column is summed in another order; the same unit must come out the same in any
        # company.
        twice = [np.repeat(x, 2, axis=-1) for x in (log_likelihood, initial)]
        pairs = [None if x is None else np.repeat(x, 2, axis=2) for x in (pull, jump, release)]
        both, counted = smooth_states(
            twice[0],
            twice[1],
            base,
            pairs[0],
            jump=pairs[1],
            release=pairs[2],
            counts_changes=counts_changes,
        )
        alpha = np.empty_like(log_likelihood) if out is None else out
        alpha[:] = both[:, :, :1]
        return alpha, None if counted is None else counted * np.float32(0.5)
    likelihood = log_likelihood if overwrites else np.empty_like(log_likelihood)
    alpha = np.empty_like(log_likelihood) if out is None else out
    base = np.ascontiguousarray(base, dtype=np.float32)
    if pull is None:
        full = base + np.eye(n_states, dtype=np.float32) * (1 - base.sum(axis=2))[:, :, None]
        stay = None
    else:
        full = base
        stay = np.float32(1) - np.matmul(base, pull)
        if jump is not None:
            # What jumps back to its own state is taken off here, so that a jump can be added to all.
            stay -= jump.sum(axis=1, keepdims=True)
        if release is not None:
            stay[:, -1] -= np.matmul(base[:, -1:], release)[:, 0]
    turned = np.ascontiguousarray(full.transpose(0, 2, 1))
    jumps = np.zeros(n_days, dtype=bool)
    if jump is not None:
        jumps[:] = jump.any(axis=(1, 2))
    leaving = None if release is None else base[:, -1, :, None] * release
    _pass_forward(log_likelihood, likelihood, initial, turned, stay, pull, jump, jumps, leaving, alpha)
    changes = np.zeros((n_days, n_states, n_states), dtype=np.float32) if counts_changes else None
    beta = np.ones((n_states, n_units), dtype=np.float32)
    value = np.empty_like(beta)
    kept = np.empty_like(beta)
    elsewhere = 1 - np.eye(n_states, dtype=np.float32)
    for t in range(n_days - 1, 0, -1):
        np.multiply(likelihood[t], beta, out=value)
        if pull is None or stay is None:
            np.matmul(full[t], value, out=beta)
            pulled = value
        else:
            np.multiply(stay[t], value, out=kept)
            pulled = pull[t] * value
            np.matmul(full[t], pulled, out=beta)
            beta += kept
        landed = None
        if jump is not None and jumps[t]:
            landed = jump[t] * value
            beta += np.add.reduce(landed, axis=0)
        left = None
        if leaving is not None:
            left = leaving[t] * value
            beta[-1] += np.add.reduce(left, axis=0)
        if changes is not None:
            before = alpha[t - 1]
            share = before / np.add.reduce(before * beta, axis=0)
            changes[t] = base[t] * (share @ pulled.T)
            if landed is not None:
                changes[t] += (share @ landed.T) * elsewhere
            if left is not None:
                changes[t, -1] += left @ share[-1]
        posterior = alpha[t - 1]
        posterior *= beta
        if n_units > _MANY:
            posterior /= np.add.reduce(posterior, axis=0)
        if t % _RESCALE == 0:
            beta /= np.add.reduce(beta, axis=0)
    if n_units <= _MANY:
        alpha[:-1] /= np.add.reduce(alpha[:-1], axis=1, keepdims=True)
    return alpha, changes


def _pass_forward(
    log_likelihood: Single,
    likelihood: Single,
    initial: Single,
    turned: Single,
    stay: Single | None,
    pull: Single | None,
    jump: Single | None,
    jumps: NDArray[np.bool_],
    leaving: Single | None,
    alpha: Single,
) -> None:
    """Fill in each day's likelihood, and the forward vectors, each up to a factor per day and unit."""
    moved = np.array(initial, dtype=np.float32)
    kept = np.empty_like(moved)
    best = np.empty(moved.shape[1], dtype=np.float32)
    last = alpha[0]
    is_many = moved.shape[1] > _MANY
    if not is_many:
        np.subtract(log_likelihood, np.maximum.reduce(log_likelihood, axis=1, keepdims=True), out=likelihood)
        np.exp(likelihood, out=likelihood)
    for t in range(len(likelihood)):
        now, here = likelihood[t], alpha[t]
        if is_many:
            np.maximum.reduce(log_likelihood[t], axis=0, out=best)
            np.subtract(log_likelihood[t], best, out=now)
            np.exp(now, out=now)
        if t:
            np.matmul(turned[t], last, out=moved)
            if stay is not None and pull is not None:
                moved *= pull[t]
                np.multiply(last, stay[t], out=kept)
                moved += kept
            if jump is not None and jumps[t]:
                moved += jump[t] * np.add.reduce(last, axis=0)
            if leaving is not None:
                moved += leaving[t] * last[-1]
        np.multiply(moved, now, out=here)
        if t % _RESCALE == 0 or t == len(likelihood) - 1:
            here /= np.add.reduce(here, axis=0)
        last = here
