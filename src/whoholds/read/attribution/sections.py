"""Sections that a body heads: "The Defence Ministry in Arbin. The pass is ours. …", one after the other.

In: a tree with its quotation marks found. Out: drafts whose content is the section. Papers set
the statements of two sides beside each other so; a single such heading may be a mere topic and is none.
"""

from __future__ import annotations

from collections.abc import Sequence

from whoholds.read.attribution.draft import Draft
from whoholds.read.attribution.entries import ENTRY_RULE, text_lines
from whoholds.read.attribution.lexicon import source_words
from whoholds.read.attribution.spans import Span2, trim
from whoholds.read.attribution.tree import NOUN_TAGS, Tree
from whoholds.read.attribution.types import CueClass

__all__ = ["read_sections"]

_FEWEST = 2
"""Fewest sections: two sides that speak in turn."""
_LONGEST = 16
"""Longest heading, in tokens."""
_FINITE = frozenset({"VBD", "VBZ", "VBP", "MD"})
_NAME_TAGS = frozenset({*NOUN_TAGS, "DT", "JJ", "POS", "HYPH", "PRP$"})
_TURNS = frozenset({"in", "at", "of", "for"})


def read_sections(tree: Tree) -> list[Draft]:
    """Drafts of the sections of a text in which two bodies or more speak in turn; none in other texts."""
    lines = list(text_lines(tree))
    heads = [_heading(tree, line) for line in lines]
    found: list[Draft] = []
    for number, heading in enumerate(heads):
        if heading is None:
            continue
        name, noun, end = heading
        pieces = [] if end >= lines[number][1] else [(end, lines[number][1])]
        if not pieces:
            pieces = _lines_below(tree, lines, heads, number)
        content = [piece for piece in (trim(tree, p) for p in pieces) if piece is not None]
        if content:
            found.append(Draft(ENTRY_RULE, CueClass.NEUTRAL, None, None, name, noun, content))
    spoken = {tree.text_of(d.source).lower() for d in found if d.source is not None}
    return found if len(found) >= _FEWEST and len(spoken) >= _FEWEST else []


def _lines_below(tree: Tree, lines: Sequence[Span2], heads: Sequence[object], number: int) -> list[Span2]:
    """The lines under a heading that stands alone, up to a blank line or the next heading."""
    found: list[Span2] = []
    for below in range(number + 1, len(lines)):
        between = tree.text_of((lines[below - 1][1] - 1, lines[below][0] + 1))
        if heads[below] is not None or (found and between.count("\n") > 1):
            break
        found.append(lines[below])
    return found


def _heading(tree: Tree, line: Span2) -> tuple[Span2, int, int] | None:
    """The body that a line opens with, its noun, and where the heading ends; None where it has none.

    A name without a verb, alone on its line or before a full stop, with a town, an hour or brackets at most.
    """
    first, last = line
    if not tree.words[first][:1].isupper() or tree.quote[first] >= 0:
        return None
    end = first
    depth = 0
    while end < last and end - first < _LONGEST:
        word = tree.words[end]
        depth += (word == "(") - (word == ")")
        if depth == 0 and word in (".", ":") and len(tree.words[end - 1]) > 1:
            break
        if tree.tag[end] in _FINITE or word in ("?", "!", ";", ","):
            return None
        end += 1
    if end - first >= _LONGEST or (end < last and tree.words[end] == ":"):
        return None
    name = _bracketed(tree, first, end) or _plain(tree, first, end)
    if name is None:
        return None
    nouns = [t for t in range(*name) if tree.tag[t] in NOUN_TAGS and _is_body(tree, t)]
    return (name, nouns[-1], end + 1) if nouns else None


def _bracketed(tree: Tree, first: int, end: int) -> Span2 | None:
    """ "OLT (Ministry of Defence, 07:00)": the body in the brackets, where the name before them is none."""
    opening = next((t for t in range(first, end) if tree.words[t] == "("), None)
    if opening is None or any(_is_body(tree, t) for t in range(first, opening)):
        return None
    stop = next((t for t in range(opening, end) if tree.words[t] in (",", ")", ";")), end)
    return (opening + 1, stop) if stop > opening + 1 else None


def _plain(tree: Tree, first: int, end: int) -> Span2 | None:
    """ "The Defence Ministry in Olt", "ARMY COMMAND (0730)": the words up to the brackets."""
    stop = next((t for t in range(first, end) if tree.words[t] == "("), end)
    if any(tree.tag[t] not in _NAME_TAGS and tree.lower[t] not in _TURNS for t in range(first, stop)):
        return None
    return (first, stop) if stop > first else None


def _is_body(tree: Tree, token: int) -> bool:
    """Whether a noun is of a body that issues statements of its own."""
    return tree.lower[token] in source_words()["issuers"] or tree.lemma[token] in source_words()["issuers"]
