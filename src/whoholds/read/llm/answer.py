"""A model's words to drafts of claims: JSON in, checked `Draft`s out; what has no use is counted, not mended.

Nothing here looks at the report: whether the words stand in it is asked in `build`.
"""

from __future__ import annotations

import json
import re
from collections import Counter
from collections.abc import Mapping
from dataclasses import dataclass
from datetime import date
from enum import StrEnum
from typing import Any, TypeVar

from whoholds.model import Approximator, Event, Measure, Polarity, Relation, Stance
from whoholds.read.llm.failures import BAD_ANSWER, LlmFailureError

__all__ = ["FIRST_YEAR", "LAST_YEAR", "Draft", "DraftPlace", "DraftQuantity", "DraftSource", "read_answer"]

E = TypeVar("E", bound=StrEnum)
_THINKING = re.compile(r"<(think|thinking)>.*?</\1>", re.DOTALL)
_FENCE = re.compile(r"```(?:json)?\s*\n(.*?)```", re.DOTALL)
LARGEST = 1e15
FIRST_YEAR, LAST_YEAR = 1000, 9000
"""Days outside are placeholders, and date arithmetic ends near by."""
MOST_CLAIMS = 400
"""Claims in one answer after which the model repeats itself."""


@dataclass(frozen=True, slots=True)
class DraftSource:
    """A source as the model gives it; see `schema`."""

    name: str
    words: str | None = None
    cue: str | None = None
    role: str | None = None
    side: str | None = None


@dataclass(frozen=True, slots=True)
class DraftPlace:
    """A place as the model gives it."""

    words: str
    relation: Relation = Relation.IN


@dataclass(frozen=True, slots=True)
class DraftQuantity:
    """A figure as the model gives it."""

    words: str
    low: float | None = None
    high: float | None = None
    unit: str | None = None
    of: str | None = None
    approximator: Approximator = Approximator.EXACT
    measure: Measure | None = None


@dataclass(frozen=True, slots=True)
class Draft:
    """A claim as the model gives it, its labels checked, its words not yet."""

    quote: str
    stance: Stance
    polarity: Polarity
    event: Event
    sources: tuple[DraftSource, ...] = ()
    actor: str | None = None
    actor_party: str | None = None
    target: str | None = None
    target_party: str | None = None
    places: tuple[DraftPlace, ...] = ()
    quantities: tuple[DraftQuantity, ...] = ()
    time_words: str | None = None
    first_day: date | None = None
    last_day: date | None = None


def read_answer(text: str, dropped: Counter[str]) -> list[Draft]:
    """The drafts of one answer.

    Args:
        text: The model's words.
        dropped: Counts what is left out: `claim_shape`, `label`, `place_shape`, `quantity_shape`, `day`.

    Raises:
        LlmFailureError: There is no JSON in it, or not of the shape asked for.
    """
    record = _load(text)
    items = record.get("claims") if isinstance(record, dict) else record
    if not isinstance(items, list):
        raise LlmFailureError('the model\'s JSON has no list "claims"', code=BAD_ANSWER)
    drafts = []
    for item in items[:MOST_CLAIMS]:
        draft = _draft(item, dropped)
        if draft is not None:
            drafts.append(draft)
    if len(items) > MOST_CLAIMS:
        dropped["claim_shape"] += len(items) - MOST_CLAIMS
    return drafts


def _load(text: str) -> Any:
    bare = _THINKING.sub("", text).strip()
    fenced = _FENCE.search(bare)
    if fenced is not None:
        bare = fenced.group(1).strip()
    for start in sorted(i for i in (bare.find("{"), bare.find("[")) if i >= 0):
        try:
            # Whatever is said around the object is let go.
            return json.JSONDecoder().raw_decode(bare, start)[0]
        except (ValueError, RecursionError):
            continue
    raise LlmFailureError(f"the model's answer is no JSON: {' '.join(text.split())[:80]!r}", code=BAD_ANSWER)


def _draft(item: object, dropped: Counter[str]) -> Draft | None:
    if not isinstance(item, dict):
        dropped["claim_shape"] += 1
        return None
    quote = _text(item, "quote")
    if quote is None:
        dropped["claim_shape"] += 1
        return None
    stance, event = _label(Stance, item.get("stance")), _label(Event, item.get("event"))
    polarity = _label(Polarity, item.get("polarity", "positive"))
    sources = _sources(item.get("sources"))
    if stance is None or event is None or polarity is None or sources is None:
        # A claim with a stance, an event or a speaker that we would have to guess is no claim.
        dropped["label"] += 1
        return None
    return Draft(
        quote=quote,
        stance=stance,
        polarity=polarity,
        event=event,
        sources=sources,
        actor=_text(item, "actor"),
        actor_party=_text(item, "actor_party"),
        target=_text(item, "target"),
        target_party=_text(item, "target_party"),
        places=_places(item.get("places"), dropped),
        quantities=_quantities(item.get("quantities"), dropped),
        time_words=_text(item, "time_words"),
        first_day=_day(item.get("first_day"), dropped),
        last_day=_day(item.get("last_day"), dropped),
    )


def _sources(value: object) -> tuple[DraftSource, ...] | None:
    """The chain, or None where a link of it cannot be read: a shorter chain would name another speaker."""
    if value is None:
        return ()
    if not isinstance(value, list):
        return None
    found = []
    for item in value:
        name = _text(item, "name") if isinstance(item, dict) else None
        if name is None:
            return None
        found.append(
            DraftSource(
                name, _text(item, "words"), _text(item, "cue"), _text(item, "role"), _text(item, "side")
            )
        )
    return tuple(found)


def _places(value: object, dropped: Counter[str]) -> tuple[DraftPlace, ...]:
    found = []
    for item in value if isinstance(value, list) else ():
        words = _text(item, "words") if isinstance(item, dict) else None
        relation = _label(Relation, item.get("relation", "in")) if isinstance(item, dict) else None
        if words is None or relation is None:
            dropped["place_shape"] += 1
        else:
            found.append(DraftPlace(words, relation))
    return tuple(found)


def _quantities(value: object, dropped: Counter[str]) -> tuple[DraftQuantity, ...]:
    found = []
    for item in value if isinstance(value, list) else ():
        quantity = _quantity(item) if isinstance(item, dict) else None
        if quantity is None:
            dropped["quantity_shape"] += 1
        else:
            found.append(quantity)
    return tuple(found)


def _quantity(item: Mapping[str, Any]) -> DraftQuantity | None:
    words = _text(item, "words")
    low, high = item.get("low"), item.get("high")
    approximator = _label(Approximator, item.get("approximator") or "exact")
    measure = _label(Measure, item.get("measure"))
    if words is None or approximator is None or (item.get("measure") is not None and measure is None):
        return None
    if not _is_bound(low) or not _is_bound(high) or (low is None and high is None):
        return None
    if low is not None and high is not None and low > high:
        return None
    return DraftQuantity(
        words,
        None if low is None else float(low),
        None if high is None else float(high),
        _text(item, "unit"),
        _text(item, "of"),
        approximator,
        measure,
    )


def _is_bound(value: object) -> bool:
    if value is None:
        return True
    # bool is an int to Python; NaN fails the comparison.
    return isinstance(value, int | float) and not isinstance(value, bool) and 0 <= value <= LARGEST


def _text(item: Mapping[str, Any], key: str) -> str | None:
    value = item.get(key)
    return value.strip() or None if isinstance(value, str) else None


def _label(kind: type[E], value: object) -> E | None:
    if not isinstance(value, str):
        return None
    try:
        return kind(value.strip().lower())
    except ValueError:
        return None


def _day(value: object, dropped: Counter[str]) -> date | None:
    if value is None or value == "":
        return None
    try:
        day = date.fromisoformat(value[:10]) if isinstance(value, str) else date.min
    except ValueError:
        day = date.min
    if FIRST_YEAR <= day.year <= LAST_YEAR:
        return day
    dropped["day"] += 1
    return None
