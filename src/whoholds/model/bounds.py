"""What a figure's wording allows: a quantity in, the lowest and highest true value out."""

from __future__ import annotations

from whoholds.model.mention import Quantity
from whoholds.model.vocabulary import Approximator

__all__ = ["quantity_bounds"]

ABOUT = 0.10
"""What "about" allows: a tenth either way, as far as round official figures are seen to stray."""


def quantity_bounds(quantity: Quantity) -> tuple[float, float]:
    """The lowest and highest true value that a figure's wording allows.

    An exact measure is good to half of its last written digit ("1,100" to 50, "86" to 0.5).
    """
    low = float("-inf") if quantity.low is None else quantity.low
    high = float("inf") if quantity.high is None else quantity.high
    if low == high:
        # Settlements are counted one by one; ground is measured and rounded.
        half = 0.0 if quantity.unit == "settlements" else _last_digit(low) / 2
        if quantity.approximator in (Approximator.ABOUT, Approximator.NEARLY):
            half = max(half, ABOUT * abs(low))
        high_side = 0.0 if quantity.approximator is Approximator.NEARLY else half
        return low - half, high + high_side
    return low, high


def _last_digit(value: float) -> float:
    """The size of the last digit that is not a closing zero: 100 for 1,100, 1 for 86, 0.1 for 5.6."""
    if value == 0:
        return 1.0
    if value != int(value):
        digits = f"{value:.6f}".rstrip("0").partition(".")[2]
        return float(10 ** -len(digits))
    number, size = abs(int(value)), 1
    while number % 10 == 0:
        number //= 10
        size *= 10
    return float(size)
