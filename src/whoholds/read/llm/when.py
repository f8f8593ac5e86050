"""When a claim of the model's holds: the words' own time by the rules, else by the days that the model gives.

A draft, the time that its words mean and the publication enter; interval, EDTF and deadline leave
(`docs/annotation.md`, Holds).
"""

from __future__ import annotations

import re
from collections.abc import Iterable
from dataclasses import dataclass
from datetime import date, datetime, tzinfo

from whoholds.model import ALWAYS, Event, Interval, Span, Stance, TimeMention, TimexType
from whoholds.read.llm.answer import Draft

__all__ = ["DatedWords", "When", "date_by_model", "date_by_rules", "settle_time"]

_AHEAD = frozenset(
    {
        Stance.PREDICTED,
        Stance.INTENDED,
        Stance.CONSIDERED,
        Stance.PROPOSED,
        Stance.ORDERED,
        Stance.SUGGESTED,
    }
)
_YEAR = re.compile(r"\d{4}")
_SINCE = re.compile(r"\bsince\W+(?:\w+\W+)?$", re.IGNORECASE)


@dataclass(frozen=True, slots=True)
class DatedWords:
    """What time words mean.

    Attributes:
        interval: The time.
        edtf: Its EDTF form, or None.
        is_since: Whether the words tell a beginning ("since early March").
    """

    interval: Interval
    edtf: str | None = None
    is_since: bool = False


@dataclass(frozen=True, slots=True)
class When:
    """The time of a claim."""

    holds: Interval
    edtf: str | None = None
    deadline: date | None = None


def date_by_rules(text: str, words: Span, times: Iterable[TimeMention]) -> DatedWords | None:
    """What the rules read in time words: the narrowest dated mention that shares a letter with them."""
    shared = [
        m for m in times if m.interval is not None and m.timex is not TimexType.SET and m.span.overlaps(words)
    ]
    if not shared:
        return None
    best = min(shared, key=lambda m: (_seconds(m.interval), m.span.start))
    assert best.interval is not None
    before = text[max(0, best.span.start - 12) : best.span.start]
    is_since = best.span.exact.lower().startswith("since") or _SINCE.search(before) is not None
    return DatedWords(best.interval, best.edtf, is_since)


def date_by_model(
    draft: Draft, words: Span, published_at: date | datetime | None, zone: tzinfo
) -> DatedWords | None:
    """What the model reads in time words, or None where that cannot be so.

    Without a publication date nothing is anchored but words that name a year. What is told as past does not
    lie after the publication.
    """
    first, last = draft.first_day, draft.last_day
    if (first is None and last is None) or (first is not None and last is not None and last < first):
        return None
    if published_at is None:
        years = {int(year) for year in _YEAR.findall(words.exact)}
        if any(d is not None and d.year not in years for d in (first, last)):
            return None
    elif draft.stance not in _AHEAD and first is not None and first > _day(published_at, zone):
        return None
    ends = ["" if d is None else d.isoformat() for d in (first, last)]
    edtf = ends[0] if ends[0] == ends[1] else f"{ends[0] or '..'}/{ends[1] or '..'}"
    return DatedWords(Interval.from_days(first, last, zone), edtf)


def settle_time(
    stance: Stance, event: Event, own: DatedWords | None, said_at: date | datetime | None, zone: tzinfo
) -> When:
    """The time of a claim.

    Args:
        stance: The claim's stance.
        event: The claim's event.
        own: Its own time, or None.
        said_at: When it was said: the publication, or None.
        zone: Where days begin and end.
    """
    said = None if said_at is None else _day(said_at, zone)
    last = None if own is None else own.interval.to_days(zone)[1]
    is_over = said is not None and last is not None and last < said
    ahead = None if is_over else last
    if stance is Stance.PREDICTED:
        return When(ALWAYS, deadline=ahead)
    if stance is Stance.INTENDED:
        if ahead is not None:
            return When(Interval.from_days(None, ahead, zone))
        lasts = event is Event.CONTROL_HELD and said is not None
        return When(Interval.from_days(said, None, zone) if lasts else ALWAYS)
    if stance in (Stance.CONSIDERED, Stance.PROPOSED):
        return When(ALWAYS)
    if stance is Stance.ORDERED:
        return When(ALWAYS if said is None else Interval.from_days(said, None, zone))
    until = ALWAYS if said is None else Interval.from_days(None, said, zone)
    if own is None:
        return When(until)
    first = own.interval.to_days(zone)[0]
    if stance is Stance.SUGGESTED and said is not None and first is not None and first > said:
        return When(ALWAYS, deadline=last)
    start = own.interval.start
    if own.is_since and start is not None and (until.end is None or start < until.end):
        return When(Interval(start, until.end))
    return When(own.interval, own.edtf)


def _seconds(interval: Interval | None) -> float:
    duration = None if interval is None else interval.duration
    return float("inf") if duration is None else duration.total_seconds()


def _day(moment: date | datetime, zone: tzinfo) -> date:
    return moment.astimezone(zone).date() if isinstance(moment, datetime) else moment
