"""Pages of what checks find: disagreements, figures, forecasts, sources.

All four are tables that read without a script; every entry has an anchor and leads to its claims.
"""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from typing import Annotated, Any
from urllib.parse import urlencode

from fastapi import APIRouter, Query, Request
from fastapi.responses import Response

from whoholds.check.clashes import Clash, group_clashes
from whoholds.check.contradictions import STRONG, find_contradictions
from whoholds.check.figures import check_figures, figures_of
from whoholds.check.forecasts import Forecast
from whoholds.check.ratings import LETTERS, NUMBERS, rate_sources
from whoholds.check.settlement import areas_for_figures, drop_copies, settle_forecasts, states_of_clash
from whoholds.fuse.echoes import group_echoes
from whoholds.fuse.intake import select_known
from whoholds.ground.record import GroundRecord
from whoholds.model import Claim, ControlState, Finding
from whoholds.store import ClaimFilter
from whoholds.web import histories
from whoholds.web.check_views import describe_question, draw_areas, percent
from whoholds.web.filters import find_place
from whoholds.web.pages import render
from whoholds.web.site import Known, Site, TheSite
from whoholds.web.wording import describe_day, describe_party

__all__ = ["router"]

router = APIRouter(include_in_schema=False)
PAGE_SIZE = 30
Cards = dict[str, dict[str, Any]]
Page = Annotated[int, Query(ge=1, le=100_000)]


def _claims(site: Site, known: str | None) -> list[Claim]:
    """All claims that may be seen and were known by then, by id."""
    found = site.view().claims(ClaimFilter())
    instant = site.parse_known(known)
    return sorted(select_known(found, instant, "public", site.theatre.zone), key=lambda c: c.id)


def _cards(site: Site, claims: Iterable[Claim]) -> Cards:
    wanted = list({c.id: c for c in claims}.values())
    return {c["id"]: c for c in histories.describe_claims(site.view(), wanted, site.theatre)}


def _shares(site: Site, state: ControlState) -> str:
    ordered = sorted(state.p, key=lambda pair: -pair[1])
    return ", ".join(f"{histories.state_words(site.theatre, name)} {percent(p)}" for name, p in ordered)


@router.get("/disagreements")
def show_disagreements(
    request: Request, site: TheSite, place: str = "", hard: str = "", known: Known = None, page: Page = 1
) -> Response:
    """What cannot both be so, by place and day, with each side's words."""
    claims = drop_copies(_claims(site, known))
    findings = [
        f for f in find_contradictions(claims, site.theatre) if not hard or (f.strength or 0) >= STRONG
    ]
    wanted = find_place(site.view(), place.strip() or None)
    found = [
        c
        for c in group_clashes(findings, claims, site.theatre)
        if wanted is None or (c.place is not None and c.place.place_id == wanted)
    ]
    here = found[(page - 1) * PAGE_SIZE : page * PAGE_SIZE]
    cards = _cards(site, (c for clash in here for side in clash.sides for c in side.claims))
    fields = {"place": place.strip(), "hard": hard, "known": known or ""}
    fields = {k: v for k, v in fields.items() if v}
    return render(
        request,
        "disagreements.html",
        here="disagreements",
        groups=_describe_clashes(site, here, cards, site.record(known) if here else None),
        total=len(found),
        fields=fields,
        page=page,
        pages=max(1, -(-len(found) // PAGE_SIZE)),
        page_link=lambda n: "/disagreements?" + urlencode({**fields, "page": n}),
        place_names=[p.name for p in site.view().places()],
    )


def _describe_clashes(
    site: Site, clashes: Sequence[Clash], cards: Cards, record: GroundRecord | None
) -> list[dict[str, Any]]:
    """Clashes by place, each with its days."""
    groups: list[dict[str, Any]] = []
    for clash in clashes:
        place_id = clash.place.place_id if clash.place else None
        if not groups or groups[-1]["name"] != clash.name:
            has_page = record is not None and place_id in record.places
            link = f"/places/{place_id}" if has_page else None
            groups.append({"name": clash.name, "link": link, "days": []})
        states = states_of_clash(record, clash) if record is not None else None
        groups[-1]["days"].append(
            {
                "anchor": f"{place_id or clash.topic}-{clash.on or 'undated'}-{clash.topic}",
                "on": describe_day(clash.on, site.theatre.zone),
                "link": f"{groups[-1]['link']}?day={clash.on}" if groups[-1]["link"] and states else None,
                "verdict": clash.verdict,
                "strength": clash.strength,
                "sides": [
                    {"says": side.says, "cards": [cards[c.id] for c in side.claims]} for side in clash.sides
                ],
                "then": _shares(site, states[0]) if states else None,
                "later": _shares(site, states[1]) if states else None,
                "later_on": describe_day(states[1].on, site.theatre.zone) if states else None,
            }
        )
    return groups


@router.get("/figures")
def show_figures(request: Request, site: TheSite, known: Known = None) -> Response:
    """Official figures as equations, and beside the record's own areas."""
    claims, record = drop_copies(_claims(site, known)), site.record(known)
    alone = areas_for_figures(record.by_places, claims, site.theatre)
    findings = check_figures(claims, site.theatre, recorded=alone)
    recorded = areas_for_figures(record, claims, site.theatre)
    by_id = {c.id: c for c in claims}
    given = figures_of(claims, site.theatre)
    cards = _cards(site, [*(by_id[i] for f in findings for i in f.claim_ids), *(f.claim for f in given)])
    return render(
        request,
        "figures.html",
        here="figures",
        findings=[_describe_finding(site, f, cards) for f in findings],
        counts={v: sum(f.verdict == v for f in findings) for v in dict.fromkeys(f.verdict for f in findings)},
        chart=draw_areas(record, given, recorded, site.theatre),
        given=[
            {
                "card": cards[f.claim.id],
                "on": describe_day(f.on, site.theatre.zone),
                "words": f.words,
                "measure": f.measure.value,
                "party": describe_party(site.theatre, f.party, f.party),
            }
            for f in given
        ],
        known=known,
    )


def _describe_finding(site: Site, finding: Finding, cards: Cards) -> dict[str, Any]:
    return {
        "anchor": finding.id.rpartition(":")[2][:12],
        "on": describe_day(finding.on, site.theatre.zone),
        "verdict": finding.verdict,
        "summary": finding.summary,
        "steps": finding.steps,
        "cards": [cards[i] for i in finding.claim_ids],
    }


@router.get("/forecasts")
def show_forecasts(request: Request, site: TheSite, known: Known = None) -> Response:
    """What was foretold and what came of it; intentions apart."""
    claims, record = drop_copies(_claims(site, known)), site.record(known)
    outlook = settle_forecasts(record, claims, site.theatre)
    asked = [*outlook.scored, *outlook.unsettled, *outlook.open]
    cards = _cards(site, [*(f.claim for f in asked), *outlook.vague, *outlook.intentions])

    def rows(forecasts: Sequence[Forecast]) -> list[dict[str, Any]]:
        return [_describe_forecast(site, f, cards) for f in forecasts]

    return render(
        request,
        "forecasts.html",
        here="forecasts",
        today=describe_day(outlook.today, site.theatre.zone),
        scored=rows(outlook.scored),
        unsettled=rows(outlook.unsettled),
        open=rows(outlook.open),
        vague=[cards[c.id] for c in outlook.vague],
        intentions=[cards[c.id] for c in outlook.intentions],
        scores=outlook.scores,
    )


def _describe_forecast(site: Site, forecast: Forecast, cards: Cards) -> dict[str, Any]:
    card = cards[forecast.claim.id]
    return {
        "anchor": f"{card['key']}-{forecast.place.place_id or forecast.place.name}",
        "question": describe_question(forecast, site.theatre),
        "due": describe_day(forecast.due, site.theatre.zone),
        "card": card,
        "said": percent(forecast.p_said),
        "true": None if forecast.p_true is None else percent(forecast.p_true),
        "brier": forecast.brier,
    }


@router.get("/sources")
def show_sources(request: Request, site: TheSite, known: Known = None) -> Response:
    """Who speaks, how often, and what it was worth."""
    claims, record = _claims(site, known), site.record(known)
    ratings = rate_sources(
        claims,
        record,
        site.theatre,
        copies=group_echoes(claims),
        publishers={r.id: r.publisher for r in site.view().reports()},
        scores=settle_forecasts(record, drop_copies(claims), site.theatre).scores,
    )
    return render(
        request,
        "sources.html",
        here="sources",
        rows=[(r, describe_party(site.theatre, r.side, r.side)) for r in ratings],
        letters=[(a, words) for a, _, words in LETTERS],
        numbers=[(n, words) for n, _, words in NUMBERS],
        method=record.parameters.name,
    )
