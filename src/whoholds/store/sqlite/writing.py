"""Rows that several of the ledger's transactions write. Each function needs one to be open."""

from __future__ import annotations

import json
import sqlite3
from collections.abc import Iterable
from datetime import datetime

from whoholds.errors import InputError, NotFoundError
from whoholds.model import Claim
from whoholds.store.gpkg import blob_from_wkb
from whoholds.store.moments import ceil_stamp, floor_stamp, moment_bounds, parse_stamp
from whoholds.store.policy import correction_path, visible_from
from whoholds.store.records import ControlRowLike, ControlRun
from whoholds.store.sqlite.rows import claim_to_body, content_hash, dump_json, insert
from whoholds.store.theatre_files import PackedTheatre
from whoholds.theatre import Theatre

__all__ = [
    "claims_under",
    "control_columns",
    "find_id",
    "find_subject",
    "forerunners_first",
    "is_redacted",
    "locate_corrections",
    "need_name",
    "put_claim",
    "put_theatre",
]


def need_name(by: str) -> None:
    """Refuse a decision of nobody.

    Raises:
        InputError: The name is blank.
    """
    if not by.strip():
        raise InputError("say who decides: a name is kept with every decision (--by NAME)")


def is_redacted(connection: sqlite3.Connection, report_id: str) -> bool:
    """Whether the words of a report were blanked."""
    found = connection.execute("SELECT 1 FROM redaction WHERE report_id = ?", (report_id,)).fetchone()
    return found is not None


def put_theatre(connection: sqlite3.Connection, packed: PackedTheatre, *, by: str, now: datetime) -> None:
    """A new edition of the theatre, with its files."""
    row = {"body": packed.body, "by_name": by, "recorded_at": floor_stamp(now)}
    seq = insert(connection, "theatre", row)
    for name, content in sorted(packed.files.items()):
        insert(connection, "theatre_file", {"theatre_seq": seq, "name": name, "content": content})


def put_claim(
    connection: sqlite3.Connection,
    claim: Claim,
    theatre: Theatre,
    *,
    reading_seq: int | None,
    origin_recorded_at: str | None = None,
) -> None:
    """One version of a claim; `recorded_at` is the ledger's own time already."""
    assert claim.recorded_at is not None
    report = connection.execute("SELECT visible_from FROM report WHERE id = ?", (claim.report_id,)).fetchone()
    since = visible_from(claim.reported_at, None, claim.recorded_at, theatre.zone)
    if report is not None:
        since = max(since, parse_stamp(report["visible_from"]))
    until = None if claim.reported_at is None else moment_bounds(claim.reported_at, theatre.zone)[1]
    insert(
        connection,
        "claim",
        {
            "id": claim.id,
            "report_id": claim.report_id or None,
            "reading_seq": reading_seq,
            "supersedes": claim.supersedes,
            "root_id": _root_of(connection, claim),
            "body": claim_to_body(claim, theatre.zone, origin_recorded_at),
            "content_sha256": content_hash(claim, theatre.zone),
            "reported_until": None if until is None else ceil_stamp(until),
            "visible_from": ceil_stamp(since),
            "origin_recorded_at": origin_recorded_at,
            "recorded_at": floor_stamp(claim.recorded_at),
        },
    )


def _root_of(connection: sqlite3.Connection, claim: Claim) -> str:
    """The first claim of the chain: the same for all versions of one id, whatever came between."""
    for known in (claim.id, claim.supersedes):
        if known is not None:
            row = connection.execute("SELECT root_id FROM claim WHERE id = ? LIMIT 1", (known,)).fetchone()
            if row is not None:
                return str(row["root_id"])
    return claim.supersedes or claim.id


def find_subject(connection: sqlite3.Connection, subject_id: str) -> tuple[str, str | None]:
    """The root and the report of a claim or a report.

    Raises:
        NotFoundError: There is neither with that id.
    """
    row = connection.execute(
        "SELECT root_id, report_id FROM claim WHERE id = ? ORDER BY seq DESC LIMIT 1", (subject_id,)
    ).fetchone()
    if row is not None:
        return row["root_id"], row["report_id"]
    if connection.execute("SELECT 1 FROM report WHERE id = ?", (subject_id,)).fetchone():
        return subject_id, subject_id
    raise NotFoundError(
        f"no claim or report {subject_id!r} in this ledger; ids are listed by: whoholds claims"
    )


def find_id(connection: sqlite3.Connection, start: str) -> str:
    """The id of the one claim or report that starts so, `sha256:` aside.

    Raises:
        NotFoundError: There is none, or more than one.
    """
    given = start.strip()
    found: set[str] = set()
    for prefix in {given, f"sha256:{given.removeprefix('sha256:')}"} if given else ():
        for table in ("claim", "report"):
            rows = connection.execute(
                f"SELECT DISTINCT id FROM {table} WHERE id >= :low AND id < :high LIMIT 3",  # noqa: S608
                {"low": prefix, "high": prefix + "\U0010ffff"},
            )
            found |= {row["id"] for row in rows}
    if given in found:
        return given
    if len(found) > 1:
        raise NotFoundError(f"several ids start with {start!r}; give more of it", code="ambiguous_id")
    if not found:
        raise NotFoundError(
            f"no claim or report {start!r} in this ledger; ids are listed by: whoholds claims"
        )
    return found.pop()


def locate_corrections(
    connection: sqlite3.Connection, claim: Claim, corrections: Iterable[tuple[str, str]]
) -> tuple[tuple[str, str], ...]:
    """Corrections with the name and position of each place that is put in another's stead.

    A place id alone would leave the old place's point under the new one's name. The position comes from
    other claims, or from the candidates that the reader considered.

    Raises:
        InputError: Nothing here says where the new place is.
    """
    given = tuple(corrections)
    corrected = {tuple(correction_path(field)) for field, _ in given}
    found = list(given)
    for field, text in given:
        path = correction_path(field)
        if len(path) != 3 or path[0] != "places" or path[2] != "place_id":
            continue
        stem = ".".join(path[:2])
        if {(*path[:2], "lon"), (*path[:2], "lat")} <= corrected:
            continue
        place_id = json.loads(text) if text else None
        where = _position_of(connection, claim.report_id, place_id) if place_id is not None else _NOWHERE
        if where is None:
            raise InputError(
                f"this ledger does not know where {place_id!r} is; correct {stem}.lon and {stem}.lat too",
                code="unknown_place",
            )
        found += [
            (f"{stem}.{name}", dump_json(value))
            for name, value in where.items()
            if (*path[:2], name) not in corrected
        ]
    return tuple(found)


_NOWHERE: dict[str, object] = {"lon": None, "lat": None, "radius_m": None}


def _position_of(
    connection: sqlite3.Connection, report_id: str, place_id: object
) -> dict[str, object] | None:
    row = connection.execute(
        "SELECT place AS name, lon, lat, radius_m, kind FROM current_place "
        "WHERE place_id = ? AND lon IS NOT NULL AND lat IS NOT NULL ORDER BY place_p DESC, fid LIMIT 1",
        (str(place_id),),
    ).fetchone()
    if row is not None:
        return dict(row) | {"p": 1.0}
    for reading in connection.execute(
        "SELECT mentions FROM reading WHERE report_id = ? ORDER BY seq DESC", (report_id,)
    ):
        for mention in json.loads(reading["mentions"])["places"]:
            for candidate in (mention, *mention["candidates"]):
                if candidate["place_id"] == place_id and candidate["lon"] is not None:
                    return {name: candidate[name] for name in ("name", "lon", "lat")} | {"p": 1.0}
    return None


def claims_under(connection: sqlite3.Connection, root_id: str) -> list[str]:
    """Ids of the claims that a verdict on a root (a claim's, or a report's id) bears on."""
    rows = connection.execute(
        "SELECT DISTINCT id FROM claim WHERE root_id = :root OR report_id = :root", {"root": root_id}
    )
    return [row["id"] for row in rows]


def forerunners_first(claims: Iterable[Claim]) -> list[Claim]:
    """Claims in their order, but each after the one that it supersedes, so that chains find their root."""
    given = list(claims)
    first_at: dict[str, int] = {}
    for n, claim in enumerate(given):
        first_at.setdefault(claim.id, n)
    placed: set[int] = set()
    found: list[Claim] = []
    for n, claim in enumerate(given):
        chain, seen = [n], {claim.id}
        while (ahead := given[chain[-1]].supersedes) in first_at and ahead not in seen:
            assert ahead is not None
            seen.add(ahead)
            chain.append(first_at[ahead])
        for place in reversed(chain):
            # By place, not by id: a second claim with the same id is to be met, and judged, later.
            if place not in placed:
                placed.add(place)
                found.append(given[place])
    return found


def control_columns(row: ControlRowLike, run: ControlRun) -> dict[str, object]:
    """A stretch of the record of control as columns.

    Raises:
        InputError: The stretch ends before it begins.
    """
    if row.to_on is not None and row.to_on < row.from_on:
        raise InputError(f"control of {row.unit_id} ends on {row.to_on}, before it begins on {row.from_on}")
    shares = dict(row.p)
    return {
        "audience": run.audience.value,
        "unit_id": row.unit_id,
        "from_on": row.from_on.isoformat(),
        "to_on": None if row.to_on is None else row.to_on.isoformat(),
        "status": row.status,
        "p": dump_json(shares),
        "p_of_status": shares.get(row.status, 0.0),
        "n_claims": row.n_claims,
        "method": run.method,
        "geometry": None if row.geometry_wkb is None else blob_from_wkb(row.geometry_wkb),
    }
