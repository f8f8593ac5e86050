"""The record of control on the ground: a theatre and claims in, cells through time out.

Sources are learned and states worked out on the places that claims name (a claim is one claim, however
much ground it covers). A cell is a blend of the places around it that were on the same side at the start,
and of its first holder where no place is near. A place is read from its own state, a point from its cells.
"""

from __future__ import annotations

from bisect import bisect_left
from collections.abc import Iterator, Sequence
from dataclasses import dataclass, field, replace
from datetime import date, datetime, timedelta
from functools import cached_property
from typing import Any

import h3
import numpy as np
import shapely
from numpy.typing import NDArray
from scipy.sparse import identity

from whoholds.errors import InputError, NotFoundError
from whoholds.fuse.control import METHOD as FUSION_METHOD
from whoholds.fuse.control import Fusion, count_claims, fuse_evidence
from whoholds.fuse.evidence import gather_evidence
from whoholds.fuse.explain import Influence, leave_one_out
from whoholds.fuse.intake import select_known
from whoholds.fuse.likelihood import point_rows
from whoholds.fuse.sources import SourceParameters
from whoholds.fuse.units import Units, neighbour_weights
from whoholds.ground.area import AreaEstimate, Draws, estimate_areas, make_draws
from whoholds.ground.blend import Blend, voices
from whoholds.ground.cells import (
    Position,
    blend_weights,
    cell_areas_km2,
    cell_centres,
    cells_around,
    holders_at,
)
from whoholds.ground.changes import STEP, CellRow, find_changes
from whoholds.ground.inputs import days_of, earliest_day, ground_key, positions_of
from whoholds.ground.reasons import Contribution, list_contributions
from whoholds.ground.shapes import draw_front, draw_polygons
from whoholds.ground.totals import Pull, Total, pull_states, totals_of, weigh_totals
from whoholds.ground.totals_why import influences_under, pulls_on
from whoholds.model import CONTESTED, UNKNOWN, Claim, ControlState, Rejection
from whoholds.theatre import Theatre

__all__ = [
    "METHOD",
    "CellRow",
    "Contribution",
    "GroundRecord",
    "compute_record",
]

METHOD = FUSION_METHOD
Single = NDArray[np.float32]

REACH_M = 6000.0
"""How far beyond a claimed place's footprint cells are worked out."""


@dataclass(frozen=True)
class GroundRecord:
    """Who held which cell on which day.

    Attributes:
        theatre: The war.
        cells: H3 indices in hex, sorted.
        days: Every day of the record.
        states: The parties, then `contested`.
        method: Versioned name of the algorithm.
        lon: Cells' centres, degrees, [n_cells].
        lat: The same.
        initial: Index of the party that held each cell at the start, -1 for nobody, [n_cells].
        cell_km2: True area of each cell, [n_cells].
        places: Place id to (lon, lat, radius in metres), of all places that claims name.
        parameters: The source parameters used.
        rejections: Claims that could not be used.
        fusion: The run on places.
        units: The places, as units.
        core: How near each place is to the cells of its own footprint, [n_cells, n_places].
        around: The same for the cells outside it.
        place_counts: Claims that bear on each place up to each day, [n_places, n_days].
        totals: What is said of the ground as a whole.
    """

    theatre: Theatre
    cells: tuple[str, ...]
    days: tuple[date, ...]
    states: tuple[str, ...]
    method: str
    lon: NDArray[np.float64]
    lat: NDArray[np.float64]
    initial: NDArray[np.int16]
    cell_km2: NDArray[np.float64]
    places: dict[str, Position]
    parameters: SourceParameters
    rejections: tuple[Rejection, ...]
    fusion: Fusion = field(repr=False)
    units: Units = field(repr=False)
    core: Any = field(repr=False)
    around: Any = field(repr=False)
    place_counts: NDArray[np.int32] = field(repr=False)
    totals: tuple[Total, ...] = ()

    # --- one day -----------------------------------------------------------------------------------------

    def probabilities(self, on: date) -> Single:
        """Probability of each state in each cell, [n_cells, n_states].

        Raises:
            InputError: The record has no such day.
        """
        return self._blend.on(self._day(on))

    def known_cells(self, on: date) -> NDArray[np.bool_]:
        """Whether anything is known of each cell (its first holder, or a claim nearby), [n_cells]."""
        self._day(on)
        return self._known

    def statuses(self, on: date) -> list[str]:
        """The most probable state of each cell, or `unknown`."""
        best = np.round(self.probabilities(on), 6).argmax(axis=1)
        names = [*self.states, UNKNOWN]
        return [names[i] for i in np.where(self._known, best, len(self.states))]

    def area(self, on: date) -> dict[str, AreaEstimate]:
        """Ground that is not as it was at the start, by party and `contested`, with 80 % intervals.

        A party's ground is what it holds that another party held on the start line's day: with the border
        for a start line, what it holds beyond the border. So `UA` in the Kursk theatre is Ukrainian-held
        ground in Russia. Without a start line all ground that a party holds counts.
        """
        found = estimate_areas(self._weights(on), self.cell_km2, self._counted, self._draws)
        return dict(zip(self.states, found, strict=True))

    def expected_area(self, on: date) -> dict[str, float]:
        """The same without intervals, which take most of the time."""
        found = (self._weights(on) * self._counted * self.cell_km2[:, None]).sum(axis=0)
        return dict(zip(self.states, found.tolist(), strict=True))

    @cached_property
    def by_places(self) -> GroundRecord:
        """The record by what is said of single places alone, without totals of ground."""
        return replace(self, totals=()) if self.totals else self

    def polygons(self, on: date) -> dict[str, Any]:
        """Ground by status as a GeoJSON FeatureCollection, smoothed for display."""
        return draw_polygons(self.cells, self.statuses(on), self.cell_km2, on=on.isoformat())

    def front(self, on: date) -> dict[str, Any]:
        """The line between the parties as a GeoJSON FeatureCollection, smoothed for display.

        A contested cell counts as the likelier party's, so that the line runs through contested ground.
        """
        holder = self.probabilities(on)[:, :-1].argmax(axis=1)
        names = {c: self.states[h] for c, h, ok in zip(self.cells, holder, self._known, strict=True) if ok}
        return draw_front(self.cells, names, on=on.isoformat())

    # --- a place -----------------------------------------------------------------------------------------

    def place_state(self, place_id: str, on: date) -> ControlState:
        """Who held a place that claims name.

        Raises:
            NotFoundError: No claim names it.
            InputError: The record has no such day.
        """
        day, i = self._day(on), self._place(place_id)
        return self._state(place_id, self._posterior[day, :, i], int(self.place_counts[i, day]), on)

    def place_history(self, place_id: str) -> list[ControlState]:
        """A place's change points over the whole record.

        Raises:
            NotFoundError: No claim names it.
        """
        i = self._place(place_id)
        return self._history(place_id, self._posterior[:, :, i], self.place_counts[i])

    def state_at(self, lon: float, lat: float, radius_m: float, on: date) -> ControlState:
        """Who held the ground around a point: its cells, by the mean of their probabilities.

        Raises:
            NotFoundError: The record does not reach it.
        """
        day = self._day(on)
        cells = self._cells_around((lon, lat, radius_m))
        return self._state(_point(lon, lat), self._blend.through(cells)[day], self._count(cells)[day], on)

    def history_at(self, lon: float, lat: float, radius_m: float) -> list[ControlState]:
        """Change points of the ground around a point."""
        cells = self._cells_around((lon, lat, radius_m))
        return self._history(_point(lon, lat), self._blend.through(cells), self._count(cells))

    def cell_history(self, cell: str) -> list[ControlState]:
        """A cell's change points.

        Raises:
            NotFoundError: The record does not reach it.
        """
        cells = np.array([self._cell(cell)])
        return self._history(cell, self._blend.through(cells), self._count(cells))

    def contributions(self, unit_id: str, on: date | None = None) -> list[Contribution]:
        """The claims that bear on a place or cell, the weightiest first, for or against its state on a day.

        Args:
            unit_id: A place's id, or a cell.
            on: The day; the last by default. Claims about later days are left out.
        """
        if unit_id in self._place_index:
            reach = np.zeros(len(self.units.keys))
            reach[self._place_index[unit_id]] = 1
            return self._list_contributions(reach, on)
        return self._list_contributions(self._share_of(np.array([self._cell(unit_id)]), on), on)

    def contributions_at(
        self, lon: float, lat: float, radius_m: float, on: date | None = None
    ) -> list[Contribution]:
        """The same for the ground around a point."""
        cells = self._cells_around((lon, lat, radius_m))
        return self._list_contributions(self._share_of(cells, on), on)

    def total_contributions(self, place_id: str, on: date) -> list[Contribution]:
        """What the totals of ground, also those of later days, add for a place on a day."""
        reach = np.zeros(len(self.units.keys))
        reach[self._place(place_id)] = 1
        return self._totals_on(reach, self._day(on))

    def influences(self, place_id: str, on: date, *, most: int = 64) -> list[Influence]:
        """What each claim does to a place's probabilities on a day, by leaving it out.

        Raises:
            NotFoundError: No claim names the place.
            InputError: The record has no such day.
        """
        day, i = self._day(on), self._place(place_id)
        since = on.toordinal() - self.fusion.grid.first_day
        found = leave_one_out(self.fusion, self.units, i, since, most=most)
        if self._pull is None:
            return found
        return influences_under(self._pull, day, self._said[day, :, i], int(self.units.initial[i]), found)

    # --- through time ------------------------------------------------------------------------------------

    def change_points(self) -> Iterator[tuple[str, date, date | None, str, tuple[float, ...], int]]:
        """Each cell's stretches of days: cell, first day, last day, status, probabilities, claims.

        Probabilities are those of the first day of the stretch; no day of it is further off than `STEP`. The
        last stretch has no last day.
        """
        blocks = np.array_split(np.arange(len(self.cells)), self._n_blocks)
        found = (find_changes(self._blend.rows(b), self.place_counts, b) for b in blocks)
        names = [*self.states, UNKNOWN]
        for cell, first, last, best, p, n in (row for block in found for row in block):
            end = None if last == len(self.days) - 1 else self.days[last]
            status = names[best] if self._known[cell] else UNKNOWN
            yield self.cells[cell], self.days[first], end, status, p, n

    def control_rows(self) -> Iterator[CellRow]:
        """The change points with the cells' outlines, for the ledger."""
        outline: dict[str, bytes] = {}
        for cell, first, last, status, p, n in self.change_points():
            if cell not in outline:
                ring = [(lng, lat) for lat, lng in h3.cell_to_boundary(cell)]
                outline[cell] = shapely.to_wkb(shapely.Polygon(ring), flavor="iso")
            yield CellRow(
                cell, first, last, status, tuple(zip(self.states, p, strict=True)), n, outline[cell]
            )

    # --- inside ------------------------------------------------------------------------------------------

    @cached_property
    def _said(self) -> Single:
        """Places' states by what is said of each place, [n_days, n_states, n_places]."""
        return self.fusion.slice_days(self.days[0], self.days[-1])

    @cached_property
    def _posterior(self) -> Single:
        """The same with what is said of the ground as a whole."""
        if self._pull is None:
            return self._said
        return pull_states(self._said, self._pull.levels, self.units.initial)

    @cached_property
    def _pull(self) -> Pull | None:
        if not self.totals or self.theatre.start is None:
            return None
        days = self.theatre.start.on.toordinal(), self.days[0].toordinal()
        km2 = self.cell_km2[:, None] * (self._counted[:, :-1] & self._known[:, None])
        blend = self._blend_of(self._said)
        return weigh_totals(self.totals, self.parameters, days, blend, km2, self.units.initial)

    @cached_property
    def _counted(self) -> NDArray[np.bool_]:
        """Whether a cell is ground gained, were it in a state, [n_cells, n_states]."""
        k = len(self.states)
        counted = np.ones((len(self.cells), k), dtype=bool)
        if (self.initial >= 0).any():
            counted[:, :-1] = (self.initial[:, None] >= 0) & (self.initial[:, None] != np.arange(k - 1))
        return counted

    @cached_property
    def _draws(self) -> Draws:
        return make_draws(self.lon, self.lat)

    @cached_property
    def _rows(self) -> NDArray[np.float64]:
        return point_rows(self.fusion.grid, self.parameters)

    @cached_property
    def _place_index(self) -> dict[str, int]:
        return {key: i for i, key in enumerate(self.units.keys)}

    @cached_property
    def _known(self) -> NDArray[np.bool_]:
        near = np.asarray((self.core + self.around).sum(axis=1)).ravel() > 0
        return near | (self.initial >= 0)

    @cached_property
    def _first(self) -> Single:
        """What the start line says of each cell, [n_cells, n_states], rows sum to 1."""
        first = np.full((len(self.cells), len(self.states)), 1 / len(self.states), dtype=np.float32)
        given = np.flatnonzero(self.initial >= 0)
        first[given] = 0
        first[given, self.initial[given]] = 1
        return first

    @cached_property
    def _blend(self) -> Blend:
        return self._blend_of(self._posterior)

    def _blend_of(self, posterior: Single) -> Blend:
        voice = voices(self.fusion.grid, self._rows, self.days[0].toordinal(), len(self.days))
        return Blend(self.core, self.around, voice, posterior, self._first)

    @property
    def _n_blocks(self) -> int:
        return max(1, len(self.cells) * len(self.days) * len(self.states) // 20_000_000 + 1)

    def _weights(self, on: date) -> NDArray[np.float64]:
        """Probabilities of the cells of which anything is known, 0 elsewhere."""
        return self.probabilities(on).astype(np.float64) * self._known[:, None]

    def _share_of(self, cells: NDArray[np.int64], on: date | None) -> NDArray[np.float64]:
        return self._blend.shares(cells, self._day(on or self.days[-1]))

    def _count(self, cells: NDArray[np.int64]) -> NDArray[np.int32]:
        """Claims about the places that mostly make up some cells, [n_days]."""
        near = np.flatnonzero(self._blend.shares(cells) > 0.1)
        counts: NDArray[np.int32] = self.place_counts[near].sum(axis=0, dtype=np.int32)
        return counts

    def _day(self, on: date) -> int:
        index = (on - self.days[0]).days if self.days else -1
        if not 0 <= index < len(self.days):
            span = f"{self.days[0]} to {self.days[-1]}" if self.days else "no days"
            raise InputError(f"the record has no {on}; it has {span}", code="no_such_day")
        return index

    def _cell(self, cell: str) -> int:
        index = bisect_left(self.cells, cell)
        if index >= len(self.cells) or self.cells[index] != cell:
            raise NotFoundError(f"the record reaches no place or cell {cell!r}")
        return index

    def _place(self, place_id: str) -> int:
        if place_id not in self._place_index:
            raise NotFoundError(f"no claim names the place {place_id!r} inside the theatre's area")
        return self._place_index[place_id]

    def _cells_around(self, position: Position) -> NDArray[np.int64]:
        lon, lat, radius_m = position
        edge = h3.average_hexagon_edge_length(self.theatre.resolution, unit="m")
        home = h3.latlng_to_cell(lat, lon, self.theatre.resolution)
        ring = h3.grid_disk(home, int(max(0.0, radius_m) // (edge * 1.7)))
        index = {c: i for i, c in enumerate(self.cells)} if len(ring) > 50 else None
        found = [index[c] for c in ring if c in index] if index is not None else []
        if index is None:
            at = ((bisect_left(self.cells, c), c) for c in ring)
            found = [i for i, c in at if i < len(self.cells) and self.cells[i] == c]
        if not found:
            raise NotFoundError(f"the record does not reach {lat:.4f}, {lon:.4f}")
        return np.array(sorted(found))

    def _state(self, unit_id: str, p: Single, n: int, on: date) -> ControlState:
        known = int(n) > 0 or bool((self.initial >= 0).any())
        rounded = np.round(p.astype(np.float64), 6)
        status = self.states[int(rounded.argmax())] if known else UNKNOWN
        pairs = tuple(zip(self.states, rounded.tolist(), strict=True))
        return ControlState(unit_id, on, status, pairs, int(n), self.method)

    def _list_contributions(self, reach: NDArray[np.float64], on: date | None) -> list[Contribution]:
        day = self._day(on or self.days[-1])
        status = int((self._posterior[day] @ reach).argmax())
        until = self.days[0].toordinal() + day
        found = list_contributions(self.fusion, self._rows, reach, until, self.states, status)
        found += [c for c in self._totals_on(reach, day) if c.on.toordinal() <= until]
        return sorted(found, key=lambda c: (-abs(c.weight), c.claim_id))

    def _totals_on(self, reach: NDArray[np.float64], day: int) -> list[Contribution]:
        if self._pull is None:
            return []
        return pulls_on(self._pull, self.units.initial, reach, day, self._posterior[day], self.states)

    def _history(self, unit_id: str, p: Single, n: NDArray[np.int32]) -> list[ControlState]:
        starts = [0]
        best = np.round(p, 6).argmax(axis=1)
        for day in range(1, len(p)):
            if best[day] != best[starts[-1]] or float(np.abs(p[day] - p[starts[-1]]).max()) >= STEP:
                starts.append(day)
        return [self._state(unit_id, p[i], int(n[i]), self.days[i]) for i in starts]


def _point(lon: float, lat: float) -> str:
    return f"{lat:.5f},{lon:.5f}"


def compute_record(
    theatre: Theatre,
    claims: Sequence[Claim],
    *,
    as_known_on: datetime | None = None,
    clock: str = "public",
    last_day: date | None = None,
    parameters: SourceParameters | None = None,
) -> GroundRecord:
    """The record of control of a theatre, cell by cell.

    Args:
        theatre: The war.
        claims: Claims in any order.
        as_known_on: Use only claims known by then.
        clock: `public` (reported by then) or `desk` (recorded by then).
        last_day: Last day of the record; the theatre's, or that of the last claim, by default.
        parameters: A frozen version of the source model; None learns it from these claims.
    """
    zone, parties = theatre.zone, theatre.party_ids
    known = select_known(claims, as_known_on, clock, zone)
    positions = positions_of(known, theatre)
    keys = tuple(sorted(positions))
    points = [positions[key] for key in keys]
    days = days_of(theatre, known, last_day)
    areas = theatre.start_areas()
    started = theatre.start.on if theatre.start is not None else None

    at = {key: i for i, key in enumerate(keys)}
    lon = np.array([p[0] for p in points])
    lat = np.array([p[1] for p in points])
    evidence = gather_evidence(
        known,
        parties,
        at,
        zone=zone,
        key_of=ground_key,
        party_of=theatre.find_party,
        earliest_on=earliest_day(theatre),
        points=(lon, lat),
    )
    units = Units(
        ids=keys,
        lon=lon,
        lat=lat,
        initial=holders_at(areas, parties, lon, lat),
        initial_on=started,
        neighbours=neighbour_weights(lon, lat),
        keys=keys,
        footprint=identity(len(keys), dtype=np.float32, format="csr"),
    )
    fusion = fuse_evidence(evidence, units, parties, days, parameters=parameters)
    cells = tuple(cells_around(points, theatre.resolution, theatre.area.bbox, reach_m=REACH_M))
    cell_lon, cell_lat = cell_centres(cells)
    initial = holders_at(areas, parties, cell_lon, cell_lat)
    core, around = blend_weights(points, units.initial, cell_lon, cell_lat, initial)
    n_days = (days[1] - days[0]).days + 1
    return GroundRecord(
        theatre=theatre,
        cells=cells,
        days=tuple(days[0] + timedelta(days=i) for i in range(n_days)),
        states=(*parties, CONTESTED),
        method=METHOD,
        lon=cell_lon,
        lat=cell_lat,
        initial=initial,
        cell_km2=cell_areas_km2(cells),
        places={key: positions[key] for key in keys},
        parameters=fusion.parameters,
        rejections=evidence.rejections,
        fusion=fusion,
        units=units,
        core=core,
        around=around,
        place_counts=count_claims(evidence, units, days[0].toordinal(), n_days)[0],
        totals=totals_of(known, theatre),
    )
