"""The simulation: the same seed gives the same war, sources keep their habits, and the studies run."""

from __future__ import annotations

import csv
import json
from collections import Counter
from dataclasses import replace
from pathlib import Path

import numpy as np
import pytest
from benchmarks.simulate.__main__ import main
from benchmarks.simulate.runs import measure_areas, record_places, score_war
from benchmarks.simulate.studies import study_coverage, study_degradation, study_recovery
from benchmarks.simulate.voices import Cast, Map, Voice, draw_cast, find_changes, speak, usual_cast
from benchmarks.simulate.world import BLUE, CONTESTED, PARTIES, RED, Size, World, draw_world

from whoholds.model import Event
from whoholds.model.contract import claim_from_json

SMALL = Size(40, 60)
CLEAR = (0.0, 0.0)


@pytest.fixture(scope="module")
def world() -> World:
    return draw_world(3, SMALL, fog=CLEAR)


def test_the_same_seed_draws_the_same_war_and_words(world: World) -> None:
    again = draw_world(3, SMALL, fog=CLEAR)
    assert np.array_equal(world.state, again.state)
    first, _ = speak(world, usual_cast(), 3)
    second, _ = speak(again, usual_cast(), 3)
    assert first == second
    assert not np.array_equal(world.state, draw_world(4, SMALL).state)


def test_a_war_begins_at_the_border_and_moves(world: World) -> None:
    assert (world.state[:, 0] == np.where(world.x < 0, BLUE, RED)).all()
    changes = find_changes(world.state)
    assert changes
    assert {c.holder for c in changes} <= {BLUE, RED}
    assert all(c.holder != c.loser for c in changes)
    assert CONTESTED in world.state


def test_without_fog_the_picture_is_the_truth_and_with_it_not(world: World) -> None:
    assert np.array_equal(world.picture, world.state)
    assert not np.array_equal(draw_world(3, SMALL, fog=(3.0, 5.0)).picture, world.state)


def test_sources_keep_their_habits() -> None:
    world = draw_world(3, Size(120, 150), fog=CLEAR)
    cast = Cast((Voice("staff", BLUE, own=0.5, chatter=3.0), Voice("quiet", None, silent_from=0.2)), ())
    claims, told = speak(world, cast, 3)
    share = told.share("staff", 0)
    assert share is not None
    assert abs(share - 0.5) < 0.1
    assert told.share("nobody", 0) is None
    limit = world.day(int(world.n_days * 0.2))
    own = [c for c in claims if c.attribution[-1].name == "quiet"]
    assert own
    assert all(c.reported_at < limit for c in own)
    prints = Counter(c.attribution[-1].role for c in claims)
    assert prints["publisher"] > 0
    marked = [c for c in claims if c.echo_of is not None]
    assert {c.echo_of for c in marked} <= {c.id for c in claims}


def test_a_perfect_map_shows_the_truth_and_says_it_again(world: World) -> None:
    cast = Cast((), (Map("atlas", prompt=1.0, mends=1.0, errs=0.0, restates=20),))
    claims, _ = speak(world, cast, 3)
    at = {i: n for n, i in enumerate(world.ids)}
    for claim in claims:
        day = (claim.reported_at - world.day(0)).days
        state = world.state[at[claim.places[0].place_id], day]
        shown = CONTESTED if claim.event is Event.CONTESTED else PARTIES.index(claim.actor_id)
        assert shown == state
    assert len(claims) >= world.n_places * world.n_days / 20


def test_claims_are_distinct_and_survive_the_contract(world: World, tmp_path: Path) -> None:
    main(["write", "--seed", "3", "--places", "40", "--days", "60", "--out", str(tmp_path)])
    lines = (tmp_path / "claims.jsonl").read_text("utf-8").splitlines()
    found = [claim_from_json(json.loads(line)) for line in lines]
    assert len({c.id for c in found}) == len(found) > 100
    with (tmp_path / "truth.csv").open(newline="") as file:
        rows = list(csv.DictReader(file))
    assert {r["status"] for r in rows} <= {*PARTIES, "contested"}


def test_good_sources_make_a_good_record(world: World) -> None:
    """A map that is never wrong: nearly every place and day comes out right."""
    claims, _ = speak(world, Cast((), (Map("atlas", 1.0, 1.0, 0.0, 10),)), 3)
    record = record_places(claims, world)
    assert record.rejections == ()
    assert (record.status() == world.state).mean() > 0.98
    near, every = score_war(world, claims)["record"]
    assert every.figures()["accuracy"] > near.figures()["accuracy"] > 0.8


def test_a_voice_that_lies_is_trusted_less_than_one_that_does_not() -> None:
    """The direction of learning; its size is what the benchmark measures."""
    world = draw_world(1, Size(80, 100), fog=CLEAR)
    usual = usual_cast()
    learned = []
    for own in (0.1, 0.98):
        voices = tuple(replace(v, own=own, chatter=2.0) if v.side == RED else v for v in usual.voices)
        p = record_places(speak(world, replace(usual, voices=voices), 1)[0], world).parameters
        learned.append(p.reliability[p.sources.index("red-ministry"), 0])
    assert learned[0] < learned[1]


def test_areas_are_measured_on_two_days() -> None:
    cases = measure_areas(3, SMALL)
    assert {c.is_now for c in cases} == {True, False}
    for case in cases:
        assert 0 <= case.low <= case.km2 <= case.high
        assert max(case.true_km2, case.km2) >= 5
        assert case.is_covered == (case.low <= case.true_km2 <= case.high)


def test_studies_give_tables_of_even_rows() -> None:
    coverage, cases = study_coverage([3], SMALL)
    words, maps, sweep = study_recovery([3], SMALL)
    for table in (coverage, words, maps, sweep):
        assert len(table) > 1
        assert {len(row) for row in table} == {len(table[0])}
    assert int(coverage[1][1]) == len(cases)
    assert [row[0] for row in maps[1:]].count("mapper") == 2


def test_silence_and_copies_are_among_the_settings() -> None:
    table = study_degradation([3], Size(20, 30))
    assert {len(row) for row in table} == {7}
    said = " ".join(row[0] for row in table)
    for word in ("knowledge", "copy", "silent", "reprints"):
        assert word in said


def test_casts_differ_and_a_copy_follows_its_original() -> None:
    casts = [draw_cast(seed) for seed in range(12)]
    assert {bool(c.maps) for c in casts} == {True, False}
    for cast in casts:
        names = [m.name for m in cast.maps]
        for drawn in cast.maps:
            assert drawn.copies is None or drawn.copies in names[: names.index(drawn.name)]
