"""`whoholds places`: look up names, show a place, import a gazetteer, resolve given spans."""

from __future__ import annotations

import json
import sys
from collections.abc import Iterator
from pathlib import Path
from typing import Annotated, Any

import typer
from rich.console import Console
from rich.table import Table

from whoholds.errors import InputError, NotFoundError, WhoholdsError
from whoholds.model import Place
from whoholds.model.contract import place_mention_to_json
from whoholds.places.gazetteer import StackedGazetteer, imports_folder, open_gazetteer
from whoholds.places.importer import ColumnMapping, import_gazetteer
from whoholds.places.layers import distance_m
from whoholds.places.precision import acled_precision, ucdp_precision
from whoholds.places.read import resolve_spans
from whoholds.theatre import Theatre, load_theatre

__all__ = ["app"]

app = typer.Typer(help="Look up places, import gazetteers, resolve names.", no_args_is_help=True)

TheatreOption = Annotated[
    str | None, typer.Option("--theatre", help="A bundled theatre's name, or a folder with a theatre.toml.")
]
FormatOption = Annotated[
    str | None,
    typer.Option("--format", help="table or jsonl; default: table on a terminal, jsonl into a pipe."),
]


def _open(theatre: str | None) -> tuple[StackedGazetteer, Theatre | None]:
    loaded = None if theatre is None else load_theatre(theatre)
    return open_gazetteer(loaded, progress=lambda words: typer.echo(words, err=True)), loaded


@app.command(epilog="Example: whoholds places find Sudzha --near Kursk")
def find(
    name: Annotated[str, typer.Argument(help="A name in any script or spelling.")],
    near: Annotated[
        str | None, typer.Option("--near", help="Sort by distance from this place (name or id).")
    ] = None,
    limit: Annotated[int, typer.Option("--limit", min=1)] = 10,
    theatre: TheatreOption = None,
    output: FormatOption = None,
) -> None:
    """Places of a name; spelt alike where none has exactly it."""
    gazetteer, _ = _open(theatre)
    found = gazetteer.find(name, limit=200 if near else limit) or gazetteer.find_fuzzy(name, limit=limit)
    if not found:
        raise NotFoundError(f"no place is called {name[:80]!r}; try another spelling, or import a gazetteer")
    rows: list[tuple[Place, float | None]] = [(place, None) for place in found]
    if near is not None:
        centre = gazetteer.get(near) or next(iter(gazetteer.find(near, limit=1)), None)
        if centre is None:
            raise NotFoundError(f"no place is called {near[:80]!r}")
        rows = sorted(
            ((p, distance_m(p.lon, p.lat, centre.lon, centre.lat)) for p in found),
            key=lambda row: row[1] or 0.0,
        )
    _show_places(rows[:limit], output)


def _show_places(rows: list[tuple[Place, float | None]], output: str | None) -> None:
    if (output or ("table" if sys.stdout.isatty() else "jsonl")) == "jsonl":
        for place, metres in rows:
            record = place_to_json(place)
            if metres is not None:
                record["distance_m"] = round(metres)
            typer.echo(json.dumps(record, ensure_ascii=False))
        return
    table = Table(box=None, pad_edge=False, show_edge=False, padding=(0, 2, 0, 0))
    for title in ("id", "name", "kind", "country", "region", "lon", "lat", "inhabitants", "km"):
        table.add_column(title, no_wrap=True)
    for place, metres in rows:
        table.add_row(
            place.id,
            place.name,
            place.kind,
            place.country or "",
            place.admin1 or "",
            f"{place.lon:.4f}",
            f"{place.lat:.4f}",
            f"{place.population:,}" if place.population else "",
            "" if metres is None else f"{metres / 1000:.0f}",
        )
    Console(width=140).print(table)


@app.command(epilog="Example: whoholds places show geonames:486816")
def show(
    place_id: Annotated[str, typer.Argument(help="An id, as `find` prints it.")],
    theatre: TheatreOption = None,
) -> None:
    """One place with all its names and precision codes, as JSON."""
    gazetteer, _ = _open(theatre)
    place = gazetteer.get(place_id)
    if place is None:
        raise NotFoundError(f"no place has the id {place_id!r}; `whoholds places find NAME` prints ids")
    record = place_to_json(place) | {
        "names": list(gazetteer.names(place_id)),
        "acled_precision": acled_precision(place.kind, place.radius_m),
        "ucdp_precision": ucdp_precision(place.kind, place.radius_m, place.feature),
    }
    typer.echo(json.dumps(record, ensure_ascii=False, indent=2))


def place_to_json(place: Place) -> dict[str, Any]:
    """A place with the contract's keys."""
    return {
        "place_id": place.id,
        "name": place.name,
        "lon": place.lon,
        "lat": place.lat,
        "radius_m": place.radius_m,
        "kind": place.kind,
        "country": place.country,
        "admin1": place.admin1,
        "admin2": place.admin2,
        "population": place.population,
        "feature": place.feature,
    }


@app.command("import", epilog="Example: whoholds places import RU.txt --name russia")
def import_file(
    path: Annotated[Path, typer.Argument(help="GeoNames dump (.txt, .zip), CSV, GeoJSON or GeoPackage.")],
    name: Annotated[
        str | None, typer.Option("--name", help="Name of the gazetteer; default: the file's.")
    ] = None,
    column: Annotated[
        list[str] | None, typer.Option("--column", help="FIELD=COLUMN, e.g. lon=x; once for each field.")
    ] = None,
) -> None:
    """Add a gazetteer for this user; later reports are read with it. Run again to go on or to update."""
    mapping = ColumnMapping.parse(column or [])
    report = import_gazetteer(
        path, imports_folder(), name=name, mapping=mapping, progress=lambda words: typer.echo(words, err=True)
    )
    for line, reason in report.rejected[:20]:
        typer.echo(f"{path}, line {line}: {reason}", err=True)
    if report.n_rejected > 20:
        typer.echo(f"… and {report.n_rejected - 20:,} more", err=True)
    typer.echo(
        json.dumps(
            {
                "gazetteer": report.name,
                "places": report.n_places,
                "names": report.n_names,
                "rejected": report.n_rejected,
            }
        )
    )
    if report.n_rejected:
        raise typer.Exit(3)


@app.command(epilog="Example: whoholds places resolve --batch spans.jsonl")
def resolve(
    batch: Annotated[
        Path,
        typer.Option("--batch", help='JSON lines: {"id", "text", "spans": [{"start","end"}…]}; - for stdin.'),
    ],
    theatre: TheatreOption = None,
) -> None:
    """Resolve names that somebody else found: one line out for each line in, one place for each span."""
    gazetteer, loaded = _open(theatre)
    failed = False
    for number, line in _lines(batch):
        record = _resolve_line(line, number, gazetteer, loaded)
        failed = failed or "error" in record
        typer.echo(json.dumps(record, ensure_ascii=False))
    if failed:
        raise typer.Exit(3)


def _lines(path: Path) -> Iterator[tuple[int, str]]:
    if str(path) == "-":
        yield from enumerate((line for line in sys.stdin if line.strip()), 1)
        return
    try:
        with path.open(encoding="utf-8") as file:
            yield from enumerate((line for line in file if line.strip()), 1)
    except OSError as error:
        raise InputError(f"cannot read {path}: {error.strerror}") from None
    except UnicodeDecodeError:
        raise InputError(f"{path} is not UTF-8; save it as UTF-8") from None


def _resolve_line(
    line: str, number: int, gazetteer: StackedGazetteer, theatre: Theatre | None
) -> dict[str, Any]:
    report_id: Any = None
    try:
        record = json.loads(line)
        if not isinstance(record, dict):
            raise InputError("a line must be a JSON object")
        report_id = record.get("id")
        text, spans = record.get("text"), record.get("spans")
        if not isinstance(text, str) or not isinstance(spans, list):
            raise InputError("a line needs a text and a list of spans")
        ends = [_ends(span) for span in spans]
        usable = [e for e in ends if e is not None and 0 <= e[0] < e[1] <= len(text)]
        mentions = iter(resolve_spans(text, usable, gazetteer, theatre))
        places = [
            place_mention_to_json(next(mentions))
            if e is not None and 0 <= e[0] < e[1] <= len(text)
            else _no_place(e)
            for e in ends
        ]
    except (json.JSONDecodeError, WhoholdsError) as error:
        code = error.code if isinstance(error, WhoholdsError) else "bad_json"
        message = f"line {number}: {error}"
        return {"v": 1, "id": report_id, "error": {"code": code, "message": message}}
    return {"v": 1, "id": report_id, "places": places}


def _ends(span: Any) -> tuple[int, int] | None:
    if isinstance(span, dict) and isinstance(span.get("start"), int) and isinstance(span.get("end"), int):
        return span["start"], span["end"]
    return None


def _no_place(ends: tuple[int, int] | None) -> dict[str, Any]:
    """A span that is not in the text keeps its seat in the list, unresolved."""
    start, end = ends or (None, None)
    return {
        "start": start,
        "end": end,
        "exact": None,
        "place_id": None,
        "name": None,
        "lon": None,
        "lat": None,
        "radius_m": None,
        "kind": "other",
        "country": None,
        "role": "literal",
        "p": 0.0,
        "candidates": [],
    }
