"""`whoholds serve`: the map, the claims and the reports of a ledger as pages."""

from __future__ import annotations

from pathlib import Path
from typing import Annotated

import typer

from whoholds.cli.exits import DONE

__all__ = ["DEFAULT_PORT", "register"]

DEFAULT_PORT = 8420


def register(app: typer.Typer) -> None:
    """Add the command."""
    app.command(epilog="Example: whoholds serve kursk.gpkg --port 8500")(serve)


def serve(
    file: Annotated[Path, typer.Argument(metavar="FILE", help="The ledger file.")],
    host: Annotated[
        str, typer.Option(metavar="ADDRESS", help="Where to listen; this machine alone by default.")
    ] = "127.0.0.1",
    port: Annotated[
        int, typer.Option(min=0, max=65535, metavar="N", help="Port; 0 takes any free one.")
    ] = DEFAULT_PORT,
    audience: Annotated[
        str, typer.Option(metavar="public|desk", help="Whose view; desk is served to this machine alone.")
    ] = "public",
    open_browser: Annotated[bool, typer.Option("--open/--no-open", help="Open a browser.")] = False,
) -> int:
    """Serve a ledger's map and pages until stopped."""
    from whoholds.cli.ledger import audience_option
    from whoholds.web.app import serve as run_server

    run_server(file, host=host, port=port, audience=audience_option(audience), open_browser=open_browser)
    return DONE
