"""Bytes to clean text: decoding, HTML to article, front matter.

Enters: the bytes of one document and what they are said to be. Leaves: `Cleaned`, whose `text` is what
all offsets point into from then on. Nothing is guessed twice: a declared encoding or date wins.
"""

from __future__ import annotations

import codecs
import re
import unicodedata
from dataclasses import dataclass, field

from whoholds.errors import InputError

__all__ = [
    "MAX_BYTES",
    "Cleaned",
    "clean_html",
    "clean_markdown",
    "clean_text",
    "decode_bytes",
    "split_front_matter",
]

MAX_BYTES = 20_000_000
"""Largest document read, in bytes: longer than any article; a file above it is an archive or a mistake."""

_BOMS = (
    (codecs.BOM_UTF8, "utf-8-sig"),
    (codecs.BOM_UTF32_LE, "utf-32"),
    (codecs.BOM_UTF32_BE, "utf-32"),
    (codecs.BOM_UTF16_LE, "utf-16"),
    (codecs.BOM_UTF16_BE, "utf-16"),
)
_META_CHARSET = re.compile(rb"<meta[^>]{0,200}?charset\s*=\s*[\"']?\s*([\w.:-]{2,40})", re.IGNORECASE)
_HTML = re.compile(r"<(?:!doctype\s+html|html|head|body|article|div|p|meta)\b", re.IGNORECASE)
_MARKDOWN_LINK = re.compile(r"!?\[([^\]\n]{0,500})\]\([^)\n]{0,2000}\)")


@dataclass(frozen=True, slots=True)
class Cleaned:
    """A document's text with what the document says about itself.

    Attributes:
        text: Clean text, line breaks between paragraphs.
        title: Headline as metadata, or None.
        publisher: Site or author's outlet, or None.
        published_at: As written in the document (unparsed), or None.
        lang: Language code that the document declares, or None.
        address: Canonical address, or None.
        meta: Further front matter, in its order.
        was_changed: Whether `text` differs from the decoded bytes.
    """

    text: str
    title: str | None = None
    publisher: str | None = None
    published_at: str | None = None
    lang: str | None = None
    address: str | None = None
    meta: dict[str, str] = field(default_factory=dict)
    was_changed: bool = False


def decode_bytes(data: bytes, *, declared: str | None = None, name: str = "input") -> str:
    """The text of some bytes.

    A byte-order mark decides, then the declared encoding, then an HTML meta charset, then UTF-8, and
    only then a statistical guess.

    Raises:
        InputError: Empty, too large, binary, or in no encoding that can be told.
    """
    if not data.strip():
        raise InputError(f"{name} is empty", code="empty_text")
    if len(data) > MAX_BYTES:
        raise InputError(
            f"{name} has {len(data) / 1e6:.0f} MB, over the limit of {MAX_BYTES // 10**6} MB; split it",
            code="too_large",
        )
    for mark, encoding in _BOMS:
        if data.startswith(mark):
            return _decode(data, encoding, name)
    if _is_binary(data):
        raise InputError(f"{name} is binary, not text; give its text, HTML, Markdown or JSON", code="binary")
    meta = _META_CHARSET.search(data[:4096])
    candidates = (declared, meta.group(1).decode("ascii", "replace") if meta else None, "utf-8")
    for candidate in candidates:
        if candidate is None:
            continue
        try:
            return _checked(data.decode(candidate), name)
        except (UnicodeDecodeError, LookupError):
            continue
    return _checked(_guess(data, name), name)


def _guess(data: bytes, name: str) -> str:
    from charset_normalizer import from_bytes

    best = from_bytes(data[:200_000]).best()
    if best is None:
        raise InputError(f"{name} is in no encoding that can be told; save it as UTF-8", code="bad_encoding")
    return _decode(data, best.encoding, name)


def _decode(data: bytes, encoding: str, name: str) -> str:
    try:
        return data.decode(encoding)
    except UnicodeDecodeError as error:
        raise InputError(
            f"{name} is not valid {encoding} (byte {error.start}); save it as UTF-8", code="bad_encoding"
        ) from None


def _checked(text: str, name: str) -> str:
    # A wrong single-byte decoding "works" on binary data: control characters give it away.
    odd = sum(1 for c in text[:20_000] if unicodedata.category(c) == "Cc" and c not in "\t\n\r\f\v\x85")
    if odd > max(3, len(text[:20_000]) // 100):
        raise InputError(f"{name} is binary, not text; give its text, HTML, Markdown or JSON", code="binary")
    return text


def _is_binary(data: bytes) -> bool:
    head = data[:8192]
    magic = (b"%PDF", b"PK\x03\x04", b"\x89PNG", b"\xff\xd8\xff", b"GIF8", b"\x1f\x8b", b"SQLite format 3")
    if head.startswith(magic):
        return True
    return b"\x00" in head


def looks_like_html(text: str) -> bool:
    """Whether a text is a web page or a piece of one."""
    return bool(_HTML.search(text[:4096]))


def clean_html(html: str, *, name: str = "page") -> Cleaned:
    """The article of a web page.

    Raises:
        InputError: The page has no article.
    """
    import trafilatura

    found = trafilatura.bare_extraction(
        html,
        include_comments=False,
        include_tables=False,
        with_metadata=True,
        favor_precision=False,
        date_extraction_params={"original_date": True, "extensive_search": False},
    )
    text = (getattr(found, "text", None) or "").strip()
    if len(text) < 40:
        raise InputError(f"{name} has no article text; copy the text itself and give that", code="no_article")
    declared = re.search(r"<html[^>]{0,300}?\blang\s*=\s*[\"']?([A-Za-z]{2,3})", html[:4096], re.IGNORECASE)
    return Cleaned(
        text=text,
        title=_one_line(getattr(found, "title", None)),
        publisher=_one_line(getattr(found, "sitename", None)),
        published_at=getattr(found, "date", None),
        lang=declared.group(1).lower() if declared else None,
        address=getattr(found, "url", None),
        was_changed=True,
    )


def clean_markdown(text: str, *, name: str = "input") -> Cleaned:
    """A Markdown report with optional front matter; emphasis and links are reduced to their words.

    Raises:
        InputError: There is nothing below the front matter.
    """
    meta, body = split_front_matter(text)
    body = _MARKDOWN_LINK.sub(r"\1", body)
    lines: list[str] = []
    title = meta.pop("title", None)
    for line in body.strip().splitlines():
        heading = re.match(r"\s{0,3}#{1,6}\s+(.*?)\s*#*\s*$", line)
        if heading and title is None and not lines:
            title = heading.group(1)
            continue
        plain = heading.group(1) if heading else re.sub(r"^\s{0,3}>\s?", "", line)
        lines.append(re.sub(r"(\*\*|__|(?<!\w)[*_](?=\S)|(?<=\S)[*_](?!\w))", "", plain))
    clean = "\n".join(lines).strip()
    if not clean:
        raise InputError(f"{name} has no text below its front matter", code="empty_text")
    return Cleaned(
        text=clean,
        title=title,
        publisher=meta.pop("publisher", None),
        published_at=meta.pop("published_at", None) or meta.pop("date", None),
        lang=meta.pop("lang", None),
        address=meta.pop("url", None),
        meta=meta,
        was_changed=clean != text,
    )


def clean_text(text: str) -> Cleaned:
    """A plain text, as it stands, but for line ends and a closing blank."""
    clean = text.replace("\r\n", "\n").replace("\r", "\n").strip("\n\ufeff")
    return Cleaned(text=clean, was_changed=clean != text)


def split_front_matter(text: str) -> tuple[dict[str, str], str]:
    """`key: value` lines between two `---` lines at the top, and what follows them."""
    match = re.match(r"\A\ufeff?---[ \t]*\r?\n(.*?)^---[ \t]*\r?\n?", text, re.DOTALL | re.MULTILINE)
    if not match:
        return {}, text
    meta: dict[str, str] = {}
    for line in match.group(1).splitlines():
        key, colon, value = line.partition(":")
        if colon and key.strip() and not key.lstrip().startswith("#"):
            meta[key.strip()] = value.strip().strip("\"'") if value.strip()[:1] in "\"'" else value.strip()
    return meta, text[match.end() :]


def _one_line(text: str | None) -> str | None:
    return re.sub(r"\s+", " ", text).strip() or None if text else None
