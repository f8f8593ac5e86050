"""The embedded ledger's reading half: one audience, one time, every rule of what may be shown.

Implements `whoholds.store.ledger.View`; what the methods promise is said there.
"""

# SQL here is put together from fragments of ours; every value is a parameter.
# ruff: noqa: S608

from __future__ import annotations

import json
import sqlite3
from collections.abc import Iterable, Iterator
from dataclasses import replace
from datetime import date
from typing import Any

from whoholds.errors import NotFoundError
from whoholds.model import Assessment, Claim, Report
from whoholds.model.contract import claim_to_json, moment_to_json
from whoholds.store.gpkg import wkb_from_blob
from whoholds.store.moments import parse_stamp
from whoholds.store.policy import (
    claim_words,
    coarsen_mention,
    mask_mentions,
    mask_text,
    report_display,
)
from whoholds.store.records import (
    Audience,
    ClaimFilter,
    Comment,
    ControlRow,
    ControlRun,
    PlaceCorrection,
    Redaction,
    Stats,
    StoredReport,
    Tag,
)
from whoholds.store.sqlite.claims_view import ClaimsView
from whoholds.store.sqlite.queries import Condition, page
from whoholds.store.sqlite.redaction import redaction_from_row
from whoholds.store.sqlite.rows import (
    MENTIONS,
    assessment_from_row,
    correction_from_row,
    report_from_row,
)

__all__ = ["SqliteView"]

_STATUS = {"accept": "accepted", "reject": "rejected", "correct": "corrected", "unsure": "unsure"}
_REPORT_VERDICT = (
    "(SELECT a.verdict FROM assessment a WHERE a.root_id = r.id ORDER BY a.at DESC, a.seq DESC LIMIT 1)"
)


class SqliteView(ClaimsView):
    """What an audience may see of a ledger at a time."""

    # --- reports ----------------------------------------------------------------------------------

    def reports(
        self,
        *,
        publisher: str | None = None,
        text: str | None = None,
        limit: int | None = None,
        offset: int = 0,
    ) -> list[Report]:
        """Reports, newest first, then by id."""
        condition = self._report_condition(publisher, text)
        limits, numbers = page(limit, offset)
        rows = self._database.rows(
            f"SELECT r.* FROM report r{condition.where} "
            f"ORDER BY r.published_at IS NULL, r.published_at DESC, r.id{limits}",
            condition.parameters | numbers,
        )
        return [self._shown_report(row)[0] for row in rows]

    def count_reports(self, *, publisher: str | None = None, text: str | None = None) -> int:
        """How many there are."""
        condition = self._report_condition(publisher, text)
        found = self._database.value(
            f"SELECT COUNT(*) FROM report r{condition.where}",
            condition.parameters,
        )
        assert isinstance(found, int)
        return found

    def report(self, report_id: str) -> StoredReport:
        """One report with its newest reading."""
        condition = self._report_condition(None, None)
        condition.add("r.id = :id", id=report_id)
        rows = self._database.rows(
            f"SELECT r.* FROM report r{condition.where}",
            condition.parameters,
        )
        if not rows:
            raise NotFoundError(f"no report {report_id!r} in this ledger")
        return self._stored(rows[0])

    def stored_reports(self) -> Iterator[StoredReport]:
        """All reports with their readings, in the order in which they came in."""
        condition = self._report_condition(None, None)
        for row in self._database.rows(
            f"SELECT r.* FROM report r{condition.where} ORDER BY r.seq",
            condition.parameters,
        ):
            yield self._stored(row)

    def report_bytes(self, report_id: str) -> bytes:
        """The bytes as they came in; desk only."""
        content = None
        if not self._is_public:
            content = self._database.value(
                "SELECT content FROM report_bytes WHERE report_id = ?", (report_id,)
            )
        if not isinstance(content, bytes):
            raise NotFoundError(f"no bytes of report {report_id!r} to show here")
        return content

    def _report_condition(self, publisher: str | None, text: str | None) -> Condition:
        condition = Condition()
        if publisher is not None:
            condition.add("casefold(r.publisher) = :publisher", publisher=publisher.casefold())
        for n, word in enumerate((text or "").casefold().split()):
            own_words = f"instr(casefold(r.title), :word{n}) > 0 OR instr(casefold(r.text), :word{n}) > 0"
            if self._is_public:
                # A search that finds a hidden sentence tells it.
                own_words = f"(display_right(r.publisher, r.display) = 'full' AND ({own_words}))"
            condition.add(f"instr(casefold(r.publisher), :word{n}) > 0 OR {own_words}", **{f"word{n}": word})
        if self._is_public:
            condition.add(f"COALESCE({_REPORT_VERDICT}, '') != 'reject'")
        if self._visible_until is not None:
            condition.add("r.visible_from <= :visible_until", visible_until=self._visible_until)
        return condition

    def _shown_report(self, row: sqlite3.Row) -> tuple[Report, str]:
        """The report as it may be shown, and the display right in force."""
        report = report_from_row(row, self._theatre.zone)
        display = report_display(self._theatre, report.publisher, report.display)
        if not self._is_public:
            return report, display
        # Front matter is the desk's own notes; only the contract's fields are published.
        report = replace(report, display=display, meta=())
        if display == "full":
            return report, display
        shown: list[tuple[int, int]] = []
        if display == "quotes":
            for claim in self.claims(ClaimFilter(report_id=report.id)):
                shown += claim_words(claim)
        text = mask_text(report.text, shown)
        return replace(report, text=text, title=None, furniture=()), display

    def _stored(self, row: sqlite3.Row) -> StoredReport:
        report, display = self._shown_report(row)
        readings = self._database.rows(
            "SELECT reader, mentions FROM reading WHERE report_id = ? ORDER BY seq DESC LIMIT 1", (row["id"],)
        )
        claims = sorted(
            self.claims(ClaimFilter(report_id=report.id)),
            key=lambda c: (c.quote is None, c.quote.start if c.quote else 0, c.id),
        )
        mentions = json.loads(readings[0]["mentions"]) if readings else {name: [] for name in MENTIONS}
        if self._is_public and display != "full":
            mentions = mask_mentions(mentions, report.text)
        mentions["places"] = [coarsen_mention(m, self._resolution) for m in mentions["places"]]
        reader = readings[0]["reader"] if readings else None
        said = self.assessments(report.id)
        redactions = self._database.rows("SELECT * FROM redaction WHERE report_id = ?", (report.id,))
        return StoredReport(
            report=report,
            display=display,
            reading=self._reading_json(report, reader, mentions, claims),
            reader=reader,
            claims=tuple(claims),
            recorded_at=parse_stamp(row["recorded_at"]),
            media_type=row["media_type"],
            status=_STATUS[said[-1].verdict] if said else "new",
            assessments=tuple(said),
            comments=tuple(self.comments(report.id)),
            tags=tuple(self.tags(report.id)),
            redaction=self._shown_redaction(redactions[0]) if redactions else None,
        )

    def _reading_json(
        self, report: Report, reader: str | None, mentions: dict[str, Any], claims: Iterable[Claim]
    ) -> dict[str, Any]:
        about = {
            "title": report.title,
            "publisher": report.publisher,
            "published_at": moment_to_json(report.published_at),
            "lang": report.lang,
            "sha256": report.sha256,
        }
        if report.origin is not None:
            about["origin"] = report.origin
        return {
            "v": 1,
            "id": report.id,
            "reader": reader,
            "report": about,
            "text": report.text,
            **{name: mentions[name] for name in MENTIONS},
            "claims": [claim_to_json(c, self._theatre.zone) for c in claims],
        }

    # --- what people said -------------------------------------------------------------------------

    def assessments(self, subject_id: str) -> list[Assessment]:
        """Verdicts on a claim or an earlier one of its chain, or on a report, oldest first."""
        if not self._may_see(subject_id):
            return []
        rows = self._database.rows(
            "SELECT * FROM assessment WHERE root_id = COALESCE("
            "(SELECT root_id FROM claim WHERE id = :id LIMIT 1), :id) ORDER BY at, seq",
            {"id": subject_id},
        )
        found = [assessment_from_row(row) for row in rows]
        if self._is_public:
            found = [replace(a, by="", why="", corrections=()) for a in found]
        return found

    def place_corrections(self) -> list[PlaceCorrection]:
        """What people said of names, oldest first; the public sees none."""
        if self._is_public:
            return []
        rows = self._database.rows("SELECT * FROM correction ORDER BY at, seq")
        return [correction_from_row(row) for row in rows]

    def comments(self, subject_id: str) -> list[Comment]:
        """Comments, oldest first; the public sees none."""
        if self._is_public:
            return []
        rows = self._said("comment", subject_id)
        return [Comment(r["subject_id"], r["words"], r["by_name"], parse_stamp(r["at"])) for r in rows]

    def tags(self, subject_id: str) -> list[Tag]:
        """Tags in force, by tag; the public sees none."""
        if self._is_public:
            return []
        newest: dict[str, sqlite3.Row] = {r["tag"]: r for r in self._said("tag", subject_id)}
        return [
            Tag(r["subject_id"], r["tag"], r["by_name"], parse_stamp(r["at"]))
            for _, r in sorted(newest.items())
            if r["is_on"]
        ]

    def _said(self, table: str, subject_id: str) -> list[sqlite3.Row]:
        return self._database.rows(
            f"SELECT * FROM {table} WHERE root_id = COALESCE("
            "(SELECT root_id FROM claim WHERE id = :id LIMIT 1), :id) ORDER BY at, seq",
            {"id": subject_id},
        )

    def _may_see(self, subject_id: str) -> bool:
        if not self._is_public:
            return True
        for condition, sql in (
            (self._claim_condition(ClaimFilter()), "SELECT 1 FROM current_claim c"),
            (self._report_condition(None, None), "SELECT 1 FROM report r"),
        ):
            condition.add(f"{'c.claim_id' if 'current' in sql else 'r.id'} = :id", id=subject_id)
            if self._database.value(sql + condition.where, condition.parameters) is not None:
                return True
        return False

    def redactions(self) -> list[Redaction]:
        """Redactions, oldest first; the public sees no names and reasons."""
        rows = self._database.rows("SELECT * FROM redaction ORDER BY at, seq")
        return [self._shown_redaction(r) for r in rows if self._may_see(r["report_id"])]

    def _shown_redaction(self, row: sqlite3.Row) -> Redaction:
        found = redaction_from_row(row)
        return replace(found, by="", why="") if self._is_public else found

    def runs(self) -> list[dict[str, Any]]:
        """Runs, oldest first; desk only."""
        if self._is_public:
            return []
        return [
            {
                "kind": r["kind"],
                "by": r["by_name"],
                "recorded_at": r["recorded_at"],
                "details": json.loads(r["details"]),
            }
            for r in self._database.rows("SELECT * FROM run ORDER BY seq")
        ]

    # --- control, totals ------------------------------------------------------------------------

    def _control_audience(self) -> str | None:
        """Whose record may be shown here: a record drawn from hidden claims is hidden with them."""
        kept = {r["audience"] for r in self._database.rows("SELECT audience FROM control_run")}
        if self.audience.value in kept:
            return self.audience.value
        limits = self._theatre.embargo or self._theatre.coarsen_to_resolution is not None
        if self._is_public and limits:
            return None
        return next(iter(sorted(kept)), None)

    def control_run(self) -> ControlRun | None:
        """How the kept record of control was made."""
        rows = self._database.rows(
            "SELECT * FROM control_run WHERE audience = ?", (self._control_audience(),)
        )
        if not rows:
            return None
        row = rows[0]
        return ControlRun(
            method=row["method"],
            made_at=parse_stamp(row["made_at"]),
            as_known_on=None if row["as_known_on"] is None else parse_stamp(row["as_known_on"]),
            audience=Audience(row["audience"]),
            details={} if self._is_public else json.loads(row["details"]),
        )

    def control(self, on: date | None = None) -> list[ControlRow]:
        """The kept record of control, by unit and day."""
        day = None if on is None else on.isoformat()
        rows = self._database.rows(
            "SELECT * FROM control_row WHERE audience = :audience AND (:day IS NULL OR "
            "(from_on <= :day AND (to_on IS NULL OR to_on >= :day))) ORDER BY unit_id, from_on",
            {"audience": self._control_audience(), "day": day},
        )
        return [
            ControlRow(
                unit_id=r["unit_id"],
                from_on=date.fromisoformat(r["from_on"]),
                to_on=None if r["to_on"] is None else date.fromisoformat(r["to_on"]),
                status=r["status"],
                p=tuple(json.loads(r["p"]).items()),
                n_claims=r["n_claims"],
                geometry_wkb=None if r["geometry"] is None else wkb_from_blob(r["geometry"]),
            )
            for r in rows
        ]

    def stats(self) -> Stats:
        """Totals."""
        condition = self._claim_condition(ClaimFilter())
        rows = self._database.rows(
            "SELECT COUNT(*) AS n, COUNT(DISTINCT c.speaker) AS speakers, "
            "SUM(c.status != 'new') AS assessed, MIN(c.reported_from) AS first, MAX(c.reported_from) AS last "
            f"FROM current_claim c{condition.where}",
            condition.parameters,
        )
        total = rows[0]
        report_condition = self._report_condition(None, None)
        reports = self._database.rows(
            "SELECT COUNT(*) AS n, COUNT(DISTINCT r.publisher) AS publishers "
            f"FROM report r{report_condition.where}",
            report_condition.parameters,
        )[0]
        return Stats(
            n_reports=reports["n"],
            n_claims=total["n"],
            n_places=sum(p.place_id is not None for p in self.places()),
            n_speakers=total["speakers"],
            n_publishers=reports["publishers"],
            n_assessed=total["assessed"] or 0,
            by_event=self._counts("event", condition),
            by_stance=self._counts("stance", condition),
            first_reported=parse_stamp(total["first"]) if total["first"] else None,
            last_reported=parse_stamp(total["last"]) if total["last"] else None,
        )
