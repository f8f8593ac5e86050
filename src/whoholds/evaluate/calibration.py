"""Whether probabilities mean what they say: how often things with that probability are so.

The expected calibration error is the mean distance between a bin's mean probability and its share of cases
that are so, ten bins, by the number of cases in each (Naeini et al., AAAI 2015).
"""

from __future__ import annotations

from collections.abc import Sequence

__all__ = ["calibration_error"]

BINS = 10


def calibration_error(cases: Sequence[tuple[float, bool]]) -> float:
    """The expected calibration error of (probability, whether it is so); 0 where there are none."""
    total: dict[int, float] = {}
    for p, is_so in cases:
        which = min(int(p * BINS), BINS - 1)
        total[which] = total.get(which, 0.0) + p - is_so
    return sum(map(abs, total.values())) / len(cases) if cases else 0.0
