"""Names at spans that somebody else found: the words around them read without a parse."""

from __future__ import annotations

import re
from collections.abc import Sequence
from itertools import pairwise

from whoholds.errors import InputError
from whoholds.model import Span
from whoholds.places.gazetteer import Gazetteer
from whoholds.places.index import ENTRY_DEMONYM
from whoholds.places.layers import Meaning
from whoholds.places.recognise import CANDIDATES, Name
from whoholds.places.words import place_words

__all__ = ["names_of_spans"]

_WORD = re.compile(r"\w+(?:[.'’]\w+)*\.?|[^\w\s]")
_ARTICLE = re.compile(r"(?:the|a|an)\s+", re.IGNORECASE)
_POSSESSIVE = re.compile(r"['’]s?$")


def names_of_spans(text: str, spans: Sequence[tuple[int, int]], gazetteer: Gazetteer) -> list[Name]:
    """One name a span, in the order given.

    Raises:
        InputError: A span does not lie in the text.
    """
    order = sorted(range(len(spans)), key=lambda i: spans[i])
    names: list[Name] = []
    for start, end in spans:
        if not 0 <= start < end <= len(text):
            raise InputError(f"span [{start}, {end}) does not lie in the text of {len(text)} code points")
        names.append(_name_at(text, start, end, gazetteer))
    for position, following in pairwise(order):
        between = text[spans[position][1] : spans[following][0]].strip().lower()
        if between in (",", "(", "in", ", in", "of"):
            names[position].inside.append(_rank(order, following))
        elif between in ("'s", "’s", "'", "’") or (names[position].role == "demonym" and not between):
            names[following].inside.append(_rank(order, position))
    return names


def _rank(order: list[int], index: int) -> int:
    return order.index(index)


def _name_at(text: str, start: int, end: int, gazetteer: Gazetteer) -> Name:
    words = place_words()
    key = _POSSESSIVE.sub("", text[start:end].strip())
    key = _ARTICLE.sub("", key, count=1) if _ARTICLE.match(key) else key
    meanings = gazetteer.meanings(key, limit=CANDIDATES)
    hint: str | None = None
    head, _, rest = key.partition(" ")
    if not meanings and rest and head.lower() in words.directions:
        key, meanings = rest, gazetteer.meanings(rest, limit=CANDIDATES)
    parts = key.rsplit(None, 1)
    if not meanings and len(parts) == 2 and parts[1].lower() in words.type_after:
        hint = words.type_after[parts[1].lower()]
        meanings = gazetteer.meanings(parts[0], limit=CANDIDATES)
        key = parts[0]
    after = _WORD.match(text[end : end + 30].lstrip())
    before = [m.group().lower() for m in _WORD.finditer(text[max(0, start - 40) : start])]
    if hint is None and after and after.group().lower() in words.type_after:
        hint = words.type_after[after.group().lower()]
    elif hint is None and len(before) > 1 and before[-1] == "of" and before[-2] in words.type_before:
        hint = words.type_before[before[-2]]
    elif hint is None and before and before[-1] in words.type_before:
        hint = words.type_before[before[-1]]
    role = "demonym" if meanings and meanings[0].role == ENTRY_DEMONYM else "literal"
    if not meanings:
        meanings = _parts(key, gazetteer)
    return Name(
        0, 0, Span.of(text, start, end), key, meanings, hint if role == "literal" else None, role, True
    )


def _parts(key: str, gazetteer: Gazetteer) -> tuple[Meaning, ...]:
    """Meanings of the longest known head of a name ("Kharkiv Regional Administration")."""
    words = key.split()
    for length in range(len(words) - 1, 0, -1):
        head = " ".join(words[:length])
        if head[:1].isupper() and (found := gazetteer.meanings(head, limit=CANDIDATES)):
            return found
    return ()
