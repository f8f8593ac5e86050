"""Every bundled report of every theatre: whole, dated within its war, and honest about what it is."""

from __future__ import annotations

import re
from datetime import datetime
from pathlib import Path

import pytest

from whoholds.theatre import bundled_theatres, load_theatre

EXAMPLES = Path(__file__).resolve().parents[2] / "examples"
REPORTS = sorted(EXAMPLES.glob("*/reports/*.md"))
KEYS = {"title", "publisher", "published_at", "lang", "url", "origin", "note"}
OPTIONAL = {"facts", "further_urls", "echo_of", "corrects"}


@pytest.mark.parametrize("path", REPORTS, ids=lambda path: f"{path.parts[-3]}/{path.stem}")
def test_report_is_whole_and_honest(path: Path) -> None:
    theatre = load_theatre(path.parents[1].name)
    opening, head, body = path.read_text("utf-8").split("---\n", 2)
    assert opening == ""
    pairs = [line.split(": ", 1) for line in head.splitlines()]
    assert all(len(pair) == 2 and pair[1].strip() == pair[1] != "" for pair in pairs)
    front = dict(pairs)
    assert len(front) == len(pairs)
    assert set(front) >= KEYS
    assert set(front) - KEYS <= OPTIONAL
    assert front["origin"] == "written-for-demo"
    assert front["note"] == "our summary of a public statement, not the publisher's words"
    assert front["publisher"].startswith("whoholds demo, after ")
    assert front["lang"] == "en"
    day = datetime.fromisoformat(front["published_at"]).date()
    assert theatre.first_day is not None
    assert theatre.last_day is not None
    assert theatre.first_day <= day <= theatre.last_day
    assert re.fullmatch(rf"{day.isoformat()}-[0-9a-z-]+", path.stem)
    urls = [front["url"], *front.get("further_urls", "").split()]
    assert all(re.fullmatch(r"https?://[^\s/]+/\S*", url) for url in urls)
    facts = front.get("facts", "").split()
    assert all(re.fullmatch(r"K\d{3}", fact) for fact in facts)
    assert len(set(facts)) == len(facts)
    for key in ("echo_of", "corrects"):
        assert key not in front or (path.parent / f"{front[key]}.md").is_file()
    assert body.strip()
    # Nobody is quoted, because nobody said these words.
    assert not re.search('["“”„«»‘’`]', body + front["title"])


@pytest.mark.parametrize("name", ["kursk", "sudan"])
def test_bundled_theatres_load_by_name(name: str) -> None:
    assert bundled_theatres()[name] == EXAMPLES / name / "theatre.toml"
    assert load_theatre(name).id == name
    assert list((EXAMPLES / name / "reports").glob("*.md"))
