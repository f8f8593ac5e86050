"""Calendar arithmetic: what a time expression means, as TIMEX3 value, EDTF and days.

`Meaning` is the value that rules give and compose. Weeks are ISO 8601 weeks, seasons those of the
northern hemisphere by months, thirds of a month days 1-10, 11-20 and 21 to the end, of longer stretches
equal thirds of their months or days.
"""

from __future__ import annotations

from calendar import monthrange
from dataclasses import dataclass, replace
from datetime import date, datetime, timedelta

from whoholds.model import TimexType

__all__ = [
    "UNKNOWN_DAY",
    "Meaning",
    "add_months",
    "day_meaning",
    "month_meaning",
    "quarter_meaning",
    "safe_day",
    "season_meaning",
    "shift_days",
    "third_of",
    "week_meaning",
    "weekend_meaning",
    "year_meaning",
]  # fmt: skip

UNKNOWN_DAY = "XXXX-XX-XX"
"""TIMEX3 value of a day that nothing anchors."""


@dataclass(frozen=True, slots=True)
class Meaning:
    """What an expression means.

    Attributes:
        timex: TIMEX3 type.
        value: TIMEX3 value, or None.
        grain: Day, Part, Week, Month, Span (quarter, half, season, weekend), Year, Clock, Named or Other.
        first: First calendar day, or None where not anchored (or open).
        last: Last calendar day, or None.
        edtf: EDTF text where it is not simply the days.
        start: Instant, for clock times that are anchored.
        amount: Number of units of a duration.
        is_absolute: Whether the text alone settles it.
    """

    timex: TimexType
    value: str | None
    grain: str = "Other"
    first: date | None = None
    last: date | None = None
    edtf: str | None = None
    start: datetime | None = None
    is_absolute: bool = False

    def with_days(self, first: date | None, last: date | None) -> Meaning:
        """The same value on other days."""
        return replace(self, first=first, last=last, edtf=None)


def safe_day(year: int, month: int, day: int) -> date | None:
    """The date, or None where the calendar has none."""
    try:
        return date(year, month, day)
    except ValueError:
        return None


def shift_days(day: date, days: float) -> date | None:
    """A day some days on, or None outside the calendar."""
    try:
        return day + timedelta(days=days)
    except OverflowError:
        return None


def add_months(day: date, months: int) -> date | None:
    """A day some months on, at most the last of its month; None outside the calendar."""
    total = day.year * 12 + day.month - 1 + months
    year, month = divmod(total, 12)
    if not 1 <= year <= 9998:
        return None
    return date(year, month + 1, min(day.day, monthrange(year, month + 1)[1]))


def month_end(year: int, month: int) -> date:
    """The last day of a month."""
    return date(year, month, monthrange(year, month)[1])


def day_meaning(day: date) -> Meaning:
    """One day."""
    return Meaning(TimexType.DATE, day.isoformat(), "Day", day, day, day.isoformat())


def week_meaning(day: date) -> Meaning:
    """The ISO week that a day is in."""
    year, week, weekday = day.isocalendar()
    first, last = shift_days(day, 1 - weekday), shift_days(day, 7 - weekday)
    return Meaning(TimexType.DATE, f"{year:04d}-W{week:02d}", "Week", first, last)


def weekend_meaning(day: date) -> Meaning:
    """The Saturday and Sunday of the ISO week that a day is in."""
    week = week_meaning(day)
    first = None if week.first is None else shift_days(week.first, 5)
    return Meaning(TimexType.DATE, f"{week.value}-WE", "Span", first, week.last)


def month_meaning(year: int, month: int) -> Meaning:
    """A calendar month."""
    value = f"{year:04d}-{month:02d}"
    return Meaning(TimexType.DATE, value, "Month", date(year, month, 1), month_end(year, month), value)


def year_meaning(year: int) -> Meaning:
    """A calendar year."""
    value = f"{year:04d}"
    return Meaning(TimexType.DATE, value, "Year", date(year, 1, 1), date(year, 12, 31), value)


def quarter_meaning(year: int, quarter: int) -> Meaning:
    """A quarter (1 to 4) of a calendar year."""
    first, last = date(year, 3 * quarter - 2, 1), month_end(year, 3 * quarter)
    return Meaning(
        TimexType.DATE, f"{year:04d}-Q{quarter}", "Span", first, last, f"{first:%Y-%m}/{last:%Y-%m}"
    )


def half_meaning(year: int, half: int) -> Meaning:
    """A half (1 or 2) of a calendar year."""
    first, last = date(year, 6 * half - 5, 1), month_end(year, 6 * half)
    return Meaning(TimexType.DATE, f"{year:04d}-H{half}", "Span", first, last, f"{first:%Y-%m}/{last:%Y-%m}")


_SEASONS = {"SP": (3, 21), "SU": (6, 22), "FA": (9, 23), "WI": (12, 24)}


def season_meaning(year: int, season: str) -> Meaning:
    """A season by months; winter is named by the year in which it begins."""
    month, code = _SEASONS[season]
    first = date(year, month, 1)
    end = add_months(first, 2)
    last = None if end is None else month_end(end.year, end.month)
    return Meaning(TimexType.DATE, f"{year:04d}-{season}", "Span", first, last, f"{year:04d}-{code}")


def decade_meaning(first_year: int) -> Meaning:
    """Ten years, named by their first."""
    value = f"{first_year // 10:03d}"
    days = date(first_year, 1, 1), date(first_year + 9, 12, 31)
    return Meaning(TimexType.DATE, value, "Year", *days, f"{value}X")


def third_of(meaning: Meaning, third: str) -> Meaning:
    """The early (START), middle (MID) or late (END) third of a stretch of days; the value stays."""
    first, last = meaning.first, meaning.last
    if first is None or last is None or meaning.grain in ("Day", "Part", "Clock"):
        return meaning
    index = ("START", "MID", "END").index(third)
    days = (last - first).days + 1
    if meaning.grain == "Month":
        low = (0, 10, 20)[index]
        high = (10, 20, days)[index]
    elif days >= 84 and first.day == 1:
        months = round(days / 30.44)
        if months % 3 == 0:
            start, after = (add_months(first, months // 3 * (index + k)) for k in (0, 1))
            if start is not None and after is not None:
                return meaning.with_days(start, after - timedelta(days=1))
        low, high = days * index // 3, days * (index + 1) // 3
    else:
        low, high = days * index // 3, max(days * index // 3 + 1, days * (index + 1) // 3)
    return meaning.with_days(first + timedelta(days=low), first + timedelta(days=high - 1))
