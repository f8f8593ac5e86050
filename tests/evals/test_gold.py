"""The gold: it is what its sources compile to, with the contract's labels and dates that make sense."""

from __future__ import annotations

import json
import runpy
from datetime import date
from pathlib import Path
from typing import Any

import pytest

from whoholds.model import Event, Relation, Stance

EVALS = Path(__file__).parents[2] / "evals"
compile_file = runpy.run_path(str(EVALS / "compile_gold.py"))["compile_file"]
PARTS = sorted(path.name for path in (EVALS / "gold" / "source").iterdir() if path.is_dir())


def _compiled(part: str) -> list[tuple[dict[str, Any], dict[str, Any]]]:
    return [compile_file(path) for path in sorted((EVALS / "gold/source" / part).glob("*.gold"))]


def _lines(path: Path) -> list[dict[str, Any]]:
    return [json.loads(line) for line in path.read_text("utf-8").splitlines()]


@pytest.mark.parametrize("part", PARTS)
def test_gold_is_what_its_sources_compile_to(part: str) -> None:
    compiled = _compiled(part)
    assert _lines(EVALS / "gold" / part / "reports.jsonl") == [report for report, _ in compiled]
    assert _lines(EVALS / "gold" / part / "gold.jsonl") == [record for _, record in compiled]


@pytest.mark.parametrize("part", PARTS)
def test_claims_have_labels_of_the_contract_and_spans_of_their_text(part: str) -> None:
    events, stances = {e.value for e in Event}, {s.value for s in Stance}
    relations = {r.value for r in Relation}
    for report, record in _compiled(part):
        assert record["claims"], report["id"]
        for claim in record["claims"]:
            where = (report["id"], claim["quote"]["exact"])
            quote = claim["quote"]
            assert report["text"][quote["start"] : quote["end"]] == quote["exact"], where
            assert claim["event"] in events, where
            assert claim["stance"] in stances, where
            assert claim["polarity"] in ("positive", "negative"), where
            assert {place["relation"] for place in claim["places"]} <= relations, where
            assert (claim["stance"] != "asserted") or not claim["attribution"], where
            start, end = (date.fromisoformat(d) if d else None for d in claim["holds"].values())
            assert start is None or end is None or start <= end, where
            assert claim["deadline"] is None or date.fromisoformat(claim["deadline"]), where
            for figure in claim["quantities"]:
                bounds = [b for b in (figure["low"], figure["high"]) if b is not None]
                assert bounds, where
                assert bounds == sorted(bounds), where
                assert quote["start"] <= figure["start"] < figure["end"] <= quote["end"], where


def test_parts_share_no_report() -> None:
    texts = {
        part: {report["text"] for report in _lines(path)}
        for part in ("dev", "test")
        if (path := EVALS / "gold" / part / "reports.jsonl").is_file()
    }
    assert texts["dev"]
    assert not texts["dev"] & texts.get("test", set())


def test_parts_share_no_theatre() -> None:
    theatres = {
        part: {record["id"].rpartition("-")[0] for record in _lines(EVALS / "gold" / part / "gold.jsonl")}
        for part in ("dev", "test")
    }
    assert all(theatres.values())
    assert not theatres["dev"] & theatres["test"]


def test_a_fifth_of_test_is_annotated_twice_on_the_same_texts() -> None:
    texts = {
        part: {r["id"]: r["text"] for r in _lines(EVALS / "gold" / part / "reports.jsonl")}
        for part in ("first", "second", "test")
    }
    assert texts["first"] == texts["second"]
    assert texts["first"].items() <= texts["test"].items()
    assert 5 * len(texts["first"]) >= len(texts["test"])


HEAD = "id: a-01\npublisher: Wire\npublished_at: 2024-05-03\nparty: BF = the army | Burkinabe troops\n---\n"


@pytest.mark.parametrize(
    ("actor", "expected"),
    [
        ("BF", ("Burkinabe troops", "BF")),
        ("rebels", ("rebels", None)),
        ("BFA", ("BFA", None)),
    ],
)
def test_a_party_is_worded_as_in_the_quote(
    tmp_path: Path, actor: str, expected: tuple[str, str | None]
) -> None:
    path = tmp_path / "a.gold"
    path.write_text(
        HEAD + "The army said Burkinabe troops fled.\n===\nquote: Burkinabe troops fled\nstance: claimed\n"
        f"event: withdrawal\nactor: {actor}\n",
        encoding="utf-8",
    )
    _, record = compile_file(path)
    claim = record["claims"][0]
    assert (claim["actor"], claim["actor_id"]) == expected


def test_a_party_outside_the_quote_has_its_first_words(tmp_path: Path) -> None:
    path = tmp_path / "a.gold"
    path.write_text(
        HEAD
        + "The army met Burkinabe troops. They fled.\n===\nquote: They fled\nevent: withdrawal\nactor: BF\n",
        encoding="utf-8",
    )
    assert compile_file(path)[1]["claims"][0]["actor"] == "the army"


@pytest.mark.parametrize("body", ["The navy sailed.", "The armies met Burkinabe troops."])
def test_words_of_a_party_that_the_text_has_not_are_refused(tmp_path: Path, body: str) -> None:
    path = tmp_path / "a.gold"
    path.write_text(HEAD + f"{body}\n===\nquote: The\n", encoding="utf-8")
    with pytest.raises(Exception, match="the party's words 'the army' are not in the text"):
        compile_file(path)


def test_dev_has_many_claims_of_every_stance() -> None:
    claims = [claim for record in _lines(EVALS / "gold/dev/gold.jsonl") for claim in record["claims"]]
    assert len(claims) >= 1000
    assert {claim["stance"] for claim in claims} == {s.value for s in Stance}
    assert {claim["event"] for claim in claims} == {e.value for e in Event}
