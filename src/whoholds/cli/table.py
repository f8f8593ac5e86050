"""Claims as a table that a person can read: who, says what, where, when, how many, how sure."""

from __future__ import annotations

from collections.abc import Iterable
from datetime import UTC, date, tzinfo

from rich.table import Table

from whoholds.cli.console import out
from whoholds.model import ALWAYS, Claim, Event, Polarity, Quantity, Report, Stance

__all__ = ["describe_when", "print_claims"]

WIDE = 100
"""Columns of a terminal from which all columns of the table are shown, empty ones too."""

_EVENT_WORDS = {
    Event.CONTROL_GAINED: "took",
    Event.CONTROL_LOST: "lost",
    Event.CONTROL_HELD: "holds",
    Event.ENTERED: "entered",
    Event.CONTESTED: "fighting in",
    Event.ADVANCE: "advanced",
    Event.WITHDRAWAL: "withdrew",
    Event.CLASH: "clash",
    Event.STRIKE: "air strike",
    Event.SHELLING: "shelling",
    Event.CAPTURE_OF_PERSONS: "captured",
    Event.CASUALTIES: "casualties",
    Event.EQUIPMENT_LOSSES: "equipment lost",
    Event.AREA_TOTAL: "area",
    Event.SETTLEMENT_TOTAL: "settlements",
}


def print_claims(
    claims: Iterable[Claim],
    *,
    title: str,
    zone: tzinfo = UTC,
    report: Report | None = None,
    with_ids: bool = False,
) -> None:
    """Print one table."""
    rows = list(claims)
    head = [title]
    if report is not None:
        head += [str(x) for x in (report.publisher, report.published_at) if x]
        if report.origin:
            head.append(f"[{report.origin}]")
    out.print(" · ".join(head), markup=False, style="bold")
    if not rows:
        out.print("no claims found\n")
        return
    table = Table(box=None, pad_edge=False, show_edge=False, padding=(0, 2, 0, 0), expand=out.is_terminal)
    if with_ids:
        table.add_column("id", no_wrap=True)
    table.add_column("who", ratio=3, min_width=9, overflow="fold")
    table.add_column("says", no_wrap=True)
    table.add_column("what", ratio=3, min_width=9, overflow="fold")
    table.add_column("where", ratio=3, min_width=7, overflow="fold")
    table.add_column("when", ratio=2, min_width=10, overflow="fold")
    # On a narrow terminal an empty column would only break the words of the others.
    with_figures = out.width >= WIDE or any(c.quantities for c in rows)
    if with_figures:
        table.add_column("how many", ratio=2, min_width=6, overflow="fold")
    table.add_column("sure", justify="right", no_wrap=True)
    table.add_column("words", ratio=6, min_width=12, overflow="fold")
    from rich.text import Text

    for claim in rows:
        cells = [_who(claim), _stance(claim), _what(claim), _where(claim), describe_when(claim, zone)]
        cells += [_how_many(claim)] if with_figures else []
        cells += [f"{claim.p:.2f}", claim.quote.exact if claim.quote else ""]
        if with_ids:
            cells.insert(0, claim.id.removeprefix("sha256:")[:12])
        table.add_row(*(Text(cell) for cell in cells))
    out.print(table)
    out.print(f"{len(rows)} claim{'s' if len(rows) != 1 else ''}\n")


def _who(claim: Claim) -> str:
    if not claim.attribution:
        return "(the publisher)"
    names = [s.name for s in claim.attribution]
    side = claim.attribution[-1].side
    return " via ".join(reversed(names)) + (f" ({side})" if side else "")


def _stance(claim: Claim) -> str:
    return "silent" if claim.stance is Stance.NO_COMMENT else claim.stance.value


def _what(claim: Claim) -> str:
    word = _EVENT_WORDS.get(claim.event, claim.event.value.replace("_", " "))
    negated = "NOT " if claim.polarity is Polarity.NEGATIVE else ""
    actor = claim.actor_id or claim.actor or ""
    target = claim.target_id or claim.target or ""
    return f"{actor} {negated}{word}".strip() + (f" → {target}" if target else "")


def _where(claim: Claim) -> str:
    words = []
    for place in claim.places:
        relation = "" if place.relation.value == "in" else f"{place.relation.value} "
        area = " (area)" if place.kind in ("admin", "country") else ""
        mark = "?" if place.place_id is None else ""
        words.append(f"{relation}{place.name}{area}{mark}")
    return "; ".join(words)


def describe_when(claim: Claim, zone: tzinfo = UTC) -> str:
    """The time that a claim is about, in few words."""
    if claim.deadline is not None:
        return f"by {claim.deadline}"
    if claim.holds == ALWAYS:
        return ""
    first, last = claim.holds.to_days(zone)
    if first == last and first is not None:
        return str(first)
    if first is None:
        return f"by {last}"
    return f"from {first}" if last is None else f"{first} to {_short(first, last)}"


def _short(first: date, last: date) -> str:
    return last.strftime("%m-%d") if first.year == last.year else str(last)


def _how_many(claim: Claim) -> str:
    return "; ".join(q.span.exact if q.span else _figure(q) for q in claim.quantities)


def _figure(quantity: Quantity) -> str:
    low, high = quantity.low, quantity.high
    number = (
        f"{low:g}"
        if low == high and low is not None
        else f"{low if low is not None else ''}–{high if high is not None else ''}"
    )
    return f"{number} {quantity.unit or ''}".strip()
