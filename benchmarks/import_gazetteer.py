"""Import of a dump of GeoNames' form: time, memory, going on after kill -9, the same file twice.

    PYTHONPATH=src python benchmarks/import_gazetteer.py [--rows 12000000] [--folder FOLDER]

Writes a synthetic dump (19 columns, made-up names in Latin and Cyrillic, one line in 100,000 broken), imports
it in a child process, kills that at half of the lines and at half of the names, lets it go on to the end,
and imports the same file again. Prints seconds and peak resident memory of each step, and checks that no
place is missing. Needs some 700 bytes of disk a row in all; deletes what it wrote.
"""

from __future__ import annotations

import argparse
import os
import random
import re
import shutil
import signal
import subprocess
import sys
import tempfile
import time
from collections.abc import Callable
from pathlib import Path

_IMPORT = """
import resource, sys
from pathlib import Path
from whoholds.places.importer import import_gazetteer
report = import_gazetteer(
    Path(sys.argv[1]), Path(sys.argv[2]), name="synthetic", progress=lambda w: print(w, flush=True)
)
peak = resource.getrusage(resource.RUSAGE_SELF).ru_maxrss
print("RESULT", report.n_places, report.n_names, report.n_rejected, peak, flush=True)
"""
_HEADS = (
    "Al",
    "Bor",
    "Che",
    "Dub",
    "Gor",
    "Ivan",
    "Kras",
    "Lip",
    "Mal",
    "Nov",
    "Ol",
    "Pok",
    "San",
    "Tur",
    "Zel",
)
_TAILS = (
    "abad",
    "burg",
    "dorf",
    "ino",
    "ka",
    "mouth",
    "nagar",
    "ovo",
    "pol",
    "sk",
    "ton",
    "ville",
    "yar",
    "yn",
)
_KINDS = (("P", "PPL"), ("P", "PPL"), ("H", "STM"), ("T", "HLL"), ("S", "SCH"), ("A", "ADM3"), ("L", "PRK"))
_LATIN, _CYRILLIC = "abdegiklmnoprstuvz", "абдегиклмнопрстувз"
BROKEN_EVERY = 100_000


def make_line(number: int, rng: random.Random) -> str:
    """One line of the dump; each `BROKEN_EVERY`th lacks columns."""
    name = rng.choice(_HEADS) + "".join(rng.choices(_LATIN, k=rng.randint(2, 6))) + rng.choice(_TAILS)
    if number % BROKEN_EVERY == 0:
        return f"{number}\t{name}\n"
    other = name.lower().translate(str.maketrans(_LATIN, _CYRILLIC)).capitalize()
    others = f"{other},{name} {rng.randint(1, 9)}" if number % 3 == 0 else ""
    kind, feature = _KINDS[number % len(_KINDS)]
    lat, lon = rng.uniform(-60, 70), rng.uniform(-180, 180)
    people = int(10 ** rng.uniform(0, 5)) if kind == "P" else 0
    return (
        f"{number}\t{name}\t{name}\t{others}\t{lat:.5f}\t{lon:.5f}\t{kind}\t{feature}\tXX\t\t"
        f"{number % 80:02d}\t{number % 900}\t\t\t{people}\t\t{number % 2000}\tEurope/Kyiv\t2024-01-01\n"
    )


def write_dump(path: Path, rows: int) -> None:
    """The dump, line by line."""
    rng = random.Random(1)
    with path.open("w", encoding="utf-8") as file:
        for number in range(1, rows + 1):
            file.write(make_line(number, rng))


def run_import(dump: Path, folder: Path, until: Callable[[str], bool] | None = None) -> list[str]:
    """Import in a child process; with `until`, kill it at the first word of progress that fits."""
    start = time.perf_counter()
    command = [sys.executable, "-c", _IMPORT, str(dump), str(folder)]
    with subprocess.Popen(command, stdout=subprocess.PIPE, text=True) as child:
        assert child.stdout is not None
        said: list[str] = []
        for line in child.stdout:
            said.append(line.strip())
            if until is not None and until(line):
                peak = read_peak(child.pid)
                os.kill(child.pid, signal.SIGKILL)
                said.append(f"killed; peak {peak:,.0f} MB")
                break
    said.append(f"{time.perf_counter() - start:,.0f} s")
    return said


def read_peak(pid: int) -> float:
    """Peak resident memory of a running process in megabytes (Linux)."""
    for line in Path(f"/proc/{pid}/status").read_text("utf-8").splitlines():
        if line.startswith("VmHWM:"):
            return int(line.split()[1]) / 1e3
    return 0.0


def main() -> None:
    """Write, import, kill, go on, import again; print."""
    parser = argparse.ArgumentParser()
    parser.add_argument("--rows", type=int, default=12_000_000)
    parser.add_argument("--folder", type=Path)
    options = parser.parse_args()
    folder = Path(tempfile.mkdtemp(prefix="whoholds-import-", dir=options.folder))
    try:
        measure(folder, options.rows)
    finally:
        shutil.rmtree(folder)


def measure(folder: Path, rows: int) -> None:
    """All steps in `folder`."""
    dump, target = folder / "XX.txt", folder / "gazetteers"
    start = time.perf_counter()
    write_dump(dump, rows)
    print(f"dump of {rows:,} rows, {dump.stat().st_size / 1e6:,.0f} MB: {time.perf_counter() - start:,.0f} s")

    def is_half(words: str) -> bool:
        number = re.search(r"([\d,]+) lines", words)
        return number is not None and int(number.group(1).replace(",", "")) >= rows // 2

    def is_keying(words: str) -> bool:
        number = re.search(r"([\d,]+) of", words)
        return number is not None and int(number.group(1).replace(",", "")) >= rows // 2

    steps = (
        ("killed at half of the lines", is_half),
        ("killed at half of the keying", is_keying),
        ("to the end", None),
        ("the same again", None),
    )
    for title, until in steps:
        said = run_import(dump, target, until)
        first = next((s for s in said if "going on" in s or "nothing to do" in s), "")
        result = next((s for s in said if s.startswith(("RESULT", "killed"))), "FAILED")
        print(f"{title}: {said[-1]}; {result}; {first}", flush=True)
        if result.startswith("RESULT"):
            places, names, rejected, peak = (int(x) for x in result.split()[1:])
            assert places == rows - rows // BROKEN_EVERY, "places are missing"
            assert rejected == rows // BROKEN_EVERY, "bad lines are miscounted"
            print(f"  {places:,} places, {names:,} names, {rejected} bad lines, peak {peak / 1e3:,.0f} MB")
    size = sum(f.stat().st_size for f in target.iterdir())
    print(f"database: {size / 1e6:,.0f} MB")


if __name__ == "__main__":
    main()
