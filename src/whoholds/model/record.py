"""What is derived from claims, and what people say of them."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date, datetime

__all__ = ["CONTESTED", "UNKNOWN", "Assessment", "ControlState", "Finding"]

CONTESTED = "contested"
UNKNOWN = "unknown"


@dataclass(frozen=True, slots=True)
class ControlState:
    """Who holds a unit (a place or a cell) on a day.

    Attributes:
        unit_id: Place id, or H3 cell index in hex.
        on: The day, in the theatre's zone.
        status: A party's id, `contested` or `unknown`.
        p: Party id (and `contested`) to calibrated probability; sums to 1.
        n_claims: Claims that bear on the unit up to that day, echoes counted once.
        method: Versioned name of the algorithm (`hmm/1`).
    """

    unit_id: str
    on: date
    status: str
    p: tuple[tuple[str, float], ...]
    n_claims: int
    method: str


@dataclass(frozen=True, slots=True)
class Assessment:
    """A person's (or a rule's) verdict on a claim or a report; later ones do not erase earlier ones.

    Attributes:
        id: Content hash.
        subject_id: The claim or report that it is about.
        verdict: accept, reject, correct or unsure.
        by: Who says so.
        at: When, an aware instant.
        why: The reason, in words.
        corrections: For `correct`, (field, new value as JSON text) pairs.
    """

    id: str
    subject_id: str
    verdict: str
    by: str
    at: datetime
    why: str
    corrections: tuple[tuple[str, str], ...] = ()


@dataclass(frozen=True, slots=True)
class Finding:
    """Something that a check found about claims: a contradiction, a figure, a forecast.

    Attributes:
        id: Content hash.
        kind: contradiction, figure or forecast.
        claim_ids: The claims that it is about.
        verdict: The check's closed verdict (`consistent`, `inconsistent`, `cannot be judged`, …).
        strength: 0 to 1, how hard; None where it does not apply.
        summary: One plain sentence.
        steps: The arithmetic or reasoning, line by line.
        on: The day that it bears on, if any.
    """

    id: str
    kind: str
    claim_ids: tuple[str, ...]
    verdict: str
    strength: float | None
    summary: str
    steps: tuple[str, ...] = ()
    on: date | None = None
