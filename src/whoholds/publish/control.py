"""The control record of one day as GeoJSON or CSV, cell by cell.

Enters: a `GroundRecord` and a day. Leaves: pieces of text to write one after another. Probabilities have 6
decimals, cells come in the order of their ids: the same record gives the same bytes.
"""

from __future__ import annotations

import csv
import io
import json
from collections.abc import Iterator
from datetime import date
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from whoholds.ground.record import GroundRecord

__all__ = ["control_csv", "control_geojson"]


def control_geojson(record: GroundRecord, on: date) -> Iterator[str]:
    """A FeatureCollection with a polygon a cell; `method`, `date` and the theatre stand at the top."""
    import h3

    head = {
        "type": "FeatureCollection",
        "theatre": record.theatre.id,
        "date": on.isoformat(),
        "method": record.method,
    }
    yield json.dumps(head, ensure_ascii=False)[:-1] + ', "features": [\n'
    for number, (cell, status, p) in enumerate(_rows(record, on)):
        ring = [[round(lon, 6), round(lat, 6)] for lat, lon in h3.cell_to_boundary(cell)]
        feature = {
            "type": "Feature",
            "geometry": {"type": "Polygon", "coordinates": [[*ring, ring[0]]]},
            "properties": {"cell": cell, "date": on.isoformat(), "status": status} | p,
        }
        yield (",\n" if number else "") + json.dumps(feature, ensure_ascii=False)
    yield "\n]}\n"


def control_csv(record: GroundRecord, on: date) -> Iterator[str]:
    """A row a cell: cell, date, status, p_<party> for each, p_contested, method."""
    names = [f"p_{state}" for state in record.states]
    buffer = io.StringIO()
    writer = csv.writer(buffer, lineterminator="\n")
    writer.writerow(["cell", "date", "status", *names, "method"])
    for cell, status, p in _rows(record, on):
        writer.writerow([cell, on.isoformat(), status, *(f"{p[name]:.6f}" for name in names), record.method])
        if buffer.tell() > 65_536:
            yield buffer.getvalue()
            buffer.seek(0)
            buffer.truncate()
    yield buffer.getvalue()


def _rows(record: GroundRecord, on: date) -> Iterator[tuple[str, str, dict[str, float]]]:
    probabilities, statuses = record.probabilities(on), record.statuses(on)
    for i in sorted(range(len(record.cells)), key=lambda n: record.cells[n]):
        values = {f"p_{s}": round(float(probabilities[i, k]), 6) for k, s in enumerate(record.states)}
        yield record.cells[i], statuses[i], values
