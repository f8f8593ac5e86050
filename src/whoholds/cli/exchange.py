"""`whoholds export` and `whoholds import`: claims, control and maps as files."""

from __future__ import annotations

import json
from collections.abc import Iterator
from datetime import UTC, date, datetime
from pathlib import Path
from typing import Annotated, Any

import typer
from typer.core import TyperGroup

from whoholds.cli.console import (
    Format,
    counted,
    instant_option,
    json_line,
    out,
    print_rejections,
    progress_bar,
)
from whoholds.cli.exits import DONE, REJECTED
from whoholds.cli.ledger import LedgerFile, audience_option, write_claims_csv
from whoholds.errors import ConfigurationError, InputError, NotFoundError
from whoholds.model import Claim, Rejection
from whoholds.model.contract import claim_from_json, claim_to_json

__all__ = ["register"]


def register(app: typer.Typer) -> None:
    """Add the two groups."""
    export = typer.Typer(no_args_is_help=True, help="Write claims, the control record, or a file to share.")
    export.command("claims", epilog="Example: whoholds export claims kursk.gpkg > claims.jsonl")(
        export_claims
    )
    export.command(
        "control", epilog="Example: whoholds export control kursk.gpkg --on 2025-03-12 > control.geojson"
    )(export_control)
    export.command("public", epilog="Example: whoholds export public kursk.gpkg kursk-public.gpkg")(
        export_public
    )
    app.add_typer(export, name="export")
    bring = typer.Typer(
        cls=_ClaimsByDefault, no_args_is_help=True, help="Bring in claims or a map that others made."
    )
    bring.command("claims", epilog="Example: whoholds import claims kursk.gpkg claims.jsonl")(import_claims)
    bring.command(
        "map",
        epilog="Example: whoholds import map kursk.gpkg ua.geojson --source isw --on 2025-03-12 --holder UA",
    )(import_map)
    app.add_typer(bring, name="import")


class _ClaimsByDefault(TyperGroup):
    """`whoholds import FILE CLAIMS` means `whoholds import claims FILE CLAIMS`."""

    def parse_args(self, ctx: Any, args: list[str]) -> list[str]:
        """Put the usual command in where none is named."""
        if args and not args[0].startswith("-") and args[0] not in self.commands:
            args = ["claims", *args]
        return super().parse_args(ctx, args)


def export_claims(
    file: LedgerFile,
    audience: Annotated[str, typer.Option(metavar="public|desk", help="Whose view.")] = "public",
    format: Annotated[Format, typer.Option(help="jsonl (the contract) or csv.")] = Format.JSONL,
) -> int:
    """Claims in the contract's format, one a line."""
    from whoholds.pipeline import Workspace
    from whoholds.store import ClaimFilter

    with Workspace.open(file, read_only=True) as workspace:
        zone = workspace.theatre.zone
        found = workspace.view(audience_option(audience)).claims(ClaimFilter())
    if format is Format.CSV:
        write_claims_csv(found)
        return DONE
    if format is not Format.JSONL:
        raise ConfigurationError("export claims writes jsonl or csv")
    for claim in sorted(found, key=lambda c: c.id):
        json_line(claim_to_json(claim, zone))
    return DONE


def export_control(
    file: LedgerFile,
    on: Annotated[str | None, typer.Option(metavar="DATE", help="The day; the last one by default.")] = None,
    as_known_on: Annotated[
        str | None, typer.Option(metavar="DATETIME", help="Only what was said by then.")
    ] = None,
    audience: Annotated[str, typer.Option(metavar="public|desk", help="Whose view.")] = "public",
    format: Annotated[str, typer.Option(metavar="geojson|csv", help="Form of output.")] = "geojson",
) -> int:
    """The control record of a day, cell by cell."""
    from whoholds.pipeline import Workspace
    from whoholds.publish.control import control_csv, control_geojson

    if format not in ("geojson", "csv"):
        raise ConfigurationError(f"--format must be geojson or csv, not {format!r}")
    with Workspace.open(file, read_only=True) as workspace:
        known = instant_option(as_known_on, "--as-known-on", workspace.theatre.zone)
        record = workspace.record(known, audience=audience_option(audience))
        try:
            day = date.fromisoformat(on) if on else record.days[-1]
        except ValueError:
            raise ConfigurationError(f"--on: cannot read {on!r} as a date; write it as 2025-03-12") from None
        lines = control_geojson(record, day) if format == "geojson" else control_csv(record, day)
        for line in lines:
            typer.echo(line, nl=False)
    return DONE


def export_public(
    file: LedgerFile,
    to: Annotated[Path, typer.Argument(metavar="TO", help="The file to make; it must not exist.")],
) -> int:
    """A GeoPackage to share: only what the public may see, after embargo, coarsening and redactions."""
    from whoholds.pipeline import Workspace

    with Workspace.open(file, read_only=True) as workspace:
        workspace.ledger.export_public(to, now=datetime.now(UTC))
    out.print(f"wrote {to}", markup=False)
    return DONE


def import_claims(
    file: LedgerFile,
    claims: Annotated[
        Path, typer.Argument(metavar="JSONL", help="Claims in the contract's format, one a line.")
    ],
) -> int:
    """Bring in claims; known ones change nothing, bad ones are listed."""
    from whoholds.pipeline import Workspace

    rejections: list[Rejection] = []
    with Workspace.open(file) as workspace:
        found = list(_parse_claims(claims, workspace.theatre.zone, rejections))
        with progress_bar("importing claims"):
            result = workspace.ledger.add_claims(found, now=datetime.now(UTC))
            if result.added:
                workspace.refresh_control()
    out.print(f"{counted(result.added, 'claim')} added, {result.known:,} known already", markup=False)
    return REJECTED if print_rejections([*rejections, *result.rejections]) else DONE


def _parse_claims(path: Path, zone: Any, rejections: list[Rejection]) -> Iterator[Claim]:
    if not path.is_file():
        raise NotFoundError(f"no file {str(path)!r}")
    with path.open(encoding="utf-8", errors="replace") as stream:
        for number, line in enumerate(stream, 1):
            if not line.strip():
                continue
            try:
                yield claim_from_json(json.loads(line), zone)
            except InputError as error:
                rejections.append(Rejection(f"{path}:{number}", "import", error.code, str(error)))
            except ValueError as error:
                rejections.append(
                    Rejection(f"{path}:{number}", "import", "bad_json", f"not valid JSON: {error}")
                )


def import_map(
    file: LedgerFile,
    geojson: Annotated[Path, typer.Argument(metavar="GEOJSON", help="Polygons that show what is held.")],
    source: Annotated[
        str, typer.Option(metavar="ID", help="Whose map: an id or name of the theatre's registry.")
    ],
    on: Annotated[str, typer.Option(metavar="DATE", help="The day that it shows.")],
    holder: Annotated[
        str, typer.Option(metavar="PARTY", help="Who holds the polygons; a feature's `party` wins.")
    ],
) -> int:
    """Bring in a map as that source's claims."""
    from whoholds.acquire.maps import claims_of_map
    from whoholds.pipeline import Workspace

    with Workspace.open(file) as workspace:
        found, rejections = claims_of_map(geojson, workspace.theatre, source=source, on=on, holder=holder)
        result = workspace.ledger.add_claims(found, now=datetime.now(UTC))
        if result.added:
            workspace.refresh_control()
    out.print(f"{counted(result.added, 'map claim')} added, {result.known:,} known already", markup=False)
    return REJECTED if print_rejections([*rejections, *result.rejections]) else DONE
