"""Fit the model of what a clause's words speak for (`whoholds.read.wording`) on the project's own gold.

    python evals/train_wording.py             # accuracy of the words alone, each war left out in turn
    python evals/train_wording.py --write     # and put the weights of all of it into the package's data

Cases: every claim of `gold/dev` and `gold/wide` (the words of its quote, its event) but for the wars of
`gold/tuning.txt`, the single sentences of
`gold/sentences` (one event each) and those of `tests/read/breadth` that are not held out; the parts that
judge the reader are never read. Multinomial logistic regression with an L2 penalty, by L-BFGS. A named
feature must be seen in two cases at least: what is seen once says nothing of the next war, and the vectors
stand for it. The penalty and the scale of the vectors were chosen on dev's wars left out.
"""

from __future__ import annotations

import argparse
import json
from collections import Counter
from collections.abc import Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import numpy as np
from numpy.typing import NDArray
from scipy.optimize import minimize
from scipy.sparse import csr_matrix

from whoholds.read.wording.features import Wording, describe_clause
from whoholds.text.parse import parse_many

HERE = Path(__file__).resolve().parent
GOLD = HERE / "gold"
PARTS = ("dev", "wide")
BREADTH = HERE.parent / "tests" / "read" / "breadth" / "wars.txt"
DATA = HERE.parent / "src" / "whoholds" / "read" / "wording" / "data" / "events.npz"
PENALTY = 3.3
SCALE = 2.0
"""How much more lightly the vectors are penalised than named features: each says a little of every word."""
LEAST = 2


@dataclass(frozen=True, slots=True)
class Case:
    """One clause of gold: its war ("" for a single sentence), its event, its features."""

    war: str
    event: str
    wording: Wording


def main() -> int:
    """Print the accuracy by wars left out; write the weights if asked."""
    parser = argparse.ArgumentParser(description=__doc__.splitlines()[0] if __doc__ else None)
    parser.add_argument("--write", action="store_true", help="put the weights into the package's data")
    options = parser.parse_args()
    cases = [*read_claims(), *read_sentences()]
    wars = sorted({c.war for c in cases if c.war})
    print(f"{len(cases)} cases, {sum(not c.war for c in cases)} of them single sentences; {len(wars)} wars")
    if options.write:
        Fitted(cases).save(DATA)
        print(f"written: {DATA.stat().st_size / 1e6:.2f} MB")
        return 0
    right: Counter[str] = Counter()
    total: Counter[str] = Counter()
    for fold in np.array_split(np.random.default_rng(0).permutation(wars), min(8, len(wars))):
        left_out = set(fold.tolist())
        model = Fitted([c for c in cases if c.war not in left_out])
        for case in (c for c in cases if c.war in left_out):
            total[case.event] += 1
            right[case.event] += model.tell(case.wording) == case.event
    for event, count in total.most_common():
        print(f"{event:<20}{right[event]:>6}/{count:<6}{right[event] / count:.2f}")
    print(f"words alone, wars left out: {sum(right.values()) / sum(total.values()):.3f}")
    return 0


def tuning_wars() -> frozenset[str]:
    """The wars of `wide` that nothing is fitted on: there the weights of the witnesses are chosen."""
    lines = (GOLD / "tuning.txt").read_text("utf-8").splitlines()
    return frozenset(line for line in lines if line and not line.startswith("#"))


def read_claims() -> list[Case]:
    """The claims of the gold's parts, by the words of their quotes."""
    found = []
    kept = tuning_wars()
    for part in PARTS:
        if not (GOLD / part / "gold.jsonl").is_file():
            continue
        reports = _read_lines(GOLD / part / "reports.jsonl")
        gold = {r["id"]: r for r in _read_lines(GOLD / part / "gold.jsonl")}
        for report, parsed in zip(reports, parse_many([r["text"] for r in reports]), strict=True):
            war = report["id"].rsplit("-", 1)[0]
            if war in kept:
                continue
            for claim in gold[report["id"]]["claims"]:
                quote = claim["quote"]
                span = parsed.doc.char_span(quote["start"], quote["end"], alignment_mode="expand")
                if span is not None and claim["stance"] != "no_comment":
                    found.append(Case(war, claim["event"], describe_clause(span.root, list(span))))
    return found


def read_labelled_sentences() -> list[list[str]]:
    """The single sentences: words, event, and further columns."""
    rows = [row for number, row in enumerate(_read_rows(BREADTH)) if number % 3 < 2]
    for path in sorted((GOLD / "sentences").glob("*.txt")):
        rows += _read_rows(path)
    return [row for row in rows if row[1] not in ("-", "")]


def read_sentences() -> list[Case]:
    """The single sentences, each with its one event."""
    rows = read_labelled_sentences()
    parses = parse_many([row[0] for row in rows], has_headline=False)
    found = []
    for row, parsed in zip(rows, parses, strict=True):
        sentence = max(parsed.doc.sents, key=len)
        found.append(Case("", row[1], describe_clause(sentence.root, list(sentence))))
    return found


class Fitted:
    """A model fitted to cases."""

    def __init__(self, cases: Sequence[Case]) -> None:
        seen = Counter(name for case in cases for name in case.wording.names)
        self.names = sorted(name for name, count in seen.items() if count >= LEAST)
        self.events = sorted({case.event for case in cases})
        self._numbers = {name: number for number, name in enumerate(self.names)}
        named, dense = self._design([case.wording for case in cases])
        wanted = np.zeros((len(cases), len(self.events)))
        wanted[np.arange(len(cases)), [self.events.index(case.event) for case in cases]] = 1.0
        self.named, self.dense, self.constant = _fit(named, dense, wanted)

    def _design(self, wordings: Sequence[Wording]) -> tuple[csr_matrix, NDArray[np.float64]]:
        rows, columns = [], []
        for row, wording in enumerate(wordings):
            for name in wording.names:
                if (column := self._numbers.get(name)) is not None:
                    rows.append(row)
                    columns.append(column)
        shape = (len(wordings), len(self.names))
        named = csr_matrix((np.ones(len(rows)), (rows, columns)), shape=shape)
        return named, np.stack([w.means for w in wordings]).astype(np.float64)

    def tell(self, wording: Wording) -> str:
        """The likeliest event."""
        named, dense = self._design([wording])
        return self.events[int((named @ self.named + dense @ self.dense + self.constant).argmax())]

    def save(self, path: Path) -> None:
        """Put the weights into a file, as half-precision numbers."""
        np.savez_compressed(
            path,
            names=np.array("\n".join(self.names)),
            events=np.array("\n".join(self.events)),
            named=self.named.astype(np.float16),
            dense=self.dense.astype(np.float16),
            constant=self.constant.astype(np.float32),
        )


def _fit(
    named: csr_matrix, dense: NDArray[np.float64], wanted: NDArray[np.float64]
) -> tuple[NDArray[np.float64], NDArray[np.float64], NDArray[np.float64]]:
    """Weights of the named features and of the vectors, and constants: the penalised maximum likelihood."""
    scaled = dense * SCALE
    features, size, events = named.shape[1], dense.shape[1], wanted.shape[1]
    transposed = named.T.tocsr()

    def cost(flat: NDArray[np.float64]) -> tuple[float, NDArray[np.float64]]:
        weights = flat[:-events].reshape(features + size, events)
        scores = named @ weights[:features] + scaled @ weights[features:] + flat[-events:]
        scores -= scores.max(axis=1, keepdims=True)
        total = np.exp(scores).sum(axis=1, keepdims=True)
        logs = scores - np.log(total)
        off = np.exp(logs) - wanted
        slope = np.vstack([transposed @ off, scaled.T @ off]) + PENALTY * weights
        loss = -float((logs * wanted).sum()) + PENALTY / 2 * float((weights**2).sum())
        return loss, np.concatenate([slope.ravel(), off.sum(axis=0)])

    start = np.zeros((features + size) * events + events)
    flat = minimize(cost, start, jac=True, method="L-BFGS-B", options={"maxiter": 300}).x
    weights = flat[:-events].reshape(features + size, events)
    return weights[:features], weights[features:] * SCALE, flat[-events:]


def _read_rows(path: Path) -> list[list[str]]:
    lines = path.read_text("utf-8").splitlines()
    return [[part.strip() for part in x.split("|")] for x in lines if "|" in x and not x.startswith("#")]


def _read_lines(path: Path) -> list[dict[str, Any]]:
    return [json.loads(line) for line in path.read_text("utf-8").splitlines() if line.strip()]


if __name__ == "__main__":
    raise SystemExit(main())
