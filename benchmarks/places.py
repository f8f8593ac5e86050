"""Speed and memory of the gazetteer and of reading places.

    PYTHONPATH=src python benchmarks/places.py [--names 100000] [--reports FILE.jsonl]

Prints, on one core: time to open and resident memory after it; exact, folded and fuzzy look-ups a second over
distinct names drawn from the index; with `--reports`, the cost of `read_places` as a share of spaCy's own.
Processor time, so that a busy machine does not count.
"""

from __future__ import annotations

import argparse
import json
import random
import resource
import subprocess
import sys
import time
from pathlib import Path

from whoholds.places.gazetteer import StackedGazetteer, open_gazetteer
from whoholds.places.layers import IndexLayer

_START = """
import resource, time
from whoholds.places.gazetteer import open_gazetteer
start = time.perf_counter()
gazetteer = open_gazetteer()
print(time.perf_counter() - start)
before = resource.getrusage(resource.RUSAGE_SELF).ru_maxrss
for name in ("Sudzha", "Kursk", "Kyiv", "El Fasher", "Idlib"):
    assert gazetteer.find(name)
print(resource.getrusage(resource.RUSAGE_SELF).ru_maxrss * 1024)
"""


def measure_start() -> tuple[float, float]:
    """Seconds to open in a fresh process, and its peak resident bytes."""
    open_gazetteer()
    output = subprocess.run([sys.executable, "-c", _START], check=True, capture_output=True, text=True).stdout
    seconds, resident = output.split()
    return float(seconds), float(resident)


def draw_names(gazetteer: StackedGazetteer, count: int) -> list[str]:
    """Preferred names of places drawn at random, each once."""
    layer = next(x for x in gazetteer.layers if isinstance(x, IndexLayer))
    rng = random.Random(1)
    numbers = rng.sample(range(layer.index.size), min(count, layer.index.size))
    return list(dict.fromkeys(layer.index.place(n).name for n in numbers))


def rate(calls: int, seconds: float) -> str:
    """Calls a second, for people."""
    return f"{calls / seconds:>12,.0f} a second"


def main() -> None:
    """Measure and print."""
    parser = argparse.ArgumentParser()
    parser.add_argument("--names", type=int, default=100_000)
    parser.add_argument("--reports", type=Path)
    options = parser.parse_args()
    seconds, resident = measure_start()
    print(f"open                {seconds * 1000:>12.1f} ms\nresident            {resident / 1e6:>12.0f} MB")
    gazetteer = open_gazetteer()
    names = draw_names(gazetteer, options.names)
    for title, wanted in (("exact look-ups", names), ("folded look-ups", [n.upper() for n in names])):
        start = time.process_time()
        for name in wanted:
            gazetteer.find(name, limit=1)
        print(f"{title:<20}{rate(len(wanted), time.process_time() - start)}")
    spoilt = [n[:3] + n[4:] for n in names if len(n) > 6][:4000]
    start = time.process_time()
    for name in spoilt:
        gazetteer.find_fuzzy(name)
    print(f"{'fuzzy look-ups':<20}{rate(len(spoilt), time.process_time() - start)}")
    if options.reports:
        measure_reading(gazetteer, options.reports)
    print(f"peak resident       {resource.getrusage(resource.RUSAGE_SELF).ru_maxrss / 1e3:>12.0f} MB (here)")


def measure_reading(gazetteer: StackedGazetteer, path: Path) -> None:
    """`read_places` against spaCy's own time on the same texts."""
    from whoholds.places.read import read_places
    from whoholds.text.parse import parse, parse_many

    texts = [json.loads(line)["text"] for line in path.read_text("utf-8").splitlines()][:60]
    parse("Warm up.")
    start = time.process_time()
    parsed = list(parse_many(texts))
    middle = time.process_time()
    found = sum(len(read_places(p, gazetteer)) for p in parsed)
    end = time.process_time()
    share = (end - middle) / (middle - start)
    print(f"read_places         {100 * share:>12.1f} % of spaCy's time ({found} names, {len(texts)} texts)")


if __name__ == "__main__":
    main()
