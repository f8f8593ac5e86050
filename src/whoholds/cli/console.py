"""What commands share: where words go, how progress and rejections look.

Results go to standard output, everything else to standard error, so that a pipe gets records alone.
"""

from __future__ import annotations

import json
import re
import sys
from collections.abc import Iterable, Iterator
from contextlib import contextmanager
from datetime import UTC, date, datetime, tzinfo
from enum import StrEnum
from typing import Any

from rich.console import Console

from whoholds.errors import ConfigurationError, InputError
from whoholds.model import Interval, Rejection, parse_moment
from whoholds.pipeline import Progress

__all__ = [
    "Format",
    "chosen_format",
    "counted",
    "err",
    "json_line",
    "moment_option",
    "note_undated",
    "out",
    "plain_message",
    "print_rejections",
    "progress_bar",
]

out = Console(highlight=False, soft_wrap=True)
err = Console(stderr=True, highlight=False, soft_wrap=True)


_HASHED_REPORT = re.compile(r"report 'sha256:[0-9a-f]{64}'")


class Format(StrEnum):
    """Forms of output."""

    TABLE = "table"
    JSON = "json"
    JSONL = "jsonl"
    CSV = "csv"


def chosen_format(given: Format | None, *, piped: Format = Format.JSONL) -> Format:
    """The form asked for; else a table on a terminal, and records into a pipe."""
    return given or (Format.TABLE if sys.stdout.isatty() else piped)


def counted(number: int, noun: str) -> str:
    """A number and its noun: "1 report", "1,200 reports"."""
    return f"{number:,} {noun}" if number == 1 else f"{number:,} {noun}s"


def json_line(record: Any) -> None:
    """Write one record as a line of JSON."""
    sys.stdout.write(json.dumps(record, ensure_ascii=False) + "\n")


def moment_option(text: str | None, name: str, zone: tzinfo = UTC) -> date | datetime | None:
    """A date or instant given on the command line.

    Raises:
        ConfigurationError: It cannot be read.
    """
    if text is None:
        return None
    try:
        return parse_moment(text, zone)
    except InputError as error:
        raise ConfigurationError(f"{name}: {error}") from None


def instant_option(text: str | None, name: str, zone: tzinfo = UTC) -> datetime | None:
    """An "as known on" given on the command line: a bare date means to the end of that day."""
    moment = moment_option(text, name, zone)
    if moment is None or isinstance(moment, datetime):
        return moment
    return Interval.of_day(moment, zone).end


def day_option(text: str | None, name: str) -> date | None:
    """A day given on the command line."""
    moment = moment_option(text, name)
    return moment.date() if isinstance(moment, datetime) else moment


def plain_message(bad: Rejection) -> str:
    """What is wrong, with the file's name where a reader, which knows no files, could give only the hash."""
    return _HASHED_REPORT.sub(lambda _: bad.item, bad.message)


def print_rejections(rejections: Iterable[Rejection]) -> int:
    """List what could not be used, a line each; how many there were."""
    listed = list(rejections)
    for bad in listed:
        words = plain_message(bad)
        message = words if bad.item in words else f"{bad.item}: {words}"
        err.print(f"rejected ({bad.code}): {message}", markup=False)
    return len(listed)


def note_undated(names: list[str], remedy: str) -> None:
    """Say which reports carry no date: "on Wednesday" is then no day, and the record cannot place it."""
    if names:
        more = f" and {len(names) - 1:,} more" if len(names) > 1 else ""
        err.print(
            f"note: {names[0]}{more}: no date of publication, so words like 'on Wednesday' give no day; "
            f"{remedy}",
            markup=False,
        )


@contextmanager
def progress_bar(title: str) -> Iterator[Progress]:
    """A bar on a terminal; elsewhere a line now and then. Yields the function to call."""
    from rich.progress import BarColumn, MofNCompleteColumn, Progress, TextColumn, TimeElapsedColumn

    columns = (TextColumn("{task.description}"), BarColumn(), MofNCompleteColumn(), TimeElapsedColumn())
    with Progress(*columns, console=err, transient=True, disable=not err.is_terminal) as bar:
        task = bar.add_task(title, total=None)

        def update(done: int, total: int | None, what: str) -> None:
            del what
            bar.update(task, completed=done, total=total)

        yield update
