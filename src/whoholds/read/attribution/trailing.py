"""Attributions that trail what is said: "The bridge is gone, two drivers tell us".

In: a tree with its quotation marks found, and the verbs that other rules have. Out: drafts. Works by the
order of words: the parser hangs a long clause before its verb of saying on anything but that verb.
"""

from __future__ import annotations

from collections.abc import Iterator

from whoholds.read.attribution.draft import Draft
from whoholds.read.attribution.lexicon import VerbEntry, verbs
from whoholds.read.attribution.quotes import Region, stands_in_speech
from whoholds.read.attribution.spans import Span2, sentence_start, trim
from whoholds.read.attribution.tree import FINITE_TAGS, NOUN_TAGS, Tree
from whoholds.read.attribution.verbal import entry_of, find_subject, may_speak

__all__ = ["read_trailing"]

_BREAKS = frozenset({";", ":", ".", "!", "?"})
_STOPS = frozenset({",", ".", ";"})
_HEARERS = frozenset({"us", "me", "them", "him", "her", "reporters", "journalists"})
_WHEN = frozenset({"after", "on", "later", "during", "yesterday"})
_LONGEST_SOURCE = 24
_LONGEST_TAIL = 14


def read_trailing(tree: Tree, regions: list[Region], taken: set[int]) -> Iterator[Draft]:
    """Drafts of verbs of saying that stand after, or in the middle of, what is said.

    Args:
        tree: The text.
        regions: Its quotations.
        taken: Verbs that other rules have made cues already.
    """
    for verb, tag in enumerate(tree.tag):
        if verb in taken or tree.is_furniture[verb]:
            continue
        if stands_in_speech(tree, regions, verb):
            continue
        entry = entry_of(tree, verb) if tag in FINITE_TAGS else _mistagged(tree, verb)
        if entry is None or not entry.takes & {"quote", "that"}:
            continue
        if tree.kid(verb, "dobj") is not None and "obj_to" not in entry.takes:
            # "The army enters the port, the palace hails victory": what is hailed is the victory.
            continue
        source = _source_before(tree, verb)
        if source is None:
            continue
        end = _tail_end(tree, verb)
        if end is None:
            continue
        content = _content(tree, source, verb, end)
        if not content:
            continue
        head = _head_of(tree, source, verb)
        if not may_speak(tree, head):
            continue
        yield Draft("parenthesis", entry.cue_class, (verb, verb + 1), verb, source, head, content)


def _mistagged(tree: Tree, token: int) -> VerbEntry | None:
    """The entry of a verb at the end of its clause that was taken for a noun ("the council reckons.")."""
    if tree.tag[token] not in ("NN", "NNS", "VB", "VBN") or token == 0 or token + 1 >= len(tree):
        return None
    before, after = tree.tag[token - 1], tree.lower[token + 1]
    tag_is_past = tree.tag[token] == "VBN" and before in NOUN_TAGS
    if before not in NOUN_TAGS and tree.words[token - 1] != "," and before not in ("RB", "EX"):
        return None
    if after not in _STOPS and after not in _HEARERS and not (tag_is_past and after in _WHEN):
        return None
    word = tree.lower[token]
    for lemma in (word, word.removesuffix("s"), word.removesuffix("ed"), word.removesuffix("d")):
        entry = verbs().get(lemma)
        if entry is not None and "quote" in entry.takes:
            return entry
    return None


def _source_before(tree: Tree, verb: int) -> Span2 | None:
    """The noun phrase right before a verb and after a comma: "…, their commander, Adam Berg, boasted"."""
    first = sentence_start(tree, verb)
    subject = find_subject(tree, verb)
    best: Span2 | None = None
    at = verb - 1
    if at > first and tree.words[at] == ",":
        at -= 1
    while at > first and verb - at <= _LONGEST_SOURCE:
        if (
            tree.words[at] in _BREAKS
            or tree.tag[at] in FINITE_TAGS
            or tree.tag[at] == "MD"
            or tree.quote[at] >= 0
        ):
            break
        if tree.words[at] == "," and any(
            tree.tag[t] in NOUN_TAGS or tree.tag[t] == "PRP" for t in range(at + 1, verb)
        ):
            span = trim(tree, (at + 1, verb))
            if span is not None and _opens_phrase(tree, span[0]):
                best = span
                if (subject is None or subject > at) and not _is_named_office(tree, span, at):
                    break
        at -= 1
    return best


def _is_named_office(tree: Tree, name: Span2, comma: int) -> bool:
    """Whether a name stands in apposition to an office before it: "their commander, Adam Berg, boasted"."""
    if tree.tag[name[1] - 1] not in ("NNP", "NNPS"):
        return False
    before = comma - 1
    if tree.tag[before] not in ("NN", "NNP") or not may_speak(tree, before):
        return False
    return any(tree.words[t] == "," for t in range(max(0, comma - _LONGEST_SOURCE), before))


def _opens_phrase(tree: Tree, token: int) -> bool:
    return tree.tag[token] in ("DT", "PRP", "PRP$", "JJ", "CD", "NNP", "NNPS", "NN", "NNS")


def _head_of(tree: Tree, source: Span2, verb: int) -> int:
    subject = find_subject(tree, verb)
    if subject is not None and source[0] <= subject < source[1]:
        return subject
    for token in range(*source):
        if (tree.tag[token] in NOUN_TAGS or tree.tag[token] == "PRP") and not source[0] <= tree.head[
            token
        ] < source[1]:
            return token
    comma = next((t for t in range(*source) if tree.words[t] == ","), source[1])
    return max((t for t in range(source[0], comma) if tree.tag[t] in NOUN_TAGS), default=comma - 1)


def _tail_end(tree: Tree, verb: int) -> int | None:
    """Where the words of saying end; None where the verb has a clause of its own after it."""
    last = tree.sentences[tree.sentence[verb]][1]
    for token in range(verb + 1, min(verb + _LONGEST_TAIL, last)):
        if tree.words[token] in _BREAKS or tree.words[token] in (",", ")") or tree.words[token].isspace():
            return token
        if tree.lower[token] in ("that", "whether", "if", "how", "what"):
            return None
        if tree.tag[token] in FINITE_TAGS or tree.tag[token] == "MD" or tree.quote[token] >= 0:
            return None
    return last if last - verb < _LONGEST_TAIL else None


def _content(tree: Tree, source: Span2, verb: int, end: int) -> list[Span2]:
    first, last = sentence_start(tree, verb), tree.sentences[tree.sentence[verb]][1]
    start = source[0] - 1
    while start > first and tree.words[start - 1] not in (";", ":"):
        start -= 1
    before = trim(tree, (start, source[0]))
    if before is None:
        return []
    if not any(tree.tag[t] in FINITE_TAGS or tree.tag[t] in ("VBN", "MD") for t in range(*before)):
        # "Growers near the river flee, bishop says": a note, if nothing but the words of saying follows.
        is_note = before[1] - before[0] > 1 and tree.tag[before[0]] not in ("IN", "RB", "WRB", "VBG")
        return [before] if is_note and tree.words[source[0] - 1] == "," and end >= last - 1 else []
    if tree.tag[before[0]] in ("IN", "WRB", "WP") and not _has_main_verb(tree, before):
        # "When the bridge fell, residents said …": a clause of time, and nobody's words.
        return []
    pieces = [before]
    if end < last and tree.words[end] == ",":
        stop = next((t for t in range(end, last) if tree.words[t] in _BREAKS), last)
        after = trim(tree, (end + 1, stop))
        # "A fell, X said, but B has not answered" leaves X's words.
        leaves = after is not None and tree.lower[after[0]] == "but" and _has_own_subject(tree, after)
        if (
            after is not None
            and not leaves
            and tree.tag[after[0]] != "WP"
            and any(tree.is_word(t) for t in range(*after))
        ):
            pieces.append(after)
    return pieces


def _has_own_subject(tree: Tree, span: Span2) -> bool:
    verb = next((t for t in range(*span) if tree.tag[t] in FINITE_TAGS or tree.tag[t] == "MD"), span[1])
    return any(tree.tag[t] in NOUN_TAGS or tree.tag[t] == "PRP" for t in range(span[0], verb))


def _has_main_verb(tree: Tree, span: Span2) -> bool:
    opened = span[0]
    return any(
        tree.tag[t] in FINITE_TAGS and tree.dep[t] not in ("advcl", "relcl", "aux", "auxpass") and t > opened
        for t in range(*span)
    )
