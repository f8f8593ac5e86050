"""Claims that cannot both be so.

Enters: claims. Leaves: one `Finding` a pair, the hardest first. Four kinds, each with its rule:

- control: two sources have one place in states that exclude each other, within days; a later change of
  hands is news, not a contradiction.
- prospect: one says that a party will stay, another that it will be gone.
- agreement: a party has agreed, and has refused, or has not answered.
- figure: two totals of one thing, on one day, further apart than their wording allows.

Copies of one statement are compared once, and a source is not held against its own earlier word.
"""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Iterable, Iterator, Sequence
from datetime import UTC, date, timedelta

from whoholds.check.propositions import Mood, Proposition, is_denied, party_of, propositions_of, said_on
from whoholds.model import Claim, Event, Finding, Quantity, Stance, content_id, quantity_bounds
from whoholds.theatre import Theatre

__all__ = ["CANNOT_BOTH", "find_contradictions"]

CANNOT_BOTH = "cannot both be so"
MAY_BOTH = "hard to reconcile"
STATE_WINDOW = timedelta(days=7)
"""How long a statement on a place stands against later ones before it is simply old: a town rarely goes
unmentioned for longer while it is disputed, and official briefings come at least weekly."""
FIGURE_WINDOW = timedelta(days=1)
STRONG = 0.6
"""From this strength on a pair is said to exclude each other."""


def find_contradictions(claims: Sequence[Claim], theatre: Theatre | None = None) -> list[Finding]:
    """All pairs of claims that clash, the hardest first.

    Args:
        claims: Claims of one or many reports, in any order; the result does not depend on it.
        theatre: Names the parties; without one, actors are compared as the claims have them.
    """
    zone = theatre.zone if theatre else UTC
    ordered = sorted((c for c in claims if c.echo_of is None), key=lambda c: c.id)
    found: dict[tuple[str, str], Finding] = {}
    by_place: dict[str, list[Proposition]] = defaultdict(list)
    for claim in ordered:
        for item in propositions_of(claim, theatre, zone):
            by_place[item.key].append(item)
    for group in by_place.values():
        for finding in _clashes_at(group):
            _keep(found, finding)
    for finding in _agreements(ordered, theatre):
        _keep(found, finding)
    for finding in _figures(ordered, theatre):
        _keep(found, finding)
    return sorted(found.values(), key=lambda f: (-(f.strength or 0.0), f.id))


def _keep(found: dict[tuple[str, str], Finding], finding: Finding) -> None:
    key = (finding.claim_ids[0], finding.claim_ids[1])
    if key not in found or (finding.strength or 0) > (found[key].strength or 0):
        found[key] = finding


def _clashes_at(group: list[Proposition]) -> Iterator[Finding]:
    ordered = sorted(group, key=lambda p: (p.on, p.claim.id))
    for i, early in enumerate(ordered):
        for late in ordered[i + 1 :]:
            if late.on - early.on > STATE_WINDOW and late.mood is early.mood:
                break
            strength, why = _clash(early, late)
            if strength > 0 and not _same_voice(early.claim, late.claim):
                yield _finding(
                    "control" if early.mood is late.mood is Mood.FACT else "prospect",
                    early,
                    late,
                    strength,
                    why,
                )


def _clash(a: Proposition, b: Proposition) -> tuple[float, str]:
    """How hard two statements on one place clash, 0 for not at all; `a` is about the earlier day."""
    if a.mood is not b.mood:
        return 0.0, ""
    weight = min(a.weight, b.weight)
    if a.mood is Mood.PROSPECT:
        if a.party is not None and a.party == b.party and a.holds != b.holds:
            return weight, f"one has {a.party} stay, the other has it gone"
        return 0.0, ""
    gap = (b.on - a.on).days
    if gap > 0 and b.is_change:
        # What changed after the earlier day contradicts nothing that was said of it.
        return 0.0, ""
    fade = 1.0 - gap / (STATE_WINDOW.days + 1)
    if a.is_area or b.is_area:
        if a.party == b.party and a.holds != b.holds and gap == 0:
            return weight * fade, f"one has {a.party} there, the other not"
        return 0.0, ""
    if a.holds is None or b.holds is None:
        if a.holds is b.holds:
            return 0.0, ""
        # Fighting in the place against somebody's having or having lost the whole of it.
        firm = b if a.holds is None else a
        if firm.holds is False and not firm.is_change:
            return 0.0, ""
        # A day apart, fighting may have followed or gone before: only the same day counts fully.
        return weight * (
            0.7 if gap == 0 else 0.5 * fade
        ), "one has it in one hand, the other has fighting in it"
    if a.party == b.party:
        return (
            (weight * fade, f"one has {a.party} hold it, the other not") if a.holds != b.holds else (0.0, "")
        )
    if a.holds and b.holds:
        return weight * fade, f"one has {a.party} hold it, the other {b.party}"
    return 0.0, ""


def _same_voice(a: Claim, b: Claim) -> bool:
    """Whether one source speaks in both, and not in one and the same report."""
    if a.report_id == b.report_id:
        return False
    x, y = a.speaker, b.speaker
    if x is None or y is None:
        return False
    return (x.source_id or x.name.casefold()) == (y.source_id or y.name.casefold())


def _finding(kind: str, a: Proposition, b: Proposition, strength: float, why: str) -> Finding:
    place = a.place.name
    return _pair(kind, a.claim, b.claim, strength, f"{place}: {why}", [_say(a), _say(b)], on=b.on)


def _pair(
    kind: str, a: Claim, b: Claim, strength: float, summary: str, steps: list[str], on: date | None = None
) -> Finding:
    first, second = sorted((a, b), key=lambda c: c.id)
    return Finding(
        id=content_id("contradiction/1", kind, first.id, second.id),
        kind="contradiction",
        claim_ids=(first.id, second.id),
        verdict=CANNOT_BOTH if strength >= STRONG else MAY_BOTH,
        strength=round(strength, 4),
        summary=summary,
        steps=tuple(steps),
        on=on,
    )


def _voice(claim: Claim) -> str:
    return claim.speaker.name if claim.speaker else "the publisher"


def _say(item: Proposition) -> str:
    what = (
        "fighting in it"
        if item.holds is None
        else f"{item.party} {'has' if item.holds else 'does not have'} it"
    )
    words = f": {item.claim.quote.exact}" if item.claim.quote else ""
    return f"{_voice(item.claim)} ({item.claim.stance.value}), {item.on}: {what}{words}"


# --- agreements ------------------------------------------------------------------------------------------


def _agreements(claims: Sequence[Claim], theatre: Theatre | None) -> Iterator[Finding]:
    """A party that agreed against the same party refusing, or not having answered."""
    zone = theatre.zone if theatre else UTC
    yes: list[tuple[str, Claim]] = []
    no: list[tuple[str, Claim, str]] = []
    for claim in claims:
        actor = party_of(claim.actor_id, claim.actor, theatre)
        if actor is None:
            continue
        if claim.event is Event.AGREEMENT and claim.stance in (
            Stance.ASSERTED,
            Stance.CONFIRMED,
            Stance.CLAIMED,
        ):
            if is_denied(claim):
                no.append((actor, claim, "has not agreed"))
            else:
                yes.append((actor, claim))
        elif claim.event is Event.REFUSAL and not is_denied(claim):
            no.append((actor, claim, "has refused"))
        elif claim.stance is Stance.NO_COMMENT and claim.event in (Event.PROPOSAL, Event.AGREEMENT):
            no.append((actor, claim, "has not answered"))
    for actor, agreed in yes:
        for other, against, what in no:
            if actor != other:
                continue
            a, b = said_on(agreed, zone), said_on(against, zone)
            same_report = agreed.report_id == against.report_id
            near = a is not None and b is not None and abs((a - b).days) <= 1
            if same_report or (near and _shared_subject(agreed, against)):
                steps = [
                    f"{_voice(c)}: {c.quote.exact if c.quote else c.event.value}" for c in (agreed, against)
                ]
                yield _pair("agreement", agreed, against, 0.8, f"{actor} has agreed, and {what}", steps, on=b)


def _shared_subject(a: Claim, b: Claim) -> bool:
    """Whether two quotes name a subject in common: a word of six letters or more."""

    def words(claim: Claim) -> set[str]:
        text = claim.quote.exact.casefold() if claim.quote else ""
        return {w.strip(".,;:'\"”’") for w in text.split() if len(w) >= 6}

    return bool(words(a) & words(b))


# --- figures ---------------------------------------------------------------------------------------------


def _figures(claims: Sequence[Claim], theatre: Theatre | None) -> Iterator[Finding]:
    """Totals of one thing on one day, further apart than their wording allows."""
    zone = theatre.zone if theatre else UTC
    groups: dict[tuple[object, ...], list[tuple[Claim, Quantity]]] = defaultdict(list)
    for claim in claims:
        if claim.event not in (Event.AREA_TOTAL, Event.SETTLEMENT_TOTAL) or claim.stance in (
            Stance.PREDICTED,
            Stance.INTENDED,
            Stance.ORDERED,
            Stance.PROPOSED,
            Stance.CONSIDERED,
            Stance.NO_COMMENT,
        ):
            continue
        actor = party_of(claim.actor_id, claim.actor, theatre)
        place = tuple(sorted(p.place_id or p.name for p in claim.places))
        # A figure over a stretch of days is no total: compared only with the same stretch.
        first, last = claim.holds.to_days(zone)
        window = (first, last) if first is not None and last is not None and first != last else None
        for quantity in claim.quantities:
            if quantity.measure is not None and not is_denied(claim):
                groups[actor, place, quantity.measure, quantity.unit, window].append((claim, quantity))
    for group in groups.values():
        yield from _figure_pairs(group, theatre)


def _figure_pairs(group: Iterable[tuple[Claim, Quantity]], theatre: Theatre | None) -> Iterator[Finding]:
    zone = theatre.zone if theatre else UTC
    dated = [(said_on(c, zone), c, q) for c, q in group]
    items = sorted(((d, c, q) for d, c, q in dated if d is not None), key=lambda x: (x[0], x[1].id))
    for i, (day, a, qa) in enumerate(items):
        for later, b, qb in items[i + 1 :]:
            if later - day > FIGURE_WINDOW:
                break
            if a.report_id == b.report_id and a.speaker == b.speaker:
                continue
            (low_a, high_a), (low_b, high_b) = quantity_bounds(qa), quantity_bounds(qb)
            if high_a < low_b or high_b < low_a:
                apart = (low_b - high_a) if high_a < low_b else (low_a - high_b)
                scale = max(abs(low_a), abs(low_b), 1.0)
                strength = min(1.0, 0.4 + apart / scale)
                words = [q.span.exact if q.span else f"{q.low:g} {q.unit}" for q in (qa, qb)]
                steps = [f"{_voice(c)} on {d}: {w}" for c, d, w in ((a, day, words[0]), (b, later, words[1]))]
                steps.append(f"{low_a:g} to {high_a:g} against {low_b:g} to {high_b:g}: no number is in both")
                yield _pair("figure", a, b, strength, f"{words[0]} against {words[1]}", steps, on=later)
