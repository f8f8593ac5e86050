"""What an audience may see of claims and places: embargo, masks and coarsening are applied here."""

# SQL here is put together from fragments of ours; every value is a parameter.
# ruff: noqa: S608

from __future__ import annotations

import sqlite3
from collections.abc import Iterable
from datetime import datetime

from whoholds.errors import NotFoundError
from whoholds.model import Claim, parse_moment
from whoholds.store.moments import floor_stamp, moment_bounds, parse_stamp
from whoholds.store.policy import (
    claim_display,
    coarsen_claim,
    hide_quotes,
    snap_point,
)
from whoholds.store.records import (
    Audience,
    ClaimFilter,
    Clock,
    PlaceCount,
)
from whoholds.store.sqlite.files import Database
from whoholds.store.sqlite.projection import effective_claims
from whoholds.store.sqlite.queries import Condition, claim_conditions, page
from whoholds.store.sqlite.rows import claim_from_body
from whoholds.theatre import Theatre

__all__ = ["ClaimsView"]

# More than the rows of any ledger: an edition of the theatre counts above all else in a revision.
_EDITION = 10**12
_RECORD_TABLES = ("report", "reading", "claim", "assessment", "correction", "redaction", "comment", "tag")


class ClaimsView:
    """What an audience may see of a ledger's claims at a time."""

    def __init__(self, database: Database, theatre: Theatre, audience: Audience, now: datetime) -> None:
        self.audience = audience
        self.now = now
        self._database = database
        self._theatre = theatre
        self._is_public = audience is Audience.PUBLIC
        self._visible_until = (
            floor_stamp(now - theatre.embargo) if self._is_public and theatre.embargo else None
        )
        self._resolution = theatre.coarsen_to_resolution if self._is_public else None

    # --- claims -----------------------------------------------------------------------------------

    def claims(self, claim_filter: ClaimFilter = ClaimFilter()) -> list[Claim]:  # noqa: B008
        """Claims in force, newest reported first, then by id."""
        condition = self._claim_condition(claim_filter)
        limits, numbers = page(claim_filter.limit, claim_filter.offset)
        rows = self._database.rows(
            f"SELECT c.body, c.display FROM current_claim c{condition.where} "
            f"ORDER BY c.reported_from IS NULL, c.reported_from DESC, c.claim_id{limits}",
            condition.parameters | numbers,
        )
        return [self._shown(row) for row in rows]

    def count_claims(self, claim_filter: ClaimFilter = ClaimFilter()) -> int:  # noqa: B008
        """How many there are, `limit` and `offset` aside."""
        condition = self._claim_condition(claim_filter)
        found = self._database.value(
            f"SELECT COUNT(*) FROM current_claim c{condition.where}",
            condition.parameters,
        )
        assert isinstance(found, int)
        return found

    def claim(self, claim_id: str) -> Claim:
        """One claim; a superseded one as it last stood."""
        condition = self._claim_condition(ClaimFilter())
        condition.add("c.claim_id = :id", id=claim_id)
        rows = self._database.rows(
            f"SELECT c.body, c.display FROM current_claim c{condition.where}",
            condition.parameters,
        )
        if rows:
            return self._shown(rows[0])
        # The public is shown the record in force; the desk may look at what it grew from.
        older = None if self._is_public else self._last_version(claim_id)
        if older is None:
            raise NotFoundError(f"no claim {claim_id!r} in this ledger; ids are listed by: whoholds claims")
        return older

    def _last_version(self, claim_id: str) -> Claim | None:
        rows = self._database.rows(
            "SELECT body FROM claim WHERE id = ? ORDER BY seq DESC LIMIT 1", (claim_id,)
        )
        return claim_from_body(rows[0]["body"], self._theatre.zone) if rows else None

    def claim_statuses(self, claim_ids: Iterable[str] | None = None) -> dict[str, str]:
        """Claim id to status, of those that may be seen; of all for None."""
        condition = self._claim_condition(ClaimFilter())
        rows = self._database.rows(
            f"SELECT c.claim_id, c.status FROM current_claim c{condition.where}",
            condition.parameters,
        )
        wanted = None if claim_ids is None else set(claim_ids)
        return {r["claim_id"]: r["status"] for r in rows if wanted is None or r["claim_id"] in wanted}

    def claims_for_control(
        self, as_known_on: datetime | None = None, clock: Clock | str = Clock.PUBLIC
    ) -> list[Claim]:
        """The claims that the record of control rests on, by id."""
        if as_known_on is None:
            condition = self._claim_condition(ClaimFilter())
            condition.add("c.status != 'rejected'")
            rows = self._database.rows(
                f"SELECT c.body, c.display FROM current_claim c{condition.where} ORDER BY c.claim_id",
                condition.parameters,
            )
            return [self._shown(row) for row in rows]
        return self._claims_known(as_known_on, Clock(clock))

    def _claims_known(self, as_known_on: datetime, clock: Clock) -> list[Claim]:
        stamp = floor_stamp(as_known_on)
        with self._database.read() as connection:
            effective = effective_claims(
                connection,
                self._theatre,
                recorded_until=stamp if clock is Clock.DESK else None,
                assessed_until=stamp,
            )
            # What is hidden now is hidden in every look back.
            condition = self._claim_condition(ClaimFilter())
            hidden = set()
            if self._is_public:
                seen = connection.execute(
                    f"SELECT c.root_id FROM current_claim c{condition.where}",
                    condition.parameters,
                )
                visible = {r["root_id"] for r in seen}
                hidden = {e.version.root_id for e in effective} - visible
            reports = {
                r["id"]: r
                for r in connection.execute("SELECT id, publisher, published_at, display FROM report")
            }
        found = []
        for item in effective:
            if item.status == "rejected" or item.version.root_id in hidden:
                continue
            report = reports.get(item.claim.report_id)
            if clock is Clock.PUBLIC and not self._was_said(item.claim, report, as_known_on):
                continue
            of_report = None if report is None else (report["publisher"], report["display"])
            found.append(self._as_shown(item.claim, claim_display(self._theatre, item.claim, of_report)))
        return found

    def _was_said(self, claim: Claim, report: sqlite3.Row | None, by: datetime) -> bool:
        if claim.reported_at is not None:
            return moment_bounds(claim.reported_at, self._theatre.zone)[1] <= by
        if report is not None and report["published_at"] is not None:
            published = parse_moment(report["published_at"], self._theatre.zone)
            return moment_bounds(published, self._theatre.zone)[1] <= by
        assert claim.recorded_at is not None
        return claim.recorded_at <= by

    def _claim_condition(self, asked: ClaimFilter) -> Condition:
        condition = claim_conditions(asked, self._theatre.zone, are_words_limited=self._is_public)
        if self._is_public:
            condition.add("c.status != 'rejected'")
        if self._visible_until is not None:
            condition.add("c.visible_from <= :visible_until", visible_until=self._visible_until)
        return condition

    def _shown(self, row: sqlite3.Row) -> Claim:
        return self._as_shown(claim_from_body(row["body"], self._theatre.zone), row["display"])

    def _as_shown(self, claim: Claim, display: str) -> Claim:
        if not self._is_public:
            return claim
        if display == "none":
            claim = hide_quotes(claim)
        return coarsen_claim(claim, self._resolution)

    # --- places, control, totals ------------------------------------------------------------------

    def places(self) -> list[PlaceCount]:
        """Places that claims in force are about, most claims first."""
        condition = self._claim_condition(ClaimFilter())
        condition.add("p.place IS NOT NULL")
        rows = self._database.rows(
            # The columns that are not grouped come from the row with the highest p: the best resolution.
            "SELECT p.place_id, p.place, p.kind, p.lon, p.lat, p.radius_m, MAX(p.place_p), "
            "COUNT(DISTINCT c.fid) AS n, MIN(c.reported_from) AS first, MAX(c.reported_from) AS last "
            f"FROM current_place p JOIN current_claim c ON c.fid = p.claim_fid{condition.where} "
            "GROUP BY COALESCE(p.place_id, char(0) || casefold(p.place)) "
            "ORDER BY n DESC, p.place, p.place_id",
            condition.parameters,
        )
        return [self._place_count(row) for row in rows]

    def _place_count(self, row: sqlite3.Row) -> PlaceCount:
        lon, lat, radius_m = row["lon"], row["lat"], row["radius_m"]
        if self._resolution is not None and lon is not None and lat is not None:
            lon, lat, cell_m = snap_point(lon, lat, self._resolution)
            radius_m = max(radius_m or 0.0, cell_m)
        first, last = row["first"], row["last"]
        return PlaceCount(
            place_id=row["place_id"],
            name=row["place"],
            kind=row["kind"],
            lon=lon,
            lat=lat,
            radius_m=radius_m,
            n_claims=row["n"],
            first_reported=parse_stamp(first) if first else None,
            last_reported=parse_stamp(last) if last else None,
        )

    def _counts(self, column: str, condition: Condition) -> dict[str, int]:
        rows = self._database.rows(
            f"SELECT c.{column} AS name, COUNT(*) AS n FROM current_claim c{condition.where} "
            f"GROUP BY c.{column} ORDER BY n DESC, name",
            condition.parameters,
        )
        return {r["name"]: r["n"] for r in rows}

    def revision(self) -> int:
        """A number that grows with every change to the ledger or to what this view may show of it."""
        # Both terms only ever grow, so that no two states of one edition of the theatre share a number.
        written = " + ".join(
            f"(SELECT COALESCE(MAX(seq), 0) FROM {table})"
            for table in (
                "report",
                "reading",
                "claim",
                "assessment",
                "correction",
                "redaction",
                "comment",
                "tag",
                "run",
            )
        )
        visible = (
            "(SELECT COUNT(*) FROM claim WHERE visible_from <= :until) + " if self._visible_until else ""
        )
        found = self._database.value(
            f"SELECT (SELECT MAX(seq) FROM theatre) * {_EDITION} + {visible}{written}",
            {"until": self._visible_until},
        )
        assert isinstance(found, int)
        return found
