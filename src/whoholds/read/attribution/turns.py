"""Turns of a transcript: "Commodore: The post is ours.", "Question: And the crossing?", line after line.

In: a tree with its quotation marks found. Out: drafts, one a turn, whose content is all that is said in it:
up to the next label, however many sentences it is, and though no verb of saying stands anywhere.
"""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field

from whoholds.read.attribution.answers import ANSWER_RULE
from whoholds.read.attribution.draft import Draft
from whoholds.read.attribution.entries import text_lines
from whoholds.read.attribution.lexicon import is_speaking_role, source_words
from whoholds.read.attribution.spans import Span2, trim
from whoholds.read.attribution.tree import Tree
from whoholds.read.attribution.types import CueClass

__all__ = ["Transcript", "read_turns"]

_LONGEST_LABEL = 9
"""Tokens of the longest label: office, rank and name."""
_FEWEST = 2
"""Fewest turns of those who ask, and of one who answers, that make a text a transcript."""
_QUESTIONS = frozenset({"question", "q"})
"""Labels that name no one: whatever follows is asked."""
_ASKERS = frozenset(
    {
        "reporter", "journalist", "correspondent", "interviewer", "moderator", "host", "presenter", "anchor",
        "press", "caller",
    }
)  # fmt: skip
_ANSWER = frozenset({"a", "answer"})
"""Labels that name nobody: `answers` finds who was introduced."""
_FINITE = frozenset({"VBD", "VBZ", "VBP", "MD"})
_ASKING = 0.5
"""Share of a label's turns that end in a question by which it is one who asks."""


@dataclass(frozen=True, slots=True)
class _Turn:
    """One turn: the words of its label, its colon, what is said."""

    label: Span2
    colon: int
    said: Span2


@dataclass(frozen=True, slots=True)
class Transcript:
    """What is known of a transcript.

    Attributes:
        drafts: One for each turn of those who answer.
        names: Of the label of each of them the fullest label of the same speaker.
        extent: Its tokens: a colon in them stands behind a speaker, or before a list, and is no other cue.
    """

    drafts: tuple[Draft, ...] = ()
    names: Mapping[Span2, Span2] = field(default_factory=dict)
    extent: range = range(0)


def read_turns(tree: Tree) -> Transcript:
    """The turns of a text that is a transcript; of other texts none."""
    turns = _find_turns(tree)
    by_label = _by_label(tree, turns)
    asking = {key for key, its in by_label.items() if _asks(tree, key, its)}
    if sum(len(by_label[key]) for key in asking) < _FEWEST:
        return Transcript()
    # A label of one turn only is a speaker's where it names one: "Two points: the bridge is ours" goes on.
    turns = _find_turns(
        tree, frozenset(t.colon for t in turns if not _is_speakers(tree, by_label, asking, t))
    )
    by_label = _by_label(tree, turns)
    answering = _join_names({key: its for key, its in by_label.items() if key not in asking})
    most = max(answering, key=lambda key: len(answering[key]), default="")
    if most in _ANSWER or len(answering.get(most, ())) < _FEWEST:
        return Transcript()
    first = min(t.colon for key, its in by_label.items() for t in its if len(its) >= _FEWEST or key in asking)
    drafts, names = [], {}
    for key, its in answering.items():
        if key in _ANSWER or its[-1].colon < first:
            # "Transcript: noon briefing" stands above.
            continue
        labels = [(turn.label[0], _name_end(tree, turn.label)) for turn in its]
        fullest = max(labels, key=lambda span: (span[1] - span[0], -span[0]))
        for label, turn in zip(labels, its, strict=True):
            names[label] = fullest
            drafts.append(Draft(ANSWER_RULE, CueClass.NEUTRAL, None, None, label, label[1] - 1, [turn.said]))
    return Transcript(tuple(drafts), names, range(first, max(turn.said[1] for turn in turns)))


def _find_turns(tree: Tree, passed: frozenset[int] = frozenset()) -> list[_Turn]:
    """Every labelled line, with the lines after it up to the next label.

    Args:
        tree: The text.
        passed: Colons of labels that are none.
    """
    found: list[_Turn] = []
    for line in text_lines(tree):
        colon = _label_colon(tree, line)
        label = None if colon is None or colon in passed else trim(tree, (line[0], colon))
        if colon is None or label is None:
            if found:
                last = found[-1]
                found[-1] = _Turn(last.label, last.colon, (last.said[0], line[1]))
            continue
        # A label alone on its line is of the lines below.
        said = trim(tree, (colon + 1, line[1]), stops=False) or (line[1], line[1])
        found.append(_Turn(label, colon, said))
    return [turn for turn in found if turn.said[0] < turn.said[1]]


def _by_label(tree: Tree, turns: Sequence[_Turn]) -> dict[str, list[_Turn]]:
    found: dict[str, list[_Turn]] = defaultdict(list)
    for turn in turns:
        found[_key(tree, turn.label)].append(turn)
    return found


def _label_colon(tree: Tree, line: Span2) -> int | None:
    """The colon behind a line's label, or None where it has none."""
    first, last = line
    for token in range(first, min(last, first + _LONGEST_LABEL)):
        word = tree.words[token]
        if word == ":":
            return token if token > first and tree.words[first][0].isupper() else None
        is_verb = tree.tag[token] in _FINITE and not word[:1].isupper()
        if is_verb or tree.quote[token] >= 0 or word in ("?", "!", ";"):
            return None
    return None


def _name_end(tree: Tree, label: Span2) -> int:
    """Where the name in a label ends: before its office or a bracket, "Adam Berg, mayor"."""
    return next((t for t in range(label[0] + 1, label[1]) if tree.words[t] in (",", "(")), label[1])


def _key(tree: Tree, label: Span2) -> str:
    return " ".join(tree.lower[t] for t in range(*label) if tree.is_word(t))


def _is_speakers(tree: Tree, by_label: Mapping[str, Sequence[_Turn]], asking: set[str], turn: _Turn) -> bool:
    """Whether a label names a speaker: one who speaks again, who asks, a person or an office."""
    key = _key(tree, turn.label)
    words = source_words()["labels"] - _ANSWER
    if not key or (key not in asking and (key.split()[0] in words or key.split()[-1] in words)):
        return False
    if key in asking or key in _ANSWER or len(by_label[key]) >= _FEWEST:
        return True
    named = range(turn.label[0], _name_end(tree, turn.label))
    return any(tree.entity[t] == "PERSON" or is_speaking_role(tree.lemma[t]) for t in named)


def _asks(tree: Tree, key: str, turns: Sequence[_Turn]) -> bool:
    """Whether a label is one of who asks: by its words, or since its turns end in questions."""
    words = key.split()
    if not words or words[0] in _QUESTIONS:
        return True
    questions = sum(_ends_in_question(tree, turn.said) for turn in turns)
    if words[-1] in _ASKERS or (words[0] in _ASKERS and (len(words) == 1 or words[1].isdigit())):
        return questions > 0
    return questions > _ASKING * len(turns)


def _ends_in_question(tree: Tree, said: Span2) -> bool:
    last = trim(tree, said, stops=False)
    return last is not None and tree.words[last[1] - 1].endswith("?")


def _join_names(by_label: Mapping[str, Sequence[_Turn]]) -> dict[str, list[_Turn]]:
    """The turns by speaker: "Commodore" is the "Commodore Said Maskari" of another label."""
    found: dict[str, list[_Turn]] = {}
    holders: dict[str, set[str]] = defaultdict(set)
    for key in sorted(by_label, key=lambda k: (-len(k.split()), k)):
        words = key.split()
        fuller = set.intersection(*(holders[word] for word in words)) if words else set()
        if len(fuller) == 1:
            found[fuller.pop()].extend(by_label[key])
            continue
        found[key] = list(by_label[key])
        for word in words:
            holders[word].add(key)
    return {key: sorted(its, key=lambda t: t.colon) for key, its in found.items()}
