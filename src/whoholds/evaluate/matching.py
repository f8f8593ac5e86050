"""Counting and pairing, shared by all tasks.

Pairs are one to one and taken greedily from the best score down, ties by position, so that a score never
depends on the order of a file.
"""

from __future__ import annotations

import re
import unicodedata
from collections.abc import Callable, Iterable, Sequence
from dataclasses import dataclass
from math import asin, cos, radians, sin, sqrt
from typing import Any, TypeAlias

__all__ = [
    "Counts",
    "Record",
    "Span",
    "distance_km",
    "overlap",
    "pair_up",
    "same_name",
    "span_of",
    "spans_of",
]

Record: TypeAlias = dict[str, Any]
Span: TypeAlias = tuple[int, int]
EARTH_KM = 6371.0088
"""Mean radius of the Earth, IUGG."""


@dataclass(slots=True)
class Counts:
    """Hits among what was predicted and what gold has.

    Attributes:
        hits: Paired items, or the credit that they earn.
        predicted: Items put out.
        gold: Items that there are.
    """

    hits: float = 0.0
    predicted: int = 0
    gold: int = 0

    def add(self, hits: float, predicted: int, gold: int) -> None:
        """Count one report."""
        self.hits += hits
        self.predicted += predicted
        self.gold += gold

    @property
    def precision(self) -> float:
        """Hits by items put out; 1 where neither side has any."""
        return self.hits / self.predicted if self.predicted else float(not self.gold)

    @property
    def recall(self) -> float:
        """Hits by items that there are; 1 where there are none."""
        return self.hits / self.gold if self.gold else 1.0

    @property
    def f1(self) -> float:
        """Harmonic mean of the two."""
        total = self.precision + self.recall
        return 2 * self.precision * self.recall / total if total else 0.0

    def metrics(self, name: str) -> dict[str, float]:
        """Precision, recall and F1 under a name."""
        return {f"{name}_p": self.precision, f"{name}_r": self.recall, f"{name}_f1": self.f1}


def span_of(record: Record | None) -> Span | None:
    """The offsets of an S, or None."""
    return None if record is None else (int(record["start"]), int(record["end"]))


def spans_of(value: Any) -> list[Span]:
    """The offsets of an S, a list of S, or nothing."""
    items = value if isinstance(value, list) else [] if value is None else [value]
    return [(int(s["start"]), int(s["end"])) for s in items]


def overlap(a: Span, b: Span) -> int:
    """Code points in both."""
    return max(0, min(a[1], b[1]) - max(a[0], b[0]))


def pair_up(
    gold: Sequence[Any], predicted: Sequence[Any], score: Callable[[Any, Any], float]
) -> list[tuple[int, int, float]]:
    """One-to-one pairs with a score above 0, the best first."""
    ranked = sorted(
        ((score(g, p), i, j) for i, g in enumerate(gold) for j, p in enumerate(predicted)),
        key=lambda item: (-item[0], item[1], item[2]),
    )
    left: set[int] = set()
    right: set[int] = set()
    found = []
    for value, i, j in ranked:
        if value <= 0:
            break
        if i not in left and j not in right:
            left.add(i)
            right.add(j)
            found.append((i, j, value))
    return found


def fold(name: str | None) -> str:
    """Lower case, no accents, no punctuation, no possessive, no leading article."""
    text = unicodedata.normalize("NFKD", name or "")
    text = "".join(c for c in text if not unicodedata.combining(c)).casefold()
    text = re.sub(r"['’`ʼ](s\b)?", "", text)
    return re.sub(r"^(the|an?) ", "", " ".join(re.findall(r"\w+", text)))


def same_name(a: str | None, b: str | None) -> bool:
    """Whether two names can mean one: equal when folded, an acronym, or the shorter's words in the longer."""
    x, y = fold(a), fold(b)
    if not x or not y:
        return x == y
    if x.replace(" ", "") == y.replace(" ", "") or x == _initials(b) or y == _initials(a):
        return True
    short, long = sorted((set(x.split()), set(y.split())), key=len)
    return short <= long and any(len(word) > 2 for word in short)


def _initials(name: str | None) -> str:
    return "".join(w[0] for w in re.findall(r"\w+", name or "") if w[0].isupper()).casefold()


def distance_km(a: tuple[float, float], b: tuple[float, float]) -> float:
    """Great-circle distance of two (lon, lat) points in km, by the haversine formula."""
    lon1, lat1, lon2, lat2 = map(radians, (*a, *b))
    h = sin((lat2 - lat1) / 2) ** 2 + cos(lat1) * cos(lat2) * sin((lon2 - lon1) / 2) ** 2
    return 2 * EARTH_KM * asin(min(1.0, sqrt(h)))


def set_f1(gold: Sequence[Any], predicted: Sequence[Any], same: Callable[[Any, Any], bool]) -> float:
    """F1 of two small sets under a one-to-one matching; two empty sets agree."""
    if not gold and not predicted:
        return 1.0
    hits = pair_up(gold, predicted, lambda g, p: float(same(g, p)))
    return 2 * len(hits) / (len(gold) + len(predicted))


def mean(values: Iterable[float]) -> float | None:
    """The mean, or None of nothing."""
    listed = list(values)
    return sum(listed) / len(listed) if listed else None
