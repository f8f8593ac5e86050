"""Who passes on another's words: media that were told, that are quoted, or that quote somebody in turn.

The token of a cue and the tokens of its source enter; the names of those before the source in a chain
("told state radio", "quoted by the agency N") and of those behind it ("citing an officer") leave.
"""

from __future__ import annotations

import re
import tomllib
from collections.abc import Iterable, Iterator
from functools import lru_cache
from importlib.resources import files

from whoholds.read.events.lexicon import lemma_of
from whoholds.text.tokens import Doc, Span, Token

__all__ = ["find_cited", "find_relayer", "is_publisher", "words_of"]

_ARTICLES = frozenset({"the", "a", "an"})
_OWN = frozenset({"this", "our", "us", "me", "my"})
_QUOTING = frozenset({"quote", "cite"})
_HEARING = frozenset({"tell", "inform", "brief", "speak"})
_REACH = 40
"""Tokens around a cue in which its relayers stand."""


@lru_cache(maxsize=1)
def _media() -> dict[str, frozenset[str]]:
    table = tomllib.loads((files("whoholds.read.claims") / "data" / "media.toml").read_text("utf-8"))
    return {name: frozenset(words) for name, words in table.items()}


def words_of(name: str) -> tuple[str, ...]:
    """The words of a name in lower case, without articles."""
    return tuple(w for w in re.findall(r"[^\W_]+", name.lower()) if w not in _ARTICLES)


def is_publisher(name: str, publisher: tuple[str, ...]) -> bool:
    """Whether a name is the publisher's: its words in a row, or all of it but what names the press office.

    Args:
        name: A source's name.
        publisher: `words_of` the publisher.
    """
    words = words_of(name)
    if not words or len(words) > len(publisher):
        return False
    if len(words) == 1 < len(publisher) and words[0] == "".join(w[0] for w in publisher):
        return True
    places = [i for i in range(len(publisher) - len(words) + 1) if publisher[i : i + len(words)] == words]
    if not places:
        return False
    rest = {w for n, w in enumerate(publisher) if not places[0] <= n < places[0] + len(words)}
    if rest <= _media()["press_offices"]:
        return True
    # "The General Command" of a land's General Command; "the committee" of a named one. A bare proper name
    # may be a town's, and "the army" of a publisher so called is any army.
    return words[-1] in _media()["offices"] and (len(words) > 1 or not name[:1].isupper())


def find_relayer(
    doc: Doc, cue: int | None, source: tuple[int, int] | None, publisher: tuple[str, ...]
) -> str | None:
    """The medium that a source told, or that quotes it, or None.

    Args:
        doc: The parse.
        cue: The cue's head.
        source: First and one past last token of the source.
        publisher: `words_of` the publisher, which relays nothing to itself.
    """
    for token in _around(doc, cue, source):
        if lemma_of(token) in _QUOTING and token.tag_ == "VBN":
            agents = (c for c in token.children if c.dep_ in ("agent", "prep") and c.lower_ == "by")
            name = next((_name(n) for by in agents for n in by.children if n.dep_ == "pobj"), None)
            if name is not None and not is_publisher(name, publisher):
                return name
    for token in _around(doc, None, source):
        if lemma_of(token) == "speak" and token.tag_ == "VBG":
            for by in (c for c in token.children if c.dep_ == "prep" and c.lower_ in ("to", "on", "with")):
                name = next((_medium(c) for c in by.children if c.dep_ == "pobj"), None)
                if name is not None and not is_publisher(name, publisher):
                    return name
    if cue is None:
        return None
    for noun in _hearers(doc[cue]):
        name = _medium(noun)
        if name is not None and not is_publisher(name, publisher):
            return name
    return None


def find_cited(doc: Doc, cue: int | None, source: tuple[int, int] | None) -> str | None:
    """Whom a source quotes in turn ("the agency, citing an officer, said"), or None."""
    for token in _around(doc, cue, source):
        if lemma_of(token) not in _QUOTING or token.tag_ == "VBN" or token.dep_ == "prep":
            continue
        if any(c.dep_ == "nsubj" and c.lower_ == "who" for c in token.children):
            continue
        said = next((c for c in token.children if c.dep_ == "dobj"), None)
        if said is not None and not any(t.like_num for t in said.children):
            return _name(said)
    return None


def _around(doc: Doc, cue: int | None, source: tuple[int, int] | None) -> Iterator[Token]:
    """The verbs hung on a source or beside its cue."""
    if source is not None:
        first, last = source
        for token in doc[first:last]:
            for child in token.children:
                if child.dep_ in ("acl", "relcl", "advcl"):
                    yield child
    if cue is not None:
        for child in doc[cue].children:
            if child.dep_ in ("acl", "advcl", "prep"):
                yield child


def _hearers(cue: Token) -> Iterator[Token]:
    """Nouns of who was told, and of the interview in which it was said."""
    for child in cue.children:
        if child.dep_ in ("dobj", "dative") and lemma_of(cue) in _HEARING:
            yield child
        if child.dep_ == "prep" and child.lower_ in ("in", "during"):
            for talk in child.children:
                if lemma_of(talk) in _media()["talks"]:
                    yield from _partners(talk)
    for child in cue.children:
        if child.dep_ == "dobj":
            # The parse may hang "in an interview with" on the noun before it.
            for talk in child.subtree:
                if lemma_of(talk) in _media()["talks"] and talk.head.lower_ in ("in", "during"):
                    yield from _partners(talk)


def _partners(talk: Token) -> Iterator[Token]:
    for child in talk.children:
        if child.dep_ == "prep" and child.lower_ in ("with", "to", "on"):
            yield from (c for c in child.children if c.dep_ == "pobj")


def _medium(noun: Token) -> str | None:
    """The name of a medium, or None where the noun is none, or the publisher's own ("this station")."""
    words = list(_phrase(noun))
    if any(w.lower_ in _OWN for w in words):
        return None
    is_medium = any(w.lower_ in _media()["media"] for w in words)
    is_talk = noun.head.dep_ == "prep" and lemma_of(noun.head.head) in _media()["talks"]
    named = [t for t in words if t.pos_ == "PROPN"]
    if named and (is_medium or is_talk):
        return _joined(noun.doc[named[0].i : named[-1].i + 1])
    return _joined(words) if is_medium and len(words) > 1 else None


def _name(noun: Token) -> str | None:
    """What somebody is called, without article and clauses."""
    return _joined(_phrase(noun)) or None


def _phrase(noun: Token) -> Span:
    """A noun with what stands before it and what is joined to it, without clauses."""
    last = noun.i + 1
    for child in noun.children:
        if child.i > noun.i and child.dep_ in ("relcl", "acl", "advcl", "conj", "cc", "punct"):
            if child.text != "-":
                break
        elif child.i > noun.i:
            last = child.right_edge.i + 1
    return noun.doc[max(noun.left_edge.i, noun.i - _REACH) : min(last, noun.i + _REACH)]


def _joined(words: Iterable[Token]) -> str:
    listed = list(words)
    while listed and (listed[0].lower_ in _ARTICLES or listed[0].is_punct or listed[0].is_space):
        listed = listed[1:]
    if not listed:
        return ""
    return listed[0].doc[listed[0].i : listed[-1].i + 1].text.strip()
