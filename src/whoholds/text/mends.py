"""Mends of one error that the parser makes over and over in news prose.

The columns of a parse enter and are changed in place. "Troops retook A, B and C, the ministry said": the
parser gives the long object to the verb of saying, as a second subject, and the towns become the speaker.
"""

from __future__ import annotations

from collections.abc import Sequence

__all__ = ["mend_lost_objects"]


def mend_lost_objects(words: Sequence[str], tags: Sequence[str], deps: list[str], heads: list[int]) -> None:
    """Give the first of two subjects of a verb back to the clause before it. Linear in the number of tokens.

    A verb with two subjects before it and a clause before both: the nearer one is the subject, the other is
    the object of that clause, or where a comma parts them, stands beside its last noun. So too where the
    nearer one was taken for the last member of the other's list.
    """
    subjects: dict[int, list[int]] = {}
    clauses: dict[int, int] = {}
    for token, head in enumerate(heads):
        if token < head:
            if deps[token] == "nsubj":
                subjects.setdefault(head, []).append(token)
            elif deps[token] == "ccomp" and tags[token].startswith("VB"):
                clauses[head] = token
    for verb, found in subjects.items():
        if verb not in clauses or clauses[verb] > found[0]:
            continue
        if len(found) > 1:
            lost = found[-2]
        else:
            lost = found[0]
            teller = _last_noun(verb, lost, deps, heads)
            if teller is None or words[_left_edge(teller, lost, heads) - 1] != ",":
                continue
            if _left_edge(lost, clauses[verb], heads) != clauses[verb] + 1:
                continue
            heads[teller], deps[teller] = verb, "nsubj"
        clause = clauses[verb]
        first = _left_edge(lost, clause, heads)
        if first == clause + 1 and not _has_object(clause, deps, heads, lost):
            heads[lost], deps[lost] = clause, "dobj"
        elif words[first - 1] == "," and first - 2 > clause and tags[first - 2].startswith("NN"):
            heads[lost], deps[lost] = first - 2, "appos"


def _last_noun(verb: int, subject: int, deps: Sequence[str], heads: Sequence[int]) -> int | None:
    """The last member of a subject's list, right before its verb ("A, B, the ministry said"); or None."""
    token = verb - 1
    while token > subject:
        if deps[token] in ("conj", "appos"):
            return token
        if heads[token] >= token:
            return None
        token = heads[token]
    return None


def _left_edge(token: int, lowest: int, heads: Sequence[int]) -> int:
    """The first token that hangs on one, sought after `lowest`."""
    first = token
    for candidate in range(token - 1, lowest, -1):
        if heads[candidate] in range(first, token + 1):
            first = candidate
        elif heads[candidate] != token:
            break
    return first


def _has_object(verb: int, deps: Sequence[str], heads: Sequence[int], end: int) -> bool:
    return any(heads[t] == verb and deps[t] in ("dobj", "nsubjpass") for t in range(max(0, verb - 30), end))
