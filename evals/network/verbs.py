"""Sentences of the world's news whose verbs have the places where it happened: event_location.

Halterman, "Geolocating political events in text", NLP+CSS 2019 (MIT licence, © 2019 Andy Halterman), in
the form of `reports.jsonl` and `gold.jsonl` with one claim a verb. Nothing of it is in the repository. The
network learns from it where things happen, and nothing else; every sixth report is left out, and judges.
"""

from __future__ import annotations

from pathlib import Path

import numpy as np
from evals.network.cases import Case, Text, locate, read_lines, wrap

from whoholds.read.network.pieces import cut_text
from whoholds.text.parse import parse_many
from whoholds.text.tokens import Token

__all__ = ["read_verbs"]

LEFT_OUT = 6
"""Every so manyeth report is not learned from."""
_NEGLECTED = frozenset({"Masdar_RA"})
"""Sources whose verbs were given places in one case of eight, the sentences' own "in Homs" left out:
what they have is right, what they have not means nothing."""
_OWN_CLAUSE = frozenset({"advcl", "ccomp", "conj", "csubj", "parataxis", "relcl", "acl", "dep"})


def read_verbs(folder: Path, *, are_left_out: bool = False) -> list[Text]:
    """The sentences with their verbs' places; those left out, or the others."""
    rows = read_lines(folder / "reports.jsonl")
    gold = {row["id"]: row["claims"] for row in read_lines(folder / "gold.jsonl")}
    rows = [row for n, row in enumerate(rows) if (n % LEFT_OUT == 0) == are_left_out]
    found = []
    for row, parsed in zip(rows, parse_many([r["text"] for r in rows], has_headline=False), strict=True):
        pieces, cases = cut_text(row["text"]), []
        for claim in gold[row["id"]]:
            quote = claim["quote"]
            if not claim["places"] and claim.get("source") in _NEGLECTED:
                continue
            span = parsed.doc.char_span(quote["start"], quote["end"], alignment_mode="expand")
            if span is None:
                continue
            words = _clause_of(span.root)
            first, last = min(t.idx for t in words), max(t.idx + len(t.text) for t in words)
            case = locate(pieces, first, last, span.root.idx, {})
            flags = np.zeros(len(pieces.numbers) + 2, dtype=np.bool_)
            for place in claim["places"]:
                hits = (pieces.starts < place["end"]) & (pieces.ends > place["start"])
                flags[np.flatnonzero(hits) + 1] = True
            if case is not None and case.last <= len(flags) - 1:
                cases.append(Case(case.first, case.last, case.head, {}, {"place": flags}))
        if cases:
            found.append(Text("verbs", wrap(pieces), tuple(cases), (), is_whole=False))
    return found


def _clause_of(verb: Token) -> list[Token]:
    """A verb's words without the clauses that hang on it, as the reader cuts them."""
    found, waiting = [], [verb]
    while waiting:
        token = waiting.pop()
        found.append(token)
        waiting += [
            c
            for c in token.children
            if not (c.dep_ in _OWN_CLAUSE and c.pos_ in ("VERB", "AUX")) and c.dep_ != "punct"
        ]
    return found
