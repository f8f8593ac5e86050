"""The embedded ledger's writing half: each public method is one transaction.

Implements `whoholds.store.ledger.Ledger`; what the methods promise is said there.
"""

from __future__ import annotations

import sqlite3
from collections.abc import Iterable, Mapping
from dataclasses import replace
from datetime import datetime
from pathlib import Path
from types import TracebackType
from typing import Any, Self

from whoholds.errors import FormatError, InputError, InvariantError, StoreError
from whoholds.model import Assessment, Claim, Reading, Rejection, content_id, sha256_hex
from whoholds.model.contract import moment_to_json
from whoholds.store.current import link_to_forerunners
from whoholds.store.gpkg import blob_from_geojson
from whoholds.store.moments import floor_stamp, truncate
from whoholds.store.policy import apply_corrections, redact_claim, report_display, visible_from
from whoholds.store.records import (
    VERDICTS,
    Added,
    Audience,
    ControlRowLike,
    ControlRun,
    ImportResult,
    PlaceCorrection,
    Redaction,
)
from whoholds.store.sqlite.copies import backup_to, export_public_to
from whoholds.store.sqlite.files import (
    Database,
    check_file,
    claim_path,
    explain,
    load_migrations,
    migrate,
    new_connection,
    schema_version,
)
from whoholds.store.sqlite.layers import fill_shares, refresh_layers
from whoholds.store.sqlite.projection import effective_claims, project
from whoholds.store.sqlite.redaction import redact_report
from whoholds.store.sqlite.rows import (
    claim_from_body,
    content_hash,
    correction_from_row,
    correction_id,
    dump_json,
    insert,
    insert_many,
    mentions_of,
    place_to_json,
    report_to_row,
)
from whoholds.store.sqlite.view import SqliteView
from whoholds.store.sqlite.writing import (
    claims_under,
    control_columns,
    find_id,
    find_subject,
    forerunners_first,
    is_redacted,
    locate_corrections,
    need_name,
    put_claim,
    put_theatre,
)
from whoholds.store.theatre_files import PackedTheatre, pack_theatre, unpack_theatre
from whoholds.theatre import Theatre

__all__ = ["SqliteLedger"]


class SqliteLedger:
    """A ledger in one file."""

    def __init__(self, database: Database) -> None:
        self.path = database.path
        self._database = database
        self._theatre: tuple[int, Theatre] | None = None

    @classmethod
    def create(cls, path: Path, theatre: Theatre, *, now: datetime) -> SqliteLedger:
        """Make a file that is there whole or not at all, and open it."""
        packed = pack_theatre(theatre)
        with claim_path(path) as fresh:
            connection = new_connection(fresh)
            try:
                with explain(path):
                    migrate(connection, path)
                    connection.execute("BEGIN IMMEDIATE")
                    put_theatre(connection, packed, by="new", now=now)
                    refresh_layers(connection, theatre)
                    connection.execute("COMMIT")
            finally:
                connection.close()
        return cls(Database(path, is_read_only=False))

    @classmethod
    def open(cls, path: Path, *, is_read_only: bool) -> SqliteLedger:
        """Open a file that is there; an older one is brought up to date first."""
        check_file(path)
        database = Database(path, is_read_only=is_read_only)
        try:
            with explain(path):
                version = schema_version(database.connection, path)
                if not is_read_only:
                    migrate(database.connection, path)
                elif version < load_migrations()[-1].version:
                    raise StoreError(
                        f"{path} has an older schema; open it for writing once to bring it up to date",
                        code="ledger_too_old",
                    )
        except BaseException:
            database.close()
            raise
        return cls(database)

    @property
    def theatre(self) -> Theatre:
        """The war that the ledger is about, as last set."""
        with self._database.lock:
            seq = self._database.value("SELECT MAX(seq) FROM theatre")
            assert isinstance(seq, int)
            if self._theatre is None or self._theatre[0] != seq:
                body = self._database.value("SELECT body FROM theatre WHERE seq = ?", (seq,))
                files = self._database.rows(
                    "SELECT name, content FROM theatre_file WHERE theatre_seq = ?", (seq,)
                )
                packed = PackedTheatre(str(body), {r["name"]: r["content"] for r in files})
                theatre = unpack_theatre(packed)
                self._database.connection.create_function(
                    "display_right", 2, lambda publisher, display: report_display(theatre, publisher, display)
                )
                self._theatre = (seq, theatre)
            return self._theatre[1]

    def view(self, audience: Audience, now: datetime) -> SqliteView:
        """What an audience may see at `now`."""
        return SqliteView(self._database, self.theatre, Audience(audience), truncate(now))

    def has_report(self, report_id: str, reader: str | None = None) -> bool:
        """Whether a report is kept, and read by `reader` if one is named."""
        if reader is None:
            return self._database.value("SELECT 1 FROM report WHERE id = ?", (report_id,)) is not None
        readers = self._database.rows("SELECT reader FROM reading WHERE report_id = ?", (report_id,))
        return any(r["reader"] == reader or r["reader"].startswith(reader + "/") for r in readers)

    def find_id(self, start: str) -> str:
        """The id of the one claim or report that starts so, `sha256:` aside."""
        with self._database.read() as connection:
            return find_id(connection, start)

    def claims_of_report_named(self, name: str) -> list[Claim]:
        """Claims in force of the report with that id or file name."""
        rows = self._database.rows(
            "SELECT body FROM current_claim WHERE report_id = "
            "(SELECT id FROM report WHERE id = :name OR name = :name ORDER BY seq LIMIT 1) ORDER BY claim_id",
            {"name": name},
        )
        return [claim_from_body(r["body"], self.theatre.zone) for r in rows]

    # --- reports and claims -----------------------------------------------------------------------

    def add_reading(
        self, reading: Reading, *, raw: bytes, media_type: str, now: datetime, name: str | None = None
    ) -> Added:
        """Keep a report, its bytes and all that was read in it."""
        report = reading.report
        digest = sha256_hex(raw)
        if digest != report.sha256:
            raise InvariantError(
                f"report {report.id} says its bytes have SHA-256 {report.sha256[:12]}…, "
                f"but those given have {digest[:12]}…"
            )
        report_id = content_id("report/1", digest)
        report = replace(report, id=report_id)
        theatre, at = self.theatre, truncate(now)
        with self._database.write() as connection:
            known = connection.execute("SELECT * FROM report WHERE id = ?", (report_id,)).fetchone()
            read = connection.execute(
                "SELECT 1 FROM reading WHERE report_id = ? AND reader = ?", (report_id, reading.reader)
            ).fetchone()
            # Words that were redacted do not come back by another reading.
            if read or (known and is_redacted(connection, report_id)):
                return Added(report_id, is_new=False, n_claims=0)
            if not known:
                since = visible_from(None, report.published_at, at, theatre.zone)
                row = report_to_row(report, visible_from=since, recorded_at=at)
                seq = insert(connection, "report", row | {"media_type": media_type, "name": name})
                insert(
                    connection, "report_bytes", {"report_seq": seq, "report_id": report_id, "content": raw}
                )
            reading_seq = insert(
                connection,
                "reading",
                {
                    "report_id": report_id,
                    "reader": reading.reader,
                    "mentions": mentions_of(reading, theatre.zone),
                    "recorded_at": floor_stamp(at),
                },
            )
            earlier = self._claims_of(connection, report_id)
            claims = link_to_forerunners(
                (replace(c, report_id=report_id, recorded_at=at) for c in reading.claims), earlier
            )
            if len({c.id for c in claims}) < len(claims):
                raise InvariantError(f"reader {reading.reader} gave two claims of {report_id} the same id")
            for claim in claims:
                put_claim(connection, claim, theatre, reading_seq=reading_seq)
            project(connection, theatre, {c.id for c in (*claims, *earlier)})
        return Added(report_id, is_new=True, n_claims=len(claims))

    def _claims_of(self, connection: sqlite3.Connection, report_id: str) -> list[Claim]:
        rows = connection.execute(
            "SELECT body FROM claim WHERE report_id = ? AND seq IN "
            "(SELECT MAX(seq) FROM claim WHERE report_id = ? GROUP BY id)",
            (report_id, report_id),
        )
        return [claim_from_body(r["body"], self.theatre.zone) for r in rows]

    def add_claims(self, claims: Iterable[Claim], *, now: datetime) -> ImportResult:
        """Keep claims that come from elsewhere."""
        theatre, at = self.theatre, truncate(now)
        added, known, touched = 0, 0, set[str]()
        rejections: list[Rejection] = []
        with self._database.write() as connection:
            for claim in forerunners_first(claims):
                problem = self._import_problem(connection, claim, theatre)
                if problem == "known":
                    known += 1
                    continue
                if isinstance(problem, Rejection):
                    rejections.append(problem)
                    continue
                origin_at = moment_to_json(claim.recorded_at)
                kept = replace(claim, recorded_at=at)
                if kept.report_id and is_redacted(connection, kept.report_id):
                    kept = redact_claim(kept)
                put_claim(connection, kept, theatre, reading_seq=None, origin_recorded_at=origin_at)
                added += 1
                touched.add(claim.id)
                if claim.supersedes:
                    touched.add(claim.supersedes)
            project(connection, theatre, touched)
        return ImportResult(added, known, tuple(rejections))

    def _import_problem(
        self, connection: sqlite3.Connection, claim: Claim, theatre: Theatre
    ) -> Rejection | str | None:
        if not claim.id:
            return Rejection("", "import", "bad_format", "a claim has no id; give the contract's")
        if claim.supersedes == claim.id or claim.echo_of == claim.id:
            return Rejection(claim.id, "import", "bad_format", "a claim cannot supersede or echo itself")
        kept = connection.execute(
            "SELECT body, content_sha256 FROM claim WHERE id = ? ORDER BY seq DESC", (claim.id,)
        ).fetchall()
        if kept:
            given = content_hash(claim, theatre.zone)
            if any(row["content_sha256"] == given for row in kept):
                return "known"
            # An export of this ledger has the claim as people corrected it.
            standing = effective_claims(connection, theatre, [claim.id])
            if any(given == content_hash(e.claim, theatre.zone) for e in standing):
                return "known"
            return Rejection(
                claim.id,
                "import",
                "conflicting_claim",
                "another claim with this id and other content is kept already; the first stays",
            )
        if claim.geometry is not None:
            try:
                blob_from_geojson(claim.geometry)
            except FormatError as error:
                return Rejection(claim.id, "import", error.code, str(error))
        return None

    # --- what people decide -----------------------------------------------------------------------

    def add_assessment(self, assessment: Assessment) -> None:
        """Keep a verdict."""
        if assessment.verdict not in VERDICTS:
            raise InputError(f"verdict {assessment.verdict!r} is none of {', '.join(VERDICTS)}")
        if assessment.corrections and assessment.verdict != "correct":
            raise InputError("only the verdict 'correct' carries corrections")
        need_name(assessment.by)
        theatre = self.theatre
        with self._database.write() as connection:
            if connection.execute("SELECT 1 FROM assessment WHERE id = ?", (assessment.id,)).fetchone():
                return
            root_id, report_id = find_subject(connection, assessment.subject_id)
            corrections = assessment.corrections
            if assessment.verdict == "correct":
                corrections = self._checked_corrections(connection, assessment, theatre)
            insert(
                connection,
                "assessment",
                {
                    "id": assessment.id,
                    "subject_id": assessment.subject_id,
                    "root_id": root_id,
                    "report_id": report_id,
                    "verdict": assessment.verdict,
                    "by_name": assessment.by,
                    "at": floor_stamp(assessment.at),
                    "why": assessment.why,
                    "corrections": dump_json([list(pair) for pair in corrections]),
                },
            )
            project(connection, theatre, claims_under(connection, root_id))

    def _checked_corrections(
        self, connection: sqlite3.Connection, assessment: Assessment, theatre: Theatre
    ) -> tuple[tuple[str, str], ...]:
        if not assessment.corrections:
            raise InputError("a correction needs at least one FIELD=VALUE")
        row = connection.execute(
            "SELECT body FROM claim WHERE id = ? ORDER BY seq DESC LIMIT 1", (assessment.subject_id,)
        ).fetchone()
        if row is None:
            raise InputError(
                "a report is accepted or rejected, not corrected; correct its claims", code="bad_correction"
            )
        # The claim as it stands, or a superseded one as it last stood.
        standing = effective_claims(connection, theatre, [assessment.subject_id])
        claim = standing[0].claim if standing else claim_from_body(row["body"], theatre.zone)
        # First as given, so that a field that is not there is refused by its own name.
        apply_corrections(claim, assessment.corrections, theatre.zone)
        corrections = locate_corrections(connection, claim, assessment.corrections)
        corrected = apply_corrections(claim, corrections, theatre.zone)
        if corrected.geometry is not None:
            blob_from_geojson(corrected.geometry)
        return corrections

    def add_comment(self, subject_id: str, words: str, *, by: str, now: datetime) -> None:
        """Keep a comment."""
        need_name(by)
        if not words.strip():
            raise InputError("a comment needs words")
        self._say("comment", subject_id, by, now, {"words": words})

    def add_tag(self, subject_id: str, tag: str, *, by: str, now: datetime, is_removal: bool = False) -> None:
        """Put a tag on, or take it off."""
        need_name(by)
        word = " ".join(tag.split())
        if not word:
            raise InputError("a tag needs a word")
        self._say("tag", subject_id, by, now, {"tag": word, "is_on": int(not is_removal)})

    def _say(self, table: str, subject_id: str, by: str, now: datetime, what: Mapping[str, Any]) -> None:
        with self._database.write() as connection:
            root_id, report_id = find_subject(connection, subject_id)
            common: dict[str, Any] = {"subject_id": subject_id, "root_id": root_id, "report_id": report_id}
            insert(connection, table, common | dict(what) | {"by_name": by, "at": floor_stamp(now)})

    def add_correction(self, correction: PlaceCorrection) -> int:
        """Keep which place some words mean; the number of claims that it changed."""
        need_name(correction.by)
        words = correction.exact.strip()
        if not words:
            raise InputError("a correction needs the words that it is about")
        place = correction.place
        if place is not None and not (-180 <= place.lon <= 180 and -90 <= place.lat <= 90):
            raise InputError(f"place {place.name!r} lies off the globe: lon {place.lon}, lat {place.lat}")
        correction = replace(correction, exact=words)
        with self._database.write() as connection:
            if correction.report_id is not None:
                find_subject(connection, correction.report_id)
            given = correction_id(correction)
            if connection.execute("SELECT 1 FROM correction WHERE id = ?", (given,)).fetchone():
                return 0
            insert(
                connection,
                "correction",
                {
                    "id": given,
                    "report_id": correction.report_id,
                    "exact": words,
                    "exact_folded": words.casefold(),
                    "place": place_to_json(place),
                    "by_name": correction.by,
                    "at": floor_stamp(correction.at),
                    "why": correction.why,
                },
            )
            rows = connection.execute(
                "SELECT DISTINCT c.claim_id FROM current_place p JOIN current_claim c ON c.fid = p.claim_fid "
                "WHERE p.exact_folded = :words AND (:report IS NULL OR c.report_id = :report)",
                {"words": words.casefold(), "report": correction.report_id},
            ).fetchall()
            project(connection, self.theatre, [r["claim_id"] for r in rows])
        return len(rows)

    def place_corrections(self) -> list[PlaceCorrection]:
        """What people said of names, oldest first."""
        rows = self._database.rows("SELECT * FROM correction ORDER BY at, seq")
        return [correction_from_row(row) for row in rows]

    def places_by_publisher(self) -> list[tuple[str, str, int]]:
        """Where the claims of each publisher's reports are."""
        rows = self._database.rows(
            "SELECT r.publisher, p.place_id, COUNT(DISTINCT r.id) AS n FROM current_place p "
            "JOIN current_claim c ON c.fid = p.claim_fid JOIN report r ON r.id = c.report_id "
            "WHERE p.place_id IS NOT NULL AND p.place_p >= 0.8 AND r.publisher IS NOT NULL "
            "GROUP BY r.publisher, p.place_id ORDER BY r.publisher, p.place_id"
        )
        return [(r["publisher"], r["place_id"], int(r["n"])) for r in rows]

    def add_redaction(self, report_id: str, *, by: str, why: str, now: datetime) -> Redaction:
        """Blank a report's bytes and words everywhere."""
        need_name(by)
        if not why.strip():
            raise InputError("a redaction needs a reason")
        return redact_report(self._database, self.theatre, report_id, by=by, why=why, now=now)

    # --- runs, theatre, derived -------------------------------------------------------------------

    def add_run(self, kind: str, *, by: str, now: datetime, details: Mapping[str, Any]) -> int:
        """Keep that something ran; its number."""
        row = {"kind": kind, "by_name": by, "details": dump_json(details), "recorded_at": floor_stamp(now)}
        with self._database.write() as connection:
            return insert(connection, "run", row)

    def add_theatre(self, theatre: Theatre, *, by: str, now: datetime) -> None:
        """Put a new edition of the theatre in force."""
        need_name(by)
        if theatre.id != self.theatre.id:
            raise InputError(
                f"this ledger is about {self.theatre.id!r}, not {theatre.id!r}; make a new ledger for that"
            )
        packed = pack_theatre(theatre)
        with self._database.write() as connection:
            put_theatre(connection, packed, by=by, now=now)
            refresh_layers(connection, theatre)
            project(connection, theatre)

    def replace_control(self, run: ControlRun, rows: Iterable[ControlRowLike]) -> int:
        """Put a record of control in the place of the last one of that audience."""
        audience = Audience(run.audience).value
        with self._database.write() as connection:
            connection.execute("DELETE FROM control_row WHERE audience = ?", (audience,))
            connection.execute("DELETE FROM control_run WHERE audience = ?", (audience,))
            insert(
                connection,
                "control_run",
                {
                    "audience": audience,
                    "method": run.method,
                    "as_known_on": None if run.as_known_on is None else floor_stamp(run.as_known_on),
                    "made_at": floor_stamp(run.made_at),
                    "details": dump_json(dict(run.details)),
                },
            )
            written = insert_many(connection, "control_row", (control_columns(r, run) for r in rows))
            fill_shares(connection, self.theatre)
            return written

    def rebuild(self) -> int:
        """Derive the claims in force again from the record; their number."""
        with self._database.write() as connection:
            return project(connection, self.theatre)

    # --- copies, end ------------------------------------------------------------------------------

    def backup(self, to: str | Path) -> None:
        """Copy the whole ledger to a new file while it is in use."""
        backup_to(self._database, Path(to))

    def export_public(self, to: str | Path, now: datetime) -> None:
        """Write a new file that holds only what the public view shows."""
        export_public_to(self.view(Audience.PUBLIC, now), self.theatre, Path(to), now)

    def close(self) -> None:
        """Close; everything acknowledged is on disk already."""
        self._database.close()

    def __enter__(self) -> Self:
        return self

    def __exit__(
        self,
        kind: type[BaseException] | None,
        error: BaseException | None,
        trace: TracebackType | None,
    ) -> None:
        self.close()
