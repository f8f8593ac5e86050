"""Attributions without a verb: "according to X", "in X's words", "reportedly", "— X".

In: a tree with its quotation marks found. Out: drafts.
"""

from __future__ import annotations

from collections.abc import Iterator

from whoholds.read.attribution.draft import Draft
from whoholds.read.attribution.lexicon import PhraseEntry, is_speaking_role, phrases, source_words
from whoholds.read.attribution.quotes import Region, stands_in_speech
from whoholds.read.attribution.spans import Span2, source_span, trim
from whoholds.read.attribution.tree import NOUN_TAGS, VERB_TAGS, Tree
from whoholds.read.attribution.types import CueClass
from whoholds.read.attribution.verbal import may_speak

__all__ = ["read_citations", "read_dashes", "read_phrases"]

_CLAUSE_DEPS = frozenset({"ROOT", "ccomp", "relcl", "advcl", "conj", "parataxis", "xcomp", "acl", "pcomp"})
_ENDS = frozenset({".", ";", "!", "?"})
_CITED_STOPS = frozenset({".", ";", "!", "?", "•", ":"})
_CITED = 12
"""Longest source in brackets, in tokens."""
_DASHES = frozenset({"—", "–", "--", "-", "―"})


def read_phrases(tree: Tree, regions: list[Region]) -> Iterator[Draft]:
    """Drafts of the fixed phrases of the lexicon."""
    table = phrases()
    for token, word in enumerate(tree.lower):
        for entry in table.get(word, ()):
            if tree.is_furniture[token] or stands_in_speech(tree, regions, token):
                continue
            if tuple(tree.lower[token : token + len(entry.words)]) != entry.words:
                continue
            draft = _read_phrase(tree, regions, token, entry)
            if draft is not None:
                yield draft
                break


def _read_phrase(tree: Tree, regions: list[Region], token: int, entry: PhraseEntry) -> Draft | None:
    if entry.source == "none":
        pieces = _around(tree, regions, token, (token, token + 1))
        return (
            Draft("adverb", entry.cue_class, (token, token + 1), token, None, None, pieces)
            if pieces
            else None
        )
    if entry.source == "possessor":
        return _read_possessor(tree, regions, token, entry)
    last = token + len(entry.words)
    preposition = last - 1
    noun = tree.kid(preposition, "pobj", "pcomp")
    if noun is None:
        noun = next(
            (
                t
                for t in range(last, min(last + 6, len(tree)))
                if tree.tag[t] in NOUN_TAGS or tree.tag[t] == "PRP"
            ),
            None,
        )
    if noun is None or noun < last or (entry.words == ("per",) and not may_speak(tree, noun)):
        return None
    source = source_span(tree, noun, before=preposition)
    pieces = _around(tree, regions, token, (token, source[1]))
    if not pieces:
        return None
    return Draft("phrase", entry.cue_class, (token, last), token, source, noun, pieces)


def _read_possessor(tree: Tree, regions: list[Region], token: int, entry: PhraseEntry) -> Draft | None:
    owner = tree.kid(token, "poss")
    preposition = tree.head[token]
    if owner is None or tree.lower[preposition] not in ("in", "by", "to") or tree.dep[token] != "pobj":
        return None
    if token + 1 < len(tree) and tree.lower[token + 1] in ("of", "that", "for"):
        return None
    source = trim(tree, (tree.left[owner], tree.right[owner]))
    pieces = _around(tree, regions, preposition, (preposition, token + 1))
    if source is None or not pieces:
        return None
    return Draft("phrase", entry.cue_class, (preposition, token + 1), preposition, source, owner, pieces)


def _around(tree: Tree, regions: list[Region], anchor: int, hole: Span2) -> list[Span2]:
    """The clause that a phrase stands in, without the phrase."""
    head = anchor
    for _ in range(60):
        if (
            tree.dep[head] in _CLAUSE_DEPS
            and (tree.tag[head] in VERB_TAGS or tree.dep[head] == "ROOT")
            and head != anchor
        ):
            break
        if tree.head[head] == head:
            break
        head = tree.head[head]
    first, last = tree.left[head], tree.right[head]
    bounds = tree.sentences[tree.sentence[anchor]]
    if tree.dep[head] == "ROOT":
        first, last = bounds
    first, last = max(first, bounds[0]), min(last, bounds[1])
    if not (first <= hole[0] and hole[1] <= last):
        first, last = bounds
    if not any(tree.is_word(t) for t in range(bounds[0], hole[0])):
        # "According to X, A fell, B burned, and C is quiet": all of the sentence, up to a semicolon.
        stop = next((t for t in range(hole[1], bounds[1]) if tree.words[t] == ";"), bounds[1])
        first, last = bounds[0], stop
    elif tree.dep[head] in ("relcl", "advcl", "ccomp", "acl", "conj") and _ends_clause(
        tree, hole, last, bounds
    ):
        # ", according to X." and ", according to X; …" cover all of the sentence, whatever they were hung on.
        first, last = bounds
    if tree.dep[head] == "conj" and hole[0] - 1 > first and tree.words[hole[0] - 1] == ",":
        # "A fell, and B burned, according to X": both, back to the last semicolon.
        first = bounds[0]
        for token in range(bounds[0], hole[0]):
            if tree.words[token] == ";":
                first = token + 1
    found = []
    for piece in ((first, hole[0]), (hole[1], last)):
        trimmed = trim(tree, piece)
        if trimmed is None or not any(tree.is_word(t) for t in range(*trimmed)):
            continue
        a, b = trimmed
        if tree.lower[a] in ("but", "and", "yet", "so") and tree.dep[a] == "cc" and b - a > 1:
            a += 1
        if tree.quote[b - 1] >= 0:
            b = max(b, regions[tree.quote[b - 1]].last)
        found.append((a, b))
    return found


def _ends_clause(tree: Tree, hole: Span2, last: int, bounds: Span2) -> bool:
    """Whether a phrase stands after a comma at the end of its sentence, or before a semicolon."""
    if hole[0] - 1 <= bounds[0] or tree.words[hole[0] - 1] != ",":
        return False
    after = next((t for t in range(hole[1], bounds[1]) if tree.is_word(t) or tree.words[t] == ";"), None)
    return (after is None and last >= hole[1]) or (after is not None and tree.words[after] == ";")


def read_citations(tree: Tree, regions: list[Region], taken: list[Span2]) -> Iterator[Draft]:
    """Drafts of a source in brackets: "“The bank is ours” (defence ministry, Monday)", "86 dead (army)".

    Args:
        tree: The text.
        regions: Its quotations.
        taken: Contents that somebody has.
    """
    held = bytearray(len(tree))
    for first, last in taken:
        held[first:last] = b"\x01" * (last - first)
    for opening, word in enumerate(tree.words):
        if word != "(" or opening == 0 or tree.is_furniture[opening]:
            continue
        closing = next(
            (t for t in range(opening + 1, min(opening + _CITED, len(tree))) if tree.words[t] == ")"), None
        )
        if closing is None:
            continue
        after = closing + 1
        ends = after >= len(tree) or tree.words[after] in _ENDS or "\n" in tree.words[after]
        comma = next((t for t in range(opening, closing) if tree.words[t] in (",", ";")), closing)
        source = _cited_name(tree, (opening + 1, comma))
        before = opening - 1
        after_quote = tree.quote[before] >= 0 and regions[tree.quote[before]].last == opening
        if source is None or not (ends or after_quote):
            continue
        if after_quote:
            content: Span2 | None = (regions[tree.quote[before]].first, opening)
        else:
            first = before
            while (
                first > 0 and tree.words[first - 1] not in _CITED_STOPS and "\n" not in tree.words[first - 1]
            ):
                first -= 1
            content = trim(tree, (first, opening))
        if content is None or 1 in held[content[0] : content[1]]:
            continue
        head = source[1] - 1
        cue = (opening, opening + 1)
        yield Draft("dash", CueClass.NEUTRAL, cue, opening, source, head, [content], is_direct=after_quote)


def _cited_name(tree: Tree, span: Span2) -> Span2 | None:
    """A source named in brackets: an office, a body or a medium, by itself or before "count", "figures"."""
    name = trim(tree, span)
    if name is None or any(
        tree.tag[t] not in NOUN_TAGS and tree.tag[t] not in ("JJ", "POS", "HYPH", "VBP") for t in range(*name)
    ):
        return None
    words, head = source_words(), name[1] - 1
    if tree.lemma[head] in words["tallies"] and head > name[0]:
        name, head = (name[0], head - (tree.tag[head - 1] == "POS")), head - 1 - (tree.tag[head - 1] == "POS")
    if head < name[0]:
        return None
    is_source = is_speaking_role(tree.lemma[head]) or tree.lower[head] in words["broadcasts"]
    # "(army)" may say whose something is: a bare noun cites nobody, a bare name only after marks.
    return name if is_source and (name[1] - name[0] > 1 or name[1] < span[1]) else None


def read_dashes(tree: Tree, regions: list[Region], taken: list[Span2]) -> Iterator[Draft]:
    """Drafts of a trailing "— X": a name or role after a dash at the end of a headline or a quotation."""
    for first, last in tree.sentences:
        while last > first and (tree.words[last - 1].isspace() or tree.words[last - 1] == "."):
            last -= 1
        dash = next(
            (t for t in range(last - 1, max(first, last - 8) - 1, -1) if tree.words[t] in _DASHES), None
        )
        if dash is None or dash == last - 1 or tree.is_furniture[dash]:
            continue
        if any(
            tree.tag[t] not in NOUN_TAGS and tree.tag[t] not in ("JJ", "DT", "POS", "HYPH", "IN", "_SP")
            for t in range(dash + 1, last)
        ):
            continue
        if tree.words[dash] == "-" and dash > 0 and not tree.parsed.text[tree.start[dash] - 1].isspace():
            continue
        after_quote = dash > 0 and tree.quote[dash - 1] >= 0
        # A headline may end in any name; the last line of a post only in who is plainly a speaker.
        is_signed = tree.is_headline[dash] or (
            any(is_speaking_role(tree.lemma[t]) for t in range(dash + 1, last))
            and not (last < len(tree) and tree.words[last] == ".")
            and tree.tag[dash + 1] != "DT"
        )
        if not after_quote and not (is_signed and tree.tag[last - 1] in NOUN_TAGS and dash - first >= 3):
            continue
        if after_quote:
            region = regions[tree.quote[dash - 1]]
            if any(a < region.last and region.first < b for a, b in taken):
                continue
            content: Span2 | None = (region.first, region.last)
        else:
            content = trim(tree, (first, dash))
        if content is None:
            continue
        yield Draft(
            "dash",
            CueClass.NEUTRAL,
            (dash, dash + 1),
            dash,
            (dash + 1, last),
            last - 1,
            [content],
            is_direct=after_quote,
        )
