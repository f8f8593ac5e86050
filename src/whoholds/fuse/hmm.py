"""States through time: a hidden Markov model whose rates of change differ by place and day.

Log-likelihoods in, posteriors and expected changes out. Forward-backward (Rabiner 1989, "A tutorial on
hidden Markov models", section III) in scaled form, one step a day over all units at once; arrays are
[day, state, unit], so that every operation runs along contiguous units.

The chance that a unit passes from state a to b from one day to the next is `base[day, a, b]` times
`pull[day, b, unit]`: what the theatre does on that day, times how much of the unit's surroundings is
already in state b.
"""

from __future__ import annotations

import numpy as np
from numpy.typing import NDArray

__all__ = ["Single", "smooth_states"]

Single = NDArray[np.float32]


def smooth_states(
    log_likelihood: Single,
    initial: Single,
    base: Single,
    pull: Single | None = None,
    *,
    is_filtered: bool = False,
) -> tuple[Single, Single]:
    """The posterior of each state, and the expected number of changes.

    Args:
        log_likelihood: Natural logarithm of the likelihood of each day's evidence, [days, states, units];
            any constant may be added per day and unit.
        initial: Distribution on the first day, before its evidence, [states, units].
        base: Chance of change from a to b into each day, [days, a, b], diagonal 0; day 0 is not used.
            Rows times `pull` must sum to less than 1.
        pull: Factor on the chance of passing into a state, [days, states, units]; None for 1.
        is_filtered: Give the forward posterior (evidence up to each day), with no changes counted.

    Returns:
        Posteriors [days, states, units] (sum 1 over states), expected changes [days, a, b] over all units.
    """
    n_days, n_states, n_units = log_likelihood.shape
    likelihood = np.exp(log_likelihood - log_likelihood.max(axis=1, keepdims=True))
    alpha = np.empty_like(likelihood)
    changes = np.zeros((n_days, n_states, n_states), dtype=np.float32)
    base = np.ascontiguousarray(base, dtype=np.float32)
    leave = base.sum(axis=2)
    state = initial * likelihood[0]
    state /= state.sum(axis=0)
    alpha[0] = state
    for t in range(1, n_days):
        if pull is None:
            state = state * (1 - leave[t])[:, None] + base[t].T @ state
        else:
            state = state * (1 - base[t] @ pull[t]) + (base[t].T @ state) * pull[t]
        state *= likelihood[t]
        state /= state.sum(axis=0)
        alpha[t] = state
    if is_filtered:
        return alpha, changes
    beta = np.ones((n_states, n_units), dtype=np.float32)
    for t in range(n_days - 1, 0, -1):
        value = likelihood[t] * beta
        before = alpha[t - 1]
        if pull is None:
            pulled = value
            beta = value * (1 - leave[t])[:, None] + base[t] @ value
        else:
            pulled = pull[t] * value
            beta = value * (1 - base[t] @ pull[t]) + base[t] @ pulled
        total = (before * beta).sum(axis=0)
        changes[t] = base[t] * ((before / total) @ pulled.T)
        # alpha[t - 1] is no longer needed as a filter; keep beta's scale near 1.
        posterior = before * beta
        beta = beta / beta.max(axis=0)
        alpha[t - 1] = posterior / total
    return alpha, changes
