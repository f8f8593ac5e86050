"""Truths and predictions on one grid of places and days: tables of text in, arrays out."""

from __future__ import annotations

import csv
import gzip
import sys
from collections.abc import Iterable, Iterator, Mapping, Sequence
from contextlib import contextmanager
from dataclasses import dataclass
from datetime import date, timedelta
from pathlib import Path
from typing import TextIO

import numpy as np
from numpy.typing import NDArray

from whoholds.errors import FormatError

__all__ = ["Prediction", "Truth", "open_text", "read_prediction", "read_squares", "read_truth", "squares_of"]

CONTESTED, UNKNOWN = "contested", "unknown"
SILENT = -1
"""The truth says nothing."""
MISSING = -2
"""The prediction says nothing, or `unknown`."""

States = NDArray[np.int8]
Single = NDArray[np.float32]


@dataclass(frozen=True, slots=True)
class Truth:
    """Who held what, as far as the truth tells.

    Attributes:
        places: Ids, sorted.
        first_on: First day.
        states: The parties, sorted, then `contested`.
        status: Index of the state or `SILENT`, [n_places, n_days].
    """

    places: tuple[str, ...]
    first_on: date
    states: tuple[str, ...]
    status: States

    @property
    def last_on(self) -> date:
        """The last day."""
        return self.first_on + timedelta(days=int(self.status.shape[1]) - 1)


@dataclass(frozen=True, slots=True)
class Prediction:
    """What a method says on the same grid.

    Attributes:
        status: Index of the state or `MISSING`, [n_places, n_days].
        p: Probability of each state, [n_places, n_days, n_states].
    """

    status: States
    p: Single


@contextmanager
def open_text(path: Path) -> Iterator[TextIO]:
    """A text file, compressed or not; `-` is standard input."""
    if str(path) == "-":
        yield sys.stdin
    elif path.suffix == ".gz":
        with gzip.open(path, "rt", encoding="utf-8-sig", newline="") as file:
            yield file
    else:
        with path.open(encoding="utf-8-sig", newline="") as file:
            yield file


def read_truth(
    lines: Iterable[str], *, first_on: date | None = None, last_on: date | None = None, name: str = "truth"
) -> Truth:
    """A table of change points as a grid.

    Args:
        lines: CSV with the columns place_id, from, status.
        first_on: First day of the grid; that of the first row by default.
        last_on: Last day; that of the last row by default.
        name: Of the table, for messages.

    Raises:
        FormatError: A column is missing, a date cannot be read, or nothing is there.
    """
    rows: list[tuple[str, date, str]] = []
    reader = csv.DictReader(lines)
    missing = {"place_id", "from", "status"} - set(reader.fieldnames or ())
    if missing:
        raise FormatError(f"{name} lacks the column {min(missing)!r}; needed are place_id, from, status")
    for number, row in enumerate(reader, 2):
        try:
            rows.append((row["place_id"], date.fromisoformat(row["from"]), row["status"] or ""))
        except ValueError:
            raise FormatError(
                f"{name}, line {number}: from is {row['from']!r}; write it as 2025-03-12"
            ) from None
    if not rows:
        raise FormatError(f"{name} lists nothing; give at least one change point")
    states = (*sorted({s for _, _, s in rows} - {"", CONTESTED, UNKNOWN}), CONTESTED)
    code = {s: i for i, s in enumerate(states)} | {"": SILENT, UNKNOWN: SILENT}
    begin = first_on or min(day for _, day, _ in rows)
    end = last_on or max(day for _, day, _ in rows)
    if end < begin:
        raise FormatError(f"{name}: the last day {end} is before the first {begin}")
    places = tuple(sorted({place for place, _, _ in rows}))
    index = {place: i for i, place in enumerate(places)}
    status = np.full((len(places), (end - begin).days + 1), SILENT, dtype=np.int8)
    for place, day, state in sorted(rows):
        if day <= end:
            status[index[place], max(0, (day - begin).days) :] = code[state]
    return Truth(places, begin, states, status)


def read_prediction(lines: Iterable[str], truth: Truth, *, name: str = "prediction") -> Prediction:
    """The output of `whoholds control --format csv` on the truth's grid.

    Places and days that are left out are `MISSING`, with the same probability for every state. Parties are
    compared without regard to case; one that the truth does not know is never right.

    Raises:
        FormatError: It is no such table, or a number cannot be read.
    """
    known = {state.casefold(): i for i, state in enumerate(truth.states)}
    shape = truth.status.shape
    status = np.full(shape, MISSING, dtype=np.int8)
    p = np.full((*shape, len(truth.states)), 1 / len(truth.states), dtype=np.float32)
    at = {place: i for i, place in enumerate(truth.places)}
    day_at = {(truth.first_on + timedelta(days=i)).isoformat(): i for i in range(shape[1])}
    reader = csv.reader(lines)
    header = next(reader, [])
    try:
        i_place, i_day, i_status = (header.index(c) for c in ("place_id", "date", "status"))
        header.index(f"p_{CONTESTED}")
    except ValueError as error:
        raise FormatError(f"{name} is no output of whoholds control: {error}") from None
    columns = [(i, known.get(c[2:].casefold())) for i, c in enumerate(header) if c.startswith("p_")]
    for number, row in enumerate(reader, 2):
        if not row:
            continue
        place, day = at.get(row[i_place]), day_at.get(row[i_day])
        if place is None or day is None:
            continue
        p[place, day] = 0
        try:
            for i, k in columns:
                if k is not None:
                    p[place, day, k] += float(row[i])
        except (ValueError, IndexError):
            raise FormatError(f"{name}, line {number}: a probability cannot be read") from None
        status[place, day] = known.get(row[i_status].casefold(), MISSING)
    return Prediction(status, p)


def squares_of(places: Sequence[str], points: Mapping[str, tuple[float, float]]) -> list[str]:
    """The half-degree square of each place; a place without a position is a square of its own."""
    return [
        f"{np.floor(points[p][0] * 2):.0f}:{np.floor(points[p][1] * 2):.0f}" if p in points else p
        for p in places
    ]


def read_squares(lines: Iterable[str], places: Sequence[str]) -> list[str]:
    """The half-degree square of each place, from a table of places."""
    points = {row["place_id"]: (float(row["lon"]), float(row["lat"])) for row in csv.DictReader(lines)}
    return squares_of(places, points)
