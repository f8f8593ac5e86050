"""Scores, baselines, gains and the diagram, on truths small enough to reckon by hand."""

from __future__ import annotations

import json
from collections.abc import Sequence
from datetime import date, timedelta
from pathlib import Path
from xml.etree import ElementTree

import numpy as np
import pytest
from evals.control.__main__ import main
from evals.control.baselines import count_majority, follow_each, take_last_claim, votes_of
from evals.control.diagram import Panel, draw_reliability
from evals.control.grids import MISSING, SILENT, Prediction, Truth, read_prediction, read_squares, read_truth
from evals.control.scores import find_flips, measure_gains, score

from whoholds.errors import FormatError
from whoholds.model import Claim, ClaimPlace, Event, Polarity, Source, Stance, content_id
from whoholds.model.contract import claim_to_json

FIRST = date(2031, 1, 1)


def day(n: int) -> date:
    return FIRST + timedelta(days=n)


def truth_of(rows: Sequence[Sequence[int]], states: tuple[str, ...] = ("blue", "red", "contested")) -> Truth:
    places = tuple(f"p{i}" for i in range(len(rows)))
    return Truth(places, FIRST, states, np.array(rows, dtype=np.int8))


def sure(rows: Sequence[Sequence[int]], p: float = 0.9, k: int = 3) -> Prediction:
    status = np.array(rows, dtype=np.int8)
    shares = np.full((*status.shape, k), (1 - p) / (k - 1), dtype=np.float32)
    np.put_along_axis(shares, np.maximum(status, 0)[..., None].astype(np.int64), p, axis=2)
    return Prediction(status, shares)


def say(
    place: str,
    on: int,
    event: Event,
    actor: str | None,
    *,
    source: str = "s",
    stance: Stance = Stance.CLAIMED,
    polarity: Polarity = Polarity.POSITIVE,
) -> Claim:
    return Claim(
        id=content_id("test/1", place, on, event.value, actor, source, stance.value, polarity.value),
        report_id="r",
        quote=None,
        attribution=(Source(source, source),),
        stance=stance,
        polarity=polarity,
        event=event,
        actor=actor,
        places=(ClaimPlace(place, place),),
        reported_at=day(on),
    )


@pytest.mark.parametrize(
    ("row", "expected"),
    [
        ([0, 0, 1, 1], [(0, 2, 1)]),
        ([0, 2, 2, 1], [(0, 3, 1)]),
        ([0, 2, 2, 0], []),
        ([0, SILENT, 1, 1], []),
        ([2, 2, 1, 0], [(0, 3, 0)]),
        ([0, MISSING, 1, 1], [(0, 2, 1)]),
        ([1, 1, 1, 1], []),
        ([0, 1, 0, 1], [(0, 1, 1), (0, 2, 0), (0, 3, 1)]),
    ],
)
def test_flips(row: list[int], expected: list[tuple[int, int, int]]) -> None:
    assert find_flips(np.array([row], dtype=np.int8), 2) == expected


def test_truth_is_laid_out_from_change_points() -> None:
    lines = [
        "place_id,from,status",
        "b,2031-01-03,red",
        "a,2031-01-01,blue",
        "a,2031-01-04,",
        "b,2031-01-05,contested",
    ]
    truth = read_truth(lines)
    assert truth.places == ("a", "b")
    assert truth.states == ("blue", "red", "contested")
    assert truth.status.tolist() == [[0, 0, 0, SILENT, SILENT], [SILENT, SILENT, 1, 1, 2]]
    cut = read_truth(lines, first_on=day(1), last_on=day(3))
    assert cut.status.tolist() == [[0, 0, SILENT], [SILENT, 1, 1]]
    assert cut.last_on == day(3)


@pytest.mark.parametrize(
    ("lines", "words"),
    [
        (["place,from,status", "a,2031-01-01,red"], "place_id"),
        (["place_id,from,status", "a,tomorrow,red"], "tomorrow"),
        (["place_id,from,status"], "nothing"),
    ],
)
def test_a_truth_that_cannot_be_read_is_named(lines: list[str], words: str) -> None:
    with pytest.raises(FormatError, match=words):
        read_truth(lines)


def test_predictions_fall_on_the_grid_and_gaps_are_missing() -> None:
    truth = truth_of([[0, 0, 0]])
    lines = [
        "place_id,date,status,p_BLUE,p_red,p_contested,n_claims,method",
        "p0,2031-01-01,BLUE,0.8,0.1,0.1,1,x/1",
        "p0,2031-01-03,unknown,0.4,0.3,0.3,0,x/1",
        "elsewhere,2031-01-01,red,0,1,0,1,x/1",
    ]
    found = read_prediction(lines, truth)
    assert found.status.tolist() == [[0, MISSING, MISSING]]
    assert found.p[0, 0].tolist() == pytest.approx([0.8, 0.1, 0.1])
    assert found.p[0, 1].tolist() == pytest.approx([1 / 3] * 3)
    with pytest.raises(FormatError, match="line 2"):
        read_prediction([lines[0], "p0,2031-01-01,red,much,0,0,0,x"], truth)
    with pytest.raises(FormatError, match="whoholds control"):
        read_prediction(["a,b"], truth)


def test_squares_are_half_degrees() -> None:
    lines = ["place_id,name,lon,lat", "p0,A,35.2,50.4", "p1,B,35.4,50.1", "p2,C,35.6,50.4"]
    assert read_squares(lines, ["p0", "p1", "p2", "p9"]) == ["70:100", "70:100", "71:100", "p9"]


def test_figures_by_hand() -> None:
    """One flip on day 5 of 10, seen a day late; said with 0.9: 9 of 10 right."""
    truth = truth_of([[0] * 5 + [1] * 5, [0] * 10])
    said = sure([[0] * 6 + [1] * 4, [0] * 10])
    near = score(truth, said, ["a", "b"]).figures()
    assert near["accuracy"] == pytest.approx(0.9)
    assert near["log_loss"] == pytest.approx(-(9 * np.log(0.9) + np.log(0.05)) / 10, abs=1e-6)
    assert near["flips_f1"] == 1
    assert near["ece"] == pytest.approx(0, abs=1e-6)
    every = score(truth, said, ["a", "b"], near_days=None)
    assert every.figures()["accuracy"] == pytest.approx(0.95)
    assert every.figures()["ece"] == pytest.approx(0.05, abs=1e-6)
    assert every.reliability().n.sum() == 20


def test_a_flip_too_far_or_to_another_is_not_found() -> None:
    truth = truth_of([[0] * 10 + [1] * 10])
    late = sure([[0] * 14 + [1] * 6])
    assert score(truth, late, ["a"]).figures()["flips_f1"] == 0
    twice = sure([[0] * 10 + [1] * 2 + [0] * 2 + [1] * 6])
    # Three said, one of them the true one: 2 * 1 / (1 + 3).
    assert score(truth, twice, ["a"]).figures()["flips_f1"] == pytest.approx(0.5)


def test_silence_of_the_truth_is_not_scored() -> None:
    truth = truth_of([[0, 0, SILENT, SILENT]])
    assert score(truth, sure([[0, 0, 1, 1]]), ["a"], near_days=None).figures()["accuracy"] == 1


def test_gains_are_paired_and_count_above_nought() -> None:
    rng = np.random.default_rng(1)
    flips = rng.integers(5, 25, 40)
    rows = [[0] * f + [1] * (30 - f) for f in flips]
    late = [[0] * min(30, f + 5) + [1] * max(0, 25 - f) for f in flips]
    truth, squares = truth_of(rows), [f"s{i % 10}" for i in range(40)]
    ours, theirs = score(truth, sure(rows), squares), score(truth, sure(late), squares)
    found = {g.metric: g for _, g in measure_gains(ours, {"late": theirs}, draws=200)}
    assert found["accuracy"].gain == pytest.approx(5 / 30, abs=1e-6)
    assert found["accuracy"].counts
    assert found["log_loss"].counts
    assert found["flips_f1"].counts
    assert all(g.low <= g.gain <= g.high for g in found.values())
    same = {g.metric: g for _, g in measure_gains(ours, {"same": ours, "late": theirs}, draws=50)}
    assert same["accuracy"].gain == 0
    assert not same["accuracy"].counts


def test_votes_take_claims_at_their_word() -> None:
    truth = truth_of([[0] * 5, [0] * 5])
    claims = [
        say("p0", 1, Event.CONTROL_GAINED, "RED"),
        say("p0", 2, Event.CONTROL_LOST, "red"),
        say("p1", 3, Event.CONTESTED, None),
        say("p1", 4, Event.CONTROL_HELD, "green"),
        say("p1", 4, Event.CONTROL_HELD, "red", stance=Stance.DENIED),
        say("p1", 4, Event.CONTROL_HELD, "red", stance=Stance.PREDICTED),
        say("p1", 4, Event.CONTROL_HELD, "red", polarity=Polarity.NEGATIVE),
        say("p1", 4, Event.SHELLING, "red"),
        say("elsewhere", 1, Event.CONTROL_HELD, "red"),
    ]
    assert [(v.place, v.day, v.state) for v in votes_of(claims, truth)] == [(0, 1, 1), (0, 2, 0), (1, 3, 2)]


def test_the_last_claim_wins() -> None:
    truth = truth_of([[0] * 6, [0] * 6])
    votes = votes_of([say("p0", 2, Event.CONTROL_HELD, "red"), say("p0", 4, Event.CONTESTED, None)], truth)
    found = take_last_claim(votes, {"p0": "Blue"}, truth)
    assert found.status.tolist() == [[0, 0, 1, 1, 2, 2], [MISSING] * 6]
    assert found.p[0, 3].tolist() == pytest.approx([0.025, 0.95, 0.025])
    assert found.p[1, 0].tolist() == pytest.approx([1 / 3] * 3)


def test_each_large_source_is_followed_alone() -> None:
    truth = truth_of([[0] * 30])
    claims = [say("p0", n, Event.CONTROL_HELD, "blue", source="a") for n in range(12)]
    claims += [say("p0", 5 + n, Event.CONTROL_HELD, "red", source="b") for n in range(12)]
    claims.append(say("p0", 20, Event.CONTESTED, None, source="rare"))
    found = follow_each(votes_of(claims, truth), {"p0": "red"}, truth)
    assert sorted(found) == ["only a", "only b"]
    assert found["only a"].status[0].tolist() == [0] * 30
    assert found["only b"].status[0].tolist() == [1] * 30
    assert follow_each(votes_of(claims[:12], truth), {}, truth) == {}


def test_the_majority_outvotes_the_last_until_it_is_old() -> None:
    truth = truth_of([[0] * 60])
    claims = [say("p0", 0, Event.CONTROL_HELD, "blue", source=s) for s in ("a", "b")]
    claims.append(say("p0", 5, Event.CONTROL_HELD, "red", source="c"))
    found = count_majority(votes_of(claims, truth), {}, truth)
    row = found.status[0].tolist()
    assert row[:45] == [0] * 45
    # From day 45 on the two are too old, and only the one who said red on day 5 still counts.
    assert row[45:] == [1] * 15
    assert np.abs(found.p.sum(axis=2) - 1).max() < 1e-6
    assert found.p[0, 2, 0] == pytest.approx(2.2 / 2.6, abs=1e-6)


def test_the_command_prints_gains_and_the_diagram_is_drawn(
    tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    (tmp_path / "truth.csv").write_text(
        "place_id,from,status\np0,2031-01-01,blue\np0,2031-01-11,red\np1,2031-01-01,red\np1,2031-01-20,red\n"
    )
    (tmp_path / "places.csv").write_text(
        "place_id,name,lon,lat,initial_holder\np0,A,35,50,blue\np1,B,36,50,red\n"
    )
    claims = [say("p0", 14, Event.CONTROL_GAINED, "red")]
    (tmp_path / "claims.jsonl").write_text("".join(json.dumps(claim_to_json(c)) + "\n" for c in claims))
    rows = ["place_id,date,status,p_blue,p_red,p_contested,n_claims,method"]
    for n in range(20):
        holder, b, r = ("blue", 0.9, 0.05) if n < 10 else ("red", 0.05, 0.9)
        rows.append(f"p0,{day(n)},{holder},{b},{r},0.05,1,x/1")
        rows.append(f"p1,{day(n)},red,0.05,0.9,0.05,1,x/1")
    (tmp_path / "out.csv").write_text("\n".join(rows) + "\n")
    scores = tmp_path / "scores.json"
    arguments = ["gain", "--scores", str(scores)]
    for name in ("truth", "places", "claims", "predicted"):
        file = {"predicted": "out.csv", "claims": "claims.jsonl"}.get(name, f"{name}.csv")
        arguments += [f"--{name}", str(tmp_path / file)]
    assert main(arguments) == 0
    printed = capsys.readouterr().out
    assert "| record | 1.000 |" in printed
    assert "| flips_f1 | 1.000 |" in printed
    picture = tmp_path / "r.svg"
    assert main(["reliability", "--out", str(picture), f"A & B={scores}"]) == 0
    root = ElementTree.fromstring(picture.read_text("utf-8"))
    assert root.tag.endswith("svg")
    assert "A & B" in "".join(root.itertext())
    assert main(["reliability", "--out", str(picture), str(scores)]) == 2
    assert "NAME=FILE" in capsys.readouterr().err
    assert main([*arguments[:-1], str(tmp_path / "nowhere.csv")]) == 4


def test_a_diagram_has_a_panel_for_each_set(tmp_path: Path) -> None:
    rows = [(0.0, 0.0, 0.0)] * 9 + [(100.0, 95.0, 93.0)]
    panel = Panel("here", {"near": (rows, 0.02), "all": (rows, 0.01)})
    drawn = draw_reliability("Title <1>", [panel, Panel("there", panel.series)])
    root = ElementTree.fromstring(drawn)
    words = "".join(root.itertext())
    for wanted in ("Title <1>", "here", "there", "0.020", "said 0.95, so 0.93"):
        assert wanted in words
    bad = tmp_path / "bad.json"
    bad.write_text("{}")
    with pytest.raises(FormatError, match="gain --scores"):
        Panel.load("x", bad)
