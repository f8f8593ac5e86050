"""The layout of a clean text: headline, byline, dateline, paragraphs, subheads, and page furniture.

Batch texts are read as they stand, so what a site prints around an article (tags, comment prompts,
share links, "read also") has to be told from the article here, by its form and place alone.
"""

from __future__ import annotations

import re
from dataclasses import dataclass
from enum import StrEnum
from functools import lru_cache
from importlib.resources import files

__all__ = ["Block", "BlockKind", "find_blocks"]


class BlockKind(StrEnum):
    """What a block of lines is."""

    HEADLINE = "headline"
    BYLINE = "byline"
    SUBHEAD = "subhead"
    BODY = "body"
    FURNITURE = "furniture"


@dataclass(frozen=True, slots=True)
class Block:
    """One line, or one run of lines between blank lines, of a text.

    Attributes:
        start: First code point.
        end: First code point after.
        kind: What it is.
    """

    start: int
    end: int
    kind: BlockKind


_LINE = re.compile(r"[^\r\n\u2028\u2029]*[^\s][^\r\n\u2028\u2029]*")
_SENTENCE_END = re.compile(r"[.!?…][\"'”’»)\]]*\s*$")
_WORD = re.compile(r"[^\W\d_]+(?:['’-][^\W\d_]+)*")
_BYLINE = re.compile(
    r"^\W*(?:"
    r"(?:by|text|photo|reporting by|edited by|writing by|editing by)\s*:?\s+[A-Z].{0,80}"
    r"|[A-Z][\w.&' -]{1,40}\s*[/|·—-]\s*[A-Z]{2,8}(?:\s*,.{1,40})?"
    r")$"
)
_TAIL_HEADS = re.compile(
    r"^\W*(?:tags?|topics?|comments?(?:\s*\(?\d*\)?)?|related\b.*|read (?:also|more)\b.*)\W*$", re.IGNORECASE
)
_TAIL_LINE_WORDS = 12
_BULLET = re.compile(r"(?:[^\w\s\"'“”‘’«»„(\[#@&$€£¿¡.]\ufe0f?)+\s*\w|\d{1,2}[.)]\s")


@lru_cache(maxsize=1)
def _furniture() -> re.Pattern[str]:
    """What only a page around an article has, from `data/furniture.txt`."""
    listed = files("whoholds.text").joinpath("data/furniture.txt").read_text("utf-8").splitlines()
    patterns = [line for line in listed if line and not line.startswith("#")]
    return re.compile(rf"^\W*(?:{'|'.join(patterns)})\W*$", re.IGNORECASE)


def find_blocks(text: str, *, has_headline: bool = True) -> tuple[Block, ...]:
    """The blocks of a text, a line each, in order.

    Args:
        text: The text as it stands.
        has_headline: Whether a first line without a full stop may be a headline.
    """
    lines = list(_LINE.finditer(text))
    found: list[Block] = []
    in_tail = False
    for number, match in enumerate(lines):
        line = match.group().strip()
        kind = _kind_of(line, is_first=number == 0 and has_headline and len(lines) > 1)
        if kind is BlockKind.FURNITURE and _TAIL_HEADS.match(line) and number > len(lines) // 2:
            in_tail = True
        elif in_tail:
            # After a "Tags" or "Comments" head near the end, short lines are its items; a long line or
            # a full sentence of some length means that the article went on.
            if len(_WORD.findall(line)) <= _TAIL_LINE_WORDS:
                kind = BlockKind.FURNITURE
            else:
                in_tail = False
        if kind is BlockKind.SUBHEAD and number == 1 and len(_WORD.findall(line)) <= 3:
            kind = BlockKind.BYLINE
        start = match.start() + len(match.group()) - len(match.group().lstrip())
        found.append(Block(start, start + len(line), kind))
    return tuple(found)


def _kind_of(line: str, *, is_first: bool) -> BlockKind:
    if _furniture().match(line):
        return BlockKind.FURNITURE
    words = _WORD.findall(line)
    if not words:
        return BlockKind.FURNITURE
    if _BYLINE.match(line):
        return BlockKind.BYLINE
    ended = bool(_SENTENCE_END.search(line)) or line.endswith((":", ";", ","))
    # A line of a list or of a channel's post ("▪️ …") is text, however short and without a full stop.
    if not ended and len(words) <= 20 and not _BULLET.match(line):
        if is_first:
            return BlockKind.HEADLINE
        if len(words) <= 8:
            return BlockKind.SUBHEAD
    return BlockKind.BODY
