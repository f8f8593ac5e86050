"""What goes into the ledger and comes out of it, besides the model's own types. Plain data, no I/O."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field
from datetime import date, datetime
from enum import StrEnum
from typing import Any, Protocol

from whoholds.model import Assessment, Claim, Event, Place, Rejection, Report, Stance

__all__ = [
    "CLAIM_STATUSES",
    "VERDICTS",
    "Added",
    "Audience",
    "ClaimFilter",
    "Clock",
    "Comment",
    "ControlRow",
    "ControlRowLike",
    "ControlRun",
    "ImportResult",
    "PlaceCorrection",
    "PlaceCount",
    "Redaction",
    "Stats",
    "StoredReport",
    "Tag",
]

VERDICTS = ("accept", "reject", "correct", "unsure")
"""What an assessment can say."""
CLAIM_STATUSES = ("new", "accepted", "rejected", "corrected", "unsure")
"""What the newest assessment leaves a claim as."""


class Audience(StrEnum):
    """For whom a view is drawn."""

    PUBLIC = "public"
    DESK = "desk"


class Clock(StrEnum):
    """Which "known on" is meant: when it was said in public, or when this ledger learned it."""

    PUBLIC = "public"
    DESK = "desk"


@dataclass(frozen=True, slots=True)
class Added:
    """What adding a reading came to.

    Attributes:
        report_id: The ledger's id of the report.
        is_new: Whether anything was written: a new report, or a known one read by another reader.
        n_claims: Claims written by this call.
    """

    report_id: str
    is_new: bool
    n_claims: int


@dataclass(frozen=True, slots=True)
class ImportResult:
    """What adding claims came to.

    Attributes:
        added: Claims written.
        known: Claims that the ledger had already, with the same content.
        rejections: Claims that could not be used, each with its reason.
    """

    added: int = 0
    known: int = 0
    rejections: tuple[Rejection, ...] = ()


@dataclass(frozen=True, slots=True)
class ClaimFilter:
    """Which claims are asked for; None asks nothing. Conditions are joined by "and".

    Attributes:
        place_id: A place that the claim is about.
        event: What is said.
        stance: How the speaker stands to it.
        side: Side of the innermost source, or of the publisher in its own voice.
        speaker: Name or registry id of the innermost source, whatever its case.
        publisher: Name of the publisher, whatever its case.
        reported_from: First day or instant reported, inclusive.
        reported_to: Last day or instant reported, inclusive.
        text: Words to be found in the quote, the names or the places, whatever their case.
        status: One of `CLAIM_STATUSES`.
        report_id: The report that the claim stands in.
        limit: At most so many.
        offset: Leave out so many first.
    """

    place_id: str | None = None
    event: Event | str | None = None
    stance: Stance | str | None = None
    side: str | None = None
    speaker: str | None = None
    publisher: str | None = None
    reported_from: date | datetime | None = None
    reported_to: date | datetime | None = None
    text: str | None = None
    status: str | None = None
    report_id: str | None = None
    limit: int | None = None
    offset: int = 0


@dataclass(frozen=True, slots=True)
class Comment:
    """What a person says about a claim or a report."""

    subject_id: str
    words: str
    by: str
    at: datetime


@dataclass(frozen=True, slots=True)
class Tag:
    """A word that a person put on a claim or a report."""

    subject_id: str
    tag: str
    by: str
    at: datetime


@dataclass(frozen=True, slots=True)
class Redaction:
    """That, when, by whom and why the words of a report were blanked."""

    report_id: str
    sha256: str
    by: str
    why: str
    at: datetime


@dataclass(frozen=True, slots=True)
class PlaceCorrection:
    """A person's word on which place some words mean.

    Attributes:
        exact: The words in the text ("Kurilovka"), whatever their case.
        place: The place meant; None where the words name no place that is known.
        by: Who says so.
        at: When, an aware instant.
        why: The reason, in words.
        report_id: The report that it holds for; None for every report.
    """

    exact: str
    place: Place | None
    by: str
    at: datetime
    why: str = ""
    report_id: str | None = None


@dataclass(frozen=True, slots=True)
class ControlRun:
    """How a record of control was made.

    Attributes:
        method: Versioned name of the algorithm.
        made_at: When it was computed, an aware instant.
        as_known_on: The instant of the public clock that it stops at, or None for all.
        audience: For whom the claims were drawn. The public sees a desk's record only where the theatre
            has neither embargo nor coarsening.
        details: Further pairs, JSON values.
    """

    method: str
    made_at: datetime
    as_known_on: datetime | None = None
    audience: Audience = Audience.DESK
    details: Mapping[str, Any] = field(default_factory=dict)


class ControlRowLike(Protocol):
    """What a row of control must have; `ControlRow` is one."""

    @property
    def unit_id(self) -> str: ...
    @property
    def from_on(self) -> date: ...
    @property
    def to_on(self) -> date | None: ...
    @property
    def status(self) -> str: ...
    @property
    def p(self) -> tuple[tuple[str, float], ...]: ...
    @property
    def n_claims(self) -> int: ...
    @property
    def geometry_wkb(self) -> bytes | None: ...


@dataclass(frozen=True, slots=True)
class ControlRow:
    """A unit's state over a stretch of days: from one change point to the day before the next.

    Attributes:
        unit_id: H3 cell index in hex, or a place id.
        from_on: First day.
        to_on: Last day, inclusive; None for the end of the record.
        status: A party's id, `contested` or `unknown`.
        p: Party id (and `contested`) to probability.
        n_claims: Claims that bear on the unit up to then.
        geometry_wkb: The unit as ISO WKB in WGS84 degrees, or None.
    """

    unit_id: str
    from_on: date
    to_on: date | None
    status: str
    p: tuple[tuple[str, float], ...]
    n_claims: int
    geometry_wkb: bytes | None = None


@dataclass(frozen=True, slots=True)
class StoredReport:
    """A report as an audience may see it. Words that may not be shown are `█`, so that offsets hold.

    Attributes:
        report: The report, masked as far as its display right asks.
        display: The right in force: full, quotes or none (the stricter of the report's own and the
            theatre's for its publisher).
        reading: The newest reading as the contract's JSON, its claims being those in force.
        reader: Who made it, or None where the report was never read.
        claims: The claims in force that the audience may see, in the order of the text.
        recorded_at: When the ledger learned it.
        media_type: Of the bytes that came in.
        status: `new`, `accepted`, `rejected`, `corrected` or `unsure`.
        assessments: Verdicts on the report itself, oldest first.
        comments: Oldest first; desk only.
        tags: In force; desk only.
        redaction: Set where the words were blanked.
    """

    report: Report
    display: str
    reading: dict[str, Any]
    reader: str | None
    claims: tuple[Claim, ...]
    recorded_at: datetime
    media_type: str
    status: str = "new"
    assessments: tuple[Assessment, ...] = ()
    comments: tuple[Comment, ...] = ()
    tags: tuple[Tag, ...] = ()
    redaction: Redaction | None = None


@dataclass(frozen=True, slots=True)
class PlaceCount:
    """A place that claims are about, and how many.

    Attributes:
        place_id: Gazetteer id, or None where the words stayed unresolved.
        name: Preferred name, or the words.
        kind: As in `PLACE_KINDS`.
        lon: Degrees east, or None.
        lat: Degrees north, or None.
        radius_m: Metres, or None.
        n_claims: Claims in force about it.
        first_reported: Earliest time reported, UTC, or None.
        last_reported: Latest time reported, UTC, or None.
    """

    place_id: str | None
    name: str
    kind: str
    lon: float | None
    lat: float | None
    radius_m: float | None
    n_claims: int
    first_reported: datetime | None
    last_reported: datetime | None


@dataclass(frozen=True, slots=True)
class Stats:
    """Totals of a view.

    Attributes:
        n_reports: Reports.
        n_claims: Claims in force.
        n_places: Distinct resolved places.
        n_speakers: Distinct speakers.
        n_publishers: Distinct publishers of reports.
        n_assessed: Claims in force with a verdict.
        by_event: Event to number of claims.
        by_stance: Stance to number of claims.
        first_reported: Earliest time reported, UTC.
        last_reported: Latest time reported, UTC.
    """

    n_reports: int
    n_claims: int
    n_places: int
    n_speakers: int
    n_publishers: int
    n_assessed: int
    by_event: Mapping[str, int]
    by_stance: Mapping[str, int]
    first_reported: datetime | None
    last_reported: datetime | None
