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


_FEW = 1 << 22
"""Chances of change of all units and days up to which both passes are made side by side, a day of each in one
step: with few units the number of calls is what counts. Beyond, memory is."""
_MANY = 1024
"""Units from which on what can be done for all days at once is done a day at a time, while it is at hand."""
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
    alpha = np.empty_like(log_likelihood) if out is None else out
    base = np.ascontiguousarray(base, dtype=np.float32)
    if pull is None:
        likelihood = log_likelihood if overwrites else np.empty_like(log_likelihood)
        return alpha, _smooth_alike(log_likelihood, likelihood, initial, base, counts_changes, alpha)
    chances = _Chances(base, pull, jump, release)
    if not counts_changes and n_days * n_states * n_states * n_units <= _FEW:
        _smooth_few(log_likelihood, initial, chances, alpha)
        return alpha, None
    likelihood = log_likelihood if overwrites else np.empty_like(log_likelihood)
    return alpha, _smooth_many(log_likelihood, likelihood, initial, chances, counts_changes, alpha)


class _Chances:
    """The chances of passing from each state to each on a day, times the likelihood of what is seen there.

    Sums over states are made state by state, never by a matrix product, so that a unit comes out the same in
    any company, a day at a time or all at once.
    """

    def __init__(self, base: Single, pull: Single, jump: Single | None, release: Single | None) -> None:
        self.base, self.pull, self.jump = base, pull, jump
        self.stay = np.float32(1) - np.matmul(base, pull)
        if jump is not None:
            # What jumps back to its own state is taken off here, so that a jump can be added to all.
            self.stay -= jump.sum(axis=1, keepdims=True)
        self.leaving = None if release is None else base[:, -1, :, None] * release
        if self.leaving is not None:
            self.stay[:, -1] -= np.add.reduce(self.leaving, axis=1)

    def of(self, days: slice, likelihood: Single, out: Single | None = None) -> Single:
        """Of some days, [days, from, to, units].

        Args:
            days: Which.
            likelihood: Of what is seen on those, [days, states, units].
            out: Where they go; None for a new array.
        """
        found = np.multiply(self.base[days, :, :, None], self.pull[days, None], out=out)
        if self.jump is not None:
            found += self.jump[days, None]
        if self.leaving is not None:
            found[:, -1] += self.leaving[days]
        for state in range(found.shape[1]):
            found[:, state, state] += self.stay[days, state]
        found *= likelihood[:, None]
        return found


def _smooth_few(log_likelihood: Single, initial: Single, chances: _Chances, alpha: Single) -> None:
    """Fill in the posteriors of few units: both passes side by side, [direction, states, units] a day."""
    n_days, k, n = log_likelihood.shape
    likelihood = np.exp(log_likelihood - np.maximum.reduce(log_likelihood, axis=1, keepdims=True))
    both = np.empty((n_days, 2, k, n), dtype=np.float32)
    np.multiply(initial, likelihood[0], out=both[0, 0])
    both[0, 0] /= np.add.reduce(both[0, 0], axis=0)
    both[0, 1] = 1
    moves = np.empty((n_days - 1, 2, k, k, n), dtype=np.float32)
    chances.of(slice(1, None), likelihood[1:], out=moves[:, 0])
    moves[:, 1] = moves[::-1, 0].transpose(0, 2, 1, 3)
    product = np.empty((2, k, k, n), dtype=np.float32)
    last, total, size = both[0][:, :, None], np.empty((2, 1, n), dtype=np.float32), _RESCALE
    multiply, add, divide = np.multiply, np.add.reduce, np.divide
    for day, (move, now) in enumerate(zip(moves, both[1:], strict=True), 1):
        multiply(last, move, product)
        add(product, 1, None, now)
        if day % size == 0:
            add(now, 1, None, total, keepdims=True)
            divide(now, total, now)
        last = now[:, :, None]
    np.multiply(both[:, 0], both[::-1, 1], out=alpha)
    alpha /= np.add.reduce(alpha, axis=1, keepdims=True)


def _smooth_many(
    log_likelihood: Single,
    likelihood: Single,
    initial: Single,
    chances: _Chances,
    counts_changes: bool,
    alpha: Single,
) -> Single | None:
    """Fill in the posteriors of many units, a day's work while it is at hand; the expected changes."""
    n_days, k, n = log_likelihood.shape
    best = np.empty(n, dtype=np.float32)
    _weigh(log_likelihood[0], likelihood[0], best)
    np.multiply(initial, likelihood[0], out=alpha[0])
    alpha[0] /= np.add.reduce(alpha[0], axis=0)
    moves, product = np.empty((1, k, k, n), dtype=np.float32), np.empty((k, k, n), dtype=np.float32)
    for t in range(1, n_days):
        _weigh(log_likelihood[t], likelihood[t], best)
        day = slice(t, t + 1)
        chances.of(day, likelihood[day], moves)
        np.multiply(alpha[t - 1][:, None], moves[0], out=product)
        np.add.reduce(product, axis=0, out=alpha[t])
        if t % _RESCALE == 0:
            alpha[t] /= np.add.reduce(alpha[t], axis=0)
    changes = np.zeros((n_days, k, k), dtype=np.float32) if counts_changes else None
    elsewhere = 1 - np.eye(k, dtype=np.float32)
    alpha[-1] /= np.add.reduce(alpha[-1], axis=0)
    beta = np.ones((k, n), dtype=np.float32)
    for t in range(n_days - 1, 0, -1):
        day = slice(t, t + 1)
        chances.of(day, likelihood[day], moves)
        np.multiply(moves[0], beta, out=product)
        np.add.reduce(product, axis=1, out=beta)
        if (n_days - t) % _RESCALE == 0:
            scale = np.add.reduce(beta, axis=0)
            beta /= scale
            if changes is not None:
                product /= scale
        before = alpha[t - 1]
        if changes is None:
            before *= beta
            before /= np.add.reduce(before, axis=0)
            continue
        share = before.copy()
        before *= beta
        total = np.add.reduce(before, axis=0)
        before /= total
        share /= total
        changes[t] = np.matmul(product, share[:, :, None])[:, :, 0] * elsewhere
    return changes


def _weigh(log_likelihood: Single, out: Single, best: Single) -> None:
    """The likelihood of one day's evidence, beside that of the state that it fits best (scratch, [units])."""
    np.maximum.reduce(log_likelihood, axis=0, out=best)
    np.subtract(log_likelihood, best, out=out)
    np.exp(out, out=out)


def _smooth_alike(
    log_likelihood: Single,
    likelihood: Single,
    initial: Single,
    base: Single,
    counts_changes: bool,
    alpha: Single,
) -> Single | None:
    """Fill in the posteriors of units that all pass alike; the expected changes."""
    n_days, k, n = log_likelihood.shape
    full = base + np.eye(k, dtype=np.float32) * (1 - base.sum(axis=2))[:, :, None]
    turned = np.ascontiguousarray(full.transpose(0, 2, 1))
    moved, best = np.array(initial, dtype=np.float32), np.empty(n, dtype=np.float32)
    last = alpha[0]
    is_many = n > _MANY
    if not is_many:
        np.subtract(log_likelihood, np.maximum.reduce(log_likelihood, axis=1, keepdims=True), out=likelihood)
        np.exp(likelihood, out=likelihood)
    for t in range(n_days):
        now, here = likelihood[t], alpha[t]
        if is_many:
            _weigh(log_likelihood[t], now, best)
        if t:
            np.matmul(turned[t], last, out=moved)
        np.multiply(moved, now, out=here)
        if t % _RESCALE == 0 or t == n_days - 1:
            here /= np.add.reduce(here, axis=0)
        last = here
    changes = np.zeros((n_days, k, k), dtype=np.float32) if counts_changes else None
    beta, value = np.ones((k, n), dtype=np.float32), np.empty((k, n), dtype=np.float32)
    for t in range(n_days - 1, 0, -1):
        np.multiply(likelihood[t], beta, out=value)
        np.matmul(full[t], value, out=beta)
        before = alpha[t - 1]
        if changes is not None:
            share = before / np.add.reduce(before * beta, axis=0)
            changes[t] = base[t] * (share @ value.T)
        before *= beta
        if is_many:
            before /= np.add.reduce(before, axis=0)
        if t % _RESCALE == 0:
            beta /= np.add.reduce(beta, axis=0)
    if not is_many:
        alpha[:-1] /= np.add.reduce(alpha[:-1], axis=1, keepdims=True)
    return changes
