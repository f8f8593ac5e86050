"""`whoholds places`: look up names, show a place, import a gazetteer, resolve given spans."""

from __future__ import annotations

import json
import re
import sys
import time
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import Annotated, Any

import typer
from rich.console import Console
from rich.table import Table

from whoholds.cli.console import err
from whoholds.errors import ConfigurationError, InputError, NotFoundError, WhoholdsError
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

PROGRESS_S = 5.0
"""Seconds between two lines of progress where there is no terminal."""
TheatreOption = Annotated[
    str | None,
    typer.Option(
        "--theatre", metavar="NAME|PATH", help="A bundled theatre's name, or a folder with a theatre.toml."
    ),
]
FormatOption = Annotated[
    str | None,
    typer.Option(
        "--format",
        metavar="table|jsonl",
        help="table or jsonl; default: table on a terminal, jsonl into a pipe.",
    ),
]


def _open(theatre: str | None) -> tuple[StackedGazetteer, Theatre | None]:
    loaded = None if theatre is None else load_theatre(theatre)
    return open_gazetteer(loaded, progress=lambda words: typer.echo(words, err=True)), loaded


@app.command(epilog="Example: whoholds places find Sudzha --near Kursk")
def find(
    name: Annotated[str, typer.Argument(metavar="NAME", help="A name in any script or spelling.")],
    near: Annotated[
        str | None,
        typer.Option("--near", metavar="PLACE", help="Sort by distance from this place (name or id)."),
    ] = None,
    limit: Annotated[int, typer.Option("--limit", min=1, metavar="N", help="How many at most.")] = 10,
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


def _is_jsonl(output: str | None) -> bool:
    """Whether records are asked for: JSON Lines, also the default into a pipe.

    Raises:
        ConfigurationError: The form is none that there is.
    """
    if output not in (None, "table", "jsonl"):
        raise ConfigurationError(f"--format must be table or jsonl, not {output!r}")
    return (output or ("table" if sys.stdout.isatty() else "jsonl")) == "jsonl"


def _show_places(rows: list[tuple[Place, float | None]], output: str | None) -> None:
    if _is_jsonl(output):
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
    place_id: Annotated[str, typer.Argument(metavar="ID", help="An id, as `find` prints it.")],
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


@app.command(
    epilog='Example: whoholds places correct kursk.gpkg Kurilovka geonames:538601 --by "A. Editor" '
    '--why "the one near Sudzha"'
)
def correct(
    file: Annotated[Path, typer.Argument(metavar="LEDGER", help="The ledger file.")],
    words: Annotated[str, typer.Argument(metavar="WORDS", help="A name as reports write it, in any case.")],
    place_id: Annotated[
        str,
        typer.Argument(metavar="PLACE_ID", help="An id, as `find` prints it; none: no place that is known."),
    ],
    by: Annotated[str, typer.Option(metavar="NAME", help="Who says so.")],
    why: Annotated[str, typer.Option(metavar="TEXT", help="The reason.")],
    report: Annotated[
        str | None,
        typer.Option(
            metavar="ID", help="Only in this report (its id, or the first characters); else in all."
        ),
    ] = None,
) -> None:
    """Say once which place a name means.

    Claims that are there follow, and so do reports added later.

    A later correction of the same words replaces an earlier one; both stay on record.
    """
    from whoholds.pipeline import Workspace

    with Workspace.open(file) as workspace:
        report_id = None if report is None else workspace.ledger.find_id(report)
        meant = None if place_id.casefold() == "none" else place_id
        changed = workspace.correct_place(words, meant, by=by, why=why, report_id=report_id)
        if changed:
            workspace.refresh_control()
        place = None if meant is None else workspace.gazetteer.get(meant)
    what = "no place that is known" if place is None else f"{place.name} ({place.id})"
    follow = "in all reports, also those added later" if report_id is None else "in this report"
    claims = "1 claim follows" if changed == 1 else f"{changed:,} claims follow"
    typer.echo(f"{words.strip()!r} means {what} {follow}; {claims} (by {by})")


@app.command(epilog="Example: whoholds places corrections kursk.gpkg")
def corrections(
    file: Annotated[Path, typer.Argument(metavar="LEDGER", help="The ledger file.")],
    output: FormatOption = None,
) -> None:
    """List which places people gave to names: who, when, why, and whether it still holds."""
    from whoholds.pipeline import Workspace
    from whoholds.web.wording import short_key

    with Workspace.open(file, read_only=True) as workspace:
        said = workspace.ledger.place_corrections()
        zone = workspace.theatre.zone
    newest = {(c.report_id, c.exact.casefold()): i for i, c in enumerate(said)}
    records = [
        {
            "words": c.exact,
            "place_id": None if c.place is None else c.place.id,
            "name": None if c.place is None else c.place.name,
            "report_id": c.report_id,
            "by": c.by,
            "at": c.at.astimezone(zone).isoformat(timespec="seconds"),
            "why": c.why,
            "in_force": newest[c.report_id, c.exact.casefold()] == i,
        }
        for i, c in enumerate(said)
    ]
    if _is_jsonl(output):
        for record in records:
            typer.echo(json.dumps(record, ensure_ascii=False))
        return
    if not records:
        typer.echo("nobody has corrected a place name in this ledger", err=True)
    for record, c in zip(records, said, strict=True):
        means = "no place that is known" if c.place is None else f"{c.place.name} ({c.place.id})"
        where = "in all reports" if c.report_id is None else f"in report {short_key(c.report_id)}"
        held = "" if record["in_force"] else " [replaced since]"
        typer.echo(f"{c.exact!r} means {means} {where}: {c.by}, {record['at']}: {c.why}{held}")


@contextmanager
def _progress_line() -> Iterator[Callable[[str], None]]:
    """A function that shows how far an import is: in one line of a terminal, else now and then a line."""
    if err.is_terminal:
        with err.status("importing") as status:
            yield status.update
        return
    shown = -PROGRESS_S

    def show(words: str) -> None:
        nonlocal shown
        # What is not one count of many is always told.
        is_count = re.search(r"[\d,]+ (?:lines|of [\d,]+ places)$", words) is not None
        if not is_count or time.monotonic() - shown >= PROGRESS_S:
            shown = time.monotonic() if is_count else shown
            err.print(words, markup=False)

    yield show


@app.command("import", epilog="Example: whoholds places import RU.txt --name russia")
def import_file(
    path: Annotated[
        Path, typer.Argument(metavar="FILE", help="GeoNames dump (.txt, .zip), CSV, GeoJSON or GeoPackage.")
    ],
    name: Annotated[
        str | None, typer.Option("--name", metavar="NAME", help="Name of the gazetteer; default: the file's.")
    ] = None,
    column: Annotated[
        list[str] | None,
        typer.Option("--column", metavar="FIELD=COLUMN", help="Such as lon=x; once for each field."),
    ] = None,
) -> None:
    """Add a gazetteer for this user; later reports are read with it. Run again to go on or to update."""
    mapping = ColumnMapping.parse(column or [])
    with _progress_line() as show:
        report = import_gazetteer(path, imports_folder(), name=name, mapping=mapping, progress=show)
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
        typer.Option(
            "--batch",
            metavar="FILE",
            help='JSON lines: {"id", "text", "spans": [{"start","end"}…]}; - for stdin.',
        ),
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
