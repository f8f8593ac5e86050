"""What a bulletin has: "The communiqué has six dead", "Rebel radio has him in the capital".

In: a tree with its quotation marks found, and the verbs that are cues already. Out: drafts. To have a figure,
a quotation or somebody somewhere is to tell it where the owner is a document, or a medium that has no such
things itself.
"""

from __future__ import annotations

from collections.abc import Collection, Iterator

from whoholds.read.attribution.draft import Draft
from whoholds.read.attribution.quotes import Region, stands_in_speech
from whoholds.read.attribution.spans import Span2, cue_span, source_span, trim
from whoholds.read.attribution.tree import FINITE_TAGS, Tree
from whoholds.read.attribution.types import CueClass
from whoholds.read.attribution.verbal import find_subject

__all__ = ["read_bulletins"]

_DOCUMENTS = frozenset(
    {
        "bulletin",
        "communiqué",
        "communique",
        "statement",
        "dispatch",
        "handout",
        "version",
        "tally",
        "leaflet",
    }
)
"""They own nothing: what they have is told in them."""
_MEDIA = frozenset(
    {"radio", "television", "tv", "paper", "newspaper", "daily", "station", "channel", "agency", "broadcast"}
)
"""They have staff and masts too: only whom and whose losses they have is told."""
_WHOM = frozenset({"him", "her", "them", "it", "us"})
_LOSSES = frozenset({"dead", "killed", "wounded", "captured", "lost", "down", "destroyed", "prisoners"})
_ENDS = frozenset({".", ";", ":", "!", "?"})
_GOES_ON = frozenset({"but", "and", "while", "which", "though"})
_LONGEST = 40


def read_bulletins(tree: Tree, regions: list[Region], taken: Collection[int]) -> Iterator[Draft]:
    """Drafts of what documents and media have.

    Args:
        tree: The text.
        regions: Its quotations.
        taken: Verbs that other rules have made cues already.
    """
    for verb, lemma in enumerate(tree.lemma):
        if lemma != "have" or tree.tag[verb] not in FINITE_TAGS or tree.dep[verb] in ("aux", "auxpass"):
            continue
        if verb in taken or tree.is_furniture[verb]:
            continue
        if stands_in_speech(tree, regions, verb):
            continue
        subject = find_subject(tree, verb)
        if subject is None or subject > verb:
            continue
        content = _content(tree, verb)
        if content is None or not _is_told(tree, subject, content):
            continue
        source = source_span(tree, subject, before=verb)
        cue = cue_span(tree, verb, floor=source[1] - 1 if source[1] <= verb else -1)
        yield Draft("object", CueClass.CLAIMING, cue, verb, source, subject, [content])


def _content(tree: Tree, verb: int) -> Span2 | None:
    end = verb + 1
    last = min(tree.sentences[tree.sentence[verb]][1], verb + _LONGEST)
    if end < last and tree.lower[end] in ("to", "not", "no", "n't"):
        return None
    while end < last and tree.words[end] not in _ENDS:
        if tree.words[end] == "," and end + 1 < last and tree.lower[end + 1] in _GOES_ON:
            break
        end += 1
    return trim(tree, (verb + 1, end))


def _is_told(tree: Tree, subject: int, content: Span2) -> bool:
    lemma = tree.lemma[subject]
    words = range(*content)
    if any(tree.quote[t] >= 0 for t in words) or tree.lower[content[0]] in _WHOM:
        return lemma in _DOCUMENTS or lemma in _MEDIA
    has_number = any(tree.tag[t] == "CD" for t in words)
    if lemma in _DOCUMENTS:
        return has_number or any(tree.dep[t] in ("ccomp", "prep") for t in words if t > content[0] + 1)
    return lemma in _MEDIA and has_number and any(tree.lower[t] in _LOSSES for t in words)
