"""Instants as the ledger's text: UTC, milliseconds, so that text order is time order. Pure."""

from __future__ import annotations

from datetime import UTC, date, datetime, timedelta, tzinfo

from whoholds.errors import InvariantError
from whoholds.model import Interval

__all__ = ["ceil_stamp", "floor_stamp", "moment_bounds", "parse_stamp", "truncate"]

_MS = timedelta(milliseconds=1)


def truncate(instant: datetime) -> datetime:
    """The instant in UTC, cut to milliseconds: the ledger's own clock has no finer ticks.

    Raises:
        InvariantError: The instant has no time zone.
    """
    if instant.tzinfo is None:
        raise InvariantError(f"the instant {instant.isoformat()} has no time zone")
    utc = instant.astimezone(UTC)
    return utc.replace(microsecond=utc.microsecond // 1000 * 1000)


def floor_stamp(instant: datetime) -> str:
    """The last stamp that is not after an instant."""
    return truncate(instant).isoformat(timespec="milliseconds").replace("+00:00", "Z")


def ceil_stamp(instant: datetime) -> str:
    """The first stamp that is not before an instant."""
    cut = truncate(instant)
    return floor_stamp(cut if cut == instant else cut + _MS)


def parse_stamp(stamp: str) -> datetime:
    """The instant of a stamp."""
    return datetime.fromisoformat(stamp)


def moment_bounds(moment: date | datetime, zone: tzinfo) -> tuple[datetime, datetime]:
    """The first instant that a moment may mean, and one by which it is surely over.

    A day is over at the next midnight in `zone`; an instant is over at once.
    """
    if isinstance(moment, datetime):
        return moment, moment
    day = Interval.of_day(moment, zone)
    assert day.start is not None
    assert day.end is not None
    return day.start, day.end
