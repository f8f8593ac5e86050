"""Reports, and what a reader made of one."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date, datetime

from whoholds.model.claim import Claim
from whoholds.model.mention import Attribution, EventCertainty, PlaceMention, Quantity, TimeMention

__all__ = ["DISPLAY_RIGHTS", "Reading", "Rejection", "Report"]

DISPLAY_RIGHTS = ("full", "quotes", "none")
"""How much of a report's words may be shown to the public: all, the claims' quotes, nothing."""


@dataclass(frozen=True, slots=True)
class Report:
    """One text as it came in.

    Attributes:
        id: Content-hash id (`store` gives it), or the id that a batch line came with.
        text: The clean text that all offsets point into.
        sha256: Hash of the bytes read, 64 hex digits.
        title: Headline, if it has one apart from the text.
        publisher: Who printed it.
        published_at: A day in the theatre's zone or an aware instant; None if unknown.
        lang: ISO 639-1 code, or None if unknown.
        address: Where it was found (URL), or None.
        origin: `written-for-demo` for texts that the project wrote itself; None for real ones.
        display: How much of its words the public may see (`DISPLAY_RIGHTS`).
        echo_of: Id or file name of the report that this one reprints, if it says so.
        furniture: Stretches of `text`, as (start, end), that are no article (tags, comment prompts).
        meta: Further pairs from the front matter, sorted, kept as they came.
    """

    id: str
    text: str
    sha256: str
    title: str | None = None
    publisher: str | None = None
    published_at: date | datetime | None = None
    lang: str | None = None
    address: str | None = None
    origin: str | None = None
    display: str = "full"
    echo_of: str | None = None
    furniture: tuple[tuple[int, int], ...] = ()
    meta: tuple[tuple[str, str], ...] = ()


@dataclass(frozen=True, slots=True)
class Reading:
    """What one reader found in one report. Lists are in the order of the text."""

    report: Report
    reader: str
    attributions: tuple[Attribution, ...] = ()
    places: tuple[PlaceMention, ...] = ()
    times: tuple[TimeMention, ...] = ()
    quantities: tuple[Quantity, ...] = ()
    claims: tuple[Claim, ...] = ()
    factuality: tuple[EventCertainty, ...] = ()


@dataclass(frozen=True, slots=True)
class Rejection:
    """One item that could not be used, while the run went on.

    Attributes:
        item: Which input: a path, a line's id, a claim's id.
        stage: Where it failed: `clean`, `read`, `import`, `fuse`.
        code: Machine-readable reason (`no_reader_for_language`).
        message: One line for a person, with the remedy.
    """

    item: str
    stage: str
    code: str
    message: str
