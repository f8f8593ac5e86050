"""What is said of the ground as a whole: totals of square kilometres in, a pull on all places out.

"About 140 square kilometres are left in Ukrainian hands" names no village, and yet says of all of them
together how many can be in those hands. A total is taken for what it is: a statement on a sum. The record by
words about single places has an area of its own; a pull, one number a party and day, in log-odds, on every
place that the party did not hold at the start, makes that area larger or smaller. What is certain of a place
hardly moves by it, what is open moves much. How far to pull is weighed: places are wrong together by some
amount (`SPREAD`), speakers are as reliable as they are, and a total says less of days further off.

The pull's distribution is worked out on a grid, for every day by itself: log-prior plus the log-likelihoods
of the totals, each by its nearness in time (a composite likelihood, Varin, Reid and Firth 2011). Its mean is
used; an interval of areas is one given that mean.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import tzinfo
from functools import cached_property
from typing import Any

import numpy as np
from numpy.typing import NDArray
from scipy.special import ndtr

from whoholds.fuse.echoes import group_echoes
from whoholds.fuse.evidence import Interest, is_area, source_key
from whoholds.fuse.grid import CROWD, HERD
from whoholds.fuse.intake import day_of, drop_duplicates, drop_misdated
from whoholds.fuse.sources import SourceParameters, rows_of_speakers
from whoholds.ground.blend import Blend
from whoholds.ground.inputs import earliest_day
from whoholds.model import Claim, Event, Measure, Polarity, Stance, quantity_bounds
from whoholds.places.words import place_words
from whoholds.theatre import Theatre, fold_name

__all__ = ["Pull", "Total", "pull_state", "pull_states", "totals_of", "weigh_totals"]

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
DAYS_AT_ONCE = 64
MOST_DAYS = 400
"""Days on which the record's own area is worked out; between them it is taken for a line."""
FAINT = 1e-3
"""Nearness below which a total does not bear on a day."""
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

    None without a start line: whose ground was gained is not known then. What is held on a day counts; what
    was taken or lost in a stretch of days does not. It is about the whole if it names no place, or just the
    areas that the theatre is about (`area.regions`). Copies are left out, and claims that no record uses.
    """
    if theatre.start is None:
        return ()
    sums = [c for c in claims if c.event is Event.AREA_TOTAL and c.stance in _FACTUAL]
    sums = drop_misdated(drop_duplicates(sums, []), theatre.zone, earliest_day(theatre), [])
    parties = {party: i for i, party in enumerate(theatre.party_ids)}
    copies = group_echoes(sums)
    found = []
    for claim in sums:
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
        side = claim.speaker.side if claim.speaker is not None else None
        found.append(
            Total(
                claim_id=claim.id,
                party=party,
                day=day,
                low=low,
                high=high,
                voice=source_key(claim),
                side=theatre.find_party(side) or side,
                weight=min(1.0, max(0.0, claim.p)),
            )
        )
    return tuple(found)


def _day_of(claim: Claim, zone: tzinfo) -> int | None:
    """The day that a total is for; None for a stretch of days, the sum of which it is."""
    first, last = claim.holds.to_days(zone)
    if first is not None and last is not None and first != last:
        return None
    day = last or first
    return day.toordinal() if day is not None else day_of(claim.reported_at, zone)


def _is_of_the_whole(claim: Claim, theatre: Theatre) -> bool:
    """Whether a total's places are the theatre's regions, all of them; without regions, countries."""
    if not claim.places:
        return True
    if not theatre.area.regions:
        return all(p.kind == "country" for p in claim.places)
    named = {_stem(p.name) for p in claim.places}
    return all(is_area(p) for p in claim.places) and named == {_stem(r) for r in theatre.area.regions}


def _stem(region: str) -> str:
    """A region's name without the word for its kind: "Kursk Oblast" and "Kursk region" are one."""
    words = fold_name(region).split()
    kinds = place_words().type_after
    return " ".join(w for w in words if w not in kinds and w != "of") or " ".join(words)


@dataclass(frozen=True)
class Pull:
    """How far totals pull, and how far they would without each.

    Attributes:
        totals: The totals of use, by claim.
        start: Ordinal of the day of the start line: on it, and before, nothing pulls.
        first_day: Ordinal of the first day.
        areas: The record's own area of each party on each day, by single places, km², [n_days, n_parties].
        parties: The parties.
        odds: Log-likelihood of each total for each pull of the grid, [n_totals, n_grid].
    """

    totals: tuple[Total, ...]
    start: int
    first_day: int
    areas: Floats
    parties: tuple[str, ...]
    odds: Floats

    @cached_property
    def levels(self) -> Floats:
        """The pull on each party's ground on each day, in log-odds, [n_days, n_parties]."""
        return self._weigh(np.ones(len(self.totals), dtype=bool), np.arange(len(self.areas)))

    def without(self, day: int) -> dict[int, Floats]:
        """The pull on a day were a total not said, [n_parties], by the total's number.

        Totals too far off to bear on the day are left out.
        """
        if day not in self._left_out:
            near = np.flatnonzero(self._nearness(np.array([day]))[0] > FAINT)
            kept = np.ones(len(self.totals), dtype=bool)
            found: dict[int, Floats] = {}
            for number in near.tolist():
                kept[number] = False
                found[number] = self._weigh(kept, np.array([day]))[0]
                kept[number] = True
            self._left_out[day] = found
        return self._left_out[day]

    @cached_property
    def _left_out(self) -> dict[int, dict[int, Floats]]:
        return {}

    def _weigh(self, kept: NDArray[np.bool_], days: NDArray[np.int64]) -> Floats:
        found = np.zeros((len(days), len(self.parties)))
        prior = -(FREEDOM + 1) / 2 * np.log1p((_GRID / SPREAD) ** 2 / FREEDOM)
        near = self._nearness(days) * kept
        for k in sorted({t.party for t, use in zip(self.totals, kept, strict=True) if use}):
            logs = prior + self._heard(near, k) @ self.odds
            chance = np.exp(logs - logs.max(axis=1, keepdims=True))
            found[:, k] = (chance @ _GRID) / chance.sum(axis=1)
        found[self.first_day + days <= self.start] = 0
        return found

    def _heard(self, near: Floats, party: int) -> Floats:
        """What each total on a party counts on each day, [n_days, n_totals].

        Whoever says it again says it once, the nearest word the most; of a side's voices the first counts
        whole, each further one as in a choir (docs/control.md, 6).
        """
        heard = np.zeros_like(near)
        sides: dict[str | None, dict[str, list[int]]] = {}
        for number, total in enumerate(self.totals):
            if total.party == party:
                side = total.side if total.side in self.parties else None
                sides.setdefault(side, {}).setdefault(total.voice, []).append(number)
        for side, voices in sides.items():
            loud = np.stack([np.minimum(1.0, near[:, own].sum(axis=1)) for own in voices.values()], axis=1)
            rank = np.argsort(np.argsort(-loud, axis=1, kind="stable"), axis=1)
            loud *= (HERD if side is not None else CROWD) ** rank
            for own, level in zip(voices.values(), loud.T, strict=True):
                total_near = near[:, own].sum(axis=1)
                heard[:, own] = near[:, own] * (level / np.maximum(total_near, 1e-12))[:, None]
        return heard

    def _nearness(self, days: NDArray[np.int64]) -> Floats:
        """How near each total is to each day, in days and in what has moved between, [n_days, n_totals]."""
        on = np.array([t.day for t in self.totals]) - self.first_day
        party = np.array([t.party for t in self.totals])
        sizes = np.log(np.maximum(self.areas, LEAST_KM2))
        moved = np.abs(sizes[days][:, party] - sizes[on, party])
        return np.asarray(np.exp(-np.abs(days[:, None] - on) / FADES_DAYS - moved))


def weigh_totals(
    totals: Sequence[Total],
    parameters: SourceParameters,
    days: tuple[int, int],
    blend: Blend,
    km2: Floats,
    initial: NDArray[np.int16],
) -> Pull | None:
    """The pull of some totals; None where none falls on a day of the record.

    Args:
        totals: What is said.
        parameters: How far each speaker is to be believed, by whether its words serve its side.
        days: Ordinals of the day of the start line and of the record's first day.
        blend: Places' states by what is said of each, laid over the cells.
        km2: Area of each cell that is gained ground, were it a party's, [n_cells, n_parties].
        initial: Index of the party that held each place at the start.
    """
    start, first_day = days
    used = tuple(t for t in totals if 0 <= t.day - first_day < len(blend.posterior))
    if not used:
        return None
    areas = _own_areas(blend, km2, sorted({t.party for t in used}))
    trust = rows_of_speakers(parameters, [t.voice for t in used], [t.side for t in used])
    odds = np.empty((len(used), len(_GRID)))
    for row, total, speaker in zip(odds, used, trust, strict=True):
        day, k = total.day - first_day, total.party
        by_place, fixed = blend.sums(day, km2[:, k])
        states = np.repeat(blend.posterior[day][None].astype(np.float64), len(_GRID), axis=0)
        own = _pulled(states, _GRID, initial, k)[:, k] @ by_place + fixed[k]
        sizes = np.log(np.maximum(own, LEAST_KM2))
        r = min(0.999, speaker[_interest(total, parameters.parties, areas[day, k])] * total.weight)
        low, high = (np.log(max(bound, LEAST_KM2)) for bound in (total.low, total.high))
        width = max(high - low, 1e-3)
        said = (ndtr((low + width - sizes) / TOLERANCE) - ndtr((low - sizes) / TOLERANCE)) / width
        row[:] = np.log(r * said + (1 - r) / (ASTRAY * np.sqrt(2 * np.pi)))
    return Pull(used, start, first_day, areas, parameters.parties, odds)


def _own_areas(blend: Blend, km2: Floats, parties: Sequence[int]) -> Floats:
    """Some parties' areas on each day by single places, km², [n_days, n_parties]."""
    n_days = len(blend.posterior)
    tried = np.unique(np.append(np.arange(0, n_days, max(1, n_days // MOST_DAYS)), n_days - 1))
    found = np.zeros((n_days, km2.shape[1]))
    for k in parties:
        some = []
        for day in tried.tolist():
            by_place, fixed = blend.sums(day, km2[:, k])
            some.append(float(by_place @ blend.posterior[day, k].astype(np.float64) + fixed[k]))
        found[:, k] = np.interp(np.arange(n_days), tried, some)
    return found


def _interest(total: Total, parties: Sequence[str], area: float) -> int:
    """Whether a total serves its speaker's side: its own ground larger, another's smaller than recorded."""
    if total.side not in parties:
        return Interest.NEUTRAL
    is_own, is_less = total.side == parties[total.party], total.high < area
    return Interest.OWN if is_own != is_less else Interest.AGAINST


def pull_states(states: Single, levels: Floats, initial: NDArray[np.int16]) -> Single:
    """Places' probabilities under a pull.

    Args:
        states: [n_days, n_states, n_places], parties first, contested last; each place's sum to 1.
        levels: The pull, [n_days, n_parties].
        initial: Index of the party that held each place at the start, -1 for nobody: no total of gained
            ground is about what a party had, or nobody.
    """
    out = states.copy()
    for k in np.flatnonzero(np.any(levels != 0, axis=0)).tolist():
        for first in range(0, len(out), DAYS_AT_ONCE):
            some = slice(first, first + DAYS_AT_ONCE)
            out[some] = _pulled(out[some], levels[some, k], initial, k)
    return out


def pull_state(states: NDArray[Any], levels: Floats, initial: int) -> Floats:
    """One place's states under a day's pull, [n_states]."""
    given = np.asarray(states, dtype=np.float32)[None, :, None]
    holder = np.array([initial], dtype=np.int16)
    return np.asarray(pull_states(given, levels[None], holder)[0, :, 0], dtype=np.float64)


def _pulled(states: NDArray[Any], pull: Floats, initial: NDArray[np.int16], party: int) -> NDArray[Any]:
    """States under one party's pull: all of it for the party, half for contested ground."""
    odds = np.ones((len(states), states.shape[1], 1), dtype=states.dtype)
    odds[:, party, 0], odds[:, -1, 0] = np.exp(pull), np.exp(pull / 2)
    moved = states * odds
    moved /= moved.sum(axis=1, keepdims=True)
    is_gained = (initial >= 0) & (initial != party)
    return np.where(is_gained[None, None, :], moved, states)
