"""Speech that goes on without a cue: after a semicolon, or into the next sentence, kept back in time.

In: a tree and the drafts of indirect speech. The drafts get one more piece of content. "The post fell, the
army said; its men had held it for days.": reported speech is shifted back where plain telling is not.
"""

from __future__ import annotations

from bisect import bisect_right
from collections.abc import Collection, Sequence

from whoholds.read.attribution.draft import Draft
from whoholds.read.attribution.lexicon import is_speaking_role
from whoholds.read.attribution.quotes import Region
from whoholds.read.attribution.spans import Span2, trim
from whoholds.read.attribution.tree import FINITE_TAGS, Tree
from whoholds.read.attribution.types import CueClass

__all__ = ["add_continuations", "add_own_words"]

_RULES = frozenset({"fronted", "parenthesis", "clause"})
_SAYING = frozenset(
    {
        CueClass.NEUTRAL,
        CueClass.ADDING,
        CueClass.CLAIMING,
        CueClass.CONFIRMING,
        CueClass.DENYING,
        CueClass.PREDICTING,
        CueClass.WARNING,
        CueClass.ACCUSING,
    }
)
_STOPS = frozenset({".", "!", "?", ";"})
_LONGEST = 80
"""Longest clause that goes on, in tokens."""
_MOST = 3
"""Most clauses by which a speech goes on."""
_PERSON = frozenset({"he", "she", "his", "her"})
_LINKS = frozenset({*_PERSON, "it", "its", "they", "their"})
_INDEFINITE = frozenset(
    {"a", "an", "some", "several", "many", "most", "no", "none", "about", "around", "dozens"}
)
_OPENERS = frozenset({"but", "and", "so", "yet", "then", "also"})


def add_continuations(tree: Tree, drafts: list[Draft]) -> None:
    """Give drafts the clause after them that still is their source's."""
    cues = frozenset(t for d in drafts if d.cue is not None for t in range(*d.cue))
    for draft in drafts:
        if draft.rule not in _RULES or draft.source is None or draft.cue is None or draft.cue_head is None:
            continue
        if not draft.content or tree.tag[draft.cue_head] not in FINITE_TAGS:
            continue
        end = max(s[1] for s in (*draft.content, draft.cue, draft.source))
        if draft.rule == "fronted" and end == max(draft.cue[1], draft.source[1]):
            joined = _joined(tree, end, cues)
            if joined is not None:
                draft.content.append(joined)
                end = joined[1]
        at = _stop_after(tree, end)
        if at is None:
            continue
        for _ in range(_MOST):
            piece = None if at is None else _clause_after(tree, at, cues)
            if (
                piece is None
                or at is None
                or not _goes_on(tree, draft, piece, is_sentence=tree.words[at] != ";")
            ):
                break
            draft.content.append(piece)
            at = _stop_after(tree, piece[1])


def add_own_words(tree: Tree, regions: Sequence[Region], drafts: list[Draft]) -> None:
    """Give drafts the quoted sentence after them that has no cue of its own.

    "The road is open, the captain said. “We cleared it on Monday.”": nobody else is named between.
    """
    said = {first for d in drafts for first, _ in d.content}
    tellers = sorted(
        (
            (max(s[1] for s in (*d.content, d.cue, d.source)), number)
            for number, d in enumerate(drafts)
            if d.cue is not None and d.source is not None and d.content and _tells(tree, d)
        ),
    )
    for region in regions:
        first = region.first
        if not region.is_speech or first in said or first == 0 or tree.words[first - 1] not in _STOPS:
            continue
        after = region.last
        if after < len(tree) and tree.paragraph[after] == tree.paragraph[first] and tree.words[after] == ",":
            continue
        if tree.words[after - 2] not in _STOPS and not (after < len(tree) and tree.words[after] in _STOPS):
            continue
        at = bisect_right(tellers, (first, len(drafts))) - 1
        draft = drafts[tellers[at][1]] if at >= 0 else None
        # Of the sentence before alone, and of its main clause's speaker.
        if draft is None or draft.cue is None or tree.paragraph[draft.cue[0]] != tree.paragraph[first]:
            continue
        between = range(tellers[at][0], first - 1)
        if any(tree.words[t] in _STOPS or "\n" in tree.words[t] for t in between):
            continue
        draft.content.append((first, region.last))


def _tells(tree: Tree, draft: Draft) -> bool:
    """Whether a draft is a person's or a body's saying, in the indicative and not of what was not said."""
    if draft.rule not in _RULES and draft.rule not in ("phrase", "figure", "object", "direct"):
        return False
    return draft.cue_class in _SAYING and not (
        draft.cue_head is not None and tree.kid(draft.cue_head, "neg") is not None
    )


def _joined(tree: Tree, end: int, cues: Collection[int]) -> Span2 | None:
    """What ", and …" or ", while …" adds after the speaker: "A fell, X said, and B burned"."""
    comma = next((t for t in range(end, min(end + 8, len(tree))) if tree.words[t] == ","), None)
    if comma is None or any(tree.tag[t] in FINITE_TAGS or tree.words[t] in _STOPS for t in range(end, comma)):
        return None
    first = comma + 1
    if first >= len(tree) or tree.lower[first] not in ("and", "while"):
        return None
    last = first
    while last < len(tree) and tree.words[last] not in _STOPS and "\n" not in tree.words[last]:
        if last in cues or tree.quote[last] >= 0 or last - first > _LONGEST:
            return None
        last += 1
    if not any(tree.tag[t] in (*FINITE_TAGS, "MD") for t in range(first, last)):
        return None
    return trim(tree, (first, last))


def _stop_after(tree: Tree, end: int) -> int | None:
    """The full stop or semicolon that ends a speech with what belongs to its cue, or None."""
    for at in range(end, min(end + 10, len(tree))):
        if tree.words[at] in (".", ";"):
            return at
        if "\n" in tree.words[at] or tree.tag[at] in FINITE_TAGS or tree.words[at] in (":", "!", "?", ","):
            return None
    return None


def _clause_after(tree: Tree, stop: int, cues: Collection[int]) -> Span2 | None:
    """The clause after a stop in its paragraph, up to the next one; None where it has a cue or quotes."""
    last = stop + 1
    while last < len(tree) and tree.words[last] not in _STOPS and "\n" not in tree.words[last]:
        if last in cues or tree.quote[last] >= 0 or tree.words[last] == ":" or last - stop > _LONGEST:
            return None
        last += 1
    if last < len(tree) and tree.paragraph[last] != tree.paragraph[stop]:
        return None
    return trim(tree, (stop + 1, last))


def _goes_on(tree: Tree, draft: Draft, piece: Span2, *, is_sentence: bool) -> bool:
    """Whether a clause is still what the source says: it takes the source up, or is shifted back in time."""
    first = piece[0] + (tree.lower[piece[0]] in _OPENERS)
    opens = tree.lower[first] if first < piece[1] else ""
    verb = next(
        (t for t in range(first, piece[1]) if tree.tag[t] in FINITE_TAGS or tree.tag[t] == "MD"), None
    )
    if verb is None:
        return False
    cue = draft.cue_head
    shifted = cue is not None and tree.tag[cue] == "VBD" and tree.lower[verb] in ("had", "would", "'d")
    if is_sentence:
        # "Ten bodies had been found." after a speaker with an office is news, and shifted back: it is his.
        is_news = tree.tag[first] == "CD" or opens in _INDEFINITE
        is_office = draft.source_head is not None and is_speaking_role(tree.lemma[draft.source_head])
        return shifted and (opens in _LINKS or (is_news and is_office))
    # "X said that A holds; B has gone" goes on with what "that" opened; after "A holds, X said;"
    # the telling is over.
    is_open = draft.rule == "clause" and tree.lower[draft.content[0][0]] == "that"
    return shifted or opens in _PERSON or is_open
