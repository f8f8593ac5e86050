"""One war through the real fusion: a world and a cast in, the record beside the truth out."""

from __future__ import annotations

import json
import tempfile
from collections.abc import Sequence
from dataclasses import dataclass
from functools import cache
from pathlib import Path

import numpy as np
from benchmarks.simulate.voices import Cast, Told, draw_cast, speak
from benchmarks.simulate.world import (
    BLUE,
    EAST,
    FIRST_ON,
    NORTH,
    PARTIES,
    RED,
    SOUTH,
    USUAL,
    WEST,
    Size,
    World,
    draw_world,
    to_degrees,
)
from evals.control.baselines import BASELINES, votes_of
from evals.control.grids import Prediction, Truth, squares_of
from evals.control.scores import Scored, score
from numpy.typing import NDArray

from whoholds.fuse.control import ControlArray
from whoholds.fuse.places import PlaceRow, fuse_places
from whoholds.ground.record import GroundRecord, compute_record
from whoholds.model import CONTESTED, Claim
from whoholds.theatre import Theatre, load_theatre

__all__ = [
    "AreaCase",
    "hear",
    "measure_areas",
    "pool",
    "record_ground",
    "record_places",
    "score_war",
    "simulated_theatre",
]

LEAST_KM2 = 5.0
"""An area counts as a case where the truth or the record has at least this much."""


@dataclass(frozen=True, slots=True)
class AreaCase:
    """One area on one day: what was so, what the record says.

    Attributes:
        seed: Of the war.
        day: Index of the day.
        is_now: Whether the record ends on that day; else it looks back.
        state: Party or `contested`.
        true_km2: The truth, over the whole plane.
        km2: The record's expected area.
        low: Lower end of its 80 % interval.
        high: Upper end.
        has_maps: Whether any map speaks.
    """

    seed: int
    day: int
    is_now: bool
    state: str
    true_km2: float
    km2: float
    low: float
    high: float
    has_maps: bool

    @property
    def is_covered(self) -> bool:
        """Whether the interval holds the truth."""
        return self.low <= self.true_km2 <= self.high


@cache
def simulated_theatre(resolution: int = 8) -> Theatre:
    """The theatre of all drawn wars: two parties, a border at x = 0."""
    folder = Path(tempfile.mkdtemp(prefix="whoholds-simulated-"))
    corners = np.array([[WEST, SOUTH], [0, SOUTH], [EAST, NORTH]])
    lon, lat = to_degrees(corners[:, 0], corners[:, 1])
    west, border, east, south, north = lon[0], lon[1], lon[2], lat[0], lat[2]
    (folder / "theatre.toml").write_text(
        f"""
id = "simulated"
name = "A simulated war"
resolution = {resolution}
first_day = {FIRST_ON.isoformat()}
parties = [{{ id = "blue", name = "Blue" }}, {{ id = "red", name = "Red" }}]
[area]
bbox = [{west}, {south}, {east}, {north}]
[start]
on = {FIRST_ON.isoformat()}
file = "start.geojson"
"""
    )

    def box(party: str, a: float, b: float) -> dict[str, object]:
        ring = [[a, south], [b, south], [b, north], [a, north], [a, south]]
        geometry = {"type": "Polygon", "coordinates": [ring]}
        return {"type": "Feature", "properties": {"party": party}, "geometry": geometry}

    features = [box("blue", west, border), box("red", border, east)]
    (folder / "start.geojson").write_text(json.dumps({"type": "FeatureCollection", "features": features}))
    return load_theatre(folder)


def hear(claims: Sequence[Claim], world: World, last: int) -> list[Claim]:
    """What was said up to a day."""
    on = world.day(last)
    return [c for c in claims if c.reported_at is not None and c.reported_at <= on]


def record_ground(claims: Sequence[Claim], world: World, last: int) -> GroundRecord:
    """The record on the ground as it was known on a day."""
    return compute_record(simulated_theatre(), hear(claims, world, last), last_day=world.day(last))


def place_rows(world: World) -> list[PlaceRow]:
    """The places with their first holders, as a table of places has them."""
    lon, lat = to_degrees(world.x, world.y)
    return [
        PlaceRow(i, i.title(), float(a), float(b), PARTIES[int(s)], FIRST_ON, float(r))
        for i, a, b, s, r in zip(world.ids, lon, lat, world.state[:, 0], world.radius_m, strict=True)
        if s < len(PARTIES)
    ]


def record_places(claims: Sequence[Claim], world: World) -> ControlArray:
    """The record of the places, looking back from the war's end."""
    return fuse_places(
        hear(claims, world, world.n_days - 1),
        place_rows(world),
        theatre=simulated_theatre(),
        from_on=FIRST_ON,
        to_on=world.day(world.n_days - 1),
    )


# --- areas -----------------------------------------------------------------------------------------------


@cache
def _plane() -> tuple[NDArray[np.float64], NDArray[np.float64], float]:
    """Points on a fine lattice over the plane, and the square kilometres of each."""
    step = 0.5
    x, y = np.meshgrid(np.arange(WEST + step / 2, EAST, step), np.arange(SOUTH + step / 2, NORTH, step))
    return x.ravel(), y.ravel(), step * step


def measure_areas(
    seed: int,
    size: Size = USUAL,
    *,
    fog: tuple[float, float] | None = None,
) -> list[AreaCase]:
    """The areas of one drawn war: on a day in its midst as known then, and on another looking back."""
    world, cast = draw_world(seed, size, fog=fog), draw_cast(seed)
    claims, _ = speak(world, cast, seed)
    span = (size.n_days // 4, size.n_days * 7 // 8)
    now, back = (int(d) for d in np.random.default_rng([seed, 6]).integers(*span, 2))
    found = []
    for day, last in ((now, now), (back, size.n_days - 1)):
        estimates = record_ground(claims, world, last).area(world.day(day))
        true = _true_areas(world, day)
        for k, state in enumerate((*PARTIES, CONTESTED)):
            e = estimates[state]
            if max(true[k], e.km2) >= LEAST_KM2:
                found.append(
                    AreaCase(seed, day, day == last, state, true[k], e.km2, e.low, e.high, bool(cast.maps))
                )
    return found


def _true_areas(world: World, day: int) -> list[float]:
    """Ground not as at the start, by state, and all contested ground, in square kilometres."""
    x, y, km2 = _plane()
    state = world.states_at(x, y, day)
    counts = ((state == BLUE) & (x >= 0), (state == RED) & (x < 0), state == len(PARTIES))
    return [km2 * float(np.count_nonzero(which)) for which in counts]


# --- places ----------------------------------------------------------------------------------------------


def truth_of(world: World) -> Truth:
    """The truth of the places as the scores take it."""
    kept = [r.place_id for r in place_rows(world)]
    index = {i: n for n, i in enumerate(world.ids)}
    return Truth(
        tuple(kept), FIRST_ON, (*PARTIES, CONTESTED), world.state[[index[i] for i in kept]].astype(np.int8)
    )


def score_war(world: World, claims: Sequence[Claim]) -> dict[str, tuple[Scored, Scored]]:
    """The record and the baselines against the truth of one war: near its flips, and everywhere."""
    truth, rows = truth_of(world), place_rows(world)
    record = record_places(claims, world)
    assert record.ids == truth.places
    predictions = {"record": Prediction(record.status(), record.probabilities)}
    holders = {r.place_id: r.initial_holder for r in rows if r.initial_holder}
    votes = votes_of(claims, truth)
    predictions |= {name: method(votes, holders, truth) for name, method in BASELINES.items()}
    squares = squares_of(truth.places, {r.place_id: (r.lon, r.lat) for r in rows})
    return {
        name: (score(truth, p, squares), score(truth, p, squares, near_days=None))
        for name, p in predictions.items()
    }


def pool(scored: Sequence[Scored]) -> Scored:
    """Several wars' scores as one: squares of different wars are different squares."""
    fields = {name: [getattr(s, name) for s in scored] for name in ("days", "right", "loss", "bins", "flips")}
    return Scored(**{name: np.concatenate(parts) for name, parts in fields.items()})


def draw_told(world: World, cast: Cast, seed: int) -> tuple[list[Claim], Told]:
    """What a cast says up to the war's end."""
    claims, told = speak(world, cast, seed)
    return hear(claims, world, world.n_days - 1), told
