"""`whoholds control FILE` and `whoholds area FILE`: the record of a ledger, by place or by party, and day."""

from __future__ import annotations

import csv
import json
import sys
from collections import Counter
from collections.abc import Iterator
from datetime import date, timedelta
from pathlib import Path
from typing import TYPE_CHECKING, Any

from whoholds.check.explanations import name_places
from whoholds.cli.console import err
from whoholds.cli.control import FORMATS, check_choice, days_of, write_areas
from whoholds.cli.exits import DONE
from whoholds.cli.opened import Opened, open_ledger_file
from whoholds.errors import ConfigurationError

if TYPE_CHECKING:
    from whoholds.ground.record import GroundRecord

__all__ = ["area_of_ledger", "control_of_ledger"]


def control_of_ledger(
    file: Path,
    on: str | None,
    from_on: str | None,
    to_on: str | None,
    as_known_on: str | None,
    clock: str,
    format: str,
    audience: str,
    parameters: str = "latest",
) -> int:
    """One row a place and day, the columns of the contract and the place's name."""
    check_choice("--format", format, FORMATS)
    with open_ledger_file(file, audience, as_known_on, clock, parameters) as opened:
        record = opened.record()
        first, last = _days(opened, record, on, from_on, to_on)
        rows = _rows(record, name_places(opened.control_claims()), first, last)
        if format == "csv":
            writer = csv.writer(sys.stdout, lineterminator="\n")
            columns = ["place_id", "date", "status", *(f"p_{s}" for s in record.states), "n_claims", "method"]
            writer.writerow([*columns, "name"])
            writer.writerows(
                [f"{row[c]:.6f}" if c.startswith("p_") else row[c] for c in [*columns, "name"]]
                for row in rows
            )
        elif format == "jsonl":
            sys.stdout.writelines(json.dumps(row, ensure_ascii=False) + "\n" for row in rows)
        else:
            features = (
                {
                    "type": "Feature",
                    "geometry": {"type": "Point", "coordinates": list(record.places[row["place_id"]][:2])},
                    "properties": row,
                }
                for row in rows
            )
            sys.stdout.write('{"type": "FeatureCollection", "features": [\n')
            sys.stdout.write(",\n".join(json.dumps(f, ensure_ascii=False) for f in features))
            sys.stdout.write("\n]}\n")
        _note_unused(record)
    return DONE


def area_of_ledger(
    file: Path,
    on: str | None,
    from_on: str | None,
    to_on: str | None,
    as_known_on: str | None,
    clock: str,
    format: str,
    audience: str,
    parameters: str = "latest",
) -> int:
    """One row a day and party: km² and the ends of its 80 % interval."""
    check_choice("--format", format, ("csv", "jsonl"))
    with open_ledger_file(file, audience, as_known_on, clock, parameters) as opened:
        record = opened.record()
        first, last = _days(opened, record, on, from_on, to_on)
        write_areas(sys.stdout, record, first, last, format)
        _note_unused(record)
    return DONE


def _days(
    opened: Opened, record: GroundRecord, on: str | None, from_on: str | None, to_on: str | None
) -> tuple[date, date]:
    """The days asked for; the last one that is known where none is."""
    first, last = days_of(on, from_on, to_on)
    last = last or opened.last_day(record)
    first = first or (record.days[0] if to_on is not None else last)
    if not record.days[0] <= first <= last <= record.days[-1]:
        raise ConfigurationError(
            f"the record runs from {record.days[0]} to {record.days[-1]}; {first} to {last} lies outside"
        )
    return first, last


def _note_unused(record: GroundRecord) -> None:
    """How many of the ledger's claims the record cannot use: no input of this command, so no rejection."""
    if record.rejections:
        codes = Counter(r.code for r in record.rejections)
        kinds = ", ".join(f"{n} {code}" for code, n in sorted(codes.items()))
        err.print(
            f"note: {len(record.rejections)} claims say nothing that the record can use ({kinds})",
            markup=False,
        )


def _rows(record: GroundRecord, names: dict[str, str], first: date, last: date) -> Iterator[dict[str, Any]]:
    """Places in the order of their ids, days in order within each."""
    for place_id in sorted(record.places):
        for i in range((last - first).days + 1):
            state = record.place_state(place_id, first + timedelta(days=i))
            yield {
                "place_id": place_id,
                "date": state.on.isoformat(),
                "status": state.status,
                **{f"p_{name}": p for name, p in state.p},
                "n_claims": state.n_claims,
                "method": state.method,
                "name": names.get(place_id, ""),
            }
