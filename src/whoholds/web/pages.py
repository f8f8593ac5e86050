"""The pages, as HTML that also reads without a script (all but the map itself).

A page that is asked for with `part=panel` comes without its frame, to be put into another page.
"""

from __future__ import annotations

from pathlib import Path
from typing import Annotated, Any
from urllib.parse import urlencode

from fastapi import APIRouter, Depends, Form, Query, Request
from fastapi.responses import HTMLResponse, RedirectResponse, Response
from fastapi.templating import Jinja2Templates

from whoholds.errors import NotFoundError
from whoholds.model import Event, Stance
from whoholds.store import CLAIM_STATUSES
from whoholds.theatre import SIDES_BESIDE_PARTIES
from whoholds.web import api, figures, histories
from whoholds.web.filters import PAGE_SIZE, Wanted, find_place
from whoholds.web.intake import Submitted, read_submission, submission
from whoholds.web.marking import cut_segments
from whoholds.web.site import Known, On, TheSite
from whoholds.web.wording import (
    DEMO_BADGE,
    EVENT_WORDS,
    STANCE_WORDS,
    describe_claim,
    describe_day,
    is_demo,
)

__all__ = ["render_problem", "router"]

router = APIRouter(include_in_schema=False)
_templates = Jinja2Templates(directory=Path(__file__).parent / "templates")
_templates.env.globals["DEMO_BADGE"] = DEMO_BADGE
_templates.env.trim_blocks = True
_templates.env.lstrip_blocks = True
Part = Annotated[str, Query(description="panel: without the page's frame")]


def render(request: Request, name: str, status: int = 200, **context: Any) -> HTMLResponse:
    """A page from its template."""
    site = request.app.state.site
    return _templates.TemplateResponse(
        request, name, {"site": site, "theatre": site.theatre, **context}, status_code=status
    )


def render_problem(request: Request, document: dict[str, Any]) -> Response:
    """A problem as a page."""
    return render(request, "problem.html", status=int(document["status"]), problem=document)


@router.get("/")
def show_map(request: Request) -> Response:
    """The map."""
    return render(request, "map.html", here="map")


@router.get("/theatre.css")
def style_theatre(site: TheSite) -> Response:
    """The parties' colours, as a style sheet of our own origin."""
    parties = site.theatre.parties
    variables = "".join(f"--party-{p.id}:{p.color};" for p in parties)
    classes = "".join(f".party-{p.id}{{--party:var(--party-{p.id})}}" for p in parties)
    return Response(f":root{{{variables}}}{classes}\n", media_type="text/css")


@router.get("/summary")
def show_summary(request: Request, site: TheSite, day: On = None, known: Known = None) -> Response:
    """Area by party on a day, and the latest official figures, as a part of the map page."""
    record = site.record(known)
    on = site.parse_day(day, record)
    view = site.view()
    official = figures.latest_figures(view, on, site.last_known_day(known))
    return render(
        request,
        "parts/summary.html",
        areas=figures.describe_areas(record, on, site.theatre),
        official=histories.describe_claims(view, official, site.theatre),
        on_words=describe_day(on, site.theatre.zone),
    )


# --- places ------------------------------------------------------------------------------------------------


@router.get("/places")
def search_places(request: Request, site: TheSite, q: str = "") -> Response:
    """Every place that claims are about; with words, the place that they name."""
    view = site.view()
    if q.strip():
        found = find_place(view, q.strip())
        if found in site.record(None).places:
            return RedirectResponse(f"/places/{found}", status_code=303)
        raise NotFoundError(
            f"no claim here is about a place called {q.strip()[:60]!r}; see the list at /places"
        )
    record = site.record(None)
    states = {key: record.place_state(key, record.days[-1]) for key in record.places}
    rows = [
        (p, histories.state_words(site.theatre, states[p.place_id].status), states[p.place_id])
        for p in view.places()
        if p.place_id in states
    ]
    on = describe_day(record.days[-1], site.theatre.zone)
    return render(request, "places.html", here="places", rows=rows, on_words=on)


@router.get("/places/{unit_id:path}")
@router.get("/cells/{unit_id}")
def show_unit(
    request: Request, site: TheSite, unit_id: str, day: On = None, known: Known = None, part: Part = ""
) -> Response:
    """A place's or a cell's history and the claims for and against."""
    record = site.record(known)
    unit = histories.describe_unit(record, site.view(), site.theatre, unit_id, site.parse_day(day, record))
    link = "/?" + urlencode(
        {"day": unit["on"].isoformat(), **({"known": known} if known else {}), "place": unit_id}
    )
    name = "parts/unit.html" if part == "panel" else "unit.html"
    return render(
        request, name, here="places", unit=unit, map_link=link, known=known, is_part=part == "panel"
    )


# --- claims ------------------------------------------------------------------------------------------------


@router.get("/claims")
def show_claims(request: Request, site: TheSite, query: Wanted) -> Response:
    """The table of claims, with filters."""
    view = site.view()
    total = view.count_claims(query.filter)
    return render(
        request,
        "claims.html",
        here="claims",
        claims=histories.describe_claims(view, view.claims(query.paged(PAGE_SIZE)), site.theatre),
        query=query,
        total=total,
        pages=max(1, -(-total // PAGE_SIZE)),
        events=[(e.value, EVENT_WORDS[e][0]) for e in Event],
        stances=[(s.value, STANCE_WORDS[s]) for s in Stance],
        sides=[(p.id, p.name) for p in site.theatre.parties] + [(s, s) for s in SIDES_BESIDE_PARTIES],
        statuses=[(s, s) for s in CLAIM_STATUSES if s != "rejected" or site.audience.value == "desk"],
        place_names=[p.name for p in view.places()],
        page_link=lambda page: f"/claims?{query.on_page(page)}",
    )


@router.get("/claims/{claim_id}")
def show_claim(request: Request, site: TheSite, claim_id: str) -> Response:
    """One claim: its words in their surroundings, its chain of sources, its places, its assessments."""
    view = site.view()
    claim = view.claim(claim_id)
    report = histories.find_report(view, claim.report_id)
    status = view.claim_statuses([claim_id]).get(claim_id, "new")
    card = describe_claim(claim, report, site.theatre, status)
    around = None
    if report is not None and claim.quote is not None:
        start, end = claim.quote.start, claim.quote.end
        around = (report.text[max(0, start - 200) : start], claim.quote.exact, report.text[end : end + 200])
    return render(
        request,
        "claim.html",
        here="claims",
        claim=card,
        raw=claim,
        report=report,
        around=around,
        assessments=view.assessments(claim_id),
        place_notes=histories.describe_place_corrections(claim, view.place_corrections(), site.theatre),
        zone=site.theatre.zone,
    )


# --- reports -----------------------------------------------------------------------------------------------


@router.get("/reports")
def list_reports(
    request: Request, site: TheSite, q: str = "", page: Annotated[int, Query(ge=1, le=100_000)] = 1
) -> Response:
    """All reports, newest first."""
    view = site.view()
    words = q.strip() or None
    total = view.count_reports(text=words)
    found = view.reports(text=words, limit=PAGE_SIZE, offset=(page - 1) * PAGE_SIZE)
    return render(
        request,
        "reports.html",
        here="reports",
        reports=[(r, describe_day(r.published_at, site.theatre.zone), is_demo(None, r)) for r in found],
        q=words or "",
        page=page,
        pages=max(1, -(-total // PAGE_SIZE)),
        total=total,
        page_link=lambda n: "/reports?" + urlencode({**({"q": words} if words else {}), "page": n}),
    )


@router.get("/reports/{report_id}")
def show_report(request: Request, site: TheSite, report_id: str, saved: int | None = None) -> Response:
    """A report with its claims marked in the text."""
    view = site.view()
    stored = view.report(report_id)
    report = stored.report
    statuses = view.claim_statuses([c.id for c in stored.claims])
    cards = [describe_claim(c, report, site.theatre, statuses.get(c.id, "new")) for c in stored.claims]
    return render(
        request,
        "report.html",
        here="reports",
        report=report,
        stored=stored,
        cards=cards,
        segments=cut_segments(report.text, [c["span"] for c in cards]),
        published=describe_day(report.published_at, site.theatre.zone),
        recorded=describe_day(stored.recorded_at, site.theatre.zone),
        is_demo=is_demo(None, report),
        link=safe_link(report.address),
        saved=saved,
    )


def safe_link(address: str | None) -> str | None:
    """A report's address, if it is one of the web: nothing else becomes a link."""
    return address if address is not None and address.lower().startswith(("https://", "http://")) else None


# --- reading -----------------------------------------------------------------------------------------------


@router.get("/read")
def show_reader(request: Request, part: Part = "") -> Response:
    """The box for a text or a file."""
    return render(request, "parts/reader.html" if part == "panel" else "read.html", here="read", form=None)


@router.post("/read")
def read_text(
    request: Request, site: TheSite, form: Annotated[Submitted, Depends(submission)], part: Part = ""
) -> Response:
    """What a text says, before anything is kept."""
    draft = read_submission(site, form)
    report = draft.reading.report
    cards = [describe_claim(c, report, site.theatre) for c in draft.reading.claims]
    name = "parts/preview.html" if part == "panel" else "preview.html"
    return render(
        request,
        name,
        here="read",
        draft=draft.key,
        report=report,
        reader=draft.reading.reader,
        cards=cards,
        segments=cut_segments(report.text, [c["span"] for c in cards]),
        published=describe_day(report.published_at, site.theatre.zone),
        is_known=histories.find_report(site.view(), report.id) is not None,
    )


@router.post("/save")
def save_text(site: TheSite, draft: Annotated[str, Form()]) -> Response:
    """Keep a text that was read, and show it."""
    report_id = api.save_draft(site, draft)
    return RedirectResponse(f"/reports/{report_id}?saved=1", status_code=303)
