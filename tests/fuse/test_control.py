"""What the record promises whatever the numbers: limits, copies, bad input, silence."""

from __future__ import annotations

from dataclasses import replace
from datetime import UTC, date, datetime, timedelta

import numpy as np
import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from whoholds.fuse.control import ControlArray, fuse_claims
from whoholds.fuse.places import PlaceRow, fuse_places
from whoholds.fuse.sources import default_parameters
from whoholds.fuse.units import units_of_points
from whoholds.model import Event, Interval, MapClass, Polarity, Source, Stance

PARTIES = ("blue", "red")
FIRST, LAST = date(2024, 5, 1), date(2024, 7, 29)
DAY = date(2024, 6, 10)
FROZEN = default_parameters(PARTIES)


def fuse(claims, *, n: int = 5, holder: int = 0, **more) -> ControlArray:
    """Five places in a row, held by blue, with sources at their priors."""
    ids = [f"p{i}" for i in range(n)]
    units = units_of_points(
        ids,
        ids,
        np.linspace(30, 30.4, n),
        np.full(n, 50.0),
        np.full(n, holder, dtype=np.int16),
        date(2024, 4, 30),
    )
    return fuse_claims(claims, units, PARTIES, (FIRST, LAST), parameters=FROZEN, **more)


def p_red(record: ControlArray, on: date, place: int = 2) -> float:
    return float(record.probabilities[place, (on - record.first_on).days, 1])


# --- what claims say ----------------------------------------------------------------------------------


@pytest.mark.parametrize(
    ("event", "actor", "stance", "polarity", "expected"),
    [
        (Event.CONTROL_GAINED, "red", Stance.CLAIMED, Polarity.POSITIVE, "up"),
        (Event.CONTROL_HELD, "red", Stance.ASSERTED, Polarity.POSITIVE, "up"),
        (Event.CONTROL_LOST, "blue", Stance.ASSERTED, Polarity.POSITIVE, "up"),
        (Event.WITHDRAWAL, "blue", Stance.CONFIRMED, Polarity.POSITIVE, "up"),
        (Event.ENTERED, "red", Stance.CONFIRMED, Polarity.POSITIVE, "fought over"),
        (Event.CONTESTED, None, Stance.ASSERTED, Polarity.POSITIVE, "fought over"),
        (Event.CLASH, "red", Stance.CLAIMED, Polarity.POSITIVE, "fought over"),
        (Event.ADVANCE, "red", Stance.CLAIMED, Polarity.POSITIVE, "fought over"),
        (Event.STRIKE, "blue", Stance.ASSERTED, Polarity.POSITIVE, "up"),
        (Event.CONTROL_LOST, "blue", Stance.DENIED, Polarity.NEGATIVE, "up"),
        (Event.CONTROL_HELD, "red", Stance.DENIED, Polarity.POSITIVE, "not up"),
        (Event.CONTROL_GAINED, "red", Stance.DENIED, Polarity.POSITIVE, "not up"),
        (Event.CONTROL_HELD, "red", Stance.ASSERTED, Polarity.NEGATIVE, "not up"),
        (Event.CONTROL_HELD, "blue", Stance.ASSERTED, Polarity.POSITIVE, "not up"),
        (Event.CONTROL_GAINED, "red", Stance.PREDICTED, Polarity.POSITIVE, "same"),
        (Event.CONTROL_GAINED, "red", Stance.ORDERED, Polarity.POSITIVE, "same"),
        (Event.CONTROL_GAINED, "red", Stance.INTENDED, Polarity.POSITIVE, "same"),
        (Event.CONTROL_GAINED, "red", Stance.CONSIDERED, Polarity.POSITIVE, "same"),
        (Event.CONTROL_GAINED, "red", Stance.PROPOSED, Polarity.POSITIVE, "same"),
        (Event.CONTROL_GAINED, "red", Stance.NO_COMMENT, Polarity.POSITIVE, "same"),
        (Event.CASUALTIES, "red", Stance.ASSERTED, Polarity.POSITIVE, "same"),
        (Event.VISIT, "red", Stance.ASSERTED, Polarity.POSITIVE, "same"),
        (Event.AREA_TOTAL, "red", Stance.ASSERTED, Polarity.POSITIVE, "same"),
        (Event.STATEMENT, "red", Stance.CLAIMED, Polarity.POSITIVE, "same"),
    ],
)
def test_words_move_the_record_as_they_should(make_claim, event, actor, stance, polarity, expected) -> None:
    state = 2 if expected == "fought over" else 1
    day = (DAY - FIRST).days
    claim = make_claim("p2", DAY, event, actor, stance=stance, polarity=polarity)
    before, after = (float(fuse(c).probabilities[2, day, state]) for c in ([], [claim]))
    if expected in ("up", "fought over"):
        assert after > 1.1 * before
    elif expected == "same":
        assert after == before
    else:
        # Where somebody speaks, all of it may be wrong: that alone leaves a shade more to either side.
        assert after <= before + 1e-3


def test_a_hedge_counts_for_less(make_claim) -> None:
    said = p_red(fuse([make_claim("p2", DAY, Event.CONTROL_HELD, "red")]), DAY)
    hedged = p_red(fuse([make_claim("p2", DAY, Event.CONTROL_HELD, "red", stance=Stance.SUGGESTED)]), DAY)
    assert p_red(fuse([]), DAY) < hedged < said


def test_granting_a_loss_counts_for_more_than_a_boast(make_claim) -> None:
    held = Event.CONTROL_HELD
    boast = p_red(fuse([make_claim("p2", DAY, held, "red", side="red")]), DAY)
    granted = p_red(fuse([make_claim("p2", DAY, held, "red", side="blue")]), DAY)
    assert granted > boast


def test_what_is_said_to_be_taken_was_not_held_before(make_claim) -> None:
    taken = fuse([make_claim("p2", DAY, Event.CONTROL_GAINED, "blue", side="blue")])
    assert p_red(taken, DAY - timedelta(days=4)) > 2 * p_red(fuse([]), DAY - timedelta(days=4))


def test_a_claim_about_a_region_says_nothing_of_its_towns(make_claim) -> None:
    claim = make_claim("p2", DAY, Event.CONTROL_HELD, "red")
    wide = replace(claim, places=(replace(claim.places[0], kind="admin"),))
    assert np.array_equal(fuse([wide]).probabilities, fuse([]).probabilities)
    wide = replace(claim, places=(replace(claim.places[0], radius_m=40_000.0),))
    assert np.array_equal(fuse([wide]).probabilities, fuse([]).probabilities)


# --- limits -------------------------------------------------------------------------------------------


def test_one_source_however_loud_stays_under_its_limit(make_claim) -> None:
    """10,000 statements in a minute by one speaker move the record no more than its first few."""
    minute = datetime(2024, 6, 10, 12, 0, tzinfo=UTC)
    shouted = [
        make_claim("p2", DAY, Event.CONTROL_HELD, "red", side="red", number=i, reported_at=minute)
        for i in range(10_000)
    ]
    loud, once = fuse(shouted), fuse(shouted[:1])
    assert p_red(loud, DAY) == pytest.approx(p_red(once, DAY), abs=1e-6)
    doubt = FROZEN.doubt[1]
    daily = [
        make_claim("p2", FIRST + timedelta(days=i), Event.CONTROL_HELD, "red", number=i) for i in range(90)
    ]
    assert fuse(daily).probabilities[2, :, 1].max() <= 1 - doubt * 0.5


def test_a_map_that_repeats_itself_stays_under_its_limit(make_claim) -> None:
    views = [make_claim("p2", FIRST + timedelta(days=i), role="map", number=i) for i in range(90)]
    record = fuse(views)
    assert record.probabilities[2, :, 1].max() < 1 - FROZEN.doubt[1] * 0.5
    assert record.status()[2, -1] == 1


def test_a_side_in_chorus_counts_for_less_than_its_voices(make_claim) -> None:
    def chorus(n: int) -> float:
        voices = [
            make_claim("p2", DAY, Event.CONTROL_HELD, "red", side="red", speaker=f"r{i}") for i in range(n)
        ]
        return p_red(fuse(voices), DAY)

    assert chorus(2) > chorus(1)
    assert chorus(40) - chorus(8) < 0.01


@given(copies=st.integers(1, 12))
@settings(max_examples=6, deadline=None, suppress_health_check=[HealthCheck.function_scoped_fixture])
def test_copies_count_once(make_claim, copies) -> None:
    original = make_claim("p2", DAY, Event.CONTROL_GAINED, "red", side="red", number=0)
    reprints = [
        replace(
            make_claim("p2", DAY, Event.CONTROL_GAINED, "red", speaker=f"outlet {i}", number=i),
            echo_of=original.id,
            reported_at=DAY + timedelta(days=1),
        )
        for i in range(copies)
    ]
    alone, printed = fuse([original]), fuse([*reprints, original])
    assert np.array_equal(alone.probabilities, printed.probabilities)
    assert np.array_equal(alone.n_claims, printed.n_claims)


def test_copies_of_an_original_that_is_not_here_count_once(make_claim) -> None:
    reprints = [
        replace(make_claim("p2", DAY, Event.CONTROL_HELD, "red", speaker=f"o{i}"), echo_of="sha256:gone")
        for i in range(9)
    ]
    assert int(fuse(reprints).n_claims[2, -1]) == 1


# --- time ---------------------------------------------------------------------------------------------


def test_certainty_fades_without_news_and_faster_at_the_front(make_claim) -> None:
    claims = [make_claim("p2", FIRST, Event.CONTROL_HELD, "red", speaker=f"s{i}") for i in range(4)]
    alone = fuse(claims).probabilities[2, :, 1]
    assert alone[0] > alone[30] > alone[80]
    everywhere = [
        make_claim(f"p{k}", FIRST, Event.CONTROL_HELD, "red", speaker=f"s{i}")
        for i in range(4)
        for k in range(5)
    ]
    rear = fuse(everywhere).probabilities[2, :, 1]
    assert rear[80] > alone[80]


def test_probabilities_are_probabilities(make_claim) -> None:
    claims = [
        make_claim(f"p{i}", FIRST + timedelta(days=9 * i), Event.CONTROL_GAINED, "red", side="red")
        for i in range(5)
    ]
    p = fuse(claims).probabilities
    assert np.isfinite(p).all()
    assert p.min() >= 0
    assert np.abs(p.sum(axis=2) - 1).max() < 1e-5


def test_learning_tells_a_liar_from_an_honest_source(make_claim) -> None:
    places = [
        PlaceRow(f"t{i}", f"T{i}", 30 + 0.3 * (i % 10), 48 + 0.3 * (i // 10), "blue") for i in range(60)
    ]
    claims = []
    for i in range(60):
        day = FIRST + timedelta(days=i)
        for name in ("a", "b", "c", "d"):
            claims.append(make_claim(f"t{i}", day, Event.CONTROL_HELD, "blue", speaker=name))
        claims.append(make_claim(f"t{i}", day, Event.CONTROL_HELD, "red", speaker="liar"))
    learned = fuse_places(claims, places).parameters
    worth = dict(zip(learned.sources, learned.reliability[:, 2], strict=True))
    assert worth["liar"] < min(worth[name] for name in "abcd") - 0.1


# --- bad input ----------------------------------------------------------------------------------------


def codes(record: ControlArray) -> list[str]:
    return sorted(r.code for r in record.rejections)


def test_bad_claims_are_named_and_the_rest_stands(make_claim) -> None:
    good = make_claim("p2", DAY, Event.CONTROL_HELD, "red")
    bad = [
        make_claim("elsewhere", DAY),
        make_claim("p2", date(1915, 5, 1)),
        make_claim("p2", DAY, number=1, reported_at=date(1915, 5, 1)),
        make_claim("p2", DAY + timedelta(days=40), number=2, reported_at=DAY),
        make_claim("p2", DAY, actor="green", number=3),
        replace(make_claim("p2", DAY, number=4), reported_at=None, holds=Interval()),
    ]
    record = fuse([good, *bad])
    assert codes(record) == [
        "date_in_future",
        "date_out_of_range",
        "date_out_of_range",
        "no_date",
        "place_not_here",
        "unknown_party",
    ]
    assert {r.item for r in record.rejections} == {c.id for c in bad}
    assert all(r.stage == "fuse" and r.message for r in record.rejections)
    assert np.array_equal(record.probabilities, fuse([good]).probabilities)


def test_one_id_with_two_contents_is_trusted_for_neither(make_claim) -> None:
    good = make_claim("p1", DAY)
    a = make_claim("p2", DAY, Event.CONTROL_HELD, "red")
    b = replace(a, actor="blue")
    for order in ([good, a, b], [b, good, a]):
        record = fuse(order)
        assert codes(record) == ["id_clash"]
        assert np.array_equal(record.probabilities, fuse([good]).probabilities)


def test_one_id_imported_twice_counts_once(make_claim) -> None:
    a = make_claim("p2", DAY, Event.CONTROL_HELD, "red")
    b = replace(a, recorded_at=datetime(2024, 7, 1, tzinfo=UTC))
    record = fuse([a, b])
    assert record.rejections == ()
    assert int(record.n_claims[2, -1]) == 1


def test_the_desk_clock_asks_when_it_was_recorded(make_claim) -> None:
    late = replace(
        make_claim("p2", DAY, Event.CONTROL_HELD, "red"), recorded_at=datetime(2024, 7, 20, tzinfo=UTC)
    )
    known = datetime(2024, 6, 30, tzinfo=UTC)
    assert int(fuse([late], as_known_on=known).n_claims[2, -1]) == 1
    assert int(fuse([late], as_known_on=known, clock="desk").n_claims[2, -1]) == 0


def test_a_speaker_is_known_by_its_registry_id(make_claim) -> None:
    claims = [
        replace(
            make_claim("p2", DAY, Event.CONTROL_HELD, "red", number=i),
            attribution=(Source(name, "registry:1", None, "independent"),),
        )
        for i, name in enumerate(("The Observer", "Observer (live)"))
    ]
    assert p_red(fuse(claims), DAY) == pytest.approx(p_red(fuse(claims[:1]), DAY), abs=1e-6)


def ring(*points: list[float]) -> dict[str, object]:
    return {"type": "Polygon", "coordinates": [[*points, points[0]]]}


def square(west: float, east: float) -> dict[str, object]:
    return ring([west, 49.9], [east, 49.9], [east, 50.1], [west, 50.1])


def test_a_map_speaks_for_all_that_it_covers(make_claim) -> None:
    drawn = replace(
        make_claim("", DAY, role="map"), places=(), geometry=square(29.9, 30.15), map_class=MapClass.HELD
    )
    record = fuse([drawn])
    assert record.rejections == ()
    assert p_red(record, DAY, 0) > 3 * p_red(fuse([]), DAY, 0)
    assert p_red(record, DAY, 0) > 0.2 > p_red(record, DAY, 4)
    assert record.n_claims[:, -1].tolist() == [1, 1, 0, 0, 0]


@pytest.mark.parametrize(
    ("geometry", "code"),
    [
        (
            {"type": "Polygon", "coordinates": [[[30, 50], [31, 51], [31, 50], [30, 51], [30, 50]]]},
            "bad_geometry",
        ),
        (
            {
                "type": "Polygon",
                "coordinates": [[[-180, -90], [180, -90], [180, 90], [-180, 90], [-180, -90]]],
            },
            "geometry_too_large",
        ),
        ({"type": "Point", "coordinates": [30, 50]}, "bad_geometry"),
        ({"type": "Polygon", "coordinates": "here"}, "bad_geometry"),
    ],
)
def test_a_bad_polygon_is_named(make_claim, geometry, code) -> None:
    drawn = replace(make_claim("", DAY, role="map"), places=(), geometry=geometry, map_class=MapClass.HELD)
    record = fuse([drawn])
    assert codes(record) == [code]
    assert np.array_equal(record.probabilities, fuse([]).probabilities)
