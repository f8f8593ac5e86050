"""Totals of ground: "1,000 square kilometres are held" moves the whole record, as far as it is believed."""

from __future__ import annotations

import json
from dataclasses import asdict, replace
from datetime import date, timedelta

import numpy as np
import pytest
from tests.ground.test_extend import assert_same
from tests.ground.test_record import LAST, TAKEN, claims, say, theatre

from whoholds.check.explanations import explain_place
from whoholds.check.settlement import areas_for_figures
from whoholds.ground.extend import extend_record
from whoholds.ground.record import GroundRecord, compute_record
from whoholds.ground.totals import totals_of
from whoholds.model import Claim, ClaimPlace, Event, Interval, Measure, Polarity, Quantity, Source, Stance

__all__ = ["claims", "theatre"]
DAY = TAKEN + timedelta(days=10)
"""Blue has taken all nine towns by then, as both sides say."""


def total(
    km2: float,
    by: str = "Watch",
    side: str | None = None,
    *,
    on: date = DAY,
    party: str = "blue",
    **more: object,
) -> Claim:
    claim = say("town-11", on, party, side or "none", number=int(km2))
    claim = replace(
        claim,
        id=f"sha256:{by}-{on}-{km2:g}",
        event=Event.AREA_TOTAL,
        attribution=(Source(by, side=side),),
        places=(),
        quantities=(Quantity(None, km2, km2, "km2", measure=Measure.HELD),),
    )
    return replace(claim, **more)  # type: ignore[arg-type]


@pytest.fixture(scope="module")
def parameters(theatre, claims):
    return compute_record(theatre, claims).parameters


@pytest.fixture(scope="module")
def blue(theatre, claims, parameters):
    """The area of blue's ground on a day, with some totals said."""

    def area(*totals: Claim, on: date = DAY) -> float:
        return compute_record(theatre, [*claims, *totals], parameters=parameters).area(on)["blue"].km2

    return area


def test_a_total_draws_the_area_towards_it_and_the_further_off_the_less(blue) -> None:
    alone, half = blue(), blue() / 2
    assert half < blue(total(half)) < 0.98 * alone
    assert alone < blue(total(1.5 * alone)) < 1.5 * alone
    later = DAY + timedelta(days=25)
    assert 0 < blue(on=later) - blue(total(half), on=later) < alone - blue(total(half))


def test_a_total_that_agrees_changes_little(blue) -> None:
    assert blue(total(round(blue()))) == pytest.approx(blue(), rel=0.05)


def test_one_voice_that_repeats_itself_is_one_and_another_voice_is_more(blue) -> None:
    half = round(blue() / 2)
    once = blue(total(half))
    again = blue(
        total(half), total(half, on=DAY + timedelta(days=1)), total(half, on=DAY - timedelta(days=1))
    )
    assert again == pytest.approx(once, rel=0.02)
    assert blue(total(half), total(half, by="Another")) < 0.97 * once


def test_who_admits_is_believed_more_than_who_boasts(blue) -> None:
    half = round(blue() / 2)
    assert blue(total(half, by="Blue staff", side="blue")) < blue(total(half, by="Red staff", side="red"))


def test_certain_places_hardly_move(theatre, claims, parameters) -> None:
    plain = compute_record(theatre, claims, parameters=parameters)
    told = compute_record(theatre, [*claims, total(plain.area(DAY)["blue"].km2 / 3)], parameters=parameters)
    before = {key: dict(plain.place_state(key, DAY).p)["blue"] for key in plain.places}
    moved = {key: p - dict(told.place_state(key, DAY).p)["blue"] for key, p in before.items()}
    surest, openest = max(before, key=before.__getitem__), min(before, key=lambda k: abs(before[k] - 0.5))
    assert 0 < moved[surest] < moved[openest]
    assert np.abs(told.probabilities(DAY).sum(axis=1) - 1).max() < 1e-4


REGION = ClaimPlace("r", "Borderland Province", kind="admin", lon=30.6, lat=50.0)


@pytest.mark.parametrize(
    ("change", "counts"),
    [
        ({}, True),
        ({"places": (REGION,)}, True),
        ({"places": (replace(REGION, name="Elsewhere Province"),)}, False),
        ({"places": (replace(REGION, kind="settlement", radius_m=900.0),)}, False),
        ({"stance": Stance.PREDICTED}, False),
        ({"holds": Interval.from_days(DAY, DAY + timedelta(days=5))}, False),
        ({"actor": "green"}, False),
        ({"quantities": (Quantity(None, 50, 50, "km2", measure=Measure.TAKEN),)}, False),
        ({"quantities": (Quantity(None, 50, 50, "settlements", measure=Measure.HELD),)}, False),
    ],
)
def test_only_what_is_held_of_the_whole_counts(theatre, change, counts) -> None:
    area = theatre.area.model_copy(update={"regions": ("Borderland Region",)})
    war = theatre.model_copy(update={"area": area})
    assert len(totals_of([total(50, **change)], war)) == counts


def test_copies_and_open_ends(theatre) -> None:
    first = total(50)
    copy = replace(total(50, by="Echo"), echo_of=first.id)
    over, under = (
        total(n, by=str(n), quantities=(Quantity(None, low, high, "km2", measure=Measure.REMAINING),))
        for n, low, high in ((1, 100.0, None), (2, None, 100.0))
    )
    found = {t.voice: (t.low, t.high) for t in totals_of([copy, first, over, under], theatre)}
    assert set(found) == {"watch", "1", "2"}
    assert found["1"] == pytest.approx((100, 110))
    assert found["2"] == pytest.approx((100 / 1.1, 100))


def test_a_figure_is_not_held_against_a_record_made_of_it(theatre, claims, parameters) -> None:
    said = [*claims, total(30)]
    record = compute_record(theatre, said, parameters=parameters)
    own = compute_record(theatre, claims, parameters=parameters)
    assert record.area(DAY)["blue"].km2 < own.area(DAY)["blue"].km2
    assert areas_for_figures(record.by_places, said, theatre)[DAY]["blue"][0] == pytest.approx(
        own.area(DAY)["blue"].km2
    )


def test_why_says_what_would_be_without_a_total(theatre, claims, parameters) -> None:
    low, lower = total(60), total(40, by="Another")
    record = compute_record(theatre, [*claims, low, lower], parameters=parameters)
    town = "town-11"
    found = {i.claim_id: i.without for i in record.influences(town, DAY)}
    for left_out in (low, lower):
        rest = [c for c in (*claims, low, lower) if c is not left_out]
        without = dict(compute_record(theatre, rest, parameters=parameters).place_state(town, DAY).p)
        assert found[left_out.id] == pytest.approx(tuple(without.values()), abs=2e-5)
    bearing = {c.claim_id: c for c in record.contributions(town, DAY)}
    assert bearing[low.id].state == "red"
    assert bearing[low.id].weight > 0


def test_a_record_is_extended_by_a_total_as_by_any_claim(theatre, claims, parameters) -> None:
    old = compute_record(theatre, claims, parameters=parameters)
    more = [*claims, total(60), say("town-11", DAY, "blue", "blue", number=50)]
    new = extend_record(old, claims, more, LAST)
    assert isinstance(new, GroundRecord)
    assert new.totals
    assert_same(new, compute_record(theatre, more, parameters=parameters))


def test_nothing_pulls_before_the_war_or_over_what_moved_since(theatre, claims, parameters) -> None:
    plain = compute_record(theatre, claims, parameters=parameters)
    told = compute_record(theatre, [*claims, total(900)], parameters=parameters)
    first = plain.days[0]
    assert told.area(first)["blue"].km2 == pytest.approx(plain.area(first)["blue"].km2, rel=1e-6)
    eve = TAKEN - timedelta(days=3)
    gained = told.area(eve)["blue"].km2 - plain.area(eve)["blue"].km2
    assert gained < 0.2 * (told.area(DAY)["blue"].km2 - plain.area(DAY)["blue"].km2)


def test_what_one_loses_is_the_others_and_not_all_in_dispute(theatre, claims, parameters) -> None:
    plain = compute_record(theatre, claims, parameters=parameters).area(DAY)
    voices = [total(60, by=f"Watch {n}") for n in range(3)]
    told = compute_record(theatre, [*claims, *voices], parameters=parameters).area(DAY)
    lost = plain["blue"].km2 - told["blue"].km2
    assert told["contested"].km2 - plain["contested"].km2 < 0.5 * lost


def test_voices_of_one_side_are_a_choir(blue) -> None:
    half = round(blue() / 2)
    alone = [total(half, by=f"Watch {n}") for n in range(3)]
    choir = [total(half, by=f"Red {n}", side="red") for n in range(3)]
    step = [blue(*group[:1]) - blue(*group) for group in (alone, choir)]
    assert step[1] < step[0]
    assert blue(total(half, by="Staff", side="Blue")) == blue(total(half, by="Staff", side="blue"))


def test_without_a_start_line_totals_say_nothing(theatre, claims) -> None:
    assert totals_of([total(50)], theatre.model_copy(update={"start": None})) == ()


def test_a_total_that_no_record_uses_is_none(theatre) -> None:
    early = total(50, on=date(2014, 1, 1))
    clash = total(50), replace(total(50), polarity=Polarity.NEGATIVE)
    assert totals_of([early, *clash], theatre) == ()


def test_reasons_are_of_their_day_and_can_be_written_as_json(theatre, claims, parameters) -> None:
    later = total(40, by="Later", on=DAY + timedelta(days=5))
    record = compute_record(theatre, [*claims, total(60), later], parameters=parameters)
    known = {c.claim_id for c in record.contributions("town-11", DAY)}
    assert total(60).id in known
    assert later.id not in known
    assert later.id in {c.claim_id for c in record.total_contributions("town-11", DAY)}
    assert json.loads(
        json.dumps([asdict(c) for c in record.contributions("town-11", DAY)], default=date.isoformat)
    )
    reasons = explain_place(record, [*claims, total(60), later], "town-11", DAY)
    totals = [r for r in (*reasons.supporting, *reasons.opposing, *reasons.others) if r.claim.id == later.id]
    assert [(r.on, r.state) for r in totals] == [(later.holds.to_days(theatre.zone)[0], "red")]
