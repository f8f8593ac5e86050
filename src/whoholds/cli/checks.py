"""`whoholds disagreements`, `figures`, `forecasts`, `sources`: what checks find in a ledger's claims."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from datetime import date
from pathlib import Path
from typing import TYPE_CHECKING, Annotated, Any

import typer

from whoholds.cli.console import Format, chosen_format, day_option, out
from whoholds.cli.exits import DONE
from whoholds.cli.ledger import LedgerFile, find_place_id
from whoholds.cli.opened import (
    AudienceName,
    FormatOption,
    KnownOption,
    Opened,
    ParametersOption,
    claim_lines,
    open_ledger_file,
    print_demo_note,
    print_lines,
    write_rows,
)
from whoholds.model.contract import moment_to_json
from whoholds.web.check_views import describe_question, percent

if TYPE_CHECKING:
    from whoholds.check.clashes import Clash
    from whoholds.check.forecasts import Forecast
    from whoholds.check.ratings import SourceRating
    from whoholds.check.settlement import Outlook
    from whoholds.ground.record import GroundRecord
    from whoholds.model import Claim, ControlState, Finding

__all__ = ["register"]

Cards = dict[str, dict[str, Any]]


def register(app: typer.Typer) -> None:
    """Add the four commands."""
    app.command(epilog="Example: whoholds disagreements kursk.gpkg --place Sudzha --from 2025-03-10")(
        disagreements
    )
    app.command(epilog="Example: whoholds figures kursk.gpkg --to 2025-03-12")(figures)
    app.command(epilog="Example: whoholds forecasts kursk.gpkg")(forecasts)
    app.command(epilog="Example: whoholds sources kursk.gpkg --format csv > sources.csv")(sources)


# --- disagreements ---------------------------------------------------------------------------------------


def disagreements(
    file: LedgerFile,
    place: Annotated[str | None, typer.Option(metavar="NAME|ID", help="About this place.")] = None,
    since: Annotated[str | None, typer.Option("--from", metavar="DATE", help="First day.")] = None,
    until: Annotated[str | None, typer.Option("--to", metavar="DATE", help="Last day.")] = None,
    min_strength: Annotated[
        float,
        typer.Option(
            min=0.0, max=1.0, metavar="P", help="How hard they clash at least: from 0.6 both cannot be so."
        ),
    ] = 0.0,
    as_known_on: KnownOption = None,
    parameters: ParametersOption = "latest",
    audience: AudienceName = "desk",
    format: FormatOption = None,
) -> int:
    """List what cannot both be so, by place and day, with each side's words."""
    from whoholds.check.clashes import group_clashes
    from whoholds.check.contradictions import find_contradictions
    from whoholds.check.settlement import drop_copies

    form = chosen_format(format)
    first, last = day_option(since, "--from"), day_option(until, "--to")
    with open_ledger_file(Path(file), audience, as_known_on, parameters=parameters) as opened:
        wanted = find_place_id(opened.view, place) if place else None
        claims = drop_copies(opened.claims())
        findings = [
            f for f in find_contradictions(claims, opened.theatre) if (f.strength or 0.0) >= min_strength
        ]
        found = [
            c
            for c in group_clashes(findings, claims, opened.theatre)
            if (wanted is None or (c.place is not None and c.place.place_id == wanted))
            and (first is None or (c.on is not None and c.on >= first))
            and (last is None or (c.on is not None and c.on <= last))
        ]
        cards = opened.cards(unique(c for clash in found for side in clash.sides for c in side.claims))
        record = opened.record() if found else None
        if form is Format.TABLE:
            _print_clashes(opened, found, cards, record)
        elif form is Format.CSV:
            columns = ["place_id", "place", "on", "topic", "strength", "verdict", "says", "claim_id"]
            columns += ["speaker", "side", "publisher", "reported_at", "quote", "origin"]
            write_rows(form, [row for clash in found for row in _clash_rows(opened, clash, cards)], columns)
        else:
            write_rows(form, [_clash_to_json(opened, clash, cards, record) for clash in found], [])
    return DONE


def _print_clashes(opened: Opened, found: Sequence[Clash], cards: Cards, record: GroundRecord | None) -> None:
    if not found:
        print_lines(["no disagreement fits"])
        return
    place = None
    for clash in found:
        if clash.name != place:
            place = clash.name
            print_lines([""] if clash is not found[0] else [])
            out.print(place, markup=False, style="bold")
        on = opened.day(clash.on) if clash.on else "undated"
        print_lines([f"  {on}: {clash.verdict} (strength {clash.strength:.2f})"])
        for side in clash.sides:
            print_lines([f"    {side.says}"])
            for claim in side.claims:
                print_lines(claim_lines(cards[claim.id]), indent="      ")
        states = _states(record, clash)
        if states is not None:
            print_lines([f"    the record of that day: {opened.shares(states[0])}"])
            print_lines([f"    a month later, or at its end: {opened.shares(states[1])}"])
    n = len(found)
    print_lines(["", f"{n} disagreement{'' if n == 1 else 's'}; copies of one statement are counted once"])
    print_demo_note(cards.values())


def _clash_head(clash: Clash) -> dict[str, Any]:
    return {
        "place_id": clash.place.place_id if clash.place else None,
        "place": clash.name,
        "on": moment_to_json(clash.on),
        "topic": clash.topic,
        "strength": clash.strength,
        "verdict": clash.verdict,
    }


def _clash_rows(opened: Opened, clash: Clash, cards: Cards) -> list[dict[str, Any]]:
    return [
        {**_clash_head(clash), "says": side.says, **opened.brief(claim, cards[claim.id])}
        for side in clash.sides
        for claim in side.claims
    ]


def _states(record: GroundRecord | None, clash: Clash) -> tuple[ControlState, ControlState] | None:
    from whoholds.check.settlement import states_of_clash

    return states_of_clash(record, clash) if record is not None else None


def _clash_to_json(opened: Opened, clash: Clash, cards: Cards, record: GroundRecord | None) -> dict[str, Any]:
    sides = [
        {"says": s.says, "claims": [opened.brief(c, cards[c.id]) for c in s.claims]} for s in clash.sides
    ]
    pairs = [{"id": f.id, "claim_ids": list(f.claim_ids), "strength": f.strength} for f in clash.findings]
    states = _states(record, clash)
    known = [
        {"date": s.on.isoformat(), "status": s.status, **{f"p_{n}": p for n, p in s.p}} for s in states or ()
    ]
    return {**_clash_head(clash), "sides": sides, "pairs": pairs, "record": known}


# --- figures ---------------------------------------------------------------------------------------------


def figures(
    file: LedgerFile,
    since: Annotated[str | None, typer.Option("--from", metavar="DATE", help="First day.")] = None,
    until: Annotated[str | None, typer.Option("--to", metavar="DATE", help="Last day.")] = None,
    verdict: Annotated[
        str | None,
        typer.Option(metavar="WORD", help="Only consistent, inconsistent or unjudged ones."),
    ] = None,
    as_known_on: KnownOption = None,
    parameters: ParametersOption = "latest",
    audience: AudienceName = "desk",
    format: FormatOption = None,
) -> int:
    """Hold official figures against each other and against the record, with the arithmetic line by line."""
    from whoholds.check.figures import CONSISTENT, INCONSISTENT, UNJUDGED, check_figures
    from whoholds.check.settlement import areas_for_figures, drop_copies
    from whoholds.cli.control import check_choice

    form = chosen_format(format)
    verdicts = {"consistent": CONSISTENT, "inconsistent": INCONSISTENT, "unjudged": UNJUDGED}
    if verdict is not None:
        check_choice("--verdict", verdict, tuple(verdicts))
    first, last = day_option(since, "--from"), day_option(until, "--to")
    with open_ledger_file(Path(file), audience, as_known_on, parameters=parameters) as opened:
        claims = drop_copies(opened.claims())
        recorded = areas_for_figures(opened.record().by_places, claims, opened.theatre)
        found = [
            f
            for f in check_figures(claims, opened.theatre, recorded=recorded)
            if (verdict is None or f.verdict == verdicts[verdict])
            and (first is None or (f.on is not None and f.on >= first))
            and (last is None or (f.on is not None and f.on <= last))
        ]
        by_id = {c.id: c for c in claims}
        cards = opened.cards(unique(by_id[i] for f in found for i in f.claim_ids))
        if form is Format.TABLE:
            _print_figures(opened, found, cards)
        else:
            rows = [_finding_to_json(opened, f, by_id, cards) for f in found]
            if form is Format.CSV:
                rows = [r | {"claim_ids": [c["claim_id"] for c in r["claims"]]} for r in rows]
            write_rows(form, rows, ["on", "verdict", "summary", "steps", "claim_ids", "origin", "id"])
    return DONE


def _print_figures(opened: Opened, found: Sequence[Finding], cards: Cards) -> None:
    if not found:
        print_lines(["no figures can be held against each other"])
        return
    for finding in found:
        on = opened.day(finding.on) if finding.on else "undated"
        out.print(f"{on} · {finding.verdict}", markup=False, style="bold")
        print_lines([f"  {finding.summary}", *(f"    {step}" for step in finding.steps)])
        where = sorted({_printed(cards[i]) for i in finding.claim_ids})
        print_lines([f"    said in: {'; '.join(where)}", ""])
    counts = {v: sum(f.verdict == v for f in found) for v in dict.fromkeys(f.verdict for f in found)}
    print_lines([", ".join(f"{n} {v}" for v, n in counts.items())])
    print_demo_note(cards.values())


def _printed(card: dict[str, Any]) -> str:
    mark = " [our summary]" if card["is_demo"] else ""
    return f"{card['publisher']}, {card['reported']}{mark}"


def _finding_to_json(
    opened: Opened, finding: Finding, by_id: dict[str, Claim], cards: Cards
) -> dict[str, Any]:
    claims = [opened.brief(by_id[i], cards[i]) for i in finding.claim_ids]
    return {
        "id": finding.id,
        "on": moment_to_json(finding.on),
        "verdict": finding.verdict,
        "summary": finding.summary,
        "steps": list(finding.steps),
        "claims": claims,
        "origin": next((c["origin"] for c in claims if c["origin"]), None),
    }


# --- forecasts -------------------------------------------------------------------------------------------


def forecasts(
    file: LedgerFile,
    as_known_on: KnownOption = None,
    parameters: ParametersOption = "latest",
    audience: AudienceName = "desk",
    format: FormatOption = None,
) -> int:
    """List what was foretold, what came of it by the record, and how each source did; intentions apart."""
    from whoholds.check.settlement import drop_copies, settle_forecasts

    form = chosen_format(format)
    with open_ledger_file(Path(file), audience, as_known_on, parameters=parameters) as opened:
        claims = drop_copies(opened.claims())
        outlook = settle_forecasts(opened.record(), claims, opened.theatre)
        asked = [*outlook.scored, *outlook.unsettled, *outlook.open]
        cards = opened.cards(
            unique([*(f.claim for f in asked), *outlook.vague, *outlook.intentions]),
        )
        if form is Format.TABLE:
            _print_outlook(opened, outlook, cards)
        else:
            rows = [_forecast_to_json(opened, f, cards, outlook.today) for f in asked]
            rows += [{"status": "vague", **opened.brief(c, cards[c.id])} for c in outlook.vague]
            rows += [{"status": "intention", **opened.brief(c, cards[c.id])} for c in outlook.intentions]
            if form is not Format.CSV:
                rows += [
                    {"status": "source", "speaker": s.name, "n": s.n, "brier": round(s.brier, 4)}
                    for s in outlook.scores
                ]
            columns = ["status", "due", "question", "place_id", "place", "party", "p_said", "p_true"]
            columns += ["brier", "doubt", "speaker", "publisher", "reported_at", "quote", "origin"]
            write_rows(form, rows, [*columns, "claim_id"])
    return DONE


def _print_outlook(opened: Opened, outlook: Outlook, cards: Cards) -> None:
    def section(title: str, rows: Sequence[Any], show: Callable[[Any], list[str]]) -> None:
        out.print(f"{title} ({len(rows)})", markup=False, style="bold")
        for row in rows:
            print_lines(show(row), indent="  ")
        print_lines([] if rows else ["  none"])
        print_lines([""])

    section("Settled", outlook.scored, lambda f: _scored_lines(opened, f, cards))
    section("Due, and the record cannot tell", outlook.unsettled, lambda f: _open_lines(opened, f, cards))
    section(f"Open on {opened.day(outlook.today)}", outlook.open, lambda f: _open_lines(opened, f, cards))
    if outlook.scores:
        out.print("Sources, the best first", markup=False, style="bold")
        for score in outlook.scores:
            print_lines([f"  {score.name}: mean Brier score {score.brier:.2f} over {score.n}"])
        print_lines(
            ["  0 is perfect, 0.25 what a coin would get, 1 the worst; the record's own doubt is in it", ""]
        )
    section(
        "Foretold without a day, a place or a party: never settled",
        outlook.vague,
        lambda c: claim_lines(cards[c.id]),
    )
    section(
        "Ordered, intended or proposed: no forecasts", outlook.intentions, lambda c: claim_lines(cards[c.id])
    )
    print_demo_note(cards.values())


def _open_lines(opened: Opened, forecast: Forecast, cards: Cards) -> list[str]:
    return [describe_question(forecast, opened.theatre), *claim_lines(cards[forecast.claim.id])]


def _scored_lines(opened: Opened, forecast: Forecast, cards: Cards) -> list[str]:
    assert forecast.p_true is not None
    assert forecast.brier is not None
    verdict = f"came true by the record with {percent(forecast.p_true)}; held to {percent(forecast.p_said)}"
    line = f"{describe_question(forecast, opened.theatre)} {verdict}, Brier score {forecast.brier:.2f}"
    return [line, *claim_lines(cards[forecast.claim.id])]


def _forecast_to_json(opened: Opened, forecast: Forecast, cards: Cards, today: date) -> dict[str, Any]:
    state = "scored" if forecast.brier is not None else "open" if forecast.due > today else "unsettled"
    return {
        "status": state,
        "due": forecast.due.isoformat(),
        "question": forecast.question,
        "place_id": forecast.place.place_id,
        "place": forecast.place.name,
        "party": forecast.party,
        "expects": forecast.expects,
        "p_said": forecast.p_said,
        "p_true": _rounded(forecast.p_true),
        "brier": _rounded(forecast.brier),
        "doubt": _rounded(forecast.doubt),
        **opened.brief(forecast.claim, cards[forecast.claim.id]),
    }


def _rounded(value: float | None) -> float | None:
    return None if value is None else round(value, 6)


# --- sources ---------------------------------------------------------------------------------------------


def sources(
    file: LedgerFile,
    least: Annotated[int, typer.Option(min=1, metavar="N", help="Only sources with so many claims.")] = 1,
    as_known_on: KnownOption = None,
    parameters: ParametersOption = "latest",
    audience: AudienceName = "desk",
    format: FormatOption = None,
) -> int:
    """List who speaks: side, kind, claims, Admiralty letter and number, and the score of forecasts."""
    from whoholds.check.ratings import rate_sources
    from whoholds.check.settlement import drop_copies, settle_forecasts
    from whoholds.fuse.echoes import group_echoes

    form = chosen_format(format)
    with open_ledger_file(Path(file), audience, as_known_on, parameters=parameters) as opened:
        claims, record = opened.claims(), opened.record()
        copies = group_echoes(claims)
        found = rate_sources(
            claims,
            record,
            opened.theatre,
            copies=copies,
            publishers=opened.publishers(),
            scores=settle_forecasts(record, drop_copies(claims), opened.theatre).scores,
        )
        found = [r for r in found if r.n_claims + r.n_copies >= least]
        if form is Format.TABLE:
            _print_sources(opened, found, record.parameters.name)
        else:
            rows = [_rating_to_json(r, record.parameters.name) for r in found]
            columns = ["key", "name", "side", "kind", "n_claims", "n_copies", "n_judged", "admiralty"]
            columns += ["reliability", "credibility", "forecasts", "brier", "parameters"]
            write_rows(form, rows, columns)
    return DONE


def _print_sources(opened: Opened, found: Sequence[SourceRating], parameters: str) -> None:
    from rich.table import Table
    from rich.text import Text

    from whoholds.check.ratings import LETTERS, NUMBERS

    table = Table(box=None, pad_edge=False, show_edge=False, padding=(0, 2, 0, 0))
    table.add_column("source", overflow="fold", min_width=16)
    table.add_column("side")
    table.add_column("kind")
    for name in ("claims", "copies", "judged"):
        table.add_column(name, justify="right")
    table.add_column("grade", justify="center")
    table.add_column("forecasts")
    for r in found:
        score = f"{r.forecasts.brier:.2f} over {r.forecasts.n}" if r.forecasts else ""
        side = opened.state_name(r.side) if r.side else "?"
        cells = [r.name, side, r.kind or "", str(r.n_claims), str(r.n_copies), str(r.n_judged)]
        table.add_row(*(Text(c) for c in [*cells, f"{r.letter}{r.number}", score]))
    out.print(table)
    letters = ", ".join(f"{a} {words}" for a, _, words in LETTERS)
    numbers = ", ".join(f"{n} {words}" for n, _, words in NUMBERS)
    print_lines(
        [
            "",
            f"{len(found)} sources. Grade: the source, then what it said, in the Admiralty code:",
            f"  {letters}",
            f"  {numbers}",
            "judged: claims about who holds a place that the record has. The number is the record's own view "
            "of what was said, which those claims have moved. F stands also where nothing yet tells a source "
            "from others of its kind.",
            f"Parameters: {parameters} (whoholds learn --list has the versions that are kept).",
        ]
    )


def _rating_to_json(r: SourceRating, parameters: str) -> dict[str, Any]:
    return {
        "key": r.key,
        "name": r.name,
        "side": r.side,
        "kind": r.kind,
        "n_claims": r.n_claims,
        "n_copies": r.n_copies,
        "n_judged": r.n_judged,
        "admiralty": f"{r.letter}{r.number}",
        "reliability": _rounded(r.reliability),
        "credibility": _rounded(r.credibility),
        "forecasts": r.forecasts.n if r.forecasts else 0,
        "brier": _rounded(r.forecasts.brier) if r.forecasts else None,
        "parameters": parameters,
    }


# --- what they share -------------------------------------------------------------------------------------


def unique(claims: Any) -> list[Claim]:
    """Claims, each once, in order."""
    return list({c.id: c for c in claims}.values())
