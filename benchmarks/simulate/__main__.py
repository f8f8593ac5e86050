"""The command line of the package; its docstring says what for."""

from __future__ import annotations

import argparse
import csv
import json
import time
from collections.abc import Sequence
from pathlib import Path

from benchmarks.simulate.runs import draw_told, place_rows, simulated_theatre, truth_of
from benchmarks.simulate.studies import (
    print_table,
    study_calibration,
    study_coverage,
    study_degradation,
    study_recovery,
)
from benchmarks.simulate.voices import draw_cast
from benchmarks.simulate.world import Size, draw_world

from whoholds.model.contract import claim_to_json

__all__ = ["main"]

WARS = {"coverage": 100, "recovery": 6, "calibration": 40, "degradation": 8}


def main(arguments: Sequence[str] | None = None) -> None:
    """Run one study, or all, and print its tables; or write one drawn war as files."""
    parser = argparse.ArgumentParser(prog="python -m benchmarks.simulate")
    parser.add_argument("what", choices=(*WARS, "all", "write"))
    parser.add_argument("--wars", type=int, help=f"wars to draw; by default {WARS}")
    parser.add_argument("--seed", type=int, default=0, help="of the first war")
    parser.add_argument("--places", type=int, help="places a war")
    parser.add_argument("--days", type=int, help="days a war")
    parser.add_argument("--out", type=Path, help="folder for `write`")
    args = parser.parse_args(arguments)
    if args.what == "write":
        write_war(args.out or Path("simulated"), args.seed, size_of(args, "write"))
        return
    for name in WARS if args.what == "all" else (args.what,):
        began = time.process_time()
        seeds = range(args.seed, args.seed + (args.wars or WARS[name]))
        run_study(name, seeds, size_of(args, name))
        print(f"\n{len(seeds)} wars from seed {args.seed}, {time.process_time() - began:.0f} CPU seconds")


def size_of(args: argparse.Namespace, name: str) -> Size:
    """The size asked for; larger wars where sources are to be learned."""
    usual = Size(300, 200) if name == "recovery" else Size()
    return Size(args.places or usual.n_places, args.days or usual.n_days)


def run_study(name: str, seeds: Sequence[int], size: Size) -> None:
    """One study's tables, printed."""
    if name == "coverage":
        print_table("Coverage of the 80 % intervals of areas", study_coverage(seeds, size)[0])
    elif name == "recovery":
        titles = ("Words: share told from knowledge", "Maps: daily rates", "One voice lies more and more")
        for title, table in zip(titles, study_recovery(seeds, size), strict=True):
            print_table(title, table)
    elif name == "calibration":
        titles = ("The record and the baselines", "Gain over the best baseline", "Reliability")
        for title, table in zip(titles, study_calibration(seeds, size), strict=True):
            print_table(title, table)
    else:
        print_table("As sources lie, copy and fall silent", study_degradation(seeds, size))


def write_war(folder: Path, seed: int, size: Size) -> None:
    """One drawn war as claims, places and truth, in the forms that the commands take."""
    folder.mkdir(parents=True, exist_ok=True)
    world = draw_world(seed, size)
    claims, _ = draw_told(world, draw_cast(seed), seed)
    zone = simulated_theatre().zone
    lines = (json.dumps(claim_to_json(c, zone), ensure_ascii=False) + "\n" for c in claims)
    (folder / "claims.jsonl").write_text("".join(lines), "utf-8")
    with (folder / "places.csv").open("w", newline="") as file:
        rows = csv.writer(file, lineterminator="\n")
        rows.writerow(["place_id", "name", "lon", "lat", "initial_holder", "initial_on", "radius_m"])
        for r in place_rows(world):
            rows.writerow([r.place_id, r.name, r.lon, r.lat, r.initial_holder, r.initial_on, r.radius_m])
    truth = truth_of(world)
    with (folder / "truth.csv").open("w", newline="") as file:
        rows = csv.writer(file, lineterminator="\n")
        rows.writerow(["place_id", "from", "status"])
        for place, status in zip(truth.places, truth.status, strict=True):
            last = None
            for day, state in enumerate(status.tolist()):
                if state != last:
                    rows.writerow([place, world.day(day), truth.states[state]])
                last = state
    print(f"{len(claims)} claims about {len(truth.places)} places in {folder}")


if __name__ == "__main__":
    main()
