"""Resolution: the names of one report in, one place each with a probability out, decided jointly.

Each name's candidates get a score from what is known of the place (inhabitants, kind), of the report
(countries named, other names near by, wider names in the text) and of the war (the theatre's area). Two
rounds: the second sees the first one's places. Scores become probabilities by a softmax whose weights and
temperature are set on synthetic contexts made from the gazetteer (`scripts/calibrate_places.py`).
"""

from __future__ import annotations

import math
from collections.abc import Sequence
from dataclasses import dataclass

from whoholds.model import Place
from whoholds.places.gazetteer import Gazetteer
from whoholds.places.index import ENTRY_DEMONYM
from whoholds.places.layers import Meaning, distance_m
from whoholds.places.recognise import Name
from whoholds.theatre import Theatre

__all__ = ["Resolution", "Weights", "resolve_names"]


@dataclass(frozen=True, slots=True)
class Weights:
    """What a candidate's score is made of, in natural-log units.

    Attributes:
        population: For a power of ten of inhabitants.
        country_named: Its country (or region) is named in the report.
        near: Another name's place is within `near_m`, falling off with distance.
        same_country: Share of the other names in its country.
        theatre: Its country is one of the theatre's; half of it again inside the theatre's box.
        inside: The text puts it in that wider place.
        outside: The text puts it in a wider place that it is not in.
        primary: The name is its preferred one.
        kind: The word beside says its kind; minus that where it says another.
        capital: It is a national capital.
        none: Score of "none of these".
    """

    population: float = 1.1
    country_named: float = 1.5
    near: float = 1.6
    same_country: float = 2.0
    theatre: float = 2.0
    inside: float = 6.0
    outside: float = -3.0
    primary: float = 0.9
    kind: float = 5.0
    capital: float = 1.5
    none: float = 0.0


@dataclass(frozen=True, slots=True)
class Resolution:
    """A name's candidates with probabilities, best first; empty where the gazetteer has none."""

    name: Name
    ranked: tuple[tuple[Place, float], ...]


NEAR_M = 120_000.0
MIN_LIKENESS = 0.8
"""One letter in five may differ in a name that is looked up by likeness."""
_PACKAGED = ("geonames:", "geonames-code:", "feature:")
_KIND_PRIOR = {
    "country": 6.0,
    "admin": -0.6,
    "water": 1.0,
    "landform": 0.5,
    "other": 0.5,
    "settlement": 0.0,
    "facility": 0.0,
}
_FEATURE_PRIOR = {"ADM2": -2.2, "ADM3": -2.6, "ADMD": -2.6, "CONT": 5.0}


def resolve_names(
    names: Sequence[Name],
    gazetteer: Gazetteer,
    theatre: Theatre | None = None,
    weights: Weights | None = None,
) -> list[Resolution]:
    """Decide all names of one report together.

    Args:
        names: In the order of the text, as `recognise_names` gives them.
        gazetteer: For misspelt names.
        theatre: Its area is likelier.
        weights: Others than the calibrated ones.
    """
    w = weights or Weights()
    candidates = [_candidates(name, gazetteer) for name in names]
    base = [
        [_own_score(name, m, theatre, w) for m in found]
        for name, found in zip(names, candidates, strict=True)
    ]
    typed = _typed_before(names, candidates)
    chosen: list[Place | None] = [
        found[max(range(len(found)), key=score.__getitem__)].place if found else None
        for found, score in zip(candidates, base, strict=True)
    ]
    scores = base
    for _ in range(2):
        scores = [
            _joint_scores(i, names, candidates, base, chosen, typed, w) if len(candidates[i]) > 1 else base[i]
            for i in range(len(names))
        ]
        chosen = [
            found[max(range(len(found)), key=score.__getitem__)].place if found else None
            for found, score in zip(candidates, scores, strict=True)
        ]
    return [
        Resolution(name, _ranked(found, score, w))
        for name, found, score in zip(names, candidates, scores, strict=True)
    ]


def _candidates(name: Name, gazetteer: Gazetteer) -> tuple[Meaning, ...]:
    found = name.meanings
    if name.role == "demonym":
        return tuple(m for m in found if m.role == ENTRY_DEMONYM)
    found = tuple(m for m in found if m.role != ENTRY_DEMONYM) or found
    if not found and name.vouched and len(name.key) > 4:
        found = tuple(Meaning(p) for p in gazetteer.find_fuzzy(name.key, limit=5, likeness=MIN_LIKENESS))
    return found


def _own_score(name: Name, meaning: Meaning, theatre: Theatre | None, w: Weights) -> float:
    place = meaning.place
    score = w.population * math.log10(place.population + 100)
    score += _KIND_PRIOR.get(place.kind, 0.0) + _FEATURE_PRIOR.get(place.feature or "", 0.0)
    if meaning.is_primary:
        score += w.primary
    if place.feature == "PPLC":
        score += w.capital
    if name.kind_hint is not None:
        score += w.kind if _is_kind(place, name.kind_hint) else -w.kind
    if theatre is not None:
        if place.country in theatre.area.countries:
            score += w.theatre
        west, south, east, north = theatre.area.bbox
        if west <= place.lon <= east and south <= place.lat <= north:
            score += w.theatre / 2
    if not place.id.startswith(_PACKAGED):
        score += w.theatre
    return score


def _is_kind(place: Place, hint: str) -> bool:
    if hint == "admin2":
        return place.feature in ("ADM2", "ADM3")
    if hint == "admin":
        return place.kind in ("admin", "other", "country") and place.feature not in ("ADM2", "ADM3", "ADMD")
    return place.kind == hint


def _typed_before(names: Sequence[Name], candidates: Sequence[tuple[Meaning, ...]]) -> dict[str, str]:
    """Folded bare name to the kind under which the report names it with its type.

    A discourse rule: after (or under a headline before) "the Kursk region", bare "Kursk" is the region,
    unless the report also speaks of the city of that name.
    """
    kinds: dict[str, set[str]] = {}
    for name, found in zip(names, candidates, strict=True):
        if name.kind_hint in ("admin", "admin2", "settlement") and any(
            _is_kind(m.place, name.kind_hint) for m in found
        ):
            kinds.setdefault(name.key.casefold(), set()).add(name.kind_hint)
    return {key: next(iter(hints)) for key, hints in kinds.items() if len(hints) == 1}


def _joint_scores(
    at: int, names: Sequence[Name], candidates: Sequence[tuple[Meaning, ...]], base: Sequence[list[float]],
    chosen: Sequence[Place | None], typed: dict[str, str], w: Weights,
) -> list[float]:  # fmt: skip
    name = names[at]
    own_key = name.key.casefold()
    others: dict[str, Place] = {}
    for j, place in enumerate(chosen):
        if place is not None and names[j].key.casefold() != own_key:
            others.setdefault(place.id, place)
    named_countries = {p.country for p in others.values() if p.kind == "country"}
    named_regions = {p.admin1 for p in others.values() if p.feature == "ADM1" and p.admin1}
    points = [p for p in others.values() if p.kind != "country" and p.feature != "CONT"]
    total = len(points) or 1
    found = []
    for meaning, score in zip(candidates[at], base[at], strict=True):
        place = meaning.place
        if place.kind != "country":
            if place.country in named_countries:
                score += w.country_named
            if place.admin1 in named_regions:
                score += w.country_named
            score += w.same_country * sum(p.country == place.country for p in points) / (total + 1)
            score += w.near * _nearness(place, points)
        for other in name.inside:
            wider = chosen[other]
            if wider is not None and wider.kind in ("country", "admin") and wider.id != place.id:
                score += w.inside if _lies_in(place, wider) else w.outside
        hint = typed.get(own_key)
        if hint is not None and name.kind_hint is None:
            score += w.kind if _is_kind(place, hint) else 0.0
        found.append(score)
    return found


def _nearness(place: Place, points: Sequence[Place]) -> float:
    """Up to 2: how many other names lie near, each by exp(-d / NEAR_M), with diminishing returns."""
    total = 0.0
    for other in points:
        if abs(other.lat - place.lat) < 5 and other.id != place.id:
            total += math.exp(-distance_m(place.lon, place.lat, other.lon, other.lat) / NEAR_M)
    return math.log1p(total)


def _lies_in(place: Place, wider: Place) -> bool:
    if wider.kind == "country":
        return place.country == wider.country
    if wider.feature == "ADM1":
        return place.admin1 == wider.admin1
    if wider.feature == "ADM2" and place.admin2:
        return place.admin2 == wider.admin2
    near = distance_m(place.lon, place.lat, wider.lon, wider.lat)
    return near <= wider.radius_m * 1.5


def _ranked(found: tuple[Meaning, ...], scores: list[float], w: Weights) -> tuple[tuple[Place, float], ...]:
    if not found:
        return ()
    top = max(scores)
    weights = [math.exp(s - top) for s in scores]
    rest = math.exp(min(0.0, w.none - top))
    total = sum(weights) + rest
    merged: dict[str, tuple[Place, float]] = {}
    for meaning, weight in zip(found, weights, strict=True):
        known = merged.get(meaning.place.id)
        p = weight / total + (known[1] if known else 0.0)
        merged[meaning.place.id] = (meaning.place, p)
    return tuple(sorted(merged.values(), key=lambda pair: -pair[1]))
