"""`whoholds learn`, and the version that other commands then use."""

from __future__ import annotations

import json
from collections.abc import Callable
from pathlib import Path
from typing import Any

import pytest

from whoholds.cli.main import _status

Run = Callable[..., tuple[int, str, str]]


def claim(
    actor: str, by: str, side: str, on: str, n: int = 0, event: str = "control_gained"
) -> dict[str, Any]:
    place = {"place_id": "test:sudzha", "name": "Sudzha", "lon": 35.271, "lat": 51.191, "radius_m": 1500.0}
    return {
        "report_id": f"test:{by}:{on}:{n}",
        "attribution": [{"name": by, "role": "speaker", "side": side}],
        "stance": "claimed",
        "event": event,
        "actor": actor,
        "actor_id": actor,
        "places": [place],
        "holds": {"from": on, "to": on},
        "reported_at": on,
    }


@pytest.fixture
def whoholds(capsys: pytest.CaptureFixture[str]) -> Run:
    def run(*arguments: str | Path) -> tuple[int, str, str]:
        capsys.readouterr()
        status = _status([str(a) for a in arguments])
        captured = capsys.readouterr()
        return status, captured.out, captured.err

    return run


def fill(path: Path, lines: list[dict[str, Any]]) -> None:
    file = path.with_suffix(".jsonl")
    file.write_text("".join(json.dumps(line) + "\n" for line in lines))
    assert _status(["import", str(path), str(file)]) == 0


@pytest.fixture
def ledger(tmp_path: Path, whoholds: Run) -> Path:
    path = tmp_path / "war.gpkg"
    assert whoholds("new", path, "--theatre", "kursk")[0] == 0
    rows = [claim("UA", "A Spokesman", "UA", "2024-08-15"), claim("RU", "A General", "RU", "2025-03-12")]
    fill(path, rows)
    return path


def test_learn_keeps_a_version_and_lists_it(ledger: Path, whoholds: Run) -> None:
    status, out, _ = whoholds("learn", ledger, "--list", "--format", "table")
    assert (status, "no version yet" in out) == (0, True)
    status, out, _ = whoholds("learn", ledger, "--name", "march", "--by", "Ann", "--format", "json")
    assert status == 0
    (made,) = json.loads(out)
    assert (made["name"], made["by"], made["claims"], made["sources"]) == ("march", "Ann", 2, 2)
    assert whoholds("learn", ledger)[0] == 0
    status, out, _ = whoholds("learn", ledger, "--list", "--format", "csv")
    rows = out.splitlines()
    assert rows[0].startswith("name,made_at,by,method")
    assert rows[1].startswith("march,")
    assert len(rows) == 3
    status, out, _ = whoholds("learn", ledger, "--list", "--format", "table")
    assert "march" in out
    assert "Ann" in out


def test_the_record_uses_the_newest_and_keeps_to_it(ledger: Path, whoholds: Run) -> None:
    def sources(*more: str) -> dict[str, dict[str, Any]]:
        status, out, _ = whoholds("sources", ledger, "--format", "jsonl", *more)
        assert status == 0
        return {row["name"]: row for row in map(json.loads, out.splitlines())}

    assert sources()["A General"]["parameters"].startswith("learned")
    whoholds("learn", ledger, "--name", "march")
    frozen = sources()
    assert frozen["A General"]["parameters"] == "march"
    assert sources("--parameters", "learn")["A General"]["parameters"].startswith("learned")
    before = whoholds("control", ledger, "--on", "2024-09-01")[1]
    again = whoholds("control", ledger, "--on", "2024-09-01", "--parameters", "march")[1]
    assert before == again
    fill(ledger, [claim("UA", "A Stranger", "UA", f"2024-10-{d:02}", d) for d in range(1, 20)])
    later = sources()
    assert later["A General"]["parameters"] == "march"
    assert later["A General"]["reliability"] == frozen["A General"]["reliability"]
    out = whoholds("sources", ledger, "--format", "table")[1]
    assert "Parameters: march" in out


@pytest.mark.parametrize("command", ["control", "area", "why", "changes", "sources", "figures", "forecasts"])
def test_every_command_on_the_record_takes_a_version(ledger: Path, whoholds: Run, command: str) -> None:
    whoholds("learn", ledger, "--name", "march")
    more = {"why": ["Sudzha"], "changes": ["--since", "2024-09-01", "--to", "2024-10-01"]}.get(command, [])
    assert whoholds(command, ledger, *more, "--parameters", "march")[0] == 0
    status, _, err = whoholds(command, ledger, *more, "--parameters", "april")
    assert status == 2
    assert "april" in err
    assert "march" in err
    assert err.count("\n") == 1


@pytest.mark.parametrize(
    ("arguments", "words"),
    [
        (["--name", "latest"], "cannot be a version's name"),
        (["--name", "march"], "already"),
        (["--list", "--name", "x"], "--list"),
        (["--clock", "wall"], "--clock"),
        (["--audience", "all"], "--audience"),
        (["--as-known-on", "2999-01-01"], "to come"),
        (["--as-known-on", "2020-01-01"], "add reports"),
        (["--as-known-on", "soon"], "--as-known-on"),
    ],
)
def test_what_cannot_be_is_said_in_one_line(
    ledger: Path, whoholds: Run, arguments: list[str], words: str
) -> None:
    whoholds("learn", ledger, "--name", "march")
    status, _, err = whoholds("learn", ledger, *arguments)
    assert status == 2
    assert words in err
    assert err.count("\n") == 1


def test_a_version_of_another_method_is_refused_by_name_and_passed_over(
    ledger: Path, whoholds: Run, monkeypatch: pytest.MonkeyPatch
) -> None:
    whoholds("learn", ledger, "--name", "march")
    monkeypatch.setattr("whoholds.ground.record.METHOD", "hmm/99")
    status, _, err = whoholds("sources", ledger, "--parameters", "march")
    assert status == 2
    assert "hmm/99" in err
    assert err.count("\n") == 1
    status, out, _ = whoholds("sources", ledger, "--format", "jsonl")
    assert status == 0
    assert json.loads(out.splitlines()[0])["parameters"] != "march"


def test_a_file_of_claims_has_no_versions(tmp_path: Path, whoholds: Run) -> None:
    status, _, err = whoholds("control", "--claims", tmp_path / "c.jsonl", "--parameters", "march")
    assert status == 2
    assert "march" in err
