"""Attributions without a verb: "according to X", "in X's words", "reportedly", headline colons, "— X".

In: a tree with its quotation marks found. Out: drafts.
"""

from __future__ import annotations

from collections.abc import Iterator

from whoholds.read.attribution.draft import Draft
from whoholds.read.attribution.lexicon import PhraseEntry, phrases, source_words, verbs
from whoholds.read.attribution.quotes import Region
from whoholds.read.attribution.spans import Span2, source_span, trim
from whoholds.read.attribution.tree import NOUN_TAGS, VERB_TAGS, Tree
from whoholds.read.attribution.types import CueClass
from whoholds.read.attribution.verbal import may_speak

__all__ = ["read_colons", "read_dashes", "read_phrases"]

_CLAUSE_DEPS = frozenset({"ROOT", "ccomp", "relcl", "advcl", "conj", "parataxis", "xcomp", "acl", "pcomp"})
_DASHES = frozenset({"—", "–", "--", "-", "―"})
_LONGEST_LABEL = 12
_SHORT_LABEL = 4
# Labels that head a line with a colon and say what the line is, not who speaks.
_LABELS = frozenset(
    [
        "update",
        "updates",
        "live",
        "breaking",
        "analysis",
        "exclusive",
        "opinion",
        "watch",
        "video",
        "photo",
        "photos",
        "pictures",
        "map",
        "note",
        "correction",
        "clarification",
        "explainer",
        "factbox",
        "timeline",
        "interview",
        "editorial",
        "review",
        "background",
        "summary",
        "photo",
        "image",
        "graphic",
        "read",
        "listen",
        "podcast",
        "source",
        "sources",
        "tags",
        "topics",
        "date",
        "time",
        "place",
        "day",
        "q",
        "a",
        "question",
        "answer",
        "warning",
        "alert",
        "part",
        "chapter",
        "week",
        "result",
        "results",
        "example",
        "location",
        "total",
        "page",
        "contact",
        "email",
        "phone",
    ]
)


def read_phrases(tree: Tree, regions: list[Region]) -> Iterator[Draft]:
    """Drafts of the fixed phrases of the lexicon."""
    table = phrases()
    for token, word in enumerate(tree.lower):
        for entry in table.get(word, ()):
            if tree.is_furniture[token] or _in_speech(tree, regions, token):
                continue
            if tuple(tree.lower[token : token + len(entry.words)]) != entry.words:
                continue
            draft = _read_phrase(tree, regions, token, entry)
            if draft is not None:
                yield draft
                break


def _in_speech(tree: Tree, regions: list[Region], token: int) -> bool:
    return tree.quote[token] >= 0 and regions[tree.quote[token]].is_speech


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
    if tree.right[token] - token > 1:
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
    if (
        tree.dep[head] in ("relcl", "advcl", "ccomp", "acl")
        and hole[1] >= last - 1
        and hole[0] - 1 > first
        and tree.words[hole[0] - 1] == ","
        and all(not tree.is_word(t) for t in range(hole[1], bounds[1]))
    ):
        # ", according to X" at the end of a sentence covers all of it, whatever it was hung on.
        first = bounds[0]
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


def read_colons(tree: Tree, regions: list[Region]) -> Iterator[Draft]:
    """Drafts of "Kremlin: talks are over": a short name or role, a colon, a statement."""
    for number, (first, last) in enumerate(tree.sentences):
        while first < last and _is_lead(tree, first):
            first += 1
        colon = next(
            (t for t in range(first, min(first + _LONGEST_LABEL, last)) if tree.words[t] == ":"), None
        )
        if colon is None or colon == first or tree.is_furniture[first] or last - colon < 3:
            continue
        label = _label_head(tree, first, colon)
        if label is None:
            continue
        if sum(tree.words[t] == "," for t in range(colon, last)) > 5:
            # A list of names under a heading, not a statement.
            continue
        to = next((t for t in range(label[0] + 1, label[1]) if tree.lower[t] == "to"), label[1])
        source = trim(tree, (first, to))
        end = last
        if tree.tag[label[0]] in ("NN", "NNS"):
            end = _turn_end(tree, number)
        content = trim(tree, (colon + 1, end))
        if source is None or content is None:
            continue
        if tree.quote[content[1] - 1] >= 0:
            content = (content[0], max(content[1], regions[tree.quote[content[1] - 1]].last))
        yield Draft("colon", CueClass.NEUTRAL, (colon, colon + 1), colon, source, label[0], [content])


def _is_lead(tree: Tree, token: int) -> bool:
    """Whether a token only leads in a line: a bullet, a symbol, the hour of an entry."""
    word = tree.words[token]
    return not any(c.isalpha() for c in word) and word not in ('"', "“", "(", ":")


def _label_head(tree: Tree, first: int, colon: int) -> tuple[int, int] | None:
    """The head of a speaker's label and the end of its name, or None where the label is none of a speaker."""
    if tree.quote[first] >= 0 or any(tree.tag[t] in ("VBD", "VBZ", "VBP", "MD") for t in range(first, colon)):
        return None
    end = next((t for t in range(first, colon) if tree.words[t] == ","), colon)
    stop = next((t for t in range(first + 1, end) if tree.tag[t] in ("IN", "TO")), end)
    head = stop - 1
    if tree.lower[end - 1] in _LABELS or tree.lower[first] in _LABELS or tree.tag[head] not in NOUN_TAGS:
        return None
    starts = first == 0 or tree.paragraph[first - 1] != tree.paragraph[first] or _opens_line(tree, first)
    if not starts and not (
        tree.tag[head] in ("NNP", "NNPS") and end == colon and colon - first <= _SHORT_LABEL
    ):
        return None
    if tree.is_headline[first] or tree.paragraph[first] == 0 or tree.tag[head] in ("NNP", "NNPS"):
        return head, end
    return (head, end) if _is_speaking_role(tree, head) else None


def _opens_line(tree: Tree, first: int) -> bool:
    before = first - 1
    while before >= 0 and tree.paragraph[before] == tree.paragraph[first]:
        if not _is_lead(tree, before) or tree.words[before] in (".", "!", "?"):
            return False
        before -= 1
    return True


def _is_speaking_role(tree: Tree, noun: int) -> bool:
    words = source_words()
    lemma = tree.lemma[noun]
    return lemma in words["persons"] or lemma in words["groups"] or lemma in words["titles"]


def _turn_end(tree: Tree, number: int) -> int:
    """The end of what a labelled speaker says: up to another speaker or the end of the line."""
    first, end = tree.sentences[number]
    for start, stop in tree.sentences[number + 1 :]:
        if tree.paragraph[start] != tree.paragraph[first] or tree.words[start].isspace():
            break
        if any(
            tree.words[t] == ":" or (tree.tag[t] in ("VBD", "VBZ", "VBP") and tree.lemma[t] in verbs())
            for t in range(start, stop)
        ):
            break
        end = stop
    return end


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
        if not after_quote and not (
            tree.is_headline[dash] and tree.tag[last - 1] in NOUN_TAGS and dash - first >= 3
        ):
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
