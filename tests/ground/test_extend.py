"""A record with a few more claims is the record of all of them, or has to be worked out anew."""

from __future__ import annotations

from dataclasses import replace
from datetime import date, timedelta

import pytest
from tests.ground.test_record import BACK, LAST, claims, say, theatre

from whoholds.ground.extend import extend_record
from whoholds.ground.record import GroundRecord, compute_record
from whoholds.model import ClaimPlace, Event

__all__ = ["claims", "theatre"]
DAY = BACK + timedelta(days=7)


@pytest.fixture(scope="module")
def version(theatre, claims):
    return compute_record(theatre, claims).parameters


def record_of(theatre, claims, version) -> GroundRecord:
    return compute_record(theatre, claims, parameters=version)


def assert_same(a: GroundRecord, b: GroundRecord) -> None:
    assert a.fusion.posterior.tobytes() == b.fusion.posterior.tobytes()
    assert a.place_counts.tobytes() == b.place_counts.tobytes()
    assert a.probabilities(LAST).tobytes() == b.probabilities(LAST).tobytes()
    assert a.rejections == b.rejections
    assert a.contributions("town-11", LAST) == b.contributions("town-11", LAST)


def test_it_is_the_record_of_all_claims_and_leaves_the_old_one_alone(theatre, claims, version) -> None:
    old = record_of(theatre, claims, version)
    posterior = old.fusion.posterior.tobytes()
    more = [
        *claims,
        say("town-11", DAY, "blue", "blue", number=50),
        say("town-02", DAY, "red", "red", number=51, event=Event.CLASH),
        say("town-12", DAY, "green", "green", number=52),
    ]
    new = extend_record(old, claims, more, LAST)
    assert new is not None
    assert_same(new, record_of(theatre, more, version))
    assert [r.code for r in new.rejections] == ["unknown_party"]
    assert old.fusion.posterior.tobytes() == posterior
    fewer = extend_record(new, more, claims, LAST)
    assert fewer is not None
    assert_same(fewer, old)


def test_a_claim_that_names_no_place_and_cannot_be_used_is_named(theatre, claims, version) -> None:
    lost = replace(say("town-11", BACK - timedelta(days=30_000), "blue", "blue", number=53), places=())
    more = [*claims, lost]
    new = extend_record(record_of(theatre, claims, version), claims, more, LAST)
    assert new is not None
    assert_same(new, record_of(theatre, more, version))
    assert [r.item for r in new.rejections if r.item == lost.id] == [lost.id]


@pytest.mark.parametrize("why", ["new place", "copy", "copied", "later", "side", "nothing"])
def test_what_reaches_further_is_worked_out_anew(theatre, claims, version, why) -> None:
    old = record_of(theatre, claims, version)
    plain = say("town-11", DAY, "blue", "blue", number=50)
    copy = replace(claims[0], id="sha256:" + "0" * 64, echo_of=plain.id)
    beyond = ClaimPlace("hamlet", "Hamlet", lon=30.6, lat=50.07, radius_m=500.0)
    more = {
        "new place": [replace(plain, places=(beyond,))],
        "copy": [replace(plain, echo_of=claims[0].id)],
        "copied": [plain, copy],
        "later": [plain],
        "side": [replace(plain, attribution=(replace(claims[0].speaker, side="red"),))],
        "nothing": [],
    }[why]
    base = (
        [replace(c, attribution=(replace(c.speaker, side=None),)) for c in claims]
        if why == "side"
        else claims
    )
    base_record = record_of(theatre, base, version) if why == "side" else old
    last = LAST + timedelta(days=1) if why == "later" else LAST
    assert extend_record(base_record, base, [*base, *more], last) is None


def test_a_record_that_learned_its_sources_is_not_extended(theatre, claims) -> None:
    learned = compute_record(theatre, claims)
    more = [*claims, say("town-11", date(2024, 6, 27), "blue", "blue", number=50)]
    assert extend_record(learned, claims, more, LAST) is None
