"""A record with a few more claims: the record before and all claims now in, the record now out.

Only for records by a frozen version of the source parameters, and where the few claims change nothing far off
(`fuse.update`); else None, and the caller works the record out anew. Either way the numbers are the same.
"""

from __future__ import annotations

from collections.abc import Collection, Sequence
from copy import deepcopy
from dataclasses import replace
from datetime import date

import numpy as np

from whoholds.fuse.control import count_claims
from whoholds.fuse.evidence import Evidence, gather_evidence, is_area
from whoholds.fuse.intake import middle_day
from whoholds.fuse.update import update_fusion
from whoholds.ground.inputs import earliest_day, ground_key, positions_of
from whoholds.ground.record import GroundRecord
from whoholds.ground.totals import totals_of
from whoholds.model import Claim

__all__ = ["extend_record"]

_SAMPLE = 1000
MOST_CHANGED = 64
"""Claims from which on a record is not extended: their neighbourhoods are soon the whole."""


def extend_record(
    record: GroundRecord, before: Sequence[Claim], claims: Sequence[Claim], last_day: date
) -> GroundRecord | None:
    """The record of `claims`, from that of `before`; None where it has to be worked out anew.

    Args:
        record: The record of `before`, by a frozen version of the source parameters.
        before: The claims that it was made of.
        claims: The claims known now.
        last_day: Last day wanted.
    """
    if record.fusion.workings is None or last_day != record.days[-1]:
        return None
    changed = _changes(before, claims)
    if not 0 < len(changed) <= MOST_CHANGED or _reaches_far(changed, [*before, *claims]):
        return None
    if positions_of(claims, record.theatre) != record.places:
        return None
    index = {key: i for i, key in enumerate(record.units.keys)}
    keys = {ground_key(p) for c in changed for p in c.places if not is_area(p)} & set(index)
    ids = {c.id for c in changed}
    fresh = _evidence_of(record, claims, {key: index[key] for key in sorted(filter(None, keys))}, ids)
    if fresh is None:
        return None
    places = np.array(sorted(index[key] for key in keys if key is not None), dtype=np.int64)
    fusion = (
        update_fusion(deepcopy(record.fusion), record.units, fresh, places) if len(places) else record.fusion
    )
    if fusion is None:
        return None
    evidence = fusion.grid.evidence
    kept = {r for r in record.rejections if r.item not in ids}
    added = {r for r in fresh.rejections if r.item in ids}
    counts, _ = count_claims(evidence, record.units, record.days[0].toordinal(), len(record.days))
    return replace(
        record,
        fusion=fusion,
        place_counts=counts,
        totals=totals_of(claims, record.theatre),
        rejections=tuple(sorted(kept | added, key=lambda r: (r.item, r.code))),
    )


def _changes(before: Sequence[Claim], claims: Sequence[Claim]) -> list[Claim]:
    """Claims of either that the other does not have just so."""
    old, new = {c.id: c for c in before}, {c.id: c for c in claims}
    found = [c for c in new.values() if old.get(c.id) != c]
    return found + [c for c in old.values() if c.id not in new or new[c.id] != c]


def _reaches_far(changed: Sequence[Claim], claims: Sequence[Claim]) -> bool:
    """Whether a change is of a map's ground, or of a copy or what is copied."""
    ids = {c.id for c in changed}
    if any(c.geometry is not None or c.echo_of is not None for c in changed):
        return True
    return any(c.echo_of in ids for c in claims if c.echo_of is not None)


def _evidence_of(
    record: GroundRecord, claims: Sequence[Claim], index: dict[str, int], changed: Collection[str]
) -> Evidence | None:
    """All evidence of some places; None where it tells the side of a source that had none.

    Changed claims enter wherever they are: one that cannot be used is named among the rejections.
    """
    theatre = record.theatre
    here = [c for c in claims if c.id in changed or any(ground_key(p) in index for p in c.places)]
    fresh = gather_evidence(
        here,
        theatre.party_ids,
        index,
        zone=theatre.zone,
        key_of=ground_key,
        party_of=theatre.find_party,
        earliest_on=earliest_day(theatre),
        # Of many claims some tell well enough about when all were said: it counts in tens of years.
        middle=middle_day(claims[:: 1 + len(claims) // _SAMPLE], theatre.zone),
    )
    e = record.fusion.grid.evidence
    sides = dict(zip(e.sources, e.source_sides, strict=True))
    pairs = list(zip(fresh.sources, fresh.source_sides, strict=True))
    if any(side is not None and sides.get(name, side) is None for name, side in pairs):
        return None
    known = tuple(sides.get(name, side) for name, side in pairs)
    return replace(fresh, source_sides=known)
