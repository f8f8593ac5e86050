"""The contract's JSON: what is written can be read again, and bad records are named."""

from __future__ import annotations

import json
from datetime import UTC, date, datetime
from typing import Any
from zoneinfo import ZoneInfo

import pytest
from hypothesis import given
from hypothesis import strategies as st

from whoholds.errors import FormatError
from whoholds.model import (
    ALWAYS,
    Approximator,
    Claim,
    ClaimPlace,
    Event,
    Interval,
    Measure,
    Polarity,
    Quantity,
    Relation,
    Source,
    Span,
    Stance,
)
from whoholds.model.contract import claim_from_json, claim_to_json, holds_from_json, holds_to_json

ZONE = ZoneInfo("Europe/Moscow")
words = st.text(min_size=1, max_size=12).filter(str.strip)
days = st.dates(date(2014, 1, 1), date(2030, 1, 1))
instants = st.integers(1_400_000_000, 1_900_000_000).map(lambda s: datetime.fromtimestamp(s, UTC))


@st.composite
def spans(draw: st.DrawFn) -> Span:
    start, exact = draw(st.integers(0, 9_000)), draw(words)
    return Span(start, start + len(exact), exact)


@st.composite
def day_intervals(draw: st.DrawFn) -> Interval:
    first, last = draw(st.none() | days), draw(st.none() | days)
    if first and last and last < first:
        first, last = last, first
    return Interval.from_days(first, last, ZONE)


numbers = st.none() | st.integers(0, 10**6).map(float)
sources = st.builds(
    Source,
    words,
    st.none() | words,
    st.none() | words,
    st.none() | st.sampled_from(["RU", "other"]),
    st.none() | spans(),
)
places = st.builds(
    ClaimPlace,
    place_id=st.none() | words,
    name=words,
    lon=st.none() | st.floats(-180, 180),
    lat=st.none() | st.floats(-90, 90),
    radius_m=st.none() | st.floats(0, 1e6),
    p=st.integers(0, 10**6).map(lambda n: n / 10**6),
    relation=st.sampled_from(Relation),
    kind=st.sampled_from(["settlement", "admin"]),
)
quantities = st.builds(
    Quantity, st.none() | spans(), numbers, numbers, st.none() | words, st.none() | words,
    st.sampled_from(Approximator), st.none() | st.sampled_from(Measure),
)  # fmt: skip
claims = st.builds(
    Claim,
    id=words,
    report_id=words,
    quote=st.none() | spans(),
    attribution=st.lists(sources, max_size=2).map(tuple),
    stance=st.sampled_from(Stance),
    polarity=st.sampled_from(Polarity),
    event=st.sampled_from(Event),
    actor=st.none() | words,
    actor_id=st.none() | words,
    target=st.none() | words,
    places=st.lists(places, max_size=3).map(tuple),
    holds=day_intervals(),
    deadline=st.none() | days,
    quantities=st.lists(quantities, max_size=2).map(tuple),
    reported_at=st.none() | days | instants,
    recorded_at=st.none() | instants,
    echo_of=st.none() | words,
    reader=words,
    p=st.integers(0, 10**6).map(lambda n: n / 10**6),
    origin=st.none() | words,
)


@given(claims)
def test_a_claim_survives_the_journey_through_json(claim: Claim) -> None:
    record = json.loads(json.dumps(claim_to_json(claim, ZONE)))
    assert claim_from_json(record, ZONE) == claim


@given(day_intervals())
def test_days_are_inclusive_outside_and_half_open_inside(interval: Interval) -> None:
    record = holds_to_json(interval, None, ZONE)
    assert holds_from_json(record, ZONE) == (interval, None)


def test_the_past_five_days_said_on_12_march() -> None:
    interval = Interval.from_days(date(2025, 3, 8), date(2025, 3, 12))
    assert holds_to_json(interval, None) == {"from": "2025-03-08", "to": "2025-03-12", "edtf": None}


def test_instants_stay_instants() -> None:
    interval = Interval(datetime(2025, 3, 12, 6, tzinfo=UTC), datetime(2025, 3, 12, 9, tzinfo=UTC))
    record = holds_to_json(interval, None)
    assert record["from"] == "2025-03-12T06:00:00Z"
    assert holds_from_json(record) == (interval, None)


def test_edtf_alone_gives_the_interval() -> None:
    assert holds_from_json({"from": None, "to": None, "edtf": "2024-08"})[0] == Interval.from_days(
        date(2024, 8, 1), date(2024, 8, 31)
    )
    assert holds_from_json(None) == (ALWAYS, None)


GOOD: dict[str, Any] = {"stance": "claimed", "event": "entered", "reported_at": "2025-03-12"}


@pytest.mark.parametrize(
    ("change", "words"),
    [
        ({"stance": "shouted"}, "stance 'shouted' is not one of"),
        ({"stance": None}, "stance None"),
        ({"event": "won"}, "event 'won'"),
        ({"polarity": "maybe"}, "polarity 'maybe'"),
        ({"holds": {"from": "2025-03-12", "to": "2025-03-01"}}, "ends"),
        ({"holds": {"from": "soon"}}, "cannot read 'soon'"),
        ({"places": ["Sudzha"]}, "places must be a list of objects"),
        ({"places": [{"name": "X", "lon": 200, "lat": 0}]}, "off the globe"),
        ({"attribution": [{"role": "speaker"}]}, "has no name"),
        ({"quote": {"start": 1, "end": 9, "exact": "no"}}, "span"),
        ({"quantities": [{"low": "many"}]}, "low must be a number"),
        ({"quantities": [{"low": float("nan")}]}, "low must be a number"),
        ({"geometry": "POINT (1 1)"}, "GeoJSON"),
        ({"id": 7}, "id must be a string"),
    ],
)
def test_bad_records_are_refused_by_name(change: dict[str, Any], words: str) -> None:
    with pytest.raises(FormatError, match=words):
        claim_from_json(GOOD | change)


def test_a_claim_without_id_gets_one_and_the_same_content_the_same() -> None:
    first, second = claim_from_json(GOOD), claim_from_json(dict(GOOD))
    assert first.id.startswith("sha256:")
    assert first.id == second.id
    assert claim_from_json(GOOD | {"event": "withdrawal"}).id != first.id
