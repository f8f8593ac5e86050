"""Whole stretches of one person's words without a cue: the answers of an interview, a letter, a testimony.

In: a tree with its quotation marks found, and the drafts of other rules. Out: drafts. Who speaks is told
once, before: in the lines that open an interview, or where a letter is brought in.
"""

from __future__ import annotations

from collections.abc import Collection, Iterator, Sequence
from itertools import pairwise

from whoholds.read.attribution.draft import Draft
from whoholds.read.attribution.entries import text_lines
from whoholds.read.attribution.lexicon import source_words
from whoholds.read.attribution.quotes import Region
from whoholds.read.attribution.spans import Span2, source_span
from whoholds.read.attribution.tree import NOUN_TAGS, VERB_TAGS, Tree
from whoholds.read.attribution.types import CueClass

__all__ = ["ANSWER_RULE", "read_answers", "read_letters"]

ANSWER_RULE = "answer"
_FEWEST = 3
"""Fewest questions on lines of their own that make a text an interview."""
_LONGEST_QUESTION = 60
_OPENING = 4
"""Most lines before the first question in which who answers is introduced."""
_ANSWERED = 0.5
"""Share of the questions that a line of another kind follows, at the least."""
_PERSONAL = frozenset({"i", "we", "my", "our", "me", "us", "mine", "ours"})
_MEETING = frozenset({"speak", "talk", "interview", "meet", "visit", "ask", "reach", "question"})
_WITH = frozenset({"to", "with"})
_BRINGING = frozenset({"from", "by", "of"})
_SUBJECTS = frozenset({"nsubj", "nsubjpass"})
_STOPS = frozenset({".", "!", "?", "…"})
_BESIDE = 8
"""How far after a noun the name that goes with it may begin, in tokens."""
_LETTER = 3
"""Fewest sentences of a letter or testimony between marks."""


def read_answers(tree: Tree) -> list[Draft]:
    """The draft of an interview: its answers, by who is introduced before the first question."""
    lines = list(text_lines(tree))
    marked = [n for n, line in enumerate(lines) if _is_question(tree, line)]
    if len(marked) < _FEWEST or marked[0] == 0:
        return []
    first, asked = marked[0], frozenset(marked)
    answered = sum(n + 1 < len(lines) and n + 1 not in asked for n in marked)
    if answered < _ANSWERED * len(marked):
        return []
    asked |= _asked_between(len(lines), marked)
    answers = [line for n, line in enumerate(lines) if n > first and n not in asked]
    personal = sum(_is_personal(tree, line) for line in answers)
    if personal * _OPENING < len(answers) or personal < 2:
        # Questions that a text answers itself: nobody says "I" in them.
        return []
    speaker = _introduced(tree, lines[max(0, first - _OPENING) : first])
    if speaker is None:
        return []
    content = [(_after_mark(tree, line), line[1]) for line in answers]
    source = _name_span(tree, speaker)
    return [
        Draft(ANSWER_RULE, CueClass.NEUTRAL, None, None, source, speaker, [c for c in content if c[0] < c[1]])
    ]


def _is_question(tree: Tree, line: Span2) -> bool:
    """Whether a line asks: marked as a question, or a short one that ends in a question mark."""
    first, last = line
    if tree.lower[first] in ("q", "question") and first + 1 < last and tree.words[first + 1] in (":", "."):
        return True
    if last - first > _LONGEST_QUESTION or tree.quote[first] >= 0:
        return False
    return tree.words[last - 1] == "?" or tree.words[last - 1].endswith("?")


def _asked_between(n_lines: int, marked: Sequence[int]) -> frozenset[int]:
    """Questions put as statements ("They say that you will leave."): every second line of a dialogue."""
    if any((b - a) % 2 for a, b in pairwise(marked)):
        return frozenset()
    return frozenset(range(marked[0], n_lines, 2))


def _after_mark(tree: Tree, line: Span2) -> int:
    """Where an answer begins after "A:"."""
    first = line[0]
    is_marked = tree.lower[first] in ("a", "answer") and first + 1 < line[1] and tree.words[first + 1] == ":"
    return first + 2 if is_marked else first


def _is_personal(tree: Tree, line: Span2) -> bool:
    return any(tree.lower[t] in _PERSONAL and tree.quote[t] < 0 for t in range(*line))


def _introduced(tree: Tree, lines: Sequence[Span2]) -> int | None:
    """Who is introduced in some lines: whom the publisher meets, else the first person spoken of."""
    tokens = [t for line in lines for t in range(*line) if not tree.is_headline[t]]
    persons = [t for t in tokens if _is_person(tree, t)]
    for token in persons:
        up = tree.head[token]
        is_met = tree.dep[token] == "dobj" or (tree.dep[token] == "pobj" and tree.lower[up] in _WITH)
        verb = up if tree.dep[token] == "dobj" else tree.head[up]
        if is_met and tree.lemma[verb] in _MEETING:
            return token
    subject = next((t for t in persons if tree.dep[t] in _SUBJECTS), None)
    return subject if subject is not None else next(iter(persons), None)


def _is_person(tree: Tree, token: int) -> bool:
    """Whether a token ends the name or the office of one person."""
    if tree.tag[token] not in NOUN_TAGS or tree.dep[token] in ("compound", "poss", "npadvmod"):
        return False
    if tree.entity[token] == "PERSON":
        return True
    return tree.tag[token] == "NN" and tree.lemma[token] in source_words()["persons"]


def read_letters(tree: Tree, regions: Sequence[Region], drafts: Collection[Draft]) -> Iterator[Draft]:
    """Drafts of long quotations that stand alone, by who is named where they are brought in.

    Args:
        tree: The text.
        regions: Its quotations.
        drafts: What other rules have found.
    """
    said = {first for d in drafts for first, _ in d.content}
    number = 0
    while number < len(regions):
        run = [regions[number]]
        number += 1
        while number < len(regions) and not run[-1].is_closed:
            run.append(regions[number])
            number += 1
        first = run[0].first
        if first == 0 or not _opens_line(tree, first) or any(r.first in said for r in run):
            continue
        words = [t for r in run for t in range(r.first, r.last)]
        if sum(tree.words[t] in _STOPS for t in words) < _LETTER:
            continue
        if not any(tree.lower[t] in _PERSONAL for t in words) or _goes_on(tree, run[-1].last):
            continue
        speaker = _bringer(tree, first)
        if speaker is not None:
            source = _name_span(tree, speaker)
            pieces = [(r.first, r.last) for r in run]
            yield Draft(
                ANSWER_RULE, CueClass.NEUTRAL, None, None, source, source[1] - 1, pieces, is_direct=True
            )


def _opens_line(tree: Tree, token: int) -> bool:
    return "\n" in tree.words[token - 1]


def _goes_on(tree: Tree, after: int) -> bool:
    """Whether words follow a quotation on its line."""
    return after < len(tree) and "\n" not in tree.words[after] and tree.is_word(after)


def _bringer(tree: Tree, first: int) -> int | None:
    """Who is named before a letter: "a letter from …", "the testimony of …", "X writes"; else nobody."""
    end = first - 1
    while end > 0 and tree.words[end].isspace():
        end -= 1
    start = end
    while start > 0 and tree.paragraph[start - 1] == tree.paragraph[end]:
        start -= 1
    writings = source_words()["writings"]
    for token in range(start, end + 1):
        if tree.lemma[token] in writings:
            for kid in tree.kids[token]:
                named = tree.kid(kid, "pobj") if tree.lower[kid] in _BRINGING else None
                if tree.dep[kid] == "poss":
                    named = kid
                if named is not None and (_is_person(tree, named) or tree.entity[named] == "PERSON"):
                    return named
    for token in range(start, end + 1):
        if tree.lemma[token] in ("write", "speak", "tell", "remember", "recall"):
            subject = tree.kid(token, "nsubj")
            if subject is not None and _is_person(tree, subject):
                return subject
    return None


def _name_span(tree: Tree, noun: int) -> Span2:
    """The name beside a noun of office or kin: "their son, Private Adam Berg"; else the noun's phrase."""
    if tree.entity[noun] != "PERSON":
        for token in range(noun + 1, min(noun + _BESIDE, len(tree))):
            if tree.entity[token] == "PERSON":
                last = token
                while last < len(tree) and tree.entity[last] == "PERSON":
                    last += 1
                return token, last
            if tree.words[token] in (";", ":") or tree.tag[token] in VERB_TAGS:
                break
    return source_span(tree, noun)
