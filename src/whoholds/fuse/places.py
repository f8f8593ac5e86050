"""The contract's section 3, without a ledger: claims and a table of places in, rows of control out.

`read_places` reads `places.csv`; `control_of_places` gives one row a place and day, places in the order of
their ids, days in order within each.
"""

from __future__ import annotations

import csv
import re
from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass
from datetime import UTC, date, datetime, timedelta
from typing import Any

import numpy as np

from whoholds.errors import ConfigurationError, FormatError
from whoholds.fuse.control import ControlArray, fuse_claims
from whoholds.fuse.evidence import find_parties
from whoholds.fuse.intake import select_known
from whoholds.fuse.sources import SourceParameters
from whoholds.fuse.units import Units, units_of_points
from whoholds.model import Claim
from whoholds.theatre import RESERVED, Theatre

__all__ = [
    "PlaceRow",
    "columns_of",
    "control_of_places",
    "fuse_places",
    "name_parties",
    "read_places",
    "rows_of",
    "span_of_claims",
]

_PARTY = re.compile(r"[A-Za-z][A-Za-z0-9-]*\Z")


@dataclass(frozen=True, slots=True)
class PlaceRow:
    """One line of `places.csv`.

    Attributes:
        place_id: The id that claims name.
        name: Its name; claims without an id are matched by it where it is unique.
        lon: Degrees east.
        lat: Degrees north.
        initial_holder: Party that held it on `initial_on`, or None.
        initial_on: That day, or None for the day before the first claim.
        radius_m: Reach or error in metres, or None.
    """

    place_id: str
    name: str
    lon: float
    lat: float
    initial_holder: str | None = None
    initial_on: date | None = None
    radius_m: float | None = None


def read_places(lines: Iterable[str], *, name: str = "places.csv") -> list[PlaceRow]:
    """The places of a CSV text with a header. A place that is listed again counts once, as first listed.

    Raises:
        FormatError: A column is missing, a value cannot be read, or an id comes again with another holder;
            the line is named.
    """
    reader = csv.DictReader(lines)
    missing = {"place_id", "name", "lon", "lat"} - set(reader.fieldnames or ())
    if missing:
        raise FormatError(
            f"{name} lacks the column {sorted(missing)[0]!r}; needed are place_id, name, lon, lat"
        )
    rows: list[PlaceRow] = []
    seen: dict[str, PlaceRow] = {}
    for number, line in enumerate(reader, 2):
        row = _place_row(line, f"{name}, line {number}")
        other = seen.setdefault(row.place_id, row)
        if other is row:
            rows.append(row)
        elif (other.initial_holder, other.initial_on) != (row.initial_holder, row.initial_on):
            raise FormatError(
                f"{name}, line {number}: {row.place_id!r} comes again with another holder; keep one line"
            )
    if not rows:
        raise FormatError(f"{name} lists no places; give at least one line under the header")
    return rows


def _place_row(line: Mapping[str, Any], where: str) -> PlaceRow:
    def number(column: str, low: float, high: float, *, is_needed: bool) -> float | None:
        text = (line.get(column) or "").strip()
        if not text and not is_needed:
            return None
        try:
            value = float(text)
        except ValueError:
            raise FormatError(f"{where}: {column} is {text!r}, not a number") from None
        if not low <= value <= high:
            raise FormatError(f"{where}: {column} is {text}, not within {low:g} and {high:g}")
        return value

    place_id = (line.get("place_id") or "").strip()
    if not place_id:
        raise FormatError(f"{where}: place_id is empty; give each place an id")
    lon, lat = number("lon", -180, 180, is_needed=True), number("lat", -90, 90, is_needed=True)
    assert lon is not None
    assert lat is not None
    on = (line.get("initial_on") or "").strip()
    try:
        initial_on = date.fromisoformat(on) if on else None
    except ValueError:
        raise FormatError(f"{where}: initial_on is {on!r}; write it as 2025-03-12") from None
    return PlaceRow(
        place_id,
        (line.get("name") or "").strip() or place_id,
        lon,
        lat,
        (line.get("initial_holder") or "").strip() or None,
        initial_on,
        number("radius_m", 0, 1e7, is_needed=False),
    )


def name_parties(
    claims: Iterable[Claim], places: Iterable[PlaceRow], theatre: Theatre | None = None
) -> tuple[str, ...]:
    """The parties: the theatre's, else those that first holders and the claims' actors name, sorted.

    Raises:
        ConfigurationError: A first holder is no possible party id, or two differ only by case, or there
            is none at all.
    """
    holders = {p.initial_holder for p in places if p.initial_holder}
    if theatre is not None:
        known = {p.casefold() for p in theatre.party_ids}
        strangers = sorted(h for h in holders if h.casefold() not in known)
        if strangers:
            raise ConfigurationError(
                f"initial_holder {strangers[0]!r} is no party of the theatre {theatre.id!r}"
            )
        return theatre.party_ids
    found = set(holders)
    for holder in sorted(found):
        if not _PARTY.match(holder) or holder.casefold() in RESERVED:
            raise ConfigurationError(
                f"initial_holder {holder!r} cannot be a party's id; use letters, digits and hyphens, and not "
                + " or ".join(RESERVED)
            )
    # Free words ("Russian troops") are no party ids; they stand as claims of a party unknown.
    found |= {
        p for claim in claims for p in find_parties(claim) if _PARTY.match(p) and p.casefold() not in RESERVED
    }
    spellings: dict[str, str] = {}
    for party in sorted(found):
        other = spellings.setdefault(party.casefold(), party)
        if other != party and {other, party} <= holders:
            raise ConfigurationError(f"parties {other!r} and {party!r} differ only by case; write them alike")
    if not spellings:
        raise ConfigurationError(
            "neither the places nor the claims name a party; give initial_holder or a theatre"
        )
    return tuple(sorted(spellings.values()))


def span_of_claims(claims: Sequence[Claim], zone: Any) -> tuple[date, date] | None:
    """First and last day on which a claim was reported (else is about), or None without claims."""
    found: list[date] = []
    for claim in claims:
        moment = claim.reported_at
        if isinstance(moment, datetime):
            found.append(moment.astimezone(zone).date())
        elif moment is not None:
            found.append(moment)
        else:
            found.extend(d for d in claim.holds.to_days(zone) if d is not None)
    return (min(found), max(found)) if found else None


def fuse_places(
    claims: Sequence[Claim],
    places: Sequence[PlaceRow],
    *,
    theatre: Theatre | None = None,
    from_on: date | None = None,
    to_on: date | None = None,
    as_known_on: datetime | None = None,
    clock: str = "public",
    parameters: SourceParameters | None = None,
) -> ControlArray:
    """The control record with a unit of each place; days default to those of the claims known.

    Raises:
        ConfigurationError: The days are backwards, or cannot be told, or the parties cannot.
    """
    zone = theatre.zone if theatre is not None else UTC
    known = select_known(claims, as_known_on, clock, zone)
    parties = name_parties(known, places, theatre)
    span = span_of_claims(known, zone)
    first = from_on or (span[0] if span else to_on)
    last = to_on or (span[1] if span else from_on)
    if first is None or last is None:
        raise ConfigurationError("there are no claims to tell the days by; give --on, or --from and --to")
    if last < first:
        raise ConfigurationError(
            f"the last day {last} lies before the first day {first}; swap --from and --to"
        )
    return fuse_claims(
        known,
        _units(places, parties),
        parties,
        (first, last),
        zone=zone,
        parameters=parameters,
        party_of=None if theatre is None else theatre.find_party,
    )


def _units(places: Sequence[PlaceRow], parties: tuple[str, ...]) -> Units:
    index = {p.casefold(): i for i, p in enumerate(parties)}
    stated = {p.initial_on for p in places if p.initial_on is not None}
    if len(stated) > 1:
        raise ConfigurationError(
            f"initial_on has {len(stated)} different days ({min(stated)} to {max(stated)}); give one for all"
        )
    return units_of_points(
        [p.place_id for p in places],
        [p.name for p in places],
        np.array([p.lon for p in places]),
        np.array([p.lat for p in places]),
        np.array(
            [index[p.initial_holder.casefold()] if p.initial_holder else -1 for p in places], dtype=np.int16
        ),
        stated.pop() if stated else None,
    )


def columns_of(states: Sequence[str]) -> list[str]:
    """The columns of the record, for parties and `contested`."""
    return ["place_id", "date", "status", *(f"p_{state}" for state in states), "n_claims", "method"]


def rows_of(record: ControlArray) -> Iterator[list[str]]:
    """The record's lines as text, in the order of `columns_of`: places by id, days in order."""
    days = [(record.first_on + timedelta(days=i)).isoformat() for i in range(record.n_days)]
    names = [*record.states, "unknown"]
    status = record.status()
    for i, place_id in enumerate(record.ids):
        text = np.char.mod("%.6f", record.probabilities[i]).tolist()
        for day, best, p, n in zip(days, status[i].tolist(), text, record.n_claims[i].tolist(), strict=True):
            yield [place_id, day, names[best], *p, str(n), record.method]


def control_of_places(
    claims: Sequence[Claim],
    places_rows: Sequence[PlaceRow],
    *,
    theatre: Theatre | None = None,
    from_on: date | None = None,
    to_on: date | None = None,
    as_known_on: datetime | None = None,
    clock: str = "public",
) -> Iterator[dict[str, str]]:
    """One row a place and day, by column name (`columns_of`)."""
    record = fuse_places(
        claims,
        places_rows,
        theatre=theatre,
        from_on=from_on,
        to_on=to_on,
        as_known_on=as_known_on,
        clock=clock,
    )
    columns = columns_of(record.states)
    for row in rows_of(record):
        yield dict(zip(columns, row, strict=True))
