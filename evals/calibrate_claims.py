"""The probability that a claim is right: fitted on wars that neither rules nor models were made on.

    python -m evals.calibrate_claims             # how well it holds, by cross-validation over wars
    python -m evals.calibrate_claims --write     # and put the weights of all of them into the reader's data

A case is a claim that the reader puts out; it is right where gold has a claim in its place (as `whoholds
evaluate claims` pairs them) and speaker, stance, polarity and event are the same. Logistic regression on
`features_of`, with an L2 penalty of 3 on all weights but the constant: some fifty features on some thousand
cases, each seen some dozens of times. The reader is right on `dev` and most of `wide` far more often than
elsewhere, since its models learned from them: so the cases are those of `blind` and of the wars of `wide`
that `tuning.txt` keeps from learning. Each war is judged by weights of the other wars, since claims of one
war share names and outlets. Out: expected calibration error in ten bins (Naeini et al. 2015), Brier score
(that of the base rate beside it), area under the ROC curve.
"""

from __future__ import annotations

import argparse
import json
import math
from collections.abc import Collection, Sequence
from pathlib import Path

import numpy as np
from evals.train_wording import tuning_wars
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
DATA = HERE.parent / "src" / "whoholds" / "read" / "certainty" / "data" / "confidence.toml"
PENALTY = 3.0
CONSTANT = "one"
Case = tuple[str, Claim, bool]


def main() -> int:
    """Print the figures; write the weights if asked."""
    parser = argparse.ArgumentParser(description=__doc__.splitlines()[0] if __doc__ else None)
    parser.add_argument("--write", action="store_true", help="put the weights into the reader's data")
    options = parser.parse_args()
    kept = tuning_wars()
    cases = read_cases("wide", kept) + read_cases("blind")
    right = np.array([float(ok) for _, _, ok in cases])
    wars = np.array([war for war, _, _ in cases])
    names = sorted({name for _, claim, _ in cases for name in features_of(claim)})
    rows = rows_of(cases, names)
    tried = np.zeros(len(cases))
    for left_out in sorted(set(wars)):
        out = wars == left_out
        tried[out] = sigmoid(rows[out] @ fit(rows[~out], right[~out], names))
    show(f"{len(cases)} claims of {len(set(wars))} wars", tried, right)
    weights = fit(rows, right, names)
    if options.write:
        DATA.write_text(as_toml(names, weights.tolist(), len(cases)), encoding="utf-8")
        print(f"wrote {DATA.relative_to(HERE.parent)}")
    return 0


def show(label: str, p: NDArray[np.float64], right: NDArray[np.float64]) -> None:
    """One line of figures."""
    base = float(right.mean())
    ece = calibration_error(list(zip(p.tolist(), (right == 1).tolist(), strict=True)))
    brier = float(((p - right) ** 2).mean())
    print(f"{label}: {base:.3f} right, ECE {ece:.3f}, Brier {brier:.3f} ({base * (1 - base):.3f}), ", end="")
    print(f"AUC {auc(p, right):.3f}")


def rows_of(cases: Sequence[Case], names: Sequence[str]) -> NDArray[np.float64]:
    """The features of cases, [cases, names]."""
    found = [features_of(claim) for _, claim, _ in cases]
    return np.array([[features.get(name, 0.0) for name in names] for features in found])


def read_cases(part: str, wars: Collection[str] | None = None) -> list[Case]:
    """War, claim with its raw score, and whether it is right, for every claim found; of some wars or all."""
    folder = HERE / "gold" / part
    records = [
        json.loads(line) for line in (folder / "reports.jsonl").read_text("utf-8").splitlines() if line
    ]
    if wars is not None:
        records = [r for r in records if r["id"].rsplit("-", 1)[0] in wars]
    gold = {r["id"]: r for r in map(json.loads, (folder / "gold.jsonl").read_text("utf-8").splitlines())}
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
        "# (`read/certainty/confidence.py`). Made by `python -m evals.calibrate_claims --write` from the",
        f"# {n_cases} claims that the reader finds in wars that nothing learned from; do not edit by hand.",
        "[weights]",
    ]
    lines += [f'"{name}" = {weight:.3f}' for name, weight in zip(names, weights, strict=True)]
    return "\n".join(lines) + "\n"


if __name__ == "__main__":
    raise SystemExit(main())
