"""What the network makes of one clause: its event, its stance, who acts, on whom, and where.

A report's text and the characters of a clause enter; chances leave. The rules are asked first; this is a
second witness, and how the two are weighed is for who asks.
"""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Mapping, Sequence
from concurrent.futures import Executor, Future
from dataclasses import dataclass
from enum import Enum
from functools import lru_cache
from math import exp
from typing import TypeVar

import numpy as np
from numpy.typing import NDArray

from whoholds.model import Event, Polarity, Relation, Stance
from whoholds.read.network.encoder import (
    CLASSES,
    LONGEST,
    PLACE_LEAN,
    POINTED,
    POINTER,
    SEEN_HEADS,
    Context,
    encode,
    heads,
)
from whoholds.read.network.pieces import Pieces, cut_text, numbers_of_pieces

__all__ = ["Opinion", "Perusal", "cut_stretches", "likeliest"]

_FIRST, _LAST = "[CLS]", "[SEP]"
_OVERLAP = 40
"""Pieces of the stretch before that a later stretch begins with."""
_SPREAD = 1e-5
"""What is added to a variance before it divides, as in training."""
Numbers = NDArray[np.float32]
_Kind = TypeVar("_Kind", bound=Enum)
_Answer = TypeVar("_Answer")


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
        low, high = self.pieces.within(start, end)
        return slice(min(max(low - self.first, 0), count), min(max(high - self.first, 0), count))


class Perusal:
    """One report under the network; a stretch of it is read ahead or when first asked for."""

    def __init__(self, text: str, breaks: Sequence[int], ahead: Executor | None = None) -> None:
        """Set a report up.

        Args:
            text: Its text.
            breaks: Characters at which a sentence begins, in order: stretches are cut there.
            ahead: Where its stretches are read meanwhile, or None to read each when it is asked for.
        """
        self._pieces = cut_text(text)
        self._stretches = cut_stretches(self._pieces, breaks)
        self._read: dict[int, Context] = {}
        self._begun: list[Future[Context]] = []
        if ahead is not None:
            self._begun = [ahead.submit(encode, self._numbers_of(n)) for n in range(len(self._stretches))]

    def of_clauses(self, clauses: Sequence[tuple[int, int, int]]) -> list[Opinion | None]:
        """What the network makes of clauses, asked together; None of what is not in the text.

        Args:
            clauses: First character of each, the one after its last, first character of its head.
        """
        found: list[Opinion | None] = [None] * len(clauses)
        asked: dict[int, list[tuple[int, tuple[int, int, int]]]] = defaultdict(list)
        for number, clause in enumerate(clauses):
            located = self._locate(*clause)
            if located is not None:
                asked[located[0]].append((number, located[1]))
        for stretch, its in asked.items():
            opinions = self._judge(stretch, [place for _, place in its])
            for (number, _), opinion in zip(its, opinions, strict=True):
                found[number] = opinion
        return found

    def told_odds(self, start: int, end: int) -> float | None:
        """Log-odds that the characters `[start, end)` are a place of any claim; None of no piece."""
        low, high = self._pieces.within(start, end)
        if low >= high:
            return None
        number = next(n for n, (_, last) in enumerate(self._stretches) if low < last)
        first, last = self._stretches[number]
        return float(self._context(number).told[1:-1][low - first : min(high, last) - first].mean())

    def _locate(self, start: int, end: int, head: int) -> tuple[int, tuple[int, int, int]] | None:
        """The stretch that a clause's head is in; there its first piece, the one after its last, its head."""
        pieces = self._pieces
        at = int(np.searchsorted(pieces.ends, head, side="right"))
        number = next((n for n, (_, last) in enumerate(self._stretches) if at < last), None)
        if number is None:
            return None
        first, last = self._stretches[number]
        low, high = pieces.within(start, end)
        low, high = max(low, first), min(high, last)
        if low >= high:
            low, high = at, at + 1
        # Before the stretch stands the network's own first mark.
        offset = 1 - first
        return number, (low + offset, high + offset, at + offset)

    def _context(self, number: int) -> Context:
        if number not in self._read:
            self._read[number] = (
                self._begun[number].result() if self._begun else encode(self._numbers_of(number))
            )
        return self._read[number]

    def _numbers_of(self, number: int) -> NDArray[np.int64]:
        first, last = self._stretches[number]
        known = numbers_of_pieces()
        inside = self._pieces.numbers[first:last]
        return np.concatenate(([known[_FIRST]], inside, [known[_LAST]])).astype(np.int64)

    def _judge(self, number: int, places: Sequence[tuple[int, int, int]]) -> list[Opinion]:
        """Hold the vectors of clauses of one stretch against the heads of the network."""
        context, columns = self._context(number), heads().columns
        first, last = self._stretches[number]
        found = _read_clauses(context, places) @ heads().joint + heads().constant
        classes = {name: _log_shares(found[:, columns[name]]).tolist() for name in CLASSES}
        who = {}
        for name in POINTED:
            odds = found[:, columns[name]] @ context.pointed[name][1:-1].T / np.sqrt(np.float32(POINTER))
            none = found[:, columns[f"{name}_none"]]
            if name == "place":
                where = odds - PLACE_LEAN + none
            else:
                who[name] = np.exp(_log_shares(np.concatenate([odds, none], axis=1)))
        sight = (int(self._pieces.starts[first]), int(self._pieces.ends[last - 1]))
        return [
            Opinion(
                events=dict(zip(_labels(Event), classes["event"][n], strict=True)),
                stances=dict(zip(_labels(Stance), classes["stance"][n], strict=True)),
                polarities=dict(zip(_labels(Polarity), classes["polarity"][n], strict=True)),
                relations=dict(zip(_labels(Relation), classes["relation"][n], strict=True)),
                pieces=self._pieces,
                first=first,
                place=where[n],
                who={name: shares[n] for name, shares in who.items()},
                sight=sight,
            )
            for n in range(len(places))
        ]


def cut_stretches(pieces: Pieces, breaks: Sequence[int]) -> list[tuple[int, int]]:
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


def _read_clauses(context: Context, places: Sequence[tuple[int, int, int]]) -> Numbers:
    """The network's vectors of clauses, [clauses, 3 width], by first piece, the one after the last, head."""
    own = heads()
    inner = np.stack(
        [
            np.concatenate([context.states[low:high].mean(axis=0), context.states[head]])
            for low, high, head in places
        ]
    )
    query = (inner @ own.query + own.query_constant).reshape(len(places), SEEN_HEADS, -1).transpose(1, 0, 2)
    scores = query @ context.keys.transpose(0, 2, 1) / np.sqrt(np.float32(query.shape[2]))
    shares = np.exp(scores - scores.max(axis=2, keepdims=True))
    shares /= shares.sum(axis=2, keepdims=True)
    seen = (shares @ context.values).transpose(1, 0, 2).reshape(len(places), -1)
    seen = seen - seen.mean(axis=1, keepdims=True)
    seen = seen / np.sqrt((seen * seen).mean(axis=1, keepdims=True) + _SPREAD)
    return np.concatenate([inner, seen * own.norm + own.norm_constant], axis=1)


@lru_cache(maxsize=4)
def _labels(kind: type[_Kind]) -> tuple[_Kind, ...]:
    """The classes of a head, in the order of its columns."""
    return tuple(kind(label) for label in heads().names[kind.__name__.lower()])


def _log_shares(scores: Numbers) -> Numbers:
    """Log-chances by row."""
    lowered = scores - scores.max(axis=1, keepdims=True)
    return np.asarray(lowered - np.log(np.exp(lowered).sum(axis=1, keepdims=True)), dtype=np.float32)


def likeliest(scores: Mapping[_Answer, float]) -> tuple[_Answer, float]:
    """The answer of the highest score, and its share of all."""
    best = max(scores, key=lambda answer: scores[answer])
    return best, 1.0 / sum(exp(score - scores[best]) for score in scores.values())
