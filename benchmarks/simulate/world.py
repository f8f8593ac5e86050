"""A war on a plane: a seed and sizes in, who held each point on each day out.

Two parties, `red` in the east and `blue` in the west, a border between them on the first day. Pushes move the
front in bursts with quiet between; ground roughens it, so that it leaves pockets; raids make islands behind
it; a band along it is contested while it is fought over. The drawing owes nothing to the model that is
tested with it: it knows no rates of change, no neighbours and no cells.
"""

from __future__ import annotations

from dataclasses import dataclass, replace
from datetime import date, timedelta
from typing import NamedTuple

import numpy as np
from numpy.typing import NDArray

__all__ = [
    "BLUE",
    "CONTESTED",
    "FIRST_ON",
    "PARTIES",
    "RED",
    "USUAL",
    "Size",
    "World",
    "draw_world",
    "to_degrees",
]

Floats = NDArray[np.float64]
States = NDArray[np.int8]

PARTIES = ("blue", "red")
BLUE, RED, CONTESTED = 0, 1, 2
FIRST_ON = date(2031, 3, 1)
LON, LAT = 35.0, 50.0
"""Where the plane's origin lies; any place off the poles would do."""
KM_PER_DEGREE = 111.195
WEST, EAST, SOUTH, NORTH = -28.0, 36.0, 0.0, 60.0
"""The plane in kilometres, the border at x = 0."""
DEEPEST_KM = 22.0
"""However many pushes there are, the front stays this near to the border."""
_WAVES = 200
ROUGH_KM, ROUGH_RANGE_KM = 2.5, 5.0
"""Standard deviation of the front's roughness, and the distance over which it changes: hills, rivers."""


class Size(NamedTuple):
    """How much is drawn: places, at least 2 km apart where there is room, and days."""

    n_places: int = 150
    n_days: int = 150


USUAL = Size()


@dataclass(frozen=True, slots=True)
class Push:
    """A party moves the front in one sector: where, when, how wide, how deep (km, eastward positive)."""

    y: float
    width: float
    day: float
    length: float
    depth: float


@dataclass(frozen=True, slots=True)
class Raid:
    """An island of one party's ground: where, how wide, from which day to which."""

    x: float
    y: float
    radius: float
    first: int
    last: int
    holder: int


@dataclass(frozen=True, slots=True)
class Fog:
    """What everybody gets wrong together: the front as it is known, displaced and late.

    Two good maps of one war disagree on a day in five around a change of hands, and have their reports from
    the same few mouths: errors of different sources are not independent, and no drawn war without this says
    anything of a real one.

    Attributes:
        km: Standard deviation of the displacement.
        days: Days by which the picture is behind.
        waves: Of the displacement over x, y (per km) and time (per day), [3, n].
        phase: Of the same, [n].
    """

    km: float
    days: float
    waves: Floats
    phase: Floats


@dataclass(frozen=True)
class World:
    """The truth, and what is known of it.

    Attributes:
        n_days: Days, the first being `FIRST_ON`.
        x: Places' kilometres east of the border, [n_places].
        y: Kilometres north, [n_places].
        radius_m: Their reach, [n_places].
        state: Who holds each place on each day, [n_places, n_days].
        picture: Who is commonly thought to, [n_places, n_days].
    """

    n_days: int
    x: Floats
    y: Floats
    radius_m: Floats
    state: States
    picture: States
    pushes: tuple[Push, ...]
    raids: tuple[Raid, ...]
    waves: Floats
    phase: Floats
    band_km: float
    fog: Fog

    @property
    def n_places(self) -> int:
        """Number of places."""
        return len(self.x)

    @property
    def ids(self) -> list[str]:
        """Places' ids, in the order of the arrays."""
        return [f"place-{i:04d}" for i in range(self.n_places)]

    def day(self, index: int) -> date:
        """The calendar day of an index."""
        return FIRST_ON + timedelta(days=int(index))

    def depth(self, y: Floats, day: float) -> Floats:
        """How far east of the border the front is at each y."""
        total = np.zeros_like(y)
        for push in self.pushes:
            done = np.clip((day - push.day) / push.length, 0, 1)
            total += push.depth * done * np.exp(-(((y - push.y) / push.width) ** 2))
        return DEEPEST_KM * np.tanh(total / DEEPEST_KM)

    def distance(self, x: Floats, y: Floats, day: float) -> tuple[Floats, Floats]:
        """Signed kilometres from the front (blue's side negative); half-width of the contested band."""
        front = self.depth(y, day)
        moved = np.minimum(1, np.abs(front) / 4)
        rough = np.cos(np.outer(x, self.waves[0]) + np.outer(y, self.waves[1]) + self.phase).sum(axis=1)
        rough *= ROUGH_KM * np.sqrt(2 / _WAVES)
        speed = np.abs(self.depth(y, day + 2) - self.depth(y, day - 5)) / 7
        band = self.band_km * moved * (0.5 + np.minimum(1.5, 3 * speed))
        return x - front - rough * moved, band

    def states_at(self, x: Floats, y: Floats, day: float, *, in_fog: bool = False) -> States:
        """Who holds some points on a day, or is commonly thought to, [n_points]."""
        shift: Floats | float = 0.0
        if in_fog:
            fog, seen = self.fog, day
            day = max(0.0, day - fog.days)
            angle = np.outer(x, fog.waves[0]) + np.outer(y, fog.waves[1]) + fog.waves[2] * seen + fog.phase
            shift = fog.km * np.sqrt(2 / _WAVES) * np.cos(angle).sum(axis=1)
            shift *= np.minimum(1, np.abs(self.depth(y, day)) / 4)
        distance, band = self.distance(x, y, day)
        distance = distance + shift
        state = np.where(distance < 0, BLUE, RED).astype(np.int8)
        state[np.abs(distance) < band] = CONTESTED
        for raid in self.raids:
            if raid.first <= day <= raid.last:
                off = np.hypot(x - raid.x, y - raid.y)
                state[off < raid.radius] = raid.holder
                state[(off >= raid.radius) & (off < raid.radius + 0.7) & (state != raid.holder)] = CONTESTED
        return state


def draw_world(
    seed: int,
    size: Size = USUAL,
    *,
    fog: tuple[float, float] | None = None,
) -> World:
    """Draw a war.

    Args:
        seed: Any number; the same gives the same war.
        size: How many places and days.
        fog: What all get wrong together, kilometres and days; drawn where not given.
    """
    rng = np.random.default_rng([seed, 1])
    n_places, n_days = size
    x, y = _scatter(rng, n_places)
    pushes = []
    first = rng.choice([-1, 1])
    # Bursts: a few starting days, several sectors pushed soon after each.
    starts = np.sort(rng.uniform(0.05, 0.85, int(rng.integers(2, 5)))) * n_days
    for number, start in enumerate(starts):
        way = first if number == 0 else rng.choice([-1, 1])
        for _ in range(int(rng.integers(1, 4))):
            pushes.append(
                Push(
                    y=float(rng.uniform(SOUTH + 5, NORTH - 5)),
                    width=float(rng.uniform(6, 16)),
                    day=float(start + rng.exponential(4)),
                    length=float(rng.uniform(2, 25)),
                    depth=float(way * rng.uniform(4, 16)),
                )
            )
    world = World(
        n_days=n_days,
        x=x,
        y=y,
        radius_m=rng.uniform(700, 2500, n_places),
        state=np.zeros((0, 0), np.int8),
        picture=np.zeros((0, 0), np.int8),
        pushes=tuple(pushes),
        raids=(),
        waves=rng.standard_normal((2, _WAVES)) / ROUGH_RANGE_KM,
        phase=rng.uniform(0, 2 * np.pi, _WAVES),
        band_km=float(rng.uniform(0.5, 1.8)),
        fog=_draw_fog(np.random.default_rng([seed, 7]), fog),
    )
    world = replace(world, raids=_draw_raids(rng, world))
    state = np.stack([world.states_at(x, y, day) for day in range(n_days)], axis=1)
    picture = np.stack([world.states_at(x, y, day, in_fog=True) for day in range(n_days)], axis=1)
    return replace(world, state=state, picture=picture)


def _draw_fog(rng: np.random.Generator, given: tuple[float, float] | None) -> Fog:
    km, days = given or (float(rng.uniform(0, 3)), float(rng.uniform(0, 6)))
    per_unit = np.array([[1 / 10], [1 / 10], [1 / 30]])
    return Fog(km, days, rng.standard_normal((3, _WAVES)) * per_unit, rng.uniform(0, 2 * np.pi, _WAVES))


def _scatter(rng: np.random.Generator, n: int) -> tuple[Floats, Floats]:
    """Points no nearer to one another than 2 km (or less, where there is no room)."""
    points: list[tuple[float, float]] = []
    apart = 2.0
    while len(points) < n:
        for _ in range(200 * n):
            point = (float(rng.uniform(WEST, EAST)), float(rng.uniform(SOUTH, NORTH)))
            if all((point[0] - a) ** 2 + (point[1] - b) ** 2 >= apart**2 for a, b in points):
                points.append(point)
            if len(points) == n:
                break
        apart *= 0.8
    return np.array([p[0] for p in points]), np.array([p[1] for p in points])


def _draw_raids(rng: np.random.Generator, world: World) -> tuple[Raid, ...]:
    raids = []
    for _ in range(int(rng.poisson(0.8))):
        first = int(rng.integers(5, world.n_days - 10))
        y = float(rng.uniform(SOUTH + 5, NORTH - 5))
        holder = int(rng.integers(2))
        # Behind the other's line by 4 to 10 km.
        way = 1 if holder == BLUE else -1
        x = float(world.depth(np.array([y]), first)[0] + way * rng.uniform(4, 10))
        raids.append(Raid(x, y, float(rng.uniform(1.5, 3)), first, first + int(rng.integers(4, 30)), holder))
    return tuple(raids)


def to_degrees(x: Floats, y: Floats) -> tuple[Floats, Floats]:
    """Longitudes and latitudes of points of the plane."""
    lat = LAT + y / KM_PER_DEGREE
    return LON + x / (KM_PER_DEGREE * np.cos(np.radians(LAT))), lat
