"""The record of control as JSON for the map: geometry once, numbers for each day.

In: a `GroundRecord` and days. Out: plain dicts. Probabilities travel as whole per mille: the map shades
with them, and the contract's six decimals stay with `/api/control`.
"""

from __future__ import annotations

from collections.abc import Sequence
from datetime import date
from typing import Any

import numpy as np

from whoholds.ground.record import GroundRecord
from whoholds.model.contract import moment_to_json
from whoholds.store import PlaceCount, Stats
from whoholds.theatre import Theatre

__all__ = ["day_to_json", "frame_to_json", "known_span", "record_places", "theatre_to_json"]


def theatre_to_json(theatre: Theatre) -> dict[str, Any]:
    """A theatre's name, parties and area."""
    return {
        "id": theatre.id,
        "name": theatre.name,
        "time_zone": theatre.time_zone,
        "resolution": theatre.resolution,
        "bbox": list(theatre.area.bbox),
        "parties": [{"id": p.id, "name": p.name, "color": p.color} for p in theatre.parties],
    }


def known_span(stats: Stats, theatre: Theatre) -> dict[str, str] | None:
    """First and last day on which something was reported; None for an empty ledger."""
    if stats.first_reported is None or stats.last_reported is None:
        return None
    first, last = (at.astimezone(theatre.zone).date() for at in (stats.first_reported, stats.last_reported))
    return {"first": first.isoformat(), "last": last.isoformat()}


def record_places(record: GroundRecord, counts: Sequence[PlaceCount]) -> list[dict[str, Any]]:
    """The places that a record has a state for, most spoken of first."""
    found = [
        {
            "id": c.place_id,
            "name": c.name,
            "lon": record.places[c.place_id][0],
            "lat": record.places[c.place_id][1],
            "claims": c.n_claims,
        }
        for c in counts
        if c.place_id is not None and c.place_id in record.places
    ]
    return list({p["id"]: p for p in found}.values())


def frame_to_json(record: GroundRecord, places: list[dict[str, Any]]) -> dict[str, Any]:
    """What stays the same from day to day: days, states, cells, places."""
    return {
        "method": record.method,
        "days": {"first": record.days[0].isoformat(), "last": record.days[-1].isoformat()},
        "states": list(record.states),
        "cells": list(record.cells),
        "places": places,
    }


def day_to_json(record: GroundRecord, on: date, places: list[dict[str, Any]]) -> dict[str, Any]:
    """One day's probabilities, a list a state, in the order of the frame's cells and places."""
    cells = np.rint(np.asarray(record.probabilities(on), dtype=np.float64) * 1000).astype(int)
    here = [record.place_state(p["id"], on) for p in places]
    return {
        "on": moment_to_json(on),
        "cells": [column.tolist() for column in cells.T],
        "unknown": np.flatnonzero(~record.known_cells(on)).tolist(),
        "places": [[round(dict(s.p)[name] * 1000) for s in here] for name in record.states],
        "statuses": [s.status for s in here],
    }
