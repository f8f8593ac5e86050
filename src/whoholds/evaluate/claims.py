"""Claims: found, and right field by field.

- `found_*`: gold and predicted claims paired one to one. Quotes must share half of the shorter one, and the
  predicted may be at most three times as long as gold's (200 characters are always allowed). Among the
  possible pairs those with most fields alike go first.
- `<field>`: over the pairs in which either side fills the field, the mean agreement.
- `claim_*`: pairs with speaker, stance, polarity, event, places and (where gold has one) actor right, time
  and figures agreeing at least by half: the end-to-end number.

Errors are the fields that are wrong in a pair (`event: clash for contested`), claims missed and invented.
"""

from __future__ import annotations

from collections import Counter
from collections.abc import Callable, Mapping
from dataclasses import dataclass, field
from datetime import date, timedelta
from math import isclose

from whoholds.evaluate.calibration import calibration_error
from whoholds.evaluate.matching import (
    Counts,
    Record,
    distance_km,
    mean,
    overlap,
    pair_up,
    same_name,
    set_f1,
    span_of,
)

__all__ = ["ClaimScores", "Example", "is_core_right", "pair_claims", "score_claims"]

NEAR_KM = 5.0
LONGEST, SENTENCE = 3, 200


@dataclass(frozen=True, slots=True)
class Example:
    """One claim that went wrong.

    Attributes:
        report_id: Where.
        kind: missed, invented, or the fields that are wrong.
        words: Gold's quote (of invented ones the prediction's).
        detail: What was expected and what came, field by field.
        badness: How bad, for ranking.
    """

    report_id: str
    kind: str
    words: str
    detail: str
    badness: float


@dataclass(slots=True)
class ClaimScores:
    """Metrics, errors by kind, and examples, the worst first."""

    metrics: dict[str, float] = field(default_factory=dict)
    errors: Counter[str] = field(default_factory=Counter)
    examples: list[Example] = field(default_factory=list)


def _speaker(claim: Record) -> Record | None:
    chain = claim.get("attribution") or []
    return chain[-1] if chain else None


def _same_source(a: Record | None, b: Record | None) -> bool:
    if a is None or b is None:
        return a is b
    if a.get("source_id") and a.get("source_id") == b.get("source_id"):
        return True
    return same_name(a.get("name"), b.get("name"))


def _same_speaker(g: Record, p: Record) -> float:
    a, b = _speaker(g), _speaker(p)
    if not _same_source(a, b):
        return 0.0
    sides = {(s or {}).get("side") for s in (a, b)} - {None}
    return float(len(sides) < 2)


def _same_place(a: Record, b: Record) -> bool:
    if a.get("place_id") and a.get("place_id") == b.get("place_id"):
        return True
    here, there = ([r[k] for k in ("lon", "lat") if r.get(k) is not None] for r in (a, b))
    if len(here) == len(there) == 2 and distance_km((here[0], here[1]), (there[0], there[1])) <= NEAR_KM:
        return True
    names = (a.get("name"), *(a.get("aliases") or ()))
    return any(same_name(name, b.get("name")) or same_name(name, b.get("exact")) for name in names if name)


def _party(name: str) -> Callable[[Record, Record], float]:
    def agree(g: Record, p: Record) -> float:
        ours, theirs = ({r.get(name), r.get(f"{name}_id")} - {None} for r in (g, p))
        if not ours or not theirs:
            return float(ours == theirs)
        return float(any(same_name(a, b) for a in ours for b in theirs))

    return agree


def _equal(name: str) -> Callable[[Record, Record], float]:
    return lambda g, p: float(g.get(name) == p.get(name))


def _relation(g: Record, p: Record) -> float:
    first, other = ((c.get("places") or [{}])[0].get("relation") for c in (g, p))
    return float(first == other)


_ROUNDING = 0.015
"""By how much a bound may differ: gold rounds shares to whole percents and miles to kilometres."""
_MEASURES = {
    "miles": ("km", 1.609344),
    "yards": ("m", 0.9144),
    "feet": ("m", 0.3048),
    "square miles": ("km2", 2.589988),
    "weeks": ("days", 7.0),
    "fortnights": ("days", 14.0),
    "kilograms": ("kg", 1.0),
    "kilos": ("kg", 1.0),
    "tons": ("tonnes", 1.0),
}
"""Measures that are another one by a factor, as gold and readers may give them."""


def _same_figure(a: Record, b: Record) -> bool:
    """Whether two figures have the same bounds to rounding ("a third": 33 or 33.3), of one measure."""
    unit_a, factor_a = _MEASURES.get(a.get("unit") or "", (a.get("unit"), 1.0))
    unit_b, factor_b = _MEASURES.get(b.get("unit") or "", (b.get("unit"), 1.0))
    return unit_a == unit_b and all(
        _is_about(a.get(end), factor_a, b.get(end), factor_b) for end in ("low", "high")
    )


def _is_about(a: float | None, factor_a: float, b: float | None, factor_b: float) -> bool:
    if a is None or b is None:
        return a is b
    return isclose(a * factor_a, b * factor_b, rel_tol=_ROUNDING)


def _days(holds: Record | None) -> tuple[int, int] | None:
    if not holds or not (holds.get("from") or holds.get("to")):
        return None
    known = {k: date.fromisoformat(str(holds[k])[:10]).toordinal() for k in ("from", "to") if holds.get(k)}
    # An open end is compared as a year beyond the closed one.
    year = timedelta(days=365).days
    first = known["from"] if "from" in known else known["to"] - year
    return first, known.get("to", first + year)


def _time(g: Record, p: Record) -> float:
    a, b = _days(g.get("holds")), _days(p.get("holds"))
    if a is None or b is None:
        return float(a is b)
    common = min(a[1], b[1]) - max(a[0], b[0]) + 1
    return max(0, common) / (max(a[1], b[1]) - min(a[0], b[0]) + 1)


FIELDS: Mapping[str, Callable[[Record, Record], float]] = {
    "speaker": _same_speaker,
    "stance": _equal("stance"),
    "polarity": _equal("polarity"),
    "event": _equal("event"),
    "actor": _party("actor"),
    "target": _party("target"),
    "places": lambda g, p: set_f1(g.get("places") or [], p.get("places") or [], _same_place),
    "relation": _relation,
    "time": _time,
    "deadline": _equal("deadline"),
    "quantities": lambda g, p: set_f1(g.get("quantities") or [], p.get("quantities") or [], _same_figure),
}
_CORE = ("speaker", "stance", "polarity", "event")
"""What every claim has: who says it, how, and what."""
_STRICT = (*_CORE, "places")


def _filled(name: str, g: Record, p: Record) -> bool:
    if name in _CORE:
        return True
    if name == "time":
        return bool(_days(g.get("holds")) or _days(p.get("holds")))
    key = "places" if name == "relation" else name
    return any(c.get(key) or c.get(f"{key}_id") for c in (g, p))


def _agreement(g: Record, p: Record) -> float:
    names = [n for n in ("speaker", "stance", "event", "places", "time") if n] + [
        n for n in ("actor", "quantities") if _filled(n, g, p)
    ]
    return sum(FIELDS[n](g, p) for n in names) / len(names)


def _closeness(g: Record, p: Record) -> float:
    a, b = span_of(g["quote"]), span_of(p["quote"])
    assert a is not None
    assert b is not None
    common = overlap(a, b)
    longest, shorter = max(a[1] - a[0], b[1] - b[0]), min(a[1] - a[0], b[1] - b[0])
    if shorter <= 0 or common < shorter / 2 or b[1] - b[0] > max(LONGEST * (a[1] - a[0]), SENTENCE):
        return 0.0
    return _agreement(g, p) + 0.5 * common / longest


def _is_right(g: Record, p: Record) -> bool:
    return (
        all(FIELDS[n](g, p) == 1.0 for n in _STRICT)
        and (not (g.get("actor") or g.get("actor_id")) or FIELDS["actor"](g, p) == 1.0)
        and FIELDS["time"](g, p) >= 0.5
        and (not g.get("quantities") or FIELDS["quantities"](g, p) >= 0.5)
    )


def pair_claims(gold: Record, predicted: Record) -> list[tuple[Record, Record | None]]:
    """Each predicted claim with words, in order, and gold's claim in its place, if there is one."""
    ours = [c for c in gold.get("claims") or [] if c.get("quote")]
    theirs = [c for c in predicted.get("claims") or [] if c.get("quote")]
    twins = {j: ours[i] for i, j, _ in pair_up(ours, theirs, _closeness)}
    return [(claim, twins.get(j)) for j, claim in enumerate(theirs)]


def is_core_right(predicted: Record, twin: Record | None) -> bool:
    """Whether speaker, stance, polarity and event of a claim are those of gold's claim in its place."""
    return twin is not None and all(FIELDS[name](twin, predicted) == 1.0 for name in _CORE)


def _show(name: str, claim: Record) -> str:
    value = claim.get(name)
    if name == "speaker":
        source = _speaker(claim)
        return str(source.get("name")) if source else "(publisher)"
    if name in ("places", "relation"):
        return (
            "; ".join(f"{p.get('relation', 'in')} {p.get('name')}" for p in claim.get("places") or []) or "-"
        )
    if name == "time":
        holds = claim.get("holds") or {}
        return f"{holds.get('from') or '..'}/{holds.get('to') or '..'}"
    if name == "quantities":
        return "; ".join(str(q.get("exact") or q.get("low")) for q in claim.get("quantities") or []) or "-"
    if name in ("actor", "target"):
        return str(claim.get(f"{name}_id") or value or "-")
    return str(value or "-")


def score_claims(gold: Mapping[str, Record], predicted: Mapping[str, Record]) -> ClaimScores:
    """Score claims, report by report.

    Args:
        gold: Report id to its record with `claims`.
        predicted: The same, as `whoholds read --batch` puts it out; a missing report counts as empty.
    """
    scores = ClaimScores()
    found, right = Counts(), Counts()
    sure: list[tuple[float, bool]] = []
    fields: dict[str, list[float]] = {name: [] for name in FIELDS}
    for key, record in gold.items():
        ours = [c for c in record.get("claims") or [] if c.get("quote")]
        theirs = [c for c in predicted.get(key, {}).get("claims") or [] if c.get("quote")]
        pairs = pair_up(ours, theirs, _closeness)
        found.add(len(pairs), len(theirs), len(ours))
        wholly = 0
        twins = {j: ours[i] for i, j, _ in pairs}
        sure += [
            (float(p["p"]), is_core_right(p, twins.get(j)))
            for j, p in enumerate(theirs)
            if p.get("p") is not None
        ]
        for i, j, _ in pairs:
            g, p = ours[i], theirs[j]
            wholly += _is_right(g, p)
            for name, compare in FIELDS.items():
                if _filled(name, g, p):
                    fields[name].append(compare(g, p))
            _note_errors(scores, key, g, p)
        right.add(wholly, len(theirs), len(ours))
        _note_unpaired(scores, key, ours, theirs, pairs)
    scores.metrics = found.metrics("found") | right.metrics("claim")
    scores.metrics |= {n: m for n, v in fields.items() if (m := mean(v)) is not None}
    if sure:
        scores.metrics |= {
            "ece": calibration_error(sure),
            "mean_p": sum(p for p, _ in sure) / len(sure),
            "core": sum(ok for _, ok in sure) / len(sure),
        }
    scores.metrics |= {"n_gold": found.gold, "n_predicted": found.predicted}
    scores.examples.sort(key=lambda e: (-e.badness, e.report_id, e.words))
    return scores


def _note_errors(scores: ClaimScores, key: str, g: Record, p: Record) -> None:
    wrong = [n for n, compare in FIELDS.items() if _filled(n, g, p) and compare(g, p) < 0.5]
    for name in wrong:
        if name in ("stance", "event", "polarity", "relation"):
            scores.errors[f"{name}: {_show(name, p)} for {_show(name, g)}"] += 1
        else:
            scores.errors[name] += 1
    if wrong:
        detail = ", ".join(f"{n}: {_show(n, p)} for {_show(n, g)}" for n in wrong)
        scores.examples.append(
            Example(key, "wrong " + ", ".join(wrong), g["quote"]["exact"], detail, len(wrong))
        )


def _note_unpaired(
    scores: ClaimScores,
    key: str,
    ours: list[Record],
    theirs: list[Record],
    pairs: list[tuple[int, int, float]],
) -> None:
    left, right = {i for i, _, _ in pairs}, {j for _, j, _ in pairs}
    for i, g in enumerate(ours):
        if i not in left:
            scores.errors[f"missed {_show('event', g)}"] += 1
            scores.examples.append(
                Example(key, "missed", g["quote"]["exact"], f"{g.get('stance')} {g.get('event')}", 5.0)
            )
    for j, p in enumerate(theirs):
        if j not in right:
            scores.errors[f"invented {_show('event', p)}"] += 1
            scores.examples.append(
                Example(key, "invented", p["quote"]["exact"], f"{p.get('stance')} {p.get('event')}", 4.0)
            )
