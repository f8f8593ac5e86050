"""The smallest clause that carries a claim, as a stretch of text.

The head of a clause, the heads of the other claims and the tokens of cues and sources enter; a `Span`
leaves: without complementiser, leading conjunction, cue, speaker, final stop and outer quotation marks.
"""

from __future__ import annotations

from collections.abc import Collection

from whoholds.model import Span
from whoholds.read.events.lexicon import lemma_of
from whoholds.text.tokens import Token

__all__ = ["clause_tokens", "host_of_note", "quote_of", "whole_clause"]

_CLAUSAL = frozenset({"conj", "advcl", "relcl", "ccomp", "parataxis", "acl", "dep"})
_EDGES = " \t\r\n\u00a0\u200b\"'`´“”‘’«»„,;:.!?…–—-•▪*|\u200e\u200f\ufeff"
_LEADERS = frozenset(
    {
        "that",
        "and",
        "but",
        "or",
        "while",
        "as",
        "after",
        "before",
        "when",
        "because",
        "though",
        "although",
        "since",
        "where",
        "which",
        "who",
        "meanwhile",
        "also",
        "however",
        "then",
        "so",
        "whereas",
        "if",
        "whether",
        "moreover",
        "furthermore",
        "additionally",
        "yet",
        "until",
        "once",
    }
)


def clause_tokens(head: Token, other_heads: Collection[int], banned: Collection[int]) -> list[Token]:
    """The tokens of a clause, in order, without the clauses of other claims and without cue and speaker.

    Args:
        head: The clause's head.
        other_heads: Heads of the other claims, which have quotes of their own.
        banned: Tokens of cues and sources.
    """
    found: list[Token] = [head]
    stack = [head]
    while stack:
        current = stack.pop()
        for child in current.children:
            if child.i in banned:
                continue
            if child.i in other_heads and child.dep_ in _CLAUSAL:
                continue
            if (
                child.i in other_heads
                and current.i == head.i
                and child.dep_ not in ("nsubj", "nsubjpass", "dobj", "attr", "prep")
            ):
                continue
            if current.i == head.i and _is_loose(child, head):
                continue
            found.append(child)
            stack.append(child)
    subject = _raised_subject(head, banned)
    if subject is not None:
        found += [t for t in subject.subtree if t.i not in banned and t.i not in other_heads]
    found.sort(key=lambda t: t.i)
    return found


def _raised_subject(head: Token, cues: Collection[int]) -> Token | None:
    """The subject of an infinitive that a passive cue has taken: "900 men are said to have left"."""
    cue = head.head
    if head.dep_ != "xcomp" or cue.i not in cues or not any(c.lower_ == "to" for c in head.children):
        return None
    return next((c for c in cue.children if c.dep_ == "nsubjpass" and c.i < cue.i), None)


def whole_clause(head: Token) -> list[Token]:
    """A clause with all that hangs on it, save clauses beside it with subjects of their own."""
    found: list[Token] = [head]
    stack = [head]
    while stack:
        for child in stack.pop().children:
            # A clause before a semicolon hangs on the later one as if that told of it.
            is_beside = child.dep_ == "conj" or (child.dep_ == "ccomp" and child.i < child.head.i)
            own = is_beside and any(c.dep_ in ("nsubj", "nsubjpass") for c in child.children)
            if not own and child.dep_ != "parataxis":
                found.append(child)
                stack.append(child)
    return sorted(found, key=lambda t: t.i)


def _is_loose(child: Token, head: Token) -> bool:
    """A clause that only hangs on this one: a coordinated clause, a participle after a comma."""
    if child.dep_ == "conj" and child.pos_ in ("VERB", "AUX") and child.i > head.i:
        return head.pos_ in ("VERB", "AUX")
    if (
        child.dep_ == "advcl"
        and child.i > head.i
        and child.tag_ in ("VBG", "VBD", "VBZ", "VBP")
        and _comma_before(child)
    ):
        # "amounting to 1,100 km2" says the same thing once more in another measure.
        return lemma_of(child) not in ("amount", "total", "equal", "include")
    if child.dep_ == "advcl" and child.i > head.i and child.tag_ in ("VBD", "VBZ", "VBP"):
        return True
    return child.dep_ == "parataxis"


def _comma_before(verb: Token) -> bool:
    first = verb.left_edge.i
    return first > 0 and verb.doc[first - 1].text == ","


def _is_leader(token: Token) -> bool:
    if token.is_punct or token.is_space or token.dep_ in ("cc", "mark"):
        return True
    # "after" before a noun belongs to the clause ("After heavy losses the army …").
    return token.lower_ in _LEADERS and token.dep_ != "prep"


def quote_of(text: str, tokens: list[Token], trigger: Token) -> Span | None:
    """The span of a clause's tokens, trimmed.

    Args:
        text: The report's text.
        tokens: What `clause_tokens` gave.
        trigger: The predicate: it is always inside.
    """
    while tokens and tokens[0].i < trigger.i and _is_leader(tokens[0]):
        tokens = tokens[1:]
    while (
        tokens
        and tokens[-1].i > trigger.i
        and (tokens[-1].is_punct or tokens[-1].is_space or tokens[-1].dep_ == "cc")
    ):
        if tokens[-1].text in ("%", ")"):
            break
        tokens = tokens[:-1]
    if not tokens:
        return None
    start, end = tokens[0].idx, tokens[-1].idx + len(tokens[-1].text)
    while start < end and text[start] in _EDGES:
        start += 1
    while end > start and text[end - 1] in _EDGES:
        end -= 1
    return Span.of(text, start, end) if end > start else None


def host_of_note(head: Token) -> Token | None:
    """The noun that a participle hangs on in a note without a verb, or None."""
    host = head.head
    if head.dep_ != "acl" or head.tag_ not in ("VBN", "VBG") or host.pos_ not in ("NOUN", "PROPN"):
        return None
    if any(t.text == "," for t in head.doc[host.i : head.i]):
        return None
    up = host
    for _ in range(6):
        if up.head == up:
            return host if up.pos_ in ("NOUN", "PROPN") else None
        if up.dep_ not in ("appos", "dep", "conj"):
            return None
        up = up.head
    return None
