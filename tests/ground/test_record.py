"""The record on the ground: cells, areas, lines, for a small made-up war on both sides of a border."""

from __future__ import annotations

import json
from dataclasses import replace
from datetime import UTC, date, datetime
from pathlib import Path

import h3
import numpy as np
import pytest
import shapely
from shapely.geometry import shape

from whoholds.errors import InputError, NotFoundError
from whoholds.ground.record import GroundRecord, compute_record
from whoholds.model import Claim, ClaimPlace, Event, Interval, Polarity, Source, Stance, content_id
from whoholds.theatre import Theatre, load_theatre

BORDER = 30.5
TAKEN, BACK, LAST = date(2024, 5, 10), date(2024, 6, 20), date(2024, 7, 9)
TOWNS = {f"town-{i}{j}": (30.55 + 0.06 * i, 50.0 + 0.05 * j) for i in range(3) for j in range(3)}


@pytest.fixture(scope="module")
def theatre(tmp_path_factory: pytest.TempPathFactory) -> Theatre:
    folder: Path = tmp_path_factory.mktemp("war")
    (folder / "theatre.toml").write_text(
        """
id = "small-war"
name = "A small war"
resolution = 8
first_day = 2024-05-01
last_day = 2024-07-09
parties = [{ id = "red", name = "Red", names = ["Redlanders"] }, { id = "blue", name = "Blue" }]
[area]
bbox = [30.0, 49.7, 31.2, 50.4]
[start]
on = 2024-05-01
file = "start.geojson"
"""
    )
    box = {"blue": shapely.box(29, 49, BORDER, 51), "red": shapely.box(BORDER, 49, 32, 51)}
    features = [
        {"type": "Feature", "properties": {"party": p}, "geometry": json.loads(shapely.to_geojson(g))}
        for p, g in box.items()
    ]
    (folder / "start.geojson").write_text(json.dumps({"type": "FeatureCollection", "features": features}))
    return load_theatre(folder)


def say(town: str, on: date, actor: str, side: str, *, number: int = 0, **more: object) -> Claim:
    lon, lat = TOWNS[town]
    claim = Claim(
        id=content_id("test/1", town, on.isoformat(), actor, side, number),
        report_id=f"r{number}",
        quote=None,
        attribution=(Source(f"{side} {number}", side=side),),
        stance=Stance.CLAIMED,
        polarity=Polarity.POSITIVE,
        event=Event.CONTROL_GAINED,
        actor=actor,
        places=(ClaimPlace(town, town, lon=lon, lat=lat, radius_m=1500.0),),
        holds=Interval.of_day(on),
        reported_at=on,
    )
    return replace(claim, **more)  # type: ignore[arg-type]


@pytest.fixture(scope="module")
def claims() -> list[Claim]:
    """Blue crosses the border and takes all nine towns; red takes the six in the east back."""
    taken = [say(t, TAKEN, "blue", side, number=n) for t in TOWNS for n, side in enumerate(("blue", "red"))]
    back = [
        say(t, BACK, "red", side, number=n)
        for t in TOWNS
        if not t.startswith("town-0")
        for n, side in enumerate(("red", "blue"))
    ]
    return taken + back


@pytest.fixture(scope="module")
def record(theatre: Theatre, claims: list[Claim]) -> GroundRecord:
    return compute_record(theatre, claims)


def test_cells_are_those_that_claims_reach(record: GroundRecord) -> None:
    assert list(record.cells) == sorted(record.cells)
    assert all(h3.get_resolution(c) == 8 for c in record.cells)
    near = h3.latlng_to_cell(50.05, 30.6, 8)
    far = h3.latlng_to_cell(50.35, 30.05, 8)
    assert near in record.cells
    assert far not in record.cells


def test_probabilities_sum_to_one_on_every_day(record: GroundRecord) -> None:
    for day in record.days:
        p = record.probabilities(day)
        assert p.shape == (len(record.cells), 3)
        assert np.abs(p.sum(axis=1) - 1).max() < 1e-4
        assert p.min() >= 0


def test_the_ground_follows_the_towns(record: GroundRecord) -> None:
    west, east = TOWNS["town-01"], TOWNS["town-21"]
    assert record.state_at(*west, 1500, date(2024, 5, 2)).status == "red"
    assert record.state_at(*west, 1500, date(2024, 5, 20)).status == "blue"
    assert record.state_at(*west, 1500, LAST).status == "blue"
    assert record.state_at(*east, 1500, date(2024, 5, 20)).status == "blue"
    assert record.state_at(*east, 1500, LAST).status == "red"
    assert record.place_state("town-21", LAST).status == "red"
    changes = [s.status for s in record.place_history("town-21")]
    assert changes[0] == "red"
    assert changes[-1] == "red"
    assert "blue" in changes


def test_a_front_beyond_a_border_does_not_bend_it(record: GroundRecord) -> None:
    """Blue ground on its own side of the border stays blue, though red holds towns across it."""
    home = np.flatnonzero(record.initial == 1)
    assert len(home) > 10
    assert (record.probabilities(LAST)[home, 1] > 0.99).all()


def test_area_counts_ground_taken_from_others(record: GroundRecord) -> None:
    before, held, after = (record.area(d) for d in (date(2024, 5, 1), date(2024, 6, 1), LAST))
    assert before["blue"].km2 < 0.2 * held["blue"].km2
    assert after["blue"].km2 < held["blue"].km2
    assert held["red"].km2 < 1
    for estimate in held.values():
        assert 0 <= estimate.low <= estimate.km2 <= estimate.high <= record.cell_km2.sum() + 1
    assert held["blue"].high - held["blue"].low > 0.05 * held["blue"].km2


def test_the_same_claims_in_any_order_give_the_same_record(theatre, claims, record) -> None:
    again = compute_record(theatre, list(reversed(claims)))
    assert again.cells == record.cells
    assert all(np.array_equal(again.probabilities(d), record.probabilities(d)) for d in record.days[::9])
    assert again.area(LAST) == record.area(LAST)


def test_as_known_before_the_counterattack(theatre, claims) -> None:
    known = datetime(2024, 6, 1, tzinfo=UTC)
    early = compute_record(theatre, claims, as_known_on=known)
    only = compute_record(theatre, [c for c in claims if c.reported_at <= known.date()])
    assert np.array_equal(early.probabilities(LAST), only.probabilities(LAST))
    assert early.place_state("town-21", LAST).status != "red"


def test_change_points_rebuild_every_day(record: GroundRecord) -> None:
    rows = list(record.change_points())
    assert {r[0] for r in rows} == set(record.cells)
    first = {}
    for cell, from_on, to_on, status, p, n in rows:
        assert from_on == first.get(cell, record.days[0])
        assert status in (*record.states, "unknown")
        assert sum(p) == pytest.approx(1, abs=1e-4)
        assert n >= 0
        if to_on is not None:
            first[cell] = date.fromordinal(to_on.toordinal() + 1)
        on = to_on or LAST
        i = record.cells.index(cell)
        if int(cell[-8], 16) % 4 == 0:
            assert np.abs(record.probabilities(on)[i] - np.array(p)).max() < 0.06


def test_control_rows_carry_the_outline(record: GroundRecord) -> None:
    row = next(iter(record.control_rows()))
    outline = shapely.from_wkb(row.geometry_wkb)
    assert outline.is_valid
    assert len(outline.exterior.coords) in (6, 7, 8)


def test_shapes_are_valid_and_carry_the_cells_area(record: GroundRecord) -> None:
    drawn = record.polygons(LAST)
    total = sum(f["properties"]["km2"] for f in drawn["features"])
    assert total == pytest.approx(record.cell_km2.sum(), abs=0.5)
    for feature in drawn["features"]:
        assert shape(feature["geometry"]).area > 0
    front = record.front(LAST)["features"]
    assert front
    assert all(len(line) >= 2 for line in front[0]["geometry"]["coordinates"])


def test_contributions_name_the_claims_for_and_against(record: GroundRecord) -> None:
    found = record.contributions("town-21", LAST)
    assert {c.state for c in found} == {"red", "blue"}
    assert all(c.is_for == (c.state == "red") for c in found)
    assert all(c.weight > 0 for c in found)
    until = record.contributions("town-21", date(2024, 6, 1))
    assert {c.state for c in until} == {"blue"}
    assert record.contributions_at(*TOWNS["town-21"], 1500, LAST)[0].claim_id in {c.claim_id for c in found}


def test_what_is_not_there_is_said_plainly(record: GroundRecord) -> None:
    with pytest.raises(InputError, match="2023"):
        record.probabilities(date(2023, 1, 1))
    with pytest.raises(NotFoundError, match="atlantis"):
        record.place_state("atlantis", LAST)
    with pytest.raises(NotFoundError):
        record.state_at(30.01, 50.39, 100, LAST)


def test_claims_that_cannot_be_used_leave_the_rest(theatre, claims, record) -> None:
    stray = say("town-11", TAKEN, "blue", "blue", number=7)
    bad = [
        replace(stray, id="sha256:1", places=(ClaimPlace("paris", "Paris", lon=2.3, lat=48.9),)),
        replace(stray, id="sha256:2", actor="Atlantis"),
        replace(stray, id="sha256:3", places=(replace(stray.places[0], kind="admin"),)),
        replace(stray, id="sha256:4", holds=Interval.of_day(date(1915, 5, 1))),
    ]
    mixed = compute_record(theatre, claims + bad)
    assert sorted(r.code for r in mixed.rejections) == [
        "date_out_of_range",
        "place_not_here",
        "unknown_party",
    ]
    assert np.array_equal(mixed.probabilities(LAST), record.probabilities(LAST))


def test_a_theatre_without_claims_has_no_cells(theatre: Theatre) -> None:
    empty = compute_record(theatre, [])
    assert empty.cells == ()
    assert all(a.km2 == 0 for a in empty.area(LAST).values())
    assert list(empty.change_points()) == []


def test_cutting_corners_keeps_ends_and_closure() -> None:
    from whoholds.ground.shapes import cut_corners

    line = [(0.0, 0.0), (1.0, 0.0), (1.0, 1.0)]
    cut = cut_corners(line, is_closed=False)
    assert (cut[0], cut[-1]) == (line[0], line[-1])
    ring = cut_corners([*line, line[0]], is_closed=True)
    assert ring[0] == ring[-1]
