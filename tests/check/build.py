"""Claims for the tests of the checks, written as a person would say them."""

from __future__ import annotations

from datetime import UTC, date
from itertools import count

from whoholds.model import (
    ALWAYS,
    Approximator,
    Claim,
    ClaimPlace,
    Event,
    Interval,
    Measure,
    Polarity,
    Quantity,
    Relation,
    Source,
    Stance,
)

_numbers = count(1)


def day(text: str) -> date:
    return date.fromisoformat(text)


def town(name: str = "Riverport", relation: Relation = Relation.IN) -> ClaimPlace:
    return ClaimPlace(
        place_id=f"test:{name.casefold()}", name=name, lon=30.0, lat=10.0, radius_m=2000.0, relation=relation
    )


def region(name: str = "North Region") -> ClaimPlace:
    return ClaimPlace(
        place_id=f"test:{name.casefold()}", name=name, lon=30.0, lat=10.0, radius_m=80_000.0, kind="admin"
    )


def claim(
    event: Event,
    actor: str | None,
    *places: ClaimPlace,
    by: str | None = "A Speaker",
    on: str | None = "2025-03-12",
    since: str | None = None,
    stance: Stance = Stance.CLAIMED,
    polarity: Polarity = Polarity.POSITIVE,
    deadline: str | None = None,
    figures: tuple[Quantity, ...] = (),
    report: str | None = None,
    said: str = "2025-03-12",
    echo_of: str | None = None,
) -> Claim:
    """One claim; each call gives another id."""
    number = next(_numbers)
    holds = ALWAYS if on is None and since is None else Interval.from_days(
        day(since) if since else None, day(on) if on else None, UTC
    )  # fmt: skip
    return Claim(
        id=f"sha256:{number:064x}",
        report_id=report or f"report-{number}",
        quote=None,
        attribution=(Source(by),) if by else (),
        stance=stance,
        polarity=polarity,
        event=event,
        actor=actor,
        actor_id=actor,
        places=places,
        holds=holds,
        deadline=day(deadline) if deadline else None,
        quantities=figures,
        reported_at=day(said),
        echo_of=echo_of,
    )


def figure(
    low: float | None,
    unit: str,
    measure: Measure,
    approximator: Approximator = Approximator.EXACT,
    high: float | None = None,
) -> Quantity:
    top = low if high is None and approximator is not Approximator.OVER else high
    return Quantity(None, low, top, unit, None, approximator, measure)
