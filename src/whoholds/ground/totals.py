"""What is said of the ground as a whole: totals of square kilometres in, a pull on all places out.

"About 140 square kilometres are left in Ukrainian hands" names no village, and yet says of all of them
together how many can be in those hands. A total is taken for what it is: a statement on a sum. The record by
words about single places has an area of its own; a pull, one number a party and day, in log-odds, on every
place that the party did not hold at the start, makes that area larger or smaller. What is certain of a place
hardly moves by it, what is open moves much. How far to pull is weighed: places are wrong together by some
amount (`SPREAD`), speakers are as reliable as they are, and a total says less of days further off.

The pull's distribution is worked out on a grid, for every day by itself: log-prior plus the log-likelihoods
of the totals, each by its nearness in time (a composite likelihood, Varin, Reid and Firth 2011). Its mean is
used.
"""

from __future__ import annotations

from collections.abc import Callable, Sequence
from dataclasses import dataclass
from datetime import tzinfo
from functools import cached_property

import numpy as np
from numpy.typing import NDArray
from scipy.special import ndtr

from whoholds.fuse.echoes import group_echoes
from whoholds.fuse.evidence import Interest, bearing_of, is_area, source_key
from whoholds.fuse.intake import day_of
from whoholds.fuse.sources import SourceParameters, rows_of_speakers
from whoholds.model import Claim, Event, Measure, Polarity, Stance, quantity_bounds
from whoholds.theatre import Theatre, fold_name

__all__ = ["Pull", "Total", "area_under", "pull_states", "totals_of", "weigh_totals"]

Floats = NDArray[np.float64]
Single = NDArray[np.float32]

SPREAD = 2.0
"""How far places are wrong together, in log-odds: scale of a Student distribution of three degrees of
freedom. The totals that both sides and the mappers gave over nine months of the Kursk theatre ask for pulls
of 2 in the root mean square: sources name what is taken, and hardly what is lost, and of most villages
nothing is said at all."""
FREEDOM = 3.0
TOLERANCE = 0.15
"""Relative error of a total that is given in good faith: two maps of one salient differ by a tenth to a
fifth, for what is held, and what is fought for, is drawn differently."""
ASTRAY = 1.5
"""Spread, in the logarithm, of a total that is given in no good faith: some four or five times too much."""
OPEN_END = 1.1
"""'Over 1,200': read as less than a tenth over, for else a round number would have moved up; 'under 50'
likewise."""
FADES_DAYS = 30.0
"""Days in which what a total says falls to exp(-1): fronts of a moving war are redrawn within a month."""
LEAST_KM2 = 1.0
_GRID = np.linspace(-8.0, 8.0, 65)
_FACTUAL = frozenset({Stance.ASSERTED, Stance.CONFIRMED, Stance.CLAIMED, Stance.SUGGESTED})


@dataclass(frozen=True, slots=True)
class Total:
    """One statement of how much ground a party has.

    Attributes:
        claim_id: The claim.
        party: Index of the party.
        day: The day that it is for, an ordinal.
        low: Least area that its words allow, km².
        high: Largest.
        voice: Key of who says it.
        side: That one's side, or None.
        weight: Chance that the claim was read as it was meant.
    """

    claim_id: str
    party: int
    day: int
    low: float
    high: float
    voice: str
    side: str | None
    weight: float


def totals_of(claims: Sequence[Claim], theatre: Theatre) -> tuple[Total, ...]:
    """The totals among some claims that are about the theatre's ground as a whole, by claim.

    What is held on a day counts; what was taken or lost in a stretch of days does not. It is about the whole
    if it names no place, or an area that the theatre is about (`area.regions`). Copies are left out.
    """
    parties = {party: i for i, party in enumerate(theatre.party_ids)}
    sums = [c for c in claims if c.event is Event.AREA_TOTAL and c.stance in _FACTUAL]
    copies = group_echoes(sums)
    found: dict[str, Total] = {}
    for claim in sorted(sums, key=lambda c: c.id):
        party = parties.get(theatre.find_party(claim.actor_id) or theatre.find_party(claim.actor) or "")
        day = _day_of(claim, theatre.zone)
        held = [
            q for q in claim.quantities if q.unit == "km2" and q.measure in (Measure.HELD, Measure.REMAINING)
        ]
        if party is None or day is None or len(held) != 1 or claim.polarity is not Polarity.POSITIVE:
            continue
        if claim.id in copies or not _is_of_the_whole(claim, theatre):
            continue
        low, high = (max(0.0, bound) for bound in quantity_bounds(held[0]))
        if high == float("inf"):
            high = low * OPEN_END
        elif held[0].low is None:
            low = high / OPEN_END
        source = claim.speaker
        found[claim.id] = Total(
            claim_id=claim.id,
            party=party,
            day=day,
            low=low,
            high=high,
            voice=source_key(claim),
            side=source.side if source is not None else None,
            weight=bearing_of(claim.p),
        )
    return tuple(found.values())


def _day_of(claim: Claim, zone: tzinfo) -> int | None:
    """The day that a total is for; None for a stretch of days, the sum of which it is."""
    first, last = claim.holds.to_days(zone)
    if first is not None and last is not None and first != last:
        return None
    day = last or first
    return day.toordinal() if day is not None else day_of(claim.reported_at, zone)


def _is_of_the_whole(claim: Claim, theatre: Theatre) -> bool:
    regions = {_stem(region) for region in theatre.area.regions}
    return not claim.places or any(is_area(p) and _stem(p.name) in regions for p in claim.places)


def _stem(region: str) -> str:
    """A region's name without the word for its kind: "Kursk Oblast" and "Kursk region" are one."""
    words = fold_name(region).split()
    return " ".join(w for w in words if w not in _KINDS) or " ".join(words)


_KINDS = frozenset(
    [
        *("oblast", "region", "province", "governorate", "state", "district", "county", "department", "krai"),
        *("prefecture", "republic", "the", "of"),
    ]
)


@dataclass(frozen=True)
class Pull:
    """How far totals pull, and how far they would without each.

    Attributes:
        totals: The totals of use, by claim.
        first_day: Ordinal of the first day.
        n_days: Number of days.
        n_parties: Number of parties.
        odds: Log-likelihood of each total for each pull of the grid, [n_totals, n_grid].
    """

    totals: tuple[Total, ...]
    first_day: int
    n_days: int
    n_parties: int
    odds: Floats

    @cached_property
    def levels(self) -> Floats:
        """The pull on each party's ground on each day, in log-odds, [n_days, n_parties]."""
        return self._weigh(np.ones(len(self.totals), dtype=bool), np.arange(self.n_days))

    def without(self, number: int, day: int) -> Floats:
        """The pull on a day, were a total not said, [n_parties]."""
        kept = np.arange(len(self.totals)) != number
        return np.asarray(self._weigh(kept, np.array([day]))[0])

    def _weigh(self, kept: NDArray[np.bool_], days: NDArray[np.int64]) -> Floats:
        found = np.zeros((len(days), self.n_parties))
        party = np.array([t.party for t in self.totals])
        prior = -(FREEDOM + 1) / 2 * np.log1p((_GRID / SPREAD) ** 2 / FREEDOM)
        near = self._nearness(days) * kept
        voices: dict[tuple[int, str], list[int]] = {}
        for number, total in enumerate(self.totals):
            voices.setdefault((total.party, total.voice), []).append(number)
        for own in voices.values():
            # Whoever says it again says it once: the nearest word the most.
            near[:, own] /= np.maximum(1.0, near[:, own].sum(axis=1, keepdims=True))
        for k in sorted(set(party[kept].tolist())):
            logs = prior + near[:, party == k] @ self.odds[party == k]
            chance = np.exp(logs - logs.max(axis=1, keepdims=True))
            found[:, k] = (chance @ _GRID) / chance.sum(axis=1)
        return found

    def _nearness(self, days: NDArray[np.int64]) -> Floats:
        on = np.array([t.day for t in self.totals])
        return np.asarray(np.exp(-np.abs(self.first_day + days[:, None] - on) / FADES_DAYS))


Ground = Callable[[int, int], Callable[[float], float]]
"""Day (from the first) and party to a function from a pull to the area in km²."""


def weigh_totals(
    totals: Sequence[Total], parameters: SourceParameters, first_day: int, n_days: int, area: Ground
) -> Pull | None:
    """The pull of some totals; None where none falls on a day of the record.

    Args:
        totals: What is said.
        parameters: How far each speaker is to be believed, by whether its words serve its side.
        first_day: Ordinal of the record's first day.
        n_days: Days of the record.
        area: The record's area for a party on a day, under a pull.
    """
    used = tuple(t for t in totals if 0 <= t.day - first_day < n_days)
    if not used:
        return None
    trust = rows_of_speakers(parameters, [t.voice for t in used], [t.side for t in used])
    odds = np.empty((len(used), len(_GRID)))
    for row, total, speaker in zip(odds, used, trust, strict=True):
        own = area(total.day - first_day, total.party)
        sizes = np.log(np.maximum([own(float(u)) for u in _GRID], LEAST_KM2))
        r = speaker[_interest(total, parameters.parties, own(0.0))] * total.weight
        low, high = (np.log(max(bound, LEAST_KM2)) for bound in (total.low, total.high))
        width = max(high - low, 1e-3)
        said = (ndtr((low + width - sizes) / TOLERANCE) - ndtr((low - sizes) / TOLERANCE)) / width
        row[:] = np.log(r * said + (1 - r) / (ASTRAY * np.sqrt(2 * np.pi)))
    return Pull(used, first_day, n_days, len(parameters.parties), odds)


def area_under(
    sums: tuple[Floats, Floats], said: Single, initial: NDArray[np.int16], party: int
) -> Callable[[float], float]:
    """The area of a party on a day as a function of the pull.

    Args:
        sums: What each place and the start line add to areas (`Blend.sums`).
        said: Places' states by what is said of each, [n_states, n_places].
        initial: Index of the party that held each place at the start.
        party: Index of the party.
    """
    by_place, fixed = sums
    own, is_moved = said[party].astype(np.float64), initial != party

    def area(pull: float) -> float:
        odds = np.where(is_moved, np.exp(pull), 1.0)
        return float(by_place @ (own * odds / (1 - own + own * odds)) + fixed[party])

    return area


def _interest(total: Total, parties: Sequence[str], area: float) -> int:
    """Whether a total serves its speaker's side: its own ground larger, another's smaller than the record has
    it."""
    if total.side not in parties:
        return Interest.NEUTRAL
    is_own, is_less = total.side == parties[total.party], total.high < area
    return Interest.OWN if is_own != is_less else Interest.AGAINST


def pull_states(states: Single, levels: Floats, initial: NDArray[np.int16]) -> Single:
    """Places' probabilities under a pull.

    Args:
        states: [n_days, n_states, n_places], parties first; each place's sum to 1 over the states.
        levels: The pull, [n_days, n_parties].
        initial: Index of the party that held each place at the start, -1 for nobody: what a party had at the
            start, no total of gained ground is about.
    """
    out = states.copy()
    for k in np.flatnonzero(np.any(levels != 0, axis=0)).tolist():
        moved = np.flatnonzero(initial != k)
        part = out[:, :, moved]
        part[:, k] *= np.exp(levels[:, k, None]).astype(np.float32)
        out[:, :, moved] = part / part.sum(axis=1, keepdims=True)
    return out
