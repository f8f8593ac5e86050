"""`whoholds demo`: read a bundled theatre's reports, build its record, serve the map."""

from __future__ import annotations

from pathlib import Path
from typing import TYPE_CHECKING, Annotated

import typer

from whoholds.cli.console import out, print_rejections, progress_bar
from whoholds.cli.exits import DONE
from whoholds.cli.serve import DEFAULT_PORT

if TYPE_CHECKING:
    from whoholds.pipeline import Workspace
    from whoholds.theatre import Theatre

__all__ = ["register"]


def register(app: typer.Typer) -> None:
    """Add the command."""
    app.command(epilog="Example: whoholds demo --no-open")(demo)


def demo(
    file: Annotated[
        Path | None,
        typer.Option(
            metavar="FILE", help="The ledger to make or reuse; whoholds-THEATRE.gpkg here by default."
        ),
    ] = None,
    theatre: Annotated[str, typer.Option(metavar="NAME", help="Which bundled theatre.")] = "kursk",
    port: Annotated[
        int, typer.Option(min=0, max=65535, metavar="N", help="Port; 0 takes any free one.")
    ] = DEFAULT_PORT,
    open_browser: Annotated[
        bool, typer.Option("--open/--no-open", help="Open a browser where there is one.")
    ] = True,
    serve: Annotated[bool, typer.Option("--serve/--no-serve", help="Serve the map when done.")] = True,
) -> int:
    """Read the bundled reports, build the record, serve the map. The ledger stays when you stop it."""
    from whoholds.store import Audience
    from whoholds.theatre import load_theatre

    war = load_theatre(theatre)
    path = file or Path(f"whoholds-{war.id}.gpkg")
    build_demo(path, war)
    if serve:
        from whoholds.web.app import serve as run_server

        run_server(path, host="127.0.0.1", port=port, audience=Audience.PUBLIC, open_browser=open_browser)
    else:
        out.print(f"the ledger is {path}; look at it with: whoholds serve {path}", markup=False)
    return DONE


def build_demo(path: Path, war: Theatre) -> None:
    """Make the demo's ledger, or bring an existing one up to date, and print what it holds."""
    from whoholds.acquire.files import Defaults, read_paths
    from whoholds.pipeline import Workspace

    out.print(f"{war.name}: reports of the project's own writing, after public statements", markup=False)
    with Workspace.open(path) if path.exists() else Workspace.create(path, war) as workspace:
        items = list(read_paths([war.path(war.reports)], Defaults(zone=war.zone))) if war.reports else []
        with progress_bar("reading reports") as progress:
            summary = workspace.add(items, progress=progress, total=len(items))
        print_rejections(summary.rejections)
        if summary.reports:
            with progress_bar("drawing the record"):
                workspace.refresh_control()
        print_summary(workspace)
        if summary.reports:
            print_areas(workspace)


def print_summary(workspace: Workspace) -> None:
    """What the ledger holds: counts, and the official figures that were held against each other."""
    from whoholds.check.contradictions import find_contradictions
    from whoholds.check.figures import INCONSISTENT, check_figures
    from whoholds.store import Audience, ClaimFilter

    view = workspace.view(Audience.PUBLIC)
    stats = view.stats()
    claims = view.claims(ClaimFilter())
    found = find_contradictions(claims, workspace.theatre)
    figures = check_figures(claims, workspace.theatre)
    clash = [f for f in figures if f.verdict == INCONSISTENT]
    for name, count in (
        ("reports", stats.n_reports),
        ("claims", stats.n_claims),
        ("places", stats.n_places),
        ("disagreements", len(found)),
        ("figures checked", len(figures)),
    ):
        note = f"   ({len(clash)} do not add up)" if name == "figures checked" else ""
        out.print(f"  {name:<16}{count:>6}{note}", markup=False)
    implied = [f for f in figures if "imply" in f.summary]
    for finding in [*implied[:1], *clash[:2]]:
        out.print(f"  {finding.on}  {finding.summary}", markup=False)


def print_areas(workspace: Workspace) -> None:
    """Ground that has changed hands by the record, at the middle and at the end of its days."""
    record = workspace.record()
    for day in (record.days[len(record.days) // 2], record.days[-1]):
        figures = ", ".join(
            f"{name} {a.km2:,.0f} km² (80 %: {a.low:,.0f} to {a.high:,.0f})"
            for name, a in record.area(day).items()
            if a.km2 >= 0.5
        )
        out.print(f"  {day}  ground not as at the start: {figures or 'none'}", markup=False)
