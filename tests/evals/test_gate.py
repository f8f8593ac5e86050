"""The gate: the reader stands above its floors, and the gate itself fails, rises and prints as it should."""

from __future__ import annotations

import importlib.util
import sys
from pathlib import Path
from types import ModuleType

import pytest
from hypothesis import given
from hypothesis import strategies as st

EVALS = Path(__file__).parents[2] / "evals"


def load_script(name: str) -> ModuleType:
    """A script of `evals/` as a module, under a name that workers of its own can ignore."""
    spec = importlib.util.spec_from_file_location(f"evals_{name}", EVALS / f"{name}.py")
    assert spec is not None
    assert spec.loader is not None
    module = importlib.util.module_from_spec(spec)
    sys.modules[spec.name] = module
    spec.loader.exec_module(module)
    return module


gate = load_script("gate")


@pytest.mark.parametrize("part", [*gate.PARTS, "quantities"])
def test_reader_is_above_its_floors(part: str) -> None:
    figures = gate.measure((part,))
    if not figures:
        pytest.skip(f"no gold for {part}")
    assert set(figures[part]) == set(gate.GOALS["quantities" if part == "quantities" else "claims"])
    assert gate.find_failures(figures, gate.load_floors()) == []


def test_dev_and_quantities_have_a_floor_for_every_figure() -> None:
    floors = gate.load_floors()
    assert set(floors["dev"]) == set(gate.GOALS["claims"])
    assert set(floors["quantities"]) == set(gate.GOALS["quantities"])


def test_floors_of_the_file_are_as_the_gate_writes_them() -> None:
    assert gate.format_floors(gate.load_floors()) == gate.FLOORS.read_text("utf-8")


@pytest.mark.parametrize(
    ("figures", "floors", "failures"),
    [
        ({"dev": {"stance": 0.9}}, {"dev": {"stance": 0.9}}, []),
        ({"dev": {"stance": 0.95}}, {}, []),
        ({"dev": {"stance": 0.95}}, {"test": {"stance": 0.99}}, []),
        (
            {"dev": {"stance": 0.8999}},
            {"dev": {"stance": 0.9}},
            ["dev stance: 0.8999 is under the floor 0.900"],
        ),
        ({"dev": {}}, {"dev": {"time": 0.5}}, ["dev time: no figure for the floor 0.500"]),
    ],
)
def test_figures_under_a_floor_are_failures(
    figures: dict[str, dict[str, float]], floors: dict[str, dict[str, float]], failures: list[str]
) -> None:
    assert gate.find_failures(figures, floors) == failures


def test_floors_rise_to_a_point_under_the_figure_and_never_fall() -> None:
    floors = gate.raise_floors(
        {"dev": {"stance": 0.8, "event": 0.8}},
        {"dev": {"stance": 0.9, "event": 0.7}, "test": {"time": 0.005}},
    )
    assert floors == {"dev": {"stance": 0.89, "event": 0.8}, "test": {"time": 0.0}}


@given(st.floats(0, 1), st.floats(0, 1))
def test_raised_floors_are_no_lower_than_before_and_pass(before: float, figure: float) -> None:
    floors = gate.raise_floors({"dev": {"stance": before}}, {"dev": {"stance": figure}})
    assert floors["dev"]["stance"] >= before
    if figure >= before:
        assert gate.find_failures({"dev": {"stance": figure}}, floors) == []


def test_floors_come_back_from_their_file(tmp_path: Path) -> None:
    floors = {"dev": {"stance": 0.89, "event": 0.8}, "quantities": {"unit_f1": 0.95}}
    path = tmp_path / "floors.toml"
    assert gate.load_floors(path) == {}
    path.write_text(gate.format_floors(floors), encoding="utf-8")
    assert gate.load_floors(path) == floors


def test_table_shows_figure_floor_and_goal() -> None:
    table = gate.format_table({"dev": {"stance": 0.5, "time": 0.6}}, {"dev": {"stance": 0.7}})
    rows = [line.split() for line in table.splitlines()]
    assert rows[1] == ["dev", "stance", "0.5000", "0.700", "0.900", "under", "the", "floor"]
    assert rows[2] == ["dev", "time", "0.6000", "-", "-"]


def test_status_is_one_under_a_floor_and_raising_repairs_it(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> None:
    floors = tmp_path / "floors.toml"
    floors.write_text(gate.format_floors({"dev": {"stance": 0.9}}), encoding="utf-8")
    monkeypatch.setattr(gate, "FLOORS", floors)
    monkeypatch.setattr(gate, "load_floors", lambda load=gate.load_floors: load(floors))
    monkeypatch.setattr(gate, "measure", lambda _: {"dev": {"stance": 0.85}})
    assert gate.main([]) == 1
    assert "dev stance: 0.8500 is under the floor 0.900" in capsys.readouterr().err
    assert gate.main(["--raise"]) == 1
    assert gate.load_floors() == {"dev": {"stance": 0.9}}
    monkeypatch.setattr(gate, "measure", lambda _: {"dev": {"stance": 0.95}})
    assert gate.main(["--raise"]) == 0
    assert gate.load_floors() == {"dev": {"stance": 0.94}}
