"""Commands as a person types them: what they print, the status they end with, what a mistake says."""

from __future__ import annotations

import csv
import io
import json
from collections.abc import Callable
from pathlib import Path
from typing import Any

import pytest

from whoholds.cli.main import _status

Run = Callable[..., "Result"]


class Result:
    """A finished command."""

    def __init__(self, status: int, out: str, err: str) -> None:
        self.status, self.out, self.err = status, out, err

    @property
    def records(self) -> list[dict[str, Any]]:
        """Standard output as JSON Lines."""
        return [json.loads(line) for line in self.out.splitlines() if line.startswith("{")]


@pytest.fixture
def whoholds(capsys: pytest.CaptureFixture[str], tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Run:
    monkeypatch.chdir(tmp_path)

    def run(*arguments: str | Path) -> Result:
        status = _status([str(a) for a in arguments])
        captured = capsys.readouterr()
        return Result(status, captured.out, captured.err)

    return run


def claim(event: str, actor: str, by: str, side: str, on: str, name: str = "Sudzha") -> dict[str, Any]:
    points = {"Sudzha": (35.271, 51.191), "Guyevo": (35.2688, 51.0918)}
    lon, lat = points[name]
    return {
        "report_id": f"test:{by}:{on}",
        "attribution": [{"name": by, "role": "speaker", "side": side}],
        "stance": "claimed",
        "event": event,
        "actor": actor,
        "places": [{"place_id": f"test:{name}", "name": name, "lon": lon, "lat": lat, "relation": "in"}],
        "holds": {"from": on, "to": on},
        "reported_at": on,
    }


CLAIMS = [
    claim("control_gained", "UA", "A Spokesman", "UA", "2024-08-15"),
    claim("control_gained", "RU", "A General", "RU", "2025-03-13"),
    claim("control_held", "UA", "A Commander", "UA", "2024-09-01", "Guyevo"),
]


@pytest.fixture
def ledger(whoholds: Run, tmp_path: Path) -> Path:
    path = tmp_path / "war.gpkg"
    assert whoholds("new", path, "--theatre", "kursk").status == 0
    lines = tmp_path / "claims.jsonl"
    lines.write_text("".join(json.dumps(c) + "\n" for c in CLAIMS))
    result = whoholds("import", path, lines)
    assert result.status == 0, result.err
    assert "3 claims added" in result.out
    return path


def test_help_of_every_command_has_an_example(whoholds: Run) -> None:
    names = [
        "read",
        "new",
        "add",
        "claims",
        "assess",
        "redact",
        "backup",
        "control",
        "area",
        "serve",
        "demo",
        "doctor",
    ]
    names += ["evaluate", "export claims", "export control", "export public", "import claims", "import map"]
    names += ["places find", "places show", "places import", "places resolve"]
    for name in names:
        result = whoholds(*name.split(), "--help")
        assert result.status == 0
        assert f"Example: whoholds {name}" in result.out, name


def test_claims_by_place_side_and_day(whoholds: Run, ledger: Path) -> None:
    assert len(whoholds("claims", ledger).records) == 3
    assert [c["actor"] for c in whoholds("claims", ledger, "--place", "sudzha").records] == ["RU", "UA"]
    assert len(whoholds("claims", ledger, "--side", "UA").records) == 2
    assert len(whoholds("claims", ledger, "--from", "2025-01-01").records) == 1
    rows = list(csv.DictReader(io.StringIO(whoholds("claims", ledger, "--format", "csv").out)))
    assert {r["places"] for r in rows} == {"Sudzha", "Guyevo"}
    table = whoholds("claims", ledger, "--format", "table").out
    assert "A General" in table
    assert "3 claims" in table


def test_importing_again_changes_nothing(whoholds: Run, ledger: Path, tmp_path: Path) -> None:
    result = whoholds("import", "claims", ledger, tmp_path / "claims.jsonl")
    assert "0 claims added, 3 known already" in result.out


def test_bad_lines_are_listed_and_the_rest_goes_in(whoholds: Run, ledger: Path, tmp_path: Path) -> None:
    bad = tmp_path / "bad.jsonl"
    good = claim("control_gained", "RU", "A Channel", "RU", "2025-03-12")
    bad.write_text(f'not json\n{{"event": "won"}}\n{json.dumps(good)}\n')
    result = whoholds("import", ledger, bad)
    assert result.status == 3
    assert "1 claim added" in result.out
    assert "bad.jsonl:1" in result.err
    assert "event 'won' is not one of" in result.err


def test_a_rejected_claim_moves_the_record_no_more(whoholds: Run, ledger: Path) -> None:
    import h3

    sudzha = h3.latlng_to_cell(51.191, 35.271, 8)

    def p_ukraine() -> float:
        out = whoholds("export", "control", ledger, "--on", "2024-08-16", "--format", "csv").out
        rows = csv.DictReader(io.StringIO(out))
        # A record reaches the cells that claims speak of: none, once all are rejected.
        return next((float(r["p_UA"]) for r in rows if r["cell"] == sudzha), 0.0)

    before = p_ukraine()
    # The later gain goes too: who takes a town back grants that it was lost.
    for speaker in ("A Spokesman", "A General"):
        (said,) = whoholds("claims", ledger, "--speaker", speaker).records
        result = whoholds("assess", ledger, said["id"], "--reject", "--by", "An Editor", "--why", "misread")
        assert result.status == 0, result.err
    assert before > 0.2
    assert p_ukraine() < before / 2


def test_a_correction_is_honoured(whoholds: Run, ledger: Path) -> None:
    (general,) = whoholds("claims", ledger, "--speaker", "A General").records
    result = whoholds(
        "assess",
        ledger,
        general["id"][:20],
        "--correct",
        "actor_id=UA",
        "--by",
        "An Editor",
        "--why",
        "misread",
    )
    assert result.status == 0, result.err
    (now,) = whoholds("claims", ledger, "--speaker", "A General").records
    assert now["actor_id"] == "UA"


def test_a_claim_without_a_place_can_be_given_one(whoholds: Run, ledger: Path, tmp_path: Path) -> None:
    placeless = claim("withdrawal", "UA", "A Colonel", "UA", "2024-08-21") | {"places": []}
    (tmp_path / "placeless.jsonl").write_text(json.dumps(placeless) + "\n", "utf-8")
    assert whoholds("import", ledger, tmp_path / "placeless.jsonl").status == 0
    (before,) = whoholds("claims", ledger, "--speaker", "A Colonel").records
    assert before["places"] == []
    reason = ("--by", "An Editor", "--why", "the town is named in the headline")
    unknown = whoholds("assess", ledger, before["id"], "--correct", "place_id=nowhere:1", *reason)
    assert unknown.status == 2
    assert "no place has the id 'nowhere:1'" in unknown.err
    result = whoholds("assess", ledger, before["id"], "--correct", "place_id=geonames:486816", *reason)
    assert result.status == 0, result.err
    (now,) = whoholds("claims", ledger, "--speaker", "A Colonel").records
    assert [(p["place_id"], p["name"], p["relation"]) for p in now["places"]] == [
        ("geonames:486816", "Sudzha", "in")
    ]


def test_a_refused_language_names_the_file(whoholds: Run, tmp_path: Path) -> None:
    words = "Российские войска заняли село в Курской области, сообщило министерство в среду вечером."
    (tmp_path / "story.txt").write_text(words, "utf-8")
    result = whoholds("read", tmp_path / "story.txt")
    assert result.status == 3
    assert "story.txt is in 'ru'" in result.err
    assert "sha256" not in result.err + result.out


def test_a_report_without_a_date_is_noted(whoholds: Run, tmp_path: Path) -> None:
    (tmp_path / "story.txt").write_text("The army took Sudzha on Wednesday, the ministry said.", "utf-8")
    assert "story.txt: no date of publication" in whoholds("read", tmp_path / "story.txt").err
    dated = whoholds("read", tmp_path / "story.txt", "--published-at", "2025-03-12")
    assert "no date of publication" not in dated.err


@pytest.mark.parametrize(
    ("arguments", "words"),
    [
        (["--by", "X", "--why", "Y"], "exactly one of --accept"),
        (["--accept", "--reject", "--by", "X", "--why", "Y"], "exactly one of"),
        (["--correct", "speaker=Z", "--by", "X", "--why", "Y"], "FIELD one of"),
        (["--accept", "--why", "Y"], "--by"),
    ],
)
def test_an_assessment_that_is_none(whoholds: Run, ledger: Path, arguments: list[str], words: str) -> None:
    result = whoholds("assess", ledger, "sha256:00", *arguments)
    assert result.status == 2
    assert words in result.err


def test_exports_and_copies(whoholds: Run, ledger: Path, tmp_path: Path) -> None:
    assert len(whoholds("export", "claims", ledger).records) == 3
    out = whoholds("export", "control", ledger, "--on", "2024-08-20").out
    data = json.loads(out)
    assert data["type"] == "FeatureCollection"
    assert all(
        abs(sum(v for k, v in f["properties"].items() if k.startswith("p_")) - 1) < 1e-5
        for f in data["features"]
    )
    assert whoholds("backup", ledger, tmp_path / "copy.gpkg").status == 0
    assert len(whoholds("claims", tmp_path / "copy.gpkg").records) == 3
    assert whoholds("export", "public", ledger, tmp_path / "public.gpkg").status == 0
    assert whoholds("backup", ledger, tmp_path / "copy.gpkg").status == 4


def test_a_map_comes_in_as_claims(whoholds: Run, ledger: Path, tmp_path: Path) -> None:
    square = {
        "type": "Polygon",
        "coordinates": [[[35.2, 51.1], [35.4, 51.1], [35.4, 51.3], [35.2, 51.3], [35.2, 51.1]]],
    }
    bow = {
        "type": "Polygon",
        "coordinates": [[[35.2, 51.1], [35.4, 51.3], [35.4, 51.1], [35.2, 51.3], [35.2, 51.1]]],
    }
    earth = {
        "type": "Polygon",
        "coordinates": [[[-179, -89], [179, -89], [179, 89], [-179, 89], [-179, -89]]],
    }
    features = [
        {"type": "Feature", "geometry": square, "properties": {}},
        {"type": "Feature", "geometry": bow, "properties": {"party": "RU"}},
        {"type": "Feature", "geometry": earth, "properties": {}},
        {"type": "Feature", "geometry": square, "properties": {"party": "XX"}},
        {"type": "Feature", "geometry": {"type": "Point", "coordinates": [35, 51]}, "properties": {}},
    ]
    path = tmp_path / "map.geojson"
    path.write_text(json.dumps({"type": "FeatureCollection", "features": features}))
    result = whoholds(
        "import", "map", ledger, path, "--source", "A Mapper", "--on", "2024-08-20", "--holder", "UA"
    )
    assert result.status == 3
    assert "2 map claims added" in result.out
    for words in ("covers a continent", "unknown_party", "no polygon"):
        assert words in result.err
    again = whoholds(
        "import", "map", ledger, path, "--source", "A Mapper", "--on", "2024-08-20", "--holder", "UA"
    )
    assert "0 map claims added, 2 known" in again.out


MISTAKES: list[tuple[list[str], int, str]] = [
    (["new", "war.gpkg", "--theatre", "atlantis"], 2, "no theatre 'atlantis'; bundled:"),
    (["claims", "none.gpkg"], 4, "none.gpkg"),
    (["claims", "text.gpkg"], 4, "text.gpkg"),
    (["claims", "empty.gpkg"], 4, "empty.gpkg"),
    (["serve", "text.gpkg"], 4, "text.gpkg"),
    (["read"], 2, "nothing to read"),
    (["read", "none.txt"], 2, "no file or folder 'none.txt'"),
    (["read", "--batch", "none.jsonl"], 2, "no file"),
    (["read", "text.gpkg", "--published-at", "last week"], 2, "cannot read 'last week' as a date"),
    (["read", "x", "--reader", "oracle"], 2, "oracle"),
    (["frobnicate"], 2, "No such command"),
    (["evaluate", "beauty", "gold.jsonl"], 2, "TASK must be one of"),
    (["evaluate", "claims", "gold.jsonl"], 2, "no file"),
]


@pytest.mark.parametrize(("arguments", "status", "words"), MISTAKES, ids=[" ".join(m[0]) for m in MISTAKES])
def test_a_mistake_is_one_line_without_a_traceback(
    whoholds: Run, tmp_path: Path, arguments: list[str], status: int, words: str
) -> None:
    (tmp_path / "text.gpkg").write_text("no ledger at all\n")
    (tmp_path / "empty.gpkg").write_bytes(b"")
    (tmp_path / "x").write_text("Troops left.")
    result = whoholds(*arguments)
    assert result.status == status, result.err
    assert words in result.err
    assert "Traceback" not in result.err
    if "No such command" not in words:
        assert len(result.err.strip().splitlines()) == 1


def test_new_does_not_overwrite(whoholds: Run, ledger: Path) -> None:
    before = ledger.read_bytes()
    result = whoholds("new", ledger, "--theatre", "kursk")
    assert result.status == 4
    assert "war.gpkg" in result.err
    assert ledger.read_bytes() == before
