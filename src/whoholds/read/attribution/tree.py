"""A parse as plain lists, read once: tokens, heads, edges, paragraphs, sentences.

Attribution asks for the same few attributes of every token many times, by its number; most of the lists are
those that the parse itself was read into.
"""

from __future__ import annotations

from bisect import bisect_left
from collections.abc import Iterator
from dataclasses import dataclass, field
from itertools import accumulate, islice

from whoholds.text.blocks import BlockKind
from whoholds.text.parse import Parsed

__all__ = ["Tree", "build_tree"]

NOUN_TAGS = frozenset({"NN", "NNS", "NNP", "NNPS"})
VERB_TAGS = frozenset({"VB", "VBD", "VBG", "VBN", "VBP", "VBZ"})
FINITE_TAGS = frozenset({"VBD", "VBP", "VBZ"})


_LEMMAS = {
    "hopes": "hope",
    "hoped": "hope",
    "hoping": "hope",
    "hates": "hate",
    "hated": "hate",
    "hating": "hate",
    "texted": "text",
    "texting": "text",
}
"""Verbs whose lemma the small pipeline gets wrong ("hop")."""


@dataclass(slots=True)
class Tree:
    """Token attributes of a whole text by token index.

    Attributes:
        parsed: Where it came from.
        words: Tokens as written.
        lower: The same in lower case, curly apostrophes made straight.
        lemma: Lemmas in lower case.
        tag: Penn tags.
        dep: Dependency labels.
        head: Index of the head; a root's head is itself.
        start: Code point of the token's first character.
        end: Code point after its last.
        left: First token of the subtree.
        right: One past the last token of the subtree.
        kids: Children, in order.
        sentence: Number of the sentence.
        sentences: First and one past last token of each sentence.
        paragraph: Number of the paragraph (a line of the text).
        is_furniture: Whether the token stands in page furniture or a byline.
        is_headline: Whether it stands in a headline or subhead.
        entity: Entity label, or "".
    """

    parsed: Parsed
    words: list[str]
    lower: list[str]
    lemma: list[str]
    tag: list[str]
    dep: list[str]
    head: list[int]
    start: list[int]
    end: list[int]
    left: list[int]
    right: list[int]
    kids: list[list[int]]
    sentence: list[int]
    sentences: list[tuple[int, int]]
    paragraph: list[int]
    is_furniture: list[bool]
    is_headline: list[bool]
    entity: list[str]
    quote: list[int] = field(default_factory=list)

    def __len__(self) -> int:
        return len(self.words)

    def kid(self, token: int, *deps: str) -> int | None:
        """The first child with one of these labels."""
        for kid in self.kids[token]:
            if self.dep[kid] in deps:
                return kid
        return None

    def kids_with(self, token: int, *deps: str) -> Iterator[int]:
        """The children with one of these labels."""
        return (kid for kid in self.kids[token] if self.dep[kid] in deps)

    def text_of(self, span: tuple[int, int]) -> str:
        """The words of a token span, as the text has them."""
        return self.parsed.text[self.start[span[0]] : self.end[span[1] - 1]]

    def is_word(self, token: int) -> bool:
        """Whether the token has a letter or digit."""
        word = self.words[token]
        return word.isalnum() or any(map(str.isalnum, word))


def build_tree(parsed: Parsed) -> Tree:
    """Read a parse into lists. Linear in the number of tokens."""
    doc = parsed.doc
    words, head, start = doc.words, doc.heads, doc.starts
    kids: list[list[int]] = [[] for _ in words]
    for token, its_head in enumerate(head):
        if its_head != token:
            kids[its_head].append(token)
    sentence = [0] * len(words)
    for number, (first, last) in enumerate(doc.sentences):
        sentence[first:last] = [number] * (last - first)
    # A line break belongs to the paragraph that it ends.
    ends = accumulate(("\n" in word or "\r" in word for word in words), initial=0)
    paragraph = list(islice(ends, len(words)))
    furniture, headline = [False] * len(words), [False] * len(words)
    for block in parsed.blocks:
        if block.kind is not BlockKind.BODY:
            first, last = bisect_left(start, block.start), bisect_left(start, block.end)
            marked = furniture if block.kind in (BlockKind.FURNITURE, BlockKind.BYLINE) else headline
            marked[first:last] = [True] * (last - first)
    return Tree(
        parsed=parsed,
        words=words,
        lower=[word.replace("’", "'") for word in doc.lower],
        lemma=[_LEMMAS.get(low) or lemma.lower() for low, lemma in zip(doc.lower, doc.lemmas, strict=True)],
        tag=doc.tags,
        dep=doc.deps,
        head=head,
        start=start,
        end=[at + len(word) for at, word in zip(start, words, strict=True)],
        left=doc.left,
        right=[last + 1 for last in doc.right],
        kids=kids,
        sentence=sentence,
        sentences=doc.sentences,
        paragraph=paragraph,
        is_furniture=furniture,
        is_headline=headline,
        entity=doc.entities,
        quote=[-1] * len(words),
    )
