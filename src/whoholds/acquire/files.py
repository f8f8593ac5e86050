"""Files and folders to reports.

Enters: paths. Leaves: an `Incoming` for each report, or a `Rejection` for what cannot be used; a bad
file never stops the others. Text, HTML, Markdown with front matter, JSON (one report, a list, or one
a line) are told apart by name first and by content second.
"""

from __future__ import annotations

import json
from collections.abc import Iterable, Iterator, Mapping
from dataclasses import dataclass, replace
from datetime import UTC, date, datetime, tzinfo
from pathlib import Path
from typing import Any

from whoholds.errors import InputError, NotFoundError
from whoholds.model import Rejection, Report, content_id, parse_moment, sha256_hex
from whoholds.model.report import DISPLAY_RIGHTS
from whoholds.text.clean import Cleaned, clean_html, clean_markdown, clean_text, decode_bytes, looks_like_html

__all__ = ["Defaults", "Incoming", "make_report", "read_bytes", "read_paths", "report_from_record"]

SUFFIXES = {
    ".txt": "text/plain",
    ".text": "text/plain",
    ".html": "text/html",
    ".htm": "text/html",
    ".xhtml": "text/html",
    ".md": "text/markdown",
    ".markdown": "text/markdown",
    ".json": "application/json",
    ".jsonl": "application/jsonl",
    ".ndjson": "application/jsonl",
}
# Front matter that is a field of `Report`, not `meta`.
_FIELDS = ("origin", "display", "echo_of")


@dataclass(frozen=True, slots=True)
class Defaults:
    """What the caller says of reports that do not say it themselves.

    Attributes:
        publisher: Who printed them.
        published_at: When.
        lang: ISO 639-1 code.
        zone: The time zone that dates without one are in.
    """

    publisher: str | None = None
    published_at: date | datetime | None = None
    lang: str | None = None
    zone: tzinfo = UTC


@dataclass(frozen=True, slots=True)
class Incoming:
    """A report as it came in.

    Attributes:
        name: Path or item name, for messages.
        report: The report.
        raw: The bytes that it was made from.
        media_type: What those bytes are.
        was_changed: Whether cleaning changed the text.
    """

    name: str
    report: Report
    raw: bytes
    media_type: str
    was_changed: bool = False


def read_paths(paths: Iterable[str | Path], defaults: Defaults) -> Iterator[Incoming | Rejection]:
    """Reports of files and folders, in the order given; folders by file name.

    Raises:
        NotFoundError: A path does not exist: a slip of the command, not a bad report.
    """
    found = [Path(p) for p in paths]
    for path in found:
        if not path.exists():
            raise NotFoundError(f"no file or folder {str(path)!r}")
    for path in found:
        if path.is_dir():
            files = sorted(p for p in path.rglob("*") if p.is_file() and p.suffix.lower() in SUFFIXES)
            if not files:
                yield Rejection(
                    str(path), "clean", "empty_folder", f"{path} holds no {', '.join(sorted(SUFFIXES))} file"
                )
            for file in files:
                yield from _read_file(file, defaults)
        else:
            yield from _read_file(path, defaults)


def _read_file(path: Path, defaults: Defaults) -> Iterator[Incoming | Rejection]:
    try:
        data = path.read_bytes()
    except OSError as error:
        yield Rejection(str(path), "clean", "unreadable", f"cannot read {path}: {error.strerror}")
        return
    yield from read_bytes(data, str(path), defaults, media_type=SUFFIXES.get(path.suffix.lower()))


def read_bytes(
    data: bytes, name: str, defaults: Defaults, *, media_type: str | None = None
) -> Iterator[Incoming | Rejection]:
    """The reports in some bytes (a file's, an upload's, standard input's)."""
    try:
        text = decode_bytes(data, name=name)
        kind = media_type or _sniff(text)
        if kind in ("application/json", "application/jsonl"):
            yield from _read_json(text, name, kind, defaults)
            return
        if kind == "text/html" or (kind == "text/plain" and looks_like_html(text)):
            cleaned, kind = clean_html(text, name=name), "text/html"
        elif kind == "text/markdown" or text.startswith("---\n"):
            cleaned, kind = clean_markdown(text, name=name), "text/markdown"
        else:
            cleaned = clean_text(text)
        report = make_report(cleaned, data, defaults, name=name)
        yield Incoming(name, report, data, kind, cleaned.was_changed)
    except InputError as error:
        yield Rejection(name, "clean", error.code, str(error))


def make_report(cleaned: Cleaned, raw: bytes, defaults: Defaults, *, name: str) -> Report:
    """The report of a cleaned document; what the document says of itself wins over the defaults.

    Raises:
        InputError: Its date cannot be read, or its display right is unknown.
    """
    meta = dict(cleaned.meta)
    digest = sha256_hex(raw)
    display = meta.pop("display", "full")
    if display not in DISPLAY_RIGHTS:
        raise InputError(f"{name}: display {display!r} is not one of {', '.join(DISPLAY_RIGHTS)}")
    published_at = defaults.published_at
    if cleaned.published_at:
        try:
            published_at = parse_moment(cleaned.published_at, defaults.zone)
        except InputError as error:
            raise InputError(f"{name}: published_at: {error}", code="bad_date") from None
    return Report(
        id=content_id("report/1", digest),
        text=cleaned.text,
        sha256=digest,
        title=cleaned.title,
        publisher=cleaned.publisher or defaults.publisher,
        published_at=published_at,
        lang=cleaned.lang or defaults.lang,
        address=cleaned.address,
        origin=meta.pop("origin", None),
        display=display,
        echo_of=meta.pop("echo_of", None),
        meta=tuple(sorted(meta.items())),
    )


def _sniff(text: str) -> str:
    head = text.lstrip("\ufeff \t\r\n")
    if head.startswith(("{", "[")):
        try:
            json.loads(text)
        except ValueError:
            first = head.splitlines()[0]
            try:
                json.loads(first)
            except ValueError:
                return "text/plain"
            return "application/jsonl"
        return "application/json"
    if head.startswith("---"):
        return "text/markdown"
    return "text/html" if looks_like_html(text) else "text/plain"


def _read_json(text: str, name: str, kind: str, defaults: Defaults) -> Iterator[Incoming | Rejection]:
    if kind == "application/json":
        try:
            value = json.loads(text)
        except ValueError as error:
            yield Rejection(name, "clean", "bad_json", f"{name} is not valid JSON: {error}")
            return
        items = value if isinstance(value, list) else [value]
        for number, item in enumerate(items, 1):
            label = f"{name}[{number}]" if isinstance(value, list) else name
            yield _from_item(item, label, defaults)
        return
    for number, line in enumerate(text.splitlines(), 1):
        if not line.strip():
            continue
        label = f"{name}:{number}"
        try:
            item = json.loads(line)
        except ValueError as error:
            yield Rejection(label, "clean", "bad_json", f"{label} is not valid JSON: {error}")
            continue
        yield _from_item(item, label, defaults)


def _from_item(item: Any, label: str, defaults: Defaults) -> Incoming | Rejection:
    try:
        report = report_from_record(item, defaults, name=label)
    except InputError as error:
        return Rejection(label, "clean", error.code, str(error))
    raw = json.dumps(item, ensure_ascii=False, sort_keys=True, separators=(",", ":")).encode(
        "utf-8", "surrogatepass"
    )
    digest = sha256_hex(raw)
    return Incoming(
        label, replace(report, id=content_id("report/1", digest), sha256=digest), raw, "application/json"
    )


def report_from_record(record: Any, defaults: Defaults, *, name: str) -> Report:
    """The report of a batch line (contracts.md, section 1); its text is taken as it stands.

    The hash is that of the text's UTF-8 bytes, the id the line's own.

    Raises:
        InputError: It is no object, has no text, or a field cannot be read.
    """
    if not isinstance(record, Mapping):
        raise InputError(f"{name}: a report must be a JSON object with a text, not {type(record).__name__}")
    text = record.get("text")
    if not isinstance(text, str) or not text.strip():
        raise InputError(f"{name} has no text", code="empty_text")
    if "\x00" in text[:8192]:
        raise InputError(f"{name} is binary, not text", code="binary")
    fields: dict[str, str | None] = {}
    for key in ("id", "title", "publisher", "published_at", "lang", "url", *_FIELDS):
        value = record.get(key)
        if value is not None and not isinstance(value, str | int):
            raise InputError(f"{name}: {key} must be a string, not {value!r}")
        fields[key] = None if value is None or value == "" else str(value)
    published_at = defaults.published_at
    if fields["published_at"]:
        try:
            published_at = parse_moment(fields["published_at"], defaults.zone)
        except InputError as error:
            raise InputError(f"{name}: published_at: {error}", code="bad_date") from None
    digest = sha256_hex(text.encode("utf-8", "surrogatepass"))
    display = fields["display"] or "full"
    if display not in DISPLAY_RIGHTS:
        raise InputError(f"{name}: display {display!r} is not one of {', '.join(DISPLAY_RIGHTS)}")
    return Report(
        id=fields["id"] or content_id("report/1", digest),
        text=text,
        sha256=digest,
        title=fields["title"],
        publisher=fields["publisher"] or defaults.publisher,
        published_at=published_at,
        lang=fields["lang"] or defaults.lang,
        address=fields["url"],
        origin=fields["origin"],
        display=display,
        echo_of=fields["echo_of"],
    )
