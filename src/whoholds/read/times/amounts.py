"""Small meanings that rules share: numbers, units, shifts by units, parts of the day, clock times.

Tokens or dates enter; numbers, dates or `Meaning`s leave; None where the calendar has no such day.
"""

from __future__ import annotations

from datetime import date, datetime, time, timedelta, timezone

from whoholds.model import TimexType
from whoholds.read.numerals import Kind
from whoholds.read.times.meaning import (
    UNKNOWN_DAY,
    Meaning,
    add_months,
    day_meaning,
    decade_meaning,
    month_meaning,
    quarter_meaning,
    shift_days,
    week_meaning,
    weekend_meaning,
    year_meaning,
)
from whoholds.read.times.scene import Scene

_DATE, _TIME, _DURATION, _SET = TimexType.DATE, TimexType.TIME, TimexType.DURATION, TimexType.SET


def number_at(scene: Scene, index: int) -> float | None:
    token = scene.tokens[index]
    if token.kind in (Kind.NUMBER, Kind.ORDINAL):
        return token.value
    return 1.0 if token.low in ("a", "an") else None


def whole_at(scene: Scene, index: int) -> int | None:
    value = number_at(scene, index)
    return None if value is None or abs(value) > 10**6 else int(value)


def _plain(value: float) -> str:
    return str(int(value)) if value == int(value) else f"{value:g}"


def duration_value(amount: float | None, unit: str) -> str:
    """The TIMEX3 value of a length: ("5", "D") is P5D; an unknown amount is X; decades are tens of years."""
    scale = {"W2": ("W", 2.0), "DE": ("Y", 10.0), "CE": ("Y", 100.0)}
    name, factor = scale.get(unit, (unit, 1.0))
    number = "X" if amount is None else _plain(amount * factor)
    return f"PT{number}{name[1]}" if name[0] == "T" else f"P{number}{name}"


def unit_meaning(unit: str, day: date) -> Meaning | None:
    """The day, week, month, quarter, year, decade that a day is in."""
    if unit == "D":
        return day_meaning(day)
    if unit == "W":
        return week_meaning(day)
    if unit == "WE":
        return weekend_meaning(day)
    if unit == "M":
        return month_meaning(day.year, day.month)
    if unit == "Q":
        return quarter_meaning(day.year, (day.month + 2) // 3)
    if unit == "Y":
        return year_meaning(day.year)
    if unit == "DE":
        return decade_meaning(day.year // 10 * 10)
    return None


def shift_units(day: date, unit: str, amount: float) -> date | None:
    """A day some units on."""
    if abs(amount) > 10**5:
        return None
    months = {"M": 1, "Q": 3, "Y": 12, "DE": 120, "CE": 1200}
    if unit in months:
        return add_months(day, round(months[unit] * amount))
    days = {"D": 1.0, "W": 7.0, "WE": 7.0, "W2": 14.0, "TH": 1 / 24, "TM": 1 / 1440, "TS": 1 / 86400}
    return shift_days(day, int(days[unit] * amount))


def part_meaning(day: date | None, part: str) -> Meaning:
    if day is None:
        return Meaning(_TIME, f"{UNKNOWN_DAY}T{part}", "Part")
    return Meaning(_TIME, f"{day.isoformat()}T{part}", "Part", day, day, day.isoformat())


def anaphor(scene: Scene, unit: str) -> Meaning | None:
    day = scene.told_day or scene.published
    if day is None:
        return None
    return unit_meaning(unit, day)


def clock_meaning(
    scene: Scene, day: date | None, hour: int, minute: int, value: str, zone: float | None
) -> Meaning:
    if day is None:
        return Meaning(_TIME, value, "Clock")
    info = scene.zone if zone is None else timezone(timedelta(hours=zone))
    start = datetime.combine(day, time(hour, minute), tzinfo=info)
    return Meaning(_TIME, value, "Clock", day, day, None, start)
