"""Rules of the second scan: "the morning of 12 March", "early last year". Meanings enter, a `Meaning` leaves.

`base` gives the meaning found at a kept token; None means that the words are not joined.
"""

from __future__ import annotations

import re
from collections.abc import Callable
from dataclasses import replace
from datetime import date, datetime, timedelta

from whoholds.model import TimexType
from whoholds.read.times.amounts import (
    shift_units,
    unit_meaning,
)
from whoholds.read.times.meaning import (
    Meaning,
    day_meaning,
    half_meaning,
    month_meaning,
    quarter_meaning,
    safe_day,
    season_meaning,
    third_of,
    week_meaning,
    weekend_meaning,
)
from whoholds.read.times.patterns import Match
from whoholds.read.times.scene import Scene

SecondRule = Callable[[Scene, Match, Callable[[int], Meaning | None]], Meaning | None]

_DATE, _TIME, _DURATION, _SET = TimexType.DATE, TimexType.TIME, TimexType.DURATION, TimexType.SET


# --- second scan -------------------------------------------------------------------------------------------


def _settled(found: Meaning) -> Meaning:
    """What "the year" names stands for itself once something narrows it."""
    return replace(found, grain="Span") if found.grain == "Named" else found


def _third_of(scene: Scene, match: Match, base: Callable[[int], Meaning | None]) -> Meaning | None:
    found = base(match.kept["b"])
    return None if found is None else third_of(_settled(found), scene.value(match.kept["t"]))


def _same_in_year(scene: Scene, match: Match, base: Callable[[int], Meaning | None]) -> Meaning | None:
    year, told = base(match.kept["b"]), scene.told
    if year is None or year.first is None:
        return year
    if told is None or told.first is None or told.value is None:
        return year
    if told.grain == "Month" or scene.tokens[match.kept["u"]].low == "month":
        return month_meaning(year.first.year, told.first.month)
    if told.grain == "Span" and "-Q" in told.value:
        return quarter_meaning(year.first.year, (told.first.month + 2) // 3)
    return year


def _part_of_day(_: Scene, match: Match, base: Callable[[int], Meaning | None]) -> Meaning | None:
    found, part = base(match.kept["b"]), base(match.kept["p"])
    if found is None or found.first is None or part is None or part.value is None:
        return found if found is not None and found.grain == "Day" else None
    code = part.value.rpartition("T")[2]
    if found.grain == "Span" and found.last is not None and (found.last - found.first).days != 1:
        return None  # only two days share a night
    return replace(found, timex=_TIME, value=f"{found.first.isoformat()}T{code}", grain="Part")


def _day_at_clock(_: Scene, match: Match, base: Callable[[int], Meaning | None]) -> Meaning | None:
    day, clock = base(match.kept["b"]), base(match.kept["c"])
    if clock is not None and clock.is_absolute:
        return None
    if day is None or clock is None or clock.value is None or day.first is None or day.first != day.last:
        return clock if day is None or day.value is None else replace(clock or day, value=None)
    value = f"{day.first.isoformat()}T{clock.value.partition('T')[2]}"
    if clock.start is None:
        return replace(clock, value=value, first=day.first, last=day.last)
    start = datetime.combine(day.first, clock.start.timetz())
    return replace(clock, value=value, first=day.first, last=day.last, start=start)


def _nth_of(scene: Scene, match: Match, base: Callable[[int], Meaning | None]) -> Meaning | None:
    found = base(match.kept["b"])
    if found is None or found.first is None or found.last is None:
        return None if found is None else Meaning(_DATE, None)
    unit = scene.value(match.kept["u"])
    token = scene.tokens[match.kept["o"]]
    number = -1 if token.value is None else int(token.value)
    if unit == "H":
        if number not in (1, 2):
            return None
        if found.grain in ("Year", "Named") and found.value is not None and len(found.value) == 4:
            return half_meaning(found.first.year, number)
        middle = found.first + timedelta(days=((found.last - found.first).days + 1) // 2)
        days = (found.first, middle - timedelta(days=1)) if number == 1 else (middle, found.last)
        return found.with_days(*days)
    if unit == "Q" and 1 <= (4 if number == -1 else number) <= 4:
        return quarter_meaning(found.first.year, 4 if number == -1 else number)
    if unit == "M" and found.grain in ("Year", "Named") and (number == -1 or 1 <= number <= 12):
        return month_meaning(found.first.year, 12 if number == -1 else number)
    if unit == "D" and abs(number) <= 31:
        day = found.last if number == -1 else found.first + timedelta(days=number - 1)
        return day_meaning(day) if found.first <= day <= found.last else None
    if unit in ("W", "WE") and (number == -1 or 1 <= number <= 53):
        inside = (
            week_meaning(found.last)
            if number == -1
            else week_meaning(found.first + timedelta(days=7 * (number - 1)))
        )
        if number == -1 and inside.last is not None and inside.last > found.last:
            inside = week_meaning(found.last - timedelta(days=7)) if found.last.isoweekday() < 4 else inside
        return inside if unit == "W" or inside.first is None else weekend_meaning(inside.first)
    return None


def _quarter_of(_: Scene, match: Match, base: Callable[[int], Meaning | None]) -> Meaning | None:
    span, year = base(match.kept["q"]), base(match.kept["b"])
    if span is None or year is None or span.value is None or "-" not in span.value:
        return None
    code = span.value.split("-")[1]
    if year.first is None:
        return Meaning(_DATE, f"XXXX-{code}", "Span")
    if code[0] == "Q" and code[1:].isdigit():
        return quarter_meaning(year.first.year, int(code[1:]))
    return season_meaning(year.first.year, code) if code in ("SP", "SU", "FA", "WI") else None


def _month_in_year(_: Scene, match: Match, base: Callable[[int], Meaning | None]) -> Meaning | None:
    month, year = base(match.kept["b"]), base(match.kept["y"])
    if month is None or year is None or month.value is None or year.first is None:
        return month
    parts = month.value.split("-")
    if len(parts) < 2 or not all(p.isdigit() for p in parts[1:]):
        return None
    if len(parts) == 2:
        return month_meaning(year.first.year, int(parts[1]))
    day = safe_day(year.first.year, int(parts[1]), int(parts[2][:2]))
    return None if day is None else day_meaning(day)


def _bounded(scene: Scene, match: Match, base: Callable[[int], Meaning | None]) -> Meaning | None:
    found = base(match.kept["b"])
    day = scene.published
    if found is None or day is None or found.first is None or found.last is None:
        return found
    if not found.first <= day <= found.last or found.grain in ("Day", "Part"):
        return found
    if scene.step(match.kept["r"]) < 0:
        return found.with_days(found.first, day)
    return found.with_days(day, found.last)


def _day_from(scene: Scene, match: Match, base: Callable[[int], Meaning | None]) -> Meaning | None:
    found = base(match.kept["b"])
    if found is None or found.first is None:
        return Meaning(_DATE, None)
    unit, step = scene.value(match.kept["u"]), scene.step(match.kept["r"])
    return _moved(found.first, unit, step)


_LENGTH = re.compile(r"P(\d+)([DWMY])")


def _length_from(scene: Scene, match: Match, base: Callable[[int], Meaning | None]) -> Meaning | None:
    length, found = base(match.kept["d"]), base(match.kept["b"])
    counted = _LENGTH.fullmatch(length.value or "") if length is not None else None
    if counted is None or found is None or found.first is None:
        return None
    return _moved(found.first, counted[2], int(counted[1]) * scene.step(match.kept["r"]))


def _moved(day: date, unit: str, amount: int) -> Meaning | None:
    """So many units from a day, at the grain of the unit; days for weeks."""
    moved = shift_units(day, unit, amount) if unit in ("D", "W", "M", "Y") else None
    if moved is None:
        return None
    return day_meaning(moved) if unit in ("D", "W") else unit_meaning(unit, moved)


SECOND_RULES: dict[str, SecondRule] = {
    "clock_on_day": _day_at_clock,
    "day_at_clock": _day_at_clock,
    "part_of_day": _part_of_day,
    "day_part": _part_of_day,
    "third_of": _third_of,
    "nth_of": _nth_of,
    "quarter_of": _quarter_of,
    "month_in_year": _month_in_year,
    "bounded": _bounded,
    "same_in_year": _same_in_year,
    "day_from": _day_from,
    "length_from": _length_from,
}
