"""Two sources held against each other on a day: where they put a place, or ground, in different hands.

A source is a speaker, a publisher in its own voice, or a maker of maps. Of each its latest word on a place
counts, as long as it is not too old; of a map the latest day's polygons.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import date, timedelta
from typing import Any

import numpy as np
import shapely
from numpy.typing import NDArray
from shapely.geometry import shape

from whoholds.check.propositions import Mood, party_of, propositions_of, said_on
from whoholds.errors import NotFoundError
from whoholds.model import CONTESTED, Claim, ClaimPlace, MapClass
from whoholds.theatre import Theatre, fold_name

__all__ = ["Comparison", "GroundDifference", "PlaceDifference", "Word", "compare_sources", "find_voice"]

EARTH_RADIUS_KM = 6371.0072
"""Radius of the sphere with the Earth's area (WGS84), so that areas agree with those of the cells."""


@dataclass(frozen=True, slots=True)
class Word:
    """What a source last said of a place.

    Attributes:
        claim: The claim.
        on: The day that it is about.
        holds: Party to whether it has the place; `contested` for fighting in it.
    """

    claim: Claim
    on: date
    party: str
    holds: bool


@dataclass(frozen=True, slots=True)
class PlaceDifference:
    """A place that two sources put in different hands."""

    place: ClaimPlace
    first: Word
    second: Word


@dataclass(frozen=True, slots=True)
class GroundDifference:
    """Ground that one map has in one hand and another in another; `-` where a map shows nothing."""

    first: str
    second: str
    km2: float


@dataclass(frozen=True, slots=True)
class Comparison:
    """Two sources on a day.

    Attributes:
        n_both: Places of which both said something.
        places: Where they differ, by name.
        ground: Ground that their maps differ on, the largest first; empty where one draws none.
        maps: Days of the two maps compared, or None.
    """

    n_both: int
    places: tuple[PlaceDifference, ...]
    ground: tuple[GroundDifference, ...]
    maps: tuple[date, date] | None


def find_voice(
    claims: Sequence[Claim], name: str, theatre: Theatre, publishers: Mapping[str, str | None]
) -> list[Claim]:
    """The claims of one source, by name or registry id.

    Raises:
        NotFoundError: Nobody of that name speaks here.
    """
    entry = next((s for s in theatre.sources if s.id == name), None) or theatre.find_source(name)
    wanted = fold_name(name)

    def is_its(claim: Claim) -> bool:
        speaker = claim.speaker
        if speaker is not None:
            if entry is not None and speaker.source_id is not None:
                return speaker.source_id == entry.id
            return fold_name(speaker.name) == wanted
        publisher = publishers.get(claim.report_id)
        if publisher is None:
            return False
        return fold_name(publisher) == wanted or (
            entry is not None and theatre.find_source(publisher) == entry
        )

    found = [c for c in claims if is_its(c)]
    if not found:
        heard = {c.speaker.name for c in claims if c.speaker} | {p for p in publishers.values() if p}
        names = [wanted, *(fold_name(n) for n in ((entry.name, *entry.names) if entry else ()))]
        close = sorted(n for n in heard if any(_alike(fold_name(n), name) for name in names))[:5]
        hint = f"; is it {', '.join(close)}?" if close else "; see whoholds sources"
        raise NotFoundError(f"no claim here is by {name!r}{hint}")
    return found


def _alike(a: str, b: str) -> bool:
    """Whether one name stands in the other, short ones aside."""
    return min(len(a), len(b)) >= 4 and (a in b or b in a)


def compare_sources(
    first: Sequence[Claim], second: Sequence[Claim], theatre: Theatre, on: date, *, within_days: int = 30
) -> Comparison:
    """Where two sources put a place, or ground, in different hands.

    Args:
        first: One source's claims.
        second: The other's.
        theatre: For parties and zone.
        on: The day; what is said of later days is left out.
        within_days: How old a word may be to count still.
    """
    oldest = on - timedelta(days=within_days)
    a, b = (_words(c, theatre, oldest, on) for c in (first, second))
    map_a, map_b = (_latest_map(c, theatre, oldest, on) for c in (first, second))
    places = {key: place for key, (place, _) in [*a.items(), *b.items()]}
    n_both, found = 0, []
    for key, place in places.items():
        x = a[key][1] if key in a else _drawn(map_a, place)
        y = b[key][1] if key in b else _drawn(map_b, place)
        if x is None or y is None:
            continue
        n_both += 1
        if _differ(x, y):
            found.append(PlaceDifference(place, x, y))
    ground = _compare_ground(map_a, map_b) if map_a and map_b else []
    return Comparison(
        n_both=n_both,
        places=tuple(sorted(found, key=lambda d: (d.place.name, d.place.place_id or ""))),
        ground=tuple(ground),
        maps=(map_a.on, map_b.on) if map_a and map_b else None,
    )


def _words(
    claims: Sequence[Claim], theatre: Theatre, oldest: date, on: date
) -> dict[str, tuple[ClaimPlace, Word]]:
    """A source's latest word on each place."""
    found: dict[str, tuple[ClaimPlace, Word]] = {}
    for claim in sorted(claims, key=lambda c: c.id):
        for item in propositions_of(claim, theatre, theatre.zone):
            if item.mood is not Mood.FACT or item.is_area or not oldest <= item.on <= on:
                continue
            word = Word(claim, item.on, item.party or CONTESTED, item.holds is not False)
            known = found.get(item.key)
            if known is None or known[1].on <= word.on:
                found[item.key] = (item.place, word)
    return found


def _differ(a: Word, b: Word) -> bool:
    """Whether both words cannot be so of one place on one day."""
    if a.holds and b.holds:
        return a.party != b.party
    # "It is not held by A" beside "B has it" is no difference; beside "A has it" it is.
    return a.party == b.party and a.holds != b.holds


# --- maps ------------------------------------------------------------------------------------------------


@dataclass(frozen=True, slots=True)
class _Map:
    """A source's latest map: what it shows, in the order of the claims."""

    on: date
    layers: tuple[tuple[str, Any, Claim], ...]

    def shown(self) -> dict[str, Any]:
        """State to all of its ground, contested taken out of what is held."""
        ground: dict[str, list[Any]] = {}
        for state, geometry, _ in self.layers:
            ground.setdefault(state, []).append(geometry)
        merged = {state: shapely.union_all(parts) for state, parts in ground.items()}
        fought = merged.get(CONTESTED)
        if fought is None:
            return merged
        return {s: g if s == CONTESTED else shapely.difference(g, fought) for s, g in merged.items()}


def _latest_map(claims: Sequence[Claim], theatre: Theatre, oldest: date, on: date) -> _Map | None:
    dated = [(said_on(c, theatre.zone), c) for c in claims if c.geometry is not None]
    days = [day for day, _ in dated if day is not None and oldest <= day <= on]
    if not days:
        return None
    last = max(days)
    layers = []
    for day, claim in sorted(dated, key=lambda d: d[1].id):
        party = party_of(claim.actor_id, claim.actor, theatre)
        state = CONTESTED if claim.map_class is MapClass.CONTESTED else party
        if day == last and state is not None and claim.map_class is not MapClass.UNKNOWN:
            layers.append((state, shapely.make_valid(shape(claim.geometry)), claim))
    return _Map(last, tuple(layers)) if layers else None


def _drawn(drawn: _Map | None, place: ClaimPlace) -> Word | None:
    """What a map shows at a place; None where it shows nothing there."""
    if drawn is None or place.lon is None or place.lat is None:
        return None
    point = shapely.Point(place.lon, place.lat)
    hits = [(state, claim) for state, ground, claim in drawn.layers if shapely.covers(ground, point)]
    if not hits:
        return None
    state, claim = next((h for h in hits if h[0] == CONTESTED), hits[0])
    return Word(claim, drawn.on, state, True)


def _compare_ground(a: _Map, b: _Map) -> list[GroundDifference]:
    first, second = a.shown(), b.shown()
    all_first = shapely.union_all(list(first.values()))
    all_second = shapely.union_all(list(second.values()))
    found = [
        GroundDifference(x, y, _km2(shapely.intersection(gx, gy)))
        for x, gx in first.items()
        for y, gy in second.items()
        if x != y
    ]
    found += [GroundDifference(x, "-", _km2(shapely.difference(g, all_second))) for x, g in first.items()]
    found += [GroundDifference("-", y, _km2(shapely.difference(g, all_first))) for y, g in second.items()]
    return sorted((d for d in found if d.km2 >= 0.05), key=lambda d: (-d.km2, d.first, d.second))


def _km2(geometry: Any) -> float:
    """Area on the sphere, by Lambert's cylindrical equal-area projection (1772)."""

    def project(points: NDArray[np.float64]) -> NDArray[np.float64]:
        return np.column_stack(
            [np.radians(points[:, 0]) * EARTH_RADIUS_KM, np.sin(np.radians(points[:, 1])) * EARTH_RADIUS_KM]
        )

    return float(shapely.area(shapely.transform(geometry, project)))
