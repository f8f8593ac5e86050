"""`whoholds evaluate`: the project's own scores, errors by kind and the worst examples."""

from __future__ import annotations

import json
from collections import Counter
from collections.abc import Callable, Mapping
from pathlib import Path
from typing import Annotated, Any

import typer

from whoholds.cli.console import Format, chosen_format, json_line, out
from whoholds.cli.exits import DONE
from whoholds.errors import ConfigurationError, FormatError, NotFoundError
from whoholds.evaluate.certainty import score_certainty
from whoholds.evaluate.claims import ClaimScores, score_claims
from whoholds.evaluate.mentions import score_attribution, score_places, score_quantities, score_times
from whoholds.pipeline import DEFAULT_READER

__all__ = ["TASKS", "evaluate_reader", "load_records", "register"]

Records = Mapping[str, dict[str, Any]]
TASKS: dict[str, Callable[[Records, Records], ClaimScores]] = {
    "claims": score_claims,
    "attribution": score_attribution,
    "places": score_places,
    "times": score_times,
    "quantities": score_quantities,
    "certainty": score_certainty,
}


def register(app: typer.Typer) -> None:
    """Add the command."""
    app.command(epilog="Example: whoholds evaluate claims evals/gold/dev/gold.jsonl")(evaluate)


def evaluate(
    task: Annotated[str, typer.Argument(metavar="TASK", help=f"One of {', '.join(TASKS)}.")],
    gold: Annotated[
        Path, typer.Argument(metavar="GOLD", help="Gold as JSON Lines; reports.jsonl lies beside it.")
    ],
    predictions: Annotated[
        Path | None,
        typer.Option(metavar="FILE", help="Score this output instead of reading the reports anew."),
    ] = None,
    reader: Annotated[
        str | None,
        typer.Option(metavar="NAME", help=f"Which reader reads them; {DEFAULT_READER} by default."),
    ] = None,
    theatre: Annotated[str | None, typer.Option(metavar="NAME|PATH", help="Read with this theatre.")] = None,
    worst: Annotated[int, typer.Option(min=0, metavar="N", help="How many of the worst examples.")] = 10,
    format: Annotated[Format | None, typer.Option(help="table on a terminal, json into a pipe.")] = None,
) -> int:
    """Score the reader on gold: figures, errors by kind, the worst examples."""
    if task not in TASKS:
        raise ConfigurationError(f"TASK must be one of {', '.join(TASKS)}, not {task!r}")
    if predictions is not None and reader is not None:
        raise ConfigurationError("give either --predictions or --reader: what was read is not read again")
    scores = evaluate_reader(task, gold, predictions, theatre, reader or DEFAULT_READER)
    if chosen_format(format, piped=Format.TABLE) is Format.TABLE:
        _print_scores(task, scores, worst)
    else:
        examples = [
            {"report_id": e.report_id, "kind": e.kind, "words": e.words, "detail": e.detail}
            for e in scores.examples[:worst]
        ]
        json_line({"task": task, "metrics": scores.metrics, "errors": dict(scores.errors), "worst": examples})
    return DONE


def evaluate_reader(
    task: str,
    gold: Path,
    predictions: Path | None = None,
    theatre: str | None = None,
    reader: str = DEFAULT_READER,
) -> ClaimScores:
    """The scores of a task on a gold file.

    A report that the reader rejects counts as empty; `n_unread` says how many, the errors say why.

    Args:
        task: One of `TASKS`.
        gold: Gold as JSON Lines.
        predictions: Output of `whoholds read --batch` to score; without it the reports beside gold are read.
        theatre: Name or folder of the theatre to read them with.
        reader: Entry-point name of the reader.

    Raises:
        FormatError: Every single report was rejected: figures of nothing would mislead.
    """
    wanted = load_records(gold)
    if predictions is not None:
        found, rejected = load_records(predictions), Counter[str]()
        rejected.update(
            str(r["error"].get("code")) for r in found.values() if isinstance(r.get("error"), dict)
        )
    else:
        found, rejected = _read(gold.with_name("reports.jsonl"), theatre, reader)
    scores = TASKS[task](wanted, found)
    if rejected:
        scores.metrics["n_unread"] = rejected.total()
        scores.errors.update({f"not read: {code}": count for code, count in rejected.items()})
    return scores


def _read(reports: Path, theatre: str | None, reader: str) -> tuple[dict[str, dict[str, Any]], Counter[str]]:
    """Records by report id, and why reports were rejected."""
    from whoholds.acquire.files import Defaults, report_from_record
    from whoholds.model import Rejection
    from whoholds.model.contract import reading_to_json
    from whoholds.pipeline import read_reports_parallel
    from whoholds.theatre import load_theatre

    war = load_theatre(theatre) if theatre else None
    lines = [json.loads(line) for line in _lines(reports)]
    parsed = [report_from_record(r, Defaults(), name=str(r.get("id"))) for r in lines]
    found: dict[str, dict[str, Any]] = {}
    rejected: Counter[str] = Counter()
    last: Rejection | None = None
    for reading in read_reports_parallel(parsed, war, reader):
        if isinstance(reading, Rejection):
            rejected[reading.code] += 1
            last = reading
        else:
            found[reading.report.id] = reading_to_json(reading)
    if last is not None and not found:
        raise FormatError(
            f"reader {reader!r} could read none of the {len(parsed)} reports of {str(reports)!r}: "
            f"{last.message}"
        )
    return found, rejected


def load_records(path: Path) -> dict[str, dict[str, Any]]:
    """Records by report id; a file with one claim a line is grouped by `report_id`."""
    found: dict[str, dict[str, Any]] = {}
    for number, line in enumerate(_lines(path), 1):
        try:
            record = json.loads(line)
        except ValueError as error:
            raise FormatError(f"{path}:{number} is not valid JSON: {error}") from None
        if not isinstance(record, dict):
            raise FormatError(f"{path}:{number} must be a JSON object")
        if "claims" not in record and "report_id" in record:
            found.setdefault(str(record["report_id"]), {"claims": []})["claims"].append(record)
        else:
            found[str(record.get("id"))] = record
    return found


def _lines(path: Path) -> list[str]:
    if not path.is_file():
        raise NotFoundError(f"no file {str(path)!r}")
    return [line for line in path.read_text("utf-8").splitlines() if line.strip()]


def _print_scores(task: str, scores: ClaimScores, worst: int) -> None:
    out.print(task, style="bold")
    for name, value in scores.metrics.items():
        shown = f"{value:.4f}" if isinstance(value, float) else f"{value:d}"
        out.print(f"  {name:<18} {shown:>8}", markup=False)
    if scores.errors:
        out.print("errors by kind", style="bold")
        for kind, count in scores.errors.most_common(20):
            out.print(f"  {count:>5}  {kind}", markup=False)
    if worst and scores.examples:
        out.print("worst", style="bold")
        for example in scores.examples[:worst]:
            out.print(f"  {example.report_id}: {example.kind}: {example.words}", markup=False)
            if example.detail:
                out.print(f"      {example.detail}", markup=False)
