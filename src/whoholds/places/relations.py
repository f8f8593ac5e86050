"""Where an event is with respect to a named place: in, outskirts, near, toward, from, across; and offsets."""

from __future__ import annotations

import math
import re
from dataclasses import dataclass

from whoholds.model import Relation
from whoholds.text.parse import Parsed

__all__ = ["Offset", "destination", "offset_of", "relation_of"]

EARTH_M = 6_371_008.8


@dataclass(frozen=True, slots=True)
class Offset:
    """A distance and direction from a named place ("8 km northwest of Sudzha").

    Attributes:
        metres: Distance.
        bearing: Degrees clockwise from north, or None where only the distance is given.
        start: Token where the phrase starts.
    """

    metres: float
    bearing: float | None
    start: int


_BEARINGS = {
    "north": 0.0, "northeast": 45.0, "east": 90.0, "southeast": 135.0,
    "south": 180.0, "southwest": 225.0, "west": 270.0, "northwest": 315.0,
}  # fmt: skip
_UNITS = {
    "km": 1000.0, "kms": 1000.0, "kilometer": 1000.0, "kilometers": 1000.0, "kilometre": 1000.0, "kilometres": 1000.0,
    "m": 1.0, "metres": 1.0, "meters": 1.0, "mile": 1609.344, "miles": 1609.344, "mi": 1609.344,
}  # fmt: skip
_NUMBER = re.compile(r"\d+(?:[.,]\d+)?")
_OUTSKIRTS = frozenset(
    {
        "outskirts",
        "edge",
        "edges",
        "suburb",
        "suburbs",
        "gates",
        "fringes",
        "fringe",
        "periphery",
        "approaches",
    }
)
_NEAR = frozenset(
    {
        "near",
        "around",
        "outside",
        "by",
        "beside",
        "vicinity",
        "close",
        "off",
        "surrounding",
        "nearby",
        "along",
    }
)
_TOWARD = frozenset({"toward", "towards", "direction", "sector", "axis", "front"})
_FROM = frozenset({"from", "leaving", "left"})
_ACROSS = frozenset({"across", "throughout", "over"})
_DIRECTION_NOUNS = frozenset({"direction", "sector", "axis", "area", "front"})


def relation_of(parsed: Parsed, first: int, last: int) -> Relation:
    """The relation that the words around tokens `[first, last)` express; `in` where they say nothing.

    A list shares the words before its first member ("near Guyevo, Gornal and Oleshnya").
    """
    doc = parsed.doc
    words = [t.lower_ for t in doc[max(0, first - 8) : first]]
    after = [t.lower_ for t in doc[last : last + 2]]
    while words and (
        words[-1] in (",", "and", "or", "the")
        or (len(words) > 1 and words[-2] in (",", "and", "near") and doc[first - 1].is_title)
    ):
        if words[-1] == "the":
            words.pop()
            continue
        if not _drop_list_member(words, doc, first):
            break
    return _relation(words, after)


def _drop_list_member(words: list[str], doc: object, first: int) -> bool:
    dropped = False
    if words and words[-1] in (",", "and", "or"):
        words.pop()
        dropped = True
    if dropped and words and words[-1] in (",",):
        words.pop()
    # One or two capitals of the member before.
    if dropped and words:
        words.pop()
    return dropped


def _relation(words: list[str], after: list[str]) -> Relation:
    if after and after[0] in ("direction", "axis", "sector"):
        return Relation.TOWARD
    tail = words[-4:]
    if tail and tail[-1] == "of" and len(tail) > 1:
        head = tail[-2]
        if head in _OUTSKIRTS:
            return Relation.OUTSKIRTS
        if head in _BEARINGS or head in ("vicinity", "outside", "area"):
            return Relation.NEAR
        if head == "direction":
            return Relation.TOWARD
        if head == "out":
            return Relation.FROM
    if not tail:
        return Relation.IN
    last = tail[-1]
    if last in _NEAR or (last == "to" and len(tail) > 1 and tail[-2] in ("close", "next")):
        return Relation.NEAR
    if last in _TOWARD:
        return Relation.TOWARD
    if last in _FROM:
        return Relation.FROM
    if last in _ACROSS:
        return Relation.ACROSS
    return Relation.IN


def offset_of(parsed: Parsed, first: int) -> Offset | None:
    """The distance and direction said before the name at token `first`, or None."""
    doc = parsed.doc
    i = first - 1
    if i < 1 or doc[i].lower_ not in ("of", "from"):
        return None
    i -= 1
    bearing: float | None = None
    joined = doc[i].lower_.replace("-", "")
    if i >= 2 and doc[i - 1].text == "-" and doc[i - 2].lower_ + joined in _BEARINGS:
        bearing, i = _BEARINGS[doc[i - 2].lower_ + joined], i - 3
    elif joined in _BEARINGS:
        bearing, i = _BEARINGS[joined], i - 1
        if i >= 0 and doc[i].lower_ + joined in _BEARINGS:
            bearing, i = _BEARINGS[doc[i].lower_ + joined], i - 1
        if i >= 1 and doc[i].lower_ == "the" and doc[i - 1].lower_ == "to":
            i -= 2
    if i < 1 or doc[i].lower_ not in _UNITS:
        return None
    number = _NUMBER.fullmatch(doc[i - 1].text)
    if number is None:
        return None
    return Offset(float(number.group().replace(",", ".")) * _UNITS[doc[i].lower_], bearing, i - 1)


def destination(lon: float, lat: float, offset: Offset) -> tuple[float, float, float]:
    """The point of an offset from a place: longitude, latitude, and its error in metres.

    The error is a third of the distance for a compass point (an eighth of the circle), and the whole
    distance where no direction is given; the point is then the place itself.
    """
    if offset.bearing is None:
        return lon, lat, offset.metres
    angle, turn = offset.metres / EARTH_M, math.radians(offset.bearing)
    phi, lam = math.radians(lat), math.radians(lon)
    there = math.asin(math.sin(phi) * math.cos(angle) + math.cos(phi) * math.sin(angle) * math.cos(turn))
    east = lam + math.atan2(
        math.sin(turn) * math.sin(angle) * math.cos(phi), math.cos(angle) - math.sin(phi) * math.sin(there)
    )
    return (math.degrees(east) + 540) % 360 - 180, math.degrees(there), max(500.0, offset.metres / 3)
