"""The ledger's interface: what every store does, whatever it is made of.

One contract test suite runs over every implementation. `Ledger` writes, and gives a `View` of an
audience for all reading. Every method may raise `StoreError` (the file or server cannot be reached, is
full, damaged or held by another writer).
"""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from datetime import date, datetime
from pathlib import Path
from types import TracebackType
from typing import Any, Protocol, Self

from whoholds.model import Assessment, Claim, Reading, Report
from whoholds.store.records import (
    Added,
    Audience,
    ClaimFilter,
    Clock,
    Comment,
    ControlRow,
    ControlRowLike,
    ControlRun,
    ImportResult,
    PlaceCorrection,
    PlaceCount,
    Redaction,
    Stats,
    StoredReport,
    Tag,
)
from whoholds.theatre import Theatre

__all__ = ["Ledger", "View"]


class View(Protocol):
    """What an audience may see at a time. The only way to read.

    For the public it leaves out what the embargo still covers and what was rejected, snaps places to
    the theatre's coarser cells, and masks words beyond each report's display right. Redacted words are
    gone for everyone.
    """

    audience: Audience
    now: datetime

    def claims(self, claim_filter: ClaimFilter = ...) -> list[Claim]:
        """Claims in force, newest reported first, then by id."""
        ...

    def count_claims(self, claim_filter: ClaimFilter = ...) -> int:
        """How many there are, `limit` and `offset` aside."""
        ...

    def claim(self, claim_id: str) -> Claim:
        """One claim; a superseded one as it last stood.

        Raises:
            NotFoundError: There is none, or the audience may not see it.
        """
        ...

    def claim_statuses(self, claim_ids: Iterable[str] | None = None) -> dict[str, str]:
        """Claim id to status (`CLAIM_STATUSES`), of those that may be seen; of all for None."""
        ...

    def claims_for_control(
        self, as_known_on: datetime | None = None, clock: Clock | str = Clock.PUBLIC
    ) -> list[Claim]:
        """The claims that the record of control rests on, by id.

        Superseded and rejected ones are left out and corrections applied, with the assessments of that
        time.

        Args:
            as_known_on: Only what was known then: an instant; None for all.
            clock: `public` asks when it was said (a claim of a day counts once the day is over),
                `desk` when this ledger learned it.
        """
        ...

    def reports(
        self,
        *,
        publisher: str | None = None,
        text: str | None = None,
        limit: int | None = None,
        offset: int = 0,
    ) -> list[Report]:
        """Reports, newest first, then by id; words masked as far as the display right asks."""
        ...

    def count_reports(self, *, publisher: str | None = None, text: str | None = None) -> int:
        """How many there are."""
        ...

    def report(self, report_id: str) -> StoredReport:
        """One report with its newest reading.

        Raises:
            NotFoundError: There is none, or the audience may not see it.
        """
        ...

    def report_bytes(self, report_id: str) -> bytes:
        """The bytes as they came in; desk only.

        Raises:
            NotFoundError: There are none to show: unknown, redacted, or a public view.
        """
        ...

    def assessments(self, subject_id: str) -> list[Assessment]:
        """Verdicts on a claim (or an earlier one that it supersedes) or on a report, oldest first.

        The public sees verdict and time, without names, reasons and corrections.
        """
        ...

    def place_corrections(self) -> list[PlaceCorrection]:
        """What people said of names, oldest first; the public sees none.

        `policy.corrections_in_force` tells which of them a claim's places follow.
        """
        ...

    def comments(self, subject_id: str) -> list[Comment]:
        """Comments, oldest first; the public sees none."""
        ...

    def tags(self, subject_id: str) -> list[Tag]:
        """Tags in force, by tag; the public sees none."""
        ...

    def redactions(self) -> list[Redaction]:
        """Redactions, oldest first; the public sees no names and reasons."""
        ...

    def runs(self) -> list[dict[str, Any]]:
        """Runs, oldest first, as they were given to `add_run`; desk only."""
        ...

    def places(self) -> list[PlaceCount]:
        """Places that claims in force are about, most claims first."""
        ...

    def control_run(self) -> ControlRun | None:
        """How the kept record of control was made; None where there is none for this audience."""
        ...

    def control(self, on: date | None = None) -> list[ControlRow]:
        """The kept record of control, by unit and day; of one day, or all of it."""
        ...

    def stats(self) -> Stats:
        """Totals."""
        ...

    def revision(self) -> int:
        """A number that grows with every change to the ledger or to what this view may show of it."""
        ...


class Ledger(Protocol):
    """An append-only record of reports, claims and decisions. Usable from several threads.

    What it gives back itself (`has_report`, `find_id`, `claims_of_report_named`) is for adding and deciding:
    the desk's. Whatever is shown to anyone comes from a `View`.
    """

    path: Path

    @property
    def theatre(self) -> Theatre:
        """The war that the ledger is about, as last set."""
        ...

    def view(self, audience: Audience, now: datetime) -> View:
        """What an audience may see at `now`, an aware instant."""
        ...

    def has_report(self, report_id: str, reader: str | None = None) -> bool:
        """Whether a report is kept, and read by `reader` (`rules.en/3`, or `rules.en` for any version)."""
        ...

    def find_id(self, start: str) -> str:
        """The id of the one claim or report that starts so, `sha256:` aside.

        Raises:
            NotFoundError: There is none, or more than one (code `ambiguous_id`).
        """
        ...

    def claims_of_report_named(self, name: str) -> list[Claim]:
        """Claims in force of the report with that id or file name; empty where there is none."""
        ...

    def add_reading(
        self, reading: Reading, *, raw: bytes, media_type: str, now: datetime, name: str | None = None
    ) -> Added:
        """Keep a report, its bytes and all that was read in it, in one transaction.

        The same bytes read by the same reader change nothing. Read by another, the new claims take the
        place of the old, each with `supersedes` where it has a forerunner; claims that a person
        accepted or corrected stay in force until something supersedes them.

        Raises:
            InvariantError: `raw` are not the bytes that the reading's report was made from.
        """
        ...

    def add_claims(self, claims: Iterable[Claim], *, now: datetime) -> ImportResult:
        """Keep claims that come from elsewhere, all in one transaction.

        A claim with the id of another and different content is rejected; the first stays. A given
        `recorded_at` is kept as `origin_recorded_at`.
        """
        ...

    def add_assessment(self, assessment: Assessment) -> None:
        """Keep a verdict.

        A correction's field is a path into the claim's JSON (`event`, `holds.from`,
        `places.0.place_id`), its value JSON text. A place id that is corrected alone takes its name and
        position from what the ledger knows.

        Raises:
            NotFoundError: The subject is neither a claim nor a report here.
            InputError: The verdict is none of `VERDICTS`, nobody is named, or a correction does not fit.
        """
        ...

    def add_comment(self, subject_id: str, words: str, *, by: str, now: datetime) -> None:
        """Keep a comment on a claim or a report."""
        ...

    def add_tag(self, subject_id: str, tag: str, *, by: str, now: datetime, is_removal: bool = False) -> None:
        """Put a tag on a claim or a report, or take it off."""
        ...

    def add_correction(self, correction: PlaceCorrection) -> int:
        """Keep which place some words mean; the number of claims that it changed."""
        ...

    def place_corrections(self) -> list[PlaceCorrection]:
        """What people said of names, oldest first; a later one for the same words replaces the earlier."""
        ...

    def places_by_publisher(self) -> list[tuple[str, str, int]]:
        """Publisher, place id and the number of its reports with a claim about the place.

        Of claims in force whose place is sure (probability of 0.8 at least); in order of both names.
        """
        ...

    def add_redaction(self, report_id: str, *, by: str, why: str, now: datetime) -> Redaction:
        """Blank a report's bytes and words everywhere, its claims' included. Cannot be undone.

        The hash, the time and the reason stay; so do the claims' structure and registry ids.
        """
        ...

    def add_run(self, kind: str, *, by: str, now: datetime, details: Mapping[str, Any]) -> int:
        """Keep that something ran (`read`, `learn`), with JSON details; its number."""
        ...

    def add_theatre(self, theatre: Theatre, *, by: str, now: datetime) -> None:
        """Put a new edition of the theatre in force; earlier ones stay on record."""
        ...

    def replace_control(self, run: ControlRun, rows: Iterable[ControlRowLike]) -> int:
        """Put a record of control in the place of the last one of that audience; the rows written."""
        ...

    def rebuild(self) -> int:
        """Derive the claims in force again from the record; their number."""
        ...

    def backup(self, to: str | Path) -> None:
        """Copy the whole ledger, private parts included, to a new file while it is in use.

        Raises:
            LedgerExistsError: There is a file already.
        """
        ...

    def export_public(self, to: str | Path, now: datetime) -> None:
        """Write a new file that holds only what the public view shows at `now`.

        Raises:
            LedgerExistsError: There is a file already.
        """
        ...

    def close(self) -> None:
        """Close; everything acknowledged is on disk already."""
        ...

    def __enter__(self) -> Self: ...
    def __exit__(
        self,
        kind: type[BaseException] | None,
        error: BaseException | None,
        trace: TracebackType | None,
    ) -> None: ...
