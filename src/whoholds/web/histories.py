"""What the panel and the place page show of one place or cell: state, chart, claims for and against."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import date
from typing import Any

from whoholds.errors import NotFoundError
from whoholds.ground.record import Contribution, GroundRecord
from whoholds.model import CONTESTED, UNKNOWN, Claim, ControlState, Report
from whoholds.store import ClaimFilter, PlaceCorrection, View
from whoholds.store.policy import corrections_in_force
from whoholds.theatre import Theatre
from whoholds.web.charts import draw_history
from whoholds.web.wording import describe_claim, describe_day, describe_party

__all__ = ["describe_claims", "describe_unit", "state_words"]


def state_words(theatre: Theatre, status: str) -> str:
    """A status in words."""
    fixed = {CONTESTED: "contested", UNKNOWN: "unknown"}
    return fixed.get(status) or describe_party(theatre, status, status)


def describe_claims(view: View, claims: Sequence[Claim], theatre: Theatre) -> list[dict[str, Any]]:
    """Claims for templates, each with its report's publisher and badge."""
    reports: dict[str, Report | None] = {}
    for claim in claims:
        if claim.report_id not in reports:
            reports[claim.report_id] = find_report(view, claim.report_id)
    statuses = view.claim_statuses([c.id for c in claims])
    said = view.place_corrections()
    return [
        describe_claim(c, reports[c.report_id], theatre, statuses.get(c.id, "new"))
        | {"place_notes": describe_place_corrections(c, said, theatre)}
        for c in claims
    ]


def describe_place_corrections(claim: Claim, said: Sequence[PlaceCorrection], theatre: Theatre) -> list[str]:
    """What people decided about the names of a claim's places, a sentence each."""
    found = []
    for correction in corrections_in_force(claim, said).values():
        place = correction.place
        meant = "no place that is known" if place is None else place.name
        day = describe_day(correction.at, theatre.zone)
        scope = "" if correction.report_id is None else " in this report"
        found.append(
            f"“{correction.exact}” means {meant}{scope}, says {correction.by}, {day}: {correction.why}"
        )
    return found


def find_report(view: View, report_id: str) -> Report | None:
    """A claim's report, or None for imported claims and for reports that the audience may not see."""
    if not report_id:
        return None
    try:
        return view.report(report_id).report
    except NotFoundError:
        return None


def describe_unit(
    record: GroundRecord, view: View, theatre: Theatre, unit_id: str, on: date, *, most: int = 40
) -> dict[str, Any]:
    """Everything that is known of a place or a cell on a day.

    Claims that moved the record stand first, newest first, with their weight; those about the place that
    did not (reported later than is known, or saying nothing of control) follow by date.

    Raises:
        NotFoundError: The record does not reach it.
    """
    is_cell = unit_id not in record.places
    history = record.cell_history(unit_id) if is_cell else record.place_history(unit_id)
    state = history_at(history, on) if is_cell else record.place_state(unit_id, on)
    moved = record.contributions(unit_id, on)
    weights: dict[str, Contribution] = {}
    for row in moved:
        weights.setdefault(row.claim_id, row)
    # The newest first: the weight of an old claim does not shrink, its bearing on the day does.
    latest = sorted(weights.values(), key=lambda m: (m.on, abs(m.weight), m.claim_id), reverse=True)
    found = _claims_of(view, latest[:most])
    others: list[Claim] = []
    if not is_cell:
        others = [c for c in view.claims(ClaimFilter(place_id=unit_id, limit=most)) if c.id not in weights]
    cards = describe_claims(view, found, theatre)
    for card in cards:
        row = weights[card["id"]]
        card |= {"weight": row.weight, "state": row.state, "is_for": row.is_for, "about": row.on}
        card["state_words"] = state_words(theatre, row.state)
    name = next((p.name for c in [*found, *others] for p in c.places if p.place_id == unit_id), None)
    return {
        "id": unit_id,
        "is_cell": is_cell,
        "name": f"Ground cell {unit_id}" if is_cell else name or unit_id,
        "on": on,
        "on_words": describe_day(on, theatre.zone),
        "status": state.status,
        "status_words": state_words(theatre, state.status),
        "p": [(name, state_words(theatre, name), p) for name, p in state.p],
        "n_claims": state.n_claims,
        "method": state.method,
        "changes": [(s, state_words(theatre, s.status)) for s in changes_of(history)],
        "chart": draw_history(history, record.states, record.days[0], record.days[-1], on),
        "for": [c for c in cards if c["is_for"]],
        "against": [c for c in cards if not c["is_for"]],
        "others": describe_claims(view, others, theatre),
        "n_left_out": max(0, len(weights) - most),
    }


def _claims_of(view: View, moved: Sequence[Contribution]) -> list[Claim]:
    found = []
    for row in moved:
        try:
            found.append(view.claim(row.claim_id))
        except NotFoundError:
            continue
    return found


def history_at(history: Sequence[ControlState], on: date) -> ControlState:
    """The change point in force on a day."""
    before = [s for s in history if s.on <= on]
    return before[-1] if before else history[0]


def changes_of(history: Sequence[ControlState]) -> list[ControlState]:
    """The change points at which the status itself changes, the first included."""
    pairs = zip([None, *history], history, strict=False)
    return [s for before, s in pairs if before is None or before.status != s.status]
