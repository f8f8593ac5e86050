"""Content-hash ids: SHA-256 over canonical JSON of the identifying fields, with a type tag.

Canonical JSON frames every field (quotes, commas, brackets), so that two different field lists never
give the same bytes, as joined strings would ("ab"+"c" and "a"+"bc").
"""

from __future__ import annotations

import hashlib
import json
import unicodedata
from collections.abc import Sequence
from typing import TypeAlias

__all__ = ["Field", "canonical_json", "content_id", "sha256_hex"]

Field: TypeAlias = "str | int | bool | Sequence[Field] | None"


def canonical_json(value: Field) -> bytes:
    """The one JSON encoding of a value: UTF-8, NFC, no spaces.

    Floats are refused: their text differs between writers, and no identity of ours rests on one.

    Raises:
        TypeError: The value holds something other than strings, integers, booleans, None and lists.
    """
    return _ENCODER.encode(_plain(value)).encode("utf-8", "surrogatepass")


# Made once: `json.dumps` makes one at each call that asks for anything unusual.
_ENCODER = json.JSONEncoder(ensure_ascii=False, separators=(",", ":"))


def _plain(value: Field) -> object:
    if isinstance(value, str):
        return value if value.isascii() else unicodedata.normalize("NFC", value)
    if value is None or isinstance(value, int):
        return value
    if isinstance(value, list) or (isinstance(value, Sequence) and not isinstance(value, bytes | bytearray)):
        return [_plain(item) for item in value]
    raise TypeError(
        f"an id is made of strings, integers, booleans, None and lists, not {type(value).__name__}"
    )


def content_id(tag: str, *fields: Field) -> str:
    """The id of a thing: `sha256:` and 64 hex digits of the tag and its identifying fields.

    >>> content_id("claim/1", "a", ["b"])[:14]
    'sha256:6dfa202'
    """
    return "sha256:" + sha256_hex(canonical_json([tag, *fields]))


def sha256_hex(data: bytes) -> str:
    """The SHA-256 of some bytes as 64 lower-case hex digits."""
    return hashlib.sha256(data).hexdigest()
