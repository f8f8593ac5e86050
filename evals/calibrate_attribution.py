"""How often each rule of attribution names the right speaker, on the project's own dev gold.

    python evals/calibrate_attribution.py

Every attribution whose content covers half of a gold quote (or the other way round) is a case; it is right
where its source is the claim's speaker, or somebody else in the claim's chain. Shares are drawn towards the
mean of all cases with the weight of 20 cases, rounded to 0.05: the numbers that stand in
`read/attribution/cues.py`.
"""

from __future__ import annotations

import json
from collections import defaultdict
from pathlib import Path

from whoholds.evaluate.matching import overlap, same_name
from whoholds.read.attribution import extract_attributions
from whoholds.text.parse import parse_many

DEV = Path(__file__).resolve().parent / "gold" / "dev"
PRIOR_CASES = 20


def main() -> int:
    """Print the table."""
    reports = [json.loads(line) for line in (DEV / "reports.jsonl").read_text("utf-8").splitlines()]
    gold = {r["id"]: r for r in map(json.loads, (DEV / "gold.jsonl").read_text("utf-8").splitlines())}
    cases: dict[str, list[bool]] = defaultdict(list)
    nested: list[bool] = []
    for report, parsed in zip(reports, parse_many([r["text"] for r in reports]), strict=True):
        for speech in extract_attributions(parsed):
            item = speech.attribution
            name = item.source_name or (item.source.exact if item.source else None)
            if name is None:
                continue
            for claim in gold[report["id"]]["claims"]:
                quote = (claim["quote"]["start"], claim["quote"]["end"])
                spans = [(s.start, s.end) for s in item.content]
                common = sum(overlap(quote, s) for s in spans)
                length = min(quote[1] - quote[0], sum(e - s for s, e in spans) or 1)
                if common < length / 2:
                    continue
                is_right = any(same_name(name, s["name"]) for s in claim["attribution"])
                (nested if item.nested_in is not None else cases[speech.rule]).append(is_right)
    every = [x for values in cases.values() for x in values]
    mean = sum(every) / len(every)
    print(f"all      {mean:.3f} of {len(every)}")
    for rule, values in sorted(cases.items(), key=lambda kv: -len(kv[1])):
        share = (sum(values) + PRIOR_CASES * mean) / (len(values) + PRIOR_CASES)
        print(f"{rule:12} {len(values):4} right {sum(values):4}  p {round(share * 20) / 20:.2f}")
    if nested:
        share = (sum(nested) + PRIOR_CASES * mean) / (len(nested) + PRIOR_CASES)
        print(f"nested       {len(nested):4} right {sum(nested):4}  p {share:.2f}, factor {share / mean:.2f}")
    return 0


if __name__ == "__main__":
    raise SystemExit(main())
