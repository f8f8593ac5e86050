"""What a ledger answers: why, disagreements, figures, forecasts, sources, changes, compare, control, area.

One small war of our own on the ground of a bundled theatre; the persons and mappers are invented.
"""

from __future__ import annotations

import csv
import io
import json
from collections.abc import Callable
from datetime import date
from pathlib import Path
from typing import Any

import pytest

from whoholds.check.explanations import Change
from whoholds.cli.changes import _count
from whoholds.cli.main import _status
from whoholds.model import ControlState

Run = Callable[..., "Result"]
PLACES = {
    "Sudzha": ("test:sudzha", 35.271, 51.191, 1500.0, "settlement"),
    "Guyevo": ("test:guyevo", 35.2688, 51.0918, 1500.0, "settlement"),
    "Kursk Oblast": ("test:oblast", 36.0, 51.5, 98_000.0, "admin"),
}
WORDS = "our troops have taken the whole town of Sudzha"


class Result:
    """A finished command."""

    def __init__(self, status: int, out: str, err: str) -> None:
        self.status, self.out, self.err = status, out, err

    @property
    def records(self) -> list[dict[str, Any]]:
        """Standard output as JSON Lines."""
        return [json.loads(line) for line in self.out.splitlines() if line.startswith("{")]

    @property
    def rows(self) -> list[dict[str, str]]:
        """Standard output as CSV."""
        return list(csv.DictReader(io.StringIO(self.out)))


@pytest.fixture
def whoholds(capsys: pytest.CaptureFixture[str]) -> Run:
    def run(*arguments: str | Path) -> Result:
        capsys.readouterr()
        status = _status([str(a) for a in arguments])
        captured = capsys.readouterr()
        return Result(status, captured.out, captured.err)

    return run


def claim(
    event: str, actor: str, by: str, side: str | None, on: str, *names: str, **more: Any
) -> dict[str, Any]:
    places = [
        {"place_id": i, "name": name, "lon": x, "lat": y, "radius_m": r, "kind": kind, "relation": "in"}
        for name in names
        for i, x, y, r, kind in [PLACES[name]]
    ]
    row: dict[str, Any] = {
        "report_id": f"test:{by}:{on}:{event}",
        "attribution": [{"name": by, "role": "speaker", "side": side}],
        "stance": "claimed",
        "event": event,
        "actor": actor,
        "actor_id": actor,
        "places": places,
        "holds": {"from": on, "to": on},
        "reported_at": on,
    }
    return row | more


def words(text: str) -> dict[str, Any]:
    return {"start": 0, "end": len(text), "exact": text}


def figure(low: float, unit: str, measure: str, approximator: str = "exact") -> dict[str, Any]:
    return {
        "start": 0,
        "end": len(f"{low:,.0f} {unit}"),
        "exact": f"{low:,.0f} {unit}",
        "low": low,
        "high": low,
        "unit": unit,
        "of": None,
        "approximator": approximator,
        "measure": measure,
    }


CLAIMS = [
    claim("control_gained", "UA", "A Spokesman", "UA", "2024-08-15", "Sudzha"),
    claim("control_held", "UA", "A Commander", "UA", "2024-09-01", "Guyevo"),
    claim("control_gained", "RU", "A General", "RU", "2025-03-12", "Sudzha", quote=words(WORDS)),
    claim("control_gained", "RU", "A Channel", "RU", "2025-03-13", "Sudzha", quote=words(WORDS)),
    claim("control_gained", "RU", "A Commander", "UA", "2025-03-12", "Sudzha", stance="denied"),
    claim(
        "withdrawal", "UA", "A Prophet", "RU", "2025-03-10", "Sudzha", "Kursk Oblast",
        stance="predicted", deadline="2025-03-20", holds={"from": None, "to": None},
    ),
    claim(
        "control_gained", "RU", "A Prophet", "RU", "2025-03-11", "Guyevo",
        stance="predicted", deadline="2025-06-01", holds={"from": None, "to": None},
    ),
    claim("control_gained", "RU", "A Minister", "RU", "2025-03-11", "Guyevo", stance="ordered"),
    claim(
        "area_total", "RU", "A General", "RU", "2025-03-12", "Kursk Oblast",
        quantities=[figure(86, "percent", "share"), figure(1100, "km2", "retaken")],
    ),
    claim(
        "area_total", "UA", "A Commander", "UA", "2025-03-12", "Kursk Oblast",
        quantities=[figure(400, "km2", "held")], origin="written-for-demo",
    ),
]  # fmt: skip


def square(west: float, south: float, size: float) -> dict[str, Any]:
    east, north = west + size, south + size
    ring = [[west, south], [east, south], [east, north], [west, north], [west, south]]
    return {"type": "Feature", "geometry": {"type": "Polygon", "coordinates": [ring]}, "properties": {}}


@pytest.fixture(scope="module")
def ledger(tmp_path_factory: pytest.TempPathFactory) -> Path:
    folder = tmp_path_factory.mktemp("checks")
    path, lines = folder / "war.gpkg", folder / "claims.jsonl"
    lines.write_text("".join(json.dumps(c) + "\n" for c in CLAIMS))
    assert _status(["new", str(path), "--theatre", "kursk"]) == 0
    assert _status(["import", str(path), str(lines)]) == 0
    for source, holder, west in (("North Map", "UA", 35.2), ("South Map", "RU", 35.3)):
        file = folder / f"{holder}.geojson"
        file.write_text(json.dumps({"type": "FeatureCollection", "features": [square(west, 51.1, 0.2)]}))
        arguments = ["--source", source, "--on", "2025-03-12", "--holder", holder]
        assert _status(["import", "map", str(path), str(file), *arguments]) == 0
    return path


@pytest.mark.parametrize(
    "name",
    [
        *("why", "disagreements", "figures", "forecasts", "sources", "changes", "compare"),
        *("control", "area"),
    ],
)
def test_help_has_an_example(whoholds: Run, name: str) -> None:
    result = whoholds(name, "--help")
    assert result.status == 0
    assert f"Example: whoholds {name} " in result.out


def test_why_in_sentences(whoholds: Run, ledger: Path) -> None:
    """Who holds it, who says so and who does not, copies once, and what one claim does."""
    out = whoholds("why", ledger, "sudzha", "--on", "2025-03-14", "--format", "table").out
    for line in (
        "Sudzha on 14 Mar 2025:",
        "- A General (Russia) says: Russia took Sudzha (12 Mar 2025",
        f"    {WORDS}",
        "repeated by 1 more",
        "- A Commander (Ukraine) denies: Russia took Sudzha (12 Mar 2025",
        "What would change it",
    ):
        assert line in out, line
    assert "- A Channel" not in out
    assert "100 %" not in out


def test_why_in_records_says_what_each_claim_does(whoholds: Run, ledger: Path) -> None:
    """Leaving a claim out moves the probability the way that its side says."""
    (found,) = whoholds("why", ledger, "test:sudzha", "--on", "2025-03-14", "--format", "json").records
    assert abs(sum(v for k, v in found.items() if k.startswith("p_")) - 1) < 1e-5
    status = f"p_{found['status']}"
    by_speaker = {r["speaker"]: r for r in (*found["for"], *found["against"], *found["others"])}
    general = by_speaker["A General"]
    assert general["without"]["p_RU"] < found["p_RU"]
    assert len(general["copies"]) == 1
    listed = [*found["for"], *found["against"], *found["others"]]
    for reason in listed:
        if reason["without"] is not None:
            assert found[status] - reason["without"][status] == pytest.approx(reason["moved"], abs=2e-6)
    for claim_id in found["decided_by"]:
        without = next(r["without"] for r in listed if r["claim_id"] == claim_id)
        assert max(without, key=without.__getitem__) != status


def test_why_as_known_before_the_general_spoke(whoholds: Run, ledger: Path) -> None:
    arguments = ("--on", "2025-03-14", "--as-known-on", "2025-03-09", "--format", "json")
    (found,) = whoholds("why", ledger, "Sudzha", *arguments).records
    named = {r["speaker"] for r in (*found["for"], *found["against"], *found["others"])}
    assert named <= {"A Spokesman", "A Commander"}


def test_disagreements_by_place_and_day_with_both_sides(whoholds: Run, ledger: Path) -> None:
    out = whoholds("disagreements", ledger, "--place", "Sudzha", "--format", "table").out
    lines = [line.strip() for line in out.splitlines()]
    assert lines[0] == "Sudzha"
    assert lines[1].startswith("12 Mar 2025: cannot both be so (strength")
    for line in ("Russia holds it", "Russia does not hold it", WORDS):
        assert line in lines
    assert any(line.startswith("the record of that day: ") for line in lines)
    rows = whoholds("disagreements", ledger, "--format", "csv").rows
    assert {r["says"] for r in rows if r["place"] == "Sudzha"} >= {
        "Russia holds it",
        "Russia does not hold it",
    }
    assert not whoholds("disagreements", ledger, "--to", "2024-12-31").records


def test_figures_line_by_line(whoholds: Run, ledger: Path) -> None:
    out = whoholds("figures", ledger, "--format", "table").out
    for line in (
        "1,100 / 0.86 = 1,279 km² in all",
        "1,279 - 1,100 = 179 km² not yet retaken",
        "said to be held: 350 to 450 km²",
        "80 % interval by what is said of single places:",
        "[our summary]: our summary of a public statement",
    ):
        assert line in out, line
    found = whoholds("figures", ledger, "--verdict", "inconsistent").records
    assert {f["verdict"] for f in found} == {"inconsistent"}
    assert any("179 km² left by A General's figures" in f["summary"] for f in found)
    assert all(c["origin"] == "written-for-demo" for f in found for c in f["claims"] if c["side"] == "UA")


def test_forecasts_settled_open_and_apart(whoholds: Run, ledger: Path) -> None:
    """Both readings of "there" are asked, and an order is no forecast."""
    found = whoholds("forecasts", ledger).records
    scored = {f["place"]: f for f in found if f["status"] == "scored"}
    assert set(scored) == {"Sudzha", "Kursk Oblast"}
    for forecast in scored.values():
        p, said, doubt = forecast["p_true"], forecast["p_said"], forecast["doubt"]
        assert forecast["brier"] == pytest.approx((said - p) ** 2 + doubt, abs=1e-5)
        assert 0 <= p <= 1
    assert [f["place"] for f in found if f["status"] == "open"] == ["Guyevo"]
    assert [f["speaker"] for f in found if f["status"] == "intention"] == ["A Minister"]
    assert [(f["speaker"], f["n"]) for f in found if f["status"] == "source"] == [("A Prophet", 1)]
    out = whoholds("forecasts", ledger, "--format", "table").out
    assert "Will Ukraine be gone from Kursk Oblast (all of it) by 20 Mar 2025?" in out
    assert "Ordered, intended or proposed: no forecasts (1)" in out


def test_sources_with_grades(whoholds: Run, ledger: Path) -> None:
    rows = {r["name"]: r for r in whoholds("sources", ledger, "--format", "csv").rows}
    assert rows["A General"]["n_claims"] == "2"
    assert rows["A Channel"]["n_copies"] == "1"
    assert rows["A Channel"]["admiralty"] == "F6"
    assert rows["A General"]["admiralty"][0] == "F", "three claims at least before a letter"
    assert rows["A General"]["admiralty"][1] in "12345"
    assert rows["A Prophet"]["forecasts"] == "1"
    assert rows["A Prophet"]["admiralty"] == "F6"
    assert "E unreliable, F cannot be judged" in whoholds("sources", ledger, "--format", "table").out


def test_changes_with_their_claims_and_areas(whoholds: Run, ledger: Path) -> None:
    found = whoholds("changes", ledger, "--since", "2024-08-08", "--to", "2024-08-20").records
    (sudzha,) = (f for f in found if f["kind"] == "place" and f["name"] == "Sudzha")
    assert sudzha["status_before"] != sudzha["status_after"] == "UA"
    assert sudzha["p_UA_after"] > sudzha["p_UA_before"]
    assert sudzha["in_doubt"] is False, "the table says nothing of doubt either"
    assert [c["speaker"] for c in sudzha["claims"]] == ["A Spokesman"]
    areas = {f["party"]: f for f in found if f["kind"] == "area"}
    assert set(areas) == {"RU", "UA", "contested"}
    assert areas["UA"]["km2_change"] == pytest.approx(
        areas["UA"]["km2_after"] - areas["UA"]["km2_before"], abs=0.11
    )
    out = whoholds("changes", ledger, "--since", "2024-08-08", "--to", "2024-08-20", "--format", "table").out
    assert "Sudzha: Russia → Ukraine, on" in out
    assert "A Spokesman (Ukraine) says: Ukraine took Sudzha" in out


@pytest.mark.parametrize(
    ("leads", "said"),
    [
        ([], "no place changed hands"),
        ([(0.9, 0.8)], "1 place changed hands"),
        ([(0.9, 0.8), (0.9, 0.5), (0.9, 0.45)], "2 places changed hands, 1 more in doubt"),
        ([(0.4, 0.9)], "no place changed hands, 1 in doubt"),
    ],
)
def test_a_lead_below_one_half_is_no_change_of_hands(leads: list[tuple[float, float]], said: str) -> None:
    def state(lead: float) -> ControlState:
        rest = (1 - lead) / 2
        p = (("RU", lead), ("UA", rest), ("contested", rest))
        return ControlState("p", date(2025, 3, 1), "RU", p, 1, "hmm/2")

    found = [Change("p", "Alba", date(2025, 3, 1), state(a), state(b), (), 0) for a, b in leads]
    assert _count(found) == said


def test_compare_two_speakers_and_two_maps(whoholds: Run, ledger: Path) -> None:
    (place,) = whoholds("compare", ledger, "A General", "a commander", "--on", "2025-03-13").records
    assert (place["name"], place["a"], place["b"]) == ("Sudzha", "RU", "not RU")
    found = whoholds("compare", ledger, "North Map", "South Map", "--on", "2025-03-13").records
    ground = {(g["a"], g["b"]): g["km2"] for g in found if g["kind"] == "ground"}
    # 0.1 by 0.2 degrees at 51.2 degrees north: 6.97 by 22.24 km.
    assert ground["UA", "RU"] == pytest.approx(155, rel=0.01)
    assert ground["UA", "-"] == pytest.approx(ground["-", "RU"], rel=1e-3)
    (place,) = whoholds("compare", ledger, "A General", "North Map", "--on", "2025-03-13").records
    assert (place["name"], place["a"], place["b"]) == ("Sudzha", "RU", "UA")
    old = whoholds("compare", ledger, "A General", "A Commander", "--on", "2025-03-31", "--within", "5")
    assert not old.records


def test_control_and_area_of_a_ledger(whoholds: Run, ledger: Path) -> None:
    rows = whoholds("control", ledger, "--from", "2025-03-11", "--to", "2025-03-14").rows
    assert [(r["name"], r["date"][-2:]) for r in rows] == [
        (name, day) for name in ("Guyevo", "Sudzha") for day in ("11", "12", "13", "14")
    ]
    for row in rows:
        shares = {k.removeprefix("p_"): float(v) for k, v in row.items() if k.startswith("p_")}
        assert sum(shares.values()) == pytest.approx(1, abs=1e-5)
        assert row["status"] == max(shares, key=shares.__getitem__)
    assert {r["date"] for r in whoholds("control", ledger).rows} == {"2025-04-30"}
    data = json.loads(whoholds("control", ledger, "--on", "2025-03-12", "--format", "geojson").out)
    assert {f["properties"]["name"] for f in data["features"]} == {"Guyevo", "Sudzha"}
    areas = whoholds("area", ledger, "--on", "2024-09-01").rows
    assert [r["party"] for r in areas] == ["RU", "UA", "contested"]
    assert all(float(r["low_km2"]) <= float(r["km2"]) <= float(r["high_km2"]) for r in areas)


MISTAKES: list[tuple[list[str], str]] = [
    (["why", "Atlantis"], "no claim is about a place 'Atlantis'"),
    (["why", "Kursk Oblast"], "it is an area"),
    (["why", "Sudzha", "--on", "1999-01-01"], "the record has no 1999-01-01; it has"),
    (["why", "Sudzha", "--format", "csv"], "plain sentences"),
    (["why", "Sudzha", "--clock", "sundial"], "--clock must be public or desk"),
    (["why", "Sudzha", "--audience", "all"], "--audience must be public or desk"),
    (["disagreements", "--from", "yesterday"], "cannot read 'yesterday' as a date"),
    (["disagreements", "--min-strength", "7"], "--min-strength"),
    (["figures", "--verdict", "nice"], "--verdict must be consistent"),
    (["changes"], "--since"),
    (["changes", "--since", "2025-03-12", "--to", "2025-03-12"], "must lie before"),
    (["compare", "A Genera", "A Commander", "--on", "2025-03-12"], "is it A General?"),
    (["compare", "A General", "A Commander"], "--on"),
    (["control", "--theatre", "kursk"], "leave --theatre out"),
    (["area", "--on", "2031-01-01"], "lies outside"),
]


@pytest.mark.parametrize(("arguments", "message"), MISTAKES, ids=[" ".join(m[0]) for m in MISTAKES])
def test_a_mistake_is_one_line(whoholds: Run, ledger: Path, arguments: list[str], message: str) -> None:
    command, *rest = arguments
    result = whoholds(command, ledger, *rest)
    assert result.status == 2, result.err
    assert message in result.err
    assert len(result.err.strip().splitlines()) == 1
    assert not result.out


def test_no_ledger_is_status_4(whoholds: Run, tmp_path: Path) -> None:
    for command in (["why", "x"], ["sources"], ["forecasts"], ["control"]):
        name, *rest = command
        assert whoholds(name, tmp_path / "none.gpkg", *rest).status == 4
