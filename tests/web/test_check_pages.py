"""Pages of checks: what clashes, which figures agree, what was foretold, who is worth what."""

from __future__ import annotations

import re
from collections.abc import Iterator
from dataclasses import replace
from datetime import date
from pathlib import Path

import pytest
from starlette.testclient import TestClient

from tests.web.conftest import open_client
from tests.web.laid import NOW, REPORTS, lay_report, lay_workspace, read_report
from whoholds.model import Stance
from whoholds.store import Audience
from whoholds.web.wording import DEMO_BADGE

HTML = {"accept": "text/html"}
BADGE = DEMO_BADGE.replace("'", "&#39;")
PAGES = ("/disagreements", "/figures", "/forecasts", "/sources")
PROPHECY = lay_report(
    "Northland took Dunmore by then. The end",
    publisher="<b>Late</b> Post",
    published_at=date(2025, 3, 15),
    title="A prophecy",
)
RIVAL = lay_report(
    "Southland took Alderford. The end",
    publisher="whoholds demo, after Other Wire",
    published_at=date(2025, 3, 5),
    title="Rival",
    origin="written-for-demo",
)


@pytest.fixture(scope="module")
def checked(tmp_path_factory: pytest.TempPathFactory) -> Iterator[TestClient]:
    """The laid war, a rival report of our own, and forecasts: one settled, one open, one without a day."""
    with lay_workspace(tmp_path_factory.mktemp("checks") / "laid.gpkg", (*REPORTS, RIVAL)) as workspace:
        reading = read_report(PROPHECY)
        (told,) = reading.claims
        told = replace(told, stance=Stance.PREDICTED)
        forecasts = (
            replace(told, id="sha256:" + "a" * 64, deadline=date(2025, 3, 18)),
            replace(told, id="sha256:" + "b" * 64, deadline=date(2025, 6, 1)),
            replace(told, id="sha256:" + "c" * 64),
            replace(told, id="sha256:" + "d" * 64, stance=Stance.ORDERED),
        )
        raw = PROPHECY.text.encode()
        workspace.ledger.add_reading(
            replace(reading, claims=forecasts), raw=raw, media_type="text/plain", now=NOW
        )
        with open_client(workspace, audience=Audience.PUBLIC) as client:
            yield client


def text_of(page: str) -> str:
    """A page's words, its tags and runs of spaces taken away."""
    return " ".join(re.sub(r"<[^>]+>", " ", page).split())


@pytest.mark.parametrize(
    "path", [*PAGES, "/figures?known=2025-03-06", "/disagreements?place=Alderford&hard=1"]
)
def test_pages_answer_and_keep_to_the_policy(checked: TestClient, path: str) -> None:
    """No script or style of their own, nothing foreign, nothing unescaped, and a way back to each other."""
    response = checked.get(path, headers=HTML)
    assert response.status_code == 200, response.text
    page = response.text
    assert "unsafe" not in response.headers["content-security-policy"]
    assert not re.search(r"<script(?![^>]*\bsrc=\"/static/)", page)
    assert not re.search(r"\sstyle=|\son[a-z]+=\"", page)
    assert "<b>Late</b>" not in page
    assert "Cressing <b>" not in page
    for link in PAGES:
        assert f'href="{link}"' in page
    here = path.partition("?")[0]
    assert f'href="{here}" aria-current="page"' in page


def test_links_lead_somewhere(checked: TestClient) -> None:
    """Every claim, report and place that the pages link is there, and every anchor of a table is its own."""
    for path in PAGES:
        page = checked.get(path, headers=HTML).text
        for link in set(re.findall(r'href="(/(?:claims/|reports/|places/)[^"]*)"', page)):
            assert checked.get(link.replace("&amp;", "&"), headers=HTML).status_code == 200, link
        anchors = re.findall(r' id="([^"]+)"', page)
        assert len(anchors) == len(set(anchors)), path
        for target in re.findall(r'href="#([^"]+)"', page):
            assert target in anchors, target


def test_both_sides_stand_under_their_place_and_day(checked: TestClient) -> None:
    words = text_of(checked.get("/disagreements?place=Alderford", headers=HTML).text)
    assert "5 Mar 2025 : cannot both be so" in words
    assert "Northland holds it" in words
    assert "Southland holds it" in words
    assert "Envoy Reed says : Northland took Alderford Northland took Alderford 5 Mar 2025" in words
    assert "The record of that day" in words
    assert "100 %" not in words
    assert "Birchwell" not in words.partition("Clear")[2]


def test_a_place_without_disagreement_says_so(checked: TestClient) -> None:
    words = text_of(checked.get("/disagreements?place=Nowhere", headers=HTML).text)
    assert "0 disagreements" in words
    assert "No disagreement fits" in words


def test_figures_are_listed_drawn_and_held_against_the_record(checked: TestClient) -> None:
    page = checked.get("/figures", headers=HTML).text
    assert page.count("<circle") == 1
    assert 'aria-label="General Marsh, 5 Mar 2025: 1,100 km²"' in page
    words = text_of(page)
    assert "80 % interval by what is said of single places:" in words
    assert "held by Northland" in words


def test_figures_before_anything_was_known(checked: TestClient) -> None:
    page = checked.get("/figures?known=2025-03-01", headers=HTML).text
    assert "<circle" not in page
    assert "Nobody gave one." in page


def test_forecasts_by_what_became_of_them(checked: TestClient) -> None:
    words = text_of(checked.get("/forecasts", headers=HTML).text)
    for title in (
        "Settled (1)",
        "Open on 20 Mar 2025 (1)",
        "Foretold without a day, a place or a party (1)",
        "Ordered, intended or proposed (1)",
    ):
        assert title in words, title
    assert "Will Northland hold Dunmore by 18 Mar 2025?" in words
    assert "held to 90 %" in words


def test_sources_have_grades(checked: TestClient) -> None:
    page = checked.get("/sources", headers=HTML).text
    rows = re.findall(r'<tr id="source-([^"]+)">.*?<td>([A-F][1-6])</td>', page, re.S)
    assert dict(rows)["general marsh"][1] in "12345"
    assert "F also" not in page
    assert "cannot be judged; also where nothing yet tells it from others" in page


def test_the_badge_stands_beside_our_own_words_alone(checked: TestClient) -> None:
    page = checked.get("/disagreements?place=Alderford", headers=HTML).text
    said = page.split('<div class="claim')[1:]
    ours = [part for part in said if "In whoholds demo, after Other Wire" in part]
    others = [part for part in said if "In Laid Wire" in part]
    assert ours
    assert others
    assert all(BADGE in part for part in ours)
    assert all(BADGE not in part.partition("</div>")[0] for part in others)


def test_an_empty_ledger_has_all_pages(tmp_path: Path) -> None:
    with lay_workspace(tmp_path / "empty.gpkg", ()) as workspace, open_client(workspace) as client:
        for path in PAGES:
            assert client.get(path, headers=HTML).status_code == 200, path


def test_words_that_may_not_be_shown_are_not(checked: TestClient) -> None:
    for path in PAGES:
        assert "Shy words" not in checked.get(path, headers=HTML).text, path
