"""One more claim gives what a rebuild gives, byte for byte, or asks for a rebuild."""

from __future__ import annotations

from datetime import date, timedelta

import numpy as np
import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from whoholds.fuse.control import fuse_evidence, key_index
from whoholds.fuse.evidence import gather_evidence
from whoholds.fuse.units import units_of_points
from whoholds.fuse.update import update_fusion
from whoholds.model import Event

PARTIES = ("blue", "red")
FIRST, LAST = date(2024, 5, 1), date(2024, 7, 29)
DAYS = (FIRST, LAST)
N = 40
EVENTS = [Event.CONTROL_GAINED, Event.CONTROL_HELD, Event.CONTROL_LOST, Event.CLASH, Event.ENTERED]


@pytest.fixture(scope="module")
def units():
    rng = np.random.default_rng(3)
    ids = [f"p{i:02}" for i in range(N)]
    lon, lat = 30 + rng.random(N) * 0.6, 50 + rng.random(N) * 0.4
    return units_of_points(ids, ids, lon, lat, (lon > 30.3).astype(np.int16), date(2024, 4, 30))


@pytest.fixture
def war(make_claim):
    """Two hundred claims by maps and voices, the last day spoken for by both maps at one place."""
    rng = np.random.default_rng(5)
    claims = []
    for n in range(200):
        on = FIRST + timedelta(int(rng.integers(0, 85)))
        place, who = f"p{rng.integers(0, N):02}", PARTIES[rng.integers(0, 2)]
        if n % 3:
            speaker, side = [("staff", "red"), ("brigade", "blue"), ("agency", None)][rng.integers(0, 3)]
            event = EVENTS[rng.integers(0, len(EVENTS))]
            claims.append(make_claim(place, on, event, who, speaker=speaker, side=side, number=n))
        else:
            claims.append(make_claim(place, on, actor=who, speaker=f"map {n % 2}", role="map", number=n))
    return claims + [
        make_claim("p00", LAST, actor="red", speaker=f"map {i}", role="map", number=900 + i) for i in range(2)
    ]


def fuse(claims, units, parameters=None):
    return fuse_evidence(evidence_of(claims, units), units, PARTIES, DAYS, parameters=parameters)


def evidence_of(claims, units, places=None):
    index = {key: i for key, i in key_index(units).items() if places is None or i in places}
    return gather_evidence(claims, PARTIES, index)


def update(fusion, units, claims, place):
    here = [c for c in claims if c.places[0].place_id == f"p{place:02}"]
    return update_fusion(fusion, units, evidence_of(here, units, {place}), np.array([place]))


@given(
    place=st.integers(0, N - 1),
    day=st.integers(0, 80),
    event=st.sampled_from(EVENTS),
    who=st.sampled_from(PARTIES),
    voice=st.sampled_from([("staff", "red", None), ("somebody new", "blue", None), ("map 1", None, "map")]),
)
@settings(max_examples=12, deadline=None, suppress_health_check=[HealthCheck.function_scoped_fixture])
def test_one_more_claim_gives_the_bytes_of_a_rebuild(
    war, units, make_claim, place, day, event, who, voice
) -> None:
    speaker, side, role = voice
    more = make_claim(
        f"p{place:02}",
        FIRST + timedelta(day),
        Event.CONTROL_HELD if role else event,
        who,
        speaker=speaker,
        side=side,
        role=role,
        number=1000,
    )
    version = fuse(war, units).parameters
    updated = update(fuse(war, units, version), units, [*war, more], place)
    rebuilt = fuse([*war, more], units, version)
    assert updated is not None
    assert updated.posterior.tobytes() == rebuilt.posterior.tobytes()
    assert updated.doubt.tobytes() == rebuilt.doubt.tobytes()
    for name in ("posterior", "pull", "ease", "follow", "unrest"):
        assert getattr(updated.step, name).tobytes() == getattr(rebuilt.step, name).tobytes()
    assert sorted(updated.grid.evidence.claim_ids) == list(rebuilt.grid.evidence.claim_ids)


def test_claim_after_claim_and_one_taken_back(war, units, make_claim) -> None:
    version = fuse(war, units).parameters
    fusion, claims = fuse(war, units, version), list(war)
    for n, place in enumerate((3, 17, 3, 30)):
        claims.append(make_claim(f"p{place:02}", FIRST + timedelta(20 + n), actor="red", number=2000 + n))
        fusion = update(fusion, units, claims, place)
        assert fusion is not None
    gone = claims.pop(-4)
    fusion = update(fusion, units, claims, 3)
    assert fusion is not None
    assert gone.id not in {c.id for c in claims}
    assert fusion.posterior.tobytes() == fuse(claims, units, version).posterior.tobytes()


def test_a_rebuild_is_asked_for_where_more_than_the_neighbourhood_changes(war, units, make_claim) -> None:
    learned = fuse(war, units)
    frozen = fuse(war, units, learned.parameters)
    plain = make_claim("p05", FIRST + timedelta(9), actor="red", number=3000)
    assert update(learned, units, [*war, plain], 5) is None, "parameters learned in the run"
    late = make_claim("p05", LAST + timedelta(9), actor="red", number=3001)
    assert update(frozen, units, [*war, late], 5) is None, "days that the run does not have"
    fewer = [c for c in war if c.places[0].place_id != "p00"]
    short = fuse(fewer, units, learned.parameters)
    heard = make_claim("p05", LAST, actor="red", speaker="map 1", role="map", number=3002)
    assert update(short, units, [*fewer, heard], 5) is None, "a map heard later than before"
