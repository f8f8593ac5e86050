"""The command line of the package; its docstring says what for."""

from __future__ import annotations

import argparse
import json
import sys
from collections.abc import Sequence
from datetime import UTC, date
from pathlib import Path

from evals.control.baselines import BASELINES, follow_each, votes_of
from evals.control.diagram import Panel, draw_reliability
from evals.control.grids import Prediction, Truth, open_text, read_prediction, read_squares, read_truth
from evals.control.scores import METRICS, Scored, measure_gains, score

from whoholds.errors import FormatError, WhoholdsError
from whoholds.fuse.places import read_places
from whoholds.model import Claim
from whoholds.model.contract import claim_from_json

__all__ = ["main"]


def main(arguments: Sequence[str] | None = None) -> int:
    """Run one of the two commands; 0 done, 2 for input that cannot be used."""
    parser = argparse.ArgumentParser(prog="python -m evals.control")
    commands = parser.add_subparsers(dest="command", required=True)
    gain = commands.add_parser("gain", help="the gain over the best baseline, with 95 %% intervals")
    gain.add_argument("--truth", type=Path, required=True, help="change points: place_id,from,status")
    gain.add_argument("--claims", type=Path, nargs="+", required=True, help="what the record was made from")
    gain.add_argument("--places", type=Path, required=True, help="places with first holders")
    gain.add_argument("--predicted", type=Path, required=True, help="output of whoholds control")
    gain.add_argument("--from", dest="first", type=date.fromisoformat, help="first day scored")
    gain.add_argument("--to", dest="last", type=date.fromisoformat, help="last day scored")
    gain.add_argument("--baseline", action="append", default=[], metavar="NAME=FILE", help="another's output")
    gain.add_argument("--scores", type=Path, help="write the figures and the reliability table here (JSON)")
    diagram = commands.add_parser("reliability", help="a reliability diagram from files of --scores")
    diagram.add_argument("--title", default="Reliability of the record of control")
    diagram.add_argument("--out", type=Path, required=True, help="the SVG to write")
    diagram.add_argument("sets", nargs="+", metavar="NAME=FILE", help="panel and its scores")
    args = parser.parse_args(arguments)
    try:
        if args.command == "gain":
            print_gains(args)
        else:
            panels = [Panel.load(name, Path(path)) for name, path in map(_pair, args.sets)]
            args.out.write_text(draw_reliability(args.title, panels), "utf-8")
    except WhoholdsError as error:
        print(f"evals.control: {error}", file=sys.stderr)
        return 2
    except OSError as error:
        print(f"evals.control: {error.filename}: {error.strerror}", file=sys.stderr)
        return 4
    return 0


def print_gains(args: argparse.Namespace) -> None:
    """Score the record and the baselines, and print gains near flips and the calibration everywhere."""
    with open_text(args.truth) as lines:
        truth = read_truth(lines, first_on=args.first, last_on=args.last, name=str(args.truth))
    with open_text(args.places) as lines:
        holders = {p.place_id: p.initial_holder for p in read_places(lines) if p.initial_holder}
    with open_text(args.places) as lines:
        squares = read_squares(lines, truth.places)
    predictions = {"record": _read(args.predicted, truth)}
    votes = votes_of(read_claims(args.claims), truth)
    predictions |= {name: method(votes, holders, truth) for name, method in BASELINES.items()}
    predictions |= follow_each(votes, holders, truth)
    predictions |= {name: _read(Path(path), truth) for name, path in map(_pair, args.baseline)}
    near = {name: score(truth, p, squares) for name, p in predictions.items()}
    every = {name: score(truth, p, squares, near_days=None) for name, p in predictions.items()}
    _print_figures(near, every)
    others = {name: scored for name, scored in near.items() if name != "record"}
    gains = measure_gains(near["record"], others)
    print("\n| gain near flips | record | best baseline | gain | 95 % interval | counts |")
    print("|---|---|---|---|---|---|")
    for name, g in gains:
        print(
            f"| {g.metric} | {g.ours:.3f} | {g.theirs:.3f} ({name}) | {g.gain:+.3f} "
            f"| {g.low:+.3f} to {g.high:+.3f} | {'yes' if g.counts else 'no'} |"
        )
    if args.scores:
        args.scores.write_text(
            json.dumps(_to_json(near["record"], every["record"]), indent=1) + "\n", "utf-8"
        )


def _print_figures(near: dict[str, Scored], every: dict[str, Scored]) -> None:
    print(f"| method | {' | '.join(f'near {m}' for m in METRICS)} | all log_loss | all ece |")
    print("|---" * (len(METRICS) + 3) + "|")
    for name, scored in near.items():
        figures, rest = scored.figures(), every[name].figures()
        cells = [f"{figures[m]:.3f}" for m in METRICS] + [f"{rest['log_loss']:.3f}", f"{rest['ece']:.3f}"]
        print(f"| {name} | {' | '.join(cells)} |")


def _to_json(near: Scored, every: Scored) -> dict[str, object]:
    found: dict[str, object] = {}
    for name, scored in (("near", near), ("all", every)):
        table = scored.reliability()
        rows = [list(row) for row in zip(table.n, table.p, table.right, strict=True)]
        found[name] = {"figures": scored.figures(), "reliability": rows}
    return found


def _read(path: Path, truth: Truth) -> Prediction:
    with open_text(path) as lines:
        return read_prediction(lines, truth, name=str(path))


def read_claims(paths: Sequence[Path]) -> list[Claim]:
    """The claims of some JSON Lines files.

    Raises:
        FormatError: A line holds none.
    """
    found = []
    for path in paths:
        with open_text(path) as lines:
            for number, line in enumerate(lines, 1):
                if line.strip():
                    try:
                        found.append(claim_from_json(json.loads(line), UTC))
                    except ValueError as error:
                        raise FormatError(f"{path}, line {number}: {error}") from None
    return found


def _pair(text: str) -> tuple[str, str]:
    name, equals, path = text.partition("=")
    if not (name and equals and path):
        raise FormatError(f"{text!r} must be NAME=FILE")
    return name, path


if __name__ == "__main__":
    raise SystemExit(main())
