"""`whoholds learn`: the source parameters of a ledger's claims, learned once and kept under a name."""

from __future__ import annotations

from collections.abc import Sequence
from pathlib import Path
from typing import TYPE_CHECKING, Annotated, Any

import typer

from whoholds.cli.console import Format, chosen_format, instant_option, out
from whoholds.cli.exits import DONE
from whoholds.cli.ledger import LedgerFile, audience_option
from whoholds.cli.opened import AudienceName, ClockOption, FormatOption, print_lines, write_rows
from whoholds.errors import ConfigurationError
from whoholds.model.contract import moment_to_json

if TYPE_CHECKING:
    from whoholds.store.parameters import ParameterVersion

__all__ = ["register"]

COLUMNS = (
    "name",
    "made_at",
    "by",
    "method",
    "as_known_on",
    "clock",
    "audience",
    "claims",
    "sources",
    "claims_id",
)


def register(app: typer.Typer) -> None:
    """Add the command."""
    app.command(epilog="Example: whoholds learn kursk.gpkg --name march; whoholds learn kursk.gpkg --list")(
        learn
    )


def learn(
    file: LedgerFile,
    name: Annotated[
        str | None, typer.Option(metavar="VERSION", help="What to call it; the day by default.")
    ] = None,
    as_known_on: Annotated[
        str | None,
        typer.Option(metavar="DATETIME", help="Learn only from what was known by then; now by default."),
    ] = None,
    clock: ClockOption = "public",
    audience: AudienceName = "desk",
    by: Annotated[str | None, typer.Option(metavar="NAME", help="Who makes it.")] = None,
    list_: Annotated[
        bool, typer.Option("--list", help="List the versions that there are; learn none.")
    ] = False,
    format: FormatOption = None,
) -> int:
    """Learn what each source's words are worth, and keep that as a named version.

    From then on the record is made with it: new claims move the ground, and not what sources are worth, until
    the next version. `--parameters` of other commands asks for a version by name, or for none.
    """
    from whoholds.pipeline import Workspace

    form = chosen_format(format)
    if list_ and (name or as_known_on or by):
        raise ConfigurationError("--list learns nothing: leave --name, --as-known-on and --by out")
    with Workspace.open(Path(file), read_only=list_) as workspace:
        if list_:
            versions = workspace.records.versions()
        else:
            known = instant_option(as_known_on, "--as-known-on", workspace.theatre.zone)
            version = workspace.records.learn(
                name,
                by=by or "desk",
                as_known_on=known,
                clock=_clock(clock),
                audience=audience_option(audience),
            )
            versions = [version]
        if form is not Format.TABLE:
            write_rows(form, [_to_json(v) for v in versions], COLUMNS)
        elif list_:
            _print_list(versions)
        else:
            print_lines(_describe(version))
    return DONE


def _clock(clock: str) -> str:
    if clock not in ("public", "desk"):
        raise ConfigurationError(f"--clock must be public or desk, not {clock!r}")
    return clock


def _to_json(version: ParameterVersion) -> dict[str, Any]:
    return {
        "name": version.name,
        "made_at": moment_to_json(version.made_at),
        "by": version.by,
        "method": version.method,
        "as_known_on": moment_to_json(version.as_known_on),
        "clock": version.clock.value,
        "audience": version.audience.value,
        "claims": version.n_claims,
        "sources": version.n_sources,
        "claims_id": version.claims_id,
    }


def _describe(version: ParameterVersion) -> list[str]:
    return [
        f"learned {version.name!r}: {version.n_sources:,} sources from {version.n_claims:,} claims, "
        f"method {version.method}",
        "The record is made with it until the next; `--parameters learn` leaves it out.",
    ]


def _print_list(versions: Sequence[ParameterVersion]) -> None:
    from rich.table import Table
    from rich.text import Text

    if not versions:
        print_lines(["no version yet: each record learns its parameters anew (whoholds learn makes one)"])
        return
    table = Table(box=None, pad_edge=False, show_edge=False, padding=(0, 2, 0, 0))
    for column in ("version", "made", "by", "method", "as known on", "clock", "audience"):
        table.add_column(column)
    for column in ("claims", "sources"):
        table.add_column(column, justify="right")
    for v in versions:
        moments = [f"{m:%Y-%m-%d %H:%M}" for m in (v.made_at, v.as_known_on)]
        cells = [v.name, moments[0], v.by, v.method, moments[1], v.clock.value, v.audience.value]
        table.add_row(*(Text(c) for c in [*cells, f"{v.n_claims:,}", f"{v.n_sources:,}"]))
    out.print(table)
