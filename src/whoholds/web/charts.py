"""A history as a step chart: numbers for an SVG that the template writes.

In: change points of one place or cell. Out: stacked bands (a party each, contested last), a day marker
and a plain table of the same, which screen readers read instead.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date

from whoholds.model import ControlState

__all__ = ["Band", "Chart", "draw_history"]

WIDTH, HEIGHT = 360.0, 96.0


@dataclass(frozen=True, slots=True)
class Band:
    """One state's share through time, as an SVG path."""

    state: str
    path: str


@dataclass(frozen=True, slots=True)
class Chart:
    """A chart of `WIDTH` by `HEIGHT` units.

    Attributes:
        bands: Stacked from the bottom, in the order of the states.
        ticks: (x, label) of some days.
        marker: x of the day that is looked at, or None where it lies outside.
        width: Units across.
        height: Units up.
    """

    bands: tuple[Band, ...]
    ticks: tuple[tuple[float, str], ...]
    marker: float | None
    width: float = WIDTH
    height: float = HEIGHT


def draw_history(
    history: Sequence[ControlState], states: Sequence[str], first: date, last: date, on: date | None
) -> Chart:
    """Stacked steps of the probability of each state.

    Args:
        history: Change points by day; each holds until the next.
        states: Order of the bands, from the bottom.
        first: First day of the chart.
        last: Last day of the chart.
        on: The day to mark.
    """
    span = max(1, (last - first).days + 1)

    def across(day: date) -> float:
        return round(WIDTH * (day - first).days / span, 2)

    edges = [*(across(s.on) for s in history), WIDTH]
    floor = [0.0] * len(history)
    bands = []
    for name in states:
        top = [low + dict(s.p).get(name, 0.0) for low, s in zip(floor, history, strict=True)]
        over = [
            f"L{x} {_up(v)} L{edges[i + 1]} {_up(v)}"
            for i, (x, v) in enumerate(zip(edges, top, strict=False))
        ]
        back = [f"L{edges[i + 1]} {_up(v)} L{edges[i]} {_up(v)}" for i, v in reversed(list(enumerate(floor)))]
        if history:
            bands.append(Band(name, f"M{edges[0]} {_up(floor[0])} {' '.join([*over, *back])} Z"))
        floor = top
    marker = across(on) if on is not None and first <= on <= last else None
    return Chart(tuple(bands), _ticks(first, last, across(first), span), marker)


def _up(value: float) -> float:
    return round(HEIGHT * (1 - min(1.0, max(0.0, value))), 2)


def _ticks(first: date, last: date, left: float, span: int) -> tuple[tuple[float, str], ...]:
    """The first days of months, thinned to six at most; the ends where the record is short."""
    months = []
    year, month = first.year, first.month
    while date(year, month, 1) <= last:
        if date(year, month, 1) >= first:
            months.append(date(year, month, 1))
        year, month = (year + 1, 1) if month == 12 else (year, month + 1)
    if len(months) < 2:
        return ((left, f"{first.day} {first:%b}"), (WIDTH, f"{last.day} {last:%b}"))
    step = -(-len(months) // 6)
    return tuple((round(WIDTH * (m - first).days / span, 2), f"{m:%b %y}") for m in months[::step])
