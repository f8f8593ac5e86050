"""Pages: what they show, and what they never let through."""

from __future__ import annotations

import re

import pytest
from starlette.testclient import TestClient

from tests.web.laid import REPORTS
from whoholds.web.wording import DEMO_BADGE

DEMO = REPORTS[1]
HOSTILE_REPORT = REPORTS[2]
BADGE = DEMO_BADGE.replace("'", "&#39;")
HTML = {"accept": "text/html"}


@pytest.mark.parametrize(
    "path",
    [
        "/",
        "/claims",
        "/claims?q=Alderford&side=NO&event=control_gained&stance=claimed&from=2025-03-01&to=2025-03-31",
        "/reports",
        "/places",
        "/places/laid:1",
        "/places/laid:1?day=2025-03-08&known=2025-03-07",
        "/places?q=alderford",
        "/read",
        "/summary?day=2025-03-10",
        "/theatre.css",
        *(f"/reports/{r.id}" for r in REPORTS),
    ],
)
def test_pages_answer_with_the_strict_policy(client: TestClient, path: str) -> None:
    """Every page is there, runs only our own scripts, and sets no cookie."""
    response = client.get(path, headers=HTML)
    assert response.status_code == 200, response.text
    policy = response.headers["content-security-policy"]
    assert "default-src 'none'" in policy
    assert "unsafe" not in policy
    assert "set-cookie" not in response.headers
    assert response.headers["x-content-type-options"] == "nosniff"


def test_no_page_has_inline_scripts_or_styles_or_foreign_addresses(client: TestClient) -> None:
    """Templates keep to what the policy allows."""
    for path in ("/", "/claims", "/reports", "/places/laid:1", "/read", f"/reports/{REPORTS[0].id}"):
        page = client.get(path, headers=HTML).text
        assert not re.search(r"<script(?![^>]*\bsrc=\"/static/)", page), path
        assert not re.search(r"\sstyle=|\son[a-z]+=\"", page), path
        loads = re.findall(r"<(?:script|img|link)[^>]*(?:src|href)=\"([^\"]+)\"", page)
        assert all(address.startswith("/") for address in loads), loads


@pytest.mark.parametrize(
    "path",
    ["/claims", "/reports", f"/reports/{HOSTILE_REPORT.id}", "/places/laid:3", "/claims?q=dawn", "/places"],
)
def test_hostile_reports_are_escaped(client: TestClient, path: str) -> None:
    """Markup in titles, publishers, places and texts is shown as words."""
    page = client.get(path, headers=HTML).text
    assert "<script>window" not in page
    assert "<img src=" not in page
    assert "Cressing <b>" not in page
    assert "<i>Hostile" not in page
    assert 'href="javascript' not in page


def test_demo_reports_carry_their_badge_wherever_they_show(client: TestClient) -> None:
    """The report, its claims in the table, at a place, on their own page, in the figures and in the API."""
    claims = client.get("/api/claims", params={"report": DEMO.id}).json()["claims"]
    assert len(claims) == 2
    for path in (
        f"/reports/{DEMO.id}",
        "/reports",
        f"/claims?report={DEMO.id}",
        f"/claims/{claims[0]['id']}",
        "/places/laid:4?day=2025-03-15",
    ):
        assert BADGE in client.get(path, headers=HTML).text, path
    assert all(c["badge"] == DEMO_BADGE and c["origin"] == "written-for-demo" for c in claims)
    assert client.get(f"/api/reports/{DEMO.id}").json()["badge"] == DEMO_BADGE
    assert "written-for-demo" in client.get("/api/claims?format=csv").text


def test_other_reports_carry_no_badge(client: TestClient) -> None:
    """The badge is for our own writing alone."""
    assert BADGE not in client.get(f"/reports/{REPORTS[0].id}", headers=HTML).text


def test_report_page_marks_nested_claims_and_keeps_the_text(client: TestClient) -> None:
    """A claim inside a claim has its own number and shade; tags taken away, the text is the text."""
    report = REPORTS[0]
    page = client.get(f"/reports/{report.id}", headers=HTML).text
    assert 'class="depth-2"' in page
    body = re.search(r'<div class="text"[^>]*>(.*?)</div>', page, re.S)
    assert body is not None
    bare = re.sub(r"<a class=\"anchor\".*?</a>|<[^>]+>", "", body.group(1))
    assert bare == report.text
    keys = re.findall(r'id="claim-([0-9a-f]{12})"', page)
    assert len(keys) == len(set(keys)) == 5
    assert all(f'id="card-{key}"' in page for key in keys)


def test_display_rights_hold_on_pages(client: TestClient) -> None:
    """A publisher whose words may not be shown is covered on the report, in the table and in the API."""
    shy = REPORTS[3]
    for path in (f"/reports/{shy.id}", "/claims?place=Birchwell", "/reports", "/places/laid:2"):
        assert "Shy words" not in client.get(path, headers=HTML).text, path
    assert "Shy words" not in client.get(f"/api/reports/{shy.id}").text
    assert "Shy words" not in client.get("/api/claims?format=jsonl").text


def test_place_page_tells_state_chart_and_claims(client: TestClient) -> None:
    """Status, a chart, claims for and against with speaker, publisher, date, words and weight."""
    page = client.get("/places/laid:1?day=2025-03-15", headers=HTML).text
    assert re.search(r"<strong>(Northland|Southland|Contested)</strong>\s*on 15 Mar 2025", page)
    assert "<svg" in page
    for words in (
        "Claims for",
        "Claims against",
        "General Marsh",
        "in Laid Wire",
        "5 Mar 2025",
        "General Marsh said that Northland took Alderford",
        "weight",
    ):
        assert words in page, words


def test_known_day_hides_later_claims(client: TestClient) -> None:
    """As known on the 7th, the report of the 9th has no say."""
    early = client.get("/api/history/laid:1?on=2025-03-15&known=2025-03-07").json()
    late = client.get("/api/history/laid:1?on=2025-03-15&known=2025-03-20").json()
    demo = {c["id"] for c in client.get("/api/claims", params={"report": DEMO.id}).json()["claims"]}
    assert not demo & {c["claim_id"] for c in early["contributions"]}
    assert demo & {c["claim_id"] for c in late["contributions"]}


@pytest.mark.parametrize(
    ("query", "count"),
    [
        ("", 10),
        ("place=Alderford", 3),
        ("place=laid:4", 2),
        ("q=1%2C100", 1),
        ("speaker=Envoy+Reed", 3),
        ("side=NO", 10),
        ("side=SO", 0),
        ("event=area_total", 1),
        ("stance=denied", 1),
        ("from=2025-03-09&to=2025-03-09", 2),
        ("publisher=Laid+Wire", 5),
        ("place=Nowhere", 0),
    ],
)
def test_claims_table_filters(client: TestClient, query: str, count: int) -> None:
    """Each filter narrows the table and the API alike."""
    assert client.get(f"/api/claims?{query}").json()["total"] == count
    page = client.get(f"/claims?{query}", headers=HTML).text
    assert f"{count} claim{'' if count == 1 else 's'}</span>" in page


def test_paging_links_keep_the_filter(client: TestClient, monkeypatch: pytest.MonkeyPatch) -> None:
    """A list longer than a page is paged, newest first."""
    monkeypatch.setattr("whoholds.web.pages.PAGE_SIZE", 4)
    page = client.get("/claims?side=NO&page=2", headers=HTML).text
    assert 'href="/claims?side=NO"' in page
    assert 'href="/claims?side=NO&amp;page=3"' in page


def test_errors_are_pages_for_people(client: TestClient) -> None:
    """An unknown place says so in one line, on a page."""
    response = client.get("/places?q=Atlantis", headers=HTML)
    assert response.status_code == 404
    assert "Atlantis" in response.text
    assert 'role="alert"' in response.text
    assert "Traceback" not in response.text
