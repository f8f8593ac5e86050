"""A parse as plain Python objects: spaCy's `Doc` enters, a `Doc` of ours with the same names leaves.

The reader asks for a few attributes of every word hundreds of times over. A spaCy token is made anew each
time that it is asked for, and each attribute is looked up in tables; here all is read once, column by
column, and an attribute is a slot. Names and meanings are spaCy's, so that whoever knows those can read the
rules.
"""

from __future__ import annotations

from bisect import bisect_right
from collections.abc import Iterator
from itertools import accumulate, pairwise
from typing import TYPE_CHECKING, Any, overload

from whoholds.text.mends import mend_lost_objects

if TYPE_CHECKING:
    from spacy.tokens import Doc as Parse

__all__ = ["Doc", "Span", "Token", "read_doc"]


class Token:
    """One word of a parse.

    Attributes:
        doc: The parse.
        i: Its index.
        idx: Its first code point.
        text: As written.
        whitespace_: The blank after it, or "".
        lower_: In lower case.
        lemma_: The pipeline's lemma.
        pos_: Universal part of speech.
        tag_: Penn tag.
        dep_: Dependency label.
        ent_type_: Label of the entity that it is part of, or "".
        ent_iob_: "B" where an entity begins, "I" inside one, else "O" or "".
        head: Its governor; a root is its own.
        children: What it governs, in order.
        is_sent_start: Whether a sentence begins with it.
        is_space: Whether it is white space.
        is_punct: Whether it is punctuation.
        is_alpha: Whether it is letters alone.
        is_quote: Whether it is a quotation mark.
        is_stop: Whether it is one of the commonest words.
        like_num: Whether it tells a number, in figures or words.
    """

    __slots__ = (
        "children",
        "dep_",
        "doc",
        "ent_iob_",
        "ent_type_",
        "head",
        "i",
        "idx",
        "is_alpha",
        "is_punct",
        "is_quote",
        "is_sent_start",
        "is_space",
        "is_stop",
        "lemma_",
        "like_num",
        "lower_",
        "pos_",
        "tag_",
        "text",
        "whitespace_",
    )

    def __init__(
        self,
        doc: Doc,
        i: int,
        idx: int,
        text: str,
        whitespace: str,
        lower: str,
        lemma: str,
        pos: str,
        tag: str,
        dep: str,
        ent_type: str,
        ent_iob: str,
        is_sent_start: bool,
        is_space: bool,
        is_punct: bool,
        is_alpha: bool,
        is_quote: bool,
        is_stop: bool,
        like_num: bool,
    ) -> None:
        self.doc = doc
        self.i = i
        self.idx = idx
        self.text = text
        self.whitespace_ = whitespace
        self.lower_ = lower
        self.lemma_ = lemma
        self.pos_ = pos
        self.tag_ = tag
        self.dep_ = dep
        self.ent_type_ = ent_type
        self.ent_iob_ = ent_iob
        self.is_sent_start = is_sent_start
        self.is_space = is_space
        self.is_punct = is_punct
        self.is_alpha = is_alpha
        self.is_quote = is_quote
        self.is_stop = is_stop
        self.like_num = like_num
        self.head: Token = self
        self.children: tuple[Token, ...] = ()

    def __len__(self) -> int:
        """Code points of the word."""
        return len(self.text)

    def __bool__(self) -> bool:
        """A token is there, however long."""
        return True

    def __repr__(self) -> str:
        return self.text

    @property
    def is_title(self) -> bool:
        """Whether it is written with a capital first and small letters after."""
        return self.text.istitle()

    @property
    def lefts(self) -> Iterator[Token]:
        """What it governs before it."""
        return (child for child in self.children if child.i < self.i)

    @property
    def left_edge(self) -> Token:
        """The first token of all that hangs on it."""
        return self.doc.tokens[self.doc.left[self.i]]

    @property
    def right_edge(self) -> Token:
        """The last token of all that hangs on it."""
        return self.doc.tokens[self.doc.right[self.i]]

    @property
    def subtree(self) -> Iterator[Token]:
        """All that hangs on it and itself, in the order of the branches."""
        for child in self.children:
            if child.i < self.i:
                yield from child.subtree
        yield self
        for child in self.children:
            if child.i > self.i:
                yield from child.subtree

    @property
    def sent(self) -> Span:
        """The sentence that it stands in."""
        doc = self.doc
        return Span(doc, *doc.sentences[bisect_right(doc.sentences, (self.i, len(doc))) - 1])

    def is_ancestor(self, descendant: Token) -> bool:
        """Whether another token hangs on this one, directly or not."""
        while descendant.head is not descendant:
            descendant = descendant.head
            if descendant is self:
                return True
        return False

    def nbor(self, offset: int = 1) -> Token:
        """The token so many after it (before it, where negative).

        Raises:
            IndexError: There is none.
        """
        at = self.i + offset
        if at < 0:
            raise IndexError(f"token {self.i} has no neighbour at {offset}")
        return self.doc.tokens[at]


class Span:
    """A stretch of a parse: tokens `[start, end)`, with a label where it is an entity."""

    __slots__ = ("doc", "end", "label_", "start")

    def __init__(self, doc: Doc, start: int, end: int, label: str = "") -> None:
        self.doc = doc
        self.start = start
        self.end = end
        self.label_ = label

    def __len__(self) -> int:
        return self.end - self.start

    def __iter__(self) -> Iterator[Token]:
        return iter(self.doc.tokens[self.start : self.end])

    @overload
    def __getitem__(self, at: int) -> Token: ...

    @overload
    def __getitem__(self, at: slice) -> Span: ...

    def __getitem__(self, at: int | slice) -> Token | Span:
        if isinstance(at, slice):
            first, last, _ = at.indices(len(self))
            return Span(self.doc, self.start + first, self.start + max(first, last))
        return self.doc.tokens[self.start : self.end][at]

    def __repr__(self) -> str:
        return self.text

    @property
    def text(self) -> str:
        """The words as the text has them."""
        if self.start >= self.end:
            return ""
        doc = self.doc
        last = self.end - 1
        return doc.text[doc.starts[self.start] : doc.starts[last] + len(doc.words[last])]

    @property
    def start_char(self) -> int:
        """Its first code point."""
        return self.doc.starts[self.start]

    @property
    def root(self) -> Token:
        """The token that the others hang on: the nearest to the sentence's root, of several the first."""
        doc, start, end = self.doc, self.start, self.end
        tokens = doc.tokens[start:end]
        outer: list[Token] = []
        for token in tokens:
            head = token.head
            if head is token:
                return token
            if not start <= head.i < end:
                outer.append(token)
        if len(outer) < 2:
            return outer[0] if outer else doc.tokens[start]
        return min(outer, key=_steps_to_root)

    @property
    def sent(self) -> Span:
        """The sentence that it begins in."""
        return self.doc.tokens[self.start].sent


def _steps_to_root(token: Token) -> int:
    """How deep a token hangs; a mark or a blank on which nothing hangs is the last choice."""
    if not token.children and (token.is_space or token.is_punct):
        return len(token.doc) - 1
    steps = 0
    while token.head is not token:
        token = token.head
        steps += 1
    return steps


class Doc:
    """A parse.

    Attributes:
        text: The text, which the tokens with their blanks make up.
        tokens: All tokens.
        words: The tokens as written.
        lower: The tokens in lower case.
        lemmas: The pipeline's lemmas.
        tags: Penn tags.
        deps: Dependency labels.
        entities: Labels of entities, or "".
        starts: First code points.
        heads: Indexes of the governors; a root is its own.
        left: Index of the first token of what hangs on each.
        right: Index of the last token of what hangs on each.
        line_breaks: The tokens that hold a line's end.
        sentences: First token of each sentence and the one after its last.
        ents: The entities, in order.
        user_data: What parts of the reader have worked out about the parse, by name.
    """

    __slots__ = (
        "_spans",
        "deps",
        "entities",
        "ents",
        "heads",
        "left",
        "lemmas",
        "line_breaks",
        "lower",
        "right",
        "sentences",
        "starts",
        "tags",
        "text",
        "tokens",
        "user_data",
        "words",
    )

    def __init__(self, text: str) -> None:
        """An empty parse of a text; `read_doc` fills it."""
        self.text = text
        self.tokens: list[Token] = []
        self.words: list[str] = []
        self.lower: list[str] = []
        self.lemmas: list[str] = []
        self.tags: list[str] = []
        self.deps: list[str] = []
        self.entities: list[str] = []
        self.starts: list[int] = []
        self.heads: list[int] = []
        self.left: list[int] = []
        self.right: list[int] = []
        self.line_breaks: list[int] = []
        self.sentences: list[tuple[int, int]] = []
        self.ents: tuple[Span, ...] = ()
        self.user_data: dict[str, Any] = {}
        self._spans: dict[tuple[int, int, str], Span | None] = {}

    def __len__(self) -> int:
        return len(self.tokens)

    def __iter__(self) -> Iterator[Token]:
        return iter(self.tokens)

    @overload
    def __getitem__(self, at: int) -> Token: ...

    @overload
    def __getitem__(self, at: slice) -> Span: ...

    def __getitem__(self, at: int | slice) -> Token | Span:
        if isinstance(at, slice):
            first, last, _ = at.indices(len(self.tokens))
            return Span(self, first, last if last > first else first)
        return self.tokens[at]

    @property
    def sents(self) -> Iterator[Span]:
        """The sentences, in order."""
        return (Span(self, first, last) for first, last in self.sentences)

    def char_span(self, start: int, end: int, *, alignment_mode: str = "strict") -> Span | None:
        """The tokens at code points `[start, end)`, or None where there are none.

        Args:
            start: First code point.
            end: The one after the last.
            alignment_mode: `strict` wants them to begin and end tokens, `expand` takes in all they touch.
        """
        # Each mention of a place is asked for a dozen times.
        asked = (start, end, alignment_mode)
        if asked not in self._spans:
            self._spans[asked] = self._find_span(start, end, alignment_mode)
        return self._spans[asked]

    def _find_span(self, start: int, end: int, alignment_mode: str) -> Span | None:
        first, last = self._index_at(start), self._index_at(end - 1)
        if first is None or last is None:
            return None
        is_after = start == self.starts[first] + len(self.words[first])
        if alignment_mode == "expand":
            # The blank after a word is no part of it.
            first += is_after
        elif start != self.starts[first] or end != self.starts[last] + len(self.words[last]):
            return None
        return Span(self, first, max(first, last + 1))

    def token_at(self, offset: int) -> Token:
        """The last token that begins at or before a code point, else the first one.

        Raises:
            IndexError: There are no tokens.
        """
        return self.tokens[max(0, bisect_right(self.starts, offset) - 1)]

    def _index_at(self, offset: int) -> int | None:
        """The token at a code point, or right before it where that is its blank."""
        at = bisect_right(self.starts, offset) - 1
        if at < 0:
            return None
        token = self.tokens[at]
        return at if offset < token.idx + len(token.text) + len(token.whitespace_) else None


def read_doc(parse: Parse) -> Doc:
    """Read spaCy's parse, once. Linear in the number of tokens."""
    if not len(parse):
        return Doc("")
    # All attributes as one array of numbers; those of words name strings of the vocabulary.
    table = parse.to_array(_COLUMNS)
    strings = parse.vocab.strings
    numbers = table[:, :_N_SPELT].T.tolist()
    known = {one: strings[one] for one in set().union(*numbers)}
    words, lower, lemmas, parts, tags, deps, entities = ([known[one] for one in ids] for ids in numbers)
    # Distances to heads and openings of sentences may be negative.
    distances, openings, marks, blanks = table[:, _N_SPELT:_FIRST_FLAG].astype("int64").T.tolist()
    heads = [i + distance for i, distance in enumerate(distances)]
    mend_lost_objects(words, tags, deps, heads)
    flags = table[:, _FIRST_FLAG:].astype(bool).T.tolist()
    written = [word + " " if blank else word for word, blank in zip(words, blanks, strict=True)]
    doc = Doc("".join(written))
    starts = list(accumulate(map(len, written), initial=0))[:-1]
    is_first = [opening == 1 for opening in openings]
    tokens = doc.tokens = [
        Token(doc, i, *values)
        for i, values in enumerate(
            zip(
                starts,
                words,
                (_BLANKS[blank] for blank in blanks),
                lower,
                lemmas,
                parts,
                tags,
                deps,
                entities,
                (_MARKS[mark] for mark in marks),
                is_first,
                *flags,
                strict=True,
            )
        )
    ]
    children: dict[int, list[Token]] = {}
    for token, head in zip(tokens, heads, strict=True):
        if head != token.i:
            token.head = tokens[head]
            children.setdefault(head, []).append(token)
    for head, found in children.items():
        tokens[head].children = tuple(found)
    doc.line_breaks = [i for i, word in enumerate(words) if "\n" in word]
    firsts = [i for i, opens in enumerate(is_first) if opens and i]
    doc.sentences = list(pairwise((0, *firsts, len(tokens))))
    doc.words, doc.lower, doc.lemmas, doc.tags = words, lower, lemmas, tags
    doc.deps, doc.entities, doc.starts, doc.heads = deps, entities, starts, heads
    doc.left, doc.right = _edges(heads)
    doc.ents = tuple(Span(doc, ent.start, ent.end, ent.label_) for ent in parse.ents)
    return doc


def _edges(heads: list[int]) -> tuple[list[int], list[int]]:
    """The first and the last token of what hangs on each, itself among it."""
    left, right = list(range(len(heads))), list(range(len(heads)))
    for token, head in enumerate(heads):
        # From left to right: who has a first token already has one that is further left.
        while left[head] > token:
            left[head] = token
            head = heads[head]
    for token in range(len(heads) - 1, -1, -1):
        head = heads[token]
        while right[head] < token:
            right[head] = token
            head = heads[head]
    return left, right


_COLUMNS: list[int | str] = [
    *("ORTH", "LOWER", "LEMMA", "POS", "TAG", "DEP", "ENT_TYPE"),
    *("HEAD", "SENT_START", "ENT_IOB", "SPACY"),
    *("IS_SPACE", "IS_PUNCT", "IS_ALPHA", "IS_QUOTE", "IS_STOP", "LIKE_NUM"),
]
_N_SPELT = 7
"""How many of the columns are words."""
_FIRST_FLAG = 11
"""Where the columns begin that say yes or no."""
_MARKS = ("", "I", "O", "B")
"""`ent_iob_` by spaCy's number for it."""
_BLANKS = ("", " ")
