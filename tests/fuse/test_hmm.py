"""Forward-backward against the definition: the sum over all paths."""

from __future__ import annotations

import itertools

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from hypothesis.extra.numpy import arrays

from whoholds.fuse.hmm import smooth_states

DAYS, STATES = 5, 3
LOGS = arrays(np.float32, (DAYS, STATES, 2), elements=st.floats(-6, 0, width=32))
PULLS = arrays(np.float32, (DAYS, STATES, 2), elements=st.floats(0.0625, 1, width=32))
BASE = np.array([[0, 0.1, 0.2], [0.05, 0, 0.1], [0.3, 0.2, 0]], dtype=np.float32)
START = np.array([0.5, 0.3, 0.2], dtype=np.float32)


JUMPS = arrays(np.float32, (DAYS, STATES, 2), elements=st.sampled_from([0.0, 0.0, 0.03125, 0.125]))


def sum_paths(
    logs: np.ndarray, pull: np.ndarray, jump: np.ndarray | None = None, release: np.ndarray | None = None
) -> tuple[np.ndarray, np.ndarray]:
    """Posteriors and expected changes of one unit, path by path."""
    posterior, changes, total = np.zeros((DAYS, STATES)), np.zeros((DAYS, STATES, STATES)), 0.0
    for path in itertools.product(range(STATES), repeat=DAYS):
        p = float(START[path[0]])
        for t in range(1, DAYS):
            rates = BASE[path[t - 1]].astype(float) * pull[t]
            if release is not None and path[t - 1] == STATES - 1:
                rates += BASE[-1] * release[t]
            if jump is not None:
                rates += jump[t] * (np.arange(STATES) != path[t - 1])
            p *= 1 - rates.sum() if path[t] == path[t - 1] else rates[path[t]]
        p *= float(np.exp(sum(logs[t, s] for t, s in enumerate(path)), dtype=np.float64))
        total += p
        for t, s in enumerate(path):
            posterior[t, s] += p
            if t and s != path[t - 1]:
                changes[t, path[t - 1], s] += p
    return posterior / total, changes / total


@given(logs=LOGS, pull=PULLS)
@settings(max_examples=15, deadline=None)
def test_posteriors_and_changes_are_those_of_all_paths(logs: np.ndarray, pull: np.ndarray) -> None:
    start = np.repeat(START[:, None], 2, axis=1)
    base = np.broadcast_to(BASE, (DAYS, STATES, STATES))
    posterior, changes = smooth_states(logs, start, base, pull)
    exact = [sum_paths(logs[:, :, i], pull[:, :, i]) for i in range(2)]
    assert posterior == pytest.approx(np.stack([e[0] for e in exact], axis=2), abs=1e-4)
    assert changes == pytest.approx(exact[0][1] + exact[1][1], abs=1e-4)


@given(logs=LOGS, pull=PULLS)
@settings(max_examples=15, deadline=None)
def test_who_leaves_the_last_state_may_do_so_more_easily(logs: np.ndarray, pull: np.ndarray) -> None:
    start = np.repeat(START[:, None], 2, axis=1)
    base = np.broadcast_to(BASE, (DAYS, STATES, STATES))
    release = (1 - pull) / 2
    release[:, -1] = 0
    posterior, changes = smooth_states(logs, start, base, pull, release=release)
    exact = [sum_paths(logs[:, :, i], pull[:, :, i], release=release[:, :, i]) for i in range(2)]
    assert posterior == pytest.approx(np.stack([e[0] for e in exact], axis=2), abs=1e-4)
    assert changes == pytest.approx(exact[0][1] + exact[1][1], abs=1e-4)


@given(logs=LOGS, pull=PULLS, jump=JUMPS)
@settings(max_examples=15, deadline=None)
def test_jumps_come_on_top_of_the_rates(logs: np.ndarray, pull: np.ndarray, jump: np.ndarray) -> None:
    start = np.repeat(START[:, None], 2, axis=1)
    base = np.broadcast_to(BASE, (DAYS, STATES, STATES))
    posterior, changes = smooth_states(logs, start, base, pull, jump=jump)
    exact = [sum_paths(logs[:, :, i], pull[:, :, i], jump[:, :, i]) for i in range(2)]
    assert posterior == pytest.approx(np.stack([e[0] for e in exact], axis=2), abs=1e-4)
    assert changes == pytest.approx(exact[0][1] + exact[1][1], abs=1e-4)


def test_no_pull_is_a_pull_of_one() -> None:
    rng = np.random.default_rng(1)
    logs = rng.normal(0, 1, (40, STATES, 7)).astype(np.float32)
    start = np.repeat(START[:, None], 7, axis=1)
    base = np.broadcast_to(BASE, (40, STATES, STATES))
    plain, counted = smooth_states(logs, start, base)
    pulled, same = smooth_states(logs, start, base, np.ones_like(logs))
    assert plain == pytest.approx(pulled, abs=1e-6)
    assert counted == pytest.approx(same, abs=1e-5)


def test_evidence_that_contradicts_itself_daily_stays_finite() -> None:
    """Certain one day of one state and the next of another, where change is all but impossible."""
    days = 400
    logs = np.full((days, STATES, 1), -40, dtype=np.float32)
    logs[np.arange(days), np.arange(days) % STATES, 0] = 0
    base = np.broadcast_to((BASE > 0).astype(np.float32) * 1e-6, (days, STATES, STATES))
    posterior, _ = smooth_states(logs, START[:, None], base, np.ones_like(logs))
    assert np.isfinite(posterior).all()
    assert posterior.sum(axis=1) == pytest.approx(np.ones((days, 1)), abs=1e-5)


@pytest.mark.parametrize("n", [1, 2, 60, 1024])
def test_a_unit_comes_out_the_same_in_any_company(n: int) -> None:
    rng = np.random.default_rng(2)
    logs = rng.normal(0, 2, (60, STATES, 1300)).astype(np.float32)
    pull = rng.random((60, STATES, 1300), dtype=np.float32) / 2
    jump, release = pull / 16, pull / 4
    release[:, -1] = 0
    start = np.repeat(START[:, None], 1300, axis=1)
    base = np.broadcast_to(BASE, (60, STATES, STATES))
    # Changes are counted a day at a time; without counting, all days are laid out at once.
    whole, _ = smooth_states(logs, start, base, pull, jump=jump, release=release)
    few = np.sort(rng.choice(1300, n, replace=False))
    rest = {"jump": jump[:, :, few], "release": release[:, :, few]}
    part, _ = smooth_states(
        logs[:, :, few], start[:, few], base, pull[:, :, few], counts_changes=False, **rest
    )
    assert part.tobytes() == np.ascontiguousarray(whole[:, :, few]).tobytes()
