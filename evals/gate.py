"""The gate of accuracy: read the gold, print each figure beside its floor and its goal, fail under a floor.

    python evals/gate.py                 # every part of the gold that is there, and the quantities
    python evals/gate.py --part dev      # one of them
    python evals/gate.py --raise         # raise the floors to the figures reached, less one point

In: `gold/PART/{gold,reports}.jsonl`, `gold-quantities.jsonl`, `floors.toml`. Out: a table; exit status 1 if
a figure is under its floor or has none to read. Floors only rise: `--raise` never lowers one. Where the gold
itself changes, figures no longer compare: take the part out of `floors.toml`, then `--raise` sets it anew.
"""

from __future__ import annotations

import argparse
import json
import math
import sys
import tomllib
from collections.abc import Mapping
from pathlib import Path

HERE = Path(__file__).resolve().parent
FLOORS = HERE / "floors.toml"
QUANTITIES = HERE / "gold-quantities.jsonl"
PARTS = ("dev", "blind", "test")

# What the project set out to reach; None where it set no number.
GOALS: Mapping[str, Mapping[str, float | None]] = {
    "claims": {
        "found_f1": 0.88,
        "claim_f1": 0.55,
        "speaker": 0.92,
        "stance": 0.90,
        "event": 0.88,
        "polarity": 0.97,
        "places": None,
        "time": None,
    },
    "quantities": {"value_f1": 0.92, "unit_f1": 0.85},
}
# A change that costs accuracy must fail, the noise of a parser's new version need not.
SLACK = 0.01

Figures = dict[str, dict[str, float]]
Floors = Mapping[str, Mapping[str, float]]


def main(arguments: list[str] | None = None) -> int:
    """Measure, print, and raise the floors or judge by them."""
    parser = argparse.ArgumentParser(description="Fail where the reader is under a pinned floor.")
    parser.add_argument("--part", action="append", choices=(*PARTS, "quantities"), help="only this part")
    parser.add_argument("--raise", action="store_true", dest="is_raising", help="raise the floors")
    options = parser.parse_args(arguments)
    figures = measure(tuple(options.part or (*PARTS, "quantities")))
    floors = load_floors()
    if options.is_raising:
        floors = raise_floors(floors, figures)
        FLOORS.write_text(format_floors(floors), encoding="utf-8")
    print(format_table(figures, floors))
    failures = find_failures(figures, floors)
    for failure in failures:
        print(failure, file=sys.stderr)
    return 1 if failures else 0


def measure(parts: tuple[str, ...]) -> Figures:
    """The figures of the parts that have gold; a part without is left out."""
    figures: Figures = {}
    for part in parts:
        if part == "quantities":
            if QUANTITIES.is_file():
                figures[part] = measure_quantities(QUANTITIES)
        elif (gold := HERE / "gold" / part / "gold.jsonl").is_file():
            figures[part] = measure_claims(gold)
    return figures


def measure_claims(gold: Path) -> dict[str, float]:
    """The reader's figures on a file of gold claims."""
    from whoholds.cli.evaluate import evaluate_reader

    metrics = evaluate_reader("claims", gold).metrics
    return {name: float(metrics[name]) for name in GOALS["claims"] if name in metrics}


def measure_quantities(gold: Path) -> dict[str, float]:
    """The figures of quantities on single sentences."""
    from whoholds.evaluate.mentions import score_quantities
    from whoholds.read.quantities import extract_quantities
    from whoholds.text.parse import parse_many

    lines = [json.loads(line) for line in gold.read_text("utf-8").splitlines() if line.strip()]
    parses = parse_many([line["text"] for line in lines], has_headline=False)
    found = {
        line["id"]: {
            "quantities": [
                {
                    "start": q.span.start,
                    "end": q.span.end,
                    "exact": q.span.exact,
                    "low": q.low,
                    "high": q.high,
                    "unit": q.unit,
                }
                for q in extract_quantities(parsed)
                if q.span is not None
            ]
        }
        for line, parsed in zip(lines, parses, strict=True)
    }
    metrics = score_quantities({line["id"]: line for line in lines}, found).metrics
    return {name: float(metrics[name]) for name in GOALS["quantities"] if name in metrics}


def load_floors(path: Path = FLOORS) -> dict[str, dict[str, float]]:
    """The pinned floors by part; none where there is no file yet."""
    if not path.is_file():
        return {}
    return {
        part: {name: float(floor) for name, floor in floors.items()}
        for part, floors in tomllib.loads(path.read_text("utf-8")).items()
    }


def find_failures(figures: Mapping[str, Mapping[str, float]], floors: Floors) -> list[str]:
    """One line for each figure that is under its floor, and for each floor whose figure is missing."""
    failures = []
    for part, pinned in floors.items():
        if part not in figures:
            continue
        for name, floor in pinned.items():
            reached = figures[part].get(name)
            if reached is None:
                failures.append(f"{part} {name}: no figure for the floor {floor:.3f}")
            elif reached < floor:
                failures.append(f"{part} {name}: {reached:.4f} is under the floor {floor:.3f}")
    return failures


def raise_floors(floors: Floors, figures: Mapping[str, Mapping[str, float]]) -> dict[str, dict[str, float]]:
    """The floors, each no lower than it was, at the figure reached less the slack, to three decimals."""
    raised = {part: dict(pinned) for part, pinned in floors.items()}
    for part, reached in figures.items():
        pinned = raised.setdefault(part, {})
        for name, figure in reached.items():
            floor = max(0.0, math.floor((figure - SLACK) * 1000) / 1000)
            pinned[name] = max(floor, pinned.get(name, 0.0))
    return raised


def format_floors(floors: Floors) -> str:
    """The floors as TOML."""
    lines = ["# What `python evals/gate.py` asks for. Floors only rise: `python evals/gate.py --raise`."]
    for part, pinned in floors.items():
        lines += ["", f"[{part}]", *(f"{name} = {floor:.3f}" for name, floor in pinned.items())]
    return "\n".join(lines) + "\n"


def format_table(figures: Mapping[str, Mapping[str, float]], floors: Floors) -> str:
    """Each figure with its floor and its goal."""
    lines = [f"{'part':<11}{'figure':<10}{'reached':>9}{'floor':>9}{'goal':>9}"]
    for part, reached in figures.items():
        goals = GOALS["quantities" if part == "quantities" else "claims"]
        for name, figure in reached.items():
            floor, goal = floors.get(part, {}).get(name), goals.get(name)
            shown = f"{part:<11}{name:<10}{figure:>9.4f}{_number(floor):>9}{_number(goal):>9}"
            lines.append(shown + ("  under the floor" if floor is not None and figure < floor else ""))
    return "\n".join(lines)


def _number(value: float | None) -> str:
    return "-" if value is None else f"{value:.3f}"


if __name__ == "__main__":
    raise SystemExit(main())
