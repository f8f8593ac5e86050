"""The machine's door: everything the pages show, as JSON, described at /api/openapi.json.

Reads only through the server's view. Lists are paged; errors are problem documents (RFC 9457).
"""

from __future__ import annotations

import csv
import io
import json
from collections.abc import Iterator
from pathlib import Path
from typing import Annotated, Any, Literal

from fastapi import APIRouter, Depends, Query
from fastapi.responses import JSONResponse, Response, StreamingResponse

from whoholds.errors import InputError
from whoholds.ground.record import GroundRecord
from whoholds.model import Claim, Report
from whoholds.model.contract import claim_to_json, moment_to_json, reading_to_json
from whoholds.publish.cells import plain_cell
from whoholds.publish.control import control_csv, control_geojson
from whoholds.web import basemap, ground_views, histories
from whoholds.web.filters import PAGE_SIZE, Wanted
from whoholds.web.intake import Submitted, read_submission, submission
from whoholds.web.site import Known, On, Site, TheSite
from whoholds.web.status import Forbidden
from whoholds.web.wording import DEMO_BADGE, is_demo

__all__ = ["BUILT", "router"]

router = APIRouter(prefix="/api")

BUILT = Path(__file__).parent / "static" / "app"
Json = dict[str, Any]


@router.get("/theatre", tags=["record"], summary="The theatre, its parties, and the span of both clocks")
def read_theatre(site: TheSite) -> Json:
    """Names, colours, area; the days of the record and the days on which something was reported."""
    theatre, stats = site.theatre, site.view().stats()
    known = ground_views.known_span(stats, theatre)
    days = None
    if known is not None:
        record = site.record(None)
        days = {"first": record.days[0].isoformat(), "last": record.days[-1].isoformat()}
    return {
        **ground_views.theatre_to_json(theatre),
        "days": days,
        "known": known,
        "audience": site.audience.value,
        "can_save": site.can_save,
        "n_reports": stats.n_reports,
        "n_claims": stats.n_claims,
    }


@router.get("/record", tags=["record"], summary="What stays the same from day to day: cells, places, states")
def read_frame(site: TheSite, known: Known = None) -> Json:
    """H3 cell indexes and places, in the order of every day's numbers."""
    record = site.record(known)
    return ground_views.frame_to_json(record, _places(site, record))


@router.get("/record/day", tags=["record"], summary="One day's probabilities, per mille, a list a state")
def read_day(site: TheSite, on: On = None, known: Known = None) -> JSONResponse:
    """Numbers alone; `unknown` has the positions of cells that nothing is known of."""
    record = site.record(known)
    day = site.parse_day(on, record)
    body = ground_views.day_to_json(record, day, _places(site, record))
    body["front"] = record.front(day)
    return JSONResponse(body)


@router.get("/control", tags=["record"], summary="The control record of a day, a row or polygon a cell")
def read_control(
    site: TheSite,
    on: On = None,
    known: Known = None,
    form: Annotated[Literal["csv", "geojson"], Query(alias="format")] = "geojson",
) -> StreamingResponse:
    """The contract's control record over cells."""
    record = site.record(known)
    day = site.parse_day(on, record)
    name = f"control-{site.theatre.id}-{day}"
    if form == "csv":
        return _download(control_csv(record, day), "text/csv", f"{name}.csv")
    return _download(control_geojson(record, day), "application/geo+json", f"{name}.geojson")


@router.get("/area", tags=["record"], summary="Square kilometres by party on a day, with 80 % intervals")
def read_area(site: TheSite, on: On = None, known: Known = None) -> Json:
    """Ground that a party holds and did not hold on the start line's day; contested ground apart."""
    record = site.record(known)
    day = site.parse_day(on, record)
    return {
        "on": day.isoformat(),
        "method": record.method,
        "rows": [
            {"party": name, "km2": round(a.km2, 1), "low_km2": round(a.low, 1), "high_km2": round(a.high, 1)}
            for name, a in record.area(day).items()
        ],
    }


@router.get("/places", tags=["record"], summary="Places that claims are about")
def read_places(site: TheSite) -> Json:
    """All places, areas and unresolved words too, most claims first."""
    return {
        "places": [
            {
                "place_id": p.place_id,
                "name": p.name,
                "kind": p.kind,
                "lon": p.lon,
                "lat": p.lat,
                "radius_m": p.radius_m,
                "n_claims": p.n_claims,
            }
            for p in site.view().places()
        ]
    }


@router.get(
    "/history/{unit_id:path}", tags=["record"], summary="A place's or cell's states and the claims behind"
)
def read_history(site: TheSite, unit_id: str, on: On = None, known: Known = None) -> Json:
    """Change points, and how far each claim speaks for or against the state on the day."""
    record = site.record(known)
    day = site.parse_day(on, record)
    points = record.place_history(unit_id) if unit_id in record.places else record.cell_history(unit_id)
    return {
        "unit_id": unit_id,
        "on": day.isoformat(),
        "method": record.method,
        "history": [
            {
                "from": s.on.isoformat(),
                "status": s.status,
                **{f"p_{k}": v for k, v in s.p},
                "n_claims": s.n_claims,
            }
            for s in points
        ],
        "contributions": [
            {
                "claim_id": c.claim_id,
                "about": c.on.isoformat(),
                "state": c.state,
                "log_odds": c.weight,
                "is_for": c.is_for,
            }
            for c in record.contributions(unit_id, day)
        ],
    }


@router.get("/claims", tags=["claims"], summary="Claims, newest first, filtered")
def list_claims(
    site: TheSite,
    query: Wanted,
    form: Annotated[Literal["json", "jsonl", "csv"], Query(alias="format")] = "json",
) -> Response:
    """JSON gives a page; JSON Lines and CSV give all that match."""
    view, zone = site.view(), site.theatre.zone
    if form == "json":
        found = view.claims(query.paged(PAGE_SIZE))
        total = view.count_claims(query.filter)
        return JSONResponse(
            {
                "page": query.page,
                "page_size": PAGE_SIZE,
                "total": total,
                "claims": [_claim_json(site, c) for c in found],
            }
        )
    found = view.claims(query.filter)
    if form == "jsonl":
        lines = (json.dumps(claim_to_json(c, zone), ensure_ascii=False) + "\n" for c in found)
        return _download(lines, "application/jsonl", "claims.jsonl")
    return _download(_claims_csv(site, found), "text/csv", "claims.csv")


@router.get("/claims/{claim_id}", tags=["claims"], summary="One claim")
def read_claim(site: TheSite, claim_id: str) -> Json:
    """A claim of the contract, with what assessments leave it as."""
    view = site.view()
    claim = view.claim(claim_id)
    return {**_claim_json(site, claim), "status": view.claim_statuses([claim_id]).get(claim_id, "new")}


@router.get("/reports", tags=["reports"], summary="Reports, newest first")
def list_reports(
    site: TheSite, q: str = "", publisher: str = "", page: Annotated[int, Query(ge=1, le=100_000)] = 1
) -> Json:
    """A page of reports without their texts."""
    view = site.view()
    asked = {"publisher": publisher.strip() or None, "text": q.strip() or None}
    found = view.reports(**asked, limit=PAGE_SIZE, offset=(page - 1) * PAGE_SIZE)
    return {
        "page": page,
        "page_size": PAGE_SIZE,
        "total": view.count_reports(**asked),
        "reports": [_report_json(r) for r in found],
    }


@router.get("/reports/{report_id}", tags=["reports"], summary="A report with its newest reading")
def read_report(site: TheSite, report_id: str) -> Json:
    """Text (as far as it may be shown) and what was read in it."""
    stored = site.view().report(report_id)
    return {
        **_report_json(stored.report),
        "display": stored.display,
        "text": stored.report.text,
        "reading": stored.reading,
        "status": stored.status,
        "recorded_at": moment_to_json(stored.recorded_at),
    }


Form = Annotated[Submitted, Depends(submission)]


@router.post("/read", tags=["reading"], summary="Read a text; keep nothing")
def read_text(site: TheSite, form: Form) -> Json:
    """The contract's reading. `draft` is what `POST /api/reports` takes to keep it."""
    draft = read_submission(site, form)
    return {**reading_to_json(draft.reading, site.theatre.zone, with_text=True), "draft": draft.key}


@router.post("/reports", tags=["reading"], summary="Keep a text that was read", status_code=201)
def save_text(site: TheSite, draft: Annotated[str, Query(description="From POST /api/read")]) -> Json:
    """Adds the report and its claims to the ledger. Only on a server that listens on loopback."""
    return {"report_id": save_draft(site, draft)}


def save_draft(site: Site, key: str) -> str:
    """Keep a draft; the id of its report.

    Raises:
        Forbidden: This server keeps nothing.
        NotFoundError: The draft is no longer at hand.
        InputError: It was rejected on the second reading.
    """
    if not site.can_save:
        raise Forbidden(
            "this server does not keep texts; run `whoholds serve FILE` on your own machine to save"
        )
    incoming = site.drafts.get(key)
    summary = site.workspace.add([incoming])
    if summary.rejections:
        raise InputError(summary.rejections[0].message, code=summary.rejections[0].code)
    return incoming.report.id


@router.get("/basemap", tags=["record"], summary="Country outlines near the theatre")
def read_basemap(site: TheSite) -> JSONResponse:
    """GeoJSON from Natural Earth (public domain)."""
    return JSONResponse(
        basemap.cut_outlines(BUILT / "basemap.topojson", site.theatre.area.bbox),
        headers={"Cache-Control": "max-age=3600"},
    )


def _places(site: Site, record: GroundRecord) -> list[Json]:
    return ground_views.record_places(record, site.view().places())


def _claim_json(site: Site, claim: Claim) -> Json:
    record = claim_to_json(claim, site.theatre.zone)
    return {**record, "badge": DEMO_BADGE} if is_demo(claim, None) else record


def _report_json(report: Report) -> Json:
    record: Json = {
        "id": report.id,
        "title": report.title,
        "publisher": report.publisher,
        "published_at": moment_to_json(report.published_at),
        "lang": report.lang,
        "address": report.address,
        "origin": report.origin,
        "sha256": report.sha256,
    }
    return {**record, "badge": DEMO_BADGE} if is_demo(None, report) else record


_COLUMNS = (
    "id",
    "reported_at",
    "publisher",
    "speaker",
    "side",
    "via",
    "stance",
    "polarity",
    "event",
    "actor",
    "actor_id",
    "places",
    "place_ids",
    "holds_from",
    "holds_to",
    "quantities",
    "quote",
    "p",
    "echo_of",
    "reader",
    "origin",
    "report_id",
)


def _claims_csv(site: Site, claims: list[Claim]) -> Iterator[str]:
    buffer = io.StringIO()
    writer = csv.writer(buffer, lineterminator="\n")
    writer.writerow(_COLUMNS)
    view = site.view()
    publishers: dict[str, str] = {}
    for claim in claims:
        if claim.report_id not in publishers:
            report = histories.find_report(view, claim.report_id)
            publishers[claim.report_id] = (report.publisher if report else None) or ""
        row = claim_to_json(claim, site.theatre.zone)
        speaker = claim.speaker
        values = {
            **row,
            "publisher": publishers[claim.report_id],
            "speaker": speaker.name if speaker else "",
            "side": speaker.side if speaker else "",
            "via": "; ".join(s.name for s in claim.attribution[:-1]),
            "places": "; ".join(p.name for p in claim.places),
            "place_ids": "; ".join(p.place_id or "" for p in claim.places),
            "holds_from": row["holds"]["from"],
            "holds_to": row["holds"]["to"],
            "quantities": "; ".join(q.span.exact for q in claim.quantities if q.span),
            "quote": claim.quote.exact if claim.quote else "",
            "origin": claim.origin,
        }
        writer.writerow([plain_cell(values.get(name)) for name in _COLUMNS])
        yield buffer.getvalue()
        buffer.seek(0)
        buffer.truncate()
    yield buffer.getvalue()


def _download(parts: Iterator[str], media_type: str, name: str) -> StreamingResponse:
    return StreamingResponse(
        parts, media_type=media_type, headers={"Content-Disposition": f'attachment; filename="{name}"'}
    )
