"""The project's own scores: claims with their probabilities, certainty of events, readers by name."""

from __future__ import annotations

import json
from collections.abc import Iterable, Iterator
from pathlib import Path
from typing import Any

import pytest
from typer.testing import CliRunner

from whoholds.cli.evaluate import evaluate_reader
from whoholds.cli.main import app
from whoholds.errors import ConfigurationError, FormatError
from whoholds.evaluate.calibration import calibration_error
from whoholds.evaluate.certainty import score_certainty
from whoholds.evaluate.claims import is_core_right, pair_claims, score_claims
from whoholds.model import EventCertainty, Reading, Rejection, Report, Span
from whoholds.pipeline import reading
from whoholds.read.reader import ReadingContext

TEXT = "Rebels took Arbin. The army denied it."
CLAIM: dict[str, Any] = {
    "quote": {"start": 0, "end": 17, "exact": "Rebels took Arbin"},
    "attribution": [],
    "stance": "asserted",
    "polarity": "positive",
    "event": "control_gained",
    "places": [],
    "p": 0.9,
}


@pytest.mark.parametrize(
    ("cases", "error"),
    [
        ([], 0.0),
        ([(1.0, True), (0.0, False)], 0.0),
        ([(0.75, True), (0.75, True), (0.75, True), (0.75, False)], 0.0),
        ([(0.9, False)], 0.9),
        ([(0.95, True), (0.15, True)], (0.05 + 0.85) / 2),
    ],
)
def test_calibration_error(cases: list[tuple[float, bool]], error: float) -> None:
    assert calibration_error(cases) == pytest.approx(error)


@pytest.mark.parametrize(
    ("change", "is_right"),
    [
        ({}, True),
        ({"places": [{"name": "Borsk"}]}, True),
        ({"stance": "claimed"}, False),
        ({"event": "control_lost"}, False),
        ({"polarity": "negative"}, False),
        ({"attribution": [{"name": "the army"}]}, False),
    ],
)
def test_a_claim_is_right_in_its_core(change: dict[str, Any], is_right: bool) -> None:
    ((predicted, twin),) = pair_claims({"claims": [CLAIM]}, {"claims": [CLAIM | change]})
    assert twin is not None
    assert is_core_right(predicted, twin) is is_right


def test_an_invented_claim_is_wrong() -> None:
    elsewhere = CLAIM | {"quote": {"start": 19, "end": 38, "exact": TEXT[19:38]}}
    ((predicted, twin),) = pair_claims({"claims": [CLAIM]}, {"claims": [elsewhere]})
    assert twin is None
    assert not is_core_right(predicted, twin)


def test_claims_say_how_well_calibrated_they_are() -> None:
    scores = score_claims({"a": {"claims": [CLAIM]}}, {"a": {"claims": [CLAIM]}})
    assert scores.metrics["ece"] == pytest.approx(0.1)
    assert scores.metrics["mean_p"] == pytest.approx(0.9)
    assert scores.metrics["core"] == 1.0


def test_certainty_is_the_distance_to_gold() -> None:
    def words(*values: float) -> dict[str, Any]:
        return {
            "factuality": [
                {"start": 9 * i, "end": 9 * i + 4, "exact": "took", "value": v} for i, v in enumerate(values)
            ]
        }

    same = score_certainty({"a": words(3, -3, 0)}, {"a": words(3, -3, 0)})
    assert same.metrics["mae"] == 0.0
    assert same.metrics["macro_f1"] == 1.0
    assert not same.examples
    silent = score_certainty({"a": words(3, -3, 0)}, {})
    assert silent.metrics["mae"] == silent.metrics["mae_all_certain"] == 3.0
    assert silent.metrics["covered"] == 0.0
    wrong = score_certainty({"a": words(3, -3)}, {"a": words(3, 3)})
    assert wrong.metrics["mae"] == 3.0
    assert wrong.errors == {"happened for did not": 1}
    assert wrong.examples[0].detail == "3 for -3"


class OneWord:
    """Reads only reports that name rebels, and finds one event in them."""

    name = "one/1"
    languages = frozenset({"en"})

    def read_many(self, reports: Iterable[Report], context: ReadingContext) -> Iterator[Reading | Rejection]:
        for report in reports:
            if "Rebels" not in report.text:
                yield Rejection(report.id, "read", "no_rebels", f"report {report.id!r} has no rebels")
                continue
            certainty = EventCertainty(Span.of(report.text, 7, 11), 3)
            yield Reading(report=report, reader=self.name, factuality=(certainty,))


class _Entry:
    name = "one"

    def load(self) -> type[OneWord]:
        return OneWord


@pytest.fixture
def gold(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    reports = [{"id": "a", "text": TEXT}, {"id": "b", "text": "Nothing was heard of them."}]
    (tmp_path / "reports.jsonl").write_text("\n".join(map(json.dumps, reports)))
    words = {"factuality": [{"start": 7, "end": 11, "exact": "took", "value": 3}]}
    lines = [{"id": "a", **words}, {"id": "b", "factuality": []}]
    (tmp_path / "gold.jsonl").write_text("\n".join(map(json.dumps, lines)))
    monkeypatch.setattr(reading, "entry_points", lambda group: [_Entry()])
    return tmp_path / "gold.jsonl"


def test_any_reader_is_evaluated_by_name(gold: Path) -> None:
    scores = evaluate_reader("certainty", gold, reader="one")
    assert scores.metrics["mae"] == 0.0
    assert scores.metrics["n_unread"] == 1
    assert scores.errors == {"not read: no_rebels": 1}


def test_a_reader_that_is_not_there(gold: Path) -> None:
    with pytest.raises(ConfigurationError, match="no reader 'two'; installed: one"):
        evaluate_reader("certainty", gold, reader="two")


def test_nothing_read_is_no_score(gold: Path) -> None:
    gold.with_name("reports.jsonl").write_text(json.dumps({"id": "b", "text": "Nothing was heard."}))
    with pytest.raises(FormatError, match=r"'one' could read none of the 1 reports .* has no rebels"):
        evaluate_reader("certainty", gold, reader="one")


def test_rejections_in_predictions_are_counted(gold: Path) -> None:
    out = gold.with_name("out.jsonl")
    out.write_text(json.dumps({"id": "a", "error": {"code": "llm_unreachable", "message": "no"}}))
    scores = evaluate_reader("certainty", gold, out)
    assert scores.metrics["n_unread"] == 1
    assert scores.errors["not read: llm_unreachable"] == 1


def test_the_command_takes_a_reader_or_its_output(gold: Path) -> None:
    done = CliRunner().invoke(
        app, ["evaluate", "certainty", str(gold), "--reader", "one", "--format", "json"]
    )
    assert done.exit_code == 0
    assert json.loads(done.stdout)["metrics"]["covered"] == 1.0
    both = ["evaluate", "certainty", str(gold), "--reader", "one", "--predictions", str(gold)]
    assert isinstance(CliRunner().invoke(app, both).exception, ConfigurationError)


def test_the_model_is_asked_for_by_name_and_configured(gold: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.undo()
    for name in ("WHOHOLDS_LLM_URL", "WHOHOLDS_LLM_MODEL"):
        monkeypatch.delenv(name, raising=False)
    with pytest.raises(ConfigurationError, match="'llm' is not configured: set WHOHOLDS_LLM_URL"):
        evaluate_reader("claims", gold, reader="llm")
