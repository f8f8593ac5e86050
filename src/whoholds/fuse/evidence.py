"""Claims to columns: who says what of which unit, when, and how much of it is new.

Claims in, in any order; arrays out, in the order of the claims' ids, with a `Rejection` for every claim
that cannot be used. One pass over the claims builds the columns; all that follows is array work.
"""

from __future__ import annotations

import itertools
from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass, replace
from datetime import UTC, date, tzinfo
from typing import Any

import numpy as np
from numpy.typing import NDArray

from whoholds.errors import InputError
from whoholds.fuse.echoes import group_echoes
from whoholds.fuse.intake import day_of, drop_duplicates, drop_misdated
from whoholds.fuse.speech import message_of
from whoholds.fuse.units import cover_points
from whoholds.model import ALWAYS, Claim, ClaimPlace, Event, MapClass, Polarity, Rejection, Stance

__all__ = [
    "Evidence",
    "Interest",
    "bearing_of",
    "find_parties",
    "gather_evidence",
    "is_area",
    "place_key",
    "splice_rows",
]

Ints = NDArray[np.int64]
Floats = NDArray[np.float64]

VAGUE_DAYS = 3
"""A change told as of a day has happened in the days before: what was so earlier is told of this many days
before."""
_AREA_RADIUS_M = 15_000.0
"""Words about a place wider than this (a district, a region) do not say who holds any one part of it."""
_AREA_KINDS = frozenset({"admin", "country", "water", "landform"})
_HOLDING = {Event.CONTROL_HELD, Event.CONTROL_GAINED}
_FIGHTING = {Event.CONTESTED, Event.ENTERED}


@dataclass(frozen=True, slots=True)
class _Problem:
    code: str
    message: str


class Interest:
    """Whether words serve their speaker's side: indices of the groups that reliability is pooled over."""

    OWN, AGAINST, NEUTRAL = 0, 1, 2
    NAMES = ("own", "against", "neutral")


_OPPOSITE = {
    Interest.OWN: Interest.AGAINST,
    Interest.AGAINST: Interest.OWN,
    Interest.NEUTRAL: Interest.NEUTRAL,
}


@dataclass(frozen=True, slots=True)
class Evidence:
    """What claims say, as columns. Days are proleptic ordinals (`date.toordinal`).

    Attributes:
        claim_ids: Ids of the claims that stand, sorted; those that came by an update after these.
        sources: Keys of the speakers, sorted; those that came by an update after these.
        source_sides: The side of each source, None where unknown.
        shapes: Fit of each state for each distinct wording, best 1, [n_shapes, n_states].
        claim: Index into `claim_ids` of each point, [n_points].
        key: Index of the place key, [n_points].
        day: Day that the point is about, [n_points].
        source: Index into `sources`, [n_points].
        interest: `Interest`, [n_points].
        shape: Index into `shapes`, [n_points].
        is_before: Whether the point is about the day before a change, [n_points].
        becomes: State that the claim's words fit best on its own day, [n_points].
        weight: Exponent on the likelihood, resolution and hedging taken in, repeats not yet, [n_points].
        view_claim: Index into `claim_ids` of each statement of a map, [n_views].
        view_key: Place key, [n_views].
        view_day: Day that the map shows, [n_views].
        view_source: Index into `sources`, [n_views].
        view_state: State that the map shows, -1 where it stopped showing one, [n_views].
        bears_claim: Claim of each pair of a claim that counts and a key that it bears on, [n_bears].
        bears_key: Key of each pair, [n_bears].
        bears_day: Day of each pair, [n_bears].
        rejections: What could not be used, in the order of the claims' ids.
    """

    claim_ids: tuple[str, ...]
    sources: tuple[str, ...]
    source_sides: tuple[str | None, ...]
    shapes: Floats
    claim: Ints
    key: Ints
    day: Ints
    source: Ints
    interest: Ints
    shape: Ints
    is_before: NDArray[np.bool_]
    becomes: Ints
    weight: Floats
    view_claim: Ints
    view_key: Ints
    view_day: Ints
    view_source: Ints
    view_state: Ints
    bears_claim: Ints
    bears_key: Ints
    bears_day: Ints
    rejections: tuple[Rejection, ...]

    def select(self, points: Ints, views: Ints, bears: Ints) -> Evidence:
        """Some of the rows, by their numbers; claims, sources and shapes stay as they are."""
        kept: dict[str, Any] = {
            name: getattr(self, name).take(rows)
            for names, rows in zip(_COLUMNS, (points, views, bears), strict=True)
            for name in names
        }
        return replace(self, **kept)

    def splice(self, gone: tuple[Ints, Ints, Ints], more: Evidence) -> Evidence:
        """The rows of this without some, then those of more evidence with the same keys.

        Args:
            gone: Numbers of the points, views and bearings that go, each sorted.
            more: The other rows, with a longer table of sources. Claims that both have must be among `gone`.
        """
        went = [getattr(self, names[0])[rows] for names, rows in zip(_COLUMNS, gone, strict=True)]
        known = {self.claim_ids[i]: i for i in np.unique(np.concatenate(went)).tolist()}
        new: list[str] = []
        number: list[int] = []
        for claim_id in more.claim_ids:
            number.append(known.get(claim_id, len(self.claim_ids) + len(new)))
            if claim_id not in known:
                new.append(claim_id)
        shapes = [tuple(row) for row in self.shapes.tolist()]
        of_shape = []
        for row in map(tuple, more.shapes.tolist()):
            of_shape.append(shapes.index(row) if row in shapes else len(shapes))
            if of_shape[-1] == len(shapes):
                shapes.append(row)
        claims = np.array([*number, 0], dtype=np.int64)
        renumbered = {
            "claim": claims[more.claim],
            "view_claim": claims[more.view_claim],
            "bears_claim": claims[more.bears_claim],
            "shape": np.array([*of_shape, 0], dtype=np.int64)[more.shape],
        }
        joined: dict[str, Any] = {
            name: splice_rows(getattr(self, name), rows, renumbered.get(name, getattr(more, name)))
            for names, rows in zip(_COLUMNS, gone, strict=True)
            for name in names
        }
        rejections = self.rejections
        if more.rejections:
            rejections = tuple(sorted({*rejections, *more.rejections}, key=lambda r: (r.item, r.code)))
        return replace(
            self,
            claim_ids=(*self.claim_ids, *new),
            sources=more.sources,
            source_sides=more.source_sides,
            shapes=np.array(shapes, dtype=np.float64).reshape(-1, more.shapes.shape[1]),
            rejections=rejections,
            **joined,
        )

    @property
    def first_day(self) -> int | None:
        """The first day that any claim is about."""
        days = np.concatenate([self.day + self.is_before, self.view_day])
        return int(days.min()) if len(days) else None

    @property
    def last_day(self) -> int | None:
        """The last day that any claim is about."""
        days = np.concatenate([self.day, self.view_day])
        return int(days.max()) if len(days) else None


_COLUMNS = (
    ("claim", "key", "day", "source", "interest", "shape", "is_before", "becomes", "weight"),
    ("view_claim", "view_key", "view_day", "view_source", "view_state"),
    ("bears_claim", "bears_key", "bears_day"),
)
"""Names of the columns of points, of views, and of what claims bear on; that of the claims is first."""


def splice_rows(column: NDArray[Any], gone: Ints, more: NDArray[Any]) -> NDArray[Any]:
    """A column without some rows (sorted numbers), then others: stretches are copied whole."""
    edges = [-1, *gone.tolist(), len(column)]
    kept = [column[i + 1 : j] for i, j in itertools.pairwise(edges) if j > i + 1]
    return np.concatenate([*kept, more])


def place_key(place: ClaimPlace) -> str | None:
    """The key by which a claim's place is found among units: its id, else its name, else nothing."""
    return place.place_id or place.name or None


def gather_evidence(
    claims: Sequence[Claim],
    parties: Sequence[str],
    key_index: Mapping[str, int],
    *,
    zone: tzinfo = UTC,
    key_of: Callable[[ClaimPlace], str | None] = place_key,
    area_radius_m: float = _AREA_RADIUS_M,
    earliest_on: date | None = None,
    party_of: Callable[[str], str | None] | None = None,
    points: tuple[Floats, Floats] | None = None,
    middle: int | None = None,
) -> Evidence:
    """The columns of all claims that say something of control.

    Args:
        claims: Claims in any order; repeated ids count once.
        parties: Party ids; names of actors are compared without regard to case.
        key_index: Place key to its index.
        zone: Time zone of the days.
        key_of: Place of a claim to its key.
        area_radius_m: Places wider than this are areas, and say nothing of any one unit.
        earliest_on: Claims about days before this are refused, where given.
        party_of: A theatre's reading of a party's names, where there is a theatre.
        points: Longitudes and latitudes of the keys, for maps' polygons; without, those say nothing.
        middle: Day about which all claims were said, where these are only some of them.
    """
    rejections: list[Rejection] = []
    standing = drop_duplicates(claims, rejections)
    standing = drop_misdated(standing, zone, earliest_on, rejections, middle)
    copies = group_echoes(standing)
    find = _PartyFinder({p.casefold(): i for i, p in enumerate(parties)}, party_of)
    builder = _Builder(len(parties), key_index)
    builder.points_at = points
    for claim in standing:
        problem = builder.add(claim, find, zone, key_of, area_radius_m, is_copy=claim.id in copies)
        if problem is not None:
            rejections.append(Rejection(claim.id, "fuse", problem.code, problem.message))
    return builder.finish(tuple(sorted(rejections, key=lambda r: (r.item, r.code))))


# --- the columns -----------------------------------------------------------------------------------------


class _Builder:
    """Grows the columns of one run."""

    def __init__(self, n_parties: int, key_index: Mapping[str, int]) -> None:
        self.n_parties = n_parties
        self.key_index = key_index
        self.claim_ids: list[str] = []
        self.sources: dict[str, str | None] = {}
        self.shapes: dict[tuple[float, ...], int] = {}
        self.points: list[tuple[int, int, int, str, int, int, bool, float, int]] = []
        self.views: list[tuple[int, int, int, str, int, str]] = []
        self.bears: list[tuple[int, int, int]] = []
        self.points_at: tuple[Floats, Floats] | None = None

    def add(
        self,
        claim: Claim,
        find: _PartyFinder,
        zone: tzinfo,
        key_of: Callable[[ClaimPlace], str | None],
        area_radius_m: float,
        *,
        is_copy: bool,
    ) -> _Problem | None:
        """Take one claim in; the problem, if it names what is not here."""
        if claim.geometry is not None:
            return None if is_copy or self.points_at is None else self._add_map(claim, find, zone)
        row = _match_parties(claim, find, self.n_parties)
        if isinstance(row, _Problem):
            return row
        if row is None or not claim.places or is_copy:
            # Says nothing of control, or of no place, or repeats another: no fault, and no evidence.
            return None
        actor, target = row
        settled = [p for p in claim.places if not is_area(p, area_radius_m)]
        if not settled:
            return None
        keys = []
        for place in settled:
            key = key_of(place)
            index = self.key_index.get(key) if key is not None else None
            if index is not None:
                keys.append((index, place))
        if not keys:
            name = settled[0].place_id or settled[0].name
            return _Problem("place_not_here", f"{name!r} is none of the places asked for")
        source = claim.speaker
        name = source_key(claim)
        side = source.side if source is not None else None
        self.sources[name] = self.sources.get(name) or side
        number = len(self.claim_ids)
        self.claim_ids.append(claim.id)
        said = day_of(claim.reported_at, zone)
        first, last = claim.holds.to_days(zone) if claim.holds != ALWAYS else (None, None)
        start = first.toordinal() if first is not None else None
        end = last.toordinal() if last is not None else None
        is_map = source is not None and source.role == "map" and claim.event in _HOLDING | _FIGHTING
        for index, place in keys:
            day = 0
            if is_map and claim.polarity is Polarity.POSITIVE and claim.stance is not Stance.DENIED:
                state = self.n_parties if claim.event in _FIGHTING or actor is None else actor
                day = said if said is not None else (start if start is not None else end) or 0
                self.views.append((number, index, day, name, state, str(claim.reported_at)))
            else:
                message = message_of(
                    claim.event, claim.stance, claim.polarity, place.relation, actor, target, self.n_parties
                )
                if message is None:
                    continue
                interest = Interest.NEUTRAL
                favoured = None if message.favours is None else message.favours
                speaker_party = find(side)
                if favoured is not None and speaker_party is not None:
                    interest = Interest.OWN if speaker_party == favoured else Interest.AGAINST
                weight = message.weight * bearing_of(claim.p) * min(1.0, max(0.0, place.p))
                day = _day_after(claim.event, start, end, said)
                shape = self.shapes.setdefault(message.after, len(self.shapes))
                told = message.speaks_for
                self.points.append((number, index, day, name, interest, shape, False, weight, told))
                if message.before is not None:
                    # Whoever claims to have taken a place grants that it was not its own before, and the
                    # other way round: the day before is told against the interest that the day serves.
                    granted = _OPPOSITE[interest]
                    eve = (start if start is not None else day) - VAGUE_DAYS
                    shape = self.shapes.setdefault(message.before, len(self.shapes))
                    self.points.append((number, index, eve, name, granted, shape, True, weight, told))
            self.bears.append((number, index, day))
        return None

    def _add_map(self, claim: Claim, find: _PartyFinder, zone: tzinfo) -> _Problem | None:
        """Take a map's polygon in: its source's view of every key that it covers."""
        assert self.points_at is not None
        if claim.map_class not in (MapClass.HELD, MapClass.CONTESTED):
            return None
        holder = find(claim.actor_id, claim.actor)
        if claim.map_class is MapClass.HELD and holder is None:
            return _Problem("unknown_party", f"{claim.actor_id or claim.actor!r} is no party of this record")
        state = self.n_parties if claim.map_class is MapClass.CONTESTED or holder is None else holder
        try:
            covered = cover_points(claim.geometry or {}, *self.points_at)
        except InputError as error:
            return _Problem(error.code, str(error))
        first, last = claim.holds.to_days(zone) if claim.holds != ALWAYS else (None, None)
        shown = first or last
        day = shown.toordinal() if shown is not None else day_of(claim.reported_at, zone)
        if day is None or not len(covered):
            return None
        name = source_key(claim)
        source = claim.speaker
        self.sources[name] = self.sources.get(name) or (source.side if source is not None else None)
        number = len(self.claim_ids)
        self.claim_ids.append(claim.id)
        self.views.extend((number, key, day, name, state, str(claim.reported_at)) for key in covered)
        self.bears.extend((number, key, day) for key in covered)
        return None

    def finish(self, rejections: tuple[Rejection, ...]) -> Evidence:
        """The columns."""
        names = tuple(sorted(self.sources))
        at = {name: i for i, name in enumerate(names)}
        views = sorted(self.views, key=lambda v: (v[3], v[1], v[2], v[5], v[0]))
        # A map's last word of a day is its word of that day.
        last = {(v[3], v[1], v[2]): v for v in views}
        views = list(last.values())
        shapes = sorted(self.shapes)
        rank = {self.shapes[s]: i for i, s in enumerate(shapes)}

        def column(values: list[int]) -> Ints:
            return np.array(values, dtype=np.int64)

        return Evidence(
            claim_ids=tuple(self.claim_ids),
            sources=names,
            source_sides=tuple(self.sources[n] for n in names),
            shapes=np.array(shapes, dtype=np.float64).reshape(-1, self.n_parties + 1),
            claim=column([p[0] for p in self.points]),
            key=column([p[1] for p in self.points]),
            day=column([p[2] for p in self.points]),
            source=column([at[p[3]] for p in self.points]),
            interest=column([p[4] for p in self.points]),
            shape=column([rank[p[5]] for p in self.points]),
            is_before=np.array([p[6] for p in self.points], dtype=bool),
            becomes=column([p[8] for p in self.points]),
            weight=np.array([p[7] for p in self.points], dtype=np.float64),
            view_claim=column([v[0] for v in views]),
            view_key=column([v[1] for v in views]),
            view_day=column([v[2] for v in views]),
            view_source=column([at[v[3]] for v in views]),
            view_state=column([v[4] for v in views]),
            bears_claim=column([b[0] for b in self.bears]),
            bears_key=column([b[1] for b in self.bears]),
            bears_day=column([b[2] for b in self.bears]),
            rejections=rejections,
        )


def source_key(claim: Claim) -> str:
    """Who speaks: the innermost source's id or name; without one, the report itself."""
    source = claim.speaker
    if source is None:
        return f"report:{claim.report_id}"
    return source.source_id or source.name.casefold()


def bearing_of(p: float) -> float:
    """The chance that a claim points the way in which it was meant, from the chance that it was read right.

    Of claims that are wrong in who says it, how, or in what event, one in three still names the side that
    has the place (0.34 of 158 such claims of sixteen wars that the reader was not made on).
    """
    p = min(1.0, max(0.0, p))
    return p + (1.0 - p) / 3.0


def is_area(place: ClaimPlace, area_radius_m: float = _AREA_RADIUS_M) -> bool:
    """Whether a place is too wide for words about it to say who holds any one part of it."""
    return place.kind in _AREA_KINDS or (place.radius_m is not None and place.radius_m > area_radius_m)


class _PartyFinder:
    """Names of parties to their index, by id without regard to case, else by the theatre's names."""

    def __init__(self, index: Mapping[str, int], party_of: Callable[[str], str | None] | None) -> None:
        self.index = index
        self.party_of = party_of
        self.known: dict[str, int | None] = {}

    def __call__(self, *names: str | None) -> int | None:
        for name in names:
            if name is None:
                continue
            if name not in self.known:
                found = self.index.get(name.casefold())
                if found is None and self.party_of is not None:
                    found = self.index.get((self.party_of(name) or "").casefold())
                self.known[name] = found
            if self.known[name] is not None:
                return self.known[name]
        return None


def _match_parties(
    claim: Claim, find: _PartyFinder, n_parties: int
) -> tuple[int | None, int | None] | _Problem | None:
    """Indices of actor and target of a claim that says something of control; None where it says nothing."""
    if not claim.places:
        return None
    relation = claim.places[0].relation
    if message_of(claim.event, claim.stance, claim.polarity, relation, 0, None, n_parties) is None:
        return None
    actor = find(claim.actor_id, claim.actor)
    target = find(claim.target_id, claim.target)
    if message_of(claim.event, claim.stance, claim.polarity, relation, actor, target, n_parties) is not None:
        return (actor, target)
    if claim.actor or claim.actor_id:
        return _Problem(
            "unknown_party",
            f"{claim.actor_id or claim.actor!r} is no party of this record; add it to the theatre",
        )
    return None


def find_parties(claim: Claim) -> tuple[str, ...]:
    """What a claim about control calls the parties that act in it, ids before names."""
    if (
        not claim.places
        or message_of(claim.event, claim.stance, claim.polarity, claim.places[0].relation, 0, None, 2) is None
    ):
        return ()
    named = (claim.actor_id or claim.actor, claim.target_id or claim.target)
    return tuple(name for name in named if name)


def _day_after(event: Event, start: int | None, end: int | None, said: int | None) -> int:
    """The day on which the claim's content is so by its own words.

    For a state, the day it is said to be so. For a happening, the end of its window: the latest of the
    days on which it may have happened; where the end is open, the day it was said.
    """
    if event in (Event.CONTROL_HELD, Event.CONTESTED, Event.CLASH, Event.STRIKE, Event.SHELLING):
        day = start if start is not None else end if end is not None else said
    else:
        day = end if end is not None else said if said is not None else start
        if start is not None and day is not None:
            day = max(day, start)
    assert day is not None
    return day
