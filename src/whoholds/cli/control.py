"""`whoholds control` and `whoholds area`: who held what, from a file of claims or a ledger's record."""

from __future__ import annotations

import csv
import json
import sys
from collections.abc import Iterator, Sequence
from contextlib import contextmanager
from datetime import UTC, date, timedelta, tzinfo
from pathlib import Path
from typing import TYPE_CHECKING, Annotated, Any, TextIO

import typer

from whoholds.cli.console import day_option, instant_option, print_rejections
from whoholds.cli.exits import DONE, REJECTED
from whoholds.cli.opened import ParametersOption
from whoholds.errors import ConfigurationError, FormatError
from whoholds.model import Claim, Rejection
from whoholds.model.contract import claim_from_json
from whoholds.theatre import load_theatre

if TYPE_CHECKING:
    # NumPy and SciPy take a second to import: only the commands that fuse wait for them.
    from whoholds.fuse.control import ControlArray
    from whoholds.fuse.places import PlaceRow

__all__ = [
    "check_choice",
    "control_of_files",
    "days_of",
    "open_text",
    "read_claims",
    "refuse_files",
    "register",
    "report_rejections",
    "write_areas",
    "write_control",
]

FORMATS = ("csv", "jsonl", "geojson")

ClaimsFile = Annotated[
    Path | None,
    typer.Option(
        "--claims", metavar="FILE", help="Claims, one a line (JSON Lines, may be .gz); - for standard input."
    ),
]
PlacesFile = Annotated[
    Path | None,
    typer.Option("--places", metavar="FILE", help="Places (CSV): place_id,name,lon,lat[,initial_holder]."),
]
TheatreName = Annotated[
    str | None, typer.Option("--theatre", metavar="NAME|PATH", help="Parties and time zone.")
]
On = Annotated[str | None, typer.Option("--on", metavar="DATE", help="One day.")]
From = Annotated[
    str | None, typer.Option("--from", metavar="DATE", help="First day; that of the claims by default.")
]
To = Annotated[
    str | None, typer.Option("--to", metavar="DATE", help="Last day; that of the claims by default.")
]
KnownOn = Annotated[
    str | None, typer.Option("--as-known-on", metavar="DATETIME", help="Use only what was known by then.")
]
ClockName = Annotated[
    str, typer.Option("--clock", metavar="public|desk", help="Known when reported, or when recorded here.")
]


OptionalLedger = Annotated[
    Path | None, typer.Argument(metavar="[FILE]", help="A ledger, in place of --claims.", show_default=False)
]
LedgerAudience = Annotated[
    str, typer.Option("--audience", metavar="public|desk", help="Whose view of a ledger.")
]


def register(app: typer.Typer) -> None:
    """Add the two commands."""
    app.command(
        epilog="Example: whoholds control --claims claims.jsonl --places places.csv --on 2025-03-12; of a "
        "ledger: whoholds control kursk.gpkg --on 2025-03-12"
    )(control)
    app.command(
        epilog="Example: whoholds area --claims claims.jsonl --theatre kursk --on 2025-03-12; of a ledger: "
        "whoholds area kursk.gpkg --from 2025-03-01"
    )(area)


def control(
    file: OptionalLedger = None,
    claims: ClaimsFile = None,
    places: PlacesFile = None,
    theatre: TheatreName = None,
    on: On = None,
    from_on: From = None,
    to_on: To = None,
    as_known_on: KnownOn = None,
    clock: ClockName = "public",
    parameters: ParametersOption = "latest",
    format: Annotated[str, typer.Option(metavar="|".join(FORMATS), help="Form of output.")] = "csv",
    audience: LedgerAudience = "desk",
) -> int:
    """Who held each place on each day, with probabilities: one row a place and day.

    Of a ledger's record with FILE (its last day, unless days are given); of a file of claims without.
    """
    if file is not None:
        from whoholds.cli.ledger_record import control_of_ledger

        refuse_files(claims, places, theatre)
        return control_of_ledger(file, on, from_on, to_on, as_known_on, clock, format, audience, parameters)
    refuse_version(parameters)
    return control_of_files(claims, places, theatre, on, from_on, to_on, as_known_on, clock, format)


def control_of_files(
    claims: Path | None,
    places: Path | None,
    theatre: str | None,
    on: str | None,
    from_on: str | None,
    to_on: str | None,
    as_known_on: str | None,
    clock: str,
    format: str,
) -> int:
    """The record of a file of claims and a table of places, written to standard output."""
    from whoholds.fuse.places import fuse_places, read_places

    if claims is None or places is None:
        raise ConfigurationError("give --claims FILE and --places FILE")
    check_choice("--format", format, FORMATS)
    check_choice("--clock", clock, ("public", "desk"))
    first, last = days_of(on, from_on, to_on)
    war = load_theatre(theatre) if theatre else None
    zone = war.zone if war else UTC
    rejections: list[Rejection] = []
    with open_text(places) as lines:
        rows = read_places(lines, name=str(places))
    found = read_claims(claims, zone, rejections)
    record = fuse_places(
        found,
        rows,
        theatre=war,
        from_on=first,
        to_on=last,
        as_known_on=instant_option(as_known_on, "--as-known-on", zone),
        clock=clock,
    )
    write_control(sys.stdout, record, rows, format)
    return REJECTED if report_rejections([*rejections, *record.rejections]) else DONE


def area(
    file: OptionalLedger = None,
    claims: ClaimsFile = None,
    theatre: TheatreName = None,
    on: On = None,
    from_on: From = None,
    to_on: To = None,
    as_known_on: KnownOn = None,
    clock: ClockName = "public",
    parameters: ParametersOption = "latest",
    format: Annotated[str, typer.Option(metavar="csv|jsonl", help="Form of output.")] = "csv",
    audience: LedgerAudience = "desk",
) -> int:
    """Square kilometres by party that are not as at the start, with an 80 % interval.

    Of a ledger's record with FILE (its last day, unless days are given); of a file of claims without.
    """
    if file is not None:
        from whoholds.cli.ledger_record import area_of_ledger

        refuse_files(claims, None, theatre)
        return area_of_ledger(file, on, from_on, to_on, as_known_on, clock, format, audience, parameters)
    refuse_version(parameters)
    return area_of_files(claims, theatre, on, from_on, to_on, as_known_on, clock, format)


def area_of_files(
    claims: Path | None,
    theatre: str | None,
    on: str | None,
    from_on: str | None,
    to_on: str | None,
    as_known_on: str | None,
    clock: str,
    format: str,
) -> int:
    """The areas of a file of claims in a theatre, written to standard output."""
    from whoholds.ground.record import compute_record

    if claims is None or theatre is None:
        raise ConfigurationError("give --claims FILE and --theatre NAME")
    check_choice("--format", format, ("csv", "jsonl"))
    check_choice("--clock", clock, ("public", "desk"))
    first, last = days_of(on, from_on, to_on)
    war = load_theatre(theatre)
    rejections: list[Rejection] = []
    found = read_claims(claims, war.zone, rejections)
    known = instant_option(as_known_on, "--as-known-on", war.zone)
    record = compute_record(war, found, as_known_on=known, clock=clock, last_day=last)
    write_areas(sys.stdout, record, first or record.days[0], last or record.days[-1], format)
    return REJECTED if report_rejections([*rejections, *record.rejections]) else DONE


def refuse_files(claims: Path | None, places: Path | None, theatre: str | None) -> None:
    """A ledger brings its own claims, places and theatre."""
    given = [
        n for n, v in (("--claims", claims), ("--places", places), ("--theatre", theatre)) if v is not None
    ]
    if given:
        raise ConfigurationError(f"a ledger FILE has its own: leave {' and '.join(given)} out")


def refuse_version(parameters: str) -> None:
    """A file of claims has no versions of the source parameters: they are learned from its claims."""
    if parameters not in ("latest", "learn"):
        raise ConfigurationError(
            f"--parameters {parameters} names a version of a ledger; a file of claims has none, and learns"
        )


def write_areas(out: TextIO, record: Any, first: date, last: date, format: str) -> None:
    """One row a day and party: km2 and the ends of its 80 % interval."""
    if not record.days[0] <= first <= last <= record.days[-1]:
        raise ConfigurationError(
            f"the record runs from {record.days[0]} to {record.days[-1]}; {first} to {last} lies outside"
        )
    if format == "csv":
        out.write("date,party,km2,low_km2,high_km2,method\n")
    for i in range((last - first).days + 1):
        day = first + timedelta(days=i)
        for party, a in record.area(day).items():
            if format == "csv":
                out.write(f"{day},{party},{a.km2:.1f},{a.low:.1f},{a.high:.1f},{record.method}\n")
            else:
                row = {"date": day.isoformat(), "party": party, "km2": round(a.km2, 1)}
                row |= {"low_km2": round(a.low, 1), "high_km2": round(a.high, 1), "method": record.method}
                out.write(json.dumps(row) + "\n")


def write_control(out: TextIO, record: ControlArray, places: Sequence[PlaceRow], format: str) -> None:
    """The record in one of `FORMATS`, row by row."""
    from whoholds.fuse.places import columns_of, rows_of

    columns = columns_of(record.states)
    if format == "csv":
        writer = csv.writer(out, lineterminator="\n")
        writer.writerow(columns)
        writer.writerows(rows_of(record))
        return
    lines = (_plain(columns, row) for row in rows_of(record))
    if format == "jsonl":
        out.writelines(json.dumps(line, ensure_ascii=False) + "\n" for line in lines)
        return
    at = {p.place_id: p for p in places}
    out.write('{"type": "FeatureCollection", "features": [')
    for number, line in enumerate(lines):
        place = at[str(line["place_id"])]
        feature = {
            "type": "Feature",
            "geometry": {"type": "Point", "coordinates": [place.lon, place.lat]},
            "properties": {"name": place.name, **line},
        }
        out.write(("," if number else "") + "\n" + json.dumps(feature, ensure_ascii=False))
    out.write("\n]}\n")


def _plain(columns: Sequence[str], row: Sequence[str]) -> dict[str, Any]:
    values: dict[str, Any] = dict(zip(columns, row, strict=True))
    for name in columns:
        if name.startswith("p_"):
            values[name] = float(values[name])
    values["n_claims"] = int(values["n_claims"])
    return values


def days_of(on: str | None, from_on: str | None, to_on: str | None) -> tuple[date | None, date | None]:
    """First and last day of `--on`, or of `--from` and `--to`; None where not given."""
    if on is not None and (from_on is not None or to_on is not None):
        raise ConfigurationError("give either --on, or --from and --to")
    if on is not None:
        day = day_option(on, "--on")
        return day, day
    return day_option(from_on, "--from"), day_option(to_on, "--to")


def check_choice(name: str, value: str, choices: Sequence[str]) -> None:
    """Refuse a value that is none of the choices."""
    if value not in choices:
        raise ConfigurationError(f"{name} must be {' or '.join(choices)}, not {value!r}")


@contextmanager
def open_text(path: Path) -> Iterator[TextIO]:
    """A text file, compressed or not; `-` is standard input."""
    if str(path) == "-":
        yield sys.stdin
    elif path.suffix == ".gz":
        import gzip

        with gzip.open(path, "rt", encoding="utf-8-sig", newline="") as file:
            yield file
    else:
        with path.open(encoding="utf-8-sig", newline="") as file:
            yield file


def read_claims(path: Path, zone: tzinfo, rejections: list[Rejection]) -> list[Claim]:
    """The claims of a JSON Lines file, one a line or one report a line as `whoholds read` writes them.

    Lines that cannot be used are listed, and the rest stands.
    """
    found: list[Claim] = []
    try:
        with open_text(path) as lines:
            for number, line in enumerate(lines, 1):
                if not line.strip():
                    continue
                try:
                    record = json.loads(line)
                    # A line of `whoholds read` holds the claims of a whole report.
                    whole = isinstance(record, dict) and "claims" in record and "event" not in record
                    found += [claim_from_json(c, zone) for c in (record["claims"] if whole else [record])]
                except FormatError as error:
                    rejections.append(Rejection(f"{path}, line {number}", "import", error.code, str(error)))
                except ValueError as error:
                    message = f"no JSON: {error}"
                    rejections.append(Rejection(f"{path}, line {number}", "import", "bad_json", message))
    except (UnicodeDecodeError, EOFError) as error:
        raise FormatError(f"{path} is not text in UTF-8: {error}") from None
    if not found and rejections:
        first = rejections[0]
        raise FormatError(f"{path} holds no claim that can be used; the first problem: {first.message}")
    return found


LISTED = 20
"""Rejections of one kind that are listed one by one; of more, only the number."""


def report_rejections(rejections: Sequence[Rejection]) -> int:
    """List what could not be used; long lists by number."""
    by_code: dict[str, list[Rejection]] = {}
    for item in rejections:
        by_code.setdefault(item.code, []).append(item)
    for code, items in sorted(by_code.items()):
        print_rejections(items[:LISTED])
        if len(items) > LISTED:
            typer.echo(f"rejected ({code}): {len(items) - LISTED} more", err=True)
    return len(rejections)
