"""Copies of a ledger: a backup of all of it, and a public file of what the public may see."""

from __future__ import annotations

import sqlite3
from collections.abc import Iterable
from datetime import datetime
from pathlib import Path
from typing import TYPE_CHECKING

from whoholds.model.contract import moment_to_json
from whoholds.store.moments import truncate
from whoholds.store.policy import visible_from
from whoholds.store.records import ControlRow, StoredReport
from whoholds.store.sqlite.files import Database, claim_path, explain, migrate, new_connection
from whoholds.store.sqlite.layers import fill_shares, refresh_layers
from whoholds.store.sqlite.projection import Effective, write_current
from whoholds.store.sqlite.rows import (
    MENTIONS,
    dump_json,
    insert,
    insert_many,
    report_to_row,
    version_from_row,
)
from whoholds.store.sqlite.writing import control_columns, put_claim, put_theatre
from whoholds.store.theatre_files import pack_theatre
from whoholds.theatre import Theatre

if TYPE_CHECKING:
    from whoholds.store.sqlite.view import SqliteView

__all__ = ["backup_to", "export_public_to"]


def backup_to(database: Database, to: Path) -> None:
    """Copy the whole file with SQLite's backup, in one step, so that the copy is one state of it."""
    with claim_path(to) as fresh, database.lock:
        target = new_connection(fresh)
        try:
            with explain(to):
                # The source is locked against nobody; readers and writers go on.
                database.connection.backup(target, pages=-1)
                target.execute("PRAGMA journal_mode = DELETE")
        finally:
            target.close()


def export_public_to(view: SqliteView, theatre: Theatre, to: Path, now: datetime) -> None:
    """Write a new ledger that holds the public view alone.

    Reports have their words masked as far as their display right asks and no bytes; claims in force have
    corrections, coarsening and masks applied; there are no earlier versions, no names of who decided, no
    comments, tags, runs or file names.
    """
    at = truncate(now)
    packed = pack_theatre(theatre, is_public=True)
    with claim_path(to) as fresh:
        connection = new_connection(fresh)
        try:
            with explain(to):
                migrate(connection, to)
                connection.execute("BEGIN IMMEDIATE")
                put_theatre(connection, packed, by="export public", now=at)
                refresh_layers(connection, theatre)
                for stored in view.stored_reports():
                    _put_report(connection, stored, theatre)
                _put_claims(connection, view, theatre)
                _put_control(connection, view)
                fill_shares(connection, theatre)
                connection.execute("COMMIT")
        finally:
            connection.close()


def _put_report(connection: sqlite3.Connection, stored: StoredReport, theatre: Theatre) -> None:
    report = stored.report
    since = visible_from(None, report.published_at, stored.recorded_at, theatre.zone)
    row = report_to_row(report, visible_from=since, recorded_at=stored.recorded_at)
    seq = insert(connection, "report", row | {"media_type": stored.media_type, "display": stored.display})
    insert(connection, "report_bytes", {"report_seq": seq, "report_id": report.id, "content": None})
    if stored.reader is not None:
        mentions = {name: stored.reading[name] for name in MENTIONS}
        insert(
            connection,
            "reading",
            {
                "report_id": report.id,
                "reader": stored.reader,
                "mentions": dump_json(mentions),
                "recorded_at": row["recorded_at"],
            },
        )
    if stored.redaction is not None:
        insert(
            connection,
            "redaction",
            {
                "report_id": report.id,
                "sha256": report.sha256,
                "by_name": "",
                "why": "",
                "at": moment_to_json(stored.redaction.at),
            },
        )


def _put_claims(connection: sqlite3.Connection, view: SqliteView, theatre: Theatre) -> None:
    statuses = view.claim_statuses()
    effective = []
    for claim in view.claims():
        reading = connection.execute(
            "SELECT seq FROM reading WHERE report_id = ? ORDER BY seq DESC LIMIT 1", (claim.report_id,)
        ).fetchone()
        put_claim(connection, claim, theatre, reading_seq=reading["seq"] if reading else None)
        row = connection.execute("SELECT * FROM claim ORDER BY seq DESC LIMIT 1").fetchone()
        version = version_from_row(row)
        effective.append(Effective(version, claim, statuses.get(claim.id, "new")))
    write_current(connection, theatre, effective)


def _put_control(connection: sqlite3.Connection, view: SqliteView) -> None:
    run = view.control_run()
    if run is None:
        return
    rows: Iterable[ControlRow] = view.control()
    insert(
        connection,
        "control_run",
        {
            "audience": run.audience.value,
            "method": run.method,
            "as_known_on": moment_to_json(run.as_known_on),
            "made_at": moment_to_json(run.made_at),
            "details": "{}",
        },
    )
    insert_many(connection, "control_row", (control_columns(r, run) for r in rows))
