"""Why a place has the state that it has: the record and its claims in, reasons for and against out.

What a claim does on a day is asked by leaving it out: the record offers that exactly, the surroundings and
the sources' parameters being as they are (`GroundRecord.influences`).
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date, timedelta

from whoholds.fuse.echoes import group_echoes
from whoholds.ground.inputs import ground_key
from whoholds.ground.record import Contribution, GroundRecord
from whoholds.model import UNKNOWN, Claim, ControlState

__all__ = ["Change", "Explanation", "Reason", "explain_place", "find_place_changes", "name_places"]

FELT = 0.005
"""A claim that moves a probability by less than this, half a point, is not said to move it."""
RECENT = timedelta(days=7)
"""Claims about days longer than this before the place came into its state are history: disputed places are
spoken of at least weekly."""
MOST_TRIED = 256
MOST_MOVERS = 3


@dataclass(frozen=True, slots=True)
class Reason:
    """One claim and what it does to the state of a place on a day.

    Attributes:
        claim: The claim.
        on: The day that it is about; None where that is not known.
        state: The state that its words fit best, None where they fit none (a denial, a silence).
        weight: Log-odds (nats) that it adds to that state on its own day.
        without: The place's states on the day, were the claim not there; None where not worked out.
        moved: What it adds to the probability of the place's status on the day.
        copies: Claims that only repeat it; all of them count once.
    """

    claim: Claim
    on: date | None
    state: str | None
    weight: float
    without: tuple[tuple[str, float], ...] | None = None
    moved: float = 0.0
    copies: tuple[Claim, ...] = ()

    @property
    def status_without(self) -> str | None:
        """The most probable state without it."""
        return max(self.without, key=lambda pair: pair[1])[0] if self.without else None


@dataclass(frozen=True, slots=True)
class Explanation:
    """Why a place has its state on a day.

    Attributes:
        state: The state.
        since: First day of the stretch of days with that status.
        before: Status before that stretch, None where it reaches to the record's first day.
        supporting: Claims that say what the status says, those first that move its probability the most.
            Leaving one out may raise it all the same: others of its camp then count for more.
        opposing: Claims that say something else, in the same order. One of them may support the status: that
            there is fighting still speaks for those who are said to be entering.
        others: Claims about the place that move it by less than `FELT` and are about earlier days.
        pivots: Claims without which, each alone, the status would be another.
    """

    state: ControlState
    since: date
    before: str | None
    supporting: tuple[Reason, ...]
    opposing: tuple[Reason, ...]
    others: tuple[Reason, ...]
    pivots: tuple[Reason, ...]


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

    @property
    def is_doubtful(self) -> bool:
        """Whether no state has one half, before or after: somebody else may well hold the place."""
        return any(max(p for _, p in state.p) < 0.5 for state in (self.before, self.after))


def explain_place(record: GroundRecord, claims: Sequence[Claim], place_id: str, on: date) -> Explanation:
    """Why the record has a place in its state on a day.

    Args:
        record: The record.
        claims: The claims that it was made from.
        place_id: A place of the record.
        on: The day.

    Raises:
        NotFoundError: No claim names the place.
        InputError: The record has no such day.
    """
    state = record.place_state(place_id, on)
    history = [s for s in record.place_history(place_id) if s.on <= on]
    turns = [s for i, s in enumerate(history) if i == 0 or history[i - 1].status != s.status]
    since = turns[-1].on if turns else record.days[0]
    reasons = _reasons_at(record, claims, place_id, state) if state.status != UNKNOWN else []
    supporting: list[Reason] = []
    opposing: list[Reason] = []
    others: list[Reason] = []
    for reason in reasons:
        is_recent = reason.on is not None and since - RECENT <= reason.on <= on
        says_so = reason.state == state.status if reason.state is not None else reason.moved > 0
        if abs(reason.moved) >= FELT or (is_recent and reason.state is not None):
            (supporting if says_so else opposing).append(reason)
        else:
            others.append(reason)
    return Explanation(
        state=state,
        since=since,
        before=turns[-2].status if len(turns) > 1 else None,
        supporting=tuple(supporting),
        opposing=tuple(opposing),
        others=tuple(others),
        pivots=tuple(r for r in reasons if r.status_without not in (None, state.status)),
    )


def _reasons_at(
    record: GroundRecord, claims: Sequence[Claim], place_id: str, state: ControlState
) -> list[Reason]:
    """All claims that bear on a place, those first that move its status's probability the most."""
    by_id, copies = {c.id: c for c in claims}, _copies_of(claims)
    said: dict[str, Contribution] = {}
    # Of the whole record: what is told of later days tells of the day as well.
    for item in record.contributions(place_id):
        said.setdefault(item.claim_id, item)
    # Totals of ground are weighed for each day by itself.
    said |= {item.claim_id: item for item in record.total_contributions(place_id, state.on)}
    best = record.states.index(state.status)
    influences = {i.claim_id: i for i in record.influences(place_id, state.on, most=MOST_TRIED)}
    found = []
    for claim_id in {*said, *influences} & by_id.keys():
        about, influence = said.get(claim_id), influences.get(claim_id)
        found.append(
            Reason(
                claim=by_id[claim_id],
                on=about.on if about else None,
                state=about.state if about else None,
                weight=about.weight if about else 0.0,
                without=tuple(zip(record.states, influence.without, strict=True)) if influence else None,
                moved=influence.moved[best] if influence else 0.0,
                copies=copies.get(claim_id, ()),
            )
        )
    return sorted(found, key=lambda r: (-abs(r.moved), -abs(r.weight), r.claim.id))


def _copies_of(claims: Sequence[Claim]) -> dict[str, tuple[Claim, ...]]:
    by_id = {c.id: c for c in claims}
    found: dict[str, tuple[Claim, ...]] = {}
    for copy, original in sorted(group_echoes(claims).items()):
        found[original] = (*found.get(original, ()), by_id[copy])
    return found


# --- between two days ------------------------------------------------------------------------------------


def find_place_changes(record: GroundRecord, claims: Sequence[Claim], since: date, to: date) -> list[Change]:
    """The places whose status on `to` is not that on `since`, by the day of the change.

    Raises:
        InputError: The record has no such days.
    """
    names, by_id, copies = name_places(claims), {c.id: c for c in claims}, _copies_of(claims)
    found = []
    for place_id in record.places:
        before, after = record.place_state(place_id, since), record.place_state(place_id, to)
        if before.status == after.status:
            continue
        moved = [
            c
            for c in record.contributions(place_id, to)
            if since < c.on <= to and c.state == after.status and c.weight > 0 and c.claim_id in by_id
        ]
        found.append(
            Change(
                place_id=place_id,
                name=names.get(place_id, place_id),
                on=_turned_on(record, place_id, after.status, to),
                before=before,
                after=after,
                movers=tuple(
                    Reason(by_id[c.claim_id], c.on, c.state, c.weight, copies=copies.get(c.claim_id, ()))
                    for c in moved[:MOST_MOVERS]
                ),
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
