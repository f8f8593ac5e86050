"""How likely a claim is to be right as put down: a calibrated probability for the reader's own score.

Claims enter with the rules' raw score as `p`, and leave with the probability that speaker, stance, polarity
and event are all right. Where a place is, has a probability of its own. Logistic regression on what is plain
to see of a claim; weights from `evals/calibrate_claims.py`, which says how they are got and how they hold.
"""

from __future__ import annotations

import math
import tomllib
from collections.abc import Iterable, Mapping
from dataclasses import replace
from functools import lru_cache
from importlib.resources import files
from types import MappingProxyType

from whoholds.model import Claim, Polarity

__all__ = ["calibrate_claims", "features_of", "load_weights"]

LOWEST, HIGHEST = 0.02, 0.98
"""Bounds of any score: no rule is that sure."""
_USUAL_CHARS = 60
"""Length of a usual quote, in code points; the length counts by its ratio to it."""


def features_of(claim: Claim) -> dict[str, float]:
    """What the probability is made of: names of features to values, those that are 0 left out.

    Args:
        claim: With the rules' raw score as `p`.
    """
    p = min(max(claim.p, LOWEST), HIGHEST)
    found = {
        "one": 1.0,
        "raw": math.log(p / (1 - p)),
        f"event {claim.event.value}": 1.0,
        f"stance {claim.stance.value}": 1.0,
        f"voices {min(len(claim.attribution), 2)}": 1.0,
        f"places {min(len(claim.places), 2)}": 1.0,
    }
    quote = claim.quote
    if quote is not None:
        found["length"] = math.log(len(quote.exact) / _USUAL_CHARS)
        if any(p.span is not None and quote.contains(p.span) for p in claim.places):
            found["place in quote"] = 1.0
    if claim.polarity is Polarity.NEGATIVE:
        found["negative"] = 1.0
    if claim.actor is not None:
        found["actor"] = 1.0
    if claim.actor_id is not None:
        found["actor known"] = 1.0
    if claim.quantities:
        found["figures"] = 1.0
    if claim.holds.start is not None or claim.holds.end is not None:
        found["time"] = 1.0
    if claim.attribution:
        speaker = claim.attribution[-1]
        if speaker.side is not None:
            found["side known"] = 1.0
        if speaker.cue is None:
            found["no cue"] = 1.0
    return found


@lru_cache(maxsize=1)
def load_weights() -> Mapping[str, float]:
    """The weights in force, by feature, in natural-log odds."""
    text = (files("whoholds.read.certainty") / "data" / "confidence.toml").read_text("utf-8")
    return MappingProxyType({name: float(w) for name, w in tomllib.loads(text)["weights"].items()})


def calibrate_claims(
    claims: Iterable[Claim], weights: Mapping[str, float] | None = None
) -> tuple[Claim, ...]:
    """The claims, each with its probability of being right in place of its raw score.

    Args:
        claims: With the rules' raw score as `p`.
        weights: Others than those in force.
    """
    known = load_weights() if weights is None else weights
    return tuple(replace(claim, p=_probability(claim, known)) for claim in claims)


def _probability(claim: Claim, weights: Mapping[str, float]) -> float:
    odds = sum(weights.get(name, 0.0) * value for name, value in features_of(claim).items())
    return round(min(max(1 / (1 + math.exp(-odds)), LOWEST), HIGHEST), 4)
