"""What neighbours make of one another: pushes, silent places that go with them, and how many voices speak."""

from __future__ import annotations

from dataclasses import replace
from datetime import date, timedelta

import numpy as np
import pytest

from whoholds.fuse.control import fuse_evidence, key_index
from whoholds.fuse.evidence import gather_evidence
from whoholds.fuse.grid import LEAST_OWN, lay_out, measure_rhythm
from whoholds.fuse.sources import default_parameters
from whoholds.fuse.space import LONE_CHANGE, OTHER_SIDE, kin_weights, pushes
from whoholds.fuse.units import Units, units_of_points
from whoholds.fuse.voices import count_voices
from whoholds.model import Event

PARTIES = ("blue", "red")
FIRST, DAY, LAST = date(2024, 5, 1), date(2024, 6, 10), date(2024, 7, 29)


def towns(n: int = 9) -> Units:
    """Towns in a square of three by three, some four kilometres apart, held by blue."""
    ids = [f"p{i}" for i in range(n)]
    lon = np.array([30 + 0.06 * (i % 3) for i in range(n)])
    lat = np.array([50 + 0.04 * (i // 3) for i in range(n)])
    return units_of_points(ids, ids, lon, lat, np.zeros(n, dtype=np.int16), date(2024, 4, 30))


def fuse(claims, units: Units):
    evidence = gather_evidence(claims, PARTIES, key_index(units))
    return fuse_evidence(evidence, units, PARTIES, (FIRST, LAST), parameters=default_parameters(PARTIES))


def p_red(fusion, on: date, place: int) -> float:
    return float(fusion.slice_days(on, on)[0, 1, place])


def test_who_changes_with_the_neighbours_changes_easily_and_who_changes_alone_does_not() -> None:
    units = towns()
    state = np.zeros((60, 3, 9), dtype=np.float32)
    state[:, 0] = 1
    state[30:, 0, 1:], state[30:, 1, 1:] = 0, 1
    eased = pushes(units.neighbours, state)
    assert eased[30, 1, 0] == pytest.approx(1)
    assert eased[0, 1, 0] == pytest.approx(LONE_CHANGE, abs=0.01)
    assert eased[30, 0, 0] == pytest.approx(LONE_CHANGE), "none of them passed into blue's hands"
    assert (eased[:, 2] == 1).all(), "a fight can begin anywhere"


@pytest.mark.parametrize(
    ("own", "theirs", "counts"),
    [(0, 0, 1.0), (0, 1, OTHER_SIDE), (-1, 1, 1.0), (0, -1, 1.0), (2, 1, OTHER_SIDE)],
)
def test_who_was_on_the_other_side_at_the_start_counts_less(own: int, theirs: int, counts: float) -> None:
    units = towns(2)
    holders = np.array([own, theirs], dtype=np.int16)
    kin = kin_weights(units.neighbours, holders, holders)
    assert kin.toarray() == pytest.approx(units.neighbours.toarray() * counts)


def test_a_place_that_nobody_names_goes_with_those_around_it(make_claim) -> None:
    taken = [
        make_claim(f"p{i}", DAY, Event.CONTROL_GAINED, "red", speaker=who, side=side)
        for i in range(9)
        if i != 4
        for who, side in (("red army", "red"), ("blue army", "blue"))
    ]
    silent = fuse(taken, towns())
    assert p_red(silent, DAY + timedelta(14), 4) > 0.5 > p_red(silent, DAY - timedelta(14), 4)


def test_a_place_that_was_news_before_stays_where_it_was_left(make_claim) -> None:
    earlier = [
        make_claim("p4", FIRST + timedelta(5), Event.CONTROL_HELD, "blue", speaker=who, side=side)
        for who, side in (("red army", "red"), ("blue army", "blue"))
    ]
    around = [
        make_claim(f"p{i}", DAY, Event.CONTROL_GAINED, "red", speaker="red army", side="red")
        for i in range(9)
        if i != 4
    ]
    after = DAY + timedelta(3)
    named, unnamed = fuse([*earlier, *around], towns()), fuse(around, towns())
    assert p_red(named, after, 4) < 0.7 * p_red(unnamed, after, 4)


@pytest.mark.parametrize(
    ("said_by", "expected"),
    [
        ([], 0),
        ([("map", "independent", "red")], 1),
        ([("map", "independent", "red"), ("map", "independent", "red")], 1),
        ([("map", "independent", "red"), ("desk", None, "red")], 2),
        ([("red army", "red", "red")], 1),
        ([("red army", "red", "red"), ("red guard", "red", "red")], 1),
        ([("map", "independent", "red"), ("red army", "red", "red")], 1),
        ([("blue army", "blue", "red")], 3),
    ],
)
def test_voices_are_those_that_could_err_apart(make_claim, said_by, expected) -> None:
    units = towns()
    claims = [
        make_claim("p4", DAY, Event.CONTROL_HELD, actor, speaker=who, side=side, number=n)
        for n, (who, side, actor) in enumerate(said_by)
    ]
    evidence = gather_evidence(claims, PARTIES, key_index(units))
    grid = lay_out(evidence, FIRST.toordinal(), LAST.toordinal(), 9)
    voices = count_voices(grid, PARTIES)
    assert voices.shape == (grid.n_days, 9)
    assert voices[(DAY - FIRST).days, 4] == expected
    assert voices[0].sum() == 0
    assert not voices[:, 0].any()


def test_one_voice_at_the_front_is_doubted_more_than_two_that_agree(make_claim) -> None:
    units = towns()
    half = [make_claim(f"p{i}", DAY, Event.CONTROL_HELD, "red", speaker="map", role="map") for i in range(5)]
    again = [replace(c, id=c.id[:-1] + "x", attribution=(replace(c.speaker, name="list", source_id="list"),))
             for c in half]  # fmt: skip
    one, two = fuse(half, units), fuse([*half, *again], units)
    on = (DAY - FIRST).days + 1
    assert one.doubt[on, 4] > two.doubt[on, 4] > 0.02


def drawn(make_claim, name: str, changes: list[tuple[int, date, str]], number: int):
    """A map's statements: every town blue at first, then its changes."""
    first = [
        make_claim(f"p{i}", FIRST, Event.CONTROL_HELD, "blue", speaker=name, role="map", number=number)
        for i in range(9)
    ]
    later = [
        make_claim(f"p{i}", on, Event.CONTROL_HELD, who, speaker=name, role="map", number=number)
        for i, on, who in changes
    ]
    return first + later


def test_a_map_that_copies_another_counts_for_little(make_claim) -> None:
    days = [FIRST + timedelta(3 * n + 5) for n in range(18)]
    own = [(n % 9, on, "red" if n < 9 else "blue") for n, on in enumerate(days)]
    copied = [(i, on + timedelta(2), who) for i, on, who in own]
    other = [(8 - i, on + timedelta(1), who) for i, on, who in own]
    claims = [
        *drawn(make_claim, "mapper", own, 1),
        *drawn(make_claim, "copier", copied, 2),
        *drawn(make_claim, "surveyor", other, 3),
    ]
    units = towns()
    evidence = gather_evidence(claims, PARTIES, key_index(units))
    share = dict(zip(evidence.sources, measure_rhythm(evidence).originality, strict=True))
    assert share["mapper"] == share["surveyor"] == 1
    assert share["copier"] == pytest.approx(LEAST_OWN)
    grid = lay_out(evidence, FIRST.toordinal(), LAST.toordinal(), 9)
    assert count_voices(grid, PARTIES).max() == 2


def test_maps_that_say_little_are_taken_at_their_word(make_claim) -> None:
    few = [(0, DAY, "red"), (1, DAY, "red")]
    claims = [*drawn(make_claim, "mapper", few, 1), *drawn(make_claim, "copier", few, 2)]
    evidence = gather_evidence(claims, PARTIES, key_index(towns()))
    assert (measure_rhythm(evidence).originality == 1).all()
