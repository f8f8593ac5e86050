"""Quotation marks: which stretches of a text stand between them.

In: a tree. Out: regions, in order, without overlap. A region never leaves its paragraph; a quotation that
runs over paragraphs, each opened anew and only the last closed, is a region a paragraph.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass

from whoholds.read.attribution.tree import FINITE_TAGS, Tree

__all__ = ["Region", "find_regions", "stands_in_speech"]

OPENING = frozenset("“«„‟")
CLOSING = frozenset("”»")
DOUBLE = frozenset({'"', "''", "``", "＂"})
SINGLE = frozenset({"'", "‘", "’", "`"})
SENTENCE_STOPS = frozenset({".", "!", "?", "…", "..."})
LONGEST_BLOCK = 8
"""Most paragraphs of a quotation that is marked only at its head and foot."""
LONGEST_BLOCK_WORDS = 1500
"""Most tokens of such a quotation: a mark left open must not cost quadratic time."""
SINGLE_WORDS = 60
"""Longest quotation between single marks, in tokens: beyond it, the mark was an apostrophe."""


@dataclass(frozen=True, slots=True)
class Region:
    """A stretch between quotation marks.

    Attributes:
        first: The opening mark.
        last: One past the closing mark (or past the paragraph's last word where none closes it).
        is_closed: Whether a closing mark was found.
        is_speech: Whether it is a sentence or a clause, not a word or a name in scare quotes.
    """

    first: int
    last: int
    is_closed: bool
    is_speech: bool


def stands_in_speech(tree: Tree, regions: Sequence[Region], token: int) -> bool:
    """Whether a token stands in a quotation that is speech, and no mere term between marks."""
    return tree.quote[token] >= 0 and regions[tree.quote[token]].is_speech


def find_regions(tree: Tree) -> list[Region]:
    """The quoted stretches of a text, in order. One pass, linear in the tokens.

    Also writes the number of each token's region into `tree.quote`.
    """
    found: list[Region] = []
    paragraph_end = _paragraph_ends(tree)
    at, total = 0, len(tree)
    # Paragraphs from here on without a closing mark: without this, many openings would each look to the end.
    open_ended: set[int] = set()
    while at < total:
        kind = _opens(tree, at)
        if kind is None:
            at += 1
            continue
        end = paragraph_end[tree.paragraph[at]]
        close = None
        if kind == "single" or tree.paragraph[at] not in open_ended:
            close = _find_close(tree, at, end, kind)
            if close is None and kind != "single":
                open_ended.add(tree.paragraph[at])
        runs_on = close is None and kind != "single" and _opens_line(tree, at)
        if runs_on and (ends := _block_ends(tree, at, paragraph_end)):
            # A letter: one mark at its head, one at its foot, and none at its paragraphs between.
            for first, last, is_closed in ends:
                found.append(Region(first, last, is_closed, _is_speech(tree, first, last)))
                for token in range(first, last):
                    tree.quote[token] = len(found) - 1
            at = ends[-1][1]
            continue
        if close is None and kind != "single" and _continues(tree, end, total):
            close = end
            is_closed = False
        elif close is None:
            at += 1
            continue
        else:
            is_closed = True
        last = close + 1 if is_closed else close
        found.append(Region(at, last, is_closed, _is_speech(tree, at, last)))
        for token in range(at, last):
            tree.quote[token] = len(found) - 1
        at = last
    return found


def _opens_line(tree: Tree, token: int) -> bool:
    return token == 0 or "\n" in tree.words[token - 1]


def _block_ends(tree: Tree, opening: int, paragraph_end: list[int]) -> list[tuple[int, int, bool]]:
    """The paragraphs of a quotation marked at its head and foot alone, or nothing where it is none.

    The last ends in the closing mark, and no mark opens in between.
    """
    found: list[tuple[int, int, bool]] = []
    first = opening
    for _ in range(LONGEST_BLOCK):
        number = tree.paragraph[first]
        end = paragraph_end[number]
        if end - opening > LONGEST_BLOCK_WORDS:
            return []
        marks = [
            t
            for t in range(first + (first == opening), end)
            if tree.words[t] in DOUBLE or tree.words[t] in OPENING or tree.words[t] in CLOSING
        ]
        if marks:
            is_foot = found and marks == [end - 1] and _opens(tree, end - 1) is None
            return [*found, (first, end, True)] if is_foot else []
        found.append((first, end, False))
        first = end
        while first < len(tree) and tree.words[first].isspace():
            first += 1
        if first >= len(tree):
            return []
    return []


def _paragraph_ends(tree: Tree) -> list[int]:
    ends: list[int] = []
    for token, number in enumerate(tree.paragraph):
        while len(ends) <= number:
            ends.append(token)
        if not tree.words[token].isspace():
            ends[number] = token + 1
    return ends


def _opens(tree: Tree, token: int) -> str | None:
    word = tree.words[token]
    if word[0] in OPENING and len(word) == 1:
        return "double"
    if word in DOUBLE:
        return "double" if _hugs_right(tree, token) else None
    if word in SINGLE and word != "’":
        following = token + 1
        if following < len(tree) and _hugs_right(tree, token) and tree.words[following][0].isalpha():
            return "single"
    return None


def _hugs_right(tree: Tree, token: int) -> bool:
    """Whether a straight mark belongs to the word after it rather than to the one before."""
    text, start, end = tree.parsed.text, tree.start[token], tree.end[token]
    before = text[start - 1] if start else " "
    after = text[end] if end < len(text) else " "
    if after.isspace():
        return False
    return before.isspace() or before in "([{-–—/,:;“‘'\"" or not (before.isalnum() or before in ".,!?;:…%)]")


def _find_close(tree: Tree, opening: int, end: int, kind: str) -> int | None:
    if kind == "double":
        for token in range(opening + 1, end):
            word = tree.words[token]
            if word[0] in CLOSING and len(word) == 1:
                return token
            # An opening mark set at the end of a word was meant to close.
            if word in OPENING and tree.start[token] == tree.end[token - 1] and not _hugs_right(tree, token):
                return token
            if word in DOUBLE and not _hugs_right(tree, token):
                return token
        return None
    for token in range(opening + 1, min(end, opening + SINGLE_WORDS)):
        word = tree.words[token]
        if word in ("'", "’") and not _hugs_right(tree, token):
            # A possessive plural's apostrophe follows an s; a closing mark there needs punctuation.
            previous = tree.words[token - 1]
            following = tree.words[token + 1] if token + 1 < end else "."
            if previous[-1:].lower() != "s" or not following[0].isalnum():
                return token
        if word[0] in OPENING or word[0] in CLOSING or word in DOUBLE:
            return None
    return None


def _continues(tree: Tree, end: int, total: int) -> bool:
    """Whether the next paragraph opens with a quotation mark again."""
    token = end
    while token < total and tree.words[token].isspace():
        token += 1
    return token < total and _opens(tree, token) == "double"


def _is_speech(tree: Tree, first: int, last: int) -> bool:
    words = [t for t in range(first, last) if tree.is_word(t)]
    inner = tree.words[last - 2] if last - 2 > first else ""
    if any(tree.words[t] in SENTENCE_STOPS for t in range(first + 1, last - 2)):
        return True
    if len(words) >= 3 and inner in {",", "?", "!", ".", "…", "--", "—"}:
        return True
    return len(words) >= 5 and any(tree.tag[t] in FINITE_TAGS or tree.tag[t] == "MD" for t in words)
