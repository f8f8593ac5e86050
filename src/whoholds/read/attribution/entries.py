"""Entries of digests: "Radio North, Alba, 6 Nov, 1900: …", a medium with day and hour, then what it says.

In: a tree with its quotation marks found. Out: drafts whose content is the whole entry. Monitors of
broadcasts and reviews of the press write so; what others say inside an entry is told through its medium.
"""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from dataclasses import dataclass

from whoholds.read.attribution.draft import Draft
from whoholds.read.attribution.lexicon import is_speaking_role, source_words
from whoholds.read.attribution.quotes import Region
from whoholds.read.attribution.spans import Span2, trim
from whoholds.read.attribution.tree import NOUN_TAGS, Tree
from whoholds.read.attribution.types import CueClass

__all__ = ["ENTRY_RULE", "is_medium_itself", "read_entries", "text_lines"]

ENTRY_RULE = "entry"
_LONGEST_LABEL = 32
"""Longest label of an entry, in tokens: name, town, day, hour, whom it quotes."""
_FEWEST = 2
"""Fewest entries under a medium's name that make a text a digest, in which any label is a medium."""
_SHARE = 0.4
"""Share of a digest's labels that name a medium or a day, at the least."""
_MEDIA_TAGS = frozenset({*NOUN_TAGS, "JJ", "VBP", "VB"})
_CITING = frozenset({"quoting", "citing"})
_FINITE = frozenset({"VBD", "VBZ", "VBP", "MD"})


@dataclass(frozen=True, slots=True)
class _Label:
    """The label of one entry: its colon, the end of its line, and what stands between its commas."""

    colon: int
    end: int
    names: tuple[Span2, ...]
    later: tuple[Span2, ...]
    is_dated: bool
    is_medium: bool


def read_entries(tree: Tree, regions: Sequence[Region]) -> list[Draft]:
    """Drafts of the entries of a text that is a digest of media, none in other texts."""
    labels = [label for line in text_lines(tree) if (label := _read_label(tree, line)) is not None]
    named = sum(label.is_medium for label in labels)
    full = sum(label.is_medium or label.is_dated for label in labels)
    if named < _FEWEST or full < _SHARE * len(labels):
        return []
    return [draft for label in labels for draft in _drafts_of(tree, regions, label)]


def is_medium_itself(tree: Tree, source: Span2) -> bool:
    """Whether a source inside an entry is its medium: "it", "the station", "the announcer"."""
    if source[1] - source[0] == 1:
        return tree.lower[source[0]] == "it"
    own = source_words()["broadcasts"] | source_words()["newsreaders"]
    return source[1] - source[0] == 2 and tree.lower[source[0]] == "the" and tree.lower[source[1] - 1] in own


def text_lines(tree: Tree) -> Iterator[Span2]:
    """First and one past last token of each line with words in it."""
    first = 0
    total = len(tree)
    while first < total:
        last = first
        while last < total and tree.paragraph[last] == tree.paragraph[first]:
            last += 1
        line = trim(tree, (first, last), stops=False)
        if line is not None and not tree.is_furniture[line[0]]:
            yield line
        first = last


def _read_label(tree: Tree, line: Span2) -> _Label | None:
    """The label at the head of a line, or None where the line has none."""
    first, last = line
    while first < last and not any(c.isalpha() for c in tree.words[first]):
        if tree.quote[first] >= 0:
            return None
        first += 1
    colon, depth, cuts = None, 0, [first - 1]
    for token in range(first, min(last - 1, first + _LONGEST_LABEL)):
        word = tree.words[token]
        if word in (":", "):"):
            colon = token
            break
        depth += (word == "(") - (word == ")")
        if depth:
            continue
        if tree.quote[token] >= 0 or word in ("!", "?", ";") or _is_verb(tree, token):
            return None
        if word == "." and tree.sentence[token] != tree.sentence[token + 1]:
            return None
        if word == ",":
            cuts.append(token)
    if colon is None or colon == first:
        return None
    parts = [trim(tree, (a + 1, b)) for a, b in zip(cuts, [*cuts[1:], colon], strict=True)]
    spans = [p for p in parts if p is not None]
    whens = [n for n, p in enumerate(spans) if _says_when(tree, p, is_first=n == 0)]
    cut = next((n for n, p in enumerate(spans) if n in whens or tree.lower[p[0]] in _CITING), len(spans))
    names, later = spans[:cut], [p for n, p in enumerate(spans) if n >= cut and n not in whens]
    if not names or tree.tag[_last_noun(tree, names[0])] not in NOUN_TAGS:
        return None
    if tree.lower[first] in source_words()["labels"] or tree.lower[colon - 1] in source_words()["labels"]:
        return None
    if all(tree.tag[t] not in ("NNP", "NNPS") for t in range(*names[0])) and names[0][1] - names[0][0] < 2:
        # "Roads: …", "Radio: …": a topic.
        return None
    is_medium = any(_names_medium(tree, p) for p in names)
    return _Label(colon, last, tuple(names), tuple(later), bool(whens), is_medium)


def _is_verb(tree: Tree, token: int) -> bool:
    return (
        tree.tag[token] in _FINITE
        and not tree.words[token][:1].isupper()
        and tree.lower[token] not in source_words()["broadcasts"]
    )


def _says_when(tree: Tree, span: Span2, *, is_first: bool) -> bool:
    """Whether a part of a label is a day, an hour or an edition: "6 Nov", "1830 local", "early bulletin".

    The first part is one only with all its words: "Evening Post" is a paper.
    """
    whens = source_words()["whens"]
    words = [t for t in range(*span) if tree.is_word(t)]
    is_when = [tree.lower[t].rstrip(".") in whens or tree.words[t][0].isdigit() for t in words]
    if is_first:
        return all(is_when)
    if not words:
        # Marks alone, as in `The army, " : …`.
        return False
    return is_when[0] or (is_when[-1] and tree.words[words[0]].islower())


def _names_medium(tree: Tree, span: Span2) -> bool:
    """Whether a name has a word for a medium in it, and no number after it ("Border post 12").

    A town that is heard in a language is its station: "Moscow in Polish", "Batavia (Malay)".
    """
    media = source_words()["broadcasts"]
    for token in range(span[0] + 1, span[1] - 1):
        if tree.lower[token] in ("in", "(") and tree.entity[token + 1] in ("LANGUAGE", "NORP"):
            return token + 2 == span[1] or tree.words[token + 2] == ")"
    return any(
        tree.lower[t] in media and tree.tag[t] in _MEDIA_TAGS and not _is_number(tree, t + 1, span[1])
        for t in range(*span)
    )


def _is_number(tree: Tree, token: int, end: int) -> bool:
    return token < end and tree.tag[token] == "CD"


def _last_noun(tree: Tree, span: Span2) -> int:
    """The noun that a name ends in, what stands in brackets or after "in" apart."""
    end = next(
        (t for t in range(span[0] + 1, span[1]) if tree.words[t] == "(" or tree.lower[t] == "in"), span[1]
    )
    nouns = [t for t in range(span[0], end) if tree.tag[t] in NOUN_TAGS]
    return nouns[-1] if nouns else end - 1


def _drafts_of(tree: Tree, regions: Sequence[Region], label: _Label) -> Iterator[Draft]:
    """The drafts of one entry: its medium, or the town that stands for one, and whom it lets speak."""
    content = trim(tree, (label.colon + 1, label.end))
    if content is None:
        return
    if tree.quote[content[1] - 1] >= 0:
        content = (content[0], max(content[1], regions[tree.quote[content[1] - 1]].last))
    name = next((p for p in label.names if _names_medium(tree, p)), None)
    if name is None:
        name = label.names[int(len(label.names) > 1 and _is_town_first(tree, label.names))]
    cue = (label.colon, label.colon + 1)
    inner = next((p for p in label.later if _may_be_heard(tree, p)), None)
    outer = content
    if inner is not None:
        # "quoting travellers", "military spokesman": told through the medium, and so within its words.
        outer = (inner[0], content[1])
        first = inner[0] + (tree.lower[inner[0]] in _CITING)
        head = _last_noun(tree, (first, inner[1]))
        yield Draft(ENTRY_RULE, CueClass.NEUTRAL, cue, label.colon, (first, head + 1), head, [content])
    head = _last_noun(tree, name)
    end = head + 1 + _is_number(tree, head + 1, name[1])
    yield Draft(
        ENTRY_RULE,
        CueClass.NEUTRAL,
        None if inner is not None else cue,
        None if inner is not None else label.colon,
        (name[0], end),
        head,
        [outer],
    )


def _is_town_first(tree: Tree, names: Sequence[Span2]) -> bool:
    """Whether of two names the first says where and the second who: "Alba, KRN, 7 Nov"."""
    first, second = (_last_noun(tree, n) for n in names[:2])
    is_town = tree.entity[first] in ("GPE", "LOC") or tree.words[second].isupper()
    return is_town and tree.entity[second] not in ("GPE", "LOC")


def _may_be_heard(tree: Tree, part: Span2) -> bool:
    return tree.lower[part[0]] in _CITING or is_speaking_role(tree.lemma[_last_noun(tree, part)])
