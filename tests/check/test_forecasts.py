"""Predictions become questions, are scored when due, and are never mixed with orders."""

from __future__ import annotations

from collections.abc import Mapping
from datetime import date

import pytest

from tests.check.build import claim, day, region, town
from whoholds.check.forecasts import SAID, find_forecasts, find_intentions, score_sources
from whoholds.model import ClaimPlace, Event, Stance

TODAY = date(2025, 4, 1)


def asker(**p: float):  # type: ignore[no-untyped-def]
    def ask(place: ClaimPlace, on: date) -> Mapping[str, float] | None:
        assert on <= TODAY
        return p if place.kind == "settlement" else None

    return ask


def predicted(
    event: Event, party: str, *places: ClaimPlace, by: str = "A Channel", due: str | None = "2025-03-14"
):  # type: ignore[no-untyped-def]
    return claim(event, party, *places, by=by, on=None, stance=Stance.PREDICTED, deadline=due)


@pytest.mark.parametrize(
    ("record", "p_true"),
    [
        ({"RED": 1.0, "BLUE": 0.0, "contested": 0.0}, 1.0),
        ({"RED": 0.0, "BLUE": 1.0, "contested": 0.0}, 0.0),
        # Still fighting there: not gone.
        ({"RED": 0.2, "BLUE": 0.3, "contested": 0.5}, 0.2),
    ],
)
def test_gone_by_friday(record: dict[str, float], p_true: float) -> None:
    (found,) = find_forecasts([predicted(Event.WITHDRAWAL, "BLUE", town())], asker(**record), today=TODAY)
    assert found.due == day("2025-03-14")
    assert not found.expects
    assert found.p_true == pytest.approx(p_true)
    assert found.doubt == pytest.approx(p_true * (1 - p_true))
    assert found.brier == pytest.approx((SAID - p_true) ** 2 + p_true * (1 - p_true))


def test_will_take() -> None:
    (found,) = find_forecasts(
        [predicted(Event.CONTROL_GAINED, "RED", town())],
        asker(RED=0.25, BLUE=0.5, contested=0.25),
        today=TODAY,
    )
    assert found.question == "Will RED hold Riverport by 2025-03-14?"
    assert found.p_true == 0.25


def test_both_readings_of_there_are_asked_and_count_once() -> None:
    found = find_forecasts(
        [predicted(Event.WITHDRAWAL, "BLUE", town(), region())], asker(RED=1.0, BLUE=0.0), today=TODAY
    )
    assert [f.place.name for f in found] == ["North Region", "Riverport"]
    assert found[0].brier is None
    (score,) = score_sources(found)
    assert score.n == 1
    assert score.brier == pytest.approx((SAID - 1) ** 2)


def test_not_due_is_open() -> None:
    (found,) = find_forecasts(
        [predicted(Event.WITHDRAWAL, "BLUE", town(), due="2025-12-31")], asker(BLUE=1.0), today=TODAY
    )
    assert found.p_true is found.brier is None


@pytest.mark.parametrize(
    "item",
    [
        predicted(Event.WITHDRAWAL, "BLUE", town(), due=None),
        predicted(Event.STRIKE, "RED", town()),
        claim(Event.CONTROL_GAINED, "RED", town(), stance=Stance.ORDERED),
        claim(Event.CONTROL_GAINED, "RED", town(), stance=Stance.INTENDED),
        claim(Event.CONTROL_GAINED, "RED", town()),
    ],
)
def test_what_is_no_forecast(item) -> None:  # type: ignore[no-untyped-def]
    assert find_forecasts([item], asker(RED=1.0), today=TODAY) == []


def test_orders_and_intentions_are_listed_apart() -> None:
    order = claim(Event.CONTROL_GAINED, "RED", town(), stance=Stance.ORDERED, said="2025-03-02")
    plan = claim(Event.CONTROL_HELD, "BLUE", town(), stance=Stance.INTENDED, said="2025-03-01")
    fact = claim(Event.CONTROL_HELD, "BLUE", town())
    assert find_intentions([order, fact, plan]) == [plan, order]


def test_sources_are_ranked_by_their_mean() -> None:
    ask = asker(RED=1.0, BLUE=0.0, contested=0.0)
    found = find_forecasts(
        [
            predicted(Event.CONTROL_GAINED, "RED", town(), by="Right"),
            predicted(Event.CONTROL_GAINED, "BLUE", town(), by="Wrong"),
        ],
        ask,
        today=TODAY,
    )
    assert [s.name for s in score_sources(found)] == ["Right", "Wrong"]
