"""Certainty of events: how far the reader's values lie from gold's, from 3 (certain) to -3 (certainly not).

- `mae`: mean absolute error over gold's event words, a word that the reader passes over counted as told as a
  fact (3); `mae_all_certain` is that of calling every word certain.
- `macro_f1`: mean F1 of happened (2, 3), open (-1 to 1) and did not (-2, -3); words passed over have none.
- `covered`: the share of gold's words that the reader has a value for.
"""

from __future__ import annotations

from collections import Counter
from collections.abc import Mapping

from whoholds.evaluate.claims import ClaimScores, Example
from whoholds.evaluate.matching import Counts, Record, overlap, span_of

__all__ = ["score_certainty"]

_CERTAIN = 3.0
_SIDES = {1: "happened", 0: "open", -1: "did not"}


def score_certainty(gold: Mapping[str, Record], predicted: Mapping[str, Record]) -> ClaimScores:
    """Score the values of event words, report by report.

    Args:
        gold: Report id to its record with `factuality`: spans with a `value`.
        predicted: The same, as `whoholds read --batch` puts it out.
    """
    scores = ClaimScores()
    sides = {side: Counts() for side in _SIDES}
    off = off_certain = 0.0
    n = covered = 0
    for key, record in gold.items():
        theirs = predicted.get(key, {}).get("factuality") or []
        for word in record.get("factuality") or []:
            value = float(word["value"])
            found = _value_of(word, theirs)
            n += 1
            covered += found is not None
            off += (wrong := abs(value - (_CERTAIN if found is None else found)))
            off_certain += abs(value - _CERTAIN)
            mine = None if found is None else _side(found)
            for side, counts in sides.items():
                is_hit = mine == side == _side(value)
                counts.add(is_hit, mine == side, _side(value) == side)
            if wrong:
                told = "nothing" if mine is None else _SIDES[mine]
                scores.errors[f"{told} for {_SIDES[_side(value)]}"] += 1
                shown = "nothing" if found is None else f"{found:g}"
                detail = f"{shown} for {value:g}"
                scores.examples.append(Example(key, "wrong value", str(word.get("exact")), detail, wrong))
    if n:
        met = [c.f1 for c in sides.values() if c.gold]
        scores.metrics = {
            "mae": off / n,
            "mae_all_certain": off_certain / n,
            "macro_f1": sum(met) / len(met),
            "covered": covered / n,
        }
    scores.metrics["n_gold"] = n
    scores.errors = Counter(dict(scores.errors.most_common()))
    scores.examples.sort(key=lambda e: (-e.badness, e.report_id, e.words))
    return scores


def _value_of(word: Record, found: list[Record]) -> float | None:
    """The value of the word that overlaps best, or None."""
    span = span_of(word)
    assert span is not None
    best, value = 0.0, None
    for item in found:
        other = span_of(item)
        assert other is not None
        share = overlap(span, other) / max(span[1] - span[0], other[1] - other[0])
        if share > best:
            best, value = share, float(item["value"])
    return value


def _side(value: float) -> int:
    return (value >= 2) - (value <= -2)
