"""Very long reports in stretches: each is read by itself, and the readings are joined again.

A report enters and its stretches leave; readings of stretches enter and the reading of the report leaves,
with offsets into its whole text. What a clause owes to other sentences (antecedents, the place that is
spoken of, the company of place names) does not reach over tens of thousands of characters, while every part
of the reader that asks for it would take time by the square of the length.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import fields, is_dataclass, replace
from typing import TypeVar, cast

from whoholds.model import Attribution, Claim, Reading, Report, Span, claim_id
from whoholds.text.parse import split_pieces

__all__ = ["join_readings", "split_report"]

T = TypeVar("T")


def split_report(report: Report) -> list[Report]:
    """The report in stretches of at most `text.parse.PIECE_CHARS`, cut where lines or sentences end."""
    pieces = split_pieces(report.text)
    return [report] if len(pieces) < 2 else [replace(report, text=piece) for piece in pieces]


def join_readings(report: Report, parts: Sequence[Reading]) -> Reading:
    """The reading of a report of those of its stretches, in order.

    Args:
        report: The whole report.
        parts: One reading a stretch, whose texts joined are the report's.
    """
    if len(parts) == 1:
        return parts[0]
    at = 0
    attributions: list[Attribution] = []
    claims: list[Claim] = []
    moved: list[Reading] = []
    for part in parts:
        first = len(attributions)
        attributions += [
            replace(move_spans(a, at), nested_in=None if a.nested_in is None else a.nested_in + first)
            for a in part.attributions
        ]
        claims += [_with_id(move_spans(c, at), report) for c in part.claims]
        moved.append(
            replace(
                part,
                places=move_spans(part.places, at),
                times=move_spans(part.times, at),
                quantities=move_spans(part.quantities, at),
                factuality=move_spans(part.factuality, at),
            )
        )
        at += len(part.report.text)
    return Reading(
        report=report,
        reader=parts[0].reader,
        attributions=tuple(attributions),
        places=tuple(p for part in moved for p in part.places),
        times=tuple(t for part in moved for t in part.times),
        quantities=tuple(q for part in moved for q in part.quantities),
        claims=tuple(claims),
        factuality=tuple(f for part in moved for f in part.factuality),
    )


def move_spans(item: T, by: int) -> T:
    """The item with every span in it further on by some code points."""
    if isinstance(item, Span):
        return cast("T", Span(item.start + by, item.end + by, item.exact))
    if isinstance(item, tuple):
        return cast("T", tuple(move_spans(part, by) for part in item))
    if is_dataclass(item) and not isinstance(item, type):
        changed = {
            field.name: move_spans(value, by)
            for field in fields(item)
            if isinstance(value := getattr(item, field.name), Span | tuple)
        }
        return replace(item, **changed)
    return item


def _with_id(claim: Claim, report: Report) -> Claim:
    """The claim with the id of where its words stand now."""
    assert claim.quote is not None
    return replace(
        claim,
        id=claim_id(
            report.sha256,
            claim.quote,
            [s.name for s in claim.attribution],
            claim.stance,
            claim.polarity,
            claim.event,
            claim.actor,
            claim.target,
            [p.span for p in claim.places],
        ),
    )
