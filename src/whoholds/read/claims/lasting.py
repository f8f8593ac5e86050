"""How long it lasted or has lasted: lengths, counts of days and "since then", as days up to the telling.

A verb or clause, its time mentions and the day of telling enter; the first and the last day leave.
"""

from __future__ import annotations

import re
from collections.abc import Collection, Iterable
from datetime import date, timedelta

from whoholds.model import TimeMention
from whoholds.read.times.meaning import add_months
from whoholds.text.tokens import Doc, Token

__all__ = ["count_days", "days_ahead", "days_standing", "days_taken", "find_since_then", "last_told"]

Days = tuple[date, date]
_LENGTH = re.compile(r"P(?P<hours>T?)(?P<n>\d{1,3})(?P<unit>[DWMYH])")
"""A length as TIMEX3 writes it."""
_NOW = frozenset({"have", "has", "'ve", "’ve", "is", "are"})
_NONE = frozenset({"nobody", "nothing", "none", "no", "not", "n't", "n’t", "never"})
_POSSIBLE = frozenset({"may", "might", "could"})
_TOOK = frozenset({"in", "over", "within"})
_ORDINALS = {
    word: n
    for n, word in enumerate(
        ("second", "third", "fourth", "fifth", "sixth", "seventh", "eighth", "ninth", "tenth"), start=2
    )
}
_LASTS = {"day": 1, "night": 1, "week": 7}
_ROW = frozenset({"succession", "row"})
_AHEAD = 4
"""Words between a length's preposition and its noun at most: "for the third consecutive day"."""


def days_ahead(length: str, said: date) -> date | None:
    """The day on which a length from the day of telling is over ("within a week")."""
    found = _LENGTH.fullmatch(length)
    if found is None:
        return None
    count, unit = int(found["n"]), found["unit"]
    if unit in ("M", "Y") and not found["hours"]:
        return add_months(said, count * (12 if unit == "Y" else 1))
    days = {"D": count, "W": 7 * count, "H": -(-count // 24)}.get(unit)
    return None if days is None else said + timedelta(days=days)


def days_taken(verb: Token, start: int, length: str, said: date) -> Days | None:
    """The days that something took: "gained ground in four days", "hit it twice in 72 hours".

    Args:
        verb: What was done.
        start: The first token of the length.
        length: The length, as TIMEX3 writes it.
        said: The day of telling.
    """
    found = _LENGTH.fullmatch(length)
    if found is None or start == 0 or verb.tag_ not in ("VBD", "VBN"):
        return None
    lead = {verb.doc[start - 1].lower_, verb.doc[start].lower_}
    count, unit = int(found["n"]), found["unit"]
    if not lead & _TOOK or (unit == "H") != bool(found["hours"]):
        return None
    days = {"D": count, "W": 7 * count, "H": -(-count // 24) + 1}.get(unit)
    return None if days is None else (said - timedelta(days=days - 1), said)


def days_standing(verb: Token, length: str, said: date) -> Days | None:
    """The days through which something has lasted that lasts: "have dug for nine days"."""
    found = _LENGTH.fullmatch(length)
    if found is None or not _is_still_so(verb):
        return None
    count, unit = int(found["n"]), found["unit"]
    if unit in ("M", "Y") and not found["hours"]:
        first = add_months(said, -count * (12 if unit == "Y" else 1))
        return None if first is None else (first, said)
    days = {"D": count - 1, "W": 7 * count - 1, "H": -(-count // 24)}.get(unit)
    return None if days is None else (said - timedelta(days=days), said)


def count_days(doc: Doc, clause: Iterable[int], said: date) -> Days | None:
    """The days counted by the one that it is: "for the third day", "a fourth night in succession"."""
    for index in clause:
        ordinal = doc[index]
        number = _ORDINALS.get(ordinal.lower_)
        if number is None:
            continue
        noun = next((t for t in doc[index + 1 : index + _AHEAD] if t.lower_ in _LASTS), None)
        if noun is None:
            continue
        is_row = any(t.lower_ in _ROW for t in doc[noun.i + 1 : noun.i + _AHEAD])
        is_for = any(t.lower_ == "for" for t in doc[max(0, index - 2) : index])
        if is_row or is_for or doc[noun.i - 1].lower_ in ("straight", "consecutive", "successive"):
            return said - timedelta(days=(number - 1) * _LASTS[noun.lower_]), said
    return None


def find_since_then(doc: Doc, clause: Collection[int]) -> int | None:
    """The "since" of a clause that points back to a day told before it, or None.

    "Since then", "ever since", "have covered 40 km since". Between a verb's parts ("has since been freed") it
    says no more than that it came later.
    """
    for index in clause:
        if doc[index].lower_ != "since":
            continue
        after = doc[index + 1] if index + 1 < len(doc) else None
        before = doc[index - 1].lower_ if index else ""
        if before == "ever" or (after is not None and after.lower_ == "then"):
            return index
        if doc[index].dep_ == "advmod" and doc[index].tag_ == "RB" and doc[index].head.i < index:
            return index
    return None


def last_told(mentions: Iterable[TimeMention], before: int) -> TimeMention | None:
    """The last time told before a character that has a beginning."""
    found = None
    for mention in mentions:
        if mention.span.end > before:
            break
        if mention.interval is not None and mention.interval.start is not None:
            found = mention
    return found


def _is_still_so(verb: Token) -> bool:
    """Whether a verb tells of what goes on at the time of telling: perfect, present, or no verb at all."""
    words = {c.lower_ for c in verb.children if c.dep_ in ("aux", "auxpass")}
    if verb.tag_ in ("VBN", "VBG", "VBD"):
        if words & _POSSIBLE:
            return False
        # "Had held it for nine days" may be over; what had not come for nine days has still not come.
        is_none = any(t.lower_ in _NONE for t in verb.doc[verb.left_edge.i : verb.i])
        return bool(words & _NOW) or ("had" in words and is_none)
    return verb.tag_ in ("VBZ", "VBP") or verb.pos_ in ("NOUN", "PROPN")
