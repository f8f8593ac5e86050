"""Claim in, claim out: whatever the contract can say, the ledger keeps to the letter."""

from __future__ import annotations

import tempfile
from dataclasses import replace
from datetime import UTC, date, datetime, timedelta
from pathlib import Path
from typing import Any
from zoneinfo import ZoneInfo

from hypothesis import given, settings
from hypothesis import strategies as st

from tests.store.conftest import NOW, make_theatre
from whoholds.model import (
    ALWAYS,
    Approximator,
    Claim,
    ClaimPlace,
    Event,
    Interval,
    MapClass,
    Measure,
    Polarity,
    Quantity,
    Reading,
    Relation,
    Report,
    Source,
    Span,
    Stance,
    content_id,
    sha256_hex,
)
from whoholds.store import Audience, create_ledger
from whoholds.store.current import ClaimVersion, link_to_forerunners, select_current
from whoholds.store.moments import ceil_stamp, floor_stamp, parse_stamp
from whoholds.store.policy import MASK, coarsen_claim, hide_quotes, redact_claim

ZONE = ZoneInfo("Europe/Moscow")

# Any letters that UTF-8 can write: lone surrogates are refused by every file format.
words = st.text(st.characters(exclude_categories=("Cs",)), min_size=1, max_size=30)
maybe = st.none() | words
shares = st.floats(0, 1)
instants = st.datetimes(datetime(1950, 1, 1), datetime(2100, 1, 1), timezones=st.just(UTC))  # noqa: DTZ001
days = st.dates(date(1950, 1, 1), date(2100, 1, 1))
lengths = st.floats(0, 1e6, allow_nan=False)


@st.composite
def spans(draw: st.DrawFn) -> Span:
    exact, start = draw(words), draw(st.integers(0, 10_000))
    return Span(start, start + len(exact), exact)


@st.composite
def holds(draw: st.DrawFn) -> Interval:
    """As the contract can write them: whole days in the theatre's zone, or instants."""
    if draw(st.booleans()):
        first, last = draw(st.none() | days), draw(st.none() | days)
        if first and last and last < first:
            first, last = last, first
        return Interval.from_days(first, last, ZONE)
    start = draw(instants)
    return Interval(start, start + draw(st.timedeltas(timedelta(seconds=2), timedelta(days=900))))


places = st.builds(
    ClaimPlace,
    place_id=maybe,
    name=words,
    exact=maybe,
    lon=st.none() | st.floats(-180, 180),
    lat=st.none() | st.floats(-90, 90),
    radius_m=st.none() | lengths,
    p=shares,
    relation=st.sampled_from(Relation),
    kind=words,
)


@st.composite
def placed(draw: st.DrawFn) -> ClaimPlace:
    place = draw(places)
    if draw(st.booleans()):
        span = draw(spans())
        place = replace(place, span=span, exact=span.exact)
    return place


quantities = st.builds(
    Quantity,
    span=st.none() | spans(),
    low=st.none() | lengths,
    high=st.none() | lengths,
    unit=maybe,
    of=maybe,
    approximator=st.sampled_from(Approximator),
    measure=st.none() | st.sampled_from(Measure),
)
sources = st.builds(Source, name=words, source_id=maybe, role=maybe, side=maybe, cue=st.none() | spans())


@st.composite
def claims(draw: st.DrawFn) -> Claim:
    said: dict[str, Any] = {}
    interval = draw(st.just(ALWAYS) | holds())
    if interval != ALWAYS:
        said["edtf"] = draw(st.none() | st.just("2025-03-12"))
    if draw(st.booleans()):
        said["geometry"] = {"type": "Point", "coordinates": [draw(st.integers(-180, 180)), 5.25]}
        said["map_class"] = draw(st.none() | st.sampled_from(MapClass))
    return Claim(
        id=content_id("claim/1", draw(words), draw(st.integers())),
        report_id="",
        quote=draw(st.none() | spans()),
        attribution=tuple(draw(st.lists(sources, max_size=3))),
        stance=draw(st.sampled_from(Stance)),
        polarity=draw(st.sampled_from(Polarity)),
        event=draw(st.sampled_from(Event)),
        actor=draw(maybe),
        actor_id=draw(maybe),
        target=draw(maybe),
        target_id=draw(maybe),
        places=tuple(draw(st.lists(placed(), max_size=3))),
        holds=interval,
        deadline=draw(st.none() | days),
        quantities=tuple(draw(st.lists(quantities, max_size=2))),
        reported_at=draw(st.none() | days | instants),
        echo_of=draw(maybe),
        reader=draw(words),
        p=draw(shares),
        origin=draw(maybe),
        **said,
    )


@given(st.lists(claims(), min_size=1, max_size=4, unique_by=lambda c: c.id), words)
@settings(max_examples=40, deadline=None)
def test_claims_in_are_claims_out(given_claims: list[Claim], text: str) -> None:
    raw = text.encode()
    report = Report(
        id=content_id("report/1", sha256_hex(raw)),
        text=text,
        sha256=sha256_hex(raw),
        publisher=text,
        published_at=date(2025, 3, 12),
        furniture=((0, 1),),
        meta=(("k", text),),
    )
    half = len(given_claims) // 2
    read = [replace(c, report_id=report.id) for c in given_claims[:half]]
    with (
        tempfile.TemporaryDirectory() as folder,
        create_ledger(Path(folder) / "x.gpkg", make_theatre(), now=NOW) as ledger,
    ):
        reading = Reading(report, "test/1", claims=tuple(read))
        ledger.add_reading(reading, raw=raw, media_type="text/plain", now=NOW)
        result = ledger.add_claims(given_claims[half:], now=NOW)
        assert (result.known, result.rejections) == (0, ())
        view = ledger.view(Audience.DESK, NOW)
        expected = {c.id: replace(c, recorded_at=NOW) for c in (*read, *given_claims[half:])}
        assert {c.id: c for c in view.claims()} == expected
        assert view.claims_for_control() == [expected[i] for i in sorted(expected)]
        assert {c.id: c for c in view.claims_for_control(NOW, "desk")} == expected
        assert view.report(report.id).report == report
        # The same again is known, whatever it holds.
        again = ledger.add_claims(given_claims[half:], now=NOW + timedelta(days=1))
        assert (again.added, again.rejections) == (0, ())
        # And no door of the public view breaks on it.
        public = ledger.view(Audience.PUBLIC, NOW)
        assert {c.id for c in public.claims()} == expected.keys()
        public.places()
        public.stats()


@given(claims())
@settings(max_examples=50, deadline=None)
def test_masks_keep_offsets_and_lose_words(claim: Claim) -> None:
    for masked in (hide_quotes(claim), redact_claim(claim)):
        assert masked.id == claim.id
        if claim.quote is not None:
            assert masked.quote is not None
            assert (masked.quote.start, masked.quote.end) == (claim.quote.start, claim.quote.end)
            assert set(masked.quote.exact) == {MASK}
        assert [p.place_id for p in masked.places] == [p.place_id for p in claim.places]
        assert all(q.of is None for q in masked.quantities)
    blank = redact_claim(claim)
    assert redact_claim(blank) == blank
    assert all(s.name in (s.source_id, "[redacted]") for s in blank.attribution)


@given(claims(), st.integers(3, 9))
@settings(max_examples=50, deadline=None)
def test_coarsening_is_settled_after_once(claim: Claim, resolution: int) -> None:
    once = coarsen_claim(claim, resolution)
    twice = coarsen_claim(once, resolution)
    for a, b, was in zip(once.places, twice.places, claim.places, strict=True):
        assert (a.lon is None) == (was.lon is None)
        if was.lon is not None and was.lat is not None:
            assert abs((a.lon or 0) - (b.lon or 0)) < 1e-5
            assert abs((a.lat or 0) - (b.lat or 0)) < 1e-5
            assert (a.radius_m or 0) >= (was.radius_m or 0)
    assert replace(once, places=()) == replace(claim, places=())


@given(instants, instants)
def test_stamps_sort_as_instants(a: datetime, b: datetime) -> None:
    assert parse_stamp(floor_stamp(a)) <= a <= parse_stamp(ceil_stamp(a))
    assert parse_stamp(ceil_stamp(a)) - parse_stamp(floor_stamp(a)) <= timedelta(milliseconds=1)
    if a <= b:
        assert floor_stamp(a) <= floor_stamp(b)
        assert ceil_stamp(a) <= ceil_stamp(b)
    assert floor_stamp(a.astimezone(ZONE)) == floor_stamp(a)


# --- which versions are in force ----------------------------------------------------------------------


def version(
    seq: int, name: str, reading: int | None, supersedes: str | None = None, root: str = ""
) -> ClaimVersion:
    return ClaimVersion(seq, name, root or name, "r", reading, supersedes)


def chosen(versions: list[ClaimVersion], latest: int, vouched: set[str] = frozenset()) -> list[int]:  # type: ignore[assignment]
    superseded: dict[str, int] = {}
    for v in versions:
        if v.supersedes:
            superseded[v.supersedes] = max(v.seq, superseded.get(v.supersedes, 0))
    return [v.seq for v in select_current(versions, {"r": latest}, vouched, superseded)]


def test_newest_reading_and_imports_are_in_force() -> None:
    rows = [version(1, "a", 1), version(2, "b", 1), version(3, "a", 2), version(4, "m", None)]
    assert chosen(rows, 2) == [3, 4]
    assert chosen(rows, 2, {"b"}) == [2, 3, 4]
    assert chosen(rows, 1) == [1, 2, 4]


def test_superseded_claims_are_out_unless_they_return() -> None:
    assert chosen([version(1, "a", 1), version(2, "b", 2, "a", "a")], 2, {"a"}) == [2]
    back = [version(1, "a", 1), version(2, "b", 2, "a", "a"), version(3, "a", 3)]
    assert chosen(back, 3) == [3]
    assert chosen([version(1, "a", None), version(2, "b", None, "a", "a")], 0) == [2]


def test_forerunners_are_linked_once_and_by_most_words() -> None:
    def claim(name: str, start: int, end: int, event: Event = Event.CLASH) -> Claim:
        return Claim(
            name, "r", Span(start, end, "x" * (end - start)), (), Stance.ASSERTED, Polarity.POSITIVE, event
        )

    old = [claim("o1", 0, 10), claim("o2", 20, 40), claim("o3", 50, 60, Event.ENTERED)]
    new = [claim("n1", 0, 9), claim("n2", 5, 30), claim("n3", 50, 60), claim("o2", 20, 40)]
    linked = {c.id: c.supersedes for c in link_to_forerunners(new, old)}
    assert linked == {"n1": "o1", "n2": None, "n3": None, "o2": None}
