"""What the checks ask of the record: areas on figures' days, answers to forecasts, states of disputed places.

A record and claims in, plain numbers out.
"""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from datetime import date, timedelta

import numpy as np
from numpy.typing import NDArray

from whoholds.check.clashes import Clash
from whoholds.check.figures import figures_of
from whoholds.check.forecasts import Forecast, SourceScore, find_forecasts, find_intentions, score_sources
from whoholds.check.propositions import AREA_RADIUS_M
from whoholds.errors import NotFoundError
from whoholds.fuse.echoes import group_echoes
from whoholds.ground.inputs import ground_key
from whoholds.ground.record import GroundRecord
from whoholds.model import CONTESTED, Claim, ClaimPlace, ControlState, Measure, Stance
from whoholds.theatre import Theatre

__all__ = ["Outlook", "areas_for_figures", "drop_copies", "settle_forecasts", "states_of_clash"]

_EARTH_RADIUS_M = 6_371_008.8


LATER = timedelta(days=30)
"""By then a town that was disputed has mostly been seen to be in somebody's hands."""


@dataclass(frozen=True, slots=True)
class Outlook:
    """All that was foretold and intended.

    Attributes:
        today: The record's last day.
        open: Forecasts due later than the record reaches, by due day.
        unsettled: Due, but the record knows nothing of the place.
        scored: Settled, by due day.
        vague: Predictions that give no day, no place or no party: nothing can settle them.
        scores: Mean Brier score of each source with settled forecasts, the best first.
        intentions: Orders, intentions, plans and proposals; nobody is scored by them.
    """

    today: date
    open: tuple[Forecast, ...]
    unsettled: tuple[Forecast, ...]
    scored: tuple[Forecast, ...]
    vague: tuple[Claim, ...]
    scores: tuple[SourceScore, ...]
    intentions: tuple[Claim, ...]


def drop_copies(claims: Sequence[Claim]) -> list[Claim]:
    """The claims, those that only repeat another left out."""
    copies = group_echoes(claims)
    return [c for c in claims if c.id not in copies]


def states_of_clash(record: GroundRecord, clash: Clash) -> tuple[ControlState, ControlState] | None:
    """What the record has of a clash's place on its day, and `LATER`; None where it has nothing."""
    if clash.place is None or clash.on is None or clash.topic != "control":
        return None
    key = ground_key(clash.place)
    if key not in record.places or not record.days[0] <= clash.on <= record.days[-1]:
        return None
    later = min(clash.on + LATER, record.days[-1])
    return record.place_state(key, clash.on), record.place_state(key, later)


def areas_for_figures(
    record: GroundRecord, claims: Sequence[Claim], theatre: Theatre
) -> dict[date, Mapping[str, tuple[float, float, float]]]:
    """The record's own areas (km², low, high) on the days of which somebody says how much is held.

    Hand in the record by what is said of single places (`GroundRecord.by_places`) to hold figures against
    it: not that which was made of them.
    """
    days = {
        f.on
        for f in figures_of(claims, theatre)
        if f.unit == "km2" and f.measure in (Measure.HELD, Measure.REMAINING) and f.window is None
    }
    return {
        day: {party: (a.km2, a.low, a.high) for party, a in record.area(day).items()}
        for day in sorted(days)
        if record.days[0] <= day <= record.days[-1]
    }


def settle_forecasts(record: GroundRecord, claims: Sequence[Claim], theatre: Theatre) -> Outlook:
    """What was foretold, held against the record.

    A party has taken an area once it has every part of it, and is gone from it once it has none. Both are
    asked of the area's cells that the record has, and bounded by the one cell that is likeliest to decide.
    """
    today = record.days[-1]

    def has_all(place: ClaimPlace, on: date) -> Mapping[str, float] | None:
        cells = _cells_of(record, place)
        if cells is None:
            return _ask_place(record, place, on)
        if on < record.days[0]:
            return None
        return _name(record, record.probabilities(on)[cells].min(axis=0)) if len(cells) else None

    def has_any(place: ClaimPlace, on: date) -> Mapping[str, float] | None:
        cells = _cells_of(record, place)
        if cells is None:
            return _ask_place(record, place, on)
        if not len(cells) or on < record.days[0]:
            return None
        p = record.probabilities(on)[cells]
        # Who still fights in a part of it is not gone.
        present = np.minimum(p[:, :-1] + p[:, -1:], 1.0).max(axis=0)
        return _name(record, np.append(present, 0.0))

    found = [
        *(f for f in find_forecasts(claims, has_all, today=today, theatre=theatre) if f.expects),
        *(f for f in find_forecasts(claims, has_any, today=today, theatre=theatre) if not f.expects),
    ]
    found.sort(key=lambda f: (f.due, f.claim.id, f.place.name))
    asked = {f.claim.id for f in found}
    vague = [c for c in claims if c.stance is Stance.PREDICTED and c.echo_of is None and c.id not in asked]
    return Outlook(
        today=today,
        open=tuple(f for f in found if f.due > today),
        unsettled=tuple(f for f in found if f.due <= today and f.brier is None),
        scored=tuple(f for f in found if f.brier is not None),
        vague=tuple(sorted(vague, key=lambda c: (str(c.reported_at), c.id))),
        scores=tuple(score_sources(found)),
        intentions=tuple(find_intentions(claims)),
    )


def _ask_place(record: GroundRecord, place: ClaimPlace, on: date) -> Mapping[str, float] | None:
    key = ground_key(place)
    if not record.days[0] <= on <= record.days[-1]:
        return None
    if key is not None and key in record.places:
        return dict(record.place_state(key, on).p)
    if place.lon is None or place.lat is None:
        return None
    try:
        return dict(record.state_at(place.lon, place.lat, place.radius_m or 0.0, on).p)
    except NotFoundError:
        return None


def _cells_of(record: GroundRecord, place: ClaimPlace) -> NDArray[np.int64] | None:
    """The record's cells that make up an area; None for a place that is none.

    Within the area's reach the cells that one party, the one with most of them, held at the start: a
    circle around a border region reaches over the border.
    """
    is_area = place.kind in ("admin", "country") or (place.radius_m or 0.0) >= AREA_RADIUS_M
    if not is_area:
        return None
    if place.lon is None or place.lat is None:
        return np.empty(0, dtype=np.int64)
    x = np.radians(record.lon - place.lon) * np.cos(np.radians(place.lat)) * _EARTH_RADIUS_M
    y = np.radians(record.lat - place.lat) * _EARTH_RADIUS_M
    inside: NDArray[np.int64] = np.flatnonzero(np.hypot(x, y) <= (place.radius_m or AREA_RADIUS_M))
    first = record.initial[inside]
    held = first[first >= 0]
    return inside[first == np.bincount(held).argmax()] if len(held) else inside


def _name(record: GroundRecord, values: Iterable[float]) -> dict[str, float]:
    named = {s: float(v) for s, v in zip(record.states, values, strict=True)}
    return named | {CONTESTED: named.get(CONTESTED, 0.0)}
