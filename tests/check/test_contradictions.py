"""What cannot both be so, and as many pairs that can."""

from __future__ import annotations

import random

import pytest

from tests.check.build import claim, figure, region, town
from whoholds.check.contradictions import CANNOT_BOTH, find_contradictions
from whoholds.model import Approximator, Claim, Event, Measure, Polarity, Relation, Stance

E, S = Event, Stance
OUTSKIRTS = town(relation=Relation.OUTSKIRTS)


def clash(a: Claim, b: Claim) -> float:
    found = find_contradictions([a, b])
    assert len(found) <= 1
    return found[0].strength or 0.0 if found else 0.0


@pytest.mark.parametrize(
    ("a", "b"),
    [
        (claim(E.CONTROL_GAINED, "RED", town(), by="R"), claim(E.CONTROL_HELD, "BLUE", town(), by="B")),
        (
            claim(E.CONTROL_GAINED, "RED", town(), by="R"),
            claim(E.CONTROL_GAINED, "RED", town(), by="B", stance=S.DENIED),
        ),
        (
            claim(E.CONTROL_GAINED, "RED", town(), by="R"),
            claim(E.CONTROL_GAINED, "RED", town(), by="B", polarity=Polarity.NEGATIVE),
        ),
        (claim(E.CONTROL_LOST, "BLUE", town(), by="R"), claim(E.CONTESTED, None, OUTSKIRTS, by="M")),
        (claim(E.CONTROL_GAINED, "RED", town(), by="R"), claim(E.CONTESTED, None, town(), by="M")),
        (
            claim(E.CONTROL_GAINED, "RED", town(), by="R", on="2025-03-10"),
            claim(E.CONTROL_HELD, "BLUE", town(), by="B", on="2025-03-12"),
        ),
        (
            claim(E.CONTROL_HELD, "BLUE", region(), by="B", stance=S.INTENDED),
            claim(E.WITHDRAWAL, "BLUE", region(), by="C", stance=S.PREDICTED, on=None, deadline="2025-03-14"),
        ),
        (
            claim(E.CONTROL_HELD, "BLUE", region(), by="B", stance=S.INTENDED),
            claim(E.WITHDRAWAL, "BLUE", region(), by="C", stance=S.SUGGESTED, on=None),
        ),
        (
            claim(E.AGREEMENT, "BLUE", by=None, report="r"),
            claim(E.PROPOSAL, "BLUE", by="BLUE", stance=S.NO_COMMENT, report="r"),
        ),
        (claim(E.AGREEMENT, "BLUE", by=None, report="r"), claim(E.REFUSAL, "BLUE", by="X", report="r")),
        (
            claim(E.AREA_TOTAL, "RED", region(), by="R", figures=(figure(1000, "km2", Measure.RETAKEN),)),
            claim(E.AREA_TOTAL, "RED", region(), by="B", figures=(figure(400, "km2", Measure.RETAKEN),)),
        ),
    ],
)
def test_cannot_both_be_so(a: Claim, b: Claim) -> None:
    assert clash(a, b) >= 0.5
    assert clash(b, a) == clash(a, b)


@pytest.mark.parametrize(
    ("a", "b"),
    [
        # A change of hands after the earlier day is news.
        (
            claim(E.CONTROL_HELD, "BLUE", town(), by="B", on="2025-03-10"),
            claim(E.CONTROL_GAINED, "RED", town(), by="R", on="2025-03-12"),
        ),
        # Two tellings of one thing.
        (claim(E.CONTROL_GAINED, "RED", town(), by="R"), claim(E.CONTROL_LOST, "BLUE", town(), by="B")),
        (claim(E.CONTROL_GAINED, "RED", town(), by="R"), claim(E.CONTROL_HELD, "RED", town(), by="M")),
        # Other places, and relations that say nothing of the place itself.
        (
            claim(E.CONTROL_GAINED, "RED", town("Eastport"), by="R"),
            claim(E.CONTROL_HELD, "BLUE", town(), by="B"),
        ),
        (
            claim(E.CONTROL_GAINED, "RED", town(), by="R"),
            claim(E.CONTESTED, None, town(relation=Relation.NEAR), by="B"),
        ),
        # Entered is not held; orders and intentions are no facts.
        (claim(E.ENTERED, "RED", town(), by="R"), claim(E.CONTESTED, None, OUTSKIRTS, by="R")),
        (
            claim(E.CONTROL_GAINED, "RED", town(), by="R", stance=S.ORDERED),
            claim(E.CONTROL_HELD, "BLUE", town(), by="B"),
        ),
        (
            claim(E.CONTROL_GAINED, "RED", town(), by="R", stance=S.INTENDED),
            claim(E.CONTROL_HELD, "BLUE", town(), by="B"),
        ),
        # Each side may mean to have the same region.
        (
            claim(E.CONTROL_HELD, "BLUE", region(), by="B", stance=S.INTENDED),
            claim(E.CONTROL_GAINED, "RED", region(), by="R", stance=S.INTENDED),
        ),
        # Both sides can be in one region.
        (claim(E.CONTROL_HELD, "BLUE", region(), by="B"), claim(E.CONTROL_HELD, "RED", region(), by="R")),
        # Old news.
        (
            claim(E.CONTROL_GAINED, "RED", town(), by="R", on="2025-01-10"),
            claim(E.CONTROL_HELD, "BLUE", town(), by="B", on="2025-03-12"),
        ),
        # A copy is no second voice, and a source may change its mind.
        (
            claim(E.CONTROL_GAINED, "RED", town(), by="R"),
            claim(E.CONTROL_HELD, "BLUE", town(), by="B", echo_of="sha256:0"),
        ),
        (claim(E.CONTROL_GAINED, "RED", town(), by="R"), claim(E.CONTROL_HELD, "BLUE", town(), by="R")),
        # Somebody else agreed.
        (
            claim(E.AGREEMENT, "BLUE", by=None, report="r"),
            claim(E.PROPOSAL, "RED", by="RED", stance=S.NO_COMMENT, report="r"),
        ),
        # Figures that rounding reconciles, or of other days.
        (
            claim(E.AREA_TOTAL, "RED", region(), by="R", figures=(figure(1000, "km2", Measure.RETAKEN),)),
            claim(
                E.AREA_TOTAL,
                "RED",
                region(),
                by="B",
                figures=(figure(1094, "km2", Measure.RETAKEN, Approximator.ABOUT),),
            ),
        ),
        (
            claim(
                E.AREA_TOTAL,
                "RED",
                region(),
                by="R",
                on="2025-02-01",
                figures=(figure(1000, "km2", Measure.RETAKEN),),
            ),
            claim(E.AREA_TOTAL, "RED", region(), by="B", figures=(figure(400, "km2", Measure.RETAKEN),)),
        ),
    ],
)
def test_can_both_be_so(a: Claim, b: Claim) -> None:
    assert clash(a, b) == 0.0


def test_the_order_of_claims_does_not_matter() -> None:
    claims = [
        claim(E.CONTROL_GAINED, "RED", town(), by="R"),
        claim(E.CONTROL_HELD, "BLUE", town(), by="B"),
        claim(E.CONTESTED, None, town(), by="M"),
        claim(E.CONTROL_LOST, "BLUE", town(), by="N"),
    ]
    first = find_contradictions(claims)
    random.Random(1).shuffle(claims)
    assert find_contradictions(claims) == first
    assert first[0].verdict == CANNOT_BOTH
    assert all(len(f.steps) == 2 and f.summary.startswith("Riverport: ") for f in first)
