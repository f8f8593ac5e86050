"""Text as the network takes it: word pieces, with the characters that each stands for.

Text enters; piece numbers and their offsets leave. Words are cut into the longest pieces of a fixed
vocabulary, first piece first (WordPiece; Wu et al. 2016), in lower case and without accents.
"""

from __future__ import annotations

import re
import unicodedata
from bisect import bisect_left, bisect_right
from collections.abc import Mapping
from dataclasses import dataclass
from functools import lru_cache
from importlib.resources import files

import numpy as np
from numpy.typing import NDArray

__all__ = ["Pieces", "cut_text", "numbers_of_pieces"]

_WORD = re.compile(r"[^\W_]+|\S")
_LONGEST = 60
"""Letters of a word that is still cut; a longer one is no word."""
UNKNOWN = "[UNK]"


@dataclass(frozen=True, slots=True, eq=False)
class Pieces:
    """The pieces of a text.

    Attributes:
        numbers: In the vocabulary, [pieces].
        starts: First character of each, [pieces].
        ends: The character after its last, [pieces].
    """

    numbers: NDArray[np.int64]
    starts: NDArray[np.int32]
    ends: NDArray[np.int32]

    def within(self, start: int, end: int) -> tuple[int, int]:
        """First piece of the characters `[start, end)`, and the one after the last."""
        starts, ends = _as_lists(self)
        return bisect_right(ends, start), bisect_left(starts, end)


@lru_cache(maxsize=2)
def _as_lists(pieces: Pieces) -> tuple[list[int], list[int]]:
    """Starts and ends as lists: in one of these a number is found ten times as fast."""
    return pieces.starts.tolist(), pieces.ends.tolist()


@lru_cache(maxsize=1)
def numbers_of_pieces() -> Mapping[str, int]:
    """Each piece of the vocabulary with its number; what goes on inside a word begins with "##"."""
    lines = (files("whoholds.read.network") / "data" / "pieces.txt").read_text("utf-8").splitlines()
    return {piece: number for number, piece in enumerate(lines)}


def cut_text(text: str) -> Pieces:
    """The pieces of a text, in order."""
    numbers: list[int] = []
    starts: list[int] = []
    ends: list[int] = []
    for match in _WORD.finditer(text):
        first, last = match.span()
        for number, start, end in _cut_word(match.group()):
            numbers.append(number)
            starts.append(first + start)
            ends.append(min(first + end, last))
    return Pieces(np.array(numbers, np.int64), np.array(starts, np.int32), np.array(ends, np.int32))


@lru_cache(maxsize=32_768)
def _cut_word(word: str) -> tuple[tuple[int, int, int], ...]:
    """Number, start and end of each piece of a word."""
    known = numbers_of_pieces()
    unknown = ((known[UNKNOWN], 0, len(word)),)
    plain = "".join(c for c in unicodedata.normalize("NFD", word.lower()) if unicodedata.category(c) != "Mn")
    if len(plain) > _LONGEST or not plain:
        return unknown
    # Where a letter becomes two, offsets inside the word mean nothing: each piece stands for all of it.
    is_even = len(plain) == len(word)
    found, start = [], 0
    while start < len(plain):
        for end in range(len(plain), start, -1):
            piece = ("##" if start else "") + plain[start:end]
            if (number := known.get(piece)) is not None:
                found.append((number, start, end) if is_even else (number, 0, len(word)))
                start = end
                break
        else:
            return unknown
    return tuple(found)
