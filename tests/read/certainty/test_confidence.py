"""Probabilities of claims: from the raw score and what is plain to see, and from nothing else."""

from __future__ import annotations

from dataclasses import replace

import pytest
from tests.read.claims.world import context, read

from whoholds.model import Claim, Event, Polarity, Report, Stance, sha256_hex
from whoholds.read.certainty.confidence import calibrate_claims, features_of, load_weights
from whoholds.read.rules_en import RulesReader

TEXT = "Rebels took Arbin on Monday, the ministry said. The army did not leave Borsk."


def claims() -> tuple[Claim, ...]:
    return read(TEXT).claims


def test_probabilities_are_probabilities_and_ids_stay() -> None:
    report = Report(id="x", text=TEXT, sha256=sha256_hex(TEXT.encode()), lang="en")
    (raw,) = RulesReader(is_calibrated=False).read_many([report], context())
    (done,) = RulesReader().read_many([report], context())
    assert [c.id for c in raw.claims] == [c.id for c in done.claims]  # type: ignore[union-attr]
    assert calibrate_claims(raw.claims) == done.claims  # type: ignore[union-attr]
    assert all(0 < c.p < 1 for c in done.claims)  # type: ignore[union-attr]


def test_every_event_and_stance_that_has_a_weight_is_one_of_the_contract() -> None:
    known = {f"event {e.value}" for e in Event} | {f"stance {s.value}" for s in Stance}
    named = {n for n in load_weights() if n.startswith(("event ", "stance "))}
    assert named <= known


def test_a_surer_rule_gives_a_higher_probability() -> None:
    claim = claims()[0]
    low, high = calibrate_claims([replace(claim, p=0.3), replace(claim, p=0.9)])
    assert low.p < high.p


@pytest.mark.parametrize("p", [0.0, 1.0])
def test_no_score_is_beyond_doubt(p: float) -> None:
    (found,) = calibrate_claims([replace(claims()[0], p=p)], {"raw": 5.0})
    assert 0 < found.p < 1


def test_without_weights_nothing_is_known() -> None:
    assert [c.p for c in calibrate_claims(claims(), {})] == [0.5] * len(claims())


def test_features_are_those_of_the_claim() -> None:
    claim = claims()[0]
    found = features_of(replace(claim, polarity=Polarity.NEGATIVE, quantities=(), places=()))
    assert found["negative"] == 1.0
    assert found["places 0"] == 1.0
    assert "figures" not in found
    assert "place in quote" not in found
