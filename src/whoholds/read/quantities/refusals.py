"""Numbers that are no quantities: names, dates, scores, codes, list numbers, idioms."""

from __future__ import annotations

from whoholds.read.numerals import Kind
from whoholds.read.quantities.lexicon import noun_words
from whoholds.read.quantities.tokens import DASHES, Line
from whoholds.read.quantities.units import currency_before, unit_after

__all__ = ["is_no_quantity"]


def is_no_quantity(line: Line, index: int, *, in_range: bool = False) -> bool:
    """Whether the number at a token is none of an amount.

    Args:
        line: The text.
        index: The number's token.
        in_range: Whether it is being tried as the second end of a range.
    """
    token = line.tokens[index]
    if token.value is None or line.in_time(index):
        return True
    if token.in_words:
        return _is_worded_name(line, index)
    return _is_code(line, index, in_range=in_range) or _is_label(line, index)


def _is_worded_name(line: Line, index: int) -> bool:
    token = line.tokens[index]
    written = line.text[token.start : token.end]
    word = line.parsed_word(index)
    if word.pos_ == "PROPN" and written[0].isupper() and not word.is_sent_start:
        return True
    if line.char_before(index) in DASHES and line.text[token.start - 2 : token.start - 1].isalpha():
        return True
    if token.low == "one" and line.word(index + 1) in DASHES and line.is_joined(index, index + 3):
        return unit_after(line, index + 1) is None  # "one-off", but "one-year"
    if token.low == "one":
        if word.dep_ != "nummod" or word.head.i <= word.i:
            return True
        after = line.word(index + 1)
        return after in noun_words()["idioms"] or line.word(index - 1) in (
            "no",
            "the",
            "this",
            "that",
            "any",
            "every",
            "each",
            "not",
        )
    if token.low == "zero" and line.word(index + 1) in DASHES:
        return unit_after(line, index + 1) is None  # "zero-sum"
    if token.low == "zero":
        return line.word(index - 1) in ("ground", "net", "sub") or word.dep_ in ("compound",)
    return line.word(index + 1) == "of" and line.word(index - 1) in ("group",)


def _is_code(line: Line, index: int, *, in_range: bool) -> bool:
    token = line.tokens[index]
    before, after = line.char_before(index), line.char_after(index)
    outer = line.text[token.start - 2 : token.start - 1] if token.start > 1 else ""
    if _is_calibre(line, index) or _is_row(line, index):
        return True
    if line.words(index + 1, index + 4) in (["-", "to", "-"], ["o", "'", "clock"], ["o", "’", "clock"]):
        return True  # "a 3-to-1 vote", "the 5 o'clock news"
    if token.value in (2000, 4000, 8000) and line.text[token.end - 1] == "K":
        return currency_before(line, index) is None  # "a 4K screen"
    if before and before.isalpha() and currency_before(line, index) is not None:
        return False
    if before and (before.isalpha() or before in "#_@/+\\" or (before in ".:" and outer.isalnum())):
        return True
    if before in DASHES and before and (outer.isalpha() or outer.isdigit()) and not in_range:
        return True
    if token.low[0] == "0" and len(token.low) > 1 and token.low[1].isdigit():
        return True
    if after and (after.isalpha() or after in "_@\\"):
        return unit_after(line, index + 1) is None and currency_before(line, index) is None
    if after in ("/", ":") and after and line.text[token.end + 1 : token.end + 2].isdigit():
        return True
    if after and after in DASHES and line.is_joined(index, index + 3):
        return _is_chain(line, index)
    if before == "[" and after == "]":
        return True
    return _is_list_number(line, index)


def _is_row(line: Line, index: int) -> bool:
    """Whether figures stand in a row with others, as in telephone numbers and map grids."""
    token = line.tokens[index]
    for other_at in (index - 1, index + 1):
        if not 0 <= other_at < len(line.tokens):
            continue
        other = line.tokens[other_at]
        gap = max(other.start - token.end, token.start - other.end)
        if other.kind is Kind.NUMBER and not other.in_words and gap == 1 and not line.in_time(other_at):
            return True
    return False


def _is_calibre(line: Line, index: int) -> bool:
    """Whether "155mm howitzer" names a type of gun or shell by its bore, as millimetres before a noun do."""
    unit = unit_after(line, index + 1)
    if unit is None or unit[1] is None or unit[1].name != "mm" or not line.is_joined(index, unit[0]):
        return False
    end = unit[0]
    return (
        end < len(line.tokens)
        and line.tokens[end].kind is Kind.WORD
        and line.parsed_word(end).pos_ in ("NOUN", "PROPN")
    )


def _is_chain(line: Line, index: int) -> bool:
    """Whether "3-2", "555-0199" or "737-800" is a result, a telephone number or a name, and no range."""
    follower = line.tokens[index + 2]
    if follower.kind is not Kind.NUMBER:
        return False
    if (
        line.word(index + 3) in DASHES
        and line.is_joined(index + 2, index + 5)
        and line.tokens[index + 4].kind is Kind.NUMBER
    ):
        return True
    low, high = line.tokens[index].value, follower.value
    if low is None or high is None:
        return True
    if high <= low:
        return line.mantissa(index + 2) is None
    if currency_before(line, index) is not None or unit_after(line, index + 3) is not None:
        return False
    if line.mantissa(index + 2) is not None:
        return False
    word = line.parsed_word(min(index + 3, len(line.tokens) - 1))
    return line.word(index + 3) in (
        "",
        ".",
        ",",
        ")",
        "(",
        "in",
        "at",
        "on",
        "win",
        "victory",
        "loss",
        "defeat",
        "draw",
        "vote",
        "against",
        "to",
        "with",
    ) or word.pos_ in ("VERB", "AUX", "PUNCT", "ADP")


def _is_list_number(line: Line, index: int) -> bool:
    token = line.tokens[index]
    if index > 0 and line.tokens[index - 1].kind is not Kind.BREAK:
        return False
    value = token.value
    return (
        value is not None
        and value < 100
        and line.char_after(index) in (".", ")")
        and line.text[token.end + 1 : token.end + 2] in (" ", "\t")
    )


def _is_label(line: Line, index: int) -> bool:
    words = noun_words()
    before = line.word(index - 1)
    if before == "." and line.word(index - 2) in ("no", "nos", "pp", "p", "vol"):
        return True
    if before in noun_words()["strong_labels"]:
        return before != "no" or line.text[line.tokens[index - 1].start].isupper()
    if currency_before(line, index) is not None:
        return False
    word = line.parsed_word_at_end(index)
    counts = word.dep_ == "nummod" and word.head.i > word.i
    if before in words["labels"] and not counts:
        return unit_after(line, index + 1) is None
    after = line.tokens[index + 1] if index + 1 < len(line.tokens) else None
    if after is not None and after.kind is Kind.WORD:
        following = line.words(index + 1, index + 5)
        capital = line.text[after.start].isupper()
        if (
            capital
            and any(w in words["addresses"] for w in following[1:4])
            and line.parsed_word(index + 1).pos_ == "PROPN"
        ):
            return True
    if counts or unit_after(line, index + 1) is not None:
        return False
    # "iPhone 11", "Apollo 13": a name's own number.
    return (
        word.head.i < word.i
        and word.dep_ in ("nummod", "appos", "npadvmod")
        and word.head.i == word.i - 1
        and (word.head.pos_ == "PROPN" and not line.tokens[index].low.count(","))
    )
