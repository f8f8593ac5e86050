"""`whoholds places`: records out, one line for each line in, honest exit statuses."""

from __future__ import annotations

import json
from pathlib import Path

import pytest
from typer.testing import CliRunner

from whoholds.cli import places as module
from whoholds.errors import NotFoundError
from whoholds.places.gazetteer import StackedGazetteer

runner = CliRunner()


@pytest.fixture(autouse=True)
def _small(monkeypatch: pytest.MonkeyPatch, small: StackedGazetteer, tmp_path: Path) -> None:
    monkeypatch.setattr(module, "open_gazetteer", lambda *_, **__: small)
    monkeypatch.setenv("WHOHOLDS_DATA", str(tmp_path / "data"))


def records(text: str) -> list[dict[str, object]]:
    return [json.loads(line) for line in text.splitlines()]


def test_find_prints_records_into_a_pipe() -> None:
    result = runner.invoke(module.app, ["find", "Pokrovsk"])
    assert [r["place_id"] for r in records(result.stdout)] == ["geonames:310", "geonames:311"]


def test_find_near_sorts_by_distance() -> None:
    result = runner.invoke(module.app, ["find", "Pokrovsk", "--near", "Moscow", "--limit", "1"])
    (record,) = records(result.stdout)
    assert record["place_id"] == "geonames:310"
    assert record["distance_m"] == pytest.approx(832_000, rel=0.01)


def test_find_draws_a_table_when_asked() -> None:
    result = runner.invoke(module.app, ["find", "Sudzha", "--format", "table"])
    assert "geonames:306" in result.stdout


@pytest.mark.parametrize(
    "arguments", [["find", "Qwertyville"], ["find", "Kursk", "--near", "Qwertyville"], ["show", "x:1"]]
)
def test_what_is_not_there_is_named(arguments: list[str]) -> None:
    result = runner.invoke(module.app, arguments)
    assert isinstance(result.exception, NotFoundError)


def test_show_gives_names_and_codes() -> None:
    record = json.loads(runner.invoke(module.app, ["show", "geonames:200"]).stdout)
    assert record["names"] == ["Kurskaya Oblast", "Курская область"]
    assert (record["acled_precision"], record["ucdp_precision"]) == (2, 4)


def test_resolve_keeps_order_and_counts_bad_lines(tmp_path: Path) -> None:
    outside = [{"start": 3, "end": 99}, {"start": 3, "end": 9}]
    lines = [
        json.dumps(
            {
                "id": "a",
                "text": "in Paris, Texas",
                "spans": [{"start": 10, "end": 15}, {"start": 3, "end": 8}],
            }
        ),
        "{not json",
        json.dumps({"id": "c", "text": "in Sudzha"}),
        json.dumps({"id": "d", "text": "in Sudzha", "spans": outside}),
    ]
    path = tmp_path / "spans.jsonl"
    path.write_text("\n".join(lines) + "\n", "utf-8")
    result = runner.invoke(module.app, ["resolve", "--batch", str(path)])
    assert result.exit_code == 3
    first, second, third, fourth = records(result.stdout)
    assert [p["place_id"] for p in first["places"]] == ["geonames:202", "geonames:307"]  # type: ignore[attr-defined]
    assert second["error"]["code"] == "bad_json"  # type: ignore[index]
    assert third["id"] == "c"
    assert third["error"]["code"] == "bad_input"  # type: ignore[index]
    assert [p["place_id"] for p in fourth["places"]] == [None, "geonames:306"]  # type: ignore[attr-defined]


def test_import_says_what_it_did(tmp_path: Path) -> None:
    path = tmp_path / "local.csv"
    path.write_text("name,lon,lat\nGornal,35.2,51.1\nBad,999,0\n", "utf-8")
    result = runner.invoke(module.app, ["import", str(path)])
    assert result.exit_code == 3
    assert json.loads(result.stdout) == {"gazetteer": "local", "places": 1, "names": 1, "rejected": 1}
    assert "line 3" in result.stderr
