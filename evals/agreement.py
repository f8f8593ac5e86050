"""How far two passes of annotation agree: `gold/first` against `gold/second`, field by field.

Enters: two parts compiled by `compile_gold.py`, the same reports annotated twice. Leaves, on standard output:
a Markdown table. Claims are paired one to one by the overlap of their quotes (where several lie on the same
words, those with more fields alike go together); each field is then compared over the pairs by the project's
own scorer, so that a reader's figures can be read beside these. For labels out of a list Cohen's kappa
(Cohen 1960, Educ. Psychol. Meas. 20) is given too: agreement beyond what two passes with these frequencies
would reach by chance.

    python evals/agreement.py [FIRST] [SECOND]
"""

from __future__ import annotations

import json
import sys
from collections import Counter
from pathlib import Path
from typing import Any

from whoholds.evaluate.claims import score_claims

HERE = Path(__file__).resolve().parent
LEAST_OVERLAP = 0.5
"""Of the shorter quote; the scorer's own bound."""
LABELS = ("stance", "polarity", "event")
SHOWN = ("speaker", *LABELS, "actor", "target", "places", "relation", "time", "deadline", "quantities")

Record = dict[str, Any]


def main(arguments: list[str]) -> int:
    """Print the table for two parts, `first` and `second` unless named."""
    parts = [HERE / "gold" / name for name in (arguments or ["first", "second"])]
    first, second = (read_part(part / "gold.jsonl") for part in parts)
    if first.keys() != second.keys():
        print(f"the parts hold different reports: {sorted(first.keys() ^ second.keys())}", file=sys.stderr)
        return 2
    print(format_table(first, second))
    return 0


def read_part(path: Path) -> dict[str, Record]:
    """Report id to its record with claims."""
    records = [json.loads(line) for line in path.read_text("utf-8").splitlines()]
    return {record["id"]: record for record in records}


def format_table(first: dict[str, Record], second: dict[str, Record]) -> str:
    """Agreement by field, and each label that came out differently, as Markdown."""
    metrics = score_claims(first, second).metrics
    pairs = [
        pair for key, record in first.items() for pair in pair_claims(record["claims"], second[key]["claims"])
    ]
    counts = [sum(len(r["claims"]) for r in part.values()) for part in (first, second)]
    alike = sum(a["quote"] == b["quote"] for a, b in pairs)
    rows = [
        "| | agreement | kappa |",
        "|---|---|---|",
        f"| found, F1 (quotes that overlap) | {2 * len(pairs) / sum(counts):.3f} | |",
        f"| same quote to the letter, of pairs | {alike / len(pairs):.3f} | |",
    ]
    for name in SHOWN:
        if name in metrics:
            kappa = f"{measure_kappa(pairs, name):.3f}" if name in LABELS else ""
            rows.append(f"| {name} | {metrics[name]:.3f} | {kappa} |")
    rows.append(f"| whole claim, F1 | {metrics['claim_f1']:.3f} | |")
    head = f"{len(first)} reports; claims: {counts[0]} and {counts[1]}; pairs: {len(pairs)}"
    return "\n".join([head, "", *rows, "", *list_differences(pairs)])


def pair_claims(first: list[Record], second: list[Record]) -> list[tuple[Record, Record]]:
    """One-to-one pairs, the closest quotes first."""
    ranked = sorted(
        (
            (-overlap, -alike, i, j)
            for i, a in enumerate(first)
            for j, b in enumerate(second)
            if (overlap := share_words(a, b)) and (alike := count_alike(a, b)) >= 0
        )
    )
    left: set[int] = set()
    right: set[int] = set()
    pairs = []
    for _, _, i, j in ranked:
        if i not in left and j not in right:
            left.add(i)
            right.add(j)
            pairs.append((i, j))
    return [(first[i], second[j]) for i, j in sorted(pairs)]


def share_words(a: Record, b: Record) -> float:
    """Intersection over union of two quotes; 0 where less than half of the shorter one is shared."""
    (p, q), (r, s) = ((c["quote"]["start"], c["quote"]["end"]) for c in (a, b))
    common: int = min(q, s) - max(p, r)
    if common < LEAST_OVERLAP * min(q - p, s - r):
        return 0.0
    union: int = max(q, s) - min(p, r)
    return common / union


def count_alike(a: Record, b: Record) -> int:
    """How many of speaker, stance and event are the same: tells apart the claims on the same words."""
    names = [[source["name"] for source in c["attribution"]] for c in (a, b)]
    return int(names[0] == names[1]) + sum(bool(a[key] == b[key]) for key in ("stance", "event"))


def measure_kappa(pairs: list[tuple[Record, Record]], name: str) -> float:
    """Cohen's kappa of a label over the pairs; 1 where only one label occurs."""
    observed = sum(a[name] == b[name] for a, b in pairs) / len(pairs)
    ours, theirs = (Counter(pair[side][name] for pair in pairs) for side in (0, 1))
    chance = sum(n * theirs[label] for label, n in ours.items()) / len(pairs) ** 2
    return 1.0 if chance == 1 else (observed - chance) / (1 - chance)


def list_differences(pairs: list[tuple[Record, Record]]) -> list[str]:
    """The labels on which the passes differ, the most frequent first."""
    differ = Counter(
        f"{name}: {a[name]} / {b[name]}" for name in LABELS for a, b in pairs if a[name] != b[name]
    )
    return [f"- {words} ({n})" for words, n in sorted(differ.items(), key=lambda item: (-item[1], item[0]))]


if __name__ == "__main__":
    raise SystemExit(main(sys.argv[1:]))
