"""Interval algebra against a brute-force oracle: an interval is the set of hours in it."""

from __future__ import annotations

from datetime import UTC, date, datetime, timedelta
from zoneinfo import ZoneInfo

import pytest
from hypothesis import given
from hypothesis import strategies as st

from whoholds.errors import InputError
from whoholds.model import ALWAYS, Interval, parse_edtf, parse_moment

BASE = datetime(2025, 3, 1, tzinfo=UTC)
HOURS = 12
BEFORE, AFTER = -1, HOURS  # hours outside the window stand for all of the past and all of the future


def hour(number: int) -> datetime:
    return BASE + timedelta(hours=number)


@st.composite
def intervals(draw: st.DrawFn) -> Interval:
    start = draw(st.none() | st.integers(0, HOURS - 1))
    end = draw(st.none() | st.integers(0 if start is None else start + 1, HOURS))
    return Interval(None if start is None else hour(start), None if end is None else hour(end))


def members(interval: Interval | None) -> set[int]:
    """The hours in an interval; -1 stands for the time before the window, HOURS for that after it."""
    if interval is None:
        return set()
    return {n for n in range(BEFORE, AFTER + 1) if hour(n) in interval}


@given(intervals(), intervals())
def test_operations_agree_with_sets(a: Interval, b: Interval) -> None:
    assert members(a.intersection(b)) == members(a) & members(b)
    assert a.overlaps(b) == bool(members(a) & members(b))
    assert a.contains(b) == (members(b) <= members(a))
    assert set().union(*(members(piece) for piece in a.difference(b))) == members(a) - members(b)
    hull = members(a.hull(b))
    both = members(a) | members(b)
    assert hull == set(range(min(both), max(both) + 1))
    union = a.union(b)
    assert (members(union) == both) if union is not None else both != hull


@given(intervals(), intervals())
def test_pieces_of_a_difference_do_not_overlap_and_rebuild_the_whole(a: Interval, b: Interval) -> None:
    pieces = a.difference(b)
    assert all(not p.overlaps(b) for p in pieces)
    if len(pieces) == 2:
        assert pieces[0].precedes(pieces[1])
    assert a.overlaps(b) or pieces == (a,)


@given(intervals())
def test_an_interval_and_itself(a: Interval) -> None:
    assert a.contains(a)
    assert a.intersection(a) == a == a.hull(a) == a.union(a)
    assert a.difference(a) == ()
    assert ALWAYS.contains(a)


def test_half_open_neighbours_meet_and_do_not_overlap() -> None:
    first = Interval.of_day(date(2025, 3, 12))
    second = Interval.of_day(date(2025, 3, 13))
    assert first.meets(second)
    assert not first.overlaps(second)
    assert first.precedes(second)
    assert first.union(second) == Interval.from_days(date(2025, 3, 12), date(2025, 3, 13))


@pytest.mark.parametrize(
    ("start", "end"),
    [
        (hour(3), hour(3)),
        (hour(3), hour(2)),
        (BASE.replace(tzinfo=None), None),
        (None, BASE.replace(tzinfo=None)),
    ],
)
def test_refuses_empty_reversed_and_naive(start: datetime | None, end: datetime | None) -> None:
    with pytest.raises(InputError):
        Interval(start, end)


@given(st.dates(date(2000, 1, 1), date(2040, 1, 1)), st.integers(0, 400))
def test_days_round_trip_in_a_zone_with_clock_changes(first: date, length: int) -> None:
    zone = ZoneInfo("Europe/Kyiv")
    last = first + timedelta(days=length)
    assert Interval.from_days(first, last, zone).to_days(zone) == (first, last)


def test_a_day_in_moscow_begins_before_it_does_in_utc() -> None:
    moscow = Interval.of_day(date(2025, 3, 12), ZoneInfo("Europe/Moscow"))
    assert moscow.start == datetime(2025, 3, 11, 21, tzinfo=UTC)
    assert moscow.duration == timedelta(days=1)


@pytest.mark.parametrize(
    ("text", "first", "last"),
    [
        ("2025-03-12", "2025-03-12", "2025-03-12"),
        ("2025-03", "2025-03-01", "2025-03-31"),
        ("2024-02", "2024-02-01", "2024-02-29"),
        ("2025", "2025-01-01", "2025-12-31"),
        ("2025-03-12?", "2025-03-12", "2025-03-12"),
        ("2025-XX", "2025-01-01", "2025-12-31"),
        ("202X", "2020-01-01", "2029-12-31"),
        ("2025-21", "2025-03-01", "2025-05-31"),
        ("2024-24", "2024-12-01", "2025-02-28"),
        ("2025-03-08/2025-03-12", "2025-03-08", "2025-03-12"),
        ("2025-03-08/..", "2025-03-08", None),
        ("../2025-03-12", None, "2025-03-12"),
        ("/2025-03-12", None, "2025-03-12"),
        ("2025-01/2025-02", "2025-01-01", "2025-02-28"),
    ],
)
def test_reads_edtf(text: str, first: str | None, last: str | None) -> None:
    days = parse_edtf(text).to_days()
    assert tuple(None if d is None else d.isoformat() for d in days) == (first, last)


@pytest.mark.parametrize(
    "text",
    [
        "",
        "12 March",
        "2025-13",
        "2025-02-30",
        "86%",
        "2025-03-12/2025-03-01",
        "20250312",
        "0001-01-01",
        "9999-06-01",
    ],
)
def test_refuses_what_is_no_edtf(text: str) -> None:
    with pytest.raises(InputError):
        parse_edtf(text)


@pytest.mark.parametrize("text", ["yesterday", "2025-3-1", "12.03.2025", "2025-02-29", ""])
def test_refuses_what_is_no_date(text: str) -> None:
    with pytest.raises(InputError, match="cannot read"):
        parse_moment(text)


def test_an_instant_without_offset_is_read_in_the_zone_given() -> None:
    assert parse_moment("2025-03-12T08:00", ZoneInfo("Europe/Moscow")) == datetime(2025, 3, 12, 5, tzinfo=UTC)
    assert parse_moment("2025-03-12T08:00:00Z", ZoneInfo("Europe/Moscow")) == datetime(
        2025, 3, 12, 8, tzinfo=UTC
    )
