"""What the pages of checks show, in words and numbers: findings in, small dicts and SVG paths out."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import date
from typing import TYPE_CHECKING, Any

from whoholds.web.wording import describe_day, describe_party

if TYPE_CHECKING:
    # The command line uses the words here, and does not wait for NumPy.
    from whoholds.check.figures import Figure
    from whoholds.check.forecasts import Forecast
    from whoholds.ground.record import GroundRecord
    from whoholds.theatre import Theatre

__all__ = ["AreaChart", "describe_question", "draw_areas", "percent"]

WIDTH, HEIGHT = 720.0, 260.0
STEPS = 72
"""Days at which the line of expected area is drawn, evenly over the record."""


def percent(p: float) -> str:
    """A probability in words that never make it a certainty."""
    if p >= 0.995:
        return "over 99 %"
    return "under 1 %" if p < 0.005 else f"{100 * p:.0f} %"


def describe_question(forecast: Forecast, theatre: Theatre) -> str:
    """A forecast as a question that the record can answer."""
    party = describe_party(theatre, forecast.party, forecast.party)
    turn = "hold" if forecast.expects else "be gone from"
    area = " (all of it)" if forecast.place.kind in ("admin", "country") else ""
    return f"Will {party} {turn} {forecast.place.name}{area} by {describe_day(forecast.due, theatre.zone)}?"


# --- areas -----------------------------------------------------------------------------------------------


@dataclass(frozen=True, slots=True)
class AreaChart:
    """The record's areas through time, with what others gave as points.

    Attributes:
        lines: (party, name, SVG path of the expected area, of the 80 % interval, and of the area by what
            is said of single places alone, empty where that is the same).
        points: One dict a figure: x, y, height up to its upper bound, party, claim id, words.
        ticks: (x, label) of days.
        levels: (y, label) of square kilometres.
        width: Units across.
        height: Units up.
    """

    lines: tuple[tuple[str, str, str, str, str], ...]
    points: tuple[dict[str, Any], ...]
    ticks: tuple[tuple[float, str], ...]
    levels: tuple[tuple[float, str], ...]
    width: float = WIDTH
    height: float = HEIGHT


def draw_areas(
    record: GroundRecord,
    figures: Sequence[Figure],
    recorded: Mapping[date, Mapping[str, tuple[float, float, float]]],
    theatre: Theatre,
) -> AreaChart | None:
    """The chart of the parties that figures of held ground are given for; None without such figures.

    Args:
        record: The record.
        figures: Official figures; those of held ground are drawn.
        recorded: The record's areas with intervals on the figures' days; the band is drawn through them.
        theatre: For names.
    """
    first, last = record.days[0], record.days[-1]
    shown = [f for f in figures if f.on in recorded and f.party in record.states and f.unit == "km2"]
    shown = [f for f in shown if f.window is None and f.measure.value in ("held", "remaining")]
    if not shown:
        return None
    parties = [p for p in theatre.party_ids if any(f.party == p for f in shown)]
    days = sorted({*record.days[:: max(1, len(record.days) // STEPS)], last, *recorded})
    expected = {day: record.expected_area(day) for day in days}
    places = record.by_places
    alone = {day: places.expected_area(day) for day in days} if places is not record else {}
    top = max(
        *(area[p] for area in (*expected.values(), *alone.values()) for p in parties),
        *(row[p][2] for row in recorded.values() for p in parties),
        *(f.quantity.low or f.bounds.low for f in shown),
        1.0,
    )
    step = _round_step(top)
    top = step * -(-top // step)
    span = max(1, (last - first).days)

    def x(day: date) -> float:
        return round(WIDTH * (day - first).days / span, 1)

    def y(km2: float) -> float:
        return round(HEIGHT * (1 - min(km2, top) / top), 1)

    lines = []
    for party in parties:
        line = " L".join(f"{x(day)} {y(area[party])}" for day, area in expected.items())
        ends = sorted(recorded)
        upper = [f"{x(day)} {y(recorded[day][party][2])}" for day in ends]
        lower = [f"{x(day)} {y(recorded[day][party][1])}" for day in reversed(ends)]
        band = f"M{' L'.join([*upper, *lower])} Z" if len(ends) > 1 else ""
        dashed = " L".join(f"{x(day)} {y(area[party])}" for day, area in alone.items())
        name = describe_party(theatre, party, party)
        lines.append((party, name, f"M{line}", band, f"M{dashed}" if dashed else ""))
    points = tuple(
        {
            "x": x(f.on),
            "y": y(_value(f)),
            "party": f.party,
            "claim_id": f.claim.id,
            "words": f"{f.voice}, {describe_day(f.on, theatre.zone)}: {f.words}",
        }
        for f in shown
    )
    levels = tuple((y(step * i), f"{step * i:,.0f}") for i in range(1, round(top / step) + 1))
    return AreaChart(tuple(lines), points, _month_ticks(first, last, x), levels)


def _value(figure: Figure) -> float:
    low, high = figure.quantity.low, figure.quantity.high
    if low is not None and high is not None and low > 0:
        return (low + high) / 2
    return low or high or 0.0


def _round_step(top: float) -> float:
    """A round number that divides the axis in three to six."""
    size = 1.0
    while size * 10 < top:
        size *= 10
    return next(size * f for f in (0.5, 1.0, 2.0, 5.0) if top / (size * f) <= 6)


def _month_ticks(first: date, last: date, x: Any) -> tuple[tuple[float, str], ...]:
    months = []
    year, month = first.year, first.month
    while date(year, month, 1) <= last:
        if date(year, month, 1) >= first:
            months.append(date(year, month, 1))
        year, month = (year + 1, 1) if month == 12 else (year, month + 1)
    if len(months) < 2:
        return ((x(first), f"{first.day} {first:%b}"), (x(last), f"{last.day} {last:%b}"))
    return tuple((x(m), f"{m:%b %y}") for m in months[:: -(-len(months) // 10)])
