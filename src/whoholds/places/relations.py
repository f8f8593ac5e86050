"""Where an event is with respect to a named place: in, outskirts, near, toward, from, across; and offsets."""

from __future__ import annotations

import math
import re
from dataclasses import dataclass
from typing import TYPE_CHECKING

from whoholds.model import Relation
from whoholds.places.words import place_words
from whoholds.text.parse import Parsed

if TYPE_CHECKING:
    from whoholds.text.tokens import Doc

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
    "km": 1000.0, "kms": 1000.0, "kilometer": 1000.0, "kilometers": 1000.0, "kilometre": 1000.0,
    "kilometres": 1000.0,
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
_PART_OF = frozenset({"in", "into", "from", "across", "throughout"})
LONGEST_MEMBER = 4
"""Tokens in the longest name that a list is climbed over."""


def relation_of(parsed: Parsed, first: int, last: int) -> Relation:
    """The relation that the words around tokens `[first, last)` express; `in` where they say nothing.

    A list shares the words before its first member ("near Guyevo, Gornal and Oleshnya"), and a type word
    is looked through ("near the village of Guyevo").
    """
    doc = parsed.doc
    after = doc[last].lower_ if last < len(doc) else ""
    if after in ("direction", "axis", "sector", "front"):
        return Relation.TOWARD
    at = _before_type(doc, first)
    found = _relation_before(doc, at)
    while found is None and (shorter := _before_member(doc, at)) < at:
        at = _before_type(doc, shorter)
        found = _relation_before(doc, at)
    return found or Relation.IN


def _before_type(doc: Doc, first: int) -> int:
    """The token after the last word that tells: articles, type words and parts of the compass are skipped."""
    words = place_words()
    at = first
    while at > 0:
        word = doc[at - 1].lower_
        if word in ("the", "a", "an", "his", "its", "their") or (
            word in words.type_before and word not in _OUTSKIRTS
        ):
            at -= 1
        elif (
            word == "of"
            and at > 1
            and doc[at - 2].lower_ in words.type_before
            and doc[at - 2].lower_ not in _OUTSKIRTS
        ):
            at -= 2
        elif word in words.directions and not doc[at - 1].is_title:
            at -= 1
        else:
            break
    return at


def _before_member(doc: Doc, at: int) -> int:
    """Where the list member before a comma or conjunction begins, or `at` where there is none."""
    back = at
    while back > 0 and doc[back - 1].lower_ in (",", "and", "or", "&"):
        back -= 1
    if back == at:
        return at
    start = back
    while (
        start > 0
        and back - start < LONGEST_MEMBER
        and (doc[start - 1].text[0].isupper() or doc[start - 1].text == "-")
    ):
        start -= 1
    return start if start < back else at


def _relation_before(doc: Doc, at: int) -> Relation | None:
    """What the words that end before token `at` express; None where they are no relation."""
    if at == 0:
        return None
    last = doc[at - 1].lower_
    if last == "of" and at > 1:
        head = doc[at - 2].lower_
        if head in _OUTSKIRTS:
            return Relation.OUTSKIRTS
        is_bearing = head.replace("-", "") in _BEARINGS
        if is_bearing and at > 3 and doc[at - 3].lower_ == "the" and doc[at - 4].lower_ in _PART_OF:
            # "in the west of X" is a part of it.
            return None
        if is_bearing or head in ("vicinity", "outside", "surroundings"):
            return Relation.NEAR
        if head in ("direction", "axis", "sector"):
            return Relation.TOWARD
        return Relation.FROM if head == "out" else None
    if last == "to":
        head = doc[at - 2].lower_ if at > 1 else ""
        if head in ("close", "next", "adjacent", "approaches"):
            return Relation.OUTSKIRTS if head == "approaches" else Relation.NEAR
        return (
            Relation.TOWARD
            if head in ("way", "road", "route", "approach", "approaching", "advance")
            else None
        )
    if last in _NEAR:
        return Relation.NEAR
    if last in _TOWARD:
        return Relation.TOWARD
    if last in _FROM:
        return Relation.FROM
    return Relation.ACROSS if last in _ACROSS else None


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
