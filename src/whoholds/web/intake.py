"""A pasted text or a dropped file, read before anything is kept.

In: form fields. Out: a reading, and a draft that can be saved as it was read.
"""

from __future__ import annotations

from dataclasses import dataclass
from pathlib import PurePath
from typing import Annotated

from fastapi import File, Form, UploadFile

from whoholds.acquire.files import SUFFIXES, Defaults, Incoming, read_bytes
from whoholds.errors import InputError
from whoholds.model import Reading, Rejection, parse_moment
from whoholds.web.security import MAX_BODY_BYTES
from whoholds.web.site import Site
from whoholds.web.status import TooLarge

__all__ = ["Draft", "Submitted", "read_submission", "submission"]


@dataclass(frozen=True, slots=True)
class Submitted:
    """What the form holds; a file wins over the text beside it."""

    text: str
    file_name: str | None
    file_bytes: bytes
    title: str | None
    publisher: str | None
    published_at: str | None
    lang: str | None


@dataclass(frozen=True, slots=True)
class Draft:
    """A reading, and the key under which its text waits to be saved."""

    key: str
    reading: Reading


async def submission(
    text: Annotated[str, Form(description="The text")] = "",
    file: Annotated[UploadFile | None, File(description="Or a file: text, HTML, Markdown, JSON")] = None,
    title: Annotated[str, Form()] = "",
    publisher: Annotated[str, Form()] = "",
    published_at: Annotated[str, Form(description="A day or an instant")] = "",
    lang: Annotated[str, Form(description="ISO 639-1 code; guessed by default")] = "",
) -> Submitted:
    """The form of a request.

    Raises:
        TooLarge: The file is above the limit.
    """
    data = b"" if file is None else await file.read(MAX_BODY_BYTES + 1)
    if len(data) > MAX_BODY_BYTES:
        name = (file.filename if file else None) or "the file"
        raise TooLarge(
            f"{name} is above the limit of {MAX_BODY_BYTES // 2**20} MB; "
            "send the report alone, or add the file with `whoholds add`"
        )
    return Submitted(
        text=text,
        file_name=(file.filename or "the file") if file is not None and (data or file.filename) else None,
        file_bytes=data,
        title=title.strip() or None,
        publisher=publisher.strip() or None,
        published_at=published_at.strip() or None,
        lang=lang.strip() or None,
    )


def read_submission(site: Site, form: Submitted) -> Draft:
    """Read what was handed in, and keep nothing but a draft in memory.

    Raises:
        InputError: It is empty, no text, too large, undated by a date that cannot be read, several
            reports at once, or in a language without a reader.
    """
    incoming = _incoming(site, form)
    reading = site.workspace.read(incoming)
    if isinstance(reading, Rejection):
        raise InputError(reading.message, code=reading.code)
    return Draft(site.drafts.put(incoming), reading)


def _incoming(site: Site, form: Submitted) -> Incoming:
    if form.file_name is None:
        # Browsers send line ends as CRLF; offsets are into the text as it was pasted.
        return site.workspace.incoming_text(
            form.text.replace("\r\n", "\n"),
            title=form.title,
            publisher=form.publisher,
            published_at=form.published_at,
            lang=form.lang,
        )
    zone = site.theatre.zone
    moment = parse_moment(form.published_at, zone) if form.published_at else None
    defaults = Defaults(form.publisher, moment, form.lang, zone)
    kind = SUFFIXES.get(PurePath(form.file_name).suffix.lower())
    items = list(read_bytes(form.file_bytes, form.file_name, defaults, media_type=kind))
    if len(items) > 1:
        raise InputError(
            f"{form.file_name} holds {len(items)} reports; one at a time is read here, "
            "add them all with `whoholds add`",
            code="many_reports",
        )
    if not items:
        raise InputError(f"{form.file_name} holds no report; is it empty?", code="empty_text")
    (item,) = items
    if isinstance(item, Rejection):
        raise InputError(item.message, code=item.code)
    return item
