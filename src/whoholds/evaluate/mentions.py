"""Attributions, places, times and quantities against gold.

- attribution: `source_*`, `cue_*`, `content_*`: pieces with both ends right, pooled over reports.
- places: `found_*`: mentions that overlap; `placed`: of gold mentions with a point, the share found and put
  within 161 km (the field's customary 100 miles); `unresolved`: mentions left open.
- times: `found_*`: expressions that overlap; `value`: of those found with a gold value, the share with it.
- quantities: `value_*`: both bounds right on overlapping words; `unit_*`: the unit too.
"""

from __future__ import annotations

from collections import Counter
from collections.abc import Mapping

from whoholds.evaluate.claims import ClaimScores, Example
from whoholds.evaluate.matching import Counts, Record, Span, distance_km, overlap, pair_up, span_of

__all__ = ["score_attribution", "score_places", "score_quantities", "score_times"]

PLACED_KM = 161.0


def _overlapping(g: Record, p: Record) -> float:
    a, b = span_of(g), span_of(p)
    assert a is not None
    assert b is not None
    common = overlap(a, b)
    return common + common / max(a[1] - a[0], b[1] - b[0]) if common else 0.0


def _example(key: str, kind: str, item: Record, detail: str, badness: float) -> Example:
    return Example(key, kind, str(item.get("exact")), detail, badness)


def score_attribution(gold: Mapping[str, Record], predicted: Mapping[str, Record]) -> ClaimScores:
    """Who said what: exact spans by role."""
    scores = ClaimScores()
    for role in ("source", "cue", "content"):
        counts = Counts()
        for key, record in gold.items():
            ours = _pieces(record, role)
            theirs = _pieces(predicted.get(key, {}), role)
            counts.add(len(ours.keys() & theirs.keys()), len(theirs), len(ours))
            for kind, only in (
                ("missed", ours.keys() - theirs.keys()),
                ("invented", theirs.keys() - ours.keys()),
            ):
                for span in only:
                    words = (ours | theirs)[span]
                    scores.errors[f"{kind} {role}"] += 1
                    scores.examples.append(Example(key, f"{kind} {role}", words, "", 1.0))
        scores.metrics |= counts.metrics(role)
    return _ranked(scores)


def _pieces(record: Record, role: str) -> dict[Span, str]:
    found = {}
    for item in record.get("attributions") or []:
        value = item.get(role)
        for piece in value if isinstance(value, list) else [value]:
            if piece:
                found[(int(piece["start"]), int(piece["end"]))] = str(piece["exact"])
    return found


def score_places(gold: Mapping[str, Record], predicted: Mapping[str, Record]) -> ClaimScores:
    """Place names found, and put where they are."""
    scores, counts = ClaimScores(), Counts()
    pointed = placed = unresolved = 0
    for key, record in gold.items():
        ours, theirs = record.get("places") or [], predicted.get(key, {}).get("places") or []
        pairs = pair_up(ours, theirs, _overlapping)
        counts.add(len(pairs), len(theirs), len(ours))
        twin = {i: theirs[j] for i, j, _ in pairs}
        unresolved += sum(p.get("lon") is None for p in theirs)
        for i, g in enumerate(ours):
            if i not in twin:
                scores.errors["missed"] += 1
                scores.examples.append(_example(key, "missed", g, str(g.get("name") or ""), 2.0))
            if g.get("lon") is None:
                continue
            pointed += 1
            p = twin.get(i)
            if p is None or p.get("lon") is None:
                continue
            km = distance_km((g["lon"], g["lat"]), (p["lon"], p["lat"]))
            placed += km <= PLACED_KM
            if km > PLACED_KM:
                scores.errors["put elsewhere"] += 1
                detail = f"{p.get('name')} ({p.get('country')}), {km:,.0f} km off {g.get('name')}"
                scores.examples.append(_example(key, "put elsewhere", g, detail, 3.0))
        taken = {j for _, j, _ in pairs}
        for j, p in enumerate(theirs):
            if j not in taken:
                scores.errors["invented"] += 1
                scores.examples.append(_example(key, "invented", p, str(p.get("name") or ""), 1.0))
    scores.metrics = counts.metrics("found") | {
        "placed": placed / pointed if pointed else 1.0,
        "unresolved": unresolved,
    }
    return _ranked(scores)


def score_times(gold: Mapping[str, Record], predicted: Mapping[str, Record]) -> ClaimScores:
    """Time expressions found, and their values."""
    scores, counts, values = ClaimScores(), Counts(), Counts()
    for key, record in gold.items():
        ours, theirs = record.get("times") or [], predicted.get(key, {}).get("times") or []
        pairs = pair_up(ours, theirs, _overlapping)
        counts.add(len(pairs), len(theirs), len(ours))
        good = 0
        for i, j, _ in pairs:
            same = ours[i].get("value") == theirs[j].get("value")
            good += same
            if not same:
                scores.errors["wrong value"] += 1
                detail = f"{theirs[j].get('value')} for {ours[i].get('value')}"
                scores.examples.append(_example(key, "wrong value", ours[i], detail, 2.0))
        values.add(good, len(theirs), len(ours))
        _note_unpaired(scores, key, ours, theirs, pairs)
    scores.metrics = counts.metrics("found") | values.metrics("value")
    return _ranked(scores)


def score_quantities(gold: Mapping[str, Record], predicted: Mapping[str, Record]) -> ClaimScores:
    """Numbers with their bounds and units."""
    scores, value, unit = ClaimScores(), Counts(), Counts()
    for key, record in gold.items():
        ours, theirs = record.get("quantities") or [], predicted.get(key, {}).get("quantities") or []
        pairs = pair_up(ours, theirs, _overlapping)
        right = [
            (i, j) for i, j, _ in pairs if all(ours[i].get(k) == theirs[j].get(k) for k in ("low", "high"))
        ]
        both = [(i, j) for i, j in right if ours[i].get("unit") == theirs[j].get("unit")]
        value.add(len(right), len(theirs), len(ours))
        unit.add(len(both), len(theirs), len(ours))
        for i, j, _ in pairs:
            if (i, j) not in both:
                kind = "wrong unit" if (i, j) in right else "wrong value"
                g, p = ours[i], theirs[j]
                detail = f"{_range(p)} for {_range(g)}"
                scores.errors[kind] += 1
                scores.examples.append(_example(key, kind, g, detail, 2.0))
        _note_unpaired(scores, key, ours, theirs, pairs)
    scores.metrics = value.metrics("value") | unit.metrics("unit")
    return _ranked(scores)


def _range(item: Record) -> str:
    return f"{item.get('low')}..{item.get('high')} {item.get('unit')}"


def _note_unpaired(
    scores: ClaimScores,
    key: str,
    ours: list[Record],
    theirs: list[Record],
    pairs: list[tuple[int, int, float]],
) -> None:
    left, right = {i for i, _, _ in pairs}, {j for _, j, _ in pairs}
    for kind, items, taken in (("missed", ours, left), ("invented", theirs, right)):
        for n, item in enumerate(items):
            if n not in taken:
                scores.errors[kind] += 1
                scores.examples.append(_example(key, kind, item, "", 1.5 if kind == "missed" else 1.0))


def _ranked(scores: ClaimScores) -> ClaimScores:
    scores.errors = Counter(dict(scores.errors.most_common()))
    scores.examples.sort(key=lambda e: (-e.badness, e.report_id, e.words))
    return scores
