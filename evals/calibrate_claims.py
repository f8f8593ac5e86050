"""The probability that a claim is right: fitted on the dev gold, tried on the theatres left out.

    python evals/calibrate_claims.py             # how well it holds, by cross-validation over theatres
    python evals/calibrate_claims.py --write     # and put the weights of all dev into the reader's data

A case is a claim that the reader puts out; it is right where gold has a claim in its place (as `whoholds
evaluate claims` pairs them) and speaker, stance, polarity and event are the same. Logistic regression on
`features_of`, with an L2 penalty of 3 on all weights but the constant: some fifty features on some thousand
cases, each seen some dozens of times. Each theatre is judged by weights of the other theatres, since claims
of one war share names and outlets. Out: expected calibration error in ten bins (Naeini et al. 2015), Brier
score (that of the base rate beside it), area under the ROC curve; before, as the rules score, and after.
"""

from __future__ import annotations

import argparse
import json
import math
from collections.abc import Sequence
from pathlib import Path

import numpy as np
from numpy.typing import NDArray

from whoholds.acquire.files import Defaults, report_from_record
from whoholds.evaluate.calibration import calibration_error
from whoholds.evaluate.claims import is_core_right, pair_claims
from whoholds.model import Claim, Reading
from whoholds.model.contract import reading_to_json
from whoholds.places.gazetteer import open_gazetteer
from whoholds.read.certainty.confidence import features_of
from whoholds.read.reader import ReadingContext
from whoholds.read.rules_en import RulesReader

HERE = Path(__file__).resolve().parent
DEV = HERE / "gold" / "dev"
DATA = HERE.parent / "src" / "whoholds" / "read" / "certainty" / "data" / "confidence.toml"
PENALTY = 3.0
CONSTANT = "one"
Case = tuple[str, Claim, bool]


def main() -> int:
    """Print the figures; write the weights if asked."""
    parser = argparse.ArgumentParser(description=__doc__.splitlines()[0] if __doc__ else None)
    parser.add_argument("--write", action="store_true", help="put the weights into the reader's data")
    options = parser.parse_args()
    cases = read_cases()
    right = np.array([float(ok) for _, _, ok in cases])
    theatres = np.array([theatre for theatre, _, _ in cases])
    names = sorted({name for _, claim, _ in cases for name in features_of(claim)})
    rows = np.array([[features_of(claim).get(n, 0.0) for n in names] for _, claim, _ in cases])
    tried = np.zeros(len(cases))
    for theatre in sorted(set(theatres)):
        out = theatres == theatre
        tried[out] = sigmoid(rows[out] @ fit(rows[~out], right[~out], names))
    raw = np.array([claim.p for _, claim, _ in cases])
    base = float(right.mean())
    print(f"{len(cases)} claims of {len(set(theatres))} theatres, {base:.3f} right")
    for label, p in (("before", raw), ("after", tried)):
        ece = calibration_error(list(zip(p.tolist(), (right == 1).tolist(), strict=True)))
        brier = float(((p - right) ** 2).mean())
        print(
            f"{label:<8} ECE {ece:.3f}  Brier {brier:.3f} ({base * (1 - base):.3f})  AUC {auc(p, right):.3f}"
        )
    if options.write:
        weights = fit(rows, right, names)
        DATA.write_text(as_toml(names, weights.tolist(), len(cases)), encoding="utf-8")
        print(f"wrote {DATA.relative_to(HERE.parent)}")
    return 0


def read_cases() -> list[Case]:
    """Theatre, claim with its raw score, and whether it is right, for every claim that the reader finds."""
    records = [json.loads(line) for line in (DEV / "reports.jsonl").read_text("utf-8").splitlines() if line]
    gold = {r["id"]: r for r in map(json.loads, (DEV / "gold.jsonl").read_text("utf-8").splitlines())}
    reports = [report_from_record(r, Defaults(), name=str(r["id"])) for r in records]
    found: list[Case] = []
    for reading in RulesReader(is_calibrated=False).read_many(reports, ReadingContext(open_gazetteer())):
        if not isinstance(reading, Reading):
            continue
        theatre = reading.report.id.rsplit("-", 1)[0]
        for claim, (predicted, twin) in zip(
            [c for c in reading.claims if c.quote],
            pair_claims(gold[reading.report.id], reading_to_json(reading)),
            strict=True,
        ):
            found.append((theatre, claim, is_core_right(predicted, twin)))
    return found


def fit(rows: NDArray[np.float64], right: NDArray[np.float64], names: Sequence[str]) -> NDArray[np.float64]:
    """Weights of highest penalised likelihood, by Newton's method."""
    penalty = np.array([0.01 if name == CONSTANT else PENALTY for name in names])
    weights = np.zeros(len(names))
    for _ in range(50):
        p = sigmoid(rows @ weights)
        slope = rows.T @ (p - right) + penalty * weights
        bend = (rows * (p * (1 - p))[:, None]).T @ rows + np.diag(penalty)
        step = np.linalg.solve(bend, slope)
        weights -= step
        if float(np.abs(step).max()) < 1e-8:
            break
    return weights


def sigmoid(odds: NDArray[np.float64]) -> NDArray[np.float64]:
    """Probabilities of natural-log odds."""
    found: NDArray[np.float64] = 1 / (1 + np.exp(-odds))
    return found


def auc(p: NDArray[np.float64], right: NDArray[np.float64]) -> float:
    """How often a right claim has a higher probability than a wrong one."""
    above = p[right == 1][:, None] - p[right == 0][None, :]
    return float((above > 0).mean() + 0.5 * (above == 0).mean()) if above.size else math.nan


def as_toml(names: Sequence[str], weights: Sequence[float], n_cases: int) -> str:
    """The data file."""
    lines = [
        "# Natural-log odds that a claim's speaker, stance, polarity and event are right, by feature",
        "# (`read/certainty/confidence.py`). Made by `python evals/calibrate_claims.py --write` from the",
        f"# {n_cases} claims that the reader finds in the dev gold; do not edit by hand.",
        "[weights]",
    ]
    lines += [f'"{name}" = {weight:.3f}' for name, weight in zip(names, weights, strict=True)]
    return "\n".join(lines) + "\n"


if __name__ == "__main__":
    raise SystemExit(main())
