"""Resolution: the names of one report in, one place each with a probability out, decided jointly.

Each name's candidates get a score from what is known of the place (inhabitants, kind), of the report
(countries named, other names near by, wider names in the text) and of the war (the theatre's area). Two
rounds: the second sees the first one's places. Scores become probabilities by a softmax whose weights and
temperature are set on synthetic contexts made from the gazetteer (`scripts/calibrate_places.py`).
"""

from __future__ import annotations

import math
from collections.abc import Sequence
from dataclasses import dataclass, fields
from operator import mul

from whoholds.model import Place
from whoholds.places.company import Company, holds, lies_in
from whoholds.places.gazetteer import Gazetteer
from whoholds.places.index import ENTRY_DEMONYM
from whoholds.places.layers import Meaning, distance_m, district_of
from whoholds.places.recognise import CANDIDATES, Name
from whoholds.places.usual import UsualArea
from whoholds.theatre import Theatre

__all__ = [
    "Resolution",
    "Weights",
    "holders_of",
    "joint_features",
    "own_features",
    "rank_candidates",
    "resolve_names",
]


@dataclass(frozen=True, slots=True)
class Weights:
    """What a candidate's score is made of: natural-log odds for one unit of each observation.

    Those of the first group were fitted to synthetic contexts (`scripts/calibrate_places.py`), those of the
    second, which such contexts do not have, were set by hand.

    Attributes:
        population: A power of ten of inhabitants (at 100 and above).
        country: It is a country.
        region: It is a first-level region.
        district: It is a lower region.
        feature: It is a water, a landform or another named area.
        primary: The name is its preferred one.
        capital: It is a national capital.
        country_named: Its country is named in the report.
        region_named: Its first-level region is named in the report.
        same_country: Share of the report's other places that lie in its country.
        same_region: Share of the report's other places that lie in its first-level region: a local paper's.
        near: `log1p` of the sum over other places of exp(-distance / `NEAR_M`).
        none: None of the candidates, as a score.
        inside: The text puts it in a wider place that it lies in.
        outside: The text puts it in a wider place that it does not lie in.
        kind: The words beside give its kind; minus that where they give another.
        typed: Elsewhere in the report the bare name stands with this kind.
        theatre: Its country is one of the theatre's; half of it again inside the theatre's box.
        own: The theatre's own gazetteer has it.
        continent: It is a continent.
        joined: Its preferred name is joined by hyphens and the words are not, or the other way about: "St.
            Louis" is not spelt as "Saint-Louis" is.
        placed: Elsewhere in the report the same name stands with the wider place that it lies in; minus that
            for a namesake: four in all, 55 to 1, about how often a name keeps its sense in a report.
        usual: Squared share of the publisher's earlier places that lie in its country, and that in its region
            (`UsualArea.nearness`). A country or a region that holds all of them is some ln 7.4 = 2 likelier
            than without: it then is where one place of seven or eight would lie by chance.
        abroad: No other place of the report lies in its country and none of its names is that country, by the
            share n / (n + 1) that n others are sure of where the report is. Most villages have no entry: a
            lone namesake abroad is seldom the one meant. Set with `far` on the project's own gold, where both
            take a third of the wrong places away and none of the right ones.
        far: `log1p` of the distance to the nearest other place / `NEAR_M`, by the same share.
    """

    population: float = 1.09
    country: float = 0.74
    region: float = -1.41
    district: float = -1.86
    feature: float = 2.24
    primary: float = 2.47
    capital: float = 1.23
    country_named: float = 0.37
    region_named: float = 0.44
    same_country: float = 0.66
    same_region: float = 1.92
    near: float = 1.13
    none: float = 1.85
    inside: float = 4.0
    outside: float = -3.0
    kind: float = 5.0
    typed: float = 5.0
    theatre: float = 2.0
    own: float = 2.0
    continent: float = 6.0
    joined: float = -1.0
    placed: float = 2.0
    usual: float = 2.0
    abroad: float = -2.0
    far: float = -0.7


_WEIGHTS = Weights()
N_FEATURES = 25
"""Fields of `Weights`."""
INSIDE, OUTSIDE, KIND, TYPED, THEATRE, OWN, CONTINENT, JOINED, PLACED, USUAL, ABROAD, FAR = range(
    13, N_FEATURES
)
"""Where the features of the second group stand."""
FITTED = 13
"""How many of `Weights`' fields come from the synthetic contexts."""


@dataclass(frozen=True, slots=True)
class Resolution:
    """A name's candidates with probabilities, best first; empty where the gazetteer has none."""

    name: Name
    ranked: tuple[tuple[Place, float], ...]


MIN_LIKENESS = 0.8
"""One letter in five may differ in a name that is looked up by likeness."""
_PACKAGED = ("geonames:", "geonames-code:", "feature:")
Features = list[float]


def resolve_names(
    names: Sequence[Name],
    gazetteer: Gazetteer,
    theatre: Theatre | None = None,
    weights: Weights | None = None,
    usual: UsualArea | None = None,
) -> list[Resolution]:
    """Decide all names of one report together.

    Args:
        names: In the order of the text, as `recognise_names` gives them.
        gazetteer: For misspelt names.
        theatre: Its area is likelier.
        weights: Others than the calibrated ones.
        usual: Where the publisher's places lay before.
    """
    w = weights or _WEIGHTS
    vector = [getattr(w, field.name) for field in fields(w)]
    candidates = [_candidates(name, gazetteer) for name in names]
    own = [
        [own_features(name, m, theatre, usual) for m in found]
        for name, found in zip(names, candidates, strict=True)
    ]
    base = [[_dot(vector, f) for f in rows] for rows in own]
    chosen = _choose(candidates, base)
    _choose_pairs(names, candidates, base, chosen, w)
    typed = _typed_before(names, candidates)
    scores = base
    holding = holders_of(names)
    for _ in range(2):
        scores = []
        company = Company(names, chosen)
        for i, found in enumerate(candidates):
            if not found:
                scores.append(base[i])
                continue
            extra = joint_features(i, names, found, chosen, typed, company, holding.get(i, ()))
            scores.append([b + _dot(vector, f) for b, f in zip(base[i], extra, strict=True)])
        before, chosen = chosen, _choose(candidates, scores)
        if chosen == before:
            # The same company again would say the same.
            break
    return [
        Resolution(name, rank_candidates(found, score, w.none))
        for name, found, score in zip(names, candidates, scores, strict=True)
    ]


def _dot(weights: Sequence[float], features: Features) -> float:
    total: float = sum(map(mul, weights, features))
    return total


def _choose(candidates: Sequence[tuple[Meaning, ...]], scores: Sequence[list[float]]) -> list[Place | None]:
    return [
        found[max(range(len(found)), key=score.__getitem__)].place if found else None
        for found, score in zip(candidates, scores, strict=True)
    ]


def _choose_pairs(
    names: Sequence[Name],
    candidates: Sequence[tuple[Meaning, ...]],
    base: Sequence[list[float]],
    chosen: list[Place | None],
    w: Weights,
) -> None:
    """Decide a name and the wider one that the text puts it in together.

    One after the other they can settle on two wrong ones that fit neither each other nor the text
    ("Johnson County, Kansas": the larger county, and a town called Kansas).
    """
    for i, name in enumerate(names):
        for j in name.inside:
            if len(candidates[i]) * len(candidates[j]) < 2:
                continue
            best = max(
                (
                    base[i][a] + base[j][b] + (w.inside if holds(n.place, m.place) else w.outside),
                    -a,
                    -b,
                )
                for a, m in enumerate(candidates[i])
                for b, n in enumerate(candidates[j])
            )
            chosen[i] = candidates[i][-best[1]].place
            chosen[j] = candidates[j][-best[2]].place


def holders_of(names: Sequence[Name]) -> dict[int, list[int]]:
    """By name, the names that the text puts inside it ("Tacoma, Washington": Washington holds Tacoma)."""
    found: dict[int, list[int]] = {}
    for j, other in enumerate(names):
        for wider in other.inside:
            found.setdefault(wider, []).append(j)
    return found


def _candidates(name: Name, gazetteer: Gazetteer) -> tuple[Meaning, ...]:
    found = name.meanings
    if name.role == "demonym":
        return tuple(m for m in found if m.role == ENTRY_DEMONYM)
    found = tuple(m for m in found if m.role != ENTRY_DEMONYM) or found
    if name.kind_hint == "admin2" and not any(_is_kind(m.place, "admin2") for m in found):
        # "Clayton and Richmond counties": the gazetteer has them with their type.
        found += tuple(
            m
            for word in ("County", "District", "Parish")
            for m in gazetteer.meanings(f"{name.key} {word}", limit=CANDIDATES)
            if _is_kind(m.place, "admin2")
        )
    if name.kind_hint == "admin2" and not any(_is_kind(m.place, "admin2") for m in found):
        # "Sudzha district" where the gazetteer has only the town.
        found += tuple(Meaning(district_of(m.place)) for m in found if m.place.kind == "settlement")
    if not found and name.vouched and len(name.key) > 4:
        found = tuple(Meaning(p) for p in gazetteer.find_fuzzy(name.key, limit=5, likeness=MIN_LIKENESS))
    return found


_LOWER = frozenset({"ADM2", "ADM3", "ADM4", "ADM5", "ADMD"})


def own_features(
    name: Name, meaning: Meaning, theatre: Theatre | None, usual: UsualArea | None = None
) -> Features:
    """What speaks for a candidate without the other names, in the order of `Weights`' fields."""
    place = meaning.place
    kind, feature = place.kind, place.feature
    found = [0.0] * N_FEATURES
    found[0] = math.log10(place.population + 100) - 2.0
    if kind == "country":
        found[1] = 1.0
    elif feature in _LOWER:
        found[3] = 1.0
    elif kind == "admin":
        found[2] = 1.0
    elif feature == "CONT":
        found[CONTINENT] = 1.0
    elif kind != "settlement":
        found[4] = 1.0
    found[5] = 1.0 if meaning.is_primary or meaning.role else 0.0
    found[6] = 1.0 if feature == "PPLC" else 0.0
    if meaning.is_primary and ("-" in place.name) != ("-" in name.key):
        found[JOINED] = 1.0
    if name.kind_hint is not None:
        found[KIND] = 1.0 if _is_kind(place, name.kind_hint) else -1.0
    if theatre is not None:
        west, south, east, north = theatre.area.bbox
        found[THEATRE] = 1.0 if place.country in theatre.area.countries else 0.0
        found[THEATRE] += 0.5 if west <= place.lon <= east and south <= place.lat <= north else 0.0
    if not place.id.startswith(_PACKAGED):
        found[OWN] = 1.0
    if usual is not None:
        found[USUAL] = usual.nearness(place)
    return found


def _is_kind(place: Place, hint: str) -> bool:
    if hint == "admin2":
        return place.feature in ("ADM2", "ADM3")
    if hint == "admin":
        return place.kind in ("admin", "other", "country") and place.feature not in _LOWER
    return place.kind == hint


def _typed_before(names: Sequence[Name], candidates: Sequence[tuple[Meaning, ...]]) -> dict[str, str]:
    """Folded bare name to the kind under which the report names it with its type.

    A discourse rule: where a report speaks of "the Kursk region", its bare "Kursk" is the region too,
    unless it also speaks of the city of that name.
    """
    kinds: dict[str, set[str]] = {}
    for name, found in zip(names, candidates, strict=True):
        hint = name.kind_hint
        if hint in ("admin", "admin2", "settlement") and any(_is_kind(m.place, hint) for m in found):
            kinds.setdefault(name.key.casefold(), set()).add(hint)
    return {key: next(iter(hints)) for key, hints in kinds.items() if len(hints) == 1}


def joint_features(
    at: int,
    names: Sequence[Name],
    found: Sequence[Meaning],
    chosen: Sequence[Place | None],
    typed: dict[str, str],
    company: Company,
    holding: Sequence[int] = (),
) -> list[Features]:
    """What the other names' places say of each candidate of name `at`, in the order of `Weights`' fields."""
    name = names[at]
    own_key = name.key.casefold()
    # "New York, New York": the wider name is not the town that was placed in it.
    placed = () if holding else company.placed(name)
    hint = typed.get(own_key) if name.kind_hint is None else None
    rows = []
    for meaning in found:
        place = meaning.place
        row = [0.0] * N_FEATURES
        if place.kind != "country":
            *row[7:12], row[ABROAD], row[FAR] = company.of(own_key, place)
        for other in name.inside:
            wider = chosen[other]
            if wider is not None and wider.kind in ("country", "admin") and wider.id != place.id:
                row[INSIDE if lies_in(place, wider) else OUTSIDE] = 1.0
        # "Tacoma, Washington": the inner name tells which Washington, as the outer one which Tacoma.
        for j in holding:
            inner = chosen[j]
            if inner is not None and place.kind in ("country", "admin") and inner.id != place.id:
                row[INSIDE if lies_in(inner, place) else OUTSIDE] = 1.0
        if placed:
            row[PLACED] = 1.0 if place.id in placed else -1.0
        if hint is not None and _is_kind(place, hint):
            row[TYPED] = 1.0
        rows.append(row)
    return rows


def rank_candidates(
    found: Sequence[Meaning], scores: Sequence[float], none: float
) -> tuple[tuple[Place, float], ...]:
    """Softmax over the candidates and "none of these"; meanings of one place are added up."""
    if not found:
        return ()
    top = max(*scores, none) if scores else none
    weights = [math.exp(s - top) for s in scores]
    total = sum(weights) + math.exp(none - top)
    merged: dict[str, tuple[Place, float]] = {}
    for meaning, weight in zip(found, weights, strict=True):
        known = merged.get(meaning.place.id)
        merged[meaning.place.id] = (meaning.place, weight / total + (known[1] if known else 0.0))
    ranked = sorted(merged.values(), key=lambda pair: -pair[1])
    # A city and the district or city region around it are one answer: the likelier of them stands for both.
    answers: list[tuple[Place, float]] = []
    for place, p in ranked:
        for i, (other, p_other) in enumerate(answers):
            if _is_one_town(place, other):
                answers[i] = (other, p_other + p)
                break
        else:
            answers.append((place, p))
    return tuple(sorted(answers, key=lambda pair: -pair[1]))


TOWN_M = 20_000.0
"""How far apart the points of a city and of the region of the same name around it may lie."""


def _is_one_town(a: Place, b: Place) -> bool:
    if abs(a.lat - b.lat) > 0.3 or {a.kind, b.kind} not in ({"settlement", "admin"}, {"admin"}):
        return False
    area = max(a, b, key=lambda p: p.radius_m)
    return area.radius_m <= 2.5 * TOWN_M and distance_m(a.lon, a.lat, b.lon, b.lat) <= TOWN_M
