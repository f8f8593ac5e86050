"""Times before clauses ask for theirs: "from Wednesday to Friday" as one, and the day that heads a log.

A text, its blocks and its time mentions enter; time mentions leave.
"""

from __future__ import annotations

import re
from collections.abc import Sequence
from dataclasses import replace
from datetime import timedelta, tzinfo
from itertools import pairwise

from whoholds.model import Interval, Span, TimeMention, TimexType
from whoholds.text.blocks import Block, BlockKind
from whoholds.text.parse import Parsed
from whoholds.text.tokens import Doc

__all__ = ["find_log", "heads_note", "is_comparison", "is_stamp", "join_times"]

_LEAD = re.compile(r"\b(?P<word>from|between)\s+(?:(?:the|late|early|mid)\s+)?$", re.IGNORECASE)
_TO = re.compile(r"\s*(?:to|till|until|through|–|—|-)\s+(?:the\s+)?|\s*[–—-]\s*", re.IGNORECASE)
_AND = re.compile(r"\s+and\s+(?:the\s+)?", re.IGNORECASE)
_BEFORE = 20
"""Characters before a time in which "from" is looked for."""
_WEEK = timedelta(days=7)
_CLOCK = r"\W{0,3}(?:(?:[01]?\d|2[0-3])[:.h][0-5]\d|%s|(?:1[0-2]|[1-9]) ?(?:am|pm|a\.m\.|p\.m\.))(?!\w)"
_HOUR = re.compile(_CLOCK % r"0\d[0-5]\d")
"""An hour at the head of a line: "05:40", "0540", "6 am"; a bare "1500" may count men."""
_ENTRY = re.compile(_CLOCK % r"(?:[01]\d|2[0-3])[0-5]\d")
"""In a log it is an hour too."""
_FEWEST = 3
"""Fewest lines that begin with an hour and make a text a log."""


def join_times(text: str, times: Sequence[TimeMention], zone: tzinfo) -> list[TimeMention]:
    """The mentions in order, the two ends of a stretch ("from A to B", "between A and B") as one.

    Args:
        text: The text.
        times: Its time mentions.
        zone: Time zone of days.
    """
    found: list[TimeMention] = []
    for mention in sorted(times, key=lambda m: m.span.start):
        joined = _join(text, found[-1], mention, zone) if found else None
        if joined is None:
            found.append(mention)
        else:
            found[-1] = joined
    return found


def _join(text: str, first: TimeMention, last: TimeMention, zone: tzinfo) -> TimeMention | None:
    if first.interval is None or last.interval is None or first.span.end > last.span.start:
        return None
    lead = _LEAD.search(text[max(0, first.span.start - _BEFORE) : first.span.start])
    between = text[first.span.end : last.span.start]
    link = None if lead is None else (_AND if lead["word"].lower() == "between" else _TO)
    start, end = first.interval.start, last.interval.end
    if link is None or not link.fullmatch(between) or start is None or end is None:
        return None
    if start >= end and _is_day(first) and _is_day(last) and start - _WEEK < end:
        # "From Monday through Thursday", told on a Tuesday: the week is Thursday's.
        start -= _WEEK
    if start >= end or not (_is_day(first) or _is_day(last) or first.timex is TimexType.DATE):
        return None
    joined = Interval(start, end)
    days = joined.to_days(zone)
    edtf = None if days[0] is None or days[1] is None else f"{days[0]}/{days[1]}"
    span = Span.of(text, first.span.start, last.span.end)
    return replace(last, span=span, timex=TimexType.DATE, value=None, edtf=edtf, interval=joined)


def _is_day(mention: TimeMention) -> bool:
    """Whether a mention is one calendar day, and no hour of it."""
    duration = None if mention.interval is None else mention.interval.duration
    return mention.timex is TimexType.DATE and duration is not None and duration <= timedelta(days=1)


def find_log(
    text: str, blocks: Sequence[Block], times: Sequence[TimeMention]
) -> tuple[TimeMention, tuple[tuple[int, int], ...]] | None:
    """The day that heads a log, and where its entries are: lines that begin with an hour.

    None where the headline names no day, or more than one, or few lines begin so.
    """
    if not blocks or blocks[0].kind is not BlockKind.HEADLINE:
        return None
    head = blocks[0]
    days = [m for m in times if head.start <= m.span.start < head.end and _is_day(m)]
    if len(days) != 1 or not any(_HOUR.match(text, b.start, b.end) for b in blocks[1:]):
        return None
    entries = tuple((b.start, b.end) for b in blocks[1:] if _ENTRY.match(text, b.start, b.end))
    return (days[0], entries) if len(entries) >= _FEWEST else None


def is_comparison(doc: Doc, start: int) -> bool:
    """A time of what is compared with ("up from 45% a month ago") is not the claim's."""
    words = doc[max(0, start - 8) : start]
    measured = any(
        a.lower_ in ("up", "down") and b.lower_ == "from" and any(t.like_num for t in doc[b.i + 1 : b.i + 3])
        for a, b in pairwise(words)
    )
    return measured or any(t.lower_ == "compared" for t in words)


def heads_note(doc: Doc, start: int, end: int) -> bool:
    """Whether a day opens a sentence before a colon ("5 March: two men detained")."""
    return bool(doc[start].is_sent_start) and end < len(doc) and doc[end].text == ":"


def is_stamp(parsed: Parsed, start: int, end: int) -> bool:
    """A clock time at the head of a paragraph dates the telling, not what is told."""
    doc = parsed.doc
    block = parsed.block_at(doc[start].idx)
    if block is None or parsed.text[block.start : doc[start].idx].strip():
        return False
    return ":" in doc[start:end].text and end < len(doc)
