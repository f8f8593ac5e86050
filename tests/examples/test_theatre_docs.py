"""The page on theatres: every key explained, and its example a theatre that loads."""

from __future__ import annotations

import re
from pathlib import Path

import pytest
from pydantic import BaseModel

from whoholds.theatre import Area, Party, SourceEntry, StartLine, Theatre, load_theatre

PAGE = (Path(__file__).resolve().parents[2] / "docs" / "theatre.md").read_text("utf-8")
SECTIONS = {
    "parties",
    "sources",
    "area",
    "start",
    "folder",
}  # explained under heads of their own; set by the loader


@pytest.mark.parametrize("model", [Theatre, Party, SourceEntry, Area, StartLine])
def test_every_key_is_explained(model: type[BaseModel]) -> None:
    rows = "\n".join(line.split("|")[1] for line in PAGE.splitlines() if line.startswith("| `"))
    explained = set(re.findall(r"`(\w+)`", rows))
    assert set(model.model_fields) - SECTIONS - explained == set()


def test_the_example_is_a_whole_theatre(tmp_path: Path) -> None:
    (example,) = re.findall(r"```toml\n(.*?)```", PAGE, re.DOTALL)
    (tmp_path / "theatre.toml").write_text(re.sub(r"^   ", "", example, flags=re.MULTILINE), "utf-8")
    theatre = load_theatre(tmp_path)
    assert theatre.party_ids == ("NORTH", "SOUTH")
    assert theatre.start_areas() == {}
    assert theatre.find_party("the Northern") == "NORTH"
