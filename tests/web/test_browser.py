"""The pages in a real browser: clocks, clicks, links, reading, keyboard.

Every test ends with a clean console and without a request to elsewhere.
"""

from __future__ import annotations

import os
import re
import shutil
import threading
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import pytest
import uvicorn

from tests.web.laid import REPORTS, LaidReader, NoPlaces, lay_workspace
from whoholds.pipeline import Workspace
from whoholds.web.api import BUILT
from whoholds.web.app import create_app

sync_api = pytest.importorskip("playwright.sync_api", reason="playwright comes with the dev packages")

pytestmark = pytest.mark.browser

NAMES = ("chromium", "chromium-browser", "google-chrome", "google-chrome-stable")
CHROMIUM = os.environ.get("WHOHOLDS_CHROMIUM") or next(filter(None, map(shutil.which, NAMES)), None)
WIDE, PHONE = {"width": 1280, "height": 800}, {"width": 390, "height": 844}
READY = "body[data-ready=yes]"
PATIENCE_MS = 20_000
NAME_OF_FOCUS = """(e => e === document.body ? 'BODY' : e.id || e.name || e.className)(
  document.activeElement)"""
# Claims with a weight moved the record; others about the place stand below, without one.
WEIGHED_WITHOUT = """words => ![...document.querySelectorAll('#history .claim')].some(
  claim => claim.innerText.includes('weight') && claim.textContent.includes(words))"""


class Watched:
    """A page whose console and requests are kept."""

    def __init__(self, page: Any, address: str) -> None:
        self.page, self.address = page, address
        self.said: list[str] = []
        self.asked: list[str] = []
        page.set_default_timeout(PATIENCE_MS)
        page.on("console", lambda m: self.said.append(f"{m.type}: {m.text}") if m.type != "log" else None)
        page.on("pageerror", lambda e: self.said.append(f"error: {e}"))
        page.on("request", lambda r: self.asked.append(r.url))

    def open(self, path: str) -> Any:
        """Go to a path; for the map, wait until it is drawn."""
        self.page.goto(self.address + path)
        if path.partition("?")[0] == "/":
            self.page.wait_for_selector(READY)
        return self.page

    def drawn(self, day: str, known: str = "2025-03-14") -> None:
        """Wait until the map shows a day."""
        self.page.wait_for_selector(f'body[data-drawn="{day} {known}"]')

    def query(self) -> dict[str, str]:
        """What the address says."""
        from urllib.parse import parse_qsl, urlsplit

        return dict(parse_qsl(urlsplit(self.page.url).query))


@pytest.fixture(scope="module")
def site(tmp_path_factory: pytest.TempPathFactory) -> Iterator[str]:
    """A running server, with the laid reader."""
    if not (BUILT / "build.json").is_file():
        pytest.fail("the client is not built; run: python hatch_build.py")
    patch = pytest.MonkeyPatch()
    patch.setattr("whoholds.pipeline.reading.load_reader", lambda name: LaidReader())
    patch.setattr(Workspace, "gazetteer", NoPlaces())
    with lay_workspace(tmp_path_factory.mktemp("browser") / "b.gpkg") as workspace:
        app = create_app(workspace)
        server = uvicorn.Server(uvicorn.Config(app, port=0, log_level="warning", access_log=False))
        thread = threading.Thread(target=server.run, daemon=True)
        thread.start()
        while not server.started:
            thread.join(0.05)
        port = server.servers[0].sockets[0].getsockname()[1]
        yield f"http://127.0.0.1:{port}"
        server.should_exit = True
        thread.join(10)
    patch.undo()


@pytest.fixture(scope="module")
def browser() -> Iterator[Any]:
    """The system's Chromium."""
    if CHROMIUM is None:
        pytest.skip("no Chromium on this machine; `make test` installs one")
    with sync_api.sync_playwright() as playwright:
        found = playwright.chromium.launch(
            executable_path=CHROMIUM,
            args=["--no-sandbox", "--enable-unsafe-swiftshader", "--use-angle=swiftshader"],
        )
        yield found
        found.close()


@pytest.fixture
def watched(browser: Any, site: str, request: pytest.FixtureRequest) -> Iterator[Watched]:
    """A page that must end with a clean console and no request to elsewhere."""
    options = getattr(request, "param", {"viewport": WIDE})
    context = browser.new_context(**options, reduced_motion="reduce")
    found = Watched(context.new_page(), site)
    yield found
    context.close()
    assert found.said == []
    assert [a for a in found.asked if not a.startswith((site, "blob:", "data:"))] == []


def test_slider_turns_the_day_and_the_address(watched: Watched) -> None:
    """By keys, by step buttons, by a week; the label, the figures and the address follow."""
    page = watched.open("/?day=2025-03-10")
    watched.drawn("2025-03-10")
    slider = page.locator("#day")
    slider.focus()
    page.keyboard.press("ArrowRight")
    watched.drawn("2025-03-11")
    assert watched.query()["day"] == "2025-03-11"
    assert page.locator("#day-label").inner_text() == "Tue, 11 Mar 2025"
    assert slider.get_attribute("aria-valuetext") == "Tue, 11 Mar 2025"
    page.keyboard.press("PageDown")
    watched.drawn("2025-03-04")
    page.locator("#clock-day [data-step='1']").click()
    watched.drawn("2025-03-05")
    page.wait_for_selector("#area caption:has-text('5 Mar 2025')")


def test_play_runs_to_the_end_and_stops(watched: Watched) -> None:
    """The film stops at the last day, and its key says so."""
    page = watched.open("/?day=2025-03-18")
    play = page.locator("#clock-day [data-play]")
    play.click()
    assert play.get_attribute("aria-pressed") == "true"
    watched.drawn("2025-03-20")
    page.wait_for_selector("#clock-day [data-play][aria-pressed=false]")


def test_as_known_on_changes_the_record(watched: Watched) -> None:
    """On the 7th nothing was known of the report of the 9th: the place's claims are fewer."""
    page = watched.open("/?day=2025-03-15&place=laid:1")
    page.wait_for_selector("#history .claim:has-text('after Laid Post')")
    assert not page.evaluate(WEIGHED_WITHOUT, "after Laid Post")
    page.locator("#known").focus()
    page.keyboard.press("Home")
    watched.drawn("2025-03-15", "2025-03-05")
    assert watched.query()["known"] == "2025-03-05"
    page.wait_for_function(WEIGHED_WITHOUT, arg="after Laid Post")


def test_click_on_a_place_opens_its_history_and_the_report(watched: Watched) -> None:
    """From ground to sentence: map, place, claim, report with the claim marked."""
    page = watched.open("/?day=2025-03-15&at=10/51.19/35.27")
    box = page.locator("#map").bounding_box()
    page.mouse.click(box["x"] + box["width"] / 2, box["y"] + box["height"] / 2)
    page.wait_for_selector("#history h2:has-text('Alderford')")
    assert watched.query()["place"] == "laid:1"
    assert page.evaluate("document.activeElement.tagName") == "H2"
    card = page.locator("#history .claim", has_text="General Marsh said that Northland took").first
    assert "in Laid Wire" in card.inner_text()
    card.get_by_role("link", name="In the report").click()
    page.wait_for_url("**/reports/**")
    assert page.locator("h1").inner_text() == "Marsh speaks of Alderford"
    target = page.locator(":target")
    assert target.count() == 1
    assert target.is_visible()
    assert page.locator("mark.depth-2").count() >= 1


def test_click_on_ground_opens_the_cell(watched: Watched) -> None:
    """Ground without a name has a history too."""
    page = watched.open("/?day=2025-03-15&at=11/51.175/35.30")
    box = page.locator("#map").bounding_box()
    page.mouse.click(box["x"] + box["width"] / 2, box["y"] + box["height"] / 2)
    page.wait_for_selector("#history h2:has-text('Ground cell')")
    assert re.fullmatch(r"87[0-9a-f]{13}", watched.query()["place"])
    page.locator("#history [data-close]").click()
    assert "place" not in watched.query()
    assert page.locator("#history").inner_text() == ""


def test_address_gives_the_same_view_again(watched: Watched) -> None:
    """Day, known, place, layers and map position go round; a bare address writes both clocks."""
    page = watched.open("/")
    assert {"day", "known"} <= set(watched.query())
    asked = "/?day=2025-03-09&known=2025-03-12&place=laid:2&layers=control,places&at=9.50/51.2000/35.1000"
    page = watched.open(asked)
    page.wait_for_selector("#history h2:has-text('Birchwell')")
    assert page.url == watched.address + asked
    assert page.locator("#day").input_value() == page.evaluate("String(Date.parse('2025-03-09') / 864e5)")
    page.locator("#layers summary").click()
    checked = page.eval_on_selector_all("input[name=layer]:checked", "boxes => boxes.map(b => b.value)")
    assert checked == ["control", "places"]
    page.get_by_label("Front line").check()
    assert watched.query()["layers"] == "control,front,places"


def test_a_text_is_read_and_then_saved(watched: Watched) -> None:
    """The box opens over the page, shows the claims with the words marked, and saves on demand."""
    page = watched.open("/")
    page.get_by_role("link", name="Read a text").click()
    dialog = page.get_by_role("dialog")
    dialog.get_by_label("Paste a text").fill(
        "Southland took Cressing <b>Mill</b> today. <script>window.broken = 1</script>"
    )
    dialog.get_by_label("Publisher").fill("Night Desk")
    dialog.get_by_label("Published on").fill("2025-03-13")
    dialog.get_by_role("button", name="Read", exact=True).click()
    dialog.locator("mark", has_text="Southland took Cressing <b>Mill</b>").wait_for()
    row = dialog.locator("tbody tr").first.inner_text()
    for words in ("General Marsh", "Southland took", "Cressing <b>Mill</b>", "13 Mar 2025", "82 %"):
        assert words in row
    dialog.get_by_role("button", name="Save").click()
    page.wait_for_url("**/reports/**")
    assert "Saved" in page.locator("[role=status]").first.inner_text()
    assert page.evaluate("window.broken") is None


def test_a_bad_text_says_so_in_the_box(watched: Watched) -> None:
    """One line, in the dialog; Escape closes it and gives the focus back."""
    page = watched.open("/claims")
    page.get_by_role("link", name="Read a text").click()
    dialog = page.get_by_role("dialog")
    dialog.get_by_role("button", name="Read", exact=True).click()
    dialog.get_by_role("alert").wait_for()
    assert dialog.get_by_role("alert").inner_text()
    page.keyboard.press("Escape")
    assert page.evaluate("document.activeElement.id") == "open-reader"
    # The browser itself notes the refused request.
    watched.said[:] = [line for line in watched.said if "422" not in line]


def test_hostile_report_runs_nothing(watched: Watched) -> None:
    """Its markup is words; nothing is fetched from its addresses."""
    page = watched.open(f"/reports/{REPORTS[2].id}")
    assert "<script>" in page.locator("h1").inner_text()
    assert page.evaluate("window.broken") is None


def test_keyboard_reaches_everything_with_a_visible_focus(watched: Watched) -> None:
    """Skip link first, then every control of the map page; each shows where it is."""
    page = watched.open("/")
    page.keyboard.press("Tab")
    assert page.evaluate("document.activeElement.className") == "skip"
    seen = set()
    for _ in range(40):
        page.keyboard.press("Tab")
        name = page.evaluate(NAME_OF_FOCUS)
        seen.add(name)
        style = "getComputedStyle(document.activeElement).outlineStyle"
        assert page.evaluate(style) != "none" or name in ("BODY", "main"), name
    assert {"open-reader", "day", "known", "place"} <= seen
    assert any("maplibregl-canvas" in name for name in seen)


def test_place_is_found_by_name(watched: Watched) -> None:
    """The search box is the map for those who cannot click it."""
    page = watched.open("/?day=2025-03-15")
    page.get_by_label("Find a place").fill("dunm")
    page.keyboard.press("Enter")
    page.wait_for_selector("#history h2:has-text('Dunmore')")


@pytest.mark.parametrize(
    "watched",
    [
        {"viewport": PHONE, "color_scheme": "light"},
        {"viewport": PHONE, "color_scheme": "dark"},
        {"viewport": WIDE, "color_scheme": "dark"},
    ],
    indirect=True,
)
def test_pages_fit_both_widths(watched: Watched, tmp_path: Path) -> None:
    """Nothing pushes a page sideways; a picture can be taken of each."""
    report = f"/reports/{REPORTS[0].id}"
    for path in ("/?day=2025-03-15&place=laid:1", "/claims", report, "/places/laid:1", "/read", "/places"):
        page = watched.open(path)
        assert page.evaluate("document.documentElement.scrollWidth") <= page.viewport_size["width"], path
        picture = tmp_path / "page.png"
        page.screenshot(path=picture)
        assert picture.stat().st_size > 5_000


def test_changing_to_dark_keeps_the_map(watched: Watched) -> None:
    """The style is made anew with the same data."""
    page = watched.open("/?day=2025-03-15")
    before = page.locator("#map canvas").first.screenshot()
    page.emulate_media(color_scheme="dark")
    page.wait_for_timeout(1500)
    page.locator("#clock-day [data-step='-1']").click()
    watched.drawn("2025-03-14")
    assert page.locator("#map canvas").first.screenshot() != before
