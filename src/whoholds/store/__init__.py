"""The ledger: every report, claim and decision, append-only, in one file.

Reports and claims go in through a `Ledger`; all that comes out comes through a `View`, which knows for
whom it is. `ledger` is the interface, `sqlite/` the embedded implementation (a valid GeoPackage).
"""

from __future__ import annotations

from datetime import datetime
from pathlib import Path

from whoholds.store.ledger import Ledger, View
from whoholds.store.records import (
    CLAIM_STATUSES,
    VERDICTS,
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
    "Ledger",
    "PlaceCorrection",
    "PlaceCount",
    "Redaction",
    "Stats",
    "StoredReport",
    "Tag",
    "View",
    "create_ledger",
    "open_ledger",
]


def create_ledger(path: str | Path, theatre: Theatre, *, now: datetime) -> Ledger:
    """Make a new ledger about a theatre, and open it.

    The file is there whole or not at all. It is private to the user (mode 0600).

    Raises:
        LedgerExistsError: There is something of that name already.
        StoreError: The folder is not there, cannot be written or is full.
        ConfigurationError: The theatre names a file that is not there.
    """
    from whoholds.store.sqlite import SqliteLedger

    return SqliteLedger.create(Path(path), theatre, now=now)


def open_ledger(path: str | Path, *, read_only: bool = False) -> Ledger:
    """Open a ledger. One of an older version is brought up to date first, unless `read_only`.

    Raises:
        NotALedgerError: The file is something else.
        LedgerTooNewError: A newer program wrote it.
        LedgerDamagedError: It is torn.
        StoreError: It is not there or cannot be reached.
    """
    from whoholds.store.sqlite import SqliteLedger

    return SqliteLedger.open(Path(path), is_read_only=read_only)
