"""Attributions of headlines and notes, which leave verbs out: "Bridge gone, says mayor", "Junta “calm”".

In: a tree with its quotation marks found, and the drafts of other rules. Out: drafts. Works by the order of
words, for where a verb is missing the parser hangs the rest on anything.
"""

from __future__ import annotations

from collections.abc import Collection, Iterator, Sequence

from whoholds.read.attribution.draft import Draft
from whoholds.read.attribution.lexicon import is_speaking_role
from whoholds.read.attribution.quotes import Region, stands_in_speech
from whoholds.read.attribution.spans import Span2, sentence_start, trim
from whoholds.read.attribution.tree import FINITE_TAGS, NOUN_TAGS, Tree
from whoholds.read.attribution.types import CueClass
from whoholds.read.attribution.verbal import entry_of, may_speak

__all__ = ["read_inverted", "read_named_quotes", "read_quoted_last"]

_BREAKS = frozenset({";", ":", ".", "!", "?"})
_OPENS_PHRASE = frozenset({"DT", "PRP$", "JJ", "CD", "NN", "NNS", "NNP", "NNPS", "VBN"})
_RELATIVES = frozenset({"who", "whom", "whose", "which", "that"})
_LONGEST_SOURCE = 30
_LONGEST_NAME = 5
_CLAUSES = frozenset({"advcl", "relcl", "aux", "auxpass", "acl"})


def read_inverted(tree: Tree, regions: Sequence[Region], taken: Collection[int]) -> Iterator[Draft]:
    """Drafts of "…, said a councillor who asked not to be named", "Station lost, admits ministry".

    A comma before a verb of saying and a noun phrase after it, which ends the clause, turn the two round;
    that the words before the comma have no verb makes no difference, if no other comma makes the verb's
    subject of them ("The mayor, a doctor, said nothing").

    Args:
        tree: The text.
        regions: Its quotations.
        taken: Verbs that other rules have made cues of a clause already.
    """
    for verb, tag in enumerate(tree.tag):
        if tag not in FINITE_TAGS or verb in taken or verb < 2 or verb + 1 >= len(tree):
            continue
        if tree.words[verb - 1] != "," or tree.tag[verb + 1] not in _OPENS_PHRASE or tree.is_furniture[verb]:
            continue
        if stands_in_speech(tree, regions, verb):
            continue
        entry = entry_of(tree, verb)
        if entry is None or "quote" not in entry.takes:
            continue
        source = _source_after(tree, verb)
        content = _content_before(tree, verb)
        if source is None or content is None:
            continue
        head = _noun_of(tree, source)
        if head is None or not may_speak(tree, head):
            continue
        yield Draft("parenthesis", entry.cue_class, (verb, verb + 1), verb, source, head, [content])


def _source_after(tree: Tree, verb: int) -> Span2 | None:
    """The noun phrase after a verb up to the end of its clause, or None where something else is there."""
    relative = False
    at = verb + 1
    while at < len(tree) and at - verb < _LONGEST_SOURCE:
        if tree.words[at] in _BREAKS or tree.words[at] == "," or "\n" in tree.words[at]:
            break
        if tree.quote[at] >= 0:
            return None
        relative = relative or tree.lower[at] in _RELATIVES
        if not relative and (tree.tag[at] in FINITE_TAGS or tree.tag[at] in ("MD", "TO", "PRP")):
            return None
        at += 1
    if at < len(tree) and tree.words[at] == "," and not _is_aside(tree, at):
        return None
    return trim(tree, (verb + 1, at))


def _is_aside(tree: Tree, comma: int) -> bool:
    """Whether a comma after a source brings in no more than who it is or when it spoke."""
    return comma + 1 < len(tree) and tree.lower[comma + 1] in ("who", "whose", "adding", "citing", "in", "on")


def _content_before(tree: Tree, verb: int) -> Span2 | None:
    """What stands before the comma, back to the last stop: a clause, or words without another comma."""
    first = sentence_start(tree, verb)
    start = verb - 1
    commas = 0
    while start > first and tree.words[start - 1] not in (";", ":") and "\n" not in tree.words[start - 1]:
        start -= 1
        commas += tree.words[start] == ","
    content = trim(tree, (start, verb - 1))
    if content is None:
        return None
    has_verb = any(
        (tree.tag[t] in FINITE_TAGS and tree.dep[t] not in _CLAUSES) or tree.tag[t] == "MD"
        for t in range(*content)
    )
    is_stated = has_verb and tree.tag[content[0]] not in ("IN", "WRB")
    is_note = not commas and content[1] - content[0] > 1 and tree.tag[content[0]] not in ("IN", "RB", "WRB")
    return content if is_stated or is_note else None


def _noun_of(tree: Tree, source: Span2) -> int | None:
    """The noun of a phrase read from the left: the last of its first run of nouns."""
    for token in range(*source):
        if tree.tag[token] in NOUN_TAGS and (token + 1 >= source[1] or tree.tag[token + 1] not in NOUN_TAGS):
            return token
    return None


def read_quoted_last(tree: Tree) -> Iterator[Draft]:
    """Drafts of "The town fell, the agency quoted an officer as saying": the officer's words stand first."""
    for saying, tag in enumerate(tree.tag):
        if tag != "VBG" or saying < 4 or tree.lower[saying - 1] != "as" or tree.is_furniture[saying]:
            continue
        entry = entry_of(tree, saying)
        after = saying + 1
        if entry is None or "that" not in entry.takes:
            continue
        if after < len(tree) and tree.words[after] not in _BREAKS and not tree.words[after].isspace():
            continue
        start = tree.sentences[tree.sentence[saying]][0]
        quoting = next(
            (t for t in range(saying - 2, start, -1) if tree.lemma[t] in ("quote", "cite")), saying
        )
        if tree.tag[quoting] not in FINITE_TAGS:
            continue
        comma = next((t for t in range(quoting - 1, start, -1) if tree.words[t] == ","), None)
        source = trim(tree, (quoting + 1, saying - 1))
        content = None if comma is None else trim(tree, (start, comma))
        head = None if source is None else _noun_of(tree, source)
        if source is None or content is None or head is None:
            continue
        yield Draft("parenthesis", entry.cue_class, (saying, after), saying, source, head, [content])


def read_named_quotes(tree: Tree, regions: Sequence[Region], drafts: Collection[Draft]) -> Iterator[Draft]:
    """Drafts of lines that are a name and its words: "Junta “in full control”", with no verb between.

    Args:
        tree: The text.
        regions: Its quotations.
        drafts: What other rules have found.
    """
    said = {t for d in drafts for first, last in d.content for t in range(first, last)}
    for region in regions:
        if region.first == 0 or region.first in said or region.last - region.first < 4:
            continue
        first = region.first
        while first > 0 and tree.paragraph[first - 1] == tree.paragraph[region.first]:
            if "\n" in tree.words[first - 1]:
                break
            first -= 1
        while first < region.first and not any(c.isalpha() for c in tree.words[first]):
            first += 1
        name = (first, region.first)
        if not 0 < region.first - first <= _LONGEST_NAME or tree.is_furniture[first]:
            continue
        if any(tree.tag[t] not in NOUN_TAGS and tree.tag[t] not in ("JJ", "POS", "DT") for t in range(*name)):
            continue
        head = region.first - 1
        if tree.tag[head] not in ("NNP", "NNPS") and not is_speaking_role(tree.lemma[head]):
            continue
        if tree.tag[first] == "DT" or _goes_on(tree, region.last):
            # "The “people's republic” was born": marks around a name.
            continue
        yield Draft(
            "colon", CueClass.NEUTRAL, None, None, name, head, [(region.first, region.last)], is_direct=True
        )


def _goes_on(tree: Tree, after: int) -> bool:
    """Whether more words follow a quotation in its sentence."""
    while after < len(tree) and not any(c.isalnum() for c in tree.words[after]):
        if tree.words[after] in (".", "!", "?", ";", ",") or "\n" in tree.words[after]:
            return False
        after += 1
    return after < len(tree)
