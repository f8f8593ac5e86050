"""The claims in force, derived from the record: `current_claim` and `current_place`.

Enters: a connection inside a transaction, and which claims were touched. Leaves: the derived rows of
those, made anew. `effective_claims` gives the same without writing, also for an earlier time.
"""

# SQL here is put together from fragments of ours; every value is a parameter.
# ruff: noqa: S608

from __future__ import annotations

import sqlite3
from collections import defaultdict
from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass
from typing import Any

from whoholds.errors import InputError
from whoholds.model import Assessment, Claim
from whoholds.model.contract import holds_to_json, moment_to_json
from whoholds.store.current import ClaimVersion, select_current
from whoholds.store.gpkg import blob_from_geojson, point_blob
from whoholds.store.moments import ceil_stamp, floor_stamp, moment_bounds, parse_stamp
from whoholds.store.policy import (
    MASK,
    apply_corrections,
    apply_place_corrections,
    claim_display,
    visible_from,
)
from whoholds.store.sqlite.rows import (
    assessment_from_row,
    claim_from_body,
    claim_to_body,
    correction_from_row,
    insert,
    insert_many,
    version_from_row,
)
from whoholds.theatre import Theatre

__all__ = ["Effective", "effective_claims", "project", "write_current"]

_STATUS = {"accept": "accepted", "reject": "rejected", "correct": "corrected", "unsure": "unsure"}
# SQLite's default limit on parameters is 32,766; some builds keep the old 999.
_BATCH = 500
# Areas and countries have a label point, which is not where the event was.
_AREA_KINDS = ("admin", "country", "water")


@dataclass(frozen=True, slots=True)
class Effective:
    """A claim as it stands: corrections applied.

    Attributes:
        version: Which version it is.
        claim: The claim.
        status: One of `CLAIM_STATUSES`, the report's rejection included.
    """

    version: ClaimVersion
    claim: Claim
    status: str


@dataclass(frozen=True, slots=True)
class _Until:
    """How far a look into the record goes; None for all of it."""

    recorded: str | None = None
    assessed: str | None = None


def effective_claims(
    connection: sqlite3.Connection,
    theatre: Theatre,
    ids: Iterable[str] | None = None,
    *,
    recorded_until: str | None = None,
    assessed_until: str | None = None,
) -> list[Effective]:
    """The claims in force, by id.

    Args:
        connection: An open ledger.
        theatre: Its theatre.
        ids: Only these claims; None for all.
        recorded_until: A stamp; only what the ledger knew then.
        assessed_until: A stamp; only what people had said by then.
    """
    until = _Until(recorded_until, assessed_until)
    wanted = None if ids is None else sorted(set(ids))
    versions = list(_versions(connection, wanted, until))
    if not versions:
        return []
    bodies = {v.seq: body for v, body in versions}
    whole = wanted is None
    report_ids = None if whole else {v.report_id for v, _ in versions if v.report_id is not None}
    claim_ids = None if whole else {v.id for v, _ in versions}
    subjects = None if whole else {v.root_id for v, _ in versions} | (report_ids or set())
    verdicts = _assessments(connection, until, subjects)
    vouched = {root for root, said in verdicts.items() if said and said[-1].verdict in ("accept", "correct")}
    chosen = select_current(
        (v for v, _ in versions),
        _latest_readings(connection, until, report_ids),
        vouched,
        _superseded(connection, until, claim_ids),
    )
    corrections = [
        correction_from_row(r)
        for r in connection.execute(
            "SELECT * FROM correction WHERE :at IS NULL OR at <= :at ORDER BY at, seq", {"at": until.assessed}
        )
    ]
    found = []
    for version in chosen:
        claim = claim_from_body(bodies[version.seq], theatre.zone)
        claim = apply_place_corrections(claim, corrections)
        said = verdicts.get(version.root_id, [])
        for assessment in said:
            claim = _corrected(claim, assessment, theatre)
        of_report = verdicts.get(version.report_id or "", [])
        found.append(Effective(version, claim, _status(said, of_report)))
    return sorted(found, key=lambda e: e.claim.id)


def _corrected(claim: Claim, assessment: Assessment, theatre: Theatre) -> Claim:
    if assessment.verdict != "correct":
        return claim
    try:
        return apply_corrections(claim, assessment.corrections, theatre.zone)
    except InputError:
        # It fitted the reading that it was made for; a later reading may lack the field (a third place).
        return claim


def _status(said: Sequence[Assessment], of_report: Sequence[Assessment]) -> str:
    """The newest verdict on the claim, unless its report was rejected since."""
    report_verdict = of_report[-1] if of_report else None
    if report_verdict is not None and report_verdict.verdict == "reject":
        vouched_since = said and said[-1].at > report_verdict.at and said[-1].verdict in ("accept", "correct")
        if not vouched_since:
            return "rejected"
    return _STATUS[said[-1].verdict] if said else "new"


def _versions(
    connection: sqlite3.Connection, ids: list[str] | None, until: _Until
) -> Iterator[tuple[ClaimVersion, str]]:
    # Claims of one chain compete for one place, so whole chains are looked at.
    sql = (
        "SELECT seq, id, report_id, reading_seq, supersedes, root_id, body FROM claim "
        "WHERE (:until IS NULL OR recorded_at <= :until)"
    )
    scope = " AND root_id IN (SELECT root_id FROM claim WHERE id IN ({marks}))"
    seen: set[int] = set()
    for row in _scoped(connection, sql, scope, "", ids, {"until": until.recorded}):
        if row["seq"] not in seen:
            seen.add(row["seq"])
            yield version_from_row(row), row["body"]


def _latest_readings(
    connection: sqlite3.Connection, until: _Until, report_ids: Iterable[str] | None
) -> dict[str, int]:
    sql = "SELECT report_id, MAX(seq) AS seq FROM reading WHERE (:until IS NULL OR recorded_at <= :until)"
    scope, group = " AND report_id IN ({marks})", " GROUP BY report_id"
    rows = _scoped(connection, sql, scope, group, report_ids, {"until": until.recorded})
    return {row["report_id"]: row["seq"] for row in rows}


def _superseded(
    connection: sqlite3.Connection, until: _Until, claim_ids: Iterable[str] | None
) -> dict[str, int]:
    sql = (
        "SELECT supersedes AS id, MAX(seq) AS seq FROM claim "
        "WHERE supersedes IS NOT NULL AND (:until IS NULL OR recorded_at <= :until)"
    )
    scope, group = " AND supersedes IN ({marks})", " GROUP BY supersedes"
    rows = _scoped(connection, sql, scope, group, claim_ids, {"until": until.recorded})
    return {row["id"]: row["seq"] for row in rows}


def _assessments(
    connection: sqlite3.Connection, until: _Until, subjects: Iterable[str] | None
) -> dict[str, list[Assessment]]:
    """Subject's root to its assessments, oldest first."""
    sql, scope = "SELECT * FROM assessment WHERE (:at IS NULL OR at <= :at)", " AND root_id IN ({marks})"
    rows = _scoped(connection, sql, scope, "", subjects, {"at": until.assessed})
    found: dict[str, list[Assessment]] = defaultdict(list)
    for row in sorted(rows, key=lambda r: (r["at"], r["seq"])):
        found[row["root_id"]].append(assessment_from_row(row))
    return found


def _scoped(
    connection: sqlite3.Connection,
    sql: str,
    scope: str,
    group: str,
    values: Iterable[str] | None,
    parameters: dict[str, Any],
) -> Iterator[sqlite3.Row]:
    """Rows of a query narrowed to some values, a batch of them at a time; of all, for None."""
    if values is None:
        yield from connection.execute(sql + group, parameters)
        return
    wanted = sorted(values)
    for start in range(0, len(wanted), _BATCH):
        batch = {f"i{n}": value for n, value in enumerate(wanted[start : start + _BATCH])}
        marks = ", ".join(f":{name}" for name in batch)
        yield from connection.execute(sql + scope.format(marks=marks) + group, batch | parameters)


# --- writing --------------------------------------------------------------------------------------


def project(connection: sqlite3.Connection, theatre: Theatre, ids: Iterable[str] | None = None) -> int:
    """Make the derived rows of some claims, or of all, anew; how many claims are in force among them."""
    wanted = None if ids is None else sorted(set(ids))
    if wanted is None:
        connection.execute("DELETE FROM current_place")
        connection.execute("DELETE FROM current_claim")
    else:
        for start in range(0, len(wanted), _BATCH):
            _forget(connection, wanted[start : start + _BATCH])
    effective = effective_claims(connection, theatre, wanted)
    write_current(connection, theatre, effective)
    return len(effective)


def _forget(connection: sqlite3.Connection, ids: Sequence[str]) -> None:
    marks = ", ".join("?" * len(ids))
    chains = f"SELECT root_id FROM claim WHERE id IN ({marks})"
    connection.execute(
        "DELETE FROM current_place WHERE claim_fid IN "
        f"(SELECT fid FROM current_claim WHERE root_id IN ({chains}))",
        ids,
    )
    connection.execute(f"DELETE FROM current_claim WHERE root_id IN ({chains})", ids)


def write_current(connection: sqlite3.Connection, theatre: Theatre, claims: Iterable[Effective]) -> None:
    """Write the derived rows of claims that have none."""
    reports = _Reports(connection)
    for item in claims:
        columns = _claim_columns(item, theatre, reports.get(item.claim.report_id))
        insert(connection, "current_claim", columns)
        insert_many(connection, "current_place", _place_columns(item))


class _Reports:
    """What a claim's row takes from its report, asked for once a report."""

    def __init__(self, connection: sqlite3.Connection) -> None:
        self._connection = connection
        self._known: dict[str, sqlite3.Row | None] = {}

    def get(self, report_id: str) -> sqlite3.Row | None:
        if report_id not in self._known:
            self._known[report_id] = self._connection.execute(
                "SELECT publisher, display, visible_from FROM report WHERE id = ?", (report_id,)
            ).fetchone()
        return self._known[report_id]


def _claim_columns(item: Effective, theatre: Theatre, report: sqlite3.Row | None) -> dict[str, Any]:
    claim = item.claim
    recorded_at = claim.recorded_at
    assert recorded_at is not None
    speaker = claim.speaker
    publisher = report["publisher"] if report else None
    if publisher is None and claim.attribution and claim.attribution[0].role in ("publisher", "map"):
        publisher = claim.attribution[0].name
    entry = theatre.find_source(publisher) if speaker is None else None
    side = speaker.side if speaker else entry.side if entry else None
    holds = holds_to_json(claim.holds, claim.edtf, theatre.zone)
    bounds = None if claim.reported_at is None else moment_bounds(claim.reported_at, theatre.zone)
    since = visible_from(claim.reported_at, None, recorded_at, theatre.zone)
    if report is not None:
        since = max(since, parse_stamp(report["visible_from"]))
    of_report = None if report is None else (report["publisher"], report["display"])
    names = [s.name for s in claim.attribution] + [p.name for p in claim.places]
    names += [n for n in (publisher, claim.actor, claim.target) if n]
    return {
        "fid": item.version.seq,
        "claim_id": claim.id,
        "root_id": item.version.root_id,
        "report_id": item.version.report_id,
        "event": claim.event.value,
        "stance": claim.stance.value,
        "polarity": claim.polarity.value,
        "actor": claim.actor,
        "actor_id": claim.actor_id,
        "target": claim.target,
        "target_id": claim.target_id,
        "speaker": speaker.name if speaker else None,
        "speaker_id": speaker.source_id if speaker else None,
        "side": side,
        "publisher": publisher,
        "quote": claim.quote.exact if claim.quote else None,
        "holds_from": holds["from"],
        "holds_to": holds["to"],
        "deadline": moment_to_json(claim.deadline),
        "reported_at": moment_to_json(claim.reported_at),
        "reported_from": None if bounds is None else floor_stamp(bounds[0]),
        "reported_until": None if bounds is None else ceil_stamp(bounds[1]),
        "recorded_at": floor_stamp(recorded_at),
        "visible_from": ceil_stamp(since),
        "p": claim.p,
        "status": item.status,
        "display": claim_display(theatre, claim, of_report),
        "reader": claim.reader,
        "origin": claim.origin,
        "map_class": claim.map_class.value if claim.map_class else None,
        "names": "\n".join(names),
        "body": claim_to_body(claim, theatre.zone),
        "geometry": None if claim.geometry is None else blob_from_geojson(claim.geometry),
    }


def _place_columns(item: Effective) -> list[dict[str, Any]]:
    claim = item.claim
    if not claim.places:
        empty = ("place_id", "place", "exact_folded", "relation", "kind", "place_p", "lon", "lat", "radius_m")
        return [{"claim_fid": item.version.seq} | dict.fromkeys((*empty, "geometry"))]
    rows = []
    for place in claim.places:
        words = place.exact or place.name
        is_point = place.lon is not None and place.lat is not None and place.kind not in _AREA_KINDS
        rows.append(
            {
                "claim_fid": item.version.seq,
                "place_id": place.place_id,
                "place": place.name,
                "exact_folded": None if MASK in words else words.casefold(),
                "relation": place.relation.value,
                "kind": place.kind,
                "place_p": place.p,
                "lon": place.lon,
                "lat": place.lat,
                "radius_m": place.radius_m,
                "geometry": point_blob(place.lon or 0.0, place.lat or 0.0) if is_point else None,
            }
        )
    return rows
