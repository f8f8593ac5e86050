"""What the network learns from: never the wars kept for tuning, and flags that stand where the words do."""

from __future__ import annotations

import json
from pathlib import Path

import pytest
from evals.network import cases
from evals.network.renamed import rename_places

from evals import train_wording
from whoholds.read.network.pieces import numbers_of_pieces

GOLD = Path(__file__).parents[2] / "evals" / "gold"
TEXT = "The army took Borsk, the mayor said. The troops then left the town."


def claim(words: str, **fields: object) -> dict[str, object]:
    start = TEXT.index(words)
    return {
        "quote": {"start": start, "end": start + len(words), "exact": words},
        "attribution": [],
        "stance": "asserted",
        "polarity": "positive",
        "event": "other",
        "actor": None,
        "actor_id": None,
        "target": None,
        "target_id": None,
        "places": [],
        **fields,
    }


@pytest.fixture
def gold(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    (tmp_path / "wide").mkdir()
    (tmp_path / "tuning.txt").write_text("# wars\nkept\n")
    army = {"actor": "army", "actor_id": "NOR"}
    claims = [
        claim(
            "The army took Borsk",
            event="control_gained",
            attribution=[{"name": "mayor", "side": None}],
            places=[{"name": "Borsk", "relation": "in", "aliases": []}],
            **army,
        ),
        claim("The troops then left the town", event="withdrawal", actor="troops", actor_id="NOR"),
        claim("the mayor said", stance="no_comment", target="nobody in this text", target_id="XX"),
    ]
    ids = ("kept-01", "other-01")
    (tmp_path / "wide" / "reports.jsonl").write_text(
        "".join(json.dumps({"id": i, "text": TEXT}) + "\n" for i in ids)
    )
    (tmp_path / "wide" / "gold.jsonl").write_text(
        "".join(json.dumps({"id": i, "claims": claims}) + "\n" for i in ids)
    )
    for module in (cases, train_wording):
        monkeypatch.setattr(module, "GOLD", tmp_path)
    return tmp_path


@pytest.mark.usefixtures("gold")
def test_wars_kept_for_tuning_are_a_part_of_their_own() -> None:
    assert len(cases.read_texts(("wide",))) == 1
    assert len(cases.read_texts(("tuning",))) == 1
    assert {c.war for c in _claims_of_wide()} == {"other"}


def _claims_of_wide() -> list[train_wording.Case]:
    parts = train_wording.PARTS
    try:
        train_wording.PARTS = ("wide",)
        return train_wording.read_claims()
    finally:
        train_wording.PARTS = parts


@pytest.mark.usefixtures("gold")
def test_flags_stand_where_the_words_do() -> None:
    (text,) = cases.read_texts(("wide",))
    names = {number: piece for piece, number in numbers_of_pieces().items()}
    pieces = [names[int(number)] for number in text.numbers]

    def flagged(case: cases.Case, name: str) -> list[str]:
        return [p for p, flag in zip(pieces, case.pointed[name], strict=True) if flag]

    took, left, silent = text.cases
    assert pieces[took.first : took.last] == ["the", "army", "took", "bo", "##rsk"]
    assert pieces[took.head] == "took"
    assert flagged(took, "actor") == ["army", "troops"], "every name of the party, wherever it stands"
    assert flagged(took, "place") == ["bo", "##rsk"]
    assert flagged(took, "speaker") == ["mayor"]
    assert flagged(took, "target") == []
    assert took.labels == {
        "event": "control_gained",
        "stance": "asserted",
        "polarity": "positive",
        "relation": "in",
    }
    assert flagged(left, "speaker") == []
    assert "relation" not in left.labels
    assert "target" not in silent.pointed, "whom the text does not name nothing is learned of"
    assert "event" not in silent.labels


def test_the_wars_kept_for_tuning_are_in_the_gold() -> None:
    reports = (GOLD / "wide" / "reports.jsonl").read_text("utf-8").splitlines()
    wars = {json.loads(line)["id"].rsplit("-", 1)[0] for line in reports}
    assert train_wording.tuning_wars() <= wars
    assert len(train_wording.tuning_wars()) == 10


@pytest.mark.usefixtures("gold")
def test_of_a_crop_nothing_is_asked_that_nobody_could_tell() -> None:
    (text,) = cases.read_texts(("wide",))
    names = {number: piece for piece, number in numbers_of_pieces().items()}
    second = text.crop(text.breaks[1], len(text.numbers) - 1)
    (left,) = second.cases
    assert [names[int(n)] for n in second.numbers[left.first : left.last]] == [
        *("the", "troops", "then", "left", "the", "town")
    ]
    assert names[int(second.numbers[left.head])] == "left"
    assert left.pointed["actor"].sum() == 1, "the army of the first sentence is out of sight"
    first = text.crop(1, text.breaks[1])
    assert {len(flags) for case in first.cases for flags in case.pointed.values()} == {len(first.numbers)}
    (took,) = (c for c in first.cases if c.labels.get("event") == "control_gained")
    assert took.labels["stance"] == "asserted"
    inner = text.crop(took.first, took.last)
    assert "stance" not in inner.cases[0].labels, "who says so stands outside"
    assert inner.cases[0].labels["relation"] == "in"


def test_a_report_by_other_place_names_says_the_same() -> None:
    text = "Rebels took New Harbour on Monday. New Harbour is calm, Kyiv said."
    claim = {
        "quote": {"start": 0, "end": 23},
        "places": [{"name": "New Harbour", "aliases": ["Kyiv"]}],
        "attribution": [{"name": "Kyiv"}],
    } | dict.fromkeys(("actor", "target", "actor_id", "target_id"))
    renamed = rename_places(text, [claim], ["Ag", "Kyiv"])
    assert renamed is not None
    new, (changed,), moved = renamed
    assert new == "Rebels took Ag on Monday. Ag is calm, Kyiv said."
    assert new[changed["quote"]["start"] : changed["quote"]["end"]] == "Rebels took Ag"
    assert [p["name"] for p in changed["places"]] == ["Ag"]
    assert new[moved(text.index("calm")) :].startswith("calm")
    assert new[moved(text.index("Harbour"))] == "g"
    assert rename_places("Nothing happened.", [claim | {"places": []}], ["Ag"]) is None
