"""Predictions as questions with a due day, scored against the record.

Enters: claims, and a way to ask the record for a place and day. Leaves: a `Forecast` for each prediction
that can be settled, with its Brier score where it is due. Intentions and orders are listed apart: nobody
who orders a town to be taken has predicted that it will be.
"""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Callable, Iterable, Iterator, Mapping
from dataclasses import dataclass
from datetime import UTC, date, datetime

from whoholds.check.propositions import is_denied, party_of
from whoholds.model import CONTESTED, Claim, ClaimPlace, Event, Polarity, Stance
from whoholds.theatre import Theatre

__all__ = ["Ask", "Forecast", "SourceScore", "find_forecasts", "find_intentions", "score_sources"]

Ask = Callable[[ClaimPlace, date], Mapping[str, float] | None]
"""The record's probabilities of a place on a day: party (and `contested`) to p; None where unknown."""

SAID = 0.9
"""The probability that a plain prediction ("there will be none left by Friday") is scored as: a source
that gives no number is held to near certainty, but not to infinite loss."""
SAID_HEDGED = 0.7
_HEDGES = ("may", "might", "could", "likely", "probably", "expected", "unlikely", "possible", "possibly")


@dataclass(frozen=True, slots=True)
class Forecast:
    """One prediction as a question.

    Attributes:
        claim: The prediction.
        question: In words.
        place: Where; a prediction on several readings of "there" gives one question each.
        party: Whom it is about.
        expects: What is predicted: that the party has the place (True), or not (False).
        due: The day that settles it.
        p_said: The probability that the source is held to.
        p_true: The record's probability that it came true; None where not due or unknown.
        brier: (p_said - p_true)² plus the record's own doubt p_true (1 - p_true); None as above.
        doubt: p_true (1 - p_true): the part of the score that is the record's own uncertainty.
    """

    claim: Claim
    question: str
    place: ClaimPlace
    party: str
    expects: bool
    due: date
    p_said: float
    p_true: float | None
    brier: float | None
    doubt: float | None


@dataclass(frozen=True, slots=True)
class SourceScore:
    """How a source's forecasts came out: the mean Brier score of `n` that are settled."""

    name: str
    n: int
    brier: float


def find_forecasts(
    claims: Iterable[Claim], ask: Ask, *, today: date, theatre: Theatre | None = None
) -> list[Forecast]:
    """The predictions about who will have a place, by due day.

    Args:
        claims: Claims, echoes among them left out.
        ask: Asks the record.
        today: The last day that the record covers; what is due later is open.
        theatre: Names the parties.
    """
    found = [
        forecast
        for claim in sorted(claims, key=lambda c: c.id)
        if claim.stance is Stance.PREDICTED and claim.echo_of is None and claim.deadline is not None
        for forecast in _questions(claim, claim.deadline, ask, today, theatre)
    ]
    return sorted(found, key=lambda f: (f.due, f.claim.id, f.place.name))


_EXPECTS = {
    Event.CONTROL_GAINED: True,
    Event.CONTROL_HELD: True,
    Event.CONTROL_LOST: False,
    Event.WITHDRAWAL: False,
}


def _questions(claim: Claim, due: date, ask: Ask, today: date, theatre: Theatre | None) -> Iterator[Forecast]:
    party = party_of(claim.actor_id, claim.actor, theatre)
    if claim.event not in _EXPECTS or party is None:
        return
    expects = _EXPECTS[claim.event] != is_denied(claim)
    words = claim.quote.exact.casefold().split() if claim.quote else []
    p_said = SAID_HEDGED if any(w in _HEDGES for w in words) else SAID
    for place in claim.places:
        known = ask(place, due) if due <= today else None
        p_true = None
        if known is not None and party in known:
            # A party still fighting in a place has not gone from it, and does not hold it either.
            has = known[party] if expects else known[party] + known.get(CONTESTED, 0.0)
            p_true = has if expects else 1.0 - has
        doubt = None if p_true is None else p_true * (1.0 - p_true)
        brier = None if p_true is None or doubt is None else (p_said - p_true) ** 2 + doubt
        turn = "hold" if expects else "be gone from"
        yield Forecast(
            claim,
            f"Will {party} {turn} {place.name} by {due}?",
            place,
            party,
            expects,
            due,
            p_said,
            p_true,
            brier,
            doubt,
        )


def find_intentions(claims: Iterable[Claim]) -> list[Claim]:
    """What was ordered, intended, considered or proposed, by the day that it was said."""
    kinds = (Stance.ORDERED, Stance.INTENDED, Stance.CONSIDERED, Stance.PROPOSED)
    found = [c for c in claims if c.stance in kinds and c.echo_of is None and c.polarity is Polarity.POSITIVE]
    return sorted(found, key=lambda c: (_instant(c), c.id))


def _instant(claim: Claim) -> str:
    at = claim.reported_at
    if at is None:
        return ""
    return at.astimezone(UTC).isoformat() if isinstance(at, datetime) else at.isoformat()


def score_sources(forecasts: Iterable[Forecast]) -> list[SourceScore]:
    """The mean Brier score of each source with settled forecasts, the best first.

    A prediction with several questions ("there": the town or the region) counts by their mean.
    """
    by_claim: dict[tuple[str, str], list[float]] = defaultdict(list)
    for forecast in forecasts:
        if forecast.brier is not None:
            speaker = forecast.claim.speaker
            by_claim[(speaker.name if speaker else "the publisher", forecast.claim.id)].append(forecast.brier)
    by_source: dict[str, list[float]] = defaultdict(list)
    for (name, _), scores in by_claim.items():
        by_source[name].append(sum(scores) / len(scores))
    found = [SourceScore(name, len(s), sum(s) / len(s)) for name, s in by_source.items()]
    return sorted(found, key=lambda s: (s.brier, s.name))
