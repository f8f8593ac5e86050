"""Ledgers: make one, add reports, list claims, blank a report, copy the file."""

from __future__ import annotations

import csv
import sys
from datetime import UTC, datetime
from pathlib import Path
from typing import TYPE_CHECKING, Annotated

import typer

from whoholds.cli.console import (
    Format,
    chosen_format,
    counted,
    day_option,
    err,
    json_line,
    moment_option,
    note_undated,
    out,
    print_rejections,
    progress_bar,
)
from whoholds.cli.exits import DONE, REJECTED
from whoholds.cli.table import print_claims
from whoholds.errors import ConfigurationError, NotFoundError
from whoholds.model import Claim, Event, Rejection, Stance
from whoholds.model.contract import claim_to_json, moment_to_json
from whoholds.publish.cells import plain_cell

if TYPE_CHECKING:
    from whoholds.store import Audience, View

__all__ = ["find_place_id", "register"]

CSV_COLUMNS = (
    *("id", "reported_at", "speaker", "side", "stance", "polarity", "event", "actor", "target"),
    *("places", "place_ids", "holds_from", "holds_to", "deadline", "quantities", "quote"),
    *("report_id", "origin", "p"),
)
LedgerFile = Annotated[Path, typer.Argument(metavar="FILE", help="The ledger file.")]


def register(app: typer.Typer) -> None:
    """Add the commands."""
    app.command(epilog="Example: whoholds new kursk.gpkg --theatre kursk")(new)
    app.command(epilog="Example: whoholds add kursk.gpkg reports/ story.html --publisher Reuters")(add)
    app.command(
        epilog="Example: whoholds claims kursk.gpkg --place Sudzha --event control_gained --format csv"
    )(claims)
    app.command(
        epilog='Example: whoholds redact kursk.gpkg 1f3a --by "A. Editor" --why "names a private person"'
    )(redact)
    app.command(epilog="Example: whoholds backup kursk.gpkg copies/kursk-2025-03-12.gpkg")(backup)


def new(
    file: Annotated[Path, typer.Argument(metavar="FILE", help="The ledger file to make.")],
    theatre: Annotated[str, typer.Option(metavar="NAME|PATH", help="The war that it is about.")],
) -> int:
    """Make a new, empty ledger for a theatre."""
    from whoholds.pipeline import Workspace
    from whoholds.theatre import load_theatre

    with Workspace.create(file, load_theatre(theatre)) as workspace:
        err.print(
            f"made {file} for {workspace.theatre.name}; next: whoholds add {file} REPORT…", markup=False
        )
    return DONE


def add(
    file: LedgerFile,
    inputs: Annotated[
        list[str],
        typer.Argument(
            metavar="INPUT…", help="Text, HTML, JSON, Markdown files, or folders; - for standard input."
        ),
    ],
    published_at: Annotated[
        str | None, typer.Option(metavar="DATE", help="For reports that carry no date.")
    ] = None,
    publisher: Annotated[
        str | None, typer.Option(metavar="NAME", help="For reports that name no publisher.")
    ] = None,
    lang: Annotated[
        str | None, typer.Option(metavar="CODE", help="For reports that declare no language.")
    ] = None,
    reader: Annotated[str, typer.Option(metavar="NAME", help="Which reader.")] = "rules.en",
    format: Annotated[
        Format | None, typer.Option(help="table for a summary in words, json for a record.")
    ] = None,
) -> int:
    """Read reports and keep them with their claims; the same bytes again change nothing."""
    from whoholds.acquire.files import Defaults, read_bytes, read_paths
    from whoholds.pipeline import Workspace

    with Workspace.open(file) as workspace:
        zone = workspace.theatre.zone
        defaults = Defaults(publisher, moment_option(published_at, "--published-at", zone), lang, zone)
        items = list(read_paths([p for p in inputs if p != "-"], defaults))
        if "-" in inputs:
            items += read_bytes(sys.stdin.buffer.read(), "standard input", defaults)
        with progress_bar("reading reports") as progress:
            summary = workspace.add(items, reader=reader, progress=progress, total=len(items))
        undated = [i.name for i in items if not isinstance(i, Rejection) and i.report.published_at is None]
        if summary.reports:
            with progress_bar("drawing the record"):
                workspace.refresh_control()
    if format in (Format.JSON, Format.JSONL):
        json_line(
            {
                "reports": summary.reports,
                "known": summary.known,
                "claims": summary.claims,
                "report_ids": summary.report_ids,
                "rejected": [
                    {"item": r.item, "code": r.code, "message": r.message} for r in summary.rejections
                ],
            }
        )
    else:
        known = f", {summary.known} known already" if summary.known else ""
        added = f"{counted(summary.reports, 'report')} added{known}, {counted(summary.claims, 'claim')}"
        out.print(added, markup=False)
    # The same bytes again change nothing, so the option alone would come too late.
    note_undated(undated, "write `published_at: DATE` in the file's front matter and add it again")
    rejected = print_rejections(summary.rejections)
    return REJECTED if rejected else DONE


def claims(
    file: LedgerFile,
    place: Annotated[str | None, typer.Option(metavar="NAME|ID", help="About this place.")] = None,
    side: Annotated[str | None, typer.Option(metavar="SIDE", help="By speakers of this side.")] = None,
    speaker: Annotated[str | None, typer.Option(metavar="NAME", help="By this speaker.")] = None,
    publisher: Annotated[str | None, typer.Option(metavar="NAME", help="Printed by this publisher.")] = None,
    event: Annotated[Event | None, typer.Option(help="Of this event.")] = None,
    stance: Annotated[Stance | None, typer.Option(help="With this stance.")] = None,
    since: Annotated[
        str | None, typer.Option("--from", metavar="DATE", help="Reported on this day or later.")
    ] = None,
    until: Annotated[
        str | None, typer.Option("--to", metavar="DATE", help="Reported on this day or earlier.")
    ] = None,
    text: Annotated[str | None, typer.Option(metavar="WORDS", help="With these words in the quote.")] = None,
    limit: Annotated[int | None, typer.Option(min=1, metavar="N", help="At most so many.")] = None,
    audience: Annotated[
        str,
        typer.Option(
            metavar="public|desk", help="Whose view: desk sees all, public what embargo and rights allow."
        ),
    ] = "desk",
    format: Annotated[Format | None, typer.Option(help="table on a terminal, jsonl into a pipe.")] = None,
) -> int:
    """List claims, the latest first, by filters."""
    from whoholds.pipeline import Workspace

    with Workspace.open(file, read_only=True) as workspace:
        from whoholds.store import ClaimFilter

        view = workspace.view(audience_option(audience))
        wanted = ClaimFilter(
            place_id=find_place_id(view, place) if place else None,
            side=side,
            speaker=speaker,
            publisher=publisher,
            event=event,
            stance=stance,
            reported_from=day_option(since, "--from"),
            reported_to=day_option(until, "--to"),
            text=text,
            limit=limit,
        )
        found = view.claims(wanted)
        zone = workspace.theatre.zone
    form = chosen_format(format)
    if form is Format.TABLE:
        print_claims(found, title=str(file), zone=zone, with_ids=True)
    elif form is Format.CSV:
        write_claims_csv(found)
    elif form is Format.JSON:
        json_line([claim_to_json(c, zone) for c in found])
    else:
        for claim in found:
            json_line(claim_to_json(claim, zone))
    return DONE


def find_place_id(view: View, name: str) -> str:
    """The one place of the ledger that an id or a name means.

    Raises:
        NotFoundError: There is none, or more than one.
    """
    places = view.places()
    folded = name.casefold()
    found = [p for p in places if p.place_id == name] or [p for p in places if p.name.casefold() == folded]
    if not found:
        close = [p.name for p in places if folded in p.name.casefold()][:5]
        hint = f"; is it {', '.join(close)}?" if close else ""
        raise NotFoundError(f"no claim is about a place {name!r}{hint}")
    if len(found) > 1:
        listed = ", ".join(f"{p.place_id} ({p.name})" for p in found if p.place_id)
        raise NotFoundError(f"several places are called {name!r}: {listed}; give the id")
    if found[0].place_id is None:
        raise NotFoundError(f"{name!r} was never resolved to a place; search its words with --text instead")
    return found[0].place_id


def audience_option(text: str) -> Audience:
    """The audience named on the command line."""
    from whoholds.store import Audience

    try:
        return Audience(text)
    except ValueError:
        raise ConfigurationError(f"--audience must be public or desk, not {text!r}") from None


def write_claims_csv(found: list[Claim]) -> None:
    """Claims as CSV, one row each; several places are joined by "; "."""
    writer = csv.writer(sys.stdout, lineterminator="\n")
    writer.writerow(CSV_COLUMNS)
    for c in found:
        holds = claim_to_json(c)["holds"]
        cells = [
            c.id,
            moment_to_json(c.reported_at),
            c.speaker.name if c.speaker else "",
            (c.speaker.side if c.speaker else "") or "",
            c.stance.value,
            c.polarity.value,
            c.event.value,
            c.actor_id or c.actor or "",
            c.target_id or c.target or "",
            "; ".join(p.name for p in c.places),
            "; ".join(p.place_id or "" for p in c.places),
            holds["from"],
            holds["to"],
            moment_to_json(c.deadline),
            "; ".join(q.span.exact if q.span else f"{q.low}–{q.high} {q.unit}" for q in c.quantities),
            c.quote.exact if c.quote else "",
            c.report_id,
            c.origin or "",
            f"{c.p:.3f}",
        ]
        writer.writerow([plain_cell(cell) for cell in cells])


def redact(
    file: LedgerFile,
    report: Annotated[str, typer.Argument(metavar="ID", help="The report's id, or its first characters.")],
    by: Annotated[str, typer.Option(metavar="NAME", help="Who blanks it.")],
    why: Annotated[str, typer.Option(metavar="TEXT", help="The reason, kept for ever.")],
) -> int:
    """Blank a report's bytes and words, and its claims' words; hash, time and reason stay."""
    from whoholds.pipeline import Workspace
    from whoholds.store import ClaimFilter

    with Workspace.open(file) as workspace:
        full = workspace.ledger.find_id(report)
        claim = next(
            (c for c in workspace.view(audience_option("desk")).claims(ClaimFilter()) if c.id == full), None
        )
        if claim is not None:
            raise ConfigurationError(
                f"{report!r} is a claim; redact blanks a whole report, here {claim.report_id or 'none'}"
            )
        workspace.ledger.add_redaction(full, by=by, why=why, now=datetime.now(UTC))
    out.print(f"blanked {full}", markup=False)
    return DONE


def backup(
    file: LedgerFile,
    to: Annotated[Path, typer.Argument(metavar="TO", help="The copy to make; it must not exist.")],
) -> int:
    """Copy a ledger safely, also while another process writes to it."""
    from whoholds.pipeline import Workspace

    with Workspace.open(file, read_only=True) as workspace:
        workspace.ledger.backup(to)
    out.print(f"copied to {to}", markup=False)
    return DONE
