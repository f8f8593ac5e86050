"""The examples in the docs are what the program prints, every command is documented, no link is broken.

A block ```console holds `$ whoholds …` lines, each with its output below. WHOHOLDS_UPDATE_DOCS=1 writes the
outputs anew instead of comparing; look at the change before you commit it.
"""

from __future__ import annotations

import os
import re
import subprocess
import sys
from pathlib import Path

import pytest

ROOT = Path(__file__).resolve().parents[2]
PAGES = sorted([ROOT / "README.md", *(ROOT / "docs").glob("*.md")])
BLOCK = re.compile(r"^```console\n(.*?)^```$", re.DOTALL | re.MULTILINE)


def blocks(page: Path) -> list[str]:
    return BLOCK.findall(page.read_text("utf-8"))


def run(command: str) -> str:
    """What a command line prints; pipes and redirections as in a shell."""
    env = os.environ | {"COLUMNS": "120", "PATH": f"{Path(sys.executable).parent}:{os.environ['PATH']}"}
    done = subprocess.run(
        ["bash", "-c", command], cwd=ROOT, env=env, capture_output=True, text=True, check=False
    )
    assert "Traceback" not in done.stderr, done.stderr
    output = done.stdout + done.stderr
    return "".join(line.rstrip() + "\n" for line in output.strip("\n").splitlines())


def replay(block: str) -> str:
    commands = [line for line in block.splitlines() if line.startswith("$ ")]
    return "".join(f"{command}\n{run(command[2:])}" for command in commands)


CASES = [(page, block) for page in PAGES for block in blocks(page)]


@pytest.mark.parametrize(("page", "block"), CASES, ids=[f"{p.name}-{i}" for i, (p, _) in enumerate(CASES)])
def test_examples_print_what_the_page_says(page: Path, block: str) -> None:
    found = replay(block)
    if os.environ.get("WHOHOLDS_UPDATE_DOCS"):
        page.write_text(page.read_text("utf-8").replace(block, found), "utf-8")
    else:
        assert found == block, f"{page.name}: run with WHOHOLDS_UPDATE_DOCS=1 and look at the change"


def test_the_readme_has_examples() -> None:
    assert len(blocks(ROOT / "README.md")) >= 2


@pytest.mark.parametrize(
    "page", [*PAGES, *ROOT.glob("*.md"), *ROOT.glob("e*/**/README.md")], ids=lambda p: p.name
)
def test_links_within_the_repository_lead_somewhere(page: Path) -> None:
    text = page.read_text("utf-8")
    for target in re.findall(r"\]\(([^)#\s]+)(?:#[\w-]*)?\)", text):
        if not re.match(r"[a-z]+:", target):
            assert (page.parent / target).exists(), f"{page.name} links to {target}, which is not there"


def test_every_command_is_documented() -> None:
    from typer.main import get_command

    from whoholds.cli.main import app

    text = (ROOT / "docs" / "commands.md").read_text("utf-8")
    root = get_command(app)
    for name, command in root.commands.items():  # type: ignore[attr-defined]
        for path in [f"{name} {sub}" for sub in getattr(command, "commands", {})] or [name]:
            assert f"whoholds {path}" in text, f"docs/commands.md does not speak of `whoholds {path}`"


def test_the_readme_example_is_the_file_that_it_names() -> None:
    readme = (ROOT / "README.md").read_text("utf-8")
    quoted = " ".join(
        line.removeprefix("> ").strip() for line in readme.splitlines() if line.startswith("> ")
    )
    body = (ROOT / "examples" / "readme" / "report.md").read_text("utf-8").split("---\n")[2]
    assert quoted == " ".join(body.split())
