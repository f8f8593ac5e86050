"""The record of control on the ground: a theatre and claims in, cells through time out.

Cells are those that claims reach. What a party held at the start comes from the theatre's start line.
Sources are learned on places (a claim is one claim, however many cells it covers), then the cells are
worked out with the parameters frozen.
"""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from dataclasses import dataclass, field
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
from whoholds.fuse.evidence import gather_evidence, is_area, select_known
from whoholds.fuse.likelihood import point_rows
from whoholds.fuse.sources import SourceParameters
from whoholds.fuse.units import Units, neighbour_weights
from whoholds.ground.area import AreaEstimate, Draws, estimate_areas, make_draws
from whoholds.ground.cells import (
    CORE_M,
    Position,
    cell_areas_km2,
    cell_centres,
    cell_neighbours,
    cells_around,
    footprints,
    holders_at,
)
from whoholds.ground.shapes import draw_front, draw_polygons
from whoholds.model import CONTESTED, UNKNOWN, Claim, ClaimPlace, ControlState, Rejection
from whoholds.theatre import Theatre

__all__ = ["METHOD", "CellRow", "Contribution", "GroundRecord", "compute_record"]

METHOD = FUSION_METHOD
Single = NDArray[np.float32]

REACH_M = 6000.0
"""How far beyond a claimed place's footprint cells are worked out."""
STEP = 0.05
"""A change point: the status changes, or some probability has moved this far since the last one."""


@dataclass(frozen=True, slots=True)
class Contribution:
    """How far one claim speaks for or against what the record says of a place.

    Attributes:
        claim_id: The claim.
        on: The day that it is about.
        state: The state that its words fit best.
        weight: Log-odds (nats) that it adds to that state against the mean of the others there.
        is_for: Whether that state is the record's own on the day asked about.
    """

    claim_id: str
    on: date
    state: str
    weight: float
    is_for: bool


@dataclass(frozen=True, slots=True)
class CellRow:
    """A cell's state over a stretch of days, as the ledger's control layer keeps it."""

    unit_id: str
    from_on: date
    to_on: date | None
    status: str
    p: tuple[tuple[str, float], ...]
    n_claims: int
    geometry_wkb: bytes | None


@dataclass(frozen=True)
class GroundRecord:
    """Who held which cell on which day.

    Attributes:
        theatre: The war.
        cells: H3 indices in hex, sorted.
        days: Every day of the record.
        states: The parties, then `contested`.
        method: Versioned name of the algorithm.
        initial: Index of the party that held each cell at the start, -1 for nobody, [n_cells].
        cell_km2: True area of each cell, [n_cells].
        counts: Claims that bear on each cell up to each day, [n_cells, n_days].
        known: Whether anything is known of each cell, [n_cells].
        places: Place id to (lon, lat, radius in metres), of all places that claims name.
        parameters: The source parameters used.
        rejections: Claims that could not be used.
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
    counts: NDArray[np.int32]
    known: NDArray[np.bool_]
    places: dict[str, Position]
    parameters: SourceParameters
    rejections: tuple[Rejection, ...]
    fusion: Fusion = field(repr=False)
    units: Units = field(repr=False)

    # --- one day -----------------------------------------------------------------------------------------

    def probabilities(self, on: date) -> Single:
        """Probability of each state in each cell, [n_cells, n_states].

        Raises:
            InputError: The record has no such day.
        """
        return self._posterior[self._day(on)].T

    def known_cells(self, on: date) -> NDArray[np.bool_]:
        """Whether anything is known of each cell (its first holder, or a claim), [n_cells]."""
        self._day(on)
        return self.known

    def statuses(self, on: date) -> list[str]:
        """The most probable state of each cell, or `unknown`."""
        best = np.round(self.probabilities(on), 6).argmax(axis=1)
        names = [*self.states, UNKNOWN]
        return [names[i] for i in np.where(self.known, best, len(self.states))]

    def area(self, on: date) -> dict[str, AreaEstimate]:
        """Ground that is not as it was at the start, by party and `contested`, with 80 % intervals.

        A party's ground is what it holds that another party held on the start line's day: with the border
        for a start line, what it holds beyond the border. So `UA` in the Kursk theatre is Ukrainian-held
        ground in Russia. Without a start line all ground that a party holds counts.
        """
        k = len(self.states)
        counted = np.ones((len(self.cells), k), dtype=bool)
        if (self.initial >= 0).any():
            counted[:, :-1] = (self.initial[:, None] >= 0) & (self.initial[:, None] != np.arange(k - 1))
        probabilities = self.probabilities(on).astype(np.float64) * self.known[:, None]
        found = estimate_areas(probabilities, self.cell_km2, counted, self._draws)
        return dict(zip(self.states, found, strict=True))

    def polygons(self, on: date) -> dict[str, Any]:
        """Ground by status as a GeoJSON FeatureCollection, smoothed for display."""
        return draw_polygons(self.cells, self.statuses(on), self.cell_km2, on=on.isoformat())

    def front(self, on: date) -> dict[str, Any]:
        """The line between the parties as a GeoJSON FeatureCollection, smoothed for display.

        A contested cell counts as the likelier party's, so that the line runs through contested ground.
        """
        holder = self.probabilities(on)[:, :-1].argmax(axis=1)
        names = {c: self.states[h] for c, h, ok in zip(self.cells, holder, self.known, strict=True) if ok}
        return draw_front(self.cells, names, on=on.isoformat())

    # --- a place -----------------------------------------------------------------------------------------

    def place_state(self, place_id: str, on: date) -> ControlState:
        """Who held a place that claims name.

        Raises:
            NotFoundError: No claim names it.
            InputError: The record has no such day.
        """
        day = self._day(on)
        p, n = self._footprint_of(place_id)
        return self._state(place_id, p[day], int(n[day]), on)

    def place_states(self, on: date) -> dict[str, ControlState]:
        """Who held each place that claims name, on one day; the same as `place_state` of each."""
        day = self._day(on)
        found = {}
        for place_id, (cells, weight) in self._place_weights.items():
            p = self._posterior[day][:, cells] @ weight
            n = int(self.counts[cells, day].max())
            found[place_id] = self._state(place_id, p, n, on)
        return found

    def place_history(self, place_id: str) -> list[ControlState]:
        """A place's change points over the whole record.

        Raises:
            NotFoundError: No claim names it.
        """
        return self._history(place_id, *self._footprint_of(place_id))

    def state_at(self, lon: float, lat: float, radius_m: float, on: date) -> ControlState:
        """Who held the ground around a point."""
        day = self._day(on)
        p, n = self._around((lon, lat, radius_m))
        return self._state(f"{lat:.5f},{lon:.5f}", p[day], int(n[day]), on)

    def history_at(self, lon: float, lat: float, radius_m: float) -> list[ControlState]:
        """Change points of the ground around a point."""
        return self._history(f"{lat:.5f},{lon:.5f}", *self._around((lon, lat, radius_m)))

    def cell_history(self, cell: str) -> list[ControlState]:
        """A cell's change points.

        Raises:
            NotFoundError: The record does not reach it.
        """
        i = self._cell(cell)
        return self._history(cell, self._posterior[:, :, i], self.counts[i])

    def contributions(self, unit_id: str, on: date | None = None) -> list[Contribution]:
        """The claims that bear on a place or cell, the weightiest first, for or against its state on a day.

        Args:
            unit_id: A place's id, or a cell.
            on: The day; the last by default. Claims about later days are left out.
        """
        if unit_id in self.places:
            return self.contributions_at(*self.places[unit_id], on)
        i = self._cell(unit_id)
        reach = np.zeros(len(self.cells), dtype=np.float32)
        reach[i] = 1
        return self._contributions(reach, on)

    def contributions_at(
        self, lon: float, lat: float, radius_m: float, on: date | None = None
    ) -> list[Contribution]:
        """The same for the ground around a point."""
        return self._contributions(self._weights((lon, lat, radius_m)), on)

    # --- through time ------------------------------------------------------------------------------------

    def change_points(self) -> Iterator[tuple[str, date, date | None, str, tuple[float, ...], int]]:
        """Each cell's stretches of days: cell, first day, last day, status, probabilities, claims.

        Probabilities are those of the first day of the stretch; no day of it is further off than `STEP`.
        Cells that never move from the start have one stretch.
        """
        for i, cell in enumerate(self.cells):
            for first, last in self._stretches(i):
                p = self._posterior[first, :, i]
                status = self._status(p, is_known=bool(self.known[i]))
                end = None if last == len(self.days) - 1 else self.days[last]
                yield (
                    cell,
                    self.days[first],
                    end,
                    status,
                    tuple(np.round(p, 6).tolist()),
                    int(self.counts[i, first]),
                )

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
    def _posterior(self) -> Single:
        return self.fusion.slice_days(self.days[0], self.days[-1])

    @cached_property
    def _draws(self) -> Draws:
        return make_draws(self.lon, self.lat)

    @cached_property
    def _rows(self) -> NDArray[np.float64]:
        return point_rows(self.fusion.grid, self.parameters)

    def _day(self, on: date) -> int:
        index = (on - self.days[0]).days if self.days else -1
        if not 0 <= index < len(self.days):
            span = f"{self.days[0]} to {self.days[-1]}" if self.days else "no days"
            raise InputError(f"the record has no {on}; it has {span}", code="no_such_day")
        return index

    def _cell(self, cell: str) -> int:
        index = int(np.searchsorted(np.array(self.cells), cell))
        if index >= len(self.cells) or self.cells[index] != cell:
            raise NotFoundError(f"the record reaches no place or cell {cell!r}")
        return index

    def _weights(self, position: Position) -> Single:
        """Share of each cell in the ground around a position, [n_cells]."""
        lon, lat, radius_m = position
        edge = h3.average_hexagon_edge_length(self.theatre.resolution, unit="m")
        row = footprints([(lon, lat, max(radius_m, CORE_M))], self.lon, self.lat, edge / 2)
        weight = np.asarray(row.todense(), dtype=np.float32).ravel()
        # Only the footprint itself, not its surroundings.
        weight[weight < weight.max(initial=0) * 0.99] = 0
        if not weight.any():
            raise NotFoundError(f"the record does not reach {lat:.4f}, {lon:.4f}")
        return weight / weight.sum()

    @cached_property
    def _place_weights(self) -> dict[str, tuple[NDArray[np.intp], Single]]:
        """Each place's cells and their shares, so that a slider's day costs one small product a place."""
        found = {}
        for place_id, position in self.places.items():
            weight = self._weights(position)
            cells = np.flatnonzero(weight)
            found[place_id] = (cells, weight[cells])
        return found

    def _footprint_of(self, place_id: str) -> tuple[Single, NDArray[np.int32]]:
        if place_id not in self.places:
            raise NotFoundError(f"no claim names the place {place_id!r}")
        return self._around(self.places[place_id])

    def _around(self, position: Position) -> tuple[Single, NDArray[np.int32]]:
        weight = self._weights(position)
        cells = np.flatnonzero(weight)
        p = self._posterior[:, :, cells] @ weight[cells]
        return p, self.counts[cells].max(axis=0)

    def _state(self, unit_id: str, p: Single, n: int, on: date) -> ControlState:
        known = n > 0 or bool((self.initial >= 0).any())
        pairs = tuple(zip(self.states, np.round(p.astype(np.float64), 6).tolist(), strict=True))
        return ControlState(unit_id, on, self._status(p, is_known=known), pairs, n, self.method)

    def _status(self, p: Single, *, is_known: bool) -> str:
        return self.states[int(np.round(p, 6).argmax())] if is_known else UNKNOWN

    def _history(self, unit_id: str, p: Single, n: NDArray[np.int32]) -> list[ControlState]:
        return [self._state(unit_id, p[first], int(n[first]), self.days[first]) for first, _ in _split(p)]

    def _stretches(self, cell: int) -> list[tuple[int, int]]:
        return _split(self._posterior[:, :, cell])

    def _contributions(self, weight: Single, on: date | None) -> list[Contribution]:
        day = self._day(on or self.days[-1])
        p = self._posterior[day] @ weight
        status = int(p[: len(self.states)].argmax())
        e = self.fusion.grid.evidence
        reach = np.asarray(self.units.footprint @ weight).ravel()
        first_day = self.days[0].toordinal()
        found: dict[tuple[int, int], list[float]] = {}
        use = np.flatnonzero((reach[e.key] > 0.05) & ~e.is_before & (e.day - first_day <= day))
        for i in use.tolist():
            row = self._rows[i] * reach[e.key[i]]
            state = int(e.shapes[e.shape[i]].argmax())
            others = np.delete(row, state)
            found.setdefault((int(e.claim[i]), state), [float(e.day[i])]).append(
                float(row[state] - others.mean())
            )
        views = np.flatnonzero(
            (reach[e.view_key] > 0.05) & (e.view_day - first_day <= day) & (e.view_state >= 0)
        )
        opening = np.log(np.maximum(self.parameters.pooled_first, 1e-6))
        for i in views.tolist():
            state = int(e.view_state[i])
            column = opening[:, state] * reach[e.view_key[i]]
            gain = float(column[state] - np.delete(column, state).mean())
            found.setdefault((int(e.view_claim[i]), state), [float(e.view_day[i])]).append(gain)
        rows = [
            Contribution(
                e.claim_ids[claim],
                date.fromordinal(int(values[0])),
                self.states[state],
                round(sum(values[1:]), 6),
                state == status,
            )
            for (claim, state), values in found.items()
        ]
        return sorted(rows, key=lambda c: (-abs(c.weight), c.claim_id))


def _split(p: Single) -> list[tuple[int, int]]:
    """First and last index of the stretches of [n_days, n_states] over which little moves."""
    if not len(p):
        return []
    best = np.round(p, 6).argmax(axis=1)
    # One pass for most: a unit that never moves has one stretch.
    if (best == best[0]).all() and float(np.ptp(p, axis=0).max()) < STEP:
        return [(0, len(p) - 1)]
    starts = [0]
    for day in range(1, len(p)):
        last = starts[-1]
        if best[day] != best[last] or float(np.abs(p[day] - p[last]).max()) >= STEP:
            starts.append(day)
    return list(zip(starts, [*(s - 1 for s in starts[1:]), len(p) - 1], strict=True))


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
    rejections: list[Rejection] = []
    positions = _positions(known, theatre, rejections)
    keys = tuple(sorted(positions))
    points = [positions[key] for key in keys]
    days = _days(theatre, known, last_day)
    areas = theatre.start_areas()
    started = theatre.start.on if theatre.start is not None else None

    at = {key: i for i, key in enumerate(keys)}
    evidence = gather_evidence(
        known,
        parties,
        at,
        zone=zone,
        key_of=position_key,
        party_of=theatre.find_party,
        earliest_on=theatre.first_day - timedelta(days=366) if theatre.first_day else None,
    )
    lon = np.array([p[0] for p in points])
    lat = np.array([p[1] for p in points])
    if parameters is None and keys:
        by_place = Units(
            ids=keys,
            lon=lon,
            lat=lat,
            initial=holders_at(areas, parties, lon, lat),
            initial_on=started,
            neighbours=neighbour_weights(lon, lat),
            keys=keys,
            footprint=identity(len(keys), dtype=np.float32, format="csr"),
        )
        parameters = fuse_evidence(evidence, by_place, parties, days).parameters
    units = _lay_cells(theatre, keys, points, areas, started)
    fusion = fuse_evidence(evidence, units, parties, days, parameters=parameters)
    n_days = (days[1] - days[0]).days + 1
    counts, reached = count_claims(evidence, units, days[0].toordinal(), n_days)
    return GroundRecord(
        theatre=theatre,
        cells=units.ids,
        days=tuple(days[0] + timedelta(days=i) for i in range(n_days)),
        states=(*parties, CONTESTED),
        method=METHOD,
        lon=units.lon,
        lat=units.lat,
        initial=units.initial,
        cell_km2=cell_areas_km2(units.ids),
        counts=counts,
        known=reached | (units.initial >= 0),
        places=_places(known, positions),
        parameters=fusion.parameters,
        rejections=tuple(sorted([*rejections, *evidence.rejections], key=lambda r: (r.item, r.code))),
        fusion=fusion,
        units=units,
    )


def position_key(place: ClaimPlace) -> str | None:
    """The key of a place on the ground: its point and reach, so that one spot named twice is one key."""
    if place.lon is None or place.lat is None:
        return None
    return f"{place.lon:.4f},{place.lat:.4f},{place.radius_m or 0:.0f}"


def _positions(claims: Sequence[Claim], theatre: Theatre, rejections: list[Rejection]) -> dict[str, Position]:
    west, south, east, north = theatre.area.bbox
    found: dict[str, Position] = {}
    for claim in claims:
        for place in claim.places:
            if is_area(place) or place.lon is None or place.lat is None:
                continue
            key = position_key(place)
            assert key is not None
            if west <= place.lon <= east and south <= place.lat <= north:
                found[key] = (place.lon, place.lat, place.radius_m or CORE_M)
    return found


def _places(claims: Sequence[Claim], positions: dict[str, Position]) -> dict[str, Position]:
    found: dict[str, Position] = {}
    for claim in sorted(claims, key=lambda c: c.id):
        for place in claim.places:
            key = position_key(place)
            if place.place_id is not None and key in positions and not is_area(place):
                found.setdefault(place.place_id, positions[key])
    return found


def _days(theatre: Theatre, claims: Sequence[Claim], last_day: date | None) -> tuple[date, date]:
    said = sorted(
        c.reported_at.astimezone(theatre.zone).date()
        if isinstance(c.reported_at, datetime)
        else c.reported_at
        for c in claims
        if c.reported_at is not None
    )
    first = theatre.first_day or (theatre.start.on if theatre.start else None)
    first = first or (said[0] if said else last_day or date(1970, 1, 1))
    last = last_day or theatre.last_day or (said[-1] if said else first)
    return first, max(first, last)


def _lay_cells(
    theatre: Theatre,
    keys: tuple[str, ...],
    points: Sequence[Position],
    areas: dict[str, dict[str, Any]],
    started: date | None,
) -> Units:
    cells = tuple(cells_around(points, theatre.resolution, theatre.area.bbox, reach_m=REACH_M))
    lon, lat = cell_centres(cells)
    edge = h3.average_hexagon_edge_length(theatre.resolution, unit="m")
    return Units(
        ids=cells,
        lon=lon,
        lat=lat,
        initial=holders_at(areas, theatre.party_ids, lon, lat),
        initial_on=started,
        neighbours=cell_neighbours(cells),
        keys=keys,
        footprint=footprints(points, lon, lat, edge / 2),
    )
