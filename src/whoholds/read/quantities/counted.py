"""What a number counts: the place of a number enters, the counted noun phrase leaves.

The parse says which noun a number belongs to; where it does not, the run of adjectives and nouns after
the number is taken.
"""

from __future__ import annotations

import re
from typing import TYPE_CHECKING

from whoholds.read.numerals import Kind
from whoholds.read.quantities.lexicon import SHARED, noun_words, unit_of_noun, units
from whoholds.read.quantities.tokens import DASHES, Line

if TYPE_CHECKING:
    from whoholds.text.tokens import Token as Word

__all__ = ["counted_noun", "is_age", "measured_noun"]

_RUN = frozenset(("ADJ", "NOUN", "PROPN", "NUM", "ADV"))
_SKIP_AFTER_OF = frozenset(
    (
        "the",
        "its",
        "their",
        "his",
        "her",
        "our",
        "these",
        "those",
        "all",
        "an",
        "a",
        "my",
        "your",
        "that",
        "this",
    )
)
_STATES = frozenset(
    (
        "killed",
        "wounded",
        "injured",
        "dead",
        "missing",
        "captured",
        "hurt",
        "displaced",
        "detained",
        "arrested",
    )
)
_LONGEST_RUN = 8
_MAKE = re.compile(
    r"(?:(?P<aircraft>(?:Su|MiG|Mig|Il|An|Tu|Yak|Mi|Ka|F|C|UH|AH|CH|A|B|DC)-\d{1,3})"
    r"|(?P<vehicles>(?:T|BMP|BTR|BRDM|BMD|BM|M|MRAP|PT|AMX)-\d{1,3})"
    r"|(?P<guns>(?:D|ZU|ZPU|KS|S)-\d{2,3}(?:-\d)?))[A-Z]{0,3}\d?s?(?:\s(?:jets?|planes?|tanks?|bombers?"
    r"|fighters?|helicopters?|transports?|guns?))?\b"
)
"""Makes of arms by their usual letters, with what is counted by them."""


def counted_noun(line: Line, index: int, at: int) -> tuple[int, str, str] | None:
    """The noun phrase that the number at `index` counts, sought from token `at` on.

    Returns:
        The index after it, its unit, and its words; None where nothing is counted.
    """
    if at >= len(line.tokens) or line.tokens[at].kind is Kind.BREAK:
        return None
    start = at
    hyphened = line.word(at) in DASHES and line.is_joined(at - 1, at + 2)
    if hyphened:
        start = at + 1
        token = line.tokens[start]
        if token.kind is not Kind.WORD:
            return None
        return start + 1, unit_of_noun(token.low), line.text[token.start : token.end]
    if line.word(at) == "of":
        return _after_of(line, at)
    make = _make_of_arms(line, start)
    if make is not None:
        return make
    last = _head_by_parse(line, index, start)
    if last is None:
        last = _head_by_run(line, start)
    if last is not None:
        last = _whole_noun(line, last)
    if last is None:
        if line.word(start) in _STATES:
            token = line.tokens[start]
            return start + 1, "persons", line.text[token.start : token.end]
        return None
    return _phrase(line, start, last)


def _make_of_arms(line: Line, start: int) -> tuple[int, str, str] | None:
    """A make of arms, which is a noun with a number in it: "two T-55s", "a dozen Su-25 jets"."""
    first = line.tokens[start]
    found = _MAKE.match(line.text, first.start)
    if found is None:
        return None
    end = start
    while end < len(line.tokens) and line.tokens[end].start < found.end():
        end += 1
    unit = next(name for name, words in found.groupdict().items() if words)
    return end, unit, found.group()


def _whole_noun(line: Line, last: int) -> int:
    """The last token of a noun that the parse cuts in two: "counter-attacks", "mortar rounds"."""
    while line.word(last + 1) in DASHES and line.is_joined(last, last + 3):
        if line.tokens[last + 2].kind is not Kind.WORD:
            break
        last += 2
    word = line.parsed_word_at_end(last)
    head = word.head
    is_part = word.dep_ in ("compound", "nmod") and word.i < head.i <= word.i + 2 and head.pos_ == "NOUN"
    if is_part and head.tag_ == "NNS" and word.tag_ == "NN":
        whole = _token_at(line, head, last + 1)
        return last if whole is None else whole
    return last


def _phrase(line: Line, start: int, last: int) -> tuple[int, str, str] | None:
    first_char, last_char = line.tokens[start].start, line.tokens[last].end
    words = line.text[first_char:last_char]
    if "\n" in words or "\r" in words:
        return None
    head = line.tokens[last].low
    if len(head) < 2:
        return None
    if head in ("old", "olds"):
        return start, "persons", head  # "two 17-year-olds": their age is a quantity of its own
    if any(line.tokens[n].kind is Kind.NUMBER for n in range(start, last)):
        return start, unit_of_noun(head), line.text[line.tokens[last].start : last_char]
    # "380 of 1,200 square kilometres": the unit may be of two words.
    ends = ([line.word(n) for n in range(first, last + 1)] for first in range(start, last + 1))
    known = next(
        (unit for end in ends if (unit := units().match(end)) is not None and unit[0] == len(end)), None
    )
    if known is not None and known[1].factor == 1 and len(head) > 2:
        return last + 1, known[1].name or head, words
    if line.parsed_word(last).ent_type_ == "NORP" and head.endswith("s"):
        return last + 1, "persons", words  # "Two Democrats"
    if last - 2 >= start and line.word(last - 1) in DASHES and line.is_joined(last - 2, last + 1):
        whole = unit_of_noun(line.text[line.tokens[last - 2].start : last_char])  # "pick-ups"
        if whole in SHARED:
            return last + 1, whole, words
    return last + 1, unit_of_noun(head), words


def _after_of(line: Line, at: int) -> tuple[int, str, str] | None:
    start = at + 1
    while line.word(start) in _SKIP_AFTER_OF:
        start += 1
    number = start
    while start < len(line.tokens) and line.tokens[start].kind is Kind.NUMBER:
        start += 1
    last = _head_by_run(line, start)
    phrase = None if last is None else _phrase(line, start, last)
    # "eight of 10 bridges": the whole is a quantity of its own.
    return phrase if phrase is None or start == number else (at, *phrase[1:])


def measured_noun(line: Line, at: int) -> str | None:
    """The words measured by a share or an extent: "of the territory"."""
    if line.word(at) != "of":
        return None
    start = at + 1
    while line.word(start) in _SKIP_AFTER_OF:
        start += 1
    last = _head_by_run(line, start)
    if last is None:
        return None
    words = line.text[line.tokens[start].start : line.tokens[last].end]
    return None if "\n" in words else words


def _head_by_parse(line: Line, index: int, start: int) -> int | None:
    """The token of the noun that the parse gives the number to."""
    word = line.parsed_word_at_end(index)
    for _ in range(3):
        if (
            word.dep_ in ("compound", "quantmod", "nummod")
            and word.head.pos_ == "NUM"
            and word.head.i > word.i
        ):
            word = word.head
    if word.dep_ != "nummod":
        return None
    head = word.head
    if head.i <= word.i or head.i - word.i > _LONGEST_RUN or head.pos_ not in ("NOUN", "PROPN"):
        return None
    inside = line.parsed.doc[word.i + 1 : head.i]
    for between in inside:
        if between.i > word.i + 1 and line.parsed.doc[between.i - 1].text in DASHES:
            continue  # "burnt-out", "washed-out"
        if between.pos_ in ("VERB", "AUX", "ADP", "SCONJ", "DET") and between.tag_ not in ("VBN", "VBG"):
            return None
        if between.is_space or (
            between.is_punct and between.text not in ("-", "–", ",", '"', "“", "”", "'", "’")
        ):
            return None
    return _token_at(line, head, start)


def _token_at(line: Line, word: Word, start: int) -> int | None:
    end = word.idx + len(word.text)
    for index in range(start, min(start + 2 * _LONGEST_RUN, len(line.tokens))):
        token = line.tokens[index]
        if token.end >= end:
            return index if token.kind is Kind.WORD else None
    return None


def _head_by_run(line: Line, start: int) -> int | None:
    """The last noun of the run of adjectives and nouns that begins at a token."""
    last: int | None = None
    index = start
    while index < len(line.tokens) and index < start + _LONGEST_RUN:
        token = line.tokens[index]
        if token.low in DASHES and line.is_joined(index - 1, index + 2):
            index += 1
            continue
        if token.kind is not Kind.WORD:
            break
        word = line.parsed_word(index)
        if word.pos_ in ("NOUN", "PROPN"):
            if last is not None and token.low in noun_words()["units_of_time"]:
                break
            last = index
        elif word.pos_ not in _RUN and not (word.tag_ in ("VBN", "VBG") and index + 1 < len(line.tokens)):
            break
        index += 1
    return last


def is_age(line: Line, index: int) -> bool:
    """Whether a bare number between commas after a person is an age: "the driver, 35, …", "aged 35"."""
    value = line.tokens[index].value
    if value is None or not 0 < value < 120 or value != int(value):
        return False
    if line.word(index - 1) in ("aged", "age"):
        return True
    if line.word(index - 1) != "," or line.word(index + 1) not in (",", ".", ";", ")") or index < 2:
        return False
    if line.tokens[index - 2].kind is not Kind.WORD:
        return False
    word = line.parsed_word(index - 2)
    return word.tag_ == "NNP" or word.ent_type_ == "PERSON" or unit_of_noun(line.word(index - 2)) == "persons"
