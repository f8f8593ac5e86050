"""Wording, marking and charts: small pure pieces, by table and by property."""

from __future__ import annotations

from dataclasses import replace
from datetime import UTC, date, datetime

import pytest
from hypothesis import given
from hypothesis import strategies as st

from tests.web.laid import REPORTS, lay_theatre, read_report
from whoholds.model import ClaimPlace, ControlState, Event, Interval, Polarity, Quantity, Relation
from whoholds.model.vocabulary import Measure
from whoholds.web.charts import HEIGHT, WIDTH, draw_history
from whoholds.web.marking import cut_segments
from whoholds.web.wording import describe_day, describe_holds, describe_quantity, describe_statement

CLAIM = read_report(REPORTS[0]).claims[0]
THEATRE = lay_theatre()


@pytest.mark.parametrize(
    ("event", "actor", "relation", "expected"),
    [
        (Event.CONTROL_GAINED, "NO", Relation.IN, "Northland took Alderford"),
        (Event.CONTROL_LOST, "SO", Relation.IN, "Southland lost Alderford"),
        (Event.ENTERED, "NO", Relation.OUTSKIRTS, "Northland entered the outskirts of Alderford"),
        (Event.CLASH, None, Relation.NEAR, "fighting near Alderford"),
        (Event.CONTESTED, "NO", Relation.IN, "Alderford is contested"),
        (Event.CONTROL_HELD, None, Relation.IN, "Alderford is held"),
        (Event.CONTROL_LOST, None, Relation.IN, "Alderford was lost"),
        (Event.STRIKE, None, Relation.NEAR, "strike near Alderford"),
        (Event.ORDER, None, Relation.IN, "order about Alderford"),
        (Event.AREA_TOTAL, "NO", Relation.IN, "figure of ground: Northland, Alderford"),
        (Event.VISIT, "NO", None, "Northland visits"),
        (Event.STATEMENT, None, None, "statement"),
        (Event.WITHDRAWAL, "NO", None, "Northland withdraws"),
        (Event.CONTROL_GAINED, "NO", None, "Northland took ground that is not named"),
        (Event.AREA_TOTAL, "NO", None, "figure of ground: Northland"),
        (Event.AREA_TOTAL, None, None, "figure of ground"),
        (Event.CONTROL_GAINED, None, None, "ground that is not named was taken"),
        (Event.OTHER, None, None, "other"),
    ],
)
def test_statements_read_as_sentences(
    event: Event, actor: str | None, relation: Relation | None, expected: str
) -> None:
    """One plain sentence, with or without an actor and a place."""
    places = () if relation is None else (ClaimPlace("laid:1", "Alderford", relation=relation),)
    claim = replace(CLAIM, event=event, actor=None, actor_id=actor, places=places)
    assert describe_statement(claim, THEATRE) == expected


def test_every_event_has_words_for_every_gap() -> None:
    """No pattern is left with a hole or a stray space."""
    for event in Event:
        for actor in (None, "NO"):
            for places in ((), CLAIM.places):
                text = describe_statement(
                    replace(CLAIM, event=event, actor=None, actor_id=actor, places=places), THEATRE
                )
                assert text == " ".join(text.split())
                assert not set("{}") & set(text)
                assert not text.endswith((",", ":", " at", " by", " of", " about"))


def test_negation_is_said() -> None:
    """A negative content is never shown as its opposite."""
    assert describe_statement(replace(CLAIM, polarity=Polarity.NEGATIVE), THEATRE).startswith("not so: ")


@pytest.mark.parametrize(
    ("first", "last", "expected"),
    [
        (date(2025, 3, 5), date(2025, 3, 5), "5 Mar 2025"),
        (date(2025, 3, 5), date(2025, 3, 7), "5 Mar 2025 to 7 Mar 2025"),
        (date(2025, 3, 5), None, "from 5 Mar 2025"),
        (None, date(2025, 3, 5), "by 5 Mar 2025"),
        (None, None, ""),
    ],
)
def test_holds_in_words(first: date | None, last: date | None, expected: str) -> None:
    """Each form of an interval."""
    assert describe_holds(replace(CLAIM, holds=Interval.from_days(first, last, UTC)), UTC) == expected


def test_instants_are_told_in_the_theatre_s_zone() -> None:
    """Half past eight in UTC is half past eleven in Moscow."""
    assert describe_day(datetime(2025, 3, 12, 8, 30, tzinfo=UTC), THEATRE.zone) == "12 Mar 2025, 11:30"
    assert describe_day(None, UTC) == "undated"


@pytest.mark.parametrize(
    ("quantity", "expected"),
    [
        (Quantity(None, 1100.0, 1100.0, "km2", measure=Measure.HELD), "1,100 km² held"),
        (Quantity(None, 24.0, None, "settlements"), "24 or more settlements"),
        (Quantity(None, None, 5.0, "km"), "up to 5 km"),
        (Quantity(None, 36.0, 99.0, "vehicles"), "36 to 99 vehicles"),
        (Quantity(None, 86.0, 86.0, "percent"), "86 %"),
    ],
)
def test_figures_without_words(quantity: Quantity, expected: str) -> None:
    """Imported figures keep both bounds."""
    assert describe_quantity(quantity) == expected


@given(
    st.text(max_size=60),
    st.lists(st.tuples(st.integers(-5, 70), st.integers(-5, 70)) | st.none(), max_size=8),
)
def test_segments_join_to_the_text(text: str, spans: list[tuple[int, int] | None]) -> None:
    """Whatever overlaps: the words stay, each code point has exactly its quotes, each quote opens once."""
    segments = cut_segments(text, spans)
    assert "".join(s.text for s in segments) == text
    at = 0
    for segment in segments:
        for offset in range(at, at + len(segment.text)):
            inside = tuple(i for i, s in enumerate(spans) if s is not None and s[0] <= offset < s[1])
            assert segment.marks == inside
        at += len(segment.text)
    opened = [i for s in segments for i in s.opens]
    assert len(opened) == len(set(opened))
    assert set(opened) == {i for s in segments for i in s.marks}


def _state(day: int, no: float) -> ControlState:
    return ControlState(
        "x", date(2025, 3, day), "NO", (("NO", no), ("SO", 1 - no), ("contested", 0.0)), 1, "m"
    )


def test_chart_bands_fill_the_height_and_stay_inside() -> None:
    """Every number of a path lies in the frame; the marker stands on its day."""
    states = ("NO", "SO", "contested")
    chart = draw_history(
        [_state(1, 0.9), _state(11, 0.2)], states, date(2025, 3, 1), date(2025, 3, 20), date(2025, 3, 11)
    )
    assert [b.state for b in chart.bands] == list(states)
    assert chart.marker == WIDTH / 2
    numbers = [
        float(n)
        for b in chart.bands
        for n in b.path.replace("M", "").replace("L", "").replace("Z", "").split()
    ]
    assert min(numbers) == 0.0
    assert max(numbers) == WIDTH
    assert f"0.0 {HEIGHT}" in chart.bands[0].path


@pytest.mark.parametrize("days", [1, 2, 31, 300, 2000])
def test_chart_has_few_ticks(days: int) -> None:
    """Whether a war lasts a day or years."""
    first = date(2020, 1, 1)
    last = date.fromordinal(first.toordinal() + days - 1)
    chart = draw_history([replace(_state(1, 0.5), on=first)], ("NO", "SO"), first, last, None)
    assert 2 <= len(chart.ticks) <= 7
    assert all(0 <= x <= WIDTH for x, _ in chart.ticks)
