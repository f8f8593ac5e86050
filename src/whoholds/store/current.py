"""Which versions of which claims are in force. Pure: rows in, a selection out.

The same rule serves now ("everything") and any earlier time ("the rows of then").
"""

from __future__ import annotations

from collections.abc import Collection, Iterable, Mapping
from dataclasses import dataclass, replace

from whoholds.model import Claim

__all__ = ["ClaimVersion", "link_to_forerunners", "select_current"]


@dataclass(frozen=True, slots=True)
class ClaimVersion:
    """One version of one claim.

    Attributes:
        seq: Order in which the ledger learned it.
        id: The claim's id.
        root_id: First claim of its chain of supersedes.
        report_id: Where it stands, or None.
        reading_seq: The reading that it is of, or None for an import.
        supersedes: The claim that it replaces, or None.
    """

    seq: int
    id: str
    root_id: str
    report_id: str | None
    reading_seq: int | None
    supersedes: str | None


def select_current(
    versions: Iterable[ClaimVersion],
    latest_reading: Mapping[str, int],
    vouched_roots: Collection[str],
    superseded_at: Mapping[str, int],
) -> list[ClaimVersion]:
    """The versions in force, one a claim, in order of `seq`.

    In force are the claims of each report's newest reading and all imports; of an older reading those
    that a person accepted or corrected and that the newer one lost: people decide, not readers. Out of
    force is what a later claim supersedes.

    Args:
        versions: Versions to choose from.
        latest_reading: Report id to the number of its newest reading.
        vouched_roots: Roots of claims whose newest verdict is `accept` or `correct`.
        superseded_at: Claim id to the highest `seq` of the claims that supersede it.
    """
    chosen: dict[str, ClaimVersion] = {}
    older: dict[str, ClaimVersion] = {}
    for version in sorted(versions, key=lambda v: v.seq):
        if superseded_at.get(version.id, -1) > version.seq:
            continue
        newest = None if version.report_id is None else latest_reading.get(version.report_id)
        if version.reading_seq is None or newest is None or version.reading_seq == newest:
            chosen[version.id] = version
        elif version.root_id in vouched_roots:
            older[version.id] = version
    roots = {v.root_id for v in chosen.values()}
    kept = [v for v in older.values() if v.id not in chosen and v.root_id not in roots]
    return sorted([*chosen.values(), *kept], key=lambda v: v.seq)


def link_to_forerunners(claims: Iterable[Claim], earlier: Iterable[Claim]) -> list[Claim]:
    """New claims of a report with `supersedes` set to what each replaces.

    A claim that keeps its id needs no link. Of the others, the pairs of one event whose quotes share
    most of their words are linked first, each claim once.
    """
    new = list(claims)
    ids = {c.id for c in new}
    old = [c for c in earlier if c.id not in ids]
    known = {c.id for c in earlier}
    pairs = sorted(
        (
            (-_overlap(a, b), i, j)
            for i, a in enumerate(new)
            if a.id not in known and a.supersedes is None
            for j, b in enumerate(old)
            if a.event == b.event and _overlap(a, b) > 0
        ),
    )
    linked: dict[int, str] = {}
    taken: set[int] = set()
    for _, i, j in pairs:
        if i not in linked and j not in taken:
            linked[i] = old[j].id
            taken.add(j)
    return [replace(c, supersedes=linked[i]) if i in linked else c for i, c in enumerate(new)]


def _overlap(a: Claim, b: Claim) -> float:
    """Shared code points of two quotes over those of either."""
    if a.quote is None or b.quote is None:
        return 0.0
    shared = min(a.quote.end, b.quote.end) - max(a.quote.start, b.quote.start)
    if shared <= 0:
        return 0.0
    return shared / (max(a.quote.end, b.quote.end) - min(a.quote.start, b.quote.start))
