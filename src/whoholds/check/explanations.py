"""Why a place has the state that it has: the record and its claims in, reasons for and against out.

A claim speaks for or against with a weight (log-odds); whether it decides is asked by leaving it out and
working the record out again, with the sources' parameters frozen.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import date, datetime
from math import cos, hypot, radians

from whoholds.errors import NotFoundError
from whoholds.fuse.echoes import group_echoes
from whoholds.ground.record import Contribution, GroundRecord, compute_record, ground_key
from whoholds.model import Claim, ClaimPlace, ControlState

__all__ = [
    "Change",
    "Explanation",
    "LeftOut",
    "Reason",
    "explain_place",
    "find_place_changes",
    "name_places",
]

NEAR_M = 60_000.0
"""How far from a place claims are taken along when the record is worked out again: neighbours pull on one
another over a few kilometres, and their neighbours on them."""
MOST_LEFT_OUT = 5
MOST_MOVERS = 3
_DEGREE_M = 111_195.0


@dataclass(frozen=True, slots=True)
class Reason:
    """One claim and how far it speaks for a state.

    Attributes:
        claim: The claim.
        on: The day that it is about.
        state: The state that it speaks for.
        weight: Log-odds (nats) that it adds to that state.
        copies: Claims that only repeat it; all of them count once.
    """

    claim: Claim
    on: date
    state: str
    weight: float
    copies: tuple[Claim, ...] = ()


@dataclass(frozen=True, slots=True)
class LeftOut:
    """The place's state were one claim, with its copies, not there."""

    reason: Reason
    state: ControlState


@dataclass(frozen=True, slots=True)
class Explanation:
    """Why a place has its state on a day.

    Attributes:
        state: The state.
        since: First day of the stretch of days with that status.
        before: Status before that stretch, None where it reaches to the record's first day.
        supporting: Claims for the status, the weightiest first.
        opposing: Claims for another, the weightiest first.
        earlier: Claims about days before the stretch that the record followed then, the latest first.
        pivot: The weightiest claim without which the status would be another; None where none is.
        strongest: The same for the claim that takes most of the status's probability along; None where
            nothing was left out.
        n_tried: How many claims were left out, one at a time.
    """

    state: ControlState
    since: date
    before: str | None
    supporting: tuple[Reason, ...]
    opposing: tuple[Reason, ...]
    earlier: tuple[Reason, ...]
    pivot: LeftOut | None
    strongest: LeftOut | None
    n_tried: int


@dataclass(frozen=True, slots=True)
class Change:
    """A place whose status on one day is not that on another.

    Attributes:
        place_id: Its key in the record.
        name: Its name.
        on: The day on which the record has the new status for the first time.
        before: Its state on the first of the two days.
        after: On the second.
        movers: The claims of between that speak for the new status, the weightiest first.
        n_movers: How many there are in all.
    """

    place_id: str
    name: str
    on: date
    before: ControlState
    after: ControlState
    movers: tuple[Reason, ...]
    n_movers: int


def explain_place(
    record: GroundRecord,
    claims: Sequence[Claim],
    place_id: str,
    on: date,
    *,
    as_known_on: datetime | None = None,
    clock: str = "public",
    most_left_out: int = MOST_LEFT_OUT,
) -> Explanation:
    """Why the record has a place in its state on a day.

    Args:
        record: The record.
        claims: The claims that it was made from.
        place_id: A place of the record.
        on: The day.
        as_known_on: What the record was made with.
        clock: The same.
        most_left_out: How many of the weightiest claims are left out in turn; 0 for none.

    Raises:
        NotFoundError: No claim names the place.
        InputError: The record has no such day.
    """
    state = record.place_state(place_id, on)
    history = [s for s in record.place_history(place_id) if s.on <= on]
    turns = [s for i, s in enumerate(history) if i == 0 or history[i - 1].status != s.status]
    since = turns[-1].on if turns else record.days[0]
    before = turns[-2].status if len(turns) > 1 else None
    then = {s.on: s.status for s in turns}
    reasons = list_reasons(claims, record.contributions(place_id, on))
    earlier = [r for r in reasons if r.on < since and _status_on(then, r.on) == r.state]
    present = [r for r in reasons if r not in earlier]
    supporting = [r for r in present if r.state == state.status]
    tried = _leave_out(record, claims, place_id, state, supporting[:most_left_out], as_known_on, clock)
    return Explanation(
        state=state,
        since=since,
        before=before,
        supporting=tuple(supporting),
        opposing=tuple(r for r in present if r.state != state.status),
        earlier=tuple(sorted(earlier, key=lambda r: (-r.on.toordinal(), r.claim.id))),
        pivot=next((t for t in tried if t.state.status != state.status), None),
        strongest=min(tried, key=lambda t: dict(t.state.p)[state.status], default=None),
        n_tried=len(tried),
    )


def list_reasons(claims: Sequence[Claim], contributions: Sequence[Contribution]) -> list[Reason]:
    """Contributions with their claims and copies; those whose claim is not at hand are left out."""
    by_id = {c.id: c for c in claims}
    copies: dict[str, list[Claim]] = {}
    for copy, original in group_echoes(claims).items():
        copies.setdefault(original, []).append(by_id[copy])
    return [
        Reason(by_id[c.claim_id], c.on, c.state, c.weight, tuple(copies.get(c.claim_id, ())))
        for c in contributions
        if c.claim_id in by_id
    ]


def _status_on(turns: Mapping[date, str], day: date) -> str | None:
    before = [on for on in turns if on <= day]
    return turns[max(before)] if before else None


def _leave_out(
    record: GroundRecord,
    claims: Sequence[Claim],
    place_id: str,
    state: ControlState,
    reasons: Sequence[Reason],
    as_known_on: datetime | None,
    clock: str,
) -> list[LeftOut]:
    """The place's state without each of some claims; empty where even with all of them it is not found."""
    near = _claims_near(claims, record.places[place_id][:2])

    def state_without(left_out: set[str]) -> ControlState:
        kept = [c for c in near if c.id not in left_out]
        again = compute_record(
            record.theatre,
            kept,
            as_known_on=as_known_on,
            clock=clock,
            last_day=record.days[-1],
            parameters=record.parameters,
        )
        return again.place_state(place_id, state.on)

    # With frozen parameters and the neighbourhood alone the record may differ by a hair; where that is
    # enough to turn the status, no single claim can be said to.
    if not reasons or state_without(set()).status != state.status:
        return []
    found = []
    for reason in reasons:
        try:
            found.append(LeftOut(reason, state_without({reason.claim.id, *(c.id for c in reason.copies)})))
        except NotFoundError:
            # No other claim names the place.
            continue
    return found


def _claims_near(claims: Sequence[Claim], point: tuple[float, float]) -> list[Claim]:
    lon, lat = point

    def is_near(place: ClaimPlace) -> bool:
        if place.lon is None or place.lat is None:
            return False
        across = (place.lon - lon) * cos(radians(lat)) * _DEGREE_M
        return hypot(across, (place.lat - lat) * _DEGREE_M) <= NEAR_M

    return [c for c in claims if c.geometry is not None or any(is_near(p) for p in c.places)]


# --- between two days ------------------------------------------------------------------------------------


def find_place_changes(record: GroundRecord, claims: Sequence[Claim], since: date, to: date) -> list[Change]:
    """The places whose status on `to` is not that on `since`, by the day of the change.

    Raises:
        InputError: The record has no such days.
    """
    names = name_places(claims)
    found = []
    for place_id in record.places:
        before, after = record.place_state(place_id, since), record.place_state(place_id, to)
        if before.status == after.status:
            continue
        moved = [
            c
            for c in record.contributions(place_id, to)
            if since < c.on <= to and c.state == after.status and c.weight > 0
        ]
        found.append(
            Change(
                place_id=place_id,
                name=names.get(place_id, place_id),
                on=_turned_on(record, place_id, after.status, to),
                before=before,
                after=after,
                movers=tuple(list_reasons(claims, moved)[:MOST_MOVERS]),
                n_movers=len(moved),
            )
        )
    return sorted(found, key=lambda c: (c.on, c.name, c.place_id))


def _turned_on(record: GroundRecord, place_id: str, status: str, to: date) -> date:
    """First day of the stretch of days with a status that `to` lies in."""
    first: date | None = None
    for state in record.place_history(place_id):
        if state.on > to:
            break
        if state.status != status:
            first = None
        elif first is None:
            first = state.on
    return first or to


def name_places(claims: Sequence[Claim]) -> dict[str, str]:
    """A place's key in the record to the name that claims have for it."""
    found: dict[str, str] = {}
    for claim in sorted(claims, key=lambda c: c.id):
        for place in claim.places:
            key = ground_key(place)
            if key is not None:
                found.setdefault(key, place.name)
    return found
