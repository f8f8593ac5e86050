"""Everything that must hold: lint, format, types, import order, then the whole test suite.

`python scripts/check.py [PYTEST ARGUMENTS]`, inside `.venv`. Every check runs, so that one run shows all
that is wrong; the exit status is 1 if any failed.
"""

from __future__ import annotations

import os
import subprocess
import sys
from pathlib import Path

ROOT = Path(__file__).resolve().parent.parent
BIN = Path(sys.executable).parent
CHECKS = (
    ("lint", [str(BIN / "ruff"), "check", "--quiet", "."]),
    ("format", [str(BIN / "ruff"), "format", "--check", "--quiet", "."]),
    ("types", [str(BIN / "mypy"), "--no-error-summary"]),
    ("import order", [str(BIN / "lint-imports"), "--no-cache"]),
)


def main(arguments: list[str]) -> int:
    """Run the checks, then pytest."""
    failed = []
    for name, command in CHECKS:
        print(f"== {name}", flush=True)
        if subprocess.run(command, cwd=ROOT, check=False).returncode:
            failed.append(name)
    workers = str(min(4, os.cpu_count() or 1))
    command = [sys.executable, "-m", "pytest", "-q", "-n", workers, "--dist", "loadgroup", *arguments]
    if failed:
        print(f"== failed so far: {', '.join(failed)}", flush=True)
    print("== tests", flush=True)
    status = subprocess.run(command, cwd=ROOT, check=False).returncode
    if failed:
        print(f"FAILED: {', '.join(failed)} (each stands above)", file=sys.stderr)
    return 1 if failed else status


if __name__ == "__main__":
    raise SystemExit(main(sys.argv[1:]))
