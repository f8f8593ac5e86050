"""The one act that destroys: blanking the words of a report.

The triggers let it through only while the report's id lies in `redaction_guard`, which in turn needs a
row in `redaction`, which nothing can take away again.
"""

from __future__ import annotations

import json
import sqlite3
from contextlib import suppress
from datetime import datetime

from whoholds.errors import NotFoundError
from whoholds.store.moments import floor_stamp, truncate
from whoholds.store.policy import mask_text, redact_claim, redact_corrections
from whoholds.store.records import Redaction
from whoholds.store.sqlite.files import Database
from whoholds.store.sqlite.projection import project
from whoholds.store.sqlite.rows import MENTIONS, claim_from_body, claim_to_body, dump_json
from whoholds.theatre import Theatre

__all__ = ["redact_report"]

BLANK = "[redacted]"


def redact_report(
    database: Database, theatre: Theatre, report_id: str, *, by: str, why: str, now: datetime
) -> Redaction:
    """Blank bytes, text, title, address, mentions, the claims' words, and what people wrote about them.

    A second redaction of the same report changes nothing and gives the first.

    Raises:
        NotFoundError: There is no such report.
    """
    at = truncate(now)
    with database.write() as connection:
        report = connection.execute("SELECT sha256, text FROM report WHERE id = ?", (report_id,)).fetchone()
        if report is None:
            raise NotFoundError(f"no report {report_id!r} in this ledger")
        known = connection.execute("SELECT * FROM redaction WHERE report_id = ?", (report_id,)).fetchone()
        if known is not None:
            return redaction_from_row(known)
        connection.execute(
            "INSERT INTO redaction (report_id, sha256, by_name, why, at) VALUES (?, ?, ?, ?, ?)",
            (report_id, report["sha256"], by, why, floor_stamp(at)),
        )
        connection.execute("INSERT INTO redaction_guard VALUES (?)", (report_id,))
        _blank_report(connection, report_id, report["text"])
        ids = _blank_claims(connection, report_id, theatre)
        _blank_talk(connection, report_id)
        connection.execute("DELETE FROM redaction_guard WHERE report_id = ?", (report_id,))
        project(connection, theatre, ids)
    _scrub(database)
    return Redaction(report_id, report["sha256"], by, why, at)


def redaction_from_row(row: sqlite3.Row) -> Redaction:
    """A redaction of its columns."""
    return Redaction(
        row["report_id"], row["sha256"], row["by_name"], row["why"], datetime.fromisoformat(row["at"])
    )


def _blank_report(connection: sqlite3.Connection, report_id: str, text: str) -> None:
    connection.execute(
        "UPDATE report SET text = ?, title = NULL, address = NULL, name = NULL, echo_of = NULL, meta = '[]', "
        "furniture = '[]' WHERE id = ?",
        (mask_text(text), report_id),
    )
    connection.execute("UPDATE report_bytes SET content = NULL WHERE report_id = ?", (report_id,))
    nothing = dump_json({name: [] for name in MENTIONS})
    connection.execute("UPDATE reading SET mentions = ? WHERE report_id = ?", (nothing, report_id))


def _blank_claims(connection: sqlite3.Connection, report_id: str, theatre: Theatre) -> list[str]:
    rows = connection.execute("SELECT seq, id, body FROM claim WHERE report_id = ?", (report_id,)).fetchall()
    for row in rows:
        origin_at = json.loads(row["body"]).get("origin_recorded_at")
        blank = redact_claim(claim_from_body(row["body"], theatre.zone))
        connection.execute(
            "UPDATE claim SET body = ? WHERE seq = ?",
            (claim_to_body(blank, theatre.zone, origin_at), row["seq"]),
        )
    return [row["id"] for row in rows]


def _blank_talk(connection: sqlite3.Connection, report_id: str) -> None:
    connection.execute("UPDATE comment SET words = ? WHERE report_id = ?", (BLANK, report_id))
    rows = connection.execute(
        "SELECT seq, corrections FROM assessment WHERE report_id = ?", (report_id,)
    ).fetchall()
    for row in rows:
        kept = redact_corrections((f, v) for f, v in json.loads(row["corrections"]))
        connection.execute(
            "UPDATE assessment SET why = ?, corrections = ? WHERE seq = ?",
            (BLANK, dump_json([list(pair) for pair in kept]), row["seq"]),
        )


def _scrub(database: Database) -> None:
    """Leave no copy of the words in free space or in the log.

    `secure_delete` overwrites what is unlinked; rebalanced pages and the log may keep older copies. Where
    another process is reading, its end (the last close folds in the log) finishes the work.
    """
    with database.lock, suppress(sqlite3.OperationalError):
        database.connection.execute("PRAGMA wal_checkpoint(TRUNCATE)")
        database.connection.execute("VACUUM")
        database.connection.execute("PRAGMA wal_checkpoint(TRUNCATE)")
