"""Find Chromium for the browser tests, or install it by apt where that is allowed.

Runs first in `make test`, so that a machine without a browser says so in its first second.
"""

from __future__ import annotations

import os
import shutil
import subprocess
import sys

NAMES = ("chromium", "chromium-browser", "google-chrome", "google-chrome-stable")
COMMAND = "apt-get update && apt-get install --yes chromium"


def find_browser() -> str | None:
    """The path of a Chromium, or None. WHOHOLDS_CHROMIUM overrides."""
    named = os.environ.get("WHOHOLDS_CHROMIUM")
    if named:
        return named if os.access(named, os.X_OK) else None
    return next((path for name in NAMES if (path := shutil.which(name))), None)


def main() -> int:
    """Say nothing where there is a browser; install one as root; else stop with the command to run."""
    if find_browser():
        return 0
    if shutil.which("apt-get") and os.geteuid() == 0:
        print("setup: installing Chromium for the browser tests …", file=sys.stderr, flush=True)
        env = os.environ | {"DEBIAN_FRONTEND": "noninteractive"}
        for command in (["apt-get", "-qq", "update"], ["apt-get", "-qq", "install", "--yes", "chromium"]):
            subprocess.run(command, env=env, stdin=subprocess.DEVNULL, stdout=subprocess.DEVNULL, check=False)
        if find_browser():
            return 0
    how = (
        f"sudo sh -c '{COMMAND}'" if shutil.which("apt-get") else "install Chromium, or set WHOHOLDS_CHROMIUM"
    )
    print(f"make test needs Chromium for the browser tests; run: {how}", file=sys.stderr)
    return 4


if __name__ == "__main__":
    raise SystemExit(main())
