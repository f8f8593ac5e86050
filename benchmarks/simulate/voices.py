"""Sources with habits that are known: a war in, claims in the contract's form out.

A speaker's reliability is the share of its statements that are told from knowledge; the rest are made as they
would be made anyhow, of ground near the front, whatever the truth. A map shows a state for every place and
moves towards the truth with a lag, errs and mends at daily rates, and says its whole state again and again.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass, field, replace
from datetime import timedelta

import numpy as np
from benchmarks.simulate.world import BLUE, CONTESTED, PARTIES, RED, World, to_degrees
from numpy.typing import NDArray

from whoholds.model import Claim, ClaimPlace, Event, Interval, Polarity, Source, Span, Stance, content_id

__all__ = ["Cast", "Map", "Told", "Voice", "draw_cast", "find_changes", "speak", "usual_cast"]

NEAR_KM = 8.0
"""Ground of which anybody speaks at all: so near to the front."""


@dataclass(frozen=True, slots=True)
class Voice:
    """One who speaks in words.

    Attributes:
        name: Key of the source.
        side: Whom it speaks for; None for nobody.
        own: Share of its statements in its own side's interest that are told from knowledge.
        against: The same for statements against it.
        neutral: The same for statements that serve nobody (all those of a voice without a side).
        announces: Chance that it announces a change of hands that serves it (or any, without a side).
        admits: Chance that it announces one that hurts it.
        delay: Mean days until it does.
        chatter: Statements a day besides: held ground, strikes, fighting.
        silent_from: Share of the war after which it says no more.
    """

    name: str
    side: int | None
    own: float = 0.85
    against: float = 0.95
    neutral: float = 0.9
    announces: float = 0.66
    admits: float = 0.1
    delay: float = 1.0
    chatter: float = 0.6
    silent_from: float = 1.0


@dataclass(frozen=True, slots=True)
class Map:
    """One that draws its whole state.

    Attributes:
        name: Key of the source.
        prompt: Chance that it shows a change of hands on the very day.
        mends: Chance a day that a wrong view is put right.
        errs: Chance a day that a right view goes wrong, within `NEAR_KM` of the front.
        restates: Days after which it says the same again.
        copies: Name of a map from whose view it is redrawn in place of the truth.
        silent_from: Share of the war after which it says no more.
    """

    name: str
    prompt: float = 0.5
    mends: float = 0.15
    errs: float = 0.003
    restates: int = 30
    copies: str | None = None
    silent_from: float = 1.0


@dataclass(frozen=True, slots=True)
class Cast:
    """All who speak in one war.

    Attributes:
        voices: Those who speak in words.
        maps: Those who draw; a copy comes after its original.
        reprints: Mean number of outlets that print each statement again.
        marked: Share of the reprints that say whose words they are.
        reworded: Share of the others that use words of their own, so that nothing shows the copy.
    """

    voices: tuple[Voice, ...]
    maps: tuple[Map, ...] = ()
    reprints: float = 0.3
    marked: float = 0.5
    reworded: float = 0.0


@dataclass(slots=True)
class Told:
    """What was said, counted as only the one who drew it can.

    Attributes:
        informed: Statements told from knowledge, by source and interest (own, against, neutral).
        total: All statements, likewise.
        announced: Changes of hands (place, day) that somebody told of.
        changes: Changes of hands, as they were commonly known.
    """

    informed: dict[str, list[int]] = field(default_factory=dict)
    total: dict[str, list[int]] = field(default_factory=dict)
    announced: set[tuple[int, int]] = field(default_factory=set)
    changes: int = 0

    def count(self, name: str, interest: int, *, informed: bool) -> None:
        """Take one statement in."""
        self.informed.setdefault(name, [0, 0, 0])[interest] += informed
        self.total.setdefault(name, [0, 0, 0])[interest] += 1

    def share(self, name: str, interest: int) -> float | None:
        """Share told from knowledge, None without any."""
        n = self.total.get(name, [0, 0, 0])[interest]
        return self.informed[name][interest] / n if n else None


def usual_cast() -> Cast:
    """One of every kind: two official voices, two independent ones, a mapper, its copy, a machine."""
    return Cast(
        voices=(
            Voice("blue-staff", BLUE, own=0.85, against=0.98, chatter=0.8),
            Voice("red-ministry", RED, own=0.7, against=0.98, announces=0.8, admits=0.03, chatter=0.8),
            Voice("agency", None, neutral=0.95, announces=0.5, delay=2.0, chatter=0.5),
            Voice("blogger", None, neutral=0.75, announces=0.6, delay=0.5, chatter=0.8, silent_from=0.6),
        ),
        maps=(
            Map("mapper", prompt=0.3, mends=0.15, errs=0.002, restates=30),
            Map("copy-map", prompt=0.3, mends=0.4, errs=0.002, restates=14, copies="mapper"),
            Map("machine", prompt=0.5, mends=0.25, errs=0.02, restates=10),
        ),
    )


def draw_cast(seed: int) -> Cast:
    """A cast at random: any of the kinds may be missing, and habits differ from war to war."""
    rng = np.random.default_rng([seed, 2])

    def between(low: float, high: float) -> float:
        return float(rng.uniform(low, high))

    voices = [
        Voice(
            name,
            side,
            own=between(0.6, 0.95),
            against=between(0.9, 1.0),
            announces=between(0.2, 0.9),
            admits=between(0.0, 0.25),
            delay=between(0.3, 3),
            chatter=between(0.2, 1.0),
        )
        for name, side in (("blue-staff", BLUE), ("red-ministry", RED))
    ]
    voices += [
        Voice(
            f"observer-{i}",
            None,
            neutral=between(0.75, 0.98),
            announces=between(0.2, 0.7),
            delay=between(0.3, 4),
            chatter=between(0.2, 0.8),
            silent_from=float(rng.choice([1.0, between(0.3, 0.9)])),
        )
        for i in range(int(rng.integers(1, 4)))
    ]
    maps: list[Map] = []
    if rng.random() < 0.6:
        maps.append(Map("mapper", between(0.1, 0.6), between(0.06, 0.3), between(0.0005, 0.005), 30))
        if rng.random() < 0.5:
            maps.append(Map("copy-map", between(0.1, 0.6), between(0.2, 0.6), 0.001, 14, copies="mapper"))
    if rng.random() < 0.4:
        maps.append(Map("machine", between(0.2, 0.6), between(0.1, 0.4), between(0.005, 0.03), 10))
    return Cast(tuple(voices), tuple(maps), reprints=between(0, 1), marked=between(0.2, 0.8))


def speak(world: World, cast: Cast, seed: int) -> tuple[list[Claim], Told]:
    """All that the cast says of the war, in order of the sources, and how much of it was told from knowledge.

    Args:
        world: The truth.
        cast: Who speaks.
        seed: Of what they say.
    """
    scene = _Scene(world)
    told = Told()
    claims: list[Claim] = []
    for number, voice in enumerate(cast.voices):
        rng = np.random.default_rng([seed, 3, number])
        claims += _Speaker(scene, voice, rng, told).speak()
    rng = np.random.default_rng([seed, 4])
    claims += _reprint(claims, cast, rng)
    views: dict[str, NDArray[np.int8]] = {}
    for number, drawn in enumerate(cast.maps):
        rng = np.random.default_rng([seed, 5, number])
        views[drawn.name] = _draw_view(scene, drawn, views.get(drawn.copies or ""), rng)
        claims += _state_views(scene, drawn, views[drawn.name], rng)
    told.changes = len(scene.changes)
    return claims, told


@dataclass(frozen=True, slots=True)
class Change:
    """A place comes into a party's hands."""

    place: int
    day: int
    holder: int
    loser: int


class _Scene:
    """What sources look at: who holds what, what changed, what is near the front."""

    def __init__(self, world: World) -> None:
        self.world = world
        self.lon, self.lat = to_degrees(world.x, world.y)
        self.ids = world.ids
        self.near = np.stack(
            [np.abs(world.distance(world.x, world.y, d)[0]) < NEAR_KM for d in range(world.n_days)], axis=1
        )
        self.changes = list(find_changes(world.picture))
        self.places = [
            ClaimPlace(i, i.title(), lon=float(a), lat=float(b), radius_m=float(r))
            for i, a, b, r in zip(self.ids, self.lon, self.lat, world.radius_m, strict=True)
        ]


def find_changes(state: NDArray[np.int8]) -> list[Change]:
    """Days on which a place comes into another party's hands than held it last, contest between aside."""
    found = []
    for place, row in enumerate(state):
        holder = int(row[0])
        for day in np.flatnonzero(np.diff(row)) + 1:
            now = int(row[day])
            if now != CONTESTED and now != holder:
                if holder != CONTESTED:
                    found.append(Change(place, int(day), now, holder))
                holder = now
    return found


class _Speaker:
    """One voice through the whole war."""

    def __init__(self, scene: _Scene, voice: Voice, rng: np.random.Generator, told: Told) -> None:
        self.scene, self.voice, self.rng, self.told = scene, voice, rng, told
        self.last = int(scene.world.n_days * voice.silent_from)
        self.claims: list[Claim] = []

    def speak(self) -> list[Claim]:
        """All that it says."""
        for change in self.scene.changes:
            self._announce(change)
        self._chatter()
        return self.claims

    def _interest(self, favoured: int | None) -> int:
        if self.voice.side is None or favoured is None:
            return 2
        return 0 if favoured == self.voice.side else 1

    def _reliability(self, interest: int) -> float:
        return (self.voice.own, self.voice.against, self.voice.neutral)[interest]

    def _announce(self, change: Change) -> None:
        """Say that a place changed hands, and now and then that another did that did not."""
        interest = self._interest(change.holder)
        chance = self.voice.admits if interest == 1 else self.voice.announces
        day = change.day + int(self.rng.exponential(self.voice.delay) + 0.5)
        if self.rng.random() < chance and day < self.last:
            lost = interest == 1 or (self.voice.side is None and self.rng.random() < 0.2)
            # A voice of a side speaks of its own losses, not of the other's gains.
            event = Event.CONTROL_LOST if lost else Event.CONTROL_GAINED
            actor = change.loser if lost else change.holder
            self._say(change.place, day, event, actor, interest, informed=True)
            self.told.announced.add((change.place, change.day))
            r = self._reliability(interest)
            for _ in range(int(self.rng.poisson((1 - r) / r))):
                self._invent(event, interest, change.holder)

    def _invent(self, event: Event, interest: int, holder: int) -> None:
        """A change of hands told of some place near the front on some day, whatever the truth."""
        day = int(self.rng.integers(1, max(2, self.last)))
        places = np.flatnonzero(self.scene.near[:, day])
        if len(places):
            actor = 1 - holder if event is Event.CONTROL_LOST else holder
            self._say(int(self.rng.choice(places)), day, event, actor, interest, informed=False)

    def _chatter(self) -> None:
        """Statements without a change: ground held, fighting, strikes on the other's side."""
        state = self.scene.world.picture
        for day in range(1, self.last):
            near = np.flatnonzero(self.scene.near[:, day])
            for _ in range(int(self.rng.poisson(self.voice.chatter)) if len(near) else 0):
                kind = self.rng.choice(("held", "fight", "strike"), p=(0.4, 0.4, 0.2))
                side = self.voice.side if self.voice.side is not None else int(self.rng.integers(2))
                event = {"held": Event.CONTROL_HELD, "fight": Event.CONTESTED, "strike": Event.STRIKE}[kind]
                interest = 2 if kind == "fight" else self._interest(side if kind == "held" else 1 - side)
                informed = bool(self.rng.random() < self._reliability(interest))
                if informed:
                    wanted = {"held": side, "fight": CONTESTED, "strike": 1 - side}[kind]
                    near_day = near[state[near, day] == wanted]
                    if not len(near_day):
                        continue
                else:
                    near_day = near
                place = int(self.rng.choice(near_day))
                actor = None if kind == "fight" else side
                self._say(place, day, event, actor, interest, informed=informed)

    def _say(
        self, place: int, day: int, event: Event, actor: int | None, interest: int, *, informed: bool
    ) -> None:
        voice, on = self.voice, self.scene.world.day(day)
        self.told.count(voice.name, interest, informed=informed)
        side = "independent" if voice.side is None else PARTIES[voice.side]
        named = None if actor is None else PARTIES[actor]
        target = None if actor is None else PARTIES[1 - actor]
        number = len(self.claims)
        # The words matter to nobody but the search for copies.
        words = f"{voice.name} on {on} about {self.scene.ids[place]}: {named} {event.value}, number {number}"
        self.claims.append(
            Claim(
                id=content_id("simulated/1", voice.name, number, on.isoformat(), place, event.value),
                report_id=f"{voice.name}-{on}",
                quote=Span(0, len(words), words),
                attribution=(Source(voice.name, voice.name, "speaker", side),),
                stance=Stance.CLAIMED,
                polarity=Polarity.POSITIVE,
                event=event,
                actor=named,
                actor_id=named,
                target=target,
                target_id=target,
                places=(self.scene.places[place],),
                holds=Interval.of_day(on),
                reported_at=on,
            )
        )


def _reprint(claims: Sequence[Claim], cast: Cast, rng: np.random.Generator) -> list[Claim]:
    """Outlets print statements again: some say whose they are, some use the same words, some their own."""
    found = []
    for claim in claims:
        for number in range(int(rng.poisson(cast.reprints))):
            outlet = f"outlet-{int(rng.integers(12))}"
            assert claim.reported_at is not None
            assert claim.quote is not None
            is_marked = bool(rng.random() < cast.marked)
            quote = claim.quote
            if not is_marked and rng.random() < cast.reworded:
                words = f"{outlet} has it from {number} people whom it does not name: {claim.quote.exact}"
                quote = Span(0, len(words), words)
            later = claim.reported_at + timedelta(days=int(rng.integers(0, 3)))
            found.append(
                replace(
                    claim,
                    id=content_id("simulated-copy/1", claim.id, number),
                    report_id=f"{outlet}-{later}",
                    attribution=(Source(outlet, outlet, "publisher", "independent"),),
                    reported_at=later,
                    quote=quote,
                    echo_of=claim.id if is_marked else None,
                )
            )
    return found


def _draw_view(
    scene: _Scene, drawn: Map, original: NDArray[np.int8] | None, rng: np.random.Generator
) -> NDArray[np.int8]:
    """What a map shows of each place on each day, [n_places, n_days]."""
    truth = scene.world.picture if original is None else original
    view = np.empty_like(truth)
    view[:, 0] = truth[:, 0]
    for day in range(1, truth.shape[1]):
        now, last = truth[:, day], view[:, day - 1]
        changed = now != truth[:, day - 1]
        chance = np.where(changed, drawn.prompt, drawn.mends)
        mended = (last != now) & (rng.random(len(now)) < chance)
        erred = (last == now) & scene.near[:, day] & (rng.random(len(now)) < drawn.errs)
        other = (now + rng.integers(1, 3, len(now))) % 3
        view[:, day] = np.where(mended, now, np.where(erred, other, last))
    return view


def _state_views(scene: _Scene, drawn: Map, view: NDArray[np.int8], rng: np.random.Generator) -> list[Claim]:
    """The map's claims: at first, at every change, and again after `restates` days of the same."""
    found = []
    last = int(scene.world.n_days * drawn.silent_from)
    for place in range(len(view)):
        # Maps do not restate all places on one day.
        said = -int(rng.integers(0, drawn.restates))
        for day in range(last):
            state = int(view[place, day])
            if day and state == view[place, day - 1] and day - said < drawn.restates:
                continue
            said = day if day else said
            on = scene.world.day(day)
            actor = None if state == CONTESTED else PARTIES[state]
            event = Event.CONTESTED if state == CONTESTED else Event.CONTROL_HELD
            found.append(
                Claim(
                    id=content_id("simulated-map/1", drawn.name, place, day),
                    report_id=f"{drawn.name}-{on}",
                    quote=None,
                    attribution=(Source(drawn.name, drawn.name, "map", "independent"),),
                    stance=Stance.ASSERTED,
                    polarity=Polarity.POSITIVE,
                    event=event,
                    actor=actor,
                    actor_id=actor,
                    places=(scene.places[place],),
                    holds=Interval.from_days(on, None),
                    reported_at=on,
                )
            )
    return found
