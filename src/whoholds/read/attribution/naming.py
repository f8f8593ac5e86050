"""Names, titles and hints of side for all sources of a text, in text order.

In: a tree and its drafts. Out: one `Named` a draft.
"""

from __future__ import annotations

from dataclasses import dataclass

from whoholds.read.attribution.draft import Draft
from whoholds.read.attribution.sources import Namer, head_of
from whoholds.read.attribution.tree import NOUN_TAGS, Tree

__all__ = ["Named", "name_sources"]


@dataclass(frozen=True, slots=True)
class Named:
    """What is known of a source.

    Attributes:
        name: Name, or None where the source is missing or a pronoun stays open.
        side_hint: Words that tell a side, in the text's words, or None.
        role: Title or common noun, or None.
    """

    name: str | None = None
    side_hint: str | None = None
    role: str | None = None


def name_sources(tree: Tree, drafts: list[Draft]) -> list[Named]:
    """Name the source of each draft."""
    namer = Namer(tree, [d.source for d in drafts if d.source is not None])
    hints: dict[str, tuple[str | None, str | None]] = {}
    found: list[Named] = [Named()] * len(drafts)
    order = sorted(
        (head_of(tree, d.source), number) for number, d in enumerate(drafts) if d.source is not None
    )
    for _, number in order:
        span = drafts[number].source
        assert span is not None
        name, mention = namer.name(span)
        side, role = _hints(tree, span)
        if mention is not None:
            at = mention.head
            more_side, more_role = _hints(tree, (tree.left[at], min(tree.right[at], at + 20)))
            side, role = side or more_side, role or more_role
        if name is not None:
            known_side, known_role = hints.get(name, (None, None))
            side, role = side or known_side, role or known_role
            hints[name] = (side, role)
        found[number] = Named(name, side, role)
    return found


def _hints(tree: Tree, span: tuple[int, int]) -> tuple[str | None, str | None]:
    """Words of side and role inside a noun phrase, its apposition included."""
    first, last = span
    head = head_of(tree, span)
    side = role = None
    for token in range(first, last):
        if side is None:
            side = _side_at(tree, token, last)
    words = [
        head,
        *(k for k in tree.kids[head] if first <= k < last and tree.dep[k] in ("appos", "compound", "nmod")),
    ]
    for token in words:
        if tree.tag[token] in ("NN", "NNS"):
            start = token
            while (
                start > first
                and tree.words[start - 2] != "-"
                and tree.dep[start - 1] in ("amod", "compound")
                and tree.tag[start - 1] in ("NN", "NNS", "JJ", "JJS", "VBN", "VBG")
                and tree.head[start - 1] == token
            ):
                if tree.entity[start - 1] in ("NORP", "GPE", "PERSON", "ORG"):
                    break
                start -= 1
            role = tree.text_of((start, token + 1))
            break
    if role is None:
        titles = [
            t
            for t in range(first, last)
            if tree.head[t] == head
            and tree.dep[t] == "compound"
            and tree.entity[t] == ""
            and tree.tag[t] in NOUN_TAGS
        ]
        if titles:
            role = tree.text_of((titles[0], titles[-1] + 1))
    return side, role


_LEANING = frozenset({"pro", "anti"})
_LED = frozenset({"backed", "aligned", "controlled", "led", "installed", "run", "appointed", "allied"})


def _side_at(tree: Tree, token: int, last: int) -> str | None:
    """A word of side that begins at a token: "Ukrainian", "Russia", "pro-Russian", "Rwanda-backed"."""
    word = tree.words[token]
    if tree.lower[token] in _LEANING and token + 2 < last and tree.words[token + 1] == "-":
        return tree.text_of((token, token + 3))
    if tree.lower[token].startswith(("pro-", "anti-")):
        return word
    if not word[:1].isupper():
        return None
    if token + 2 < last and tree.words[token + 1] == "-" and tree.lower[token + 2] in _LED:
        return tree.text_of((token, token + 3))
    if tree.entity[token] not in ("NORP", "GPE"):
        return None
    end = token + 1
    while end < last and tree.entity[end] == tree.entity[token] and tree.tag[end] in ("NNP", "NNPS"):
        end += 1
    return tree.text_of((token, end))
