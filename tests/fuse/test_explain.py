"""Leave-one-out: what the number would be without a claim."""

from __future__ import annotations

from datetime import date, timedelta

import numpy as np
import pytest

from whoholds.fuse.control import fuse_evidence, key_index
from whoholds.fuse.evidence import gather_evidence
from whoholds.fuse.explain import leave_one_out
from whoholds.fuse.sources import default_parameters
from whoholds.fuse.units import units_of_points
from whoholds.model import Event

PARTIES = ("blue", "red")
DAYS = (date(2024, 5, 1), date(2024, 7, 29))
DAY = date(2024, 6, 10)


@pytest.fixture
def units():
    return units_of_points(
        ["here", "yonder"],
        ["Here", "Yonder"],
        np.array([30.0, 34.0]),
        np.array([50.0, 50.0]),
        np.array([0, 0], dtype=np.int16),
        date(2024, 4, 30),
    )


def run(claims, units):
    evidence = gather_evidence(claims, PARTIES, key_index(units))
    return fuse_evidence(evidence, units, PARTIES, DAYS, parameters=default_parameters(PARTIES))


def test_it_is_what_a_run_without_the_claim_gives(make_claim, units) -> None:
    claims = [
        make_claim("here", DAY, Event.CONTROL_GAINED, "red", side="red"),
        make_claim("here", DAY + timedelta(days=2), Event.CONTROL_GAINED, "red", side="blue", speaker="b"),
        make_claim("here", DAY + timedelta(days=9), Event.CONTROL_HELD, "blue", speaker="c", side="blue"),
        make_claim("here", DAY + timedelta(days=1), role="map", speaker="m"),
        make_claim("here", DAY + timedelta(days=20), role="map", speaker="m", number=1),
    ]
    fusion = run(claims, units)
    day = DAY.toordinal() + 5 - fusion.grid.first_day
    found = {i.claim_id: i for i in leave_one_out(fusion, units, 0, day)}
    assert set(found) == {c.id for c in claims}
    for left_out in claims:
        rest = run([c for c in claims if c is not left_out], units).posterior
        # The days of both runs are counted from the first holder's day, the same in both.
        assert found[left_out.id].without == pytest.approx(rest[day, :, 0].tolist(), abs=0.02)


def test_claims_for_and_against_have_opposite_signs(make_claim, units) -> None:
    taken = make_claim("here", DAY, Event.CONTROL_HELD, "red", side="blue")
    kept = make_claim("here", DAY, Event.CONTROL_HELD, "blue", side="blue", speaker="b")
    fusion = run([taken, kept], units)
    found = {
        i.claim_id: i.moved[1]
        for i in leave_one_out(fusion, units, 0, DAY.toordinal() - fusion.grid.first_day)
    }
    assert found[taken.id] > 0 > found[kept.id]


def test_a_copy_moves_nothing_and_a_far_claim_is_no_reason(make_claim, units) -> None:
    elsewhere = make_claim("yonder", DAY, Event.CONTROL_HELD, "red")
    fusion = run([elsewhere], units)
    assert leave_one_out(fusion, units, 0, 10) == []
