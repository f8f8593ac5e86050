"""Half-open intervals of time, and their algebra.

An `Interval` is `[start, end)` in aware instants; `None` is unbounded. The contract writes inclusive
days or instants; `from_days`, `to_days` and `parse_edtf` convert at that border. EDTF is the Extended
Date/Time Format of ISO 8601-2:2019, levels 0 and 1.
"""

from __future__ import annotations

import re
from dataclasses import dataclass
from datetime import UTC, date, datetime, time, timedelta, tzinfo

from whoholds.errors import InputError

__all__ = ["ALWAYS", "Interval", "parse_edtf", "parse_moment"]

FIRST_YEAR, LAST_YEAR = 1000, 9998
_DAY = timedelta(days=1)


@dataclass(frozen=True, slots=True)
class Interval:
    """The instants from `start` up to but not including `end`.

    Attributes:
        start: Aware instant, or None for no beginning.
        end: Aware instant, or None for no end.

    Raises:
        InputError: An end before or at the start, an instant without a time zone, or an absurd year.
    """

    start: datetime | None = None
    end: datetime | None = None

    def __post_init__(self) -> None:
        for instant in (self.start, self.end):
            if instant is None:
                continue
            if instant.tzinfo is None:
                raise InputError(f"the instant {instant.isoformat()} has no time zone")
            if not FIRST_YEAR <= instant.year <= LAST_YEAR:
                # Beyond them a change of time zone leaves the calendar.
                raise InputError(f"the year {instant.year} is not within {FIRST_YEAR} to {LAST_YEAR}")
        if self.start is not None and self.end is not None and self.end <= self.start:
            raise InputError(f"the interval ends ({self.end}) before it begins ({self.start})")

    @classmethod
    def from_days(cls, first: date | None, last: date | None, zone: tzinfo = UTC) -> Interval:
        """The interval of all of the days `first` to `last`, both included, in a time zone."""
        # The calendar's last day has no day after: no end.
        after = None if last is None or last == date.max else _midnight(last + _DAY, zone)
        return cls(None if first is None else _midnight(first, zone), after)

    @classmethod
    def of_day(cls, day: date, zone: tzinfo = UTC) -> Interval:
        """The 23 to 25 hours of one calendar day in a time zone."""
        return cls.from_days(day, day, zone)

    def to_days(self, zone: tzinfo = UTC) -> tuple[date | None, date | None]:
        """The first and the last calendar day that the interval touches, inclusive, in a time zone."""
        first = None if self.start is None else self.start.astimezone(zone).date()
        last = None
        if self.end is not None:
            # The last instant inside is just before `end`: at midnight that is the day before.
            last = (self.end.astimezone(zone) - timedelta(microseconds=1)).date()
        return first, last

    @property
    def is_bounded(self) -> bool:
        """Whether both ends are set."""
        return self.start is not None and self.end is not None

    @property
    def duration(self) -> timedelta | None:
        """The length, or None where an end is open."""
        return None if self.start is None or self.end is None else self.end - self.start

    def __contains__(self, instant: datetime) -> bool:
        return (self.start is None or self.start <= instant) and (self.end is None or instant < self.end)

    def contains(self, other: Interval) -> bool:
        """Whether every instant of `other` is in this one."""
        starts = self.start is None or (other.start is not None and self.start <= other.start)
        ends = self.end is None or (other.end is not None and other.end <= self.end)
        return starts and ends

    def overlaps(self, other: Interval) -> bool:
        """Whether some instant is in both."""
        return self.intersection(other) is not None

    def meets(self, other: Interval) -> bool:
        """Whether this one ends just where `other` starts."""
        return self.end is not None and self.end == other.start

    def precedes(self, other: Interval) -> bool:
        """Whether this one is over when `other` starts (it may meet it)."""
        return self.end is not None and other.start is not None and self.end <= other.start

    def intersection(self, other: Interval) -> Interval | None:
        """The instants in both, or None where there are none."""
        start = _later(self.start, other.start)
        end = _earlier(self.end, other.end)
        return None if start is not None and end is not None and end <= start else Interval(start, end)

    def hull(self, other: Interval) -> Interval:
        """The smallest interval that holds both."""
        start = None if self.start is None or other.start is None else min(self.start, other.start)
        end = None if self.end is None or other.end is None else max(self.end, other.end)
        return Interval(start, end)

    def union(self, other: Interval) -> Interval | None:
        """The instants in either, or None where they leave a gap."""
        touching = self.overlaps(other) or self.meets(other) or other.meets(self)
        return self.hull(other) if touching else None

    def difference(self, other: Interval) -> tuple[Interval, ...]:
        """The instants in this one and not in `other`: none, one or two intervals, in order."""
        common = self.intersection(other)
        if common is None:
            return (self,)
        left = common.start is not None and (self.start is None or self.start < common.start)
        right = common.end is not None and (self.end is None or common.end < self.end)
        pieces = []
        if left:
            pieces.append(Interval(self.start, common.start))
        if right:
            pieces.append(Interval(common.end, self.end))
        return tuple(pieces)


ALWAYS = Interval()


def _midnight(day: date, zone: tzinfo) -> datetime:
    return datetime.combine(day, time.min, tzinfo=zone)


def _later(a: datetime | None, b: datetime | None) -> datetime | None:
    return b if a is None else a if b is None else max(a, b)


def _earlier(a: datetime | None, b: datetime | None) -> datetime | None:
    return b if a is None else a if b is None else min(a, b)


def parse_moment(text: str, zone: tzinfo = UTC) -> date | datetime:
    """A contract date ("2025-03-12") or instant ("2025-03-12T08:00:00Z").

    An instant without an offset is read in `zone`.

    Raises:
        InputError: The text is neither.
    """
    value = text.strip()
    try:
        if re.fullmatch(r"\d{4}-\d{2}-\d{2}", value):
            return date.fromisoformat(value)
        moment = datetime.fromisoformat(value)
    except ValueError:
        raise InputError(
            f"cannot read {text!r} as a date; write it as 2025-03-12 or 2025-03-12T08:00:00Z", code="bad_date"
        ) from None
    return moment if moment.tzinfo else moment.replace(tzinfo=zone)


# Season codes of EDTF level 1 as first and last month; winter runs into the next year.
_SEASONS = {21: (3, 5), 22: (6, 8), 23: (9, 11), 24: (12, 14)}


def parse_edtf(text: str, zone: tzinfo = UTC) -> Interval:
    """The instants that an EDTF string (level 0 or 1) may mean.

    Dates of any precision, instants, intervals with open (`..`) or unknown (empty) ends, masked digits
    (`2024-XX`), seasons (`2024-21`); the qualifiers `?`, `~` and `%` do not change the bounds.

    Raises:
        InputError: The text is not EDTF of these levels.
    """
    value = text.strip()
    if value.count("/") == 1:
        left, right = value.split("/")
        start = None if left in ("", "..") else _edtf_point(left, zone).start
        end = None if right in ("", "..") else _edtf_point(right, zone).end
        return Interval(start, end)
    return _edtf_point(value, zone)


def _edtf_point(text: str, zone: tzinfo) -> Interval:
    value = text.strip().rstrip("?~%")
    bad = InputError(f"cannot read {text!r} as an EDTF date", code="bad_date")
    if "T" in value:
        moment = parse_moment(value, zone)
        if not isinstance(moment, datetime):
            raise bad
        step = timedelta(seconds=1) if moment.second or value.count(":") >= 2 else timedelta(minutes=1)
        return Interval(moment, moment + step)
    match = re.fullmatch(r"(\d{4}|\d{3}X|\d{2}XX)(?:-(\d{2}|XX)(?:-(\d{2}|XX))?)?", value)
    if not match:
        raise bad
    year, month, day = match.groups()
    try:
        first_year, last_year = int(year.replace("X", "0")), int(year.replace("X", "9"))
        if "X" in year or month is None or month == "XX":
            return Interval.from_days(date(first_year, 1, 1), date(last_year, 12, 31), zone)
        number = int(month)
        if number in _SEASONS:
            low, high = _SEASONS[number]
            return Interval.from_days(_month_start(first_year, low), _month_end(first_year, high), zone)
        if day is None or day == "XX":
            return Interval.from_days(date(first_year, number, 1), _month_end(first_year, number), zone)
        return Interval.of_day(date(first_year, number, int(day)), zone)
    except ValueError:
        raise bad from None


def _month_start(year: int, month: int) -> date:
    return date(year + (month - 1) // 12, (month - 1) % 12 + 1, 1)


def _month_end(year: int, month: int) -> date:
    return _month_start(year, month + 1) - _DAY
