"""`whoholds read`: reports in, claims out, nothing kept."""

from __future__ import annotations

import json
import sys
from collections.abc import Iterable, Iterator
from dataclasses import replace
from datetime import UTC, tzinfo
from pathlib import Path
from typing import Annotated, Any

import typer

from whoholds.acquire.files import Defaults, Incoming, read_bytes, read_paths, report_from_record
from whoholds.cli.console import (
    Format,
    chosen_format,
    json_line,
    moment_option,
    note_undated,
    plain_message,
    print_rejections,
)
from whoholds.cli.exits import DONE, REJECTED
from whoholds.cli.table import print_claims
from whoholds.errors import ConfigurationError, InputError, NotFoundError
from whoholds.model import Reading, Rejection, Report
from whoholds.model.contract import VERSION, reading_to_json
from whoholds.pipeline import DEFAULT_READER, read_reports, read_reports_parallel

__all__ = ["register"]


def register(app: typer.Typer) -> None:
    """Add the command."""
    app.command(
        epilog="Example: whoholds read story.txt --published-at 2025-03-12 --publisher Reuters",
        help="Read reports and print their claims: who says what, where, when, how many, how sure.",
    )(read)


def read(
    paths: Annotated[
        list[str] | None,
        typer.Argument(
            metavar="PATH…", help="Text, HTML, JSON or Markdown files or folders; - reads standard input."
        ),
    ] = None,
    batch: Annotated[
        Path | None,
        typer.Option(
            "--batch", metavar="FILE", help="Read JSON Lines, one report a line, exactly as it stands."
        ),
    ] = None,
    published_at: Annotated[
        str | None,
        typer.Option(metavar="DATE", help="When the reports were published: 2025-03-12 or an instant."),
    ] = None,
    publisher: Annotated[str | None, typer.Option(metavar="NAME", help="Who published them.")] = None,
    lang: Annotated[
        str | None, typer.Option(metavar="CODE", help="Their language, where the guess is wrong.")
    ] = None,
    theatre: Annotated[
        str | None,
        typer.Option(metavar="NAME|PATH", help="The war they are about: a bundled name or a folder."),
    ] = None,
    reader: Annotated[str, typer.Option(metavar="NAME", help="Which reader.")] = DEFAULT_READER,
    with_text: Annotated[
        bool, typer.Option("--with-text", help="Put the clean text into the records.")
    ] = False,
    workers: Annotated[
        int | None,
        typer.Option(min=1, metavar="N", help="Processes for --batch; as many as cores by default."),
    ] = None,
    format: Annotated[Format | None, typer.Option(help="table on a terminal, jsonl into a pipe.")] = None,
) -> int:
    """Read reports and print their claims."""
    from whoholds.theatre import load_theatre

    war = load_theatre(theatre) if theatre else None
    zone = war.zone if war else UTC
    if batch is None and not paths:
        raise ConfigurationError("nothing to read: give a PATH, - for standard input, or --batch FILE")
    if batch is not None and paths:
        raise ConfigurationError("give either paths or --batch, not both")
    moment = moment_option(published_at, "--published-at", zone)
    defaults = Defaults(publisher, moment, lang, zone)
    form = chosen_format(format)
    if form is Format.CSV:
        raise ConfigurationError("read prints table, json or jsonl")
    if batch is not None:
        items = _batch_items(batch, defaults)
        results = _in_order(
            items, lambda reports: read_reports_parallel(reports, war, reader, workers=workers)
        )
    else:
        from whoholds.places.gazetteer import open_gazetteer

        gazetteer = open_gazetteer(war)
        items = _path_items(paths or [], defaults)
        results = _in_order(items, lambda reports: read_reports(reports, gazetteer, war, reader))
    return _print_results(results, form, zone, with_text=with_text, is_batch=batch is not None)


Item = tuple[str, Report | Rejection, bool]
Result = tuple[str, Reading | Rejection, bool]


def _path_items(paths: list[str], defaults: Defaults) -> Iterator[Item]:
    files = [p for p in paths if p != "-"]
    found: Iterable[Incoming | Rejection] = read_paths(files, defaults)
    if "-" in paths:
        from itertools import chain

        found = chain(read_bytes(sys.stdin.buffer.read(), "standard input", defaults), found)
    for item in found:
        if isinstance(item, Rejection):
            yield item.item, item, False
        else:
            yield item.name, item.report, item.was_changed


def _batch_items(path: Path, defaults: Defaults) -> Iterator[Item]:
    if str(path) != "-" and not path.is_file():
        raise NotFoundError(f"no file {str(path)!r}")
    stream = sys.stdin.buffer if str(path) == "-" else path.open("rb")
    with stream:
        for number, line in enumerate(stream, 1):
            if not line.strip():
                continue
            name = f"line {number}"
            try:
                record = json.loads(line)
                if isinstance(record, dict) and record.get("id") is not None:
                    name = str(record["id"])
                yield name, report_from_record(record, defaults, name=name), False
            except InputError as error:
                yield name, Rejection(name, "clean", error.code, str(error)), False
            except ValueError as error:
                yield name, Rejection(name, "clean", "bad_json", f"{name} is not valid JSON: {error}"), False


def _in_order(items: Iterator[Item], reading: Any) -> Iterator[Result]:
    """Read the good ones of a stream while keeping the bad ones in their places."""
    places: list[Item] = []

    def reports() -> Iterator[Report]:
        for item in items:
            places.append(item)
            if isinstance(item[1], Report):
                yield item[1]

    for found in reading(reports()):
        while places and isinstance(places[0][1], Rejection):
            name, bad, _ = places.pop(0)
            assert isinstance(bad, Rejection)
            yield name, bad, False
        name, _, changed = places.pop(0)
        yield name, found, changed
    for name, bad, _ in places:
        assert isinstance(bad, Rejection)
        yield name, bad, False


def _print_results(
    results: Iterator[Result], form: Format, zone: tzinfo, *, with_text: bool, is_batch: bool
) -> int:
    rejections: list[Rejection] = []
    records: list[Any] = []
    undated: list[str] = []
    for name, found, changed in results:
        if not isinstance(found, Rejection) and found.report.published_at is None:
            undated.append(name)
        if isinstance(found, Rejection):
            found = replace(found, item=name)
            rejections.append(found)
            error = {"code": found.code, "message": plain_message(found)}
            record: Any = {"v": VERSION, "id": name, "error": error}
            if form is Format.TABLE:
                continue
        elif form is Format.TABLE:
            print_claims(found.claims, title=found.report.title or name, zone=zone, report=found.report)
            continue
        else:
            record = reading_to_json(found, zone, with_text=with_text or (changed and not is_batch))
        if form is Format.JSON:
            records.append(record)
        else:
            json_line(record)
    if form is Format.JSON:
        sys.stdout.write(
            json.dumps(records if len(records) != 1 else records[0], ensure_ascii=False, indent=2) + "\n"
        )
    note_undated(undated, "give --published-at DATE")
    print_rejections(rejections)
    return REJECTED if rejections else DONE
