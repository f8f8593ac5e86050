"""Model types to columns of the ledger's tables, and back."""

from __future__ import annotations

import json
import sqlite3
from collections.abc import Iterable, Mapping
from dataclasses import asdict
from datetime import date, datetime, tzinfo
from typing import Any

from whoholds.errors import InvariantError
from whoholds.model import Assessment, Claim, Place, Reading, Report, content_id, parse_moment
from whoholds.model.contract import claim_from_json, claim_to_json, moment_to_json, reading_to_json
from whoholds.model.ids import sha256_hex
from whoholds.store.current import ClaimVersion
from whoholds.store.moments import ceil_stamp, floor_stamp, parse_stamp
from whoholds.store.records import PlaceCorrection

__all__ = [
    "MENTIONS",
    "assessment_from_row",
    "claim_from_body",
    "claim_to_body",
    "content_hash",
    "correction_from_row",
    "correction_id",
    "dump_json",
    "mentions_of",
    "place_from_json",
    "place_to_json",
    "report_from_row",
    "report_to_row",
    "version_from_row",
]

MENTIONS = ("attributions", "places", "times", "quantities")


def dump_json(value: Any) -> str:
    """JSON as it is kept: readable letters, no spaces, keys in their order.

    Raises:
        InvariantError: A number is not finite.
    """
    try:
        return json.dumps(value, ensure_ascii=False, separators=(",", ":"), allow_nan=False)
    except ValueError as error:
        raise InvariantError(f"cannot keep {str(value)[:80]}: {error}") from None


def claim_to_body(claim: Claim, zone: tzinfo, origin_recorded_at: str | None = None) -> str:
    """The contract's JSON of a claim, with the full precision of its probability."""
    record = claim_to_json(claim, zone) | {"p": claim.p}
    for place, kept in zip(claim.places, record["places"], strict=True):
        kept["p"] = place.p
    if origin_recorded_at is not None:
        record["origin_recorded_at"] = origin_recorded_at
    return dump_json(record)


def claim_from_body(body: str, zone: tzinfo) -> Claim:
    """The claim of a kept body."""
    return claim_from_json(json.loads(body), zone)


def content_hash(claim: Claim, zone: tzinfo) -> str:
    """A hash of all that a claim says, recording times aside: tells the same claim from another's id."""
    record = claim_to_json(claim, zone)
    del record["recorded_at"]
    return sha256_hex(json.dumps(record, sort_keys=True, ensure_ascii=True).encode())


def mentions_of(reading: Reading, zone: tzinfo) -> str:
    """The lists of mentions of a reading as JSON, without claims and text."""
    record = reading_to_json(reading, zone)
    return dump_json({name: record[name] for name in MENTIONS})


def report_to_row(report: Report, *, visible_from: datetime, recorded_at: datetime) -> dict[str, Any]:
    """The columns of a report, but for `media_type` and `name`."""
    return {
        "id": report.id,
        "sha256": report.sha256,
        "title": report.title,
        "publisher": report.publisher,
        "published_at": moment_to_json(report.published_at),
        "lang": report.lang,
        "address": report.address,
        "origin": report.origin,
        "display": report.display,
        "echo_of": report.echo_of,
        "text": report.text,
        "furniture": dump_json([list(pair) for pair in report.furniture]),
        "meta": dump_json([list(pair) for pair in report.meta]),
        "visible_from": ceil_stamp(visible_from),
        "recorded_at": floor_stamp(recorded_at),
    }


def report_from_row(row: sqlite3.Row, zone: tzinfo) -> Report:
    """A report of its columns."""
    return Report(
        id=row["id"],
        text=row["text"],
        sha256=row["sha256"],
        title=row["title"],
        publisher=row["publisher"],
        published_at=_moment(row["published_at"], zone),
        lang=row["lang"],
        address=row["address"],
        origin=row["origin"],
        display=row["display"],
        echo_of=row["echo_of"],
        furniture=tuple((a, b) for a, b in json.loads(row["furniture"])),
        meta=tuple((k, v) for k, v in json.loads(row["meta"])),
    )


def _moment(text: str | None, zone: tzinfo) -> date | datetime | None:
    return None if text is None else parse_moment(text, zone)


def version_from_row(row: sqlite3.Row) -> ClaimVersion:
    """What deciding on a claim's currency needs."""
    return ClaimVersion(
        seq=row["seq"],
        id=row["id"],
        root_id=row["root_id"],
        report_id=row["report_id"],
        reading_seq=row["reading_seq"],
        supersedes=row["supersedes"],
    )


def assessment_from_row(row: sqlite3.Row) -> Assessment:
    """An assessment of its columns."""
    return Assessment(
        id=row["id"],
        subject_id=row["subject_id"],
        verdict=row["verdict"],
        by=row["by_name"],
        at=parse_stamp(row["at"]),
        why=row["why"],
        corrections=tuple((f, v) for f, v in json.loads(row["corrections"])),
    )


def place_to_json(place: Place | None) -> str:
    """A place as JSON text; `null` for none."""
    if place is None:
        return "null"
    return dump_json(asdict(place) | {"names": list(place.names)})


def place_from_json(text: str) -> Place | None:
    """A place of JSON text."""
    data: Mapping[str, Any] | None = json.loads(text)
    if data is None:
        return None
    return Place(**{**data, "names": tuple(data["names"])})


def correction_id(correction: PlaceCorrection) -> str:
    """The id of a place correction: the same word of the same person at the same time is one."""
    return content_id(
        "correction/1",
        correction.report_id,
        correction.exact.casefold(),
        None if correction.place is None else correction.place.id,
        correction.by,
        floor_stamp(correction.at),
    )


def correction_from_row(row: sqlite3.Row) -> PlaceCorrection:
    """A place correction of its columns."""
    return PlaceCorrection(
        exact=row["exact"],
        place=place_from_json(row["place"]),
        by=row["by_name"],
        at=parse_stamp(row["at"]),
        why=row["why"],
        report_id=row["report_id"],
    )


def insert(connection: sqlite3.Connection, table: str, values: Mapping[str, Any]) -> int:
    """Add one row; its number. `table` and the keys are ours, never a user's."""
    names = ", ".join(values)
    marks = ", ".join(f":{name}" for name in values)
    cursor = connection.execute(f"INSERT INTO {table} ({names}) VALUES ({marks})", dict(values))  # noqa: S608
    assert cursor.lastrowid is not None
    return cursor.lastrowid


def insert_many(connection: sqlite3.Connection, table: str, values: Iterable[Mapping[str, Any]]) -> int:
    """Add rows with the same columns; their number."""
    rows = [dict(v) for v in values]
    if rows:
        names = ", ".join(rows[0])
        marks = ", ".join(f":{name}" for name in rows[0])
        connection.executemany(f"INSERT INTO {table} ({names}) VALUES ({marks})", rows)  # noqa: S608
    return len(rows)
