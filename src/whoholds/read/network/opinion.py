"""What the network makes of one clause: its event, its stance, who acts, on whom, and where.

A report's text and the characters of a clause enter; chances leave. The rules are asked first; this is a
second witness, and how the two are weighed is for who asks.
"""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from enum import Enum
from typing import TypeVar

import numpy as np
from numpy.typing import NDArray

from whoholds.model import Event, Polarity, Relation, Stance
from whoholds.read.network.encoder import LONGEST, PLACE_LEAN, POINTED, SEEN_HEADS, Context, encode, heads
from whoholds.read.network.pieces import Pieces, cut_text, numbers_of_pieces

__all__ = ["Opinion", "Perusal"]

_FIRST, _LAST = "[CLS]", "[SEP]"
_OVERLAP = 40
"""Pieces of the stretch before that a later stretch begins with."""
_SPREAD = 1e-5
"""What is added to a variance before it divides, as in training."""
Numbers = NDArray[np.float32]
_Kind = TypeVar("_Kind", bound=Enum)


@dataclass(frozen=True, slots=True)
class _Stretch:
    """Pieces `[first, last)` of the text, read at once; the network's own first mark stands before them."""

    first: int
    last: int
    context: Context


@dataclass(frozen=True, slots=True)
class Opinion:
    """What the network makes of one clause.

    Attributes:
        events: Log-chance of each event.
        stances: Log-chance of each stance.
        polarities: Log-chance of each polarity.
        relations: Log-chance of each relation of the clause's first place, if it has one.
        pieces: The report's pieces.
        first: Number of the piece that the arrays below begin with.
        who: Of "actor", "target" and "speaker" the chance that each piece is of their name, [stretch], and
            that none is named, last.
        place: Log-odds that each piece is of a place of the clause, [stretch].
        sight: First character of the stretch that was read, and the one after its last.
    """

    events: Mapping[Event, float]
    stances: Mapping[Stance, float]
    polarities: Mapping[Polarity, float]
    relations: Mapping[Relation, float]
    pieces: Pieces
    first: int
    who: Mapping[str, Numbers]
    place: Numbers
    sight: tuple[int, int]

    def chance_of(self, who: str, start: int, end: int) -> float:
        """How likely it is that the characters `[start, end)` are "actor", "target" or "speaker"."""
        scores = self.who[who]
        return float(scores[:-1][self._within(start, end, len(scores) - 1)].sum())

    def nobody(self, who: str) -> float:
        """How likely it is that nobody named is "actor", "target" or "speaker"."""
        return float(self.who[who][-1])

    def place_odds(self, start: int, end: int) -> float | None:
        """Log-odds that the characters `[start, end)` are of a place of the clause; None beyond sight."""
        inside = self.place[self._within(start, end, len(self.place))]
        return float(inside.mean()) if len(inside) else None

    def _within(self, start: int, end: int, count: int) -> slice:
        low, high = _pieces_within(self.pieces, start, end)
        return slice(min(max(low - self.first, 0), count), min(max(high - self.first, 0), count))


class Perusal:
    """One report under the network; a stretch of it is read when the first clause there is asked for."""

    def __init__(self, text: str, breaks: Sequence[int]) -> None:
        """Set a report up.

        Args:
            text: Its text.
            breaks: Characters at which a sentence begins, in order: stretches are cut there.
        """
        self._pieces = cut_text(text)
        self._stretches = _cut_stretches(self._pieces, breaks)
        self._read: dict[int, _Stretch] = {}

    def of_clause(self, start: int, end: int, head: int) -> Opinion | None:
        """What the network makes of the clause at characters `[start, end)`.

        Args:
            start: Its first character.
            end: The one after its last.
            head: First character of its head.
        """
        found = self._locate(start, end, head)
        if found is None:
            return None
        number, place = found
        return _judge(self._stretch(number), self._pieces, place)

    def _locate(self, start: int, end: int, head: int) -> tuple[int, tuple[int, int, int]] | None:
        """The stretch that a clause's head is in; there its first piece, the one after its last, its head."""
        pieces = self._pieces
        at = int(np.searchsorted(pieces.ends, head, side="right"))
        number = next((n for n, (_, last) in enumerate(self._stretches) if at < last), None)
        if number is None:
            return None
        first, last = self._stretches[number]
        low, high = _pieces_within(pieces, start, end)
        low, high = max(low, first), min(high, last)
        if low >= high:
            low, high = at, at + 1
        # Before the stretch stands the network's own first mark.
        offset = 1 - first
        return number, (low + offset, high + offset, at + offset)

    def strongest_places(self, clauses: Iterable[tuple[int, int, int]]) -> Numbers:
        """Of every piece of the text the highest log-odds of being a place of any of some clauses.

        Args:
            clauses: First character, the one after the last, first character of the head.
        """
        found = np.full(len(self._pieces.numbers), -np.inf, dtype=np.float32)
        columns = heads().columns
        for clause in clauses:
            located = self._locate(*clause)
            if located is None:
                continue
            stretch = self._stretch(located[0])
            vector = _read_clause(stretch.context, located[1])
            pointer, none = _told(vector, columns["place"]), _told(vector, columns["place_none"])
            part = found[stretch.first : stretch.last]
            np.maximum(part, _place_odds(stretch.context, pointer, none), out=part)
        return found

    def within(self, start: int, end: int) -> slice:
        """Numbers of the pieces of the characters `[start, end)`."""
        return slice(*_pieces_within(self._pieces, start, end))

    def _stretch(self, number: int) -> _Stretch:
        if number not in self._read:
            first, last = self._stretches[number]
            known = numbers_of_pieces()
            numbers = np.concatenate(
                ([known[_FIRST]], self._pieces.numbers[first:last], [known[_LAST]])
            ).astype(np.int64)
            self._read[number] = _Stretch(first, last, encode(numbers))
        return self._read[number]


def _pieces_within(pieces: Pieces, start: int, end: int) -> tuple[int, int]:
    """First piece of the characters `[start, end)`, and the one after the last."""
    low = int(np.searchsorted(pieces.ends, start, side="right"))
    return low, int(np.searchsorted(pieces.starts, end, side="left"))


def _cut_stretches(pieces: Pieces, breaks: Sequence[int]) -> list[tuple[int, int]]:
    """Runs of pieces that are read at once, cut before a sentence where one begins in time."""
    count, most = len(pieces.numbers), LONGEST - 2
    starts = np.searchsorted(pieces.starts, np.asarray(breaks, dtype=np.int32))
    found: list[tuple[int, int]] = []
    first = 0
    while first < count:
        last = min(first + most, count)
        if last < count:
            fitting = starts[(starts > first + most // 2) & (starts <= last)]
            last = int(fitting[-1]) if len(fitting) else last
        found.append((first, last))
        if last >= count:
            break
        first = max(last - _OVERLAP, first + 1)
    return found


# Sums by einsum and not by `@`: on vectors this short the threads of a BLAS cost many times the work itself.


def _read_clause(context: Context, place: tuple[int, int, int]) -> Numbers:
    """The network's vector of a clause, [3 width], by its first piece, the one after its last, its head."""
    own = heads()
    low, high, head = place
    inner = np.concatenate([context.states[low:high].mean(axis=0), context.states[head]])
    query = (np.einsum("i,ij->j", inner, own.query) + own.query_constant).reshape(SEEN_HEADS, -1)
    scores = np.einsum("htd,hd->ht", context.keys, query) / np.sqrt(query.shape[1])
    scores = np.exp(scores - scores.max(axis=1, keepdims=True))
    scores /= scores.sum(axis=1, keepdims=True)
    seen = np.einsum("hdt,ht->hd", context.values, scores).reshape(-1)
    seen = (seen - seen.mean()) / np.sqrt(seen.var() + _SPREAD) * own.norm + own.norm_constant
    return np.concatenate([inner, seen])


def _told(clause: Numbers, columns: slice) -> Numbers:
    """What some heads make of a clause."""
    own = heads()
    return np.asarray(np.einsum("i,ij->j", clause, own.joint[:, columns]) + own.constant[columns])


def _odds(context: Context, name: str, pointer: Numbers) -> Numbers:
    """How well each piece between the network's marks fits what a clause points at, [pieces]."""
    theirs = context.pointed[name][1:-1]
    return np.asarray(np.einsum("tk,k->t", theirs, pointer) / np.sqrt(len(pointer)))


def _place_odds(context: Context, pointer: Numbers, none: Numbers) -> Numbers:
    """Log-odds of each piece of being of a place of a clause, [pieces]."""
    return np.asarray(_odds(context, "place", pointer) - PLACE_LEAN + none, dtype=np.float32)


def _judge(stretch: _Stretch, pieces: Pieces, place: tuple[int, int, int]) -> Opinion:
    """Hold one clause's vector against the heads of the network."""
    columns, context = heads().columns, stretch.context
    found = _told(_read_clause(context, place), slice(None))
    who = {}
    for name in POINTED:
        if name != "place":
            odds = _odds(context, name, found[columns[name]])
            who[name] = np.exp(_log_shares(np.append(odds, found[columns[f"{name}_none"]])))
    return Opinion(
        events=_by_class(Event, "event", found),
        stances=_by_class(Stance, "stance", found),
        polarities=_by_class(Polarity, "polarity", found),
        relations=_by_class(Relation, "relation", found),
        pieces=pieces,
        first=stretch.first,
        place=_place_odds(context, found[columns["place"]], found[columns["place_none"]]),
        who=who,
        sight=(int(pieces.starts[stretch.first]), int(pieces.ends[stretch.last - 1])),
    )


def _by_class(kind: type[_Kind], name: str, found: Numbers) -> dict[_Kind, float]:
    own = heads()
    shares = _log_shares(found[own.columns[name]]).tolist()
    return {kind(label): share for label, share in zip(own.names[name], shares, strict=True)}


def _log_shares(scores: Numbers) -> Numbers:
    top = scores.max()
    return np.asarray(scores - top - np.log(np.exp(scores - top).sum()), dtype=np.float32)
