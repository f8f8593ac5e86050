"""Official numbers as equations.

Enters: claims, and the record's own areas where there are any. Leaves: a `Finding` an equation, with its
arithmetic line by line and a verdict: consistent, inconsistent, cannot be judged.

Figures are ranges: an exact one is good to half its last digit, "about" to a tenth
(`model.quantity_bounds`). Two sides of an equation are consistent if their ranges meet.
"""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass
from datetime import UTC, date, timedelta
from itertools import pairwise, product

from whoholds.check.propositions import is_denied, party_of, said_on
from whoholds.model import Claim, Event, Finding, Measure, Quantity, Stance, content_id, quantity_bounds
from whoholds.theatre import Theatre

__all__ = ["CONSISTENT", "INCONSISTENT", "UNJUDGED", "Figure", "check_figures", "figures_of"]

CONSISTENT, INCONSISTENT, UNJUDGED = "consistent", "inconsistent", "cannot be judged"
SAME_DAYS = timedelta(days=1)
_FACTUAL = {Stance.ASSERTED, Stance.CONFIRMED, Stance.CLAIMED, Stance.SUGGESTED}


@dataclass(frozen=True, slots=True)
class Bounds:
    """A range of true values, in the figure's unit."""

    low: float
    high: float

    def meets(self, other: Bounds) -> bool:
        """Whether some value is in both."""
        return self.low <= other.high and other.low <= self.high

    def __sub__(self, other: Bounds) -> Bounds:
        return Bounds(self.low - other.high, self.high - other.low)

    def over(self, share: Bounds) -> Bounds:
        """This range divided by a share between 0 and 1."""
        return Bounds(self.low / share.high, self.high / share.low)

    def times(self, share: Bounds) -> Bounds:
        """This range multiplied by a share between 0 and 1."""
        return Bounds(self.low * share.low, self.high * share.high)

    def __str__(self) -> str:
        if self.high == float("inf"):
            return "any number" if self.low == float("-inf") else f"{self.low:,.0f} or more"
        if self.low == float("-inf"):
            return f"{self.high:,.0f} or less"
        low, high = f"{self.low:,.0f}", f"{self.high:,.0f}"
        return low if low == high else f"{low} to {high}"


@dataclass(frozen=True, slots=True)
class Figure:
    """One official number.

    Attributes:
        claim: Where it is said.
        quantity: The number as worded.
        measure: What it counts.
        unit: km2, settlements or percent.
        party: The party that holds, took or retook.
        on: The day that it is for; of a stretch the last.
        window: First and last day, where it is the sum of a stretch of days.
        area: Ids of the places that it is about, sorted.
        bounds: The range of true values.
    """

    claim: Claim
    quantity: Quantity
    measure: Measure
    unit: str
    party: str | None
    on: date
    window: tuple[date, date] | None
    area: tuple[str, ...]
    bounds: Bounds

    @property
    def words(self) -> str:
        """The number as the source put it."""
        return self.quantity.span.exact if self.quantity.span else f"{self.quantity.low:g} {self.unit}"

    @property
    def voice(self) -> str:
        """Who says it."""
        return self.claim.speaker.name if self.claim.speaker else "the publisher"


def figures_of(claims: Iterable[Claim], theatre: Theatre | None = None) -> list[Figure]:
    """The totals of ground, places and shares in claims, echoes left out, by day."""
    zone = theatre.zone if theatre else UTC
    found = []
    for claim in claims:
        on = said_on(claim, zone)
        totals = claim.event in (Event.AREA_TOTAL, Event.SETTLEMENT_TOTAL)
        if not totals or claim.echo_of or claim.stance not in _FACTUAL or is_denied(claim) or on is None:
            continue
        first, last = claim.holds.to_days(zone)
        window = (first, last) if first and last and first < last else None
        for quantity in claim.quantities:
            if quantity.measure is None or quantity.unit not in ("km2", "settlements", "percent"):
                continue
            low, high = quantity_bounds(quantity)
            found.append(
                Figure(
                    claim=claim,
                    quantity=quantity,
                    measure=quantity.measure,
                    unit=quantity.unit,
                    party=party_of(claim.actor_id, claim.actor, theatre),
                    on=on,
                    window=window,
                    area=tuple(sorted(p.place_id or p.name for p in claim.places)),
                    bounds=Bounds(max(low, 0.0), high),
                )
            )
    return sorted(found, key=lambda f: (f.on, f.claim.id, f.words))


def check_figures(
    claims: Sequence[Claim],
    theatre: Theatre | None = None,
    *,
    recorded: Mapping[date, Mapping[str, tuple[float, float, float]]] | None = None,
) -> list[Finding]:
    """All equations that the figures of some claims give, in order of day.

    Args:
        claims: Claims of one or many reports.
        theatre: Names the parties.
        recorded: Day to party to (km², low, high): areas of ground that the party did not hold at the start,
            by what is said of single places, with their 80 % interval.
    """
    figures = figures_of(claims, theatre)
    found = [
        *_wholes(figures),
        *_remainders(figures),
        *_chains(figures),
        *_differences(figures),
        *_nested_windows(figures),
        *_against_record(figures, recorded or {}),
    ]
    unique = {f.id: f for f in found}
    return sorted(unique.values(), key=lambda f: (f.on or date.min, f.id))


def _finding(rule: str, figures: Sequence[Figure], verdict: str, summary: str, steps: list[str]) -> Finding:
    ids = tuple(sorted({f.claim.id for f in figures}))
    return Finding(
        id=content_id("figure/1", rule, list(ids), [f.words for f in figures]),
        kind="figure",
        claim_ids=ids,
        verdict=verdict,
        strength=None,
        summary=summary,
        steps=tuple([f"{f.voice}, {f.on}: {f.words} ({f.measure.value})" for f in figures] + steps),
        on=max(f.on for f in figures),
    )


def _judge(left: Bounds, right: Bounds) -> str:
    return CONSISTENT if left.meets(right) else INCONSISTENT


# --- one whole -------------------------------------------------------------------------------------------


@dataclass(frozen=True, slots=True)
class _Whole:
    """A share and an amount that belong together, and the whole and the rest that they imply."""

    share: Figure
    amount: Figure
    whole: Bounds
    rest: Bounds
    point: float
    rest_point: float

    @property
    def steps(self) -> list[str]:
        share = (self.share.quantity.low or 0.0) / 100
        amount = self.amount.quantity.low or 0.0
        return [
            f"{amount:,.0f} / {share:.3g} = {self.point:,.0f} km² in all (with rounding {self.whole})",
            f"{self.point:,.0f} - {amount:,.0f} = {self.rest_point:,.0f} km² not yet retaken "
            f"(with rounding {self.rest})",
        ]


def _pairs_of_share(figures: Sequence[Figure]) -> Iterator[_Whole]:
    """Shares beside amounts of one statement: one claim, or one speaker in one report."""
    shares = [f for f in figures if f.measure is Measure.SHARE and f.unit == "percent" and f.quantity.low]
    amounts = [
        f
        for f in figures
        if f.measure in (Measure.RETAKEN, Measure.TAKEN) and f.unit == "km2" and not f.window
    ]
    paired = {f.claim.id for f in amounts}
    for share, amount in product(shares, amounts):
        same_claim = share.claim.id == amount.claim.id
        if share.claim.id in paired and not same_claim:
            # "801 have been retaken, or 63 percent": the share is of the amount beside it.
            continue
        same_statement = share.claim.report_id == amount.claim.report_id and share.voice == amount.voice
        if not (same_claim or same_statement) or share.on != amount.on or share.window:
            continue
        part = Bounds(max(share.bounds.low / 100, 1e-6), min(share.bounds.high / 100, 1.0))
        low, high = amount.bounds.low, amount.bounds.high
        if high == float("inf"):
            # "Over 1,100": read as less than a tenth over, for else a round number would have moved up.
            high = (amount.quantity.low or low) * 1.1
        whole = Bounds(low, high).over(part)
        exact_share, exact_amount = (share.quantity.low or 0.0) / 100, amount.quantity.low or 0.0
        point = exact_amount / exact_share
        rest = whole.times(Bounds(1 - part.high, 1 - part.low))
        yield _Whole(share, amount, whole, rest, point, point - exact_amount)


def _wholes(figures: Sequence[Figure]) -> Iterator[Finding]:
    """Share and amount give a whole; other wholes, stated or implied by the same side, must agree."""
    implied = list(_pairs_of_share(figures))
    for item in implied:
        yield _finding(
            "whole",
            [item.share, item.amount],
            UNJUDGED,
            f"{item.share.words} and {item.amount.words} imply {item.point:,.0f} km² in all and "
            f"{item.rest_point:,.0f} km² left",
            [*item.steps, "one statement alone: nothing to hold it against"],
        )
        for stated in figures:
            # Ground that the other side took is the whole that a share of retaken ground is of.
            if stated.measure is Measure.TAKEN and stated.unit == "km2" and not stated.window:
                if stated.party in (None, item.amount.party) or stated.claim.id == item.amount.claim.id:
                    continue
                if _is_outgrown(stated, item.amount.on, figures):
                    continue
                verdict = _judge(item.whole, stated.bounds)
                steps = [
                    *item.steps,
                    f"stated in all: {stated.bounds} km²",
                    f"{item.whole} against {stated.bounds}",
                ]
                yield _finding(
                    "whole-stated",
                    [item.share, item.amount, stated],
                    verdict,
                    f"the whole of {item.point:,.0f} km² that {item.share.words} implies, "
                    f"and {stated.words} given by {stated.voice}: {verdict}",
                    steps,
                )
    for first, second in pairwise(sorted(implied, key=lambda w: w.amount.on)):
        if first.amount.voice == second.amount.voice or first.amount.party == second.amount.party:
            verdict = _judge(first.whole, second.whole)
            yield _finding(
                "whole-whole",
                [first.share, first.amount, second.share, second.amount],
                verdict,
                f"the wholes implied on {first.amount.on} and on {second.amount.on}: {verdict}",
                [first.steps[0], second.steps[0], f"{first.whole} against {second.whole}"],
            )


def _is_outgrown(stated: Figure, until: date, figures: Sequence[Figure]) -> bool:
    """Whether more was said to be taken later on: an early count is not the whole of it."""
    return any(
        f.measure is Measure.TAKEN
        and (f.unit, f.party, f.window) == (stated.unit, stated.party, None)
        and stated.on < f.on <= until
        and f.bounds.low > stated.bounds.high
        for f in figures
    )


def _remainders(figures: Sequence[Figure]) -> Iterator[Finding]:
    """What one side has not retaken against what the other, or a map, says is still held."""
    for item in _pairs_of_share(figures):
        for held in figures:
            near = abs(held.on - item.amount.on) <= SAME_DAYS
            other = held.party is not None and held.party != item.amount.party
            if (
                held.measure not in (Measure.HELD, Measure.REMAINING)
                or held.unit != "km2"
                or not (near and other)
            ):
                continue
            verdict = _judge(item.rest, held.bounds)
            yield _finding(
                "rest",
                [item.share, item.amount, held],
                verdict,
                f"{item.rest_point:,.0f} km² left by {item.amount.voice}'s figures, "
                f"{held.words} by {held.voice}'s: {verdict}",
                [*item.steps, f"said to be held: {held.bounds} km²", f"{item.rest} against {held.bounds}"],
            )


# --- chains ----------------------------------------------------------------------------------------------


def _chains(figures: Sequence[Figure]) -> Iterator[Finding]:
    """A running total of one voice that falls: retaken ground cannot become less without a loss."""
    running: dict[tuple[object, ...], list[Figure]] = {}
    for figure in figures:
        if figure.measure in (Measure.RETAKEN, Measure.SHARE) and figure.window is None:
            key = (figure.voice, figure.party, figure.measure, figure.unit, figure.area)
            running.setdefault(key, []).append(figure)
    for chain in running.values():
        for early, late in pairwise(chain):
            if early.on == late.on:
                continue
            fell = late.bounds.high < early.bounds.low
            verdict = INCONSISTENT if fell else CONSISTENT
            turn = "falls" if fell else "does not fall"
            yield _finding(
                "chain",
                [early, late],
                verdict,
                f"{early.voice}'s total {turn}: {early.words} on {early.on}, {late.words} on {late.on}",
                [f"{early.bounds} then {late.bounds}"],
            )


def _differences(figures: Sequence[Figure]) -> Iterator[Finding]:
    """Two totals of one voice against the gain that is given for the days between them."""
    gains = [f for f in figures if f.window and f.measure in (Measure.RETAKEN, Measure.TAKEN)]
    totals = [f for f in figures if f.window is None and f.measure in (Measure.RETAKEN, Measure.TAKEN)]
    for gain in gains:
        assert gain.window is not None
        like = [t for t in totals if (t.unit, t.party, t.measure) == (gain.unit, gain.party, gain.measure)]
        before = [t for t in like if t.on < gain.window[0]]
        after = [t for t in like if abs(t.on - gain.window[1]) <= SAME_DAYS]
        if not before or not after:
            continue
        early, late = before[-1], after[-1]
        room = late.bounds - early.bounds
        verdict = CONSISTENT if gain.bounds.low <= room.high else INCONSISTENT
        if room.high == float("inf"):
            # "Over 1,100" after "over 800" leaves room for any gain.
            verdict = UNJUDGED
        yield _finding(
            "difference",
            [early, late, gain],
            verdict,
            f"{gain.words} in {_length(gain.window)} days against the totals before and after: {verdict}",
            [
                f"total of {late.on} less that of {early.on}: {room}",
                f"the gain of {gain.window[0]} to {gain.window[1]} can be no more than that: {gain.bounds}",
            ],
        )


def _length(window: tuple[date, date]) -> int:
    return (window[1] - window[0]).days + 1


def _nested_windows(figures: Sequence[Figure]) -> Iterator[Finding]:
    """The sum of a longer stretch can be no less than that of a shorter one inside it."""
    windows = [f for f in figures if f.window and f.measure in (Measure.RETAKEN, Measure.TAKEN, Measure.LOST)]
    for inner, outer in product(windows, windows):
        if inner is outer or (inner.unit, inner.party, inner.measure) != (
            outer.unit,
            outer.party,
            outer.measure,
        ):
            continue
        assert inner.window is not None
        assert outer.window is not None
        if inner.window == outer.window or not (
            outer.window[0] <= inner.window[0] and inner.window[1] <= outer.window[1]
        ):
            continue
        verdict = CONSISTENT if inner.bounds.low <= outer.bounds.high else INCONSISTENT
        yield _finding(
            "window",
            [inner, outer],
            verdict,
            f"{inner.words} from {inner.window[0]} to {inner.window[1]}, "
            f"{outer.words} from {outer.window[0]} to {outer.window[1]}: {verdict}",
            [f"the shorter lies in the longer: {inner.bounds} can be no more than {outer.bounds}"],
        )


def _against_record(
    figures: Sequence[Figure], recorded: Mapping[date, Mapping[str, tuple[float, float, float]]]
) -> Iterator[Finding]:
    """Ground said to be held against the record's own area of that day."""
    for figure in figures:
        if figure.unit != "km2" or figure.measure not in (Measure.HELD, Measure.REMAINING) or figure.window:
            continue
        own = recorded.get(figure.on, {}).get(figure.party or "")
        if own is None:
            continue
        km2, low, high = own
        verdict = _judge(figure.bounds, Bounds(low, high))
        yield _finding(
            "record",
            [figure],
            verdict,
            f"{figure.words} by {figure.voice}, {km2:,.0f} km² by what is said of single places: {verdict}",
            [
                f"80 % interval by what is said of single places: {low:,.0f} to {high:,.0f} km²",
                f"{figure.bounds} against {low:,.0f} to {high:,.0f}",
            ],
        )
